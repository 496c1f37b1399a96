//! What happens to a session between signing in and signing out.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::session::{DeviceReference, SessionTransport};
use crate::secret::Secret;

/// Showing one's factors again: a password with a code, or a passkey.
#[derive(Clone, Debug, Serialize)]
pub struct StepUp {
    /// The password, with `code`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub password: Option<Secret>,
    /// The one-time code that goes with the password.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<Secret>,
    /// The challenge that a passkey answered, with `credential`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub challenge_id: Option<Uuid>,
    /// The authenticator's answer: Web Authentication JSON.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credential: Option<Value>,
    /// Where the refresh token goes; [`SessionTransport::Body`] for programs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transport: Option<SessionTransport>,
}

impl StepUp {
    /// With a password and a one-time code, by a program.
    pub fn with_password(password: impl Into<Secret>, code: impl Into<Secret>) -> Self {
        Self {
            password: Some(password.into()),
            code: Some(code.into()),
            challenge_id: None,
            credential: None,
            transport: Some(SessionTransport::Body),
        }
    }

    /// With a passkey, by a program. The challenge comes from
    /// [`Sessions::create_step_up_challenge`](crate::groups::Sessions::create_step_up_challenge).
    pub fn with_passkey(challenge_id: Uuid, credential: Value) -> Self {
        Self {
            password: None,
            code: None,
            challenge_id: Some(challenge_id),
            credential: Some(credential),
            transport: Some(SessionTransport::Body),
        }
    }
}

/// Acting for another of one's posts.
#[derive(Clone, Debug, Serialize)]
pub struct ChangePost {
    /// The post: one of [`Me::posts`](super::Me::posts).
    pub staff_member_id: Uuid,
    /// Where the refresh token goes; [`SessionTransport::Body`] for programs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transport: Option<SessionTransport>,
}

impl ChangePost {
    /// Acting for this post, by a program.
    pub fn to(staff_member_id: Uuid) -> Self {
        Self {
            staff_member_id,
            transport: Some(SessionTransport::Body),
        }
    }
}

/// Taking one's turn on a shared device.
#[derive(Clone, Debug, Serialize)]
pub struct SwitchSession {
    /// Who: one of the people of [`CurrentDevice`](super::CurrentDevice).
    pub account_id: Uuid,
    /// The PIN that the person set on this device in this shift.
    pub pin: Secret,
    /// Where the refresh token goes; [`SessionTransport::Body`] for programs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transport: Option<SessionTransport>,
}

impl SwitchSession {
    /// Taking one's turn, by a program.
    pub fn new(account_id: Uuid, pin: impl Into<Secret>) -> Self {
        Self {
            account_id,
            pin: pin.into(),
            transport: Some(SessionTransport::Body),
        }
    }
}

/// Setting one's PIN on a shared device.
#[derive(Clone, Debug, Serialize)]
pub struct SetPin {
    /// Six digits; easily guessed ones are refused.
    pub pin: Secret,
}

/// A session that has not ended.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct RunningSession {
    /// The session's id.
    pub id: Uuid,
    /// What the program or device calls itself.
    pub label: String,
    /// Where the sign-in came from.
    pub source_ip: Option<String>,
    /// The registered device, when it is one.
    pub device: Option<DeviceReference>,
    /// Factors that were shown (RFC 8176).
    #[serde(default)]
    pub amr: Vec<String>,
    /// When it began.
    pub created_at: DateTime<Utc>,
    /// When the person last did something, to the minute.
    pub last_seen_at: DateTime<Utc>,
    /// When it ends in any case.
    pub expires_at: DateTime<Utc>,
    /// Whether it is the session of this request.
    #[serde(default)]
    pub current: bool,
}

/// How many sessions were ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct EndedSessions {
    /// Sessions that ended at once.
    pub ended: u64,
}
