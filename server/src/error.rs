//! The one error type that a request can end with.
//!
//! Three rules: an error never carries what the database or a library said to the caller (the chain is logged once, at
//! the edge, without patient data); a code is stable and is what programs look at; existence that is private is
//! answered with "not found", never with "forbidden". The body is `application/problem+json` (RFC 9457).

use std::error::Error as StdError;

use actix_web::{
    HttpResponse, ResponseError,
    http::{StatusCode, header},
};
use diesel::result::{DatabaseErrorKind, Error as DbError};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{print, spine::audit::Denial};

/// What every fallible function of the server returns.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a request was not carried out.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No token, or one that was never good.
    #[error("no valid credentials")]
    Unauthenticated,
    /// The token is bound to a key, and the request does not prove that the caller has it (RFC 9449).
    #[error("the proof of possession is missing, or not good for this request")]
    InvalidProof,
    /// A token that was good: the client should renew it.
    #[error("the access token has expired")]
    TokenExpired,
    /// The session was ended, by its owner or by an administrator.
    #[error("the session has ended")]
    SessionEnded,
    /// Sign-in failed; the caller hears no more, the access log names the account when there is one.
    #[error("the sign-in name or the password is not right")]
    InvalidCredentials(Option<uuid::Uuid>),
    /// The password is right and a second factor is due.
    #[error("a second factor is required")]
    MfaRequired,
    /// The one-time code was right and has been used before.
    #[error("this code has been used; wait for the next one")]
    CodeUsed,
    /// Too many attempts went wrong: nothing is evaluated for so many seconds.
    #[error("too many attempts; try again later")]
    TooManyAttempts(u32),
    /// The act needs factors that were shown within the last minutes.
    #[error("show your factors again")]
    StepUpRequired,
    /// The network lets people sign in on registered devices only, and this is not one, or not any more.
    #[error("this device is not registered")]
    DeviceRequired,
    /// The PIN does not open the shift any more: sign in with two factors.
    #[error("sign in with two factors")]
    FullSignInRequired,
    /// There is no such invitation, it is over, or the code is wrong: all alike.
    #[error("no such invitation, or the code is not right")]
    InvitationNotFound,
    /// The password is older than the network allows: nothing else until it is changed.
    #[error("the password has to be changed first")]
    PasswordChangeRequired,
    /// The request does not say for what purpose.
    #[error("the purpose of use is required (Tsumugi-Purpose)")]
    PurposeRequired,
    /// The access rules said no. Answered as "not found" unless the caller may know that the thing exists.
    #[error("not allowed")]
    Denied(Box<Denial>),
    /// There is no such address.
    #[error("not found")]
    NotFound,
    /// What somebody typed or read from a card names nothing. Says what it should have named, and no more.
    #[error("{1}")]
    NamesNothing(&'static str, &'static str),
    /// The address exists, the method does not.
    #[error("method not allowed")]
    MethodNotAllowed,
    /// The body is not JSON.
    #[error("the body is not well-formed JSON")]
    MalformedJson,
    /// An attached file, or a part of one, that is not taken: code, what is wrong, status.
    #[error("{1}")]
    Upload(&'static str, &'static str, StatusCode),
    /// The input is understood and wrong.
    #[error("the input is not valid")]
    Invalid(Vec<FieldError>),
    /// A FHIR Bundle that is not taken, with everything that is wrong with it.
    #[error("the Bundle is not accepted")]
    Bundle(Vec<crate::fhir::Issue>),
    /// The input is right but not for the present state.
    #[error("{1}")]
    Conflict(&'static str, &'static str),
    /// The entry of the access log has gone into this archive file.
    #[error("kept in the archive file {0}")]
    Archived(String),
    /// `If-Match` names an older version.
    #[error("somebody else has changed it meanwhile")]
    Stale,
    /// `If-Match` is missing.
    #[error("If-Match with the version is required")]
    IfMatchRequired,
    /// The key was used with another request.
    #[error("the Idempotency-Key was used for another request")]
    IdempotencyKeyReused,
    /// The body is not of a type that is understood.
    #[error("the content type is not supported")]
    UnsupportedMediaType,
    /// The body is too large.
    #[error("the body is larger than {0} bytes")]
    TooLarge(usize),
    /// The clock is too far off for anything to be made final.
    #[error("the server's clock is wrong; nothing can be recorded for the moment")]
    ClockUntrusted,
    /// What a log submitted to its witness is not a checkpoint with a proof.
    #[error("not a checkpoint with a proof")]
    CheckpointMalformed,
    /// The key that is on the list of witnessed logs did not sign the checkpoint.
    #[error("not signed by the key of this log")]
    CheckpointUnsigned,
    /// The log does not grow from what was cosigned.
    #[error("does not grow from what was cosigned last")]
    CheckpointInconsistent,
    /// Something that the server needs is not there now.
    #[error("not available for the moment")]
    Unavailable(#[source] Box<dyn StdError + Send + Sync>),
    /// A sheet could not be printed.
    #[error("the sheet could not be printed")]
    Unprintable(#[from] print::Error),
    /// The transaction collided with another; tried again before anybody hears of it.
    #[error("try again")]
    Retry,
    /// A fault of the server.
    #[error("internal error")]
    Internal(#[source] Box<dyn StdError + Send + Sync>),
}

/// One thing that is wrong with the input.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FieldError {
    /// Path of the field, such as `vitals.systolic`; empty for the whole body.
    pub field: String,
    /// Stable code: `required`, `unknown_field`, `wrong_type`, `too_long`, `too_short`, `out_of_range`, `not_allowed`; in
    /// lists of people also `taken`, `duplicate`, `ambiguous`, `formula`, `encoding`, `too_many`.
    pub code: &'static str,
    /// What is wrong, in English, for developers.
    pub message: String,
}

impl FieldError {
    /// One finding about `field`.
    pub fn new(field: impl Into<String>, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            code,
            message: message.into(),
        }
    }
}

