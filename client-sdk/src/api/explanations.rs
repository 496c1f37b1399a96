//! Why an access was allowed or refused.

use uuid::Uuid;

use crate::client::Client;
use crate::error::Result;
use crate::models::{ExplainAccess, Explanation};
use crate::request::Request;

/// Calls about decisions.
#[derive(Clone, Copy, Debug)]
pub struct Explanations<'a>(pub(crate) &'a Client);

impl Explanations<'_> {
    /// Why an entry of the access log was decided as it was.
    pub async fn of_log_entry(&self, event_id: Uuid) -> Result<Explanation> {
        let path = format!("/v1/access-log/{event_id}/explanation");
        let request = Request::get("explain_access_log_entry", path);
        self.0.call(request).await
    }

    /// Whether somebody may do something now, and why. Nothing is done.
    pub async fn ask(&self, question: &ExplainAccess) -> Result<Explanation> {
        let request = Request::post("explain_access", "/v1/access-explanations")
            .unkeyed()
            .harmless()
            .json(question)?;
        self.0.call(request).await
    }
}
