use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use tsumugi_schema::tables::{licences, staff_members};
use uuid::Uuid;

use super::{
    model::{self, LicenceStatus, NewLicence},
    policy::{Read, Write},
};
use crate::{Error, Result, ctx::Tx, features::professions, spine::access::Permit};

/// A licence as it is kept.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = licences, check_for_backend(diesel::pg::Pg))]
pub(super) struct Licence {
    pub(super) id: Uuid,
    pub(super) profession: String,
    pub(super) number: String,
    pub(super) verified_on: NaiveDate,
    pub(super) method: String,
    pub(super) valid_until: Option<NaiveDate>,
    pub(super) created_at: DateTime<Utc>,
    pub(super) revoked_at: Option<DateTime<Utc>>,
}

/// The licences of a person with the names of those who verified them, newest first.
pub(super) async fn list(
    tx: &Tx<'_>,
    _: Permit<Read>,
    person_id: Uuid,
) -> Result<Vec<(Licence, String)>> {
    Ok(licences::table
        .inner_join(
            staff_members::table.on(staff_members::tenant_id
                .eq(licences::tenant_id)
                .and(staff_members::id.eq(licences::verified_by))),
        )
        .filter(licences::tenant_id.eq(tx.tenant_id))
        .filter(licences::person_id.eq(person_id))
        .order((licences::created_at.desc(), licences::id.desc()))
        .select((Licence::as_select(), staff_members::name))
        .load(&mut tx.conn())
        .await?)
}

/// One licence with the name of whoever verified it.
pub(super) async fn find(tx: &Tx<'_>, id: Uuid) -> Result<Option<(Licence, String)>> {
    Ok(licences::table
        .inner_join(
            staff_members::table.on(staff_members::tenant_id
                .eq(licences::tenant_id)
                .and(staff_members::id.eq(licences::verified_by))),
        )
        .filter(licences::tenant_id.eq(tx.tenant_id))
        .filter(licences::id.eq(id))
        .select((Licence::as_select(), staff_members::name))
        .first(&mut tx.conn())
        .await
        .optional()?)
}

pub(super) async fn insert(tx: &Tx<'_>, _: Permit<Write>, new: &NewLicence<'_>) -> Result<()> {
    add(tx, new).await
}

/// Enters a licence as part of another act that was allowed. One with the same number of the same person is replaced;
/// of another person it is refused.
pub async fn add(tx: &Tx<'_>, new: &NewLicence<'_>) -> Result<()> {
    diesel::update(
        licences::table
            .filter(licences::tenant_id.eq(tx.tenant_id))
            .filter(licences::person_id.eq(new.person_id))
            .filter(licences::profession.eq(new.profession))
            .filter(licences::number.eq(new.number))
            .filter(licences::revoked_at.is_null()),
    )
    .set(licences::revoked_at.eq(tx.now))
    .execute(&mut tx.conn())
    .await?;
    diesel::insert_into(licences::table)
        .values((
            licences::tenant_id.eq(tx.tenant_id),
            licences::id.eq(new.id),
            licences::person_id.eq(new.person_id),
            licences::profession.eq(new.profession),
            licences::number.eq(new.number),
            licences::verified_on.eq(new.verified_on),
            licences::verified_by.eq(tx.actor.ids().0),
            licences::method.eq(new.method.code()),
            licences::valid_until.eq(new.valid_until),
            licences::created_at.eq(tx.now),
        ))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// Revokes; answers whether it counted until then.
pub(super) async fn revoke(tx: &Tx<'_>, _: Permit<Write>, id: Uuid) -> Result<bool> {
    let changed = diesel::update(
        licences::table
            .find((tx.tenant_id, id))
            .filter(licences::revoked_at.is_null()),
    )
    .set(licences::revoked_at.eq(tx.now))
    .execute(&mut tx.conn())
    .await?;
    Ok(changed == 1)
}

/// Who has these numbers: profession, number and person of every licence that counts.
pub async fn holders(tx: &Tx<'_>, numbers: &[String]) -> Result<HashMap<(String, String), Uuid>> {
    let rows: Vec<(String, String, Uuid)> = licences::table
        .filter(licences::tenant_id.eq(tx.tenant_id))
        .filter(licences::number.eq_any(numbers))
        .filter(licences::revoked_at.is_null())
        .select((licences::profession, licences::number, licences::person_id))
        .load(&mut tx.conn())
        .await?;
    Ok(rows
        .into_iter()
        .map(|(profession, number, person)| ((profession, number), person))
        .collect())
}

/// Whether a person's licence for a profession counts today (AN-15).
pub async fn status(tx: &Tx<'_>, person_id: Uuid, profession: &str) -> Result<LicenceStatus> {
    let mut all = statuses(tx, &[(person_id, profession.to_owned())]).await?;
    all.pop()
        .ok_or_else(|| Error::internal("a licence has no status"))
}

/// The same for many people with their professions, in the order in which they were given.
pub async fn statuses(tx: &Tx<'_>, people: &[(Uuid, String)]) -> Result<Vec<LicenceStatus>> {
    let ids: Vec<Uuid> = people.iter().map(|(person, _)| *person).collect();
    let known = professions::known(tx).await?;
    let rows: Vec<(Uuid, String, Option<NaiveDate>)> = licences::table
        .filter(licences::tenant_id.eq(tx.tenant_id))
        .filter(licences::person_id.eq_any(ids))
        .filter(licences::revoked_at.is_null())
        .select((
            licences::person_id,
            licences::profession,
            licences::valid_until,
        ))
        .load(&mut tx.conn())
        .await?;
    let today = tx.today();
    let one = |(person, code): &(Uuid, String)| {
        let base = known.iter().find(|known| known.code == *code);
        let Some(base) = base.map(|known| known.base).filter(|base| base.licensed) else {
            return LicenceStatus::NotRequired;
        };
        let own = rows
            .iter()
            .filter(|(of, profession, _)| of == person && *profession == base.code);
        model::worth(own.map(|(_, _, last)| *last), today)
    };
    Ok(people.iter().map(one).collect())
}
