use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use diesel::{pg::Pg, prelude::*, upsert::excluded};
use diesel_async::RunQueryDsl;
use tsumugi_schema::tables::{
    accounts, audit_events as events, audit_leaves as leaves, clients,
    emergency_accesses as emergencies, finding_evidence as evidence, finding_steps as steps,
    findings, justification_requests as requests, staff_members,
};
use uuid::Uuid;

use super::{
    super::{
        model::{Conclusion, NewStep, State},
        rules::{Key, Rule},
    },
    Scope,
};
use crate::{Result, ctx::Tx};

/// Rows in one INSERT: PostgreSQL takes at most 65,535 values.
const ROWS: usize = 2000;
/// Most entries that a finding about emergency access rests on.
const MOST_ENTRIES: i64 = 500;

/// A finding that there is.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = findings, check_for_backend(Pg))]
pub(super) struct Known {
    pub(super) id: Uuid,
    pub(super) key: Uuid,
    pub(super) part: i16,
    pub(super) state: String,
    version: i32,
    pub(super) run: i32,
    reasons: Vec<String>,
    first_at: DateTime<Utc>,
    last_at: DateTime<Utc>,
    staff_member_id: Option<Uuid>,
}

impl Known {
    /// Whether it is closed.
    pub(super) fn is_closed(&self) -> bool {
        self.state == State::Closed.code()
    }
}

/// A finding to be written.
#[derive(Debug, Insertable)]
#[diesel(table_name = findings, treat_none_as_default_value = false)]
pub(super) struct NewFinding {
    tenant_id: Uuid,
    pub(super) id: Uuid,
    key: Uuid,
    part: i16,
    rule: &'static str,
    day: NaiveDate,
    person_id: Option<Uuid>,
    pub(super) staff_member_id: Option<Uuid>,
    patient_id: Option<Uuid>,
    account_id: Option<Uuid>,
    client_id: Option<Uuid>,
    source_ip: Option<String>,
    emergency_access_id: Option<Uuid>,
    pub(super) reasons: Vec<String>,
    first_at: DateTime<Utc>,
    last_at: DateTime<Utc>,
    found_at: DateTime<Utc>,
    found_version: i32,
    rule_version: i32,
    run: i32,
    pub(super) state: String,
    pub(super) version: i32,
}

impl NewFinding {
    /// Open, found by this computation.
    pub(super) fn new(
        tx: &Tx<'_>,
        id: Uuid,
        (key_id, key, part): (Uuid, &Key, i16),
        (first_at, last_at): (DateTime<Utc>, DateTime<Utc>),
        scope: &Scope,
    ) -> Self {
        Self {
            tenant_id: tx.tenant_id,
            id,
            key: key_id,
            part,
            rule: key.rule.code(),
            day: key.day,
            person_id: key.person,
            staff_member_id: None,
            patient_id: key.patient,
            account_id: key.account,
            client_id: key.client,
            source_ip: key.source.clone(),
            emergency_access_id: key.emergency,
            reasons: Vec::new(),
            first_at,
            last_at,
            found_at: tx.now,
            found_version: scope.rule_version,
            rule_version: scope.rule_version,
            run: scope.run,
            state: State::Open.code().to_owned(),
            version: 1,
        }
    }

    /// Goes on with a finding that there is: what this computation found of it before counts along, what an earlier one
    /// found does not.
    pub(super) fn join(&mut self, known: &Known, scope: &Scope) {
        self.state.clone_from(&known.state);
        self.version = known.version;
        if known.run != scope.run {
            return;
        }
        if known.first_at < self.first_at {
            self.first_at = known.first_at;
            self.staff_member_id = known.staff_member_id;
        }
        self.last_at = self.last_at.max(known.last_at);
        let all: BTreeSet<String> = self
            .reasons
            .drain(..)
            .chain(known.reasons.clone())
            .collect();
        self.reasons = all.into_iter().collect();
    }
}

