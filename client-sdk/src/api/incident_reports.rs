//! What a leak has touched.

use bytes::Bytes;

use crate::client::Client;
use crate::error::Result;
use crate::models::{ExportIncidentReport, IncidentReport};
use crate::request::Request;

/// Calls about leaks.
#[derive(Clone, Copy, Debug)]
pub struct IncidentReports<'a>(pub(crate) &'a Client);

impl IncidentReports<'_> {
    /// The persons affected by a leak, with what it takes to tell them and the items of the
    /// official report. For auditors; needs fresh factors (`step_up_required`).
    pub async fn find(&self, asked: &ExportIncidentReport) -> Result<IncidentReport> {
        let request = Request::get("export_incident_report", PATH).query(asked)?;
        self.0.call(request).await
    }

    /// The affected persons as a spreadsheet (CSV).
    pub async fn csv(&self, asked: &ExportIncidentReport) -> Result<Bytes> {
        let mut asked = asked.clone();
        asked.format = Some("csv");
        let request = Request::get("export_incident_report", PATH)
            .header("accept", "*/*")
            .query(&asked)?;
        Ok(self.0.execute(request).await?.body)
    }
}

const PATH: &str = "/v1/access-log/incident-report";
