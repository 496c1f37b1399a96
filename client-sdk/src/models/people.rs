//! People who come, move and leave.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::open_enum::open_enum;
use super::staff_member::{Profession, StaffMember};
use crate::error::FieldError;
use crate::secret::Secret;

/// Moving a person to another post: the old one ends the day before.
#[derive(Clone, Debug, Serialize)]
pub struct MoveStaffMember {
    /// The new post's id, chosen by the caller.
    pub new_id: Uuid,
    /// Where the person works from then on.
    pub facility_id: Uuid,
    /// The profession from then on; as before when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profession: Option<Profession>,
    /// First day of the new post.
    pub on: NaiveDate,
    /// Who takes over the person's patients: a colleague's post, or `new_id` when the person keeps
    /// them. Memberships in care teams end when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hand_over_to: Option<Uuid>,
}

impl MoveStaffMember {
    /// Moving to a facility in the same profession, with a new id for the post.
    pub fn to(facility_id: Uuid, on: NaiveDate) -> Self {
        Self {
            new_id: crate::new_id(),
            facility_id,
            profession: None,
            on,
            hand_over_to: None,
        }
    }
}

/// Ending a person's post.
#[derive(Clone, Debug, Serialize)]
pub struct LeaveStaffMember {
    /// The last day. Sessions end with it.
    pub on: NaiveDate,
    /// Who takes over the person's patients from the next day. Memberships in care teams end when
    /// absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hand_over_to: Option<Uuid>,
    /// Suspends now instead of at the day's end; only with a day that is not in the future.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at_once: Option<bool>,
}

impl LeaveStaffMember {
    /// Leaving at the end of this day.
    pub fn on(last_day: NaiveDate) -> Self {
        Self {
            on: last_day,
            hand_over_to: None,
            at_once: None,
        }
    }
}

/// What followed from a move or a leave.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct PostChange {
    /// The new post after a move, the ended one after a leave.
    pub staff_member: StaffMember,
    /// Memberships in care teams that end with the post.
    pub ended_memberships: u64,
    /// How many patients have nobody on their care team then.
    pub patients_without_team: u64,
}

open_enum! {
    /// What an import does with a row.
    pub enum ImportOutcome {
        /// A person, post or account is new.
        Create = "create",
        /// Everything is as the row says already.
        Unchanged = "unchanged",
        /// The row has mistakes.
        Error = "error",
    }
}

/// What an import of people did, or would do.
#[derive(Clone, Debug, Deserialize)]
#[non_exhaustive]
pub struct ImportReport {
    /// Whether it was only tried.
    pub dry_run: bool,
    /// Row by row.
    pub rows: Vec<ImportRow>,
    /// How many people were created, or would be.
    pub created: u64,
    /// How many people were there already.
    #[serde(default)]
    pub unchanged: u64,
    /// How many rows have mistakes; a single one, and nothing is written.
    pub errors: u64,
}

/// A row of an import.
#[derive(Clone, Debug, Deserialize)]
#[non_exhaustive]
pub struct ImportRow {
    /// Its line in the file; the header is line 1, which also stands for the file as a whole.
    pub row: u64,
    /// What is done with it.
    pub outcome: ImportOutcome,
    /// Name of the person, as far as the row says.
    pub name: String,
    /// What is wrong with which column.
    #[serde(default)]
    pub errors: Vec<FieldError>,
    /// The code to hand over, when the person was invited. Shown this once.
    pub invitation_code: Option<Secret>,
}
