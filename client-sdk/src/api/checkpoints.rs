//! Checkpoints of the access log.

use crate::client::Client;
use crate::error::Result;
use crate::models::{
    Checkpoint, CheckpointState, ConsistencyProof, FindConsistencyProof, ListCheckpoints, Page,
};
use crate::paging::{self, Rows};
use crate::request::Request;

/// Calls about checkpoints of the access log.
#[derive(Clone, Copy, Debug)]
pub struct Checkpoints<'a>(pub(crate) &'a Client);

impl Checkpoints<'_> {
    /// The newest checkpoint, and whether the log can be believed.
    pub async fn find(&self) -> Result<CheckpointState> {
        let request = Request::get("find_checkpoint", "/v1/access-log/checkpoint");
        self.0.call(request).await
    }

    /// One page of the checkpoints that are kept, newest first.
    pub async fn list(&self, query: &ListCheckpoints) -> Result<Page<Checkpoint>> {
        let request =
            Request::get("list_checkpoints", "/v1/access-log/checkpoints").query(query)?;
        self.0.call(request).await
    }

    /// All of them, page after page.
    pub fn stream(&self, query: ListCheckpoints) -> Rows<Checkpoint> {
        let client = self.0.clone();
        paging::rows(query.cursor.clone(), move |cursor| {
            let (client, mut query) = (client.clone(), query.clone());
            query.cursor = cursor;
            async move { client.checkpoints().list(&query).await }
        })
    }

    /// The proof that the log grew from one size to another.
    pub async fn prove(&self, query: &FindConsistencyProof) -> Result<ConsistencyProof> {
        let request =
            Request::get("find_consistency_proof", "/v1/access-log/consistency").query(query)?;
        self.0.call(request).await
    }
}
