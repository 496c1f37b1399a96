use std::collections::HashMap;

use actix_web::{
    get, post,
    web::{Json, Path},
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::{
    model::Kind,
    policy,
    queries::{self, Witness},
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
        mail,
        page::Page,
        reply::{Answer, Reply},
        text,
    },
};

/// Registers the operations.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(list_witnesses)
        .service(create_witness)
        .service(end_witness);
}

/// Who witnesses the access log.
#[derive(Debug, Serialize, ToSchema)]
pub struct WitnessView {
    /// Identifier.
    id: Uuid,
    /// `server` or `mail`.
    kind: String,
    /// Name: of the other network, or of the person.
    name: String,
    /// Where the server takes checkpoints.
    url: Option<String>,
    /// What the server cosigns with: `name+id+key`.
    public_key: Option<String>,
    /// Where the mail goes.
    address: Option<String>,
    /// When it was entered.
    created_at: DateTime<Utc>,
    /// Name of whoever entered it.
    created_by: String,
    /// When it was ended.
    ended_at: Option<DateTime<Utc>>,
    /// What it witnessed last; null before the first time.
    witnessed: Option<WitnessedView>,
    /// Whether it has not witnessed for too long: a day, or a month for mail.
    late: bool,
    /// Attempts in a row that failed.
    failures: i32,
    /// Why the last one failed: `unreachable`, `slow`, `address_not_allowed`, `unknown_log`, `other_key`, `busy`,
    /// `odd_answer`, `moving`, `ahead`, `inconsistent`.
    failure: Option<String>,
    /// When it is asked, or written to, next.
    next_at: DateTime<Utc>,
    /// Since when it holds something against the log: an alarm.
    disputed_at: Option<DateTime<Utc>>,
    /// What: `ahead`, it has cosigned more entries than there are; `inconsistent`, the log does not grow from what it has
    /// cosigned.
    dispute: Option<String>,
}

/// What was witnessed.
#[derive(Debug, Serialize, ToSchema)]
struct WitnessedView {
    /// Which tree of the network.
    tree: i16,
    /// How many entries it stands for.
    size: i64,
    /// When.
    at: DateTime<Utc>,
    /// The checkpoint with the witness's signature; null for mail.
    note: Option<String>,
}

fn view(
    (row, created_by): (Witness, String),
    note: Option<String>,
    now: DateTime<Utc>,
) -> WitnessView {
    let late = row.is_late(now);
    let witnessed = row.tree.zip(row.size).zip(row.witnessed_at);
    WitnessView {
        id: row.id,
        kind: row.kind,
        name: row.name,
        url: row.url,
        public_key: row.public_key,
        address: row.address,
        created_at: row.created_at,
        created_by,
        ended_at: row.ended_at,
        witnessed: witnessed.map(|((tree, size), at)| WitnessedView {
            tree,
            size,
            at,
            note,
        }),
        late,
        failures: row.failures,
        failure: row.failure,
        next_at: row.next_at,
        disputed_at: row.disputed_at,
        dispute: row.dispute,
    }
}

/// The witnesses that still are, for the state of the log; the caller has been allowed to see it.
pub async fn views(tx: &Tx<'_>) -> Result<Vec<WitnessView>> {
    let mut rows = queries::list_all(tx).await?;
    rows.retain(|(row, _)| row.ended_at.is_none());
    with_notes(tx, rows).await
}

async fn with_notes(tx: &Tx<'_>, rows: Vec<(Witness, String)>) -> Result<Vec<WitnessView>> {
    let notes = queries::list_cosigned(tx).await?;
    let mut notes: HashMap<Uuid, String> = notes.into_iter().collect();
    let view = |row: (Witness, String)| {
        let note = notes.remove(&row.0.id);
        view(row, note, tx.now)
    };
    Ok(rows.into_iter().map(view).collect())
}

/// A witness to be entered.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CreateWitness {
    /// Identifier, chosen by the caller.
    pub(super) id: Uuid,
    /// What it is.
    pub(super) kind: Kind,
    /// Name, up to 100 characters: of the other network, or of the person (医療情報システム安全管理責任者).
    pub(super) name: String,
    /// For a server: where it takes checkpoints, without `/add-checkpoint` at the end.
    #[serde(default)]
    pub(super) url: Option<String>,
    /// For a server: what it cosigns with, as its administrator hands it over.
    #[serde(default)]
    pub(super) public_key: Option<String>,
    /// For mail: the address.
    #[serde(default)]
    pub(super) address: Option<String>,
}

