//! Accounts of patients and their families.

use uuid::Uuid;

use crate::client::Client;
use crate::error::Result;
use crate::models::{CreateRelative, CreatedRelative, EndRelative, Page, Relative};
use crate::request::Request;

/// Calls about patients' and relatives' accounts.
#[derive(Clone, Copy, Debug)]
pub struct Relatives<'a>(pub(crate) &'a Client);

impl Relatives<'_> {
    /// Who has an account for this patient, former ones too.
    pub async fn list(&self, patient_id: Uuid) -> Result<Page<Relative>> {
        let path = format!("/v1/patients/{patient_id}/relatives");
        self.0.call(Request::get("list_relatives", path)).await
    }

    /// Gives the patient or a relative an account and invites them. The answer shows the code to
    /// hand over this once. Needs fresh factors (`step_up_required`).
    ///
    /// Sent without an Idempotency-Key and never repeated by itself: the answer is a secret.
    pub async fn create(
        &self,
        patient_id: Uuid,
        relative: &CreateRelative,
    ) -> Result<CreatedRelative> {
        let path = format!("/v1/patients/{patient_id}/relatives");
        let request = Request::post("create_relative", path)
            .unkeyed()
            .json(relative)?;
        self.0.call(request).await
    }

    /// Ends what the patient's or a relative's account may see. Needs fresh factors
    /// (`step_up_required`).
    pub async fn end(&self, relative_id: Uuid, end: &EndRelative) -> Result<Relative> {
        let path = format!("/v1/relatives/{relative_id}/end");
        let request = Request::post("end_relative", path).json(end)?;
        self.0.call(request).await
    }
}
