//! Events: what changed, without the content.

use uuid::Uuid;

use super::open_enum::open_enum;

open_enum! {
    /// What happened.
    pub enum EventKind {
        /// A post appeared.
        PostCreated = "post_created",
        /// A post was amended or retracted.
        PostChanged = "post_changed",
        /// Somebody acknowledged a post.
        PostAcknowledged = "post_acknowledged",
        /// A care team changed.
        CareTeamChanged = "care_team_changed",
        /// What is so with a patient changed.
        FactsChanged = "facts_changed",
        /// What waits for the caller has changed.
        WorkChanged = "work_changed",
        /// The caller has read a timeline, perhaps on another device.
        ReadMarkMoved = "read_mark_moved",
        /// A message appeared in a room.
        MessageCreated = "message_created",
        /// A message was amended, retracted, moved or acknowledged.
        MessageChanged = "message_changed",
        /// A room or its members changed, or the caller has read on in it.
        RoomChanged = "room_changed",
        /// Something is passed round.
        AnnouncementCreated = "announcement_created",
        /// It was confirmed or withdrawn.
        AnnouncementChanged = "announcement_changed",
        /// It waits for the caller's confirmation.
        AnnouncementReminded = "announcement_reminded",
    }
}

/// Something that happened to a patient the caller may see, or in a room that the caller is in.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Event {
    /// Where to resume after this event.
    pub id: Option<String>,
    /// What happened.
    pub kind: EventKind,
    /// The patient it happened to.
    pub patient_id: Option<Uuid>,
    /// The post it happened to.
    pub post_id: Option<Uuid>,
    /// The room in which it happened.
    pub room_id: Option<Uuid>,
    /// The message it happened to.
    pub message_id: Option<Uuid>,
    /// The announcement it happened to.
    pub announcement_id: Option<Uuid>,
    /// The event's data as sent.
    pub data: serde_json::Value,
}
