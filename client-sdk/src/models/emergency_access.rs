//! Access to one patient in an emergency, without relation or consent (緊急時アクセス).

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::open_enum::open_enum;
use super::patient::Sex;

open_enum! {
    /// What the review of an emergency access found.
    pub enum EmergencyFinding {
        /// 正当
        Justified = "justified",
        /// 不当
        NotJustified = "not_justified",
    }
}

open_enum! {
    /// Which emergency accesses to list.
    pub enum EmergencyState {
        /// Those that have not ended.
        Open = "open",
        /// Those that nobody has reviewed.
        Unreviewed = "unreviewed",
        /// All of them.
        All = "all",
    }
}

open_enum! {
    /// In what kind of emergency; the patient is told.
    pub enum EmergencyCategory {
        /// 救急搬送
        Transport = "transport",
        /// 容体の急変
        SuddenChange = "sudden_change",
        /// 災害
        Disaster = "disaster",
        /// 担当者の不在
        Absence = "absence",
        /// その他の緊急
        Other = "other",
    }
}

/// Looking for a patient in an emergency. Only exact matches are found.
#[derive(Clone, Debug, Serialize)]
pub struct SearchEmergencyPatient {
    /// The whole name, in kanji or kana.
    pub name_or_kana: String,
    /// Date of birth.
    pub birth_date: NaiveDate,
}

/// A patient found in an emergency.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct EmergencyPatient {
    /// The patient's id.
    pub id: Uuid,
    /// Full name.
    pub name: String,
    /// The name in kana.
    pub kana: String,
    /// Date of birth.
    pub birth_date: NaiveDate,
    /// Administrative sex.
    pub sex: Sex,
}

/// Opening emergency access to a patient.
#[derive(Clone, Debug, Serialize)]
pub struct CreateEmergencyAccess {
    /// The new access's id, chosen by the caller.
    pub id: Uuid,
    /// Why, at least 10 characters. Whoever reviews it reads this.
    pub reason: String,
    /// Why, in the word that the patient is told.
    pub category: EmergencyCategory,
}

impl CreateEmergencyAccess {
    /// An access for this reason, with a new id.
    pub fn new(reason: impl Into<String>) -> Self {
        Self {
            id: crate::new_id(),
            reason: reason.into(),
            category: EmergencyCategory::Other,
        }
    }

    /// The same in this kind of emergency.
    #[must_use]
    pub fn category(mut self, category: EmergencyCategory) -> Self {
        self.category = category;
        self
    }
}

/// An access to a patient in an emergency.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct EmergencyAccess {
    /// The access's id.
    pub id: Uuid,
    /// The patient.
    pub patient_id: Uuid,
    /// Name of whoever opened it.
    pub staff_member: String,
    /// Code of the profession.
    pub profession: String,
    /// Name of the facility.
    pub facility: String,
    /// Whether it runs.
    pub running: bool,
    /// Whether the review is overdue.
    pub review_overdue: bool,
    /// Why.
    pub reason: String,
    /// Why, in the word that the patient is told; absent from an older server.
    pub category: Option<EmergencyCategory>,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// When it ends in any case, at most 60 minutes later.
    pub expires_at: DateTime<Utc>,
    /// When it was ended before that.
    pub ended_at: Option<DateTime<Utc>>,
    /// When it was reviewed; absent until then.
    pub reviewed_at: Option<DateTime<Utc>>,
    /// What the review found.
    pub finding: Option<EmergencyFinding>,
    /// Remarks of the review.
    pub review_note: Option<String>,
}

/// Which emergency accesses to list.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ListEmergencyAccesses {
    /// In which state; the server's own choice when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<EmergencyState>,
}

/// Reviewing an emergency access.
#[derive(Clone, Debug, Serialize)]
pub struct ReviewEmergencyAccess {
    /// What was found.
    pub finding: EmergencyFinding,
    /// On what grounds, and what follows.
    pub note: String,
}
