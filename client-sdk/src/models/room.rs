//! Rooms.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::MessageState;
use super::open_enum::open_enum;

open_enum! {
    /// What a room is for.
    pub enum RoomKind {
        /// 施設・事業所
        Facility = "facility",
        /// 委員会
        Committee = "committee",
        /// 地域
        Regional = "regional",
        /// 自由
        Free = "free",
        /// 個別
        Direct = "direct",
    }
}

open_enum! {
    /// What members read of the time before they joined.
    pub enum RoomHistory {
        /// これまでの発言も読める
        All = "all",
        /// 参加してからの発言だけ
        FromJoining = "from_joining",
    }
}

/// Somebody of a room.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct RoomPerson {
    /// The staff member.
    pub id: Uuid,
    /// Name.
    pub name: String,
    /// Code of the profession.
    pub profession: String,
    /// The facility.
    pub facility_name: String,
}

/// The newest message of a room.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct LastMessage {
    /// When the server took it in.
    pub recorded_at: DateTime<Utc>,
    /// Who wrote it.
    pub author_name: String,
    /// Whether the caller wrote it.
    pub mine: bool,
    /// What became of it.
    pub state: MessageState,
    /// Its first characters, when it stands.
    pub excerpt: Option<String>,
}

/// A room, as a list shows it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Room {
    /// The room's id.
    pub id: Uuid,
    /// What it is for.
    pub kind: RoomKind,
    /// Name; absent between two people.
    pub name: Option<String>,
    /// The other of two people.
    pub partner: Option<RoomPerson>,
    /// What it is for, in words.
    pub purpose: Option<String>,
    /// Whether members read what was said before they joined.
    pub history: RoomHistory,
    /// The facility, of the room of one.
    pub facility_id: Option<Uuid>,
    /// Since when nothing can be written any more.
    pub archived_at: Option<DateTime<Utc>>,
    /// Whether the caller is in it, and not only looks after its settings.
    pub member: bool,
    /// How many messages of others the caller has not read.
    pub unread: i64,
    /// How many of these mention the caller, or everybody.
    pub mentioned: i64,
    /// Every message up to this number has been read by the caller.
    pub read_seq: i64,
    /// The newest message, when the caller may read it.
    pub last: Option<LastMessage>,
    /// When it was opened.
    pub created_at: DateTime<Utc>,
}

/// A room with those who are in it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct RoomDetail {
    /// The room.
    #[serde(flatten)]
    pub room: Room,
    /// Who is in it at this moment.
    pub members: Vec<RoomMember>,
    /// Who is in it by post.
    pub rules: Vec<RoomRule>,
    /// Whether the caller may change the room and its members.
    pub can_keep: bool,
    /// Whether the caller may leave.
    pub can_leave: bool,
}

/// Somebody who is in a room.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct RoomMember {
    /// Who.
    #[serde(flatten)]
    pub person: RoomPerson,
    /// The membership by name, which can be ended.
    pub membership_id: Option<Uuid>,
    /// Whether a rule of the room holds for the post.
    pub by_post: bool,
    /// Whether the member looks after the room.
    pub responsible: bool,
    /// Since when.
    pub joined_at: DateTime<Utc>,
}

/// Who is in a room by post.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct RoomRule {
    /// The rule's id.
    pub id: Uuid,
    /// The facility; any when absent.
    pub facility_id: Option<Uuid>,
    /// Its name.
    pub facility_name: Option<String>,
    /// Code of the profession; any when absent.
    pub profession: Option<String>,
    /// Since when.
    pub starts_at: DateTime<Utc>,
}

/// Letting everybody of a facility, a profession or both into a room.
#[derive(Clone, Debug, Serialize)]
pub struct CreateRoomRule {
    /// The new rule's id, chosen by the caller.
    pub id: Uuid,
    /// The facility; any when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub facility_id: Option<Uuid>,
    /// Code of the profession; any when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profession: Option<String>,
}

