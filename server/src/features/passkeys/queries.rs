use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use tsumugi_schema::tables::{accounts, challenges, passkeys, staff_members, tenants};
use uuid::Uuid;

use super::policy::KeepOwn;
use crate::{Result, ctx::Tx, spine::access::Permit};

/// A ceremony to be remembered.
#[derive(Insertable)]
#[diesel(table_name = challenges)]
pub(super) struct NewChallenge {
    pub(super) tenant_id: Uuid,
    pub(super) id: Uuid,
    pub(super) kind: &'static str,
    pub(super) account_id: Option<Uuid>,
    pub(super) state: Vec<u8>,
    pub(super) created_at: DateTime<Utc>,
    pub(super) expires_at: DateTime<Utc>,
}

pub(super) async fn insert_challenge(tx: &Tx<'_>, new: &NewChallenge) -> Result<()> {
    diesel::insert_into(challenges::table)
        .values(new)
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// Uses a challenge up, if it is still good: account and sealed state. One statement, so that of two who come at once one
/// gets it.
pub(super) async fn use_challenge(
    tx: &Tx<'_>,
    kind: &str,
    id: Uuid,
) -> Result<Option<(Option<Uuid>, Vec<u8>)>> {
    Ok(diesel::update(
        challenges::table
            .find((tx.tenant_id, id))
            .filter(challenges::kind.eq(kind))
            .filter(challenges::used_at.is_null())
            .filter(challenges::expires_at.gt(tx.now)),
    )
    .set(challenges::used_at.eq(tx.now))
    .returning((challenges::account_id, challenges::state))
    .get_result(&mut tx.conn())
    .await
    .optional()?)
}

/// Removes the challenges that can no longer be finished.
pub(super) async fn delete_challenges(tx: &Tx<'_>, expired_before: DateTime<Utc>) -> Result<()> {
    diesel::delete(
        challenges::table
            .filter(challenges::tenant_id.eq(tx.tenant_id))
            .filter(challenges::expires_at.lt(expired_before)),
    )
    .execute(&mut tx.conn())
    .await?;
    Ok(())
}

/// A passkey as it is kept.
#[derive(Queryable, Selectable)]
#[diesel(table_name = passkeys, check_for_backend(diesel::pg::Pg))]
pub(super) struct Row {
    pub(super) id: Uuid,
    pub(super) credential_id: Vec<u8>,
    pub(super) credential: serde_json::Value,
    pub(super) name: String,
    pub(super) created_at: DateTime<Utc>,
    pub(super) last_used_at: Option<DateTime<Utc>>,
}

/// The passkeys of an account that may be used, oldest first.
pub(super) async fn list(tx: &Tx<'_>, account_id: Uuid) -> Result<Vec<Row>> {
    Ok(passkeys::table
        .filter(passkeys::tenant_id.eq(tx.tenant_id))
        .filter(passkeys::account_id.eq(account_id))
        .filter(passkeys::revoked_at.is_null())
        .order((passkeys::created_at, passkeys::id))
        .limit(100)
        .select(Row::as_select())
        .load(&mut tx.conn())
        .await?)
}

/// A passkey of the account by the name that its authenticator gave it, locked, so that its counter is compared in turn.
pub(super) async fn find_for_update(
    tx: &Tx<'_>,
    account_id: Uuid,
    credential_id: &[u8],
) -> Result<Option<Row>> {
    Ok(passkeys::table
        .filter(passkeys::tenant_id.eq(tx.tenant_id))
        .filter(passkeys::account_id.eq(account_id))
        .filter(passkeys::credential_id.eq(credential_id))
        .filter(passkeys::revoked_at.is_null())
        .select(Row::as_select())
        .for_update()
        .first(&mut tx.conn())
        .await
        .optional()?)
}

/// Notes that a passkey was used, with what its authenticator said of itself.
pub(super) async fn note_use(tx: &Tx<'_>, id: Uuid, credential: &serde_json::Value) -> Result<()> {
    diesel::update(passkeys::table.find((tx.tenant_id, id)))
        .set((
            passkeys::credential.eq(credential),
            passkeys::last_used_at.eq(tx.now),
        ))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

pub(super) async fn insert(tx: &Tx<'_>, account_id: Uuid, row: &Row) -> Result<()> {
    diesel::insert_into(passkeys::table)
        .values((
            passkeys::tenant_id.eq(tx.tenant_id),
            passkeys::id.eq(row.id),
            passkeys::account_id.eq(account_id),
            passkeys::credential_id.eq(&row.credential_id),
            passkeys::credential.eq(&row.credential),
            passkeys::name.eq(&row.name),
            passkeys::created_at.eq(row.created_at),
        ))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// Takes a passkey of the account out of use; whether there was one.
pub(super) async fn revoke(
    tx: &Tx<'_>,
    _: Permit<KeepOwn>,
    account_id: Uuid,
    id: Uuid,
) -> Result<bool> {
    let changed = diesel::update(
        passkeys::table
            .find((tx.tenant_id, id))
            .filter(passkeys::account_id.eq(account_id))
            .filter(passkeys::revoked_at.is_null()),
    )
    .set(passkeys::revoked_at.eq(tx.now))
    .execute(&mut tx.conn())
    .await?;
    Ok(changed == 1)
}

/// Takes every passkey of the account out of use: for a new beginning.
pub async fn revoke_all(tx: &Tx<'_>, account_id: Uuid) -> Result<()> {
    diesel::update(
        passkeys::table
            .filter(passkeys::tenant_id.eq(tx.tenant_id))
            .filter(passkeys::account_id.eq(account_id))
            .filter(passkeys::revoked_at.is_null()),
    )
    .set(passkeys::revoked_at.eq(tx.now))
    .execute(&mut tx.conn())
    .await?;
    Ok(())
}

/// Whether the account can sign in with a password and one-time codes. Locks the account, so that of two factors that are
/// removed at once the last one stays.
pub(super) async fn has_password_and_codes(tx: &Tx<'_>, account_id: Uuid) -> Result<bool> {
    let (password, codes): (Option<String>, Option<Vec<u8>>) = accounts::table
        .find((tx.tenant_id, account_id))
        .select((accounts::password_phc, accounts::totp_sealed))
        .for_update()
        .first(&mut tx.conn())
        .await?;
    Ok(password.is_some() && codes.is_some())
}

/// How the owner of an account is called: `name@network`, and the name.
pub(super) async fn names(tx: &Tx<'_>, account_id: Uuid) -> Result<(String, String)> {
    let (login, name): (String, String) = accounts::table
        .inner_join(
            staff_members::table.on(staff_members::tenant_id
                .eq(accounts::tenant_id)
                .and(staff_members::id.eq(accounts::staff_member_id))),
        )
        .filter(accounts::tenant_id.eq(tx.tenant_id))
        .filter(accounts::id.eq(account_id))
        .select((accounts::login_name, staff_members::name))
        .first(&mut tx.conn())
        .await?;
    let slug: String = tenants::table
        .find(tx.tenant_id)
        .select(tenants::slug)
        .first(&mut tx.conn())
        .await?;
    Ok((format!("{login}@{slug}"), name))
}
