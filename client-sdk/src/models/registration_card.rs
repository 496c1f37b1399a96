//! Cards that patients carry (利用者カード).

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::patient::Sex;

/// A card.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct RegistrationCard {
    /// The card's id.
    pub id: Uuid,
    /// When it was issued.
    pub issued_at: DateTime<Utc>,
    /// Name of whoever issued it.
    pub issued_by: String,
    /// Since when it is refused; absent while it is good.
    pub revoked_at: Option<DateTime<Utc>>,
}

/// A card to be printed. The server tells its code this once.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct IssuedRegistrationCard {
    /// The card's id.
    pub id: Uuid,
    /// What is printed on it: `TSM-XXXX-XXXX-XXXX-XXXX`.
    pub code: String,
    /// Whose card it is.
    pub patient: CardHolder,
    /// Name of the network.
    pub network: String,
}

/// Whoever presents a card: enough to see that it is their own.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct CardHolder {
    /// Name in kanji.
    pub name: String,
    /// Name in katakana.
    pub kana: String,
    /// Date of birth.
    pub birth_date: NaiveDate,
    /// Administrative sex.
    pub sex: Sex,
}

/// What came of reading a card.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct ReadCard {
    /// The patient of the card.
    pub patient: CardHolder,
}

/// What came of entering a number for the patient of a card.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct LinkedCard {
    /// The patient of the card.
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
    /// The code on the card, with or without hyphens.
    pub code: String,
}

/// Entering the number by which the caller's facility knows the patient of a card.
#[derive(Clone, Debug, Serialize)]
pub struct LinkRegistrationCard {
    /// The code on the card, with or without hyphens.
    pub code: String,
    /// The number.
    pub value: String,
    /// Its name space; left out, it is that of the facility's institution code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub system: Option<String>,
}
