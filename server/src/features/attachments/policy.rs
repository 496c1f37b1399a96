//! Who may send and see files. Nothing is decided here: a file follows what it is linked to.

use uuid::Uuid;

use super::{
    model::{Attachment, Holder},
    queries,
};
use crate::{
    Error, Result,
    ctx::Tx,
    features::{
        messages, rooms,
        timeline::{self, kinds_by_information},
    },
    spine::{
        access::{self, CHANNELS, Permit, PostFacts, Verb},
        audit::Denial,
    },
};

/// Sending a file for a patient: whoever may write a post there.
pub(super) struct Create;
impl Verb for Create {
    const ACTION: &'static str = "post.create";
    const FINAL: bool = true;
}

/// Sending a file for a room: whoever may write a message there.
pub(super) struct CreateInRoom;
impl Verb for CreateInRoom {
    const ACTION: &'static str = "message.create";
}

/// Proof that the caller may send a file to its holder.
#[must_use = "a permit is for a query"]
pub(super) enum Sending {
    ForPatient(Permit<Create>),
    ForRoom(Permit<CreateInRoom>),
}

/// Asking what is taken.
pub(super) struct ReadRules;
impl Verb for ReadRules {
    const ACTION: &'static str = "session.own";
}

pub(super) fn may_read_rules(tx: &Tx<'_>) -> Result<Permit<ReadRules>> {
    access::on_network(tx)
}

/// Allows sending a file to this holder.
pub(super) async fn may_create(tx: &Tx<'_>, holder: Holder, id: Uuid) -> Result<Sending> {
    Ok(match holder {
        Holder::Patient(patient_id) => {
            Sending::ForPatient(may_write_post(tx, patient_id, id).await?)
        }
        Holder::Room(room_id) => Sending::ForRoom(messages::may_write(tx, room_id).await?),
    })
}

/// Whoever may write a post of some kind to some channel of the patient.
async fn may_write_post(tx: &Tx<'_>, patient_id: Uuid, id: Uuid) -> Result<Permit<Create>> {
    let denial = || {
        Error::Denied(Box::new(
            Denial::hidden(Create::ACTION).of_patient(patient_id),
        ))
    };
    let ground = access::ground(tx, patient_id).await?.ok_or_else(denial)?;
    let (author, facility) = tx.actor.ids();
    let facts = |kind: &str, channel: &str| PostFacts {
        id,
        kind: kind.to_owned(),
        channel: channel.to_owned(),
        sensitivity: None,
        author,
        facility,
        recipient: true,
        on_behalf_of: None,
    };
    for (kind, _) in kinds_by_information() {
        for channel in CHANNELS {
            let post = facts(kind, channel);
            if access::would_allow_post::<Create>(tx, &post, ground) {
                return access::on_post(tx, patient_id, &post, ground);
            }
        }
    }
    // Nothing can be written: refused as a note to the team is.
    access::on_post(tx, patient_id, &facts("note", "team"), ground)
}

/// Finds a file that the caller is sending. To everybody else there is none.
pub(super) async fn may_send(tx: &Tx<'_>, id: Uuid) -> Result<(Attachment, Sending)> {
    let found = queries::find(tx, id)
        .await?
        .filter(|file| file.uploaded_by == tx.actor.ids().0);
    let file = found.ok_or_else(|| unknown(id))?;
    let holder = file.holder().ok_or_else(|| unknown(id))?;
    let permit = may_create(tx, holder, id)
        .await
        .map_err(|error| hide(error, &file))?;
    Ok((file, permit))
}

/// Finds a file that the caller may see: whoever may read a post or a message that shows it, and until then who sent it.
pub(super) async fn may_read(tx: &Tx<'_>, id: Uuid) -> Result<Attachment> {
    let file = queries::find(tx, id).await?.ok_or_else(|| unknown(id))?;
    match file.holder() {
        Some(Holder::Patient(patient_id)) => may_read_of_patient(tx, file, patient_id).await,
        Some(Holder::Room(room_id)) => may_read_of_room(tx, file, room_id).await,
        None => Err(unknown(id)),
    }
}

async fn may_read_of_room(tx: &Tx<'_>, file: Attachment, room_id: Uuid) -> Result<Attachment> {
    if let Some((_, message)) = messages::shown_in(tx, file.id).await? {
        let allowed = messages::may_look(tx, message, file.id).await;
        allowed.map_err(|error| hide(error, &file))?;
        return Ok(file);
    }
    let mine = file.uploaded_by == tx.actor.ids().0;
    if !mine {
        return Err(hidden(&file));
    }
    let allowed = rooms::enter::<CreateInRoom>(tx, room_id).await;
    let (_, _permit) = allowed.map_err(|error| hide(error, &file))?;
    Ok(file)
}

async fn may_read_of_patient(
    tx: &Tx<'_>,
    file: Attachment,
    patient_id: Uuid,
) -> Result<Attachment> {
    let posts = queries::posts_with(tx, file.id).await?;
    if posts.is_empty() {
        let mine = file.uploaded_by == tx.actor.ids().0;
        if !mine {
            return Err(hidden(&file));
        }
        let allowed = may_write_post(tx, patient_id, file.id).await;
        let _permit = allowed.map_err(|error| hide(error, &file))?;
        return Ok(file);
    }
    match open_post(tx, &posts).await? {
        Some(_) => Ok(file),
        None => Err(hidden(&file)),
    }
}

/// The facility and the kind of information of the first of these posts that the caller may read, as the timeline decides.
pub(super) async fn open_post(tx: &Tx<'_>, posts: &[Uuid]) -> Result<Option<(Uuid, String)>> {
    for post in posts {
        match timeline::may_read_post(tx, *post).await {
            Ok(open) => return Ok(Some(open)),
            Err(Error::Denied(_)) => {}
            Err(other) => return Err(other),
        }
    }
    Ok(None)
}

fn unknown(id: Uuid) -> Error {
    Error::Denied(Box::new(
        Denial::hidden("attachment.read").on("attachment", id),
    ))
}

/// To whoever may not see a file there is none, whatever else may be seen of the patient.
fn hidden(file: &Attachment) -> Error {
    let denial = Denial::hidden("attachment.read").on("attachment", file.id);
    let denial = match file.patient_id {
        Some(patient_id) => denial.of_patient(patient_id),
        None => denial,
    };
    Error::Denied(Box::new(denial))
}

fn hide(error: Error, file: &Attachment) -> Error {
    match error {
        Error::Denied(_) => hidden(file),
        other => other,
    }
}