/// An entry that a finding rests on.
#[derive(Debug, Insertable)]
#[diesel(table_name = evidence)]
pub(super) struct NewEvidence {
    pub(super) tenant_id: Uuid,
    pub(super) finding_id: Uuid,
    pub(super) event_id: Uuid,
    pub(super) event_at: DateTime<Utc>,
    pub(super) run: i32,
}

/// All parts of what these are about, locked in one order.
pub(super) async fn find_for_update(tx: &Tx<'_>, keys: &[Uuid]) -> Result<Vec<Known>> {
    Ok(findings::table
        .filter(findings::tenant_id.eq(tx.tenant_id))
        .filter(findings::key.eq_any(keys))
        .order(findings::id)
        .select(Known::as_select())
        .for_update()
        .load(&mut tx.conn())
        .await?)
}

/// On which of these findings each entry bears.
pub(super) async fn evidence_of(tx: &Tx<'_>, ids: &[Uuid]) -> Result<HashMap<Uuid, Vec<Uuid>>> {
    let mut found: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
    if ids.is_empty() {
        return Ok(found);
    }
    let rows: Vec<(Uuid, Uuid)> = evidence::table
        .filter(evidence::tenant_id.eq(tx.tenant_id))
        .filter(evidence::finding_id.eq_any(ids))
        .select((evidence::event_id, evidence::finding_id))
        .load(&mut tx.conn())
        .await?;
    for (event, finding) in rows {
        found.entry(event).or_default().push(finding);
    }
    Ok(found)
}

/// Which of these accounts there are.
pub(super) async fn accounts(tx: &Tx<'_>, ids: &[Uuid]) -> Result<BTreeSet<Uuid>> {
    if ids.is_empty() {
        return Ok(BTreeSet::new());
    }
    let found: Vec<Uuid> = accounts::table
        .filter(accounts::tenant_id.eq(tx.tenant_id))
        .filter(accounts::id.eq_any(ids))
        .select(accounts::id)
        .load(&mut tx.conn())
        .await?;
    Ok(found.into_iter().collect())
}

/// Which of these systems there are.
pub(super) async fn clients(tx: &Tx<'_>, ids: &[Uuid]) -> Result<BTreeSet<Uuid>> {
    if ids.is_empty() {
        return Ok(BTreeSet::new());
    }
    let found: Vec<Uuid> = clients::table
        .filter(clients::tenant_id.eq(tx.tenant_id))
        .filter(clients::id.eq_any(ids))
        .select(clients::id)
        .load(&mut tx.conn())
        .await?;
    Ok(found.into_iter().collect())
}

/// Writes findings, and what has changed of those that there are.
pub(super) async fn save_findings(tx: &Tx<'_>, new: &[NewFinding]) -> Result<()> {
    for part in new.chunks(ROWS) {
        diesel::insert_into(findings::table)
            .values(part)
            .on_conflict((findings::tenant_id, findings::id))
            .do_update()
            .set((
                findings::staff_member_id.eq(excluded(findings::staff_member_id)),
                findings::reasons.eq(excluded(findings::reasons)),
                findings::first_at.eq(excluded(findings::first_at)),
                findings::last_at.eq(excluded(findings::last_at)),
                findings::rule_version.eq(excluded(findings::rule_version)),
                findings::run.eq(excluded(findings::run)),
                findings::state.eq(excluded(findings::state)),
                findings::version.eq(excluded(findings::version)),
            ))
            .execute(&mut tx.conn())
            .await?;
    }
    Ok(())
}

/// Writes down what findings rest on; what is there already counts for this computation.
pub(super) async fn save_evidence(tx: &Tx<'_>, new: &[NewEvidence]) -> Result<()> {
    for part in new.chunks(ROWS) {
        let saved = diesel::insert_into(evidence::table)
            .values(part)
            .on_conflict((
                evidence::tenant_id,
                evidence::finding_id,
                evidence::event_id,
            ))
            .do_update()
            .set(evidence::run.eq(excluded(evidence::run)));
        // Rows that say so already are not written again.
        diesel::query_dsl::methods::FilterDsl::filter(
            saved,
            evidence::run.ne(excluded(evidence::run)),
        )
        .execute(&mut tx.conn())
        .await?;
    }
    Ok(())
}

