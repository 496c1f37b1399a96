//! What was given to other facilities (第三者提供記録).

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::facility::FacilityReference;
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
    /// Name of whoever there was shown it first that day.
    pub recipient: String,
    /// Code of the kind of information.
    pub kind: String,
    /// The kind in Japanese.
    pub kind_ja: String,
    /// On what ground.
    pub basis: ProvisionBasis,
    /// The consent, when that was the ground.
    pub consent_id: Option<Uuid>,
}

/// Which provisions to list; the default is the last three years.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ListProvisions {
    /// First day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<NaiveDate>,
    /// Last day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<NaiveDate>,
    /// Where the page begins: `next` of the page before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// 1 to 100.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// Which provisions to export; the default is the last three years.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ExportProvisions {
    /// First day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<NaiveDate>,
    /// Last day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<NaiveDate>,
}