/// The body of every error: problem details (RFC 9457) with a stable code.
#[derive(Debug, Serialize, ToSchema)]
pub struct Problem {
    /// Always `about:blank`: the code says more than an address would.
    pub r#type: &'static str,
    /// Phrase of the status.
    pub title: &'static str,
    /// HTTP status.
    pub status: u16,
    /// Stable code, to be looked at by programs and translated for people.
    pub code: &'static str,
    /// What happened, in English.
    pub detail: String,
    /// What is wrong with the input, field by field.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldError>,
    /// Seconds after which trying again makes sense.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u32>,
}

impl Error {
    /// A fault of the server, with its cause for the log.
    pub fn internal(cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::Internal(cause.into())
    }

    /// Something needed is not there now, with its cause for the log.
    pub fn unavailable(cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::Unavailable(cause.into())
    }

    /// One wrong field.
    pub fn invalid(
        field: impl Into<String>,
        code: &'static str,
        message: impl Into<String>,
    ) -> Self {
        Self::Invalid(vec![FieldError::new(field, code, message)])
    }

    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unauthenticated => "unauthenticated",
            Self::InvalidProof => "invalid_proof",
            Self::TokenExpired => "token_expired",
            Self::SessionEnded => "session_ended",
            Self::InvalidCredentials(_) => "invalid_credentials",
            Self::MfaRequired => "mfa_required",
            Self::CodeUsed => "code_used",
            Self::TooManyAttempts(_) => "too_many_attempts",
            Self::StepUpRequired => "step_up_required",
            Self::DeviceRequired => "device_required",
            Self::FullSignInRequired => "full_sign_in_required",
            Self::InvitationNotFound => "invitation_not_found",
            Self::PasswordChangeRequired => "password_change_required",
            Self::PurposeRequired => "purpose_required",
            Self::Denied(denial) if denial.visible => "forbidden",
            Self::Denied(_) | Self::NotFound => "not_found",
            Self::MethodNotAllowed => "method_not_allowed",
            Self::MalformedJson => "malformed_json",
            Self::Invalid(_) => "invalid_input",
            Self::Bundle(issues) => issues.first().map_or("invalid_input", |issue| issue.code),
            Self::Conflict(code, _) | Self::NamesNothing(code, _) | Self::Upload(code, _, _) => {
                code
            }
            Self::Archived(_) => "access_log_archived",
            Self::Stale => "stale_version",
            Self::IfMatchRequired => "if_match_required",
            Self::IdempotencyKeyReused => "idempotency_key_reused",
            Self::UnsupportedMediaType => "unsupported_media_type",
            Self::TooLarge(_) => "body_too_large",
            Self::Unprintable(error) => error.code(),
            Self::ClockUntrusted => "clock_untrusted",
            Self::CheckpointMalformed => "checkpoint_malformed",
            Self::CheckpointUnsigned => "checkpoint_unsigned",
            Self::CheckpointInconsistent => "checkpoint_inconsistent",
            Self::Unavailable(_) | Self::Retry => "unavailable",
            Self::Internal(_) => "internal",
        }
    }

    /// The body that the caller gets.
    pub fn problem(&self) -> Problem {
        let status = self.status_code();
        Problem {
            r#type: "about:blank",
            title: status.canonical_reason().unwrap_or("error"),
            status: status.as_u16(),
            code: self.code(),
            detail: match self {
                // What a denial says must not differ from what a thing that does not exist says.
                Self::Denied(denial) if !denial.visible => Self::NotFound.to_string(),
                other => other.to_string(),
            },
            fields: if let Self::Invalid(fields) = self {
                fields.clone()
            } else {
                Vec::new()
            },
            retry_after: self.retry_after(),
        }
    }

    fn retry_after(&self) -> Option<u32> {
        match self {
            Self::Unavailable(_) | Self::Retry | Self::Unprintable(print::Error::Busy) => Some(2),
            // It takes somebody to set a clock right.
            Self::ClockUntrusted => Some(60),
            Self::TooManyAttempts(seconds) => Some(*seconds),
            _ => None,
        }
    }
}