/// Writes steps down.
pub(super) async fn insert_steps(tx: &Tx<'_>, new: &[NewStep]) -> Result<()> {
    for part in new.chunks(ROWS) {
        diesel::insert_into(steps::table)
            .values(part)
            .execute(&mut tx.conn())
            .await?;
    }
    Ok(())
}

/// Supersedes what an earlier computation found from this day on and this one did not; answers with ids and versions.
pub(super) async fn supersede(
    tx: &Tx<'_>,
    run: i32,
    first_day: NaiveDate,
) -> Result<Vec<(Uuid, i32)>> {
    Ok(diesel::update(
        findings::table
            .filter(findings::tenant_id.eq(tx.tenant_id))
            .filter(findings::day.ge(first_day))
            .filter(findings::run.lt(run))
            .filter(findings::rule.ne(Rule::ByHand.code()))
            .filter(findings::state.eq_any(State::UNFINISHED.map(State::code))),
    )
    .set((
        findings::state.eq(State::Superseded.code()),
        findings::version.eq(findings::version + 1),
    ))
    .returning((findings::id, findings::version))
    .get_results(&mut tx.conn())
    .await?)
}

/// No answer is wanted any more to what was asked about these.
pub(super) async fn end_requests(tx: &Tx<'_>, ids: &[Uuid]) -> Result<()> {
    diesel::update(
        requests::table
            .filter(requests::tenant_id.eq(tx.tenant_id))
            .filter(requests::finding_id.eq_any(ids))
            .filter(requests::answered_at.is_null())
            .filter(requests::ended_at.is_null()),
    )
    .set(requests::ended_at.eq(tx.now))
    .execute(&mut tx.conn())
    .await?;
    Ok(())
}

/// An emergency access that nobody has reviewed.
#[derive(Debug, Queryable)]
pub(super) struct Unreviewed {
    pub(super) id: Uuid,
    pub(super) patient: Uuid,
    pub(super) post: Uuid,
    pub(super) person: Uuid,
    pub(super) started_at: DateTime<Utc>,
    pub(super) expires_at: DateTime<Utc>,
    pub(super) ended_at: Option<DateTime<Utc>>,
}

/// Emergency accesses that began within this time and that nobody has reviewed.
pub(super) async fn unreviewed(
    tx: &Tx<'_>,
    since: DateTime<Utc>,
    before: DateTime<Utc>,
) -> Result<Vec<Unreviewed>> {
    Ok(emergencies::table
        .inner_join(
            staff_members::table.on(staff_members::tenant_id
                .eq(emergencies::tenant_id)
                .and(staff_members::id.eq(emergencies::staff_member_id))),
        )
        .filter(emergencies::tenant_id.eq(tx.tenant_id))
        .filter(emergencies::reviewed_at.is_null())
        .filter(emergencies::started_at.ge(since))
        .filter(emergencies::started_at.lt(before))
        .order((emergencies::started_at, emergencies::id))
        .select((
            emergencies::id,
            emergencies::patient_id,
            emergencies::staff_member_id,
            staff_members::person_id,
            emergencies::started_at,
            emergencies::expires_at,
            emergencies::ended_at,
        ))
        .load(&mut tx.conn())
        .await?)
}

