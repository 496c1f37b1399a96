//! Who looked at what.

use bytes::Bytes;
use futures_util::stream::{self, BoxStream, StreamExt};
use serde_json::Value;
use uuid::Uuid;

use crate::client::Client;
use crate::error::{Error, Result};
use crate::models::{
    AccessLogSummary, AccessProof, AccessRecord, CountAccessLog, ExportAccessLog, HeatMap,
    ListAccessLog, ListMaintenance, LogFormat, Maintenance, Page, SearchAuditEvents,
};
use crate::paging::{self, Rows};
use crate::request::{Request, read};

/// Calls about the access log.
#[derive(Clone, Copy, Debug)]
pub struct AccessLog<'a>(pub(crate) &'a Client);

impl AccessLog<'_> {
    /// One page of access records, newest first. For auditors.
    pub async fn list(&self, query: &ListAccessLog) -> Result<Page<AccessRecord>> {
        let request = Request::get("list_access_log", "/v1/access-log").query(query)?;
        self.0.call(request).await
    }

    /// All access records that match, newest first, page after page. For auditors.
    pub fn stream(&self, query: ListAccessLog) -> Rows<AccessRecord> {
        let client = self.0.clone();
        paging::rows(query.cursor.clone(), move |cursor| {
            let (client, mut query) = (client.clone(), query.clone());
            query.cursor = cursor;
            async move { client.access_log().list(&query).await }
        })
    }

    /// The log in numbers. For auditors.
    pub async fn summary(&self, query: &CountAccessLog) -> Result<AccessLogSummary> {
        let request = Request::get("find_access_log_summary", "/v1/access-log/summary");
        self.0.call(request.query(query)?).await
    }

    /// Records by weekday and hour in Japan. For auditors.
    pub async fn heat_map(&self, query: &CountAccessLog) -> Result<HeatMap> {
        let request = Request::get("find_access_log_heat_map", "/v1/access-log/heat-map");
        self.0.call(request.query(query)?).await
    }

    /// The proof that a record is in the sealed log. For auditors.
    pub async fn proof(&self, event_id: Uuid) -> Result<AccessProof> {
        let path = format!("/v1/access-log/{event_id}/proof");
        self.0
            .call(Request::get("find_access_log_proof", path))
            .await
    }

    /// The log as a file, piece by piece as the server reads it. An error instead of the end means that the file is not
    /// complete. For auditors who have shown their factors lately.
    pub async fn export(
        &self,
        query: &ExportAccessLog,
    ) -> Result<BoxStream<'static, Result<Bytes>>> {
        let mut query = query.clone();
        query.format.get_or_insert(LogFormat::Csv);
        let request = Request::get("export_access_log", "/v1/access-log/export")
            .header("accept", "*/*")
            .query(&query)?;
        let opening = self.0.open(&request, None);
        let response = tokio::time::timeout(self.0.transport.timeout, opening)
            .await
            .map_err(|_| Error::transport("the server did not answer in time"))???;
        if !response.status().is_success() {
            return Err(Error::refused(&read(response).await?));
        }
        let pieces = stream::try_unfold(response, |mut response| async move {
            let piece = response.chunk().await.map_err(Error::from)?;
            Ok(piece.map(|piece| (piece, response)))
        });
        Ok(pieces.boxed())
    }

    /// Whom of the vendor or operator the network let in, and what they did. For auditors and administrators.
    pub async fn list_maintenance(&self, query: &ListMaintenance) -> Result<Page<Maintenance>> {
        let request = Request::get("list_maintenance", "/v1/access-log/maintenance");
        self.0.call(request.query(query)?).await
    }

    /// The log as AuditEvents: a searchset Bundle of FHIR R4. For auditors.
    pub async fn search_audit_events(&self, query: &SearchAuditEvents) -> Result<Value> {
        let request = Request::get("search_audit_events", "/fhir/r4/AuditEvent")
            .header("accept", "application/fhir+json")
            .query(query)?;
        self.0.call(request).await
    }
}
