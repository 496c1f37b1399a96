//! Conversations: a post with everything that answers it or its answers, in the order of writing.

mod queries;

use actix_web::{
    get,
    web::{Json, Path},
};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

pub(super) use self::queries::count_replies;
use super::{
    policy::{self, Read},
    queries::{find_read_mark, list_in_order},
    view::{self, PostView},
};
use crate::{
    Result,
    ctx::Ctx,
    error::Problem,
    spine::{
        access::scope_of,
        audit::Entry,
        input::Query,
        page::{self, Page, TimeKey},
    },
};

/// Which page.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct ListPostThread {
    /// `next` of the page before.
    cursor: Option<String>,
    /// 1 to 100; 50 when left out.
    limit: Option<i64>,
}

/// Read the conversation that a post belongs to, oldest first: what it began with and every answer that the caller may
/// read.
#[utoipa::path(
    tag = "timeline",
    params(ListPostThread),
    responses((status = 200, body = Page<PostView>), (status = "4XX", body = Problem)),
)]
#[get("/v1/posts/{post_id}/thread")]
pub(super) async fn list_post_thread(
    ctx: Ctx,
    post_id: Path<Uuid>,
    query: Query<ListPostThread>,
) -> Result<Json<Page<PostView>>> {
    let after: Option<TimeKey> = page::parse(query.0.cursor.as_deref())?;
    let limit = page::limit(query.0.limit)?;
    let page = ctx.read(async |tx| {
        let (post, ground, _permit) = policy::may::<Read>(tx, *post_id).await?;
        let scope = scope_of(tx, ground);
        let mut keys = queries::page_thread(tx, &post, &scope, after, limit).await?;
        let next = page::cut(&mut keys, limit, |key| TimeKey(key.1, key.0));
        let ids: Vec<Uuid> = keys.into_iter().map(|(id, _)| id).collect();
        let rows = list_in_order(tx, &ids).await?;
        tx.record(
            Entry::new("post.thread")
                .of_patient(post.patient_id)
                .on("post", post.id)
                .listing(rows.len()),
        );
        let read_until = find_read_mark(tx, post.patient_id).await?;
        let items = view::posts(tx, rows, &scope, ground, read_until).await?;
        Ok(Page { items, next })
    });
    Ok(Json(page.await?))
}
