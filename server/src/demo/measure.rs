//! Vital signs: the patient's usual values, the drift of the story, and the day's noise.

use super::model::DemoVitals;
use super::plot::{CALM, Drift, Measure};
use super::timeline::Teller;

/// Measures on a day of the story. `extra` belongs to a scene, which then tells its own numbers.
pub(super) fn take(
    teller: &mut Teller<'_>,
    what: Measure,
    day: i32,
    extra: Option<Drift>,
) -> Option<DemoVitals> {
    if what == Measure::Nothing {
        return None;
    }
    let drift = drift(teller, day);
    let extra = extra.unwrap_or(CALM);
    let [systolic, diastolic, pulse, spo2, weight] = teller.usual();
    let dice = &mut teller.dice;
    let temperature = 364 + drift.temperature + extra.temperature + dice.wobble(3);
    let systolic = systolic + drift.systolic + extra.systolic + dice.wobble(10);
    let diastolic = diastolic + drift.diastolic + extra.diastolic + dice.wobble(6);
    let pulse = pulse + drift.pulse + extra.pulse + dice.wobble(6);
    let spo2 = spo2 + drift.spo2 + extra.spo2 + dice.wobble(1);
    let respiration = 17 + drift.respiration + extra.respiration + dice.wobble(2);
    let weight = weight + drift.weight + extra.weight + dice.wobble(3);
    Some(DemoVitals {
        temperature: Some(f64::from(temperature) / 10.0),
        systolic: Some(systolic),
        diastolic: Some(diastolic.min(systolic - 22)),
        pulse: Some(pulse),
        spo2: Some(spo2.clamp(70, 99)),
        respiration: (what == Measure::Breath).then_some(respiration),
        weight: (what == Measure::Weight).then(|| f64::from(weight) / 10.0),
    })
}

/// Where the story has moved the values by this day.
fn drift(teller: &Teller<'_>, day: i32) -> Drift {
    let (index, passed, length) = teller.calendar.phase(day);
    let phases = teller.story.phases;
    let to = phases.get(index).map_or(CALM, |phase| phase.drift);
    let from = index
        .checked_sub(1)
        .and_then(|before| phases.get(before))
        .map_or(CALM, |phase| phase.drift);
    let at = |from: i32, to: i32| from + (to - from) * passed.min(length) / length;
    Drift {
        temperature: at(from.temperature, to.temperature),
        systolic: at(from.systolic, to.systolic),
        diastolic: at(from.diastolic, to.diastolic),
        pulse: at(from.pulse, to.pulse),
        spo2: at(from.spo2, to.spo2),
        respiration: at(from.respiration, to.respiration),
        weight: at(from.weight, to.weight),
    }
}

/// The measured values as slots of a text: `{v}` is the line a nurse writes, in her own manner.
pub(super) fn spelled(
    name: &str,
    vitals: &DemoVitals,
    manner: usize,
    oxygen: i32,
) -> Option<String> {
    let (warm, high, low) = (vitals.temperature?, vitals.systolic?, vitals.diastolic?);
    let (pulse, spo2) = (vitals.pulse?, vitals.spo2?);
    Some(match name {
        "kt" => format!("{warm:.1}"),
        "bp" => format!("{high}/{low}"),
        "p" => pulse.to_string(),
        "sp" => spo2.to_string(),
        "rr" => vitals.respiration?.to_string(),
        "wt" => format!("{:.1}", vitals.weight?),
        "v" => {
            let air = match (oxygen, manner) {
                (0, 0 | 3) => String::new(),
                (0, _) => "(RA)".to_owned(),
                (litres, 0 | 2) => format!("(O2 {litres}L)"),
                (litres, _) => format!("(カヌラ{litres}L)"),
            };
            let line = match manner {
                0 => format!("KT{warm:.1} P{pulse} BP{high}/{low} SpO2 {spo2}%{air}"),
                1 => format!("KT{warm:.1}℃、BP{high}/{low}mmHg、P{pulse}整、SpO2 {spo2}%{air}"),
                2 => format!("BT{warm:.1} HR{pulse} BP{high}/{low} SAT{spo2}%{air}"),
                3 => format!("体温{warm:.1}度 血圧{high}/{low} 脈{pulse} SpO2 {spo2}%{air}"),
                _ => format!("T{warm:.1}、P{pulse}、BP{high}/{low}、SpO2:{spo2}%{air}"),
            };
            let breath = vitals
                .respiration
                .map(|rate| format!(" R{rate}"))
                .unwrap_or_default();
            let weight = vitals
                .weight
                .map(|kilos| format!(" BW{kilos:.1}kg"))
                .unwrap_or_default();
            format!("{line}{breath}{weight}")
        }
        _ => return None,
    })
}
