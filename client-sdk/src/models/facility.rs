//! Facilities of a care network.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::open_enum::open_enum;

open_enum! {
    /// What kind of place a facility is.
    pub enum FacilityKind {
        /// 病院
        Hospital = "hospital",
        /// 診療所
        Clinic = "clinic",
        /// 歯科診療所
        DentalClinic = "dental_clinic",
        /// 薬局
        Pharmacy = "pharmacy",
        /// 訪問看護ステーション
        VisitingNursingStation = "visiting_nursing_station",
        /// 居宅介護支援事業所
        CareManagementOffice = "care_management_office",
        /// 訪問介護事業所
        HomeHelpOffice = "home_help_office",
        /// 通所介護事業所
        DayCareCenter = "day_care_center",
        /// 介護施設
        NursingHome = "nursing_home",
        /// 地域包括支援センター
        SupportCenter = "support_center",
        /// 市町村
        Municipality = "municipality",
        /// 医師会
        MedicalAssociation = "medical_association",
    }
}

/// A facility of the caller's network.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Facility {
    /// The facility's id.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// What kind of place it is.
    pub kind: FacilityKind,
    /// Its code with the insurance system (医療機関コード, 事業所番号).
    pub institution_code: Option<String>,
}

/// A facility as other things mention it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct FacilityReference {
    /// The facility's id.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// What kind of place it is; absent where the mention does not need it.
    pub kind: Option<FacilityKind>,
}

/// Registering a facility.
#[derive(Clone, Debug, Serialize)]
pub struct CreateFacility {
    /// The new facility's id, chosen by the caller.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// What kind of place it is.
    pub kind: FacilityKind,
    /// Its code with the insurance system.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub institution_code: Option<String>,
}

/// Which facilities to list.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ListFacilities {
    /// Where the page starts: `next` of the page before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// Rows per page, 1 to 100 (50 when absent).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}
