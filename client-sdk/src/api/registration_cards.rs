//! Cards that patients carry (利用者カード).

use serde_json::json;
use uuid::Uuid;

use crate::client::Client;
use crate::error::Result;
use crate::models::{
    CreateRegistrationCard, IssuedRegistrationCard, LinkRegistrationCard, LinkedCard, Page,
    ReadCard, ReadRegistrationCard, RegistrationCard,
};
use crate::request::Request;

/// Calls about registration cards.
#[derive(Clone, Copy, Debug)]
pub struct RegistrationCards<'a>(pub(crate) &'a Client);

impl RegistrationCards<'_> {
    /// All cards of a patient, good and revoked, newest first.
    pub async fn list(&self, patient_id: Uuid) -> Result<Page<RegistrationCard>> {
        let path = format!("/v1/patients/{patient_id}/registration-cards");
        let request = Request::get("list_registration_cards", path);
        self.0.call(request).await
    }

    /// Issues a card; the one before is refused from then on. Needs factors shown lately.
    ///
    /// The answer holds the code, which the server does not keep: the call is not repeated.
    pub async fn create(
        &self,
        patient_id: Uuid,
        card: &CreateRegistrationCard,
    ) -> Result<IssuedRegistrationCard> {
        let path = format!("/v1/patients/{patient_id}/registration-cards");
        let request = Request::post("create_registration_card", path)
            .unkeyed()
            .json(card)?;
        self.0.call(request).await
    }

    /// Revokes a card.
    pub async fn revoke(&self, card_id: Uuid) -> Result<RegistrationCard> {
        let path = format!("/v1/registration-cards/{card_id}/revoke");
        let request = Request::post("revoke_registration_card", path).json(&json!({}))?;
        self.0.call(request).await
    }

    /// Reads the card that a patient presents. Ten wrong codes within ten minutes end the trying.
    pub async fn read(&self, card: &ReadRegistrationCard) -> Result<ReadCard> {
        let request =
            Request::post("read_registration_card", "/v1/registration-cards/read").json(card)?;
        self.0.call(request).await
    }

    /// Enters the number by which the caller's facility knows the patient of a card.
    pub async fn link(&self, card: &LinkRegistrationCard) -> Result<LinkedCard> {
        let request =
            Request::post("link_registration_card", "/v1/registration-cards/link").json(card)?;
        self.0.call(request).await
    }
}
