use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::{dsl::count_star, pg::Pg, prelude::*};
use diesel_async::RunQueryDsl;
use tsumugi_schema::tables::{
    accounts, audit_events as events, audit_leaves as leaves, clients,
    emergency_accesses as emergencies, facilities, finding_evidence as evidence,
    finding_steps as steps, findings, justification_requests as requests, patients, persons,
    staff_members as posts,
};
use uuid::Uuid;

use super::super::{asking::Request, queries::Row};
use crate::{Result, ctx::Tx};

/// Most entries that are shown of a finding.
const MOST_ENTRIES: i64 = 500;

/// Beginning of an emergency access, its review, and what that found.
pub(super) type Emergency = (DateTime<Utc>, Option<DateTime<Utc>>, Option<String>);

/// Names that belong to findings.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// People.
    pub(super) people: HashMap<Uuid, String>,
    /// Posts: name, profession, facility.
    pub(super) posts: HashMap<Uuid, (String, String, String)>,
    /// Patients: name, kana.
    pub(super) patients: HashMap<Uuid, (String, String)>,
    /// Accounts: sign-in name, whose.
    pub(super) accounts: HashMap<Uuid, (String, String)>,
    /// Systems.
    pub(super) clients: HashMap<Uuid, String>,
    /// Emergency accesses: beginning, review, what it found.
    pub(super) emergencies: HashMap<Uuid, Emergency>,
    /// How many entries each finding rests on.
    pub(super) entries: HashMap<Uuid, i64>,
    /// What was asked about each finding, the last question last.
    pub(super) asked: HashMap<Uuid, Vec<Request>>,
}

/// The names that belong to these findings.
pub(super) async fn names(tx: &Tx<'_>, rows: &[Row]) -> Result<Names> {
    let ids = |of: fn(&Row) -> Option<Uuid>| rows.iter().filter_map(of).collect::<Vec<Uuid>>();
    let mut all_posts = ids(|row| row.staff_member_id);
    all_posts.extend(ids(|row| row.assigned_to));
    let all: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let mut asked: HashMap<Uuid, Vec<Request>> = HashMap::new();
    for one in list_asked(tx, &all).await? {
        asked.entry(one.finding_id).or_default().push(one);
    }
    Ok(Names {
        people: people(tx, &ids(|row| row.person_id)).await?,
        posts: posts(tx, &all_posts).await?,
        patients: patients(tx, &ids(|row| row.patient_id)).await?,
        accounts: accounts(tx, &ids(|row| row.account_id)).await?,
        clients: clients(tx, &ids(|row| row.client_id)).await?,
        emergencies: emergencies(tx, &ids(|row| row.emergency_access_id)).await?,
        entries: count_entries(tx, &all).await?,
        asked,
    })
}

async fn people(tx: &Tx<'_>, ids: &[Uuid]) -> Result<HashMap<Uuid, String>> {
    let rows: Vec<(Uuid, String)> = persons::table
        .filter(persons::tenant_id.eq(tx.tenant_id))
        .filter(persons::id.eq_any(ids))
        .select((persons::id, persons::name))
        .load(&mut tx.conn())
        .await?;
    Ok(rows.into_iter().collect())
}

/// Names, professions and facilities of posts.
pub(super) async fn posts(
    tx: &Tx<'_>,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, (String, String, String)>> {
    let rows: Vec<(Uuid, String, String, String)> = posts::table
        .inner_join(
            facilities::table.on(facilities::tenant_id
                .eq(posts::tenant_id)
                .and(facilities::id.eq(posts::facility_id))),
        )
        .filter(posts::tenant_id.eq(tx.tenant_id))
        .filter(posts::id.eq_any(ids))
        .select((posts::id, posts::name, posts::profession, facilities::name))
        .load(&mut tx.conn())
        .await?;
    let by_id = |(id, name, profession, facility)| (id, (name, profession, facility));
    Ok(rows.into_iter().map(by_id).collect())
}

/// Names of patients.
pub(in super::super) async fn patients(
    tx: &Tx<'_>,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, (String, String)>> {
    let rows: Vec<(Uuid, String, String)> = patients::table
        .filter(patients::tenant_id.eq(tx.tenant_id))
        .filter(patients::id.eq_any(ids))
        .select((patients::id, patients::name, patients::kana))
        .load(&mut tx.conn())
        .await?;
    let by_id = |(id, name, kana)| (id, (name, kana));
    Ok(rows.into_iter().map(by_id).collect())
}

async fn accounts(tx: &Tx<'_>, ids: &[Uuid]) -> Result<HashMap<Uuid, (String, String)>> {
    let rows: Vec<(Uuid, String, String)> = accounts::table
        .inner_join(
            persons::table.on(persons::tenant_id
                .eq(accounts::tenant_id)
                .and(persons::id.eq(accounts::person_id))),
        )
        .filter(accounts::tenant_id.eq(tx.tenant_id))
        .filter(accounts::id.eq_any(ids))
        .select((accounts::id, accounts::login_name, persons::name))
        .load(&mut tx.conn())
        .await?;
    let by_id = |(id, login, name)| (id, (login, name));
    Ok(rows.into_iter().map(by_id).collect())
}

