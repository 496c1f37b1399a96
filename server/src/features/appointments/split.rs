//! Changing a series in one place: this day, from this day on. Pure.

use chrono::{Days, NaiveDate};

use super::model::{Exception, Plan, is_day_of};
use crate::Error;

/// Most days of one series that may differ from its rule.
pub(super) const MOST_EXCEPTIONS: usize = 200;

/// Why a day of a series cannot be changed.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Refused {
    /// The series has no such day.
    NoSuchDay,
    /// It differs on too many days already.
    TooMany,
}

impl From<Refused> for Error {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::NoSuchDay => {
                Self::invalid("on", "not_allowed", "not a day of this appointment")
            }
            Refused::TooMany => Self::Conflict(
                "appointment_exceptions_full",
                "the series differs on too many days; change it from some day on",
            ),
        }
    }
}

/// The exceptions with this one day changed, or left out. A day that was left out stays out.
pub(super) fn one(
    plan: &Plan,
    exceptions: &[Exception],
    on: NaiveDate,
    instead: Option<Plan>,
) -> Result<Vec<Exception>, Refused> {
    let known = exceptions.iter().find(|exception| exception.on == on);
    let is_there = match known {
        Some(exception) => exception.plan.is_some(),
        None => is_day_of(plan, on),
    };
    if !is_there {
        return Err(Refused::NoSuchDay);
    }
    let mut exceptions = exceptions.to_vec();
    exceptions.retain(|exception| exception.on != on);
    if exceptions.len() >= MOST_EXCEPTIONS {
        return Err(Refused::TooMany);
    }
    exceptions.push(Exception { on, plan: instead });
    exceptions.sort_by_key(|exception| exception.on);
    Ok(exceptions)
}

/// What is left of a series that ends before `on`; nothing when nothing is.
pub(super) fn before(
    plan: &Plan,
    exceptions: &[Exception],
    on: NaiveDate,
) -> Result<Option<(Plan, Vec<Exception>)>, Refused> {
    let first = plan.span().map(super::model::Span::first_day);
    let (Some(first), Some(rule)) = (first, plan.rule()) else {
        return Err(Refused::NoSuchDay);
    };
    if !is_day_of(plan, on) {
        return Err(Refused::NoSuchDay);
    }
    if on <= first {
        return Ok(None);
    }
    let last = on.checked_sub_days(Days::new(1)).unwrap_or(on);
    let ended = Plan {
        recurrence: Some(rule.until(last).text()),
        ..plan.clone()
    };
    let kept = exceptions.iter().filter(|exception| exception.on < on);
    Ok(Some((ended, kept.cloned().collect())))
}

/// Those exceptions that still are days of a changed series.
pub(super) fn still(plan: &Plan, exceptions: &[Exception]) -> Vec<Exception> {
    exceptions
        .iter()
        .filter(|exception| is_day_of(plan, exception.on))
        .cloned()
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{
        super::model::{Kind, occurrences},
        *,
    };

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn weekly() -> Plan {
        Plan {
            kind: Kind::Visit,
            title: None,
            starts_at: Some("2026-12-07T10:00:00+09:00".parse().unwrap()),
            ends_at: Some("2026-12-07T11:00:00+09:00".parse().unwrap()),
            starts_on: None,
            ends_on: None,
            place: None,
            note: None,
            for_family: true,
            recurrence: Some("FREQ=WEEKLY;BYDAY=MO,TH".into()),
            participants: Vec::new(),
        }
    }

    fn days(plan: &Plan, exceptions: &[Exception]) -> Vec<String> {
        occurrences(plan, exceptions, day("2026-12-01"), day("2026-12-31"))
            .iter()
            .map(|found| found.span.first_day().format("%d").to_string())
            .collect()
    }

    #[test]
    fn one_day_is_left_out_or_moved_and_the_others_stay() {
        let plan = weekly();
        let left_out = one(&plan, &[], day("2026-12-10"), None).unwrap();
        assert_eq!(
            days(&plan, &left_out),
            ["07", "14", "17", "21", "24", "28", "31"]
        );
        let instead = Plan {
            recurrence: None,
            starts_at: Some("2026-12-15T09:00:00+09:00".parse().unwrap()),
            ends_at: Some("2026-12-15T10:00:00+09:00".parse().unwrap()),
            ..plan.clone()
        };
        let moved = one(&plan, &left_out, day("2026-12-14"), Some(instead)).unwrap();
        assert_eq!(
            days(&plan, &moved),
            ["07", "15", "17", "21", "24", "28", "31"]
        );
        assert_eq!(
            one(&plan, &moved, day("2026-12-10"), None),
            Err(Refused::NoSuchDay)
        );
        assert_eq!(
            one(&plan, &moved, day("2026-12-11"), None),
            Err(Refused::NoSuchDay)
        );
    }

    #[test]
    fn a_series_ends_before_the_day_from_which_it_is_another() {
        let plan = weekly();
        let (ended, _) = before(&plan, &[], day("2026-12-17")).unwrap().unwrap();
        assert_eq!(days(&ended, &[]), ["07", "10", "14"]);
        assert_eq!(before(&plan, &[], day("2026-12-07")), Ok(None));
        assert_eq!(
            before(&plan, &[], day("2026-12-08")),
            Err(Refused::NoSuchDay)
        );
    }

    proptest! {
        #[test]
        fn the_two_parts_of_a_series_are_the_series(cut in 0..30usize) {
            let plan = weekly();
            let (from, to) = (day("2026-12-01"), day("2027-12-01"));
            let all = occurrences(&plan, &[], from, to);
            let on = all[cut].on;
            let second = plan.clone().at(all[cut].span);
            let mut parts = match before(&plan, &[], on).unwrap() {
                Some((ended, kept)) => occurrences(&ended, &kept, from, to),
                None => Vec::new(),
            };
            parts.extend(occurrences(&second, &[], from, to));
            let spans = |found: &[super::super::model::Occurrence]| {
                found.iter().map(|one| one.span).collect::<Vec<_>>()
            };
            prop_assert_eq!(spans(&parts), spans(&all));
        }
    }
}
