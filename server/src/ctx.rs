//! What a handler is given: who is asking, for which network, and the only door to the database.
//!
//! A request reaches the database through [`Ctx::read`] or [`Ctx::write`] (or [`Door::within`] before sign-in): one
//! transaction, bound to the caller's network, in which the caller's rows are looked at again. A transaction that
//! recorded nothing for the access log is taken back. A refusal is taken back too, and recorded in a second, small
//! transaction. Answers leave only after the commit.

mod door;
mod refusal;
mod tx;

use std::{
    cell::RefCell,
    collections::BTreeSet,
    future::{Ready, ready},
};

use actix_web::{FromRequest, HttpMessage, HttpRequest, dev::Payload, http::header, web::Data};
use chrono::{DateTime, Utc};
use diesel_async::AsyncPgConnection;
use serde::Serialize;
use uuid::Uuid;

use door::{Mode, Who};

use crate::{
    Error, Result,
    app::App,
    spine::{
        access::{Purpose, Question},
        audit::Entry,
        auth::{Actor, proof::Proof, token::Caller},
        http::RequestInfo,
        idempotency::{self, Claim},
        reply::{Answer, Reply},
    },
};

/// A request before anybody is known: for sign-in and for the health of the server.
pub struct Door {
    /// The process.
    pub app: Data<App>,
    /// The request.
    pub request: RequestInfo,
}

/// A request of somebody with a good access token.
pub struct Ctx {
    door: Door,
    caller: Caller,
}

/// A transaction bound to one network and one actor. Queries take `&Tx`; nothing else reaches the database.
///
/// Queries of one transaction that do not need each other's answers may be awaited together: they are sent as one
/// pipeline.
pub struct Tx<'a> {
    connection: &'a AsyncPgConnection,
    app: &'a App,
    request: &'a RequestInfo,
    notes: &'a RefCell<Notes>,
    /// The network.
    pub tenant_id: Uuid,
    /// The moment of the transaction.
    pub now: DateTime<Utc>,
    /// Whoever acts.
    pub actor: &'a Actor,
    /// For what purpose.
    pub purpose: Purpose,
}

/// What a transaction gathers for the access log.
#[derive(Default)]
struct Notes {
    entries: Vec<Entry>,
    rules: BTreeSet<String>,
    /// What the rules were asked first: what the act as a whole was decided by.
    question: Option<Question>,
    /// Whether something was put into the outbox.
    work: bool,
    /// Whether entries of the access log were written.
    logged: bool,
    /// Who turned out to act, where that was not known when the transaction began.
    actor: Option<Actor>,
    /// The patients of whom a refusal tells something.
    told_of: Vec<Uuid>,
}

impl Ctx {
    /// The process.
    pub fn app(&self) -> &App {
        &self.door.app
    }

    /// Who asks, by token.
    pub fn caller(&self) -> Caller {
        self.caller
    }

    /// The request.
    pub fn request(&self) -> &RequestInfo {
        &self.door.request
    }

    /// The same request before anybody is known: for what must stand even if the rest is refused.
    pub(crate) fn door(&self) -> &Door {
        &self.door
    }

