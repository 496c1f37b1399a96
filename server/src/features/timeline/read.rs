//! Reading the timeline.

use actix_web::{
    HttpResponse, get,
    http::header,
    web::{Json, Path},
};
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::{try_join, try_join3};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{
    model::{Kind, Post},
    policy::{self, Read},
    queries,
    view::{self, PostVersionView, PostView},
};
use crate::{
    Result,
    ctx::Ctx,
    error::Problem,
    features::{
        attachments, provisions,
        vital_signs::{self, News2View, VitalSigns, news2},
    },
    spine::{
        audit::Entry,
        input::Query,
        page::{self, Page, TimeKey},
        reply::etag,
    },
};

/// A page of a timeline.
#[derive(Debug, Serialize, ToSchema)]
struct TimelineView {
    /// The posts, newest first.
    items: Vec<PostView>,
    /// Cursor of the next (older) page.
    next: Option<String>,
    /// Everything recorded up to here has been read by the caller.
    read_until: Option<DateTime<Utc>>,
}

/// A measurement.
#[derive(Debug, Serialize, ToSchema)]
struct VitalsView {
    /// The post that tells it.
    post_id: Uuid,
    /// When it was measured.
    observed_at: DateTime<Utc>,
    /// Who measured.
    author_name: String,
    /// The values.
    #[serde(flatten)]
    values: VitalSigns,
    /// What they score together, when that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    news2: Option<News2View>,
}

/// Which page.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct ListTimeline {
    /// `next` of the page before.
    cursor: Option<String>,
    /// 1 to 100; 50 when left out.
    limit: Option<i64>,
    /// Only posts of this kind.
    #[param(inline)]
    kind: Option<Kind>,
}

/// Which span.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct ListVitals {
    /// From when; 30 days ago when left out.
    from: Option<DateTime<Utc>>,
    /// Until when; now when left out.
    to: Option<DateTime<Utc>>,
    /// `next` of the page before.
    cursor: Option<String>,
}

/// How many measurements a page has.
const VITALS_PAGE: i64 = 500;

/// Read a patient's timeline, newest first: what the caller may read of it.
#[utoipa::path(
    tag = "timeline",
    params(ListTimeline),
    responses((status = 200, body = TimelineView), (status = "4XX", body = Problem)),
)]
#[get("/v1/patients/{patient_id}/timeline")]
pub(super) async fn list_timeline(
    ctx: Ctx,
    patient_id: Path<Uuid>,
    query: Query<ListTimeline>,
) -> Result<Json<TimelineView>> {
    let before: Option<TimeKey> = page::parse(query.0.cursor.as_deref())?;
    let limit = page::limit(query.0.limit)?;
    let kind = query.0.kind.map(Kind::code);
    let view = ctx.read(async |tx| {
        let (access, scope) = policy::may_list(tx, *patient_id).await?;
        let (mut rows, read_until) = try_join(
            queries::page(tx, &access, &scope, kind, before, limit),
            queries::find_read_mark(tx, *patient_id),
        )
        .await?;
        let next = page::cut(&mut rows, limit, |row| TimeKey(row.recorded_at, row.id));
        tx.record(
            Entry::new("timeline.list")
                .of_patient(*patient_id)
                .listing(rows.len()),
        );
        let items = view::posts(tx, rows, &scope, access.ground(), read_until).await?;
        Ok(TimelineView {
            items,
            next,
            read_until,
        })
    });
    Ok(Json(view.await?))
}

/// Read one post.
#[utoipa::path(tag = "timeline", responses((status = 200, body = PostView), (status = "4XX", body = Problem)))]
#[get("/v1/posts/{post_id}")]
pub(super) async fn find_post(ctx: Ctx, post_id: Path<Uuid>) -> Result<HttpResponse> {
    let view = ctx
        .read(async |tx| {
            let (post, ground, _permit) = policy::may::<Read>(tx, *post_id).await?;
            tx.record(
                Entry::new("post.read")
                    .of_patient(post.patient_id)
                    .on("post", post.id)
                    .version(post.version),
            );
            view::post(tx, post, ground).await
        })
        .await?;
    Ok(HttpResponse::Ok()
        .insert_header((header::ETAG, etag(view.version)))
        .json(view))
}

