//! Cards that patients carry (利用者カード).

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
    /// All cards of a patient, newest first, revoked ones too.
    pub async fn list(&self, patient_id: Uuid) -> Result<Page<RegistrationCard>> {
        let path = format!("/v1/patients/{patient_id}/registration-cards");
        self.0
            .call(Request::get("list_registration_cards", path))
            .await
    }

    /// Issues a card for a patient; what is to be printed is shown this once, and the card that
    /// the patient had is refused from then on. Needs fresh factors (`step_up_required`).
    ///
    /// Sent without an Idempotency-Key and never repeated by itself: the answer is a secret.
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

    /// Refuses a card from now on, such as a lost one.
    pub async fn revoke(&self, card_id: Uuid) -> Result<RegistrationCard> {
        let path = format!("/v1/registration-cards/{card_id}/revoke");
        let request =
            Request::post("revoke_registration_card", path).body("application/json", "{}");
        self.0.call(request).await
    }

    /// Whose card it is, to be compared with the person who presents it. `not_found` for a code
    /// that is wrong or revoked; after too many of those the server wants a rest. Not repeated by
    /// itself: wrong codes are counted.
    pub async fn read(&self, card: &ReadRegistrationCard) -> Result<ReadCard> {
        let request = Request::post("read_registration_card", "/v1/registration-cards/read")
            .unkeyed()
            .json(card)?;
        self.0.call(request).await
    }

    /// Enters the number by which the caller's facility knows the patient of a card. `not_found`
    /// as in [`RegistrationCards::read`]; `identifier_taken` when another patient has the number.
    pub async fn link(&self, card: &LinkRegistrationCard) -> Result<LinkedCard> {
        let request =
            Request::post("link_registration_card", "/v1/registration-cards/link").json(card)?;
        self.0.call(request).await
    }
}
