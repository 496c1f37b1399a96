//! Makes messages findable by words, with the names of their files and the words in them.

use uuid::Uuid;

use super::{files, queries};
use crate::{
    Result,
    ctx::Tx,
    features::{
        attachments,
        search::{self, Author, Place, Source},
    },
};

/// Makes a message by somebody of this facility findable as it stands now, for those who may read it in its room; what
/// was taken back or moved is found no more.
pub async fn make_findable(tx: &Tx<'_>, message_id: Uuid, facility_id: Uuid) -> Result<()> {
    let found = queries::find(tx, message_id).await?;
    let Some(message) = found.filter(|message| message.state == "kept") else {
        return search::remove(tx, Source::Message, message_id).await;
    };
    let shown = files::of_version(tx, message_id, message.version).await?;
    let mut body = message.body.unwrap_or_default();
    let mut names = Vec::with_capacity(shown.len());
    for (_, name, words) in attachments::words(tx, &shown).await? {
        names.push(name);
        body.push('\n');
        body.push_str(&words);
    }
    let entry = search::Entry {
        source: Source::Message,
        id: message_id,
        kind: Source::Message.code(),
        place: Place::Room(message.room_id),
        post_id: None,
        facility_id,
        author: Some(Author::Staff(message.author_id)),
        at: message.recorded_at,
        title: &names.join("、"),
        body: body.trim(),
    };
    search::put(tx, &entry).await
}
