//! Sending a file, by the tus protocol 1.0: begin, ask how far it is, send on, give up.

use actix_web::{
    HttpRequest, HttpResponse, delete, head,
    http::{
        StatusCode,
        header::{self, HttpDate},
    },
    options, patch, post,
    web::{Path, Payload},
};
use chrono::TimeDelta;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    keys,
    model::{Attachment, Holder, Media, Refusal, harmless_name},
    policy,
    queries::{self, NewAttachment},
    read::entry,
    receive,
    tus::{self, Metadata},
    view::{self, AttachmentView},
};
use crate::{
    Error, Result,
    config::Files,
    ctx::{Ctx, Tx},
    error::Problem,
    spine::{audit::Entry, ids},
};

/// What is taken.
#[derive(Debug, Serialize, ToSchema)]
struct AttachmentRulesView {
    /// Largest photo (JPEG, PNG, WebP), in bytes.
    photo: u64,
    /// Largest PDF, in bytes.
    pdf: u64,
    /// Largest video, in bytes; 0 where none is taken.
    video: u64,
    /// Largest sound, in bytes; 0 where none is taken.
    audio: u64,
}

/// Ask what is taken, and what of the tus protocol is spoken.
#[utoipa::path(
    tag = "attachments",
    responses((status = 200, body = AttachmentRulesView), (status = "4XX", body = Problem)),
)]
#[options("/v1/attachments")]
pub(super) async fn find_attachment_rules(ctx: Ctx) -> Result<HttpResponse> {
    ctx.read(async |tx| {
        let _permit = policy::may_read_rules(tx)?;
        tx.record(Entry::new("attachment.rules"));
        Ok(())
    })
    .await?;
    let files = &ctx.app().config.files;
    let moving = |limit| if files.ffmpeg.is_some() { limit } else { 0 };
    Ok(tus::answer(StatusCode::OK)
        .insert_header(("Tus-Version", tus::VERSION))
        .insert_header(("Tus-Extension", tus::EXTENSIONS))
        .insert_header(("Tus-Checksum-Algorithm", tus::ALGORITHMS))
        .insert_header(("Tus-Max-Size", files.largest().to_string()))
        .json(AttachmentRulesView {
            photo: files.photo,
            pdf: files.pdf,
            video: moving(files.video),
            audio: moving(files.audio),
        }))
}

/// Where the bytes of a file go.
fn location(id: Uuid) -> String {
    format!("/v1/attachments/{id}/upload")
}

fn expires(file: &Attachment) -> String {
    HttpDate::from(std::time::SystemTime::from(file.expires_at)).to_string()
}

/// Begin to send a file for a patient (tus creation). A second time it is the same upload, which says how far it is.
#[utoipa::path(
    tag = "attachments",
    params(
        ("Tus-Resumable" = String, Header, description = "`1.0.0`"),
        ("Upload-Length" = u64, Header, description = "How many bytes the file has"),
        (
            "Upload-Metadata" = String, Header,
            description = "`id` (chosen by the device), `filename`, `filetype`, `derived_from`; values in base64",
        ),
    ),
    responses((status = 201, body = AttachmentView), (status = "4XX", body = Problem)),
)]
#[post("/v1/patients/{patient_id}/attachments")]
pub(super) async fn create_attachment(
    ctx: Ctx,
    request: HttpRequest,
    patient_id: Path<Uuid>,
) -> Result<HttpResponse> {
    begin(&ctx, &request, Holder::Patient(*patient_id)).await
}

/// Begin to send a file for a room (tus creation). A second time it is the same upload, which says how far it is.
#[utoipa::path(
    tag = "attachments",
    params(
        ("Tus-Resumable" = String, Header, description = "`1.0.0`"),
        ("Upload-Length" = u64, Header, description = "How many bytes the file has"),
        (
            "Upload-Metadata" = String, Header,
            description = "`id` (chosen by the device), `filename`, `filetype`, `derived_from`; values in base64",
        ),
    ),
    responses((status = 201, body = AttachmentView), (status = "4XX", body = Problem)),
)]
#[post("/v1/rooms/{room_id}/attachments")]
pub(super) async fn create_room_attachment(
    ctx: Ctx,
    request: HttpRequest,
    room_id: Path<Uuid>,
) -> Result<HttpResponse> {
    begin(&ctx, &request, Holder::Room(*room_id)).await
}

