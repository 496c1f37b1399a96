//! The client: a connection pool, and who it speaks for.

use std::sync::Arc;
use std::time::Duration;

use crate::api;
use crate::auth::Auth;
use crate::builder::ClientBuilder;
use crate::error::Result;
use crate::models::{CreateSession, Session};
use crate::retry::RetryPolicy;
use crate::secret::Secret;

/// Speaks to one server, as one person, one system client, or nobody.
///
/// Cheap to clone; clones share connections and credentials. The `with_…` methods give a client
/// that shares the connections and is somebody else.
#[derive(Clone, Debug)]
pub struct Client {
    pub(crate) transport: Arc<Transport>,
    pub(crate) auth: Arc<Auth>,
    pub(crate) idempotency_key: Option<Arc<str>>,
    pub(crate) request_id: Option<Arc<str>>,
}

/// The way to the server.
#[derive(Debug)]
pub(crate) struct Transport {
    pub(crate) http: reqwest::Client,
    pub(crate) base: String,
    pub(crate) timeout: Duration,
    pub(crate) retry: RetryPolicy,
}

impl Client {
    /// Begins a client of the server at `base_url`, such as `https://tsumugi.example`.
    pub fn builder(base_url: impl Into<String>) -> ClientBuilder {
        ClientBuilder::new(base_url.into())
    }

    pub(crate) fn new(transport: Arc<Transport>, auth: Arc<Auth>) -> Self {
        Self {
            transport,
            auth,
            idempotency_key: None,
            request_id: None,
        }
    }

    fn with_auth(&self, auth: Auth) -> Self {
        Self::new(self.transport.clone(), Arc::new(auth))
    }

    /// The server's address.
    pub fn base_url(&self) -> &str {
        &self.transport.base
    }

    /// Signs in with a password and returns a client that is that person.
    ///
    /// Its access token is renewed as needed. Refused with `invalid_credentials`, or with
    /// `rate_limited` after too many attempts.
    pub async fn sign_in(
        &self,
        login: impl Into<String>,
        password: impl Into<Secret>,
    ) -> Result<Self> {
        let request = CreateSession::new(login, password);
        let session = self.anonymous().sessions().create(&request).await?;
        Ok(self.with_session(&session))
    }

    /// A client that continues `session`, renewing its tokens as needed.
    #[must_use]
    pub fn with_session(&self, session: &Session) -> Self {
        self.with_auth(Auth::session(session))
    }

    /// A client that sends this access token and cannot renew it.
    #[must_use]
    pub fn with_token(&self, token: impl Into<Secret>) -> Self {
        self.with_auth(Auth::token(token.into()))
    }

    /// A client that is this system client; access tokens are fetched and renewed as needed.
    #[must_use]
    pub fn with_client_credentials(
        &self,
        client_id: impl Into<String>,
        client_secret: impl Into<Secret>,
    ) -> Self {
        self.with_auth(Auth::client_credentials(
            client_id.into(),
            client_secret.into(),
        ))
    }

    /// A client that is nobody.
    #[must_use]
    pub fn anonymous(&self) -> Self {
        self.with_auth(Auth::Anonymous)
    }

    /// The same client, whose next write carries this Idempotency-Key instead of a new one.
    ///
    /// For writes that must survive the program's own end: with a key derived from the content,
    /// the repetition after a crash is recognised. 1 to 100 visible ASCII characters.
    #[must_use]
    pub fn with_idempotency_key(&self, key: impl Into<String>) -> Self {
        Self {
            idempotency_key: Some(Arc::from(key.into())),
            ..self.clone()
        }
    }

    /// The same client, whose requests carry this X-Request-Id, under which the server's log and
    /// access log keep them. 1 to 64 visible ASCII characters; others the server replaces.
    #[must_use]
    pub fn with_request_id(&self, id: impl Into<String>) -> Self {
        Self {
            request_id: Some(Arc::from(id.into())),
            ..self.clone()
        }
    }

    /// The access token the next request will carry, fetched or renewed first if needed.
    pub async fn access_token(&self) -> Result<Option<Secret>> {
        self.auth.current(&self.anonymous()).await
    }

    /// Signing in, renewing, signing out.
    pub fn sessions(&self) -> api::Sessions<'_> {
        api::Sessions(self)
    }

    /// Access tokens of system clients.
    pub fn tokens(&self) -> api::Tokens<'_> {
        api::Tokens(self)
    }

    /// Facilities of the network.
    pub fn facilities(&self) -> api::Facilities<'_> {
        api::Facilities(self)
    }

    /// People of the network.
    pub fn staff_members(&self) -> api::StaffMembers<'_> {
        api::StaffMembers(self)
    }

    /// System clients of the network.
    pub fn clients(&self) -> api::Clients<'_> {
        api::Clients(self)
    }

    /// The caller's patients.
    pub fn patients(&self) -> api::Patients<'_> {
        api::Patients(self)
    }

    /// Patients' consents.
    pub fn consents(&self) -> api::Consents<'_> {
        api::Consents(self)
    }

    /// What of patients was given to other facilities.
    pub fn provisions(&self) -> api::Provisions<'_> {
        api::Provisions(self)
    }

    /// Patients' registration cards.
    pub fn registration_cards(&self) -> api::RegistrationCards<'_> {
        api::RegistrationCards(self)
    }

    /// Patients' care teams.
    pub fn care_team(&self) -> api::CareTeam<'_> {
        api::CareTeam(self)
    }

    /// Patients' timelines.
    pub fn timeline(&self) -> api::Timeline<'_> {
        api::Timeline(self)
    }

    /// Patients' vital signs.
    pub fn vitals(&self) -> api::Vitals<'_> {
        api::Vitals(self)
    }

    /// Received documents.
    pub fn documents(&self) -> api::Documents<'_> {
        api::Documents(self)
    }

    /// Sending FHIR Bundles.
    pub fn bundles(&self) -> api::Bundles<'_> {
        api::Bundles(self)
    }

    /// What happens, as it happens.
    pub fn events(&self) -> api::Events<'_> {
        api::Events(self)
    }

    /// Who looked at what.
    pub fn access_log(&self) -> api::AccessLog<'_> {
        api::AccessLog(self)
    }

    /// Whether the server runs, and the published interface.
    pub fn health(&self) -> api::HealthChecks<'_> {
        api::HealthChecks(self)
    }
}
