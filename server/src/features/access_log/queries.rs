use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use diesel::{
    dsl::{count_star, exists},
    prelude::*,
};
use diesel_async::RunQueryDsl;
use tsumugi_schema::tables::{
    accounts, audit_event_patients as named, audit_events as log, audit_leaves as leaves, clients,
    devices, facilities, patients, staff_members,
};
use uuid::Uuid;

use super::{filter::Filter, policy::Read};
use crate::{
    Result,
    ctx::Tx,
    spine::{
        access::Permit,
        audit::{self, Stored},
        page::TimeKey,
    },
};

diesel::define_sql_function! {
    /// The day in Japan. Not an aggregate: said to be one because it is only selected where it is grouped by.
    #[aggregate]
    fn log_day(at: diesel::sql_types::Timestamptz) -> diesel::sql_types::Date;
}
diesel::define_sql_function! {
    /// The hour of the week in Japan, from Monday 0:00. Said to be an aggregate for the same reason.
    #[aggregate]
    fn log_hour(at: diesel::sql_types::Timestamptz) -> diesel::sql_types::Integer;
}

/// An entry with its place and the names that belong to its ids.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) event: Stored,
    /// The patients that its answer named.
    pub(super) listed: Vec<Uuid>,
    /// Tree and place, once it has one.
    pub(super) leaf: Option<(i16, i64)>,
}

/// Names by id.
#[derive(Debug, Default)]
pub(super) struct Names {
    pub(super) staff: HashMap<Uuid, String>,
    pub(super) clients: HashMap<Uuid, String>,
    pub(super) facilities: HashMap<Uuid, String>,
    pub(super) patients: HashMap<Uuid, String>,
    pub(super) devices: HashMap<Uuid, String>,
}

/// A filter with what had to be looked up for it.
pub(super) struct Narrow<'a> {
    filter: &'a Filter,
    /// The posts of the person whose account is asked for.
    posts: Vec<Uuid>,
    /// What stands in the log for the words that were searched for.
    searched: Option<String>,
}

/// In which way an entry has to do with the patient who is asked for: an index leads to each, and to no mixture.
#[derive(Debug, Clone, Copy)]
enum Way {
    /// Nobody is asked for.
    Any,
    /// The entry is about the patient.
    About(Uuid),
    /// Its answer named the patient among others.
    Named(Uuid),
}

impl Narrow<'_> {
    fn ways(&self) -> Vec<Way> {
        match self.filter.patient_id {
            None => vec![Way::Any],
            Some(patient) => vec![Way::About(patient), Way::Named(patient)],
        }
    }
}

/// Looks up what a filter needs.
pub(super) async fn narrow<'a>(tx: &Tx<'_>, filter: &'a Filter) -> Result<Narrow<'a>> {
    let posts = match filter.account_id {
        None => Vec::new(),
        Some(account) => {
            staff_members::table
                .inner_join(
                    accounts::table.on(accounts::tenant_id
                        .eq(staff_members::tenant_id)
                        .and(accounts::person_id.eq(staff_members::person_id))),
                )
                .filter(staff_members::tenant_id.eq(tx.tenant_id))
                .filter(accounts::id.eq(account))
                .select(staff_members::id)
                .load(&mut tx.conn())
                .await?
        }
    };
    let digest = |words: &String| audit::search_digest(&tx.app().seal, tx.tenant_id, words);
    Ok(Narrow {
        filter,
        posts,
        searched: filter.searched.as_ref().map(digest),
    })
}

