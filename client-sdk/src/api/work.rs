//! What waits for the caller.

use crate::client::Client;
use crate::error::Result;
use crate::models::{MyWork, WorkCounts};
use crate::request::Request;

/// Calls about the caller's work.
#[derive(Clone, Copy, Debug)]
pub struct Work<'a>(pub(crate) &'a Client);

impl Work<'_> {
    /// What waits for the caller, over all patients.
    pub async fn find(&self) -> Result<MyWork> {
        self.0.call(Request::get("find_work", "/v1/work")).await
    }

    /// How much waits, and how much is unread.
    pub async fn counts(&self) -> Result<WorkCounts> {
        let request = Request::get("find_work_counts", "/v1/work/counts");
        self.0.call(request).await
    }
}
