//! What an appointment is, and the rules that need nothing but it.

use chrono::{DateTime, Datelike, Days, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::recurrence::Rule;
use crate::{
    error::FieldError,
    spine::{clock::japanese_day, text},
};

/// Longest timed appointment: whoever stays longer is entered by days.
const LONGEST: TimeDelta = TimeDelta::hours(72);
/// Longest appointment by days.
const LONGEST_DAYS: i64 = 62;
/// Most people of one appointment.
const MOST_PEOPLE: usize = 30;
/// How far from the year 2026 a day may be for the calendar to know it.
const YEARS: std::ops::RangeInclusive<i32> = 2000..=2100;

/// What an appointment is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = AppointmentKind)]
pub enum Kind {
    /// 訪問
    Visit,
    /// 機器・カテーテルなどの交換
    Exchange,
    /// カンファレンス・サービス担当者会議
    Conference,
    /// 期限
    Deadline,
    /// そのほか
    Other,
}

impl Kind {
    /// In words that tell nothing of anybody, for calendars outside.
    pub fn word(self, japanese: bool) -> &'static str {
        match (self, japanese) {
            (Self::Visit, true) => "訪問",
            (Self::Exchange, true) => "交換",
            (Self::Conference, true) => "カンファレンス",
            (Self::Deadline, true) => "期限",
            (Self::Other, true) => "予定",
            (Self::Visit, false) => "Visit",
            (Self::Exchange, false) => "Exchange",
            (Self::Conference, false) => "Conference",
            (Self::Deadline, false) => "Deadline",
            (Self::Other, false) => "Appointment",
        }
    }
}

/// Somebody who takes part: a staff member, a profession, or somebody outside in words. Exactly one of the three.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AppointmentParticipant)]
pub struct Participant {
    /// A staff member.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub staff_member_id: Option<Uuid>,
    /// Anybody of a profession of the register.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profession: Option<String>,
    /// Family or somebody outside, up to 60 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// What an appointment says: what for, when, where, with whom, how often. Either `starts_at` or `starts_on` is there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AppointmentPlan)]
pub struct Plan {
    /// What it is for.
    pub kind: Kind,
    /// What exactly, such as 膀胱留置カテーテルの交換; up to 100 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// When it begins, with offset.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starts_at: Option<DateTime<Utc>>,
    /// When it ends, at most 72 hours later; may be left out of a deadline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_at: Option<DateTime<Utc>>,
    /// The first day, for what takes whole days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starts_on: Option<NaiveDate>,
    /// The last day; the first when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_on: Option<NaiveDate>,
    /// Where, up to 200 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// What else the team should know, up to 2,000 characters. Never shown to the patient and the family by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Whether the patient and the family see that it is.
    #[serde(default)]
    pub for_family: bool,
    /// How it recurs, as an RRULE of RFC 5545 without the word: FREQ DAILY, WEEKLY or MONTHLY, with INTERVAL, BYDAY,
    /// BYMONTHDAY, COUNT (at most 400) or UNTIL. Days are counted in Japan. Without an end it is shown for five years.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recurrence: Option<String>,
    /// Who takes part, at most 30.
    #[serde(default)]
    pub participants: Vec<Participant>,
}

/// From when to when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Span {
    /// By the clock.
    Timed(DateTime<Utc>, DateTime<Utc>),
    /// By days, both included.
    Days(NaiveDate, NaiveDate),
}

impl Span {
    /// The first day in Japan.
    pub fn first_day(self) -> NaiveDate {
        match self {
            Self::Timed(from, _) => japanese_day(from),
            Self::Days(from, _) => from,
        }
    }

    /// The last day in Japan.
    pub fn last_day(self) -> NaiveDate {
        match self {
            // What ends at midnight is over on that day.
            Self::Timed(from, to) => japanese_day((to - TimeDelta::microseconds(1)).max(from)),
            Self::Days(_, to) => to,
        }
    }

    /// The same so many days later, or earlier.
    #[must_use]
    pub fn moved(self, days: i64) -> Self {
        let by = TimeDelta::days(days);
        match self {
            Self::Timed(from, to) => Self::Timed(from + by, to + by),
            Self::Days(from, to) => Self::Days(from + by, to + by),
        }
    }

    /// Whether both are by the clock and share some time.
    pub fn overlaps(self, other: Self) -> bool {
        match (self, other) {
            (Self::Timed(from, to), Self::Timed(other_from, other_to)) => {
                from < other_to && other_from < to
            }
            _ => false,
        }
    }
}

