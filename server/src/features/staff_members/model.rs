//! Rows of staff members.

use diesel::prelude::*;
use serde::Serialize;
use tsumugi_schema::tables::staff_members;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::features::facilities::FacilityRef;

/// A staff member as it is kept, without the facility.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = staff_members, check_for_backend(diesel::pg::Pg))]
pub struct StaffMember {
    /// Identifier.
    pub id: Uuid,
    /// Name in kanji.
    pub name: String,
    /// Name in katakana.
    pub kana: String,
    /// Sorting form of the kana.
    pub sort_key: String,
    /// Code of the profession.
    pub profession: String,
}

/// A staff member.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct StaffMemberView {
    /// Identifier.
    pub id: Uuid,
    /// Name in kanji.
    pub name: String,
    /// Name in katakana.
    pub kana: String,
    /// Code of the profession.
    pub profession: String,
    /// Where the person works.
    pub facility: FacilityRef,
}

impl From<(StaffMember, FacilityRef)> for StaffMemberView {
    fn from((row, facility): (StaffMember, FacilityRef)) -> Self {
        Self {
            id: row.id,
            name: row.name,
            kana: row.kana,
            profession: row.profession,
            facility,
        }
    }
}
