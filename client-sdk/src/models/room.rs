//! Rooms, what is said in them, and what is passed round.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::open_enum::open_enum;
use super::{Channel, PostKind, Sensitivity};

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

open_enum! {
    /// What became of a message.
    pub enum MessageState {
        /// It stands.
        Kept = "kept",
        /// It was taken back.
        Retracted = "retracted",
        /// It was moved to the timeline of a patient.
        Moved = "moved",
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

/// A message.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Message {
    /// The message's id.
    pub id: Uuid,
    /// The room.
    pub room_id: Uuid,
    /// Number in the room, in the order in which the server took messages in.
    pub seq: i64,
    /// Who wrote it.
    pub author: RoomPerson,
    /// Whether the caller wrote it.
    pub mine: bool,
    /// When the server took it in.
    pub recorded_at: DateTime<Utc>,
    /// Number of the newest version.
    pub version: i64,
    /// What became of it.
    pub state: MessageState,
    /// Text; absent when it was taken back or moved.
    pub body: Option<String>,
    /// When it was last amended.
    pub amended_at: Option<DateTime<Utc>>,
    /// What it answers.
    pub reply_to: Option<RepliedMessage>,
    /// Who is mentioned.
    pub mentions: Vec<RoomPerson>,
    /// Whether everybody of the room is mentioned.
    pub mentions_everyone: bool,
    /// Whether the caller is mentioned.
    pub mentions_me: bool,
    /// How many others have read it.
    pub read_by: i64,
    /// Whether it is new to the caller.
    pub unread: bool,
    /// Who was asked to acknowledge it, and how many have.
    pub acknowledgement: MessageAcknowledgement,
    /// How it ended, when it does not stand any more.
    pub ended: Option<MessageEnd>,
}

/// What a reply answers.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct RepliedMessage {
    /// The message.
    pub id: Uuid,
    /// Who wrote it.
    pub author_name: String,
    /// Its first characters, when they may be read.
    pub excerpt: Option<String>,
}

/// Where the acknowledgement of a message stands.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct MessageAcknowledgement {
    /// By when.
    pub due_at: Option<DateTime<Utc>>,
    /// How many were asked.
    pub asked: i64,
    /// How many of them have acknowledged.
    pub acknowledged: i64,
    /// How many have acknowledged without having been asked.
    pub unasked: i64,
    /// For the caller: `none`, `asked` or `done`.
    pub mine: String,
}

/// How a message ended.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct MessageEnd {
    /// When.
    pub at: DateTime<Utc>,
    /// By whom.
    pub by_name: String,
    /// Why it was taken back.
    pub reason: Option<String>,
    /// The post that it became, for those who may read it.
    pub post_id: Option<Uuid>,
    /// The patient, for those who may read the post.
    pub patient_id: Option<Uuid>,
}

/// Somebody who was asked to acknowledge a message, or did so.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct MessageAcknowledger {
    /// Who.
    #[serde(flatten)]
    pub person: RoomPerson,
    /// Whether it was asked for.
    pub asked: bool,
    /// When; absent as long as it has not been.
    pub acknowledged_at: Option<DateTime<Utc>>,
    /// Whether the person is not in the room any more.
    pub left: bool,
}

/// A version of a message.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct MessageVersion {
    /// 1, 2, 3 …
    pub version: i64,
    /// Text.
    pub body: Option<String>,
    /// Why it was written.
    pub reason: Option<String>,
    /// What it made of the message.
    pub state: MessageState,
    /// Who wrote it.
    pub written_by: String,
    /// When.
    pub written_at: DateTime<Utc>,
}

/// Writing a message.
#[derive(Clone, Debug, Serialize)]
pub struct CreateMessage {
    /// The new message's id, chosen by the caller.
    pub id: Uuid,
    /// Text.
    pub body: String,
    /// What it answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<Uuid>,
    /// Who is mentioned.
    pub mentions: Vec<Uuid>,
    /// Whether everybody of the room is mentioned.
    pub mentions_everyone: bool,
    /// Who is asked to acknowledge it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acknowledgement: Option<AskMessageAcknowledgement>,
}

/// Asking for acknowledgement of a message.
#[derive(Clone, Debug, Default, Serialize)]
pub struct AskMessageAcknowledgement {
    /// Who; everybody else who is in the room when empty.
    pub staff_member_ids: Vec<Uuid>,
    /// By when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_at: Option<DateTime<Utc>>,
}

impl CreateMessage {
    /// A message with a new id.
    pub fn new(body: impl Into<String>) -> Self {
        Self {
            id: crate::new_id(),
            body: body.into(),
            reply_to: None,
            mentions: Vec::new(),
            mentions_everyone: false,
            acknowledgement: None,
        }
    }

    /// In answer to this message.
    #[must_use]
    pub fn reply_to(mut self, message_id: Uuid) -> Self {
        self.reply_to = Some(message_id);
        self
    }

