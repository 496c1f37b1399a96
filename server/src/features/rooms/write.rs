//! Opening rooms, changing them, and the reading mark.

use actix_web::{post, put, web::Path};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    members::{Rule, check_people, check_rules, check_rules_exist},
    model::{History, RoomKind},
    policy::{self, Keep, ReadMessages},
    queries::{self, NewMember, NewRoom, NewRule},
    view::{self, RoomDetailView},
};
use crate::{
    Error, Result,
    ctx::{Ctx, Tx},
    error::{FieldError, Problem},
    features::{events, notices},
    spine::{
        access::Permit,
        audit::Entry,
        ids,
        input::{Check, Input, Nothing},
        reply::{Answer, Reply},
        text,
    },
};

/// A room to be opened.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CreateRoom {
    /// Identifier, chosen by the caller's device.
    id: Uuid,
    /// What it is for.
    kind: RoomKind,
    /// Name, up to 100 characters. Required but between two people.
    #[serde(default)]
    name: Option<String>,
    /// What it is for, up to 500 characters.
    #[serde(default)]
    purpose: Option<String>,
    /// Whether members read what was said before they joined; `all` when left out.
    #[serde(default)]
    history: History,
    /// The facility, for the room of one. Everybody who works there is in it.
    #[serde(default)]
    facility_id: Option<Uuid>,
    /// Who is in it by name, beside the caller: up to 200 people; exactly one for `direct`.
    #[serde(default)]
    staff_member_ids: Vec<Uuid>,
    /// Who looks after it; the caller when left out. They are members as well.
    #[serde(default)]
    responsible_ids: Vec<Uuid>,
    /// Who is in it by post, up to 50 rules.
    #[serde(default)]
    rules: Vec<Rule>,
}

/// What a room is to be from now on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct UpdateRoom {
    /// Name, up to 100 characters.
    name: String,
    /// What it is for, up to 500 characters.
    #[serde(default)]
    purpose: Option<String>,
    /// Whether members read what was said before they joined.
    history: History,
}

/// How far the caller has read.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct UpdateRoomReadMark {
    /// The newest message that the caller has seen.
    message_id: Uuid,
}

/// The mark.
#[derive(Debug, Serialize, ToSchema)]
struct RoomReadMarkView {
    /// Every message up to this number has been read.
    read_seq: i64,
}

impl Check for CreateRoom {
    fn check(&self, errors: &mut Vec<FieldError>) {
        let direct = self.kind == RoomKind::Direct;
        match &self.name {
            Some(name) if !direct => text::check("name", name, 100, false, errors),
            None if direct => {}
            Some(_) => errors.push(FieldError::new("name", "not_allowed", "between two people")),
            None => errors.push(FieldError::new("name", "required", "a name")),
        }
        text::check_optional("purpose", self.purpose.as_deref(), 500, errors);
        if (self.kind == RoomKind::Facility) != self.facility_id.is_some() {
            let message = "for, and only for, the room of a facility";
            errors.push(FieldError::new("facility_id", "not_allowed", message));
        }
        let people = self.staff_member_ids.len();
        if if direct { people != 1 } else { people > 200 } {
            let message = "one for direct, up to 200 otherwise";
            errors.push(FieldError::new("staff_member_ids", "out_of_range", message));
        }
        if self.responsible_ids.len() > 20 || direct && !self.responsible_ids.is_empty() {
            let message = "up to 20, none between two people";
            errors.push(FieldError::new("responsible_ids", "out_of_range", message));
        }
        if direct && !self.rules.is_empty() {
            errors.push(FieldError::new(
                "rules",
                "not_allowed",
                "between two people",
            ));
        }
        check_rules("rules", &self.rules, errors);
    }
}

impl Check for UpdateRoom {
    fn check(&self, errors: &mut Vec<FieldError>) {
        text::check("name", &self.name, 100, false, errors);
        text::check_optional("purpose", self.purpose.as_deref(), 500, errors);
    }
}

impl Check for UpdateRoomReadMark {
    fn check(&self, _: &mut Vec<FieldError>) {}
}

