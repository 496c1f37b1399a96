//! Rows of announcements.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use tsumugi_schema::tables::announcements;
use utoipa::ToSchema;
use uuid::Uuid;

/// Whom an announcement is for: everybody who works there, in that profession; everybody of a room; without any of
/// these, everybody of the network.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Audience {
    /// The facility; any when left out.
    #[serde(default)]
    pub(super) facility_id: Option<Uuid>,
    /// Code of the profession; any when left out.
    #[serde(default)]
    pub(super) profession: Option<String>,
    /// A room in which the author is; not together with the others.
    #[serde(default)]
    pub(super) room_id: Option<Uuid>,
}

impl Audience {
    /// Whether it goes beyond the author's own facility and rooms.
    pub(super) fn is_wide(&self, own_facility: Uuid) -> bool {
        self.room_id.is_none() && self.facility_id != Some(own_facility)
    }
}

/// An announcement.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = announcements, check_for_backend(diesel::pg::Pg))]
pub(super) struct Announcement {
    pub(super) id: Uuid,
    pub(super) title: String,
    pub(super) body: String,
    pub(super) audience: serde_json::Value,
    pub(super) author_id: Uuid,
    pub(super) recorded_at: DateTime<Utc>,
    pub(super) confirm_by: Option<DateTime<Utc>>,
    pub(super) reminded_at: Option<DateTime<Utc>>,
    pub(super) withdrawn_at: Option<DateTime<Utc>>,
    pub(super) withdrawal_reason: Option<String>,
}

impl Announcement {
    /// Whom it is for.
    pub(super) fn audience(&self) -> Vec<Audience> {
        serde_json::from_value(self.audience.clone()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beyond_the_own_facility_and_rooms_is_wide() {
        let own = Uuid::from_u128(1);
        let to = |facility_id, profession: Option<&str>, room_id| Audience {
            facility_id,
            profession: profession.map(str::to_owned),
            room_id,
        };
        assert!(!to(Some(own), None, None).is_wide(own));
        assert!(!to(Some(own), Some("nurse"), None).is_wide(own));
        assert!(!to(None, None, Some(own)).is_wide(own));
        assert!(to(None, Some("nurse"), None).is_wide(own));
        assert!(to(Some(Uuid::from_u128(2)), None, None).is_wide(own));
        assert!(to(None, None, None).is_wide(own));
    }
}
