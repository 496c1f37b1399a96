//! Rows of facilities.

use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Kind of facility.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FacilityKind {
    /// 病院
    Hospital,
    /// 診療所
    Clinic,
    /// 歯科診療所
    DentalClinic,
    /// 薬局
    Pharmacy,
    /// 訪問看護ステーション
    VisitingNursingStation,
    /// 居宅介護支援事業所
    CareManagementOffice,
    /// 訪問介護事業所
    HomeHelpOffice,
    /// 通所介護事業所
    DayCareCenter,
    /// 介護老人福祉施設など
    NursingHome,
    /// 地域包括支援センター
    SupportCenter,
    /// 市町村
    Municipality,
    /// 医師会
    MedicalAssociation,
}

impl FacilityKind {
    /// The code in the database and the interface.
    pub fn code(self) -> &'static str {
        match self {
            Self::Hospital => "hospital",
            Self::Clinic => "clinic",
            Self::DentalClinic => "dental_clinic",
            Self::Pharmacy => "pharmacy",
            Self::VisitingNursingStation => "visiting_nursing_station",
            Self::CareManagementOffice => "care_management_office",
            Self::HomeHelpOffice => "home_help_office",
            Self::DayCareCenter => "day_care_center",
            Self::NursingHome => "nursing_home",
            Self::SupportCenter => "support_center",
            Self::Municipality => "municipality",
            Self::MedicalAssociation => "medical_association",
        }
    }
}

/// A facility as it is kept.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = tsumugi_schema::tables::facilities, check_for_backend(diesel::pg::Pg))]
pub(super) struct Facility {
    pub(super) id: Uuid,
    pub(super) name: String,
    pub(super) kind: String,
    pub(super) institution_code: Option<String>,
}

/// A facility as others mention it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = tsumugi_schema::tables::facilities, check_for_backend(diesel::pg::Pg))]
pub struct FacilityRef {
    /// Identifier.
    pub id: Uuid,
    /// Official name.
    pub name: String,
    /// Kind, as in `FacilityKind`.
    pub kind: String,
}
