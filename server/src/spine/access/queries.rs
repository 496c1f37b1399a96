//! The ground of a decision, read from the tables of patients, consents and care teams.

use diesel::{dsl::exists, prelude::*};
use diesel_async::RunQueryDsl;
use tsumugi_schema::tables::{
    care_team_members as members, consents, patient_identifiers as identifiers, patients,
};
use uuid::Uuid;

use super::Ground;
use crate::{Result, ctx::Tx};

/// The ground of the caller for `patient_id`; nothing when there is no such patient.
pub(super) async fn ground(tx: &Tx<'_>, patient_id: Uuid) -> Result<Option<Ground>> {
    let (staff_member_id, facility_id) = tx.actor.ids();
    let today = tx.today();
    let member = exists(
        members::table
            .filter(members::tenant_id.eq(tx.tenant_id))
            .filter(members::patient_id.eq(patient_id))
            .filter(members::staff_member_id.eq(staff_member_id))
            .filter(members::starts_on.le(today))
            .filter(members::ends_on.is_null().or(members::ends_on.ge(today))),
    );
    let consented = exists(
        consents::table
            .filter(consents::tenant_id.eq(tx.tenant_id))
            .filter(consents::patient_id.eq(patient_id))
            .filter(consents::granted_on.le(today))
            .filter(consents::withdrawn_at.is_null()),
    );
    let registered = exists(
        identifiers::table
            .filter(identifiers::tenant_id.eq(tx.tenant_id))
            .filter(identifiers::patient_id.eq(patient_id))
            .filter(identifiers::facility_id.eq(facility_id)),
    );
    let found: Option<(bool, bool, bool)> = patients::table
        .find((tx.tenant_id, patient_id))
        .select((member, consented, registered))
        .first(&mut tx.conn())
        .await
        .optional()?;
    Ok(found.map(|(member, consented, registered)| Ground {
        member,
        consented,
        registered,
    }))
}
