//! Makes posts findable by words, in the transaction that writes them.

use uuid::Uuid;

use super::{
    model::{Content, Post},
    queries::{self, NewPost},
};
use crate::{
    Result,
    ctx::Tx,
    features::{
        attachments,
        search::{self, Author, Place, Source},
    },
    spine::{access, auth::Actor},
};

/// A new post, of a class of the access rules, by whoever acts or by a system.
pub(super) async fn add(tx: &Tx<'_>, new: &NewPost<'_>, class: String) -> Result<()> {
    let (me, own_facility) = tx.actor.ids();
    let author = match (new.by_system, tx.actor) {
        (Some((client, _)), _) => Some(Author::Client(client)),
        (None, Actor::Person(_)) => Some(Author::Staff(me)),
        (None, Actor::System(_)) => Some(Author::Client(me)),
        (None, Actor::Anonymous | Actor::Worker) => None,
    };
    let (title, body) = text(tx, &new.content).await?;
    let entry = search::Entry {
        source: Source::Post,
        id: new.id,
        kind: new.kind,
        place: Place::Patient(new.patient_id, class),
        post_id: Some(new.id),
        facility_id: new.by_system.map_or(own_facility, |(_, facility)| facility),
        author,
        at: tx.now,
        title: &title,
        body: &body,
    };
    search::put(tx, &entry).await
}

/// A new version of a post; without content, the one that takes it back.
pub(super) async fn change(tx: &Tx<'_>, post: &Post, content: Option<&Content>) -> Result<()> {
    let Some(content) = content else {
        return search::remove_post(tx, post.id).await;
    };
    let (title, body) = text(tx, content).await?;
    let entry = search::Entry {
        title: &title,
        body: &body,
        ..whose(post)
    };
    search::put(tx, &entry).await
}

/// Where a post is found, whoever wrote it, without its words.
fn whose(post: &Post) -> search::Entry<'_> {
    let (channel, information, sensitivity) = post.class();
    let class = access::class(channel, information, sensitivity);
    let system = post.author_client_id.map(Author::Client);
    search::Entry {
        source: Source::Post,
        id: post.id,
        kind: &post.kind,
        place: Place::Patient(post.patient_id, class),
        post_id: Some(post.id),
        facility_id: post.facility_id,
        author: post.author_staff_id.map(Author::Staff).or(system),
        at: post.recorded_at,
        title: "",
        body: "",
    }
}

/// The files that a post shows: their names, and the words in them as far as they are known.
pub(super) async fn files(tx: &Tx<'_>, post: &Post, shown: &[Uuid]) -> Result<()> {
    search::remove_files_but(tx, post.id, shown).await?;
    for (id, name, body) in attachments::words(tx, shown).await? {
        let entry = search::Entry {
            source: Source::Attachment,
            id,
            kind: Source::Attachment.code(),
            title: &name,
            body: &body,
            ..whose(post)
        };
        search::put(tx, &entry).await?;
    }
    Ok(())
}

/// Makes the words of a post's files findable that have become known since it was written; nothing when it was taken back.
pub async fn make_files_findable(tx: &Tx<'_>, post_id: Uuid) -> Result<()> {
    let Some(post) = queries::find(tx, post_id).await? else {
        return Ok(());
    };
    if post.retracted {
        return Ok(());
    }
    let shown = attachments::latest_of(tx, post_id, post.version).await?;
    files(tx, &post, &shown).await
}

/// Title and text of what a version says.
async fn text(tx: &Tx<'_>, content: &Content) -> Result<(String, String)> {
    match content.document_id {
        Some(id) => search::text_of_document(tx, id).await,
        None => Ok((String::new(), content.body.clone().unwrap_or_default())),
    }
}
