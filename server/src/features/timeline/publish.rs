//! What other features need of the timeline: putting a received document on it, and who can read what.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{
    model::Content,
    queries::{self, NewPost},
};
use crate::{
    Error, Result,
    ctx::Tx,
    features::{care_team, events},
    spine::{
        access::{self, Ground, Permit},
        auth::{Actor, Person, Role},
        ids,
    },
};

/// Who of the care team may read posts of this kind on this channel today, by the same rules as everywhere.
pub async fn readers(
    tx: &Tx<'_>,
    patient_id: Uuid,
    kind: &str,
    channel: &str,
) -> Result<Vec<Uuid>> {
    let Some(ground) = access::ground(tx, patient_id).await? else {
        return Ok(Vec::new());
    };
    let ground = Ground {
        member: true,
        ..ground
    };
    let team = care_team::list_current(tx, patient_id).await?;
    let may_read = |(staff_member_id, profession, facility_id): &(Uuid, String, Uuid)| {
        let member = Actor::Person(Person {
            tenant_id: tx.tenant_id,
            account_id: Uuid::nil(),
            session_id: Uuid::nil(),
            person_id: Uuid::nil(),
            staff_member_id: *staff_member_id,
            facility_id: *facility_id,
            profession: profession.clone(),
            role: Role::Staff,
            authenticated_at: tx.now,
            device_id: None,
            via: None,
        });
        access::scope_for(&tx.app().access, &member, tx.tenant_id, ground).covers(kind, channel)
    };
    Ok(team
        .iter()
        .filter(|member| may_read(member))
        .map(|(id, ..)| *id)
        .collect())
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
        reply_to: None,
        observed_at,
        content: &content,
        by_system: Some(sender),
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
    events::enqueue_post(tx, events::POST_CHANGED, post.patient_id, post_id).await
}
