//! Cards that patients carry.

use uuid::Uuid;

use crate::client::Client;
use crate::error::Result;
use crate::models::{
    CardReading, CreateRegistrationCard, LinkRegistrationCard, ReadRegistrationCard,
    RegistrationCard,
};
use crate::request::Request;

/// Calls about registration cards.
#[derive(Clone, Copy, Debug)]
pub struct RegistrationCards<'a>(pub(crate) &'a Client);

impl RegistrationCards<'_> {
    /// Makes a card for a patient; what is to be printed is shown this once. Needs fresh factors
    /// (`step_up_required`).
    ///
    /// Sent without an Idempotency-Key and never repeated by itself: the answer is a secret.
    pub async fn create(
        &self,
        patient_id: Uuid,
        card: &CreateRegistrationCard,
    ) -> Result<RegistrationCard> {
        let path = format!("/v1/patients/{patient_id}/registration-cards");
        let request = Request::post("create_registration_card", path)
            .unkeyed()
            .json(card)?;
        self.0.call(request).await
    }

    /// Refuses a card from now on, such as a lost one.
    pub async fn revoke(&self, card_id: Uuid) -> Result<()> {
        let path = format!("/v1/registration-cards/{card_id}/revoke");
        let request =
            Request::post("revoke_registration_card", path).body("application/json", "{}");
        self.0.execute(request).await?;
        Ok(())
    }

    /// Whose card it is, to be compared with the person. `not_found` for a code that is wrong or
    /// revoked.
    pub async fn read(&self, reading: &ReadRegistrationCard) -> Result<CardReading> {
        let request = Request::post("read_registration_card", "/v1/registration-cards/read")
            .unkeyed()
            .harmless()
            .json(reading)?;
        self.0.call(request).await
    }

    /// Enters the number by which the caller's facility knows the patient whose card it is.
    /// `not_found` as above; `identifier_taken` when another patient has the number.
    pub async fn link(&self, link: &LinkRegistrationCard) -> Result<()> {
        let request =
            Request::post("link_registration_card", "/v1/registration-cards/link").json(link)?;
        self.0.execute(request).await?;
        Ok(())
    }
}
