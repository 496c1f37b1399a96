//! Access tokens of system clients (OAuth 2.0 client credentials).

use reqwest::Method;

use crate::auth::Credentials;
use crate::client::Client;
use crate::error::{Error, Result};
use crate::models::Token;
use crate::request::Request;
use crate::secret::Secret;

/// Calls about access tokens.
#[derive(Clone, Copy, Debug)]
pub struct Tokens<'a>(pub(crate) &'a Client);

impl Tokens<'_> {
    /// Exchanges a client's name and secret for an access token.
    ///
    /// The token is not bound to a key. Refused with the codes of RFC 6749, such as `invalid_client`,
    /// and with `invalid_dpop_proof` where the network wants bound ones. A client made with
    /// [`Client::with_client_credentials`] does this by itself.
    pub async fn create(&self, client_id: &str, client_secret: &Secret) -> Result<Token> {
        let credentials = Credentials {
            id: client_id.to_owned(),
            secret: client_secret.clone(),
            person: None,
            key: None,
        };
        self.of(&credentials).await
    }

    /// A token as these credentials say: for the program or for a person, bound to a key or not.
    pub(crate) async fn of(&self, credentials: &Credentials) -> Result<Token> {
        const EXCHANGE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
        const ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";
        const PATH: &str = "/oauth/token";
        let form = match &credentials.person {
            None => vec![("grant_type", "client_credentials")],
            Some(person) => vec![
                ("grant_type", EXCHANGE),
                ("subject_token", person.expose()),
                ("subject_token_type", ACCESS_TOKEN),
            ],
        };
        let form = serde_urlencoded::to_string(form)
            .map_err(|error| Error::Configuration(error.to_string()))?;
        let mut request = Request::post("create_token", PATH)
            .anonymous()
            .unkeyed()
            .basic(&credentials.id, &credentials.secret)?
            .body("application/x-www-form-urlencoded", form);
        if let Some(key) = &credentials.key {
            // A proof is for one request: it is not repeated.
            let url = format!("{}{PATH}", self.0.transport.base);
            request = request.proof(key.sign(&Method::POST, &url, None)?);
        } else {
            request = request.harmless();
        }
        self.0.call(request).await
    }
}
