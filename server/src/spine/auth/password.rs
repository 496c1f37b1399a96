//! Passwords: argon2id, off the request threads, a bounded number at a time.
//!
//! 64 MiB and three passes cost about a fifth of a second of one core, which is the point, and also a lever for whoever
//! wants to stop the server; so only as many run at once as there are cores, and whoever waits too long is asked to
//! come back (security.md AN-06).

use std::{sync::Arc, time::Duration};

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use tokio::sync::Semaphore;

use crate::{Error, Result, error::FieldError};

/// Longest wait for a free place.
const PATIENCE: Duration = Duration::from_secs(2);

/// How passwords are hashed on this installation.
#[derive(Debug, Clone)]
pub struct Passwords {
    places: Arc<Semaphore>,
    params: Params,
    /// Hash of a password that nobody has: verified when there is no account, so that both take as long.
    nobody: Arc<str>,
}

impl Passwords {
    /// Hashing with `memory_kib` and three passes.
    pub fn new(memory_kib: u32) -> Result<Self> {
        let places = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        let params =
            Params::new(memory_kib, 3, 1, None).map_err(|e| Error::internal(e.to_string()))?;
        let nobody = hash(
            &params,
            &super::super::ids::to_base64(&super::super::ids::secret()?),
        )?;
        Ok(Self {
            places: Arc::new(Semaphore::new(places)),
            params,
            nobody: nobody.into(),
        })
    }

    /// Whether `password` is the one that `phc` was made from. Without an account, takes as long and says no.
    pub async fn verify(&self, phc: Option<String>, password: String) -> Result<bool> {
        let known = phc.is_some();
        let phc = phc.unwrap_or_else(|| self.nobody.to_string());
        let matches = self
            .run(move |_| {
                let parsed = PasswordHash::new(&phc).map_err(|e| Error::internal(e.to_string()))?;
                Ok(Argon2::default()
                    .verify_password(password.as_bytes(), &parsed)
                    .is_ok())
            })
            .await?;
        Ok(matches && known)
    }

    /// The hash to keep.
    pub async fn hash(&self, password: String) -> Result<String> {
        self.run(move |params| hash(params, &password)).await
    }

    /// The hash to keep, for tools that have no runtime.
    pub fn hash_blocking(&self, password: &str) -> Result<String> {
        hash(&self.params, password)
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Params) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let place = tokio::time::timeout(PATIENCE, self.places.clone().acquire_owned()).await;
        let place = place
            .map_err(Error::unavailable)?
            .map_err(Error::internal)?;
        let params = self.params.clone();
        let done = tokio::task::spawn_blocking(move || {
            let outcome = work(&params);
            drop(place);
            outcome
        });
        done.await.map_err(Error::internal)?
    }
}

fn hash(params: &Params, password: &str) -> Result<String> {
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone());
    argon2
        .hash_password(password.as_bytes())
        .map(|phc| phc.to_string())
        .map_err(|e| Error::internal(e.to_string()))
}

/// Checks a new password: 12 to 128 characters. Longer is what helps; composition rules come from a network's own
/// settings.
pub fn check_new(field: &str, password: &str, errors: &mut Vec<FieldError>) {
    match password.chars().count() {
        0..12 => errors.push(FieldError::new(
            field,
            "too_short",
            "at least 12 characters",
        )),
        12..=128 => {}
        _ => errors.push(FieldError::new(field, "too_long", "at most 128 characters")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_right_password_of_an_account_matches() {
        let passwords = Passwords::new(1024).unwrap();
        let phc = passwords
            .hash("ひみつのことば1234".to_owned())
            .await
            .unwrap();
        assert!(phc.starts_with("$argon2id$v=19$m=1024,t=3,p=1$"));
        assert!(
            passwords
                .verify(Some(phc.clone()), "ひみつのことば1234".to_owned())
                .await
                .unwrap()
        );
        assert!(
            !passwords
                .verify(Some(phc), "ひみつのことば1235".to_owned())
                .await
                .unwrap()
        );
        assert!(
            !passwords
                .verify(None, "ひみつのことば1234".to_owned())
                .await
                .unwrap()
        );
    }
}