impl Check for CreateWitness {
    fn check(&self, errors: &mut Vec<FieldError>) {
        text::check("name", &self.name, 100, false, errors);
        let server = self.kind == Kind::Server;
        for (field, value, needed) in [
            ("url", &self.url, server),
            ("public_key", &self.public_key, server),
            ("address", &self.address, !server),
        ] {
            match (value, needed) {
                (None, true) => {
                    let message = "needed for this kind of witness";
                    errors.push(FieldError::new(field, "required", message));
                }
                (Some(_), false) => {
                    let message = "not for this kind of witness";
                    errors.push(FieldError::new(field, "not_allowed", message));
                }
                _ => {}
            }
        }
        let key = self.public_key.as_deref();
        if key.is_some_and(|key| Verifier::parse(key).is_none()) {
            let message = "name+id+key of an Ed25519 key";
            errors.push(FieldError::new("public_key", "not_allowed", message));
        }
        if let Some(address) = &self.address {
            mail::check_address("address", address, errors);
        }
    }
}

/// List who witnesses the access log, with what each has seen. Network administrators and auditors.
#[utoipa::path(tag = "witnesses", responses((status = 200, body = Page<WitnessView>), (status = "4XX", body = Problem)))]
#[get("/v1/witnesses")]
async fn list_witnesses(ctx: Ctx) -> Result<Json<Page<WitnessView>>> {
    let items = ctx
        .read(async |tx| {
            let rows = queries::list(tx, policy::may_list(tx)?).await?;
            tx.record(Entry::new("witnesses.list").listing(rows.len()));
            with_notes(tx, rows).await
        })
        .await?;
    Ok(Json(Page { items, next: None }))
}

/// Enter a witness: a server of somebody else, or the person who gets checkpoints by mail. Network administrators only.
#[utoipa::path(
    tag = "witnesses",
    request_body = CreateWitness,
    responses((status = 201, body = WitnessView), (status = "4XX", body = Problem)),
    extensions(("x-step-up" = json!(true))),
)]
#[post("/v1/witnesses")]
async fn create_witness(ctx: Ctx, input: Input<CreateWitness>) -> Result<Answer> {
    let new = &input.value;
    ctx.write(&input.digest, async |tx| {
        let permit = policy::may_keep(tx)?;
        let address = new.url.as_deref();
        if address.is_some_and(|url| tx.app().outward.address(url).is_none()) {
            let message = "https, to an address that this server may send requests to";
            return Err(Error::invalid("url", "not_allowed", message));
        }
        queries::insert(tx, permit, new).await?;
        tx.record(Entry::new("witness.create").on("witness", new.id));
        Ok(Reply::created(
            find(tx, new.id).await?.ok_or(Error::NotFound)?,
        ))
    })
    .await
}

/// End a witness. What it has witnessed is kept. Network administrators only.
#[utoipa::path(
    tag = "witnesses",
    request_body = Nothing,
    responses((status = 200, body = WitnessView), (status = "4XX", body = Problem)),
    extensions(("x-step-up" = json!(true))),
)]
#[post("/v1/witnesses/{witness_id}/end")]
async fn end_witness(ctx: Ctx, witness_id: Path<Uuid>, input: Input<Nothing>) -> Result<Answer> {
    let id = *witness_id;
    ctx.write(&input.digest, async |tx| {
        let permit = policy::may_keep(tx)?;
        if find(tx, id).await?.is_none() {
            let denial = Denial::hidden(policy::Keep::ACTION).on("witness", id);
            return Err(Error::Denied(Box::new(denial)));
        }
        if !queries::end(tx, permit, id).await? {
            let message = "the witness has ended";
            return Err(Error::Conflict("witness_ended", message));
        }
        tx.record(Entry::new("witness.end").on("witness", id));
        Ok(Reply::ok(find(tx, id).await?.ok_or(Error::NotFound)?))
    })
    .await
}

async fn find(tx: &Tx<'_>, id: Uuid) -> Result<Option<WitnessView>> {
    let mut rows = queries::list_all(tx).await?;
    rows.retain(|(row, _)| row.id == id);
    Ok(with_notes(tx, rows).await?.pop())
}
