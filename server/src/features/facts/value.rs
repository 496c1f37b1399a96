//! What a fact says: held against its kind, completed by what follows from it, and put into words. No database, no clock.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate, NaiveTime};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::catalogue::{Field, Format, Holds, Kind};
use crate::{error::FieldError, spine::text};

/// The fields of a fact with what they hold.
pub type Said = Map<String, Value>;

/// What is added up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct ScoreView {
    /// The sum.
    pub(super) points: u32,
    /// The highest sum that there is.
    pub(super) highest: u32,
    /// In the notation of the scale, such as `D3-e1s6i0g1n0p0`.
    pub(super) notation: Option<String>,
}

/// Without what says nothing, and with texts trimmed: what was left empty in a form was not said.
pub(super) fn tidied(said: &Said) -> Said {
    let tidy = |(code, value): (&String, &Value)| {
        let value = match value {
            Value::Null | Value::Bool(false) => return None,
            Value::Array(items) if items.is_empty() => return None,
            Value::String(words) => Value::String(words.trim().to_owned()),
            other => other.clone(),
        };
        Some((code.clone(), value))
    };
    said.iter().filter_map(tidy).collect()
}

/// Adds what is wrong with it as a fact of this kind.
pub(super) fn check(kind: &Kind, said: &Said, errors: &mut Vec<FieldError>) {
    for code in said.keys().filter(|code| kind.field(code).is_none()) {
        let message = "this kind has no such field";
        errors.push(FieldError::new(path(code), "unknown_field", message));
    }
    for field in &kind.fields {
        let fits = applies(field, said);
        match said.get(&field.code) {
            Some(_) if !fits => {
                let message = format!("only with {:?}", field.when);
                errors.push(FieldError::new(path(&field.code), "not_allowed", message));
            }
            Some(value) => check_field(field, value, errors),
            None if field.required && fits => {
                errors.push(FieldError::new(
                    path(&field.code),
                    "required",
                    "this field is required",
                ));
            }
            None => {}
        }
    }
    if kind.any && said.is_empty() {
        errors.push(FieldError::new("value", "required", "at least one field"));
    }
    for (first, then) in &kind.orders {
        if let (Some(start), Some(end)) = (day(said, first), day(said, then))
            && end < start
        {
            let message = format!("not before {first}");
            errors.push(FieldError::new(path(then), "out_of_range", message));
        }
    }
    check_measured_size(kind, said, errors);
}

fn path(code: &str) -> String {
    format!("value.{code}")
}

/// Whether a field may be there beside what the others hold.
fn applies(field: &Field, said: &Said) -> bool {
    field.when.iter().all(|(other, codes)| {
        let code = said.get(other).and_then(Value::as_str);
        code.is_some_and(|code| codes.iter().any(|known| known == code))
    })
}

fn check_field(field: &Field, value: &Value, errors: &mut Vec<FieldError>) {
    let path = path(&field.code);
    let mut wrong =
        |code, message: &str| errors.push(FieldError::new(path.as_str(), code, message));
    let number = |value: &Value| value.as_f64().filter(|n| n.is_finite());
    match (field.holds, value) {
        (Holds::Text, Value::String(words)) => {
            text::check(&path, words, field.longest, field.lines, errors);
            if field
                .format
                .is_some_and(|format| !is_written_as(format, words))
            {
                errors.push(FieldError::new(
                    path,
                    "not_allowed",
                    "not written as it should be",
                ));
            }
        }
        (Holds::Choice, Value::String(code)) if field.choice(code).is_none() => {
            wrong("not_allowed", "no such choice");
        }
        (Holds::Choices, Value::Array(codes)) => {
            let chosen: BTreeSet<&str> = codes.iter().filter_map(Value::as_str).collect();
            let known = chosen.iter().all(|code| field.choice(code).is_some());
            if !known || chosen.len() != codes.len() {
                wrong("not_allowed", "each of the choices at most once");
            }
        }
        (Holds::Integer | Holds::Number, Value::Number(_)) => {
            let fits = number(value).is_some_and(|n| (field.low..=field.high).contains(&n));
            let whole = field.holds == Holds::Number || value.as_i64().is_some();
            if !fits || !whole {
                wrong("out_of_range", &format!("{} to {}", field.low, field.high));
            }
        }
        (Holds::Date, Value::String(written)) if full_day(written).is_none() => {
            wrong("not_allowed", "YYYY-MM-DD");
        }
        (Holds::PartialDate, Value::String(written)) if !is_partial_day(written) => {
            wrong("not_allowed", "YYYY, YYYY-MM or YYYY-MM-DD");
        }
        (Holds::Choice | Holds::Date | Holds::PartialDate, Value::String(_))
        | (Holds::Flag, Value::Bool(true)) => {}
        _ => wrong("wrong_type", &format!("{:?}", field.holds)),
    }
}

fn full_day(written: &str) -> Option<NaiveDate> {
    let day: NaiveDate = (written.len() == 10).then(|| written.parse().ok())??;
    let from = NaiveDate::from_ymd_opt(1900, 1, 1)?;
    let until = NaiveDate::from_ymd_opt(2199, 12, 31)?;
    (from..=until).contains(&day).then_some(day)
}

/// A day that is known to the year, the month or the day.
fn is_partial_day(written: &str) -> bool {
    let whole = match written.len() {
        4 => format!("{written}-01-01"),
        7 => format!("{written}-01"),
        _ => written.to_owned(),
    };
    full_day(&whole).is_some()
}

