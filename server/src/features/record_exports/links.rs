//! Fetching the files of a copy: by links that are good for minutes, so that a browser can save them as it saves any file.

use actix_web::{
    HttpResponse, get,
    http::header,
    post,
    web::{Bytes, Data, Path},
};
use chrono::{DateTime, Utc};
use futures_util::{Stream, stream};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::{
    make,
    model::{FileRow, RecordExport},
    policy, queries, routes,
};
use crate::{
    Error, Result,
    app::App,
    ctx::{Ctx, Door, Tx},
    error::{FieldError, Problem},
    spine::{
        access,
        audit::Entry,
        auth::{self, Actor},
        http::RequestInfo,
        ids,
        input::{Check, Input},
        reply::{Answer, Reply},
    },
};

/// Registers the operations.
pub(super) fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(create_record_export_link)
        .service(export_record_file);
}

/// Which file.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CreateRecordExportLink {
    /// Number of the file.
    number: i32,
}

impl Check for CreateRecordExportLink {
    fn check(&self, errors: &mut Vec<FieldError>) {
        if self.number < 1 {
            errors.push(FieldError::new("number", "out_of_range", "1 or more"));
        }
    }
}

/// A link.
#[derive(Debug, Serialize, ToSchema)]
struct RecordExportLinkView {
    /// Address without the server's name. Whoever has it can fetch the file without signing in.
    path: String,
    /// The name to save it under.
    name: String,
    /// Until when it is good.
    expires_at: DateTime<Utc>,
}

/// Get a link that is good for five minutes, to fetch a file of a copy that the caller asked for. 409
/// `record_export_narrowed` when the copy holds what the caller may not read any more: ask for another.
#[utoipa::path(
    tag = "record_exports",
    extensions(("x-step-up" = json!(true))),
    request_body = CreateRecordExportLink,
    responses((status = 201, body = RecordExportLinkView), (status = "4XX", body = Problem)),
)]
#[post("/v1/patients/{patient_id}/record-exports/{export_id}/links")]
async fn create_record_export_link(
    ctx: Ctx,
    path: Path<(Uuid, Uuid)>,
    input: Input<CreateRecordExportLink>,
) -> Result<Answer> {
    let (patient_id, export_id) = *path;
    let number = input.value.number;
    ctx.write(&input.digest, async |tx| {
        let (access, permit) = policy::may_create(tx, patient_id).await?;
        let export = queries::find_own(tx, patient_id, export_id).await?;
        let export = export.ok_or(Error::NotFound)?;
        check(tx, &export, &access)?;
        file(tx, &export, number).await?;
        let token = [tx.tenant_id.as_bytes().as_slice(), &ids::secret()?].concat();
        let digest = ids::digest(&token);
        let expires_at = queries::insert_link(tx, permit, &digest, (export_id, number)).await?;
        tx.record(
            Entry::new("record_export_link.create")
                .of_patient(patient_id)
                .on("record_export", export_id),
        );
        let link = RecordExportLinkView {
            path: format!("/v1/record-exports/files/{}", ids::to_base64(&token)),
            name: routes::file_name(&export, number),
            expires_at,
        };
        Ok(Reply::created(link).of_patient(patient_id).once())
    })
    .await
}

/// Whether a copy is there and may be given out.
fn check(tx: &Tx<'_>, export: &RecordExport, access: &access::PatientAccess) -> Result<()> {
    if !export.is_there(tx.now) {
        return Err(Error::Conflict(
            "record_export_not_ready",
            "the copy is not ready, or its files are gone",
        ));
    }
    if !export.is_within(&access::scope(tx, access)) {
        return Err(Error::Conflict(
            "record_export_narrowed",
            "the copy holds what may not be read any more: ask for another",
        ));
    }
    Ok(())
}

async fn file(tx: &Tx<'_>, export: &RecordExport, number: i32) -> Result<FileRow> {
    let files = queries::list_files(tx, &[export.id]).await?;
    let found = files.into_iter().find(|(_, file)| file.0 == number);
    found.map(|(_, file)| file).ok_or(Error::NotFound)
}

/// Fetch a file of a copy by its link, without signing in. 404 when the link has run out.
#[utoipa::path(
    tag = "record_exports",
    security(()),
    responses(
        (status = 200, content((Vec<u8> = "application/octet-stream"))),
        (status = "4XX", body = Problem),
    ),
)]
#[get("/v1/record-exports/files/{link}")]
async fn export_record_file(door: Door, link: Path<String>) -> Result<HttpResponse> {
    let token = ids::from_base64(&link).ok_or(Error::NotFound)?;
    let tenant_id = token.get(..16).and_then(|id| Uuid::from_slice(id).ok());
    let tenant_id = tenant_id.ok_or(Error::NotFound)?;
    let digest = ids::digest(&token);
    let found = door
        .look_up(tenant_id, async |tx| {
            let Some((export, number)) = queries::find_link(tx, &digest).await? else {
                return Ok(None);
            };
            let who = (export.account_id, export.staff_member_id, export.session_id);
            let person = auth::queries::holder(tx, who).await?;
            Ok(person.map(|person| (person, export, number)))
        })
        .await?;
    let (person, export, number) = found.ok_or(Error::NotFound)?;
    let door = Door {
        app: door.app.clone(),
        request: door
            .request
            .clone()
            .for_purpose(Some(export.purpose_of_use.clone())),
    };
    let (name, file) = door
        .within(tenant_id, Actor::Person(person), async |tx| {
            let (access, _permit) = policy::may_make(tx, export.patient_id).await?;
            check(tx, &export, &access)?;
            let file = file(tx, &export, number).await?;
            tx.record(
                Entry::new("record_export.download")
                    .of_patient(export.patient_id)
                    .on("record_export", export.id),
            );
            Ok((routes::file_name(&export, number), file))
        })
        .await?;
    let size = u64::try_from(file.2).map_err(Error::internal)?;
    let media_type = file.1.clone();
    Ok(HttpResponse::Ok()
        .content_type(media_type)
        .no_chunking(size)
        .insert_header((
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}\""),
        ))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .streaming(pieces(&door.app, tenant_id, export.id, &file)))
}

/// The pieces of a file, opened one by one.
fn pieces(
    app: &Data<App>,
    tenant_id: Uuid,
    export_id: Uuid,
    file: &FileRow,
) -> impl Stream<Item = Result<Bytes>> + use<> {
    let door = Door {
        app: app.clone(),
        request: RequestInfo::internal("record-export"),
    };
    let (number, last) = (file.0, file.4);
    stream::try_unfold((door, 0), move |(door, place)| async move {
        if place >= last {
            return Ok(None);
        }
        let at = (export_id, number, place);
        let sealed = door
            .look_up(tenant_id, async |tx| queries::find_chunk(tx, at).await)
            .await?;
        let bytes = sealed.and_then(|sealed| make::open(&door.app.seal, at, &sealed));
        let bytes = bytes.ok_or_else(|| Error::internal("a piece of a copy is missing"))?;
        Ok::<_, Error>(Some((Bytes::from(bytes), (door, place + 1))))
    })
}
