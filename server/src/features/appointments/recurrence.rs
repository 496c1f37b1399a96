//! How something recurs: the part of RFC 5545 that people say in plain words. Days are those of Japan, which has no
//! summer time; the crate `rrule` finds them.

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, TimeZone, Weekday};
use rrule::{Frequency, NWeekday, RRule, Tz};

/// How long a series without an end is shown.
const HORIZON: Months = Months::new(60);
/// Most times of one series that are ever looked at: every day for five years.
const MOST: u16 = 1_830;
/// Most times that a rule may count.
const LARGEST_COUNT: u32 = 400;
/// Longest rule, in bytes.
const LONGEST: usize = 200;

const WEEKDAYS: [(&str, Weekday); 7] = [
    ("MO", Weekday::Mon),
    ("TU", Weekday::Tue),
    ("WE", Weekday::Wed),
    ("TH", Weekday::Thu),
    ("FR", Weekday::Fri),
    ("SA", Weekday::Sat),
    ("SU", Weekday::Sun),
];

/// A rule.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    frequency: Frequency,
    interval: u16,
    by_day: Vec<(Option<i16>, Weekday)>,
    by_month_day: Vec<i8>,
    count: Option<u32>,
    until: Option<NaiveDate>,
}

impl Rule {
    /// Reads a rule, or says what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let text = text.strip_prefix("RRULE:").unwrap_or(text);
        if text.len() > LONGEST {
            return Err("at most 200 characters");
        }
        let mut rule = Self {
            frequency: Frequency::Yearly,
            interval: 1,
            by_day: Vec::new(),
            by_month_day: Vec::new(),
            count: None,
            until: None,
        };
        let mut seen = Vec::new();
        for part in text.split(';') {
            let (name, value) = part
                .split_once('=')
                .ok_or("NAME=VALUE between semicolons")?;
            if seen.contains(&name) {
                return Err("a part is there twice");
            }
            seen.push(name);
            rule.take(name, value)?;
        }
        rule.fits()
    }

    fn take(&mut self, name: &str, value: &str) -> Result<(), &'static str> {
        match name {
            "FREQ" => {
                self.frequency = match value {
                    "DAILY" => Frequency::Daily,
                    "WEEKLY" => Frequency::Weekly,
                    "MONTHLY" => Frequency::Monthly,
                    _ => return Err("FREQ is DAILY, WEEKLY or MONTHLY"),
                }
            }
            "INTERVAL" => self.interval = number(value, 1..=52).ok_or("INTERVAL is 1 to 52")?,
            "COUNT" => {
                let count = number(value, 1..=LARGEST_COUNT);
                self.count = Some(count.ok_or("COUNT is 1 to 400")?);
            }
            "UNTIL" => self.until = Some(last_day(value).ok_or("UNTIL is a day such as 20271231")?),
            "BYDAY" => {
                let days: Option<Vec<_>> = value.split(',').map(weekday).collect();
                self.by_day = days.ok_or("BYDAY is days such as MO,TH or 2TU")?;
            }
            "BYMONTHDAY" => {
                let day = |text| number(text, -1..=31).filter(|day| *day != 0);
                let days: Option<Vec<i8>> = value.split(',').map(day).collect();
                self.by_month_day = days.ok_or("BYMONTHDAY is 1 to 31, or -1")?;
            }
            "WKST" if value == "MO" => {}
            _ => return Err("FREQ, INTERVAL, BYDAY, BYMONTHDAY, COUNT and UNTIL only"),
        }
        Ok(())
    }

    fn fits(self) -> Result<Self, &'static str> {
        let numbered = self.by_day.iter().any(|(number, _)| number.is_some());
        let monthly = self.frequency == Frequency::Monthly;
        match () {
            () if self.frequency == Frequency::Yearly => Err("FREQ is required"),
            () if self.count.is_some() && self.until.is_some() => Err("COUNT or UNTIL, not both"),
            () if self.by_day.len() > 7 || self.by_month_day.len() > 7 => Err("at most 7 days"),
            () if numbered && !monthly => Err("numbered weekdays are for months"),
            () if !self.by_month_day.is_empty() && !monthly => Err("BYMONTHDAY is for months"),
            () if !self.by_day.is_empty() && self.frequency == Frequency::Daily => {
                Err("BYDAY is for weeks and months")
            }
            () => Ok(self),
        }
    }

    /// The days of the series that begins on `first`, from `from` to `to`.
    pub fn days(&self, first: NaiveDate, from: NaiveDate, to: NaiveDate) -> Vec<NaiveDate> {
        let (Some(start), Some(end)) = (midnight(first), midnight(self.end(first).min(to))) else {
            return Vec::new();
        };
        let mut rule = RRule::new(self.frequency)
            .interval(self.interval)
            .by_month_day(self.by_month_day.clone())
            .by_weekday(
                self.by_day
                    .iter()
                    .map(|(number, day)| NWeekday::new(*number, *day))
                    .collect(),
            );
        if let Some(count) = self.count {
            rule = rule.count(count);
        }
        // A rule that cannot be is one without days.
        let Ok(set) = rule.build(start) else {
            return Vec::new();
        };
        set.before(end)
            .all(MOST)
            .dates
            .into_iter()
            .map(|at| at.date_naive())
            .filter(|day| *day >= from && *day <= to)
            .collect()
    }

    /// The last day of the series that begins on `first`.
    pub fn last_day(&self, first: NaiveDate) -> NaiveDate {
        let end = self.end(first);
        if self.count.is_none() {
            return end;
        }
        self.days(first, first, end)
            .last()
            .copied()
            .unwrap_or(first)
    }

    fn end(&self, first: NaiveDate) -> NaiveDate {
        let horizon = first.checked_add_months(HORIZON).unwrap_or(first);
        self.until
            .map_or(horizon, |until| until.min(horizon))
            .max(first)
    }

    /// The same rule until `day`, however it ended before.
    #[must_use]
    pub fn until(mut self, day: NaiveDate) -> Self {
        self.count = None;
        self.until = Some(self.until.map_or(day, |until| until.min(day)));
        self
    }

    /// The one way in which it is written.
    pub fn text(&self) -> String {
        let mut parts = vec![format!("FREQ={}", self.frequency)];
        if self.interval != 1 {
            parts.push(format!("INTERVAL={}", self.interval));
        }
        if !self.by_day.is_empty() {
            let day = |(number, day): &(Option<i16>, Weekday)| {
                let name = WEEKDAYS.iter().find(|(_, known)| known == day);
                let number = number.map(|number| number.to_string()).unwrap_or_default();
                format!("{number}{}", name.map_or("", |(name, _)| name))
            };
            let days: Vec<String> = self.by_day.iter().map(day).collect();
            parts.push(format!("BYDAY={}", days.join(",")));
        }
        if !self.by_month_day.is_empty() {
            let days: Vec<String> = self.by_month_day.iter().map(i8::to_string).collect();
            parts.push(format!("BYMONTHDAY={}", days.join(",")));
        }
        if let Some(count) = self.count {
            parts.push(format!("COUNT={count}"));
        }
        if let Some(until) = self.until {
            parts.push(format!("UNTIL={}", until.format("%Y%m%d")));
        }
        parts.join(";")
    }
}

