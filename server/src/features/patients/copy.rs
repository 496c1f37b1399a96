//! A patient for copies of the record.

use serde_json::Value;
use uuid::Uuid;

use super::{policy, view};
use crate::{Error, Result, ctx::Tx};

/// The patient as the interface shows it to whoever acts, without what is about the reader.
pub async fn copy(tx: &Tx<'_>, patient_id: Uuid) -> Result<Value> {
    let seen = policy::may_see(tx, patient_id).await?;
    let view = view::patient(tx, &seen).await?;
    let mut value = serde_json::to_value(view).map_err(Error::internal)?;
    if let Some(fields) = value.as_object_mut() {
        for about_reader in ["access", "permissions", "readers", "consent"] {
            fields.remove(about_reader);
        }
    }
    Ok(value)
}