/// Open a room, or write to one person: the room between two people is the same whoever opens it, and is answered with
/// (200) when it is there already.
#[utoipa::path(
    tag = "rooms",
    request_body = CreateRoom,
    responses(
        (status = 201, body = RoomDetailView),
        (status = 200, body = RoomDetailView),
        (status = "4XX", body = Problem),
    ),
)]
#[post("/v1/rooms")]
pub(super) async fn create_room(ctx: Ctx, input: Input<CreateRoom>) -> Result<Answer> {
    let new = &input.value;
    ctx.write(&input.digest, async |tx| {
        let permit = policy::may_create(tx, new.id, new.kind.code(), new.facility_id)?;
        if let (RoomKind::Direct, [other]) = (new.kind, &new.staff_member_ids[..]) {
            return create_direct(tx, permit, new.id, *other).await;
        }
        create(tx, permit, new).await?;
        tx.record(Entry::new("room.create").on("room", new.id));
        events::enqueue_room_change(tx, new.id, Vec::new()).await?;
        Ok(Reply::created(view::room(tx, new.id).await?))
    })
    .await
}

async fn create(tx: &Tx<'_>, permit: Permit<policy::Create>, new: &CreateRoom) -> Result<()> {
    if let Some(facility) = new.facility_id
        && !queries::facility_exists(tx, facility).await?
    {
        return Err(Error::invalid(
            "facility_id",
            "not_allowed",
            "no such facility",
        ));
    }
    let me = tx.actor.ids().0;
    let responsible = if new.responsible_ids.is_empty() {
        vec![me]
    } else {
        new.responsible_ids.clone()
    };
    check_people(tx, "staff_member_ids", &new.staff_member_ids).await?;
    check_people(tx, "responsible_ids", &responsible).await?;
    check_rules_exist(tx, &new.rules).await?;
    let room = NewRoom {
        id: new.id,
        kind: new.kind.code(),
        name: new.name.as_deref(),
        purpose: new.purpose.as_deref(),
        history: new.history.code(),
        facility_id: new.facility_id,
        pair: None,
    };
    queries::insert(tx, permit, &room).await?;
    let mut people = [&new.staff_member_ids[..], &responsible[..]].concat();
    // Whoever opens a room for others to look after need not be in it.
    if new.responsible_ids.is_empty() {
        people.push(me);
    }
    people.sort_unstable();
    people.dedup();
    let members: Vec<NewMember> = people
        .into_iter()
        .map(|who| (ids::new_id(), who, responsible.contains(&who)))
        .collect();
    queries::insert_members(tx, new.id, &members).await?;
    let of_facility = new.facility_id.map(|id| (ids::new_id(), Some(id), None));
    let rules: Vec<NewRule<'_>> = of_facility
        .into_iter()
        .chain(new.rules.iter().map(Rule::row))
        .collect();
    if rules.is_empty() {
        return Ok(());
    }
    queries::insert_rules(tx, new.id, &rules).await
}

/// The room between the caller and somebody else: a new one, or the one that there is.
async fn create_direct(
    tx: &Tx<'_>,
    permit: Permit<policy::Create>,
    id: Uuid,
    other: Uuid,
) -> Result<Reply<RoomDetailView>> {
    let me = tx.actor.ids().0;
    if other == me {
        let message = "somebody else";
        return Err(Error::invalid("staff_member_ids", "not_allowed", message));
    }
    check_people(tx, "staff_member_ids", &[other]).await?;
    let pair = (me.min(other), me.max(other));
    if let Some(known) = queries::find_direct(tx, pair.0, pair.1).await? {
        tx.record(Entry::new("room.read").on("room", known.id));
        return Ok(Reply::ok(view::room(tx, known.id).await?));
    }
    let room = NewRoom {
        id,
        kind: RoomKind::Direct.code(),
        name: None,
        purpose: None,
        history: History::All.code(),
        facility_id: None,
        pair: Some(pair),
    };
    queries::insert(tx, permit, &room).await?;
    let members = [me, other].map(|who| (ids::new_id(), who, true));
    queries::insert_members(tx, id, &members).await?;
    tx.record(Entry::new("room.create").on("room", id));
    events::enqueue_room_change(tx, id, Vec::new()).await?;
    Ok(Reply::created(view::room(tx, id).await?))
}

