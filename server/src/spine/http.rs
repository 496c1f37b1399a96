//! What is done around every request: its number, limits on what a fault may do, the log line, the measurements, the
//! headers, and the last word on the form of an error.

use std::{
    panic::AssertUnwindSafe,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, Ordering},
    },
    time::Instant,
};

use actix_web::{
    HttpMessage, HttpRequest, HttpResponse, ResponseError as _,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::header::{self, HeaderName, HeaderValue},
    middleware::Next,
    web::Data,
};
use chrono::{DateTime, Utc};
use futures_util::FutureExt;
use uuid::Uuid;

use super::{
    auth::{proof::Proof, token::Caller},
    ids,
};
use crate::{Error, app::App, ctx::Door, error::Problem, openapi};

/// What is known of a request before anybody looks into it.
#[derive(Debug, Clone)]
pub struct RequestInfo {
    /// Number of the request, the caller's or ours.
    pub id: String,
    /// Address that it came from.
    pub ip: Option<String>,
    /// `Idempotency-Key`, when there is one.
    pub idempotency_key: Option<String>,
    /// `If-Match`: absent, present and unreadable, or a version.
    pub if_match: Option<Option<i32>>,
    /// What the caller calls itself (`User-Agent`), shortened; for the list of one's sessions.
    pub user_agent: String,
    /// For what purpose of use (`Tsumugi-Purpose`), as the caller says.
    pub purpose: Option<String>,
    /// The secret of a registered device, from its cookie or from `Tsumugi-Device`.
    pub device_token: Option<String>,
    /// Whether nobody need sit before it: `Tsumugi-Unattended: true`, renewals and event streams. Such requests do not
    /// keep a session from ending by inactivity (SE-01).
    pub unattended: bool,
    /// Until when the access token of the request is good, once it has been read.
    pub token_expires_at: Option<DateTime<Utc>>,
    /// The proof that the caller holds the key of its token, once it has been read.
    pub proof: Option<Proof>,
    /// The published operation, once the request has been routed to one.
    pub operation: Option<&'static str>,
    /// The patient in its address.
    pub patient_id: Option<Uuid>,
    /// Whether there is an `Idempotency-Key` that is none.
    pub has_bad_key: bool,
    /// What is known for the access log; the same for all copies of this.
    pub trail: Arc<Trail>,
    line: String,
}

/// What is known of a request for the access log, in case that nothing was recorded of it by the time it is answered.
#[derive(Debug, Default)]
pub struct Trail {
    /// Whoever the access token speaks for, if it is good.
    pub caller: OnceLock<Caller>,
    /// The network that it turned out to be about.
    pub network: OnceLock<Uuid>,
    recorded: AtomicBool,
}

impl Trail {
    /// Notes that an entry was committed.
    pub fn note_recorded(&self) {
        self.recorded.store(true, Ordering::Relaxed);
    }

    /// Notes the network, unless it is none.
    pub fn note_network(&self, tenant_id: Uuid) {
        if !tenant_id.is_nil() {
            self.network.get_or_init(|| tenant_id);
        }
    }

    fn is_recorded(&self) -> bool {
        self.recorded.load(Ordering::Relaxed)
    }
}

