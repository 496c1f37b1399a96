use chrono::{DateTime, Utc};
use diesel::{prelude::*, upsert::excluded};
use diesel_async::RunQueryDsl;
use tsumugi_schema::tables::{
    acknowledgements, clients, documents, post_versions as versions, posts, read_marks,
    staff_members,
};
use uuid::Uuid;

use super::{
    copy::Which,
    findable,
    model::{ALL_KINDS, Content, Post},
    policy::{Acknowledge, Create, ReadPatient},
};
use crate::{
    Error, Result,
    ctx::Tx,
    spine::{
        access::{self, PatientAccess, Permit, Scope},
        auth::Actor,
        page::TimeKey,
    },
};

/// A post with its newest version and its document.
#[diesel::dsl::auto_type(no_type_alias)]
fn whole_posts() -> _ {
    posts::table
        .inner_join(
            versions::table.on(versions::tenant_id
                .eq(posts::tenant_id)
                .and(versions::post_id.eq(posts::id))
                .and(versions::version.eq(posts::version))),
        )
        .left_join(
            documents::table.on(documents::tenant_id
                .eq(versions::tenant_id)
                .and(documents::id.nullable().eq(versions::document_id))),
        )
}

/// The columns of [`Post`].
macro_rules! post_columns {
    () => {
        (
            posts::id,
            posts::patient_id,
            posts::kind,
            posts::information,
            posts::channel,
            posts::sensitivity,
            posts::facility_id,
            posts::author_staff_id,
            posts::author_client_id,
            posts::reply_to,
            posts::observed_at,
            posts::recorded_at,
            posts::version,
            posts::automatic,
            posts::thread_id,
            posts::on_behalf_of,
            posts::mentioned_staff,
            posts::mentioned_professions,
            posts::wound_site,
            posts::wound_label,
            versions::body,
            versions::vitals,
            versions::reason,
            versions::retracted,
            versions::written_at,
            (
                documents::id,
                documents::title,
                documents::type_code,
                documents::type_label,
                documents::authored_at,
                documents::author_name,
                documents::institution_name,
                documents::excerpt,
            )
                .nullable(),
        )
    };
}

/// A page of a patient's timeline, newest first, one more than `limit`.
pub(super) async fn page(
    tx: &Tx<'_>,
    access: &PatientAccess,
    scope: &Scope,
    kind: Option<&str>,
    before: Option<TimeKey>,
    limit: i64,
) -> Result<Vec<Post>> {
    let newest = (DateTime::<Utc>::MAX_UTC, Uuid::max());
    // Always the same statement, so that it is prepared once: without a cursor, the page before the end of time.
    let (at, id) = before.map_or(newest, |TimeKey(at, id)| (at, id));
    let at = at.min(DateTime::from_timestamp(253_402_300_799, 0).unwrap_or(at));
    let kinds: Vec<&str> = kind.map_or_else(|| ALL_KINDS.to_vec(), |kind| vec![kind]);
    Ok(whole_posts()
        .filter(posts::tenant_id.eq(tx.tenant_id))
        .filter(posts::patient_id.eq(access.patient_id()))
        .filter(posts::recorded_at.le(at))
        .filter(posts::recorded_at.lt(at).or(posts::id.lt(id)))
        .filter(access::in_scope(scope, tx.tenant_id, tx.actor.ids().0))
        .filter(posts::kind.eq_any(kinds))
        .order((posts::recorded_at.desc(), posts::id.desc()))
        .limit(limit + 1)
        .select(post_columns!())
        .load(&mut tx.conn())
        .await?)
}

/// Posts in the order in which they were taken in, oldest first, one more than `limit`: for copies of the record.
pub(super) async fn page_forward(
    tx: &Tx<'_>,
    access: &PatientAccess,
    scope: &Scope,
    which: &Which,
    after: Option<TimeKey>,
    limit: i64,
) -> Result<Vec<Post>> {
    let TimeKey(at, id) = after.unwrap_or(TimeKey(DateTime::UNIX_EPOCH, Uuid::nil()));
    let mut query = whole_posts()
        .filter(posts::tenant_id.eq(tx.tenant_id))
        .filter(posts::patient_id.eq(access.patient_id()))
        .filter(posts::recorded_at.ge(at))
        .filter(posts::recorded_at.gt(at).or(posts::id.gt(id)))
        .filter(access::in_scope(scope, tx.tenant_id, tx.actor.ids().0))
        .into_boxed();
    if let Some((from, to)) = which.between {
        query = query
            .filter(posts::observed_at.ge(from))
            .filter(posts::observed_at.lt(to));
    }
    if let Some(author) = which.author {
        query = query.filter(posts::author_staff_id.eq(author));
    }
    Ok(query
        .order((posts::recorded_at, posts::id))
        .limit(limit + 1)
        .select(post_columns!())
        .load(&mut tx.conn())
        .await?)
}

