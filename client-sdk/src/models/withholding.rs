//! What is withheld from patients of their access list for a while (開示の保留).

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::open_enum::open_enum;

open_enum! {
    /// From whom entries are withheld.
    pub enum WithholdingAudience {
        /// 本人・家族・代理人
        Everyone = "everyone",
        /// 家族・代理人のみ
        Family = "family",
    }
}

/// Withholding entries of the access log from a patient, because a law says so.
#[derive(Clone, Debug, Serialize)]
pub struct CreateWithholding {
    /// The new withholding's id, chosen by the caller.
    pub id: Uuid,
    /// The patient.
    pub patient_id: Uuid,
    /// First day whose entries are withheld.
    pub from_on: NaiveDate,
    /// Last day whose entries are withheld.
    pub to_on: NaiveDate,
    /// From whom.
    pub audience: WithholdingAudience,
    /// Which law or order says so, at least 10 characters.
    pub legal_basis: String,
    /// Who decided it, by office and name.
    pub decided_by: String,
    /// Last day of withholding, at most a year from today.
    pub until_on: NaiveDate,
}

/// Entries that a patient does not see for a while, and why.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Withholding {
    /// The withholding's id.
    pub id: Uuid,
    /// The patient.
    pub patient_id: Uuid,
    /// First day whose entries are withheld.
    pub from_on: NaiveDate,
    /// Last day whose entries are withheld.
    pub to_on: NaiveDate,
    /// From whom.
    pub audience: WithholdingAudience,
    /// Which law or order says so.
    pub legal_basis: String,
    /// Who decided it.
    pub decided_by: String,
    /// Last day of withholding.
    pub until_on: NaiveDate,
    /// Whether it is in force.
    pub in_force: bool,
    /// When it was recorded.
    pub created_at: DateTime<Utc>,
    /// Name of whoever recorded it.
    pub created_by: String,
    /// When it was ended before its time.
    pub ended_at: Option<DateTime<Utc>>,
    /// Name of whoever ended it.
    pub ended_by: Option<String>,
}

/// Which withholdings to list, newest first.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ListWithholdings {
    /// Only of this patient.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub patient_id: Option<Uuid>,
    /// Where the page starts: `next` of the page before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// Rows per page, 1 to 100 (50 when absent).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}