/// Read every version of a post, oldest first. Who may read the post may read what it said before.
#[utoipa::path(tag = "timeline", responses((status = 200, body = Page<PostVersionView>), (status = "4XX", body = Problem)))]
#[get("/v1/posts/{post_id}/versions")]
pub(super) async fn list_post_versions(
    ctx: Ctx,
    post_id: Path<Uuid>,
) -> Result<Json<Page<PostVersionView>>> {
    let items = ctx
        .read(async |tx| {
            let (post, ground, _permit) = policy::may::<Read>(tx, *post_id).await?;
            let shown = [(post.facility_id, post.information.as_str())];
            let (rows, ()) = try_join(
                queries::list_versions(tx, *post_id),
                provisions::note(tx, post.patient_id, ground, shown),
            )
            .await?;
            tx.record(
                Entry::new("post.versions")
                    .of_patient(post.patient_id)
                    .on("post", post.id)
                    .listing(rows.len()),
            );
            let mut files = attachments::of_versions(tx, *post_id).await?;
            let views = rows.into_iter().map(PostVersionView::from);
            Ok(views.map(|view| view.showing(&mut files)).collect())
        })
        .await?;
    Ok(Json(Page { items, next: None }))
}

/// Read a patient's vital signs in a span of time, oldest first, without what was taken back.
#[utoipa::path(
    tag = "timeline",
    params(ListVitals),
    responses((status = 200, body = Page<VitalsView>), (status = "4XX", body = Problem)),
)]
#[get("/v1/patients/{patient_id}/vitals")]
pub(super) async fn list_vitals(
    ctx: Ctx,
    patient_id: Path<Uuid>,
    query: Query<ListVitals>,
) -> Result<Json<Page<VitalsView>>> {
    let after: Option<TimeKey> = page::parse(query.0.cursor.as_deref())?;
    let page = ctx.read(async |tx| {
        let (access, scope) = policy::may_list(tx, *patient_id).await?;
        let to = query.0.to.unwrap_or(tx.now);
        let from = query.0.from.unwrap_or(tx.now - TimeDelta::days(30));
        let mut rows =
            queries::page_vitals(tx, &access, &scope, (from, to), after, VITALS_PAGE).await?;
        let next = page::cut(&mut rows, VITALS_PAGE, |row| {
            TimeKey(row.observed_at, row.id)
        });
        let mut authors: Vec<Uuid> = rows.iter().filter_map(|row| row.author_staff_id).collect();
        authors.sort_unstable();
        authors.dedup();
        let shown = rows
            .iter()
            .map(|row| (row.facility_id, row.information.as_str()));
        let (names, (), second_scale) = try_join3(
            view::list_authors(tx, &authors),
            provisions::note(tx, *patient_id, access.ground(), shown),
            vital_signs::has_second_scale(tx, *patient_id),
        )
        .await?;
        tx.record(
            Entry::new("vitals.list")
                .of_patient(*patient_id)
                .listing(rows.len()),
        );
        let name = |row: &Post| {
            let found = names
                .iter()
                .find(|(id, ..)| Some(*id) == row.author_staff_id);
            found.map(|(_, name, ..)| name.clone()).unwrap_or_default()
        };
        let items = rows.iter().filter_map(|row| {
            let values: VitalSigns = serde_json::from_value(row.vitals.clone()?).ok()?;
            Some(VitalsView {
                news2: news2(&values, second_scale),
                post_id: row.id,
                observed_at: row.observed_at,
                author_name: name(row),
                values,
            })
        });
        Ok(Page {
            items: items.collect(),
            next,
        })
    });
    Ok(Json(page.await?))
}
