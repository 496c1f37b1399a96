use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use tsumugi_schema::tables::{
    audit_checkpoints as checkpoints, cosignatures, staff_members, tenants, witnesses,
};
use uuid::Uuid;

use super::{
    model::{Failure, Kind},
    policy::{Keep, Read},
    routes::CreateWitness,
};
use crate::{Result, ctx::Tx, spine::access::Permit};

/// A witness.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = witnesses, check_for_backend(diesel::pg::Pg))]
pub(super) struct Witness {
    pub(super) id: Uuid,
    pub(super) kind: String,
    pub(super) name: String,
    pub(super) url: Option<String>,
    pub(super) public_key: Option<String>,
    pub(super) address: Option<String>,
    pub(super) created_at: DateTime<Utc>,
    pub(super) ended_at: Option<DateTime<Utc>>,
    pub(super) next_at: DateTime<Utc>,
    pub(super) failures: i32,
    pub(super) failure: Option<String>,
    pub(super) tree: Option<i16>,
    pub(super) size: Option<i64>,
    pub(super) witnessed_at: Option<DateTime<Utc>>,
    pub(super) disputed_at: Option<DateTime<Utc>>,
    pub(super) dispute: Option<String>,
}

/// All witnesses with the names of those who entered them, those that still are first.
pub(super) async fn list(tx: &Tx<'_>, _: Permit<Read>) -> Result<Vec<(Witness, String)>> {
    list_all(tx).await
}

/// The same where it was allowed already.
pub(super) async fn list_all(tx: &Tx<'_>) -> Result<Vec<(Witness, String)>> {
    Ok(witnesses::table
        .inner_join(
            staff_members::table.on(staff_members::tenant_id
                .eq(witnesses::tenant_id)
                .and(staff_members::id.eq(witnesses::created_by))),
        )
        .filter(witnesses::tenant_id.eq(tx.tenant_id))
        .order((
            witnesses::ended_at.desc(),
            witnesses::kind.desc(),
            witnesses::name,
            witnesses::id,
        ))
        .limit(500)
        .select((Witness::as_select(), staff_members::name))
        .load(&mut tx.conn())
        .await?)
}

/// The newest cosigned checkpoint of each witness.
pub(super) async fn list_cosigned(tx: &Tx<'_>) -> Result<Vec<(Uuid, String)>> {
    Ok(cosignatures::table
        .filter(cosignatures::tenant_id.eq(tx.tenant_id))
        .distinct_on(cosignatures::witness_id)
        .order((
            cosignatures::witness_id,
            cosignatures::tree.desc(),
            cosignatures::size.desc(),
            cosignatures::cosigned_at.desc(),
        ))
        .select((cosignatures::witness_id, cosignatures::note))
        .load(&mut tx.conn())
        .await?)
}

