//! FHIR data types as clinicians write them: codes by name, quantities with units,
//! dates to the minute, names by script.

use super::json::{Json, Object, child, children, text};
use super::narrative::{lines, one_line};

/// Longest name of a thing: a diagnosis, a drug, a test.
pub(super) const LONGEST_TITLE: usize = 200;
/// Longest single value: a finding, a note.
pub(super) const LONGEST_VALUE: usize = 1000;

/// `2026-11-20T10:30:00+09:00` as `2026-11-20 10:30`; midnight is left out.
pub(super) fn time(text: &str) -> String {
    match text.split_once('T') {
        Some((day, clock)) if clock.starts_with("00:00:00") => day.to_owned(),
        Some((day, clock)) => format!("{day} {}", clock.chars().take(5).collect::<String>()),
        None => text.chars().take(10).collect(),
    }
}

/// The text of a CodeableConcept: its text, else a display, else a code.
pub(super) fn concept(concept: &Object) -> Option<String> {
    let codings = || children(concept, "coding");
    let words = text(concept, "text")
        .or_else(|| codings().find_map(|coding| text(coding, "display")))
        .or_else(|| codings().find_map(|coding| text(coding, "code")))?;
    Some(one_line(words, LONGEST_TITLE)).filter(|words| !words.is_empty())
}

/// The CodeableConcept at `key`.
pub(super) fn concept_at(object: &Object, key: &str) -> Option<String> {
    concept(child(object, key)?)
}

/// The CodeableConcepts of the list at `key`, joined.
pub(super) fn concepts_at(object: &Object, key: &str) -> Option<String> {
    let all: Vec<String> = children(object, key).take(20).filter_map(concept).collect();
    (!all.is_empty()).then(|| all.join("、"))
}

/// The first code at `key`, for elements whose code matters and not its text.
pub(super) fn code_at<'a>(object: &'a Object, key: &str) -> Option<&'a str> {
    children(child(object, key)?, "coding").find_map(|coding| text(coding, "code"))
}

/// The string at `key` on one line.
pub(super) fn line_at(object: &Object, key: &str) -> Option<String> {
    let line = one_line(text(object, key)?, LONGEST_VALUE);
    (!line.is_empty()).then_some(line)
}

/// The string at `key` with its line breaks.
pub(super) fn lines_at(object: &Object, key: &str) -> Option<String> {
    let text = lines(text(object, key)?, LONGEST_VALUE);
    (!text.is_empty()).then_some(text)
}

/// The date or time at `key`.
pub(super) fn time_at(object: &Object, key: &str) -> Option<String> {
    text(object, key).map(time)
}

fn number(object: &Object, key: &str) -> Option<String> {
    if let Some(Json::Number(digits)) = object.get(key) {
        Some(digits.clone())
    } else {
        None
    }
}

/// A Quantity: `<5 mg/dL`; a UCUM code stands in for a missing unit.
pub(super) fn quantity(quantity: &Object) -> Option<String> {
    let value = number(quantity, "value")?;
    let unit = text(quantity, "unit")
        .or_else(|| text(quantity, "code").map(ucum))
        .unwrap_or_default();
    let comparator = text(quantity, "comparator").unwrap_or_default();
    let unit = one_line(unit, 40);
    let gap = if unit.is_empty() || unit.starts_with('%') {
        ""
    } else {
        " "
    };
    Some(format!("{comparator}{value}{gap}{unit}"))
}

/// The units of time as they are said; others are written as coded.
fn ucum(code: &str) -> &str {
    match code {
        "a" => "歳",
        "mo" => "か月",
        "wk" => "週",
        "d" => "日",
        "h" => "時間",
        "min" => "分",
        other => other,
    }
}

/// A Range: `4.1〜5.1 g/dL`.
pub(super) fn range(range: &Object) -> Option<String> {
    let (low, high) = (child(range, "low"), child(range, "high"));
    match (low, high) {
        (Some(low), Some(high)) => Some(format!("{}〜{}", number(low, "value")?, quantity(high)?)),
        (Some(low), None) => Some(format!("{}以上", quantity(low)?)),
        (None, Some(high)) => Some(format!("{}以下", quantity(high)?)),
        (None, None) => None,
    }
}

