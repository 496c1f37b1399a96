//! The demonstration's mailbox.

use crate::client::Client;
use crate::error::Result;
use crate::models::{Mail, Page};
use crate::request::Request;

/// Calls about mail.
#[derive(Clone, Copy, Debug)]
pub struct Mailbox<'a>(pub(crate) &'a Client);

impl Mailbox<'_> {
    /// The mail that the server wrote, newest first. Nobody needs to have signed in. `not_found`
    /// unless the server runs as a demonstration.
    pub async fn list(&self) -> Result<Page<Mail>> {
        let request = Request::get("list_mails", "/v1/mailbox").anonymous();
        self.0.call(request).await
    }
}
