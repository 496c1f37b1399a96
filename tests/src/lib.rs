//! Whole-system tests, and the programs that check and measure a running server.

pub mod ledger;

use std::time::{Duration, SystemTime};

use serde::Deserialize;
use tsumugi_client::{Client, Result, Secret, totp};

/// An account of the demonstration, as `tsumugi demo-data` writes it.
#[derive(Debug, Deserialize)]
pub struct Account {
    /// `name@network`.
    pub login: String,
    /// The password.
    pub password: Secret,
    /// Seed of the one-time codes, in base32.
    pub totp_secret: Secret,
}

impl Account {
    /// Signs in with the code of this moment; waits for the next one where somebody has just used it.
    pub async fn sign_in(&self, server: &Client) -> Result<Client> {
        let step = totp::STEP.unsigned_abs();
        loop {
            let now = SystemTime::now();
            let code = totp::code(&self.totp_secret, now.into())?;
            match server
                .sign_in(&self.login, self.password.clone(), code)
                .await
            {
                Err(error) if error.code() == Some("code_used") => {
                    let since = now
                        .duration_since(SystemTime::UNIX_EPOCH)
                        .unwrap_or_default();
                    tokio::time::sleep(Duration::from_secs(step - since.as_secs() % step)).await;
                }
                signed_in => return signed_in,
            }
        }
    }
}