    /// Mentioning these people.
    #[must_use]
    pub fn mentioning(mut self, people: impl IntoIterator<Item = Uuid>) -> Self {
        self.mentions.extend(people);
        self
    }

    /// Asking these people to acknowledge it; everybody when there are none.
    #[must_use]
    pub fn asking(
        mut self,
        people: impl IntoIterator<Item = Uuid>,
        due_at: Option<DateTime<Utc>>,
    ) -> Self {
        self.acknowledgement = Some(AskMessageAcknowledgement {
            staff_member_ids: people.into_iter().collect(),
            due_at,
        });
        self
    }
}

/// A new version of a message.
#[derive(Clone, Debug, Serialize)]
pub struct AmendMessage {
    /// The whole new text.
    pub body: String,
    /// Who is mentioned.
    pub mentions: Vec<Uuid>,
    /// Whether everybody of the room is mentioned.
    pub mentions_everyone: bool,
}

/// Where a message is to be moved.
#[derive(Clone, Debug, Serialize)]
pub struct MoveMessage {
    /// The new post's id, chosen by the caller.
    pub post_id: Uuid,
    /// The patient.
    pub patient_id: Uuid,
    /// Kind and channel of the post.
    pub to: MovedTo,
}

/// Kind and channel of the post that a message becomes.
#[derive(Clone, Debug, Serialize)]
pub struct MovedTo {
    /// Kind: any that is written in words.
    pub kind: PostKind,
    /// Whom it is for.
    pub channel: Channel,
    /// What makes it sensitive, on that channel.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sensitivity: Option<Sensitivity>,
}

impl MoveMessage {
    /// As a note for this channel, with a new id.
    pub fn note(patient_id: Uuid, channel: Channel) -> Self {
        Self {
            post_id: crate::new_id(),
            patient_id,
            to: MovedTo {
                kind: PostKind::Note,
                channel,
                sensitivity: None,
            },
        }
    }
}

/// Which page of a room.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ListMessages {
    /// `next` of the page before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// How many, 1 to 100.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// Something that is passed round (回覧).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Announcement {
    /// The announcement's id.
    pub id: Uuid,
    /// What it is about.
    pub title: String,
    /// What it says.
    pub body: Option<String>,
    /// Who sent it.
    pub author: RoomPerson,
    /// When the server took it in.
    pub recorded_at: DateTime<Utc>,
    /// By when it is to be confirmed.
    pub confirm_by: Option<DateTime<Utc>>,
    /// When those who had not confirmed were reminded last.
    pub reminded_at: Option<DateTime<Utc>>,
    /// When it was withdrawn.
    pub withdrawn_at: Option<DateTime<Utc>>,
    /// Whether the caller sent it.
    pub mine: bool,
    /// Whether it was sent to the caller.
    pub to_me: bool,
    /// When the caller confirmed it.
    pub confirmed_at: Option<DateTime<Utc>>,
    /// How many it was sent to.
    pub sent_to: i64,
    /// How many have confirmed it.
    pub confirmed: i64,
}

/// Whom an announcement is for; everybody of the network when all are absent.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Audience {
    /// The facility.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub facility_id: Option<Uuid>,
    /// Code of the profession.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profession: Option<String>,
    /// A room in which the author is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub room_id: Option<Uuid>,
}

/// Passing something round.
#[derive(Clone, Debug, Serialize)]
pub struct CreateAnnouncement {
    /// The new announcement's id, chosen by the caller.
    pub id: Uuid,
    /// What it is about.
    pub title: String,
    /// What it says.
    pub body: String,
    /// Whom it is for.
    pub audience: Vec<Audience>,
    /// By when it is to be confirmed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confirm_by: Option<DateTime<Utc>>,
}

impl CreateAnnouncement {
    /// With a new id.
    pub fn new(title: impl Into<String>, body: impl Into<String>, to: Audience) -> Self {
        Self {
            id: crate::new_id(),
            title: title.into(),
            body: body.into(),
            audience: vec![to],
            confirm_by: None,
        }
    }
}

open_enum! {
    /// Which announcements a list holds.
    pub enum AnnouncementDirection {
        /// Sent to the caller.
        Received = "received",
        /// Sent by the caller.
        Sent = "sent",
    }
}

/// Which page of announcements.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ListAnnouncements {
    /// Sent to the caller, or by the caller.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub direction: Option<AnnouncementDirection>,
    /// `next` of the page before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// How many, 1 to 100.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// A page of announcements.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct AnnouncementsPage {
    /// The announcements, newest first.
    pub items: Vec<Announcement>,
    /// Pass this as `cursor` for the page that follows.
    pub next: Option<String>,
    /// How many of all that were sent to the caller wait for the caller's confirmation.
    pub waiting: i64,
}

/// Somebody whom an announcement was sent to.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct AnnouncementRecipient {
    /// Who.
    #[serde(flatten)]
    pub person: RoomPerson,
    /// When it was confirmed; absent as long as it has not been.
    pub confirmed_at: Option<DateTime<Utc>>,
    /// Whether the person does not hold the post any more.
    pub left: bool,
}
