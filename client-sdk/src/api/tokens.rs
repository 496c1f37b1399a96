//! Access tokens of system clients (OAuth 2.0 client credentials).

use crate::client::Client;
use crate::error::Result;
use crate::models::Token;
use crate::request::Request;
use crate::secret::Secret;

/// Calls about access tokens.
#[derive(Clone, Copy, Debug)]
pub struct Tokens<'a>(pub(crate) &'a Client);

impl Tokens<'_> {
    /// Exchanges a client's name and secret for an access token.
    ///
    /// Refused with the codes of RFC 6749, such as `invalid_client`. A client made with
    /// [`Client::with_client_credentials`] does this by itself.
    pub async fn create(&self, client_id: &str, client_secret: &Secret) -> Result<Token> {
        let request = Request::post("create_token", "/oauth/token")
            .anonymous()
            .unkeyed()
            .harmless()
            .basic(client_id, client_secret)?
            .body(
                "application/x-www-form-urlencoded",
                "grant_type=client_credentials",
            );
        self.0.call(request).await
    }
}
