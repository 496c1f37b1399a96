//! The people who care for a patient.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::staff_member::StaffMember;

/// A member of a patient's care team.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct TeamMember {
    /// The membership's id.
    pub id: Uuid,
    /// The person.
    pub staff_member: StaffMember,
    /// The person's part in this team, such as `主治医`.
    pub duty: Option<String>,
    /// First day of the membership.
    pub starts_on: NaiveDate,
    /// Last day of the membership; absent while no end is set.
    pub ends_on: Option<NaiveDate>,
    /// Whether the membership gives access today.
    pub active: bool,
}

/// Adding a person to a care team.
#[derive(Clone, Debug, Serialize)]
pub struct CreateCareTeamMember {
    /// The new membership's id, chosen by the caller.
    pub id: Uuid,
    /// The person.
    pub staff_member_id: Uuid,
    /// The person's part in this team.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duty: Option<String>,
    /// First day of the membership.
    pub starts_on: NaiveDate,
    /// Last day of the membership.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ends_on: Option<NaiveDate>,
}

impl CreateCareTeamMember {
    /// A membership without an end, with a new id.
    pub fn new(staff_member_id: Uuid, starts_on: NaiveDate) -> Self {
        Self {
            id: crate::new_id(),
            staff_member_id,
            duty: None,
            starts_on,
            ends_on: None,
        }
    }
}

/// Ending a membership.
#[derive(Clone, Debug, Serialize)]
pub struct EndCareTeamMember {
    /// The last day that gives access.
    pub ends_on: NaiveDate,
}
