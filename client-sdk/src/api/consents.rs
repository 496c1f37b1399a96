//! Patients' consents.

use uuid::Uuid;

use crate::client::Client;
use crate::error::Result;
use crate::models::{Consent, CreateConsent, Page, WithdrawConsent};
use crate::request::Request;

/// Calls about consents.
#[derive(Clone, Copy, Debug)]
pub struct Consents<'a>(pub(crate) &'a Client);

impl Consents<'_> {
    /// All consents of a patient, valid and withdrawn.
    pub async fn list(&self, patient_id: Uuid) -> Result<Page<Consent>> {
        let path = format!("/v1/patients/{patient_id}/consents");
        self.0.call(Request::get("list_consents", path)).await
    }

    /// Records a consent. Answers with all consents of the patient.
    pub async fn create(&self, patient_id: Uuid, consent: &CreateConsent) -> Result<Page<Consent>> {
        let path = format!("/v1/patients/{patient_id}/consents");
        let request = Request::post("create_consent", path).json(consent)?;
        self.0.call(request).await
    }

    /// Records that a consent was withdrawn. From then on the care team sees nothing, unless
    /// another consent stands. Answers with all consents of the patient.
    pub async fn withdraw(
        &self,
        consent_id: Uuid,
        withdrawal: &WithdrawConsent,
    ) -> Result<Page<Consent>> {
        let path = format!("/v1/consents/{consent_id}/withdraw");
        let request = Request::post("withdraw_consent", path).json(withdrawal)?;
        self.0.call(request).await
    }
}
