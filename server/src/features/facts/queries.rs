use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::{dsl::exists, prelude::*};
use diesel_async::RunQueryDsl;
use tsumugi_schema::tables::{
    documents, facilities, fact_versions as versions, facts, patients, post_versions, posts,
    staff_members,
};
use uuid::Uuid;

use super::{
    model::{Class, Head},
    policy::Write,
};
use crate::{
    Error, Result,
    ctx::Tx,
    spine::access::{self, Permit},
};

/// A fact with the version that says what is so.
#[derive(Debug, Clone, Queryable)]
pub(super) struct Fact {
    pub(super) id: Uuid,
    pub(super) patient_id: Uuid,
    pub(super) kind: String,
    pub(super) information: String,
    pub(super) channel: String,
    pub(super) sensitivity: Option<String>,
    pub(super) version: i32,
    pub(super) said_version: i32,
    pub(super) confirmed_at: DateTime<Utc>,
    pub(super) confirmed_by: Uuid,
    pub(super) ended: bool,
    pub(super) next_on: Option<NaiveDate>,
    pub(super) value: Option<serde_json::Value>,
    pub(super) note: Option<String>,
    pub(super) confidence: Option<String>,
    pub(super) since: Option<NaiveDate>,
    pub(super) source: Option<String>,
    pub(super) source_id: Option<Uuid>,
    pub(super) source_text: Option<String>,
    pub(super) written_by: Uuid,
    pub(super) facility_id: Uuid,
    pub(super) written_at: DateTime<Utc>,
}

impl Fact {
    /// What the access rules tell it apart by.
    pub(super) fn class(&self) -> Class {
        Class {
            information: self.information.clone(),
            channel: self.channel.clone(),
            sensitivity: self.sensitivity.clone(),
        }
    }

    /// What holds of it.
    pub(super) fn head(&self) -> Head {
        Head {
            version: self.version,
            said_version: self.said_version,
            confirmed_at: self.confirmed_at,
            confirmed_by: self.confirmed_by,
            ended: self.ended,
            next_on: self.next_on,
        }
    }
}

/// A fact with what its newest saying says.
#[diesel::dsl::auto_type(no_type_alias)]
fn whole_facts() -> _ {
    facts::table.inner_join(
        versions::table.on(versions::tenant_id
            .eq(facts::tenant_id)
            .and(versions::fact_id.eq(facts::id))
            .and(versions::version.eq(facts::said_version))),
    )
}

/// The columns of [`Fact`].
macro_rules! fact_columns {
    () => {
        (
            facts::id,
            facts::patient_id,
            facts::kind,
            facts::information,
            facts::channel,
            facts::sensitivity,
            facts::version,
            facts::said_version,
            facts::confirmed_at,
            facts::confirmed_by,
            facts::ended,
            facts::next_on,
            versions::value,
            versions::note,
            versions::confidence,
            versions::since,
            versions::source,
            versions::source_id,
            versions::source_text,
            versions::written_by,
            versions::facility_id,
            versions::written_at,
        )
    };
}

/// Which facts of a patient are looked for.
#[derive(Debug, Default)]
pub(super) struct Wanted<'a> {
    /// Of this kind only.
    pub(super) kind: Option<&'a str>,
    /// Made of this post, document or sheet only, in one version or another.
    pub(super) source_id: Option<Uuid>,
    /// Those that have ended as well.
    pub(super) ended: bool,
}

/// Facts of a patient, the oldest first; who may see them is for the caller to ask.
pub(super) async fn list(tx: &Tx<'_>, patient_id: Uuid, wanted: &Wanted<'_>) -> Result<Vec<Fact>> {
    let mut query = whole_facts()
        .filter(facts::tenant_id.eq(tx.tenant_id))
        .filter(facts::patient_id.eq(patient_id))
        .order((facts::created_at, facts::id))
        .select(fact_columns!())
        .into_boxed();
    if let Some(kind) = wanted.kind {
        query = query.filter(facts::kind.eq(kind.to_owned()));
    }
    if !wanted.ended {
        query = query.filter(facts::ended.eq(false));
    }
    let mut found: Vec<Fact> = query.load(&mut tx.conn()).await?;
    if let Some(source) = wanted.source_id {
        let made: Vec<Uuid> = versions::table
            .filter(versions::tenant_id.eq(tx.tenant_id))
            .filter(versions::source_id.eq(source))
            .select(versions::fact_id)
            .load(&mut tx.conn())
            .await?;
        found.retain(|fact| made.contains(&fact.id));
    }
    Ok(found)
}