impl Plan {
    /// From when to when the first of it is; nothing when the plan does not say, which [`Plan::check`] refuses.
    pub fn span(&self) -> Option<Span> {
        match (self.starts_at, self.starts_on) {
            (Some(from), None) => Some(Span::Timed(from, self.ends_at.unwrap_or(from))),
            (None, Some(from)) => Some(Span::Days(from, self.ends_on.unwrap_or(from))),
            _ => None,
        }
    }

    /// The same at another time.
    #[must_use]
    pub fn at(mut self, span: Span) -> Self {
        match span {
            Span::Timed(from, to) => {
                self.starts_at = Some(from);
                self.ends_at = self.ends_at.map(|_| to);
            }
            Span::Days(from, to) => {
                self.starts_on = Some(from);
                self.ends_on = self.ends_on.map(|_| to);
            }
        }
        self
    }

    /// The rule by which it recurs, if it does.
    pub fn rule(&self) -> Option<Rule> {
        self.recurrence
            .as_deref()
            .and_then(|text| Rule::parse(text).ok())
    }

    /// The staff members who take part.
    pub fn staff(&self) -> impl Iterator<Item = Uuid> {
        self.participants
            .iter()
            .filter_map(|person| person.staff_member_id)
    }

    /// Adds what is wrong with it.
    pub fn check(&self, field: &str, errors: &mut Vec<FieldError>) {
        let named = |name: &str| format!("{field}.{name}");
        for (name, value, longest, lines) in [
            ("title", &self.title, 100, false),
            ("place", &self.place, 200, false),
            ("note", &self.note, 2_000, true),
        ] {
            if let Some(value) = value {
                text::check(&named(name), value, longest, lines, errors);
            }
        }
        if self.kind == Kind::Other && self.title.is_none() {
            errors.push(FieldError::new(named("title"), "required", "what it is"));
        }
        self.check_people(&named, errors);
        if self.is_of_our_time() {
            self.check_time(&named, errors);
            self.check_recurrence(&named, errors);
        } else {
            let message = "between 2000 and 2100";
            errors.push(FieldError::new(named("starts_at"), "out_of_range", message));
        }
    }

    /// Whether all days are such that a calendar can count from them.
    fn is_of_our_time(&self) -> bool {
        let moments = [self.starts_at, self.ends_at];
        let days = [self.starts_on, self.ends_on];
        moments
            .iter()
            .flatten()
            .all(|at| YEARS.contains(&at.year()))
            && days.iter().flatten().all(|day| YEARS.contains(&day.year()))
    }

    fn check_time(&self, named: &impl Fn(&str) -> String, errors: &mut Vec<FieldError>) {
        let mut wrong = |name: &str, code, message: &str| {
            errors.push(FieldError::new(named(name), code, message));
        };
        let by_clock = self.starts_at.is_some() || self.ends_at.is_some();
        let by_days = self.starts_on.is_some() || self.ends_on.is_some();
        let Some(span) = self.span().filter(|_| !(by_clock && by_days)) else {
            wrong("starts_at", "required", "either starts_at or starts_on");
            return;
        };
        match span {
            Span::Timed(from, to) => {
                if self.ends_at.is_none() && self.kind != Kind::Deadline {
                    wrong("ends_at", "required", "when it ends");
                } else if self.ends_at.is_some() && (to <= from || to - from > LONGEST) {
                    wrong(
                        "ends_at",
                        "out_of_range",
                        "after starts_at, at most 72 hours",
                    );
                }
            }
            Span::Days(from, to) => {
                if to < from || (to - from).num_days() >= LONGEST_DAYS {
                    wrong(
                        "ends_on",
                        "out_of_range",
                        "not before starts_on, at most 62 days",
                    );
                }
            }
        }
    }

    fn check_people(&self, named: &impl Fn(&str) -> String, errors: &mut Vec<FieldError>) {
        let list = named("participants");
        if self.participants.len() > MOST_PEOPLE {
            errors.push(FieldError::new(list.clone(), "out_of_range", "at most 30"));
        }
        for (at, person) in self.participants.iter().enumerate() {
            let field = format!("{list}[{at}]");
            let said = [
                person.staff_member_id.is_some(),
                person.profession.is_some(),
                person.name.is_some(),
            ];
            if said.iter().filter(|said| **said).count() != 1 {
                let message = "one of staff_member_id, profession and name";
                errors.push(FieldError::new(field, "not_allowed", message));
                continue;
            }
            text::check_optional(&field, person.name.as_deref(), 60, errors);
            text::check_optional(&field, person.profession.as_deref(), 60, errors);
            if self
                .participants
                .iter()
                .take(at)
                .any(|other| other == person)
            {
                errors.push(FieldError::new(field, "duplicate", "is there twice"));
            }
        }
    }

