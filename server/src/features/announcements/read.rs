//! Reading what is passed round, and who has confirmed it.

use actix_web::{
    HttpResponse, get,
    http::header,
    web::{Json, Path},
};
use futures_util::future::try_join;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{
    export,
    policy::{self, Keep, Read},
    queries,
    view::{self, AnnouncementView, RecipientView},
};
use crate::{
    Result,
    ctx::Ctx,
    error::Problem,
    features::professions,
    spine::{
        audit::Entry,
        ids,
        input::Query,
        page::{self, Page, TimeKey},
    },
};

/// Which announcements.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Direction {
    /// Sent to the caller.
    #[default]
    Received,
    /// Sent by the caller.
    Sent,
}

/// Which page.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct ListAnnouncements {
    /// Those sent to the caller (the default), or by the caller.
    #[param(inline)]
    #[serde(default)]
    direction: Direction,
    /// `next` of the page before.
    cursor: Option<String>,
    /// 1 to 100; 50 when left out.
    limit: Option<i64>,
}

/// A page of announcements.
#[derive(Debug, Serialize, ToSchema)]
struct AnnouncementsView {
    /// The announcements, newest first.
    items: Vec<AnnouncementView>,
    /// Cursor of the next (older) page.
    next: Option<String>,
    /// How many of all that were sent to the caller wait for the caller's confirmation.
    waiting: i64,
}

/// List what is passed round to the caller, or by the caller.
#[utoipa::path(
    tag = "announcements",
    params(ListAnnouncements),
    responses((status = 200, body = AnnouncementsView), (status = "4XX", body = Problem)),
)]
#[get("/v1/announcements")]
pub(super) async fn list_announcements(
    ctx: Ctx,
    query: Query<ListAnnouncements>,
) -> Result<Json<AnnouncementsView>> {
    let before: Option<TimeKey> = page::parse(query.0.cursor.as_deref())?;
    let limit = page::limit(query.0.limit)?;
    let sent = query.0.direction == Direction::Sent;
    let view = ctx.read(async |tx| {
        let _permit = policy::may_list(tx)?;
        let (mut rows, waiting) = try_join(
            queries::page(tx, sent, before, limit),
            queries::count_waiting(tx),
        )
        .await?;
        let next = page::cut(&mut rows, limit, |row| TimeKey(row.recorded_at, row.id));
        tx.record(Entry::new("announcements.list").listing(rows.len()));
        let items = view::announcements(tx, rows).await?;
        Ok(AnnouncementsView {
            items,
            next,
            waiting,
        })
    });
    Ok(Json(view.await?))
}

/// Read an announcement. Not found for everybody whom it was not sent to.
#[utoipa::path(tag = "announcements", responses((status = 200, body = AnnouncementView), (status = "4XX", body = Problem)))]
#[get("/v1/announcements/{announcement_id}")]
pub(super) async fn find_announcement(
    ctx: Ctx,
    announcement_id: Path<Uuid>,
) -> Result<Json<AnnouncementView>> {
    let view = ctx.read(async |tx| {
        let (found, _permit) = policy::may::<Read>(tx, *announcement_id).await?;
        tx.record(Entry::new("announcement.read").on("announcement", found.id));
        view::announcement(tx, found.id).await
    });
    Ok(Json(view.await?))
}

/// See who has confirmed an announcement of one's own and who has not.
#[utoipa::path(
    tag = "announcements",
    responses((status = 200, body = Page<RecipientView>), (status = "4XX", body = Problem)),
)]
#[get("/v1/announcements/{announcement_id}/recipients")]
pub(super) async fn list_announcement_recipients(
    ctx: Ctx,
    announcement_id: Path<Uuid>,
) -> Result<Json<Page<RecipientView>>> {
    let items = ctx.read(async |tx| {
        let (found, permit) = policy::may::<Keep>(tx, *announcement_id).await?;
        let rows = queries::list_recipients(tx, permit, found.id).await?;
        let entry = Entry::new("announcement.recipients").on("announcement", found.id);
        tx.record(entry.listing(rows.len()));
        view::recipients(tx, rows).await
    });
    Ok(Json(Page {
        items: items.await?,
        next: None,
    }))
}

/// Take the list of confirmations of an announcement of one's own as a spreadsheet (CSV, UTF-8).
#[utoipa::path(
    tag = "announcements",
    responses((status = 200, content_type = "text/csv", body = String), (status = "4XX", body = Problem)),
)]
#[get("/v1/announcements/{announcement_id}/export")]
pub(super) async fn export_announcement(
    ctx: Ctx,
    announcement_id: Path<Uuid>,
) -> Result<HttpResponse> {
    let bytes = ctx
        .read(async |tx| {
            let (found, permit) = policy::may::<Keep>(tx, *announcement_id).await?;
            let rows = queries::list_recipients(tx, permit, found.id).await?;
            let count = rows.len();
            let rows = view::recipients(tx, rows).await?;
            let bytes = export::csv(&rows, &professions::known(tx).await?)?;
            tx.record(
                Entry::new("announcement.export")
                    .on("announcement", found.id)
                    .listing(count)
                    .giving(&ids::hex_digest(&bytes)),
            );
            Ok(bytes)
        })
        .await?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "text/csv; charset=utf-8"))
        .insert_header((
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"kairan.csv\"",
        ))
        .body(bytes))
}
