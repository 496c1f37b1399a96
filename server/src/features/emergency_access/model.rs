//! Rows of emergency access.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use tsumugi_schema::tables::emergency_accesses;
use utoipa::ToSchema;
use uuid::Uuid;

/// How long emergency access lasts at most (security.md AZ-17).
pub(super) const LONGEST: TimeDelta = TimeDelta::minutes(60);
/// After this a review is overdue.
pub const REVIEW_DUE: TimeDelta = TimeDelta::hours(72);

/// An emergency access that runs.
#[derive(Debug, Clone, Serialize, ToSchema, Queryable)]
pub struct RunningEmergency {
    /// Identifier.
    pub id: Uuid,
    /// When it ends at the latest.
    pub expires_at: DateTime<Utc>,
}

/// A row.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = emergency_accesses, check_for_backend(diesel::pg::Pg))]
pub(super) struct EmergencyAccess {
    pub(super) id: Uuid,
    pub(super) patient_id: Uuid,
    pub(super) staff_member_id: Uuid,
    pub(super) reason: String,
    pub(super) started_at: DateTime<Utc>,
    pub(super) expires_at: DateTime<Utc>,
    pub(super) ended_at: Option<DateTime<Utc>>,
    pub(super) reviewed_at: Option<DateTime<Utc>>,
    pub(super) finding: Option<String>,
    pub(super) review_note: Option<String>,
    pub(super) category: String,
}

/// Why, as one of a few words that the patient is told.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = EmergencyCategory)]
pub enum Category {
    /// 救急搬送
    Transport,
    /// 容体の急変
    SuddenChange,
    /// 災害
    Disaster,
    /// 担当者の不在
    Absence,
    /// その他の緊急
    #[default]
    Other,
}

impl Category {
    const ALL: [Self; 5] = [
        Self::Transport,
        Self::SuddenChange,
        Self::Disaster,
        Self::Absence,
        Self::Other,
    ];

    /// The one with this code; what a later version may know counts as another emergency.
    pub fn parse(code: &str) -> Self {
        let known = Self::ALL.into_iter().find(|known| known.code() == code);
        known.unwrap_or_default()
    }

    /// The code in the database and the interface.
    pub fn code(self) -> &'static str {
        match self {
            Self::Transport => "transport",
            Self::SuddenChange => "sudden_change",
            Self::Disaster => "disaster",
            Self::Absence => "absence",
            Self::Other => "other",
        }
    }

    /// In Japanese, as the patient reads it.
    pub fn ja(self) -> &'static str {
        match self {
            Self::Transport => "救急搬送のため",
            Self::SuddenChange => "容体の急な変化のため",
            Self::Disaster => "災害のため",
            Self::Absence => "担当者が不在のため",
            Self::Other => "その他の緊急の理由",
        }
    }

    /// In English.
    pub fn en(self) -> &'static str {
        match self {
            Self::Transport => "Brought in by ambulance",
            Self::SuddenChange => "The condition changed suddenly",
            Self::Disaster => "A disaster",
            Self::Absence => "Nobody of the care team was there",
            Self::Other => "Another emergency",
        }
    }
}

/// What a review found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Finding {
    /// 妥当
    Justified,
    /// 妥当でない
    NotJustified,
}

impl Finding {
    /// The code in the database and the interface.
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Justified => "justified",
            Self::NotJustified => "not_justified",
        }
    }
}

/// An emergency access, for whoever used it and for those who review.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct EmergencyAccessView {
    /// Identifier.
    pub(super) id: Uuid,
    /// The patient.
    pub(super) patient_id: Uuid,
    /// Name of whoever used it.
    pub(super) staff_member: String,
    /// Code of the profession.
    pub(super) profession: String,
    /// Facility.
    pub(super) facility: String,
    /// Why.
    pub(super) reason: String,
    /// Why, in the word that the patient is told.
    pub(super) category: Category,
    /// From.
    pub(super) started_at: DateTime<Utc>,
    /// At most until.
    pub(super) expires_at: DateTime<Utc>,
    /// When it was ended; null while it runs or when it ran out.
    pub(super) ended_at: Option<DateTime<Utc>>,
    /// Whether it runs.
    pub(super) running: bool,
    /// When it was reviewed.
    pub(super) reviewed_at: Option<DateTime<Utc>>,
    /// What the review found: `justified` or `not_justified`.
    pub(super) finding: Option<String>,
    /// Remarks of the review.
    pub(super) review_note: Option<String>,
    /// Whether the review is overdue: 72 hours after the beginning.
    pub(super) review_overdue: bool,
}

/// A row with the name, profession and facility of whoever used it.
pub(super) type Row = (EmergencyAccess, String, String, String);

impl EmergencyAccessView {
    pub(super) fn of((row, staff_member, profession, facility): Row, now: DateTime<Utc>) -> Self {
        Self {
            running: row.ended_at.is_none() && row.expires_at > now,
            review_overdue: row.reviewed_at.is_none() && now - row.started_at > REVIEW_DUE,
            id: row.id,
            patient_id: row.patient_id,
            staff_member,
            profession,
            facility,
            category: Category::parse(&row.category),
            reason: row.reason,
            started_at: row.started_at,
            expires_at: row.expires_at,
            ended_at: row.ended_at,
            reviewed_at: row.reviewed_at,
            finding: row.finding,
            review_note: row.review_note,
        }
    }
}
