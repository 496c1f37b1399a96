use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::{dsl::count_star, prelude::*};
use diesel_async::RunQueryDsl;
use tsumugi_schema::tables::{
    accounts, audit_events as log, clients, emergency_accesses as emergencies, facilities,
    finding_steps as steps, findings, legal_holds as holds, patients, sessions,
    staff_members as posts,
};
use uuid::Uuid;

use super::super::{counts::number, policy::Read};
use crate::{
    Result,
    ctx::Tx,
    features::{emergency_access::REVIEW_DUE, findings::unfinished, staff_members},
    print::EmergencyCounts,
    spine::{access::Permit, auth::Role},
};

/// A span of time, the end not included.
pub(super) type Span = (DateTime<Utc>, DateTime<Utc>);

/// A use of emergency access.
#[derive(Debug, Queryable)]
pub(super) struct Emergency {
    pub(super) patient_id: Uuid,
    pub(super) started_at: DateTime<Utc>,
    pub(super) expires_at: DateTime<Utc>,
    pub(super) ended_at: Option<DateTime<Utc>>,
    pub(super) reason: String,
    pub(super) reviewed_at: Option<DateTime<Utc>>,
    pub(super) reviewed_by: Option<Uuid>,
    pub(super) finding: Option<String>,
    pub(super) review_note: Option<String>,
    pub(super) patient: String,
    pub(super) person: String,
    pub(super) profession: String,
    pub(super) facility: String,
}

/// Uses of emergency access that began in a time, the first first.
pub(super) async fn list_emergencies(
    tx: &Tx<'_>,
    _: &Permit<Read>,
    (from, until): Span,
    limit: i64,
) -> Result<Vec<Emergency>> {
    Ok(emergencies::table
        .inner_join(
            patients::table.on(patients::tenant_id
                .eq(emergencies::tenant_id)
                .and(patients::id.eq(emergencies::patient_id))),
        )
        .inner_join(
            posts::table.on(posts::tenant_id
                .eq(emergencies::tenant_id)
                .and(posts::id.eq(emergencies::staff_member_id))),
        )
        .inner_join(
            facilities::table.on(facilities::tenant_id
                .eq(posts::tenant_id)
                .and(facilities::id.eq(posts::facility_id))),
        )
        .filter(emergencies::tenant_id.eq(tx.tenant_id))
        .filter(emergencies::started_at.ge(from))
        .filter(emergencies::started_at.lt(until))
        .order((emergencies::started_at, emergencies::id))
        .limit(limit)
        .select((
            emergencies::patient_id,
            emergencies::started_at,
            emergencies::expires_at,
            emergencies::ended_at,
            emergencies::reason,
            emergencies::reviewed_at,
            emergencies::reviewed_by,
            emergencies::finding,
            emergencies::review_note,
            patients::name,
            posts::name,
            posts::profession,
            facilities::name,
        ))
        .load(&mut tx.conn())
        .await?)
}

/// How many uses of emergency access began in a time, and how many of them nobody has reviewed.
pub(super) async fn count_emergencies(
    tx: &Tx<'_>,
    _: &Permit<Read>,
    (from, until): Span,
) -> Result<EmergencyCounts> {
    let all = || {
        emergencies::table
            .filter(emergencies::tenant_id.eq(tx.tenant_id))
            .filter(emergencies::started_at.ge(from))
            .filter(emergencies::started_at.lt(until))
            .into_boxed()
    };
    let waiting = || all().filter(emergencies::reviewed_at.is_null());
    let overdue = waiting().filter(emergencies::started_at.lt(tx.now - REVIEW_DUE));
    let conn = &mut tx.conn();
    Ok(EmergencyCounts {
        all: number(all().count().get_result(conn).await?),
        waiting: number(waiting().count().get_result(conn).await?),
        overdue: number(overdue.count().get_result(conn).await?),
    })
}

/// Findings, counted by rule.
#[derive(Debug)]
pub(super) struct Found {
    /// Found in the time, and still what the rules find.
    pub(super) new: Vec<(String, i64)>,
    /// Not reviewed yet, found at its end at the latest.
    pub(super) open: Vec<(String, i64)>,
    /// Closed in the time, by conclusion.
    pub(super) closed: Vec<(String, Option<String>, i64)>,
}

pub(super) async fn count_findings(
    tx: &Tx<'_>,
    _: &Permit<Read>,
    (from, until): Span,
) -> Result<Found> {
    let new = findings::table
        .filter(findings::tenant_id.eq(tx.tenant_id))
        .filter(findings::found_at.ge(from))
        .filter(findings::found_at.lt(until))
        .filter(findings::state.ne("superseded"))
        .group_by(findings::rule)
        .select((findings::rule, count_star()))
        .load(&mut tx.conn());
    let new = new.await?;
    let open = findings::table
        .filter(findings::tenant_id.eq(tx.tenant_id))
        .filter(findings::found_at.lt(until))
        .filter(findings::state.eq_any(unfinished()))
        .group_by(findings::rule)
        .select((findings::rule, count_star()))
        .load(&mut tx.conn());
    let open = open.await?;
    let closed = findings::table
        .filter(findings::tenant_id.eq(tx.tenant_id))
        .filter(findings::state.eq("closed"))
        .filter(findings::closed_at.ge(from))
        .filter(findings::closed_at.lt(until))
        .group_by((findings::rule, findings::conclusion))
        .select((findings::rule, findings::conclusion, count_star()))
        .load(&mut tx.conn());
    Ok(Found {
        new,
        open,
        closed: closed.await?,
    })
}

