//! Who stands in for whom.

use uuid::Uuid;

use crate::client::Client;
use crate::error::Result;
use crate::models::{CreateSubstitution, Page, Substitution};
use crate::request::Request;

/// Calls about substitutions.
#[derive(Clone, Copy, Debug)]
pub struct Substitutions<'a>(pub(crate) &'a Client);

impl Substitutions<'_> {
    /// Substitutions that the caller gave or took; all of the network for administrators.
    pub async fn list(&self) -> Result<Page<Substitution>> {
        let request = Request::get("list_substitutions", "/v1/substitutions");
        self.0.call(request).await
    }

    /// Lets somebody stand in for a member of care teams, from a moment to a moment.
    pub async fn create(&self, substitution: &CreateSubstitution) -> Result<Substitution> {
        let request =
            Request::post("create_substitution", "/v1/substitutions").json(substitution)?;
        self.0.call(request).await
    }

    /// Ends a substitution before its time.
    pub async fn end(&self, substitution_id: Uuid) -> Result<Substitution> {
        let path = format!("/v1/substitutions/{substitution_id}/end");
        let request = Request::post("end_substitution", path).body("application/json", "{}");
        self.0.call(request).await
    }
}
