use chrono::{DateTime, Utc};
use diesel::{dsl::exists, prelude::*};
use diesel_async::RunQueryDsl;
use tsumugi_schema::tables::{
    accounts, challenges, passkeys, persons, recovery_codes, temporary_codes, tenants,
};
use uuid::Uuid;

use crate::{Result, ctx::Tx, spine::access::Permit};

use super::policy::ChangeFactors;

/// A passkey as its owner sees it: id, name, when it was registered and last used.
pub(super) type Passkey = (Uuid, String, DateTime<Utc>, Option<DateTime<Utc>>);

/// The factors of an account.
#[derive(Debug)]
pub(super) struct Held {
    pub(super) password_phc: Option<String>,
    pub(super) password_changed_at: Option<DateTime<Utc>>,
    pub(super) totp_sealed: Option<Vec<u8>>,
    pub(super) passkeys: Vec<Passkey>,
    pub(super) recovery_codes: i64,
}

impl Held {
    /// What can be shown besides a password, day by day.
    pub(super) fn second_factors(&self) -> usize {
        self.passkeys.len() + usize::from(self.totp_sealed.is_some())
    }
}

/// The factors of an account, if there is such an account.
pub(super) async fn held(tx: &Tx<'_>, account_id: Uuid) -> Result<Option<Held>> {
    type Row = (Option<String>, Option<DateTime<Utc>>, Option<Vec<u8>>);
    let row: Option<Row> = accounts::table
        .find((tx.tenant_id, account_id))
        .select((
            accounts::password_phc,
            accounts::password_changed_at,
            accounts::totp_sealed,
        ))
        .first(&mut tx.conn())
        .await
        .optional()?;
    let Some((password_phc, password_changed_at, totp_sealed)) = row else {
        return Ok(None);
    };
    let passkeys = passkeys::table
        .filter(passkeys::tenant_id.eq(tx.tenant_id))
        .filter(passkeys::account_id.eq(account_id))
        .filter(passkeys::revoked_at.is_null())
        .order(passkeys::created_at)
        .select((
            passkeys::id,
            passkeys::name,
            passkeys::created_at,
            passkeys::last_used_at,
        ))
        .load(&mut tx.conn())
        .await?;
    let recovery_codes = recovery_codes::table
        .filter(recovery_codes::tenant_id.eq(tx.tenant_id))
        .filter(recovery_codes::account_id.eq(account_id))
        .filter(recovery_codes::used_at.is_null())
        .count()
        .get_result(&mut tx.conn())
        .await?;
    Ok(Some(Held {
        password_phc,
        password_changed_at,
        totp_sealed,
        passkeys,
        recovery_codes,
    }))
}

/// Whether a temporary code of the account is good now.
pub(super) async fn has_temporary_code(tx: &Tx<'_>, account_id: Uuid) -> Result<bool> {
    let found = exists(
        temporary_codes::table
            .filter(temporary_codes::tenant_id.eq(tx.tenant_id))
            .filter(temporary_codes::account_id.eq(account_id))
            .filter(temporary_codes::used_at.is_null())
            .filter(temporary_codes::revoked_at.is_null())
            .filter(temporary_codes::expires_at.gt(tx.now)),
    );
    Ok(diesel::select(found).get_result(&mut tx.conn()).await?)
}

/// Notes that the code of this step was used; says no when one of it or of a later step was used before.
pub(super) async fn advance_step(tx: &Tx<'_>, account_id: Uuid, step: i64) -> Result<bool> {
    let changed = diesel::update(
        accounts::table.find((tx.tenant_id, account_id)).filter(
            accounts::totp_last_step
                .is_null()
                .or(accounts::totp_last_step.lt(step)),
        ),
    )
    .set(accounts::totp_last_step.eq(step))
    .execute(&mut tx.conn())
    .await?;
    Ok(changed == 1)
}

/// Spends a recovery code: nothing when there is none like it, no when it was used before.
pub(super) async fn spend_recovery_code(
    tx: &Tx<'_>,
    account_id: Uuid,
    digest: &[u8],
) -> Result<Option<bool>> {
    let code = recovery_codes::table.find((tx.tenant_id, account_id, digest));
    let spent = diesel::update(code.filter(recovery_codes::used_at.is_null()))
        .set(recovery_codes::used_at.eq(tx.now))
        .execute(&mut tx.conn())
        .await?;
    if spent == 1 {
        return Ok(Some(true));
    }
    let known = diesel::select(exists(code))
        .get_result::<bool>(&mut tx.conn())
        .await?;
    Ok(known.then_some(false))
}

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

