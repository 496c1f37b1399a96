//! Who has looked (誰が見たか).

use bytes::Bytes;
use uuid::Uuid;

use crate::client::Client;
use crate::error::Result;
use crate::models::{AccessLine, ExportAccesses, ListAccesses, Page};
use crate::paging::{self, Rows};
use crate::request::Request;

/// Calls about who has looked at a patient's record.
#[derive(Clone, Copy, Debug)]
pub struct Accesses<'a>(pub(crate) &'a Client);

impl Accesses<'_> {
    /// One page of who has looked, newest first. For the patient, and for family and proxies for
    /// whom the consent says so.
    ///
    /// A month that has gone into an archive is refused with `access_log_archived`.
    pub async fn list(&self, patient_id: Uuid, query: &ListAccesses) -> Result<Page<AccessLine>> {
        let path = format!("/v1/patients/{patient_id}/accesses");
        let request = Request::get("list_accesses", path).query(query)?;
        self.0.call(request).await
    }

    /// All lines that match, newest first, page after page.
    pub fn stream(&self, patient_id: Uuid, query: ListAccesses) -> Rows<AccessLine> {
        let client = self.0.clone();
        paging::rows(query.cursor.clone(), move |cursor| {
            let (client, mut query) = (client.clone(), query.clone());
            query.cursor = cursor;
            async move { client.accesses().list(patient_id, &query).await }
        })
    }

    /// The proof that a line is in the sealed access log: a file that verifies without the server.
    /// Refused with `access_unsealed` while the entry waits for its seal.
    pub async fn proof(&self, patient_id: Uuid, event_id: Uuid) -> Result<Bytes> {
        let path = format!("/v1/patients/{patient_id}/accesses/{event_id}/proof");
        let request = Request::get("find_access_proof", path).header("accept", "*/*");
        Ok(self.0.execute(request).await?.body)
    }

    /// The proofs of all lines in one file. A file without its last line (`end`) is not whole.
    pub async fn export(&self, patient_id: Uuid, query: &ExportAccesses) -> Result<Bytes> {
        let path = format!("/v1/patients/{patient_id}/accesses/bundle");
        let request = Request::get("export_accesses", path)
            .header("accept", "*/*")
            .query(query)?;
        Ok(self.0.execute(request).await?.body)
    }
}
