use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::{dsl::count_star, pg::Pg, prelude::*};
use diesel_async::RunQueryDsl;
use tsumugi_schema::tables::{
    accounts, finding_evidence as evidence, finding_steps as steps, findings,
    justification_requests as requests, staff_members as posts,
};
use uuid::Uuid;

use super::super::{
    model::{NewStep, State},
    policy::{Read, Review},
};
use crate::{
    Result,
    ctx::Tx,
    spine::{access::Permit, auth::Role, page::TimeKey},
};

/// A finding.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = findings, check_for_backend(Pg))]
pub(super) struct Row {
    pub(super) id: Uuid,
    pub(super) rule: String,
    pub(super) day: NaiveDate,
    pub(super) person_id: Option<Uuid>,
    pub(super) staff_member_id: Option<Uuid>,
    pub(super) patient_id: Option<Uuid>,
    pub(super) account_id: Option<Uuid>,
    pub(super) client_id: Option<Uuid>,
    pub(super) source_ip: Option<String>,
    pub(super) emergency_access_id: Option<Uuid>,
    pub(super) reasons: Vec<String>,
    pub(super) first_at: DateTime<Utc>,
    pub(super) last_at: DateTime<Utc>,
    pub(super) found_at: DateTime<Utc>,
    pub(super) found_version: i32,
    pub(super) rule_version: i32,
    pub(super) run: i32,
    pub(super) state: String,
    pub(super) version: i32,
    pub(super) assigned_to: Option<Uuid>,
    pub(super) conclusion: Option<String>,
    pub(super) closed_at: Option<DateTime<Utc>>,
}

/// Which findings are listed.
#[derive(Debug, Default)]
pub(super) struct Filter {
    pub(super) states: Vec<&'static str>,
    pub(super) rule: Option<&'static str>,
    pub(super) person_id: Option<Uuid>,
    pub(super) patient_id: Option<Uuid>,
    pub(super) assigned_to: Option<Uuid>,
    pub(super) from: Option<NaiveDate>,
    pub(super) to: Option<NaiveDate>,
    pub(super) before: Option<TimeKey>,
    pub(super) limit: i64,
}

/// Findings, the newest entries first, one more than the limit.
pub(super) async fn page(tx: &Tx<'_>, _: Permit<Read>, filter: &Filter) -> Result<Vec<Row>> {
    let mut query = findings::table
        .filter(findings::tenant_id.eq(tx.tenant_id))
        .into_boxed();
    if !filter.states.is_empty() {
        query = query.filter(findings::state.eq_any(&filter.states));
    }
    if let Some(rule) = filter.rule {
        query = query.filter(findings::rule.eq(rule));
    }
    if let Some(person) = filter.person_id {
        query = query.filter(findings::person_id.eq(person));
    }
    if let Some(patient) = filter.patient_id {
        query = query.filter(findings::patient_id.eq(patient));
    }
    if let Some(auditor) = filter.assigned_to {
        query = query.filter(findings::assigned_to.eq(auditor));
    }
    if let Some(from) = filter.from {
        query = query.filter(findings::day.ge(from));
    }
    if let Some(to) = filter.to {
        query = query.filter(findings::day.le(to));
    }
    if let Some(TimeKey(at, id)) = filter.before {
        let older = findings::last_at.lt(at).or(findings::id.lt(id));
        query = query.filter(findings::last_at.le(at)).filter(older);
    }
    Ok(query
        .order((findings::last_at.desc(), findings::id.desc()))
        .limit(filter.limit + 1)
        .select(Row::as_select())
        .load(&mut tx.conn())
        .await?)
}

/// One finding.
pub(super) async fn find(tx: &Tx<'_>, id: Uuid) -> Result<Option<Row>> {
    Ok(findings::table
        .find((tx.tenant_id, id))
        .select(Row::as_select())
        .first(&mut tx.conn())
        .await
        .optional()?)
}

/// One finding, locked, so that steps follow each other.
pub(super) async fn find_for_update(tx: &Tx<'_>, id: Uuid) -> Result<Option<Row>> {
    Ok(findings::table
        .find((tx.tenant_id, id))
        .select(Row::as_select())
        .for_update()
        .first(&mut tx.conn())
        .await
        .optional()?)
}

/// How many findings about days of this time there are, by rule, state and conclusion.
pub(super) async fn count(
    tx: &Tx<'_>,
    _: Permit<Read>,
    (from, to): (NaiveDate, NaiveDate),
) -> Result<Vec<(String, String, Option<String>, i64)>> {
    Ok(findings::table
        .filter(findings::tenant_id.eq(tx.tenant_id))
        .filter(findings::day.between(from, to))
        .group_by((findings::rule, findings::state, findings::conclusion))
        .select((
            findings::rule,
            findings::state,
            findings::conclusion,
            count_star(),
        ))
        .load(&mut tx.conn())
        .await?)
}

