//! Cards that patients carry, by which a facility enters its own patient number (利用者カード).

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::patient::Sex;
use crate::secret::Secret;

/// A card.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct RegistrationCard {
    /// The card's id.
    pub id: Uuid,
    /// When it was issued.
    pub issued_at: DateTime<Utc>,
    /// Name of the person who issued it.
    pub issued_by: String,
    /// Since when it is refused; absent while it is good.
    pub revoked_at: Option<DateTime<Utc>>,
}

/// A card to be printed.
#[derive(Clone, Debug, Deserialize)]
#[non_exhaustive]
pub struct IssuedRegistrationCard {
    /// The card's id.
    pub id: Uuid,
    /// What stands on it, `TSM-XXXX-XXXX-XXXX-XXXX`. Shown this once: the server keeps only a
    /// digest.
    pub code: Secret,
    /// Whose card it is.
    pub patient: CardHolder,
    /// Name of the network.
    pub network: String,
}

/// Whose card it is: enough for the person to be recognised.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct CardHolder {
    /// Full name.
    pub name: String,
    /// The name in kana.
    pub kana: String,
    /// Date of birth.
    pub birth_date: NaiveDate,
    /// Administrative sex; the printed card may leave it out.
    pub sex: Option<Sex>,
}

/// What came of reading a card.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct ReadCard {
    /// Whose card it is.
    pub patient: CardHolder,
}

/// What came of entering a number for the patient of a card.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct LinkedCard {
    /// Whose card it is.
    pub patient: CardHolder,
    /// Name space of the number.
    pub system: String,
    /// The number.
    pub value: String,
}

/// Issuing a card.
#[derive(Clone, Debug, Serialize)]
pub struct CreateRegistrationCard {
    /// The new card's id, chosen by the caller.
    pub id: Uuid,
}

/// Reading a card.
#[derive(Clone, Debug, Serialize)]
pub struct ReadRegistrationCard {
    /// What stands on it, with or without hyphens.
    pub code: Secret,
}

/// Entering the number by which the caller's facility knows the patient of a card.
#[derive(Clone, Debug, Serialize)]
pub struct LinkRegistrationCard {
    /// What stands on the card, with or without hyphens.
    pub code: Secret,
    /// The number.
    pub value: String,
    /// Its name space; the facility's own when absent.
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