fn number<T: std::str::FromStr + PartialOrd>(
    text: &str,
    range: std::ops::RangeInclusive<T>,
) -> Option<T> {
    let plain = text.strip_prefix('-').unwrap_or(text);
    let plain = !plain.is_empty() && plain.len() <= 3 && plain.bytes().all(|b| b.is_ascii_digit());
    text.parse().ok().filter(|n| plain && range.contains(n))
}

/// `MO`, `2TU` or `-1FR`.
fn weekday(text: &str) -> Option<(Option<i16>, Weekday)> {
    let (number_text, day) = WEEKDAYS
        .iter()
        .find_map(|(name, day)| Some((text.strip_suffix(name)?, *day)))?;
    if number_text.is_empty() {
        return Some((None, day));
    }
    let nth = number(number_text, -1..=5).filter(|nth: &i16| *nth != 0)?;
    Some((Some(nth), day))
}

/// The last day, in Japan, that `UNTIL` lets in: a day, or a moment in UTC.
fn last_day(text: &str) -> Option<NaiveDate> {
    match text.len() {
        8 => NaiveDate::parse_from_str(text, "%Y%m%d").ok(),
        16 => {
            let at = chrono::NaiveDateTime::parse_from_str(text, "%Y%m%dT%H%M%SZ").ok()?;
            Some(crate::spine::clock::japanese_day(at.and_utc()))
        }
        _ => None,
    }
    .filter(|day| (2000..=2200).contains(&day.year()))
}