impl CreateRoomRule {
    /// Everybody of the network, with a new id.
    pub fn everybody() -> Self {
        Self {
            id: crate::new_id(),
            facility_id: None,
            profession: None,
        }
    }

    /// Only of this facility.
    #[must_use]
    pub fn at(mut self, facility_id: Uuid) -> Self {
        self.facility_id = Some(facility_id);
        self
    }

    /// Only of this profession.
    #[must_use]
    pub fn of(mut self, profession: impl Into<String>) -> Self {
        self.profession = Some(profession.into());
        self
    }
}

/// Opening a room.
#[derive(Clone, Debug, Serialize)]
pub struct CreateRoom {
    /// The new room's id, chosen by the caller.
    pub id: Uuid,
    /// What it is for.
    pub kind: RoomKind,
    /// Name; absent between two people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What it is for, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub purpose: Option<String>,
    /// Whether members read what was said before they joined.
    pub history: RoomHistory,
    /// The facility, for the room of one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub facility_id: Option<Uuid>,
    /// Who is in it by name, beside the caller.
    pub staff_member_ids: Vec<Uuid>,
    /// Who looks after it; the caller when empty.
    pub responsible_ids: Vec<Uuid>,
    /// Who is in it by post.
    pub rules: Vec<CreateRoomRule>,
}

impl CreateRoom {
    /// A room of this kind with a new id, with nobody in it but the caller.
    pub fn new(kind: RoomKind, name: impl Into<String>) -> Self {
        Self {
            id: crate::new_id(),
            kind,
            name: Some(name.into()),
            purpose: None,
            history: RoomHistory::All,
            facility_id: None,
            staff_member_ids: Vec::new(),
            responsible_ids: Vec::new(),
            rules: Vec::new(),
        }
    }

    /// The room between the caller and somebody else.
    pub fn direct(other: Uuid) -> Self {
        Self {
            name: None,
            staff_member_ids: vec![other],
            ..Self::new(RoomKind::Direct, "")
        }
    }

    /// The room of a facility.
    pub fn of_facility(facility_id: Uuid, name: impl Into<String>) -> Self {
        Self {
            facility_id: Some(facility_id),
            ..Self::new(RoomKind::Facility, name)
        }
    }

    /// With these people in it.
    #[must_use]
    pub fn with(mut self, people: impl IntoIterator<Item = Uuid>) -> Self {
        self.staff_member_ids.extend(people);
        self
    }

    /// With these people to look after it.
    #[must_use]
    pub fn kept_by(mut self, people: impl IntoIterator<Item = Uuid>) -> Self {
        self.responsible_ids.extend(people);
        self
    }

    /// With everybody for whom this rule holds.
    #[must_use]
    pub fn rule(mut self, rule: CreateRoomRule) -> Self {
        self.rules.push(rule);
        self
    }

    /// Whoever joins later reads only what is said from then on.
    #[must_use]
    pub fn from_joining(mut self) -> Self {
        self.history = RoomHistory::FromJoining;
        self
    }
}

/// What a room is to be from now on.
#[derive(Clone, Debug, Serialize)]
pub struct UpdateRoom {
    /// Name.
    pub name: String,
    /// What it is for, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub purpose: Option<String>,
    /// Whether members read what was said before they joined.
    pub history: RoomHistory,
}

/// Adding somebody to a room.
#[derive(Clone, Debug, Serialize)]
pub struct CreateRoomMember {
    /// The new membership's id, chosen by the caller.
    pub id: Uuid,
    /// Who.
    pub staff_member_id: Uuid,
    /// Whether to look after the room.
    pub responsible: bool,
}

impl CreateRoomMember {
    /// With a new id.
    pub fn new(staff_member_id: Uuid) -> Self {
        Self {
            id: crate::new_id(),
            staff_member_id,
            responsible: false,
        }
    }
}

/// How far the caller has read a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct RoomReadMark {
    /// Every message up to this number has been read.
    pub read_seq: i64,
}
