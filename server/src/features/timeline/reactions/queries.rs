use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use tsumugi_schema::tables::{post_reactions as reactions, staff_members};
use uuid::Uuid;

use crate::{Result, ctx::Tx, features::timeline::policy::React, spine::access::Permit};

/// A reaction: post, reaction, staff member, name, profession, when.
pub(in crate::features::timeline) type ReactionRow =
    (Uuid, String, Uuid, String, String, DateTime<Utc>);

/// Everybody who reacted to these posts, the first of each first.
pub(in crate::features::timeline) async fn list_reactions(
    tx: &Tx<'_>,
    posts: &[Uuid],
) -> Result<Vec<ReactionRow>> {
    if posts.is_empty() {
        return Ok(Vec::new());
    }
    Ok(reactions::table
        .inner_join(
            staff_members::table.on(staff_members::tenant_id
                .eq(reactions::tenant_id)
                .and(staff_members::id.eq(reactions::staff_member_id))),
        )
        .filter(reactions::tenant_id.eq(tx.tenant_id))
        .filter(reactions::post_id.eq_any(posts))
        .order((reactions::reacted_at, reactions::staff_member_id))
        .select((
            reactions::post_id,
            reactions::reaction,
            reactions::staff_member_id,
            staff_members::name,
            staff_members::profession,
            reactions::reacted_at,
        ))
        .load(&mut tx.conn())
        .await?)
}

/// Reacts for the caller. Answers whether that changed anything.
pub(super) async fn insert(
    tx: &Tx<'_>,
    _: Permit<React>,
    post_id: Uuid,
    reaction: &str,
) -> Result<bool> {
    let added = diesel::insert_into(reactions::table)
        .values((
            reactions::tenant_id.eq(tx.tenant_id),
            reactions::post_id.eq(post_id),
            reactions::staff_member_id.eq(tx.actor.ids().0),
            reactions::reaction.eq(reaction),
            reactions::reacted_at.eq(tx.now),
        ))
        .on_conflict_do_nothing()
        .execute(&mut tx.conn())
        .await?;
    Ok(added == 1)
}

/// Takes the caller's reaction back. Answers whether that changed anything.
pub(super) async fn delete(
    tx: &Tx<'_>,
    _: Permit<React>,
    post_id: Uuid,
    reaction: &str,
) -> Result<bool> {
    let me = tx.actor.ids().0;
    let removed = diesel::delete(reactions::table.find((tx.tenant_id, post_id, me, reaction)))
        .execute(&mut tx.conn())
        .await?;
    Ok(removed == 1)
}
