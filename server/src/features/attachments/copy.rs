//! Files of posts for a copy of the record: whoever calls has decided that the posts may be read.

use uuid::Uuid;

use super::{keys, model::Rendition, queries};
use crate::{Error, Result, ctx::Tx, spine::files::FileKey};

/// Bytes that are opened at a time.
const STEP: u64 = 1024 * 1024;

/// A file that a post shows and that can be looked at.
#[derive(Debug, Clone)]
pub struct Copied {
    /// Its identifier.
    pub id: Uuid,
    /// The post that shows it.
    pub post_id: Uuid,
    /// What people call it.
    pub name: String,
    /// Its media type.
    pub media_type: String,
    /// Its bytes.
    pub size: u64,
    key_id: Uuid,
    object_id: Uuid,
}

impl Copied {
    /// What a name of it ends in: `jpg`.
    pub fn ending(&self) -> &'static str {
        ending(&self.media_type)
    }
}

/// What the name of a file of this media type ends in.
pub(super) fn ending(media_type: &str) -> &'static str {
    match media_type {
        "image/jpeg" => "jpg",
        "image/png" => "png",
        "application/pdf" => "pdf",
        "video/mp4" => "mp4",
        "audio/mp4" => "m4a",
        _ => "bin",
    }
}

/// The files that the newest versions of these posts show, in their order; but those that were refused or are not ready.
pub async fn copy(tx: &Tx<'_>, posts: &[Uuid]) -> Result<Vec<Copied>> {
    let shown = queries::list_newest_links(tx, posts).await?;
    let ids: Vec<Uuid> = shown.iter().map(|(_, id)| *id).collect();
    let files = queries::list(tx, &ids).await?;
    let rows = queries::list_files(tx, &ids).await?;
    let copied = |(post_id, id): (Uuid, Uuid)| {
        let file = files.iter().find(|file| file.id == id)?;
        let whole = rows
            .iter()
            .find(|row| row.attachment_id == id && row.rendition == Rendition::Full.code())?;
        Some(Copied {
            id,
            post_id,
            name: file.name.clone(),
            media_type: whole.media_type.clone(),
            size: u64::try_from(whole.size).unwrap_or_default(),
            key_id: file.key_id,
            object_id: whole.object_id,
        })
    };
    Ok(shown.into_iter().filter_map(copied).collect())
}

/// A piece of such a file, from this byte; empty after its end.
pub async fn copy_bytes(tx: &Tx<'_>, file: &Copied, from: u64) -> Result<Vec<u8>> {
    let until = from.saturating_add(STEP).min(file.size);
    if from >= until {
        return Ok(Vec::new());
    }
    let key = keys::find(tx, file.key_id).await?;
    let (head, chunks) = FileKey::to_fetch(file.size, from, until);
    let place = (tx.tenant_id, file.id, file.object_id);
    let fetched = tx.app().files.get_parts(place, &[head, chunks]).await?;
    let [head, chunks] = fetched.as_slice() else {
        return Err(Error::internal("the store gave other parts"));
    };
    key.open_part(file.object_id, (head, chunks), file.size, from, until)
}
