use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use tsumugi_schema::tables::{post_pins as pins, post_versions as versions, posts, staff_members};
use uuid::Uuid;

use crate::{
    Result,
    ctx::Tx,
    features::timeline::policy::Pin,
    spine::{
        access::{self, Permit, Scope},
        ids,
    },
};

/// A pin: post, who put it there, when.
pub(in crate::features::timeline) type PinRow = (Uuid, String, DateTime<Utc>);

/// The pins that stand, of these posts.
pub(in crate::features::timeline) async fn list_pins_of(
    tx: &Tx<'_>,
    posts: &[Uuid],
) -> Result<Vec<PinRow>> {
    if posts.is_empty() {
        return Ok(Vec::new());
    }
    Ok(pins::table
        .inner_join(
            staff_members::table.on(staff_members::tenant_id
                .eq(pins::tenant_id)
                .and(staff_members::id.eq(pins::pinned_by))),
        )
        .filter(pins::tenant_id.eq(tx.tenant_id))
        .filter(pins::post_id.eq_any(posts))
        .filter(pins::unpinned_at.is_null())
        .select((pins::post_id, staff_members::name, pins::pinned_at))
        .load(&mut tx.conn())
        .await?)
}

/// The posts on top of a timeline in the scope, the last put there first; none that was taken back.
pub(super) async fn list_pins(tx: &Tx<'_>, patient_id: Uuid, scope: &Scope) -> Result<Vec<Uuid>> {
    Ok(pins::table
        .inner_join(
            posts::table.on(posts::tenant_id
                .eq(pins::tenant_id)
                .and(posts::id.eq(pins::post_id))),
        )
        .inner_join(
            versions::table.on(versions::tenant_id
                .eq(posts::tenant_id)
                .and(versions::post_id.eq(posts::id))
                .and(versions::version.eq(posts::version))),
        )
        .filter(pins::tenant_id.eq(tx.tenant_id))
        .filter(pins::patient_id.eq(patient_id))
        .filter(pins::unpinned_at.is_null())
        .filter(versions::retracted.eq(false))
        .filter(access::in_scope(scope, tx.tenant_id, tx.actor.ids().0))
        .order((pins::pinned_at.desc(), pins::id.desc()))
        .limit(100)
        .select(pins::post_id)
        .load(&mut tx.conn())
        .await?)
}

/// Puts a post on top; it stays as it is when somebody else did so at the same moment.
pub(super) async fn insert(
    tx: &Tx<'_>,
    _: Permit<Pin>,
    patient_id: Uuid,
    post_id: Uuid,
) -> Result<()> {
    diesel::insert_into(pins::table)
        .values((
            pins::tenant_id.eq(tx.tenant_id),
            pins::id.eq(ids::new_id()),
            pins::patient_id.eq(patient_id),
            pins::post_id.eq(post_id),
            pins::pinned_by.eq(tx.actor.ids().0),
            pins::pinned_at.eq(tx.now),
        ))
        .on_conflict_do_nothing()
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// Takes a post down. Answers whether it was on top.
pub(super) async fn end(tx: &Tx<'_>, _: Permit<Pin>, post_id: Uuid) -> Result<bool> {
    let ended = diesel::update(
        pins::table
            .filter(pins::tenant_id.eq(tx.tenant_id))
            .filter(pins::post_id.eq(post_id))
            .filter(pins::unpinned_at.is_null()),
    )
    .set((
        pins::unpinned_by.eq(tx.actor.ids().0),
        pins::unpinned_at.eq(tx.now),
    ))
    .execute(&mut tx.conn())
    .await?;
    Ok(ended == 1)
}
