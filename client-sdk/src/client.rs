//! The client: a connection pool, and who it speaks for.

use std::sync::Arc;
use std::time::Duration;

use crate::auth::Auth;
use crate::builder::ClientBuilder;
use crate::error::Result;
use crate::manner::{Manner, Stated};
use crate::models::{CreateSession, Purpose, Session, StepUp};
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
    pub(crate) manner: Arc<Manner>,
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

    pub(crate) fn new(transport: Arc<Transport>, auth: Arc<Auth>, manner: Manner) -> Self {
        Self {
            transport,
            auth,
            manner: Arc::new(manner),
            idempotency_key: None,
            request_id: None,
        }
    }

    /// Somebody else on the same device, who usually asks for the purpose `usual`.
    fn with_auth(&self, auth: Auth, usual: Option<Purpose>) -> Self {
        let manner = self.manner.for_somebody_else(usual);
        Self::new(self.transport.clone(), Arc::new(auth), manner)
    }

    fn with_manner(&self, change: impl FnOnce(&mut Manner)) -> Self {
        let mut manner = Manner::clone(&self.manner);
        change(&mut manner);
        Self {
            manner: Arc::new(manner),
            ..self.clone()
        }
    }

    /// The server's address.
    pub fn base_url(&self) -> &str {
        &self.transport.base
    }

    /// Signs in with a password and a code, and returns a client that is that person.
    ///
    /// The code is one of an authenticator app ([`crate::totp`]), a recovery code or a temporary
    /// one; each is good once. The access token is renewed as needed. Refused with
    /// `invalid_credentials`, `code_used`, or `too_many_attempts`.
    pub async fn sign_in(
        &self,
        login: impl Into<String>,
        password: impl Into<Secret>,
        code: impl Into<Secret>,
    ) -> Result<Self> {
        let request = CreateSession::new(login, password).code(code);
        let session = self.anonymous().sessions().create(&request).await?;
        Ok(self.with_session(&session))
    }

    /// Shows one's factors again, as dangerous acts ask for (`step_up_required`), and returns a
    /// client of the new session.
    ///
    /// This client's own session is then over, and with it all clones of this client. Refused as
    /// [`Sessions::step_up`](crate::groups::Sessions::step_up) is.
    pub async fn step_up(&self, proof: &StepUp) -> Result<Self> {
        let session = self.sessions().step_up(proof).await?;
        Ok(self.with_session(&session))
    }

    /// A client that continues `session`, renewing its tokens as needed.
    ///
    /// Its requests state the purpose for which the account usually asks, unless a purpose was
    /// chosen before.
    #[must_use]
    pub fn with_session(&self, session: &Session) -> Self {
        let usual = session.me.usual_purpose();
        self.with_auth(Auth::session(session), Some(usual))
    }

    /// A client that sends this access token and cannot renew it.
    ///
    /// Its requests state [`Purpose::Treatment`]: whose token it is cannot be seen. For others
    /// than staff choose another by [`Client::with_purpose`].
    #[must_use]
    pub fn with_token(&self, token: impl Into<Secret>) -> Self {
        self.with_auth(Auth::token(token.into()), Some(Purpose::Treatment))
    }

    /// A client that is this system client; access tokens are fetched and renewed as needed.
    #[must_use]
    pub fn with_client_credentials(
        &self,
        client_id: impl Into<String>,
        client_secret: impl Into<Secret>,
    ) -> Self {
        let auth = Auth::client_credentials(client_id.into(), client_secret.into());
        self.with_auth(auth, None)
    }

    /// The same with tokens that are bound to a key (DPoP, RFC 9449), which is made now and never
    /// leaves the program: what somebody captures on the way is of no use to them.
    ///
    /// The machine's clock must not be more than a minute wrong (`invalid_proof`).
    pub fn with_bound_client_credentials(
        &self,
        client_id: impl Into<String>,
        client_secret: impl Into<Secret>,
    ) -> Result<Self> {
        let auth = Auth::bound(client_id.into(), client_secret.into(), None)?;
        Ok(self.with_auth(auth, None))
    }

    /// A client that acts for a person of the system client's facility, with the person's rights and
    /// no others (token exchange, RFC 8693), by tokens that are bound to a key.
    ///
    /// `person` is the access token of the person's session. Needs a system client that may act for
    /// people (`unauthorized_client`). Its requests state [`Purpose::Treatment`]; choose another by
    /// [`Client::with_purpose`]. What is about the session or asks for fresh factors stays closed.
    pub fn acting_for(
        &self,
        person: impl Into<Secret>,
        client_id: impl Into<String>,
        client_secret: impl Into<Secret>,
    ) -> Result<Self> {
        let person = Some(person.into());
        let auth = Auth::bound(client_id.into(), client_secret.into(), person)?;
        Ok(self.with_auth(auth, Some(Purpose::Treatment)))
    }

    /// A client that is nobody, on the same device.
    #[must_use]
    pub fn anonymous(&self) -> Self {
        self.with_auth(Auth::Anonymous, None)
    }

    /// The same client, whose requests state this purpose of use.
    ///
    /// [`Purpose::EmergencyTreatment`] for a patient to whom the caller has opened emergency
    /// access. The choice stays with clients made from this one, whoever they are.
    #[must_use]
    pub fn with_purpose(&self, purpose: Purpose) -> Self {
        self.with_manner(|manner| manner.purpose = Stated::Chosen(purpose))
    }

    /// The same client, whose requests state no purpose of use. The server refuses requests with
    /// a session then (`purpose_required`).
    #[must_use]
    pub fn without_purpose(&self) -> Self {
        self.with_manner(|manner| manner.purpose = Stated::Nothing)
    }

    /// The same client on a registered device, whose token every request carries.
    ///
    /// The token is the one that [`Devices::enrol`](crate::groups::Devices::enrol) answered with.
    /// Clients made from this one by signing in stay on the device.
    #[must_use]
    pub fn with_device(&self, token: impl Into<Secret>) -> Self {
        self.with_manner(|manner| manner.device = Some(token.into()))
    }

    /// The same client, whose requests do not count as activity of the person: for what a program
    /// asks by itself, such as reading again at intervals.
    #[must_use]
    pub fn unattended(&self) -> Self {
        self.with_manner(|manner| manner.unattended = true)
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
}