/// With which code an answer refuses that is no [`Error`]: put into its extensions.
#[derive(Debug, Clone, Copy)]
pub struct RefusedAs(pub &'static str);

/// For what purpose of use a person asks.
pub const PURPOSE: HeaderName = HeaderName::from_static("tsumugi-purpose");
/// The secret of a registered device, for programs.
pub const DEVICE: HeaderName = HeaderName::from_static("tsumugi-device");
/// The same for browsers.
pub const DEVICE_COOKIE: &str = "tsumugi_device";
/// Says that a request is the app's own, such as a look for news, and not of somebody who sits before it.
pub const UNATTENDED: HeaderName = HeaderName::from_static("tsumugi-unattended");
/// Requests that an app left alone goes on sending, whatever it says of them.
const UNATTENDED_PATHS: [&str; 2] = ["/v1/events", "/v1/sessions/refresh"];
/// What is left to somebody whose password has to be changed: changing it, and leaving.
const WITH_OLD_PASSWORD: [&str; 8] = [
    "GET /v1/me",
    "GET /v1/me/factors",
    "PUT /v1/me/password",
    "POST /v1/sessions/current/step-up-challenge",
    "POST /v1/sessions/current/step-up",
    "POST /v1/sessions/current/lock",
    "POST /v1/sessions/refresh",
    "DELETE /v1/sessions/current",
];
/// Where sessions and factors are kept.
const IN_PERSON: [&str; 2] = ["/v1/sessions", "/v1/me/"];
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

impl RequestInfo {
    /// The same request, for this purpose of use.
    #[must_use]
    pub fn for_purpose(mut self, purpose: Option<String>) -> Self {
        self.purpose = purpose;
        self
    }

    /// A piece of work that no request caused directly.
    pub fn internal(name: &str) -> Self {
        let id = format!("{name}-{}", ids::new_id());
        Self {
            id,
            ip: None,
            idempotency_key: None,
            if_match: None,
            user_agent: String::new(),
            purpose: None,
            device_token: None,
            unattended: true,
            token_expires_at: None,
            proof: None,
            operation: None,
            patient_id: None,
            has_bad_key: false,
            trail: Arc::default(),
            line: String::new(),
        }
    }

    /// The same, with what is known once the request has been routed.
    #[must_use]
    pub(crate) fn routed(mut self, request: &HttpRequest) -> Self {
        let pattern = request.match_pattern();
        self.operation =
            pattern.and_then(|pattern| openapi::operation_at(request.method(), &pattern));
        let patient = request.match_info().get("patient_id");
        self.patient_id = patient.and_then(|id| id.parse().ok());
        self
    }

    fn of(request: &HttpRequest) -> Self {
        let text = |name: HeaderName| {
            request
                .headers()
                .get(name)
                .and_then(|value| value.to_str().ok())
        };
        let id = text(REQUEST_ID)
            .filter(|id| is_plain(id, 64))
            .map(str::to_owned);
        let key = text(HeaderName::from_static("idempotency-key"));
        let if_match = text(header::IF_MATCH);
        Self {
            id: id.unwrap_or_else(|| ids::new_id().to_string()),
            ip: request.peer_addr().map(|peer| peer.ip().to_string()),
            has_bad_key: request.headers().contains_key("idempotency-key")
                && key.is_none_or(|key| !is_plain(key, 100)),
            idempotency_key: key.filter(|key| is_plain(key, 100)).map(str::to_owned),
            user_agent: text(header::USER_AGENT)
                .unwrap_or_default()
                .chars()
                .take(200)
                .collect(),
            purpose: text(PURPOSE).map(str::to_owned),
            device_token: text(DEVICE).map(str::to_owned).or_else(|| {
                let cookie = request.cookie(DEVICE_COOKIE)?;
                Some(cookie.value().to_owned())
            }),
            unattended: UNATTENDED_PATHS.contains(&request.path())
                || text(UNATTENDED) == Some("true"),
            token_expires_at: None,
            proof: None,
            operation: None,
            patient_id: None,
            trail: Arc::default(),
            if_match: if_match.map(|tag| tag.trim_matches('"').parse().ok()),
            line: format!(
                "{} {} {}",
                request.method(),
                request.path(),
                if_match.unwrap_or("")
            ),
        }
    }

    /// Refuses an `Idempotency-Key` that is none.
    pub fn check_key(&self) -> Result<(), Error> {
        if self.has_bad_key {
            let message = "1 to 100 visible ASCII characters";
            return Err(Error::invalid("Idempotency-Key", "not_allowed", message));
        }
        Ok(())
    }

    /// Whether the request is open to somebody whose password has to be changed.
    pub fn is_open_with_old_password(&self) -> bool {
        WITH_OLD_PASSWORD.iter().any(|open| {
            let rest = self.line.strip_prefix(open);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
        })
    }

    /// Whether the request is about the caller's own session or factors, which nobody's program does in their place.
    pub fn is_in_person(&self) -> bool {
        let path = self.line.split(' ').nth(1).unwrap_or_default();
        IN_PERSON.iter().any(|start| path.starts_with(start))
    }

    /// What an `Idempotency-Key` stands for: method, path, `If-Match` and body.
    pub fn fingerprint(&self, body_digest: &[u8]) -> Vec<u8> {
        ids::digest(&[self.line.as_bytes(), body_digest].concat()).to_vec()
    }
}

/// Visible ASCII, not empty, not longer than `longest`: safe in a log line and a header.
fn is_plain(text: &str, longest: usize) -> bool {
    !text.is_empty() && text.len() <= longest && text.bytes().all(|b| b.is_ascii_graphic())
}

/// The one layer around everything.
pub async fn around(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let started = Instant::now();
    let info = RequestInfo::of(request.request());
    let (method, path) = (request.method().clone(), request.path().to_owned());
    let secure = request.app_config().secure();
    request.extensions_mut().insert(info.clone());
    // Routing needs the request for itself: nothing may hold a copy of it here.
    let Ok(outcome) = AssertUnwindSafe(next.call(request)).catch_unwind().await else {
        let error = Error::internal("a handler panicked");
        report(&error, &info.id);
        return Err(error.into());
    };
    let mut response = outcome?.map_into_boxed_body();
    if let Some(error) = record_refusal(&response, &info).await {
        response = response.into_response(HttpResponse::from_error(error));
    }

    let fhir = path.starts_with("/fhir/");
    if let Some(error) = response.response().error() {
        let faithful = error.as_error::<Error>().map(|error| {
            report(error, &info.id);
            render(error, &info.id, fhir)
        });
        if let Some(rendered) = faithful {
            let headers = response.headers().clone();
            response = response.into_response(rendered);
            for name in [header::WWW_AUTHENTICATE, header::RETRY_AFTER, header::ALLOW] {
                if let Some(value) = headers.get(&name) {
                    response.headers_mut().insert(name, value.clone());
                }
            }
        }
    }
    dress(&mut response, &info.id, &path, secure);
    measure(
        response.request(),
        &method,
        response.status().as_u16(),
        started,
        &info.id,
    );
    Ok(response)
}

/// Records a refusal of which nothing was recorded yet: for its form, or for what it found. Answers with what the caller
/// is to hear instead, when it cannot be recorded.
async fn record_refusal(response: &ServiceResponse<BoxBody>, info: &RequestInfo) -> Option<Error> {
    if !response.status().is_client_error() || info.trail.is_recorded() {
        return None;
    }
    let request = response.request();
    let app = request.app_data::<Data<App>>()?;
    let info = info.clone().routed(request);
    let error = response.response().error();
    let code = match error.and_then(|error| error.as_error::<Error>()) {
        Some(error) => error.code(),
        None => response.response().extensions().get::<RefusedAs>()?.0,
    };
    // What is no operation is about nothing that is recorded.
    info.operation?;
    let door = Door {
        app: app.clone(),
        request: info,
    };
    door.record_refused_request(code).await.err()
}

/// Logs the cause of a fault, once, without content.
fn report(error: &Error, request_id: &str) {
    match error {
        Error::Internal(cause) => tracing::error!(request_id, cause = %cause, "internal fault"),
        Error::Unavailable(cause) => tracing::warn!(request_id, cause = %cause, "not available"),
        Error::Unprintable(cause) => tracing::warn!(request_id, cause = %cause, "not printed"),
        _ => {}
    }
}

fn render(error: &Error, request_id: &str, fhir: bool) -> HttpResponse {
    let problem = error.problem();
    let mut answer = HttpResponse::build(error.status_code());
    if fhir {
        answer.content_type("application/fhir+json");
        return match error {
            Error::Bundle(issues) => answer.json(crate::fhir::operation_outcome(issues)),
            _ => answer.json(outcome(&problem, request_id)),
        };
    }
    answer.content_type("application/problem+json");
    match serde_json::to_value(&problem) {
        Ok(serde_json::Value::Object(mut body)) => {
            body.insert("request_id".to_owned(), request_id.into());
            answer.json(body)
        }
        _ => answer.json(problem),
    }
}

/// The same problem as a FHIR `OperationOutcome`.
fn outcome(problem: &Problem, request_id: &str) -> serde_json::Value {
    let kind = match problem.status {
        401 => "login",
        403 => "forbidden",
        404 => "not-found",
        409 => "conflict",
        413 => "too-long",
        415 => "not-supported",
        400 | 422 => "invalid",
        503 => "transient",
        _ => "exception",
    };
    serde_json::json!({
        "resourceType": "OperationOutcome",
        "issue": [{
            "severity": "error",
            "code": kind,
            "details": {
                "coding": [{ "system": crate::fhir::ERROR_SYSTEM, "code": problem.code }],
                "text": problem.detail,
            },
            "diagnostics": format!("request {request_id}"),
        }],
    })
}

fn dress(response: &mut ServiceResponse<BoxBody>, request_id: &str, path: &str, secure: bool) {
    let interface = is_interface(path);
    let is_error = !response.status().is_success() && !response.status().is_redirection();
    let headers = response.headers_mut();
    // What a handler says of its own answer is stricter.
    let own_policy = !is_error && headers.contains_key(header::CONTENT_SECURITY_POLICY);
    let mut set = |name: HeaderName, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    };
    set(REQUEST_ID, request_id);
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::REFERRER_POLICY, "no-referrer");
    set(header::X_FRAME_OPTIONS, "DENY");
    set(
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    );
    set(
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    );
    set(
        HeaderName::from_static("permissions-policy"),
        "geolocation=(), payment=(), usb=()",
    );
    if interface {
        set(header::CACHE_CONTROL, "no-store");
    }
    if (interface || is_error) && !own_policy {
        set(
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; frame-ancestors 'none'",
        );
    }
    if secure {
        set(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
}

/// Whether an address belongs to the interface, not to the web app.
pub fn is_interface(path: &str) -> bool {
    ["/v1/", "/fhir/", "/oauth/"]
        .iter()
        .any(|prefix| path.starts_with(prefix))
}

fn measure(
    request: &HttpRequest,
    method: &actix_web::http::Method,
    status: u16,
    started: Instant,
    id: &str,
) {
    // The pattern, not the path: a path holds ids.
    let route = request
        .match_pattern()
        .unwrap_or_else(|| "other".to_owned());
    let seconds = started.elapsed().as_secs_f64();
    let labels = [
        ("method", method.to_string()),
        ("route", route.clone()),
        ("status", status.to_string()),
    ];
    metrics::counter!("tsumugi_requests_total", &labels).increment(1);
    metrics::histogram!("tsumugi_request_seconds", &labels).record(seconds);
    tracing::info!(request_id = id, method = %method, route, status, ms = seconds * 1000.0, "request");
}
