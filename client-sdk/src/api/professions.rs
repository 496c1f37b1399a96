//! The register of professions.

use crate::client::Client;
use crate::error::Result;
use crate::models::{CreateProfession, Page, RegisteredProfession};
use crate::request::Request;

/// Calls about professions.
#[derive(Clone, Copy, Debug)]
pub struct Professions<'a>(pub(crate) &'a Client);

impl Professions<'_> {
    /// All professions, those that the network added among them, and what each may do.
    pub async fn list(&self) -> Result<Page<RegisteredProfession>> {
        self.0
            .call(Request::get("list_professions", "/v1/professions"))
            .await
    }

    /// Adds a profession that has the rights of another one. For network administrators; needs
    /// fresh factors (`step_up_required`). Refused with a conflict when the code is taken.
    pub async fn create(&self, profession: &CreateProfession) -> Result<RegisteredProfession> {
        let request = Request::post("create_profession", "/v1/professions").json(profession)?;
        self.0.call(request).await
    }
}
