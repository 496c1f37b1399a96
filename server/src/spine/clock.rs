//! Time. The only place that reads the system's clock; a test may set it.
//!
//! Time never goes back within the process (security.md SE-13): when somebody sets the system's clock back, this one
//! goes on from where it was, at the pace of the monotonic clock, so that nothing that had ended begins again and nothing
//! lasts longer. Across a restart the rows remember: a session knows when it was last seen.

use std::{
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicI64, AtomicU8, Ordering},
    },
    time::Instant,
};

use chrono::{
    DateTime, Datelike, FixedOffset, Months, NaiveDate, NaiveDateTime, TimeDelta, Timelike, Utc,
};

use crate::{Error, Result};

/// The clock of one process.
#[derive(Debug, Default)]
pub struct Clock {
    /// Microseconds by which a test has moved the system's clock.
    moved: AtomicI64,
    /// The latest time that the system's clock was believed, and when that was by the monotonic clock.
    anchor: Mutex<Option<(DateTime<Utc>, Instant)>>,
    /// How good it is, as it was last found to be.
    quality: AtomicU8,
    /// What was found.
    found: Mutex<Found>,
}

/// What other clocks said of the system's.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Found {
    /// How far the time server is ahead of it.
    pub offset: Option<TimeDelta>,
    /// When the time server last answered, by the system's clock.
    pub checked_at: Option<DateTime<Utc>>,
    /// How far the database's clock is ahead of it.
    pub database: Option<TimeDelta>,
}

/// The system's clock as it is, for holding it against others; nothing else goes by it.
#[expect(clippy::disallowed_methods, reason = "this is the clock")]
pub fn system_now() -> DateTime<Utc> {
    Utc::now()
}

/// How good the clock is (security.md AU-11).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Quality {
    /// Nobody has held it against another clock.
    #[default]
    Unchecked,
    /// At most a second off.
    Checked,
    /// More than a second off.
    Off,
    /// So far off that nothing may be made final by it.
    Wrong,
}

impl Quality {
    /// The code in the access log: whoever reads it needs to know that the time may be off, not how far.
    pub fn code(self) -> &'static str {
        match self {
            Self::Unchecked => "unchecked",
            Self::Checked => "checked",
            Self::Off | Self::Wrong => "off",
        }
    }

    /// The word for whoever looks after the clock.
    pub fn word(self) -> &'static str {
        match self {
            Self::Wrong => "wrong",
            other => other.code(),
        }
    }
}

impl Clock {
    /// Now, in whole microseconds, because that is what the database keeps. Never before an earlier answer.
    #[expect(clippy::disallowed_methods, reason = "this is the clock")]
    pub fn now(&self) -> DateTime<Utc> {
        let now = Utc::now() + TimeDelta::microseconds(self.moved.load(Ordering::Relaxed));
        let now = DateTime::from_timestamp_micros(now.timestamp_micros()).unwrap_or(now);
        // Nothing that holds the lock can leave a half-written anchor.
        let mut anchor = self.anchor.lock().unwrap_or_else(PoisonError::into_inner);
        let Some((then, since)) = *anchor else {
            *anchor = Some((now, Instant::now()));
            return now;
        };
        let passed = i64::try_from(since.elapsed().as_micros()).unwrap_or(i64::MAX);
        let at_least = then
            .checked_add_signed(TimeDelta::microseconds(passed))
            .unwrap_or(then);
        if now < at_least {
            return at_least;
        }
        *anchor = Some((now, Instant::now()));
        now
    }

    /// How good the clock is.
    pub fn quality(&self) -> Quality {
        match self.quality.load(Ordering::Relaxed) {
            1 => Quality::Checked,
            2 => Quality::Off,
            3 => Quality::Wrong,
            _ => Quality::Unchecked,
        }
    }

    /// Remembers how good the clock was found to be.
    pub fn set_quality(&self, quality: Quality) {
        let code = match quality {
            Quality::Unchecked => 0,
            Quality::Checked => 1,
            Quality::Off => 2,
            Quality::Wrong => 3,
        };
        self.quality.store(code, Ordering::Relaxed);
    }

    /// Remembers what other clocks said, and how good this one is therefore.
    pub fn set_found(&self, found: Found, quality: Quality) {
        *self.found.lock().unwrap_or_else(PoisonError::into_inner) = found;
        self.set_quality(quality);
    }

