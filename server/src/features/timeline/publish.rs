//! What other features need of the timeline: putting a received document on it, and who can read what.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{
    findable,
    model::Content,
    people,
    policy::{self, Read},
    queries::{self, Beside, NewPost},
};
use crate::{
    Error, Result,
    ctx::Tx,
    features::events,
    spine::{
        access::{self, NAMED, Permit, PostFacts, Reader, Scope},
        ids,
    },
};

/// Everybody who has to do with a patient today, with what of the timeline each may read, by the same rules as
/// everywhere.
pub async fn reader_scopes(tx: &Tx<'_>, patient_id: Uuid) -> Result<Vec<(Uuid, Scope)>> {
    let readers = access::readers(tx, patient_id).await?;
    let engine = &tx.app().access;
    let scope = |reader: Reader| {
        let Reader {
            actor,
            ground,
            purpose,
        } = &reader;
        let scope = access::scope_for(engine, actor, tx.tenant_id, *ground, *purpose);
        (reader.staff_member_id(), scope)
    };
    Ok(readers.into_iter().map(scope).collect())
}

/// Who may read a post today.
pub async fn readers_of(tx: &Tx<'_>, post_id: Uuid) -> Result<Vec<Uuid>> {
    let Some(post) = queries::find(tx, post_id).await? else {
        return Ok(Vec::new());
    };
    let people = people::people_of(tx, &post).await?;
    let readers = reader_scopes(tx, post.patient_id).await?.into_iter();
    Ok(readers
        .filter(|(id, scope)| {
            scope.covers_post(post.class(), post.facility_id, people.contains(id))
        })
        .map(|(id, _)| id)
        .collect())
}

/// What the rules look at in a post, seen by the caller.
pub async fn facts_of(tx: &Tx<'_>, post_id: Uuid) -> Result<Option<PostFacts>> {
    match queries::find(tx, post_id).await? {
        Some(post) => Ok(Some(policy::facts(tx, &post).await?)),
        None => Ok(None),
    }
}

/// Those of these posts that name the caller as a reader.
pub async fn named_to_caller(tx: &Tx<'_>, posts: &[Uuid]) -> Result<HashSet<Uuid>> {
    let me = tx.actor.ids().0;
    let named = people::list_recipients_of(tx, posts).await?;
    let mine = named.into_iter().filter(|(_, person)| *person == me);
    Ok(mine.map(|(post, _)| post).collect())
}

/// Whom a post mentions, by name or by profession, of those who may read it today; never its author. Nobody when it was
/// taken back.
pub async fn mentioned(tx: &Tx<'_>, post_id: Uuid) -> Result<Vec<Uuid>> {
    let found = queries::find(tx, post_id).await?;
    let Some(post) = found.filter(|post| !post.retracted) else {
        return Ok(Vec::new());
    };
    let mut readers = readers_of(tx, post_id).await?;
    let professions = people::list_professions(tx, &readers).await?;
    let of_profession = |id: &Uuid| {
        let own = professions.iter().find(|(of, _)| of == id);
        own.is_some_and(|(_, own)| post.mentioned_professions.contains(own))
    };
    readers.retain(|id| {
        post.author_staff_id != Some(*id)
            && (post.mentioned_staff.contains(id) || of_profession(id))
    });
    Ok(readers)
}

/// Puts a document on the timeline of its patient, for the whole team; answers with the post. The permit is that of the
/// act which brought the document here; the author is the system that sent it, given with
/// its facility.
pub async fn publish_document<V>(
    tx: &Tx<'_>,
    _: Permit<V>,
    patient_id: Uuid,
    document: (Uuid, DateTime<Utc>),
    sender: (Uuid, Uuid),
) -> Result<Uuid> {
    let (document_id, authored_at) = document;
    let content = Content {
        document_id: Some(document_id),
        ..Content::default()
    };
    let id = ids::new_id();
    let observed_at = authored_at.min(tx.now);
    let post = NewPost {
        id,
        patient_id,
        kind: "document",
        channel: "team",
        sensitivity: None,
        reply_to: None,
        observed_at,
        content,
        by_system: Some(sender),
        automatic: false,
        beside: Beside::default(),
    };
    queries::put(tx, &post).await?;
    events::enqueue_post(tx, events::POST_CREATED, patient_id, id).await?;
    Ok(id)
}

/// Replaces the document of a post: a new version of the same post, by the system that sent it.
pub async fn replace_document<V>(
    tx: &Tx<'_>,
    _: Permit<V>,
    post_id: Uuid,
    document_id: Uuid,
    client_id: Uuid,
) -> Result<()> {
    let post = queries::find(tx, post_id).await?.ok_or(Error::NotFound)?;
    let content = Content {
        document_id: Some(document_id),
        ..Content::default()
    };
    let version = post.version + 1;
    queries::advance(tx, post_id, version).await?;
    let reason = Some("送信元から差し替え版が届きました");
    queries::put_version(
        tx,
        post_id,
        version,
        &content,
        reason,
        false,
        Some(client_id),
    )
    .await?;
    findable::change(tx, &post, Some(&content)).await?;
    events::enqueue_post(tx, events::POST_CHANGED, post.patient_id, post_id).await
}

/// The channel of a post of this patient and what makes it sensitive, if the caller may read it and it was not taken
/// back: for what is made of posts.
pub async fn readable_channel(
    tx: &Tx<'_>,
    patient_id: Uuid,
    post_id: Uuid,
) -> Result<Option<(String, Option<String>)>> {
    match policy::may::<Read>(tx, post_id).await {
        // What named people read must not become something that everybody reads.
        Ok((post, ..))
            if post.patient_id == patient_id && !post.retracted && post.channel != NAMED =>
        {
            Ok(Some((post.channel, post.sensitivity)))
        }
        Ok(_) | Err(Error::Denied(_)) => Ok(None),
        Err(other) => Err(other),
    }
}
