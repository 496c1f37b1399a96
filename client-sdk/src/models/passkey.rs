//! Passkeys (パスキー): keys of a person's own devices, which replace password and code.
//!
//! Options and credentials are the JSON of Web Authentication (`PublicKeyCredentialRequestOptions`
//! and the like); a browser or an authenticator makes and reads them, this library passes them on.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::session::SessionTransport;

/// Asking for a challenge to sign in with a passkey.
#[derive(Clone, Debug, Serialize)]
pub struct CreatePasskeyChallenge {
    /// Short name of the network, the part of a login after `@`.
    pub network: String,
}

/// A challenge for a passkey, good once and for a few minutes.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct PasskeyChallenge {
    /// The challenge's id, to be sent back with the authenticator's answer.
    pub challenge_id: Uuid,
    /// For the authenticator: Web Authentication JSON.
    pub options: Value,
}

/// Signing in with a passkey.
#[derive(Clone, Debug, Serialize)]
pub struct CreateSessionWithPasskey {
    /// Short name of the network.
    pub network: String,
    /// The challenge that was answered.
    pub challenge_id: Uuid,
    /// The authenticator's answer: Web Authentication JSON.
    pub credential: Value,
    /// Asks for a session that outlives the browser's window.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remember: Option<bool>,
    /// Where the refresh token goes; [`SessionTransport::Body`] for programs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transport: Option<SessionTransport>,
    /// What the list of one's sessions calls this one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device_name: Option<String>,
}

impl CreateSessionWithPasskey {
    /// Signing in of a program: the refresh token comes back in the body.
    pub fn new(network: impl Into<String>, challenge_id: Uuid, credential: Value) -> Self {
        Self {
            network: network.into(),
            challenge_id,
            credential,
            remember: None,
            transport: Some(SessionTransport::Body),
            device_name: None,
        }
    }
}

/// A registered passkey.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Passkey {
    /// The passkey's id.
    pub id: Uuid,
    /// What its owner calls it.
    pub name: String,
    /// When it was registered.
    pub created_at: DateTime<Utc>,
    /// When somebody last signed in with it.
    pub last_used_at: Option<DateTime<Utc>>,
}

/// Registering a passkey of one's own.
#[derive(Clone, Debug, Serialize)]
pub struct CreatePasskey {
    /// The challenge of [`Passkeys::start`](crate::groups::Passkeys::start).
    pub challenge_id: Uuid,
    /// The authenticator's answer: Web Authentication JSON.
    pub credential: Value,
    /// What to call it, such as `私のスマートフォン`.
    pub name: String,
}
