//! Vital signs and observations: what can be measured, with its unit and limits.
//!
//! The catalogue is `schema/vital-signs.json`; the web app reads the same file, so that the question it asks about an
//! unusual value and the refusal of an impossible one cannot disagree.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::FieldError;

/// What is known of a sign.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Sign {
    /// Name of the field.
    pub code: String,
    /// In Japanese.
    pub ja: String,
    /// The unit as people write it.
    pub unit: String,
    /// The unit in UCUM.
    pub ucum: String,
    /// The code in LOINC, if it has one.
    pub loinc: Option<String>,
    /// Digits after the point.
    pub digits: usize,
    /// Outside these a value is refused: body and instrument do not go there.
    pub possible: (f64, f64),
    /// The values of a scale, when only some numbers are values.
    #[serde(default)]
    pub codes: Vec<f64>,
}

#[derive(Deserialize)]
struct Catalogue {
    signs: Vec<Sign>,
}

/// Every sign, in the order of the form.
pub(super) static SIGNS: LazyLock<Vec<Sign>> = LazyLock::new(|| {
    serde_json::from_str::<Catalogue>(tsumugi_schema::VITAL_SIGNS)
        .map(|catalogue| catalogue.signs)
        .unwrap_or_default()
});

macro_rules! vital_signs {
    ($($(#[$doc:meta])+ $name:ident,)+) => {
        /// Vital signs and observations, each as measured; at least one.
        #[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, ToSchema)]
        #[serde(deny_unknown_fields)]
        pub struct VitalSigns {
            $(
                $(#[$doc])+
                #[serde(default, skip_serializing_if = "Option::is_none")]
                pub $name: Option<f64>,
            )+
        }

        impl VitalSigns {
            /// A sign by its code.
            pub fn get(&self, code: &str) -> Option<f64> {
                match code {
                    $(stringify!($name) => self.$name,)+
                    _ => None,
                }
            }
        }
    };
}

vital_signs! {
    /// Body temperature in °C, 20 to 45. LOINC 8310-5.
    temperature,
    /// Systolic blood pressure in mmHg, 20 to 320. LOINC 8480-6.
    systolic,
    /// Diastolic blood pressure in mmHg, 10 to 250, below the systolic. LOINC 8462-4.
    diastolic,
    /// Pulse per minute, 10 to 300. LOINC 8867-4.
    pulse,
    /// Oxygen saturation by pulse oximetry in %, 30 to 100. LOINC 59408-5.
    spo2,
    /// Oxygen given while it was measured in L/min, 0 to 60; 0 is room air, left out when not noted. LOINC 3151-8.
    oxygen,
    /// Respiration per minute, 2 to 80. LOINC 9279-1.
    respiration,
    /// Consciousness on the Japan Coma Scale: 0, 1, 2, 3, 10, 20, 30, 100, 200 or 300.
    consciousness,
    /// Body weight in kg, 0.3 to 400. LOINC 29463-7.
    weight,
    /// Blood glucose in mg/dL, 10 to 1500. LOINC 2339-0.
    glucose,
    /// Pain as the person rates it, 0 to 10 (NRS). LOINC 72514-3.
    pain,
    /// Fluid taken in a day in mL, 0 to 15000. LOINC 9108-2.
    intake,
    /// Urine in a day in mL, 0 to 20000. LOINC 9192-6.
    output,
    /// Stools in a day, 0 to 40. LOINC 9253-6.
    stools,
    /// Form of the stool on the Bristol scale, 1 to 7.
    stool_form,
}

impl VitalSigns {
    /// The signs that were measured, in the order of the form.
    pub fn measured(&self) -> impl Iterator<Item = (&'static Sign, f64)> {
        SIGNS
            .iter()
            .filter_map(|sign| Some((sign, self.get(&sign.code)?)))
    }

    /// What was measured, in a line: `体温 38.2℃、SpO₂ 91%`.
    pub fn in_words(&self) -> String {
        let said = self.measured().map(|(sign, value)| sign.named(value));
        said.collect::<Vec<_>>().join("、")
    }

    /// Adds what cannot be: outside the limits of the body or of the instrument. What is merely unusual passes; the
    /// page asks the person.
    pub fn check(&self, field: &str, errors: &mut Vec<FieldError>) {
        if self.measured().next().is_none() {
            errors.push(FieldError::new(field, "required", "at least one value"));
        }
        for (sign, value) in self.measured() {
            let (low, high) = sign.possible;
            let wrong = if !(low..=high).contains(&value) {
                Some(format!("{low} to {high}"))
            } else if !sign.codes.is_empty() && !sign.codes.contains(&value) {
                Some(format!("one of {:?}", sign.codes))
            } else {
                None
            };
            if let Some(message) = wrong {
                let field = format!("{field}.{}", sign.code);
                errors.push(FieldError::new(field, "out_of_range", message));
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

impl Sign {
    /// A value with the name of what was measured.
    pub fn named(&self, value: f64) -> String {
        format!("{} {}", self.ja, self.written(value))
    }

    /// A value as people write it, with its unit.
    pub fn written(&self, value: f64) -> String {
        let unit = &self.unit;
        let space = if unit.is_empty() || unit.starts_with(['/', '%', '℃']) {
            ""
        } else {
            " "
        };
        format!("{value:.*}{space}{unit}", self.digits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(vitals: VitalSigns) -> Vec<String> {
        let mut errors = Vec::new();
        vitals.check("vitals", &mut errors);
        errors.into_iter().map(|error| error.field).collect()
    }

    #[test]
    fn the_catalogue_and_the_fields_are_the_same() {
        let all = SIGNS
            .iter()
            .map(|sign| (sign.code.clone(), serde_json::json!(1)));
        let read: VitalSigns = serde_json::from_value(all.collect()).unwrap();
        assert_eq!(read.measured().count(), SIGNS.len());
        let written = serde_json::to_value(read).unwrap();
        assert_eq!(written.as_object().unwrap().len(), SIGNS.len());
        assert_eq!(SIGNS.len(), 15);
    }

    #[test]
    fn impossible_values_are_refused_and_unusual_ones_are_not() {
        let fever = VitalSigns {
            temperature: Some(41.2),
            spo2: Some(78.0),
            ..VitalSigns::default()
        };
        assert!(found(fever).is_empty());
        let typed = VitalSigns {
            temperature: Some(366.0),
            ..VitalSigns::default()
        };
        assert_eq!(found(typed), ["vitals.temperature"]);
        let turned = VitalSigns {
            systolic: Some(70.0),
            diastolic: Some(130.0),
            ..VitalSigns::default()
        };
        assert_eq!(found(turned), ["vitals.diastolic"]);
        assert_eq!(found(VitalSigns::default()), ["vitals"]);
        let none = VitalSigns {
            pulse: Some(f64::NAN),
            ..VitalSigns::default()
        };
        assert_eq!(found(none), ["vitals.pulse"]);
    }

    #[test]
    fn scales_have_only_their_own_values() {
        let scale = |consciousness, stool_form| {
            found(VitalSigns {
                consciousness: Some(consciousness),
                stool_form: Some(stool_form),
                ..VitalSigns::default()
            })
        };
        assert!(scale(20.0, 4.0).is_empty());
        assert_eq!(
            scale(15.0, 4.5),
            ["vitals.consciousness", "vitals.stool_form"]
        );
    }

    #[test]
    fn values_are_written_with_their_units() {
        let written = |code: &str, value| {
            let sign = SIGNS.iter().find(|sign| sign.code == code).unwrap();
            sign.written(value)
        };
        assert_eq!(written("temperature", 38.0), "38.0℃");
        assert_eq!(written("systolic", 182.0), "182 mmHg");
        assert_eq!(written("pain", 7.0), "7/10");
        assert_eq!(written("consciousness", 10.0), "10");
    }
}
