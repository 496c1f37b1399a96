//! What a handler is given: who is asking, for which network, and the only door to the database.
//!
//! A request reaches the database through [`Ctx::read`] or [`Ctx::write`] (or [`Door::within`] before sign-in): one
//! transaction, bound to the caller's network, in which the caller's rows are looked at again. A transaction that
//! recorded nothing for the access log is taken back. A refusal is taken back too, and recorded in a second, small
//! transaction. Answers leave only after the commit.

mod tx;

use std::{
    cell::RefCell,
    collections::BTreeSet,
    future::{Ready, ready},
};

use actix_web::{FromRequest, HttpMessage, HttpRequest, dev::Payload, http::header, web::Data};
use chrono::{DateTime, Utc};
use diesel_async::{AnsiTransactionManager, AsyncPgConnection, TransactionManager};
use serde::Serialize;
use uuid::Uuid;

use crate::{
    Error, Result,
    app::App,
    spine::{
        access::{Purpose, Question},
        audit::{self, Entry},
        auth::{self, Actor, proof::Proof, token::Caller},
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
    /// Who turned out to act, where that was not known when the transaction began.
    actor: Option<Actor>,
}

/// Who acts in a transaction: somebody whose rows are to be looked at, or an actor that needs none.
enum Who {
    Caller(Caller),
    Known(Actor),
}

/// How a transaction sees what others write meanwhile.
#[derive(Clone, Copy)]
enum Mode {
    /// One snapshot for the decision and the data.
    Read,
    /// Sees what is committed; locks what it changes.
    Write,
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

    /// Writes: `f` in one transaction, again if it collided with another. `digest` is that of the body, so that a
    /// repeated `Idempotency-Key` gets the same answer or is refused.
    pub async fn write<T: Serialize>(
        &self,
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
                Mode::Write,
                &once,
            )
            .await
    }
}

