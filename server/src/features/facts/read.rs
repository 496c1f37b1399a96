use actix_web::{
    HttpResponse, get,
    http::header,
    web::{Json, Path},
};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::{
    catalogue, policy,
    queries::{self, Wanted},
    view::{self, FactListView, FactVersionView, FactView},
};
use crate::{
    Error, Result,
    ctx::Ctx,
    error::Problem,
    spine::{audit::Entry, input::Query, page::Page, reply::etag},
};

/// Which facts to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ListFacts {
    /// Of this kind only.
    kind: Option<String>,
    /// Made of this post, document or sheet only, in one version or another.
    source_id: Option<Uuid>,
    /// With facts that have ended, and with what was so before.
    history: Option<bool>,
}

/// List what is so with a patient (いまの状態). Facts that contradict each other are all there; kinds that the caller does
/// not see are named.
#[utoipa::path(
    tag = "facts",
    params(ListFacts),
    responses((status = 200, body = FactListView), (status = "4XX", body = Problem)),
)]
#[get("/v1/patients/{patient_id}/facts")]
pub(super) async fn list_facts(
    ctx: Ctx,
    patient_id: Path<Uuid>,
    query: Query<ListFacts>,
) -> Result<Json<FactListView>> {
    let Query(ListFacts {
        kind,
        source_id,
        history,
    }) = query;
    if kind
        .as_deref()
        .is_some_and(|kind| catalogue::find(kind).is_none())
    {
        return Err(Error::invalid("kind", "not_allowed", "no such kind"));
    }
    let history = history.unwrap_or(false);
    let list = ctx.read(async |tx| {
        let mut reader = policy::may_list(tx, *patient_id).await?;
        let wanted = Wanted {
            kind: kind.as_deref(),
            source_id,
            ended: history,
        };
        let rows = queries::list(tx, *patient_id, &wanted).await?;
        let list = view::list(tx, &mut reader, rows, history).await?;
        tx.record(
            Entry::new("fact.list")
                .of_patient(*patient_id)
                .listing(list.items.len()),
        );
        Ok(list)
    });
    Ok(Json(list.await?))
}

/// Read a fact.
#[utoipa::path(
    tag = "facts",
    responses((status = 200, body = FactView), (status = "4XX", body = Problem)),
)]
#[get("/v1/facts/{fact_id}")]
pub(super) async fn find_fact(ctx: Ctx, fact_id: Path<Uuid>) -> Result<HttpResponse> {
    let view = ctx
        .read(async |tx| {
            let (fact, mut reader, _) = policy::may_read(tx, *fact_id).await?;
            tx.record(
                Entry::new("fact.read")
                    .of_patient(fact.patient_id)
                    .on("fact", fact.id)
                    .version(fact.version),
            );
            view::fact(tx, &mut reader, fact).await
        })
        .await?;
    Ok(HttpResponse::Ok()
        .insert_header((header::ETAG, etag(view.version)))
        .json(view))
}

/// List everything that was ever said of a fact, the oldest first.
#[utoipa::path(
    tag = "facts",
    responses((status = 200, body = Page<FactVersionView>), (status = "4XX", body = Problem)),
)]
#[get("/v1/facts/{fact_id}/versions")]
pub(super) async fn list_fact_versions(
    ctx: Ctx,
    fact_id: Path<Uuid>,
) -> Result<Json<Page<FactVersionView>>> {
    let items = ctx.read(async |tx| {
        let (fact, mut reader, _) = policy::may_read(tx, *fact_id).await?;
        tx.record(
            Entry::new("fact.history")
                .of_patient(fact.patient_id)
                .on("fact", fact.id)
                .version(fact.version),
        );
        view::versions(tx, &mut reader, fact).await
    });
    let items = items.await?;
    Ok(Json(Page { items, next: None }))
}
