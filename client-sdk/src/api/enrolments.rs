//! Taking up an invitation.

use crate::client::Client;
use crate::error::Result;
use crate::models::{
    CreateEnrolment, Enrolled, Enrolment, EnrolmentTotp, FinishEnrolment, PasskeyChallenge,
    StartEnrolmentTotp,
};
use crate::request::Request;
use crate::secret::Secret;

/// Calls about enrolment.
#[derive(Clone, Copy, Debug)]
pub struct Enrolments<'a>(pub(crate) &'a Client);

impl Enrolments<'_> {
    /// Takes up an invitation. Whatever is wrong with it, it is refused with `invitation_not_found`.
    pub async fn create(&self, invitation: &CreateEnrolment) -> Result<Enrolment> {
        let request = Request::post("create_enrolment", "/v1/enrolments")
            .anonymous()
            .unkeyed()
            .json(invitation)?;
        self.0.call(request).await
    }

    /// Chooses a password and gets the seed of the one-time codes; the same seed each time.
    pub async fn start_totp(&self, choice: &StartEnrolmentTotp) -> Result<EnrolmentTotp> {
        let request = Request::post("start_enrolment_totp", "/v1/enrolments/totp")
            .anonymous()
            .unkeyed()
            .harmless()
            .json(choice)?;
        self.0.call(request).await
    }

    /// Gets a challenge for the first passkey. `enrolment` is the secret that [`create`](Self::create) answered with.
    pub async fn start_passkey(&self, enrolment: &Secret) -> Result<PasskeyChallenge> {
        let request = Request::post(
            "start_enrolment_passkey",
            "/v1/enrolments/passkey-challenge",
        )
        .anonymous()
        .unkeyed()
        .harmless()
        .json(&serde_json::json!({ "enrolment": enrolment }))?;
        self.0.call(request).await
    }

    /// Finishes the enrolment: everything that the account had before is over.
    pub async fn finish(&self, end: &FinishEnrolment) -> Result<Enrolled> {
        let request = Request::post("finish_enrolment", "/v1/enrolments/finish")
            .anonymous()
            .unkeyed()
            .json(end)?;
        self.0.call(request).await
    }
}
