use chrono::{DateTime, TimeDelta, Utc};
use diesel::{dsl::exists, prelude::*};
use diesel_async::RunQueryDsl;
use tsumugi_schema::tables::{duty_contacts as contacts, facilities, staff_members};
use uuid::Uuid;

use super::{model::Hours, policy::Write};
use crate::{Result, ctx::Tx, spine::access::Permit};

/// Somebody who is turned to.
#[derive(Debug, Clone, Queryable)]
pub struct DutyContact {
    /// Who.
    pub staff_member_id: Uuid,
    /// Name.
    pub(super) name: String,
    /// Profession.
    pub(super) profession: String,
    pub(super) weekdays: i16,
    pub(super) from_minute: i16,
    pub(super) to_minute: i16,
}

impl DutyContact {
    /// From when the contact is on duty, seen from `now`: `now` itself when the contact is.
    pub fn next_from(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        let hours = Hours {
            weekdays: self.weekdays,
            from: self.from_minute,
            to: self.to_minute,
        };
        // Every row has a day of the week.
        hours.next_from(now).unwrap_or(now + TimeDelta::days(7))
    }
}

/// The contacts of these facilities whose posts are held today, who is turned to first being first.
pub async fn of(tx: &Tx<'_>, facilities: &[Uuid]) -> Result<Vec<DutyContact>> {
    if facilities.is_empty() {
        return Ok(Vec::new());
    }
    let today = tx.today();
    Ok(contacts::table
        .inner_join(
            staff_members::table.on(staff_members::tenant_id
                .eq(contacts::tenant_id)
                .and(staff_members::id.eq(contacts::staff_member_id))),
        )
        .filter(contacts::tenant_id.eq(tx.tenant_id))
        .filter(contacts::facility_id.eq_any(facilities))
        .filter(staff_members::starts_on.le(today))
        .filter(
            staff_members::ends_on
                .is_null()
                .or(staff_members::ends_on.ge(today)),
        )
        .order((contacts::facility_id, contacts::position))
        .select((
            contacts::staff_member_id,
            staff_members::name,
            staff_members::profession,
            contacts::weekdays,
            contacts::from_minute,
            contacts::to_minute,
        ))
        .load(&mut tx.conn())
        .await?)
}

/// Whether somebody is a contact of a facility.
pub(super) async fn is_contact(tx: &Tx<'_>, facility_id: Uuid, person: Uuid) -> Result<bool> {
    let found = exists(
        contacts::table
            .filter(contacts::tenant_id.eq(tx.tenant_id))
            .filter(contacts::facility_id.eq(facility_id))
            .filter(contacts::staff_member_id.eq(person)),
    );
    Ok(diesel::select(found).get_result(&mut tx.conn()).await?)
}

/// Whether there is such a facility.
pub(super) async fn is_facility(tx: &Tx<'_>, facility_id: Uuid) -> Result<bool> {
    let found = exists(facilities::table.find((tx.tenant_id, facility_id)));
    Ok(diesel::select(found).get_result(&mut tx.conn()).await?)
}

/// Those of these people whose posts at the facility are held today.
pub(super) async fn list_staff(
    tx: &Tx<'_>,
    facility_id: Uuid,
    people: &[Uuid],
) -> Result<Vec<Uuid>> {
    let today = tx.today();
    Ok(staff_members::table
        .filter(staff_members::tenant_id.eq(tx.tenant_id))
        .filter(staff_members::facility_id.eq(facility_id))
        .filter(staff_members::id.eq_any(people))
        .filter(staff_members::starts_on.le(today))
        .filter(
            staff_members::ends_on
                .is_null()
                .or(staff_members::ends_on.ge(today)),
        )
        .select(staff_members::id)
        .load(&mut tx.conn())
        .await?)
}

/// Replaces the contacts of a facility.
pub(super) async fn replace(
    tx: &Tx<'_>,
    _: Permit<Write>,
    facility_id: Uuid,
    new: &[(Uuid, Hours)],
) -> Result<()> {
    diesel::delete(
        contacts::table
            .filter(contacts::tenant_id.eq(tx.tenant_id))
            .filter(contacts::facility_id.eq(facility_id)),
    )
    .execute(&mut tx.conn())
    .await?;
    let rows: Vec<_> = new
        .iter()
        .zip(1_i16..)
        .map(|((person, hours), position)| {
            (
                contacts::tenant_id.eq(tx.tenant_id),
                contacts::facility_id.eq(facility_id),
                contacts::position.eq(position),
                contacts::staff_member_id.eq(*person),
                contacts::weekdays.eq(hours.weekdays),
                contacts::from_minute.eq(hours.from),
                contacts::to_minute.eq(hours.to),
                contacts::set_by.eq(tx.actor.ids().0),
                contacts::set_at.eq(tx.now),
            )
        })
        .collect();
    diesel::insert_into(contacts::table)
        .values(&rows)
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}
