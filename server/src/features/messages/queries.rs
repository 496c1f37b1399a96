use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use tsumugi_schema::tables::{
    message_acknowledgement_requests as requests, message_acknowledgements as acknowledgements,
    message_attachments as files, message_moves as moves, message_versions as versions, messages,
    room_read_marks as marks, staff_members,
};
use uuid::Uuid;

use super::{
    model::{Content, Message},
    policy::{Acknowledge, Create, Move},
};
use crate::{Error, Result, ctx::Tx, features::rooms, spine::access::Permit};

/// A message with its newest version.
#[diesel::dsl::auto_type(no_type_alias)]
fn whole_messages() -> _ {
    messages::table.inner_join(
        versions::table.on(versions::tenant_id
            .eq(messages::tenant_id)
            .and(versions::message_id.eq(messages::id))
            .and(versions::version.eq(messages::version))),
    )
}

/// The columns of [`Message`].
macro_rules! message_columns {
    () => {
        (
            messages::id,
            messages::room_id,
            messages::seq,
            messages::author_id,
            messages::reply_to,
            messages::recorded_at,
            messages::version,
            messages::state,
            messages::acknowledge_by,
            messages::asks,
            versions::body,
            versions::mentions,
            versions::mentions_everyone,
            versions::reason,
            versions::written_by,
            versions::written_at,
        )
    };
}

/// A page of a room, newest first, one more than `limit`: what was said before the number `before`.
pub(super) async fn page(
    tx: &Tx<'_>,
    room_id: Uuid,
    readable_from: DateTime<Utc>,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<Message>> {
    Ok(whole_messages()
        .filter(messages::tenant_id.eq(tx.tenant_id))
        .filter(messages::room_id.eq(room_id))
        .filter(messages::seq.lt(before.unwrap_or(i64::MAX)))
        .filter(messages::recorded_at.ge(readable_from))
        .order(messages::seq.desc())
        .limit(limit + 1)
        .select(message_columns!())
        .load(&mut tx.conn())
        .await?)
}

pub(super) async fn find(tx: &Tx<'_>, id: Uuid) -> Result<Option<Message>> {
    Ok(whole_messages()
        .filter(messages::tenant_id.eq(tx.tenant_id))
        .filter(messages::id.eq(id))
        .select(message_columns!())
        .first(&mut tx.conn())
        .await
        .optional()?)
}

pub(super) async fn list(tx: &Tx<'_>, ids: &[Uuid]) -> Result<Vec<Message>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Ok(whole_messages()
        .filter(messages::tenant_id.eq(tx.tenant_id))
        .filter(messages::id.eq_any(ids))
        .select(message_columns!())
        .load(&mut tx.conn())
        .await?)
}

/// The rooms of these messages: message, room.
pub(super) async fn list_rooms(tx: &Tx<'_>, ids: &[Uuid]) -> Result<Vec<(Uuid, Uuid)>> {
    Ok(messages::table
        .filter(messages::tenant_id.eq(tx.tenant_id))
        .filter(messages::id.eq_any(ids))
        .select((messages::id, messages::room_id))
        .load(&mut tx.conn())
        .await?)
}

/// A message to be kept.
pub(super) struct NewMessage<'a> {
    pub(super) id: Uuid,
    pub(super) room_id: Uuid,
    pub(super) reply_to: Option<Uuid>,
    pub(super) content: Content<'a>,
    pub(super) acknowledge_by: Option<DateTime<Utc>>,
    /// Who is asked to acknowledge it.
    pub(super) asked: &'a [Uuid],
}

