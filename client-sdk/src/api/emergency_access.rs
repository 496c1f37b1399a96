//! Access to a patient in an emergency.

use uuid::Uuid;

use crate::client::Client;
use crate::error::Result;
use crate::models::{
    CreateEmergencyAccess, EmergencyAccess, EmergencyPatient, ListEmergencyAccesses, Page,
    ReviewEmergencyAccess, SearchEmergencyPatient,
};
use crate::request::Request;

/// Calls about emergency access.
#[derive(Clone, Copy, Debug)]
pub struct EmergencyAccesses<'a>(pub(crate) &'a Client);

impl EmergencyAccesses<'_> {
    /// Looks for a patient by whole name and date of birth; at most three, exact matches only.
    /// Needs fresh factors (`step_up_required`) and a profession that may.
    pub async fn search(&self, search: &SearchEmergencyPatient) -> Result<Page<EmergencyPatient>> {
        let path = "/v1/emergency-access/search";
        let request = Request::post("search_emergency_patient", path)
            .unkeyed()
            .harmless()
            .json(search)?;
        self.0.call(request).await
    }

    /// Opens access to a patient for at most 60 minutes. Needs fresh factors
    /// (`step_up_required`). The network's administrators are told at once, and the access is
    /// reviewed. Use [`Client::with_purpose`] with
    /// [`Purpose::EmergencyTreatment`](crate::models::Purpose::EmergencyTreatment) for it.
    pub async fn create(
        &self,
        patient_id: Uuid,
        access: &CreateEmergencyAccess,
    ) -> Result<EmergencyAccess> {
        let path = format!("/v1/patients/{patient_id}/emergency-access");
        let request = Request::post("create_emergency_access", path).json(access)?;
        self.0.call(request).await
    }

    /// Ends an emergency access before its time.
    pub async fn end(&self, access_id: Uuid) -> Result<EmergencyAccess> {
        let path = format!("/v1/emergency-accesses/{access_id}/end");
        let request = Request::post("end_emergency_access", path).body("application/json", "{}");
        self.0.call(request).await
    }

    /// Emergency accesses: all of the network for administrators and auditors, one's own for
    /// staff.
    pub async fn list(&self, query: &ListEmergencyAccesses) -> Result<Page<EmergencyAccess>> {
        let request =
            Request::get("list_emergency_accesses", "/v1/emergency-accesses").query(query)?;
        self.0.call(request).await
    }

    /// Records what the review of an emergency access found. Needs fresh factors
    /// (`step_up_required`).
    pub async fn review(
        &self,
        access_id: Uuid,
        review: &ReviewEmergencyAccess,
    ) -> Result<EmergencyAccess> {
        let path = format!("/v1/emergency-accesses/{access_id}/review");
        let request = Request::post("review_emergency_access", path).json(review)?;
        self.0.call(request).await
    }
}
