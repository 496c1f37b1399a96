//! From a change to an event with its recipients.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::queries;
use crate::{
    Error, Result,
    ctx::Tx,
    features::{care_team, timeline},
    spine::outbox,
};

/// Kind of work in the outbox.
pub const ANNOUNCE: &str = "events.announce";
/// A post was written.
pub const POST_CREATED: &str = "post_created";
/// A post was amended or taken back.
pub const POST_CHANGED: &str = "post_changed";
/// A post was acknowledged.
pub const POST_ACKNOWLEDGED: &str = "post_acknowledged";
const CARE_TEAM_CHANGED: &str = "care_team_changed";

/// What is to be announced.
#[derive(Debug, Serialize, Deserialize)]
struct Announcement {
    kind: String,
    patient_id: Uuid,
    post_id: Option<Uuid>,
}

/// Announces a change of a post when this transaction commits.
pub async fn enqueue_post(
    tx: &Tx<'_>,
    kind: &'static str,
    patient_id: Uuid,
    post_id: Uuid,
) -> Result<()> {
    enqueue(
        tx,
        Announcement {
            kind: kind.to_owned(),
            patient_id,
            post_id: Some(post_id),
        },
    )
    .await
}

/// Announces a change of a care team when this transaction commits.
pub async fn enqueue_team_change(tx: &Tx<'_>, patient_id: Uuid) -> Result<()> {
    enqueue(
        tx,
        Announcement {
            kind: CARE_TEAM_CHANGED.to_owned(),
            patient_id,
            post_id: None,
        },
    )
    .await
}

async fn enqueue(tx: &Tx<'_>, announcement: Announcement) -> Result<()> {
    let payload = serde_json::to_value(announcement).map_err(Error::internal)?;
    outbox::enqueue(tx, ANNOUNCE, payload).await
}

/// Finds out who may know, and writes the event. Run by the worker.
pub async fn announce(tx: &Tx<'_>, payload: &serde_json::Value) -> Result<()> {
    let Announcement {
        kind,
        patient_id,
        post_id,
    } = serde_json::from_value(payload.clone()).map_err(Error::internal)?;
    let recipients = match post_id {
        Some(post_id) => timeline::readers_of(tx, post_id).await?,
        None => care_team::list_current(tx, patient_id)
            .await?
            .into_iter()
            .map(|(id, ..)| id)
            .collect(),
    };
    if recipients.is_empty() {
        return Ok(());
    }
    queries::insert(tx, &kind, patient_id, post_id, &recipients).await
}

/// Forgets events after a week: a page that was away longer reads everything anew.
pub async fn forget_old(tx: &Tx<'_>) -> Result<()> {
    queries::delete_old(tx, TimeDelta::days(7)).await
}

/// Gives an event to the open streams of this node.
pub async fn pass_on(tx: &Tx<'_>, event_id: Uuid) -> Result<()> {
    if let Some((event, recipients)) = queries::find(tx, event_id).await? {
        tx.app().hub.tell(tx.tenant_id, &recipients, &event.frame());
    }
    Ok(())
}