/// Writes a message with its first version under the next number of its room.
pub(super) async fn insert(
    tx: &Tx<'_>,
    permit: Permit<Create>,
    new: &NewMessage<'_>,
) -> Result<()> {
    let seq = rooms::advance(tx, &permit, new.room_id).await?;
    diesel::insert_into(messages::table)
        .values((
            messages::tenant_id.eq(tx.tenant_id),
            messages::id.eq(new.id),
            messages::room_id.eq(new.room_id),
            messages::seq.eq(seq),
            messages::author_id.eq(tx.actor.ids().0),
            messages::reply_to.eq(new.reply_to),
            messages::recorded_at.eq(tx.now),
            messages::version.eq(1),
            messages::state.eq("kept"),
            messages::acknowledge_by.eq(new.acknowledge_by),
            messages::asks.eq(!new.asked.is_empty()),
        ))
        .execute(&mut tx.conn())
        .await?;
    put_version(tx, (new.id, 1), &new.content, "kept", None).await?;
    if new.asked.is_empty() {
        return Ok(());
    }
    let rows: Vec<_> = new
        .asked
        .iter()
        .map(|who| {
            (
                requests::tenant_id.eq(tx.tenant_id),
                requests::message_id.eq(new.id),
                requests::staff_member_id.eq(*who),
            )
        })
        .collect();
    diesel::insert_into(requests::table)
        .values(rows)
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

async fn put_version(
    tx: &Tx<'_>,
    (message_id, version): (Uuid, i32),
    content: &Content<'_>,
    state: &str,
    reason: Option<&str>,
) -> Result<()> {
    diesel::insert_into(versions::table)
        .values((
            versions::tenant_id.eq(tx.tenant_id),
            versions::message_id.eq(message_id),
            versions::version.eq(version),
            versions::body.eq(content.body),
            versions::mentions.eq(content.mentions),
            versions::mentions_everyone.eq(content.mentions_everyone),
            versions::reason.eq(reason),
            versions::state.eq(state),
            versions::written_by.eq(tx.actor.ids().0),
            versions::written_at.eq(tx.now),
        ))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// A new version: proof of the permit is the type parameter. Of two writers one wins, the other hears that it is stale.
pub(super) async fn insert_version<V>(
    tx: &Tx<'_>,
    _: Permit<V>,
    (message_id, version): (Uuid, i32),
    content: &Content<'_>,
    state: &str,
    reason: Option<&str>,
) -> Result<()> {
    let changed = diesel::update(
        messages::table
            .find((tx.tenant_id, message_id))
            .filter(messages::version.eq(version - 1))
            .filter(messages::state.eq("kept")),
    )
    .set((messages::version.eq(version), messages::state.eq(state)))
    .execute(&mut tx.conn())
    .await?;
    if changed != 1 {
        return Err(Error::Stale);
    }
    put_version(tx, (message_id, version), content, state, reason).await
}

/// Every version: number, text, reason, state, who wrote it, when.
#[derive(Debug, Queryable)]
pub(super) struct VersionRow {
    pub(super) version: i32,
    pub(super) body: Option<String>,
    pub(super) reason: Option<String>,
    pub(super) state: String,
    pub(super) written_by: String,
    pub(super) written_at: DateTime<Utc>,
}

pub(super) async fn list_versions(tx: &Tx<'_>, message_id: Uuid) -> Result<Vec<VersionRow>> {
    Ok(versions::table
        .inner_join(
            staff_members::table.on(staff_members::tenant_id
                .eq(versions::tenant_id)
                .and(staff_members::id.eq(versions::written_by))),
        )
        .filter(versions::tenant_id.eq(tx.tenant_id))
        .filter(versions::message_id.eq(message_id))
        .order(versions::version)
        .select((
            versions::version,
            versions::body,
            versions::reason,
            versions::state,
            staff_members::name,
            versions::written_at,
        ))
        .load(&mut tx.conn())
        .await?)
}

/// Shows files in a version of a message, in their order.
pub(super) async fn insert_files(
    tx: &Tx<'_>,
    (message_id, version): (Uuid, i32),
    ids: &[Uuid],
) -> Result<()> {
    let rows: Vec<_> = ids
        .iter()
        .zip(0..)
        .map(|(id, place)| {
            (
                files::tenant_id.eq(tx.tenant_id),
                files::message_id.eq(message_id),
                files::version.eq(version),
                files::place.eq(place),
                files::attachment_id.eq(*id),
            )
        })
        .collect();
    diesel::insert_into(files::table)
        .values(&rows)
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// Which versions of these messages show which files, in their order: message, version, file.
pub(super) async fn list_files(tx: &Tx<'_>, ids: &[Uuid]) -> Result<Vec<(Uuid, i32, Uuid)>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Ok(files::table
        .filter(files::tenant_id.eq(tx.tenant_id))
        .filter(files::message_id.eq_any(ids))
        .order((files::message_id, files::version, files::place))
        .select((files::message_id, files::version, files::attachment_id))
        .load(&mut tx.conn())
        .await?)
}

/// Which messages show these files, or did in an earlier version: file, message.
pub(super) async fn list_messages_of(tx: &Tx<'_>, ids: &[Uuid]) -> Result<Vec<(Uuid, Uuid)>> {
    Ok(files::table
        .filter(files::tenant_id.eq(tx.tenant_id))
        .filter(files::attachment_id.eq_any(ids))
        .select((files::attachment_id, files::message_id))
        .distinct()
        .load(&mut tx.conn())
        .await?)
}

/// The room and the message that show a file, or did in an earlier version.
pub async fn shown_in(tx: &Tx<'_>, attachment_id: Uuid) -> Result<Option<(Uuid, Uuid)>> {
    Ok(files::table
        .inner_join(
            messages::table.on(messages::tenant_id
                .eq(files::tenant_id)
                .and(messages::id.eq(files::message_id))),
        )
        .filter(files::tenant_id.eq(tx.tenant_id))
        .filter(files::attachment_id.eq(attachment_id))
        .order(files::message_id)
        .select((messages::room_id, messages::id))
        .first(&mut tx.conn())
        .await
        .optional()?)
}

/// Acknowledges for the caller; a second time changes nothing. Answers whether it was the first.
pub(super) async fn insert_acknowledgement(
    tx: &Tx<'_>,
    _: Permit<Acknowledge>,
    message_id: Uuid,
) -> Result<bool> {
    let added = diesel::insert_into(acknowledgements::table)
        .values((
            acknowledgements::tenant_id.eq(tx.tenant_id),
            acknowledgements::message_id.eq(message_id),
            acknowledgements::staff_member_id.eq(tx.actor.ids().0),
            acknowledgements::acknowledged_at.eq(tx.now),
        ))
        .on_conflict_do_nothing()
        .execute(&mut tx.conn())
        .await?;
    Ok(added == 1)
}

/// Who was asked to acknowledge which of these messages, and when it was done.
pub(super) async fn list_asked(
    tx: &Tx<'_>,
    ids: &[Uuid],
) -> Result<Vec<(Uuid, Uuid, Option<DateTime<Utc>>)>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Ok(requests::table
        .left_join(
            acknowledgements::table.on(acknowledgements::tenant_id
                .eq(requests::tenant_id)
                .and(acknowledgements::message_id.eq(requests::message_id))
                .and(acknowledgements::staff_member_id.eq(requests::staff_member_id))),
        )
        .filter(requests::tenant_id.eq(tx.tenant_id))
        .filter(requests::message_id.eq_any(ids))
        .select((
            requests::message_id,
            requests::staff_member_id,
            acknowledgements::acknowledged_at.nullable(),
        ))
        .load(&mut tx.conn())
        .await?)
}

/// Who has acknowledged which of these messages, asked or not.
pub(super) async fn list_acknowledged(
    tx: &Tx<'_>,
    ids: &[Uuid],
) -> Result<Vec<(Uuid, Uuid, DateTime<Utc>)>> {
    Ok(acknowledgements::table
        .filter(acknowledgements::tenant_id.eq(tx.tenant_id))
        .filter(acknowledgements::message_id.eq_any(ids))
        .order(acknowledgements::acknowledged_at)
        .select((
            acknowledgements::message_id,
            acknowledgements::staff_member_id,
            acknowledgements::acknowledged_at,
        ))
        .load(&mut tx.conn())
        .await?)
}

/// Up to which number each member has read.
pub(super) async fn list_marks(tx: &Tx<'_>, room_id: Uuid) -> Result<Vec<(Uuid, i64)>> {
    Ok(marks::table
        .filter(marks::tenant_id.eq(tx.tenant_id))
        .filter(marks::room_id.eq(room_id))
        .select((marks::staff_member_id, marks::read_seq))
        .load(&mut tx.conn())
        .await?)
}

/// Remembers what a message became.
pub(super) async fn insert_move(
    tx: &Tx<'_>,
    permit: Permit<Move>,
    (message_id, version): (Uuid, i32),
    (post_id, patient_id): (Uuid, Uuid),
) -> Result<()> {
    let nothing = Content::default();
    insert_version(tx, permit, (message_id, version), &nothing, "moved", None).await?;
    diesel::insert_into(moves::table)
        .values((
            moves::tenant_id.eq(tx.tenant_id),
            moves::message_id.eq(message_id),
            moves::post_id.eq(post_id),
            moves::patient_id.eq(patient_id),
            moves::moved_by.eq(tx.actor.ids().0),
            moves::moved_at.eq(tx.now),
        ))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// What a message became: message, post.
pub(super) async fn list_moves(tx: &Tx<'_>, ids: &[Uuid]) -> Result<Vec<(Uuid, Uuid)>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Ok(moves::table
        .filter(moves::tenant_id.eq(tx.tenant_id))
        .filter(moves::message_id.eq_any(ids))
        .select((moves::message_id, moves::post_id))
        .load(&mut tx.conn())
        .await?)
}
