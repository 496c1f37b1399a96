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
    }
}

/// Something that happened to a patient the caller may see.
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
    /// The event's data as sent.
    pub data: serde_json::Value,
}
