use chrono::{DateTime, Utc};
use diesel::{
    dsl::{exists, not},
    prelude::*,
};
use diesel_async::RunQueryDsl;
use tsumugi_schema::tables::{
    patients, post_approvals as approvals, post_versions as versions, posts,
};
use uuid::Uuid;

use crate::{
    Result,
    ctx::Tx,
    features::timeline::policy::{Approve, MayList},
    spine::{access::Permit, page::TimeKey},
};

/// What was said to a version: post, version, whether approved, why not, when.
pub(in crate::features::timeline) type ApprovalRow =
    (Uuid, i32, bool, Option<String>, DateTime<Utc>);

/// Everything that was said to versions of these posts, the newest version of each last.
pub(in crate::features::timeline) async fn list_approvals_of(
    tx: &Tx<'_>,
    posts: &[Uuid],
) -> Result<Vec<ApprovalRow>> {
    if posts.is_empty() {
        return Ok(Vec::new());
    }
    Ok(approvals::table
        .filter(approvals::tenant_id.eq(tx.tenant_id))
        .filter(approvals::post_id.eq_any(posts))
        .order((approvals::post_id, approvals::version))
        .select((
            approvals::post_id,
            approvals::version,
            approvals::decision.eq("approved"),
            approvals::reason,
            approvals::decided_at,
        ))
        .load(&mut tx.conn())
        .await?)
}

/// What was said to one version: which, and whether approved.
pub(super) async fn find_approval(
    tx: &Tx<'_>,
    post_id: Uuid,
    version: i32,
) -> Result<Option<(i32, bool)>> {
    Ok(approvals::table
        .find((tx.tenant_id, post_id, version))
        .select((approvals::version, approvals::decision.eq("approved")))
        .first(&mut tx.conn())
        .await
        .optional()?)
}

/// Posts entered on behalf of the caller whose newest version waits; or those that the caller entered for others and whose
/// newest version is not approved. Newest first, one more than `limit`.
pub(super) async fn page(
    tx: &Tx<'_>,
    _: Permit<MayList>,
    as_author: bool,
    before: Option<TimeKey>,
    limit: i64,
) -> Result<Vec<(Uuid, DateTime<Utc>)>> {
    let me = tx.actor.ids().0;
    let of_newest = || {
        approvals::table
            .filter(approvals::tenant_id.eq(posts::tenant_id))
            .filter(approvals::post_id.eq(posts::id))
            .filter(approvals::version.eq(posts::version))
    };
    let mut query = posts::table
        .inner_join(
            versions::table.on(versions::tenant_id
                .eq(posts::tenant_id)
                .and(versions::post_id.eq(posts::id))
                .and(versions::version.eq(posts::version))),
        )
        .filter(posts::tenant_id.eq(tx.tenant_id))
        .filter(posts::on_behalf_of.is_not_null())
        .filter(versions::retracted.eq(false))
        .into_boxed();
    query = if as_author {
        query
            .filter(posts::author_staff_id.eq(me))
            .filter(not(exists(
                of_newest().filter(approvals::decision.eq("approved")),
            )))
    } else {
        query
            .filter(posts::on_behalf_of.eq(me))
            .filter(not(exists(of_newest())))
    };
    if let Some(TimeKey(at, id)) = before {
        query = query
            .filter(posts::recorded_at.le(at))
            .filter(posts::recorded_at.lt(at).or(posts::id.lt(id)));
    }
    Ok(query
        .order((posts::recorded_at.desc(), posts::id.desc()))
        .limit(limit + 1)
        .select((posts::id, posts::recorded_at))
        .load(&mut tx.conn())
        .await?)
}

/// Names of patients.
pub(super) async fn list_names(tx: &Tx<'_>, ids: &[Uuid]) -> Result<Vec<(Uuid, String)>> {
    Ok(patients::table
        .filter(patients::tenant_id.eq(tx.tenant_id))
        .filter(patients::id.eq_any(ids))
        .select((patients::id, patients::name))
        .load(&mut tx.conn())
        .await?)
}

/// What is said to a version.
pub(super) struct Said<'a> {
    pub(super) post_id: Uuid,
    pub(super) version: i32,
    /// Why it is returned; nothing: it is approved.
    pub(super) reason: Option<&'a str>,
    pub(super) digest: Vec<u8>,
}

/// Keeps what the caller says.
pub(super) async fn insert(tx: &Tx<'_>, _: Permit<Approve>, said: &Said<'_>) -> Result<()> {
    let decision = match said.reason {
        None => "approved",
        Some(_) => "returned",
    };
    diesel::insert_into(approvals::table)
        .values((
            approvals::tenant_id.eq(tx.tenant_id),
            approvals::post_id.eq(said.post_id),
            approvals::version.eq(said.version),
            approvals::decision.eq(decision),
            approvals::reason.eq(said.reason),
            approvals::decided_by.eq(tx.actor.ids().0),
            approvals::decided_at.eq(tx.now),
            approvals::digest.eq(&said.digest),
        ))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}