/// Facts of these patients of which something is due until a day.
pub(super) async fn list_due(
    tx: &Tx<'_>,
    patients: &[Uuid],
    until: NaiveDate,
) -> Result<Vec<Fact>> {
    Ok(whole_facts()
        .filter(facts::tenant_id.eq(tx.tenant_id))
        .filter(facts::patient_id.eq_any(patients))
        .filter(facts::next_on.is_not_null())
        .filter(facts::next_on.le(until))
        .filter(facts::ended.eq(false))
        .order((facts::next_on, facts::id))
        .select(fact_columns!())
        .load(&mut tx.conn())
        .await?)
}

/// The patients with whom the caller has to do and of whom something is due until a day.
pub(super) async fn list_due_patients(tx: &Tx<'_>, until: NaiveDate) -> Result<Vec<Uuid>> {
    let due = facts::table
        .filter(facts::tenant_id.eq(tx.tenant_id))
        .filter(facts::next_on.is_not_null())
        .filter(facts::next_on.le(until))
        .filter(facts::ended.eq(false))
        .select(facts::patient_id);
    Ok(patients::table
        .filter(patients::tenant_id.eq(tx.tenant_id))
        .filter(access::candidates(tx))
        .filter(patients::id.eq_any(due))
        .select(patients::id)
        .load(&mut tx.conn())
        .await?)
}

/// One fact.
pub(super) async fn find(tx: &Tx<'_>, id: Uuid) -> Result<Option<Fact>> {
    Ok(whole_facts()
        .filter(facts::tenant_id.eq(tx.tenant_id))
        .filter(facts::id.eq(id))
        .select(fact_columns!())
        .first(&mut tx.conn())
        .await
        .optional()?)
}

/// How many facts of a patient hold.
pub(super) async fn count(tx: &Tx<'_>, patient_id: Uuid) -> Result<i64> {
    Ok(facts::table
        .filter(facts::tenant_id.eq(tx.tenant_id))
        .filter(facts::patient_id.eq(patient_id))
        .filter(facts::ended.eq(false))
        .count()
        .get_result(&mut tx.conn())
        .await?)
}

/// Everything that was ever said of a fact.
#[derive(Debug, Clone, Queryable)]
pub(super) struct VersionRow {
    pub(super) fact_id: Uuid,
    pub(super) version: i32,
    pub(super) act: String,
    pub(super) value: Option<serde_json::Value>,
    pub(super) note: Option<String>,
    pub(super) confidence: Option<String>,
    pub(super) since: Option<NaiveDate>,
    pub(super) source: Option<String>,
    pub(super) source_id: Option<Uuid>,
    pub(super) source_text: Option<String>,
    pub(super) reason: Option<String>,
    pub(super) superseded_by: Option<Uuid>,
    pub(super) observed_at: DateTime<Utc>,
    pub(super) written_by: Uuid,
    pub(super) facility_id: Uuid,
    pub(super) written_at: DateTime<Utc>,
}

/// Every version of these facts, in order.
pub(super) async fn list_versions(tx: &Tx<'_>, ids: &[Uuid]) -> Result<Vec<VersionRow>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Ok(versions::table
        .filter(versions::tenant_id.eq(tx.tenant_id))
        .filter(versions::fact_id.eq_any(ids))
        .order((versions::fact_id, versions::version))
        .select((
            versions::fact_id,
            versions::version,
            versions::act,
            versions::value,
            versions::note,
            versions::confidence,
            versions::since,
            versions::source,
            versions::source_id,
            versions::source_text,
            versions::reason,
            versions::superseded_by,
            versions::observed_at,
            versions::written_by,
            versions::facility_id,
            versions::written_at,
        ))
        .load(&mut tx.conn())
        .await?)
}

/// A person, as a fact names one: name, profession, facility.
pub(super) type PersonRow = (String, String, String);

/// Who these people are.
pub(super) async fn list_people(tx: &Tx<'_>, ids: &[Uuid]) -> Result<HashMap<Uuid, PersonRow>> {
    let rows: Vec<(Uuid, String, String, String)> = staff_members::table
        .inner_join(
            facilities::table.on(facilities::tenant_id
                .eq(staff_members::tenant_id)
                .and(facilities::id.eq(staff_members::facility_id))),
        )
        .filter(staff_members::tenant_id.eq(tx.tenant_id))
        .filter(staff_members::id.eq_any(ids))
        .select((
            staff_members::id,
            staff_members::name,
            staff_members::profession,
            facilities::name,
        ))
        .load(&mut tx.conn())
        .await?;
    let person = |(id, name, profession, facility)| (id, (name, profession, facility));
    Ok(rows.into_iter().map(person).collect())
}

