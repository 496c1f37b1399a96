//! What auditors ask people about their own accesses.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::access_log::AccessOutcome;

/// A question that an auditor has asked the caller.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct JustificationRequest {
    /// The question's id.
    pub id: Uuid,
    /// What is asked.
    pub question: String,
    /// When it was asked.
    pub asked_at: DateTime<Utc>,
    /// By when an answer is wanted.
    pub due_at: DateTime<Utc>,
    /// Whether the answer is missing and should be there.
    pub overdue: bool,
    /// When it was answered.
    pub answered_at: Option<DateTime<Utc>>,
    /// The answer.
    pub answer: Option<String>,
    /// Whether no answer is wanted any more.
    pub ended: bool,
    /// The patient, when it is about one whom the caller may still see.
    pub patient: Option<JustificationPatient>,
    /// Whether it is about a patient whom the caller may not see any more.
    pub patient_hidden: bool,
    /// What was done, in order; at most 100.
    pub accesses: Vec<JustificationAccess>,
}

/// A patient about whom somebody is asked.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct JustificationPatient {
    /// The patient's id.
    pub id: Uuid,
    /// Name.
    pub name: String,
}

/// An access about which somebody is asked.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct JustificationAccess {
    /// When.
    pub at: DateTime<Utc>,
    /// What, such as `timeline.list`.
    pub action: String,
    /// How it ended.
    pub outcome: AccessOutcome,
}

/// Which questions to list.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ListJustificationRequests {
    /// `open` (when absent) or `all`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// Where the page starts: `next` of the page before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// Rows per page, 1 to 100 (50 when absent).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}
