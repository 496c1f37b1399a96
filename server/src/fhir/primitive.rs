//! The primitive types of FHIR R4 (2.24.0.1) and how their values are written.

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveTime, TimeZone};

use super::json::Json;

/// Japan has one time zone and no summer time: dates without one are read in it.
const JAPAN: i32 = 9 * 3600;

/// A primitive type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Primitive {
    Base64Binary,
    Boolean,
    Canonical,
    Code,
    Date,
    DateTime,
    Decimal,
    Id,
    Instant,
    Integer,
    Markdown,
    Oid,
    PositiveInt,
    String,
    Time,
    UnsignedInt,
    Uri,
    Url,
    Uuid,
    Xhtml,
}

/// Why a value is not of its type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// Another JSON type: a string for a number, an object for a string.
    Type,
    /// The right JSON type, but not a value of the FHIR type.
    Value,
}

const NAMES: [(Primitive, &str); 20] = [
    (Primitive::Base64Binary, "base64Binary"),
    (Primitive::Boolean, "boolean"),
    (Primitive::Canonical, "canonical"),
    (Primitive::Code, "code"),
    (Primitive::Date, "date"),
    (Primitive::DateTime, "dateTime"),
    (Primitive::Decimal, "decimal"),
    (Primitive::Id, "id"),
    (Primitive::Instant, "instant"),
    (Primitive::Integer, "integer"),
    (Primitive::Markdown, "markdown"),
    (Primitive::Oid, "oid"),
    (Primitive::PositiveInt, "positiveInt"),
    (Primitive::String, "string"),
    (Primitive::Time, "time"),
    (Primitive::UnsignedInt, "unsignedInt"),
    (Primitive::Uri, "uri"),
    (Primitive::Url, "url"),
    (Primitive::Uuid, "uuid"),
    (Primitive::Xhtml, "xhtml"),
];

impl Primitive {
    pub(super) fn named(name: &str) -> Option<Self> {
        NAMES
            .iter()
            .find(|(_, known)| *known == name)
            .map(|(primitive, _)| *primitive)
    }

    pub(super) fn name(self) -> &'static str {
        NAMES
            .iter()
            .find(|(known, _)| *known == self)
            .map_or("string", |(_, name)| name)
    }

    /// Checks one JSON value against this type.
    pub(super) fn check(self, value: &Json) -> Result<(), Fault> {
        let right = match (self, value) {
            (Self::Boolean, Json::Bool(_)) => true,
            (Self::Decimal, Json::Number(digits)) => is_decimal(digits),
            (Self::Integer, Json::Number(digits)) => digits.parse::<i32>().is_ok(),
            (Self::UnsignedInt, Json::Number(digits)) => {
                digits.parse::<i32>().is_ok_and(|n| n >= 0)
            }
            (Self::PositiveInt, Json::Number(digits)) => digits.parse::<i32>().is_ok_and(|n| n > 0),
            (
                Self::Boolean
                | Self::Decimal
                | Self::Integer
                | Self::UnsignedInt
                | Self::PositiveInt,
                _,
            ) => {
                return Err(Fault::Type);
            }
            (_, Json::String(text)) => self.check_text(text),
            _ => return Err(Fault::Type),
        };
        if right { Ok(()) } else { Err(Fault::Value) }
    }

    fn check_text(self, text: &str) -> bool {
        match self {
            Self::Base64Binary => is_base64(text),
            Self::Code => is_code(text),
            Self::Date => is_date(text),
            Self::DateTime => is_date(text) || is_instant(text),
            Self::Instant => is_instant(text),
            Self::Time => is_time(text),
            Self::Id => is_id(text),
            Self::Oid => text.strip_prefix("urn:oid:").is_some_and(is_oid),
            Self::Uuid => text.strip_prefix("urn:uuid:").is_some_and(is_uuid),
            Self::Uri | Self::Url | Self::Canonical => is_uri(text),
            Self::Xhtml => text.trim_start().starts_with("<div"),
            _ => is_string(text),
        }
    }
}

/// Strings are not empty and hold no control characters but tab and line ends.
fn is_string(text: &str) -> bool {
    !text.trim().is_empty()
        && !text
            .chars()
            .any(|c| c < ' ' && !matches!(c, '\t' | '\r' | '\n'))
}

