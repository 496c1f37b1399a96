use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use tsumugi_schema::tables::{
    attachment_files as files, attachment_parts as parts, attachment_texts as texts, attachments,
    file_keys, post_attachments as links, posts,
};
use uuid::Uuid;

use super::{
    model::{Attachment, FileRow, Holder, Media},
    policy::Sending,
};
use crate::{Result, ctx::Tx};

/// A key of files.
#[derive(Debug, Queryable)]
pub(super) struct KeyRow {
    pub(super) id: Uuid,
    pub(super) sealed: Option<Vec<u8>>,
}

pub(super) async fn find_key_of(tx: &Tx<'_>, holder: Holder) -> Result<Option<KeyRow>> {
    Ok(file_keys::table
        .filter(file_keys::tenant_id.eq(tx.tenant_id))
        .filter(
            file_keys::patient_id
                .eq(holder.patient())
                .or(file_keys::room_id.eq(holder.room())),
        )
        .select((file_keys::id, file_keys::sealed))
        .first(&mut tx.conn())
        .await
        .optional()?)
}

pub(super) async fn find_key(tx: &Tx<'_>, id: Uuid) -> Result<KeyRow> {
    Ok(file_keys::table
        .find((tx.tenant_id, id))
        .select((file_keys::id, file_keys::sealed))
        .first(&mut tx.conn())
        .await?)
}

pub(super) async fn insert_key(tx: &Tx<'_>, id: Uuid, holder: Holder, sealed: &[u8]) -> Result<()> {
    diesel::insert_into(file_keys::table)
        .values((
            file_keys::tenant_id.eq(tx.tenant_id),
            file_keys::id.eq(id),
            file_keys::patient_id.eq(holder.patient()),
            file_keys::room_id.eq(holder.room()),
            file_keys::sealed.eq(sealed),
            file_keys::created_at.eq(tx.now),
        ))
        .on_conflict_do_nothing()
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

pub(super) async fn destroy_key(tx: &Tx<'_>, holder: Holder) -> Result<bool> {
    let gone = diesel::update(
        file_keys::table
            .filter(file_keys::tenant_id.eq(tx.tenant_id))
            .filter(
                file_keys::patient_id
                    .eq(holder.patient())
                    .or(file_keys::room_id.eq(holder.room())),
            )
            .filter(file_keys::destroyed_at.is_null()),
    )
    .set((
        file_keys::sealed.eq(None::<Vec<u8>>),
        file_keys::destroyed_at.eq(tx.now),
    ))
    .execute(&mut tx.conn())
    .await?;
    Ok(gone > 0)
}

/// A file to be sent.
pub(super) struct NewAttachment<'a> {
    pub(super) id: Uuid,
    pub(super) holder: Holder,
    pub(super) key_id: Uuid,
    pub(super) name: &'a str,
    pub(super) length: i64,
    pub(super) derived_from: Option<Uuid>,
    pub(super) expires_at: DateTime<Utc>,
}

/// Begins a file, unless there is one with its identifier.
pub(super) async fn insert(tx: &Tx<'_>, _: Sending, new: &NewAttachment<'_>) -> Result<()> {
    let (uploaded_by, facility_id) = tx.actor.ids();
    diesel::insert_into(attachments::table)
        .values((
            attachments::tenant_id.eq(tx.tenant_id),
            attachments::id.eq(new.id),
            attachments::patient_id.eq(new.holder.patient()),
            attachments::room_id.eq(new.holder.room()),
            attachments::key_id.eq(new.key_id),
            attachments::uploaded_by.eq(uploaded_by),
            attachments::facility_id.eq(facility_id),
            attachments::name.eq(new.name),
            attachments::state.eq("uploading"),
            attachments::length.eq(new.length),
            attachments::received.eq(0),
            attachments::derived_from.eq(new.derived_from),
            attachments::created_at.eq(tx.now),
            attachments::expires_at.eq(new.expires_at),
            attachments::check_attempts.eq(0),
        ))
        .on_conflict_do_nothing()
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

pub(super) async fn find(tx: &Tx<'_>, id: Uuid) -> Result<Option<Attachment>> {
    Ok(attachments::table
        .find((tx.tenant_id, id))
        .select(Attachment::as_select())
        .first(&mut tx.conn())
        .await
        .optional()?)
}

/// The same, locked until the transaction ends.
pub(super) async fn find_for_update(tx: &Tx<'_>, id: Uuid) -> Result<Option<Attachment>> {
    Ok(attachments::table
        .find((tx.tenant_id, id))
        .select(Attachment::as_select())
        .for_update()
        .first(&mut tx.conn())
        .await
        .optional()?)
}

pub(super) async fn list(tx: &Tx<'_>, ids: &[Uuid]) -> Result<Vec<Attachment>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Ok(attachments::table
        .filter(attachments::tenant_id.eq(tx.tenant_id))
        .filter(attachments::id.eq_any(ids))
        .select(Attachment::as_select())
        .load(&mut tx.conn())
        .await?)
}

