use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use tsumugi_schema::tables::{
    message_moves as moves, post_versions as versions, posts, staff_members,
};
use uuid::Uuid;

use super::{super::policy::Create, MovedPost};
use crate::{Result, ctx::Tx, spine::access::Permit};

/// Writes the post and its first version in the name of whoever said it.
pub(super) async fn insert(
    tx: &Tx<'_>,
    _: Permit<Create>,
    new: &MovedPost<'_>,
    (kind, channel, sensitivity): (&str, &str, Option<&str>),
) -> Result<()> {
    let facility: Uuid = staff_members::table
        .find((tx.tenant_id, new.author))
        .select(staff_members::facility_id)
        .first(&mut tx.conn())
        .await?;
    diesel::insert_into(posts::table)
        .values((
            posts::tenant_id.eq(tx.tenant_id),
            posts::id.eq(new.id),
            posts::patient_id.eq(new.patient_id),
            posts::kind.eq(kind),
            posts::channel.eq(channel),
            posts::sensitivity.eq(sensitivity),
            posts::author_staff_id.eq(new.author),
            posts::facility_id.eq(facility),
            posts::observed_at.eq(new.said_at),
            posts::recorded_at.eq(tx.now),
            posts::version.eq(1),
        ))
        .execute(&mut tx.conn())
        .await?;
    diesel::insert_into(versions::table)
        .values((
            versions::tenant_id.eq(tx.tenant_id),
            versions::post_id.eq(new.id),
            versions::version.eq(1),
            versions::body.eq(new.body),
            versions::retracted.eq(false),
            versions::written_by_staff.eq(new.author),
            versions::written_at.eq(tx.now),
        ))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// What the rules tell a post apart by.
#[derive(Debug, Queryable)]
pub(super) struct ClassRow {
    pub(super) id: Uuid,
    pub(super) patient_id: Uuid,
    pub(super) channel: String,
    pub(super) information: String,
    pub(super) sensitivity: Option<String>,
    pub(super) facility_id: Uuid,
}

pub(super) async fn list_classes(tx: &Tx<'_>, ids: &[Uuid]) -> Result<Vec<ClassRow>> {
    Ok(posts::table
        .filter(posts::tenant_id.eq(tx.tenant_id))
        .filter(posts::id.eq_any(ids))
        .select((
            posts::id,
            posts::patient_id,
            posts::channel,
            posts::information,
            posts::sensitivity,
            posts::facility_id,
        ))
        .load(&mut tx.conn())
        .await?)
}

/// Posts that came from a room: post, who moved it, when.
pub(super) async fn list_moves(
    tx: &Tx<'_>,
    posts: &[Uuid],
) -> Result<Vec<(Uuid, String, DateTime<Utc>)>> {
    Ok(moves::table
        .inner_join(
            staff_members::table.on(staff_members::tenant_id
                .eq(moves::tenant_id)
                .and(staff_members::id.eq(moves::moved_by))),
        )
        .filter(moves::tenant_id.eq(tx.tenant_id))
        .filter(moves::post_id.eq_any(posts))
        .select((moves::post_id, staff_members::name, moves::moved_at))
        .load(&mut tx.conn())
        .await?)
}
