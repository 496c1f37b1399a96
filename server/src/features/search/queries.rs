use chrono::{DateTime, TimeDelta, Utc};
use diesel::{
    pg::Pg,
    prelude::*,
    sql_types::{Bool, Text},
    upsert::excluded,
};
use diesel_async::RunQueryDsl;
use tsumugi_schema::tables::{
    documents, emergency_accesses as emergencies, patients, post_recipients as recipients,
    post_versions as versions, posts, search_entries as entries, search_progress as progress,
};
use uuid::Uuid;

use super::{
    entry::{Entry, Row, Source, document_text},
    policy::{Reach, Search},
    words,
};
use crate::{
    Result,
    ctx::Tx,
    spine::{
        access::{self, Permit, Purpose},
        page::TimeKey,
        text,
    },
};

diesel::define_sql_function! {
    /// Sets a setting, for the transaction if `local`.
    fn set_config(name: Text, value: Text, local: Bool) -> Text;
}

/// What changes when something that can be found already is put there again.
macro_rules! anew {
    () => {
        (
            entries::kind.eq(excluded(entries::kind)),
            entries::class.eq(excluded(entries::class)),
            entries::title.eq(excluded(entries::title)),
            entries::body.eq(excluded(entries::body)),
            entries::folded.eq(excluded(entries::folded)),
            entries::tokens.eq(excluded(entries::tokens)),
        )
    };
}