pub(super) async fn insert(tx: &Tx<'_>, _: Permit<Keep>, new: &CreateWitness) -> Result<()> {
    diesel::insert_into(witnesses::table)
        .values((
            witnesses::tenant_id.eq(tx.tenant_id),
            witnesses::id.eq(new.id),
            witnesses::kind.eq(new.kind.code()),
            witnesses::name.eq(&new.name),
            witnesses::url.eq(new.url.as_deref().map(|url| url.trim_end_matches('/'))),
            witnesses::public_key.eq(new.public_key.as_deref().map(str::trim)),
            witnesses::address.eq(&new.address),
            witnesses::created_at.eq(tx.now),
            witnesses::created_by.eq(tx.actor.ids().0),
            // At once, so that whoever enters it sees whether it works.
            witnesses::next_at.eq(tx.now),
        ))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// Ends a witness; answers whether it had not ended.
pub(super) async fn end(tx: &Tx<'_>, _: Permit<Keep>, id: Uuid) -> Result<bool> {
    let ended = diesel::update(
        witnesses::table
            .find((tx.tenant_id, id))
            .filter(witnesses::ended_at.is_null()),
    )
    .set((
        witnesses::ended_at.eq(tx.now),
        witnesses::ended_by.eq(tx.actor.ids().0),
    ))
    .execute(&mut tx.conn())
    .await?;
    Ok(ended == 1)
}

/// The witnesses of a kind that still are, without those that somebody else is looking after.
pub(super) async fn lock_all(tx: &Tx<'_>, kind: Kind) -> Result<Vec<Witness>> {
    Ok(witnesses::table
        .filter(witnesses::tenant_id.eq(tx.tenant_id))
        .filter(witnesses::kind.eq(kind.code()))
        .filter(witnesses::ended_at.is_null())
        .order(witnesses::id)
        .select(Witness::as_select())
        .for_update()
        .skip_locked()
        .load(&mut tx.conn())
        .await?)
}

/// Says when a witness is looked after next.
pub(super) async fn update_next(tx: &Tx<'_>, id: Uuid, next_at: DateTime<Utc>) -> Result<()> {
    diesel::update(witnesses::table.find((tx.tenant_id, id)))
        .set(witnesses::next_at.eq(next_at))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// Notes what was witnessed: with that, whatever was held against the log is settled.
pub(super) async fn update_witnessed(
    tx: &Tx<'_>,
    id: Uuid,
    (tree, size): (i16, i64),
    next_at: DateTime<Utc>,
) -> Result<()> {
    diesel::update(witnesses::table.find((tx.tenant_id, id)))
        .set((
            witnesses::next_at.eq(next_at),
            witnesses::failures.eq(0),
            witnesses::failure.eq(None::<String>),
            witnesses::tree.eq(tree),
            witnesses::size.eq(size),
            witnesses::witnessed_at.eq(tx.now),
            witnesses::disputed_at.eq(None::<DateTime<Utc>>),
            witnesses::dispute.eq(None::<String>),
        ))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// Notes that a witness did not cosign.
pub(super) async fn update_failed(
    tx: &Tx<'_>,
    row: &Witness,
    failure: Failure,
    next_at: DateTime<Utc>,
) -> Result<()> {
    let code = failure.code();
    diesel::update(witnesses::table.find((tx.tenant_id, row.id)))
        .set((
            witnesses::next_at.eq(next_at),
            witnesses::failures.eq(row.failures + 1),
            witnesses::failure.eq(code),
        ))
        .execute(&mut tx.conn())
        .await?;
    if failure.is_dispute() {
        diesel::update(witnesses::table.find((tx.tenant_id, row.id)))
            .set((
                witnesses::disputed_at.eq(row.disputed_at.unwrap_or(tx.now)),
                witnesses::dispute.eq(code),
            ))
            .execute(&mut tx.conn())
            .await?;
    }
    Ok(())
}

pub(super) async fn insert_cosignature(
    tx: &Tx<'_>,
    id: Uuid,
    (tree, size): (i16, i64),
    cosigned_at: DateTime<Utc>,
    note: &str,
) -> Result<()> {
    diesel::insert_into(cosignatures::table)
        .values((
            cosignatures::tenant_id.eq(tx.tenant_id),
            cosignatures::witness_id.eq(id),
            cosignatures::tree.eq(tree),
            cosignatures::size.eq(size),
            cosignatures::cosigned_at.eq(cosigned_at),
            cosignatures::note.eq(note),
        ))
        .on_conflict_do_nothing()
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// The last checkpoint of a span of time, with when it was signed.
pub(super) async fn find_last_checkpoint(
    tx: &Tx<'_>,
    (from, to): (DateTime<Utc>, DateTime<Utc>),
) -> Result<Option<(String, DateTime<Utc>)>> {
    Ok(checkpoints::table
        .filter(checkpoints::tenant_id.eq(tx.tenant_id))
        .filter(checkpoints::signed_at.ge(from))
        .filter(checkpoints::signed_at.lt(to))
        .order(checkpoints::signed_at.desc())
        .select((checkpoints::note, checkpoints::signed_at))
        .first(&mut tx.conn())
        .await
        .optional()?)
}

/// The name of the network.
pub(super) async fn find_network_name(tx: &Tx<'_>) -> Result<String> {
    Ok(tenants::table
        .find(tx.tenant_id)
        .select(tenants::name)
        .first(&mut tx.conn())
        .await?)
}
