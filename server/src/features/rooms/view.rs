//! What a room looks like to whoever may know of it.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use futures_util::future::{try_join_all, try_join3};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    model::Room,
    people::{RoomPersonView, named},
    policy::{Keep, Leave},
    queries,
};
use crate::{
    Error, Result,
    ctx::Tx,
    spine::{
        access::{RoomFacts, RoomMember, members_of, offers_on_room},
        text,
    },
};

/// Longest piece of the newest message in a list.
const LONGEST_EXCERPT: usize = 60;

/// A room, as a list shows it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RoomView {
    /// Identifier.
    pub(super) id: Uuid,
    /// `facility`, `committee`, `regional`, `free` or `direct`.
    kind: String,
    /// Name; null between two people.
    name: Option<String>,
    /// The other of two people.
    partner: Option<RoomPersonView>,
    /// What it is for.
    purpose: Option<String>,
    /// `all`: members read what was said before they joined; `from_joining`: they do not.
    history: String,
    /// The facility, of the room of one.
    facility_id: Option<Uuid>,
    /// Since when nothing can be written any more.
    archived_at: Option<DateTime<Utc>>,
    /// Whether the caller is in it, and not only looks after its settings.
    member: bool,
    /// How many messages of others the caller has not read.
    unread: i64,
    /// How many of these mention the caller, or everybody.
    mentioned: i64,
    /// Every message up to this number has been read by the caller.
    read_seq: i64,
    /// The newest message, when the caller may read it.
    last: Option<LastMessageView>,
    /// When it was opened.
    created_at: DateTime<Utc>,
}

/// The newest message of a room.
#[derive(Debug, Serialize, ToSchema)]
struct LastMessageView {
    /// When the server took it in.
    recorded_at: DateTime<Utc>,
    /// Who wrote it.
    author_name: String,
    /// Whether the caller wrote it.
    mine: bool,
    /// `kept`, `retracted` or `moved`.
    state: String,
    /// Its first characters, when it is kept.
    excerpt: Option<String>,
}

/// A room with those who are in it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RoomDetailView {
    /// The room.
    #[serde(flatten)]
    room: RoomView,
    /// Who is in it at this moment.
    members: Vec<RoomMemberView>,
    /// Who is in it by post.
    rules: Vec<RoomRuleView>,
    /// Whether the caller may change the room and its members.
    can_keep: bool,
    /// Whether the caller may leave.
    can_leave: bool,
}

/// Somebody who is in a room.
#[derive(Debug, Serialize, ToSchema)]
struct RoomMemberView {
    /// Who.
    #[serde(flatten)]
    person: RoomPersonView,
    /// The membership by name, which can be ended.
    membership_id: Option<Uuid>,
    /// Whether a rule of the room holds for the post.
    by_post: bool,
    /// Whether the member looks after the room.
    responsible: bool,
    /// Since when.
    joined_at: DateTime<Utc>,
}

/// Who is in a room by post.
#[derive(Debug, Serialize, ToSchema)]
struct RoomRuleView {
    /// Identifier.
    id: Uuid,
    /// The facility; any when null.
    facility_id: Option<Uuid>,
    /// Its name.
    facility_name: Option<String>,
    /// Code of the profession; any when null.
    profession: Option<String>,
    /// Since when.
    starts_at: DateTime<Utc>,
}