impl ResponseError for Error {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::Unauthenticated
            | Self::InvalidProof
            | Self::TokenExpired
            | Self::SessionEnded
            | Self::InvalidCredentials(_)
            | Self::MfaRequired
            | Self::CodeUsed
            | Self::FullSignInRequired => StatusCode::UNAUTHORIZED,
            Self::TooManyAttempts(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::StepUpRequired
            | Self::DeviceRequired
            | Self::PasswordChangeRequired
            | Self::CheckpointUnsigned => StatusCode::FORBIDDEN,
            Self::Denied(denial) if denial.visible => StatusCode::FORBIDDEN,
            Self::Denied(_)
            | Self::NotFound
            | Self::NamesNothing(..)
            | Self::InvitationNotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::MalformedJson | Self::PurposeRequired | Self::CheckpointMalformed => {
                StatusCode::BAD_REQUEST
            }
            Self::Bundle(issues)
                if issues
                    .iter()
                    .any(|issue| matches!(issue.code, "not_json" | "invalid_utf8")) =>
            {
                StatusCode::BAD_REQUEST
            }
            Self::Invalid(_)
            | Self::Bundle(_)
            | Self::IdempotencyKeyReused
            | Self::CheckpointInconsistent
            | Self::Unprintable(print::Error::TooLong(..)) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Conflict(..) => StatusCode::CONFLICT,
            Self::Upload(_, _, status) => *status,
            Self::Archived(_) => StatusCode::GONE,
            Self::Stale => StatusCode::PRECONDITION_FAILED,
            Self::IfMatchRequired => StatusCode::PRECONDITION_REQUIRED,
            Self::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Unavailable(_)
            | Self::Retry
            | Self::ClockUntrusted
            | Self::Unprintable(print::Error::FontMissing(_) | print::Error::Busy) => {
                StatusCode::SERVICE_UNAVAILABLE
            }
            Self::Internal(_) | Self::Unprintable(print::Error::Failed(_)) => {
                StatusCode::INTERNAL_SERVER_ERROR
            }
        }
    }

    fn error_response(&self) -> HttpResponse {
        let mut answer = HttpResponse::build(self.status_code());
        answer.insert_header((header::CONTENT_TYPE, "application/problem+json"));
        if let Some(seconds) = self.retry_after() {
            answer.insert_header((header::RETRY_AFTER, seconds.to_string()));
        }
        if self.status_code() == StatusCode::UNAUTHORIZED {
            answer.insert_header((header::WWW_AUTHENTICATE, "Bearer"));
        }
        answer.json(self.problem())
    }
}

impl From<DbError> for Error {
    fn from(error: DbError) -> Self {
        match &error {
            DbError::DatabaseError(DatabaseErrorKind::SerializationFailure, _) => Self::Retry,
            DbError::DatabaseError(DatabaseErrorKind::ClosedConnection, _)
            | DbError::BrokenTransactionManager => Self::unavailable(error),
            // The same document, a card for the same patient, or a room for the same two people, twice at once: the second attempt finds the first.
            DbError::DatabaseError(DatabaseErrorKind::UniqueViolation, info)
                if matches!(
                    info.constraint_name(),
                    Some("documents_by_digest" | "registration_cards_in_force" | "rooms_direct")
                ) =>
            {
                Self::Retry
            }
            DbError::DatabaseError(DatabaseErrorKind::UniqueViolation, info) => {
                match conflict(info.constraint_name()) {
                    Some((code, message)) => Self::Conflict(code, message),
                    None => Self::internal(error),
                }
            }
            DbError::DatabaseError(_, info) if info.message().starts_with("deadlock detected") => {
                Self::Retry
            }
            // A limit of time was reached: the database is there but busy.
            DbError::DatabaseError(_, info)
                if info.message().starts_with("canceling statement") =>
            {
                Self::unavailable(error)
            }
            _ => Self::internal(error),
        }
    }
}

