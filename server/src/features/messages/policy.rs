//! Who may do what with messages.

use uuid::Uuid;

use super::{files, model::Message, queries};
use crate::{
    Error, Result,
    ctx::Tx,
    features::rooms::{self, Entered},
    spine::{
        access::{Permit, Verb, offers_on_room, on_room},
        audit::Denial,
    },
};

macro_rules! verbs {
    ($($(#[$doc:meta])* $name:ident = $action:literal;)*) => {
        $($(#[$doc])* pub(super) struct $name;
        impl Verb for $name {
            const ACTION: &'static str = $action;
        })*
    };
}

verbs! {
    /// Reading what is said.
    Read = "message.read";
    /// Saying something.
    Create = "message.create";
    /// Writing a new version.
    Amend = "message.amend";
    /// Taking a message back.
    Retract = "message.retract";
    /// Acknowledging one.
    Acknowledge = "message.acknowledge";
    /// Moving one to the timeline of a patient.
    Move = "message.move";
}

/// Lets the caller into a room for `V`.
pub(super) async fn may_enter<V: Verb>(tx: &Tx<'_>, room_id: Uuid) -> Result<(Entered, Permit<V>)> {
    rooms::enter(tx, room_id).await
}

/// Allows `V` to whoever may write in a room that is open, or answers as if there were none: for sending files there.
pub async fn may_write<V: Verb>(tx: &Tx<'_>, room_id: Uuid) -> Result<Permit<V>> {
    let (entered, permit) = rooms::enter(tx, room_id).await?;
    check_open(&entered)?;
    Ok(permit)
}

/// Lets the caller look at a file: whoever may read the message, as long as its newest version shows the file.
pub async fn may_look(tx: &Tx<'_>, message_id: Uuid, attachment_id: Uuid) -> Result<()> {
    let (message, _, _permit) = may::<Read>(tx, message_id).await?;
    let shown = files::of_version(tx, message_id, message.version).await?;
    if shown.contains(&attachment_id) {
        return Ok(());
    }
    Err(Error::Denied(Box::new(
        Denial::hidden(Read::ACTION).on("message", message_id),
    )))
}

/// Finds a message that the caller may read and allows `V` on it; answers as if there were none to everybody else.
pub(super) async fn may<V: Verb>(
    tx: &Tx<'_>,
    message_id: Uuid,
) -> Result<(Message, Entered, Permit<V>)> {
    let unknown = || {
        Error::Denied(Box::new(
            Denial::hidden(V::ACTION).on("message", message_id),
        ))
    };
    let message = queries::find(tx, message_id).await?.ok_or_else(unknown)?;
    let entered = rooms::entered(tx, message.room_id).await?;
    let mut entered = entered.ok_or_else(unknown)?;
    entered.facts.membership.author = message.author_id == tx.actor.ids().0;
    if message.recorded_at < entered.readable_from {
        return Err(unknown());
    }
    match on_room(tx, &entered.facts) {
        Ok(permit) => Ok((message, entered, permit)),
        // Who looks after a room without being in it knows of the room, but of nothing that is said there.
        Err(_) if !offers_on_room::<Read>(tx, &entered.facts) => Err(unknown()),
        Err(error) => Err(error),
    }
}

/// Refuses to write in a room that is closed.
pub(super) fn check_open(entered: &Entered) -> Result<()> {
    if entered.archived {
        return Err(Error::Conflict("room_closed", "the room has been closed"));
    }
    Ok(())
}
