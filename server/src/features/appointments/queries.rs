use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use tsumugi_schema::tables::{
    appointment_people as people, appointment_versions as versions, appointments, patients,
    staff_members,
};
use uuid::Uuid;

use super::{
    model::{Exception, Plan, reach},
    policy::Allowed,
};
use crate::{Error, Result, ctx::Tx, spine::auth::Actor};

/// Most appointments that one list looks at.
pub(super) const MOST: i64 = 1_000;

/// An appointment with its newest version, as it is kept.
#[derive(Queryable)]
struct Row {
    id: Uuid,
    patient_id: Option<Uuid>,
    version: i32,
    follows: Option<Uuid>,
    created_by: Option<Uuid>,
    plan: serde_json::Value,
    exceptions: serde_json::Value,
    cancelled: bool,
    reason: Option<String>,
    written_by: Option<Uuid>,
    written_at: DateTime<Utc>,
}

/// An appointment with its newest version.
#[derive(Debug, Clone)]
pub(super) struct Appointment {
    pub(super) id: Uuid,
    pub(super) patient_id: Option<Uuid>,
    pub(super) version: i32,
    pub(super) follows: Option<Uuid>,
    pub(super) created_by: Option<Uuid>,
    pub(super) plan: Plan,
    pub(super) exceptions: Vec<Exception>,
    pub(super) cancelled: bool,
    pub(super) reason: Option<String>,
    pub(super) written_by: Option<Uuid>,
    pub(super) written_at: DateTime<Utc>,
}

impl Appointment {
    /// Whether somebody takes part in any of it.
    pub(super) fn involves(&self, staff_member: Uuid) -> bool {
        let exceptional = self
            .exceptions
            .iter()
            .filter_map(|exception| exception.plan.as_ref());
        std::iter::once(&self.plan)
            .chain(exceptional)
            .any(|plan| plan.staff().any(|id| id == staff_member))
    }
}

impl TryFrom<Row> for Appointment {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self> {
        Ok(Self {
            id: row.id,
            patient_id: row.patient_id,
            version: row.version,
            follows: row.follows,
            created_by: row.created_by,
            plan: serde_json::from_value(row.plan).map_err(Error::internal)?,
            exceptions: serde_json::from_value(row.exceptions).map_err(Error::internal)?,
            cancelled: row.cancelled,
            reason: row.reason,
            written_by: row.written_by,
            written_at: row.written_at,
        })
    }
}

/// What the newest versions are selected by.
macro_rules! newest {
    () => {
        appointments::table.inner_join(
            versions::table.on(versions::tenant_id
                .eq(appointments::tenant_id)
                .and(versions::appointment_id.eq(appointments::id))
                .and(versions::version.eq(appointments::version))),
        )
    };
}

macro_rules! columns {
    () => {
        (
            appointments::id,
            appointments::patient_id,
            appointments::version,
            appointments::follows,
            appointments::created_by,
            versions::plan,
            versions::exceptions,
            versions::cancelled,
            versions::reason,
            versions::written_by,
            versions::written_at,
        )
    };
}

fn read(rows: Vec<Row>) -> Result<Vec<Appointment>> {
    rows.into_iter().map(Appointment::try_from).collect()
}

/// Those of a patient that can be between two days.
pub(super) async fn list_of_patient(
    tx: &Tx<'_>,
    patient_id: Uuid,
    (from, to): (NaiveDate, NaiveDate),
) -> Result<Vec<Appointment>> {
    let rows = newest!()
        .filter(appointments::tenant_id.eq(tx.tenant_id))
        .filter(appointments::patient_id.eq(patient_id))
        .filter(appointments::last_on.ge(from))
        .filter(appointments::first_on.le(to))
        .filter(appointments::cancelled.eq(false))
        .order((appointments::first_on, appointments::id))
        .limit(MOST)
        .select(columns!())
        .load::<Row>(&mut tx.conn())
        .await?;
    read(rows)
}

