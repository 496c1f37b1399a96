use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use tsumugi_schema::tables::{accounts, sessions, temporary_codes as codes};
use uuid::Uuid;

use super::policy::Keep;
use crate::{Result, ctx::Tx, spine::access::Permit};

/// A code to be kept, as its digest.
#[derive(Insertable)]
#[diesel(table_name = codes)]
pub(super) struct NewCode<'a> {
    pub(super) tenant_id: Uuid,
    pub(super) id: Uuid,
    pub(super) account_id: Uuid,
    pub(super) digest: Vec<u8>,
    pub(super) reason: &'a str,
    pub(super) issued_at: DateTime<Utc>,
    pub(super) issued_by: Uuid,
    pub(super) expires_at: DateTime<Utc>,
}

/// Whether there is such an account, and it may be used.
pub(super) async fn account_exists(tx: &Tx<'_>, id: Uuid) -> Result<bool> {
    let found = diesel::dsl::exists(
        accounts::table
            .find((tx.tenant_id, id))
            .filter(accounts::suspended_at.is_null()),
    );
    Ok(diesel::select(found).get_result(&mut tx.conn()).await?)
}

pub(super) async fn insert(tx: &Tx<'_>, _: Permit<Keep>, new: &NewCode<'_>) -> Result<()> {
    diesel::insert_into(codes::table)
        .values(new)
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// Ends every code of the network that could still be used or has been used; how many there were.
pub(super) async fn revoke_all(tx: &Tx<'_>, _: Permit<Keep>) -> Result<usize> {
    Ok(diesel::update(
        codes::table
            .filter(codes::tenant_id.eq(tx.tenant_id))
            .filter(codes::expires_at.gt(tx.now))
            .filter(codes::revoked_at.is_null()),
    )
    .set(codes::revoked_at.eq(tx.now))
    .execute(&mut tx.conn())
    .await?)
}

/// Ends every session that was opened with a temporary code: each with its account.
pub(super) async fn revoke_sessions(tx: &Tx<'_>) -> Result<Vec<(Uuid, Uuid)>> {
    Ok(diesel::update(
        sessions::table
            .filter(sessions::tenant_id.eq(tx.tenant_id))
            .filter(sessions::temporary_code_id.is_not_null())
            .filter(sessions::expires_at.gt(tx.now))
            .filter(sessions::revoked_at.is_null()),
    )
    .set(sessions::revoked_at.eq(tx.now))
    .returning((sessions::id, sessions::account_id))
    .get_results(&mut tx.conn())
    .await?)
}

/// Accounts for which a code was used that could still be good: their shifts may have begun with it.
pub(super) async fn list_users(tx: &Tx<'_>, since: DateTime<Utc>) -> Result<Vec<Uuid>> {
    Ok(codes::table
        .filter(codes::tenant_id.eq(tx.tenant_id))
        .filter(codes::used_at.ge(since))
        .select(codes::account_id)
        .distinct()
        .load(&mut tx.conn())
        .await?)
}
