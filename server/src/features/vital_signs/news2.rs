//! National Early Warning Score 2 of a set of vital signs: a hint for whoever is with the person, never an order.
//!
//! Source: Royal College of Physicians, National Early Warning Score (NEWS) 2, December 2017, chart 1 (scoring) and
//! chart 2 (thresholds). For adults; not for pregnancy. SpO₂ scale 2 is for people whose target of 88–92 % a physician
//! has set because of hypercapnic respiratory failure. "Alert" is JCS 0; every other level scores like new confusion,
//! because the Japan Coma Scale does not tell new confusion from the usual state.

use serde::Serialize;
use utoipa::ToSchema;

use super::model::VitalSigns;

/// The score of a set of vital signs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct News2View {
    /// 0 to 20; null when a value is missing.
    pub(super) score: Option<u8>,
    /// `low` (0 to 4), `low_medium` (a single value scores 3), `medium` (5 or 6) or `high` (7 and more); null when a
    /// value is missing.
    risk: Option<&'static str>,
    /// The values that are missing, by the names of the vital signs.
    missing: Vec<&'static str>,
}

/// The seven parameters.
const NEEDED: [&str; 7] = [
    "respiration",
    "spo2",
    "oxygen",
    "systolic",
    "pulse",
    "consciousness",
    "temperature",
];

/// Steps of a scale: a value up to each limit scores its points; one above the last limit scores `above`.
fn steps(value: f64, limits: &[(f64, u8)], above: u8) -> u8 {
    let step = limits.iter().find(|(limit, _)| value <= *limit);
    step.map_or(above, |(_, points)| *points)
}

fn of_saturation(value: f64, oxygen: bool, second_scale: bool) -> u8 {
    if !second_scale {
        return steps(value, &[(91.0, 3), (93.0, 2), (95.0, 1)], 0);
    }
    match (steps(value, &[(83.0, 3), (85.0, 2), (87.0, 1)], 0), oxygen) {
        (0, true) => steps(value, &[(92.0, 0), (94.0, 1), (96.0, 2)], 3),
        (points, _) => points,
    }
}

/// The score, once at least three of the seven values are there; a weight alone has none.
pub fn news2(signs: &VitalSigns, second_scale: bool) -> Option<News2View> {
    let missing: Vec<&'static str> = NEEDED
        .into_iter()
        .filter(|code| signs.get(code).is_none())
        .collect();
    if missing.len() > NEEDED.len() - 3 {
        return None;
    }
    let score = points(signs, second_scale).map(|points| {
        let score: u8 = points.iter().sum();
        (score, risk(score, points))
    });
    Some(News2View {
        score: score.map(|(score, _)| score),
        risk: score.map(|(_, risk)| risk),
        missing,
    })
}

fn points(signs: &VitalSigns, second_scale: bool) -> Option<[u8; 7]> {
    let oxygen = signs.oxygen? > 0.0;
    Some([
        steps(
            signs.respiration?,
            &[(8.0, 3), (11.0, 1), (20.0, 0), (24.0, 2)],
            3,
        ),
        of_saturation(signs.spo2?, oxygen, second_scale),
        if oxygen { 2 } else { 0 },
        steps(
            signs.systolic?,
            &[(90.0, 3), (100.0, 2), (110.0, 1), (219.0, 0)],
            3,
        ),
        steps(
            signs.pulse?,
            &[(40.0, 3), (50.0, 1), (90.0, 0), (110.0, 1), (130.0, 2)],
            3,
        ),
        if signs.consciousness? > 0.0 { 3 } else { 0 },
        steps(
            signs.temperature?,
            &[(35.0, 3), (36.0, 1), (38.0, 0), (39.0, 1)],
            2,
        ),
    ])
}

