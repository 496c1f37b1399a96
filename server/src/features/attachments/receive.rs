//! Taking in the bytes of one request of an upload.
//!
//! One request at a time holds an upload. Its bytes go to the store in sealed parts while they arrive; only when the
//! request ends, by its end or because the connection broke, are the parts entered, together with the new offset, if the
//! upload is still held by it and still where it was. Parts that are not entered are nobody's, and are removed.

use std::time::{Duration, Instant};

use actix_web::{
    HttpRequest,
    http::{StatusCode, header},
    web::Payload,
};
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::StreamExt;
use uuid::Uuid;

use super::{
    check, keys,
    model::{Attachment, Media, Refusal},
    policy,
    queries::{self, Part},
    read::entry,
    tus::{self, Checksum},
};
use crate::{
    Error, Result,
    ctx::{Ctx, Tx},
    spine::{auth::Actor, files::FileKey, ids},
};

/// Bytes of one part in the store.
const PART: usize = 4 * 1024 * 1024;

/// How long one request holds an upload without bringing anything. A connection that is gone leaves it held until then.
const HOLD: TimeDelta = TimeDelta::seconds(20);
/// How often that is said anew.
const RENEW: Duration = Duration::from_secs(5);

/// What one request has brought.
struct Arrived {
    parts: Vec<Part>,
    /// Whether the body ended as it should.
    whole: bool,
    /// What the file is, when its first bytes were among them.
    media: Option<Media>,
}

/// Who holds which file, from where, under which key.
struct Held {
    file: Attachment,
    by: Uuid,
    tenant: Uuid,
    key: FileKey,
}

/// Appends the body to the upload; answers with the new offset, and until when it may be sent on.
pub(super) async fn append(
    ctx: Ctx,
    request: &HttpRequest,
    id: Uuid,
    body: Payload,
) -> Result<(i64, DateTime<Utc>)> {
    let declared = request.headers().get(header::CONTENT_TYPE);
    if declared.and_then(|value| value.to_str().ok()) != Some(tus::BODY) {
        return Err(Error::UnsupportedMediaType);
    }
    let offset = tus::number(request, &tus::OFFSET, "Upload-Offset")?;
    let checksum = Checksum::of(request)?;
    let held = hold(&ctx, id, offset, tus::content_length(request)).await?;
    let expires_at = held.file.expires_at;
    let outcome = take(&ctx, &held, body, checksum).await;
    let settled = match outcome {
        Ok(arrived) => enter(&ctx, &held, arrived).await,
        Err(error) => Err(error),
    };
    match settled {
        Ok(received) => Ok((received, expires_at)),
        Err(error) => {
            give_up(&ctx, &held, &error).await?;
            Err(error)
        }
    }
}

fn locked() -> Error {
    let message = "this file is being sent by another request";
    Error::Upload("attachment_locked", message, StatusCode::LOCKED)
}

fn elsewhere() -> Error {
    Error::Conflict(
        "attachment_offset_mismatch",
        "the upload is not at this offset",
    )
}

/// Takes hold of an upload that is at this offset.
async fn hold(ctx: &Ctx, id: Uuid, offset: u64, coming: Option<u64>) -> Result<Held> {
    let by = ids::new_id();
    ctx.act(async |tx| {
        let (_, _permit) = policy::may_send(tx, id).await?;
        let file = queries::find_for_update(tx, id)
            .await?
            .ok_or(Error::NotFound)?;
        if let Some(refusal) = file.refusal.as_deref().and_then(Refusal::parse) {
            return Err(refusal.into());
        }
        if file.is_uploading() && file.expires_at <= tx.now {
            let message = "the upload was not finished in time; begin anew";
            return Err(Error::Upload(
                "attachment_expired",
                message,
                StatusCode::GONE,
            ));
        }
        if file.held_until.is_some_and(|until| until > tx.now) {
            return Err(locked());
        }
        if u64::try_from(file.received).ok() != Some(offset) || !file.is_uploading() {
            return Err(elsewhere());
        }
        let left = u64::try_from(file.length - file.received).unwrap_or_default();
        if coming.is_some_and(|coming| coming > left) {
            return Err(too_long());
        }
        queries::hold(tx, id, by, HOLD).await?;
        tx.record(entry("attachment.append", &file));
        Ok(Held {
            key: keys::find(tx, file.key_id).await?,
            tenant: tx.tenant_id,
            file,
            by,
        })
    })
    .await
}

fn too_long() -> Error {
    let message = "more bytes than the file was said to have";
    Error::Upload(
        "attachment_too_long",
        message,
        StatusCode::PAYLOAD_TOO_LARGE,
    )
}

