//! Reading what is said.

use actix_web::{
    HttpResponse, get,
    http::header,
    web::{Json, Path},
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{
    files,
    policy::{self, Read},
    queries,
    view::{self, MessageView},
};
use crate::{
    Result,
    ctx::Ctx,
    error::Problem,
    features::attachments::AttachmentView,
    spine::{
        audit::Entry,
        input::Query,
        page::{self, Page},
        reply::etag,
    },
};

/// Which page.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct ListMessages {
    /// `next` of the page before.
    cursor: Option<String>,
    /// 1 to 100; 50 when left out.
    limit: Option<i64>,
}

/// A version of a message.
#[derive(Debug, Serialize, ToSchema)]
struct MessageVersionView {
    /// 1, 2, 3 …
    version: i32,
    /// Text; null in every version of a message that was moved to a timeline.
    body: Option<String>,
    /// Those files of this version that the message shows still.
    attachments: Vec<AttachmentView>,
    /// Why it was written; null for the first.
    reason: Option<String>,
    /// `kept`, `retracted` or `moved`.
    state: String,
    /// Who wrote it.
    written_by: String,
    /// When.
    written_at: DateTime<Utc>,
}

/// Read what is said in a room, newest first. Not found for everybody who is not in it.
#[utoipa::path(
    tag = "messages",
    params(ListMessages),
    responses((status = 200, body = Page<MessageView>), (status = "4XX", body = Problem)),
)]
#[get("/v1/rooms/{room_id}/messages")]
pub(super) async fn list_messages(
    ctx: Ctx,
    room_id: Path<Uuid>,
    query: Query<ListMessages>,
) -> Result<Json<Page<MessageView>>> {
    let before: Option<i64> = page::parse(query.0.cursor.as_deref())?;
    let limit = page::limit(query.0.limit)?;
    let page = ctx.read(async |tx| {
        let (entered, _permit) = policy::may_enter::<Read>(tx, *room_id).await?;
        let mut rows = queries::page(tx, *room_id, entered.readable_from, before, limit).await?;
        let next = page::cut(&mut rows, limit, |row| row.seq);
        let count = rows.len();
        let (items, patients) = view::messages(tx, &entered, rows).await?;
        tx.record(
            Entry::new("messages.list")
                .on("room", *room_id)
                .naming(patients)
                .listing(count),
        );
        Ok(Page { items, next })
    });
    Ok(Json(page.await?))
}

/// Read one message.
#[utoipa::path(tag = "messages", responses((status = 200, body = MessageView), (status = "4XX", body = Problem)))]
#[get("/v1/messages/{message_id}")]
pub(super) async fn find_message(ctx: Ctx, message_id: Path<Uuid>) -> Result<HttpResponse> {
    let view = ctx
        .read(async |tx| {
            let (message, entered, _permit) = policy::may::<Read>(tx, *message_id).await?;
            let entry = Entry::new("message.read").on("message", message.id);
            let entry = entry.version(message.version);
            let (mut views, patients) = view::messages(tx, &entered, vec![message]).await?;
            tx.record(entry.naming(patients));
            views.pop().ok_or(crate::Error::NotFound)
        })
        .await?;
    Ok(HttpResponse::Ok()
        .insert_header((header::ETAG, etag(view.version)))
        .json(view))
}

/// Read every version of a message, oldest first. Of a message that was moved to a timeline only that it was is told.
#[utoipa::path(tag = "messages", responses((status = 200, body = Page<MessageVersionView>), (status = "4XX", body = Problem)))]
#[get("/v1/messages/{message_id}/versions")]
pub(super) async fn list_message_versions(
    ctx: Ctx,
    message_id: Path<Uuid>,
) -> Result<Json<Page<MessageVersionView>>> {
    let items = ctx
        .read(async |tx| {
            let (message, _, _permit) = policy::may::<Read>(tx, *message_id).await?;
            let rows = queries::list_versions(tx, message.id).await?;
            tx.record(
                Entry::new("message.versions")
                    .on("message", message.id)
                    .listing(rows.len()),
            );
            let mut shown = files::of_versions(tx, &message).await?;
            let moved = message.state == "moved";
            let view = |row: queries::VersionRow| MessageVersionView {
                version: row.version,
                body: row.body.filter(|_| !moved),
                attachments: shown.remove(&row.version).unwrap_or_default(),
                reason: row.reason.filter(|_| !moved),
                state: row.state,
                written_by: row.written_by,
                written_at: row.written_at,
            };
            Ok(rows.into_iter().map(view).collect())
        })
        .await?;
    Ok(Json(Page { items, next: None }))
}
