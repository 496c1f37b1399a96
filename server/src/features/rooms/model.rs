//! Rows of rooms, and the rules that need nothing but the rows.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use tsumugi_schema::tables::rooms;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{Error, spine::access::RoomMember};

/// What a room is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum RoomKind {
    /// 施設・事業所
    Facility,
    /// 委員会
    Committee,
    /// 地域
    Regional,
    /// 自由
    Free,
    /// 個別
    Direct,
}

impl RoomKind {
    /// The code in the database, the rules and the interface.
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Facility => "facility",
            Self::Committee => "committee",
            Self::Regional => "regional",
            Self::Free => "free",
            Self::Direct => "direct",
        }
    }
}

/// What members read of the time before they joined.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = RoomHistory)]
pub(super) enum History {
    /// これまでの発言も読める
    #[default]
    All,
    /// 参加してからの発言だけ
    FromJoining,
}

impl History {
    /// The code in the database and the interface.
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::FromJoining => "from_joining",
        }
    }
}

/// A room.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = rooms, check_for_backend(diesel::pg::Pg))]
pub(super) struct Room {
    pub(super) id: Uuid,
    pub(super) kind: String,
    pub(super) name: Option<String>,
    pub(super) purpose: Option<String>,
    pub(super) history: String,
    pub(super) facility_id: Option<Uuid>,
    pub(super) one: Option<Uuid>,
    pub(super) other: Option<Uuid>,
    pub(super) created_at: DateTime<Utc>,
    pub(super) archived_at: Option<DateTime<Utc>>,
}

impl Room {
    /// From when on a member reads.
    pub(super) fn readable_from(&self, joined_at: DateTime<Utc>) -> DateTime<Utc> {
        if self.history == History::All.code() {
            DateTime::UNIX_EPOCH
        } else {
            joined_at
        }
    }

    /// The other of two people.
    pub(super) fn partner_of(&self, me: Uuid) -> Option<Uuid> {
        if self.one == Some(me) {
            self.other
        } else {
            self.one
        }
    }
}

/// Why the members of a room cannot be changed so.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Refused {
    /// Nobody would look after it.
    NobodyResponsible,
    /// The member is in it by post.
    ByPost,
}

/// Whether somebody may go out of a room that has these members: by name only, and not the last who looks after it while
/// others stay.
pub(super) fn may_go(members: &[RoomMember], who: Uuid) -> Result<Uuid, Refused> {
    let this = members.iter().find(|member| member.staff_member_id == who);
    let by_name = this
        .and_then(|member| member.by_name)
        .filter(|_| this.is_some_and(|member| !member.by_post));
    let by_name = by_name.ok_or(Refused::ByPost)?;
    let mut others = members
        .iter()
        .filter(|member| member.staff_member_id != who)
        .peekable();
    if others.peek().is_some() && !others.any(|member| member.responsible) {
        return Err(Refused::NobodyResponsible);
    }
    Ok(by_name)
}

impl From<Refused> for Error {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::NobodyResponsible => Self::Conflict(
                "room_needs_responsible",
                "somebody else has to look after the room first",
            ),
            Refused::ByPost => Self::Conflict(
                "room_member_by_post",
                "in the room by post, as long as the rule of the room stands",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn member(who: u128, responsible: bool, by_post: bool) -> RoomMember {
        RoomMember {
            room_id: Uuid::nil(),
            staff_member_id: Uuid::from_u128(who),
            joined_at: DateTime::UNIX_EPOCH,
            responsible,
            by_name: (!by_post).then(|| Uuid::from_u128(who + 100)),
            by_post,
        }
    }

    #[test]
    fn the_last_who_looks_after_a_room_stays_while_others_do() {
        let [a, b] = [Uuid::from_u128(1), Uuid::from_u128(2)];
        let members = [member(1, true, false), member(2, false, false)];
        assert_eq!(may_go(&members, a), Err(Refused::NobodyResponsible));
        assert_eq!(may_go(&members, b), Ok(Uuid::from_u128(102)));
        assert_eq!(may_go(&members[..1], a), Ok(Uuid::from_u128(101)));
        let members = [member(1, true, false), member(2, true, true)];
        assert_eq!(may_go(&members, a), Ok(Uuid::from_u128(101)));
        assert_eq!(may_go(&members, b), Err(Refused::ByPost));
    }
}