/// Name and mail address of the owner of an account.
pub(super) async fn address(
    tx: &Tx<'_>,
    account_id: Uuid,
) -> Result<Option<(String, Option<String>)>> {
    Ok(accounts::table
        .inner_join(
            persons::table.on(persons::tenant_id
                .eq(accounts::tenant_id)
                .and(persons::id.eq(accounts::person_id))),
        )
        .filter(accounts::tenant_id.eq(tx.tenant_id))
        .filter(accounts::id.eq(account_id))
        .select((persons::name, accounts::email))
        .first(&mut tx.conn())
        .await
        .optional()?)
}

/// What a new password must not be made of, and what an authenticator app shows: sign-in name, name of the person,
/// short name and name of the network.
pub(super) async fn context(
    tx: &Tx<'_>,
    account_id: Uuid,
) -> Result<(String, String, String, String)> {
    let (login, name) = accounts::table
        .inner_join(
            persons::table.on(persons::tenant_id
                .eq(accounts::tenant_id)
                .and(persons::id.eq(accounts::person_id))),
        )
        .filter(accounts::tenant_id.eq(tx.tenant_id))
        .filter(accounts::id.eq(account_id))
        .select((accounts::login_name, persons::name))
        .first(&mut tx.conn())
        .await?;
    let (slug, network) = tenants::table
        .find(tx.tenant_id)
        .select((tenants::slug, tenants::name))
        .first(&mut tx.conn())
        .await?;
    Ok((login, name, slug, network))
}

/// The account has this password from now on.
pub async fn hold_password(tx: &Tx<'_>, account_id: Uuid, phc: &str) -> Result<()> {
    diesel::update(accounts::table.find((tx.tenant_id, account_id)))
        .set((
            accounts::password_phc.eq(phc),
            accounts::password_changed_at.eq(tx.now),
        ))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// The account has this sealed seed from now on, of which the code of `step` has been used.
pub async fn hold_totp(tx: &Tx<'_>, account_id: Uuid, sealed: &[u8], step: i64) -> Result<()> {
    diesel::update(accounts::table.find((tx.tenant_id, account_id)))
        .set((
            accounts::totp_sealed.eq(sealed),
            accounts::totp_last_step.eq(step),
        ))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// The account has no one-time codes any more.
pub(super) async fn drop_totp(
    tx: &Tx<'_>,
    _: Permit<ChangeFactors>,
    account_id: Uuid,
) -> Result<()> {
    diesel::update(accounts::table.find((tx.tenant_id, account_id)))
        .set((
            accounts::totp_sealed.eq(None::<Vec<u8>>),
            accounts::totp_last_step.eq(None::<i64>),
        ))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// The account has these recovery codes from now on, and no others.
pub async fn hold_recovery_codes(
    tx: &Tx<'_>,
    account_id: Uuid,
    digests: &[[u8; 32]],
) -> Result<()> {
    drop_recovery_codes(tx, account_id).await?;
    let rows: Vec<_> = digests
        .iter()
        .map(|digest| {
            (
                recovery_codes::tenant_id.eq(tx.tenant_id),
                recovery_codes::account_id.eq(account_id),
                recovery_codes::digest.eq(digest.as_slice()),
                recovery_codes::created_at.eq(tx.now),
            )
        })
        .collect();
    diesel::insert_into(recovery_codes::table)
        .values(&rows)
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

async fn drop_recovery_codes(tx: &Tx<'_>, account_id: Uuid) -> Result<()> {
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
    drop_recovery_codes(tx, account_id).await
}

/// Remembers a sealed seed until its first code is shown.
pub(super) async fn insert_challenge(
    tx: &Tx<'_>,
    _: Permit<ChangeFactors>,
    id: Uuid,
    account_id: Uuid,
    state: &[u8],
    expires_at: DateTime<Utc>,
) -> Result<()> {
    diesel::insert_into(challenges::table)
        .values((
            challenges::tenant_id.eq(tx.tenant_id),
            challenges::id.eq(id),
            challenges::kind.eq("totp"),
            challenges::account_id.eq(account_id),
            challenges::state.eq(state),
            challenges::created_at.eq(tx.now),
            challenges::expires_at.eq(expires_at),
        ))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// The seed of a challenge of one's own that is still open.
pub(super) async fn find_challenge(
    tx: &Tx<'_>,
    id: Uuid,
    account_id: Uuid,
) -> Result<Option<Vec<u8>>> {
    Ok(challenges::table
        .find((tx.tenant_id, id))
        .filter(challenges::kind.eq("totp"))
        .filter(challenges::account_id.eq(account_id))
        .filter(challenges::used_at.is_null())
        .filter(challenges::expires_at.gt(tx.now))
        .select(challenges::state)
        .for_update()
        .first(&mut tx.conn())
        .await
        .optional()?)
}

/// The challenge has been met.
pub(super) async fn close_challenge(tx: &Tx<'_>, id: Uuid) -> Result<()> {
    diesel::update(challenges::table.find((tx.tenant_id, id)))
        .set(challenges::used_at.eq(tx.now))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}
