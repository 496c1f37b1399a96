//! Who is in a room at this moment. Membership by name lasts from a moment to a moment; membership by post is derived:
//! whoever holds a post of that facility, of that profession or of both is in for as long as the post is held. Nothing is
//! copied, so that nobody stays in a room by having been forgotten.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use futures_util::future::try_join;
use serde::{Deserialize, Serialize};
use tsumugi_schema::tables::{
    announcement_recipients as recipients, announcements, room_members as members,
    room_rules as rules, rooms, staff_members,
};
use uuid::Uuid;

use crate::{Result, ctx::Tx, spine::clock::day_begins};

/// Professions that are in no room by their post: patients and families are in none at all, and who administers or
/// supervises a network is in a room only by name.
pub const NOT_BY_POST: [&str; 5] = ["administrator", "auditor", "family", "patient", "support"];

/// What ties the caller to a room or to what is passed round, as the rules ask for it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Membership {
    /// Is in the room; was sent the announcement.
    pub member: bool,
    /// Looks after the room.
    pub responsible: bool,
    /// Wrote what is concerned.
    pub author: bool,
}

/// What the access rules look at in a room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomFacts {
    /// The room.
    pub id: Uuid,
    /// Kind: `facility`, `committee`, `regional`, `free` or `direct`.
    pub kind: String,
    /// The facility, of the room of one.
    pub facility: Option<Uuid>,
    /// What ties the caller to it.
    pub membership: Membership,
}

/// What the access rules look at in something that is passed round.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnnouncementFacts {
    /// The announcement.
    pub id: Uuid,
    /// Whether it goes beyond the author's own facility and rooms.
    pub wide: bool,
    /// What ties the caller to it.
    pub membership: Membership,
}

/// Somebody in a room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoomMember {
    /// The room.
    pub room_id: Uuid,
    /// Who.
    pub staff_member_id: Uuid,
    /// Since when: the earliest of what holds now.
    pub joined_at: DateTime<Utc>,
    /// Looks after the room.
    pub responsible: bool,
    /// The membership by name, when there is one.
    pub by_name: Option<Uuid>,
    /// Whether a rule of the room holds for the post.
    pub by_post: bool,
}

/// A ground on which somebody is in a room.
struct Tie {
    room_id: Uuid,
    staff_member_id: Uuid,
    since: DateTime<Utc>,
    /// The membership, and whether it is that of somebody who looks after the room; none by post.
    by_name: Option<(Uuid, bool)>,
}

/// Puts the grounds together: one member for each room and post, in the room since the earliest of them.
fn together(named: Vec<Tie>, by_post: Vec<Tie>) -> Vec<RoomMember> {
    let mut found: BTreeMap<(Uuid, Uuid), RoomMember> = BTreeMap::new();
    for tie in named.into_iter().chain(by_post) {
        let key = (tie.room_id, tie.staff_member_id);
        let member = found.entry(key).or_insert_with(|| RoomMember {
            room_id: tie.room_id,
            staff_member_id: tie.staff_member_id,
            joined_at: tie.since,
            responsible: false,
            by_name: None,
            by_post: false,
        });
        member.joined_at = member.joined_at.min(tie.since);
        match tie.by_name {
            Some((id, responsible)) => {
                member.by_name = Some(id);
                member.responsible |= responsible;
            }
            None => member.by_post = true,
        }
    }
    found.into_values().collect()
}

/// Sees to it that somebody looks after every room that has members: when all who did are gone, whoever has been in it
/// longest.
fn with_responsible(mut members: Vec<RoomMember>) -> Vec<RoomMember> {
    let mut longest: BTreeMap<Uuid, (DateTime<Utc>, Uuid)> = BTreeMap::new();
    for member in &members {
        let this = (member.joined_at, member.staff_member_id);
        let first = longest.entry(member.room_id).or_insert(this);
        *first = this.min(*first);
    }
    for member in members.iter().filter(|member| member.responsible) {
        longest.remove(&member.room_id);
    }
    for member in &mut members {
        let acting = longest.get(&member.room_id);
        member.responsible |= acting.is_some_and(|(_, id)| *id == member.staff_member_id);
    }
    members
}

