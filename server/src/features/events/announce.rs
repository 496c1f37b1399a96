//! From a change to an event with its recipients.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::queries;
use crate::{
    Error, Result,
    ctx::Tx,
    features::{
        care_team,
        notices::{self, About, Kind},
        timeline,
    },
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
const FACTS_CHANGED: &str = "facts_changed";
/// What waits for somebody has changed: My work and the numbers beside it.
pub const WORK_CHANGED: &str = "work_changed";
/// Somebody has read a timeline, perhaps on another device.
pub const READ_MARK_MOVED: &str = "read_mark_moved";

/// What is to be announced.
#[derive(Debug, Serialize, Deserialize)]
struct Announcement {
    kind: String,
    patient_id: Option<Uuid>,
    post_id: Option<Uuid>,
    /// Who is told, when that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    recipients: Option<Vec<Uuid>>,
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
            patient_id: Some(patient_id),
            post_id: Some(post_id),
            recipients: None,
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
            patient_id: Some(patient_id),
            post_id: None,
            recipients: None,
        },
    )
    .await
}

/// Announces something to these people when this transaction commits. They may know of the patient, if one is named.
pub async fn enqueue_for(
    tx: &Tx<'_>,
    kind: &'static str,
    patient_id: Option<Uuid>,
    recipients: &[Uuid],
) -> Result<()> {
    enqueue(
        tx,
        Announcement {
            kind: kind.to_owned(),
            patient_id,
            post_id: None,
            recipients: Some(recipients.to_vec()),
        },
    )
    .await
}

/// Announces a change of what is so with a patient when this transaction commits. It names no fact, so that the care team
/// learns only that there is something to be read again.
pub async fn enqueue_facts_change(tx: &Tx<'_>, patient_id: Uuid) -> Result<()> {
    enqueue(
        tx,
        Announcement {
            kind: FACTS_CHANGED.to_owned(),
            patient_id: Some(patient_id),
            post_id: None,
            recipients: None,
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
    let announcement: Announcement =
        serde_json::from_value(payload.clone()).map_err(Error::internal)?;
    let recipients = recipients(tx, &announcement).await?;
    if recipients.is_empty() {
        return Ok(());
    }
    let Announcement {
        kind,
        patient_id,
        post_id,
        ..
    } = announcement;
    queries::insert(tx, &kind, patient_id, post_id, &recipients).await
}

async fn recipients(tx: &Tx<'_>, announcement: &Announcement) -> Result<Vec<Uuid>> {
    if let Some(known) = &announcement.recipients {
        return Ok(known.clone());
    }
    let Some(patient_id) = announcement.patient_id else {
        return Ok(Vec::new());
    };
    let Some(post_id) = announcement.post_id else {
        let team = care_team::list_current(tx, patient_id).await?;
        return Ok(team.into_iter().map(|(id, ..)| id).collect());
    };
    let Some(post) = queries::find_post(tx, post_id).await? else {
        return Ok(Vec::new());
    };
    let (kind, author) = post;
    let readers = timeline::readers_of(tx, post_id).await?;
    if kind == "urgent" && announcement.kind == POST_CREATED {
        let mut others = readers.clone();
        others.retain(|reader| Some(*reader) != author);
        let about = About {
            what: "post",
            id: post_id,
            patient_id: Some(patient_id),
            at_once: true,
        };
        notices::enqueue(tx, Kind::UrgentPost, &others, about).await?;
    }
    Ok(readers)
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