/// Narrows a query of the log, grouped or not, in one of the ways.
macro_rules! narrowed {
    ($tx:expr, $query:expr, $narrow:expr, $way:expr) => {{
        let (
            Narrow {
                filter,
                posts,
                searched,
            },
            way,
        ) = ($narrow, $way);
        let mut query = $query.into_boxed().filter(log::tenant_id.eq($tx.tenant_id));
        match way {
            Way::Any => {}
            Way::About(patient) => query = query.filter(log::patient_id.eq(patient)),
            Way::Named(patient) => {
                let listed = named::table
                    .filter(named::tenant_id.eq(log::tenant_id))
                    .filter(named::patient_id.eq(patient))
                    .filter(named::at.eq(log::at))
                    .filter(named::event_id.eq(log::id));
                query = query
                    .filter(exists(listed))
                    .filter(log::patient_id.is_distinct_from(patient));
            }
        }
        if let Some(staff) = filter.staff_member_id {
            query = query.filter(log::staff_member_id.eq(staff));
        }
        if let Some(account) = filter.account_id {
            let by = log::staff_member_id
                .eq_any(posts.clone())
                .and(log::account_id.eq(account));
            let about = log::resource_type
                .eq("account")
                .and(log::resource_id.eq(account));
            query = query.filter(by.or(about));
        }
        if let Some(facility) = filter.facility_id {
            query = query.filter(log::facility_id.eq(facility));
        }
        if let Some(profession) = &filter.profession {
            query = query.filter(log::profession.eq(profession.clone()));
        }
        if let Some(actions) = &filter.actions {
            query = match actions.as_slice() {
                [one] => query.filter(log::action.eq(one.clone())),
                several => query.filter(log::action.eq_any(several.to_vec())),
            };
        }
        if let Some(purpose) = &filter.purpose {
            query = query.filter(log::purpose.eq(purpose.clone()));
        }
        if let Some(ground) = &filter.ground {
            query = query.filter(log::ground.eq(ground.clone()));
        }
        if let Some(outcome) = filter.outcome {
            query = query.filter(log::outcome.eq(outcome.code()));
        }
        if let Some(code) = &filter.code {
            // Only what was refused has a code; the index has only what was refused.
            query = query
                .filter(log::outcome.eq("denied"))
                .filter(log::code.eq(code.clone()));
        }
        if let Some(actor) = filter.actor {
            query = query.filter(log::actor_kind.eq(actor.code()));
        }
        if let Some(client) = filter.client_id {
            query = query.filter(log::client_id.eq(client));
        }
        if let Some(device) = filter.device_id {
            query = query.filter(log::device_id.eq(device));
        }
        if let Some(session) = filter.session_id {
            query = query.filter(log::session_id.eq(session));
        }
        if let Some(source) = &filter.source_ip {
            query = query.filter(log::source_ip.eq(source.clone()));
        }
        if filter.emergency {
            let used = log::ground.eq("emergency").or(log::purpose.eq("ETREAT"));
            query = query.filter(used.or(log::action.eq_any(emergency())));
        }
        if let Some(digest) = searched {
            query = query.filter(log::query_digest.eq(digest.clone()));
        }
        if let Some(from) = filter.from {
            query = query.filter(log::at.ge(from));
        }
        if let Some(until) = filter.until {
            query = query.filter(log::at.lt(until));
        }
        query
    }};
}

/// Acts that open, end and review emergency access.
fn emergency() -> Vec<&'static str> {
    ["emergency_access", "emergency_accesses"]
        .into_iter()
        .flat_map(super::actions::in_group)
        .collect()
}

/// Entries before a place, newest first, one more than `limit`.
pub(super) async fn page(
    tx: &Tx<'_>,
    _: Permit<Read>,
    filter: &Filter,
    before: Option<TimeKey>,
    limit: i64,
) -> Result<Vec<Row>> {
    let narrow = &narrow(tx, filter).await?;
    let mut found: Vec<Stored> = Vec::new();
    for way in narrow.ways() {
        let mut query = narrowed!(tx, log::table.select(Stored::as_select()), narrow, way);
        if let Some(TimeKey(at, id)) = before {
            let older = log::at.lt(at).or(log::id.lt(id));
            query = query.filter(log::at.le(at)).filter(older);
        }
        let part = query
            .order((log::at.desc(), log::id.desc()))
            .limit(limit + 1)
            .load::<Stored>(&mut tx.conn());
        found.extend(part.await?);
    }
    found.sort_by_key(|event| std::cmp::Reverse((event.at, event.id)));
    found.truncate(usize::try_from(limit + 1).unwrap_or(usize::MAX));
    with_places(tx, found).await
}

/// Adds who was named and where entries have their place.
pub(super) async fn with_places(tx: &Tx<'_>, found: Vec<Stored>) -> Result<Vec<Row>> {
    let keys: Vec<(Uuid, DateTime<Utc>)> = found.iter().map(|event| (event.id, event.at)).collect();
    let mut listed = audit::patients_of(tx, &keys).await?;
    let ids: Vec<Uuid> = found.iter().map(|event| event.id).collect();
    let places: Vec<(Uuid, i16, i64)> = leaves::table
        .filter(leaves::tenant_id.eq(tx.tenant_id))
        .filter(leaves::event_id.eq_any(ids))
        .order(leaves::tree)
        .select((leaves::event_id, leaves::tree, leaves::leaf_index))
        .load(&mut tx.conn())
        .await?;
    // The newest tree is the one that counts.
    let places: HashMap<Uuid, (i16, i64)> = places
        .into_iter()
        .map(|(id, tree, index)| (id, (tree, index)))
        .collect();
    let row = |event: Stored| Row {
        listed: listed.remove(&event.id).unwrap_or_default(),
        leaf: places.get(&event.id).copied(),
        event,
    };
    Ok(found.into_iter().map(row).collect())
}

