use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use tsumugi_schema::tables::{
    clients, facilities, patients, rooms, search_entries as entries, staff_members,
};
use uuid::Uuid;

use super::super::queries::Key;
use crate::{Result, ctx::Tx};

/// Something found, with the names that belong to its ids.
#[derive(Debug, Queryable)]
pub(in crate::features::search) struct Found {
    pub(in crate::features::search) source: String,
    pub(in crate::features::search) id: Uuid,
    pub(in crate::features::search) kind: String,
    pub(in crate::features::search) patient_id: Option<Uuid>,
    pub(in crate::features::search) room_id: Option<Uuid>,
    pub(in crate::features::search) post_id: Option<Uuid>,
    pub(in crate::features::search) class: Option<String>,
    pub(in crate::features::search) facility_id: Uuid,
    pub(in crate::features::search) author_staff_id: Option<Uuid>,
    pub(in crate::features::search) at: DateTime<Utc>,
    pub(in crate::features::search) title: String,
    pub(in crate::features::search) body: String,
    pub(in crate::features::search) patient_name: Option<String>,
    pub(in crate::features::search) registered_at: Option<Uuid>,
    pub(in crate::features::search) staff_name: Option<String>,
    pub(in crate::features::search) client_name: Option<String>,
    pub(in crate::features::search) facility_name: String,
    pub(in crate::features::search) room_name: Option<String>,
}

/// What was found, whole, newest first.
pub(in crate::features::search) async fn list_found(
    tx: &Tx<'_>,
    keys: &[Key],
) -> Result<Vec<Found>> {
    let ids: Vec<Uuid> = keys.iter().map(|(_, id, _)| *id).collect();
    let sources: Vec<&str> = keys.iter().map(|(source, ..)| source.as_str()).collect();
    let mut found: Vec<Found> = entries::table
        .inner_join(
            facilities::table.on(facilities::tenant_id
                .eq(entries::tenant_id)
                .and(facilities::id.eq(entries::facility_id))),
        )
        .left_join(
            patients::table.on(patients::tenant_id
                .eq(entries::tenant_id)
                .and(patients::id.nullable().eq(entries::patient_id))),
        )
        .left_join(
            staff_members::table.on(staff_members::tenant_id
                .eq(entries::tenant_id)
                .and(staff_members::id.nullable().eq(entries::author_staff_id))),
        )
        .left_join(
            clients::table.on(clients::tenant_id
                .eq(entries::tenant_id)
                .and(clients::id.nullable().eq(entries::author_client_id))),
        )
        .left_join(
            rooms::table.on(rooms::tenant_id
                .eq(entries::tenant_id)
                .and(rooms::id.nullable().eq(entries::room_id))),
        )
        .filter(entries::tenant_id.eq(tx.tenant_id))
        .filter(entries::source.eq_any(sources))
        .filter(entries::id.eq_any(ids))
        .order((entries::at.desc(), entries::id.desc()))
        .select((
            entries::source,
            entries::id,
            entries::kind,
            entries::patient_id,
            entries::room_id,
            entries::post_id,
            entries::class,
            entries::facility_id,
            entries::author_staff_id,
            entries::at,
            entries::title,
            entries::body,
            patients::name.nullable(),
            patients::facility_id.nullable(),
            staff_members::name.nullable(),
            clients::name.nullable(),
            facilities::name,
            rooms::name.nullable(),
        ))
        .load(&mut tx.conn())
        .await?;
    found.retain(|row| {
        keys.iter()
            .any(|(source, id, _)| *source == row.source && *id == row.id)
    });
    Ok(found)
}
