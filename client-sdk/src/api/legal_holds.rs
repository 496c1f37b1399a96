//! Times of the access log that are held.

use uuid::Uuid;

use crate::client::Client;
use crate::error::Result;
use crate::models::{CreateLegalHold, LegalHold, ListLegalHolds, Page, ReleaseLegalHold};
use crate::request::Request;

/// Calls about legal holds.
#[derive(Clone, Copy, Debug)]
pub struct LegalHolds<'a>(pub(crate) &'a Client);

impl LegalHolds<'_> {
    /// One page of legal holds, newest first. For auditors and network administrators.
    pub async fn list(&self, query: &ListLegalHolds) -> Result<Page<LegalHold>> {
        let request = Request::get("list_legal_holds", "/v1/legal-holds").query(query)?;
        self.0.call(request).await
    }

    /// Holds a time of the access log. For auditors.
    pub async fn create(&self, hold: &CreateLegalHold) -> Result<LegalHold> {
        let request = Request::post("create_legal_hold", "/v1/legal-holds").json(hold)?;
        self.0.call(request).await
    }

    /// Releases a hold. For auditors; needs fresh factors (`step_up_required`).
    pub async fn release(
        &self,
        legal_hold_id: Uuid,
        release: &ReleaseLegalHold,
    ) -> Result<LegalHold> {
        let path = format!("/v1/legal-holds/{legal_hold_id}/release");
        let request = Request::post("release_legal_hold", path).json(release)?;
        self.0.call(request).await
    }
}
