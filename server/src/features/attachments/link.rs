//! Links to look at a file: they live for minutes, belong to one session, and open nothing that the session may not see
//! when they are used.

use actix_web::{
    HttpRequest, HttpResponse, get,
    http::{
        StatusCode,
        header::{
            self, ByteRangeSpec, ContentDisposition, DispositionParam, DispositionType, Header,
            Range,
        },
    },
    post,
    web::{Bytes, Data, Path},
};
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::{Stream, stream};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    copy::ending,
    keys,
    model::{Attachment, FileRow, Media, Refusal, Rendition},
    policy, queries,
    read::{entry, note},
};
use crate::{
    Error, Result,
    app::App,
    ctx::{Ctx, Door, Tx},
    error::{FieldError, Problem},
    spine::{
        auth::token::Caller,
        files::FileKey,
        ids,
        input::{Check, Input},
        reply::{Answer, Reply},
    },
};

/// How long a link lives: long enough to look at a page, or to go on with a video.
const LIFE: TimeDelta = TimeDelta::minutes(3);
const PURPOSE: &str = "attachment_link";
/// Bytes that are opened at a time while a file is sent.
const STEP: u64 = 1024 * 1024;

/// Links that are asked for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CreateAttachmentLinks {
    /// 1 to 60 files, each in one rendition.
    items: Vec<WantedLink>,
}

/// A file in one rendition.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct WantedLink {
    /// The file.
    attachment_id: Uuid,
    /// Which of its pictures, or all of it.
    rendition: Rendition,
}

impl Check for CreateAttachmentLinks {
    fn check(&self, errors: &mut Vec<FieldError>) {
        if !(1..=60).contains(&self.items.len()) {
            errors.push(FieldError::new("items", "out_of_range", "1 to 60"));
        }
    }
}

/// Links to look at files.
#[derive(Debug, Serialize, ToSchema)]
struct AttachmentLinksView {
    /// One for each that was asked for, in their order.
    items: Vec<AttachmentLinkView>,
}

/// A link to look at a file.
#[derive(Debug, Serialize, ToSchema)]
struct AttachmentLinkView {
    /// The file.
    attachment_id: Uuid,
    /// Which rendition.
    rendition: &'static str,
    /// Where it is, without the address of the server. Whoever has it can look for as long as it lives and the session does.
    url: String,
    /// Until when.
    expires_at: DateTime<Utc>,
}

/// What a link says, sealed with the key of the installation.
#[derive(Serialize, Deserialize)]
struct Link {
    caller: Caller,
    attachment: Uuid,
    rendition: Rendition,
    purpose: Option<String>,
    expires_at: DateTime<Utc>,
}

/// Ask for links to look at files. They live for three minutes, for this session only.
#[utoipa::path(
    tag = "attachments",
    request_body = CreateAttachmentLinks,
    responses((status = 201, body = AttachmentLinksView), (status = "4XX", body = Problem)),
)]
#[post("/v1/attachment-links")]
pub(super) async fn create_attachment_links(
    ctx: Ctx,
    input: Input<CreateAttachmentLinks>,
) -> Result<Answer> {
    let purpose = ctx.request().purpose.clone();
    ctx.write(&input.digest, async |tx| {
        let mut items = Vec::with_capacity(input.value.items.len());
        for wanted in &input.value.items {
            let (file, _) = may_look(tx, wanted.attachment_id, wanted.rendition).await?;
            tx.record(entry("attachment.link", &file));
            let link = Link {
                caller: ctx.caller(),
                attachment: file.id,
                rendition: wanted.rendition,
                purpose: purpose.clone(),
                expires_at: tx.now + LIFE,
            };
            let said = serde_json::to_vec(&link).map_err(Error::internal)?;
            let token = ids::to_base64(&tx.app().seal.seal(PURPOSE, &[], &said)?);
            items.push(AttachmentLinkView {
                attachment_id: file.id,
                rendition: wanted.rendition.code(),
                url: format!("/v1/attachment-links/{token}"),
                expires_at: link.expires_at,
            });
        }
        Ok(Reply::created(AttachmentLinksView { items }).once())
    })
    .await
}

/// The file and the rendition, if the caller may see them and they are there.
async fn may_look(tx: &Tx<'_>, id: Uuid, rendition: Rendition) -> Result<(Attachment, FileRow)> {
    let file = policy::may_read(tx, id).await?;
    if let Some(refusal) = file.refusal.as_deref().and_then(Refusal::parse) {
        return Err(refusal.into());
    }
    if file.state != "ready" {
        let message = "the file is still arriving or being checked";
        return Err(Error::Conflict("attachment_not_ready", message));
    }
    let rows = queries::list_files(tx, &[id]).await?;
    let found = rows
        .into_iter()
        .find(|row| row.rendition == rendition.code());
    let row = found.ok_or(Error::NamesNothing(
        "attachment_without_picture",
        "there is no such picture of this file",
    ))?;
    Ok((file, row))
}

