//! One-time codes by time (RFC 6238): SHA-1, six digits, thirty seconds, as every authenticator app has them.
//!
//! The time is the server's. A code of the step before or after is taken, for clocks that go wrong and fingers that are
//! slow; that each is good once is up to whoever keeps the last step.

use chrono::{DateTime, Utc};
use totp_rs::{Builder, Secret, Totp};

use crate::{Error, Result, spine::ids};

/// Seconds of one step.
const STEP: i64 = 30;
/// Bytes of a seed (RFC 4226 recommends 160 bits).
const SEED: usize = 20;

/// A seed.
#[derive(Clone)]
pub struct Seed(Totp);

impl std::fmt::Debug for Seed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("(seed)")
    }
}

impl Seed {
    /// A new seed.
    pub fn new() -> Result<Self> {
        let random = ids::secret()?;
        Self::of_bytes(random.get(..SEED).unwrap_or_default())
    }

    /// The seed with these bytes.
    pub fn of_bytes(bytes: &[u8]) -> Result<Self> {
        let totp = Builder::new().with_secret(bytes).build();
        Ok(Self(totp.map_err(|e| Error::internal(e.to_string()))?))
    }

    /// The seed as it is kept, before it is sealed.
    pub fn as_bytes(&self) -> &[u8] {
        self.0.secret().as_ref()
    }

    /// The seed as people type it into an app.
    pub fn to_base32(&self) -> String {
        self.0.secret().to_base32()
    }

    /// The address that authenticator apps read from a picture. `login` is shown there.
    pub fn url(&self, login: &str) -> Result<String> {
        let named = Builder::new()
            .with_secret(self.as_bytes())
            .with_account_name(login)
            .with_issuer(Some("Tsumugi"))
            .build();
        named
            .and_then(|totp| totp.to_url())
            .map_err(|e| Error::internal(e.to_string()))
    }

    /// The step for which `code` is right around `now`; the latest, should there be two.
    pub fn step_of(&self, code: &str, now: DateTime<Utc>) -> Option<i64> {
        let present = now.timestamp().div_euclid(STEP);
        [present + 1, present, present - 1]
            .into_iter()
            .find(|step| {
                let Ok(from) = u64::try_from(step * STEP) else {
                    return false;
                };
                // The window is opened here, and no further by the library.
                let exact = Builder::new()
                    .with_secret(self.as_bytes())
                    .with_skew(0)
                    .build();
                exact.is_ok_and(|totp| totp.check(code, from).is_some())
            })
    }
}

/// Bytes in the letters of RFC 4648 base32, without padding.
pub fn base32(bytes: &[u8]) -> String {
    Secret::from(bytes).to_base32()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_the_standard() {
        // RFC 6238, appendix B, the last six of eight digits.
        let seed = Seed::of_bytes(b"12345678901234567890").unwrap();
        let at = |seconds: i64| DateTime::from_timestamp(seconds, 0).unwrap();
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_234_567_890, "005924"),
        ] {
            let step = seconds / STEP;
            assert_eq!(seed.step_of(code, at(seconds)), Some(step));
            assert_eq!(seed.step_of(code, at(seconds + STEP)), Some(step));
            assert_eq!(seed.step_of(code, at(seconds - STEP)), Some(step));
            assert_eq!(seed.step_of(code, at(seconds + 2 * STEP)), None);
            assert_eq!(seed.step_of(code, at(seconds - 2 * STEP)), None);
        }
        assert_eq!(seed.step_of("28708", at(59)), None);
        assert_eq!(seed.step_of("+87082", at(59)), None);
        assert_eq!(seed.to_base32(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        assert!(
            seed.url("sato@kita")
                .unwrap()
                .starts_with("otpauth://totp/")
        );
        assert_eq!(base32(&[0; 16]).len(), 26);
    }
}
