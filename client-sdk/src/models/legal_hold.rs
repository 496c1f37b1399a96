//! Times of the access log that stay in the database for a dispute or an inquiry (保全).

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Holding a time of the access log.
#[derive(Clone, Debug, Serialize)]
pub struct CreateLegalHold {
    /// The new hold's id, chosen by the caller.
    pub id: Uuid,
    /// First day.
    pub from_on: NaiveDate,
    /// Last day.
    pub to_on: NaiveDate,
    /// The patient whom it is about, when one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub patient_id: Option<Uuid>,
    /// The staff member whom it is about, when one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub staff_member_id: Option<Uuid>,
    /// Why.
    pub reason: String,
}

impl CreateLegalHold {
    /// A hold of these days, for this reason, with a new id.
    pub fn new(from_on: NaiveDate, to_on: NaiveDate, reason: impl Into<String>) -> Self {
        Self {
            id: crate::new_id(),
            from_on,
            to_on,
            patient_id: None,
            staff_member_id: None,
            reason: reason.into(),
        }
    }
}

/// Releasing a legal hold.
#[derive(Clone, Debug, Serialize)]
pub struct ReleaseLegalHold {
    /// Why.
    pub reason: String,
}

/// A time of the access log that stays in the database.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct LegalHold {
    /// The hold's id.
    pub id: Uuid,
    /// First day.
    pub from_on: NaiveDate,
    /// Last day.
    pub to_on: NaiveDate,
    /// The patient whom it is about.
    pub patient_id: Option<Uuid>,
    /// The staff member whom it is about.
    pub staff_member_id: Option<Uuid>,
    /// Why.
    pub reason: String,
    /// When it began.
    pub created_at: DateTime<Utc>,
    /// Name of whoever began it.
    pub created_by: String,
    /// When it was released.
    pub released_at: Option<DateTime<Utc>>,
    /// Name of whoever released it.
    pub released_by: Option<String>,
    /// Why it was released.
    pub release_reason: Option<String>,
    /// Archive files in which months of this time are.
    #[serde(default)]
    pub archive_files: Vec<String>,
}

/// Which legal holds to list, newest first.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ListLegalHolds {
    /// Where the page starts: `next` of the page before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// Rows per page, 1 to 100 (50 when absent).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}
