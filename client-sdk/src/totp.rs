//! One-time codes (RFC 6238) for programs that sign in: what an authenticator app would show.

use chrono::{DateTime, Utc};
use totp_rs::{Builder, Secret as Seed};

use crate::error::{Error, Result};
use crate::secret::Secret;

/// Seconds for which a code is the code of the moment. The server takes each code once.
pub const STEP: i64 = 30;

/// The code at a moment, for a seed in base32 as the server showed it.
///
/// Fails with [`Error::Configuration`] when that is not a seed.
pub fn code(secret: &Secret, at: DateTime<Utc>) -> Result<Secret> {
    let wrong = || Error::Configuration("not a seed in base32".to_owned());
    let seed = Seed::try_from_base32(secret.expose().trim()).map_err(|_| wrong())?;
    let totp = Builder::new().with_secret(seed).build();
    let seconds = u64::try_from(at.timestamp()).map_err(|_| wrong())?;
    Ok(totp
        .map_err(|_| wrong())?
        .generate(seconds)
        .to_string()
        .into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_the_standard() {
        let secret = Secret::from("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        let at = DateTime::from_timestamp(59, 0).unwrap();
        assert_eq!(code(&secret, at).unwrap().expose(), "287082");
        assert!(code(&Secret::from("not a seed"), at).is_err());
    }
}
