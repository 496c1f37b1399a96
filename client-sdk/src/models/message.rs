//! What is said in rooms.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::attachment::Attachment;
use super::open_enum::open_enum;
use super::{Channel, PostKind, RoomPerson, Sensitivity};

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

/// A message.
#[derive(Clone, Debug, PartialEq, Deserialize)]
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
    /// Text; absent when it was taken back or moved, or when files say it all.
    pub body: Option<String>,
    /// Files, in their order.
    #[serde(default)]
    pub attachments: Vec<Attachment>,
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
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct MessageVersion {
    /// 1, 2, 3 …
    pub version: i64,
    /// Text.
    pub body: Option<String>,
    /// Those files of this version that the message shows still.
    #[serde(default)]
    pub attachments: Vec<Attachment>,
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
    /// Files that the caller has sent for the room, in their order, at most 20.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub attachment_ids: Vec<Uuid>,
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
            attachment_ids: Vec::new(),
        }
    }

    /// Shows these files.
    #[must_use]
    pub fn showing(mut self, attachment_ids: impl Into<Vec<Uuid>>) -> Self {
        self.attachment_ids = attachment_ids.into();
        self
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
#[derive(Clone, Debug, Default, Serialize)]
pub struct AmendMessage {
    /// The whole new text.
    pub body: String,
    /// Who is mentioned.
    pub mentions: Vec<Uuid>,
    /// Whether everybody of the room is mentioned.
    pub mentions_everyone: bool,
    /// All files, in their order; unchanged when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attachment_ids: Option<Vec<Uuid>>,
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
