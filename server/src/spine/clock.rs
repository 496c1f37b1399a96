//! Time. The only place that reads the system's clock; a test may set it.

use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, TimeDelta, Utc};

/// The clock of one process.
#[derive(Debug, Default)]
pub struct Clock {
    /// Microseconds by which a test has moved the clock.
    moved: AtomicI64,
}

impl Clock {
    /// Now, in whole microseconds, because that is what the database keeps.
    #[expect(clippy::disallowed_methods, reason = "this is the clock")]
    pub fn now(&self) -> DateTime<Utc> {
        let now = Utc::now() + TimeDelta::microseconds(self.moved.load(Ordering::Relaxed));
        DateTime::from_timestamp_micros(now.timestamp_micros()).unwrap_or(now)
    }

    /// Moves the clock forward (or back) for tests.
    pub fn advance(&self, by: TimeDelta) {
        self.moved
            .fetch_add(by.num_microseconds().unwrap_or(0), Ordering::Relaxed);
    }
}

/// The calendar day in Japan, which care plans, memberships and consents are counted in. Japan has no summer time.
pub fn japanese_day(at: DateTime<Utc>) -> NaiveDate {
    japanese_time(at).date()
}

/// Day and time as a clock in Japan shows them, for text that people read.
pub fn japanese_time(at: DateTime<Utc>) -> NaiveDateTime {
    FixedOffset::east_opt(9 * 3600).map_or_else(
        || at.naive_utc(),
        |japan| at.with_timezone(&japan).naive_local(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_changes_at_midnight_in_japan() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        assert_eq!(
            japanese_day(at("2026-11-20T14:59:59Z")).to_string(),
            "2026-11-20"
        );
        assert_eq!(
            japanese_day(at("2026-11-20T15:00:00Z")).to_string(),
            "2026-11-21"
        );
    }
}
