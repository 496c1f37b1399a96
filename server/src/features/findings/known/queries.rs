use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use tsumugi_schema::tables::{
    accounts, care_team_members as members, consents, facilities, patient_relations as relations,
    patients, persons, staff_members as posts, substitutions, watched_patients as watched,
};
use uuid::Uuid;

use super::super::rules::{Consent, Membership, Relative, StandIn, Watch};
use crate::{Result, ctx::Tx};

/// A post with the person who holds it.
#[derive(Debug, Queryable)]
pub(super) struct HeldPost {
    pub(super) post: Uuid,
    pub(super) person: Uuid,
    pub(super) facility: Uuid,
    pub(super) facility_kind: String,
    pub(super) profession: String,
    pub(super) name: String,
    pub(super) kana: String,
    pub(super) home: Option<Vec<u8>>,
}

/// All posts of the people who hold these, in the order of their identifiers.
pub(super) async fn people(tx: &Tx<'_>, acted: &[Uuid]) -> Result<Vec<HeldPost>> {
    if acted.is_empty() {
        return Ok(Vec::new());
    }
    let people: Vec<Uuid> = posts::table
        .filter(posts::tenant_id.eq(tx.tenant_id))
        .filter(posts::id.eq_any(acted))
        .select(posts::person_id)
        .distinct()
        .load(&mut tx.conn())
        .await?;
    Ok(posts::table
        .inner_join(
            persons::table.on(persons::tenant_id
                .eq(posts::tenant_id)
                .and(persons::id.eq(posts::person_id))),
        )
        .inner_join(
            facilities::table.on(facilities::tenant_id
                .eq(posts::tenant_id)
                .and(facilities::id.eq(posts::facility_id))),
        )
        .filter(posts::tenant_id.eq(tx.tenant_id))
        .filter(posts::person_id.eq_any(people))
        .order(posts::id)
        .select((
            posts::id,
            posts::person_id,
            posts::facility_id,
            facilities::kind,
            posts::profession,
            persons::name,
            persons::kana,
            persons::home_digest,
        ))
        .load(&mut tx.conn())
        .await?)
}

/// A patient.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = patients, check_for_backend(diesel::pg::Pg))]
pub(super) struct Patient {
    pub(super) id: Uuid,
    pub(super) name: String,
    pub(super) kana: String,
    pub(super) address: String,
    pub(super) facility_id: Uuid,
}

pub(super) async fn patients(tx: &Tx<'_>, ids: &[Uuid]) -> Result<Vec<Patient>> {
    Ok(patients::table
        .filter(patients::tenant_id.eq(tx.tenant_id))
        .filter(patients::id.eq_any(ids))
        .select(Patient::as_select())
        .load(&mut tx.conn())
        .await?)
}

/// Whoever has or had an account for these patients.
pub(super) async fn relatives(tx: &Tx<'_>, ids: &[Uuid]) -> Result<Vec<(Uuid, Relative)>> {
    let rows: Vec<(Uuid, Uuid, String, String)> = relations::table
        .inner_join(
            accounts::table.on(accounts::tenant_id
                .eq(relations::tenant_id)
                .and(accounts::id.eq(relations::account_id))),
        )
        .inner_join(
            persons::table.on(persons::tenant_id
                .eq(accounts::tenant_id)
                .and(persons::id.eq(accounts::person_id))),
        )
        .filter(relations::tenant_id.eq(tx.tenant_id))
        .filter(relations::patient_id.eq_any(ids))
        .order(relations::id)
        .select((
            relations::patient_id,
            persons::id,
            persons::name,
            persons::kana,
        ))
        .load(&mut tx.conn())
        .await?;
    let relative = |(patient, person, name, kana)| (patient, Relative { person, name, kana });
    Ok(rows.into_iter().map(relative).collect())
}

/// When these patients are or were watched.
pub(super) async fn watches(tx: &Tx<'_>, ids: &[Uuid]) -> Result<Vec<(Uuid, Watch)>> {
    type Row = (Uuid, NaiveDate, Option<NaiveDate>, Option<DateTime<Utc>>);
    let rows: Vec<Row> = watched::table
        .filter(watched::tenant_id.eq(tx.tenant_id))
        .filter(watched::patient_id.eq_any(ids))
        .order(watched::id)
        .select((
            watched::patient_id,
            watched::starts_on,
            watched::ends_on,
            watched::ended_at,
        ))
        .load(&mut tx.conn())
        .await?;
    let watch = |(patient, starts_on, ends_on, ended_at)| {
        let watch = Watch {
            starts_on,
            ends_on,
            ended_at,
        };
        (patient, watch)
    };
    Ok(rows.into_iter().map(watch).collect())
}