/// Those of these posts that were taken back.
pub(super) async fn list_retracted(tx: &Tx<'_>, ids: &[Uuid]) -> Result<Vec<Uuid>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let taken_back = exists(
        post_versions::table
            .filter(post_versions::tenant_id.eq(posts::tenant_id))
            .filter(post_versions::post_id.eq(posts::id))
            .filter(post_versions::retracted.eq(true)),
    );
    Ok(posts::table
        .filter(posts::tenant_id.eq(tx.tenant_id))
        .filter(posts::id.eq_any(ids))
        .filter(taken_back)
        .select(posts::id)
        .load(&mut tx.conn())
        .await?)
}

/// The facility that sent a document of this patient.
pub(super) async fn find_document(tx: &Tx<'_>, patient_id: Uuid, id: Uuid) -> Result<Option<Uuid>> {
    Ok(documents::table
        .filter(documents::tenant_id.eq(tx.tenant_id))
        .filter(documents::id.eq(id))
        .filter(documents::patient_id.eq(patient_id))
        .select(documents::facility_id)
        .first(&mut tx.conn())
        .await
        .optional()?)
}

/// A version to be written.
pub(super) struct NewVersion<'a> {
    pub(super) act: &'static str,
    pub(super) value: Option<serde_json::Value>,
    pub(super) note: Option<&'a str>,
    pub(super) confidence: Option<&'static str>,
    pub(super) since: Option<NaiveDate>,
    pub(super) source: Option<&'static str>,
    pub(super) source_id: Option<Uuid>,
    pub(super) source_text: Option<&'a str>,
    pub(super) reason: Option<&'a str>,
    pub(super) superseded_by: Option<Uuid>,
    pub(super) observed_at: DateTime<Utc>,
}

/// A new fact with what is said of it.
pub(super) async fn insert(
    tx: &Tx<'_>,
    _: Permit<Write>,
    (id, patient_id, kind): (Uuid, Uuid, &str),
    class: &Class,
    head: Head,
    version: &NewVersion<'_>,
) -> Result<()> {
    diesel::insert_into(facts::table)
        .values((
            facts::tenant_id.eq(tx.tenant_id),
            facts::id.eq(id),
            facts::patient_id.eq(patient_id),
            facts::kind.eq(kind),
            facts::information.eq(&class.information),
            facts::channel.eq(&class.channel),
            facts::sensitivity.eq(&class.sensitivity),
            facts::version.eq(head.version),
            facts::said_version.eq(head.said_version),
            facts::confirmed_at.eq(head.confirmed_at),
            facts::confirmed_by.eq(head.confirmed_by),
            facts::ended.eq(head.ended),
            facts::next_on.eq(head.next_on),
            facts::created_at.eq(tx.now),
        ))
        .execute(&mut tx.conn())
        .await?;
    put_version(tx, id, head.version, version).await
}

/// One more version. Of two writers one wins, the other hears that it is stale.
pub(super) async fn insert_version(
    tx: &Tx<'_>,
    _: Permit<Write>,
    id: Uuid,
    head: Head,
    version: &NewVersion<'_>,
) -> Result<()> {
    let changed = diesel::update(
        facts::table
            .find((tx.tenant_id, id))
            .filter(facts::version.eq(head.version - 1)),
    )
    .set((
        facts::version.eq(head.version),
        facts::said_version.eq(head.said_version),
        facts::confirmed_at.eq(head.confirmed_at),
        facts::confirmed_by.eq(head.confirmed_by),
        facts::ended.eq(head.ended),
        facts::next_on.eq(head.next_on),
    ))
    .execute(&mut tx.conn())
    .await?;
    if changed != 1 {
        return Err(Error::Stale);
    }
    put_version(tx, id, head.version, version).await
}

async fn put_version(tx: &Tx<'_>, id: Uuid, number: i32, new: &NewVersion<'_>) -> Result<()> {
    let (author, facility) = tx.actor.ids();
    diesel::insert_into(versions::table)
        .values((
            versions::tenant_id.eq(tx.tenant_id),
            versions::fact_id.eq(id),
            versions::version.eq(number),
            versions::act.eq(new.act),
            versions::value.eq(&new.value),
            versions::note.eq(new.note),
            versions::confidence.eq(new.confidence),
            versions::since.eq(new.since),
            versions::source.eq(new.source),
            versions::source_id.eq(new.source_id),
            versions::source_text.eq(new.source_text),
            versions::reason.eq(new.reason),
            versions::superseded_by.eq(new.superseded_by),
            versions::observed_at.eq(new.observed_at),
            versions::written_by.eq(author),
            versions::facility_id.eq(facility),
            versions::written_at.eq(tx.now),
        ))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}
