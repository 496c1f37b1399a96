//! The proof of a line, and of all of them: files that show nothing of anybody else (`docs/access-log.md`).

use std::time::Duration;

use actix_web::{HttpResponse, get, http::header, web::Bytes, web::Path};
use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::{NaiveDate, SecondsFormat};
use futures_util::{Stream, stream};
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::{
    queries,
    routes::{self, Opened},
};
use crate::{
    Error, Result,
    ctx::{Ctx, Tx},
    error::Problem,
    ledger::entry::Showing,
    spine::{
        audit::{self, Entry},
        input::Query,
        page::TimeKey,
        sealing::{self, Proven, Signed},
        settings,
    },
};

/// Entries in one piece of a file: what is in memory at a time.
const PIECE: i64 = 200;
/// Code of the refusal while an entry waits for its seal.
const UNSEALED: &str = "access_unsealed";
/// How often sealing is tried when that is what is missing, and the pause in between.
const ATTEMPTS: usize = 5;
const PAUSE: Duration = Duration::from_millis(200);

/// Registers the operations.
pub(super) fn configure(config: &mut ServiceConfig<'_>) {
    config.service(find_access_proof).service(export_accesses);
}

/// Which lines are in the file.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct ExportAccesses {
    /// Only this month in Japan, such as `2026-11`.
    month: Option<String>,
    /// Whether what the patient and the family did themselves is in it; not when left out.
    #[serde(default)]
    own: bool,
    /// Whether what the system did by itself is in it; not when left out.
    #[serde(default)]
    routine: bool,
}

/// Get the proof that a line of the list is in the sealed access log, as it is: a file of JSON lines (`tsumugi-log/1`)
/// that can be verified without the server and shows nothing of other patients. 409 while the entry waits for its seal,
/// which takes seconds.
#[utoipa::path(
    tag = "accesses",
    responses(
        (status = 200, content_type = "application/x-ndjson", body = String),
        (status = "4XX", body = Problem),
    ),
)]
#[get("/v1/patients/{patient_id}/accesses/{event_id}/proof")]
async fn find_access_proof(ctx: Ctx, path: Path<(Uuid, Uuid)>) -> Result<HttpResponse> {
    let (patient_id, event_id) = *path;
    let (file, proven) = sealed(&ctx, async |tx: &Tx<'_>| {
        let mut opened = routes::open(tx, patient_id, None, (true, true)).await?;
        // By its place, which says in which month it is; then as the list would show it.
        let found = audit::find(tx, event_id).await?.ok_or(Error::NotFound)?;
        let after = found.at + chrono::TimeDelta::microseconds(1);
        opened.shown.between = Some((found.at, after));
        opened.shown.only = Some(event_id);
        let rows = queries::page(tx, &opened.permit, &opened.shown, None, 1).await?;
        if rows.is_empty() {
            return Err(Error::NotFound);
        }
        let showing = showing(tx, patient_id).await?;
        let under = sealing::signed(tx).await?.ok_or_else(unsealed)?;
        let mut proven = sealing::prove(tx, &under, rows, showing).await?;
        let proven = proven.pop().ok_or_else(unsealed)?;
        tx.record(
            Entry::new("accesses.prove")
                .of_patient(patient_id)
                .on("audit_event", event_id),
        );
        Ok((File::of(tx, "entry", under), proven))
    })
    .await?;
    let mut text = file.begin(&ctx, Some(&proven)).await?;
    text.push_str(&line(&entry_line(&proven)));
    let lines = text.lines().count() + 1;
    text.push_str(&line(&json!({ "t": "end", "lines": lines })));
    Ok(HttpResponse::Ok()
        .content_type("application/x-ndjson")
        .insert_header((header::CONTENT_DISPOSITION, named("access")))
        .body(text))
}

/// Get the proofs of all lines of the list, or of those of a month, in one file of the same form.
#[utoipa::path(
    tag = "accesses",
    params(ExportAccesses),
    responses(
        (status = 200, content_type = "application/x-ndjson", body = String),
        (status = "4XX", body = Problem),
    ),
)]
#[get("/v1/patients/{patient_id}/accesses/bundle")]
async fn export_accesses(
    ctx: Ctx,
    patient_id: Path<Uuid>,
    query: Query<ExportAccesses>,
) -> Result<HttpResponse> {
    let month = routes::parse_month(query.0.month.as_deref())?;
    let which = Which {
        patient_id: *patient_id,
        month,
        with: (query.0.own, query.0.routine),
    };
    // The first piece before anything is answered: what is refused is refused, and what cannot be logged is not sent.
    let (file, first) = sealed(&ctx, async |tx: &Tx<'_>| {
        let opened = which.open(tx).await?;
        let under = sealing::signed(tx).await?.ok_or_else(unsealed)?;
        let file = File::of(tx, "patient", under);
        let piece = piece(tx, &which, &opened, &file, None).await?;
        Ok((file, piece))
    })
    .await?;
    let sending = Sending {
        begun: file.begin(&ctx, None).await?,
        ctx,
        which,
        file,
        written: 0,
        piece: Some(first),
    };
    Ok(HttpResponse::Ok()
        .content_type("application/x-ndjson")
        .insert_header((header::CONTENT_DISPOSITION, named("accesses")))
        .streaming(sending.stream()))
}

