//! Entries without a place: those that wait for one, and those that have none.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use tsumugi_schema::tables::{
    audit_cursors as cursors, audit_events as events, audit_leaves as leaves,
    audit_rejects as rejects,
};
use uuid::Uuid;

use super::queries::PAGE;
use crate::{Result, spine::audit::Stored};

/// How far the entries of a cluster are sealed, or looked at.
#[derive(Debug, Clone, Copy)]
pub(super) struct After {
    epoch: i64,
    xid: i64,
    id: Uuid,
}

impl After {
    /// Whether an entry comes after.
    pub(super) fn is_before(self, row: &Stored) -> bool {
        row.epoch == self.epoch && (row.xid, row.id) > (self.xid, self.id)
    }

    pub(super) fn move_to(&mut self, row: &Stored) {
        (self.xid, self.id) = (row.xid, row.id);
    }
}

/// How far each cluster is sealed in which entries were written.
pub(super) async fn cursors(
    mut connection: &AsyncPgConnection,
    tenant_id: Uuid,
    tree: i16,
) -> Result<Vec<After>> {
    let (mut found, mut last) = (Vec::new(), i64::MIN);
    loop {
        let next: Option<i64> = events::table
            .filter(events::tenant_id.eq(tenant_id))
            .filter(events::epoch.gt(last))
            .order(events::epoch)
            .select(events::epoch)
            .first(&mut connection)
            .await
            .optional()?;
        let Some(epoch) = next else { return Ok(found) };
        let cursor: Option<(i64, Uuid)> = cursors::table
            .find((tenant_id, tree, epoch))
            .select((cursors::xid, cursors::event_id))
            .first(&mut connection)
            .await
            .optional()?;
        let (xid, id) = cursor.unwrap_or((i64::MIN, Uuid::nil()));
        found.push(After { epoch, xid, id });
        last = epoch;
    }
}

/// How many entries there are.
pub(super) async fn count_events(
    mut connection: &AsyncPgConnection,
    tenant_id: Uuid,
) -> Result<i64> {
    let all = events::table.filter(events::tenant_id.eq(tenant_id));
    Ok(all.count().get_result(&mut connection).await?)
}

/// How many entries of a cluster wait for their place.
pub(super) async fn count_waiting(
    mut connection: &AsyncPgConnection,
    tenant_id: Uuid,
    after: After,
) -> Result<i64> {
    Ok(events::table
        .filter(events::tenant_id.eq(tenant_id))
        .filter(events::epoch.eq(after.epoch))
        .filter(events::xid.ge(after.xid))
        .filter(events::xid.gt(after.xid).or(events::id.gt(after.id)))
        .count()
        .get_result(&mut connection)
        .await?)
}

/// Entries of a cluster that wait for their place.
pub(super) async fn page_waiting(
    mut connection: &AsyncPgConnection,
    tenant_id: Uuid,
    after: After,
) -> Result<Vec<Stored>> {
    Ok(events::table
        .filter(events::tenant_id.eq(tenant_id))
        .filter(events::epoch.eq(after.epoch))
        .filter(events::xid.ge(after.xid))
        .filter(events::xid.gt(after.xid).or(events::id.gt(after.id)))
        .order((events::xid, events::id))
        .limit(PAGE)
        .select(Stored::as_select())
        .load(&mut connection)
        .await?)
}

/// Entries that no leaf of a tree leads to, and whether they were found not genuine.
pub(super) async fn page_loose(
    mut connection: &AsyncPgConnection,
    tenant_id: Uuid,
    tree: i16,
    after: Option<(DateTime<Utc>, Uuid)>,
) -> Result<Vec<(Stored, bool)>> {
    let its_leaf = leaves::table
        .filter(leaves::tenant_id.eq(events::tenant_id))
        .filter(leaves::event_id.eq(events::id))
        .filter(leaves::tree.eq(tree))
        .filter(leaves::event_at.eq(events::at));
    let mut query = events::table
        .left_join(
            rejects::table.on(rejects::tenant_id
                .eq(events::tenant_id)
                .and(rejects::event_at.eq(events::at))
                .and(rejects::event_id.eq(events::id))),
        )
        .filter(events::tenant_id.eq(tenant_id))
        .filter(diesel::dsl::not(diesel::dsl::exists(its_leaf)))
        .into_boxed();
    if let Some((at, id)) = after {
        query = query.filter(events::at.ge(at));
        query = query.filter(events::at.gt(at).or(events::id.gt(id)));
    }
    let rows: Vec<(Stored, Option<Uuid>)> = query
        .order((events::at, events::id))
        .limit(PAGE)
        .select((Stored::as_select(), rejects::event_id.nullable()))
        .load(&mut connection)
        .await?;
    Ok(rows
        .into_iter()
        .map(|(row, rejected)| (row, rejected.is_some()))
        .collect())
}