/// Makes views of rooms, the newest message first. `mine` are the caller's memberships.
pub(super) async fn rooms(
    tx: &Tx<'_>,
    rooms: Vec<Room>,
    mine: &HashMap<Uuid, RoomMember>,
) -> Result<Vec<RoomView>> {
    let me = tx.actor.ids().0;
    let read: Vec<Uuid> = rooms
        .iter()
        .map(|room| room.id)
        .filter(|id| mine.contains_key(id))
        .collect();
    let (last, marks) = futures_util::future::try_join(
        queries::list_last(tx, &read),
        queries::list_marks(tx, &read),
    )
    .await?;
    let marks: HashMap<Uuid, i64> = marks.into_iter().collect();
    let mark = |room: &Uuid| marks.get(room).copied().unwrap_or_default();
    let counts = mine
        .values()
        .filter(|member| read.contains(&member.room_id));
    let counts = counts.map(async |member| {
        let from = (mark(&member.room_id), member.joined_at);
        let count = queries::count_unread(tx, member.room_id, from).await?;
        Ok::<_, Error>((member.room_id, count))
    });
    let counts: HashMap<Uuid, (i64, i64)> = try_join_all(counts).await?.into_iter().collect();
    let people = rooms
        .iter()
        .filter_map(|room| room.partner_of(me))
        .chain(last.iter().map(|row| row.2));
    let people = named(tx, people).await?;
    let mut last: HashMap<Uuid, queries::LastRow> =
        last.into_iter().map(|row| (row.0, row)).collect();
    let view = |room: Room| {
        let member = mine.get(&room.id);
        let from = member.map_or(tx.now, |member| room.readable_from(member.joined_at));
        let newest = last.remove(&room.id).filter(|row| row.1 >= from);
        let (unread, mentioned) = counts.get(&room.id).copied().unwrap_or_default();
        RoomView {
            partner: room.partner_of(me).and_then(|id| people.get(&id).cloned()),
            member: member.is_some(),
            unread,
            mentioned,
            read_seq: mark(&room.id),
            last: newest.map(|row| last_message(row, me, &people)),
            id: room.id,
            kind: room.kind,
            name: room.name,
            purpose: room.purpose,
            history: room.history,
            facility_id: room.facility_id,
            archived_at: room.archived_at,
            created_at: room.created_at,
        }
    };
    let mut views: Vec<RoomView> = rooms.into_iter().map(view).collect();
    views.sort_by_key(|view| {
        let at = view
            .last
            .as_ref()
            .map_or(view.created_at, |last| last.recorded_at);
        std::cmp::Reverse((at, view.id))
    });
    Ok(views)
}

fn last_message(
    (_, recorded_at, author, state, body): queries::LastRow,
    me: Uuid,
    people: &HashMap<Uuid, RoomPersonView>,
) -> LastMessageView {
    let name = people.get(&author).map(|person| person.name.clone());
    LastMessageView {
        recorded_at,
        author_name: name.unwrap_or_default(),
        mine: author == me,
        excerpt: body.map(|body| text::excerpt(&body, LONGEST_EXCERPT)),
        state,
    }
}

/// Makes the view of one room, with its members as they are by now.
pub(super) async fn room(tx: &Tx<'_>, room_id: Uuid) -> Result<RoomDetailView> {
    let me = tx.actor.ids().0;
    let ids = [room_id];
    let (room, members, rules) = try_join3(
        queries::find(tx, room_id),
        members_of(tx, &ids),
        queries::list_rules(tx, room_id),
    )
    .await?;
    let room = room.ok_or(Error::NotFound)?;
    let own = members.iter().find(|member| member.staff_member_id == me);
    let facts = RoomFacts {
        id: room_id,
        kind: room.kind.clone(),
        facility: room.facility_id,
        membership: crate::spine::access::Membership {
            member: own.is_some(),
            responsible: own.is_some_and(|member| member.responsible),
            author: false,
        },
    };
    let mine: HashMap<Uuid, RoomMember> = own
        .map(|member| (room_id, member.clone()))
        .into_iter()
        .collect();
    let by_name = own.is_some_and(|member| member.by_name.is_some() && !member.by_post);
    let people = named(tx, members.iter().map(|member| member.staff_member_id)).await?;
    let view = rooms(tx, vec![room], &mine).await?.pop();
    let member = |member: RoomMember| RoomMemberView {
        person: people
            .get(&member.staff_member_id)
            .cloned()
            .unwrap_or_default(),
        membership_id: member.by_name,
        by_post: member.by_post,
        responsible: member.responsible,
        joined_at: member.joined_at,
    };
    Ok(RoomDetailView {
        room: view.ok_or(Error::NotFound)?,
        can_keep: offers_on_room::<Keep>(tx, &facts),
        can_leave: by_name && offers_on_room::<Leave>(tx, &facts),
        members: members.into_iter().map(member).collect(),
        rules: rules.into_iter().map(RoomRuleView::from).collect(),
    })
}

impl From<queries::RuleRow> for RoomRuleView {
    fn from((id, _, facility, profession, starts_at): queries::RuleRow) -> Self {
        let (facility_id, facility_name) = facility.unzip();
        Self {
            id,
            facility_id,
            facility_name,
            profession,
            starts_at,
        }
    }
}
