//! The rows behind a token: read with every request, so that what was revoked is refused at once.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use tsumugi_schema::tables::{accounts, clients, sessions, staff_members, tenants};
use uuid::Uuid;

use super::{Actor, Person, Role, System, token::Caller};
use crate::{Error, Result, ctx::Tx, spine::access};

/// The actor that `caller` stands for, if the rows still say so.
pub(crate) async fn actor(tx: &Tx<'_>, caller: Caller) -> Result<Actor> {
    match caller {
        Caller::Session {
            tenant,
            account,
            session,
        } => person(tx, tenant, account, session).await,
        Caller::Client { tenant, client } => system(tx, tenant, client).await,
    }
}

async fn person(tx: &Tx<'_>, tenant_id: Uuid, account_id: Uuid, session_id: Uuid) -> Result<Actor> {
    type Row = (
        Uuid,
        Uuid,
        Uuid,
        String,
        String,
        DateTime<Utc>,
        DateTime<Utc>,
        Option<Uuid>,
    );
    let today = tx.today();
    let found: Option<Row> = sessions::table
        .inner_join(
            accounts::table.on(accounts::tenant_id
                .eq(sessions::tenant_id)
                .and(accounts::id.eq(sessions::account_id))),
        )
        .inner_join(
            staff_members::table.on(staff_members::tenant_id
                .eq(accounts::tenant_id)
                .and(staff_members::id.eq(sessions::staff_member_id))),
        )
        .filter(sessions::tenant_id.eq(tenant_id))
        .filter(sessions::id.eq(session_id))
        .filter(sessions::account_id.eq(account_id))
        .filter(sessions::revoked_at.is_null())
        .filter(accounts::suspended_at.is_null())
        .filter(staff_members::starts_on.le(today))
        .filter(
            staff_members::ends_on
                .is_null()
                .or(staff_members::ends_on.ge(today)),
        )
        .select((
            staff_members::person_id,
            staff_members::id,
            staff_members::facility_id,
            staff_members::profession,
            accounts::role,
            sessions::expires_at,
            sessions::authenticated_at,
            sessions::device_id,
        ))
        .first(&mut tx.conn())
        .await
        .optional()?;
    let (
        person_id,
        staff_member_id,
        facility_id,
        profession,
        role,
        expires_at,
        authenticated_at,
        device_id,
    ) = found.ok_or(Error::SessionEnded)?;
    // A session that ran out is not one that was taken away: devices keep what has not been sent yet.
    if expires_at <= tx.now {
        return Err(Error::TokenExpired);
    }
    let role = Role::parse(&role).ok_or(Error::SessionEnded)?;
    Ok(Actor::Person(Person {
        tenant_id,
        account_id,
        session_id,
        person_id,
        staff_member_id,
        facility_id,
        standing: access::standing(tx, &[staff_member_id])
            .await?
            .remove(&staff_member_id)
            .ok_or(Error::SessionEnded)?,
        profession,
        role,
        authenticated_at,
        device_id,
        via: None,
    }))
}

async fn system(tx: &Tx<'_>, tenant_id: Uuid, client_id: Uuid) -> Result<Actor> {
    let found: Option<Uuid> = clients::table
        .find((tenant_id, client_id))
        .filter(clients::revoked_at.is_null())
        .select(clients::facility_id)
        .first(&mut tx.conn())
        .await
        .optional()?;
    let facility_id = found.ok_or(Error::SessionEnded)?;
    Ok(Actor::System(System {
        tenant_id,
        client_id,
        facility_id,
    }))
}

/// The network with this slug.
pub(crate) async fn tenant_by_slug(tx: &Tx<'_>, slug: &str) -> Result<Option<Uuid>> {
    Ok(tenants::table
        .filter(tenants::slug.eq(slug))
        .select(tenants::tenant_id)
        .first(&mut tx.conn())
        .await
        .optional()?)
}
