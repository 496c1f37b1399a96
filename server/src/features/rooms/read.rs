//! Reading rooms: one's list, and one of them with its members.

use std::collections::HashMap;

use actix_web::{
    get,
    web::{Json, Path},
};
use uuid::Uuid;

use super::{
    model::Room,
    policy::{self, Read},
    queries,
    view::{self, RoomDetailView, RoomView},
};
use crate::{
    Result,
    ctx::{Ctx, Tx},
    error::Problem,
    spine::{
        access::{Membership, Resource, RoomFacts, RoomMember, Verb, rooms_of},
        audit::Entry,
        auth::{Actor, Role},
        page::Page,
    },
};

/// List the caller's rooms, the one with the newest message first, with what is unread. Whoever looks after rooms without
/// being in them finds these as well, without anything that is said in them.
#[utoipa::path(tag = "rooms", responses((status = 200, body = Page<RoomView>), (status = "4XX", body = Problem)))]
#[get("/v1/rooms")]
pub(super) async fn list_rooms(ctx: Ctx) -> Result<Json<Page<RoomView>>> {
    let items = ctx
        .read(async |tx| {
            let _permit = policy::may_list(tx)?;
            let mine = rooms_of(tx, tx.actor.ids().0).await?;
            let mine: HashMap<Uuid, RoomMember> = mine
                .into_iter()
                .map(|member| (member.room_id, member))
                .collect();
            let mut ids: Vec<Uuid> = mine.keys().copied().collect();
            ids.extend(kept(tx).await?);
            let rooms = queries::list(tx, &ids).await?.into_iter();
            let rooms: Vec<Room> = rooms.filter(|room| is_open(tx, room, &mine)).collect();
            tx.record(Entry::new("rooms.list").listing(rooms.len()));
            view::rooms(tx, rooms, &mine).await
        })
        .await?;
    Ok(Json(Page { items, next: None }))
}

/// The rooms that the caller may look after without being in them; whether it is so is for the rules to say.
async fn kept(tx: &Tx<'_>) -> Result<Vec<Uuid>> {
    match tx.actor {
        Actor::Person(person) if person.role == Role::NetworkAdministrator => {
            queries::list_of_kinds(tx, &["facility", "committee", "regional"]).await
        }
        Actor::Person(person) => queries::list_of_facility(tx, person.facility_id).await,
        _ => Ok(Vec::new()),
    }
}

fn is_open(tx: &Tx<'_>, room: &Room, mine: &HashMap<Uuid, RoomMember>) -> bool {
    let facts = RoomFacts {
        id: room.id,
        kind: room.kind.clone(),
        facility: room.facility_id,
        membership: Membership {
            member: mine.contains_key(&room.id),
            ..Membership::default()
        },
    };
    tx.allows(Read::ACTION, Resource::Room(facts), None)
}

/// Read what a room is, and who is in it. Not found for everybody who is not in it and does not look after it.
#[utoipa::path(tag = "rooms", responses((status = 200, body = RoomDetailView), (status = "4XX", body = Problem)))]
#[get("/v1/rooms/{room_id}")]
pub(super) async fn find_room(ctx: Ctx, room_id: Path<Uuid>) -> Result<Json<RoomDetailView>> {
    let found = ctx.read(async |tx| {
        let (room, _, _permit) = policy::may::<Read>(tx, *room_id).await?;
        tx.record(Entry::new("room.read").on("room", room.id));
        view::room(tx, room.id).await
    });
    Ok(Json(found.await?))
}
