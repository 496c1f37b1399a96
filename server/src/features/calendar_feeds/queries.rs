use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use tsumugi_schema::tables::{accounts, calendar_feeds as feeds, staff_members};
use uuid::Uuid;

use super::policy::Own;
use crate::{
    Error, Result,
    ctx::Tx,
    spine::{
        access::{self, Permit},
        auth::{Actor, Person, Role},
    },
};

/// A feed that is open.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = feeds, check_for_backend(diesel::pg::Pg))]
pub(super) struct Feed {
    pub(super) id: Uuid,
    pub(super) created_at: DateTime<Utc>,
    pub(super) last_read_at: Option<DateTime<Utc>>,
}

/// Who reads a feed that is good today, and in which language.
pub(super) struct Owner {
    pub(super) feed_id: Uuid,
    pub(super) japanese: bool,
    pub(super) person: Person,
}

fn me(tx: &Tx<'_>) -> Result<(Uuid, Uuid)> {
    match tx.actor {
        Actor::Person(person) => Ok((person.account_id, person.staff_member_id)),
        Actor::System(_) | Actor::Anonymous | Actor::Worker => Err(Error::NotFound),
    }
}

/// The caller's feeds that are open.
pub(super) async fn list(tx: &Tx<'_>, _: Permit<Own>) -> Result<Vec<Feed>> {
    let (account, post) = me(tx)?;
    Ok(feeds::table
        .filter(feeds::tenant_id.eq(tx.tenant_id))
        .filter(feeds::account_id.eq(account))
        .filter(feeds::staff_member_id.eq(post))
        .filter(feeds::revoked_at.is_null())
        .order(feeds::created_at.desc())
        .select(Feed::as_select())
        .load(&mut tx.conn())
        .await?)
}

/// Ends the caller's feeds, all or one; answers how many were open.
pub(super) async fn revoke(tx: &Tx<'_>, id: Option<Uuid>) -> Result<usize> {
    let (account, post) = me(tx)?;
    let open = feeds::table
        .filter(feeds::tenant_id.eq(tx.tenant_id))
        .filter(feeds::account_id.eq(account))
        .filter(feeds::staff_member_id.eq(post))
        .filter(feeds::revoked_at.is_null());
    let changed = match id {
        Some(id) => {
            diesel::update(open.filter(feeds::id.eq(id)))
                .set(feeds::revoked_at.eq(tx.now))
                .execute(&mut tx.conn())
                .await?
        }
        None => {
            diesel::update(open)
                .set(feeds::revoked_at.eq(tx.now))
                .execute(&mut tx.conn())
                .await?
        }
    };
    Ok(changed)
}

pub(super) async fn insert(
    tx: &Tx<'_>,
    _: Permit<Own>,
    id: Uuid,
    token_digest: &[u8],
) -> Result<()> {
    let (account, post) = me(tx)?;
    diesel::insert_into(feeds::table)
        .values((
            feeds::tenant_id.eq(tx.tenant_id),
            feeds::id.eq(id),
            feeds::account_id.eq(account),
            feeds::staff_member_id.eq(post),
            feeds::token_digest.eq(token_digest),
            feeds::created_at.eq(tx.now),
        ))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

#[derive(Queryable)]
struct Row {
    feed_id: Uuid,
    account_id: Uuid,
    role: String,
    language: String,
    staff_member_id: Uuid,
    person_id: Uuid,
    facility_id: Uuid,
    profession: String,
}

/// Whose feed this is, as long as feed, account and post may be used today.
pub(super) async fn find_owner(tx: &Tx<'_>, token_digest: &[u8]) -> Result<Option<Owner>> {
    let today = tx.today();
    let row: Option<Row> = feeds::table
        .inner_join(
            accounts::table.on(accounts::tenant_id
                .eq(feeds::tenant_id)
                .and(accounts::id.eq(feeds::account_id))),
        )
        .inner_join(
            staff_members::table.on(staff_members::tenant_id
                .eq(feeds::tenant_id)
                .and(staff_members::id.eq(feeds::staff_member_id))),
        )
        .filter(feeds::tenant_id.eq(tx.tenant_id))
        .filter(feeds::token_digest.eq(token_digest))
        .filter(feeds::revoked_at.is_null())
        .filter(accounts::suspended_at.is_null())
        .filter(staff_members::starts_on.le(today))
        .filter(
            staff_members::ends_on
                .is_null()
                .or(staff_members::ends_on.ge(today)),
        )
        .select((
            feeds::id,
            accounts::id,
            accounts::role,
            accounts::language,
            staff_members::id,
            staff_members::person_id,
            staff_members::facility_id,
            staff_members::profession,
        ))
        .first(&mut tx.conn())
        .await
        .optional()?;
    let Some(row) = row else {
        return Ok(None);
    };
    let post = row.staff_member_id;
    let standing = access::standing(tx, &[post]).await?.remove(&post);
    let (Some(standing), Some(role)) = (standing, Role::parse(&row.role)) else {
        return Ok(None);
    };
    Ok(Some(Owner {
        feed_id: row.feed_id,
        japanese: row.language != "en",
        person: Person {
            tenant_id: tx.tenant_id,
            account_id: row.account_id,
            session_id: Uuid::nil(),
            person_id: row.person_id,
            staff_member_id: post,
            facility_id: row.facility_id,
            profession: row.profession,
            role,
            standing,
            authenticated_at: tx.now,
            device_id: None,
            via: None,
        },
    }))
}

/// Notes that a feed was fetched, at most once a minute.
pub(super) async fn note_read(tx: &Tx<'_>, id: Uuid) -> Result<()> {
    let stale = feeds::last_read_at
        .is_null()
        .or(feeds::last_read_at.lt(tx.now - chrono::TimeDelta::minutes(1)));
    diesel::update(feeds::table.find((tx.tenant_id, id)).filter(stale))
        .set(feeds::last_read_at.eq(tx.now))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}