/// Those in which somebody takes part, or took part, that can be between two days.
pub(super) async fn list_of_people(
    tx: &Tx<'_>,
    staff: &[Uuid],
    (from, to): (NaiveDate, NaiveDate),
) -> Result<Vec<Appointment>> {
    let involving = people::table
        .filter(people::tenant_id.eq(tx.tenant_id))
        .filter(people::staff_member_id.eq_any(staff))
        .select(people::appointment_id);
    let rows = newest!()
        .filter(appointments::tenant_id.eq(tx.tenant_id))
        .filter(appointments::id.eq_any(involving))
        .filter(appointments::last_on.ge(from))
        .filter(appointments::first_on.le(to))
        .filter(appointments::cancelled.eq(false))
        .order((appointments::first_on, appointments::id))
        .limit(MOST)
        .select(columns!())
        .load::<Row>(&mut tx.conn())
        .await?;
    read(rows)
}

/// One appointment.
pub(super) async fn find(tx: &Tx<'_>, id: Uuid) -> Result<Option<Appointment>> {
    let row = newest!()
        .filter(appointments::tenant_id.eq(tx.tenant_id))
        .filter(appointments::id.eq(id))
        .select(columns!())
        .first::<Row>(&mut tx.conn())
        .await
        .optional()?;
    row.map(Appointment::try_from).transpose()
}

/// Names and professions of posts.
pub(super) async fn list_posts(
    tx: &Tx<'_>,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, (String, String)>> {
    let rows: Vec<(Uuid, String, String)> = staff_members::table
        .filter(staff_members::tenant_id.eq(tx.tenant_id))
        .filter(staff_members::id.eq_any(ids))
        .select((
            staff_members::id,
            staff_members::name,
            staff_members::profession,
        ))
        .load(&mut tx.conn())
        .await?;
    Ok(rows
        .into_iter()
        .map(|(id, name, profession)| (id, (name, profession)))
        .collect())
}

/// Which of these posts are held today.
pub(super) async fn list_held(tx: &Tx<'_>, ids: &[Uuid]) -> Result<Vec<Uuid>> {
    let today = tx.today();
    Ok(staff_members::table
        .filter(staff_members::tenant_id.eq(tx.tenant_id))
        .filter(staff_members::id.eq_any(ids))
        .filter(
            staff_members::ends_on
                .is_null()
                .or(staff_members::ends_on.ge(today)),
        )
        .select(staff_members::id)
        .load(&mut tx.conn())
        .await?)
}

/// Names of patients whom the caller may see.
pub(super) async fn list_patients(tx: &Tx<'_>, ids: &[Uuid]) -> Result<HashMap<Uuid, String>> {
    let rows: Vec<(Uuid, String)> = patients::table
        .filter(patients::tenant_id.eq(tx.tenant_id))
        .filter(patients::id.eq_any(ids))
        .select((patients::id, patients::name))
        .load(&mut tx.conn())
        .await?;
    Ok(rows.into_iter().collect())
}

/// A version for the history.
#[derive(Debug, Queryable)]
pub(super) struct VersionRow {
    pub(super) version: i32,
    pub(super) plan: serde_json::Value,
    pub(super) exceptions: serde_json::Value,
    pub(super) cancelled: bool,
    pub(super) change: String,
    pub(super) reason: Option<String>,
    pub(super) written_by_name: Option<String>,
    pub(super) written_at: DateTime<Utc>,
}

/// Every version, oldest first.
pub(super) async fn list_versions(tx: &Tx<'_>, id: Uuid) -> Result<Vec<VersionRow>> {
    Ok(versions::table
        .left_join(
            staff_members::table.on(staff_members::tenant_id
                .eq(versions::tenant_id)
                .and(staff_members::id.nullable().eq(versions::written_by))),
        )
        .filter(versions::tenant_id.eq(tx.tenant_id))
        .filter(versions::appointment_id.eq(id))
        .order(versions::version)
        .select((
            versions::version,
            versions::plan,
            versions::exceptions,
            versions::cancelled,
            versions::change,
            versions::reason,
            staff_members::name.nullable(),
            versions::written_at,
        ))
        .load(&mut tx.conn())
        .await?)
}

