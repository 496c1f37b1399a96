//! Everything that is to happen because something was written: a row in the same transaction, worked off afterwards.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use tsumugi_schema::tables::outbox;
use uuid::Uuid;

use super::ids;
use crate::{Result, ctx::Tx};

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

/// Adds a piece of work to this transaction. The database nudges the workers when it commits.
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
