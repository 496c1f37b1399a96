//! Passkeys: signing in with one, registering and removing one's own.

use uuid::Uuid;

use crate::client::Client;
use crate::error::Result;
use crate::models::{
    CreatePasskey, CreatePasskeyChallenge, CreateSessionWithPasskey, Passkey, PasskeyChallenge,
    Session,
};
use crate::request::Request;

/// Calls about passkeys.
#[derive(Clone, Copy, Debug)]
pub struct Passkeys<'a>(pub(crate) &'a Client);

impl Passkeys<'_> {
    /// A challenge to sign in with a passkey, whosever it is.
    pub async fn create_challenge(
        &self,
        challenge: &CreatePasskeyChallenge,
    ) -> Result<PasskeyChallenge> {
        let path = "/v1/sessions/passkey-challenge";
        let request = Request::post("create_passkey_challenge", path)
            .anonymous()
            .unkeyed()
            .harmless()
            .json(challenge)?;
        self.0.call(request).await
    }

    /// Signs in with a passkey. The answer is for [`Client::with_session`].
    ///
    /// Refused with `invalid_credentials`, `too_many_attempts`, or `device_required` when the
    /// network lets people sign in on registered devices only. Never repeated by itself, because
    /// a challenge is good once.
    pub async fn create_session(&self, session: &CreateSessionWithPasskey) -> Result<Session> {
        let request = Request::post("create_session_with_passkey", "/v1/sessions/passkey")
            .anonymous()
            .unkeyed()
            .json(session)?;
        self.0.call(request).await
    }

    /// A challenge to register a passkey of the caller's. Needs fresh factors
    /// (`step_up_required`).
    pub async fn start(&self) -> Result<PasskeyChallenge> {
        let request = Request::post("start_passkey", "/v1/me/passkeys/challenge")
            .unkeyed()
            .harmless()
            .body("application/json", "{}");
        self.0.call(request).await
    }

    /// Registers a passkey of the caller's. Needs fresh factors (`step_up_required`).
    pub async fn create(&self, passkey: &CreatePasskey) -> Result<Passkey> {
        let request = Request::post("create_passkey", "/v1/me/passkeys").json(passkey)?;
        self.0.call(request).await
    }

    /// Removes a passkey of the caller's. Needs fresh factors (`step_up_required`); refused with
    /// `last_factor` when nothing else is left to sign in with.
    pub async fn delete(&self, passkey_id: Uuid) -> Result<()> {
        let path = format!("/v1/me/passkeys/{passkey_id}");
        self.0
            .execute(Request::delete("delete_passkey", path))
            .await?;
        Ok(())
    }
}
