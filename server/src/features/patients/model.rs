//! Rows of patients.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use tsumugi_schema::tables::patients;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::spine::text;

/// Administrative sex (FHIR administrative-gender).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Sex {
    /// 男性
    Male,
    /// 女性
    Female,
    /// その他
    Other,
    /// 不明
    Unknown,
}

impl Sex {
    /// The code in the database and the interface.
    pub fn code(self) -> &'static str {
        match self {
            Self::Male => "male",
            Self::Female => "female",
            Self::Other => "other",
            Self::Unknown => "unknown",
        }
    }
}

/// A patient as it is kept.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = patients, check_for_backend(diesel::pg::Pg))]
pub struct Patient {
    /// Identifier.
    pub id: Uuid,
    /// Name in kanji.
    pub name: String,
    /// Name in katakana.
    pub kana: String,
    /// Sorting form of the kana.
    pub sort_key: String,
    /// Date of birth.
    pub birth_date: NaiveDate,
    /// Code of the sex.
    pub sex: String,
    /// Address as written.
    pub address: String,
    /// Telephone number as written.
    pub phone: Option<String>,
    /// When the patient was registered.
    pub registered_at: DateTime<Utc>,
    /// The facility that registered the patient.
    pub facility_id: Uuid,
}

impl Patient {
    /// Whether the name or the kana holds these words, any width; every name holds none.
    pub(super) fn is_called(&self, words: Option<&str>) -> bool {
        let called = text::fold(&format!("{} {}", self.name, self.kana));
        words.is_none_or(|words| called.contains(&text::fold(words)))
    }
}

/// The newest post of a patient that the reader may read.
#[derive(Debug, Clone, Queryable)]
pub(super) struct LastPost {
    pub(super) id: Uuid,
    pub(super) patient_id: Uuid,
    pub(super) facility_id: Uuid,
    pub(super) kind: String,
    pub(super) information: String,
    pub(super) recorded_at: DateTime<Utc>,
    pub(super) author_name: Option<String>,
    pub(super) client_name: Option<String>,
    pub(super) body: Option<String>,
    pub(super) retracted: bool,
    pub(super) excerpt: Option<String>,
}