/// A finding whose review has ended.
#[derive(Debug, Queryable)]
pub(super) struct Reviewed {
    pub(super) rule: String,
    pub(super) day: NaiveDate,
    pub(super) conclusion: Option<String>,
    pub(super) closed_at: DateTime<Utc>,
    pub(super) closed_by: Option<Uuid>,
    pub(super) note: Option<String>,
    pub(super) person: Option<String>,
    pub(super) facility: Option<String>,
    pub(super) patient_id: Option<Uuid>,
    pub(super) patient: Option<String>,
    pub(super) login_name: Option<String>,
    pub(super) client: Option<String>,
    pub(super) source_ip: Option<String>,
}

#[diesel::dsl::auto_type(no_type_alias)]
fn with_subjects() -> _ {
    findings::table
        .left_join(
            posts::table.on(posts::tenant_id
                .eq(findings::tenant_id)
                .and(findings::staff_member_id.eq(posts::id.nullable()))),
        )
        .left_join(
            facilities::table.on(facilities::tenant_id
                .eq(findings::tenant_id)
                .and(facilities::id.nullable().eq(posts::facility_id.nullable()))),
        )
        .left_join(
            patients::table.on(patients::tenant_id
                .eq(findings::tenant_id)
                .and(findings::patient_id.eq(patients::id.nullable()))),
        )
        .left_join(
            accounts::table.on(accounts::tenant_id
                .eq(findings::tenant_id)
                .and(findings::account_id.eq(accounts::id.nullable()))),
        )
        .left_join(
            clients::table.on(clients::tenant_id
                .eq(findings::tenant_id)
                .and(findings::client_id.eq(clients::id.nullable()))),
        )
}

/// Findings that were closed in a time, the first first, with the step that closed them.
pub(super) async fn list_reviewed(
    tx: &Tx<'_>,
    _: &Permit<Read>,
    (from, until): Span,
    limit: i64,
) -> Result<Vec<Reviewed>> {
    Ok(with_subjects()
        .left_join(
            steps::table.on(steps::tenant_id
                .eq(findings::tenant_id)
                .and(steps::finding_id.eq(findings::id))
                .and(steps::kind.eq("closed"))
                .and(findings::closed_at.eq(steps::at.nullable()))),
        )
        .filter(findings::tenant_id.eq(tx.tenant_id))
        .filter(findings::state.eq("closed"))
        .filter(findings::closed_at.ge(from))
        .filter(findings::closed_at.lt(until))
        .order((findings::closed_at, findings::id))
        .limit(limit)
        .select((
            findings::rule,
            findings::day,
            findings::conclusion,
            findings::closed_at.assume_not_null(),
            steps::staff_member_id.nullable(),
            steps::note.nullable(),
            posts::name.nullable(),
            facilities::name.nullable(),
            findings::patient_id,
            patients::name.nullable(),
            accounts::login_name.nullable(),
            clients::name.nullable(),
            findings::source_ip,
        ))
        .load(&mut tx.conn())
        .await?)
}

/// A session of somebody of the vendor or operator.
#[derive(Debug, Queryable)]
pub(super) struct Session {
    pub(super) id: Uuid,
    pub(super) post_id: Uuid,
    pub(super) created_at: DateTime<Utc>,
    pub(super) last_seen_at: DateTime<Utc>,
    pub(super) idle_minutes: i32,
    pub(super) expires_at: DateTime<Utc>,
    pub(super) revoked_at: Option<DateTime<Utc>>,
    pub(super) person: String,
    pub(super) work_plan: Option<String>,
    pub(super) facility: String,
}

#[diesel::dsl::auto_type(no_type_alias)]
fn with_posts() -> _ {
    sessions::table
        .inner_join(
            posts::table.on(posts::tenant_id
                .eq(sessions::tenant_id)
                .and(posts::id.eq(sessions::staff_member_id))),
        )
        .inner_join(
            facilities::table.on(facilities::tenant_id
                .eq(posts::tenant_id)
                .and(facilities::id.eq(posts::facility_id))),
        )
}

