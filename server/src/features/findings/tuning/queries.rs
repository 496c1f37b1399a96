use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde_json::Value;
use tsumugi_schema::tables::{
    finding_progress as progress, finding_rules as versions, staff_members,
};

use super::super::policy::{KeepRules, ReadRules};
use crate::{Result, ctx::Tx, spine::access::Permit};

/// A version with the name of its author.
#[derive(Debug, Clone, Queryable)]
pub(super) struct Version {
    pub(super) number: i32,
    pub(super) rules: Value,
    pub(super) reason: String,
    pub(super) created_at: DateTime<Utc>,
    pub(super) author: String,
}

#[diesel::dsl::auto_type(no_type_alias)]
fn with_authors() -> _ {
    versions::table.inner_join(
        staff_members::table.on(staff_members::tenant_id
            .eq(versions::tenant_id)
            .and(staff_members::id.eq(versions::created_by))),
    )
}

macro_rules! columns {
    () => {
        (
            versions::version,
            versions::rules,
            versions::reason,
            versions::created_at,
            staff_members::name,
        )
    };
}

/// The newest version.
pub(super) async fn newest(tx: &Tx<'_>) -> Result<Option<Version>> {
    Ok(with_authors()
        .filter(versions::tenant_id.eq(tx.tenant_id))
        .order(versions::version.desc())
        .select(columns!())
        .first(&mut tx.conn())
        .await
        .optional()?)
}

/// One version.
pub(super) async fn find(tx: &Tx<'_>, version: i32) -> Result<Option<Version>> {
    Ok(with_authors()
        .filter(versions::tenant_id.eq(tx.tenant_id))
        .filter(versions::version.eq(version))
        .select(columns!())
        .first(&mut tx.conn())
        .await
        .optional()?)
}

/// Versions, newest first, one more than the limit.
pub(super) async fn page(
    tx: &Tx<'_>,
    _: Permit<ReadRules>,
    before: Option<i32>,
    limit: i64,
) -> Result<Vec<Version>> {
    Ok(with_authors()
        .filter(versions::tenant_id.eq(tx.tenant_id))
        .filter(versions::version.lt(before.unwrap_or(i32::MAX)))
        .order(versions::version.desc())
        .limit(limit + 1)
        .select(columns!())
        .load(&mut tx.conn())
        .await?)
}

/// Writes a version; answers whether it was the first with this number.
pub(super) async fn insert(
    tx: &Tx<'_>,
    _: Permit<KeepRules>,
    version: i32,
    rules: Value,
    reason: &str,
) -> Result<bool> {
    let inserted = diesel::insert_into(versions::table)
        .values((
            versions::tenant_id.eq(tx.tenant_id),
            versions::version.eq(version),
            versions::rules.eq(rules),
            versions::reason.eq(reason),
            versions::created_at.eq(tx.now),
            versions::created_by.eq(tx.actor.ids().0),
        ))
        .on_conflict_do_nothing()
        .execute(&mut tx.conn())
        .await?;
    Ok(inserted == 1)
}

/// Whether the log is still being looked through by the newest rules.
pub(super) async fn is_computing(tx: &Tx<'_>) -> Result<bool> {
    let found: Option<(i32, i32)> = progress::table
        .find(tx.tenant_id)
        .select((progress::wanted, progress::done))
        .first(&mut tx.conn())
        .await
        .optional()?;
    Ok(found.is_none_or(|(wanted, done)| wanted != done))
}
