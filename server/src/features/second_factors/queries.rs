use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use tsumugi_schema::tables::{accounts, passkeys, recovery_codes, temporary_codes};
use uuid::Uuid;

use crate::{Result, ctx::Tx};

/// Spends a temporary code: its id and whether it was still good; nothing when there is none like it, or it is over.
pub(super) async fn spend_temporary_code(
    tx: &Tx<'_>,
    account_id: Uuid,
    digest: &[u8],
) -> Result<Option<(Uuid, bool)>> {
    let found: Option<(Uuid, Option<DateTime<Utc>>)> = temporary_codes::table
        .filter(temporary_codes::tenant_id.eq(tx.tenant_id))
        .filter(temporary_codes::account_id.eq(account_id))
        .filter(temporary_codes::digest.eq(digest))
        .filter(temporary_codes::revoked_at.is_null())
        .filter(temporary_codes::expires_at.gt(tx.now))
        .select((temporary_codes::id, temporary_codes::used_at))
        .for_update()
        .first(&mut tx.conn())
        .await
        .optional()?;
    let Some((id, used_at)) = found else {
        return Ok(None);
    };
    if used_at.is_none() {
        diesel::update(temporary_codes::table.find((tx.tenant_id, id)))
            .set(temporary_codes::used_at.eq(tx.now))
            .execute(&mut tx.conn())
            .await?;
    }
    Ok(Some((id, used_at.is_none())))
}

/// Every factor of the account is good no more: password, one-time codes, passkeys, recovery and temporary codes.
pub async fn drop_all(tx: &Tx<'_>, account_id: Uuid) -> Result<()> {
    diesel::update(accounts::table.find((tx.tenant_id, account_id)))
        .set((
            accounts::password_phc.eq(None::<String>),
            accounts::password_changed_at.eq(None::<DateTime<Utc>>),
            accounts::totp_sealed.eq(None::<Vec<u8>>),
            accounts::totp_last_step.eq(None::<i64>),
        ))
        .execute(&mut tx.conn())
        .await?;
    diesel::update(
        passkeys::table
            .filter(passkeys::tenant_id.eq(tx.tenant_id))
            .filter(passkeys::account_id.eq(account_id))
            .filter(passkeys::revoked_at.is_null()),
    )
    .set(passkeys::revoked_at.eq(tx.now))
    .execute(&mut tx.conn())
    .await?;
    diesel::update(
        temporary_codes::table
            .filter(temporary_codes::tenant_id.eq(tx.tenant_id))
            .filter(temporary_codes::account_id.eq(account_id))
            .filter(temporary_codes::used_at.is_null())
            .filter(temporary_codes::revoked_at.is_null()),
    )
    .set(temporary_codes::revoked_at.eq(tx.now))
    .execute(&mut tx.conn())
    .await?;
    diesel::update(
        recovery_codes::table
            .filter(recovery_codes::tenant_id.eq(tx.tenant_id))
            .filter(recovery_codes::account_id.eq(account_id))
            .filter(recovery_codes::used_at.is_null()),
    )
    .set(recovery_codes::used_at.eq(tx.now))
    .execute(&mut tx.conn())
    .await?;
    Ok(())
}