/// Posts that are held today.
macro_rules! held {
    ($today:expr) => {
        staff_members::starts_on.le($today).and(
            staff_members::ends_on
                .is_null()
                .or(staff_members::ends_on.ge($today)),
        )
    };
}

/// Of which members: those of rooms, or of whom.
enum Of<'a> {
    Rooms(&'a [Uuid]),
    StaffMember(Uuid),
}

/// Everybody who is in these rooms at this moment.
pub async fn members_of(tx: &Tx<'_>, room_ids: &[Uuid]) -> Result<Vec<RoomMember>> {
    if room_ids.is_empty() {
        return Ok(Vec::new());
    }
    let of = Of::Rooms(room_ids);
    let (named, by_post) = try_join(ties_by_name(tx, &of), ties_by_post(tx, &of)).await?;
    Ok(with_responsible(together(named, by_post)))
}

/// The rooms in which somebody is at this moment. Whether the person looks after them is told only as far as it was said
/// by name: who acts for want of anybody else is known from all the members of a room.
pub async fn rooms_of(tx: &Tx<'_>, staff_member_id: Uuid) -> Result<Vec<RoomMember>> {
    let of = Of::StaffMember(staff_member_id);
    let (named, by_post) = try_join(ties_by_name(tx, &of), ties_by_post(tx, &of)).await?;
    Ok(together(named, by_post))
}

async fn ties_by_name(tx: &Tx<'_>, of: &Of<'_>) -> Result<Vec<Tie>> {
    type Row = (Uuid, Uuid, DateTime<Utc>, Uuid, bool);
    let query = members::table
        .inner_join(
            staff_members::table.on(staff_members::tenant_id
                .eq(members::tenant_id)
                .and(staff_members::id.eq(members::staff_member_id))),
        )
        .filter(members::tenant_id.eq(tx.tenant_id))
        .filter(members::ended_at.is_null())
        .filter(held!(tx.today()))
        .select((
            members::room_id,
            members::staff_member_id,
            members::starts_at,
            members::id,
            members::responsible,
        ))
        .into_boxed();
    let query = match of {
        Of::Rooms(ids) => query.filter(members::room_id.eq_any(ids.to_vec())),
        Of::StaffMember(id) => query.filter(members::staff_member_id.eq(*id)),
    };
    let rows: Vec<Row> = query.load(&mut tx.conn()).await?;
    let tie = |(room_id, staff_member_id, since, id, responsible)| Tie {
        room_id,
        staff_member_id,
        since,
        by_name: Some((id, responsible)),
    };
    Ok(rows.into_iter().map(tie).collect())
}

async fn ties_by_post(tx: &Tx<'_>, of: &Of<'_>) -> Result<Vec<Tie>> {
    type Row = (Uuid, Uuid, DateTime<Utc>, NaiveDate, DateTime<Utc>);
    let query = rules::table
        .inner_join(staff_members::table.on(staff_members::tenant_id.eq(rules::tenant_id)))
        .filter(rules::tenant_id.eq(tx.tenant_id))
        .filter(rules::ended_at.is_null())
        .filter(
            rules::facility_id
                .is_null()
                .or(rules::facility_id.eq(staff_members::facility_id.nullable())),
        )
        .filter(
            rules::profession
                .is_null()
                .or(rules::profession.eq(staff_members::profession.nullable())),
        )
        .filter(held!(tx.today()))
        .filter(staff_members::profession.ne_all(NOT_BY_POST))
        .select((
            rules::room_id,
            staff_members::id,
            rules::starts_at,
            staff_members::starts_on,
            staff_members::created_at,
        ))
        .into_boxed();
    let query = match of {
        Of::Rooms(ids) => query.filter(rules::room_id.eq_any(ids.to_vec())),
        Of::StaffMember(id) => query.filter(staff_members::id.eq(*id)),
    };
    let rows: Vec<Row> = query.load(&mut tx.conn()).await?;
    // A post begins with a day; who is entered in the course of it is in the room from then on.
    let tie = |(room_id, staff_member_id, since, starts_on, entered): Row| Tie {
        room_id,
        staff_member_id,
        since: since.max(day_begins(starts_on)).max(entered),
        by_name: None,
    };
    Ok(rows.into_iter().map(tie).collect())
}

