use chrono::{DateTime, Utc};
use diesel::{prelude::*, upsert::excluded};
use diesel_async::RunQueryDsl;
use tsumugi_schema::tables::{
    facilities, message_versions as versions, messages, room_members as members,
    room_read_marks as marks, room_rules as rules, rooms, staff_members,
};
use uuid::Uuid;

use super::{
    model::Room,
    policy::{Create, Keep, Leave, ReadMessages},
};
use crate::{
    Error, Result,
    ctx::Tx,
    spine::access::{NOT_BY_POST, Permit},
};

pub(super) async fn find(tx: &Tx<'_>, id: Uuid) -> Result<Option<Room>> {
    Ok(rooms::table
        .find((tx.tenant_id, id))
        .select(Room::as_select())
        .first(&mut tx.conn())
        .await
        .optional()?)
}

pub(super) async fn list(tx: &Tx<'_>, ids: &[Uuid]) -> Result<Vec<Room>> {
    Ok(rooms::table
        .filter(rooms::tenant_id.eq(tx.tenant_id))
        .filter(rooms::id.eq_any(ids))
        .select(Room::as_select())
        .load(&mut tx.conn())
        .await?)
}

/// The rooms of these kinds: those that an administrator looks after without being in them.
pub(super) async fn list_of_kinds(tx: &Tx<'_>, kinds: &[&str]) -> Result<Vec<Uuid>> {
    Ok(rooms::table
        .filter(rooms::tenant_id.eq(tx.tenant_id))
        .filter(rooms::kind.eq_any(kinds))
        .order(rooms::created_at)
        .limit(500)
        .select(rooms::id)
        .load(&mut tx.conn())
        .await?)
}

/// The rooms of a facility.
pub(super) async fn list_of_facility(tx: &Tx<'_>, facility_id: Uuid) -> Result<Vec<Uuid>> {
    Ok(rooms::table
        .filter(rooms::tenant_id.eq(tx.tenant_id))
        .filter(rooms::facility_id.eq(facility_id))
        .select(rooms::id)
        .load(&mut tx.conn())
        .await?)
}

/// The room between two people.
pub(super) async fn find_direct(tx: &Tx<'_>, one: Uuid, other: Uuid) -> Result<Option<Room>> {
    Ok(rooms::table
        .filter(rooms::tenant_id.eq(tx.tenant_id))
        .filter(rooms::kind.eq("direct"))
        .filter(rooms::one.eq(one))
        .filter(rooms::other.eq(other))
        .select(Room::as_select())
        .first(&mut tx.conn())
        .await
        .optional()?)
}

/// A room to be made.
pub(super) struct NewRoom<'a> {
    pub(super) id: Uuid,
    pub(super) kind: &'static str,
    pub(super) name: Option<&'a str>,
    pub(super) purpose: Option<&'a str>,
    pub(super) history: &'static str,
    pub(super) facility_id: Option<Uuid>,
    /// The two people, in order.
    pub(super) pair: Option<(Uuid, Uuid)>,
}