    fn check_recurrence(&self, named: &impl Fn(&str) -> String, errors: &mut Vec<FieldError>) {
        let (Some(recurrence), Some(span)) = (&self.recurrence, self.span()) else {
            return;
        };
        let mut wrong = |message: &str| {
            errors.push(FieldError::new(named("recurrence"), "not_allowed", message));
        };
        match Rule::parse(recurrence) {
            Err(message) => wrong(message),
            Ok(rule) => {
                let first = span.first_day();
                let until = first.checked_add_days(Days::new(400)).unwrap_or(first);
                if rule.days(first, first, until).first() != Some(&first) {
                    wrong("the first day is not a day of the rule");
                }
            }
        }
    }
}

/// A day of a series on which it is not, or is otherwise.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = AppointmentException)]
pub(super) struct Exception {
    /// The day in Japan on which it would have begun.
    pub on: NaiveDate,
    /// What is instead; null when it is left out.
    pub plan: Option<Plan>,
}

/// One of the times that an appointment is.
#[derive(Debug, Clone, PartialEq)]
pub struct Occurrence {
    /// The day in Japan on which it begins by the rule: its name within the series.
    pub on: NaiveDate,
    /// What it says, at its own time.
    pub plan: Plan,
    /// From when to when.
    pub span: Span,
    /// Whether it differs from the rest of the series.
    pub changed: bool,
}

/// The times of an appointment that touch the days from `from` to `to`, both included, in the order of time.
pub(super) fn occurrences(
    plan: &Plan,
    exceptions: &[Exception],
    from: NaiveDate,
    to: NaiveDate,
) -> Vec<Occurrence> {
    let Some(span) = plan.span() else {
        return Vec::new();
    };
    let first = span.first_day();
    let lasts = (span.last_day() - first).num_days();
    let touches = |span: Span| span.first_day() <= to && span.last_day() >= from;
    let days = match plan.rule() {
        Some(rule) => rule.days(first, from - TimeDelta::days(lasts), to),
        None => vec![first],
    };
    let excepted = |day: &NaiveDate| exceptions.iter().any(|other| other.on == *day);
    let mut found: Vec<Occurrence> = days
        .into_iter()
        .filter(|day| !excepted(day))
        .map(|on| {
            let span = span.moved((on - first).num_days());
            Occurrence {
                on,
                plan: plan.clone().at(span),
                span,
                changed: false,
            }
        })
        .collect();
    found.extend(exceptions.iter().filter_map(|exception| {
        let plan = exception.plan.clone()?;
        let span = plan.span()?;
        Some(Occurrence {
            on: exception.on,
            plan,
            span,
            changed: true,
        })
    }));
    found.retain(|occurrence| touches(occurrence.span));
    found.sort_by_key(|occurrence| (occurrence.span.first_day(), occurrence.plan.starts_at));
    found
}

/// Whether `day` is a day of the appointment, by its rule.
pub(super) fn is_day_of(plan: &Plan, day: NaiveDate) -> bool {
    let Some(span) = plan.span() else {
        return false;
    };
    let first = span.first_day();
    match plan.rule() {
        Some(rule) => rule.days(first, day, day).contains(&day),
        None => day == first,
    }
}

/// The last day on which any of a plan can be.
pub fn last_day_of(plan: &Plan) -> Option<NaiveDate> {
    reach(plan, &[]).map(|(_, last)| last)
}

/// The first and the last day on which any of it can be.
pub(super) fn reach(plan: &Plan, exceptions: &[Exception]) -> Option<(NaiveDate, NaiveDate)> {
    let span = plan.span()?;
    let first = span.first_day();
    let lasts = span.last_day() - first;
    let last = plan.rule().map_or(first, |rule| rule.last_day(first)) + lasts;
    let moved = exceptions
        .iter()
        .filter_map(|exception| exception.plan.as_ref()?.span());
    Some(moved.fold((first, last), |(first, last), span| {
        (first.min(span.first_day()), last.max(span.last_day()))
    }))
}
