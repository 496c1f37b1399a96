use actix_web::{get, web::Json};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    policy,
    queries::{self, Place},
    state::{self, CheckpointStateView, CheckpointView},
};
use crate::{
    Error, Result,
    ctx::Ctx,
    error::Problem,
    ledger::tree,
    spine::{
        audit::Entry,
        input::Query,
        page::{self, Page},
        sealing,
    },
};

/// Registers the operations.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(find_checkpoint)
        .service(list_checkpoints)
        .service(find_consistency_proof);
}

/// Get the newest checkpoint of the access log, and whether it can be believed: what is not sealed yet, who witnesses
/// it, how good the clock is. Network administrators and auditors.
#[utoipa::path(tag = "checkpoints", responses((status = 200, body = CheckpointStateView), (status = "4XX", body = Problem)))]
#[get("/v1/access-log/checkpoint")]
async fn find_checkpoint(ctx: Ctx) -> Result<Json<CheckpointStateView>> {
    let state = ctx.read_log(async |tx| {
        let _permit = policy::may_read(tx)?;
        tx.record(Entry::new("checkpoint.read"));
        state::view(tx).await
    });
    Ok(Json(state.await?))
}

/// What to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct ListCheckpoints {
    /// `next` of the page before.
    cursor: Option<String>,
    /// 1 to 100; 50 when left out.
    limit: Option<i64>,
}

/// List the checkpoints of the access log that are kept, newest first: one a minute at most. Network administrators and
/// auditors.
#[utoipa::path(
    tag = "checkpoints",
    params(ListCheckpoints),
    responses((status = 200, body = Page<CheckpointView>), (status = "4XX", body = Problem)),
)]
#[get("/v1/access-log/checkpoints")]
async fn list_checkpoints(
    ctx: Ctx,
    query: Query<ListCheckpoints>,
) -> Result<Json<Page<CheckpointView>>> {
    let before: Option<Place> = page::parse(query.0.cursor.as_deref())?;
    let limit = page::limit(query.0.limit)?;
    let mut rows = ctx
        .read_log(async |tx| {
            let rows = queries::page(tx, policy::may_read(tx)?, before, limit).await?;
            tx.record(Entry::new("checkpoints.list").listing(rows.len()));
            Ok(rows)
        })
        .await?;
    let next = page::cut(&mut rows, limit, |row| {
        Place(row.signed_at, row.tree, row.size)
    });
    let view = |row: queries::Kept| CheckpointView::of(row.tree, row.note, row.signed_at);
    Ok(Json(Page {
        items: rows.into_iter().filter_map(view).collect(),
        next,
    }))
}

/// Two sizes of the log.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct FindConsistencyProof {
    /// Size of the older checkpoint.
    from: u64,
    /// Size of the newer checkpoint.
    to: u64,
    /// Which tree of the network; the newest when left out.
    tree: Option<i16>,
}

/// The proof that the log grew from one size to another (RFC 6962).
#[derive(Debug, Serialize, ToSchema)]
struct ConsistencyProofView {
    /// Which tree of the network.
    tree: i16,
    /// Size of the older checkpoint.
    from: u64,
    /// Size of the newer checkpoint.
    to: u64,
    /// The hashes of the proof, in base64, in their order.
    proof: Vec<String>,
}

/// Get the proof that the access log of one size is the beginning of that of another: for whoever has an older checkpoint.
/// Network administrators and auditors.
#[utoipa::path(
    tag = "checkpoints",
    params(FindConsistencyProof),
    responses((status = 200, body = ConsistencyProofView), (status = "4XX", body = Problem)),
)]
#[get("/v1/access-log/consistency")]
async fn find_consistency_proof(
    ctx: Ctx,
    query: Query<FindConsistencyProof>,
) -> Result<Json<ConsistencyProofView>> {
    let FindConsistencyProof { from, to, tree } = query.0;
    let proof = ctx.read_log(async |tx| {
        let _permit = policy::may_read(tx)?;
        let newest = sealing::current(tx).await?.map(|head| head.tree);
        // Before the first entry there is a log without entries.
        let empty = (tree.is_none() && newest.is_none()).then_some(0);
        let tree = tree.or(newest).unwrap_or(1);
        let size = queries::find_size(tx, tree).await?.or(empty);
        let size = size.ok_or(Error::NotFound)?;
        if to > size.cast_unsigned() {
            let message = "the log has fewer entries";
            return Err(Error::invalid("to", "out_of_range", message));
        }
        let ranges = tree::consistency(from, to)
            .ok_or_else(|| Error::invalid("from", "out_of_range", "at most to"))?;
        let hashes = sealing::hashes(tx, tree, to, &ranges).await?;
        tx.record(Entry::new("checkpoint.prove"));
        Ok(ConsistencyProofView {
            tree,
            from,
            to,
            proof: hashes.iter().map(|hash| STANDARD.encode(hash.0)).collect(),
        })
    });
    Ok(Json(proof.await?))
}
