//! Refusals: recorded in a small transaction of their own, because that of the act was taken back or never began. What
//! cannot be recorded is not answered either: the caller hears only that it is not available (AU-04).

use std::cell::RefCell;

use diesel_async::{AnsiTransactionManager, AsyncPgConnection, TransactionManager};
use uuid::Uuid;

use super::{
    Door, Notes, Tx,
    door::{Mode, Who, begin},
};
use crate::{
    Error, Result,
    app::Pool,
    spine::{
        access::Resource,
        audit::{self, Entry, tally::Seen},
        auth::{self, Actor, token::Caller},
        http::RequestInfo,
    },
};

/// Codes of callers who did not show who they are.
const UNKNOWN: [&str; 3] = ["unauthenticated", "token_expired", "invalid_proof"];

impl Door {
    /// Records the refusal of a transaction that was taken back. If that cannot be done, the caller hears only that.
    pub(super) async fn record_refusal(
        &self,
        tenant_id: Uuid,
        who: &Who,
        notes: Notes,
        error: Error,
    ) -> Error {
        let Some(entry) = self.entry_of(who, &notes, &error) else {
            return error;
        };
        match self
            .write_refusal(tenant_id, who, notes, entry, error.code())
            .await
        {
            Ok(()) => error,
            Err(fault) => Error::unavailable(fault),
        }
    }

    /// The entry of a refusal; nothing for a fault of the server, and for what is recorded when the request ends.
    fn entry_of(&self, who: &Who, notes: &Notes, error: &Error) -> Option<Entry> {
        Some(match error {
            Error::Denied(denial) => (**denial).clone().into(),
            Error::SessionEnded | Error::DeviceRequired => Entry::new("session.use"),
            Error::InvalidCredentials(account) => {
                let entry = Entry::new("session.create");
                account.map_or(entry.clone(), |id| entry.on("account", id))
            }
            Error::Unavailable(_)
            | Error::Retry
            | Error::Internal(_)
            | Error::TooManyAttempts(_) => return None,
            error if UNKNOWN.contains(&error.code()) => return None,
            _ if matches!(who, Who::Caller(_)) => {
                let entry = self.entry_of_request();
                let asked = notes.question.as_ref().map(|question| &question.resource);
                match asked {
                    Some(Resource::Patient { id }) => entry.of_patient(*id),
                    _ => entry,
                }
            }
            _ => return None,
        })
    }

    /// An entry that says which operation was refused, and about which patient its address is.
    fn entry_of_request(&self) -> Entry {
        let entry = Entry::new("request.refuse");
        let entry = match self.request.operation {
            Some(operation) => entry.of_operation(operation),
            None => entry,
        };
        match self.request.patient_id {
            Some(patient_id) => entry.of_patient(patient_id),
            None => entry,
        }
    }

    async fn write_refusal(
        &self,
        tenant_id: Uuid,
        who: &Who,
        notes: Notes,
        entry: Entry,
        code: &'static str,
    ) -> Result<()> {
        let rules: Vec<String> = notes.rules.into_iter().collect();
        let entry = entry.naming(notes.told_of);
        let mut pooled = self.app.connection(Pool::Requests).await?;
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
        let question = notes.question.as_ref();
        audit::write(&tx(&actor), &entry, &rules, question, Some(code)).await?;
        AnsiTransactionManager::commit_transaction(connection).await?;
        self.request.trail.note_recorded();
        self.app.unsealed.add(tenant_id);
        Ok(())
    }

    /// Records a request that was refused before anything was recorded of it: for its form, for a token that is not good,
    /// or for too many attempts. Where nobody is known by a good token, a source has one entry at once and one for all
    /// that followed within the minute; where not even a network is known, there is no log to record it in.
    pub(crate) async fn record_refused_request(&self, code: &'static str) -> Result<()> {
        let trail = &self.request.trail;
        let caller = trail.caller.get().copied();
        // A system whose token is good is known, even where only a person's session would do.
        let known = caller
            .filter(|caller| matches!(caller, Caller::Client { .. }) || !UNKNOWN.contains(&code));
        let (tenant_id, who) = match (known, trail.network.get()) {
            (Some(caller), _) => (caller.tenant_id(), Who::Caller(caller)),
            (None, Some(network)) => (*network, Who::Known(Actor::Anonymous)),
            (None, None) => return Ok(()),
        };
        let ip = self.request.ip.as_deref();
        if known.is_none()
            && self
                .app
                .tally
                .count(tenant_id, ip, code, self.app.clock.now())
                == Seen::Before
        {
            return Ok(());
        }
        let entry = self.entry_of_request();
        self.write_refusal(tenant_id, &who, Notes::default(), entry, code)
            .await
            .map_err(Error::unavailable)
    }

    /// Records how many requests of each source were refused in the minutes that are over; with `all`, in this one too.
    pub(crate) async fn record_tally(&self, all: bool) {
        for counted in self.app.tally.take(self.app.clock.now(), all) {
            let mut door = Door {
                app: self.app.clone(),
                request: RequestInfo::internal("tally"),
            };
            door.request.ip = counted.source;
            let entry = Entry::new("request.refuse").listing(counted.count);
            let who = Who::Known(Actor::Anonymous);
            let written = door
                .write_refusal(counted.network, &who, Notes::default(), entry, counted.code)
                .await;
            if let Err(error) = written {
                tracing::error!(%error, "refused requests that were counted could not be recorded");
            }
        }
    }
}