/// The conflicts that a unique key may find, by the name of the constraint.
fn conflict(constraint: Option<&str>) -> Option<(&'static str, &'static str)> {
    Some(match constraint? {
        "appointments_pkey" => ("appointment_exists", "an appointment with this id exists"),
        "calendar_feeds_pkey" => ("calendar_feed_exists", "a feed with this id exists"),
        "post_templates_pkey" => ("post_template_exists", "a template with this id exists"),
        "rooms_pkey" => ("room_exists", "a room with this id exists"),
        "room_members_pkey" => ("room_member_exists", "a membership with this id exists"),
        "room_members_once" => ("room_member_twice", "already in the room by name"),
        "room_rules_pkey" => ("room_rule_exists", "a rule with this id exists"),
        "messages_pkey" => ("message_exists", "a message with this id exists"),
        "announcements_pkey" => ("announcement_exists", "an announcement with this id exists"),
        "posts_pkey" => ("post_exists", "a post with this id exists"),
        "patients_pkey" => ("patient_exists", "a patient with this id exists"),
        "patient_identifiers_pkey" => ("identifier_taken", "another patient has this identifier"),
        "consents_pkey" => ("consent_exists", "a consent with this id exists"),
        "care_team_members_pkey" => (
            "care_team_member_exists",
            "a membership with this id exists",
        ),
        "facts_pkey" => ("fact_exists", "a fact with this id exists"),
        "facilities_pkey" => ("facility_exists", "a facility with this id exists"),
        "facilities_tenant_id_institution_code_key" => (
            "institution_code_taken",
            "another facility has this institution code",
        ),
        "staff_members_pkey" => ("staff_member_exists", "a staff member with this id exists"),
        "accounts_tenant_id_login_name_key" => {
            ("login_name_taken", "another account has this sign-in name")
        }
        "emergency_accesses_pkey" => (
            "emergency_access_exists",
            "an emergency access with this id exists",
        ),
        "substitutions_pkey" => ("substitution_exists", "a substitution with this id exists"),
        "access_overrides_pkey" => ("access_override_exists", "an override with this id exists"),
        "record_exports_pkey" => ("record_export_exists", "a copy with this id exists"),
        "registration_cards_pkey" => (
            "registration_card_exists",
            "a registration card with this id exists",
        ),
        "passkeys_tenant_id_credential_id_key" => {
            ("passkey_exists", "this passkey has been registered before")
        }
        "push_subscriptions_pkey" => (
            "push_subscription_exists",
            "a push subscription with this id exists",
        ),
        "devices_pkey" => ("device_exists", "a device with this id exists"),
        "temporary_codes_pkey" => (
            "temporary_code_exists",
            "a temporary code with this id exists",
        ),
        "accounts_tenant_id_person_id_key" => ("account_exists", "this person has an account"),
        "licences_pkey" => ("licence_exists", "a licence with this id exists"),
        "licences_by_number" => ("licence_taken", "another person has this number"),
        "network_professions_pkey" => (
            "profession_exists",
            "another profession has this code or name",
        ),
        "patient_relations_pkey" => ("relative_exists", "a relative with this id exists"),
        "clients_pkey" => ("client_exists", "a client with this id exists"),
        "witnesses_pkey" => ("witness_exists", "a witness with this id exists"),
        "witnessed_logs_pkey" => ("witnessed_log_exists", "a log with this id exists"),
        "witnessed_logs_watched" => ("witnessed_log_watched", "this log is witnessed already"),
        "findings_pkey" | "findings_tenant_id_key_part_key" => {
            ("finding_exists", "a finding with this id exists")
        }
        "justification_requests_pkey" => (
            "justification_request_exists",
            "a question with this id exists",
        ),
        "watched_patients_pkey" => (
            "watched_patient_exists",
            "a watched patient with this id exists",
        ),
        "withholdings_pkey" => ("withholding_exists", "a withholding with this id exists"),
        "legal_holds_pkey" => ("legal_hold_exists", "a legal hold with this id exists"),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_hidden_looks_like_what_does_not_exist() {
        let hidden = Error::Denied(Box::new(Denial::hidden("post.read")));
        assert_eq!(hidden.code(), Error::NotFound.code());
        assert_eq!(hidden.status_code(), Error::NotFound.status_code());
        assert_eq!(hidden.problem().detail, Error::NotFound.problem().detail);
    }

    #[test]
    fn a_cause_never_reaches_the_caller() {
        let error = Error::internal("password is hunter2");
        assert!(
            !serde_json::to_string(&error.problem())
                .unwrap()
                .contains("hunter2")
        );
    }
}
