//! The entries of a page of places, by the role that may read the log.

use std::{collections::HashMap, ops::Range};

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use tsumugi_schema::tables::{
    audit_event_patients as named, audit_events as events, audit_leaves as leaves,
};
use uuid::Uuid;

use super::queries::{Key, OfTree, Patients, by_entry};
use crate::{Result, spine::audit::Stored};

/// A place with the entry that it leads to.
#[derive(Debug)]
pub(super) struct Leaf {
    pub(super) event_id: Uuid,
    pub(super) event_at: DateTime<Utc>,
    pub(super) hash: Vec<u8>,
    pub(super) row: Option<Stored>,
}

/// Leaves by place, and the times of their entries.
#[derive(Debug, Default)]
pub(super) struct Leaves {
    pub(super) by_place: HashMap<u64, Leaf>,
    span: Option<(DateTime<Utc>, DateTime<Utc>)>,
}

/// Most rows that the times of a page may lead to. Entries stand nearly in the order of their times, so that reading a
/// span of time is much faster than looking every entry up; where they do not, that is what is done.
const MOST_OF_SPAN: i64 = 20_000;

/// The leaves of a range, by place.
pub(super) async fn page_leaves(of: OfTree<'_>, places: &Range<u64>) -> Result<Leaves> {
    let (mut connection, tenant_id, tree) = of;
    let rows: Vec<(i64, Uuid, DateTime<Utc>, Vec<u8>)> = leaves::table
        .filter(leaves::tenant_id.eq(tenant_id))
        .filter(leaves::tree.eq(tree))
        .filter(leaves::leaf_index.ge(places.start.cast_signed()))
        .filter(leaves::leaf_index.lt(places.end.cast_signed()))
        .select((
            leaves::leaf_index,
            leaves::event_id,
            leaves::event_at,
            leaves::hash,
        ))
        .load(&mut connection)
        .await?;
    let times = || rows.iter().map(|(_, _, at, _)| *at);
    let span = times().min().zip(times().max());
    let mut keys: Vec<Key> = rows.iter().map(|(_, id, at, _)| (*id, *at)).collect();
    keys.sort_unstable();
    let each_once = keys.windows(2).all(|pair| pair.first() != pair.last());
    let mut stored = match span {
        Some(span) if each_once => entries_between(of, span).await?,
        _ => None,
    };
    let mut by_place = HashMap::with_capacity(rows.len());
    for (index, event_id, event_at, hash) in rows {
        let row = match &mut stored {
            Some(stored) => stored.remove(&(event_id, event_at)),
            None => None,
        };
        let leaf = Leaf {
            event_id,
            event_at,
            hash,
            row,
        };
        by_place.insert(index.cast_unsigned(), leaf);
    }
    if stored.is_none() {
        for (index, row) in entries_at(of, places).await? {
            if let Some(leaf) = by_place.get_mut(&index.cast_unsigned()) {
                leaf.row = Some(row);
            }
        }
    }
    Ok(Leaves { by_place, span })
}

/// The entries of a span of time; nothing when there are too many.
async fn entries_between(
    (mut connection, tenant_id, _): OfTree<'_>,
    (first, last): (DateTime<Utc>, DateTime<Utc>),
) -> Result<Option<HashMap<Key, Stored>>> {
    let rows: Vec<Stored> = events::table
        .filter(events::tenant_id.eq(tenant_id))
        .filter(events::at.between(first, last))
        .limit(MOST_OF_SPAN + 1)
        .select(Stored::as_select())
        .load(&mut connection)
        .await?;
    let fits = i64::try_from(rows.len()).is_ok_and(|rows| rows <= MOST_OF_SPAN);
    let by_key = || {
        rows.into_iter()
            .map(|row| ((row.id, row.at), row))
            .collect()
    };
    Ok(fits.then(by_key))
}

/// The entries that the leaves of a range lead to, each looked up.
async fn entries_at(
    (mut connection, tenant_id, tree): OfTree<'_>,
    places: &Range<u64>,
) -> Result<Vec<(i64, Stored)>> {
    Ok(leaves::table
        .inner_join(
            events::table.on(events::tenant_id
                .eq(leaves::tenant_id)
                .and(events::at.eq(leaves::event_at))
                .and(events::id.eq(leaves::event_id))),
        )
        .filter(leaves::tenant_id.eq(tenant_id))
        .filter(leaves::tree.eq(tree))
        .filter(leaves::leaf_index.ge(places.start.cast_signed()))
        .filter(leaves::leaf_index.lt(places.end.cast_signed()))
        .select((leaves::leaf_index, Stored::as_select()))
        .load(&mut connection)
        .await?)
}

/// The patients that the answers of the entries of a range named.
pub(super) async fn patients(
    (mut connection, tenant_id, tree): OfTree<'_>,
    leaves_of: &Leaves,
    places: &Range<u64>,
) -> Result<Patients> {
    let Some((first, last)) = leaves_of.span else {
        return Ok(Patients::new());
    };
    let of_span: Vec<(Uuid, DateTime<Utc>, Uuid)> = named::table
        .filter(named::tenant_id.eq(tenant_id))
        .filter(named::at.between(first, last))
        .limit(10 * MOST_OF_SPAN + 1)
        .select((named::event_id, named::at, named::patient_id))
        .load(&mut connection)
        .await?;
    if i64::try_from(of_span.len()).is_ok_and(|rows| rows <= 10 * MOST_OF_SPAN) {
        return Ok(by_entry(of_span));
    }
    let rows = leaves::table
        .inner_join(
            named::table.on(named::tenant_id
                .eq(leaves::tenant_id)
                .and(named::at.eq(leaves::event_at))
                .and(named::event_id.eq(leaves::event_id))),
        )
        .filter(leaves::tenant_id.eq(tenant_id))
        .filter(leaves::tree.eq(tree))
        .filter(leaves::leaf_index.ge(places.start.cast_signed()))
        .filter(leaves::leaf_index.lt(places.end.cast_signed()))
        .select((named::event_id, named::at, named::patient_id))
        .load(&mut connection)
        .await?;
    Ok(by_entry(rows))
}