fn risk(score: u8, points: [u8; 7]) -> &'static str {
    match score {
        7.. => "high",
        5..=6 => "medium",
        _ if points.contains(&3) => "low_medium",
        _ => "low",
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn well() -> VitalSigns {
        VitalSigns {
            temperature: Some(36.6),
            systolic: Some(124.0),
            diastolic: Some(70.0),
            pulse: Some(72.0),
            spo2: Some(97.0),
            oxygen: Some(0.0),
            respiration: Some(16.0),
            consciousness: Some(0.0),
            ..VitalSigns::default()
        }
    }

    fn score(signs: &VitalSigns) -> (u8, &'static str) {
        let found = news2(signs, false).unwrap();
        (found.score.unwrap(), found.risk.unwrap())
    }

    /// What a single value scores while all others score nothing.
    fn alone(change: impl Fn(&mut VitalSigns)) -> u8 {
        let mut signs = well();
        change(&mut signs);
        score(&signs).0
    }

    #[test]
    fn every_step_of_the_chart_is_as_printed() {
        let respiration = |v| alone(|s| s.respiration = Some(v));
        assert_eq!(
            [8.0, 9.0, 11.0, 12.0, 20.0, 21.0, 24.0, 25.0].map(respiration),
            [3, 1, 1, 0, 0, 2, 2, 3]
        );
        let spo2 = |v| alone(|s| s.spo2 = Some(v));
        assert_eq!(
            [91.0, 92.0, 93.0, 94.0, 95.0, 96.0].map(spo2),
            [3, 2, 2, 1, 1, 0]
        );
        let systolic = |v| alone(|s| s.systolic = Some(v));
        assert_eq!(
            [90.0, 91.0, 100.0, 101.0, 110.0, 111.0, 219.0, 220.0].map(systolic),
            [3, 2, 2, 1, 1, 0, 0, 3]
        );
        let pulse = |v| alone(|s| s.pulse = Some(v));
        assert_eq!(
            [
                40.0, 41.0, 50.0, 51.0, 90.0, 91.0, 110.0, 111.0, 130.0, 131.0
            ]
            .map(pulse),
            [3, 1, 1, 0, 0, 1, 1, 2, 2, 3]
        );
        let temperature = |v| alone(|s| s.temperature = Some(v));
        assert_eq!(
            [35.0, 35.1, 36.0, 36.1, 38.0, 38.1, 39.0, 39.1].map(temperature),
            [3, 1, 1, 0, 0, 1, 1, 2]
        );
        let consciousness = |v| alone(|s| s.consciousness = Some(v));
        assert_eq!([0.0, 1.0, 10.0, 300.0].map(consciousness), [0, 3, 3, 3]);
        let oxygen = |v| alone(|s| s.oxygen = Some(v));
        assert_eq!([0.0, 0.5, 2.0].map(oxygen), [0, 2, 2]);
    }

    #[test]
    fn the_second_scale_is_for_a_lower_target() {
        let on = |spo2, oxygen| {
            let signs = VitalSigns {
                spo2: Some(spo2),
                oxygen: Some(oxygen),
                ..well()
            };
            news2(&signs, true).unwrap().score.unwrap()
        };
        assert_eq!(
            [83.0, 85.0, 87.0, 88.0, 92.0, 98.0].map(|v| on(v, 0.0)),
            [3, 2, 1, 0, 0, 0]
        );
        assert_eq!(
            [87.0, 92.0, 93.0, 94.0, 95.0, 96.0, 97.0].map(|v| on(v, 1.0)),
            [3, 2, 3, 3, 4, 4, 5]
        );
    }

    #[test]
    fn risk_follows_the_sum_and_a_single_three() {
        assert_eq!(score(&well()), (0, "low"));
        let faint = VitalSigns {
            systolic: Some(88.0),
            ..well()
        };
        assert_eq!(score(&faint), (3, "low_medium"));
        let ill = VitalSigns {
            spo2: Some(93.0),
            oxygen: Some(2.0),
            temperature: Some(38.5),
            ..well()
        };
        assert_eq!(score(&ill), (5, "medium"));
        let very_ill = VitalSigns {
            pulse: Some(128.0),
            ..ill
        };
        assert_eq!(score(&very_ill), (7, "high"));
    }

    #[test]
    fn what_is_missing_is_named_and_nothing_is_guessed() {
        let mut signs = well();
        signs.oxygen = None;
        let found = news2(&signs, false).unwrap();
        assert_eq!((found.score, found.risk), (None, None));
        assert_eq!(found.missing, ["oxygen"]);
        let weight = VitalSigns {
            weight: Some(52.3),
            ..VitalSigns::default()
        };
        assert_eq!(news2(&weight, false), None);
    }

    proptest! {
        #[test]
        fn a_score_is_between_0_and_20(
            temperature in 20.0..45.0f64, systolic in 20.0..320.0f64, pulse in 10.0..300.0f64, spo2 in 30.0..100.0f64,
            oxygen in 0.0..60.0f64, respiration in 2.0..80.0f64, awake: bool, second: bool,
        ) {
            let signs = VitalSigns {
                temperature: Some(temperature), systolic: Some(systolic), pulse: Some(pulse), spo2: Some(spo2),
                oxygen: Some(oxygen), respiration: Some(respiration),
                consciousness: Some(if awake { 0.0 } else { 3.0 }), ..VitalSigns::default()
            };
            let found = news2(&signs, second).unwrap();
            prop_assert!(found.score.unwrap() <= 20 && found.missing.is_empty());
        }
    }
}
