//! Who is in a room: adding, removing, leaving, who looks after it, and who is in it by post.

use actix_web::{post, web::Path};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    model::may_go,
    policy::{self, Keep, Leave},
    queries::{self, NewRule},
    view::{self, RoomDetailView},
    write::changed,
};
use crate::{
    Error, Result,
    ctx::{Ctx, Tx},
    error::{FieldError, Problem},
    features::{events, professions},
    spine::{
        access::{NOT_BY_POST, Verb},
        audit::{Denial, Entry},
        ids,
        input::{Check, Input, Nothing},
        reply::{Answer, Reply},
    },
};

/// Who is in a room by post: everybody who works there, in that profession. Without both: everybody of the network.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CreateRoomRule)]
pub(super) struct Rule {
    /// Identifier, chosen by the caller.
    id: Uuid,
    /// The facility; any when left out.
    #[serde(default)]
    facility_id: Option<Uuid>,
    /// Code of the profession; any when left out.
    #[serde(default)]
    profession: Option<String>,
}

impl Rule {
    pub(super) fn row(&self) -> NewRule<'_> {
        (self.id, self.facility_id, self.profession.as_deref())
    }
}

impl Check for Rule {
    fn check(&self, _: &mut Vec<FieldError>) {}
}

/// Somebody to be added.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CreateRoomMember {
    /// Identifier of the membership, chosen by the caller.
    id: Uuid,
    /// Who.
    staff_member_id: Uuid,
    /// Whether to look after the room.
    #[serde(default)]
    responsible: bool,
}

impl Check for CreateRoomMember {
    fn check(&self, _: &mut Vec<FieldError>) {}
}

/// Who looks after a room from now on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AssignRoom {
    /// 1 to 20 people who are in the room, by name or by post.
    staff_member_ids: Vec<Uuid>,
}

impl Check for AssignRoom {
    fn check(&self, errors: &mut Vec<FieldError>) {
        if !(1..=20).contains(&self.staff_member_ids.len()) {
            let message = "1 to 20 people";
            errors.push(FieldError::new("staff_member_ids", "out_of_range", message));
        }
    }
}

pub(super) fn check_rules(field: &str, rules: &[Rule], errors: &mut Vec<FieldError>) {
    if rules.len() > 50 {
        errors.push(FieldError::new(field, "out_of_range", "up to 50 rules"));
    }
}

/// All of these hold a post today with which one can be in a room.
pub(super) async fn check_people(tx: &Tx<'_>, field: &'static str, who: &[Uuid]) -> Result<()> {
    let eligible = queries::list_eligible(tx, who).await?;
    if who.iter().all(|id| eligible.contains(id)) {
        return Ok(());
    }
    let message = "no such staff member, or nobody who is in rooms";
    Err(Error::invalid(field, "not_allowed", message))
}

pub(super) async fn check_rules_exist(tx: &Tx<'_>, rules: &[Rule]) -> Result<()> {
    for rule in rules {
        if let Some(facility) = rule.facility_id
            && !queries::facility_exists(tx, facility).await?
        {
            return Err(Error::invalid(
                "facility_id",
                "not_allowed",
                "no such facility",
            ));
        }
        if let Some(profession) = &rule.profession
            && (NOT_BY_POST.contains(&profession.as_str())
                || professions::resolve(tx, profession).await?.is_none())
        {
            return Err(Error::invalid(
                "profession",
                "not_allowed",
                "no such profession",
            ));
        }
    }
    Ok(())
}

/// Add somebody to a room.
#[utoipa::path(
    tag = "rooms",
    request_body = CreateRoomMember,
    responses((status = 201, body = RoomDetailView), (status = "4XX", body = Problem)),
)]
#[post("/v1/rooms/{room_id}/members")]
pub(super) async fn create_room_member(
    ctx: Ctx,
    room_id: Path<Uuid>,
    input: Input<CreateRoomMember>,
) -> Result<Answer> {
    let new = &input.value;
    ctx.write(&input.digest, async |tx| {
        let (room, _, _permit) = policy::may::<Keep>(tx, *room_id).await?;
        check_people(tx, "staff_member_id", &[new.staff_member_id]).await?;
        let row = (new.id, new.staff_member_id, new.responsible);
        queries::insert_members(tx, room.id, &[row]).await?;
        tx.record(Entry::new("room_member.add").on("staff_member", new.staff_member_id));
        events::enqueue_room_change(tx, room.id, Vec::new()).await?;
        Ok(Reply::created(view::room(tx, room.id).await?))
    })
    .await
}

/// Take somebody out of a room, at once.
#[utoipa::path(
    tag = "rooms",
    request_body = Nothing,
    responses((status = 200, body = RoomDetailView), (status = "4XX", body = Problem)),
)]
#[post("/v1/room-members/{membership_id}/end")]
pub(super) async fn end_room_member(
    ctx: Ctx,
    membership_id: Path<Uuid>,
    input: Input<Nothing>,
) -> Result<Answer> {
    let id = *membership_id;
    ctx.write(&input.digest, async |tx| {
        let unknown = || {
            let denial = Denial::hidden(Keep::ACTION).on("room_member", id);
            Error::Denied(Box::new(denial))
        };
        let (room_id, who) = queries::find_member(tx, id).await?.ok_or_else(unknown)?;
        let (room, _, permit) = policy::may::<Keep>(tx, room_id).await?;
        queries::lock(tx, room.id).await?;
        may_go(&policy::members(tx, room.id).await?, who)?;
        queries::end_member(tx, permit, id).await?;
        tx.record(Entry::new("room_member.end").on("staff_member", who));
        events::enqueue_room_change(tx, room.id, vec![who]).await?;
        Ok(Reply::ok(view::room(tx, room.id).await?))
    })
    .await
}

