//! Who witnesses the access log.

use uuid::Uuid;

use crate::client::Client;
use crate::error::Result;
use crate::models::{CreateWitness, Page, Witness};
use crate::request::Request;

/// Calls about witnesses of the access log.
#[derive(Clone, Copy, Debug)]
pub struct Witnesses<'a>(pub(crate) &'a Client);

impl Witnesses<'_> {
    /// All witnesses, those that have ended too.
    pub async fn list(&self) -> Result<Page<Witness>> {
        let request = Request::get("list_witnesses", "/v1/witnesses");
        self.0.call(request).await
    }

    /// Enters a witness. Needs factors shown lately.
    pub async fn create(&self, witness: &CreateWitness) -> Result<Witness> {
        let request = Request::post("create_witness", "/v1/witnesses").json(witness)?;
        self.0.call(request).await
    }

    /// Ends a witness. Needs factors shown lately.
    pub async fn end(&self, witness_id: Uuid) -> Result<Witness> {
        let path = format!("/v1/witnesses/{witness_id}/end");
        let request = Request::post("end_witness", path).body("application/json", "{}");
        self.0.call(request).await
    }
}
