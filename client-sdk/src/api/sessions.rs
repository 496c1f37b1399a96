//! Signing in, renewing, signing out.

use crate::client::Client;
use crate::error::Result;
use crate::models::{CreateSession, Me, RefreshSession, Session};
use crate::request::Request;

/// Calls about the session.
#[derive(Clone, Copy, Debug)]
pub struct Sessions<'a>(pub(crate) &'a Client);

impl Sessions<'_> {
    /// Signs in with a password and a code.
    ///
    /// Refused with `invalid_credentials`, `mfa_required` (the password is right, a code is
    /// missing), `code_used`, or `too_many_attempts`. Never repeated by itself: a code is good once.
    /// [`Client::sign_in`] does this and keeps the tokens fresh.
    pub async fn create(&self, session: &CreateSession) -> Result<Session> {
        let request = Request::post("create_session", "/v1/sessions")
            .anonymous()
            .unkeyed()
            .json(session)?;
        self.0.call(request).await
    }

    /// Exchanges a refresh token for a new pair of tokens; the old one is then used up.
    ///
    /// Refused with `session_ended` when the session is over.
    pub async fn refresh(&self, refresh: &RefreshSession) -> Result<Session> {
        let request = Request::post("refresh_session", "/v1/sessions/refresh")
            .anonymous()
            .unkeyed()
            .harmless()
            .json(refresh)?;
        self.0.call(request).await
    }

    /// Signs out: all tokens of the session end at once.
    pub async fn delete(&self) -> Result<()> {
        let request = Request::delete("delete_session", "/v1/sessions/current");
        self.0.execute(request).await?;
        self.0.auth.end().await;
        Ok(())
    }

    /// Who the caller is.
    pub async fn me(&self) -> Result<Me> {
        self.0.call(Request::get("find_me", "/v1/me")).await
    }
}