/// The names of files and the words in them, but of those that were refused.
pub(super) async fn list_words(tx: &Tx<'_>, ids: &[Uuid]) -> Result<Vec<(Uuid, String, String)>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let found: Vec<(Uuid, String, Option<String>)> = attachments::table
        .left_join(
            texts::table.on(texts::tenant_id
                .eq(attachments::tenant_id)
                .and(texts::attachment_id.eq(attachments::id))),
        )
        .filter(attachments::tenant_id.eq(tx.tenant_id))
        .filter(attachments::id.eq_any(ids))
        .filter(attachments::state.ne("refused"))
        .select((attachments::id, attachments::name, texts::body.nullable()))
        .load(&mut tx.conn())
        .await?;
    let words = found.into_iter();
    Ok(words
        .map(|(id, name, body)| (id, name, body.unwrap_or_default()))
        .collect())
}

/// Lets one request send bytes, for so long.
pub(super) async fn hold(tx: &Tx<'_>, id: Uuid, by: Uuid, span: TimeDelta) -> Result<()> {
    diesel::update(attachments::table.find((tx.tenant_id, id)))
        .set((
            attachments::held_by.eq(by),
            attachments::held_until.eq(tx.now + span),
        ))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// Lets go of a file.
pub(super) async fn let_go(tx: &Tx<'_>, id: Uuid, by: Uuid) -> Result<()> {
    diesel::update(
        attachments::table
            .find((tx.tenant_id, id))
            .filter(attachments::held_by.eq(by)),
    )
    .set((
        attachments::held_by.eq(None::<Uuid>),
        attachments::held_until.eq(None::<DateTime<Utc>>),
    ))
    .execute(&mut tx.conn())
    .await?;
    Ok(())
}

/// A part that has arrived: where it begins, how long it is, where it lies.
#[derive(Debug, Clone, Copy, Queryable)]
pub(super) struct Part {
    pub(super) start: i64,
    pub(super) length: i64,
    pub(super) object_id: Uuid,
}

/// Keeps parts that have arrived. The last byte hands the file to the worker.
pub(super) async fn insert_parts(
    tx: &Tx<'_>,
    file: &Attachment,
    arrived: &[Part],
    media: Option<Media>,
) -> Result<i64> {
    let rows: Vec<_> = arrived
        .iter()
        .map(|part| {
            (
                parts::tenant_id.eq(tx.tenant_id),
                parts::attachment_id.eq(file.id),
                parts::start.eq(part.start),
                parts::length.eq(part.length),
                parts::object_id.eq(part.object_id),
            )
        })
        .collect();
    diesel::insert_into(parts::table)
        .values(&rows)
        .execute(&mut tx.conn())
        .await?;
    let received = file.received + arrived.iter().map(|part| part.length).sum::<i64>();
    let whole = received == file.length;
    let media = media.map(Media::code).or(file.media.as_deref());
    diesel::update(attachments::table.find((tx.tenant_id, file.id)))
        .set((
            attachments::received.eq(received),
            attachments::media.eq(media),
            attachments::state.eq(if whole { "checking" } else { "uploading" }),
            attachments::check_at.eq(whole.then_some(tx.now)),
        ))
        .execute(&mut tx.conn())
        .await?;
    Ok(received)
}

pub(super) async fn list_parts(tx: &Tx<'_>, id: Uuid) -> Result<Vec<Part>> {
    Ok(parts::table
        .filter(parts::tenant_id.eq(tx.tenant_id))
        .filter(parts::attachment_id.eq(id))
        .order(parts::start)
        .select((parts::start, parts::length, parts::object_id))
        .load(&mut tx.conn())
        .await?)
}

pub(super) async fn delete_parts(tx: &Tx<'_>, id: Uuid) -> Result<()> {
    diesel::delete(
        parts::table
            .filter(parts::tenant_id.eq(tx.tenant_id))
            .filter(parts::attachment_id.eq(id)),
    )
    .execute(&mut tx.conn())
    .await?;
    Ok(())
}

/// Forgets a file that has not arrived whole.
pub(super) async fn delete_unfinished(tx: &Tx<'_>, id: Uuid) -> Result<bool> {
    delete_parts(tx, id).await?;
    let gone = diesel::delete(
        attachments::table
            .find((tx.tenant_id, id))
            .filter(attachments::state.eq("uploading")),
    )
    .execute(&mut tx.conn())
    .await?;
    Ok(gone == 1)
}

/// Files that did not arrive in time.
pub(super) async fn list_expired(tx: &Tx<'_>) -> Result<Vec<Uuid>> {
    Ok(attachments::table
        .filter(attachments::tenant_id.eq(tx.tenant_id))
        .filter(attachments::state.eq("uploading"))
        .filter(attachments::expires_at.le(tx.now))
        .filter(
            attachments::held_until
                .is_null()
                .or(attachments::held_until.le(tx.now)),
        )
        .select(attachments::id)
        .limit(200)
        .load(&mut tx.conn())
        .await?)
}

/// What can be looked at of these files.
pub(super) async fn list_files(tx: &Tx<'_>, ids: &[Uuid]) -> Result<Vec<FileRow>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Ok(files::table
        .filter(files::tenant_id.eq(tx.tenant_id))
        .filter(files::attachment_id.eq_any(ids))
        .select(FileRow::as_select())
        .load(&mut tx.conn())
        .await?)
}

