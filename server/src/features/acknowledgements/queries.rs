use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use tsumugi_schema::tables::{
    acknowledgement_asks as asks, acknowledgement_requests as requests,
    acknowledgement_steps as steps, facilities, patients, post_versions as versions, posts,
    staff_members, substitutions,
};
use uuid::Uuid;

use super::model::{Ask, Part, State, Step};
use crate::{
    Result,
    ctx::Tx,
    spine::{ids, page::TimeKey},
};

/// A post, as far as asking about it needs it.
#[derive(Debug, Clone, Queryable)]
pub(super) struct PostRow {
    pub(super) id: Uuid,
    pub(super) patient_id: Uuid,
    pub(super) kind: String,
    pub(super) information: String,
    pub(super) channel: String,
    pub(super) sensitivity: Option<String>,
    pub(super) facility_id: Uuid,
    pub(super) author_staff_id: Option<Uuid>,
    pub(super) author_client_id: Option<Uuid>,
    pub(super) retracted: bool,
    pub(super) body: Option<String>,
}

impl PostRow {
    pub(super) fn author(&self) -> Uuid {
        let author = self.author_staff_id.or(self.author_client_id);
        author.unwrap_or_default()
    }

    pub(super) fn class(&self) -> (&str, &str, Option<&str>) {
        (
            &self.channel,
            &self.information,
            self.sensitivity.as_deref(),
        )
    }
}

/// These posts.
pub(super) async fn list_posts(tx: &Tx<'_>, ids: &[Uuid]) -> Result<Vec<PostRow>> {
    Ok(posts::table
        .inner_join(
            versions::table.on(versions::tenant_id
                .eq(posts::tenant_id)
                .and(versions::post_id.eq(posts::id))
                .and(versions::version.eq(posts::version))),
        )
        .filter(posts::tenant_id.eq(tx.tenant_id))
        .filter(posts::id.eq_any(ids))
        .select((
            posts::id,
            posts::patient_id,
            posts::kind,
            posts::information,
            posts::channel,
            posts::sensitivity,
            posts::facility_id,
            posts::author_staff_id,
            posts::author_client_id,
            versions::retracted,
            versions::body,
        ))
        .load(&mut tx.conn())
        .await?)
}

/// One post.
pub(super) async fn find_post(tx: &Tx<'_>, id: Uuid) -> Result<Option<PostRow>> {
    Ok(list_posts(tx, &[id]).await?.pop())
}

/// Somebody: post, name, profession, facility.
#[derive(Debug, Clone, Queryable)]
pub(super) struct PersonRow {
    pub(super) id: Uuid,
    pub(super) name: String,
    pub(super) profession: String,
    pub(super) facility_id: Uuid,
}

/// These people, in the order of their names.
pub(super) async fn list_people(tx: &Tx<'_>, ids: &[Uuid]) -> Result<Vec<PersonRow>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Ok(staff_members::table
        .filter(staff_members::tenant_id.eq(tx.tenant_id))
        .filter(staff_members::id.eq_any(ids))
        .order((staff_members::sort_key, staff_members::id))
        .select((
            staff_members::id,
            staff_members::name,
            staff_members::profession,
            staff_members::facility_id,
        ))
        .load(&mut tx.conn())
        .await?)
}

/// Names of facilities.
pub(super) async fn list_facilities(tx: &Tx<'_>, ids: &[Uuid]) -> Result<Vec<(Uuid, String)>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Ok(facilities::table
        .filter(facilities::tenant_id.eq(tx.tenant_id))
        .filter(facilities::id.eq_any(ids))
        .select((facilities::id, facilities::name))
        .load(&mut tx.conn())
        .await?)
}

/// Names of patients.
pub(super) async fn list_patients(tx: &Tx<'_>, ids: &[Uuid]) -> Result<Vec<(Uuid, String, Uuid)>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Ok(patients::table
        .filter(patients::tenant_id.eq(tx.tenant_id))
        .filter(patients::id.eq_any(ids))
        .select((patients::id, patients::name, patients::facility_id))
        .load(&mut tx.conn())
        .await?)
}