/// Makes something findable as it stands now, in the transaction that writes it.
pub async fn put(tx: &Tx<'_>, entry: &Entry<'_>) -> Result<()> {
    let Some(row) = Row::of(tx.tenant_id, entry) else {
        return remove(tx, entry.source, entry.id).await;
    };
    diesel::insert_into(entries::table)
        .values(&row)
        .on_conflict((entries::tenant_id, entries::source, entries::id))
        .do_update()
        .set(anew!())
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// The same for many.
pub(super) async fn put_all(tx: &Tx<'_>, rows: &[Row]) -> Result<()> {
    diesel::insert_into(entries::table)
        .values(rows)
        .on_conflict((entries::tenant_id, entries::source, entries::id))
        .do_update()
        .set(anew!())
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// Takes something that was taken back out of what can be found.
pub async fn remove(tx: &Tx<'_>, source: Source, id: Uuid) -> Result<()> {
    diesel::delete(entries::table.find((tx.tenant_id, source.code(), id)))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// Takes a post that was taken back, and what belongs to it, out of what can be found.
pub async fn remove_post(tx: &Tx<'_>, id: Uuid) -> Result<()> {
    remove(tx, Source::Post, id).await?;
    diesel::delete(
        entries::table
            .filter(entries::tenant_id.eq(tx.tenant_id))
            .filter(entries::post_id.eq(id))
            .filter(entries::source.ne(Source::Post.code())),
    )
    .execute(&mut tx.conn())
    .await?;
    Ok(())
}

/// Takes the files that a post shows no more out of what can be found: all but these.
pub async fn remove_files_but(tx: &Tx<'_>, post_id: Uuid, shown: &[Uuid]) -> Result<()> {
    diesel::delete(
        entries::table
            .filter(entries::tenant_id.eq(tx.tenant_id))
            .filter(entries::post_id.eq(post_id))
            .filter(entries::source.ne(Source::Post.code()))
            .filter(entries::id.ne_all(shown)),
    )
    .execute(&mut tx.conn())
    .await?;
    Ok(())
}

/// Title and text of a document.
pub async fn text_of_document(tx: &Tx<'_>, id: Uuid) -> Result<(String, String)> {
    let (title, content, excerpt): (String, serde_json::Value, String) = documents::table
        .find((tx.tenant_id, id))
        .select((documents::title, documents::content, documents::excerpt))
        .first(&mut tx.conn())
        .await?;
    Ok((title, document_text(content, &excerpt)))
}

/// The patients with whom the caller has to do. Whether and how far they may be read is for the rules.
pub(super) async fn candidates(tx: &Tx<'_>, only: Option<Uuid>) -> Result<Vec<Uuid>> {
    let mut query = patients::table
        .filter(patients::tenant_id.eq(tx.tenant_id))
        .select(patients::id)
        .into_boxed();
    query = if tx.purpose == Purpose::EmergencyTreatment {
        let running = emergencies::table
            .filter(emergencies::tenant_id.eq(tx.tenant_id))
            .filter(emergencies::staff_member_id.eq(tx.actor.ids().0))
            .filter(emergencies::expires_at.gt(tx.now))
            .filter(emergencies::ended_at.is_null())
            .select(emergencies::patient_id);
        query.filter(patients::id.eq_any(running))
    } else {
        query.filter(access::candidates(tx))
    };
    if let Some(only) = only {
        query = query.filter(patients::id.eq(only));
    }
    Ok(query.load(&mut tx.conn()).await?)
}

/// What is looked for.
pub(super) struct Asked<'a> {
    pub(super) words: &'a [String],
    pub(super) kinds: Option<Vec<&'static str>>,
    pub(super) author: Option<Uuid>,
    pub(super) from: Option<DateTime<Utc>>,
    pub(super) before: TimeKey,
    pub(super) limit: i64,
}

/// The key of something found: its source, its id, its time.
pub(super) type Key = (String, Uuid, DateTime<Utc>);

/// Up to how many patients nothing is looked at before the index of tokens is.
const FEW: usize = 50;
/// How many entries of the network are looked at one by one, newest first: a word that many posts have is found there.
const NEWEST: i64 = 5_000;
/// How much longer the next span is, within which the index of tokens is asked.
const LONGER: i32 = 20;

/// The newest entries that hold all the words and that may be read, one more than the limit.
///
/// Three times, from the newest on, until there are enough: one by one; by the index of tokens within a span; by the
/// index alone. A word that is in every fourth post is found at once by the first, a word that is in three of a million
/// by the last, and each costs the others little.
pub(super) async fn find(
    tx: &Tx<'_>,
    _: Permit<Search>,
    reach: &Reach,
    asked: &Asked<'_>,
) -> Result<Vec<Key>> {
    let enough =
        |found: &Vec<Key>| i64::try_from(found.len()).is_ok_and(|found| found > asked.limit);
    let first = asked.from.unwrap_or(DateTime::UNIX_EPOCH);
    plan(tx, None).await?;
    let Some(newest) = nth(tx, asked.before).await? else {
        return load(tx, reach, asked, first, true).await;
    };
    if newest > first && reach.patients() > FEW {
        let found = load(tx, reach, asked, newest, true).await?;
        if enough(&found) {
            return Ok(found);
        }
    }
    plan(tx, Some(asked.words)).await?;
    let span = (asked.before.0.min(tx.now) - newest).max(TimeDelta::zero());
    let since = span
        .checked_mul(LONGER)
        .and_then(|span| asked.before.0.min(tx.now).checked_sub_signed(span));
    if let Some(since) = since.filter(|since| *since > first) {
        let found = load(tx, reach, asked, since, false).await?;
        if enough(&found) {
            plan(tx, None).await?;
            return Ok(found);
        }
    }
    let found = load(tx, reach, asked, first, false).await?;
    plan(tx, None).await?;
    Ok(found)
}

/// What the settings are afterwards.
type Settings = (
    String,
    String,
    String,
    String,
    String,
    String,
    String,
    String,
);

/// Says which way the next statements go: by time, or by the tokens of these words. PostgreSQL cannot know how many
/// posts have a word, because the words are part of a wall (decision 014).
async fn plan(tx: &Tx<'_>, words: Option<&[String]>) -> Result<()> {
    let mut tokens: Vec<i32> = words
        .into_iter()
        .flatten()
        .flat_map(|word| words::tokens_of_word(tx.tenant_id, word))
        .collect();
    tokens.sort_unstable();
    tokens.dedup();
    let listed: Vec<String> = tokens.iter().map(i32::to_string).collect();
    let tokens = if words.is_some() {
        format!("{{{}}}", listed.join(","))
    } else {
        String::new()
    };
    let (by_time, by_token) = match words {
        None => ("on", "off"),
        Some(_) => ("off", "on"),
    };
    let _: Settings = diesel::select((
        set_config("app.search_tokens", tokens, true),
        set_config("enable_indexscan", by_time, true),
        set_config("enable_bitmapscan", by_token, true),
        set_config("enable_sort", by_token, true),
        set_config("enable_seqscan", "off", true),
        // Thousands of rows are no work for several processes, nor worth compiling for, though it looks like more to the
        // planner.
        set_config("max_parallel_workers_per_gather", "0", true),
        set_config("jit", "off", true),
        set_config("plan_cache_mode", "force_custom_plan", true),
    ))
    .get_result(&mut tx.conn())
    .await?;
    Ok(())
}

/// Lets everything be looked up as always, for what comes after the search.
pub(super) async fn plan_as_always(tx: &Tx<'_>) -> Result<()> {
    let _: (String, String, String, String, String) = diesel::select((
        set_config("app.search_tokens", "", true),
        set_config("enable_indexscan", "on", true),
        set_config("enable_bitmapscan", "on", true),
        set_config("enable_sort", "on", true),
        set_config("enable_seqscan", "on", true),
    ))
    .get_result(&mut tx.conn())
    .await?;
    Ok(())
}

/// The time of the entry of the network that has [`NEWEST`] before it; nothing when there are fewer.
async fn nth(tx: &Tx<'_>, TimeKey(at, id): TimeKey) -> Result<Option<DateTime<Utc>>> {
    Ok(entries::table
        .filter(entries::tenant_id.eq(tx.tenant_id))
        .filter(entries::at.le(at))
        .filter(entries::at.lt(at).or(entries::id.lt(id)))
        .order((entries::at.desc(), entries::id.desc()))
        .offset(NEWEST)
        .limit(1)
        .select(entries::at)
        .first(&mut tx.conn())
        .await
        .optional()?)
}

/// A condition on entries.
type OnEntries = Box<dyn BoxableExpression<entries::table, Pg, SqlType = Bool>>;

/// What belongs to a post that a member wrote or that names the member as a reader.
fn names(tenant_id: Uuid, reader: Uuid) -> OnEntries {
    let named = recipients::table
        .filter(recipients::tenant_id.eq(tenant_id))
        .filter(recipients::staff_member_id.eq(reader))
        .select(recipients::post_id);
    let own = entries::author_staff_id.assume_not_null().eq(reader);
    Box::new(
        own.or(entries::post_id.assume_not_null().eq_any(named))
            .assume_not_null(),
    )
}

/// What may be read.
fn within(tx: &Tx<'_>, reach: &Reach) -> OnEntries {
    let me = tx.actor.ids().0;
    let mut all: OnEntries = Box::new(false.into_sql::<Bool>());
    for (scope, ids) in &reach.groups {
        let class = entries::class.assume_not_null();
        let group = entries::patient_id
            .assume_not_null()
            .eq_any(ids.clone())
            .and(
                class
                    .eq_any(scope.all.clone())
                    .or(entries::facility_id
                        .eq(scope.facility)
                        .and(class.eq_any(scope.own.clone())))
                    .or(class
                        .eq_any(scope.named.clone())
                        .or(entries::facility_id
                            .eq(scope.facility)
                            .and(class.eq_any(scope.named_own.clone())))
                        .and(names(tx.tenant_id, me))),
            );
        all = Box::new(all.or(group));
    }
    for (ids, from) in &reach.rooms {
        let said = entries::room_id
            .assume_not_null()
            .eq_any(ids.clone())
            .and(entries::at.ge(*from));
        all = Box::new(all.or(said));
    }
    all
}

/// The newest entries since a moment, one more than the limit. `by_time` leaves no other index than that of time.
async fn load(
    tx: &Tx<'_>,
    reach: &Reach,
    asked: &Asked<'_>,
    since: DateTime<Utc>,
    by_time: bool,
) -> Result<Vec<Key>> {
    let TimeKey(at, id) = asked.before;
    let mut query = entries::table
        .filter(entries::tenant_id.eq(tx.tenant_id))
        .filter(entries::at.le(at))
        .filter(entries::at.lt(at).or(entries::id.lt(id)))
        .filter(entries::at.ge(since))
        .into_boxed();
    query = if by_time {
        query.filter(within(tx, reach).is_not_distinct_from(true))
    } else {
        query.filter(within(tx, reach))
    };
    for word in asked.words {
        query = query.filter(entries::folded.like(text::like(word)));
    }
    if let Some(kinds) = &asked.kinds {
        query = query.filter(entries::kind.eq_any(kinds.clone()));
    }
    if let Some(author) = asked.author {
        query = query.filter(entries::author_staff_id.eq(author));
    }
    Ok(query
        .order((entries::at.desc(), entries::id.desc()))
        .limit(asked.limit + 1)
        .select((entries::source, entries::id, entries::at))
        .load(&mut tx.conn())
        .await?)
}

/// How far the posts of a network were made findable: number of the form, last post, whether all are.
pub(super) type Progress = (i32, Uuid, bool);

pub(super) async fn find_progress(tx: &Tx<'_>) -> Result<Option<Progress>> {
    Ok(progress::table
        .find(tx.tenant_id)
        .select((progress::form, progress::after_post, progress::completed))
        .first(&mut tx.conn())
        .await
        .optional()?)
}

pub(super) async fn keep_progress(tx: &Tx<'_>, (form, after, completed): Progress) -> Result<()> {
    let values = (
        progress::form.eq(form),
        progress::after_post.eq(after),
        progress::completed.eq(completed),
    );
    diesel::insert_into(progress::table)
        .values((progress::tenant_id.eq(tx.tenant_id), values))
        .on_conflict(progress::tenant_id)
        .do_update()
        .set(values)
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// A post as it stands, with its document.
#[derive(Debug, Queryable)]
pub(super) struct Written {
    pub(super) id: Uuid,
    pub(super) kind: String,
    pub(super) patient_id: Uuid,
    pub(super) class: String,
    pub(super) facility_id: Uuid,
    pub(super) author_staff_id: Option<Uuid>,
    pub(super) author_client_id: Option<Uuid>,
    pub(super) recorded_at: DateTime<Utc>,
    pub(super) body: Option<String>,
    pub(super) retracted: bool,
    pub(super) document: Option<(String, serde_json::Value, String)>,
}

/// The next posts after one, by id. Nobody writes a version of them until this transaction ends.
pub(super) async fn list_posts(tx: &Tx<'_>, after: Uuid, limit: i64) -> Result<Vec<Written>> {
    let ids: Vec<Uuid> = posts::table
        .filter(posts::tenant_id.eq(tx.tenant_id))
        .filter(posts::id.gt(after))
        .order(posts::id)
        .limit(limit)
        .select(posts::id)
        .for_share()
        .load(&mut tx.conn())
        .await?;
    Ok(posts::table
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
        .filter(posts::tenant_id.eq(tx.tenant_id))
        .filter(posts::id.eq_any(ids))
        .order(posts::id)
        .select((
            posts::id,
            posts::kind,
            posts::patient_id,
            posts::class,
            posts::facility_id,
            posts::author_staff_id,
            posts::author_client_id,
            posts::recorded_at,
            versions::body,
            versions::retracted,
            (documents::title, documents::content, documents::excerpt).nullable(),
        ))
        .load(&mut tx.conn())
        .await?)
}