/// Sessions that began in a time, the first first.
pub(super) async fn list_sessions(
    tx: &Tx<'_>,
    _: &Permit<Read>,
    (from, until): Span,
    limit: i64,
) -> Result<Vec<Session>> {
    Ok(with_posts()
        .filter(sessions::tenant_id.eq(tx.tenant_id))
        // The code of the profession is that of the role.
        .filter(posts::profession.eq(Role::Support.code()))
        .filter(sessions::created_at.ge(from))
        .filter(sessions::created_at.lt(until))
        .order((sessions::created_at, sessions::id))
        .limit(limit)
        .select((
            sessions::id,
            posts::id,
            sessions::created_at,
            sessions::last_seen_at,
            sessions::idle_minutes,
            sessions::expires_at,
            sessions::revoked_at,
            posts::name,
            posts::work_plan,
            facilities::name,
        ))
        .load(&mut tx.conn())
        .await?)
}

pub(super) async fn count_sessions(
    tx: &Tx<'_>,
    _: &Permit<Read>,
    (from, until): Span,
) -> Result<u64> {
    let count = with_posts()
        .filter(sessions::tenant_id.eq(tx.tenant_id))
        .filter(posts::profession.eq(Role::Support.code()))
        .filter(sessions::created_at.ge(from))
        .filter(sessions::created_at.lt(until))
        .select(count_star())
        .first(&mut tx.conn());
    Ok(number(count.await?))
}

/// Entries of a time by session.
pub(super) async fn count_acts(
    tx: &Tx<'_>,
    _: &Permit<Read>,
    sessions: &[Uuid],
    (from, until): Span,
) -> Result<HashMap<Uuid, u64>> {
    let rows: Vec<(Option<Uuid>, i64)> = log::table
        .filter(log::tenant_id.eq(tx.tenant_id))
        .filter(log::session_id.eq_any(sessions))
        .filter(log::at.ge(from))
        .filter(log::at.lt(until))
        .group_by(log::session_id)
        .select((log::session_id, count_star()))
        .load(&mut tx.conn())
        .await?;
    let count = |(id, count): (Option<Uuid>, i64)| Some((id?, number(count)));
    Ok(rows.into_iter().filter_map(count).collect())
}

/// Who let these people in, as far as the log in the database goes back: names by post.
pub(super) async fn list_approvers(
    tx: &Tx<'_>,
    _: &Permit<Read>,
    let_in: &[Uuid],
) -> Result<HashMap<Uuid, String>> {
    let rows: Vec<(Option<Uuid>, Option<Uuid>)> = log::table
        .filter(log::tenant_id.eq(tx.tenant_id))
        .filter(log::action.eq("staff_member.create"))
        .filter(log::outcome.eq("allowed"))
        .filter(log::resource_id.eq_any(let_in))
        .select((log::resource_id, log::staff_member_id))
        .load(&mut tx.conn())
        .await?;
    let by: Vec<Uuid> = rows.iter().filter_map(|(_, by)| *by).collect();
    let names = staff_members::names(tx, &by).await?;
    let name = |(post, by): (Option<Uuid>, Option<Uuid>)| Some((post?, names.get(&by?)?.clone()));
    Ok(rows.into_iter().filter_map(name).collect())
}

/// A legal hold.
#[derive(Debug, Queryable)]
pub(super) struct Hold {
    pub(super) from_on: NaiveDate,
    pub(super) to_on: NaiveDate,
    pub(super) patient_id: Option<Uuid>,
    pub(super) staff_member_id: Option<Uuid>,
    pub(super) reason: String,
    pub(super) created_at: DateTime<Utc>,
    pub(super) created_by: Uuid,
    pub(super) released_at: Option<DateTime<Utc>>,
    pub(super) patient: Option<String>,
}

/// Legal holds that stood in a time, the oldest first.
pub(super) async fn list_holds(
    tx: &Tx<'_>,
    _: &Permit<Read>,
    (from, until): Span,
    limit: i64,
) -> Result<Vec<Hold>> {
    Ok(holds::table
        .left_join(
            patients::table.on(patients::tenant_id
                .eq(holds::tenant_id)
                .and(holds::patient_id.eq(patients::id.nullable()))),
        )
        .filter(holds::tenant_id.eq(tx.tenant_id))
        .filter(holds::created_at.lt(until))
        .filter(holds::released_at.is_null().or(holds::released_at.ge(from)))
        .order((holds::created_at, holds::id))
        .limit(limit)
        .select((
            holds::from_on,
            holds::to_on,
            holds::patient_id,
            holds::staff_member_id,
            holds::reason,
            holds::created_at,
            holds::created_by,
            holds::released_at,
            patients::name.nullable(),
        ))
        .load(&mut tx.conn())
        .await?)
}

pub(super) async fn count_holds(tx: &Tx<'_>, _: &Permit<Read>, (from, until): Span) -> Result<u64> {
    let count = holds::table
        .filter(holds::tenant_id.eq(tx.tenant_id))
        .filter(holds::created_at.lt(until))
        .filter(holds::released_at.is_null().or(holds::released_at.ge(from)))
        .count()
        .get_result(&mut tx.conn());
    Ok(number(count.await?))
}