/// How many posts that is, and by which facilities of which kinds of information.
pub(super) async fn count_forward(
    tx: &Tx<'_>,
    access: &PatientAccess,
    scope: &Scope,
    which: &Which,
) -> Result<Vec<(Uuid, String, i64)>> {
    let mut query = posts::table
        .filter(posts::tenant_id.eq(tx.tenant_id))
        .filter(posts::patient_id.eq(access.patient_id()))
        .filter(access::in_scope(scope, tx.tenant_id, tx.actor.ids().0))
        .group_by((posts::facility_id, posts::information))
        .select((
            posts::facility_id,
            posts::information,
            diesel::dsl::count_star(),
        ))
        .into_boxed();
    if let Some((from, to)) = which.between {
        query = query
            .filter(posts::observed_at.ge(from))
            .filter(posts::observed_at.lt(to));
    }
    if let Some(author) = which.author {
        query = query.filter(posts::author_staff_id.eq(author));
    }
    Ok(query.load(&mut tx.conn()).await?)
}

/// One post.
pub(super) async fn find(tx: &Tx<'_>, id: Uuid) -> Result<Option<Post>> {
    Ok(whole_posts()
        .filter(posts::tenant_id.eq(tx.tenant_id))
        .filter(posts::id.eq(id))
        .select(post_columns!())
        .first(&mut tx.conn())
        .await
        .optional()?)
}

/// These posts, in no order.
pub(super) async fn list(tx: &Tx<'_>, ids: &[Uuid]) -> Result<Vec<Post>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Ok(whole_posts()
        .filter(posts::tenant_id.eq(tx.tenant_id))
        .filter(posts::id.eq_any(ids))
        .select(post_columns!())
        .load(&mut tx.conn())
        .await?)
}

/// These posts in this order.
pub(super) async fn list_in_order(tx: &Tx<'_>, ids: &[Uuid]) -> Result<Vec<Post>> {
    let mut found = list(tx, ids).await?;
    found.sort_by_key(|post| ids.iter().position(|id| *id == post.id));
    Ok(found)
}

/// Posts with vital signs in a span of time, oldest first, one more than `limit`.
pub(super) async fn page_vitals(
    tx: &Tx<'_>,
    access: &PatientAccess,
    scope: &Scope,
    span: (DateTime<Utc>, DateTime<Utc>),
    after: Option<TimeKey>,
    limit: i64,
) -> Result<Vec<Post>> {
    let TimeKey(at, id) = after.unwrap_or(TimeKey(span.0, Uuid::nil()));
    Ok(whole_posts()
        .filter(posts::tenant_id.eq(tx.tenant_id))
        .filter(posts::patient_id.eq(access.patient_id()))
        .filter(posts::kind.eq("vitals"))
        .filter(access::in_scope(scope, tx.tenant_id, tx.actor.ids().0))
        .filter(versions::retracted.eq(false))
        .filter(posts::observed_at.le(span.1))
        .filter(posts::observed_at.ge(at))
        .filter(posts::observed_at.gt(at).or(posts::id.gt(id)))
        .order((posts::observed_at, posts::id))
        .limit(limit + 1)
        .select(post_columns!())
        .load(&mut tx.conn())
        .await?)
}

/// How far the caller has read.
pub(super) async fn find_read_mark(tx: &Tx<'_>, patient_id: Uuid) -> Result<Option<DateTime<Utc>>> {
    Ok(read_marks::table
        .find((tx.tenant_id, tx.actor.ids().0, patient_id))
        .select(read_marks::read_until)
        .first(&mut tx.conn())
        .await
        .optional()?)
}

