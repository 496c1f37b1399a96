//! What the network has decided for itself.

use crate::client::Client;
use crate::error::Result;
use crate::models::NetworkSettings;
use crate::request::Request;

/// Calls about the network's settings.
#[derive(Clone, Copy, Debug)]
pub struct Settings<'a>(pub(crate) &'a Client);

impl Settings<'_> {
    /// The network's settings. For every participant.
    pub async fn find(&self) -> Result<NetworkSettings> {
        self.0
            .call(Request::get("find_settings", "/v1/settings"))
            .await
    }

    /// Changes the network's settings. For network administrators; needs fresh factors
    /// (`step_up_required`). Refused with `invalid_input` (field code `out_of_range`) when a
    /// value is looser than the default.
    pub async fn update(&self, settings: &NetworkSettings) -> Result<NetworkSettings> {
        let request = Request::put("update_settings", "/v1/settings").json(settings)?;
        self.0.call(request).await
    }
}
