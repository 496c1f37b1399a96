//! Rights that the network takes away from professions.

use uuid::Uuid;

use crate::client::Client;
use crate::error::Result;
use crate::models::{AccessOverride, CreateAccessOverride, Page};
use crate::request::Request;

/// Calls about rights that the network takes away. For network administrators.
#[derive(Clone, Copy, Debug)]
pub struct AccessOverrides<'a>(pub(crate) &'a Client);

impl AccessOverrides<'_> {
    /// The rights that the network has taken away.
    pub async fn list(&self) -> Result<Page<AccessOverride>> {
        let request = Request::get("list_access_overrides", "/v1/access-overrides");
        self.0.call(request).await
    }

    /// Takes a right away from a profession, from the next request on. Needs fresh factors
    /// (`step_up_required`).
    pub async fn create(&self, narrowing: &CreateAccessOverride) -> Result<AccessOverride> {
        let request =
            Request::post("create_access_override", "/v1/access-overrides").json(narrowing)?;
        self.0.call(request).await
    }

    /// Gives a right back that the network had taken away. Needs fresh factors
    /// (`step_up_required`).
    pub async fn remove(&self, override_id: Uuid) -> Result<AccessOverride> {
        let path = format!("/v1/access-overrides/{override_id}/remove");
        let request = Request::post("remove_access_override", path).body("application/json", "{}");
        self.0.call(request).await
    }
}
