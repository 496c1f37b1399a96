//! One transaction from its beginning to its end: bound to a network, with the caller's rows looked at again, kept only
//! with its entries in the access log.

use std::cell::RefCell;

use diesel_async::{AnsiTransactionManager, AsyncPgConnection, TransactionManager};
use uuid::Uuid;

use super::{Door, Notes, Tx};
use crate::{
    Error, Result,
    app::Pool,
    spine::{
        access::Purpose,
        audit,
        auth::{self, Actor, token::Caller},
    },
};

/// Who acts in a transaction: somebody whose rows are to be looked at, or an actor that needs none.
pub(super) enum Who {
    Caller(Caller),
    Known(Actor),
}

/// How a transaction sees what others write meanwhile, and as whom the database knows it.
#[derive(Clone, Copy)]
pub(super) enum Mode {
    /// One snapshot for the decision and the data.
    Read,
    /// Sees what is committed; locks what it changes.
    Write,
    /// As [`Mode::Read`], by the role that may read the access log.
    ReadLog,
    /// As [`Mode::Write`], by the role that may read the access log.
    WriteLog,
    /// As [`Mode::ReadLog`], for another part of an act that has its entry.
    ReadOn,
}

impl Mode {
    fn isolation(self) -> &'static str {
        match self {
            Self::Read | Self::ReadLog | Self::ReadOn => "REPEATABLE READ",
            Self::Write | Self::WriteLog => "READ COMMITTED",
        }
    }

    fn pool(self) -> Pool {
        match self {
            Self::Read | Self::Write => Pool::Requests,
            Self::ReadLog | Self::WriteLog | Self::ReadOn => Pool::Log,
        }
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
        self.request.trail.note_network(tenant_id);
        self.transact(tenant_id, &Who::Known(actor), Mode::Write, &f)
            .await
    }

    /// Runs `f` as [`Door::within`], with the access log to be read: for sealing it and for looking through it.
    pub async fn within_log<T>(
        &self,
        tenant_id: Uuid,
        actor: Actor,
        f: impl AsyncFn(&Tx<'_>) -> Result<T>,
    ) -> Result<T> {
        self.transact(tenant_id, &Who::Known(actor), Mode::WriteLog, &f)
            .await
    }

    /// Reads on behalf of somebody whose request has ended, the access log too, in one snapshot: for the worker, which has
    /// looked at the rows of this actor and recorded the act before.
    pub async fn read_for<T>(
        &self,
        tenant_id: Uuid,
        actor: Actor,
        f: impl AsyncFn(&Tx<'_>) -> Result<T>,
    ) -> Result<T> {
        self.transact(tenant_id, &Who::Known(actor), Mode::ReadOn, &f)
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

    pub(super) async fn transact<T>(
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
        let mut pooled = self.app.connection(mode.pool()).await?;
        let connection: &mut AsyncPgConnection = &mut pooled;
        begin(connection, tenant_id, mode).await?;
        let outcome = self.inside(connection, tenant_id, who, mode, notes, f);
        match outcome.await {
            Ok(value) => {
                let committed = AnsiTransactionManager::commit_transaction(connection).await;
                committed.map_err(|error| not_logged(error.into()))?;
                let notes = notes.borrow();
                if notes.work {
                    self.app.due.add(tenant_id);
                }
                if notes.logged {
                    self.request.trail.note_recorded();
                    self.app.unsealed.add(tenant_id);
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
        mode: Mode,
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
        let has_entry = matches!(mode, Mode::ReadOn) || matches!(actor, Actor::Worker);
        if entries.is_empty() && !has_entry {
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
        notes.borrow_mut().logged = !entries.is_empty();
        Ok(value)
    }

    /// The purpose that the caller gives, or the usual one of whoever acts without a request of a person.
    pub(super) fn purpose(&self, actor: &Actor) -> Purpose {
        let given = self.request.purpose.as_deref().and_then(Purpose::parse);
        match actor {
            Actor::Person(person) => given.unwrap_or_else(|| Purpose::usual(person.role)),
            Actor::System(_) => Purpose::Treatment,
            Actor::Worker | Actor::Anonymous => Purpose::Administration,
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
pub(super) async fn begin(
    connection: &mut AsyncPgConnection,
    tenant_id: Uuid,
    mode: Mode,
) -> Result<()> {
    let isolation = mode.isolation();
    // A Uuid prints as hexadecimal digits and hyphens only.
    let statements =
        format!("BEGIN ISOLATION LEVEL {isolation}; SET LOCAL app.tenant_id = '{tenant_id}'");
    Ok(AnsiTransactionManager::begin_transaction_sql(connection, &statements).await?)
}
