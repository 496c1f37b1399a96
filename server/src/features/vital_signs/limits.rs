//! What limits say of values. No database, no clock.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    model::{SIGNS, Sign, VitalSigns},
    news2::news2,
};
use crate::error::FieldError;

/// The lowest and the highest value of a sign of which nobody has to be told.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Range {
    /// Below this somebody is told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub low: Option<f64>,
    /// Above this somebody is told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub high: Option<f64>,
}

/// The limits of one patient.
#[derive(Debug, Clone, PartialEq)]
pub struct Limits {
    /// By sign.
    pub ranges: BTreeMap<String, Range>,
    /// Whether NEWS2 uses the second SpO₂ scale.
    pub second_scale: bool,
    /// The NEWS2 score from which somebody is told.
    pub news2_from: Option<u8>,
    /// Whom to ask for an answer.
    pub notify: Vec<Uuid>,
    /// Until when they are to answer.
    pub answer_within_minutes: Option<i32>,
    /// What to do.
    pub instruction: Option<String>,
}

/// A value outside its limits.
#[derive(Debug, Clone, PartialEq)]
pub enum Crossing {
    /// A sign.
    Sign(&'static Sign, f64, Range),
    /// The score.
    Score(u8, u8),
}

impl Crossing {
    /// What is crossed, whatever the value.
    fn of(&self) -> &str {
        match self {
            Self::Sign(sign, ..) => &sign.code,
            Self::Score(..) => "news2",
        }
    }

    /// In the words of the post.
    pub fn line(&self) -> String {
        match self {
            Self::Sign(sign, value, range) => {
                format!("{}（基準 {}）", sign.named(*value), range.written(sign))
            }
            Self::Score(score, from) => format!("NEWS2 {score}点（基準 {from}点以上）"),
        }
    }
}

impl Range {
    fn is_crossed_by(&self, value: f64) -> bool {
        self.low.is_some_and(|low| value < low) || self.high.is_some_and(|high| value > high)
    }

    fn written(&self, sign: &Sign) -> String {
        match (self.low, self.high) {
            (Some(low), Some(high)) => format!("{}〜{}", sign.written(low), sign.written(high)),
            (Some(low), None) => format!("{}以上", sign.written(low)),
            (None, Some(high)) => format!("{}以下", sign.written(high)),
            (None, None) => String::new(),
        }
    }
}

impl Limits {
    /// The values outside their limits, in the order of the form.
    pub fn crossed_by(&self, signs: &VitalSigns) -> Vec<Crossing> {
        let mut crossed: Vec<Crossing> = signs
            .measured()
            .filter_map(|(sign, value)| {
                let range = *self.ranges.get(&sign.code)?;
                range
                    .is_crossed_by(value)
                    .then_some(Crossing::Sign(sign, value, range))
            })
            .collect();
        if let (Some(from), Some(score)) = (self.news2_from, score(signs, self.second_scale))
            && score >= from
        {
            crossed.push(Crossing::Score(score, from));
        }
        crossed
    }

