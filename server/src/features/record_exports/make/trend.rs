//! The course of vital signs, as lines that paper can show: so many points at most, however many years.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::super::words::moment;
use crate::features::vital_signs::VitalSigns;

/// The signs that are drawn, two of them together.
const DRAWN: [(&str, &str, &[&str]); 6] = [
    ("体温", "℃", &["temperature"]),
    ("血圧（上・下）", "mmHg", &["systolic", "diastolic"]),
    ("脈拍", "回/分", &["pulse"]),
    ("SpO₂", "%", &["spo2"]),
    ("呼吸数", "回/分", &["respiration"]),
    ("体重", "kg", &["weight"]),
];
/// Points of a line; of more values, each stands for its neighbours.
const POINTS: usize = 240;
/// Values that are kept: beyond, every second is forgotten.
const KEPT: usize = 20_000;

/// Values as they come, in the order of the record.
#[derive(Debug, Default)]
pub(super) struct Trends {
    values: BTreeMap<&'static str, Series>,
}

#[derive(Debug)]
struct Series {
    points: Vec<(DateTime<Utc>, f64)>,
    /// One of so many is taken.
    step: usize,
    seen: usize,
}

impl Default for Series {
    fn default() -> Self {
        Self {
            points: Vec::new(),
            step: 1,
            seen: 0,
        }
    }
}

impl Series {
    fn add(&mut self, at: DateTime<Utc>, value: f64) {
        if self.seen.is_multiple_of(self.step) {
            self.points.push((at, value));
        }
        self.seen += 1;
        if self.points.len() > KEPT {
            let mut place = 0;
            self.points.retain(|_| {
                place += 1;
                place % 2 == 1
            });
            self.step *= 2;
        }
    }
}

impl Trends {
    pub(super) fn add(&mut self, at: DateTime<Utc>, signs: &VitalSigns) {
        for code in DRAWN.iter().flat_map(|(.., codes)| codes.iter().copied()) {
            if let Some(value) = signs.get(code) {
                self.values.entry(code).or_default().add(at, value);
            }
        }
    }

    /// The lines, each with the ends of its scales; a sign that was measured once has none.
    pub(super) fn drawn(&self) -> Vec<Value> {
        DRAWN
            .iter()
            .filter_map(|(name, unit, codes)| self.one(name, unit, codes))
            .collect()
    }

    fn one(&self, name: &str, unit: &str, codes: &[&str]) -> Option<Value> {
        let series: Vec<&Series> = codes
            .iter()
            .filter_map(|code| self.values.get(code))
            .collect();
        let all = || series.iter().flat_map(|series| &series.points);
        let (from, to) = (
            all().map(|(at, _)| *at).min()?,
            all().map(|(at, _)| *at).max()?,
        );
        if from == to {
            return None;
        }
        let low = all()
            .map(|(_, value)| *value)
            .fold(f64::INFINITY, f64::min)
            .floor();
        let high = all()
            .map(|(_, value)| *value)
            .fold(f64::NEG_INFINITY, f64::max)
            .ceil();
        let high = if high > low { high } else { low + 1.0 };
        let lines = series.iter().map(|series| {
            let mut points = series.points.clone();
            points.sort_by_key(|(at, _)| *at);
            let each = points.len().div_ceil(POINTS).max(1);
            points
                .chunks(each)
                .filter_map(|some| {
                    let (at, _) = some.first()?;
                    let count = f64::from(u32::try_from(some.len()).ok()?);
                    let value = some.iter().map(|(_, value)| value).sum::<f64>() / count;
                    Some(json!([share(*at, from, to), (value - low) / (high - low)]))
                })
                .collect::<Vec<_>>()
        });
        Some(json!({
            "name": name,
            "unit": unit,
            "low": low,
            "high": high,
            "from": moment(from),
            "to": moment(to),
            "lines": lines.collect::<Vec<_>>(),
        }))
    }
}

/// Where a moment lies between two others, from 0 to 1.
fn share(at: DateTime<Utc>, from: DateTime<Utc>, to: DateTime<Utc>) -> f64 {
    let seconds = |delta: chrono::TimeDelta| delta.as_seconds_f64();
    seconds(at - from) / seconds(to - from).max(1.0)
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn any_number_of_values_becomes_a_line_of_few_points() {
        let mut trends = Trends::default();
        let begin = DateTime::UNIX_EPOCH;
        for hour in 0..50_000 {
            let signs = VitalSigns {
                temperature: Some(36.0 + f64::from(hour % 10) / 10.0),
                ..VitalSigns::default()
            };
            trends.add(begin + TimeDelta::hours(hour.into()), &signs);
        }
        let drawn = trends.drawn();
        assert_eq!(drawn.len(), 1);
        let points = drawn[0]["lines"][0].as_array().unwrap();
        assert!(points.len() <= POINTS && points.len() > POINTS / 2);
        for point in points {
            for part in point.as_array().unwrap() {
                assert!((0.0..=1.0).contains(&part.as_f64().unwrap()));
            }
        }
    }

    #[test]
    fn what_was_measured_once_has_no_course() {
        let mut trends = Trends::default();
        let signs = VitalSigns {
            pulse: Some(70.0),
            ..VitalSigns::default()
        };
        trends.add(DateTime::UNIX_EPOCH, &signs);
        assert!(trends.drawn().is_empty());
    }
}