fn is_code(text: &str) -> bool {
    // [^\s]+(\s[^\s]+)*: no space at the ends, none doubled.
    !text.is_empty()
        && text
            .split([' ', '\t', '\r', '\n'])
            .all(|word| !word.is_empty())
}

fn is_id(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.'))
}

fn is_uri(text: &str) -> bool {
    let lexical = !text.is_empty() && !text.chars().any(|c| c.is_whitespace() || c.is_control());
    // A canonical may end with a version (R4 datatypes, canonical).
    let unversioned = text.split('|').next().unwrap_or(text);
    match (
        unversioned.strip_prefix("urn:oid:"),
        unversioned.strip_prefix("urn:uuid:"),
    ) {
        (Some(oid), _) => lexical && is_oid(oid),
        (_, Some(uuid)) => lexical && is_uuid(uuid),
        _ => lexical,
    }
}

/// Dotted numbers. Leading zeros occur in Japanese institution numbers and are let be.
fn is_oid(text: &str) -> bool {
    text.starts_with(['0', '1', '2'])
        && text.contains('.')
        && text
            .split('.')
            .all(|arc| !arc.is_empty() && arc.bytes().all(|b| b.is_ascii_digit()))
}

fn is_uuid(text: &str) -> bool {
    // Lower case by the specification (R4 datatypes, uuid); RFC 4122 reads both alike.
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

fn is_base64(text: &str) -> bool {
    let mut letters = 0_usize;
    let mut padding = 0_usize;
    for byte in text.bytes().filter(|b| !b.is_ascii_whitespace()) {
        match byte {
            b'=' => padding += 1,
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'+' | b'/' if padding == 0 => letters += 1,
            _ => return false,
        }
    }
    letters > 0 && padding <= 2 && (letters + padding).is_multiple_of(4)
}

fn is_decimal(digits: &str) -> bool {
    // JSON has checked the form; more digits than this are no measurement.
    digits.len() <= 40
}

fn digits_only(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|b| b.is_ascii_digit())
}

/// `YYYY`, `YYYY-MM` or `YYYY-MM-DD`, and a day that exists.
fn is_date(text: &str) -> bool {
    first_day(text).is_some()
}

/// The first day of the year, month or day that `text` names.
fn first_day(text: &str) -> Option<NaiveDate> {
    let mut parts = text.split('-');
    let (year, month, day) = (parts.next()?, parts.next(), parts.next());
    let right_form = parts.next().is_none()
        && digits_only(year, 4)
        && month.is_none_or(|m| digits_only(m, 2))
        && day.is_none_or(|d| digits_only(d, 2));
    if !right_form {
        return None;
    }
    let number = |part: Option<&str>| part.map_or(Some(1), |digits| digits.parse().ok());
    NaiveDate::from_ymd_opt(
        year.parse().ok().filter(|y| *y > 0)?,
        number(month)?,
        number(day)?,
    )
}

/// A complete date, to the day.
pub(super) fn day(text: &str) -> Option<NaiveDate> {
    first_day(text).filter(|_| text.len() == 10)
}

fn is_time(text: &str) -> bool {
    let (clock, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let seconds_given = clock.len() == 8;
    seconds_given
        && !fraction.is_empty()
        && fraction.bytes().all(|b| b.is_ascii_digit())
        && NaiveTime::parse_from_str(clock, "%H:%M:%S").is_ok()
}

/// A date with a time, seconds and time zone.
fn is_instant(text: &str) -> bool {
    instant(text).is_some()
}

fn instant(text: &str) -> Option<DateTime<FixedOffset>> {
    let (date, rest) = text.split_once('T')?;
    let zone_at = rest.find(['Z', '+', '-'])?;
    let (clock, zone) = rest.split_at_checked(zone_at)?;
    let zone_right = zone == "Z" || (zone.len() == 6 && zone.as_bytes().get(3) == Some(&b':'));
    if date.len() != 10 || !is_date(date) || !is_time(clock) || !zone_right {
        return None;
    }
    DateTime::parse_from_rfc3339(text)
        .ok()
        .filter(|at| at.offset().local_minus_utc().abs() <= 14 * 3600)
}

/// The moment a dateTime names; a date alone is its first moment in Japan.
pub(super) fn moment(text: &str) -> Option<DateTime<FixedOffset>> {
    instant(text).or_else(|| {
        let midnight = first_day(text)?.and_time(NaiveTime::MIN);
        FixedOffset::east_opt(JAPAN)?
            .from_local_datetime(&midnight)
            .single()
    })
}
