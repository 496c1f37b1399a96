//! Vital signs.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

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
    /// Breaths per minute, 2 to 80.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub respiration: Option<f64>,
    /// Body weight in kg, 0.3 to 400.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weight: Option<f64>,
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
