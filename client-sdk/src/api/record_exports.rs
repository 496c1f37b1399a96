//! Copies of a patient's whole record.

use bytes::Bytes;
use uuid::Uuid;

use crate::client::Client;
use crate::error::Result;
use crate::models::{CreateRecordExport, Page, RecordExport, RecordExportLink};
use crate::request::Request;

/// Calls about copies of records.
#[derive(Clone, Copy, Debug)]
pub struct RecordExports<'a>(pub(crate) &'a Client);

impl RecordExports<'_> {
    /// The copies that the caller asked for, newest first: how far they are, and their files.
    pub async fn list(&self, patient_id: Uuid) -> Result<Page<RecordExport>> {
        let path = format!("/v1/patients/{patient_id}/record-exports");
        self.0.call(Request::get("list_record_exports", path)).await
    }

    /// Asks for a copy; it is made in the background. Needs factors shown lately.
    pub async fn create(&self, patient_id: Uuid, new: &CreateRecordExport) -> Result<RecordExport> {
        let path = format!("/v1/patients/{patient_id}/record-exports");
        let request = Request::post("create_record_export", path).json(new)?;
        self.0.call(request).await
    }

    /// A link that is good for five minutes. Needs factors shown lately.
    pub async fn link(
        &self,
        patient_id: Uuid,
        export_id: Uuid,
        number: u32,
    ) -> Result<RecordExportLink> {
        let path = format!("/v1/patients/{patient_id}/record-exports/{export_id}/links");
        let body = format!("{{\"number\":{number}}}");
        let request =
            Request::post("create_record_export_link", path).body("application/json", body);
        self.0.call(request).await
    }

    /// The file that a link is for; of at most 64 MiB. Larger ones are fetched by other means.
    pub async fn export(&self, link: &RecordExportLink) -> Result<Bytes> {
        let request = Request::get("export_record_file", link.path.clone())
            .header("accept", "*/*")
            .anonymous();
        Ok(self.0.execute(request).await?.body)
    }
}