    /// What is outside now and was inside before: whoever corrects a value is not told of the same thing again.
    pub fn newly_crossed_by(&self, before: &VitalSigns, now: &VitalSigns) -> Vec<Crossing> {
        let known = self.crossed_by(before);
        let mut crossed = self.crossed_by(now);
        crossed.retain(|new| !known.iter().any(|old| old.of() == new.of()));
        crossed
    }
}

fn score(signs: &VitalSigns, second_scale: bool) -> Option<u8> {
    news2(signs, second_scale)?.score
}

/// Adds what cannot be a range of a sign.
pub(super) fn check_ranges(ranges: &BTreeMap<String, Range>, errors: &mut Vec<FieldError>) {
    for (code, range) in ranges {
        let field = format!("limits.{code}");
        let Some(sign) = SIGNS.iter().find(|sign| sign.code == *code) else {
            errors.push(FieldError::new(field, "not_allowed", "no such vital sign"));
            continue;
        };
        let (lowest, highest) = sign.possible;
        let possible = |value: f64| (lowest..=highest).contains(&value);
        if !range.low.is_none_or(possible) || !range.high.is_none_or(possible) {
            let message = format!("{lowest} to {highest}");
            errors.push(FieldError::new(field, "out_of_range", message));
        } else if range.low.is_none() && range.high.is_none() {
            errors.push(FieldError::new(field, "required", "low, high or both"));
        } else if let (Some(low), Some(high)) = (range.low, range.high)
            && low > high
        {
            errors.push(FieldError::new(field, "out_of_range", "low is above high"));
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn limits(ranges: &[(&str, Option<f64>, Option<f64>)]) -> Limits {
        let range = |(code, low, high): &(&str, Option<f64>, Option<f64>)| {
            (
                (*code).to_owned(),
                Range {
                    low: *low,
                    high: *high,
                },
            )
        };
        Limits {
            ranges: ranges.iter().map(range).collect(),
            second_scale: false,
            news2_from: None,
            notify: Vec::new(),
            answer_within_minutes: None,
            instruction: None,
        }
    }

    fn warm(temperature: f64) -> VitalSigns {
        VitalSigns {
            temperature: Some(temperature),
            spo2: Some(91.0),
            ..VitalSigns::default()
        }
    }

    #[test]
    fn what_is_outside_is_told_in_words() {
        let limits = limits(&[
            ("temperature", Some(35.0), Some(37.5)),
            ("spo2", Some(92.0), None),
        ]);
        let lines: Vec<String> = limits
            .crossed_by(&warm(38.6))
            .iter()
            .map(Crossing::line)
            .collect();
        assert_eq!(
            lines,
            [
                "体温 38.6℃（基準 35.0℃〜37.5℃）",
                "SpO₂ 91%（基準 92%以上）"
            ]
        );
    }

    #[test]
    fn a_correction_is_told_only_of_what_is_new() {
        let limits = limits(&[
            ("temperature", None, Some(37.5)),
            ("spo2", Some(92.0), None),
        ]);
        let new = limits.newly_crossed_by(&warm(36.8), &warm(38.6));
        assert_eq!(
            new.iter().map(Crossing::of).collect::<Vec<_>>(),
            ["temperature"]
        );
        assert!(limits.newly_crossed_by(&warm(38.6), &warm(39.1)).is_empty());
    }

    #[test]
    fn the_score_counts_as_a_value() {
        let limits = Limits {
            news2_from: Some(5),
            ..limits(&[])
        };
        let ill = VitalSigns {
            temperature: Some(38.5),
            systolic: Some(98.0),
            pulse: Some(112.0),
            spo2: Some(95.0),
            oxygen: Some(0.0),
            respiration: Some(20.0),
            consciousness: Some(0.0),
            ..VitalSigns::default()
        };
        assert_eq!(limits.crossed_by(&ill), [Crossing::Score(6, 5)]);
        let unknown = VitalSigns {
            oxygen: None,
            ..ill
        };
        assert!(limits.crossed_by(&unknown).is_empty());
    }

    #[test]
    fn ranges_are_of_known_signs_and_possible() {
        let found = |ranges: &[(&str, Option<f64>, Option<f64>)]| {
            let mut errors = Vec::new();
            check_ranges(&limits(ranges).ranges, &mut errors);
            errors
                .into_iter()
                .map(|error| error.field)
                .collect::<Vec<_>>()
        };
        assert!(found(&[("pulse", Some(50.0), Some(110.0))]).is_empty());
        assert_eq!(found(&[("mood", Some(1.0), None)]), ["limits.mood"]);
        assert_eq!(
            found(&[("pulse", Some(110.0), Some(50.0))]),
            ["limits.pulse"]
        );
        assert_eq!(found(&[("pulse", Some(f64::NAN), None)]), ["limits.pulse"]);
        assert_eq!(found(&[("pulse", None, None)]), ["limits.pulse"]);
    }

    proptest! {
        #[test]
        fn a_value_crosses_exactly_when_it_is_outside(
            value in 20.0..45.0f64, low in proptest::option::of(20.0..45.0f64), high in proptest::option::of(20.0..45.0f64),
        ) {
            let limits = limits(&[("temperature", low, high)]);
            let signs = VitalSigns { temperature: Some(value), ..VitalSigns::default() };
            let outside = low.is_some_and(|low| value < low) || high.is_some_and(|high| value > high);
            prop_assert_eq!(!limits.crossed_by(&signs).is_empty(), outside);
            prop_assert!(limits.newly_crossed_by(&signs, &signs).is_empty());
        }
    }
}
