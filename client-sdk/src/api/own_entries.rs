//! What one has written, for copying into records kept elsewhere.

use bytes::Bytes;
use uuid::Uuid;

use crate::client::Client;
use crate::error::Result;
use crate::models::{ExportOwnEntries, ListOwnEntries, OwnEntry, Page};
use crate::request::Request;

/// Calls about own entries.
#[derive(Clone, Copy, Debug)]
pub struct OwnEntries<'a>(pub(crate) &'a Client);

impl OwnEntries<'_> {
    /// What the caller wrote about a patient on some days, oldest first.
    pub async fn list(&self, patient_id: Uuid, query: &ListOwnEntries) -> Result<Page<OwnEntry>> {
        let path = format!("/v1/patients/{patient_id}/own-entries");
        let request = Request::get("list_own_entries", path).query(query)?;
        self.0.call(request).await
    }

    /// The same as a spreadsheet (CSV).
    pub async fn export(&self, patient_id: Uuid, query: &ExportOwnEntries) -> Result<Bytes> {
        let path = format!("/v1/patients/{patient_id}/own-entries.csv");
        let request = Request::get("export_own_entries", path)
            .header("accept", "*/*")
            .query(query)?;
        Ok(self.0.execute(request).await?.body)
    }
}
