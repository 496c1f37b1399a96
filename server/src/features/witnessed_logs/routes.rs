use actix_web::{
    get, post,
    web::{Json, Path},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::{
    policy,
    protocol::{cosign_checkpoint, find_cosigned_checkpoint},
    queries::{self, Log},
};
use crate::{
    Error, Result,
    ctx::{Ctx, Tx},
    error::{FieldError, Problem},
    ledger::note::Verifier,
    spine::{
        access::Verb as _,
        audit::{Denial, Entry},
        input::{Check, Input, Nothing},
        page::Page,
        reply::{Answer, Reply},
        text,
    },
};

/// Registers the operations.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(cosign_checkpoint)
        .service(find_cosigned_checkpoint)
        .service(list_witnessed_logs)
        .service(create_witnessed_log)
        .service(end_witnessed_log);
}

/// A log of somebody else that this network witnesses.
#[derive(Debug, Serialize, ToSchema)]
struct WitnessedLogView {
    /// Identifier.
    id: Uuid,
    /// Name of whoever runs the log.
    name: String,
    /// Name of the log in its checkpoints.
    origin: String,
    /// What the log signs with: `name+id+key`.
    public_key: String,
    /// When it was entered.
    created_at: DateTime<Utc>,
    /// Name of whoever entered it.
    created_by: String,
    /// When witnessing ended.
    ended_at: Option<DateTime<Utc>>,
    /// The checkpoint that was cosigned last; null before the first.
    cosigned: Option<CosignedView>,
    /// When the log last signed something that does not grow from what was cosigned: an alarm.
    conflict_at: Option<DateTime<Utc>>,
    /// The first checkpoint of that sort, with the log's own signature. Keep it: it is proof.
    conflict_note: Option<String>,
    /// When somebody last submitted a checkpoint in the name of the log that its key did not sign.
    forged_at: Option<DateTime<Utc>>,
    /// How often that was.
    forged: i64,
}

/// What was cosigned.
#[derive(Debug, Serialize, ToSchema)]
struct CosignedView {
    /// How many entries the log had.
    size: i64,
    /// Root of its tree, in base64.
    root: String,
    /// When it was cosigned.
    at: DateTime<Utc>,
    /// The checkpoint with the signatures of the log and of this network.
    note: String,
}

impl From<(Log, String)> for WitnessedLogView {
    fn from((log, created_by): (Log, String)) -> Self {
        let cosigned = log.note.zip(log.root).zip(log.cosigned_at);
        Self {
            id: log.id,
            name: log.name,
            origin: log.origin,
            public_key: log.public_key,
            created_at: log.created_at,
            created_by,
            ended_at: log.ended_at,
            cosigned: cosigned.map(|((note, root), at)| CosignedView {
                size: log.size,
                root: STANDARD.encode(root),
                at,
                note,
            }),
            conflict_at: log.conflict_at,
            conflict_note: log.conflict_note,
            forged_at: log.forged_at,
            forged: log.forged,
        }
    }
}

/// A log to be witnessed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CreateWitnessedLog {
    /// Identifier, chosen by the caller.
    id: Uuid,
    /// Name of whoever runs the log, up to 100 characters.
    name: String,
    /// What the log signs with, `name+id+key` (c2sp.org/signed-note), as its administrator hands it over: not by the way
    /// that the checkpoints take.
    public_key: String,
}

impl Check for CreateWitnessedLog {
    fn check(&self, errors: &mut Vec<FieldError>) {
        text::check("name", &self.name, 100, false, errors);
        if Verifier::parse(&self.public_key).is_none() {
            let message = "name+id+key of an Ed25519 key";
            errors.push(FieldError::new("public_key", "not_allowed", message));
        }
    }
}

/// List the logs that this network witnesses, with alarms. Network administrators and auditors.
#[utoipa::path(tag = "witnessed_logs", responses((status = 200, body = Page<WitnessedLogView>), (status = "4XX", body = Problem)))]
#[get("/v1/witnessed-logs")]
async fn list_witnessed_logs(ctx: Ctx) -> Result<Json<Page<WitnessedLogView>>> {
    let items = ctx
        .read(async |tx| {
            let rows = queries::list(tx, policy::may_list(tx)?).await?;
            tx.record(Entry::new("witnessed_logs.list").listing(rows.len()));
            Ok(rows.into_iter().map(Into::into).collect())
        })
        .await?;
    Ok(Json(Page { items, next: None }))
}

/// Witness a log of somebody else from now on. Network administrators only.
#[utoipa::path(
    tag = "witnessed_logs",
    request_body = CreateWitnessedLog,
    responses((status = 201, body = WitnessedLogView), (status = "4XX", body = Problem)),
    extensions(("x-step-up" = json!(true))),
)]
#[post("/v1/witnessed-logs")]
async fn create_witnessed_log(ctx: Ctx, input: Input<CreateWitnessedLog>) -> Result<Answer> {
    let new = &input.value;
    ctx.write(&input.digest, async |tx| {
        let permit = policy::may_keep(tx)?;
        let key = Verifier::parse(&new.public_key).ok_or(Error::NotFound)?;
        let log = (new.name.as_str(), key.name(), new.public_key.trim());
        queries::insert(tx, permit, new.id, log).await?;
        tx.record(Entry::new("witnessed_log.create").on("witnessed_log", new.id));
        Ok(Reply::created(view(tx, new.id).await?))
    })
    .await
}

/// Witness a log no longer. Network administrators only.
#[utoipa::path(
    tag = "witnessed_logs",
    request_body = Nothing,
    responses((status = 200, body = WitnessedLogView), (status = "4XX", body = Problem)),
    extensions(("x-step-up" = json!(true))),
)]
#[post("/v1/witnessed-logs/{witnessed_log_id}/end")]
async fn end_witnessed_log(
    ctx: Ctx,
    witnessed_log_id: Path<Uuid>,
    input: Input<Nothing>,
) -> Result<Answer> {
    let id = *witnessed_log_id;
    ctx.write(&input.digest, async |tx| {
        let permit = policy::may_keep(tx)?;
        if queries::find(tx, id).await?.is_none() {
            let denial = Denial::hidden(policy::Keep::ACTION).on("witnessed_log", id);
            return Err(Error::Denied(Box::new(denial)));
        }
        if !queries::end(tx, permit, id).await? {
            let message = "witnessing has ended";
            return Err(Error::Conflict("witnessed_log_ended", message));
        }
        tx.record(Entry::new("witnessed_log.end").on("witnessed_log", id));
        Ok(Reply::ok(view(tx, id).await?))
    })
    .await
}

async fn view(tx: &Tx<'_>, id: Uuid) -> Result<WitnessedLogView> {
    let row = queries::find(tx, id).await?;
    row.map(Into::into).ok_or(Error::NotFound)
}
