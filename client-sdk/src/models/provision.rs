//! What was given to other facilities (第三者提供記録).

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::facility::FacilityReference;
use super::information::InformationKind;
use super::open_enum::open_enum;

open_enum! {
    /// On what ground something was given.
    pub enum ProvisionBasis {
        /// 同意
        Consent = "consent",
        /// 緊急時
        Emergency = "emergency",
    }
}

/// One day on which one facility was shown one kind of information that another had recorded.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Provision {
    /// The day, in Japan.
    pub provided_on: NaiveDate,
    /// The facility that had recorded it.
    pub source_facility: FacilityReference,
    /// The facility that was shown it.
    pub recipient_facility: FacilityReference,
    /// Name of the person there who was shown it first that day.
    pub recipient: String,
    /// Kind of information.
    pub kind: InformationKind,
    /// The kind's Japanese name.
    pub kind_ja: String,
    /// On what ground.
    pub basis: ProvisionBasis,
    /// The consent, when that was the ground.
    pub consent_id: Option<Uuid>,
}

/// Which provisions to list; those of the last three years when no day is given.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ListProvisions {
    /// The first day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<NaiveDate>,
    /// The last day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<NaiveDate>,
    /// Where the page starts: `next` of the page before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// Rows per page, 1 to 100 (50 when absent).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// Which provisions to export; those of the last three years when no day is given.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ExportProvisions {
    /// The first day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<NaiveDate>,
    /// The last day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<NaiveDate>,
}
