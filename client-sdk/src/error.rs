//! Everything that can go wrong in a call.

use std::time::Duration;

use bytes::Bytes;
use serde::Deserialize;

use crate::request::Answer;

/// Result of a call.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Everything that can go wrong in a call.
///
/// Decide by [`Error::code`], never by the text: codes are stable, texts are for people.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The server refused the request.
    #[error("{code}: {message} (status {status})")]
    Api {
        /// HTTP status.
        status: u16,
        /// Stable code, such as `not_found`; `http_<status>` when something between answered.
        code: String,
        /// What happened, for people.
        message: String,
        /// The request in the server's log and access log.
        request_id: Option<String>,
        /// What is wrong with which field, for `invalid_input`.
        fields: Vec<FieldError>,
        /// How long the server asks to wait before the next attempt.
        retry_after: Option<Duration>,
    },
    /// A FHIR endpoint refused the request.
    #[error("{code}: {} (status {status})", issues.first().map_or("", |issue| issue.message.as_str()))]
    Outcome {
        /// HTTP status.
        status: u16,
        /// Stable code of the first error, such as `bundle_two_patients`.
        code: String,
        /// Everything the server found, errors before warnings.
        issues: Vec<Issue>,
        /// The request in the server's log and access log.
        request_id: Option<String>,
        /// How long the server asks to wait before the next attempt.
        retry_after: Option<Duration>,
    },
    /// The server could not be reached, or the connection ended before the answer did.
    #[error("{message}")]
    Transport {
        /// What happened, for people.
        message: String,
        /// Whether another attempt may succeed: not so when the server's certificate is wrong.
        temporary: bool,
        /// The cause.
        #[source]
        source: Option<BoxedError>,
    },
    /// The answer is not what this operation answers.
    #[error("the answer to {operation} cannot be read: {message}")]
    Decode {
        /// The operation.
        operation: &'static str,
        /// HTTP status of the answer.
        status: u16,
        /// What is wrong with it.
        message: String,
    },
    /// The client was built or called with something that cannot work.
    #[error("{0}")]
    Configuration(String),
}

/// The cause of an error.
pub type BoxedError = Box<dyn std::error::Error + Send + Sync>;

/// What is wrong with a field of a request.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct FieldError {
    /// The field, such as `vitals.systolic`.
    pub field: String,
    /// Stable code.
    #[serde(default)]
    pub code: String,
    /// What is wrong, for people.
    #[serde(default)]
    pub message: String,
}

/// One finding of a FHIR endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Issue {
    /// Stable code.
    pub code: String,
    /// How bad it is: `fatal`, `error`, `warning` or `information`.
    pub severity: String,
    /// What was found, for people.
    pub message: String,
    /// Anything more, such as the request or the value.
    pub diagnostics: Option<String>,
    /// Where in the Bundle it was found, as FHIRPath.
    pub expression: Vec<String>,
}

impl Issue {
    /// Whether this alone is reason enough to refuse.
    pub fn is_error(&self) -> bool {
        matches!(self.severity.as_str(), "error" | "fatal")
    }
}

impl Error {
    /// HTTP status of a refusal.
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Api { status, .. } | Self::Outcome { status, .. } => Some(*status),
            _ => None,
        }
    }

    /// Stable code of a refusal.
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::Api { code, .. } | Self::Outcome { code, .. } => Some(code),
            _ => None,
        }
    }

    /// The request in the server's log and access log.
    pub fn request_id(&self) -> Option<&str> {
        match self {
            Self::Api { request_id, .. } | Self::Outcome { request_id, .. } => {
                request_id.as_deref()
            }
            _ => None,
        }
    }

    /// What is wrong with which field; empty for other errors.
    pub fn fields(&self) -> &[FieldError] {
        match self {
            Self::Api { fields, .. } => fields,
            _ => &[],
        }
    }

    /// How long the server asks to wait.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Api { retry_after, .. } | Self::Outcome { retry_after, .. } => *retry_after,
            _ => None,
        }
    }

    /// Whether the same request may succeed later: connection errors, 429, 502, 503 and 504.
    pub fn is_temporary(&self) -> bool {
        match self {
            Self::Transport { temporary, .. } => *temporary,
            _ => matches!(self.status(), Some(429 | 502 | 503 | 504)),
        }
    }

    pub(crate) fn transport(message: impl Into<String>) -> Self {
        Self::Transport {
            message: message.into(),
            temporary: true,
            source: None,
        }
    }

    /// The error of an answer that is not a success.
    pub(crate) fn refused(answer: &Answer) -> Self {
        let status = answer.status.as_u16();
        let request_id = answer.header("x-request-id").map(str::to_owned);
        let retry_after = answer.retry_after();
        if let Ok(outcome) = serde_json::from_slice::<OperationOutcome>(&answer.body)
            && outcome.resource_type == "OperationOutcome"
        {
            return outcome.into_error(status, request_id, retry_after);
        }
        if let Ok(problem) = serde_json::from_slice::<Problem>(&answer.body) {
            return problem.into_error(status, request_id, retry_after);
        }
        if let Ok(oauth) = serde_json::from_slice::<OAuthError>(&answer.body) {
            return Self::Api {
                status,
                message: oauth
                    .error_description
                    .unwrap_or_else(|| oauth.error.clone()),
                code: oauth.error,
                request_id,
                fields: Vec::new(),
                retry_after,
            };
        }
        Self::Api {
            status,
            code: format!("http_{status}"),
            message: answer
                .status
                .canonical_reason()
                .unwrap_or("unknown status")
                .to_owned(),
            request_id,
            fields: Vec::new(),
            retry_after,
        }
    }
}

