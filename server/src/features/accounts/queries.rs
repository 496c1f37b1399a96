use chrono::{DateTime, Utc};
use diesel::{dsl::exists, prelude::*};
use diesel_async::RunQueryDsl;
use tsumugi_schema::tables::{accounts, facilities, passkeys, persons, staff_members};
use uuid::Uuid;

use super::policy::Keep;
use crate::{Result, ctx::Tx, features::facilities::FacilityRef, spine::access::Permit};

/// The owner of an account.
#[derive(Queryable)]
pub(super) struct Owner {
    pub(super) name: String,
    pub(super) email: Option<String>,
    pub(super) suspended_at: Option<DateTime<Utc>>,
}

/// The owner; nothing when there is no such account.
pub(super) async fn find_owner(tx: &Tx<'_>, account_id: Uuid) -> Result<Option<Owner>> {
    Ok(accounts::table
        .inner_join(
            persons::table.on(persons::tenant_id
                .eq(accounts::tenant_id)
                .and(persons::id.eq(accounts::person_id))),
        )
        .filter(accounts::tenant_id.eq(tx.tenant_id))
        .filter(accounts::id.eq(account_id))
        .select((persons::name, accounts::email, accounts::suspended_at))
        .first(&mut tx.conn())
        .await
        .optional()?)
}

/// An account with its default post.
#[derive(Queryable)]
pub(super) struct Account {
    pub(super) id: Uuid,
    pub(super) login_name: String,
    pub(super) role: String,
    pub(super) email: Option<String>,
    pub(super) last_signed_in_at: Option<DateTime<Utc>>,
    pub(super) suspended_at: Option<DateTime<Utc>>,
    pub(super) staff_member_id: Uuid,
    pub(super) name: String,
    pub(super) profession: String,
    pub(super) facility: FacilityRef,
    pub(super) has_password: bool,
    pub(super) has_codes: bool,
    pub(super) has_passkey: bool,
}

pub(super) async fn find(tx: &Tx<'_>, id: Uuid) -> Result<Option<Account>> {
    let passkey = exists(
        passkeys::table
            .filter(passkeys::tenant_id.eq(tx.tenant_id))
            .filter(passkeys::account_id.eq(id))
            .filter(passkeys::revoked_at.is_null()),
    );
    Ok(accounts::table
        .inner_join(
            staff_members::table.on(staff_members::tenant_id
                .eq(accounts::tenant_id)
                .and(staff_members::id.eq(accounts::staff_member_id))),
        )
        .inner_join(
            facilities::table.on(facilities::tenant_id
                .eq(accounts::tenant_id)
                .and(facilities::id.eq(staff_members::facility_id))),
        )
        .filter(accounts::tenant_id.eq(tx.tenant_id))
        .filter(accounts::id.eq(id))
        .select((
            accounts::id,
            accounts::login_name,
            accounts::role,
            accounts::email,
            accounts::last_signed_in_at,
            accounts::suspended_at,
            staff_members::id,
            staff_members::name,
            staff_members::profession,
            FacilityRef::as_select(),
            accounts::password_phc.is_not_null(),
            accounts::totp_sealed.is_not_null(),
            passkey,
        ))
        .first(&mut tx.conn())
        .await
        .optional()?)
}

/// Suspends an account from now on, or takes that back.
pub(super) async fn suspend(
    tx: &Tx<'_>,
    _: Permit<Keep>,
    id: Uuid,
    since: Option<DateTime<Utc>>,
) -> Result<()> {
    diesel::update(accounts::table.find((tx.tenant_id, id)))
        .set(accounts::suspended_at.eq(since))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}
