//! The proof of a line, and of all of them: files that show nothing of anybody else (`docs/access-log.md`).

use std::time::Duration;

use actix_web::{HttpResponse, get, http::header, web::Bytes, web::Path};
use chrono::{NaiveDate, SecondsFormat};
use futures_util::{Stream, stream};
use serde::Deserialize;
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
    ledger::{
        bundle::{Header, Held, Writer},
        entry::Showing,
    },
    spine::{
        audit::{self, Entry},
        clock::month_of_input,
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
    let (file, proven, showing) = sealed(&ctx, async |tx: &Tx<'_>| {
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
        let mut proven = sealing::prove(tx, &under, rows).await?;
        let proven = proven.pop().ok_or_else(unsealed)?;
        tx.record(
            Entry::new("accesses.prove")
                .of_patient(patient_id)
                .on("audit_event", event_id),
        );
        Ok((File::of(tx, Held::Entry, under), proven, showing))
    })
    .await?;
    let mut writer = file.begin(&ctx, Some(&proven)).await?;
    put(&mut writer, &proven, showing)?;
    let file = writer.end().map_err(Error::internal)?;
    Ok(HttpResponse::Ok()
        .content_type("application/x-ndjson")
        .insert_header((header::CONTENT_DISPOSITION, named("access")))
        .body(file))
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
    let month = query.0.month.as_deref().map(month_of_input).transpose()?;
    let which = Which {
        patient_id: *patient_id,
        month,
        with: (query.0.own, query.0.routine),
    };
    // The first piece before anything is answered: what is refused is refused, and what cannot be logged is not sent.
    let (file, first) = sealed(&ctx, async |tx: &Tx<'_>| {
        let opened = which.open(tx).await?;
        let under = sealing::signed(tx).await?.ok_or_else(unsealed)?;
        let file = File::of(tx, Held::Patient, under);
        let piece = piece(tx, &which, &opened, &file, None).await?;
        Ok((file, piece))
    })
    .await?;
    let sending = Sending {
        writer: file.begin(&ctx, None).await?,
        ctx,
        which,
        file,
        piece: first,
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
    kind: Held,
    under: Signed,
    tenant: Uuid,
    made_at: String,
}

impl File {
    fn of(tx: &Tx<'_>, kind: Held, under: Signed) -> Self {
        Self {
            kind,
            under,
            tenant: tx.tenant_id,
            made_at: tx.now.to_rfc3339_opts(SecondsFormat::Micros, true),
        }
    }

    /// What comes before the entries.
    async fn begin(&self, ctx: &Ctx, only: Option<&Proven>) -> Result<Writer<Vec<u8>>> {
        let under = &self.under;
        let key = ctx.app().signer.verifier(&under.origin).await;
        let tree = u32::try_from(under.tree).map_err(Error::internal)?;
        let mut header = Header::new(self.kind, &under.origin, self.tenant, tree);
        header.key = key.map_err(Error::unavailable)?.to_string();
        header.made_at.clone_from(&self.made_at);
        header.size = under.checkpoint.size;
        (header.from, header.to) = match only {
            Some(only) => (only.index, only.index + 1),
            None => (0, header.size),
        };
        let mut writer = Writer::begin(Vec::new(), &header).map_err(Error::internal)?;
        writer.checkpoint(&under.note).map_err(Error::internal)?;
        Ok(writer)
    }
}

/// A piece of a file, and where the next one begins.
struct Piece {
    proven: Vec<Proven>,
    showing: Showing,
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
    let proven = sealing::prove(tx, &file.under, rows).await?;
    tx.record(
        Entry::new("accesses.export")
            .of_patient(which.patient_id)
            .listing(proven.len()),
    );
    Ok(Piece {
        proven,
        showing,
        next: next.filter(|_| more),
    })
}

/// A file as it is sent: each piece is a transaction of its own, in which the reader's rows are looked at again. Whoever
/// may not see the list any more gets a file that ends without its last line.
struct Sending {
    ctx: Ctx,
    which: Which,
    file: File,
    /// Counts the lines, and holds those that were not sent yet.
    writer: Writer<Vec<u8>>,
    /// The next piece.
    piece: Piece,
}

impl Sending {
    fn stream(self) -> impl Stream<Item = Result<Bytes>> {
        stream::try_unfold(Some(self), Self::send)
    }

    /// The next bytes, and what is left to send; nothing once the last piece was sent.
    async fn send(sending: Option<Self>) -> Result<Option<(Bytes, Option<Self>)>> {
        let Some(mut sending) = sending else {
            return Ok(None);
        };
        for one in &sending.piece.proven {
            put(&mut sending.writer, one, sending.piece.showing)?;
        }
        let Some(place) = sending.piece.next else {
            let last = sending.writer.end().map_err(Error::internal)?;
            return Ok(Some((Bytes::from(last), None)));
        };
        let (which, file) = (&sending.which, &sending.file);
        let read = sending.ctx.read_log(async |tx| {
            let opened = which.open(tx).await?;
            piece(tx, which, &opened, file, Some(place)).await
        });
        sending.piece = read.await?;
        Ok(Some((Bytes::from(sending.writer.take()), Some(sending))))
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

/// Adds an entry with its proof.
fn put(writer: &mut Writer<Vec<u8>>, proven: &Proven, showing: Showing) -> Result<()> {
    let Proven {
        entry,
        index,
        proof,
    } = proven;
    let written = writer.entry(*index, entry, showing, Some(proof));
    written.map_err(Error::internal)
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
