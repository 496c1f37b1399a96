//! Requests to acknowledge or to answer posts.

use uuid::Uuid;

use crate::client::Client;
use crate::error::Result;
use crate::models::{Ask, AskAcknowledgement, Duty, ListAcknowledgements, Page};
use crate::request::Request;

/// Calls about requests to acknowledge.
#[derive(Clone, Copy, Debug)]
pub struct Acknowledgements<'a>(pub(crate) &'a Client);

impl Acknowledgements<'_> {
    /// Asks people, professions or facilities about a post that is there already. Answers with all requests of the post.
    pub async fn ask(&self, post_id: Uuid, ask: &AskAcknowledgement) -> Result<Page<Ask>> {
        let path = format!("/v1/posts/{post_id}/acknowledgements");
        let request = Request::post("ask_acknowledgement", path).json(ask)?;
        self.0.call(request).await
    }

    /// Takes a request of the caller's back. A second time changes nothing.
    pub async fn withdraw(&self, ask_id: Uuid) -> Result<Ask> {
        let path = format!("/v1/acknowledgements/{ask_id}/withdraw");
        let request =
            Request::post("withdraw_acknowledgement", path).body("application/json", "{}");
        self.0.call(request).await
    }

    /// What is asked of the caller, or by the caller.
    pub async fn list(&self, query: &ListAcknowledgements) -> Result<Page<Duty>> {
        let request = Request::get("list_acknowledgements", "/v1/acknowledgements").query(query)?;
        self.0.call(request).await
    }
}
