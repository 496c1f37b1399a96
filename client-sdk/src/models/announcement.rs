//! What is passed round.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::RoomPerson;
use super::open_enum::open_enum;

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