/// Begins an upload for a holder.
async fn begin(ctx: &Ctx, request: &HttpRequest, holder: Holder) -> Result<HttpResponse> {
    tus::check_version(request)?;
    let length = tus::number(request, &tus::LENGTH, "Upload-Length")?;
    let metadata = tus::metadata(request)?;
    check_length(&ctx.app().config.files, length, &metadata)?;
    let id = metadata.id.unwrap_or_else(ids::new_id);
    let hours = i64::from(ctx.app().config.files.upload_hours);
    let (file, view) = ctx
        .act(async |tx| {
            let name = harmless_name(&metadata.name);
            let permit = policy::may_create(tx, holder, id).await?;
            if queries::find(tx, id).await?.is_none() {
                check_origin(tx, holder, metadata.derived_from).await?;
                let new = NewAttachment {
                    id,
                    holder,
                    key_id: keys::of_holder(tx, holder).await?,
                    name: &name,
                    length: i64::try_from(length).map_err(Error::internal)?,
                    derived_from: metadata.derived_from,
                    expires_at: tx.now + TimeDelta::hours(hours),
                };
                queries::insert(tx, permit, &new).await?;
            }
            // Of two that begin at once, one made it; both go on with the same.
            let file = queries::find(tx, id).await?.ok_or(Error::NotFound)?;
            check_same(tx, &file, holder, length)?;
            tx.record(entry("attachment.create", &file));
            let view = view::attachment(tx, file.clone()).await?;
            Ok((file, view))
        })
        .await?;
    Ok(tus::answer(StatusCode::CREATED)
        .insert_header((header::LOCATION, location(id)))
        .insert_header((tus::OFFSET, file.received.to_string()))
        .insert_header((tus::EXPIRES, expires(&file)))
        .json(view))
}

fn check_length(files: &Files, length: u64, metadata: &Metadata) -> Result<()> {
    if length == 0 {
        let message = "the file is empty";
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return Err(Error::Upload("attachment_empty", message, status));
    }
    if matches!(metadata.media_type.as_str(), "image/heic" | "image/heif") {
        return Err(Refusal::AttachmentHeicNotSupported.into());
    }
    let declared = Media::declared(&metadata.media_type);
    if matches!(declared, Some(Media::Video | Media::Audio)) && files.ffmpeg.is_none() {
        return Err(Refusal::AttachmentVideoNotConfigured.into());
    }
    let largest = declared.map_or(files.largest(), |media| media.largest(files));
    if length > largest {
        return Err(Refusal::AttachmentTooLarge.into());
    }
    Ok(())
}

/// What was drawn on is a photo of the same holder that the caller may see.
async fn check_origin(tx: &Tx<'_>, holder: Holder, origin: Option<Uuid>) -> Result<()> {
    let Some(origin) = origin else {
        return Ok(());
    };
    let not_allowed = || {
        let message = "a photo of the same patient or room that you may see";
        Error::invalid("derived_from", "not_allowed", message)
    };
    let found = match policy::may_read(tx, origin).await {
        Ok(file) => file,
        Err(Error::Denied(_)) => return Err(not_allowed()),
        Err(other) => return Err(other),
    };
    let has_arrived = ["checking", "ready"].contains(&found.state.as_str());
    let is_photo = has_arrived && found.media.as_deref() == Some(Media::Photo.code());
    if is_photo && found.holder() == Some(holder) {
        Ok(())
    } else {
        Err(not_allowed())
    }
}

