use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::{
    dsl::{count, count_star, exists},
    prelude::*,
};
use diesel_async::RunQueryDsl;
use tsumugi_schema::tables::{
    audit_event_patients as named, audit_events as log, facilities, patients, tenants,
};
use uuid::Uuid;

use super::super::policy::Read;
use crate::{Result, ctx::Tx, spine::access::Permit};

/// A span of time, the end not included.
type Span = (DateTime<Utc>, DateTime<Utc>);

/// Facility, profession and kind of caller.
pub(super) type Key = (Option<Uuid>, Option<String>, String);

/// Name and short name of the network.
pub(in super::super) async fn find_network(tx: &Tx<'_>) -> Result<(String, String)> {
    Ok(tenants::table
        .find(tx.tenant_id)
        .select((tenants::name, tenants::slug))
        .first(&mut tx.conn())
        .await?)
}

/// Entries of a time by something, allowed and denied apart.
macro_rules! counted {
    ($tx:expr, $span:expr, $column:expr) => {
        log::table
            .filter(log::tenant_id.eq($tx.tenant_id))
            .filter(log::at.ge($span.0))
            .filter(log::at.lt($span.1))
            .group_by(($column, log::outcome))
            .select(($column, log::outcome, count_star()))
            .load(&mut $tx.conn())
            .await?
    };
}

pub(super) async fn count_by_purpose(
    tx: &Tx<'_>,
    _: &Permit<Read>,
    span: Span,
) -> Result<Vec<(String, String, i64)>> {
    Ok(counted!(tx, span, log::purpose))
}

pub(super) async fn count_by_action(
    tx: &Tx<'_>,
    _: &Permit<Read>,
    span: Span,
) -> Result<Vec<(String, String, i64)>> {
    Ok(counted!(tx, span, log::action))
}

/// Entries of one profession of one facility.
#[derive(Debug, Queryable)]
pub(super) struct Place {
    pub(super) key: Key,
    /// Posts that did something.
    pub(super) people: i64,
    pub(super) all: i64,
}

pub(super) async fn count_by_place(
    tx: &Tx<'_>,
    _: &Permit<Read>,
    (from, until): Span,
) -> Result<Vec<Place>> {
    Ok(log::table
        .filter(log::tenant_id.eq(tx.tenant_id))
        .filter(log::at.ge(from))
        .filter(log::at.lt(until))
        .group_by((log::facility_id, log::profession, log::actor_kind))
        .select((
            (log::facility_id, log::profession, log::actor_kind),
            count(log::staff_member_id).aggregate_distinct(),
            count_star(),
        ))
        .load(&mut tx.conn())
        .await?)
}

pub(super) async fn count_denied_by_place(
    tx: &Tx<'_>,
    _: &Permit<Read>,
    (from, until): Span,
) -> Result<Vec<(Key, i64)>> {
    Ok(log::table
        .filter(log::tenant_id.eq(tx.tenant_id))
        .filter(log::at.ge(from))
        .filter(log::at.lt(until))
        .filter(log::outcome.eq("denied"))
        .group_by((log::facility_id, log::profession, log::actor_kind))
        .select((
            (log::facility_id, log::profession, log::actor_kind),
            count_star(),
        ))
        .load(&mut tx.conn())
        .await?)
}

/// People who did something, or tried to: accounts, because a person may have several posts.
pub(super) async fn count_people(
    tx: &Tx<'_>,
    _: &Permit<Read>,
    (from, until): Span,
) -> Result<i64> {
    Ok(log::table
        .filter(log::tenant_id.eq(tx.tenant_id))
        .filter(log::at.ge(from))
        .filter(log::at.lt(until))
        .filter(log::staff_member_id.is_not_null())
        .select(count(log::account_id).aggregate_distinct())
        .first(&mut tx.conn())
        .await?)
}

/// Patients whom an entry was about, or whom an answer named: one probe of an index for each patient.
pub(super) async fn count_patients(
    tx: &Tx<'_>,
    _: &Permit<Read>,
    (from, until): Span,
) -> Result<i64> {
    let about = log::table
        .filter(log::tenant_id.eq(patients::tenant_id))
        .filter(log::patient_id.eq(patients::id.nullable()))
        .filter(log::at.ge(from))
        .filter(log::at.lt(until));
    let listed = named::table
        .filter(named::tenant_id.eq(patients::tenant_id))
        .filter(named::patient_id.eq(patients::id))
        .filter(named::at.ge(from))
        .filter(named::at.lt(until));
    Ok(patients::table
        .filter(patients::tenant_id.eq(tx.tenant_id))
        .filter(exists(about).or(exists(listed)))
        .count()
        .get_result(&mut tx.conn())
        .await?)
}

/// The names of all facilities.
pub(super) async fn list_facility_names(tx: &Tx<'_>) -> Result<HashMap<Uuid, String>> {
    let rows: Vec<(Uuid, String)> = facilities::table
        .filter(facilities::tenant_id.eq(tx.tenant_id))
        .select((facilities::id, facilities::name))
        .load(&mut tx.conn())
        .await?;
    Ok(rows.into_iter().collect())
}