pub(super) async fn insert(tx: &Tx<'_>, _: Permit<Create>, new: &NewRoom<'_>) -> Result<()> {
    diesel::insert_into(rooms::table)
        .values((
            rooms::tenant_id.eq(tx.tenant_id),
            rooms::id.eq(new.id),
            rooms::kind.eq(new.kind),
            rooms::name.eq(new.name),
            rooms::purpose.eq(new.purpose),
            rooms::history.eq(new.history),
            rooms::facility_id.eq(new.facility_id),
            rooms::one.eq(new.pair.map(|(one, _)| one)),
            rooms::other.eq(new.pair.map(|(_, other)| other)),
            rooms::last_seq.eq(0),
            rooms::created_by.eq(tx.actor.ids().0),
            rooms::created_at.eq(tx.now),
        ))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// Takes the next number of a room; whoever writes to the same room waits, so that the numbers are in the order of the
/// commits and nothing appears behind a reading mark.
pub async fn advance<V>(tx: &Tx<'_>, _: &Permit<V>, room_id: Uuid) -> Result<i64> {
    Ok(diesel::update(rooms::table.find((tx.tenant_id, room_id)))
        .set(rooms::last_seq.eq(rooms::last_seq + 1))
        .returning(rooms::last_seq)
        .get_result(&mut tx.conn())
        .await?)
}

/// Makes whoever changes the members of a room wait for each other, so that two who look after it cannot both leave.
pub(super) async fn lock(tx: &Tx<'_>, room_id: Uuid) -> Result<()> {
    let _: Uuid = rooms::table
        .find((tx.tenant_id, room_id))
        .select(rooms::id)
        .for_update()
        .first(&mut tx.conn())
        .await?;
    Ok(())
}

pub(super) async fn update(
    tx: &Tx<'_>,
    _: Permit<Keep>,
    room_id: Uuid,
    (name, purpose, history): (&str, Option<&str>, &str),
) -> Result<()> {
    diesel::update(rooms::table.find((tx.tenant_id, room_id)))
        .set((
            rooms::name.eq(name),
            rooms::purpose.eq(purpose),
            rooms::history.eq(history),
        ))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

pub(super) async fn set_archived(
    tx: &Tx<'_>,
    _: Permit<Keep>,
    room_id: Uuid,
    at: Option<DateTime<Utc>>,
) -> Result<()> {
    diesel::update(rooms::table.find((tx.tenant_id, room_id)))
        .set(rooms::archived_at.eq(at))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// A member to be added: id, who, whether to look after the room.
pub(super) type NewMember = (Uuid, Uuid, bool);

pub(super) async fn insert_members(tx: &Tx<'_>, room_id: Uuid, new: &[NewMember]) -> Result<()> {
    let rows: Vec<_> = new
        .iter()
        .map(|(id, who, responsible)| {
            (
                members::tenant_id.eq(tx.tenant_id),
                members::id.eq(*id),
                members::room_id.eq(room_id),
                members::staff_member_id.eq(*who),
                members::responsible.eq(*responsible),
                members::starts_at.eq(tx.now),
                members::added_by.eq(tx.actor.ids().0),
            )
        })
        .collect();
    diesel::insert_into(members::table)
        .values(rows)
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// A membership by name that lasts: room and staff member.
pub(super) async fn find_member(tx: &Tx<'_>, id: Uuid) -> Result<Option<(Uuid, Uuid)>> {
    Ok(members::table
        .find((tx.tenant_id, id))
        .filter(members::ended_at.is_null())
        .select((members::room_id, members::staff_member_id))
        .first(&mut tx.conn())
        .await
        .optional()?)
}

/// Ends a membership by name: by whoever looks after the room, or by the member.
pub(super) async fn end_member<V: Ends>(tx: &Tx<'_>, _: Permit<V>, id: Uuid) -> Result<()> {
    diesel::update(
        members::table
            .find((tx.tenant_id, id))
            .filter(members::ended_at.is_null()),
    )
    .set((
        members::ended_at.eq(tx.now),
        members::ended_by.eq(tx.actor.ids().0),
    ))
    .execute(&mut tx.conn())
    .await?;
    Ok(())
}

/// The acts that end a membership.
pub(super) trait Ends {}
impl Ends for Keep {}
impl Ends for Leave {}

/// Makes exactly these, of those who are in the room by name, look after it.
pub(super) async fn set_responsible(tx: &Tx<'_>, room_id: Uuid, who: &[Uuid]) -> Result<()> {
    diesel::update(
        members::table
            .filter(members::tenant_id.eq(tx.tenant_id))
            .filter(members::room_id.eq(room_id))
            .filter(members::ended_at.is_null()),
    )
    .set(members::responsible.eq(members::staff_member_id.eq_any(who.to_vec())))
    .execute(&mut tx.conn())
    .await?;
    Ok(())
}

/// A rule: id, room, facility with its name, profession, since when.
pub(super) type RuleRow = (
    Uuid,
    Uuid,
    Option<(Uuid, String)>,
    Option<String>,
    DateTime<Utc>,
);

pub(super) async fn list_rules(tx: &Tx<'_>, room_id: Uuid) -> Result<Vec<RuleRow>> {
    Ok(rules::table
        .left_join(
            facilities::table.on(facilities::tenant_id
                .eq(rules::tenant_id)
                .and(facilities::id.nullable().eq(rules::facility_id))),
        )
        .filter(rules::tenant_id.eq(tx.tenant_id))
        .filter(rules::room_id.eq(room_id))
        .filter(rules::ended_at.is_null())
        .order((rules::starts_at, rules::id))
        .select((
            rules::id,
            rules::room_id,
            (facilities::id, facilities::name).nullable(),
            rules::profession,
            rules::starts_at,
        ))
        .load(&mut tx.conn())
        .await?)
}

/// The room of a rule that stands.
pub(super) async fn find_rule(tx: &Tx<'_>, id: Uuid) -> Result<Option<Uuid>> {
    Ok(rules::table
        .find((tx.tenant_id, id))
        .filter(rules::ended_at.is_null())
        .select(rules::room_id)
        .first(&mut tx.conn())
        .await
        .optional()?)
}

/// A rule to be added: id, facility, profession.
pub(super) type NewRule<'a> = (Uuid, Option<Uuid>, Option<&'a str>);

pub(super) async fn insert_rules(tx: &Tx<'_>, room_id: Uuid, new: &[NewRule<'_>]) -> Result<()> {
    let rows: Vec<_> = new
        .iter()
        .map(|(id, facility, profession)| {
            (
                rules::tenant_id.eq(tx.tenant_id),
                rules::id.eq(*id),
                rules::room_id.eq(room_id),
                rules::facility_id.eq(*facility),
                rules::profession.eq(*profession),
                rules::starts_at.eq(tx.now),
                rules::added_by.eq(tx.actor.ids().0),
            )
        })
        .collect();
    diesel::insert_into(rules::table)
        .values(rows)
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

pub(super) async fn end_rule(tx: &Tx<'_>, _: Permit<Keep>, id: Uuid) -> Result<()> {
    diesel::update(
        rules::table
            .find((tx.tenant_id, id))
            .filter(rules::ended_at.is_null()),
    )
    .set((
        rules::ended_at.eq(tx.now),
        rules::ended_by.eq(tx.actor.ids().0),
    ))
    .execute(&mut tx.conn())
    .await?;
    Ok(())
}

/// Which of these hold a post today with which one can be in a room.
pub(super) async fn list_eligible(tx: &Tx<'_>, ids: &[Uuid]) -> Result<Vec<Uuid>> {
    let today = tx.today();
    let outside: Vec<&str> = NOT_BY_POST
        .into_iter()
        .filter(|profession| *profession != "administrator")
        .collect();
    Ok(staff_members::table
        .filter(staff_members::tenant_id.eq(tx.tenant_id))
        .filter(staff_members::id.eq_any(ids))
        .filter(staff_members::starts_on.le(today))
        .filter(
            staff_members::ends_on
                .is_null()
                .or(staff_members::ends_on.ge(today)),
        )
        .filter(staff_members::profession.ne_all(outside))
        .select(staff_members::id)
        .load(&mut tx.conn())
        .await?)
}

pub(super) async fn facility_exists(tx: &Tx<'_>, id: Uuid) -> Result<bool> {
    let found = diesel::dsl::exists(facilities::table.find((tx.tenant_id, id)));
    Ok(diesel::select(found).get_result(&mut tx.conn()).await?)
}

/// A person: id, name, profession, facility.
pub(super) type PersonRow = (Uuid, String, String, String);

pub(super) async fn list_people(tx: &Tx<'_>, ids: &[Uuid]) -> Result<Vec<PersonRow>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Ok(staff_members::table
        .inner_join(
            facilities::table.on(facilities::tenant_id
                .eq(staff_members::tenant_id)
                .and(facilities::id.eq(staff_members::facility_id))),
        )
        .filter(staff_members::tenant_id.eq(tx.tenant_id))
        .filter(staff_members::id.eq_any(ids))
        .select((
            staff_members::id,
            staff_members::name,
            staff_members::profession,
            facilities::name,
        ))
        .load(&mut tx.conn())
        .await?)
}

/// The newest message of a room: room, when, by whom, state, text.
pub(super) type LastRow = (Uuid, DateTime<Utc>, Uuid, String, Option<String>);

/// The newest message of each of these rooms.
pub(super) async fn list_last(tx: &Tx<'_>, ids: &[Uuid]) -> Result<Vec<LastRow>> {
    Ok(rooms::table
        .inner_join(
            messages::table.on(messages::tenant_id
                .eq(rooms::tenant_id)
                .and(messages::room_id.eq(rooms::id))
                .and(messages::seq.eq(rooms::last_seq))),
        )
        .inner_join(
            versions::table.on(versions::tenant_id
                .eq(messages::tenant_id)
                .and(versions::message_id.eq(messages::id))
                .and(versions::version.eq(messages::version))),
        )
        .filter(rooms::tenant_id.eq(tx.tenant_id))
        .filter(rooms::id.eq_any(ids))
        .select((
            messages::room_id,
            messages::recorded_at,
            messages::author_id,
            messages::state,
            versions::body,
        ))
        .load(&mut tx.conn())
        .await?)
}

/// How far the caller has read each of these rooms.
pub(super) async fn list_marks(tx: &Tx<'_>, ids: &[Uuid]) -> Result<Vec<(Uuid, i64)>> {
    Ok(marks::table
        .filter(marks::tenant_id.eq(tx.tenant_id))
        .filter(marks::room_id.eq_any(ids))
        .filter(marks::staff_member_id.eq(tx.actor.ids().0))
        .select((marks::room_id, marks::read_seq))
        .load(&mut tx.conn())
        .await?)
}

/// How many messages of others the caller has not read, and how many of them mention the caller: since joining, and
/// without those that were taken back or moved.
pub(super) async fn count_unread(
    tx: &Tx<'_>,
    room_id: Uuid,
    (read_seq, joined_at): (i64, DateTime<Utc>),
) -> Result<(i64, i64)> {
    let me = tx.actor.ids().0;
    let mentioned = diesel::dsl::count(messages::id)
        .aggregate_filter(versions::mentions_everyone.or(versions::mentions.contains(vec![me])));
    Ok(messages::table
        .inner_join(
            versions::table.on(versions::tenant_id
                .eq(messages::tenant_id)
                .and(versions::message_id.eq(messages::id))
                .and(versions::version.eq(messages::version))),
        )
        .filter(messages::tenant_id.eq(tx.tenant_id))
        .filter(messages::room_id.eq(room_id))
        .filter(messages::seq.gt(read_seq))
        .filter(messages::recorded_at.ge(joined_at))
        .filter(messages::author_id.ne(me))
        .filter(messages::state.eq("kept"))
        .select((diesel::dsl::count_star(), mentioned))
        .first(&mut tx.conn())
        .await?)
}

/// The number of a message in its room, and when it was taken in.
pub(super) async fn find_seq(
    tx: &Tx<'_>,
    room_id: Uuid,
    message_id: Uuid,
) -> Result<Option<(i64, DateTime<Utc>)>> {
    Ok(messages::table
        .find((tx.tenant_id, message_id))
        .filter(messages::room_id.eq(room_id))
        .select((messages::seq, messages::recorded_at))
        .first(&mut tx.conn())
        .await
        .optional()?)
}

/// Moves the caller's mark forward; answers where it is.
pub(super) async fn move_mark(
    tx: &Tx<'_>,
    _: Permit<ReadMessages>,
    room_id: Uuid,
    seq: i64,
) -> Result<i64> {
    let me = tx.actor.ids().0;
    let upsert = diesel::insert_into(marks::table)
        .values((
            marks::tenant_id.eq(tx.tenant_id),
            marks::room_id.eq(room_id),
            marks::staff_member_id.eq(me),
            marks::read_seq.eq(seq),
        ))
        .on_conflict((marks::tenant_id, marks::room_id, marks::staff_member_id))
        .do_update()
        .set(marks::read_seq.eq(excluded(marks::read_seq)));
    let forward = diesel::query_dsl::methods::FilterDsl::filter(
        upsert,
        marks::read_seq.lt(excluded(marks::read_seq)),
    );
    forward.execute(&mut tx.conn()).await?;
    let mark: Option<i64> = marks::table
        .find((tx.tenant_id, room_id, me))
        .select(marks::read_seq)
        .first(&mut tx.conn())
        .await
        .optional()?;
    mark.ok_or(Error::NotFound)
}
