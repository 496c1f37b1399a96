//! Patients whose accesses are looked at more closely.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A patient whose accesses are looked at more closely.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct WatchedPatient {
    /// The id.
    pub id: Uuid,
    /// The patient.
    pub patient_id: Uuid,
    /// Name of the patient; absent for administrators.
    pub patient_name: Option<String>,
    /// Why.
    pub reason: String,
    /// First day.
    pub starts_on: NaiveDate,
    /// Last day, when it is known.
    pub ends_on: Option<NaiveDate>,
    /// When it was asked for.
    pub created_at: DateTime<Utc>,
    /// Name of whoever asked for it.
    pub created_by: String,
    /// When it was ended before its last day.
    pub ended_at: Option<DateTime<Utc>>,
    /// Whether the patient is watched at this moment.
    pub active: bool,
}

/// Having accesses to a patient looked at more closely.
#[derive(Clone, Debug, Serialize)]
pub struct CreateWatchedPatient {
    /// The id, chosen by the caller.
    pub id: Uuid,
    /// The patient.
    pub patient_id: Uuid,
    /// Why.
    pub reason: String,
    /// First day; today when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub starts_on: Option<NaiveDate>,
    /// Last day, if it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ends_on: Option<NaiveDate>,
}

impl CreateWatchedPatient {
    /// Watching a patient from today, with a new id.
    pub fn new(patient_id: Uuid, reason: impl Into<String>) -> Self {
        Self {
            id: crate::new_id(),
            patient_id,
            reason: reason.into(),
            starts_on: None,
            ends_on: None,
        }
    }
}

/// Which watched patients to list.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ListWatchedPatients {
    /// Those that are over, too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub over_too: Option<bool>,
    /// Where the page starts: `next` of the page before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// Rows per page, 1 to 100 (50 when absent).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}
