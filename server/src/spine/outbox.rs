//! Everything that is to happen because something was written: a row in the same transaction, worked off afterwards.

use std::{
    collections::BTreeSet,
    sync::{Mutex, MutexGuard, PoisonError},
};

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use tokio::sync::Notify;
use tsumugi_schema::tables::outbox;
use uuid::Uuid;

use super::ids;
use crate::{Result, ctx::Tx};

/// The networks in which something is due, as far as this process knows: filled when a transaction that enqueued
/// something has committed, emptied by the worker. What is missed (another process, a crash) is found by the worker's
/// regular look at every network. A notification from inside the transaction would make all commits of the database
/// wait for each other.
#[derive(Debug, Default)]
pub struct Due {
    networks: Mutex<BTreeSet<Uuid>>,
    nudge: Notify,
}

impl Due {
    /// Something is due in this network.
    pub fn add(&self, tenant_id: Uuid) {
        self.lock().insert(tenant_id);
        self.nudge.notify_one();
    }

    /// All of these are to be looked at.
    pub fn extend(&self, networks: impl IntoIterator<Item = Uuid>) {
        self.lock().extend(networks);
    }

    /// The next network to look at.
    pub fn next(&self) -> Option<Uuid> {
        self.lock().pop_first()
    }

    /// Waits until something is due.
    pub async fn wait(&self) {
        self.nudge.notified().await;
    }

    fn lock(&self) -> MutexGuard<'_, BTreeSet<Uuid>> {
        // Nothing that holds the lock can leave the set half changed.
        self.networks.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A piece of work.
#[derive(Debug, Queryable)]
pub struct Job {
    /// Its id.
    pub id: Uuid,
    /// What is to be done.
    pub kind: String,
    /// With what: ids only.
    pub payload: serde_json::Value,
    /// How often it was tried.
    pub attempts: i32,
}

/// Adds a piece of work to this transaction. The worker is nudged when it has committed.
pub async fn enqueue(tx: &Tx<'_>, kind: &'static str, payload: serde_json::Value) -> Result<()> {
    diesel::insert_into(outbox::table)
        .values((
            outbox::tenant_id.eq(tx.tenant_id),
            outbox::id.eq(ids::new_id()),
            outbox::kind.eq(kind),
            outbox::payload.eq(payload),
            outbox::created_at.eq(tx.now),
            outbox::available_at.eq(tx.now),
            outbox::attempts.eq(0),
        ))
        .execute(&mut tx.conn())
        .await?;
    tx.note_work();
    Ok(())
}

/// Takes the oldest piece of work that is due and that nobody else has taken; it is gone when the transaction commits.
pub async fn take(tx: &Tx<'_>) -> Result<Option<Job>> {
    let job: Option<Job> = outbox::table
        .filter(outbox::tenant_id.eq(tx.tenant_id))
        .filter(outbox::available_at.le(tx.now))
        .order((outbox::available_at, outbox::id))
        .select((outbox::id, outbox::kind, outbox::payload, outbox::attempts))
        .for_update()
        .skip_locked()
        .first(&mut tx.conn())
        .await
        .optional()?;
    if let Some(job) = &job {
        diesel::delete(outbox::table.find((tx.tenant_id, job.id)))
            .execute(&mut tx.conn())
            .await?;
    }
    Ok(job)
}

/// Puts a failed piece of work off: 1, 2, 4 … seconds, at most an hour. It is never given up.
pub async fn put_off(tx: &Tx<'_>, id: Uuid, attempts: i32, error: &str) -> Result<()> {
    let wait =
        chrono::TimeDelta::seconds(1 << attempts.clamp(0, 11)).min(chrono::TimeDelta::hours(1));
    diesel::update(outbox::table.find((tx.tenant_id, id)))
        .set((
            outbox::attempts.eq(attempts + 1),
            outbox::available_at.eq(tx.now + wait),
            outbox::last_error.eq(super::text::excerpt(error, 200)),
        ))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}