/// The posts that show a file, or did in an earlier version.
pub(super) async fn posts_with(tx: &Tx<'_>, id: Uuid) -> Result<Vec<Uuid>> {
    Ok(links::table
        .filter(links::tenant_id.eq(tx.tenant_id))
        .filter(links::attachment_id.eq(id))
        .distinct()
        .select(links::post_id)
        .load(&mut tx.conn())
        .await?)
}

/// The posts, with their patients, that show a file.
pub(super) async fn posts_to_announce(tx: &Tx<'_>, id: Uuid) -> Result<Vec<(Uuid, Uuid)>> {
    Ok(links::table
        .inner_join(
            posts::table.on(posts::tenant_id
                .eq(links::tenant_id)
                .and(posts::id.eq(links::post_id))
                .and(posts::version.eq(links::version))),
        )
        .filter(links::tenant_id.eq(tx.tenant_id))
        .filter(links::attachment_id.eq(id))
        .select((posts::patient_id, posts::id))
        .load(&mut tx.conn())
        .await?)
}

/// Shows files in a version of a post, in their order.
pub(super) async fn insert_links(
    tx: &Tx<'_>,
    post_id: Uuid,
    version: i32,
    ids: &[Uuid],
) -> Result<()> {
    let rows: Vec<_> = ids
        .iter()
        .zip(0..)
        .map(|(id, place)| {
            (
                links::tenant_id.eq(tx.tenant_id),
                links::post_id.eq(post_id),
                links::version.eq(version),
                links::place.eq(place),
                links::attachment_id.eq(*id),
            )
        })
        .collect();
    diesel::insert_into(links::table)
        .values(&rows)
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// Which versions of these posts show which files, in their order: post, version, file.
pub(super) async fn list_links(tx: &Tx<'_>, posts: &[Uuid]) -> Result<Vec<(Uuid, i32, Uuid)>> {
    if posts.is_empty() {
        return Ok(Vec::new());
    }
    Ok(links::table
        .filter(links::tenant_id.eq(tx.tenant_id))
        .filter(links::post_id.eq_any(posts))
        .order((links::post_id, links::version, links::place))
        .select((links::post_id, links::version, links::attachment_id))
        .load(&mut tx.conn())
        .await?)
}

/// Which files the newest versions of these posts show, in their order: post, file.
pub(super) async fn list_newest_links(tx: &Tx<'_>, ids: &[Uuid]) -> Result<Vec<(Uuid, Uuid)>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Ok(links::table
        .inner_join(
            posts::table.on(posts::tenant_id
                .eq(links::tenant_id)
                .and(posts::id.eq(links::post_id))
                .and(posts::version.eq(links::version))),
        )
        .filter(links::tenant_id.eq(tx.tenant_id))
        .filter(links::post_id.eq_any(ids))
        .order((links::post_id, links::place))
        .select((links::post_id, links::attachment_id))
        .load(&mut tx.conn())
        .await?)
}

/// Which posts these files are shown in.
pub(super) async fn list_posts_of(tx: &Tx<'_>, ids: &[Uuid]) -> Result<Vec<(Uuid, Uuid)>> {
    Ok(links::table
        .filter(links::tenant_id.eq(tx.tenant_id))
        .filter(links::attachment_id.eq_any(ids))
        .select((links::attachment_id, links::post_id))
        .distinct()
        .load(&mut tx.conn())
        .await?)
}