/// An appointment to be written.
pub(super) struct New<'a> {
    pub(super) id: Uuid,
    pub(super) patient_id: Option<Uuid>,
    pub(super) follows: Option<Uuid>,
    pub(super) version: Version<'a>,
}

/// What a version says.
pub(super) struct Version<'a> {
    pub(super) plan: &'a Plan,
    pub(super) exceptions: &'a [Exception],
    pub(super) cancelled: bool,
    pub(super) change: &'static str,
    pub(super) reason: Option<&'a str>,
}

/// Who writes: a person, or nobody when the worker does.
fn author(tx: &Tx<'_>) -> Option<Uuid> {
    match tx.actor {
        Actor::Person(person) => Some(person.staff_member_id),
        Actor::System(_) | Actor::Anonymous | Actor::Worker => None,
    }
}

pub(super) async fn insert(tx: &Tx<'_>, _: &Allowed, new: &New<'_>) -> Result<()> {
    let (first, last) = reach(new.version.plan, new.version.exceptions).ok_or(Error::NotFound)?;
    diesel::insert_into(appointments::table)
        .values((
            appointments::tenant_id.eq(tx.tenant_id),
            appointments::id.eq(new.id),
            appointments::patient_id.eq(new.patient_id),
            appointments::version.eq(1),
            appointments::first_on.eq(first),
            appointments::last_on.eq(last),
            appointments::cancelled.eq(false),
            appointments::follows.eq(new.follows),
            appointments::created_at.eq(tx.now),
            appointments::created_by.eq(author(tx)),
        ))
        .execute(&mut tx.conn())
        .await?;
    put_version(tx, new.id, 1, &new.version).await
}

/// A new version. Of two writers one wins, the other hears that it is stale.
pub(super) async fn insert_version(
    tx: &Tx<'_>,
    _: &Allowed,
    id: Uuid,
    version: i32,
    new: &Version<'_>,
) -> Result<()> {
    let (first, last) = reach(new.plan, new.exceptions).ok_or(Error::NotFound)?;
    let changed = diesel::update(
        appointments::table
            .find((tx.tenant_id, id))
            .filter(appointments::version.eq(version - 1)),
    )
    .set((
        appointments::version.eq(version),
        appointments::first_on.eq(first),
        appointments::last_on.eq(last),
        appointments::cancelled.eq(new.cancelled),
    ))
    .execute(&mut tx.conn())
    .await?;
    if changed != 1 {
        return Err(Error::Stale);
    }
    put_version(tx, id, version, new).await
}

async fn put_version(tx: &Tx<'_>, id: Uuid, version: i32, new: &Version<'_>) -> Result<()> {
    diesel::insert_into(versions::table)
        .values((
            versions::tenant_id.eq(tx.tenant_id),
            versions::appointment_id.eq(id),
            versions::version.eq(version),
            versions::plan.eq(serde_json::to_value(new.plan).map_err(Error::internal)?),
            versions::exceptions.eq(serde_json::to_value(new.exceptions).map_err(Error::internal)?),
            versions::cancelled.eq(new.cancelled),
            versions::change.eq(new.change),
            versions::reason.eq(new.reason),
            versions::written_by.eq(author(tx)),
            versions::written_at.eq(tx.now),
        ))
        .execute(&mut tx.conn())
        .await?;
    let exceptional = new
        .exceptions
        .iter()
        .filter_map(|exception| exception.plan.as_ref());
    let mut staff: Vec<Uuid> = std::iter::once(new.plan)
        .chain(exceptional)
        .flat_map(Plan::staff)
        .collect();
    staff.sort_unstable();
    staff.dedup();
    let rows: Vec<_> = staff
        .iter()
        .map(|staff| {
            (
                people::tenant_id.eq(tx.tenant_id),
                people::staff_member_id.eq(*staff),
                people::appointment_id.eq(id),
            )
        })
        .collect();
    if rows.is_empty() {
        return Ok(());
    }
    diesel::insert_into(people::table)
        .values(&rows)
        .on_conflict_do_nothing()
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}
