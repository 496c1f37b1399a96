//! What was given to other facilities.

use bytes::Bytes;
use uuid::Uuid;

use crate::client::Client;
use crate::error::Result;
use crate::models::{ListProvisions, Page, Provision};
use crate::request::Request;

/// Calls about provisions.
#[derive(Clone, Copy, Debug)]
pub struct Provisions<'a>(pub(crate) &'a Client);

impl Provisions<'_> {
    /// What was given of a patient's information, in a span of days.
    pub async fn list(&self, patient_id: Uuid, query: &ListProvisions) -> Result<Page<Provision>> {
        let path = format!("/v1/patients/{patient_id}/provisions");
        let request = Request::get("list_provisions", path).query(query)?;
        self.0.call(request).await
    }

    /// The same as a CSV file (UTF-8 with a byte order mark, so that spreadsheets read it). Needs
    /// fresh factors (`step_up_required`).
    pub async fn export(&self, patient_id: Uuid, query: &ListProvisions) -> Result<Bytes> {
        let path = format!("/v1/patients/{patient_id}/provisions.csv");
        let request = Request::get("export_provisions", path)
            .header("accept", "text/csv")
            .query(query)?;
        Ok(self.0.execute(request).await?.body)
    }
}
