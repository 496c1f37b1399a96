//! The monthly report of the access log.

use bytes::Bytes;

use crate::client::Client;
use crate::error::Result;
use crate::request::Request;

/// Calls about the monthly report.
#[derive(Clone, Copy, Debug)]
pub struct AuditReports<'a>(pub(crate) &'a Client);

impl AuditReports<'_> {
    /// The report of a month in Japan, such as `2026-11`, as PDF; that of the current month is an
    /// interim one. For auditors; needs fresh factors (`step_up_required`).
    pub async fn export(&self, month: &str) -> Result<Bytes> {
        let path = format!("/v1/access-log/reports/{month}");
        let request = Request::get("export_audit_report", path).header("accept", "*/*");
        Ok(self.0.execute(request).await?.body)
    }
}
