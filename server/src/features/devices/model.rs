//! Rows of devices, their secrets, and which PINs are too easy.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use tsumugi_schema::tables::devices;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{Result, spine::ids};

/// Who uses a device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum DeviceKind {
    /// Several people, in turn.
    Shared,
    /// One person.
    Personal,
}

impl DeviceKind {
    /// The code in the database.
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Shared => "shared",
            Self::Personal => "personal",
        }
    }
}

/// A device as it is kept.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = devices, check_for_backend(diesel::pg::Pg))]
pub(super) struct Device {
    pub(super) id: Uuid,
    pub(super) name: String,
    pub(super) kind: String,
    pub(super) enrolment_expires_at: Option<DateTime<Utc>>,
    pub(super) created_at: DateTime<Utc>,
    pub(super) enrolled_at: Option<DateTime<Utc>>,
    pub(super) last_seen_at: Option<DateTime<Utc>>,
    pub(super) revoked_at: Option<DateTime<Utc>>,
}

/// The secret of a device: names network and device, so that the row can be found.
#[derive(Debug, Clone)]
pub(super) struct Token {
    pub(super) tenant_id: Uuid,
    pub(super) device_id: Uuid,
    text: String,
}

impl Token {
    /// A new secret.
    pub(super) fn new(tenant_id: Uuid, device_id: Uuid) -> Result<Self> {
        let secret = ids::to_base64(&ids::secret()?);
        let text = format!("{}.{}.{secret}", tenant_id.simple(), device_id.simple());
        Ok(Self {
            tenant_id,
            device_id,
            text,
        })
    }

    /// Reads a secret back.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('.');
        let tenant_id = parts.next()?.parse().ok()?;
        let device_id = parts.next()?.parse().ok()?;
        let secret = ids::from_base64(parts.next()?)?;
        (secret.len() == 32 && parts.next().is_none()).then(|| Self {
            tenant_id,
            device_id,
            text: text.to_owned(),
        })
    }

    /// What the row keeps.
    pub(super) fn digest(&self) -> Vec<u8> {
        ids::digest(self.text.as_bytes()).to_vec()
    }

    /// As the device keeps it.
    pub(super) fn into_text(self) -> String {
        self.text
    }
}

/// Six digits.
pub(super) fn is_pin(pin: &str) -> bool {
    pin.len() == 6 && pin.bytes().all(|b| b.is_ascii_digit())
}

/// Whether somebody who looks over a shoulder, or knows the owner, would try this PIN first: one digit, a run, a pattern
/// that repeats, or a date.
pub(super) fn is_easy(pin: &str) -> bool {
    let digits: Vec<u8> = pin.bytes().map(|b| b.wrapping_sub(b'0')).collect();
    let all_pairs = |holds: &dyn Fn(u8, u8) -> bool| {
        digits
            .iter()
            .zip(digits.iter().skip(1))
            .all(|(one, next)| holds(*one, *next))
    };
    let repeats = |length: usize| {
        digits
            .iter()
            .zip(digits.iter().skip(length))
            .all(|(one, later)| one == later)
    };
    let doubled = digits.chunks(2).all(|pair| pair.first() == pair.last());
    let mirrored = digits.iter().eq(digits.iter().rev());
    all_pairs(&|one, next| next == (one + 1) % 10)
        || all_pairs(&|one, next| one == (next + 1) % 10)
        || [1, 2, 3].into_iter().any(repeats)
        || doubled
        || mirrored
        || is_date(pin)
}

/// Whether the six digits are a day, in one of the orders in which people write birthdays, or a month of a year.
fn is_date(pin: &str) -> bool {
    let read = |format: &str| NaiveDate::parse_from_str(pin, format).is_ok();
    let month = NaiveDate::parse_from_str(&format!("{pin}01"), "%Y%m%d");
    read("%y%m%d")
        || read("%d%m%y")
        || read("%m%d%y")
        || month.is_ok_and(|day| {
            let year = chrono::Datelike::year(&day);
            (1900..=2100).contains(&year)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn easy_pins_are_known() {
        for pin in [
            "000000", "123456", "654321", "890123", "121212", "123123", "112233", "123321",
            "851231", "311285", "123185", "198512",
        ] {
            assert!(is_pin(pin) && is_easy(pin), "{pin}");
        }
        for pin in ["482915", "739204", "906274"] {
            assert!(is_pin(pin) && !is_easy(pin), "{pin}");
        }
        for pin in ["12345", "1234567", "12345a", "１２３４５６"] {
            assert!(!is_pin(pin), "{pin}");
        }
    }

    #[test]
    fn a_secret_is_read_back() {
        let token = Token::new(ids::new_id(), ids::new_id()).unwrap();
        let (digest, device) = (token.digest(), token.device_id);
        let again = Token::parse(&token.into_text()).unwrap();
        assert_eq!((again.digest(), again.device_id), (digest, device));
        assert!(Token::parse("a.b.c").is_none());
    }
}