/// Puts the body into the store, part by part.
async fn take(
    ctx: &Ctx,
    held: &Held,
    mut body: Payload,
    mut checksum: Option<Checksum>,
) -> Result<Arrived> {
    let file = &held.file;
    let mut left = usize::try_from(file.length - file.received).map_err(Error::internal)?;
    let mut arrived = Arrived {
        parts: Vec::new(),
        whole: true,
        media: None,
    };
    let mut start = file.received;
    let mut waiting: Vec<u8> = Vec::new();
    let mut renewed = Instant::now();
    loop {
        let chunk = match body.next().await {
            Some(Ok(chunk)) => chunk,
            Some(Err(_)) => {
                arrived.whole = false;
                break;
            }
            None => break,
        };
        if chunk.len() > left {
            return Err(too_long());
        }
        left -= chunk.len();
        if renewed.elapsed() > RENEW {
            renew(ctx, held).await?;
            renewed = Instant::now();
        }
        if let Some(checksum) = &mut checksum {
            checksum.update(&chunk);
        }
        waiting.extend_from_slice(&chunk);
        if arrived.media.is_none() && start == 0 && waiting.len() >= check::ENOUGH {
            arrived.media = Some(check_begin(ctx, file, &waiting)?);
        }
        while waiting.len() >= PART {
            let rest = waiting.split_off(PART);
            start = keep(ctx, held, &mut arrived, start, &waiting).await?;
            waiting = rest;
        }
    }
    if arrived.media.is_none()
        && start == 0
        && (waiting.len() as u64) == u64::try_from(file.length).unwrap_or_default()
    {
        arrived.media = Some(check_begin(ctx, file, &waiting)?);
    }
    if let Some(checksum) = checksum
        && !(arrived.whole && checksum.holds())
    {
        let message = "the bytes are not those of the checksum";
        let status = StatusCode::from_u16(460).map_err(Error::internal)?;
        return Err(Error::Upload(
            "attachment_checksum_mismatch",
            message,
            status,
        ));
    }
    if !waiting.is_empty() {
        keep(ctx, held, &mut arrived, start, &waiting).await?;
    }
    Ok(arrived)
}

/// Goes on holding the upload, if it still does.
async fn renew(ctx: &Ctx, held: &Held) -> Result<()> {
    let renew = async |tx: &Tx<'_>| {
        let file = queries::find_for_update(tx, held.file.id).await?;
        if file.and_then(|file| file.held_by) != Some(held.by) {
            return Err(elsewhere());
        }
        queries::hold(tx, held.file.id, held.by, HOLD).await
    };
    ctx.door().within(held.tenant, Actor::Worker, renew).await
}

/// What a file is, by its first bytes, and whether it is small enough for that.
fn check_begin(ctx: &Ctx, file: &Attachment, bytes: &[u8]) -> Result<Media> {
    let files = &ctx.app().config.files;
    let media = check::sniffed(bytes)?;
    if matches!(media, Media::Video | Media::Audio) && files.ffmpeg.is_none() {
        return Err(Refusal::AttachmentVideoNotConfigured.into());
    }
    if u64::try_from(file.length).unwrap_or(u64::MAX) > media.largest(files) {
        return Err(Refusal::AttachmentTooLarge.into());
    }
    Ok(media)
}

/// Seals one part and puts it into the store; answers with where the next begins.
async fn keep(
    ctx: &Ctx,
    held: &Held,
    arrived: &mut Arrived,
    start: i64,
    bytes: &[u8],
) -> Result<i64> {
    let object_id = ids::new_id();
    let sealed = held.key.seal(object_id, bytes)?;
    let place = (held.tenant, held.file.id, object_id);
    ctx.app().files.put(place, sealed).await?;
    let length = i64::try_from(bytes.len()).map_err(Error::internal)?;
    arrived.parts.push(Part {
        start,
        length,
        object_id,
    });
    Ok(start + length)
}

/// Enters what has arrived, if the upload is still held by this request and where it was.
async fn enter(ctx: &Ctx, held: &Held, arrived: Arrived) -> Result<i64> {
    let id = held.file.id;
    let enter = async |tx: &Tx<'_>| {
        let file = queries::find_for_update(tx, id)
            .await?
            .ok_or(Error::NotFound)?;
        if file.held_by != Some(held.by) || file.received != held.file.received {
            return Err(elsewhere());
        }
        let received = queries::insert_parts(tx, &file, &arrived.parts, arrived.media).await?;
        queries::let_go(tx, id, held.by).await?;
        if received == file.length {
            tx.note_work();
        }
        Ok(received)
    };
    let door = ctx.door();
    let received = door.within(held.tenant, Actor::Worker, enter).await?;
    if !arrived.whole {
        // Nobody hears it; the upload is where it got to.
        return Err(Error::MalformedJson);
    }
    Ok(received)
}

/// Lets go of an upload that this request brought nothing to. A file that is not taken is refused for good.
async fn give_up(ctx: &Ctx, held: &Held, error: &Error) -> Result<()> {
    let id = held.file.id;
    let refusal = match error {
        Error::Upload(code, ..) => Refusal::parse(code),
        _ => None,
    };
    let let_go = async |tx: &Tx<'_>| {
        queries::let_go(tx, id, held.by).await?;
        if let Some(refusal) = refusal {
            check::refuse(tx, &held.file, None, refusal).await?;
        }
        queries::list_parts(tx, id).await
    };
    let parts = ctx
        .door()
        .within(held.tenant, Actor::Worker, let_go)
        .await?;
    let kept: Vec<Uuid> = parts.iter().map(|part| part.object_id).collect();
    ctx.app().files.keep_only(held.tenant, id, &kept).await?;
    Ok(())
}