    /// Writes without keeping the answer for a repetition, because it is a session: `f` in one transaction, again if it
    /// collided with another.
    pub async fn act<T>(&self, f: impl AsyncFn(&Tx<'_>) -> Result<T>) -> Result<T> {
        self.door
            .transact(
                self.caller.tenant_id(),
                &Who::Caller(self.caller),
                Mode::Write,
                &f,
            )
            .await
    }

    /// Reads: `f` in one transaction with one snapshot. Fails if `f` recorded nothing.
    pub async fn read<T>(&self, f: impl AsyncFn(&Tx<'_>) -> Result<T>) -> Result<T> {
        self.door
            .transact(
                self.caller.tenant_id(),
                &Who::Caller(self.caller),
                Mode::Read,
                &f,
            )
            .await
    }

    /// Reads as [`Ctx::read`], the access log too: for auditors, and for patients who ask who has looked.
    pub async fn read_log<T>(&self, f: impl AsyncFn(&Tx<'_>) -> Result<T>) -> Result<T> {
        self.door
            .transact(
                self.caller.tenant_id(),
                &Who::Caller(self.caller),
                Mode::ReadLog,
                &f,
            )
            .await
    }

    /// Reads on in the access log, as part of an act that has its entry: another part of what is sent bit by bit. Whoever
    /// asks is looked at again.
    pub(crate) async fn read_on<T>(&self, f: impl AsyncFn(&Tx<'_>) -> Result<T>) -> Result<T> {
        self.door
            .transact(
                self.caller.tenant_id(),
                &Who::Caller(self.caller),
                Mode::ReadOn,
                &f,
            )
            .await
    }

    /// A request by a link: of whoever it was given to, who is looked at again, for the same purpose. Nobody need sit
    /// before it.
    pub(crate) fn of_link(mut door: Door, caller: Caller, purpose: Option<String>) -> Self {
        door.request.trail.note_network(caller.tenant_id());
        door.request.trail.caller.get_or_init(|| caller);
        door.request.purpose = purpose;
        door.request.unattended = true;
        Self { door, caller }
    }

    /// The same request for as long as its answer takes: the access token was good when it began.
    #[must_use]
    pub(crate) fn lasting(mut self) -> Self {
        self.door.request.token_expires_at = None;
        self
    }

    /// Writes: `f` in one transaction, again if it collided with another. `digest` is that of the body, so that a
    /// repeated `Idempotency-Key` gets the same answer or is refused.
    pub async fn write<T: Serialize>(
        &self,
        digest: &[u8],
        f: impl AsyncFn(&Tx<'_>) -> Result<Reply<T>>,
    ) -> Result<Answer> {
        self.write_as(Mode::Write, digest, f).await
    }

    /// Writes as [`Ctx::write`], with the access log to be read meanwhile: for what auditors do about entries.
    pub async fn write_log<T: Serialize>(
        &self,
        digest: &[u8],
        f: impl AsyncFn(&Tx<'_>) -> Result<Reply<T>>,
    ) -> Result<Answer> {
        self.write_as(Mode::WriteLog, digest, f).await
    }

    async fn write_as<T: Serialize>(
        &self,
        mode: Mode,
        digest: &[u8],
        f: impl AsyncFn(&Tx<'_>) -> Result<Reply<T>>,
    ) -> Result<Answer> {
        let key = self.door.request.idempotency_key.as_deref();
        let digest = self.door.request.fingerprint(digest);
        let once = async |tx: &Tx<'_>| {
            let Some(key) = key else {
                return f(tx).await?.render();
            };
            match idempotency::claim(tx, self.caller.id(), key, &digest).await? {
                Claim::New => {
                    let answer = f(tx).await?.render()?;
                    idempotency::keep(tx, self.caller.id(), key, &answer).await?;
                    Ok(answer)
                }
                Claim::Known(known) => {
                    let (answer, question) = *known;
                    answer.still_allowed(tx, question).await?;
                    Ok(answer)
                }
            }
        };
        self.door
            .transact(
                self.caller.tenant_id(),
                &Who::Caller(self.caller),
                mode,
                &once,
            )
            .await
    }
}

impl FromRequest for Door {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let made = Self::of(request);
        ready(made.and_then(|door| door.request.check_key().map(|()| door)))
    }
}

impl Door {
    fn of(request: &HttpRequest) -> Result<Self> {
        let app = request
            .app_data::<Data<App>>()
            .ok_or_else(|| Error::internal("the process state is missing"))?;
        let info = request.extensions().get::<RequestInfo>().cloned();
        let info = info.ok_or_else(|| Error::internal("the request has no number"))?;
        Ok(Self {
            app: app.clone(),
            request: info.routed(request),
        })
    }
}

impl FromRequest for Ctx {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let made = Door::of(request).and_then(|mut door| {
            let token = request
                .headers()
                .get(header::AUTHORIZATION)
                .and_then(|value| value.to_str().ok());
            let (scheme, token) = token
                .and_then(|value| value.split_once(' '))
                .ok_or(Error::Unauthenticated)?;
            if !["Bearer", "DPoP"].contains(&scheme) {
                return Err(Error::Unauthenticated);
            }
            let now = door.app.clock.now();
            let trail = door.request.trail.clone();
            let bearer = door.app.tokens.read(token, now).inspect_err(|_| {
                // One that ran out still says for which network it was.
                if let Some(network) = door.app.tokens.network_of(token) {
                    trail.note_network(network);
                }
            })?;
            trail.note_network(bearer.caller.tenant_id());
            let bound = bearer.key.is_some();
            let proof = if bound {
                Proof::of(request, Some(token), now)?
            } else {
                None
            };
            let held = proof.as_ref().map(|proof| &proof.key) == bearer.key.as_ref();
            if !held || bound != (scheme == "DPoP") {
                return Err(Error::InvalidProof);
            }
            door.request.proof = proof;
            trail.caller.get_or_init(|| bearer.caller);
            door.request.check_key()?;
            let purpose = door.request.purpose.as_deref();
            // Systems have one purpose, agreed when they were registered; people say theirs (AZ-16).
            if matches!(bearer.caller, Caller::Session { .. })
                && purpose.and_then(Purpose::parse).is_none()
            {
                return Err(Error::PurposeRequired);
            }
            door.request.token_expires_at = Some(bearer.expires_at);
            Ok(Self {
                door,
                caller: bearer.caller,
            })
        });
        ready(made)
    }
}
