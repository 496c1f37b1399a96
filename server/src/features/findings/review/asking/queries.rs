use chrono::{DateTime, Utc};
use diesel::{pg::Pg, prelude::*};
use diesel_async::RunQueryDsl;
use tsumugi_schema::tables::{
    accounts, audit_events as events, finding_evidence as evidence,
    justification_requests as requests,
};
use uuid::Uuid;

use super::super::{
    super::{model::NewStep, policy::Answer},
    queries::{Change, save},
};
use crate::{
    Result,
    ctx::Tx,
    spine::{access::Permit, auth::Role, page::TimeKey},
};

/// Most accesses that the person concerned is told of.
const MOST_ACCESSES: i64 = 100;

/// A question to the person concerned.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = requests, check_for_backend(Pg))]
pub(in super::super) struct Request {
    pub(in super::super) id: Uuid,
    pub(in super::super) finding_id: Uuid,
    pub(in super::super) person_id: Uuid,
    pub(in super::super) question: String,
    pub(in super::super) asked_at: DateTime<Utc>,
    pub(in super::super) asked_by: Uuid,
    pub(in super::super) due_at: DateTime<Utc>,
    pub(in super::super) answered_at: Option<DateTime<Utc>>,
    pub(in super::super) answer: Option<String>,
    pub(in super::super) ended_at: Option<DateTime<Utc>>,
}

impl Request {
    /// Whether an answer is wanted.
    pub(in super::super) fn is_open(&self) -> bool {
        self.answered_at.is_none() && self.ended_at.is_none()
    }

    /// Whether the answer is wanted since longer than it should be.
    pub(in super::super) fn is_overdue(&self, now: DateTime<Utc>) -> bool {
        self.is_open() && self.due_at < now
    }
}

/// Whether somebody works here and has an account to answer with.
pub(super) async fn can_answer(tx: &Tx<'_>, person: Uuid) -> Result<bool> {
    let found = diesel::dsl::exists(
        accounts::table
            .filter(accounts::tenant_id.eq(tx.tenant_id))
            .filter(accounts::person_id.eq(person))
            .filter(accounts::suspended_at.is_null())
            .filter(accounts::role.ne_all([Role::Patient.code(), Role::Family.code()])),
    );
    Ok(diesel::select(found).get_result(&mut tx.conn()).await?)
}

/// Asks somebody.
pub(super) async fn insert_request(
    tx: &Tx<'_>,
    (id, finding, person): (Uuid, Uuid, Uuid),
    question: &str,
    due_at: DateTime<Utc>,
) -> Result<()> {
    diesel::insert_into(requests::table)
        .values((
            requests::tenant_id.eq(tx.tenant_id),
            requests::id.eq(id),
            requests::finding_id.eq(finding),
            requests::person_id.eq(person),
            requests::question.eq(question),
            requests::asked_at.eq(tx.now),
            requests::asked_by.eq(tx.actor.ids().0),
            requests::due_at.eq(due_at),
        ))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// Whether somebody was asked about a finding and has not answered.
pub(super) async fn is_asked(tx: &Tx<'_>, finding: Uuid) -> Result<bool> {
    let found = diesel::dsl::exists(
        requests::table
            .filter(requests::tenant_id.eq(tx.tenant_id))
            .filter(requests::finding_id.eq(finding))
            .filter(requests::answered_at.is_null())
            .filter(requests::ended_at.is_null()),
    );
    Ok(diesel::select(found).get_result(&mut tx.conn()).await?)
}

/// No answer is wanted any more.
pub(in super::super) async fn end_requests(tx: &Tx<'_>, finding: Uuid) -> Result<()> {
    diesel::update(
        requests::table
            .filter(requests::tenant_id.eq(tx.tenant_id))
            .filter(requests::finding_id.eq(finding))
            .filter(requests::answered_at.is_null())
            .filter(requests::ended_at.is_null()),
    )
    .set(requests::ended_at.eq(tx.now))
    .execute(&mut tx.conn())
    .await?;
    Ok(())
}

/// A question.
pub(super) async fn find_request(tx: &Tx<'_>, id: Uuid) -> Result<Option<Request>> {
    Ok(requests::table
        .find((tx.tenant_id, id))
        .select(Request::as_select())
        .first(&mut tx.conn())
        .await
        .optional()?)
}

/// Writes an answer down, with the step of the finding.
pub(super) async fn answer(
    tx: &Tx<'_>,
    _: Permit<Answer>,
    of: &Request,
    text: &str,
    (change, step): (&Change, &NewStep),
) -> Result<()> {
    diesel::update(requests::table.find((tx.tenant_id, of.id)))
        .set((requests::answered_at.eq(tx.now), requests::answer.eq(text)))
        .execute(&mut tx.conn())
        .await?;
    save(tx, of.finding_id, change, step).await
}

/// Questions to a person, the newest first, one more than the limit.
pub(super) async fn page_requests(
    tx: &Tx<'_>,
    _: Permit<Answer>,
    person: Uuid,
    open_only: bool,
    (before, limit): (Option<TimeKey>, i64),
) -> Result<Vec<Request>> {
    let mut query = requests::table
        .filter(requests::tenant_id.eq(tx.tenant_id))
        .filter(requests::person_id.eq(person))
        .into_boxed();
    if open_only {
        query = query
            .filter(requests::answered_at.is_null())
            .filter(requests::ended_at.is_null());
    }
    if let Some(TimeKey(at, id)) = before {
        let older = requests::asked_at.lt(at).or(requests::id.lt(id));
        query = query.filter(requests::asked_at.le(at)).filter(older);
    }
    Ok(query
        .order((requests::asked_at.desc(), requests::id.desc()))
        .limit(limit + 1)
        .select(Request::as_select())
        .load(&mut tx.conn())
        .await?)
}

/// What was done, as the person concerned is told: when, what, whether it was refused. The first ones.
pub(super) async fn list_accesses(
    tx: &Tx<'_>,
    finding: Uuid,
    run: i32,
) -> Result<Vec<(DateTime<Utc>, String, String)>> {
    Ok(evidence::table
        .inner_join(
            events::table.on(events::tenant_id
                .eq(evidence::tenant_id)
                .and(events::at.eq(evidence::event_at))
                .and(events::id.eq(evidence::event_id))),
        )
        .filter(evidence::tenant_id.eq(tx.tenant_id))
        .filter(evidence::finding_id.eq(finding))
        .filter(evidence::run.eq(run))
        .order((evidence::event_at, evidence::event_id))
        .limit(MOST_ACCESSES)
        .select((events::at, events::action, events::outcome))
        .load(&mut tx.conn())
        .await?)
}
