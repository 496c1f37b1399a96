//! Building a client.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use reqwest::Url;

use crate::auth::Auth;
use crate::client::{Client, Transport};
use crate::error::{Error, Result};
use crate::manner::{Manner, Stated};
use crate::models::Purpose;
use crate::retry::RetryPolicy;
use crate::secret::Secret;
use crate::tls::{self, Trust};

/// Settings of a [`Client`].
#[derive(Debug)]
#[must_use]
pub struct ClientBuilder {
    base_url: String,
    pem: Vec<Vec<u8>>,
    only_added_roots: bool,
    allow_plain_http: bool,
    timeout: Duration,
    connect_timeout: Duration,
    retry: RetryPolicy,
    user_agent: String,
    auth: Auth,
    purpose: Stated,
}

impl ClientBuilder {
    pub(crate) fn new(base_url: String) -> Self {
        Self {
            base_url,
            pem: Vec::new(),
            only_added_roots: false,
            allow_plain_http: false,
            timeout: Duration::from_secs(30),
            connect_timeout: Duration::from_secs(10),
            retry: RetryPolicy::default(),
            user_agent: concat!("tsumugi-client/", env!("CARGO_PKG_VERSION")).to_owned(),
            auth: Auth::Anonymous,
            purpose: Stated::Usual(None),
        }
    }

    /// Believes these certificate authorities (PEM, one or more) besides the machine's own.
    pub fn add_root_certificate(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.pem.push(pem.into());
        self
    }

    /// Believes nobody but the added certificate authorities.
    pub fn only_added_root_certificates(mut self) -> Self {
        self.only_added_roots = true;
        self
    }

    /// Allows `http://` to another machine. Everything, passwords too, is then readable on the way.
    pub fn allow_plain_http(mut self) -> Self {
        self.allow_plain_http = true;
        self
    }

    /// How long one attempt may take, answer included (30 seconds). Event streams are exempt.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// How long connecting may take (10 seconds).
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// When requests are repeated.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// What the client calls itself in the server's log.
    pub fn user_agent(mut self, name: impl Into<String>) -> Self {
        self.user_agent = name.into();
        self
    }

    /// The purpose of use that every request with a session states, whoever signs in.
    ///
    /// Without it: what the account usually asks for, known after signing in.
    pub fn purpose(mut self, purpose: Purpose) -> Self {
        self.purpose = Stated::Chosen(purpose);
        self
    }

    /// Sends this access token with every request, for [`Purpose::Treatment`] unless
    /// [`ClientBuilder::purpose`] says otherwise.
    pub fn token(mut self, token: impl Into<Secret>) -> Self {
        self.auth = Auth::token(token.into());
        self
    }

    /// Works as a system client; access tokens are fetched and renewed as needed.
    pub fn client_credentials(
        mut self,
        client_id: impl Into<String>,
        client_secret: impl Into<Secret>,
    ) -> Self {
        self.auth = Auth::client_credentials(client_id.into(), client_secret.into());
        self
    }

    /// The same with tokens that are bound to a key; see
    /// [`Client::with_bound_client_credentials`].
    pub fn bound_client_credentials(
        mut self,
        client_id: impl Into<String>,
        client_secret: impl Into<Secret>,
    ) -> Result<Self> {
        self.auth = Auth::bound(client_id.into(), client_secret.into(), None)?;
        Ok(self)
    }

    /// The client. Fails with [`Error::Configuration`] when a setting cannot work.
    pub fn build(self) -> Result<Client> {
        let base = parse_base(&self.base_url)?;
        let local = is_this_machine(&base);
        let encrypted = base.scheme() == "https";
        if !encrypted && !local && !self.allow_plain_http {
            return Err(Error::Configuration(
                "the server's address must begin with https://".to_owned(),
            ));
        }
        let mut trust = Trust {
            only_added: self.only_added_roots,
            ..Trust::default()
        };
        for pem in &self.pem {
            trust.added.extend(tls::certificates(pem)?);
        }
        let mut http = reqwest::Client::builder()
            .tls_backend_preconfigured(tls::config(trust, encrypted)?)
            // A redirect could carry the token to another server.
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(self.connect_timeout)
            .user_agent(self.user_agent);
        if local {
            http = http.no_proxy();
        }
        let transport = Transport {
            http: http.build()?,
            base: base.as_str().trim_end_matches('/').to_owned(),
            timeout: self.timeout,
            retry: self.retry,
        };
        let usual = matches!(self.auth, Auth::Token(_)).then_some(Purpose::Treatment);
        let manner = Manner::new(self.purpose).for_somebody_else(usual);
        Ok(Client::new(
            Arc::new(transport),
            Arc::new(self.auth),
            manner,
        ))
    }
}

fn parse_base(text: &str) -> Result<Url> {
    let refused = |reason: &str| {
        Err(Error::Configuration(format!(
            "the server's address {reason}"
        )))
    };
    let Ok(url) = Url::parse(text) else {
        return refused("is not a URL");
    };
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
        return refused("must begin with https://");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return refused("must not hold a password");
    }
    if url.query().is_some() || url.fragment().is_some() {
        return refused("must not hold a query");
    }
    Ok(url)
}

fn is_this_machine(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost"
        || host.ends_with(".localhost")
        || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(base_url: &str) -> String {
        Client::builder(base_url).build().unwrap_err().to_string()
    }

    #[test]
    fn address_must_be_encrypted_unless_it_is_this_machine() {
        assert!(refusal("http://tsumugi.example").contains("https://"));
        assert!(refusal("ftp://tsumugi.example").contains("https://"));
        assert!(Client::builder("http://127.0.0.1:8080").build().is_ok());
        assert!(Client::builder("http://[::1]:8080").build().is_ok());
        assert!(
            Client::builder("http://tsumugi.example")
                .allow_plain_http()
                .build()
                .is_ok()
        );
    }

    #[test]
    fn address_with_password_or_query_is_refused() {
        assert!(refusal("https://a:b@tsumugi.example").contains("password"));
        assert!(refusal("https://tsumugi.example/?a=b").contains("query"));
        assert!(refusal("tsumugi").contains("not a URL"));
    }

    #[test]
    fn file_without_certificate_is_refused() {
        let error = Client::builder("https://tsumugi.example")
            .add_root_certificate("not a certificate")
            .build()
            .unwrap_err();
        assert!(error.to_string().contains("no certificate"));
    }

    #[test]
    fn secrets_do_not_show_in_debug() {
        let builder = Client::builder("https://tsumugi.example")
            .client_credentials("hospital", "very-secret");
        assert!(!format!("{builder:?}").contains("very-secret"));
    }
}
