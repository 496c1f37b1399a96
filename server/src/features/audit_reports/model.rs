//! The month of a report.

use chrono::{DateTime, Datelike, NaiveDate, Utc};

use crate::{
    Error, Result,
    print::Month,
    spine::clock::{day_begins, japanese_month, month_after},
};

/// A month in Japan, as far as it has gone by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Period {
    /// Its first day.
    pub(super) first: NaiveDate,
    /// When it begins.
    pub(super) from: DateTime<Utc>,
    /// The end of what is told of it, not included.
    pub(super) until: DateTime<Utc>,
    /// Whether it is over.
    pub(super) is_over: bool,
}

impl Period {
    /// The month that begins on this day; refused when it has not begun.
    pub(super) fn of(first: NaiveDate, now: DateTime<Utc>) -> Result<Self> {
        if first > japanese_month(now) {
            let message = "not later than the current month in Japan";
            return Err(Error::invalid("month", "out_of_range", message));
        }
        let end = day_begins(month_after(first));
        Ok(Self {
            first,
            from: day_begins(first),
            until: end.min(now),
            is_over: end <= now,
        })
    }

    /// From when, and until when.
    pub(super) fn span(&self) -> (DateTime<Utc>, DateTime<Utc>) {
        (self.from, self.until)
    }

    /// As it is printed.
    pub(super) fn month(&self) -> Month {
        Month {
            year: self.first.year(),
            month: self.first.month(),
        }
    }

    /// The moment up to which is told, when the month is not over.
    pub(super) fn as_of(&self) -> Option<DateTime<Utc>> {
        (!self.is_over).then_some(self.until)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spine::clock::month_of_input;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn a_month_is_told_as_far_as_it_has_gone_by() {
        let november = month_of_input("2026-11").unwrap();
        let now = at("2026-11-30T14:59:59Z");
        let half = Period::of(november, now).unwrap();
        assert_eq!(half.span(), (at("2026-10-31T15:00:00Z"), now));
        assert_eq!(half.as_of(), Some(now));
        let whole = Period::of(november, at("2026-11-30T15:00:00Z")).unwrap();
        assert_eq!(whole.until, at("2026-11-30T15:00:00Z"));
        assert_eq!(whole.as_of(), None);
        let next = Period::of(month_of_input("2026-12").unwrap(), now);
        assert_eq!(next.unwrap_err().code(), "invalid_input");
    }
}
