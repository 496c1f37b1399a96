use actix_web::{
    get, post,
    web::{Json, Path},
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::{
    model::{FileRow, For, Format, RecordExport},
    policy, queries,
};
use crate::{
    Error, Result,
    ctx::{Ctx, Tx},
    error::{FieldError, Problem},
    spine::{
        audit::Entry,
        ids,
        input::{Check, Input},
        page::Page,
        reply::{Answer, Reply},
        text,
    },
};

/// Registers the operations.
pub(super) fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(list_record_exports)
        .service(create_record_export);
}

/// A copy of a record that somebody asked for.
#[derive(Debug, Serialize, ToSchema)]
struct RecordExportView {
    /// Identifier.
    id: Uuid,
    /// `pdf` or `zip`.
    format: Format,
    /// What it is for.
    purpose: For,
    /// The purpose in words.
    reason: Option<String>,
    /// First day; null: from the beginning.
    from: Option<NaiveDate>,
    /// Last day; null: until it was made.
    to: Option<NaiveDate>,
    /// When it was asked for.
    asked_at: DateTime<Utc>,
    /// `waiting`, `making`, `ready`, `expired` (its files are gone), `refused` (whoever asked may not have it any more) or
    /// `failed`.
    state: String,
    /// Why there is none: `not_allowed`, `too_large` (choose a span), `given_up`.
    failure: Option<String>,
    /// Posts that are in it so far.
    done_posts: i32,
    /// Posts that will be in it, once that is known.
    posts: Option<i32>,
    /// Until when it can be fetched.
    expires_at: Option<DateTime<Utc>>,
    /// Its files, once it is ready: one, or several where it is long.
    files: Vec<RecordExportFileView>,
}

/// A file of a copy.
#[derive(Debug, Serialize, ToSchema)]
struct RecordExportFileView {
    /// Counts the files from 1.
    number: i32,
    /// The name it is saved under.
    name: String,
    /// `application/pdf` or `application/zip`.
    media_type: String,
    /// Its bytes.
    size: i64,
    /// Their SHA-256 in hexadecimal digits.
    sha256: String,
}

/// A copy to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CreateRecordExport {
    /// Identifier, chosen by the caller.
    pub(super) id: Uuid,
    /// `pdf` or `zip`.
    pub(super) format: Format,
    /// What it is for.
    pub(super) purpose: For,
    /// The purpose in words, up to 500 characters; required when it is `other`.
    #[serde(default)]
    pub(super) reason: Option<String>,
    /// First day of what was observed; from the beginning when left out.
    #[serde(default)]
    pub(super) from: Option<NaiveDate>,
    /// Last day; until now when left out.
    #[serde(default)]
    pub(super) to: Option<NaiveDate>,
}

impl Check for CreateRecordExport {
    fn check(&self, errors: &mut Vec<FieldError>) {
        text::check_optional("reason", self.reason.as_deref(), 500, errors);
        if self.purpose == For::Other && self.reason.is_none() {
            errors.push(FieldError::new("reason", "required", "say what it is for"));
        }
        if self.from.zip(self.to).is_some_and(|(from, to)| from > to) {
            errors.push(FieldError::new("to", "out_of_range", "not before `from`"));
        }
    }
}

/// The name under which a file of a copy is saved; tells nothing of the patient.
pub(super) fn file_name(export: &RecordExport, number: i32) -> String {
    let id = export.id.simple().to_string();
    let short = id.get(id.len().saturating_sub(8)..).unwrap_or_default();
    match export.format() {
        Format::Pdf => format!("kiroku-{short}-{number:02}.pdf"),
        Format::Zip => format!("kiroku-{short}.zip"),
    }
}

fn view(export: RecordExport, files: &[(Uuid, FileRow)], now: DateTime<Utc>) -> RecordExportView {
    let there = export.is_there(now);
    let files = files.iter().filter(|(of, _)| there && *of == export.id);
    RecordExportView {
        format: export.format(),
        purpose: export.purpose(),
        state: export.state(now).to_owned(),
        files: files
            .map(
                |(_, (number, media_type, size, digest, _))| RecordExportFileView {
                    number: *number,
                    name: file_name(&export, *number),
                    media_type: media_type.clone(),
                    size: *size,
                    sha256: ids::to_hex(digest),
                },
            )
            .collect(),
        id: export.id,
        reason: export.reason,
        from: export.from_on,
        to: export.to_on,
        asked_at: export.asked_at,
        failure: export.failure,
        done_posts: export.done_posts,
        posts: export.posts,
        expires_at: export.expires_at,
    }
}

async fn views(tx: &Tx<'_>, exports: Vec<RecordExport>) -> Result<Vec<RecordExportView>> {
    let ids: Vec<Uuid> = exports.iter().map(|export| export.id).collect();
    let files = queries::list_files(tx, &ids).await?;
    let view = |export| view(export, &files, tx.now);
    Ok(exports.into_iter().map(view).collect())
}

/// List the copies of a patient's record that the caller asked for, newest first, at most twenty: how far they are, and
/// their files.
#[utoipa::path(
    tag = "record_exports",
    responses((status = 200, body = Page<RecordExportView>), (status = "4XX", body = Problem)),
)]
#[get("/v1/patients/{patient_id}/record-exports")]
async fn list_record_exports(
    ctx: Ctx,
    patient_id: Path<Uuid>,
) -> Result<Json<Page<RecordExportView>>> {
    let items = ctx.read(async |tx| {
        let (_, permit) = policy::may_make(tx, *patient_id).await?;
        let exports = queries::list(tx, permit, *patient_id).await?;
        tx.record(
            Entry::new("record_exports.list")
                .of_patient(*patient_id)
                .listing(exports.len()),
        );
        views(tx, exports).await
    });
    Ok(Json(Page {
        items: items.await?,
        next: None,
    }))
}

/// Ask for a copy of a patient's whole record (記録の写し), as PDF/A or as a ZIP of files. It is made in the background and
/// holds what the caller may read; its first page says what it leaves out. Look at the list for how far it is; its files
/// are there for a day.
#[utoipa::path(
    tag = "record_exports",
    extensions(("x-step-up" = json!(true))),
    request_body = CreateRecordExport,
    responses((status = 201, body = RecordExportView), (status = "4XX", body = Problem)),
)]
#[post("/v1/patients/{patient_id}/record-exports")]
async fn create_record_export(
    ctx: Ctx,
    patient_id: Path<Uuid>,
    input: Input<CreateRecordExport>,
) -> Result<Answer> {
    let new = &input.value;
    ctx.write(&input.digest, async |tx| {
        let (_, permit) = policy::may_create(tx, *patient_id).await?;
        queries::insert(tx, permit, *patient_id, new).await?;
        tx.record(
            Entry::new("record_export.create")
                .of_patient(*patient_id)
                .on("record_export", new.id),
        );
        // The worker makes it once this has committed.
        tx.note_work();
        let made = queries::find_own(tx, *patient_id, new.id).await?;
        let made = views(tx, made.into_iter().collect()).await?.pop();
        Ok(Reply::created(made.ok_or(Error::NotFound)?).of_patient(*patient_id))
    })
    .await
}
