//! Patients' consents.

use bytes::Bytes;
use uuid::Uuid;

use crate::client::Client;
use crate::error::Result;
use crate::models::{Consent, ConsentEvidence, CreateConsent, EvidenceType, Page, WithdrawConsent};
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

    /// Records a consent. Needs fresh factors (`step_up_required`). Answers with all consents of
    /// the patient.
    pub async fn create(&self, patient_id: Uuid, consent: &CreateConsent) -> Result<Page<Consent>> {
        let path = format!("/v1/patients/{patient_id}/consents");
        let request = Request::post("create_consent", path).json(consent)?;
        self.0.call(request).await
    }

    /// Records that a consent was withdrawn. From then on the care team sees nothing, unless
    /// another consent stands. Needs fresh factors (`step_up_required`). Answers with all consents
    /// of the patient.
    pub async fn withdraw(
        &self,
        consent_id: Uuid,
        withdrawal: &WithdrawConsent,
    ) -> Result<Page<Consent>> {
        let path = format!("/v1/consents/{consent_id}/withdraw");
        let request = Request::post("withdraw_consent", path).json(withdrawal)?;
        self.0.call(request).await
    }

    /// Adds a file that shows a consent: the signed form, or the signature drawn on the screen.
    pub async fn create_evidence(
        &self,
        consent_id: Uuid,
        media_type: EvidenceType,
        file: impl Into<Bytes> + Send,
    ) -> Result<ConsentEvidence> {
        let path = format!("/v1/consents/{consent_id}/evidence");
        let request =
            Request::post("create_consent_evidence", path).body(media_type.as_str(), file);
        self.0.call(request).await
    }

    /// A file that shows a consent, byte for byte.
    pub async fn find_evidence(&self, evidence_id: Uuid) -> Result<Bytes> {
        let path = format!("/v1/consent-evidence/{evidence_id}");
        let request = Request::get("find_consent_evidence", path).header("accept", "*/*");
        Ok(self.0.execute(request).await?.body)
    }
}