impl Door {
    /// Runs `f` in a transaction of `tenant_id` on behalf of nobody in particular: sign-in, and the worker.
    pub async fn within<T>(
        &self,
        tenant_id: Uuid,
        actor: Actor,
        f: impl AsyncFn(&Tx<'_>) -> Result<T>,
    ) -> Result<T> {
        self.transact(tenant_id, &Who::Known(actor), Mode::Write, &f)
            .await
    }

    /// Reads what has to be known before anybody is: which network, which account. Leaves no entry, because what comes
    /// of it does.
    pub async fn look_up<T>(
        &self,
        tenant_id: Uuid,
        f: impl AsyncFn(&Tx<'_>) -> Result<T>,
    ) -> Result<T> {
        self.transact(tenant_id, &Who::Known(Actor::Worker), Mode::Read, &f)
            .await
    }

    async fn transact<T>(
        &self,
        tenant_id: Uuid,
        who: &Who,
        mode: Mode,
        f: &impl AsyncFn(&Tx<'_>) -> Result<T>,
    ) -> Result<T> {
        let mut attempt = 1;
        loop {
            let notes = RefCell::default();
            match self.attempt(tenant_id, who, mode, &notes, f).await {
                Err(Error::Retry) if attempt < 5 => attempt += 1,
                Err(error) => {
                    return Err(self
                        .record_refusal(tenant_id, who, notes.take(), error)
                        .await);
                }
                done => return done,
            }
        }
    }

    async fn attempt<T>(
        &self,
        tenant_id: Uuid,
        who: &Who,
        mode: Mode,
        notes: &RefCell<Notes>,
        f: &impl AsyncFn(&Tx<'_>) -> Result<T>,
    ) -> Result<T> {
        let mut pooled = self.app.connection().await?;
        let connection: &mut AsyncPgConnection = &mut pooled;
        begin(connection, tenant_id, mode).await?;
        let outcome = self.inside(connection, tenant_id, who, notes, f).await;
        match outcome {
            Ok(value) => {
                AnsiTransactionManager::commit_transaction(connection).await?;
                if notes.borrow().work {
                    self.app.due.add(tenant_id);
                }
                Ok(value)
            }
            Err(error) => {
                // The first error is the one that tells what happened; a connection that cannot even roll back is
                // thrown away by the pool.
                if let Err(second) = AnsiTransactionManager::rollback_transaction(connection).await
                {
                    tracing::warn!(error = %second, "roll-back failed");
                }
                Err(error)
            }
        }
    }

    async fn inside<T>(
        &self,
        connection: &AsyncPgConnection,
        tenant_id: Uuid,
        who: &Who,
        notes: &RefCell<Notes>,
        f: &impl AsyncFn(&Tx<'_>) -> Result<T>,
    ) -> Result<T> {
        let now = self.app.clock.now();
        let tx = |actor| Tx {
            connection,
            app: &self.app,
            request: &self.request,
            notes,
            tenant_id,
            now,
            actor,
            purpose: self.purpose(actor),
        };
        let loaded;
        let actor = match who {
            Who::Known(actor) => actor,
            Who::Caller(caller) => {
                loaded = auth::queries::actor(&tx(&Actor::Anonymous), *caller).await?;
                &loaded
            }
        };
        let value = f(&tx(actor)).await?;
        let (entries, rules, known, question) = {
            let mut notes = notes.borrow_mut();
            (
                std::mem::take(&mut notes.entries),
                std::mem::take(&mut notes.rules),
                notes.actor.take(),
                notes.question.take(),
            )
        };
        let tx = tx(known.as_ref().unwrap_or(actor));
        if entries.is_empty() && !matches!(actor, Actor::Worker) {
            return Err(Error::internal(
                "a transaction recorded nothing for the access log",
            ));
        }
        let rules: Vec<String> = rules.into_iter().collect();
        for entry in &entries {
            audit::write(&tx, entry, &rules, question.as_ref(), None)
                .await
                .map_err(not_logged)?;
        }
        Ok(value)
    }

    /// The purpose that the caller gives, or the usual one of whoever acts without a request of a person.
    fn purpose(&self, actor: &Actor) -> Purpose {
        let given = self.request.purpose.as_deref().and_then(Purpose::parse);
        match actor {
            Actor::Person(person) => given.unwrap_or_else(|| Purpose::usual(person.role)),
            Actor::System(_) => Purpose::Treatment,
            Actor::Worker | Actor::Anonymous => Purpose::Administration,
        }
    }

    /// Records a refusal in a transaction of its own. If that cannot be done, the caller hears only that.
    async fn record_refusal(
        &self,
        tenant_id: Uuid,
        who: &Who,
        notes: Notes,
        error: Error,
    ) -> Error {
        let entry: Entry = match &error {
            Error::Denied(denial) => (**denial).clone().into(),
            Error::SessionEnded | Error::DeviceRequired => Entry::new("session.use"),
            Error::InvalidCredentials(account) => {
                let entry = Entry::new("session.create");
                account.map_or(entry.clone(), |id| entry.on("account", id))
            }
            _ => return error,
        };
        let code = error.code();
        let rules: Vec<String> = notes.rules.into_iter().collect();
        let written = async {
            let mut pooled = self.app.connection().await?;
            let connection: &mut AsyncPgConnection = &mut pooled;
            begin(connection, tenant_id, Mode::Write).await?;
            let fresh = RefCell::default();
            let now = self.app.clock.now();
            let tx = |actor| Tx {
                connection: &*connection,
                app: &self.app,
                request: &self.request,
                notes: &fresh,
                tenant_id,
                now,
                actor,
                purpose: self.purpose(actor),
            };
            let actor = match who {
                Who::Known(actor) => actor.clone(),
                // The rows may be the reason for the refusal.
                Who::Caller(caller) => auth::queries::actor(&tx(&Actor::Anonymous), *caller)
                    .await
                    .unwrap_or(Actor::Anonymous),
            };
            audit::write(
                &tx(&actor),
                &entry,
                &rules,
                notes.question.as_ref(),
                Some(code),
            )
            .await?;
            AnsiTransactionManager::commit_transaction(connection).await?;
            Ok::<_, Error>(())
        };
        match written.await {
            Ok(()) => error,
            Err(fault) => Error::unavailable(fault),
        }
    }
}

/// What cannot be recorded is not done, and not answered (AU-04).
fn not_logged(error: Error) -> Error {
    match error {
        Error::Retry => Error::Retry,
        other => Error::unavailable(other),
    }
}

/// Begins a transaction bound to a network, in one round trip. The setting lasts as long as the transaction.
async fn begin(connection: &mut AsyncPgConnection, tenant_id: Uuid, mode: Mode) -> Result<()> {
    let isolation = match mode {
        Mode::Read => "REPEATABLE READ",
        Mode::Write => "READ COMMITTED",
    };
    // A Uuid prints as hexadecimal digits and hyphens only.
    let statements =
        format!("BEGIN ISOLATION LEVEL {isolation}; SET LOCAL app.tenant_id = '{tenant_id}'");
    Ok(AnsiTransactionManager::begin_transaction_sql(connection, &statements).await?)
}

impl FromRequest for Door {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::of(request))
    }
}

impl Door {
    fn of(request: &HttpRequest) -> Result<Self> {
        let app = request
            .app_data::<Data<App>>()
            .ok_or_else(|| Error::internal("the process state is missing"))?;
        let info = request.extensions().get::<RequestInfo>().cloned();
        Ok(Self {
            app: app.clone(),
            request: info.ok_or_else(|| Error::internal("the request has no number"))?,
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
            let bearer = door.app.tokens.read(token, now)?;
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
