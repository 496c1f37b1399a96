//! How far copying is.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use tsumugi_schema::tables::{audit_checkpoints as checkpoints, checkpoint_copies as copies};

use super::next_at;
use crate::{Result, ctx::Tx};

/// How far copying is.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = copies, check_for_backend(diesel::pg::Pg))]
pub struct Copied {
    /// When it is tried next.
    pub next_at: DateTime<Utc>,
    /// Attempts in a row that failed.
    pub failures: i32,
    /// Code of the last failure.
    pub failure: Option<String>,
    /// Tree of the last checkpoint that is there.
    pub tree: Option<i16>,
    /// How many entries that stands for.
    pub size: Option<i64>,
    /// When that was signed.
    pub signed_at: Option<DateTime<Utc>>,
    /// When it was copied.
    pub copied_at: Option<DateTime<Utc>>,
}

/// A checkpoint that is to be copied.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = checkpoints, check_for_backend(diesel::pg::Pg))]
pub struct Waiting {
    /// Which tree of the network.
    pub tree: i16,
    /// How many entries it stands for.
    pub size: i64,
    /// When it was signed.
    pub signed_at: DateTime<Utc>,
    /// The checkpoint.
    pub note: String,
}

/// How far copying is; nothing before the first attempt.
pub async fn find(tx: &Tx<'_>) -> Result<Option<Copied>> {
    Ok(copies::table
        .find(tx.tenant_id)
        .select(Copied::as_select())
        .first(&mut tx.conn())
        .await
        .optional()?)
}

/// The next checkpoints to be copied, unless it is too soon after a failure. Several nodes may take the same: what one
/// has put there the other finds.
pub(super) async fn take(tx: &Tx<'_>, copied: Option<&Copied>, limit: i64) -> Result<Vec<Waiting>> {
    if copied.is_some_and(|copied| copied.next_at > tx.now) {
        return Ok(Vec::new());
    }
    let mut query = checkpoints::table
        .filter(checkpoints::tenant_id.eq(tx.tenant_id))
        .into_boxed();
    if let Some(after) = copied.and_then(|copied| copied.signed_at) {
        query = query.filter(checkpoints::signed_at.gt(after));
    }
    Ok(query
        .order((checkpoints::signed_at, checkpoints::tree, checkpoints::size))
        .limit(limit)
        .select(Waiting::as_select())
        .load(&mut tx.conn())
        .await?)
}

/// Notes that a checkpoint is there; never goes back.
pub(super) async fn keep(tx: &Tx<'_>, done: &Waiting, code: Option<&str>) -> Result<()> {
    let now = (
        copies::next_at.eq(tx.now),
        copies::failures.eq(0),
        copies::failure.eq(code),
        copies::tree.eq(done.tree),
        copies::size.eq(done.size),
        copies::signed_at.eq(done.signed_at),
        copies::copied_at.eq(tx.now),
    );
    let insert = diesel::insert_into(copies::table)
        .values((copies::tenant_id.eq(tx.tenant_id), now))
        .on_conflict(copies::tenant_id)
        .do_update()
        .set(now);
    let later = copies::signed_at
        .is_null()
        .or(copies::signed_at.lt(done.signed_at));
    diesel::query_dsl::methods::FilterDsl::filter(insert, later)
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// Notes that copying failed.
pub(super) async fn put_off(tx: &Tx<'_>, code: &str) -> Result<()> {
    let failures = find(tx).await?.map_or(0, |copied| copied.failures) + 1;
    let now = (
        copies::next_at.eq(next_at(failures, tx.now)),
        copies::failures.eq(failures),
        copies::failure.eq(code),
    );
    diesel::insert_into(copies::table)
        .values((copies::tenant_id.eq(tx.tenant_id), now))
        .on_conflict(copies::tenant_id)
        .do_update()
        .set(now)
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}
