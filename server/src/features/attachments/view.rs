//! What a file looks like to its reader.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    model::{Attachment, FileRow, Refusal},
    queries,
};
use crate::{Result, ctx::Tx};

/// An attached file.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AttachmentView {
    /// Identifier.
    id: Uuid,
    /// The patient whom it belongs to, when not to a room.
    patient_id: Option<Uuid>,
    /// The room that it belongs to, when not to a patient.
    room_id: Option<Uuid>,
    /// Name of the file, made harmless.
    name: String,
    /// `photo`, `video`, `audio` or `pdf`, once that is known.
    media: Option<String>,
    /// `uploading`, `checking`, `ready` or `refused`.
    state: String,
    /// Why it was refused.
    refusal: Option<RefusalView>,
    /// How many bytes it was said to have.
    length: i64,
    /// How many have arrived.
    received: i64,
    /// The photo that was drawn on.
    derived_from: Option<Uuid>,
    /// Pages of a PDF.
    pages: Option<i32>,
    /// How long a video or sound is, in milliseconds.
    milliseconds: Option<i32>,
    /// What the check waits for: `scanner`, `store` or nothing.
    waits_for: Option<String>,
    /// Who sent it.
    uploaded_by: Uuid,
    /// When sending began.
    created_at: DateTime<Utc>,
    /// What can be looked at: nothing before it is ready.
    renditions: Vec<RenditionView>,
}

/// Why a file was refused.
#[derive(Debug, Clone, Serialize, ToSchema)]
struct RefusalView {
    /// The stable code.
    code: Refusal,
}

/// A picture or file that can be looked at.
#[derive(Debug, Clone, Serialize, ToSchema)]
struct RenditionView {
    /// `full`, `medium` or `small`.
    rendition: String,
    /// Its media type.
    media_type: String,
    /// How many bytes.
    size: i64,
    /// Width of a picture.
    width: Option<i32>,
    /// Height of a picture.
    height: Option<i32>,
}

fn view(file: Attachment, rows: &[FileRow]) -> AttachmentView {
    let renditions = rows.iter().map(|row| RenditionView {
        rendition: row.rendition.clone(),
        media_type: row.media_type.clone(),
        size: row.size,
        width: row.width,
        height: row.height,
    });
    let refusal = file.refusal.as_deref().and_then(Refusal::parse);
    AttachmentView {
        id: file.id,
        patient_id: file.patient_id,
        room_id: file.room_id,
        name: file.name,
        media: file.media,
        state: file.state,
        refusal: refusal.map(|code| RefusalView { code }),
        length: file.length,
        received: file.received,
        derived_from: file.derived_from,
        pages: file.pages,
        milliseconds: file.milliseconds,
        waits_for: file.check_waits_for,
        uploaded_by: file.uploaded_by,
        created_at: file.created_at,
        renditions: renditions.collect(),
    }
}

/// Makes the view of one file.
pub(super) async fn attachment(tx: &Tx<'_>, file: Attachment) -> Result<AttachmentView> {
    let rows = queries::list_files(tx, &[file.id]).await?;
    Ok(view(file, &rows))
}

/// Makes views of files, by identifier.
pub async fn attachments(tx: &Tx<'_>, ids: &[Uuid]) -> Result<HashMap<Uuid, AttachmentView>> {
    let found = queries::list(tx, ids).await?;
    let mut rows: HashMap<Uuid, Vec<FileRow>> = HashMap::new();
    for row in queries::list_files(tx, ids).await? {
        rows.entry(row.attachment_id).or_default().push(row);
    }
    let made = found.into_iter().map(|file| {
        let own = rows.remove(&file.id).unwrap_or_default();
        (file.id, view(file, &own))
    });
    Ok(made.collect())
}
