//! When a witness is asked, and what became of it.

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, NaiveTime, TimeDelta, Utc};
use serde::Deserialize;
use utoipa::ToSchema;

use super::queries::Witness;
use crate::spine::{clock::japanese_day, outward::Unanswered};

/// Who has not witnessed for so long is late.
pub(super) const LATE: TimeDelta = TimeDelta::days(1);
/// A mail is late when a whole month went by without one.
const MAIL_LATE: TimeDelta = TimeDelta::days(33);
/// Between two checkpoints for a witness there is at least this, however much is recorded.
const APART: TimeDelta = TimeDelta::minutes(1);
/// While a witness is asked, nobody else asks it.
pub(super) const LEASE: TimeDelta = TimeDelta::minutes(5);

/// What a witness is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = WitnessKind)]
pub(super) enum Kind {
    /// 連携先のサーバー
    Server,
    /// 責任者へのメール
    Mail,
}

impl Kind {
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Server => "server",
            Self::Mail => "mail",
        }
    }
}

/// Why a witness did not cosign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Failure {
    /// It has cosigned more entries than this log has: some are missing here.
    Ahead,
    /// It says that this log does not grow from what it has cosigned.
    Inconsistent,
    /// It does not witness this log.
    UnknownLog,
    /// It knows another key of this log.
    OtherKey,
    /// It wants to be left alone for a while.
    Busy,
    /// Its answer is no answer, or not of its key.
    Odd,
    /// What it knows changes faster than it can be asked.
    Moving,
    /// Nothing came back.
    Unanswered(Unanswered),
}

impl Failure {
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Ahead => "ahead",
            Self::Inconsistent => "inconsistent",
            Self::UnknownLog => "unknown_log",
            Self::OtherKey => "other_key",
            Self::Busy => "busy",
            Self::Odd | Self::Unanswered(Unanswered::Odd) => "odd_answer",
            Self::Moving => "moving",
            Self::Unanswered(Unanswered::Forbidden) => "address_not_allowed",
            Self::Unanswered(Unanswered::Unreachable) => "unreachable",
            Self::Unanswered(Unanswered::Slow) => "slow",
        }
    }

    /// Whether it is held against the log.
    pub(super) fn is_dispute(self) -> bool {
        matches!(self, Self::Ahead | Self::Inconsistent)
    }
}

impl Witness {
    /// What it cosigned last of this tree.
    pub(super) fn known(&self, tree: i16) -> u64 {
        let size = self.size.filter(|_| self.tree == Some(tree));
        size.map_or(0, i64::cast_unsigned)
    }

    /// Whether it is to be asked now, when the tree has so many entries; `entries` is how many are much.
    pub(super) fn is_due(&self, tree: i16, size: u64, entries: u32, now: DateTime<Utc>) -> bool {
        let grown = size.saturating_sub(self.known(tree));
        let much = grown >= u64::from(entries) && self.failures == 0;
        let apart = self.witnessed_at.is_none_or(|at| now - at >= APART);
        self.next_at <= now || much && apart && self.next_at - now > LEASE
    }

    /// Whether it has not witnessed for too long.
    pub(super) fn is_late(&self, now: DateTime<Utc>) -> bool {
        let longest = if self.kind == Kind::Mail.code() {
            MAIL_LATE
        } else {
            LATE
        };
        self.ended_at.is_none() && now - self.witnessed_at.unwrap_or(self.created_at) > longest
    }
}

/// When it is asked again after so many failures in a row: 1, 2, 4 … minutes, at most an hour.
pub(super) fn again_at(failures: i32, now: DateTime<Utc>) -> DateTime<Utc> {
    let doubled = u32::try_from(failures - 1).unwrap_or(0).min(6);
    now + TimeDelta::minutes((1_i64 << doubled).min(60))
}

/// The first day of the month in Japan.
pub(super) fn month_of(at: DateTime<Utc>) -> NaiveDate {
    let day = japanese_day(at);
    day.checked_sub_days(Days::new(u64::from(day.day0())))
        .unwrap_or(day)
}

/// When a month begins in Japan.
pub(super) fn begin_of(month: NaiveDate) -> DateTime<Utc> {
    month.and_time(NaiveTime::MIN).and_utc() - TimeDelta::hours(9)
}

/// When the mail of the next month is written: on its first day at nine.
pub(super) fn next_letter_at(now: DateTime<Utc>) -> DateTime<Utc> {
    let next = month_of(now).checked_add_months(Months::new(1));
    next.map_or(now + TimeDelta::days(31), |month| {
        begin_of(month) + TimeDelta::hours(9)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn witness() -> Witness {
        Witness {
            id: uuid::Uuid::nil(),
            kind: "server".to_owned(),
            name: "南部".to_owned(),
            url: None,
            public_key: None,
            address: None,
            created_at: at("2026-11-01T00:00:00Z"),
            ended_at: None,
            next_at: at("2026-11-30T03:00:00Z"),
            failures: 0,
            failure: None,
            tree: Some(1),
            size: Some(500),
            witnessed_at: Some(at("2026-11-30T02:00:00Z")),
            disputed_at: None,
            dispute: None,
        }
    }

    #[test]
    fn a_witness_is_asked_every_hour_and_sooner_when_much_was_recorded() {
        let row = witness();
        let due = |size, time: &str| row.is_due(1, size, 100, at(time));
        assert!(!due(501, "2026-11-30T02:10:00Z"));
        assert!(due(501, "2026-11-30T03:00:00Z"));
        assert!(due(500, "2026-11-30T03:00:00Z"));
        assert!(due(600, "2026-11-30T02:10:00Z"));
        assert!(!due(600, "2026-11-30T02:00:59Z"));
        // Nobody asks while somebody does, and a witness that fails is left alone.
        let asked = Witness {
            next_at: at("2026-11-30T02:15:00Z"),
            ..row.clone()
        };
        assert!(!asked.is_due(1, 600, 100, at("2026-11-30T02:10:30Z")));
        let failing = Witness {
            failures: 1,
            ..row.clone()
        };
        assert!(!failing.is_due(1, 600, 100, at("2026-11-30T02:10:00Z")));
        // Of a new tree it knows nothing.
        assert_eq!((row.known(1), row.known(2)), (500, 0));
    }

    #[test]
    fn a_witness_that_fails_is_asked_less_and_less_often() {
        let now = at("2026-11-30T02:00:00Z");
        let waits: Vec<i64> = (1..=8)
            .map(|failures| (again_at(failures, now) - now).num_minutes())
            .collect();
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 60, 60]);
        assert!(!witness().is_late(at("2026-12-01T02:00:00Z")));
        assert!(witness().is_late(at("2026-12-01T02:00:01Z")));
    }

    #[test]
    fn mail_goes_on_the_first_day_of_a_month_in_japan() {
        for (now, next) in [
            ("2026-11-30T14:59:59Z", "2026-12-01T00:00:00Z"),
            ("2026-11-30T15:00:00Z", "2027-01-01T00:00:00Z"),
            ("2026-12-01T00:00:00Z", "2027-01-01T00:00:00Z"),
            ("2028-02-29T01:00:00Z", "2028-03-01T00:00:00Z"),
        ] {
            assert_eq!(next_letter_at(at(now)), at(next), "{now}");
        }
        assert_eq!(
            month_of(at("2026-11-30T15:00:00Z")).to_string(),
            "2026-12-01"
        );
    }
}
