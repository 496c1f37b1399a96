//! Days and times as they are written on Japanese paper: with the era where it is official, with the weekday, in Japan.

use chrono::{DateTime, Datelike as _, NaiveDate, NaiveDateTime, Timelike as _, Utc};
use serde::{Serialize, Serializer};

use crate::spine::clock;

const WEEKDAYS: [&str; 7] = ["月", "火", "水", "木", "金", "土", "日"];

/// A calendar month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Month {
    /// The year.
    pub year: i32,
    /// 1 to 12.
    pub month: u32,
}

impl Serialize for Month {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let Self { year, month } = *self;
        let era = NaiveDate::from_ymd_opt(year, month, 1).map_or_else(String::new, era);
        serde_json::json!({
            "plain": format!("{year}年{month}月"),
            "era": format!("{era}{month}月"),
        })
        .serialize(to)
    }
}

/// A moment, in the ways in which templates may show it.
#[derive(Debug, Serialize)]
pub(super) struct Shown {
    /// With the era: `令和8年10月1日(木) 9時05分`.
    era: String,
    /// `2026年10月1日(木) 9:05`.
    long: String,
    /// `10/1(木) 9:05`.
    short: String,
    /// `令和8年10月1日`.
    day: String,
    /// `10月1日 9時05分`, where the year is known.
    moment: String,
}

pub(super) fn shown(at: DateTime<Utc>) -> Shown {
    let at: NaiveDateTime = clock::japanese_time(at);
    let (month, day) = (at.month(), at.day());
    let place = usize::try_from(at.weekday().num_days_from_monday()).unwrap_or_default();
    let weekday = WEEKDAYS.get(place).copied().unwrap_or_default();
    let era_day = format!("{}{month}月{day}日", era(at.date()));
    let (hour, minute) = (at.hour(), at.minute());
    Shown {
        era: format!("{era_day}({weekday}) {hour}時{minute:02}分"),
        long: format!(
            "{}年{month}月{day}日({weekday}) {hour}:{minute:02}",
            at.year()
        ),
        short: format!("{month}/{day}({weekday}) {hour}:{minute:02}"),
        day: era_day,
        moment: format!("{month}月{day}日 {hour}時{minute:02}分"),
    }
}

/// A moment as templates get it.
pub(super) fn at<S: Serializer>(at: &DateTime<Utc>, to: S) -> Result<S::Ok, S::Error> {
    shown(*at).serialize(to)
}

/// The same for one that may not be there.
#[expect(
    clippy::ref_option,
    reason = "serde hands over a reference to the field"
)]
pub(super) fn maybe_at<S: Serializer>(
    at: &Option<DateTime<Utc>>,
    to: S,
) -> Result<S::Ok, S::Error> {
    at.map(shown).serialize(to)
}

/// The year in its era: `令和8年`, `令和元年`. Earlier eras are written with the years of the common era.
fn era(day: NaiveDate) -> String {
    const REIWA: (i32, u32, u32) = (2019, 5, 1);
    if (day.year(), day.month(), day.day()) < REIWA {
        return format!("{}年", day.year());
    }
    match day.year() - 2018 {
        1 => "令和元年".to_owned(),
        year => format!("令和{year}年"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_shown_as_in_japan() {
        let shown = shown("2026-09-30T15:05:00Z".parse().unwrap());
        assert_eq!(shown.era, "令和8年10月1日(木) 0時05分");
        assert_eq!(shown.long, "2026年10月1日(木) 0:05");
        assert_eq!(shown.short, "10/1(木) 0:05");
        assert_eq!(shown.day, "令和8年10月1日");
        assert_eq!(shown.moment, "10月1日 0時05分");
    }

    #[test]
    fn the_first_year_of_an_era_has_its_own_name() {
        let of = |text: &str| era(text.parse().unwrap());
        assert_eq!(of("2019-04-30"), "2019年");
        assert_eq!(of("2019-05-01"), "令和元年");
        assert_eq!(of("2020-01-01"), "令和2年");
    }
}