async fn clients(tx: &Tx<'_>, ids: &[Uuid]) -> Result<HashMap<Uuid, String>> {
    let rows: Vec<(Uuid, String)> = clients::table
        .filter(clients::tenant_id.eq(tx.tenant_id))
        .filter(clients::id.eq_any(ids))
        .select((clients::id, clients::name))
        .load(&mut tx.conn())
        .await?;
    Ok(rows.into_iter().collect())
}

async fn emergencies(tx: &Tx<'_>, ids: &[Uuid]) -> Result<HashMap<Uuid, Emergency>> {
    let rows: Vec<(Uuid, Emergency)> = emergencies::table
        .filter(emergencies::tenant_id.eq(tx.tenant_id))
        .filter(emergencies::id.eq_any(ids))
        .select((
            emergencies::id,
            (
                emergencies::started_at,
                emergencies::reviewed_at,
                emergencies::finding,
            ),
        ))
        .load(&mut tx.conn())
        .await?;
    Ok(rows.into_iter().collect())
}

async fn count_entries(tx: &Tx<'_>, ids: &[Uuid]) -> Result<HashMap<Uuid, i64>> {
    let rows: Vec<(Uuid, i64)> = evidence::table
        .inner_join(
            findings::table.on(findings::tenant_id
                .eq(evidence::tenant_id)
                .and(findings::id.eq(evidence::finding_id))
                .and(findings::run.eq(evidence::run))),
        )
        .filter(evidence::tenant_id.eq(tx.tenant_id))
        .filter(evidence::finding_id.eq_any(ids))
        .group_by(evidence::finding_id)
        .select((evidence::finding_id, count_star()))
        .load(&mut tx.conn())
        .await?;
    Ok(rows.into_iter().collect())
}

/// Everything that was asked about these findings, in order.
async fn list_asked(tx: &Tx<'_>, ids: &[Uuid]) -> Result<Vec<Request>> {
    Ok(requests::table
        .filter(requests::tenant_id.eq(tx.tenant_id))
        .filter(requests::finding_id.eq_any(ids))
        .order((requests::asked_at, requests::id))
        .select(Request::as_select())
        .load(&mut tx.conn())
        .await?)
}

/// An entry that a finding rests on, with names.
#[derive(Debug, Queryable)]
pub(super) struct Evidence {
    pub(super) entry: (Uuid, DateTime<Utc>, String, String, Option<String>),
    pub(super) why: (String, Option<String>, Option<String>),
    pub(super) patient: Option<(Uuid, String)>,
    pub(super) facility: Option<String>,
    pub(super) thing: (Option<String>, Option<Uuid>),
    pub(super) place: (Option<Uuid>, Option<Uuid>, Option<String>),
    pub(super) index: Option<i64>,
}

/// The entries that a finding rests on, in order; the first ones when there are very many.
pub(super) async fn list_evidence(tx: &Tx<'_>, of: &Row, tree: i16) -> Result<Vec<Evidence>> {
    Ok(evidence::table
        .inner_join(
            events::table.on(events::tenant_id
                .eq(evidence::tenant_id)
                .and(events::at.eq(evidence::event_at))
                .and(events::id.eq(evidence::event_id))),
        )
        .left_join(
            patients::table.on(patients::tenant_id
                .eq(events::tenant_id)
                .and(patients::id.nullable().eq(events::patient_id))),
        )
        .left_join(
            facilities::table.on(facilities::tenant_id
                .eq(events::tenant_id)
                .and(facilities::id.nullable().eq(events::facility_id))),
        )
        .left_join(
            leaves::table.on(leaves::tenant_id
                .eq(evidence::tenant_id)
                .and(leaves::event_id.eq(evidence::event_id))
                .and(leaves::tree.eq(tree))),
        )
        .filter(evidence::tenant_id.eq(tx.tenant_id))
        .filter(evidence::finding_id.eq(of.id))
        .filter(evidence::run.eq(of.run))
        .order((evidence::event_at, evidence::event_id))
        .limit(MOST_ENTRIES)
        .select((
            (
                events::id,
                events::at,
                events::action,
                events::outcome,
                events::code,
            ),
            (events::purpose, events::ground, events::profession),
            (patients::id, patients::name).nullable(),
            facilities::name.nullable(),
            (events::resource_type, events::resource_id),
            (events::session_id, events::device_id, events::source_ip),
            leaves::leaf_index.nullable(),
        ))
        .load(&mut tx.conn())
        .await?)
}

/// A step as it was taken.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = steps, check_for_backend(Pg))]
pub(super) struct Step {
    pub(super) number: i32,
    pub(super) kind: String,
    pub(super) at: DateTime<Utc>,
    pub(super) staff_member_id: Option<Uuid>,
    pub(super) assigned_to: Option<Uuid>,
    pub(super) request_id: Option<Uuid>,
    pub(super) conclusion: Option<String>,
    pub(super) note: Option<String>,
    pub(super) rule_version: Option<i32>,
}

/// Everything that was done about a finding, in order.
pub(super) async fn list_steps(tx: &Tx<'_>, id: Uuid) -> Result<Vec<Step>> {
    Ok(steps::table
        .filter(steps::tenant_id.eq(tx.tenant_id))
        .filter(steps::finding_id.eq(id))
        .order(steps::number)
        .select(Step::as_select())
        .load(&mut tx.conn())
        .await?)
}
