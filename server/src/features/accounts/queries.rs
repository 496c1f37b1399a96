use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use tsumugi_schema::tables::{accounts, persons};
use uuid::Uuid;

use super::policy::Keep;
use crate::{Result, ctx::Tx, spine::access::Permit};

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
