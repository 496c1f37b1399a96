//! From a change to an event with its recipients.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::queries;
use crate::{
    Error, Result,
    ctx::Tx,
    features::{
        announcements, care_team,
        notices::{self, About, Kind},
        rooms, timeline,
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
/// A message was written.
pub const MESSAGE_CREATED: &str = "message_created";
/// A message was amended, taken back, moved or acknowledged.
pub const MESSAGE_CHANGED: &str = "message_changed";
const FACTS_CHANGED: &str = "facts_changed";
/// What waits for somebody has changed: My work and the numbers beside it.
pub const WORK_CHANGED: &str = "work_changed";
/// Somebody has read a timeline, perhaps on another device.
pub const READ_MARK_MOVED: &str = "read_mark_moved";
const ROOM_CHANGED: &str = "room_changed";
/// Something is passed round.
pub const ANNOUNCEMENT_CREATED: &str = "announcement_created";
/// It was confirmed or withdrawn.
pub const ANNOUNCEMENT_CHANGED: &str = "announcement_changed";
/// Whoever has not confirmed it is reminded.
pub const ANNOUNCEMENT_REMINDED: &str = "announcement_reminded";

/// What is to be announced.
#[expect(
    clippy::struct_field_names,
    reason = "the names are those of the interface"
)]
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Announcement {
    pub(super) kind: String,
    #[serde(default)]
    pub(super) patient_id: Option<Uuid>,
    #[serde(default)]
    pub(super) post_id: Option<Uuid>,
    #[serde(default)]
    pub(super) room_id: Option<Uuid>,
    #[serde(default)]
    pub(super) message_id: Option<Uuid>,
    #[serde(default)]
    pub(super) announcement_id: Option<Uuid>,
    /// Who is told as well: whoever has just left a room.
    #[serde(default)]
    also: Vec<Uuid>,
    /// Only these are told.
    #[serde(default)]
    only: Option<Vec<Uuid>>,
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
            ..Announcement::default()
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
            ..Announcement::default()
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
            only: Some(recipients.to_vec()),
            ..Announcement::default()
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
            ..Announcement::default()
        },
    )
    .await
}

/// Announces what happened to a message when this transaction commits.
pub async fn enqueue_message(
    tx: &Tx<'_>,
    kind: &'static str,
    room_id: Uuid,
    message_id: Uuid,
) -> Result<()> {
    enqueue(
        tx,
        Announcement {
            kind: kind.to_owned(),
            room_id: Some(room_id),
            message_id: Some(message_id),
            ..Announcement::default()
        },
    )
    .await
}

/// Announces a change of a room or its members when this transaction commits; to those who are out by it as well.
pub async fn enqueue_room_change(tx: &Tx<'_>, room_id: Uuid, gone: Vec<Uuid>) -> Result<()> {
    enqueue(
        tx,
        Announcement {
            kind: ROOM_CHANGED.to_owned(),
            room_id: Some(room_id),
            also: gone,
            ..Announcement::default()
        },
    )
    .await
}

/// Tells the caller's other devices that the caller has read on in a room.
pub async fn enqueue_read(tx: &Tx<'_>, room_id: Uuid) -> Result<()> {
    enqueue(
        tx,
        Announcement {
            kind: ROOM_CHANGED.to_owned(),
            room_id: Some(room_id),
            only: Some(vec![tx.actor.ids().0]),
            ..Announcement::default()
        },
    )
    .await
}

/// Announces what is passed round when this transaction commits: to everybody whom it was sent to, or only to these.
pub async fn enqueue_announcement(
    tx: &Tx<'_>,
    kind: &'static str,
    announcement_id: Uuid,
    only: Option<Vec<Uuid>>,
) -> Result<()> {
    enqueue(
        tx,
        Announcement {
            kind: kind.to_owned(),
            announcement_id: Some(announcement_id),
            only,
            ..Announcement::default()
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
    let what: Announcement = serde_json::from_value(payload.clone()).map_err(Error::internal)?;
    let recipients = recipients(tx, &what).await?;
    if recipients.is_empty() {
        return Ok(());
    }
    queries::insert(tx, &what, &recipients).await
}

async fn recipients(tx: &Tx<'_>, what: &Announcement) -> Result<Vec<Uuid>> {
    if let Some(only) = &what.only {
        return Ok(only.clone());
    }
    if let Some(id) = what.announcement_id {
        return announcements::addressees(tx, id).await;
    }
    if let Some(room_id) = what.room_id {
        let said = match what.message_id {
            Some(id) => queries::find_message(tx, id).await?.unwrap_or(tx.now),
            None => tx.now,
        };
        let mut members = rooms::readers(tx, room_id, said).await?;
        members.extend(&what.also);
        return Ok(members);
    }
    let Some(patient_id) = what.patient_id else {
        return Ok(Vec::new());
    };
    let Some(post_id) = what.post_id else {
        let team = care_team::list_current(tx, patient_id).await?;
        return Ok(team.into_iter().map(|(id, ..)| id).collect());
    };
    let Some((kind, author)) = queries::find_post(tx, post_id).await? else {
        return Ok(Vec::new());
    };
    let readers = timeline::readers_of(tx, post_id).await?;
    if kind == "urgent" && what.kind == POST_CREATED {
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
