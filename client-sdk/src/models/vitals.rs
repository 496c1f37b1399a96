//! Vital signs.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::open_enum::open_enum;

/// Measured values; at least one is set.
///
/// Outside the limits given with each value the server refuses with `invalid_input`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct VitalSigns {
    /// Body temperature in °C, one decimal, 20 to 45.
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
    /// Oxygen given while it was measured in L/min, 0 to 60; 0 is room air, `None` when not noted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub oxygen: Option<f64>,
    /// Breaths per minute, 2 to 80.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub respiration: Option<f64>,
    /// Consciousness on the Japan Coma Scale: 0, 1, 2, 3, 10, 20, 30, 100, 200 or 300.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consciousness: Option<f64>,
    /// Body weight in kg, 0.3 to 400.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weight: Option<f64>,
    /// Blood glucose in mg/dL, 10 to 1500.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub glucose: Option<f64>,
    /// Pain as the person rates it, 0 to 10 (NRS).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pain: Option<f64>,
    /// Fluid taken in a day in mL, 0 to 15000.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub intake: Option<f64>,
    /// Urine in a day in mL, 0 to 20000.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output: Option<f64>,
    /// Stools in a day, 0 to 40.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stools: Option<f64>,
    /// Form of the stool on the Bristol scale, 1 to 7.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stool_form: Option<f64>,
}

/// The vital signs of one post.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct VitalsItem {
    /// The post that carries them.
    pub post_id: Uuid,
    /// When they were measured.
    pub observed_at: DateTime<Utc>,
    /// Who wrote them down.
    pub author_name: String,
    /// The values.
    #[serde(flatten)]
    pub signs: VitalSigns,
    /// What they score together; absent where too little was measured.
    pub news2: Option<News2>,
}

open_enum! {
    /// How urgently NEWS2 wants somebody to look.
    pub enum News2Risk {
        /// 0 to 4 in all.
        Low = "low",
        /// A single value scores 3.
        LowMedium = "low_medium",
        /// 5 or 6 in all.
        Medium = "medium",
        /// 7 or more in all.
        High = "high",
    }
}

/// National Early Warning Score 2: a hint, never an order.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct News2 {
    /// 0 to 20; absent when a value is missing.
    pub score: Option<u8>,
    /// What follows from it; absent when a value is missing.
    pub risk: Option<News2Risk>,
    /// The values that are missing, by the names of the fields of [`VitalSigns`].
    pub missing: Vec<String>,
}

/// Which vital signs to list, oldest first.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ListVitals {
    /// Measured at or after; 30 days ago when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<DateTime<Utc>>,
    /// Measured until; now when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<DateTime<Utc>>,
    /// Where the page starts: `next` of the page before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

/// The lowest and the highest value of which nobody has to be told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct VitalRange {
    /// Below this somebody is told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub low: Option<f64>,
    /// Above this somebody is told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub high: Option<f64>,
}

/// Outside which vital signs of a patient somebody is told (連絡の基準).
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct VitalLimits {
    /// Counts the changes from 1, 0 when nothing was set; goes into `If-Match`.
    pub version: i64,
    /// By the names of the fields of [`VitalSigns`].
    pub limits: BTreeMap<String, VitalRange>,
    /// Which SpO₂ scale NEWS2 uses: 2 is for a target of 88 to 92 %.
    pub spo2_scale: u8,
    /// The NEWS2 score from which somebody is told.
    pub news2_from: Option<u8>,
    /// Who is asked for an answer.
    pub notify: Vec<Uuid>,
    /// Until when they are asked to answer.
    pub answer_within_minutes: Option<u32>,
    /// What to do.
    pub instruction: Option<String>,
    /// Who set them.
    pub set_by_name: Option<String>,
    /// When.
    pub set_at: Option<DateTime<Utc>>,
}

/// Setting the limits: all of them, as they are from now on.
#[derive(Clone, Debug, Default, Serialize)]
pub struct UpdateVitalLimits {
    /// By the names of the fields of [`VitalSigns`]; a sign that is left out has no limits.
    pub limits: BTreeMap<String, VitalRange>,
    /// Which SpO₂ scale NEWS2 uses, 1 or 2; 1 when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub spo2_scale: Option<u8>,
    /// The NEWS2 score from which somebody is told, 1 to 20.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub news2_from: Option<u8>,
    /// At most 20 members of the care team who are asked for an answer.
    pub notify: Vec<Uuid>,
    /// Until when they are asked to answer, 5 minutes to 7 days.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer_within_minutes: Option<u32>,
    /// What to do, up to 500 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instruction: Option<String>,
}