/// Look at a file by a link: no token is asked for, the link belongs to a session. Takes a `Range`.
#[utoipa::path(
    tag = "attachments",
    params(("token" = String, Path, description = "What the link says, sealed")),
    security(()),
    responses(
        (status = 200, body = Vec<u8>, content_type = "application/octet-stream"),
        (status = 206, body = Vec<u8>, content_type = "application/octet-stream"),
        (status = "4XX", body = Problem),
    ),
)]
#[get("/v1/attachment-links/{token}")]
pub(super) async fn find_attachment_content(
    door: Door,
    request: HttpRequest,
    token: Path<String>,
) -> Result<HttpResponse> {
    let app = door.app.clone();
    let link = open(&app, &token).ok_or(Error::NotFound)?;
    if link.expires_at <= app.clock.now() {
        let message = "the link has run out; ask for another";
        return Err(Error::Upload(
            "attachment_link_expired",
            message,
            StatusCode::GONE,
        ));
    }
    let ctx = Ctx::of_link(door, link.caller, link.purpose);
    let read = async |tx: &Tx<'_>| {
        let (file, row) = may_look(tx, link.attachment, link.rendition).await?;
        note(tx, &file).await?;
        tx.record(entry("attachment.look", &file));
        let key = keys::find(tx, file.key_id).await?;
        Ok((file, row, key, tx.tenant_id))
    };
    let (file, row, key, tenant) = ctx.read(read).await?;
    let size = u64::try_from(row.size).map_err(Error::internal)?;
    let (from, until, status) = match wanted_range(&request, size) {
        Wanted::All => (0, size, StatusCode::OK),
        Wanted::Part(from, until) => (from, until, StatusCode::PARTIAL_CONTENT),
        Wanted::Nothing => {
            let mut answer = HttpResponse::build(StatusCode::RANGE_NOT_SATISFIABLE);
            answer.insert_header((header::CONTENT_RANGE, format!("bytes */{size}")));
            return Ok(answer.finish());
        }
    };
    let mut answer = HttpResponse::build(status);
    answer
        .insert_header((header::CONTENT_TYPE, row.media_type.clone()))
        .insert_header((header::ACCEPT_RANGES, "bytes"))
        .insert_header((header::CACHE_CONTROL, "private, no-store"))
        .insert_header((
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; frame-ancestors 'none'; sandbox",
        ))
        .insert_header(disposition(&file, &row))
        .no_chunking(until - from);
    if status == StatusCode::PARTIAL_CONTENT {
        let range = format!("bytes {from}-{}/{size}", until.saturating_sub(1));
        answer.insert_header((header::CONTENT_RANGE, range));
    }
    let place = (tenant, file.id, row.object_id);
    Ok(answer.streaming(bytes(app, key, place, size, (from, until))))
}

fn open(app: &App, token: &str) -> Option<Link> {
    let sealed = ids::from_base64(token)?;
    let said = app.seal.open(PURPOSE, &[], &sealed)?;
    serde_json::from_slice(&said).ok()
}

/// Which bytes are asked for.
enum Wanted {
    All,
    Part(u64, u64),
    Nothing,
}

fn wanted_range(request: &HttpRequest, size: u64) -> Wanted {
    if !request.headers().contains_key(header::RANGE) {
        return Wanted::All;
    }
    // What is not understood, or asks for several parts, is answered with all.
    let Ok(Range::Bytes(specs)) = Range::parse(request) else {
        return Wanted::All;
    };
    let [spec] = specs.as_slice() else {
        return Wanted::All;
    };
    match ByteRangeSpec::to_satisfiable_range(spec, size) {
        Some((from, last)) => Wanted::Part(from, last + 1),
        None => Wanted::Nothing,
    }
}

/// Pictures, video and sound are shown; a PDF is saved. The name ends as what it is, whatever it was called.
fn disposition(file: &Attachment, row: &FileRow) -> ContentDisposition {
    let is_pdf = file.media.as_deref() == Some(Media::Pdf.code()) && row.rendition == "full";
    let end = ending(&row.media_type);
    let stem = match file.name.rsplit_once('.') {
        Some((stem, _)) if !stem.is_empty() => stem,
        _ => &file.name,
    };
    let name = format!("{stem}.{end}");
    ContentDisposition {
        disposition: if is_pdf {
            DispositionType::Attachment
        } else {
            DispositionType::Inline
        },
        parameters: vec![
            DispositionParam::Filename(format!("file.{end}")),
            DispositionParam::FilenameExt(header::ExtendedValue {
                charset: header::Charset::Ext("UTF-8".to_owned()),
                language_tag: None,
                value: name.into_bytes(),
            }),
        ],
    }
}

/// The bytes of a file, opened a little at a time.
fn bytes(
    app: Data<App>,
    key: FileKey,
    place: (Uuid, Uuid, Uuid),
    size: u64,
    (from, until): (u64, u64),
) -> impl Stream<Item = Result<Bytes>> {
    let state = (app, key, from);
    stream::try_unfold(state, move |(app, key, at)| async move {
        if at >= until {
            return Ok(None);
        }
        let next = (at + STEP).min(until);
        let (head, chunks) = FileKey::to_fetch(size, at, next);
        let fetched = app.files.get_parts(place, &[head, chunks]).await?;
        let [head, chunks] = fetched.as_slice() else {
            return Err(Error::internal("the store gave other parts"));
        };
        let part = key.open_part(place.2, (head, chunks), size, at, next)?;
        Ok(Some((Bytes::from(part), (app, key, next))))
    })
}
