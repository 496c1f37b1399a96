use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use tsumugi_schema::tables::{access_overrides as overrides, network_professions, staff_members};
use uuid::Uuid;

use super::{
    policy::{Keep, Read},
    routes::CreateAccessOverride,
};
use crate::{Result, ctx::Tx, spine::access::Permit};

/// A row with the name of whoever decided.
#[derive(Debug, Queryable)]
pub(super) struct Override {
    pub(super) id: Uuid,
    pub(super) profession: String,
    pub(super) kind: String,
    pub(super) takes: String,
    pub(super) reason: String,
    pub(super) created_at: DateTime<Utc>,
    pub(super) created_by: String,
    pub(super) removed_at: Option<DateTime<Utc>>,
}

/// Everything that is or was taken away, newest first.
pub(super) async fn list(tx: &Tx<'_>, _: &Permit<Read>) -> Result<Vec<Override>> {
    rows(tx).await
}

/// The same for whoever has just decided.
pub(super) async fn rows(tx: &Tx<'_>) -> Result<Vec<Override>> {
    Ok(overrides::table
        .inner_join(
            staff_members::table.on(staff_members::tenant_id
                .eq(overrides::tenant_id)
                .and(staff_members::id.eq(overrides::created_by))),
        )
        .filter(overrides::tenant_id.eq(tx.tenant_id))
        .order((overrides::created_at.desc(), overrides::id.desc()))
        .select((
            overrides::id,
            overrides::profession,
            overrides::kind,
            overrides::takes,
            overrides::reason,
            overrides::created_at,
            staff_members::name,
            overrides::removed_at,
        ))
        .load(&mut tx.conn())
        .await?)
}

/// Whether a network added a profession with this code.
pub(super) async fn is_own_profession(tx: &Tx<'_>, code: &str) -> Result<bool> {
    let found = diesel::dsl::exists(network_professions::table.find((tx.tenant_id, code)));
    Ok(diesel::select(found).get_result(&mut tx.conn()).await?)
}

pub(super) async fn insert(tx: &Tx<'_>, _: Permit<Keep>, new: &CreateAccessOverride) -> Result<()> {
    diesel::insert_into(overrides::table)
        .values((
            overrides::tenant_id.eq(tx.tenant_id),
            overrides::id.eq(new.id),
            overrides::profession.eq(&new.profession),
            overrides::kind.eq(&new.kind),
            overrides::takes.eq(new.takes.code()),
            overrides::reason.eq(&new.reason),
            overrides::created_at.eq(tx.now),
            overrides::created_by.eq(tx.actor.ids().0),
        ))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// Takes an override back; answers whether it stood.
pub(super) async fn remove(tx: &Tx<'_>, _: Permit<Keep>, id: Uuid) -> Result<bool> {
    let removed = diesel::update(
        overrides::table
            .find((tx.tenant_id, id))
            .filter(overrides::removed_at.is_null()),
    )
    .set(overrides::removed_at.eq(tx.now))
    .execute(&mut tx.conn())
    .await?;
    Ok(removed == 1)
}
