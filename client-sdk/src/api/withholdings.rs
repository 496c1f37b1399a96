//! What is withheld from patients of their access list.

use uuid::Uuid;

use crate::client::Client;
use crate::error::Result;
use crate::models::{CreateWithholding, ListWithholdings, Page, Withholding};
use crate::request::Request;

/// Calls about what is withheld from patients.
#[derive(Clone, Copy, Debug)]
pub struct Withholdings<'a>(pub(crate) &'a Client);

impl Withholdings<'_> {
    /// One page of what is or was withheld, newest first. For network administrators and auditors.
    pub async fn list(&self, query: &ListWithholdings) -> Result<Page<Withholding>> {
        let request = Request::get("list_withholdings", "/v1/withholdings").query(query)?;
        self.0.call(request).await
    }

    /// Withholds entries from a patient for a while. For network administrators; needs fresh
    /// factors (`step_up_required`).
    pub async fn create(&self, withholding: &CreateWithholding) -> Result<Withholding> {
        let request = Request::post("create_withholding", "/v1/withholdings").json(withholding)?;
        self.0.call(request).await
    }

    /// Ends a withholding before its last day. Needs fresh factors (`step_up_required`).
    pub async fn end(&self, withholding_id: Uuid) -> Result<Withholding> {
        let path = format!("/v1/withholdings/{withholding_id}/end");
        let request = Request::post("end_withholding", path).body("application/json", "{}");
        self.0.call(request).await
    }
}
