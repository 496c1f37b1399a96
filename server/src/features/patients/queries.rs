use chrono::NaiveDate;
use diesel::{
    dsl::{count_star, exists},
    prelude::*,
};
use diesel_async::RunQueryDsl;
use tsumugi_schema::tables::{
    acknowledgement_requests as requests, clients, documents, facilities,
    patient_identifiers as identifiers, patients, post_versions as versions, posts, read_marks,
    staff_members,
};
use uuid::Uuid;

use super::{
    model::{LastPost, Patient},
    policy::{AddIdentifier, Create, List},
    routes::{CreatePatient, NewIdentifier},
};
use crate::{
    Error, Result,
    ctx::Tx,
    spine::{
        access::{self, Permit, Scope},
        page::TextKey,
        text,
    },
};

/// Patients with whom the caller has to do, by kana, one more than `limit`. Whether they may be seen is for the rules.
pub(super) async fn page(
    tx: &Tx<'_>,
    _: Permit<List>,
    words: Option<&str>,
    after: Option<TextKey>,
    limit: i64,
) -> Result<Vec<Patient>> {
    let mut query = patients::table
        .filter(patients::tenant_id.eq(tx.tenant_id))
        .filter(access::candidates(tx))
        .into_boxed();
    if let Some(words) = words {
        let pattern = text::like(&text::fold(words));
        query = query.filter(
            patients::search_text.like(pattern).or(exists(
                identifiers::table
                    .filter(identifiers::tenant_id.eq(patients::tenant_id))
                    .filter(identifiers::patient_id.eq(patients::id))
                    .filter(identifiers::value.like(text::like(words.trim()))),
            )),
        );
    }
    if let Some(TextKey(key, id)) = after {
        query = query
            .filter(patients::sort_key.ge(key.clone()))
            .filter(patients::sort_key.gt(key).or(patients::id.gt(id)));
    }
    Ok(query
        .order((patients::sort_key, patients::id))
        .limit(limit + 1)
        .select(Patient::as_select())
        .load(&mut tx.conn())
        .await?)
}

/// How many posts of each patient the caller has not read, of those in `scope`; more than 100 is 100.
pub(super) async fn count_unread(
    tx: &Tx<'_>,
    ids: &[Uuid],
    scope: &Scope,
) -> Result<Vec<(Uuid, i64)>> {
    let me = tx.actor.ids().0;
    let rows = posts::table
        .left_join(
            read_marks::table.on(read_marks::tenant_id
                .eq(posts::tenant_id)
                .and(read_marks::staff_member_id.eq(me))
                .and(read_marks::patient_id.eq(posts::patient_id))),
        )
        .filter(posts::tenant_id.eq(tx.tenant_id))
        .filter(posts::patient_id.eq_any(ids))
        .filter(
            read_marks::read_until
                .nullable()
                .is_null()
                .or(posts::recorded_at
                    .nullable()
                    .gt(read_marks::read_until.nullable())
                    .assume_not_null()),
        )
        .filter(
            posts::author_staff_id
                .is_null()
                .or(posts::author_staff_id.ne(me)),
        )
        .filter(access::in_scope(scope, tx.tenant_id, me))
        .group_by(posts::patient_id)
        .select((posts::patient_id, count_star()))
        .load(&mut tx.conn())
        .await?;
    Ok(rows)
}

/// How many posts of each patient wait for the caller's acknowledgement or answer.
pub(super) async fn count_pending(tx: &Tx<'_>, ids: &[Uuid]) -> Result<Vec<(Uuid, i64)>> {
    let rows = requests::table
        .filter(requests::tenant_id.eq(tx.tenant_id))
        .filter(requests::staff_member_id.eq(tx.actor.ids().0))
        .filter(requests::patient_id.eq_any(ids))
        .filter(requests::closed_at.is_null())
        .filter(requests::part.ne("told"))
        .group_by(requests::patient_id)
        .select((
            requests::patient_id,
            diesel::dsl::count(requests::post_id).aggregate_distinct(),
        ))
        .load(&mut tx.conn())
        .await?;
    Ok(rows)
}

/// All patients with whom the caller has to do. Whether they may be seen is for the rules.
pub(super) async fn list_ids(tx: &Tx<'_>) -> Result<Vec<Uuid>> {
    Ok(patients::table
        .filter(patients::tenant_id.eq(tx.tenant_id))
        .filter(access::candidates(tx))
        .select(patients::id)
        .load(&mut tx.conn())
        .await?)
}

/// The newest post of each patient, of those in `scope`.
pub(super) async fn list_last_posts(
    tx: &Tx<'_>,
    ids: &[Uuid],
    scope: &Scope,
) -> Result<Vec<LastPost>> {
    let rows = posts::table
        .inner_join(
            versions::table.on(versions::tenant_id
                .eq(posts::tenant_id)
                .and(versions::post_id.eq(posts::id))
                .and(versions::version.eq(posts::version))),
        )
        .left_join(
            staff_members::table.on(staff_members::tenant_id
                .eq(posts::tenant_id)
                .and(staff_members::id.nullable().eq(posts::author_staff_id))),
        )
        .left_join(
            clients::table.on(clients::tenant_id
                .eq(posts::tenant_id)
                .and(clients::id.nullable().eq(posts::author_client_id))),
        )
        .left_join(
            documents::table.on(documents::tenant_id
                .eq(versions::tenant_id)
                .and(documents::id.nullable().eq(versions::document_id))),
        )
        .filter(posts::tenant_id.eq(tx.tenant_id))
        .filter(posts::patient_id.eq_any(ids))
        .filter(access::in_scope(scope, tx.tenant_id, tx.actor.ids().0))
        .distinct_on(posts::patient_id)
        .order((
            posts::patient_id,
            posts::recorded_at.desc(),
            posts::id.desc(),
        ))
        .select((
            posts::id,
            posts::patient_id,
            posts::facility_id,
            posts::kind,
            posts::information,
            posts::recorded_at,
            staff_members::name.nullable(),
            clients::name.nullable(),
            versions::body,
            versions::retracted,
            documents::excerpt.nullable(),
        ))
        .load(&mut tx.conn())
        .await?;
    Ok(rows)
}

