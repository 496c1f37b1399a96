//! Makes posts findable by words, in the transaction that writes them.

use super::{
    model::{Content, Post},
    queries::NewPost,
};
use crate::{
    Result,
    ctx::Tx,
    features::search::{self, Author, Place, Source},
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
    let (channel, information, sensitivity) = post.class();
    let (title, body) = text(tx, content).await?;
    let entry = search::Entry {
        source: Source::Post,
        id: post.id,
        kind: &post.kind,
        place: Place::Patient(
            post.patient_id,
            access::class(channel, information, sensitivity),
        ),
        post_id: Some(post.id),
        facility_id: post.facility_id,
        author: post
            .author_staff_id
            .map(Author::Staff)
            .or(post.author_client_id.map(Author::Client)),
        at: post.recorded_at,
        title: &title,
        body: &body,
    };
    search::put(tx, &entry).await
}

/// Title and text of what a version says.
async fn text(tx: &Tx<'_>, content: &Content) -> Result<(String, String)> {
    match content.document_id {
        Some(id) => search::text_of_document(tx, id).await,
        None => Ok((String::new(), content.body.clone().unwrap_or_default())),
    }
}
