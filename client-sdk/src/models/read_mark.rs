//! What of a timeline is read, and how far.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::timeline::PostKind;

/// Which posts of a timeline to list.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ListTimeline {
    /// Only posts of this kind.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<PostKind>,
    /// Where the page starts: `next` of the page before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// Rows per page, 1 to 100 (50 when absent).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// Moving the caller's read mark of a patient.
#[derive(Clone, Debug, Serialize)]
pub struct UpdateReadMark {
    /// The newest post the caller has read.
    pub post_id: Uuid,
}

/// The caller's read mark of a patient.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct ReadMark {
    /// The caller has read everything recorded up to here.
    pub read_until: Option<DateTime<Utc>>,
}
