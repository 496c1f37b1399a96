//! System clients of the network.

use crate::client::Client;
use crate::error::Result;
use crate::models::{CreateSystemClient, CreatedSystemClient, Page, SystemClient};
use crate::request::Request;

/// Calls about system clients.
#[derive(Clone, Copy, Debug)]
pub struct Clients<'a>(pub(crate) &'a Client);

impl Clients<'_> {
    /// All system clients. For network administrators.
    pub async fn list(&self) -> Result<Page<SystemClient>> {
        self.0
            .call(Request::get("list_clients", "/v1/clients"))
            .await
    }

    /// Registers a system client; the answer shows its secret this once. For network administrators.
    ///
    /// Sent without an Idempotency-Key and never repeated by itself: the answer is a secret.
    pub async fn create(&self, client: &CreateSystemClient) -> Result<CreatedSystemClient> {
        let request = Request::post("create_client", "/v1/clients")
            .unkeyed()
            .json(client)?;
        self.0.call(request).await
    }
}
