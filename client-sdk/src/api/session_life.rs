//! What happens to a session between signing in and signing out.

use uuid::Uuid;

use super::Sessions;
use crate::error::Result;
use crate::models::{
    ChangePost, EndedSessions, Page, PasskeyChallenge, RunningSession, Session, SetPin, StepUp,
    SwitchSession,
};
use crate::request::Request;

impl Sessions<'_> {
    /// A challenge for the caller's own passkeys, for [`StepUp::with_passkey`].
    pub async fn create_step_up_challenge(&self) -> Result<PasskeyChallenge> {
        let path = "/v1/sessions/current/step-up-challenge";
        let request = Request::post("create_step_up_challenge", path)
            .unkeyed()
            .harmless()
            .body("application/json", "{}");
        self.0.call(request).await
    }

    /// Shows one's factors again and answers with a new session, which has the end and the cache
    /// key of the one before. That one is over.
    ///
    /// Refused with `invalid_credentials`, with `code_used` when the code was used before, or
    /// with `too_many_attempts`. Never repeated by itself, because a code is good once.
    /// [`Client::step_up`](crate::Client::step_up) does this and keeps the tokens fresh.
    pub async fn step_up(&self, proof: &StepUp) -> Result<Session> {
        let request = Request::post("step_up_session", "/v1/sessions/current/step-up")
            .unkeyed()
            .json(proof)?;
        let session = self.0.call(request).await?;
        self.0.auth.end().await;
        Ok(session)
    }

    /// Acts for another of one's posts from now on. Answers with a session for
    /// [`Client::with_session`](crate::Client::with_session); the one before is over.
    ///
    /// `not_found` when the post is not the caller's or is not valid today.
    pub async fn change_post(&self, change: &ChangePost) -> Result<Session> {
        let request = Request::post("change_post", "/v1/sessions/current/post")
            .unkeyed()
            .json(change)?;
        let session = self.0.call(request).await?;
        self.0.auth.end().await;
        Ok(session)
    }

    /// The caller's own sessions that have not ended.
    pub async fn list_own(&self) -> Result<Page<RunningSession>> {
        let request = Request::get("list_own_sessions", "/v1/me/sessions");
        self.0.call(request).await
    }

    /// Ends one of the caller's own sessions, such as that of a lost phone.
    pub async fn end_own(&self, session_id: Uuid) -> Result<()> {
        let path = format!("/v1/me/sessions/{session_id}");
        let request = Request::delete("end_own_session", path);
        self.0.execute(request).await?;
        Ok(())
    }

    /// Ends all of the caller's sessions but this one.
    pub async fn end_others(&self) -> Result<EndedSessions> {
        let request = Request::post("end_other_sessions", "/v1/me/sessions/end-others")
            .body("application/json", "{}");
        self.0.call(request).await
    }

    /// Locks a shared device: the session ends, the caller's shift there stays open, so that the
    /// PIN is enough to come back.
    pub async fn lock(&self) -> Result<()> {
        let request = Request::post("lock_session", "/v1/sessions/current/lock")
            .body("application/json", "{}");
        self.0.execute(request).await?;
        self.0.auth.end().await;
        Ok(())
    }

    /// Sets the PIN by which the caller comes back to this shared device until the shift ends.
    ///
    /// Only on a shared device, in a session that was opened there with two factors. Refused with
    /// `invalid_input` when the PIN is not six digits or easily guessed (field code `blocked`).
    pub async fn set_pin(&self, pin: &SetPin) -> Result<()> {
        let request = Request::put("set_pin", "/v1/sessions/current/pin")
            .unkeyed()
            .harmless()
            .json(pin)?;
        self.0.execute(request).await?;
        Ok(())
    }

    /// Takes one's turn on a shared device; whoever was at work there is locked out. For a client
    /// of [`Client::with_device`](crate::Client::with_device); the answer is for
    /// [`Client::with_session`](crate::Client::with_session).
    ///
    /// Refused with `invalid_credentials`, or with `full_sign_in_required` after the fifth wrong
    /// PIN or when the shift is over. Never repeated by itself.
    pub async fn switch(&self, switch: &SwitchSession) -> Result<Session> {
        let request = Request::post("switch_session", "/v1/sessions/switch")
            .anonymous()
            .unkeyed()
            .json(switch)?;
        self.0.call(request).await
    }
}
