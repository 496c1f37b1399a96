use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::{
    dsl::{count_star, exists, max, min, not},
    prelude::*,
};
use diesel_async::RunQueryDsl;
use tsumugi_schema::tables::{
    audit_checkpoints as checkpoints, audit_events as log, audit_leaves as leaves, cosignatures,
    witnesses,
};
use uuid::Uuid;

use super::super::policy::Read;
use crate::{Result, ctx::Tx, spine::access::Permit};

/// A span of time, the end not included.
type Span = (DateTime<Utc>, DateTime<Utc>);

/// Where the entries of a time stand in the tree.
#[derive(Debug, Default)]
pub(super) struct Places {
    pub(super) first: Option<u64>,
    pub(super) last: Option<u64>,
    /// Places for which something signed stands.
    pub(super) signed: i64,
}

/// The places of the entries of a time. What was signed before the time stands for none of them, so that leaves are
/// looked at from there on only. `size` is how many places something signed stands for.
pub(super) async fn find_places(
    tx: &Tx<'_>,
    _: &Permit<Read>,
    (tree, size): (i16, u64),
    (from, until): Span,
) -> Result<Places> {
    let before: Option<i64> = checkpoints::table
        .filter(checkpoints::tenant_id.eq(tx.tenant_id))
        .filter(checkpoints::tree.eq(tree))
        .filter(checkpoints::signed_at.le(from))
        .select(max(checkpoints::size))
        .first(&mut tx.conn())
        .await?;
    let (first, last): (Option<i64>, Option<i64>) = leaves::table
        .filter(leaves::tenant_id.eq(tx.tenant_id))
        .filter(leaves::tree.eq(tree))
        .filter(leaves::leaf_index.ge(before.unwrap_or(0)))
        .filter(leaves::event_at.ge(from))
        .filter(leaves::event_at.lt(until))
        .select((min(leaves::leaf_index), max(leaves::leaf_index)))
        .first(&mut tx.conn())
        .await?;
    let signed: i64 = leaves::table
        .filter(leaves::tenant_id.eq(tx.tenant_id))
        .filter(leaves::tree.eq(tree))
        .filter(leaves::leaf_index.ge(before.unwrap_or(0)))
        .filter(leaves::leaf_index.lt(size.cast_signed()))
        .filter(leaves::event_at.ge(from))
        .filter(leaves::event_at.lt(until))
        .select(count_star())
        .first(&mut tx.conn())
        .await?;
    Ok(Places {
        first: first.map(i64::cast_unsigned),
        last: last.map(i64::cast_unsigned),
        signed,
    })
}

/// How many entries of a time no leaf leads to.
pub(super) async fn count_without_place(
    tx: &Tx<'_>,
    _: &Permit<Read>,
    tree: i16,
    (from, until): Span,
) -> Result<i64> {
    let its_leaf = leaves::table
        .filter(leaves::tenant_id.eq(log::tenant_id))
        .filter(leaves::event_id.eq(log::id))
        .filter(leaves::tree.eq(tree));
    Ok(log::table
        .filter(log::tenant_id.eq(tx.tenant_id))
        .filter(log::at.ge(from))
        .filter(log::at.lt(until))
        .filter(not(exists(its_leaf)))
        .count()
        .get_result(&mut tx.conn())
        .await?)
}

/// A witness with its latest cosignature of a time.
#[derive(Debug)]
pub(super) struct Witness {
    pub(super) name: String,
    pub(super) at: Option<DateTime<Utc>>,
    pub(super) size: Option<i64>,
}

/// The servers that were witnesses in a time: mail is no countersignature.
pub(super) async fn list_witnesses(
    tx: &Tx<'_>,
    _: &Permit<Read>,
    (from, until): Span,
) -> Result<Vec<Witness>> {
    let latest: Vec<(Uuid, DateTime<Utc>, i64)> = cosignatures::table
        .filter(cosignatures::tenant_id.eq(tx.tenant_id))
        .filter(cosignatures::cosigned_at.ge(from))
        .filter(cosignatures::cosigned_at.lt(until))
        .distinct_on(cosignatures::witness_id)
        .order((
            cosignatures::witness_id,
            cosignatures::cosigned_at.desc(),
            cosignatures::size.desc(),
        ))
        .select((
            cosignatures::witness_id,
            cosignatures::cosigned_at,
            cosignatures::size,
        ))
        .load(&mut tx.conn())
        .await?;
    let latest: HashMap<Uuid, (DateTime<Utc>, i64)> = latest
        .into_iter()
        .map(|(id, at, size)| (id, (at, size)))
        .collect();
    let all: Vec<(Uuid, String)> = witnesses::table
        .filter(witnesses::tenant_id.eq(tx.tenant_id))
        .filter(witnesses::kind.eq("server"))
        .filter(witnesses::created_at.lt(until))
        .filter(
            witnesses::ended_at
                .is_null()
                .or(witnesses::ended_at.ge(from)),
        )
        .order((witnesses::name, witnesses::id))
        .limit(100)
        .select((witnesses::id, witnesses::name))
        .load(&mut tx.conn())
        .await?;
    let witness = |(id, name): (Uuid, String)| Witness {
        name,
        at: latest.get(&id).map(|(at, _)| *at),
        size: latest.get(&id).map(|(_, size)| *size),
    };
    Ok(all.into_iter().map(witness).collect())
}
