use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use tsumugi_schema::tables::{
    acknowledgement_asks as asks, acknowledgement_requests as requests, acknowledgements, clients,
    documents, facilities, post_versions as versions, posts, staff_members,
};
use uuid::Uuid;

use crate::{Result, ctx::Tx, spine::access::Scope};

/// A person, as a post names one: id, name, profession, facility.
pub(in crate::features::timeline) type PersonRow = (Uuid, String, String, String);

pub(in crate::features::timeline) async fn list_authors(
    tx: &Tx<'_>,
    ids: &[Uuid],
) -> Result<Vec<PersonRow>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Ok(staff_members::table
        .inner_join(
            facilities::table.on(facilities::tenant_id
                .eq(staff_members::tenant_id)
                .and(facilities::id.eq(staff_members::facility_id))),
        )
        .filter(staff_members::tenant_id.eq(tx.tenant_id))
        .filter(staff_members::id.eq_any(ids))
        .select((
            staff_members::id,
            staff_members::name,
            staff_members::profession,
            facilities::name,
        ))
        .load(&mut tx.conn())
        .await?)
}

/// A system, as a post names one: id, name, facility.
pub(in crate::features::timeline) type SystemRow = (Uuid, String, String);

pub(in crate::features::timeline) async fn list_systems(
    tx: &Tx<'_>,
    ids: &[Uuid],
) -> Result<Vec<SystemRow>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Ok(clients::table
        .inner_join(
            facilities::table.on(facilities::tenant_id
                .eq(clients::tenant_id)
                .and(facilities::id.eq(clients::facility_id))),
        )
        .filter(clients::tenant_id.eq(tx.tenant_id))
        .filter(clients::id.eq_any(ids))
        .select((clients::id, clients::name, facilities::name))
        .load(&mut tx.conn())
        .await?)
}

/// What a reply answers.
#[derive(Debug, Queryable)]
pub(in crate::features::timeline) struct ParentRow {
    pub(in crate::features::timeline) id: Uuid,
    pub(in crate::features::timeline) information: String,
    pub(in crate::features::timeline) channel: String,
    pub(in crate::features::timeline) sensitivity: Option<String>,
    pub(in crate::features::timeline) facility_id: Uuid,
    pub(in crate::features::timeline) staff_name: Option<String>,
    pub(in crate::features::timeline) client_name: Option<String>,
    pub(in crate::features::timeline) body: Option<String>,
    pub(in crate::features::timeline) vitals: Option<serde_json::Value>,
    pub(in crate::features::timeline) retracted: bool,
    pub(in crate::features::timeline) title: Option<String>,
}

pub(in crate::features::timeline) async fn list_parents(
    tx: &Tx<'_>,
    ids: &[Uuid],
) -> Result<Vec<ParentRow>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Ok(posts::table
        .inner_join(
            versions::table.on(versions::tenant_id
                .eq(posts::tenant_id)
                .and(versions::post_id.eq(posts::id))
                .and(versions::version.eq(posts::version))),
        )
        .left_join(
            documents::table.on(documents::tenant_id
                .eq(versions::tenant_id)
                .and(documents::id.nullable().eq(versions::document_id))),
        )
        .left_join(
            staff_members::table.on(staff_members::tenant_id
                .eq(posts::tenant_id)
                .and(staff_members::id.nullable().eq(posts::author_staff_id))),
        )
        .left_join(
            clients::table.on(clients::tenant_id
                .eq(posts::tenant_id)
                .and(clients::id.nullable().eq(posts::author_client_id))),
        )
        .filter(posts::tenant_id.eq(tx.tenant_id))
        .filter(posts::id.eq_any(ids))
        .select((
            posts::id,
            posts::information,
            posts::channel,
            posts::sensitivity,
            posts::facility_id,
            staff_members::name.nullable(),
            clients::name.nullable(),
            versions::body,
            versions::vitals,
            versions::retracted,
            documents::title.nullable(),
        ))
        .load(&mut tx.conn())
        .await?)
}

impl ParentRow {
    /// Whether somebody with this scope who may read an answer to it may read it too: an answer is for the same people.
    pub(in crate::features::timeline) fn is_in(&self, scope: &Scope) -> bool {
        let class = (
            self.channel.as_str(),
            self.information.as_str(),
            self.sensitivity.as_deref(),
        );
        scope.covers_post(class, self.facility_id, true)
    }
}

/// Somebody who was asked.
#[derive(Debug, Queryable)]
pub(in crate::features::timeline) struct RequestRow {
    pub(in crate::features::timeline) post_id: Uuid,
    pub(in crate::features::timeline) staff_member_id: Uuid,
    pub(in crate::features::timeline) name: String,
    pub(in crate::features::timeline) profession: String,
    pub(in crate::features::timeline) due_at: Option<DateTime<Utc>>,
    /// When nothing was asked of the person any more.
    pub(in crate::features::timeline) closed_at: Option<DateTime<Utc>>,
    /// Whether a reply is asked for.
    pub(in crate::features::timeline) answer: bool,
    /// Who closed it.
    pub(in crate::features::timeline) closed_by: Option<Uuid>,
}

pub(in crate::features::timeline) async fn list_requests(
    tx: &Tx<'_>,
    ids: &[Uuid],
) -> Result<Vec<RequestRow>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Ok(requests::table
        .inner_join(
            staff_members::table.on(staff_members::tenant_id
                .eq(requests::tenant_id)
                .and(staff_members::id.eq(requests::staff_member_id))),
        )
        .inner_join(
            asks::table.on(asks::tenant_id
                .eq(requests::tenant_id)
                .and(asks::id.eq(requests::ask_id))),
        )
        .filter(requests::tenant_id.eq(tx.tenant_id))
        .filter(requests::post_id.eq_any(ids))
        .filter(requests::part.ne("told"))
        .filter(asks::state.ne("withdrawn"))
        .order((staff_members::sort_key, staff_members::id, requests::ask_id))
        .select((
            requests::post_id,
            requests::staff_member_id,
            staff_members::name,
            staff_members::profession,
            requests::due_at,
            requests::closed_at,
            asks::answer,
            asks::closed_by,
        ))
        .load(&mut tx.conn())
        .await?)
}

/// Somebody who acknowledged: post, staff member, name, profession, when.
pub(in crate::features::timeline) type AcknowledgementRow =
    (Uuid, Uuid, String, String, DateTime<Utc>);

pub(in crate::features::timeline) async fn list_acknowledgements(
    tx: &Tx<'_>,
    ids: &[Uuid],
) -> Result<Vec<AcknowledgementRow>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Ok(acknowledgements::table
        .inner_join(
            staff_members::table.on(staff_members::tenant_id
                .eq(acknowledgements::tenant_id)
                .and(staff_members::id.eq(acknowledgements::staff_member_id))),
        )
        .filter(acknowledgements::tenant_id.eq(tx.tenant_id))
        .filter(acknowledgements::post_id.eq_any(ids))
        .order((
            acknowledgements::acknowledged_at,
            acknowledgements::staff_member_id,
        ))
        .select((
            acknowledgements::post_id,
            acknowledgements::staff_member_id,
            staff_members::name,
            staff_members::profession,
            acknowledgements::acknowledged_at,
        ))
        .load(&mut tx.conn())
        .await?)
}