/// A request to be kept.
#[derive(Debug)]
pub(super) struct NewRow {
    pub(super) id: Uuid,
    pub(super) staff_member_id: Option<Uuid>,
    pub(super) profession: Option<String>,
    pub(super) facility_id: Option<Uuid>,
    /// The people of it.
    pub(super) people: Vec<Uuid>,
}

/// What all requests of one act have in common.
#[derive(Debug, Clone, Copy)]
pub(super) struct Common {
    pub(super) post_id: Uuid,
    pub(super) patient_id: Uuid,
    pub(super) due_at: Option<DateTime<Utc>>,
    pub(super) next_at: Option<DateTime<Utc>>,
    pub(super) answer: bool,
    pub(super) urgent: bool,
}

/// Keeps requests with their people; without a deadline nothing is done about them by itself.
pub(super) async fn insert(tx: &Tx<'_>, common: &Common, new: &[NewRow]) -> Result<()> {
    let step = if common.next_at.is_some() { 0_i16 } else { 3 };
    let rows: Vec<_> = new
        .iter()
        .map(|row| {
            (
                asks::tenant_id.eq(tx.tenant_id),
                asks::id.eq(row.id),
                asks::post_id.eq(common.post_id),
                asks::patient_id.eq(common.patient_id),
                asks::asked_by.eq(tx.actor.ids().0),
                asks::asked_at.eq(tx.now),
                asks::due_at.eq(common.due_at),
                asks::staff_member_id.eq(row.staff_member_id),
                asks::profession.eq(row.profession.as_deref()),
                asks::facility_id.eq(row.facility_id),
                asks::answer.eq(common.answer),
                asks::urgent.eq(common.urgent),
                asks::state.eq(State::Asked.code()),
                asks::step.eq(step),
                asks::next_at.eq(common.next_at),
            )
        })
        .collect();
    diesel::insert_into(asks::table)
        .values(&rows)
        .execute(&mut tx.conn())
        .await?;
    let people: Vec<_> = new
        .iter()
        .flat_map(|row| row.people.iter().map(|person| (row.id, *person)))
        .map(|(ask, person)| request(tx, common, ask, person, Part::Asked))
        .collect();
    diesel::insert_into(requests::table)
        .values(&people)
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

type Request = (
    diesel::dsl::Eq<requests::tenant_id, Uuid>,
    diesel::dsl::Eq<requests::ask_id, Uuid>,
    diesel::dsl::Eq<requests::post_id, Uuid>,
    diesel::dsl::Eq<requests::staff_member_id, Uuid>,
    diesel::dsl::Eq<requests::patient_id, Uuid>,
    diesel::dsl::Eq<requests::due_at, Option<DateTime<Utc>>>,
    diesel::dsl::Eq<requests::part, &'static str>,
);

fn request(tx: &Tx<'_>, common: &Common, ask: Uuid, person: Uuid, part: Part) -> Request {
    (
        requests::tenant_id.eq(tx.tenant_id),
        requests::ask_id.eq(ask),
        requests::post_id.eq(common.post_id),
        requests::staff_member_id.eq(person),
        requests::patient_id.eq(common.patient_id),
        requests::due_at.eq(common.due_at),
        requests::part.eq(part.code()),
    )
}

/// Lets somebody else have a part in a request.
pub(super) async fn add_person(tx: &Tx<'_>, ask: &Ask, person: Uuid, part: Part) -> Result<()> {
    let common = Common {
        post_id: ask.post_id,
        patient_id: ask.patient_id,
        due_at: ask.due_at,
        next_at: None,
        answer: ask.answer,
        urgent: ask.urgent,
    };
    diesel::insert_into(requests::table)
        .values(request(tx, &common, ask.id, person, part))
        .on_conflict_do_nothing()
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// One request.
pub(super) async fn find(tx: &Tx<'_>, id: Uuid) -> Result<Option<Ask>> {
    Ok(asks::table
        .find((tx.tenant_id, id))
        .select(Ask::as_select())
        .first(&mut tx.conn())
        .await
        .optional()?)
}

/// The requests of a post that are open, locked for whoever closes them.
pub(super) async fn list_open(tx: &Tx<'_>, post_id: Uuid) -> Result<Vec<Ask>> {
    Ok(asks::table
        .filter(asks::tenant_id.eq(tx.tenant_id))
        .filter(asks::post_id.eq(post_id))
        .filter(asks::closed_at.is_null())
        .order(asks::id)
        .select(Ask::as_select())
        .for_update()
        .load(&mut tx.conn())
        .await?)
}

/// The people of requests: request, person, part, until when.
pub(super) type RequestRow = (Uuid, Uuid, String, Option<DateTime<Utc>>);

pub(super) async fn list_requests(tx: &Tx<'_>, ids: &[Uuid]) -> Result<Vec<RequestRow>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Ok(requests::table
        .filter(requests::tenant_id.eq(tx.tenant_id))
        .filter(requests::ask_id.eq_any(ids))
        .select((
            requests::ask_id,
            requests::staff_member_id,
            requests::part,
            requests::closed_at,
        ))
        .load(&mut tx.conn())
        .await?)
}

/// Closes a request for everybody.
pub(super) async fn close(
    tx: &Tx<'_>,
    id: Uuid,
    state: State,
    by: Option<Uuid>,
    answer: Option<Uuid>,
) -> Result<()> {
    diesel::update(asks::table.find((tx.tenant_id, id)))
        .set((
            asks::state.eq(state.code()),
            asks::closed_at.eq(tx.now),
            asks::closed_by.eq(by),
            asks::answer_post_id.eq(answer),
            asks::next_at.eq(None::<DateTime<Utc>>),
        ))
        .execute(&mut tx.conn())
        .await?;
    diesel::update(
        requests::table
            .filter(requests::tenant_id.eq(tx.tenant_id))
            .filter(requests::ask_id.eq(id))
            .filter(requests::closed_at.is_null()),
    )
    .set(requests::closed_at.eq(tx.now))
    .execute(&mut tx.conn())
    .await?;
    Ok(())
}

/// Takes the request that is due longest and that nobody else has taken.
pub(super) async fn take_due(tx: &Tx<'_>) -> Result<Option<Ask>> {
    Ok(asks::table
        .filter(asks::tenant_id.eq(tx.tenant_id))
        .filter(asks::next_at.le(tx.now))
        .filter(asks::closed_at.is_null())
        .order((asks::next_at, asks::id))
        .select(Ask::as_select())
        .for_update()
        .skip_locked()
        .first(&mut tx.conn())
        .await
        .optional()?)
}

/// Where a request stands from now on, and what comes next and when.
pub(super) async fn advance(
    tx: &Tx<'_>,
    ask: &Ask,
    state: State,
    next: Option<(Step, DateTime<Utc>)>,
) -> Result<()> {
    let reminded_at = match state {
        State::Reminded if ask.reminded_at.is_none() => Some(tx.now),
        _ => ask.reminded_at,
    };
    diesel::update(asks::table.find((tx.tenant_id, ask.id)))
        .set((
            asks::state.eq(state.code()),
            asks::reminded_at.eq(reminded_at),
            asks::step.eq(next.map_or(3, |(step, _)| step.number())),
            asks::next_at.eq(next.map(|(_, at)| at)),
        ))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// Lets a request wait until then.
pub(super) async fn put_off(tx: &Tx<'_>, id: Uuid, until: DateTime<Utc>) -> Result<()> {
    diesel::update(asks::table.find((tx.tenant_id, id)))
        .set(asks::next_at.eq(until))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// Notes what happened.
pub(super) async fn note(
    tx: &Tx<'_>,
    ask: &Ask,
    what: &'static str,
    who: Option<Uuid>,
) -> Result<()> {
    diesel::insert_into(steps::table)
        .values((
            steps::tenant_id.eq(tx.tenant_id),
            steps::id.eq(ids::new_id()),
            steps::ask_id.eq(ask.id),
            steps::post_id.eq(ask.post_id),
            steps::at.eq(tx.now),
            steps::what.eq(what),
            steps::staff_member_id.eq(who),
        ))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// What happened to requests: request, when, what, whom.
pub(super) type StepRow = (Uuid, DateTime<Utc>, String, Option<Uuid>);

pub(super) async fn list_steps(tx: &Tx<'_>, posts: &[Uuid]) -> Result<Vec<StepRow>> {
    Ok(steps::table
        .filter(steps::tenant_id.eq(tx.tenant_id))
        .filter(steps::post_id.eq_any(posts))
        .order((steps::at, steps::id))
        .select((
            steps::ask_id,
            steps::at,
            steps::what,
            steps::staff_member_id,
        ))
        .load(&mut tx.conn())
        .await?)
}

/// The requests of posts, in the order in which they were asked.
pub(super) async fn list_of_posts(tx: &Tx<'_>, posts: &[Uuid]) -> Result<Vec<Ask>> {
    if posts.is_empty() {
        return Ok(Vec::new());
    }
    Ok(asks::table
        .filter(asks::tenant_id.eq(tx.tenant_id))
        .filter(asks::post_id.eq_any(posts))
        .order((asks::asked_at, asks::id))
        .select(Ask::as_select())
        .load(&mut tx.conn())
        .await?)
}

/// What is open for the caller, the nearest deadline first: the part, and the request.
pub(super) async fn list_mine(tx: &Tx<'_>, limit: i64) -> Result<Vec<(String, Ask)>> {
    Ok(requests::table
        .inner_join(
            asks::table.on(asks::tenant_id
                .eq(requests::tenant_id)
                .and(asks::id.eq(requests::ask_id))),
        )
        .filter(requests::tenant_id.eq(tx.tenant_id))
        .filter(requests::staff_member_id.eq(tx.actor.ids().0))
        .filter(requests::closed_at.is_null())
        .order((asks::due_at.asc().nulls_last(), asks::asked_at, asks::id))
        .limit(limit)
        .select((requests::part, Ask::as_select()))
        .load(&mut tx.conn())
        .await?)
}

/// What is open for anybody about a patient and has a deadline, the nearest first.
pub(super) async fn list_due(tx: &Tx<'_>, patient_id: Uuid, limit: i64) -> Result<Vec<Ask>> {
    Ok(asks::table
        .filter(asks::tenant_id.eq(tx.tenant_id))
        .filter(asks::patient_id.eq(patient_id))
        .filter(asks::due_at.is_not_null())
        .filter(asks::closed_at.is_null())
        .order((asks::due_at, asks::id))
        .limit(limit)
        .select(Ask::as_select())
        .load(&mut tx.conn())
        .await?)
}

/// What the caller has asked, newest first, one more than `limit`.
pub(super) async fn page_by_me(
    tx: &Tx<'_>,
    open: bool,
    before: Option<TimeKey>,
    limit: i64,
) -> Result<Vec<Ask>> {
    let mut query = asks::table
        .filter(asks::tenant_id.eq(tx.tenant_id))
        .filter(asks::asked_by.eq(tx.actor.ids().0))
        .into_boxed();
    if open {
        query = query.filter(asks::closed_at.is_null());
    }
    if let Some(TimeKey(at, id)) = before {
        query = query
            .filter(asks::asked_at.le(at))
            .filter(asks::asked_at.lt(at).or(asks::id.lt(id)));
    }
    Ok(query
        .order((asks::asked_at.desc(), asks::id.desc()))
        .limit(limit + 1)
        .select(Ask::as_select())
        .load(&mut tx.conn())
        .await?)
}

/// Who stands in for these people with this patient at this moment: whoever stands in for this patient first.
pub(super) async fn list_substitutes(
    tx: &Tx<'_>,
    absent: &[Uuid],
    patient_id: Uuid,
) -> Result<Vec<Uuid>> {
    Ok(substitutions::table
        .filter(substitutions::tenant_id.eq(tx.tenant_id))
        .filter(substitutions::absent_id.eq_any(absent))
        .filter(substitutions::starts_at.le(tx.now))
        .filter(substitutions::ends_at.gt(tx.now))
        .filter(substitutions::ended_at.is_null())
        .filter(
            substitutions::patient_id
                .is_null()
                .or(substitutions::patient_id.eq(patient_id)),
        )
        .order((
            substitutions::patient_id.asc().nulls_last(),
            substitutions::starts_at.desc(),
            substitutions::id,
        ))
        .select(substitutions::substitute_id)
        .load(&mut tx.conn())
        .await?)
}
