use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde::{Deserialize, Serialize};
use tsumugi_schema::tables::{audit_checkpoints as checkpoints, audit_trees as trees, tenants};

use super::policy::Read;
use crate::{Result, ctx::Tx, spine::access::Permit};

/// A checkpoint that is kept.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = checkpoints, check_for_backend(diesel::pg::Pg))]
pub(super) struct Kept {
    pub(super) tree: i16,
    pub(super) size: i64,
    pub(super) signed_at: DateTime<Utc>,
    pub(super) note: String,
}

/// The place in the list.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(super) struct Place(pub(super) DateTime<Utc>, pub(super) i16, pub(super) i64);

/// Checkpoints, newest first, one more than `limit`.
pub(super) async fn page(
    tx: &Tx<'_>,
    _: Permit<Read>,
    before: Option<Place>,
    limit: i64,
) -> Result<Vec<Kept>> {
    let mut query = checkpoints::table
        .filter(checkpoints::tenant_id.eq(tx.tenant_id))
        .into_boxed();
    if let Some(Place(at, tree, size)) = before {
        let same_tree = checkpoints::tree.eq(tree).and(checkpoints::size.lt(size));
        let earlier = checkpoints::signed_at
            .lt(at)
            .or(checkpoints::tree.lt(tree))
            .or(same_tree);
        query = query.filter(checkpoints::signed_at.le(at)).filter(earlier);
    }
    Ok(query
        .order((
            checkpoints::signed_at.desc(),
            checkpoints::tree.desc(),
            checkpoints::size.desc(),
        ))
        .limit(limit + 1)
        .select(Kept::as_select())
        .load(&mut tx.conn())
        .await?)
}

/// How many entries a tree has; nothing when there is none of this number.
pub(super) async fn find_size(tx: &Tx<'_>, tree: i16) -> Result<Option<i64>> {
    Ok(trees::table
        .find((tx.tenant_id, tree))
        .select(trees::size)
        .first(&mut tx.conn())
        .await
        .optional()?)
}

/// The short name of the network.
pub(super) async fn find_slug(tx: &Tx<'_>) -> Result<String> {
    Ok(tenants::table
        .find(tx.tenant_id)
        .select(tenants::slug)
        .first(&mut tx.conn())
        .await?)
}