/// A room as the rules see it, and the caller's membership; nothing when there is no such room in the network.
pub async fn room_facts(
    tx: &Tx<'_>,
    room_id: Uuid,
) -> Result<Option<(RoomFacts, Option<RoomMember>)>> {
    let found: Option<(String, Option<Uuid>)> = rooms::table
        .find((tx.tenant_id, room_id))
        .select((rooms::kind, rooms::facility_id))
        .first(&mut tx.conn())
        .await
        .optional()?;
    let Some((kind, facility)) = found else {
        return Ok(None);
    };
    let me = tx.actor.ids().0;
    let mine = members_of(tx, &[room_id])
        .await?
        .into_iter()
        .find(|member| member.staff_member_id == me);
    let membership = Membership {
        member: mine.is_some(),
        responsible: mine.as_ref().is_some_and(|member| member.responsible),
        author: false,
    };
    let facts = RoomFacts {
        id: room_id,
        kind,
        facility,
        membership,
    };
    Ok(Some((facts, mine)))
}

/// Something that is passed round as the rules see it; nothing when there is none with this id in the network.
pub async fn announcement_facts(tx: &Tx<'_>, id: Uuid) -> Result<Option<AnnouncementFacts>> {
    let me = tx.actor.ids().0;
    let sent_to_me = diesel::dsl::exists(
        recipients::table
            .filter(recipients::tenant_id.eq(tx.tenant_id))
            .filter(recipients::announcement_id.eq(id))
            .filter(recipients::staff_member_id.eq(me)),
    );
    let found: Option<(bool, Uuid, bool)> = announcements::table
        .find((tx.tenant_id, id))
        .select((announcements::wide, announcements::author_id, sent_to_me))
        .first(&mut tx.conn())
        .await
        .optional()?;
    Ok(found.map(|(wide, author, member)| AnnouncementFacts {
        id,
        wide,
        membership: Membership {
            member,
            responsible: false,
            author: author == me,
        },
    }))
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use proptest::prelude::*;

    use super::*;

    fn member(room: u128, staff: u128, minutes: i64, responsible: bool) -> RoomMember {
        RoomMember {
            room_id: Uuid::from_u128(room),
            staff_member_id: Uuid::from_u128(staff),
            joined_at: DateTime::UNIX_EPOCH + TimeDelta::minutes(minutes),
            responsible,
            by_name: None,
            by_post: true,
        }
    }

    #[test]
    fn whoever_has_been_in_longest_acts_when_nobody_is_responsible() {
        let members = with_responsible(vec![member(1, 1, 5, false), member(1, 2, 3, false)]);
        assert!(!members[0].responsible && members[1].responsible);
        let members = with_responsible(vec![member(1, 1, 5, true), member(1, 2, 3, false)]);
        assert!(members[0].responsible && !members[1].responsible);
    }

    proptest! {
        #[test]
        fn every_room_with_members_has_somebody_responsible(
            rows in proptest::collection::btree_map((0..4u128, 0..6u128), (0..100i64, any::<bool>()), 0..20),
        ) {
            let rows: Vec<RoomMember> = rows.iter().map(|((room, staff), (at, r))| member(*room, *staff, *at, *r)).collect();
            let after = with_responsible(rows.clone());
            prop_assert_eq!(rows.len(), after.len());
            for room in rows.iter().map(|row| row.room_id) {
                let of = |all: &[RoomMember]| all.iter().filter(|m| m.room_id == room && m.responsible).count();
                prop_assert!(of(&after) >= 1);
                prop_assert!(of(&rows) == 0 || of(&rows) == of(&after));
            }
        }
    }
}