/// Consents of these patients, whether they stand or not.
pub(super) async fn consents(tx: &Tx<'_>, ids: &[Uuid]) -> Result<Vec<(Uuid, Consent)>> {
    type Row = (Uuid, NaiveDate, Option<NaiveDate>, Option<DateTime<Utc>>);
    let rows: Vec<Row> = consents::table
        .filter(consents::tenant_id.eq(tx.tenant_id))
        .filter(consents::patient_id.eq_any(ids))
        .order(consents::id)
        .select((
            consents::patient_id,
            consents::granted_on,
            consents::valid_until,
            consents::withdrawn_at,
        ))
        .load(&mut tx.conn())
        .await?;
    let consent = |(patient, granted_on, valid_until, withdrawn_at)| {
        let consent = Consent {
            granted_on,
            valid_until,
            withdrawn_at,
        };
        (patient, consent)
    };
    Ok(rows.into_iter().map(consent).collect())
}

/// Memberships of these posts on the teams of these patients, over as well.
pub(super) async fn memberships(
    tx: &Tx<'_>,
    posts: &[Uuid],
    patients: &[Uuid],
) -> Result<HashMap<(Uuid, Uuid), Vec<Membership>>> {
    type Row = (Uuid, Uuid, NaiveDate, Option<NaiveDate>, DateTime<Utc>);
    let rows: Vec<Row> = members::table
        .filter(members::tenant_id.eq(tx.tenant_id))
        .filter(members::staff_member_id.eq_any(posts))
        .filter(members::patient_id.eq_any(patients))
        .order(members::id)
        .select((
            members::staff_member_id,
            members::patient_id,
            members::starts_on,
            members::ends_on,
            members::created_at,
        ))
        .load(&mut tx.conn())
        .await?;
    let mut found: HashMap<(Uuid, Uuid), Vec<Membership>> = HashMap::new();
    for (post, patient, starts_on, ends_on, created_at) in rows {
        let membership = Membership {
            starts_on,
            ends_on,
            created_at,
        };
        found.entry((post, patient)).or_default().push(membership);
    }
    Ok(found)
}

/// For whom these posts stood in at some moment of this time.
pub(super) async fn stand_ins(
    tx: &Tx<'_>,
    posts: &[Uuid],
    (first, last): (DateTime<Utc>, DateTime<Utc>),
) -> Result<HashMap<Uuid, Vec<StandIn>>> {
    type Row = (
        (Uuid, Uuid, Option<Uuid>, String),
        (
            DateTime<Utc>,
            DateTime<Utc>,
            Option<DateTime<Utc>>,
            DateTime<Utc>,
        ),
    );
    let rows: Vec<Row> = substitutions::table
        .filter(substitutions::tenant_id.eq(tx.tenant_id))
        .filter(substitutions::substitute_id.eq_any(posts))
        .filter(substitutions::starts_at.le(last))
        .filter(substitutions::ends_at.gt(first))
        .order(substitutions::id)
        .select((
            (
                substitutions::substitute_id,
                substitutions::absent_id,
                substitutions::patient_id,
                substitutions::reason,
            ),
            (
                substitutions::starts_at,
                substitutions::ends_at,
                substitutions::ended_at,
                substitutions::created_at,
            ),
        ))
        .load(&mut tx.conn())
        .await?;
    let mut found: HashMap<Uuid, Vec<StandIn>> = HashMap::new();
    for ((substitute, absent, patient, reason), (starts_at, ends_at, ended_at, created_at)) in rows
    {
        let stand_in = StandIn {
            absent,
            patient,
            on_call: reason == "on_call",
            // Before it was entered, nobody knew of it.
            starts_at: starts_at.max(created_at),
            ends_at: ended_at.map_or(ends_at, |ended| ended.min(ends_at)),
        };
        found.entry(substitute).or_default().push(stand_in);
    }
    Ok(found)
}