/// Reads, and seals what waits for its seal if that is what is missing: whoever asks for a proof should not have to come
/// back for it.
async fn sealed<T>(ctx: &Ctx, f: impl AsyncFn(&Tx<'_>) -> Result<T>) -> Result<T> {
    let mut outcome = ctx.read_log(&f).await;
    for _ in 0..ATTEMPTS {
        if !matches!(outcome, Err(Error::Conflict(UNSEALED, _))) {
            break;
        }
        sealing::seal(ctx.door(), ctx.caller().tenant_id()).await?;
        outcome = ctx.read_log(&f).await;
        if outcome.is_err() {
            // Somebody else is sealing this network.
            tokio::time::sleep(PAUSE).await;
        }
    }
    outcome
}

/// Which list a file is of.
struct Which {
    patient_id: Uuid,
    month: Option<NaiveDate>,
    with: (bool, bool),
}

impl Which {
    async fn open(&self, tx: &Tx<'_>) -> Result<Opened> {
        routes::open(tx, self.patient_id, self.month, self.with).await
    }
}

/// A file that is being written.
struct File {
    kind: &'static str,
    under: Signed,
    tenant: Uuid,
    made_at: String,
}

impl File {
    fn of(tx: &Tx<'_>, kind: &'static str, under: Signed) -> Self {
        Self {
            kind,
            under,
            tenant: tx.tenant_id,
            made_at: tx.now.to_rfc3339_opts(SecondsFormat::Micros, true),
        }
    }

    /// What comes before the entries.
    async fn begin(&self, ctx: &Ctx, only: Option<&Proven>) -> Result<String> {
        let under = &self.under;
        let key = ctx.app().signer.verifier(&under.origin).await;
        let key = key.map_err(Error::unavailable)?.to_string();
        let size = under.checkpoint.size;
        let (from, to) = only.map_or((0, size), |only| (only.index, only.index + 1));
        let log = json!({
            "t": "log", "format": "tsumugi-log/1", "kind": self.kind, "origin": under.origin, "key": key,
            "tenant": self.tenant, "tree": under.tree, "made_at": self.made_at, "from": from, "to": to, "size": size,
        });
        let checkpoint = json!({ "t": "checkpoint", "note": under.note });
        Ok(line(&log) + &line(&checkpoint))
    }
}

/// A piece of a file, and where the next one begins.
struct Piece {
    lines: Vec<String>,
    next: Option<TimeKey>,
}

/// The next entries with their proofs. Recorded like any other page of the list.
async fn piece(
    tx: &Tx<'_>,
    which: &Which,
    opened: &Opened,
    file: &File,
    before: Option<TimeKey>,
) -> Result<Piece> {
    let mut rows = queries::page(tx, &opened.permit, &opened.shown, before, PIECE).await?;
    let more = rows.len() > usize::try_from(PIECE).unwrap_or(usize::MAX);
    if more {
        rows.pop();
    }
    let next = rows.last().map(|row| TimeKey(row.at, row.id));
    let showing = showing(tx, which.patient_id).await?;
    let proven = sealing::prove(tx, &file.under, rows, showing).await?;
    tx.record(
        Entry::new("accesses.export")
            .of_patient(which.patient_id)
            .listing(proven.len()),
    );
    Ok(Piece {
        lines: proven.iter().map(|one| line(&entry_line(one))).collect(),
        next: next.filter(|_| more),
    })
}

/// A file as it is sent: each piece is a transaction of its own, in which the reader's rows are looked at again. Whoever
/// may not see the list any more gets a file that ends without its last line.
struct Sending {
    ctx: Ctx,
    which: Which,
    file: File,
    /// Lines that were sent.
    written: usize,
    /// What comes before the next piece.
    begun: String,
    /// The next piece; nothing once the last was sent.
    piece: Option<Piece>,
}

impl Sending {
    fn stream(self) -> impl Stream<Item = Result<Bytes>> {
        stream::try_unfold(self, Self::send)
    }

    /// The next bytes, and what is left to send.
    async fn send(mut self) -> Result<Option<(Bytes, Self)>> {
        let Some(Piece { lines, next }) = self.piece.take() else {
            return Ok(None);
        };
        let mut text = std::mem::take(&mut self.begun);
        text.extend(lines);
        self.written += text.lines().count();
        if let Some(place) = next {
            let (which, file) = (&self.which, &self.file);
            let read = self.ctx.read_log(async |tx| {
                let opened = which.open(tx).await?;
                piece(tx, which, &opened, file, Some(place)).await
            });
            self.piece = Some(read.await?);
        } else {
            let lines = self.written + 1;
            text.push_str(&line(&json!({ "t": "end", "lines": lines })));
        }
        Ok(Some((Bytes::from(text), self)))
    }
}

/// What the reader is shown of an entry: that it was about the patient, and who it was where the network shows names.
async fn showing(tx: &Tx<'_>, patient_id: Uuid) -> Result<Showing> {
    let who = settings::of_network(tx).await?.show_names_to_patients;
    Ok(Showing::Patient {
        id: patient_id,
        who,
    })
}

fn entry_line(proven: &Proven) -> Value {
    let proof: Vec<String> = proven
        .proof
        .iter()
        .map(|hash| STANDARD.encode(hash.0))
        .collect();
    json!({
        "t": "entry", "index": proven.index, "entry": proven.entry, "opened": proven.opened, "proof": proof,
    })
}

fn line(value: &Value) -> String {
    format!("{value}\n")
}

fn named(name: &str) -> String {
    format!("attachment; filename=\"{name}.jsonl\"")
}

fn unsealed() -> Error {
    Error::Conflict(
        "access_unsealed",
        "not sealed yet: try again in a few seconds",
    )
}