fn midnight(day: NaiveDate) -> Option<DateTime<Tz>> {
    let day = day.checked_add_days(Days::new(0))?;
    Tz::Asia__Tokyo
        .from_local_datetime(&day.and_time(chrono::NaiveTime::MIN))
        .single()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn days(rule: &str, first: &str, to: &str) -> Vec<String> {
        let rule = Rule::parse(rule).unwrap();
        let found = rule.days(day(first), day(first), day(to));
        found.iter().map(NaiveDate::to_string).collect()
    }

    #[test]
    fn plain_words_have_their_days() {
        // 毎週 月・木
        assert_eq!(
            days("FREQ=WEEKLY;BYDAY=MO,TH", "2026-12-07", "2026-12-17"),
            ["2026-12-07", "2026-12-10", "2026-12-14", "2026-12-17"]
        );
        // 隔週
        assert_eq!(
            days("FREQ=WEEKLY;INTERVAL=2", "2026-12-08", "2027-01-05"),
            ["2026-12-08", "2026-12-22", "2027-01-05"]
        );
        // 毎月第2火曜
        assert_eq!(
            days("FREQ=MONTHLY;BYDAY=2TU", "2026-12-08", "2027-02-28"),
            ["2026-12-08", "2027-01-12", "2027-02-09"]
        );
        // 毎月末日
        assert_eq!(
            days("FREQ=MONTHLY;BYMONTHDAY=-1", "2027-01-31", "2027-03-31"),
            ["2027-01-31", "2027-02-28", "2027-03-31"]
        );
        assert_eq!(
            days("FREQ=DAILY;COUNT=3", "2026-12-30", "2027-12-30"),
            ["2026-12-30", "2026-12-31", "2027-01-01"]
        );
        assert_eq!(
            days(
                "FREQ=DAILY;UNTIL=20261231T145959Z",
                "2026-12-30",
                "2027-12-30"
            )
            .len(),
            2
        );
    }

    #[test]
    fn what_people_do_not_say_is_refused() {
        for wrong in [
            "",
            "FREQ=SECONDLY",
            "FREQ=HOURLY;INTERVAL=1",
            "FREQ=YEARLY",
            "INTERVAL=2",
            "FREQ=DAILY;FREQ=DAILY",
            "FREQ=DAILY;COUNT=401",
            "FREQ=DAILY;COUNT=0",
            "FREQ=DAILY;COUNT=+3",
            "FREQ=DAILY;COUNT=5;UNTIL=20270101",
            "FREQ=WEEKLY;BYDAY=2TU",
            "FREQ=WEEKLY;BYMONTHDAY=3",
            "FREQ=WEEKLY;BYDAY=XX",
            "FREQ=WEEKLY;BYSETPOS=1",
            "FREQ=WEEKLY;BYHOUR=1,2,3",
            "FREQ=MONTHLY;BYDAY=6MO",
            "FREQ=MONTHLY;BYMONTHDAY=32",
            "FREQ=WEEKLY;UNTIL=tomorrow",
            "FREQ=WEEKLY\nRRULE:FREQ=DAILY",
        ] {
            assert!(Rule::parse(wrong).is_err(), "{wrong}");
        }
        assert!(Rule::parse(&format!("FREQ=DAILY;{}", "X=1;".repeat(100))).is_err());
    }

    #[test]
    fn a_series_without_an_end_is_bounded() {
        let rule = Rule::parse("FREQ=DAILY").unwrap();
        let first = day("2026-12-01");
        assert_eq!(rule.last_day(first), day("2031-12-01"));
        assert!(rule.days(first, first, day("2099-12-31")).len() <= usize::from(MOST));
    }

    proptest! {
        #[test]
        fn a_rule_is_written_in_one_way_and_keeps_its_days(
            interval in 1..6u16, weekdays in proptest::sample::subsequence(WEEKDAYS.to_vec(), 1..4), until in 0..200u64,
        ) {
            let names: Vec<&str> = weekdays.iter().map(|(name, _)| *name).collect();
            let first = day("2026-12-01");
            let last = first.checked_add_days(Days::new(until)).unwrap();
            let text = format!("FREQ=WEEKLY;INTERVAL={interval};BYDAY={};UNTIL={}", names.join(","), last.format("%Y%m%d"));
            let rule = Rule::parse(&text).unwrap();
            prop_assert_eq!(&Rule::parse(&rule.text()).unwrap(), &rule);
            let found = rule.days(first, first, day("2030-01-01"));
            for found in &found {
                prop_assert!(*found >= first && *found <= last);
                prop_assert!(weekdays.iter().any(|(_, weekday)| *weekday == found.weekday()));
            }
            // Looking at a part finds what looking at all finds there.
            let (from, to) = (day("2027-01-10"), day("2027-02-10"));
            let part: Vec<NaiveDate> = found.into_iter().filter(|day| *day >= from && *day <= to).collect();
            prop_assert_eq!(rule.days(first, from, to), part);
        }
    }
}