/// How many questions wait for their answers too long.
pub(super) async fn count_overdue(tx: &Tx<'_>) -> Result<i64> {
    Ok(requests::table
        .filter(requests::tenant_id.eq(tx.tenant_id))
        .filter(requests::answered_at.is_null())
        .filter(requests::ended_at.is_null())
        .filter(requests::due_at.lt(tx.now))
        .count()
        .get_result(&mut tx.conn())
        .await?)
}

/// What a step changes in a finding.
#[derive(Debug, AsChangeset)]
#[diesel(table_name = findings, treat_none_as_null = true)]
pub(super) struct Change {
    pub(super) state: &'static str,
    pub(super) version: i32,
    pub(super) assigned_to: Option<Uuid>,
    pub(super) conclusion: Option<String>,
    pub(super) closed_at: Option<DateTime<Utc>>,
}

/// Takes a step: the finding changes, and the step is written down.
pub(super) async fn take_step(
    tx: &Tx<'_>,
    _: Permit<Review>,
    id: Uuid,
    change: &Change,
    step: &NewStep,
) -> Result<()> {
    save(tx, id, change, step).await
}

/// Writes down how a finding has changed, with the step.
pub(super) async fn save(tx: &Tx<'_>, id: Uuid, change: &Change, step: &NewStep) -> Result<()> {
    diesel::update(findings::table.find((tx.tenant_id, id)))
        .set(change)
        .execute(&mut tx.conn())
        .await?;
    diesel::insert_into(steps::table)
        .values(step)
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// The person of an auditor's post, if the account may be used today.
pub(super) async fn find_auditor(tx: &Tx<'_>, post: Uuid) -> Result<Option<Uuid>> {
    let today = tx.today();
    Ok(accounts::table
        .inner_join(
            posts::table.on(posts::tenant_id
                .eq(accounts::tenant_id)
                .and(posts::id.eq(accounts::staff_member_id))),
        )
        .filter(accounts::tenant_id.eq(tx.tenant_id))
        .filter(accounts::role.eq(Role::Auditor.code()))
        .filter(accounts::suspended_at.is_null())
        .filter(posts::id.eq(post))
        .filter(posts::ends_on.is_null().or(posts::ends_on.ge(today)))
        .select(accounts::person_id)
        .first(&mut tx.conn())
        .await
        .optional()?)
}

/// A finding that an auditor opens.
#[derive(Debug)]
pub(super) struct ByHand {
    pub(super) id: Uuid,
    pub(super) person_id: Option<Uuid>,
    pub(super) staff_member_id: Option<Uuid>,
    pub(super) patient_id: Option<Uuid>,
    pub(super) day: NaiveDate,
    /// Entries, in order.
    pub(super) entries: Vec<(DateTime<Utc>, Uuid)>,
}

/// Opens a finding by hand.
pub(super) async fn insert(
    tx: &Tx<'_>,
    _: Permit<Review>,
    new: &ByHand,
    (first_at, last_at): (DateTime<Utc>, DateTime<Utc>),
    (rule, step): (&'static str, &NewStep),
) -> Result<()> {
    diesel::insert_into(findings::table)
        .values((
            findings::tenant_id.eq(tx.tenant_id),
            (
                findings::id.eq(new.id),
                findings::key.eq(new.id),
                findings::part.eq(1),
            ),
            (findings::rule.eq(rule), findings::day.eq(new.day)),
            findings::person_id.eq(new.person_id),
            findings::staff_member_id.eq(new.staff_member_id),
            findings::patient_id.eq(new.patient_id),
            findings::reasons.eq(Vec::<String>::new()),
            (
                findings::first_at.eq(first_at),
                findings::last_at.eq(last_at),
            ),
            findings::found_at.eq(tx.now),
            (
                findings::found_version.eq(0),
                findings::rule_version.eq(0),
                findings::run.eq(0),
            ),
            (
                findings::state.eq(State::Open.code()),
                findings::version.eq(1),
            ),
            findings::opened_by.eq(tx.actor.ids().0),
        ))
        .execute(&mut tx.conn())
        .await?;
    let rows: Vec<_> = new
        .entries
        .iter()
        .map(|(at, event)| {
            (
                evidence::tenant_id.eq(tx.tenant_id),
                evidence::finding_id.eq(new.id),
                evidence::event_id.eq(*event),
                evidence::event_at.eq(*at),
                evidence::run.eq(0),
            )
        })
        .collect();
    diesel::insert_into(evidence::table)
        .values(rows)
        .execute(&mut tx.conn())
        .await?;
    diesel::insert_into(steps::table)
        .values(step)
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// Who holds these posts.
pub(super) async fn people_of(tx: &Tx<'_>, ids: &[Uuid]) -> Result<HashMap<Uuid, Uuid>> {
    let rows: Vec<(Uuid, Uuid)> = posts::table
        .filter(posts::tenant_id.eq(tx.tenant_id))
        .filter(posts::id.eq_any(ids))
        .select((posts::id, posts::person_id))
        .load(&mut tx.conn())
        .await?;
    Ok(rows.into_iter().collect())
}
