use chrono::{DateTime, Utc};
use diesel::{dsl::count_star, prelude::*};
use diesel_async::RunQueryDsl;
use tsumugi_schema::tables::posts;
use uuid::Uuid;

use crate::{
    Result,
    ctx::Tx,
    features::timeline::model::Post,
    spine::{
        access::{self, Scope},
        page::TimeKey,
    },
};

/// How many answers in the scope each of these posts has that began a conversation.
pub(in crate::features::timeline) async fn count_replies(
    tx: &Tx<'_>,
    threads: &[Uuid],
    scope: &Scope,
) -> Result<Vec<(Uuid, i64)>> {
    if threads.is_empty() {
        return Ok(Vec::new());
    }
    Ok(posts::table
        .filter(posts::tenant_id.eq(tx.tenant_id))
        .filter(posts::thread_id.eq_any(threads))
        .filter(access::in_scope(scope, tx.tenant_id, tx.actor.ids().0))
        .group_by(posts::thread_id)
        .select((posts::thread_id.assume_not_null(), count_star()))
        .load(&mut tx.conn())
        .await?)
}

/// The posts of a conversation in the scope with the time of their recording, oldest first, one more than `limit`.
pub(super) async fn page_thread(
    tx: &Tx<'_>,
    post: &Post,
    scope: &Scope,
    after: Option<TimeKey>,
    limit: i64,
) -> Result<Vec<(Uuid, DateTime<Utc>)>> {
    let root = post.thread();
    let mut query = posts::table
        .filter(posts::tenant_id.eq(tx.tenant_id))
        .filter(posts::id.eq(root).or(posts::thread_id.eq(root)))
        .filter(access::in_scope(scope, tx.tenant_id, tx.actor.ids().0))
        .into_boxed();
    if let Some(TimeKey(at, id)) = after {
        query = query
            .filter(posts::recorded_at.ge(at))
            .filter(posts::recorded_at.gt(at).or(posts::id.gt(id)));
    }
    Ok(query
        .order((posts::recorded_at, posts::id))
        .limit(limit + 1)
        .select((posts::id, posts::recorded_at))
        .load(&mut tx.conn())
        .await?)
}
