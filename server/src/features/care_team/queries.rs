use chrono::NaiveDate;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use tsumugi_schema::tables::{care_team_members as members, facilities, staff_members};
use uuid::Uuid;

use super::{policy::Write, routes::CreateCareTeamMember};
use crate::{
    Result,
    ctx::Tx,
    features::{facilities::FacilityRef, staff_members::StaffMember},
    spine::{access::Permit, ids},
};

#[derive(Queryable, Selectable)]
#[diesel(table_name = members, check_for_backend(diesel::pg::Pg))]
pub(super) struct Membership {
    pub(super) id: Uuid,
    pub(super) duty: Option<String>,
    pub(super) starts_on: NaiveDate,
    pub(super) ends_on: Option<NaiveDate>,
}

/// Everybody who is or was on the team, in the order in which they came.
pub(super) async fn list(
    tx: &Tx<'_>,
    patient_id: Uuid,
) -> Result<Vec<(Membership, StaffMember, FacilityRef)>> {
    Ok(members::table
        .inner_join(
            staff_members::table.on(staff_members::tenant_id
                .eq(members::tenant_id)
                .and(staff_members::id.eq(members::staff_member_id))),
        )
        .inner_join(
            facilities::table.on(facilities::tenant_id
                .eq(staff_members::tenant_id)
                .and(facilities::id.eq(staff_members::facility_id))),
        )
        .filter(members::tenant_id.eq(tx.tenant_id))
        .filter(members::patient_id.eq(patient_id))
        .order((members::starts_on, members::id))
        .select((
            Membership::as_select(),
            StaffMember::as_select(),
            FacilityRef::as_select(),
        ))
        .load(&mut tx.conn())
        .await?)
}

/// Who is on the team today: staff member, profession, facility.
pub async fn list_current(tx: &Tx<'_>, patient_id: Uuid) -> Result<Vec<(Uuid, String, Uuid)>> {
    let today = tx.today();
    Ok(members::table
        .inner_join(
            staff_members::table.on(staff_members::tenant_id
                .eq(members::tenant_id)
                .and(staff_members::id.eq(members::staff_member_id))),
        )
        .filter(members::tenant_id.eq(tx.tenant_id))
        .filter(members::patient_id.eq(patient_id))
        .filter(members::starts_on.le(today))
        .filter(members::ends_on.is_null().or(members::ends_on.ge(today)))
        .filter(
            staff_members::ends_on
                .is_null()
                .or(staff_members::ends_on.ge(today)),
        )
        .select((
            staff_members::id,
            staff_members::profession,
            staff_members::facility_id,
        ))
        .distinct()
        .load(&mut tx.conn())
        .await?)
}

/// The first member, in the act that makes the patient.
pub async fn add_first(tx: &Tx<'_>, patient_id: Uuid, staff_member_id: Uuid) -> Result<()> {
    let first = CreateCareTeamMember {
        id: ids::new_id(),
        staff_member_id,
        duty: None,
        starts_on: tx.today(),
        ends_on: None,
    };
    put(tx, patient_id, &first).await
}

pub(super) async fn insert(
    tx: &Tx<'_>,
    _: Permit<Write>,
    patient_id: Uuid,
    new: &CreateCareTeamMember,
) -> Result<()> {
    put(tx, patient_id, new).await
}

async fn put(tx: &Tx<'_>, patient_id: Uuid, new: &CreateCareTeamMember) -> Result<()> {
    diesel::insert_into(members::table)
        .values((
            members::tenant_id.eq(tx.tenant_id),
            members::id.eq(new.id),
            members::patient_id.eq(patient_id),
            members::staff_member_id.eq(new.staff_member_id),
            members::duty.eq(&new.duty),
            members::starts_on.eq(new.starts_on),
            members::ends_on.eq(new.ends_on),
            members::created_at.eq(tx.now),
            members::created_by.eq(tx.actor.ids().0),
        ))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// A membership: patient, member, first and last day.
pub(super) async fn find(
    tx: &Tx<'_>,
    id: Uuid,
) -> Result<Option<(Uuid, Uuid, NaiveDate, Option<NaiveDate>)>> {
    Ok(members::table
        .find((tx.tenant_id, id))
        .select((
            members::patient_id,
            members::staff_member_id,
            members::starts_on,
            members::ends_on,
        ))
        .first(&mut tx.conn())
        .await
        .optional()?)
}

pub(super) async fn end(tx: &Tx<'_>, _: Permit<Write>, id: Uuid, on: NaiveDate) -> Result<()> {
    diesel::update(members::table.find((tx.tenant_id, id)))
        .set(members::ends_on.eq(on))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}