/// One patient.
pub async fn find(tx: &Tx<'_>, id: Uuid) -> Result<Option<Patient>> {
    Ok(patients::table
        .find((tx.tenant_id, id))
        .select(Patient::as_select())
        .first(&mut tx.conn())
        .await
        .optional()?)
}

/// The patient who has this number.
pub async fn find_by_identifier(tx: &Tx<'_>, system: &str, value: &str) -> Result<Option<Uuid>> {
    Ok(identifiers::table
        .find((tx.tenant_id, system, value))
        .select(identifiers::patient_id)
        .first(&mut tx.conn())
        .await
        .optional()?)
}

/// Patients with this folded name or kana, born on this day: at most ten.
pub async fn find_by_person(
    tx: &Tx<'_>,
    names: &[String],
    birth_date: NaiveDate,
) -> Result<Vec<Uuid>> {
    let rows: Vec<(Uuid, String, String)> = patients::table
        .filter(patients::tenant_id.eq(tx.tenant_id))
        .filter(patients::birth_date.eq(birth_date))
        .limit(200)
        .select((patients::id, patients::name, patients::sort_key))
        .load(&mut tx.conn())
        .await?;
    let same = |(_, name, key): &(Uuid, String, String)| {
        names.contains(&text::fold(name)) || names.contains(key)
    };
    Ok(rows
        .into_iter()
        .filter(|row| same(row))
        .take(10)
        .map(|(id, ..)| id)
        .collect())
}

/// A number of a patient: system, value, and the facility that gave it.
pub(super) type Identifier = (String, String, Option<Uuid>, Option<String>);

pub(super) async fn list_identifiers(tx: &Tx<'_>, patient_id: Uuid) -> Result<Vec<Identifier>> {
    Ok(identifiers::table
        .left_join(
            facilities::table.on(facilities::tenant_id
                .eq(identifiers::tenant_id)
                .and(facilities::id.nullable().eq(identifiers::facility_id))),
        )
        .filter(identifiers::tenant_id.eq(tx.tenant_id))
        .filter(identifiers::patient_id.eq(patient_id))
        .order((identifiers::created_at, identifiers::value))
        .select((
            identifiers::system,
            identifiers::value,
            identifiers::facility_id,
            facilities::name.nullable(),
        ))
        .load(&mut tx.conn())
        .await?)
}

pub(super) async fn insert(
    tx: &Tx<'_>,
    _: &Permit<Create>,
    new: &CreatePatient,
    by: Uuid,
) -> Result<()> {
    diesel::insert_into(patients::table)
        .values((
            patients::tenant_id.eq(tx.tenant_id),
            patients::id.eq(new.id),
            patients::name.eq(&new.name),
            patients::kana.eq(&new.kana),
            patients::search_text.eq(text::fold(&format!("{} {}", new.name, new.kana))),
            patients::sort_key.eq(text::sort_key(&new.kana)),
            patients::birth_date.eq(new.birth_date),
            patients::sex.eq(new.sex.code()),
            patients::address.eq(&new.address),
            patients::phone.eq(&new.phone),
            patients::registered_at.eq(tx.now),
            patients::registered_by.eq(by),
            patients::facility_id.eq(tx.actor.ids().1),
        ))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// The numbers that come with a new patient.
pub(super) async fn insert_first_identifiers(
    tx: &Tx<'_>,
    _: &Permit<Create>,
    patient_id: Uuid,
    new: &[NewIdentifier],
) -> Result<()> {
    for identifier in new {
        put_identifier(tx, patient_id, identifier).await?;
    }
    Ok(())
}

pub(super) async fn insert_identifier(
    tx: &Tx<'_>,
    _: Permit<AddIdentifier>,
    patient_id: Uuid,
    new: &NewIdentifier,
) -> Result<()> {
    put_identifier(tx, patient_id, new).await
}

/// The number by which the caller's facility knows a patient who presented a registration card there. `Permit` is that
/// of reading the card.
pub async fn add_number<V>(
    tx: &Tx<'_>,
    _: Permit<V>,
    patient_id: Uuid,
    number: &NewIdentifier,
) -> Result<()> {
    put_identifier(tx, patient_id, number).await
}

async fn put_identifier(tx: &Tx<'_>, patient_id: Uuid, new: &NewIdentifier) -> Result<()> {
    let (by, facility_id) = tx.actor.ids();
    let holder = find_by_identifier(tx, &new.system, &new.value).await?;
    if let Some(holder) = holder.filter(|holder| *holder != patient_id) {
        // The refusal tells that there is a patient with this number: the access log names which.
        tx.tells_of(holder);
        return Err(Error::Conflict(
            "identifier_taken",
            "another patient has this identifier",
        ));
    }
    diesel::insert_into(identifiers::table)
        .values((
            identifiers::tenant_id.eq(tx.tenant_id),
            identifiers::system.eq(&new.system),
            identifiers::value.eq(&new.value),
            identifiers::patient_id.eq(patient_id),
            // A number is of the facility whose member enters it; insurers' numbers are of no facility.
            identifiers::facility_id.eq(new.of_facility.then_some(facility_id)),
            identifiers::created_at.eq(tx.now),
            identifiers::created_by.eq(by),
        ))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}