fn check_same(tx: &Tx<'_>, file: &Attachment, holder: Holder, length: u64) -> Result<()> {
    let same = file.uploaded_by == tx.actor.ids().0
        && file.holder() == Some(holder)
        && u64::try_from(file.length).ok() == Some(length);
    if !same {
        let message = "another file with this id exists";
        return Err(Error::Conflict("attachment_exists", message));
    }
    match file.refusal.as_deref().and_then(Refusal::parse) {
        Some(refusal) => Err(refusal.into()),
        None => Ok(()),
    }
}

/// Ask how far an upload is (tus).
#[utoipa::path(
    tag = "attachments",
    params(("Tus-Resumable" = String, Header, description = "`1.0.0`")),
    responses(
        (status = 200, description = "`Upload-Offset`, `Upload-Length`, `Upload-Expires`"),
        (status = "4XX", body = Problem),
    ),
)]
#[head("/v1/attachments/{attachment_id}/upload")]
pub(super) async fn find_upload(
    ctx: Ctx,
    request: HttpRequest,
    attachment_id: Path<Uuid>,
) -> Result<HttpResponse> {
    tus::check_version(&request)?;
    let file = ctx
        .read(async |tx| {
            let (file, _permit) = policy::may_send(tx, *attachment_id).await?;
            tx.record(entry("attachment.progress", &file));
            Ok(file)
        })
        .await?;
    if let Some(refusal) = file.refusal.as_deref().and_then(Refusal::parse) {
        return Err(refusal.into());
    }
    Ok(tus::answer(StatusCode::OK)
        .insert_header((tus::OFFSET, file.received.to_string()))
        .insert_header((tus::LENGTH, file.length.to_string()))
        .insert_header((tus::EXPIRES, expires(&file)))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .finish())
}

/// Send on from where an upload is (tus). What arrived before a connection broke is kept.
#[utoipa::path(
    tag = "attachments",
    params(
        ("Tus-Resumable" = String, Header, description = "`1.0.0`"),
        ("Upload-Offset" = u64, Header, description = "How many bytes have arrived before"),
        ("Upload-Checksum" = Option<String>, Header, description = "`sha1` or `sha256`, and the digest in base64"),
    ),
    request_body(content = Vec<u8>, content_type = "application/offset+octet-stream"),
    responses((status = 204, description = "`Upload-Offset`"), (status = "4XX", body = Problem)),
)]
#[patch("/v1/attachments/{attachment_id}/upload")]
pub(super) async fn append_upload(
    ctx: Ctx,
    request: HttpRequest,
    attachment_id: Path<Uuid>,
    body: Payload,
) -> Result<HttpResponse> {
    tus::check_version(&request)?;
    let (received, expires_at) =
        receive::append(ctx.lasting(), &request, *attachment_id, body).await?;
    let expires = HttpDate::from(std::time::SystemTime::from(expires_at)).to_string();
    Ok(tus::answer(StatusCode::NO_CONTENT)
        .insert_header((tus::OFFSET, received.to_string()))
        .insert_header((tus::EXPIRES, expires))
        .finish())
}

/// Give an upload up (tus termination): what has arrived is removed.
#[utoipa::path(
    tag = "attachments",
    params(("Tus-Resumable" = String, Header, description = "`1.0.0`")),
    responses((status = 204), (status = "4XX", body = Problem)),
)]
#[delete("/v1/attachments/{attachment_id}/upload")]
pub(super) async fn end_upload(
    ctx: Ctx,
    request: HttpRequest,
    attachment_id: Path<Uuid>,
) -> Result<HttpResponse> {
    tus::check_version(&request)?;
    let id = *attachment_id;
    let tenant = ctx
        .act(async |tx| {
            let (file, _permit) = policy::may_send(tx, id).await?;
            if !file.is_uploading() || !queries::delete_unfinished(tx, id).await? {
                let message = "the file has arrived already";
                return Err(Error::Conflict("attachment_arrived", message));
            }
            tx.record(entry("attachment.abandon", &file));
            Ok(tx.tenant_id)
        })
        .await?;
    // The rows are gone: nothing finds these objects any more, and nothing opens them without the rows.
    ctx.app().files.keep_only(tenant, id, &[]).await?;
    Ok(tus::answer(StatusCode::NO_CONTENT).finish())
}
