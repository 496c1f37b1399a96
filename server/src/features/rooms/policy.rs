//! Who may do what with a room.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{model::Room, queries};
use crate::{
    Error, Result,
    ctx::Tx,
    spine::{
        access::{
            self, Membership, Permit, RoomFacts, RoomMember, Verb, members_of, offers_on_room,
            on_room, room_facts,
        },
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
    /// Listing one's rooms.
    List = "room.list";
    /// Opening a room.
    Create = "room.create";
    /// Seeing what a room is, and who is in it.
    Read = "room.read";
    /// Changing a room and its members.
    Keep = "room.keep";
    /// Leaving.
    Leave = "room.leave";
    /// Reading what is said in it.
    ReadMessages = "message.read";
}

pub(super) fn may_list(tx: &Tx<'_>) -> Result<Permit<List>> {
    access::on_network(tx)
}

/// Allows opening a room of this kind.
pub(super) fn may_create(
    tx: &Tx<'_>,
    id: Uuid,
    kind: &str,
    facility: Option<Uuid>,
) -> Result<Permit<Create>> {
    let facts = RoomFacts {
        id,
        kind: kind.to_owned(),
        facility,
        membership: Membership::default(),
    };
    on_room(tx, &facts)
}

fn unknown<V: Verb>(room_id: Uuid) -> Error {
    Error::Denied(Box::new(Denial::hidden(V::ACTION).on("room", room_id)))
}

/// Finds a room and allows `V` on it.
pub(super) async fn may<V: Verb>(
    tx: &Tx<'_>,
    room_id: Uuid,
) -> Result<(Room, RoomFacts, Permit<V>)> {
    let room = queries::find(tx, room_id)
        .await?
        .ok_or_else(|| unknown::<V>(room_id))?;
    let (facts, _) = room_facts(tx, room_id)
        .await?
        .ok_or_else(|| unknown::<V>(room_id))?;
    let permit = on_room(tx, &facts)?;
    Ok((room, facts, permit))
}

/// Those who are in a room.
pub(super) async fn members(tx: &Tx<'_>, room_id: Uuid) -> Result<Vec<RoomMember>> {
    members_of(tx, &[room_id]).await
}

/// A room that the caller was let into.
#[derive(Debug, Clone)]
pub struct Entered {
    /// The room, as the rules see it.
    pub facts: RoomFacts,
    /// From when on the caller reads.
    pub readable_from: DateTime<Utc>,
    /// Whether nothing can be written any more.
    pub archived: bool,
    /// Name; none between two people.
    pub name: Option<String>,
}

/// Lets the caller into a room for `V`, or answers as if there were none; for what is said in rooms.
pub async fn enter<V: Verb>(tx: &Tx<'_>, room_id: Uuid) -> Result<(Entered, Permit<V>)> {
    let entered = entered(tx, room_id)
        .await?
        .ok_or_else(|| unknown::<V>(room_id))?;
    let permit = on_room(tx, &entered.facts)?;
    Ok((entered, permit))
}

/// A room with what ties the caller to it; nothing when there is none in the network.
pub async fn entered(tx: &Tx<'_>, room_id: Uuid) -> Result<Option<Entered>> {
    let Some(room) = queries::find(tx, room_id).await? else {
        return Ok(None);
    };
    let found = room_facts(tx, room_id).await?;
    Ok(found.map(|(facts, mine)| Entered {
        facts,
        readable_from: room.readable_from(mine.map_or(tx.now, |member| member.joined_at)),
        archived: room.archived_at.is_some(),
        name: room.name,
    }))
}

/// The rooms in which the caller reads what is said, each with the moment from which on.
pub async fn readable(tx: &Tx<'_>) -> Result<Vec<(Uuid, DateTime<Utc>)>> {
    let me = tx.actor.ids().0;
    let mine = access::rooms_of(tx, me).await?;
    let ids: Vec<Uuid> = mine.iter().map(|member| member.room_id).collect();
    let mut found = Vec::with_capacity(ids.len());
    for room in queries::list(tx, &ids).await? {
        let member = mine.iter().find(|member| member.room_id == room.id);
        let facts = RoomFacts {
            id: room.id,
            kind: room.kind.clone(),
            facility: room.facility_id,
            membership: Membership {
                member: member.is_some(),
                ..Membership::default()
            },
        };
        if let Some(member) = member
            && offers_on_room::<ReadMessages>(tx, &facts)
        {
            found.push((room.id, room.readable_from(member.joined_at)));
        }
    }
    Ok(found)
}

/// Who is in a room at this moment and may read what was said at that time.
pub async fn readers(tx: &Tx<'_>, room_id: Uuid, said: DateTime<Utc>) -> Result<Vec<Uuid>> {
    let Some(room) = queries::find(tx, room_id).await? else {
        return Ok(Vec::new());
    };
    let members = members_of(tx, &[room_id]).await?.into_iter();
    Ok(members
        .filter(|member| room.readable_from(member.joined_at) <= said)
        .map(|member| member.staff_member_id)
        .collect())
}
