use chrono::{DateTime, NaiveDate, Utc};
use diesel::{dsl::count_star, prelude::*};
use diesel_async::RunQueryDsl;
use tsumugi_schema::tables::{
    accounts, audit_events as log, devices, facilities, sessions, staff_members as posts,
};
use uuid::Uuid;

use super::{
    super::{
        policy::ReadMaintenance,
        queries::{Row, with_places},
    },
    ListMaintenance, Place,
};
use crate::{
    Result,
    ctx::Tx,
    features::facilities::FacilityRef,
    spine::{access::Permit, audit::Stored, auth::Role},
};

/// Somebody of the vendor or operator who was let in.
#[derive(Debug, Queryable)]
pub(super) struct Grant {
    pub(super) id: Uuid,
    pub(super) account_id: Option<Uuid>,
    pub(super) name: String,
    pub(super) work_plan: Option<String>,
    pub(super) starts_on: NaiveDate,
    pub(super) ends_on: Option<NaiveDate>,
    pub(super) facility: FacilityRef,
}

/// Grants, newest first, one more than `limit`.
pub(super) async fn page(
    tx: &Tx<'_>,
    _: Permit<ReadMaintenance>,
    asked: &ListMaintenance,
    after: Option<Place>,
    limit: i64,
) -> Result<Vec<Grant>> {
    let mut query = posts::table
        .inner_join(
            facilities::table.on(facilities::tenant_id
                .eq(posts::tenant_id)
                .and(facilities::id.eq(posts::facility_id))),
        )
        .left_join(
            accounts::table.on(accounts::tenant_id
                .eq(posts::tenant_id)
                .and(accounts::person_id.eq(posts::person_id))),
        )
        .filter(posts::tenant_id.eq(tx.tenant_id))
        // The code of the profession is that of the role.
        .filter(posts::profession.eq(Role::Support.code()))
        .into_boxed();
    if let Some(plan) = &asked.work_plan {
        query = query.filter(posts::work_plan.eq(plan.clone()));
    }
    if let Some(from) = asked.from {
        query = query.filter(posts::ends_on.is_null().or(posts::ends_on.ge(from)));
    }
    if let Some(to) = asked.to {
        query = query.filter(posts::starts_on.le(to));
    }
    if let Some(Place(day, id)) = after {
        let earlier = posts::starts_on.lt(day).or(posts::id.lt(id));
        query = query.filter(posts::starts_on.le(day)).filter(earlier);
    }
    Ok(query
        .order((posts::starts_on.desc(), posts::id.desc()))
        .limit(limit + 1)
        .select((
            posts::id,
            accounts::id.nullable(),
            posts::name,
            posts::work_plan,
            posts::starts_on,
            posts::ends_on,
            FacilityRef::as_select(),
        ))
        .load(&mut tx.conn())
        .await?)
}

/// A session with the name of its device.
#[derive(Debug, Queryable)]
pub(super) struct MaintenanceSession {
    pub(super) id: Uuid,
    pub(super) created_at: DateTime<Utc>,
    pub(super) last_seen_at: DateTime<Utc>,
    pub(super) revoked_at: Option<DateTime<Utc>>,
    pub(super) expires_at: DateTime<Utc>,
    pub(super) source_ip: Option<String>,
    pub(super) device_id: Option<Uuid>,
    pub(super) device_name: Option<String>,
}

/// The sessions in which somebody acted for a post, oldest first.
pub(super) async fn list_sessions(tx: &Tx<'_>, post_id: Uuid) -> Result<Vec<MaintenanceSession>> {
    Ok(sessions::table
        .left_join(
            devices::table.on(devices::tenant_id
                .eq(sessions::tenant_id)
                .and(devices::id.nullable().eq(sessions::device_id))),
        )
        .filter(sessions::tenant_id.eq(tx.tenant_id))
        .filter(sessions::staff_member_id.eq(post_id))
        .order((sessions::created_at, sessions::id))
        .select((
            sessions::id,
            sessions::created_at,
            sessions::last_seen_at,
            sessions::revoked_at,
            sessions::expires_at,
            sessions::source_ip,
            sessions::device_id,
            devices::name.nullable(),
        ))
        .load(&mut tx.conn())
        .await?)
}

/// Entries of a post by action and outcome.
pub(super) async fn count_actions(
    tx: &Tx<'_>,
    post_id: Uuid,
) -> Result<Vec<(String, String, i64)>> {
    Ok(log::table
        .filter(log::tenant_id.eq(tx.tenant_id))
        .filter(log::staff_member_id.eq(post_id))
        .group_by((log::action, log::outcome))
        .select((log::action, log::outcome, count_star()))
        .load(&mut tx.conn())
        .await?)
}

/// The newest entries of a post.
pub(super) async fn list_entries(tx: &Tx<'_>, post_id: Uuid, limit: i64) -> Result<Vec<Row>> {
    let found: Vec<Stored> = log::table
        .filter(log::tenant_id.eq(tx.tenant_id))
        .filter(log::staff_member_id.eq(post_id))
        .order((log::at.desc(), log::id.desc()))
        .limit(limit)
        .select(Stored::as_select())
        .load(&mut tx.conn())
        .await?;
    with_places(tx, found).await
}
