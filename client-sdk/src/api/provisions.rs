//! What was given to other facilities (第三者提供記録).

use bytes::Bytes;
use uuid::Uuid;

use crate::client::Client;
use crate::error::Result;
use crate::models::{ExportProvisions, ListProvisions, Page, Provision};
use crate::paging::{self, Rows};
use crate::request::Request;

/// Calls about what was given to other facilities.
#[derive(Clone, Copy, Debug)]
pub struct Provisions<'a>(pub(crate) &'a Client);

impl Provisions<'_> {
    /// One page of what of a patient was given, newest first.
    pub async fn list(&self, patient_id: Uuid, query: &ListProvisions) -> Result<Page<Provision>> {
        let path = format!("/v1/patients/{patient_id}/provisions");
        let request = Request::get("list_provisions", path).query(query)?;
        self.0.call(request).await
    }

    /// All that of a patient was given, page after page.
    pub fn stream(&self, patient_id: Uuid, query: ListProvisions) -> Rows<Provision> {
        let client = self.0.clone();
        paging::rows(query.cursor.clone(), move |cursor| {
            let (client, mut query) = (client.clone(), query.clone());
            query.cursor = cursor;
            async move { client.provisions().list(patient_id, &query).await }
        })
    }

    /// The same as a spreadsheet (CSV), to be handed to the patient. Needs factors shown lately.
    pub async fn export(&self, patient_id: Uuid, query: &ExportProvisions) -> Result<Bytes> {
        let path = format!("/v1/patients/{patient_id}/provisions.csv");
        let request = Request::get("export_provisions", path)
            .header("accept", "*/*")
            .query(query)?;
        Ok(self.0.execute(request).await?.body)
    }
}
