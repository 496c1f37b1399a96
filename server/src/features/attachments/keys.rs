//! The keys of files: one for each patient and each room, made when the first file is sent.

use uuid::Uuid;

use super::{
    model::Holder,
    queries::{self, KeyRow},
};
use crate::{
    Error, Result,
    ctx::Tx,
    spine::{files::FileKey, ids},
};

const PURPOSE: &str = "file_key";

/// The key of a holder, made if there is none yet.
pub(super) async fn of_holder(tx: &Tx<'_>, holder: Holder) -> Result<Uuid> {
    if let Some(row) = queries::find_key_of(tx, holder).await? {
        opened(tx, &row)?;
        return Ok(row.id);
    }
    let id = ids::new_id();
    let sealed = tx
        .app()
        .seal
        .seal(PURPOSE, &[tx.tenant_id, id], &ids::secret()?)?;
    queries::insert_key(tx, id, holder, &sealed).await?;
    // Of two that make one at once, the first stands.
    let row = queries::find_key_of(tx, holder).await?;
    row.map(|row| row.id)
        .ok_or_else(|| Error::internal("the key of files is gone"))
}

/// The key with this identifier.
pub(super) async fn find(tx: &Tx<'_>, id: Uuid) -> Result<FileKey> {
    let row = queries::find_key(tx, id).await?;
    opened(tx, &row)
}

fn opened(tx: &Tx<'_>, row: &KeyRow) -> Result<FileKey> {
    let gone = || Error::Conflict("attachment_destroyed", "the files have been destroyed");
    let sealed = row.sealed.as_deref().ok_or_else(gone)?;
    let opened = tx.app().seal.open(PURPOSE, &[tx.tenant_id, row.id], sealed);
    FileKey::from_bytes(&opened.ok_or_else(|| Error::internal("a key of files does not open"))?)
}

/// Destroys the key of a holder: nothing that lies under it can be read any more, in copies neither. For erasing what has
/// been kept long enough; whoever calls it has decided that, and records it.
pub async fn destroy_key(tx: &Tx<'_>, holder: Holder) -> Result<bool> {
    queries::destroy_key(tx, holder).await
}
