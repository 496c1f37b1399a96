//! Licences (免許・資格), as somebody verified them.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::account::LicenceState;
use super::open_enum::open_enum;
use super::staff_member::Profession;

open_enum! {
    /// What was looked at to verify a licence.
    pub enum LicenceMethod {
        /// 原本
        Original = "original",
        /// 写し
        Copy = "copy",
        /// 公的な名簿・資格確認検索
        Register = "register",
        /// HPKIカード
        Hpki = "hpki",
    }
}

/// A licence of a person.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Licence {
    /// The licence's id.
    pub id: Uuid,
    /// For which profession.
    pub profession: Profession,
    /// Its registration number.
    pub number: String,
    /// The day on which somebody looked at it.
    pub verified_on: NaiveDate,
    /// Name of the person who looked at it.
    pub verified_by: String,
    /// What was looked at.
    pub method: LicenceMethod,
    /// Its last day, for licences that expire.
    pub valid_until: Option<NaiveDate>,
    /// When it was entered.
    pub created_at: Option<DateTime<Utc>>,
    /// Since when it does not count: revoked, or replaced by a later entry of the same number.
    pub revoked_at: Option<DateTime<Utc>>,
    /// What it is worth today.
    pub status: Option<LicenceState>,
}

/// Recording a licence that was verified.
#[derive(Clone, Debug, Serialize)]
pub struct CreateLicence {
    /// The new licence's id, chosen by the caller.
    pub id: Uuid,
    /// For which profession.
    pub profession: Profession,
    /// Its registration number.
    pub number: String,
    /// The day on which it was looked at; not in the future.
    pub verified_on: NaiveDate,
    /// What was looked at.
    pub method: LicenceMethod,
    /// Its last day, for licences that expire.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<NaiveDate>,
}

impl CreateLicence {
    /// A licence whose original was looked at, without an end, with a new id.
    pub fn original(
        profession: Profession,
        number: impl Into<String>,
        verified_on: NaiveDate,
    ) -> Self {
        Self {
            id: crate::new_id(),
            profession,
            number: number.into(),
            verified_on,
            method: LicenceMethod::Original,
            valid_until: None,
        }
    }
}
