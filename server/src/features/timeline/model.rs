//! Rows of the timeline, and the rules that need nothing but the rows.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::error::FieldError;

/// What kind of post somebody writes. Documents come from systems.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum WrittenKind {
    /// 記録・連絡
    Note,
    /// バイタル
    Vitals,
}

impl WrittenKind {
    /// The code in the database, the rules and the interface.
    pub fn code(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Vitals => "vitals",
        }
    }
}

/// Whom a post is for (公開範囲).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Channel {
    /// チーム全員
    Team,
    /// 医療職のみ
    Medical,
    /// ご家族と共有
    Family,
    /// 機微情報
    Sensitive,
}

impl Channel {
    /// The code in the database, the rules and the interface.
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Team => "team",
            Self::Medical => "medical",
            Self::Family => "family",
            Self::Sensitive => "sensitive",
        }
    }
}

/// What makes a post sensitive (機微情報): each needs a consent that names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Sensitivity {
    /// 精神科
    Psychiatry,
    /// HIV
    Hiv,
    /// 虐待
    Abuse,
    /// DV・暴力
    Violence,
    /// 経済
    Finances,
}

impl Sensitivity {
    /// The code in the database, the rules and the interface.
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Psychiatry => "psychiatry",
            Self::Hiv => "hiv",
            Self::Abuse => "abuse",
            Self::Violence => "violence",
            Self::Finances => "finances",
        }
    }
}

/// Vital signs, each as measured; at least one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VitalSigns {
    /// Body temperature in °C, 20 to 45.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub temperature: Option<f64>,
    /// Systolic blood pressure in mmHg, 20 to 320.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub systolic: Option<f64>,
    /// Diastolic blood pressure in mmHg, 10 to 250, below the systolic.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub diastolic: Option<f64>,
    /// Pulse per minute, 10 to 300.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pulse: Option<f64>,
    /// Oxygen saturation in %, 30 to 100.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spo2: Option<f64>,
    /// Respiration per minute, 2 to 80.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub respiration: Option<f64>,
    /// Body weight in kg, 0.3 to 400.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weight: Option<f64>,
}

impl VitalSigns {
    /// Adds what cannot be: outside the limits of the body or of the instrument. What is merely unusual passes; the
    /// page asks the person.
    pub fn check(&self, field: &str, errors: &mut Vec<FieldError>) {
        let limits = [
            ("temperature", self.temperature, 20.0, 45.0),
            ("systolic", self.systolic, 20.0, 320.0),
            ("diastolic", self.diastolic, 10.0, 250.0),
            ("pulse", self.pulse, 10.0, 300.0),
            ("spo2", self.spo2, 30.0, 100.0),
            ("respiration", self.respiration, 2.0, 80.0),
            ("weight", self.weight, 0.3, 400.0),
        ];
        if limits.iter().all(|(_, value, ..)| value.is_none()) {
            errors.push(FieldError::new(field, "required", "at least one value"));
        }
        for (name, value, low, high) in limits {
            if value.is_some_and(|value| !(low..=high).contains(&value)) {
                errors.push(FieldError::new(
                    format!("{field}.{name}"),
                    "out_of_range",
                    format!("{low} to {high}"),
                ));
            }
        }
        if let (Some(systolic), Some(diastolic)) = (self.systolic, self.diastolic)
            && diastolic >= systolic
        {
            let message = "must be below the systolic pressure";
            errors.push(FieldError::new(
                format!("{field}.diastolic"),
                "out_of_range",
                message,
            ));
        }
    }
}

/// What a version of a post says.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Content {
    /// Text.
    pub body: Option<String>,
    /// Vital signs.
    pub vitals: Option<VitalSigns>,
    /// Document.
    pub document_id: Option<Uuid>,
}

impl Content {
    /// Adds what is wrong with it as the content of a post of this kind.
    pub fn check(&self, kind: WrittenKind, errors: &mut Vec<FieldError>) {
        match (&self.body, kind) {
            (Some(body), _) => crate::spine::text::check("body", body, 10_000, true, errors),
            (None, WrittenKind::Note) => {
                errors.push(FieldError::new("body", "required", "a note has a text"));
            }
            (None, WrittenKind::Vitals) => {}
        }
        match (&self.vitals, kind) {
            (Some(vitals), WrittenKind::Vitals) => vitals.check("vitals", errors),
            (None, WrittenKind::Vitals) => {
                errors.push(FieldError::new("vitals", "required", "vital signs"));
            }
            (Some(_), WrittenKind::Note) => {
                errors.push(FieldError::new(
                    "vitals",
                    "not_allowed",
                    "only in a post of kind vitals",
                ));
            }
            (None, WrittenKind::Note) => {}
        }
    }
}

