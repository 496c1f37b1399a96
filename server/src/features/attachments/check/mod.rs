//! Checking what has arrived: scanned, decoded and written anew, outside of every request and of every transaction.
//!
//! A check takes hold of a file for a while and settles it only if no other check has meanwhile; one that breaks off is
//! begun anew. Nothing is shown before it is settled, and what was sent is removed when it is.

mod media;
mod pdf;
mod photo;
mod queries;
mod scan;
mod sniff;

use std::path::PathBuf;

use actix_web::web::Data;
use chrono::TimeDelta;
use tempfile::TempDir;
use tokio::io::AsyncWriteExt;
use uuid::Uuid;

pub(super) use self::sniff::{ENOUGH, media as sniffed};
use self::{
    queries::{Facts, NewFile},
    scan::Said,
};
use super::{
    keys,
    model::{Attachment, Media, Refusal, Rendition},
    queries::{self as rows, Part},
    read::entry,
};
use crate::{
    Error, Result,
    app::App,
    ctx::{Door, Tx},
    features::{events, messages, timeline},
    spine::{auth::Actor, files::FileKey, http::RequestInfo, ids},
};

/// How long one check may take before another begins: of video and sound, and of the rest.
const HOLD_MOVING: TimeDelta = TimeDelta::minutes(70);
const HOLD_STILL: TimeDelta = TimeDelta::minutes(5);
/// Checks that broke off without a word: what they were about breaks what reads it.
const ATTEMPTS: i32 = 4;

/// A picture or file that was made.
pub(super) struct Made {
    rendition: Rendition,
    media_type: &'static str,
    content: Content,
    dimensions: Option<(i32, i32)>,
}

/// Where what was made is.
pub(super) enum Content {
    Bytes(Vec<u8>),
    File(PathBuf),
}

/// Everything that was made of a file and found out about it.
pub(super) struct Found {
    made: Vec<Made>,
    facts: Facts,
}

