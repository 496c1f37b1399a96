//! Hours of a week, counted in Japan.

use chrono::{DateTime, Datelike, TimeDelta, Utc};

use crate::spine::clock::{day_begins, japanese_time};

/// The hours of some days of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Hours {
    /// Monday 1, Tuesday 2, Wednesday 4 and so on, added.
    pub(super) weekdays: i16,
    /// From which minute of the day.
    pub(super) from: i16,
    /// Until which minute; when it is not after `from`, of the next day.
    pub(super) to: i16,
}

impl Hours {
    /// The next moment that is within these hours, seen from `now`: `now` itself when it is. `None` never happens for
    /// hours of at least one day of the week.
    pub(super) fn next_from(self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let today = japanese_time(now).date();
        // Yesterday's hours may last until this morning.
        (-1..=7).find_map(|offset| {
            let day = today + TimeDelta::days(offset);
            let bit = 1_i16 << day.weekday().num_days_from_monday();
            if self.weekdays & bit == 0 {
                return None;
            }
            let begins = day_begins(day) + TimeDelta::minutes(self.from.into());
            let length = i64::from(self.to) - i64::from(self.from);
            let length = if length > 0 { length } else { length + 1440 };
            let ends = begins + TimeDelta::minutes(length);
            (ends > now).then_some(begins.max(now))
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        format!("{text}:00+09:00").parse().unwrap()
    }

    #[test]
    fn hours_over_midnight_belong_to_the_day_on_which_they_begin() {
        // Mondays from 17:30 until 8:30 on Tuesday. 2026-11-30 is a Monday.
        let nights = Hours {
            weekdays: 1,
            from: 1050,
            to: 510,
        };
        let next = |text: &str| nights.next_from(at(text)).unwrap();
        assert_eq!(next("2026-11-30T12:00"), at("2026-11-30T17:30"));
        assert_eq!(next("2026-11-30T18:00"), at("2026-11-30T18:00"));
        assert_eq!(next("2026-12-01T08:29"), at("2026-12-01T08:29"));
        assert_eq!(next("2026-12-01T08:30"), at("2026-12-07T17:30"));
        let always = Hours {
            weekdays: 127,
            from: 0,
            to: 1440,
        };
        assert_eq!(
            always.next_from(at("2026-12-01T00:00")),
            Some(at("2026-12-01T00:00"))
        );
    }

    proptest! {
        #[test]
        fn the_next_hours_are_within_a_week_and_never_before(
            weekdays in 1..=127i16, from in 0..1440i16, to in 1..=1440i16, minute in 0..2_000_000i64,
        ) {
            let now = at("2026-11-30T00:00") + TimeDelta::minutes(minute);
            let hours = Hours { weekdays, from, to };
            let next = hours.next_from(now).unwrap();
            prop_assert!(next >= now && next - now <= TimeDelta::days(7));
            if next > now {
                prop_assert_eq!(crate::spine::clock::minute_of(next), from);
            }
        }
    }
}
