//! Who looked at what.

use crate::client::Client;
use crate::error::Result;
use crate::models::{AccessRecord, ListAccessLog, Page};
use crate::paging::{self, Rows};
use crate::request::Request;

/// Calls about the access log.
#[derive(Clone, Copy, Debug)]
pub struct AccessLog<'a>(pub(crate) &'a Client);

impl AccessLog<'_> {
    /// One page of access records, newest first. For auditors.
    pub async fn list(&self, query: &ListAccessLog) -> Result<Page<AccessRecord>> {
        let request = Request::get("list_access_log", "/v1/access-log").query(query)?;
        self.0.call(request).await
    }

    /// All access records that match, newest first, page after page. For auditors.
    pub fn stream(&self, query: ListAccessLog) -> Rows<AccessRecord> {
        let client = self.0.clone();
        paging::rows(query.cursor.clone(), move |cursor| {
            let (client, mut query) = (client.clone(), query.clone());
            query.cursor = cursor;
            async move { client.access_log().list(&query).await }
        })
    }
}
