//! Looking for words in everything that the caller may read.

use crate::client::Client;
use crate::error::Result;
use crate::models::{Found, Page, SearchWords};
use crate::request::Request;

/// Calls about searching.
#[derive(Clone, Copy, Debug)]
pub struct Search<'a>(pub(crate) &'a Client);

impl Search<'_> {
    /// One page of what was found, newest first. The words go in the body, never in an address.
    pub async fn run(&self, words: &SearchWords) -> Result<Page<Found>> {
        let request = Request::post("search_entries", "/v1/search").json(words)?;
        self.0.call(request).await
    }
}