/// Moves the caller's mark forward; answers where it is.
pub(super) async fn move_read_mark(
    tx: &Tx<'_>,
    access: &PatientAccess,
    _: Permit<ReadPatient>,
    until: DateTime<Utc>,
) -> Result<DateTime<Utc>> {
    let me = tx.actor.ids().0;
    let upsert = diesel::insert_into(read_marks::table)
        .values((
            read_marks::tenant_id.eq(tx.tenant_id),
            read_marks::staff_member_id.eq(me),
            read_marks::patient_id.eq(access.patient_id()),
            read_marks::read_until.eq(until),
        ))
        .on_conflict((
            read_marks::tenant_id,
            read_marks::staff_member_id,
            read_marks::patient_id,
        ))
        .do_update()
        .set(read_marks::read_until.eq(excluded(read_marks::read_until)));
    let forward = diesel::query_dsl::methods::FilterDsl::filter(
        upsert,
        read_marks::read_until.lt(excluded(read_marks::read_until)),
    );
    forward.execute(&mut tx.conn()).await?;
    find_read_mark(tx, access.patient_id())
        .await?
        .ok_or(Error::NotFound)
}

/// A post to be kept.
pub(super) struct NewPost<'a> {
    pub(super) id: Uuid,
    pub(super) patient_id: Uuid,
    pub(super) kind: &'static str,
    pub(super) channel: &'a str,
    pub(super) sensitivity: Option<&'a str>,
    pub(super) reply_to: Option<Uuid>,
    pub(super) observed_at: DateTime<Utc>,
    pub(super) content: Content,
    /// The system that wrote it with its facility; without one, whoever acts.
    pub(super) by_system: Option<(Uuid, Uuid)>,
    /// Whether the server adds it on its own.
    pub(super) automatic: bool,
    /// What it is beside its content.
    pub(super) beside: Beside<'a>,
}

/// What a post is beside its content.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Beside<'a> {
    /// What its conversation began with, for what answers.
    pub(super) thread_id: Option<Uuid>,
    /// For whom it is entered.
    pub(super) on_behalf_of: Option<Uuid>,
    /// The people whom it mentions.
    pub(super) mentioned_staff: &'a [Uuid],
    /// The professions that it mentions.
    pub(super) mentioned_professions: &'a [String],
    /// Site and name of the wound that it is about.
    pub(super) wound: Option<(&'a str, Option<&'a str>)>,
}

pub(super) async fn insert(tx: &Tx<'_>, _: Permit<Create>, new: &NewPost<'_>) -> Result<()> {
    put(tx, new).await
}

/// Writes a post and its first version; the caller has its permit.
pub(super) async fn put(tx: &Tx<'_>, new: &NewPost<'_>) -> Result<()> {
    let (staff, client) = author(tx, new.by_system.map(|(client, _)| client));
    let facility = new
        .by_system
        .map_or(tx.actor.ids().1, |(_, facility)| facility);
    let class: String = diesel::insert_into(posts::table)
        .values((
            posts::tenant_id.eq(tx.tenant_id),
            posts::id.eq(new.id),
            posts::patient_id.eq(new.patient_id),
            posts::kind.eq(new.kind),
            posts::channel.eq(new.channel),
            posts::sensitivity.eq(new.sensitivity),
            posts::author_staff_id.eq(staff),
            posts::author_client_id.eq(client),
            posts::facility_id.eq(facility),
            posts::reply_to.eq(new.reply_to),
            posts::observed_at.eq(new.observed_at),
            posts::recorded_at.eq(tx.now),
            posts::version.eq(1),
            posts::automatic.eq(new.automatic),
            posts::thread_id.eq(new.beside.thread_id),
            posts::on_behalf_of.eq(new.beside.on_behalf_of),
            posts::mentioned_staff.eq(new.beside.mentioned_staff),
            posts::mentioned_professions.eq(new.beside.mentioned_professions),
            posts::wound_site.eq(new.beside.wound.map(|(site, _)| site)),
            posts::wound_label.eq(new.beside.wound.and_then(|(_, label)| label)),
        ))
        .returning(posts::class)
        .get_result(&mut tx.conn())
        .await?;
    put_version(
        tx,
        new.id,
        1,
        &new.content,
        None,
        false,
        new.by_system.map(|(client, _)| client),
    )
    .await?;
    findable::add(tx, new, class).await
}

