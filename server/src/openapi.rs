//! The published interface, written from the handlers themselves. `schema/openapi.json` is this, and a test holds the
//! two together.

use std::{collections::HashMap, sync::OnceLock};

use actix_web::{dev::ResourceDef, http::Method};
use utoipa::{
    Modify, OpenApi,
    openapi::{
        OpenApi as Document, RefOr,
        path::{Operation, Parameter, ParameterIn},
        security::{Http, HttpAuthScheme, SecurityScheme},
    },
};
use utoipa_actix_web::AppExt;

use crate::{error::Problem, routes};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Tsumugi",
        description = "One patient's story, shared by everyone who looks after them. Times are RFC 3339 in UTC, dates are \
                       dates, identifiers are UUIDs chosen by the client (version 7). Errors are problem details with a \
                       stable `code`. Lists are `{items, next}`; give `next` as `cursor` for the next page. Every POST \
                       and PUT takes an `Idempotency-Key`. /v1 only grows.",
        license(name = "Apache-2.0"),
    ),
    components(schemas(Problem)),
    security(("token" = [])),
    modifiers(&Token),
)]
struct Interface;

struct Token;

impl Modify for Token {
    fn modify(&self, document: &mut Document) {
        let scheme = SecurityScheme::Http(
            Http::builder()
                .scheme(HttpAuthScheme::Bearer)
                .bearer_format("JWT")
                .build(),
        );
        document
            .components
            .get_or_insert_default()
            .add_security_scheme("token", scheme);
    }
}

/// The document.
pub fn document() -> Document {
    let (_, mut document) = actix_web::App::new()
        .into_utoipa_app()
        .openapi(Interface::openapi())
        .configure(routes::configure)
        .split_for_parts();
    for item in document.paths.paths.values_mut() {
        for operation in [
            &mut item.get,
            &mut item.post,
            &mut item.put,
            &mut item.delete,
            &mut item.patch,
            &mut item.head,
        ] {
            let parameters = operation
                .iter_mut()
                .filter_map(|found| found.parameters.as_mut());
            for parameter in parameters.flatten() {
                if let RefOr::T(parameter) = parameter {
                    describe(parameter);
                }
            }
        }
    }
    document
}

/// What an id in an address names. Said here once instead of beside every handler.
fn describe(parameter: &mut Parameter) {
    let meaning = match parameter.name.as_str() {
        "patient_id" => "The patient",
        "event_id" => "The entry of the access log",
        "appointment_id" => "The appointment",
        "ask_id" => "What somebody was asked",
        "attachment_id" => "The attached file",
        "access_override_id" => "What was taken away",
        "account_id" => "The account",
        "device_id" => "The device",
        "emergency_access_id" => "The emergency access",
        "passkey_id" => "The passkey",
        "session_id" => "The session",
        "substitution_id" => "The substitution",
        "post_id" => "The post",
        "document_id" => "The document",
        "consent_id" => "The consent",
        "room_id" => "The room",
        "membership_id" => "The membership of a room, by name",
        "rule_id" => "The rule of a room",
        "message_id" => "The message",
        "announcement_id" => "The announcement",
        "invitation_id" => "The invitation",
        "evidence_id" => "The file that shows a consent",
        "month" => "A month in Japan, such as `2026-11`",
        "card_id" => "The registration card",
        "care_team_member_id" => "The membership of the care team",
        "staff_member_id" => "The post of a person (職員)",
        "licence_id" => "The licence",
        "legal_hold_id" => "The legal hold",
        "export_id" => "The copy of the record",
        "facility_id" => "The facility",
        "fact_id" => "The fact",
        "feed_id" => "The calendar feed",
        "finding_id" => "The finding",
        "justification_request_id" => "The question to the person concerned",
        "link" => "The secret of a link, good for some minutes",
        "notice_id" => "The notice",
        "post_template_id" => "The template",
        "push_subscription_id" => "The browser that is told",
        "token" => "The secret of the address",
        "watched_patient_id" => "The watched patient",
        "withholding_id" => "What is withheld",
        "relative_id" => "The relation of somebody to a patient",
        "witness_id" => "The witness",
        "witnessed_log_id" => "The log of somebody else",
        "network" => "Short name of the network",
        "origin_hash" => "SHA-256 of the log's origin, in lower-case hexadecimal",
        _ => return,
    };
    if parameter.parameter_in == ParameterIn::Path {
        parameter
            .description
            .get_or_insert_with(|| meaning.to_owned());
    }
}

/// The document as text, as it is committed.
pub fn text() -> Result<String, serde_json::Error> {
    let mut text = document().to_pretty_json()?;
    text.push('\n');
    Ok(text)
}

/// Every operation: method, path, and what is said of it.
pub fn operations(document: &Document) -> Vec<(Method, String, &Operation)> {
    let mut found = Vec::new();
    for (path, item) in &document.paths.paths {
        let all = [
            (Method::GET, &item.get),
            (Method::POST, &item.post),
            (Method::PUT, &item.put),
            (Method::DELETE, &item.delete),
            (Method::PATCH, &item.patch),
            (Method::HEAD, &item.head),
            (Method::OPTIONS, &item.options),
        ];
        for (method, operation) in all {
            if let Some(operation) = operation {
                found.push((method, path.clone(), operation));
            }
        }
    }
    found
}

/// Every address with its methods.
pub fn addresses(document: &Document) -> Vec<(ResourceDef, Vec<Method>)> {
    let mut found: Vec<(String, Vec<Method>)> = Vec::new();
    for (method, path, _) in operations(document) {
        match found.last_mut() {
            Some((last, methods)) if *last == path => methods.push(method),
            _ => found.push((path, vec![method])),
        }
    }
    found
        .into_iter()
        .map(|(path, methods)| (ResourceDef::new(path.as_str()), methods))
        .collect()
}

/// The operation with this method and address, as it is published.
pub fn operation_at(method: &Method, address: &str) -> Option<&'static str> {
    type Known = HashMap<String, Vec<(Method, String)>>;
    static KNOWN: OnceLock<Known> = OnceLock::new();
    let known = KNOWN.get_or_init(|| {
        let document = document();
        let mut known = Known::new();
        for (method, address, operation) in operations(&document) {
            let id = operation.operation_id.clone().unwrap_or_default();
            known.entry(address).or_default().push((method, id));
        }
        known
    });
    let found = known.get(address)?.iter().find(|(of, _)| of == method)?;
    Some(&found.1)
}
