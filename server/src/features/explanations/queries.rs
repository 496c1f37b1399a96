use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use tsumugi_schema::tables::{accounts, staff_members};
use uuid::Uuid;

use super::policy::{Explain, ReadLog};
use crate::{
    Error, Result,
    ctx::Tx,
    spine::{
        access::{self, Permit},
        audit::{self, Stored},
        auth::{Actor, Person, Role},
    },
};

/// One entry of the log.
pub(super) async fn find_entry(
    tx: &Tx<'_>,
    _: Permit<ReadLog>,
    id: Uuid,
) -> Result<Option<Stored>> {
    audit::find(tx, id).await
}

/// Somebody with a post that is held today, as the rules see the person.
pub(super) async fn find_person(
    tx: &Tx<'_>,
    _: Permit<Explain>,
    staff_member_id: Uuid,
) -> Result<Option<Actor>> {
    type Row = (Uuid, Uuid, String, Option<Uuid>, Option<String>);
    let today = tx.today();
    let found: Option<Row> = staff_members::table
        .left_join(
            accounts::table.on(accounts::tenant_id
                .eq(staff_members::tenant_id)
                .and(accounts::person_id.eq(staff_members::person_id))),
        )
        .filter(staff_members::tenant_id.eq(tx.tenant_id))
        .filter(staff_members::id.eq(staff_member_id))
        .filter(staff_members::starts_on.le(today))
        .filter(
            staff_members::ends_on
                .is_null()
                .or(staff_members::ends_on.ge(today)),
        )
        .select((
            staff_members::person_id,
            staff_members::facility_id,
            staff_members::profession,
            accounts::id.nullable(),
            accounts::role.nullable(),
        ))
        .first(&mut tx.conn())
        .await
        .optional()?;
    let Some((person_id, facility_id, profession, account_id, role)) = found else {
        return Ok(None);
    };
    let standing = access::standing(tx, &[staff_member_id])
        .await?
        .remove(&staff_member_id)
        .ok_or(Error::NotFound)?;
    Ok(Some(Actor::Person(Person {
        tenant_id: tx.tenant_id,
        account_id: account_id.unwrap_or_default(),
        session_id: Uuid::nil(),
        person_id,
        staff_member_id,
        facility_id,
        profession,
        role: role
            .and_then(|role| Role::parse(&role))
            .unwrap_or(Role::Staff),
        standing,
        authenticated_at: tx.now,
        device_id: None,
        via: None,
    })))
}
