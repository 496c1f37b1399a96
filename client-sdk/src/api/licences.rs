//! Licences of staff members.

use uuid::Uuid;

use crate::client::Client;
use crate::error::Result;
use crate::models::{CreateLicence, Licence, Page};
use crate::request::Request;

/// Calls about licences.
#[derive(Clone, Copy, Debug)]
pub struct Licences<'a>(pub(crate) &'a Client);

impl Licences<'_> {
    /// The licences of the person who holds this post, revoked ones too.
    pub async fn list(&self, staff_member_id: Uuid) -> Result<Page<Licence>> {
        let path = format!("/v1/staff-members/{staff_member_id}/licences");
        self.0.call(Request::get("list_licences", path)).await
    }

    /// Records a licence that was verified. For network administrators; needs fresh factors
    /// (`step_up_required`).
    pub async fn create(&self, staff_member_id: Uuid, licence: &CreateLicence) -> Result<Licence> {
        let path = format!("/v1/staff-members/{staff_member_id}/licences");
        let request = Request::post("create_licence", path).json(licence)?;
        self.0.call(request).await
    }

    /// Says that a licence counts no more. For network administrators; needs fresh factors
    /// (`step_up_required`).
    pub async fn revoke(&self, licence_id: Uuid) -> Result<Licence> {
        let path = format!("/v1/licences/{licence_id}/revoke");
        let request = Request::post("revoke_licence", path).body("application/json", "{}");
        self.0.call(request).await
    }
}
