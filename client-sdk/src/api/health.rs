//! Whether the server runs, and the published interface.

use crate::client::Client;
use crate::error::Result;
use crate::models::{Health, Readiness};
use crate::request::Request;

/// Calls about the server itself. They need no credentials.
#[derive(Clone, Copy, Debug)]
pub struct HealthChecks<'a>(pub(crate) &'a Client);

impl HealthChecks<'_> {
    /// Whether the server's process runs.
    pub async fn find(&self) -> Result<Health> {
        self.0
            .call(Request::get("find_health", "/healthz").anonymous())
            .await
    }

    /// Whether the server can do its work now; status 503 when it cannot.
    pub async fn find_readiness(&self) -> Result<Readiness> {
        self.0
            .call(Request::get("find_readiness", "/readyz").anonymous())
            .await
    }

    /// The published interface as an OpenAPI document.
    pub async fn find_openapi(&self) -> Result<serde_json::Value> {
        self.0
            .call(Request::get("find_openapi", "/v1/openapi.json").anonymous())
            .await
    }
}