    /// What other clocks said.
    pub fn found(&self) -> Found {
        *self.found.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Moves the system's clock forward, or back, for tests.
    pub fn advance(&self, by: TimeDelta) {
        self.moved
            .fetch_add(by.num_microseconds().unwrap_or(0), Ordering::Relaxed);
    }
}

/// The calendar day in Japan, which care plans, memberships and consents are counted in. Japan has no summer time.
pub fn japanese_day(at: DateTime<Utc>) -> NaiveDate {
    japanese_time(at).date()
}

/// The moment at which a day begins in Japan.
pub fn day_begins(day: NaiveDate) -> DateTime<Utc> {
    day.and_time(chrono::NaiveTime::MIN).and_utc() - TimeDelta::hours(9)
}

/// The first day of the month that a moment is in, in Japan.
pub fn japanese_month(at: DateTime<Utc>) -> NaiveDate {
    let day = japanese_day(at);
    day.with_day(1).unwrap_or(day)
}

/// The first day of a month as it is written: `2026-11`.
pub fn parse_month(text: &str) -> Option<NaiveDate> {
    let plain = text.len() == "2026-11".len() && text.starts_with(|c: char| c.is_ascii_digit());
    let day = NaiveDate::parse_from_str(&format!("{text}-01"), "%Y-%m-%d");
    day.ok().filter(|_| plain)
}

/// The same as somebody gave it.
pub fn month_of_input(text: &str) -> Result<NaiveDate> {
    let wrong = || Error::invalid("month", "wrong_type", "a month such as 2026-11");
    parse_month(text).ok_or_else(wrong)
}

/// The first day of the month after the one that begins with `first`.
pub fn month_after(first: NaiveDate) -> NaiveDate {
    first.checked_add_months(Months::new(1)).unwrap_or(first)
}

/// Day and time as a clock in Japan shows them, for text that people read.
pub fn japanese_time(at: DateTime<Utc>) -> NaiveDateTime {
    FixedOffset::east_opt(9 * 3600).map_or_else(
        || at.naive_utc(),
        |japan| at.with_timezone(&japan).naive_local(),
    )
}

/// A minute of the day as people write it: 21:00. The end of a day is 24:00.
pub fn parse_minute(text: &str) -> Option<i16> {
    let (hours, minutes) = text.split_once(':')?;
    let two = |part: &str| {
        let digits = part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| part.parse::<i16>().ok()).flatten()
    };
    let (hours, minutes) = (two(hours)?, two(minutes)?);
    let good = hours < 24 && minutes < 60 || hours == 24 && minutes == 0;
    good.then_some(hours * 60 + minutes)
}

/// The reverse of [`parse_minute`].
pub fn write_minute(minute: i16) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

/// The minute of the day in Japan.
pub fn minute_of(at: DateTime<Utc>) -> i16 {
    let time = japanese_time(at).time();
    i16::try_from(time.hour() * 60 + time.minute()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minutes_are_written_as_people_write_them() {
        for (text, minutes) in [("00:00", 0), ("08:30", 510), ("24:00", 1440)] {
            assert_eq!(parse_minute(text), Some(minutes));
            assert_eq!(write_minute(minutes), text);
        }
        for bad in [
            "8:30", "24:01", "25:00", "12:60", "12-00", "", "+1:00", "12:0x",
        ] {
            assert_eq!(parse_minute(bad), None, "{bad}");
        }
    }

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

    #[test]
    fn a_month_is_written_in_one_way() {
        assert_eq!(parse_month("2026-11").unwrap().to_string(), "2026-11-01");
        for bad in [
            "",
            "2026",
            "2026-13",
            "2026-1",
            "26-11",
            "2026-11-01",
            "+026-11",
        ] {
            assert_eq!(parse_month(bad), None, "{bad}");
        }
    }

    #[test]
    fn months_begin_at_midnight_in_japan() {
        let first = japanese_month("2026-11-30T15:00:00Z".parse().unwrap());
        assert_eq!(first.to_string(), "2026-12-01");
        let begins = day_begins(first);
        assert_eq!(begins.to_rfc3339(), "2026-11-30T15:00:00+00:00");
        assert_eq!(
            japanese_month(begins - TimeDelta::microseconds(1)).to_string(),
            "2026-11-01"
        );
        assert_eq!(month_after(first).to_string(), "2027-01-01");
    }

    #[test]
    fn a_clock_that_is_set_back_does_not_take_time_back() {
        let clock = Clock::default();
        let before = clock.now();
        clock.advance(TimeDelta::hours(-1));
        let first = clock.now();
        assert!(first >= before);
        std::thread::sleep(std::time::Duration::from_millis(20));
        // It does not stand still either: what is to end ends in time.
        assert!(clock.now() - first >= TimeDelta::milliseconds(20));
        clock.advance(TimeDelta::hours(3));
        assert!(clock.now() - before >= TimeDelta::hours(2));
    }
}
