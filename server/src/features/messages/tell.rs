//! Telling the people of a room that something was said there.

use std::collections::HashMap;

use uuid::Uuid;

use super::queries;
use crate::{
    Result,
    ctx::Tx,
    features::notices::{self, About, Kind},
    spine::access::rooms_of,
};

/// Whom a new message concerns.
pub(super) struct Concerned<'a> {
    /// Everybody else in the room.
    pub(super) others: &'a [Uuid],
    /// Who is asked to acknowledge it.
    pub(super) asked: &'a [Uuid],
    /// Who is mentioned by name.
    pub(super) mentioned: &'a [Uuid],
    /// Whether everybody is mentioned.
    pub(super) everyone: bool,
}

impl Concerned<'_> {
    /// How somebody is told, once: of what is asked before a mention, of a mention before the message.
    fn kind_for(&self, who: Uuid) -> Kind {
        if self.asked.contains(&who) {
            Kind::Acknowledgement
        } else if self.everyone || self.mentioned.contains(&who) {
            Kind::Mention
        } else {
            Kind::Message
        }
    }
}

/// Tells everybody else in a room of a new message.
pub(super) async fn of_message(
    tx: &Tx<'_>,
    message_id: Uuid,
    concerned: &Concerned<'_>,
) -> Result<()> {
    let about = About {
        what: "message",
        id: message_id,
        patient_id: None,
        at_once: false,
    };
    for kind in [Kind::Acknowledgement, Kind::Mention, Kind::Message] {
        let told = concerned.others.iter().copied();
        let told: Vec<Uuid> = told
            .filter(|who| concerned.kind_for(*who) == kind)
            .collect();
        notices::enqueue(tx, kind, &told, about).await?;
    }
    Ok(())
}

/// The rooms of these messages, of those that the caller is in: for the list of what waits.
pub async fn rooms_with(tx: &Tx<'_>, ids: &[Uuid]) -> Result<HashMap<Uuid, Uuid>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let mine = rooms_of(tx, tx.actor.ids().0).await?;
    let found = queries::list_rooms(tx, ids).await?;
    Ok(found
        .into_iter()
        .filter(|(_, room)| mine.iter().any(|member| member.room_id == *room))
        .collect())
}