/// What a check came to.
enum Outcome {
    Ready(Media, Found),
    Refused(Option<Media>, Refusal),
    /// Not now: what it waits for.
    Later(&'static str),
}

/// A file under check.
struct Claimed {
    file: Attachment,
    parts: Vec<Part>,
    key: FileKey,
}

fn door(app: &Data<App>) -> Door {
    Door {
        app: app.clone(),
        request: RequestInfo::internal("attachments"),
    }
}

/// Checks what is due in one network, of video and sound or of the rest: a photo must not wait for a long video. Answers
/// how many files were settled.
pub async fn check_all(app: &Data<App>, tenant_id: Uuid, moving: bool) -> Result<usize> {
    let door = door(app);
    let mut settled = 0;
    loop {
        let claimed = door
            .within(tenant_id, Actor::Worker, async |tx| claim(tx, moving).await)
            .await?;
        let Some(claimed) = claimed else {
            return Ok(settled);
        };
        // Kept until what was made of it lies in the store.
        let folder = work_folder(app)?;
        let outcome = match look(app, tenant_id, &claimed, &folder).await {
            Ok(outcome) => outcome,
            Err(error) => {
                metrics::counter!("tsumugi_attachment_failures_total").increment(1);
                tracing::warn!(%error, attachment = %claimed.file.id, "a file could not be checked");
                Outcome::Later("store")
            }
        };
        if settle(&door, tenant_id, &claimed, outcome).await? {
            settled += 1;
        }
    }
}

async fn claim(tx: &Tx<'_>, moving: bool) -> Result<Option<Claimed>> {
    let span = if moving { HOLD_MOVING } else { HOLD_STILL };
    let Some(file) = queries::claim(tx, moving, span).await? else {
        return Ok(None);
    };
    let key = keys::find(tx, file.key_id).await?;
    let parts = rows::list_parts(tx, file.id).await?;
    Ok(Some(Claimed { file, parts, key }))
}

fn work_folder(app: &App) -> Result<TempDir> {
    let mut builder = tempfile::Builder::new();
    builder.prefix("tsumugi-");
    builder
        .tempdir_in(&app.config.files.work_dir)
        .map_err(Error::internal)
}

async fn look(
    app: &Data<App>,
    tenant: Uuid,
    claimed: &Claimed,
    folder: &TempDir,
) -> Result<Outcome> {
    let file = &claimed.file;
    if file.check_attempts > ATTEMPTS && file.check_waits_for.is_none() {
        return Ok(Outcome::Refused(None, Refusal::AttachmentTooCostly));
    }
    let sum: i64 = claimed.parts.iter().map(|part| part.length).sum();
    if sum != file.length {
        return Err(Error::internal("parts of an upload are missing"));
    }
    let mut begin = Vec::new();
    for part in &claimed.parts {
        begin.extend(fetch(app, tenant, claimed, part).await?);
        if begin.len() >= sniff::ENOUGH {
            break;
        }
    }
    let media = match sniff::media(&begin) {
        Ok(media) => media,
        Err(refusal) => return Ok(Outcome::Refused(None, refusal)),
    };
    if u64::try_from(file.length).unwrap_or(u64::MAX) > media.largest(&app.config.files) {
        return Ok(Outcome::Refused(Some(media), Refusal::AttachmentTooLarge));
    }
    match media {
        Media::Photo | Media::Pdf => look_at_bytes(app, tenant, claimed, media).await,
        Media::Video | Media::Audio => look_at_media(app, tenant, claimed, media, folder).await,
    }
}

async fn look_at_bytes(
    app: &Data<App>,
    tenant: Uuid,
    claimed: &Claimed,
    media: Media,
) -> Result<Outcome> {
    let mut bytes = Vec::new();
    for part in &claimed.parts {
        bytes.extend(fetch(app, tenant, claimed, part).await?);
    }
    if let Some(at) = &app.config.files.scanner {
        match scan::scan(at, bytes.as_slice()).await {
            Said::Clean => {}
            Said::Infected => {
                return Ok(Outcome::Refused(Some(media), Refusal::AttachmentInfected));
            }
            Said::Nothing => return Ok(Outcome::Later("scanner")),
        }
    }
    let work = tokio::task::spawn_blocking(move || match media {
        Media::Pdf => pdf::pdf(&bytes),
        _ => photo::photo(&bytes).map(|made| Found {
            made,
            facts: Facts::default(),
        }),
    });
    // What makes a decoder panic is damaged.
    let found = work.await.unwrap_or(Err(Refusal::AttachmentDamaged));
    Ok(match found {
        Ok(found) => Outcome::Ready(media, found),
        Err(refusal) => Outcome::Refused(Some(media), refusal),
    })
}

async fn look_at_media(
    app: &Data<App>,
    tenant: Uuid,
    claimed: &Claimed,
    media: Media,
    folder: &TempDir,
) -> Result<Outcome> {
    let files = &app.config.files;
    let Some(ffmpeg) = &files.ffmpeg else {
        return Ok(Outcome::Refused(
            Some(media),
            Refusal::AttachmentVideoNotConfigured,
        ));
    };
    let source = folder.path().join("source");
    let mut out = tokio::fs::File::create(&source)
        .await
        .map_err(Error::internal)?;
    for part in &claimed.parts {
        let bytes = fetch(app, tenant, claimed, part).await?;
        out.write_all(&bytes).await.map_err(Error::internal)?;
    }
    out.flush().await.map_err(Error::internal)?;
    if let Some(at) = &files.scanner {
        let file = tokio::fs::File::open(&source)
            .await
            .map_err(Error::internal)?;
        match scan::scan(at, file).await {
            Said::Clean => {}
            Said::Infected => {
                return Ok(Outcome::Refused(Some(media), Refusal::AttachmentInfected));
            }
            Said::Nothing => return Ok(Outcome::Later("scanner")),
        }
    }
    let converted = media::convert(ffmpeg, folder.path(), &source).await?;
    Ok(match converted {
        Ok((media, found)) => Outcome::Ready(media, found),
        Err(refusal) => Outcome::Refused(Some(media), refusal),
    })
}

async fn fetch(app: &App, tenant: Uuid, claimed: &Claimed, part: &Part) -> Result<Vec<u8>> {
    let place = (tenant, claimed.file.id, part.object_id);
    let sealed = app.files.get(place).await?;
    claimed.key.open(part.object_id, &sealed)
}

/// Enters what a check came to, and removes what was sent.
async fn settle(door: &Door, tenant: Uuid, claimed: &Claimed, outcome: Outcome) -> Result<bool> {
    let file = &claimed.file;
    let settled = match outcome {
        Outcome::Later(what) => {
            let later = async |tx: &Tx<'_>| {
                let wait = TimeDelta::seconds(5 << file.check_attempts.clamp(0, 6));
                queries::put_off(tx, file, tx.now + wait, what).await
            };
            door.within(tenant, Actor::Worker, later).await?;
            return Ok(false);
        }
        Outcome::Refused(media, refusal) => {
            let no = async |tx: &Tx<'_>| refuse(tx, file, media, refusal).await;
            door.within(tenant, Actor::Worker, no).await?
        }
        Outcome::Ready(media, found) => {
            let made = put(door, tenant, claimed, found.made).await?;
            let facts = found.facts;
            let yes = async |tx: &Tx<'_>| {
                let settled = queries::make_ready(tx, file, media, &facts, &made).await?;
                if settled {
                    tx.record(entry("attachment.accept", file));
                    announce(tx, file).await?;
                }
                Ok(settled)
            };
            door.within(tenant, Actor::Worker, yes).await?
        }
    };
    let kept = async |tx: &Tx<'_>| rows::list_files(tx, &[file.id]).await;
    let kept = door.within(tenant, Actor::Worker, kept).await?;
    let kept: Vec<Uuid> = kept.iter().map(|row| row.object_id).collect();
    door.app.files.keep_only(tenant, file.id, &kept).await?;
    Ok(settled)
}

