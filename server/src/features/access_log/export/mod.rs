//! The log as a file, sent bit by bit.
//!
//! The beginning is an entry of the log before the first byte leaves, with the number of entries that were to be sent; the
//! end is another, with the number that was and the digest of the file, before the last bytes leave. An export without an
//! end was broken off, and what was sent of it is not known.

mod csv;

use actix_web::{HttpResponse, get, http::header, web::Bytes};
use futures_util::stream::{self, Stream};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use utoipa::ToSchema;
use uuid::Uuid;

pub use self::csv::purpose_ja;

use self::csv::Sheet;
use super::{
    audit_events::{Collection, Home},
    filter::{Filter, log_query},
    policy,
    queries::{self, Names, Row},
    routes::looking,
};
use crate::{
    Error, Result,
    ctx::Ctx,
    error::Problem,
    spine::{
        audit::Entry,
        ids,
        input::Query,
        page::{self, TimeKey},
    },
};

/// Entries that are read and sent at a time.
const PART: i64 = 1000;

/// The form of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum ExportFormat {
    /// A spreadsheet.
    Csv,
    /// A Bundle of AuditEvents (FHIR R4, IHE BALP).
    Fhir,
}

log_query! {
    /// What to export, and how.
    ExportAccessLog {
        /// `csv` for a spreadsheet with Japanese headings (UTF-8 with a byte order mark), `fhir` for a Bundle of AuditEvents
        /// (FHIR R4, profiles of IHE BALP).
        #[param(inline)]
        format: crate::features::access_log::export::ExportFormat,
    }
}

/// A file that grows.
enum File {
    Csv(Sheet),
    Fhir(Collection),
}

impl File {
    fn part(&mut self, rows: &[Row], names: &Names, is_last: bool) -> Result<Vec<u8>> {
        match self {
            Self::Csv(sheet) => sheet.part(rows, names),
            Self::Fhir(collection) => collection.part(rows, names, is_last),
        }
    }
}

/// An export under way.
struct Export {
    ctx: Ctx,
    id: Uuid,
    filter: Filter,
    file: File,
    digest: Sha256,
    sent: usize,
    /// Where to go on; nothing when all has been sent.
    next: Next,
}

/// Where an export goes on.
#[derive(Clone, Copy)]
enum Next {
    Start,
    Before(TimeKey),
    Nothing,
}

/// Export the access log as a spreadsheet or as AuditEvents, newest first, with the filters of the list. The file is sent
/// as it is read; one that does not end well is not complete. The log has an entry when it begins and one when it ends,
/// with the number of entries and the SHA-256 of the file. Auditors only.
#[utoipa::path(
    tag = "access_log",
    extensions(("x-step-up" = json!(true))),
    params(ExportAccessLog),
    responses(
        (status = 200, content((String = "text/csv"), (serde_json::Value = "application/fhir+json"))),
        (status = "4XX", body = Problem),
    ),
)]
#[get("/v1/access-log/export")]
pub(super) async fn export_access_log(
    ctx: Ctx,
    query: Query<ExportAccessLog>,
) -> Result<HttpResponse> {
    let (id, format, wanted) = (ids::new_id(), query.0.format, query.0.filter()?);
    let (filter, file) = ctx
        .read_log(async |tx| {
            let permit = policy::may_export(tx)?;
            let mut filter = wanted.clone();
            // What is recorded from now on is not in it: its own entries would follow each other for ever.
            filter.until = Some(filter.until.map_or(tx.now, |until| until.min(tx.now)));
            let planned = queries::count(tx, &permit, &filter).await?;
            let entry = Entry::new("access_log.export").on("access_log_export", id);
            let planned = usize::try_from(planned).unwrap_or(usize::MAX);
            tx.record(looking(&filter, entry.listing(planned)));
            let file = match format {
                ExportFormat::Csv => File::Csv(Sheet::default()),
                ExportFormat::Fhir => File::Fhir(Collection::new(Home::of(tx).await?, tx.now)),
            };
            Ok((filter, file))
        })
        .await?;
    let export = Export {
        ctx: ctx.lasting(),
        id,
        filter,
        file,
        digest: Sha256::new(),
        sent: 0,
        next: Next::Start,
    };
    let (kind, name) = match format {
        ExportFormat::Csv => ("text/csv; charset=utf-8", "access-log.csv"),
        ExportFormat::Fhir => ("application/fhir+json", "access-log.json"),
    };
    Ok(HttpResponse::Ok()
        .content_type(kind)
        .insert_header((
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}\""),
        ))
        .streaming(parts(export)))
}

/// The parts of the file.
fn parts(export: Export) -> impl Stream<Item = Result<Bytes, Error>> {
    stream::try_unfold(export, async |mut export: Export| {
        match export.step().await {
            Ok(Some(bytes)) => Ok(Some((bytes, export))),
            Ok(None) => Ok(None),
            Err(error) => {
                // The answer breaks off, so that nobody takes the file for complete.
                tracing::warn!(%error, export = %export.id, "an export was broken off");
                Err(error)
            }
        }
    })
}

impl Export {
    /// The next part, the last one only when its end is recorded.
    async fn step(&mut self) -> Result<Option<Bytes>> {
        let before = match self.next {
            Next::Start => None,
            Next::Before(place) => Some(place),
            Next::Nothing => return Ok(None),
        };
        let read = self.ctx.read_on(async |tx| {
            let permit = policy::may_list(tx)?;
            let mut rows = queries::page(tx, permit, &self.filter, before, PART).await?;
            let key = |row: &Row| TimeKey(row.event.at, row.event.id);
            let last = rows
                .get(usize::try_from(PART - 1).unwrap_or_default())
                .map(key);
            let has_more = page::cut(&mut rows, PART, key).is_some();
            let names = queries::names(tx, &rows).await?;
            Ok((rows, names, last.filter(|_| has_more)))
        });
        let (rows, names, last) = read.await?;
        let bytes = self.file.part(&rows, &names, last.is_none())?;
        self.digest.update(&bytes);
        self.sent += rows.len();
        self.next = last.map_or(Next::Nothing, Next::Before);
        if last.is_none() {
            self.end().await?;
        }
        Ok(Some(bytes.into()))
    }

    async fn end(&self) -> Result<()> {
        let digest = ids::to_hex(&self.digest.clone().finalize());
        let end = Entry::new("access_log.export_end")
            .on("access_log_export", self.id)
            .listing(self.sent)
            .giving(&digest);
        self.ctx
            .act(async |tx| {
                tx.record(looking(&self.filter, end.clone()));
                Ok(())
            })
            .await
    }
}