/// Whether something can have been observed at `at`, seen from `now`: not before this century, and not in the future
/// but for clocks that are a little fast.
pub(super) fn is_plausible_observation(at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    at <= now + TimeDelta::minutes(5) && at >= now - TimeDelta::days(366 * 5)
}

/// A post with its newest version.
#[derive(Debug, Clone, Queryable)]
pub(super) struct Post {
    pub(super) id: Uuid,
    pub(super) patient_id: Uuid,
    pub(super) kind: String,
    pub(super) channel: String,
    pub(super) sensitivity: Option<String>,
    pub(super) facility_id: Uuid,
    pub(super) author_staff_id: Option<Uuid>,
    pub(super) author_client_id: Option<Uuid>,
    pub(super) reply_to: Option<Uuid>,
    pub(super) observed_at: DateTime<Utc>,
    pub(super) recorded_at: DateTime<Utc>,
    pub(super) version: i32,
    pub(super) body: Option<String>,
    pub(super) vitals: Option<serde_json::Value>,
    pub(super) reason: Option<String>,
    pub(super) retracted: bool,
    pub(super) written_at: DateTime<Utc>,
    pub(super) document: Option<DocumentLine>,
}

/// What a post shows of its document.
#[derive(Debug, Clone, Queryable)]
pub(super) struct DocumentLine {
    pub(super) id: Uuid,
    pub(super) title: String,
    pub(super) type_code: String,
    pub(super) type_label: String,
    pub(super) authored_at: DateTime<Utc>,
    pub(super) author_name: String,
    pub(super) institution_name: String,
    pub(super) excerpt: String,
}

impl Post {
    /// What the access rules tell posts apart by: channel, kind, what makes it sensitive.
    pub(super) fn class(&self) -> (&str, &str, Option<&str>) {
        (&self.channel, &self.kind, self.sensitivity.as_deref())
    }

    /// The author, whoever it is.
    pub(super) fn author(&self) -> Uuid {
        self.author_staff_id
            .or(self.author_client_id)
            .unwrap_or_default()
    }
}

/// Why a post cannot get a new version.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Refused {
    /// It was taken back.
    Retracted,
    /// Somebody wrote a version meanwhile.
    Stale,
}

/// Whether a post may get its next version, and which number that has.
pub(super) fn next_version(current: i32, retracted: bool, expected: i32) -> Result<i32, Refused> {
    // Whoever has not seen the newest version learns that first: it may be the retraction.
    if expected != current {
        return Err(Refused::Stale);
    }
    if retracted {
        Err(Refused::Retracted)
    } else {
        Ok(current + 1)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_retracted_post_gets_no_version() {
        assert_eq!(next_version(1, false, 1), Ok(2));
        assert_eq!(next_version(2, false, 1), Err(Refused::Stale));
        assert_eq!(next_version(2, true, 2), Err(Refused::Retracted));
    }

    #[test]
    fn impossible_values_are_refused_and_unusual_ones_are_not() {
        let found = |vitals: VitalSigns| {
            let mut errors = Vec::new();
            vitals.check("vitals", &mut errors);
            errors.into_iter().map(|e| e.field).collect::<Vec<_>>()
        };
        let fever = VitalSigns {
            temperature: Some(41.2),
            spo2: Some(78.0),
            ..VitalSigns::default()
        };
        assert!(found(fever).is_empty());
        assert_eq!(
            found(VitalSigns {
                temperature: Some(366.0),
                ..VitalSigns::default()
            }),
            ["vitals.temperature"]
        );
        let turned = VitalSigns {
            systolic: Some(70.0),
            diastolic: Some(130.0),
            ..VitalSigns::default()
        };
        assert_eq!(found(turned), ["vitals.diastolic"]);
        assert_eq!(found(VitalSigns::default()), ["vitals"]);
        assert_eq!(
            found(VitalSigns {
                pulse: Some(f64::NAN),
                ..VitalSigns::default()
            }),
            ["vitals.pulse"]
        );
    }

    proptest! {
        #[test]
        fn versions_grow_by_one_or_not_at_all(current in 1..1000i32, retracted: bool, expected in 0..1000i32) {
            match next_version(current, retracted, expected) {
                Ok(next) => prop_assert!(next == current + 1 && expected == current && !retracted),
                Err(_) => prop_assert!(retracted || expected != current),
            }
        }
    }
}
