//! What archiving reads.

use std::{
    collections::{HashMap, HashSet},
    ops::Range,
};

use chrono::{DateTime, NaiveDate, Utc};
use diesel::{
    dsl::{exists, not},
    prelude::*,
};
use diesel_async::RunQueryDsl;
use tsumugi_schema::tables::{
    audit_archives as archives, audit_cursors as cursors, audit_events as events,
    audit_leaves as leaves, audit_rejects as rejects, legal_holds as holds,
};
use uuid::Uuid;

use crate::{
    Result,
    ctx::Tx,
    spine::{audit::Stored, clock::japanese_month, page::TimeKey},
};

/// Keys of entries in one query.
const KEYS: usize = 1000;

/// A span of time, the end not included.
type Between = (DateTime<Utc>, DateTime<Utc>);

/// Whether the network holds a time.
pub(super) async fn is_held(tx: &Tx<'_>, first: NaiveDate, last: NaiveDate) -> Result<bool> {
    let hold = holds::table
        .filter(holds::tenant_id.eq(tx.tenant_id))
        .filter(holds::released_at.is_null())
        .filter(holds::from_on.le(last))
        .filter(holds::to_on.ge(first));
    Ok(diesel::select(exists(hold))
        .get_result(&mut tx.conn())
        .await?)
}

/// Whether there are entries of a time.
pub(super) async fn has_entries(tx: &Tx<'_>, (from, to): Between) -> Result<bool> {
    let entry = events::table
        .filter(events::tenant_id.eq(tx.tenant_id))
        .filter(events::at.ge(from))
        .filter(events::at.lt(to));
    Ok(diesel::select(exists(entry))
        .get_result(&mut tx.conn())
        .await?)
}

/// The next entries of a time, with their places in a tree.
pub(super) async fn list_month(
    tx: &Tx<'_>,
    tree: i16,
    (from, to): Between,
    after: Option<TimeKey>,
    limit: i64,
) -> Result<Vec<(Uuid, DateTime<Utc>, Option<i64>)>> {
    let mut query = events::table
        .left_join(
            leaves::table.on(leaves::tenant_id
                .eq(events::tenant_id)
                .and(leaves::event_id.eq(events::id))
                .and(leaves::event_at.eq(events::at))
                .and(leaves::tree.eq(tree))),
        )
        .filter(events::tenant_id.eq(tx.tenant_id))
        .filter(events::at.ge(from))
        .filter(events::at.lt(to))
        .into_boxed();
    if let Some(TimeKey(at, id)) = after {
        query = query
            .filter(events::at.ge(at))
            .filter(events::at.gt(at).or(events::id.gt(id)));
    }
    Ok(query
        .order((events::at, events::id))
        .limit(limit)
        .select((events::id, events::at, leaves::leaf_index.nullable()))
        .load(&mut tx.conn())
        .await?)
}

/// Those of these entries that were found not to be genuine.
pub(super) async fn list_rejected(
    tx: &Tx<'_>,
    keys: &[(Uuid, DateTime<Utc>)],
) -> Result<HashSet<Uuid>> {
    let ids: Vec<Uuid> = keys.iter().map(|(id, _)| *id).collect();
    let mut found = HashSet::new();
    for part in ids.chunks(KEYS) {
        let rows: Vec<Uuid> = rejects::table
            .filter(rejects::tenant_id.eq(tx.tenant_id))
            .filter(rejects::event_id.eq_any(part))
            .select(rejects::event_id)
            .load(&mut tx.conn())
            .await?;
        found.extend(rows);
    }
    Ok(found)
}

/// How far each cluster is sealed.
pub(super) async fn cursors(tx: &Tx<'_>, tree: i16) -> Result<HashMap<i64, (i64, Uuid)>> {
    let rows: Vec<(i64, i64, Uuid)> = cursors::table
        .filter(cursors::tenant_id.eq(tx.tenant_id))
        .filter(cursors::tree.eq(tree))
        .select((cursors::epoch, cursors::xid, cursors::event_id))
        .load(&mut tx.conn())
        .await?;
    Ok(rows
        .into_iter()
        .map(|(epoch, xid, id)| (epoch, (xid, id)))
        .collect())
}

/// Entries by their keys.
pub(super) async fn list_events(
    tx: &Tx<'_>,
    keys: &[(Uuid, DateTime<Utc>)],
) -> Result<Vec<Stored>> {
    let mut found = Vec::with_capacity(keys.len());
    for part in keys.chunks(KEYS) {
        let (ids, times): (HashSet<Uuid>, Vec<DateTime<Utc>>) = part.iter().copied().unzip();
        let rows: Vec<Stored> = events::table
            .filter(events::tenant_id.eq(tx.tenant_id))
            .filter(events::at.eq_any(times))
            .order((events::at, events::id))
            .select(Stored::as_select())
            .load(&mut tx.conn())
            .await?;
        found.extend(rows.into_iter().filter(|row| ids.contains(&row.id)));
    }
    Ok(found)
}

/// Places of a range, in order, whose entries are of another month and not in the database any more.
pub(super) async fn list_gone(
    tx: &Tx<'_>,
    tree: i16,
    (from, to): (i64, i64),
    month: NaiveDate,
) -> Result<Vec<Range<u64>>> {
    let entry = events::table
        .filter(events::tenant_id.eq(leaves::tenant_id))
        .filter(events::at.eq(leaves::event_at))
        .filter(events::id.eq(leaves::event_id));
    let rows: Vec<(i64, DateTime<Utc>)> = leaves::table
        .filter(leaves::tenant_id.eq(tx.tenant_id))
        .filter(leaves::tree.eq(tree))
        .filter(leaves::leaf_index.ge(from))
        .filter(leaves::leaf_index.lt(to))
        .filter(not(exists(entry)))
        .order(leaves::leaf_index)
        .select((leaves::leaf_index, leaves::event_at))
        .load(&mut tx.conn())
        .await?;
    let mut found: Vec<Range<u64>> = Vec::new();
    let elsewhere = rows
        .into_iter()
        .filter(|(_, at)| japanese_month(*at) != month);
    for (index, _) in elsewhere {
        let index = index.cast_unsigned();
        match found.last_mut() {
            Some(last) if last.end == index => last.end += 1,
            _ => found.push(index..index + 1),
        }
    }
    Ok(found)
}

/// A file that is recorded.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = archives, check_for_backend(diesel::pg::Pg))]
pub(super) struct Archive {
    pub(super) entries: i64,
    pub(super) loose: i64,
    pub(super) file: String,
    pub(super) sha256: Vec<u8>,
}

/// The files of a month that has not been taken out yet.
pub(super) async fn list_archives(tx: &Tx<'_>, month: NaiveDate) -> Result<Vec<Archive>> {
    Ok(archives::table
        .filter(archives::tenant_id.eq(tx.tenant_id))
        .filter(archives::month.eq(month))
        .filter(archives::dropped_at.is_null())
        .order(archives::from_index)
        .select(Archive::as_select())
        .load(&mut tx.conn())
        .await?)
}
