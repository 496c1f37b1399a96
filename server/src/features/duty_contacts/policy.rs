//! Who may see and keep duty contacts.

use uuid::Uuid;

use super::queries;
use crate::{
    Error, Result,
    ctx::Tx,
    spine::{
        access::{self, Permit, Verb},
        audit::Denial,
        auth::{Actor, Role},
    },
};

/// The profession of whoever manages a facility.
const MANAGES: &str = "facility_administrator";

pub(super) struct List;
impl Verb for List {
    const ACTION: &'static str = "directory.read";
}

/// Who is on duty is entered as who stands in for whom.
pub(super) struct Write;
impl Verb for Write {
    const ACTION: &'static str = "substitution.write";
}

pub(super) fn may_list(tx: &Tx<'_>) -> Result<Permit<List>> {
    access::on_network(tx)
}

/// Whether the caller keeps those of this facility.
pub(super) async fn keeps(tx: &Tx<'_>, facility_id: Uuid) -> Result<bool> {
    let Actor::Person(person) = tx.actor else {
        return Ok(false);
    };
    if person.role == Role::NetworkAdministrator {
        return Ok(true);
    }
    if person.role != Role::Staff || person.facility_id != facility_id {
        return Ok(false);
    }
    Ok(person.profession == MANAGES
        || queries::is_contact(tx, facility_id, person.staff_member_id).await?)
}

/// Allows keeping those of this facility.
pub(super) async fn may_keep(tx: &Tx<'_>, facility_id: Uuid) -> Result<Permit<Write>> {
    let permit = access::on_network(tx)?;
    if keeps(tx, facility_id).await? {
        return Ok(permit);
    }
    Err(Error::Denied(Box::new(Denial {
        visible: true,
        ..Denial::hidden(Write::ACTION).on("facility", facility_id)
    })))
}
