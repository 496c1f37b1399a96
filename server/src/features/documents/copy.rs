//! Documents for copies of the record.

use serde_json::Value;
use uuid::Uuid;

use super::{queries, view};
use crate::{Error, Result, ctx::Tx};

/// A document of a post that the reader has been shown, as the interface shows it.
pub async fn copy(tx: &Tx<'_>, document_id: Uuid) -> Result<Option<Value>> {
    let Some(row) = queries::find(tx, document_id).await? else {
        return Ok(None);
    };
    let sent_by = queries::sender(tx, row.client_id).await?;
    let view = view::document(row, sent_by, true)?;
    serde_json::to_value(view)
        .map(Some)
        .map_err(Error::internal)
}

/// Its bytes as they came: a FHIR Bundle as JSON.
pub async fn copy_original(tx: &Tx<'_>, document_id: Uuid) -> Result<Vec<u8>> {
    queries::find_original(tx, document_id).await
}