/// How many entries a filter finds.
pub(super) async fn count<V>(tx: &Tx<'_>, _: &Permit<V>, filter: &Filter) -> Result<i64> {
    let narrow = &narrow(tx, filter).await?;
    let mut sum = 0;
    for way in narrow.ways() {
        let query = narrowed!(tx, log::table.select(count_star()), narrow, way);
        sum += query.first::<i64>(&mut tx.conn()).await?;
    }
    Ok(sum)
}

/// Entries that a filter finds, by something.
pub(super) type Counts<K> = Vec<(K, i64)>;

/// Counts by a column.
macro_rules! counted_by {
    ($tx:expr, $narrow:expr, $key:ty, $column:expr) => {{
        let mut all: Counts<$key> = Vec::new();
        for way in $narrow.ways() {
            let query = log::table.group_by($column).select(($column, count_star()));
            let query = narrowed!($tx, query, $narrow, way);
            all.extend(query.load::<($key, i64)>(&mut $tx.conn()).await?);
        }
        all
    }};
}

/// Entries that a filter finds, by what is asked most.
#[derive(Debug)]
pub(super) struct Summary {
    pub(super) professions: Counts<Option<String>>,
    pub(super) facilities: Counts<Option<Uuid>>,
    pub(super) purposes: Counts<String>,
    pub(super) actions: Counts<String>,
    pub(super) outcomes: Counts<String>,
    pub(super) days: Counts<NaiveDate>,
}

pub(super) async fn summary(tx: &Tx<'_>, _: Permit<Read>, filter: &Filter) -> Result<Summary> {
    let narrow = &narrow(tx, filter).await?;
    Ok(Summary {
        professions: counted_by!(tx, narrow, Option<String>, log::profession),
        facilities: counted_by!(tx, narrow, Option<Uuid>, log::facility_id),
        purposes: counted_by!(tx, narrow, String, log::purpose),
        actions: counted_by!(tx, narrow, String, log::action),
        outcomes: counted_by!(tx, narrow, String, log::outcome),
        days: counted_by!(tx, narrow, NaiveDate, log_day(log::at)),
    })
}

/// Entries that a filter finds, by the hour of the week in Japan, from Monday 0:00.
pub(super) async fn hours<V>(tx: &Tx<'_>, _: &Permit<V>, filter: &Filter) -> Result<Counts<i32>> {
    let narrow = &narrow(tx, filter).await?;
    Ok(counted_by!(tx, narrow, i32, log_hour(log::at)))
}

/// Ids and names of a table's rows.
macro_rules! names_of {
    ($tx:expr, $table:ident, $ids:expr) => {{
        let ids: HashSet<Uuid> = $ids.collect();
        let ids: Vec<Uuid> = ids.into_iter().collect();
        if ids.is_empty() {
            HashMap::new()
        } else {
            let found: Vec<(Uuid, String)> = $table::table
                .filter($table::tenant_id.eq($tx.tenant_id))
                .filter($table::id.eq_any(ids))
                .select(($table::id, $table::name))
                .load(&mut $tx.conn())
                .await?;
            found.into_iter().collect()
        }
    }};
}

/// The names that belong to the ids of these entries.
pub(super) async fn names(tx: &Tx<'_>, rows: &[Row]) -> Result<Names> {
    let events = || rows.iter().map(|row| &row.event);
    let of_staff = events().flat_map(|event| [event.staff_member_id, event.on_behalf_of]);
    let listed = rows.iter().flat_map(|row| row.listed.iter().copied());
    let about = events().filter_map(|event| event.patient_id);
    Ok(Names {
        staff: names_of!(tx, staff_members, of_staff.flatten()),
        clients: names_of!(tx, clients, events().filter_map(|event| event.client_id)),
        facilities: names_of!(
            tx,
            facilities,
            events().filter_map(|event| event.facility_id)
        ),
        patients: names_of!(tx, patients, about.chain(listed)),
        devices: names_of!(tx, devices, events().filter_map(|event| event.device_id)),
    })
}

/// Names of facilities.
pub(super) async fn facility_names(
    tx: &Tx<'_>,
    ids: impl Iterator<Item = Uuid>,
) -> Result<HashMap<Uuid, String>> {
    Ok(names_of!(tx, facilities, ids))
}

/// One entry with its place.
pub(super) async fn find(tx: &Tx<'_>, _: Permit<Read>, id: Uuid) -> Result<Option<Row>> {
    let Some(found) = audit::find(tx, id).await? else {
        return Ok(None);
    };
    Ok(with_places(tx, vec![found]).await?.pop())
}
