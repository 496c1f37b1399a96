use chrono::{DateTime, Utc};
use diesel::{dsl::exists, prelude::*};
use diesel_async::RunQueryDsl;
use tsumugi_schema::tables::{
    audit_event_patients as named, audit_events as log, clients, facilities, patients,
    staff_members,
};
use uuid::Uuid;

use super::{policy::Read, routes::ListAccessLog};
use crate::{
    Result,
    ctx::Tx,
    spine::{access::Permit, page::TimeKey},
};

/// An entry of the log.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = log, check_for_backend(diesel::pg::Pg))]
pub(super) struct Event {
    pub(super) id: Uuid,
    pub(super) at: DateTime<Utc>,
    pub(super) actor_kind: String,
    pub(super) staff_member_id: Option<Uuid>,
    pub(super) client_id: Option<Uuid>,
    pub(super) profession: Option<String>,
    pub(super) action: String,
    pub(super) purpose: String,
    pub(super) outcome: String,
    pub(super) code: Option<String>,
    pub(super) patient_id: Option<Uuid>,
    pub(super) resource_type: Option<String>,
    pub(super) resource_id: Option<Uuid>,
    pub(super) count: Option<i32>,
    pub(super) rules: Vec<String>,
    pub(super) request_id: String,
    pub(super) source_ip: Option<String>,
}

/// An entry with the names that belong to its ids.
#[derive(Debug, Queryable)]
pub(super) struct Row {
    pub(super) event: Event,
    pub(super) staff_name: Option<String>,
    pub(super) client_name: Option<String>,
    pub(super) facility_name: Option<String>,
    pub(super) patient_name: Option<String>,
}

/// Entries, newest first, one more than `limit`.
pub(super) async fn page(
    tx: &Tx<'_>,
    _: Permit<Read>,
    filter: &ListAccessLog,
    before: Option<TimeKey>,
    limit: i64,
) -> Result<Vec<Row>> {
    let program = clients::id.nullable();
    let mut query = log::table
        .left_join(
            staff_members::table.on(staff_members::tenant_id
                .eq(log::tenant_id)
                .and(staff_members::id.nullable().eq(log::staff_member_id))),
        )
        .left_join(
            clients::table.on(clients::tenant_id
                .eq(log::tenant_id)
                .and(program.eq(log::client_id))),
        )
        .left_join(
            facilities::table.on(facilities::tenant_id
                .eq(log::tenant_id)
                .and(facilities::id.nullable().eq(log::facility_id))),
        )
        .left_join(
            patients::table.on(patients::tenant_id
                .eq(log::tenant_id)
                .and(patients::id.nullable().eq(log::patient_id))),
        )
        .filter(log::tenant_id.eq(tx.tenant_id))
        .into_boxed();
    if let Some(patient) = filter.patient_id {
        // The entry is about the patient, or its answer named the patient among others.
        let listed = named::table
            .filter(named::tenant_id.eq(log::tenant_id))
            .filter(named::patient_id.eq(patient))
            .filter(named::event_id.eq(log::id));
        query = query.filter(
            log::patient_id
                .eq(patient)
                .or(exists(listed))
                .assume_not_null(),
        );
    }
    if let Some(staff) = filter.staff_member_id {
        query = query.filter(log::staff_member_id.eq(staff));
    }
    if let Some(facility) = filter.facility_id {
        query = query.filter(log::facility_id.eq(facility));
    }
    if let Some(action) = &filter.action {
        query = query.filter(log::action.eq(action.clone()));
    }
    if let Some(outcome) = filter.outcome {
        query = query.filter(log::outcome.eq(outcome.code()));
    }
    if let Some(from) = filter.from {
        query = query.filter(log::at.ge(from));
    }
    if let Some(to) = filter.to {
        query = query.filter(log::at.le(to));
    }
    if let Some(TimeKey(at, id)) = before {
        let older = log::at.lt(at).or(log::id.lt(id));
        query = query.filter(log::at.le(at)).filter(older);
    }
    Ok(query
        .order((log::at.desc(), log::id.desc()))
        .limit(limit + 1)
        .select((
            Event::as_select(),
            staff_members::name.nullable(),
            clients::name.nullable(),
            facilities::name.nullable(),
            patients::name.nullable(),
        ))
        .load(&mut tx.conn())
        .await?)
}