/// Change what a room is called and what it is for.
#[utoipa::path(
    tag = "rooms",
    request_body = UpdateRoom,
    responses((status = 200, body = RoomDetailView), (status = "4XX", body = Problem)),
)]
#[put("/v1/rooms/{room_id}")]
pub(super) async fn update_room(
    ctx: Ctx,
    room_id: Path<Uuid>,
    input: Input<UpdateRoom>,
) -> Result<Answer> {
    let UpdateRoom {
        name,
        purpose,
        history,
    } = &input.value;
    ctx.write(&input.digest, async |tx| {
        let (room, _, permit) = policy::may::<Keep>(tx, *room_id).await?;
        let new = (name.as_str(), purpose.as_deref(), history.code());
        queries::update(tx, permit, room.id, new).await?;
        changed(tx, room.id, "room.update").await
    })
    .await
}

/// Close a room: it stays readable for its members, and nothing is written in it any more.
#[utoipa::path(
    tag = "rooms",
    request_body = Nothing,
    responses((status = 200, body = RoomDetailView), (status = "4XX", body = Problem)),
)]
#[post("/v1/rooms/{room_id}/close")]
pub(super) async fn close_room(
    ctx: Ctx,
    room_id: Path<Uuid>,
    input: Input<Nothing>,
) -> Result<Answer> {
    ctx.write(&input.digest, async |tx| {
        let (room, _, permit) = policy::may::<Keep>(tx, *room_id).await?;
        let since = room.archived_at.unwrap_or(tx.now);
        queries::set_archived(tx, permit, room.id, Some(since)).await?;
        changed(tx, room.id, "room.close").await
    })
    .await
}

/// Use a room again that was closed.
#[utoipa::path(
    tag = "rooms",
    request_body = Nothing,
    responses((status = 200, body = RoomDetailView), (status = "4XX", body = Problem)),
)]
#[post("/v1/rooms/{room_id}/reopen")]
pub(super) async fn reopen_room(
    ctx: Ctx,
    room_id: Path<Uuid>,
    input: Input<Nothing>,
) -> Result<Answer> {
    ctx.write(&input.digest, async |tx| {
        let (room, _, permit) = policy::may::<Keep>(tx, *room_id).await?;
        queries::set_archived(tx, permit, room.id, None).await?;
        changed(tx, room.id, "room.reopen").await
    })
    .await
}

/// Records a change, tells the members, and answers with the room as it is now.
pub(super) async fn changed(
    tx: &Tx<'_>,
    room_id: Uuid,
    action: &'static str,
) -> Result<Reply<RoomDetailView>> {
    tx.record(Entry::new(action).on("room", room_id));
    events::enqueue_room_change(tx, room_id, Vec::new()).await?;
    Ok(Reply::ok(view::room(tx, room_id).await?))
}

/// Mark a room as read up to a message. The mark only moves forward.
#[utoipa::path(
    tag = "rooms",
    request_body = UpdateRoomReadMark,
    responses((status = 200, body = RoomReadMarkView), (status = "4XX", body = Problem)),
)]
#[put("/v1/rooms/{room_id}/read-mark")]
pub(super) async fn update_room_read_mark(
    ctx: Ctx,
    room_id: Path<Uuid>,
    input: Input<UpdateRoomReadMark>,
) -> Result<Answer> {
    let message_id = input.value.message_id;
    ctx.write(&input.digest, async |tx| {
        let (entered, permit) = policy::enter::<ReadMessages>(tx, *room_id).await?;
        let found = queries::find_seq(tx, *room_id, message_id).await?;
        let found = found.filter(|(_, at)| *at >= entered.readable_from);
        let (seq, _) = found.ok_or_else(|| {
            Error::invalid("message_id", "not_allowed", "no such message in this room")
        })?;
        let read_seq = queries::move_mark(tx, permit, *room_id, seq).await?;
        tx.record(Entry::new("room_read_mark.update").on("room", *room_id));
        // The caller's other devices count anew.
        events::enqueue_read(tx, *room_id).await?;
        notices::finish_read(tx, *room_id, read_seq).await?;
        Ok(Reply::ok(RoomReadMarkView { read_seq }))
    })
    .await
}