/// Puts what was made into the store.
async fn put(
    door: &Door,
    tenant: Uuid,
    claimed: &Claimed,
    made: Vec<Made>,
) -> Result<Vec<NewFile>> {
    let store = &door.app.files;
    let mut new = Vec::with_capacity(made.len());
    for made in made {
        let object_id = ids::new_id();
        let place = (tenant, claimed.file.id, object_id);
        let size = match made.content {
            Content::Bytes(bytes) => {
                store
                    .put(place, claimed.key.seal(object_id, &bytes)?)
                    .await?;
                bytes.len() as u64
            }
            Content::File(path) => {
                store.put_file(place, &claimed.key, &path).await?;
                tokio::fs::metadata(&path)
                    .await
                    .map_err(Error::internal)?
                    .len()
            }
        };
        new.push(NewFile {
            rendition: made.rendition,
            object_id,
            media_type: made.media_type,
            size: i64::try_from(size).map_err(Error::internal)?,
            dimensions: made.dimensions,
        });
    }
    Ok(new)
}

/// Says that a file is not taken, in the log too, and tells whoever looks at a post or a message with it.
pub(super) async fn refuse(
    tx: &Tx<'_>,
    file: &Attachment,
    media: Option<Media>,
    refusal: Refusal,
) -> Result<bool> {
    let settled = queries::refuse(tx, file, media, refusal).await?;
    if settled {
        tx.record(entry("attachment.refuse", file).refused(refusal.code()));
        announce(tx, file).await?;
    }
    Ok(settled)
}

/// Tells everybody who looks at a post or a message with this file that it has changed, and makes the words in it
/// findable.
async fn announce(tx: &Tx<'_>, file: &Attachment) -> Result<()> {
    if let Some((room_id, message_id)) = messages::shown_in(tx, file.id).await? {
        messages::make_findable(tx, message_id, file.facility_id).await?;
        events::enqueue_message(tx, events::MESSAGE_CHANGED, room_id, message_id).await?;
    }
    for (patient_id, post_id) in rows::posts_to_announce(tx, file.id).await? {
        timeline::make_files_findable(tx, post_id).await?;
        events::enqueue_post(tx, events::POST_CHANGED, patient_id, post_id).await?;
    }
    Ok(())
}

/// Forgets uploads that were not finished in time, in the store too.
pub async fn forget_unfinished(app: &Data<App>, tenant_id: Uuid) -> Result<usize> {
    let door = door(app);
    let forget = async |tx: &Tx<'_>| {
        let mut gone = Vec::new();
        for id in rows::list_expired(tx).await? {
            if rows::delete_unfinished(tx, id).await? {
                gone.push(id);
            }
        }
        Ok(gone)
    };
    let gone = door.within(tenant_id, Actor::Worker, forget).await?;
    for id in &gone {
        app.files.keep_only(tenant_id, *id, &[]).await?;
    }
    Ok(gone.len())
}