impl From<reqwest::Error> for Error {
    fn from(error: reqwest::Error) -> Self {
        let error = error.without_url();
        if error.is_builder() {
            return Self::Configuration(error.to_string());
        }
        let certificate = certificate_error(&error);
        let message = if let Some(reason) = &certificate {
            format!("the server's certificate is not trusted: {reason}")
        } else if error.is_connect() {
            format!("could not reach the server: {}", root_cause(&error))
        } else if error.is_timeout() {
            "the server did not answer in time".to_owned()
        } else {
            format!("the connection broke: {}", root_cause(&error))
        };
        Self::Transport {
            message,
            temporary: certificate.is_none(),
            source: Some(Box::new(error)),
        }
    }
}

/// The text of the innermost cause: the outer ones only say "error sending request".
fn root_cause(error: &(dyn std::error::Error + 'static)) -> String {
    let mut innermost = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}

/// Why TLS refused the server, if it did: another attempt would end the same.
fn certificate_error(error: &(dyn std::error::Error + 'static)) -> Option<String> {
    let mut next = Some(error);
    while let Some(current) = next {
        if let Some(found) = current.downcast_ref::<rustls::Error>() {
            return describe_tls(found);
        }
        // `source` of an I/O error passes over the error it wraps.
        let wrapped = current
            .downcast_ref::<std::io::Error>()
            .and_then(std::io::Error::get_ref);
        next = match wrapped {
            Some(inner) => Some(inner),
            None => current.source(),
        };
    }
    None
}

fn describe_tls(error: &rustls::Error) -> Option<String> {
    matches!(
        error,
        rustls::Error::InvalidCertificate(_) | rustls::Error::NoCertificatesPresented
    )
    .then(|| error.to_string())
}

/// `application/problem+json`.
#[derive(Deserialize)]
struct Problem {
    code: String,
    title: Option<String>,
    detail: Option<String>,
    request_id: Option<String>,
    #[serde(default)]
    fields: Option<Vec<FieldError>>,
    retry_after: Option<f64>,
}

impl Problem {
    fn into_error(
        self,
        status: u16,
        request_id: Option<String>,
        retry_after: Option<Duration>,
    ) -> Error {
        let waiting = self
            .retry_after
            .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
        Error::Api {
            status,
            message: self
                .detail
                .or(self.title)
                .unwrap_or_else(|| self.code.clone()),
            code: self.code,
            request_id: self.request_id.or(request_id),
            fields: self.fields.unwrap_or_default(),
            retry_after: retry_after.or(waiting),
        }
    }
}

/// RFC 6749, section 5.2.
#[derive(Deserialize)]
struct OAuthError {
    error: String,
    error_description: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct OperationOutcome {
    resource_type: String,
    #[serde(default)]
    issue: Vec<OutcomeIssue>,
}

#[derive(Deserialize)]
struct OutcomeIssue {
    #[serde(default)]
    severity: String,
    #[serde(default)]
    code: String,
    details: Option<Details>,
    diagnostics: Option<String>,
    #[serde(default)]
    expression: Vec<String>,
}

#[derive(Deserialize)]
struct Details {
    #[serde(default)]
    coding: Vec<Coding>,
    text: Option<String>,
}

#[derive(Deserialize)]
struct Coding {
    code: Option<String>,
}

impl OperationOutcome {
    fn into_error(
        self,
        status: u16,
        request_id: Option<String>,
        retry_after: Option<Duration>,
    ) -> Error {
        let mut issues: Vec<Issue> = self
            .issue
            .into_iter()
            .map(OutcomeIssue::into_issue)
            .collect();
        issues.sort_by_key(|issue| !issue.is_error());
        Error::Outcome {
            status,
            code: issues
                .first()
                .map_or_else(|| format!("http_{status}"), |issue| issue.code.clone()),
            issues,
            request_id,
            retry_after,
        }
    }
}

impl OutcomeIssue {
    fn into_issue(self) -> Issue {
        let (coding, text) = self
            .details
            .map_or_else(Default::default, |details| (details.coding, details.text));
        Issue {
            code: coding
                .into_iter()
                .find_map(|one| one.code)
                .unwrap_or(self.code),
            severity: self.severity,
            message: text
                .or_else(|| self.diagnostics.clone())
                .unwrap_or_default(),
            diagnostics: self.diagnostics,
            expression: self.expression,
        }
    }
}

/// Reads an answer's body, or says why it cannot be read.
pub(crate) fn decode<T: serde::de::DeserializeOwned>(
    operation: &'static str,
    status: u16,
    body: &Bytes,
) -> Result<T> {
    serde_json::from_slice(body).map_err(|error| Error::Decode {
        operation,
        status,
        // The position, not the text: an answer may hold what a patient told the doctor.
        message: format!(
            "{:?} error at line {} column {}",
            error.classify(),
            error.line(),
            error.column()
        ),
    })
}