fn is_written_as(format: Format, words: &str) -> bool {
    let digits = words.chars().all(|c| c.is_ascii_digit());
    match format {
        Format::Icd10 => {
            let bare: Vec<char> = words.chars().filter(|c| *c != '.').collect();
            let dots = words.chars().count() - bare.len();
            let place = words.find('.').is_none_or(|place| place == 3);
            dots <= 1
                && place
                && !words.ends_with('.')
                && (3..=7).contains(&bare.len())
                && bare.first().is_some_and(char::is_ascii_uppercase)
                && bare.iter().skip(1).take(2).all(char::is_ascii_digit)
                && bare.iter().all(char::is_ascii_alphanumeric)
        }
        Format::Yj => {
            let mut places = words.char_indices();
            words.len() == 12
                && places.all(|(place, c)| match place {
                    7 => c.is_ascii_uppercase(),
                    4..=6 | 8 => c.is_ascii_alphanumeric(),
                    _ => c.is_ascii_digit(),
                })
        }
        Format::Hot => digits && [7, 9, 13].contains(&words.len()),
        Format::Phone => {
            let count = words.chars().filter(char::is_ascii_digit).count();
            (9..=15).contains(&count)
                && words
                    .chars()
                    .all(|c| c.is_ascii_digit() || "+-() #".contains(c))
        }
        Format::Time => words.len() == 5 && NaiveTime::parse_from_str(words, "%H:%M").is_ok(),
    }
}

/// A day that a field holds.
pub(super) fn day(said: &Said, code: &str) -> Option<NaiveDate> {
    said.get(code).and_then(Value::as_str).and_then(full_day)
}

/// Length times width says which size of DESIGN-R it is: what was measured and what was chosen must agree.
fn check_measured_size(kind: &Kind, said: &Said, errors: &mut Vec<FieldError>) {
    let measured = |code: &str| said.get(code).and_then(Value::as_f64);
    let (Some(length), Some(width), Some(size)) = (
        measured("length"),
        measured("width"),
        said.get("size").and_then(Value::as_str),
    ) else {
        return;
    };
    if kind.code != "pressure_injury" {
        return;
    }
    if width > length {
        let message = "not longer than the length";
        errors.push(FieldError::new("value.width", "out_of_range", message));
    }
    let expected = size_of(length * width);
    if size != expected && size != "s0" {
        let message = format!("{length} cm by {width} cm is {expected}");
        errors.push(FieldError::new("value.size", "not_allowed", message));
    }
}

/// The size of DESIGN-R by its area in cm².
pub(super) fn size_of(area: f64) -> &'static str {
    match area {
        // Lengths have one digit after the point, so that areas have two.
        area if area < 3.995 => "s3",
        area if area < 15.995 => "s6",
        area if area < 35.995 => "s8",
        area if area < 63.995 => "s9",
        area if area < 99.995 => "s12",
        _ => "S15",
    }
}

/// With what follows from it: the next exchange from the last one and the interval.
pub(super) fn completed(kind: &Kind, mut said: Said) -> Said {
    if kind.code == "device" && !said.contains_key("next_exchange_on") {
        let days = said.get("exchange_days").and_then(Value::as_u64);
        let last = day(&said, "last_exchanged_on");
        if let (Some(days), Some(last)) = (days, last)
            && let Some(next) = last.checked_add_days(Days::new(days))
        {
            said.insert("next_exchange_on".to_owned(), next.to_string().into());
        }
    }
    said
}

/// When a device is to be exchanged next.
pub fn next_on(kind: &Kind, said: &Said) -> Option<NaiveDate> {
    (kind.code == "device").then(|| day(said, "next_exchange_on"))?
}

/// The sum of the points, when everything that counts is there.
pub(super) fn score(kind: &Kind, said: &Said) -> Option<ScoreView> {
    let sum = kind.score.as_ref()?;
    let chosen = |code: &String| said.get(code).and_then(Value::as_str);
    let points = |code: &String| kind.field(code)?.choice(chosen(code)?)?.points;
    let all: Option<Vec<u32>> = sum.fields.iter().map(points).collect();
    let notation = sum.notation.as_ref().and_then(|first| {
        let rest: Option<String> = sum.fields.iter().map(chosen).collect();
        Some(format!("{}-{}", chosen(first)?, rest?))
    });
    Some(ScoreView {
        points: all?.iter().sum(),
        highest: sum.highest,
        notation,
    })
}

/// What whoever sees a summary only is shown.
pub(super) fn summary(kind: &Kind, said: &Said) -> Said {
    said.iter()
        .filter(|(code, _)| kind.summary.contains(code))
        .map(|(code, value)| (code.clone(), value.clone()))
        .collect()
}

/// What a field says in Japanese.
pub(super) fn words(kind: &Kind, said: &Said, code: &str) -> Option<String> {
    let field = kind.field(code)?;
    let choice = |code: &str| field.choice(code).map(|choice| choice.ja.clone());
    Some(match said.get(code)? {
        Value::String(written) if field.choices.is_empty() => written.clone(),
        Value::String(chosen) => choice(chosen)?,
        Value::Array(chosen) => {
            let all = chosen.iter().filter_map(Value::as_str).filter_map(choice);
            all.collect::<Vec<_>>().join("・")
        }
        Value::Number(number) => format!("{number}{}", field.unit),
        Value::Bool(true) => field.ja.clone(),
        _ => return None,
    })
}

/// What a fact is about, in Japanese: for lists that have room for one line.
pub(super) fn headline(kind: &Kind, said: &Said) -> String {
    let parts = kind.about.iter().filter(|code| {
        // "その他" says nothing beside the name.
        said.get(code.as_str()).and_then(Value::as_str) != Some("other")
    });
    let parts: Vec<String> = parts.filter_map(|code| words(kind, said, code)).collect();
    if parts.is_empty() {
        kind.ja.clone()
    } else {
        parts.join(" ")
    }
}