/// What was done in an emergency access: the entries of its post about its patient while it ran, as far as they are sealed.
pub(super) async fn entries_of(
    tx: &Tx<'_>,
    tree: i16,
    of: &Unreviewed,
) -> Result<Vec<(DateTime<Utc>, Uuid)>> {
    let end = of.ended_at.unwrap_or(of.expires_at);
    Ok(events::table
        .inner_join(
            leaves::table.on(leaves::tenant_id
                .eq(events::tenant_id)
                .and(leaves::event_id.eq(events::id))
                .and(leaves::event_at.eq(events::at))),
        )
        .filter(events::tenant_id.eq(tx.tenant_id))
        .filter(events::staff_member_id.eq(of.post))
        .filter(events::patient_id.eq(of.patient))
        .filter(events::at.between(of.started_at, end))
        .filter(leaves::tree.eq(tree))
        .order((events::at, events::id))
        .limit(MOST_ENTRIES)
        .select((events::at, events::id))
        .load(&mut tx.conn())
        .await?)
}

/// Findings about emergency accesses that have been reviewed meanwhile: finding, version, what the review came to.
pub(super) async fn reviewed_meanwhile(tx: &Tx<'_>) -> Result<Vec<(Uuid, i32, String)>> {
    let rows: Vec<(Uuid, i32, Option<String>)> = findings::table
        .inner_join(
            emergencies::table.on(emergencies::tenant_id
                .eq(findings::tenant_id)
                .and(emergencies::id.nullable().eq(findings::emergency_access_id))),
        )
        .filter(findings::tenant_id.eq(tx.tenant_id))
        .filter(findings::emergency_access_id.is_not_null())
        .filter(findings::rule.eq(Rule::EmergencyUnreviewed.code()))
        .filter(findings::state.eq_any(State::UNFINISHED.map(State::code)))
        .filter(emergencies::reviewed_at.is_not_null())
        .order(findings::id)
        .select((findings::id, findings::version, emergencies::finding))
        .for_update()
        .load(&mut tx.conn())
        .await?;
    let complete = |(id, version, finding): (Uuid, i32, Option<String>)| {
        let conclusion = Conclusion::parse(finding.as_deref()?)?;
        Some((id, version, conclusion.code().to_owned()))
    };
    Ok(rows.into_iter().filter_map(complete).collect())
}

/// Closes a finding, as part of an act that was allowed.
pub(super) async fn close(tx: &Tx<'_>, id: Uuid, version: i32, conclusion: &str) -> Result<()> {
    diesel::update(findings::table.find((tx.tenant_id, id)))
        .set((
            findings::state.eq(State::Closed.code()),
            findings::version.eq(version),
            findings::conclusion.eq(conclusion),
            findings::closed_at.eq(tx.now),
        ))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// A question that waits for its answer too long: request, finding, person.
pub(super) async fn take_overdue(tx: &Tx<'_>, every: TimeDelta) -> Result<Vec<(Uuid, Uuid, Uuid)>> {
    Ok(diesel::update(
        requests::table
            .filter(requests::tenant_id.eq(tx.tenant_id))
            .filter(requests::answered_at.is_null())
            .filter(requests::ended_at.is_null())
            .filter(requests::due_at.lt(tx.now))
            .filter(
                requests::reminded_at
                    .is_null()
                    .or(requests::reminded_at.lt(tx.now - every)),
            ),
    )
    .set(requests::reminded_at.eq(tx.now))
    .returning((requests::id, requests::finding_id, requests::person_id))
    .get_results(&mut tx.conn())
    .await?)
}

/// Goes on to the next version of a finding without another change; answers with it.
pub(super) async fn next_version(tx: &Tx<'_>, id: Uuid) -> Result<i32> {
    Ok(diesel::update(findings::table.find((tx.tenant_id, id)))
        .set(findings::version.eq(findings::version + 1))
        .returning(findings::version)
        .get_result(&mut tx.conn())
        .await?)
}

/// Account and address of a person, if the account may be used.
pub(super) async fn address_of(
    tx: &Tx<'_>,
    person: Uuid,
) -> Result<Option<(Uuid, Option<String>)>> {
    Ok(accounts::table
        .filter(accounts::tenant_id.eq(tx.tenant_id))
        .filter(accounts::person_id.eq(person))
        .filter(accounts::suspended_at.is_null())
        .select((accounts::id, accounts::email))
        .first(&mut tx.conn())
        .await
        .optional()?)
}
