//! System clients of the network.

use crate::client::Client;
use crate::error::Result;
use crate::models::{CreateSystemClient, CreatedSystemClient, ListClients, Page, SystemClient};
use crate::paging::{self, Rows};
use crate::request::Request;

/// Calls about system clients.
#[derive(Clone, Copy, Debug)]
pub struct Clients<'a>(pub(crate) &'a Client);

impl Clients<'_> {
    /// One page of system clients. For network administrators.
    pub async fn list(&self, query: &ListClients) -> Result<Page<SystemClient>> {
        let request = Request::get("list_clients", "/v1/clients").query(query)?;
        self.0.call(request).await
    }

    /// All system clients, page after page. For network administrators.
    pub fn stream(&self, query: ListClients) -> Rows<SystemClient> {
        let client = self.0.clone();
        paging::rows(query.cursor.clone(), move |cursor| {
            let (client, mut query) = (client.clone(), query.clone());
            query.cursor = cursor;
            async move { client.clients().list(&query).await }
        })
    }

    /// Registers a system client; the answer shows its secret this once. For network administrators.
    pub async fn create(&self, client: &CreateSystemClient) -> Result<CreatedSystemClient> {
        let request = Request::post("create_client", "/v1/clients").json(client)?;
        self.0.call(request).await
    }
}
