//! One's own factors. Changing them needs factors that were shown lately (`step_up_required`).

use crate::client::Client;
use crate::error::Result;
use crate::models::{ChangePassword, ConfirmTotp, Factors, NewTotp, RecoveryCodes};
use crate::request::Request;

/// Calls about one's own factors.
#[derive(Clone, Copy, Debug)]
pub struct OwnFactors<'a>(pub(crate) &'a Client);

impl OwnFactors<'_> {
    /// What there is.
    pub async fn find(&self) -> Result<Factors> {
        let request = Request::get("find_factors", "/v1/me/factors");
        self.0.call(request).await
    }

    /// Changes the password; all other sessions end.
    pub async fn change_password(&self, change: &ChangePassword) -> Result<()> {
        let request = Request::put("change_password", "/v1/me/password")
            .unkeyed()
            .json(change)?;
        self.0.execute(request).await.map(drop)
    }

    /// Gets the seed for another authenticator app, which counts once its first code is confirmed.
    pub async fn start_totp(&self) -> Result<NewTotp> {
        let request = Request::post("start_totp", "/v1/me/totp")
            .unkeyed()
            .json(&serde_json::json!({}))?;
        self.0.call(request).await
    }

    /// Confirms the seed with its first code.
    pub async fn confirm_totp(&self, confirmation: &ConfirmTotp) -> Result<()> {
        let request = Request::post("confirm_totp", "/v1/me/totp/confirm").json(confirmation)?;
        self.0.execute(request).await.map(drop)
    }

    /// Removes the authenticator app. Refused with `last_factor` when nothing else is left.
    pub async fn remove_totp(&self) -> Result<()> {
        let request = Request::delete("remove_totp", "/v1/me/totp");
        self.0.execute(request).await.map(drop)
    }

    /// Gets new recovery codes; the old ones are good no more.
    pub async fn create_recovery_codes(&self) -> Result<RecoveryCodes> {
        let request = Request::post("create_recovery_codes", "/v1/me/recovery-codes")
            .unkeyed()
            .json(&serde_json::json!({}))?;
        self.0.call(request).await
    }
}