/// A Period: `2026-10-20〜2026-11-05`.
pub(super) fn period(period: &Object) -> Option<String> {
    match (time_at(period, "start"), time_at(period, "end")) {
        (Some(start), Some(end)) => Some(format!("{start}〜{end}")),
        (Some(start), None) => Some(format!("{start}〜")),
        (None, Some(end)) => Some(format!("〜{end}")),
        (None, None) => None,
    }
}

/// The value of a choice element such as `value[x]`, whatever its type.
pub(super) fn choice(object: &Object, name: &str) -> Option<String> {
    // BTreeMap order puts the properties that start with the name side by side.
    let mut given = object
        .range(name.to_owned()..)
        .take_while(|(key, _)| key.starts_with(name));
    given.find_map(|(key, value)| {
        let kind = key.strip_prefix(name)?;
        match value {
            Json::String(text)
                if kind.ends_with("ateTime") || kind == "Date" || kind == "Instant" =>
            {
                Some(time(text))
            }
            Json::String(text) => Some(lines(text, LONGEST_VALUE)),
            Json::Number(digits) => Some(digits.clone()),
            Json::Bool(true) => Some("はい".to_owned()),
            Json::Bool(false) => Some("いいえ".to_owned()),
            Json::Object(inner) => complex(kind, inner),
            _ => None,
        }
    })
}

fn complex(kind: &str, value: &Object) -> Option<String> {
    match kind {
        "Quantity" | "Age" | "Duration" | "Count" | "Distance" => quantity(value),
        "CodeableConcept" => concept(value),
        "Coding" => line_at(value, "display").or_else(|| line_at(value, "code")),
        "Range" => range(value),
        "Period" => period(value),
        "Ratio" => {
            let part = |key| child(value, key).and_then(quantity);
            Some(format!("{} / {}", part("numerator")?, part("denominator")?))
        }
        "Timing" => concept_at(value, "code"),
        "Reference" => line_at(value, "display"),
        "Attachment" => line_at(value, "title"),
        _ => None,
    }
    .filter(|text| !text.is_empty())
}

/// Notes (Annotation), joined.
pub(super) fn notes(object: &Object) -> Option<String> {
    let all: Vec<String> = children(object, "note")
        .take(10)
        .filter_map(|note| line_at(note, "text"))
        .collect();
    (!all.is_empty()).then(|| all.join(" "))
}

/// The name of a person from a list of HumanName: kanji first (iso21090 `IDE`).
pub(super) fn name(person: &Object) -> Option<String> {
    let by_script =
        |script: &str| children(person, "name").find(|name| representation(name) == Some(script));
    let name = by_script("IDE").or_else(|| children(person, "name").next())?;
    human_name(name)
}

/// Whether a HumanName is in kanji (`IDE`), kana (`SYL`) or letters (`ABC`).
pub(super) fn representation(name: &Object) -> Option<&str> {
    const URL: &str = "http://hl7.org/fhir/StructureDefinition/iso21090-EN-representation";
    children(name, "extension")
        .find(|e| text(e, "url") == Some(URL))
        .and_then(|e| text(e, "valueCode"))
}

/// A HumanName on one line, family name first, one half-width space between (R1113).
pub(super) fn human_name(name: &Object) -> Option<String> {
    let given = name
        .get("given")
        .and_then(Json::as_array)
        .unwrap_or_default();
    let parts = text(name, "family")
        .into_iter()
        .chain(given.iter().filter_map(Json::as_str));
    let written = text(name, "text").map_or_else(
        || parts.take(5).collect::<Vec<_>>().join(" "),
        str::to_owned,
    );
    let line = one_line(&written.replace('\u{3000}', " "), LONGEST_TITLE);
    (!line.is_empty()).then_some(line)
}
