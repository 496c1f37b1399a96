//! Files in messages: sent for the room, shown by one message.

use std::collections::HashMap;

use uuid::Uuid;

use super::{model::Message, queries};
use crate::{
    Error, Result,
    ctx::Tx,
    features::attachments::{self, AttachmentView, Holder},
};

/// Shows files in a version of a message, which are in no other message: who may see a file must not grow by another.
pub(super) async fn link(
    tx: &Tx<'_>,
    room_id: Uuid,
    (message_id, version): (Uuid, i32),
    ids: &[Uuid],
) -> Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    let shown = queries::list_messages_of(tx, ids).await?;
    if shown.iter().any(|(_, message)| *message != message_id) {
        let message = "files of this room that you have sent, shown nowhere else";
        return Err(Error::invalid("attachment_ids", "not_allowed", message));
    }
    let here: Vec<Uuid> = shown.into_iter().map(|(id, _)| id).collect();
    attachments::check_link(tx, Holder::Room(room_id), ids, &here).await?;
    queries::insert_files(tx, (message_id, version), ids).await
}

/// The files that this version of a message shows.
pub(super) async fn of_version(tx: &Tx<'_>, message_id: Uuid, version: i32) -> Result<Vec<Uuid>> {
    let links = queries::list_files(tx, &[message_id]).await?;
    let of_version = links.into_iter().filter(|(_, of, _)| *of == version);
    Ok(of_version.map(|(_, _, id)| id).collect())
}

/// The files that the newest versions of these messages show.
pub(super) async fn of_messages(
    tx: &Tx<'_>,
    rows: &[Message],
) -> Result<HashMap<Uuid, Vec<AttachmentView>>> {
    let newest: HashMap<Uuid, i32> = rows.iter().map(|row| (row.id, row.version)).collect();
    let ids: Vec<Uuid> = newest.keys().copied().collect();
    let mut links = queries::list_files(tx, &ids).await?;
    links.retain(|(message, version, _)| newest.get(message) == Some(version));
    let shown: Vec<Uuid> = links.iter().map(|(_, _, id)| *id).collect();
    let views = attachments::views(tx, &shown).await?;
    let mut of: HashMap<Uuid, Vec<AttachmentView>> = HashMap::new();
    for (message, _, id) in links {
        if let Some(view) = views.get(&id) {
            of.entry(message).or_default().push(view.clone());
        }
    }
    Ok(of)
}

/// The files that every version of a message showed and that its newest version shows still, by version.
pub(super) async fn of_versions(
    tx: &Tx<'_>,
    message: &Message,
) -> Result<HashMap<i32, Vec<AttachmentView>>> {
    let links = queries::list_files(tx, &[message.id]).await?;
    let newest = links.iter().filter(|(_, of, _)| *of == message.version);
    let shown: Vec<Uuid> = newest.map(|(_, _, id)| *id).collect();
    let views = attachments::views(tx, &shown).await?;
    let mut of: HashMap<i32, Vec<AttachmentView>> = HashMap::new();
    for (_, version, id) in links {
        if let Some(view) = views.get(&id) {
            of.entry(version).or_default().push(view.clone());
        }
    }
    Ok(of)
}