/// Say who looks after a room. Whoever is in it by post only is from now on in it by name as well.
#[utoipa::path(
    tag = "rooms",
    request_body = AssignRoom,
    responses((status = 200, body = RoomDetailView), (status = "4XX", body = Problem)),
)]
#[post("/v1/rooms/{room_id}/assign")]
pub(super) async fn assign_room(
    ctx: Ctx,
    room_id: Path<Uuid>,
    input: Input<AssignRoom>,
) -> Result<Answer> {
    let who = &input.value.staff_member_ids;
    ctx.write(&input.digest, async |tx| {
        let (room, _, _permit) = policy::may::<Keep>(tx, *room_id).await?;
        queries::lock(tx, room.id).await?;
        let members = policy::members(tx, room.id).await?;
        let mut added = Vec::new();
        for id in who {
            let member = members.iter().find(|member| member.staff_member_id == *id);
            let Some(member) = member else {
                let message = "not in the room";
                return Err(Error::invalid("staff_member_ids", "not_allowed", message));
            };
            if member.by_name.is_none() {
                added.push((ids::new_id(), *id, true));
            }
        }
        if !added.is_empty() {
            queries::insert_members(tx, room.id, &added).await?;
        }
        queries::set_responsible(tx, room.id, who).await?;
        changed(tx, room.id, "room.assign").await
    })
    .await
}

/// Leave a room. Refused to the last who looks after it while others stay, and to whoever is in it by post.
#[utoipa::path(
    tag = "rooms",
    request_body = Nothing,
    responses((status = 204), (status = "4XX", body = Problem)),
)]
#[post("/v1/rooms/{room_id}/leave")]
pub(super) async fn leave_room(
    ctx: Ctx,
    room_id: Path<Uuid>,
    input: Input<Nothing>,
) -> Result<Answer> {
    ctx.write(&input.digest, async |tx| {
        let (room, _, permit) = policy::may::<Leave>(tx, *room_id).await?;
        queries::lock(tx, room.id).await?;
        let me = tx.actor.ids().0;
        let membership = may_go(&policy::members(tx, room.id).await?, me)?;
        queries::end_member(tx, permit, membership).await?;
        tx.record(Entry::new("room.leave").on("room", room.id));
        events::enqueue_room_change(tx, room.id, vec![me]).await?;
        Ok(Reply::done(()))
    })
    .await
}

/// Let everybody of a facility, a profession or both into a room, for as long as they hold such a post.
#[utoipa::path(
    tag = "rooms",
    request_body = Rule,
    responses((status = 201, body = RoomDetailView), (status = "4XX", body = Problem)),
)]
#[post("/v1/rooms/{room_id}/rules")]
pub(super) async fn create_room_rule(
    ctx: Ctx,
    room_id: Path<Uuid>,
    input: Input<Rule>,
) -> Result<Answer> {
    let new = &input.value;
    ctx.write(&input.digest, async |tx| {
        let (room, _, _permit) = policy::may::<Keep>(tx, *room_id).await?;
        check_rules_exist(tx, std::slice::from_ref(new)).await?;
        queries::insert_rules(tx, room.id, &[new.row()]).await?;
        tx.record(Entry::new("room_rule.add").on("room", room.id));
        events::enqueue_room_change(tx, room.id, Vec::new()).await?;
        Ok(Reply::created(view::room(tx, room.id).await?))
    })
    .await
}

/// End a rule: whoever was in the room by it alone is out at once.
#[utoipa::path(
    tag = "rooms",
    request_body = Nothing,
    responses((status = 200, body = RoomDetailView), (status = "4XX", body = Problem)),
)]
#[post("/v1/room-rules/{rule_id}/end")]
pub(super) async fn end_room_rule(
    ctx: Ctx,
    rule_id: Path<Uuid>,
    input: Input<Nothing>,
) -> Result<Answer> {
    let id = *rule_id;
    ctx.write(&input.digest, async |tx| {
        let unknown = || {
            let denial = Denial::hidden(Keep::ACTION).on("room_rule", id);
            Error::Denied(Box::new(denial))
        };
        let room_id = queries::find_rule(tx, id).await?.ok_or_else(unknown)?;
        let (room, _, permit) = policy::may::<Keep>(tx, room_id).await?;
        queries::lock(tx, room.id).await?;
        let before = policy::members(tx, room.id).await?;
        queries::end_rule(tx, permit, id).await?;
        let after = policy::members(tx, room.id).await?;
        let gone = before
            .iter()
            .map(|member| member.staff_member_id)
            .filter(|who| !after.iter().any(|member| member.staff_member_id == *who));
        events::enqueue_room_change(tx, room.id, gone.collect()).await?;
        tx.record(Entry::new("room_rule.end").on("room", room.id));
        Ok(Reply::ok(view::room(tx, room.id).await?))
    })
    .await
}