fn author(tx: &Tx<'_>, by_system: Option<Uuid>) -> (Option<Uuid>, Option<Uuid>) {
    match tx.actor {
        _ if by_system.is_some() => (None, by_system),
        Actor::Person(person) => (Some(person.staff_member_id), None),
        Actor::System(system) => (None, Some(system.client_id)),
        Actor::Anonymous | Actor::Worker => (None, None),
    }
}

pub(super) async fn put_version(
    tx: &Tx<'_>,
    post_id: Uuid,
    version: i32,
    content: &Content,
    reason: Option<&str>,
    retracted: bool,
    by_system: Option<Uuid>,
) -> Result<()> {
    let vitals = content
        .vitals
        .map(serde_json::to_value)
        .transpose()
        .map_err(Error::internal)?;
    let (staff, client) = author(tx, by_system);
    diesel::insert_into(versions::table)
        .values((
            versions::tenant_id.eq(tx.tenant_id),
            versions::post_id.eq(post_id),
            versions::version.eq(version),
            versions::body.eq(&content.body),
            versions::vitals.eq(vitals),
            versions::document_id.eq(content.document_id),
            versions::reason.eq(reason),
            versions::retracted.eq(retracted),
            versions::written_by_staff.eq(staff),
            versions::written_by_client.eq(client),
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
    post_id: Uuid,
    version: i32,
    content: &Content,
    reason: &str,
    retracted: bool,
) -> Result<()> {
    advance(tx, post_id, version).await?;
    put_version(tx, post_id, version, content, Some(reason), retracted, None).await
}

/// Makes `version` the newest, if the one before it still is.
pub(super) async fn advance(tx: &Tx<'_>, post_id: Uuid, version: i32) -> Result<()> {
    let changed = diesel::update(
        posts::table
            .find((tx.tenant_id, post_id))
            .filter(posts::version.eq(version - 1)),
    )
    .set(posts::version.eq(version))
    .execute(&mut tx.conn())
    .await?;
    if changed == 1 {
        Ok(())
    } else {
        Err(Error::Stale)
    }
}

/// Every version: number, content, reason, retracted, author, when.
#[derive(Debug, Queryable)]
pub(super) struct VersionRow {
    pub(super) version: i32,
    pub(super) body: Option<String>,
    pub(super) vitals: Option<serde_json::Value>,
    pub(super) document_id: Option<Uuid>,
    pub(super) reason: Option<String>,
    pub(super) retracted: bool,
    pub(super) written_at: DateTime<Utc>,
    pub(super) staff_name: Option<String>,
    pub(super) client_name: Option<String>,
}

pub(super) async fn list_versions(tx: &Tx<'_>, post_id: Uuid) -> Result<Vec<VersionRow>> {
    Ok(versions::table
        .left_join(
            staff_members::table.on(staff_members::tenant_id
                .eq(versions::tenant_id)
                .and(staff_members::id.nullable().eq(versions::written_by_staff))),
        )
        .left_join(
            clients::table.on(clients::tenant_id
                .eq(versions::tenant_id)
                .and(clients::id.nullable().eq(versions::written_by_client))),
        )
        .filter(versions::tenant_id.eq(tx.tenant_id))
        .filter(versions::post_id.eq(post_id))
        .order(versions::version)
        .select((
            versions::version,
            versions::body,
            versions::vitals,
            versions::document_id,
            versions::reason,
            versions::retracted,
            versions::written_at,
            staff_members::name.nullable(),
            clients::name.nullable(),
        ))
        .load(&mut tx.conn())
        .await?)
}

/// Acknowledges for the caller; a second time changes nothing. Answers whether it was the first.
pub(super) async fn insert_acknowledgement(
    tx: &Tx<'_>,
    _: Permit<Acknowledge>,
    post_id: Uuid,
) -> Result<bool> {
    let added = diesel::insert_into(acknowledgements::table)
        .values((
            acknowledgements::tenant_id.eq(tx.tenant_id),
            acknowledgements::post_id.eq(post_id),
            acknowledgements::staff_member_id.eq(tx.actor.ids().0),
            acknowledgements::acknowledged_at.eq(tx.now),
        ))
        .on_conflict_do_nothing()
        .execute(&mut tx.conn())
        .await?;
    Ok(added == 1)
}
