use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use tsumugi_schema::tables::{staff_members, witnessed_logs as logs};
use uuid::Uuid;

use super::policy::{Keep, Read};
use crate::{
    Result,
    ctx::Tx,
    ledger::{signer::Head, tree::Hash},
    spine::{access::Permit, auth::queries::tenant_by_slug},
};

/// A log that is witnessed.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = logs, check_for_backend(diesel::pg::Pg))]
pub(super) struct Log {
    pub(super) id: Uuid,
    pub(super) name: String,
    pub(super) origin: String,
    pub(super) public_key: String,
    pub(super) created_at: DateTime<Utc>,
    pub(super) ended_at: Option<DateTime<Utc>>,
    pub(super) size: i64,
    pub(super) root: Option<Vec<u8>>,
    pub(super) note: Option<String>,
    pub(super) cosigned_at: Option<DateTime<Utc>>,
    pub(super) conflict_at: Option<DateTime<Utc>>,
    pub(super) conflict_note: Option<String>,
    pub(super) forged_at: Option<DateTime<Utc>>,
    pub(super) forged: i64,
}

impl Log {
    /// What the rows say was cosigned last.
    pub(super) fn head(&self) -> Head {
        let root = self.root.as_deref().and_then(Hash::from_slice);
        root.map_or_else(Head::empty, |root| Head {
            size: self.size.cast_unsigned(),
            root,
        })
    }
}

/// All logs with the names of those who entered them, those that are still witnessed first.
pub(super) async fn list(tx: &Tx<'_>, _: Permit<Read>) -> Result<Vec<(Log, String)>> {
    Ok(logs::table
        .inner_join(
            staff_members::table.on(staff_members::tenant_id
                .eq(logs::tenant_id)
                .and(staff_members::id.eq(logs::created_by))),
        )
        .filter(logs::tenant_id.eq(tx.tenant_id))
        .order((logs::ended_at.desc(), logs::name, logs::id))
        .limit(500)
        .select((Log::as_select(), staff_members::name))
        .load(&mut tx.conn())
        .await?)
}

/// One log, with the name of whoever entered it.
pub(super) async fn find(tx: &Tx<'_>, id: Uuid) -> Result<Option<(Log, String)>> {
    Ok(logs::table
        .inner_join(
            staff_members::table.on(staff_members::tenant_id
                .eq(logs::tenant_id)
                .and(staff_members::id.eq(logs::created_by))),
        )
        .filter(logs::tenant_id.eq(tx.tenant_id))
        .filter(logs::id.eq(id))
        .select((Log::as_select(), staff_members::name))
        .first(&mut tx.conn())
        .await
        .optional()?)
}

/// The log of this origin, locked: submissions at once wait for each other.
pub(super) async fn find_watched_for_update(tx: &Tx<'_>, origin: &str) -> Result<Option<Log>> {
    Ok(logs::table
        .filter(logs::tenant_id.eq(tx.tenant_id))
        .filter(logs::origin.eq(origin))
        .filter(logs::ended_at.is_null())
        .select(Log::as_select())
        .for_update()
        .first(&mut tx.conn())
        .await
        .optional()?)
}

/// Origins and newest checkpoints of the logs that are witnessed.
pub(super) async fn list_cosigned(tx: &Tx<'_>) -> Result<Vec<(Uuid, String, String)>> {
    Ok(logs::table
        .filter(logs::tenant_id.eq(tx.tenant_id))
        .filter(logs::ended_at.is_null())
        .filter(logs::note.is_not_null())
        .select((logs::id, logs::origin, logs::note.assume_not_null()))
        .load(&mut tx.conn())
        .await?)
}

pub(super) async fn insert(
    tx: &Tx<'_>,
    _: Permit<Keep>,
    id: Uuid,
    (name, origin, public_key): (&str, &str, &str),
) -> Result<()> {
    diesel::insert_into(logs::table)
        .values((
            logs::tenant_id.eq(tx.tenant_id),
            logs::id.eq(id),
            logs::name.eq(name),
            logs::origin.eq(origin),
            logs::public_key.eq(public_key),
            logs::created_at.eq(tx.now),
            logs::created_by.eq(tx.actor.ids().0),
        ))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// Ends witnessing; answers whether it had not ended.
pub(super) async fn end(tx: &Tx<'_>, _: Permit<Keep>, id: Uuid) -> Result<bool> {
    let ended = diesel::update(
        logs::table
            .find((tx.tenant_id, id))
            .filter(logs::ended_at.is_null()),
    )
    .set((
        logs::ended_at.eq(tx.now),
        logs::ended_by.eq(tx.actor.ids().0),
    ))
    .execute(&mut tx.conn())
    .await?;
    Ok(ended == 1)
}

/// Writes down what is cosigned.
pub(super) async fn update_cosigned(tx: &Tx<'_>, id: Uuid, head: Head, note: &str) -> Result<()> {
    diesel::update(logs::table.find((tx.tenant_id, id)))
        .set((
            logs::size.eq(head.size.cast_signed()),
            logs::root.eq(head.root.0.to_vec()),
            logs::note.eq(note),
            logs::cosigned_at.eq(tx.now),
        ))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// Notes that a log contradicts itself; keeps the first proof.
pub(super) async fn update_conflict(tx: &Tx<'_>, log: &Log, note: &str) -> Result<()> {
    let proof = log.conflict_note.as_deref().unwrap_or(note);
    diesel::update(logs::table.find((tx.tenant_id, log.id)))
        .set((logs::conflict_at.eq(tx.now), logs::conflict_note.eq(proof)))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// Notes that somebody used the name of a log.
pub(super) async fn update_forged(tx: &Tx<'_>, id: Uuid) -> Result<()> {
    diesel::update(logs::table.find((tx.tenant_id, id)))
        .set((
            logs::forged_at.eq(tx.now),
            logs::forged.eq(logs::forged + 1),
        ))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// The network of a short name.
pub(super) async fn find_tenant(tx: &Tx<'_>, slug: &str) -> Result<Option<Uuid>> {
    tenant_by_slug(tx, slug).await
}
