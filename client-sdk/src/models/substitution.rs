//! Who stands in for whom (副主治医・当番医).

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::open_enum::open_enum;

open_enum! {
    /// Why somebody stands in.
    pub enum SubstitutionReason {
        /// 副主治医
        Deputy = "deputy",
        /// 当番
        OnCall = "on_call",
        /// 休暇・不在
        Leave = "leave",
    }
}

/// That somebody stands in for a member of care teams.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Substitution {
    /// The substitution's id.
    pub id: Uuid,
    /// Who is away.
    pub absent: StandIn,
    /// Who stands in.
    pub substitute: StandIn,
    /// For this patient only; absent: for all patients of the one who is away.
    pub patient_id: Option<Uuid>,
    /// Why.
    pub reason: SubstitutionReason,
    /// From when.
    pub starts_at: DateTime<Utc>,
    /// Until when.
    pub ends_at: DateTime<Utc>,
    /// Whether it runs at this moment.
    pub active: bool,
    /// When it was ended before that.
    pub ended_at: Option<DateTime<Utc>>,
}

/// Somebody of a substitution.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct StandIn {
    /// The post.
    pub id: Uuid,
    /// Name.
    pub name: String,
    /// Code of the profession.
    pub profession: String,
}

/// Letting somebody stand in.
#[derive(Clone, Debug, Serialize)]
pub struct CreateSubstitution {
    /// The new substitution's id, chosen by the caller.
    pub id: Uuid,
    /// Who is away.
    pub absent_id: Uuid,
    /// Who stands in.
    pub substitute_id: Uuid,
    /// For this patient only; absent: for all patients of the one who is away.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub patient_id: Option<Uuid>,
    /// Why.
    pub reason: SubstitutionReason,
    /// From when.
    pub starts_at: DateTime<Utc>,
    /// Until when.
    pub ends_at: DateTime<Utc>,
}

impl CreateSubstitution {
    /// Standing in during a leave, for all patients, with a new id.
    pub fn during_leave(
        absent_id: Uuid,
        substitute_id: Uuid,
        starts_at: DateTime<Utc>,
        ends_at: DateTime<Utc>,
    ) -> Self {
        Self {
            id: crate::new_id(),
            absent_id,
            substitute_id,
            patient_id: None,
            reason: SubstitutionReason::Leave,
            starts_at,
            ends_at,
        }
    }

    /// For this patient only.
    #[must_use]
    pub fn for_patient(mut self, patient_id: Uuid) -> Self {
        self.patient_id = Some(patient_id);
        self
    }
}
