//! Cards that patients carry, by which a facility enters its own patient number (利用者カード).

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::patient::Sex;
use crate::secret::Secret;

/// Printing a card.
#[derive(Clone, Debug, Serialize)]
pub struct CreateRegistrationCard {
    /// The new card's id, chosen by the caller.
    pub id: Uuid,
}

impl CreateRegistrationCard {
    /// A card with a new id.
    pub fn new() -> Self {
        Self {
            id: crate::new_id(),
        }
    }
}

impl Default for CreateRegistrationCard {
    fn default() -> Self {
        Self::new()
    }
}

/// A card at the moment it is printed.
#[derive(Clone, Debug, Deserialize)]
#[non_exhaustive]
pub struct RegistrationCard {
    /// The card's id.
    pub id: Uuid,
    /// What stands on it, `TSM-XXXX-XXXX-XXXX-XXXX`. Shown this once: the server keeps only a
    /// digest.
    pub code: Secret,
    /// Whose card it is.
    pub patient: PatientOnCard,
    /// Name of the network.
    pub network: String,
}

/// A patient, as a card names her.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct PatientOnCard {
    /// Full name.
    pub name: String,
    /// The name in kana.
    pub kana: String,
    /// Date of birth.
    pub birth_date: NaiveDate,
    /// Administrative sex; absent on the printed card.
    pub sex: Option<Sex>,
}

/// Reading a card.
#[derive(Clone, Debug, Serialize)]
pub struct ReadRegistrationCard {
    /// What stands on it.
    pub code: Secret,
}

/// Whom a card belongs to, so that it can be compared with the person.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct CardReading {
    /// Whose card it is.
    pub patient: PatientOnCard,
}

/// Entering the own facility's number of the patient whose card it is.
#[derive(Clone, Debug, Serialize)]
pub struct LinkRegistrationCard {
    /// What stands on the card.
    pub code: Secret,
    /// The number by which the own facility knows the patient.
    pub value: String,
    /// Name space of the number; the facility's own when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub system: Option<String>,
}

impl LinkRegistrationCard {
    /// Entering a number of the facility's own name space.
    pub fn new(code: impl Into<Secret>, value: impl Into<String>) -> Self {
        Self {
            code: code.into(),
            value: value.into(),
            system: None,
        }
    }
}
