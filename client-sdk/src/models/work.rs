//! What waits for the caller (自分の仕事).

use serde::Deserialize;
use uuid::Uuid;

use super::acknowledgement::Duty;
use super::notice::WaitingNotice;

/// What waits for the caller.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct MyWork {
    /// What the caller is asked to acknowledge or to answer, the nearest deadline first.
    pub asked: Vec<Duty>,
    /// What came to the caller because somebody else did not answer.
    pub escalated: Vec<Duty>,
    /// Approvals that are asked of the caller.
    pub approvals: Vec<WaitingNotice>,
    /// Mentions, answers, messages, announcements and so on, newest first.
    pub notices: Vec<WaitingNotice>,
}

/// How much a patient has that is new.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct UnreadCount {
    /// The patient.
    pub patient_id: Uuid,
    /// Posts that the caller has not read.
    pub unread: u32,
}

/// The numbers beside the caller's work and the list of patients.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct WorkCounts {
    /// Requests to acknowledge or to answer.
    pub asked: u32,
    /// Other notices.
    pub notices: u32,
    /// All posts that the caller has not read.
    pub unread: u32,
    /// The same by patient, where there are any.
    pub patients: Vec<UnreadCount>,
}
