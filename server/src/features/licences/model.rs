//! Licences and what they are worth on a day.

use chrono::{NaiveDate, TimeDelta};
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use utoipa::ToSchema;
use uuid::Uuid;

/// A licence expires soon when its last day is at most so far away.
pub const EXPIRING_WITHIN: TimeDelta = TimeDelta::days(60);

/// Whether somebody's licence for a profession was verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LicenceStatus {
    /// Verified, and good today.
    Verified,
    /// Verified once, and its last day is past.
    Expired,
    /// Nobody has verified one.
    Unverified,
    /// No licence goes with the profession.
    NotRequired,
}

/// What was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = LicenceMethod)]
pub enum Method {
    /// 原本
    Original,
    /// 写し
    Copy,
    /// 公的な検索（医師等資格確認検索など）
    Register,
    /// HPKIカード
    Hpki,
}

impl Method {
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Original => "original",
            Self::Copy => "copy",
            Self::Register => "register",
            Self::Hpki => "hpki",
        }
    }
}

/// A licence to be entered.
#[derive(Debug)]
pub struct NewLicence<'a> {
    /// Identifier.
    pub id: Uuid,
    /// Whose it is.
    pub person_id: Uuid,
    /// Code of the profession, of the register.
    pub profession: &'a str,
    /// Registration number, as [`number`] writes it.
    pub number: &'a str,
    /// Day on which it was seen.
    pub verified_on: NaiveDate,
    /// What was seen.
    pub method: Method,
    /// Last day, for licences that expire.
    pub valid_until: Option<NaiveDate>,
}

/// A registration number in one way of writing: full-width digits and spaces must not make two of one.
pub fn number(text: &str) -> String {
    text.nfkc().filter(|c| !c.is_whitespace()).collect()
}

/// What licences with these last days are worth together on `today`.
pub(super) fn worth(
    valid_until: impl IntoIterator<Item = Option<NaiveDate>>,
    today: NaiveDate,
) -> LicenceStatus {
    let mut worth = LicenceStatus::Unverified;
    for last in valid_until {
        if last.is_none_or(|day| day >= today) {
            return LicenceStatus::Verified;
        }
        worth = LicenceStatus::Expired;
    }
    worth
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_licence_counts_to_the_end_of_its_last_day() {
        let day = |text: &str| Some(text.parse::<NaiveDate>().unwrap());
        let today = "2026-11-20".parse().unwrap();
        for (licences, expected) in [
            (vec![], LicenceStatus::Unverified),
            (vec![None], LicenceStatus::Verified),
            (vec![day("2026-11-20")], LicenceStatus::Verified),
            (vec![day("2026-11-19")], LicenceStatus::Expired),
            (
                vec![day("2021-11-19"), day("2031-11-19")],
                LicenceStatus::Verified,
            ),
        ] {
            assert_eq!(worth(licences.clone(), today), expected, "{licences:?}");
        }
    }

    #[test]
    fn one_number_is_written_one_way() {
        assert_eq!(number("第１２３４５６号"), number(" 第123456号　"));
        assert_ne!(number("123456"), number("123457"));
    }
}
