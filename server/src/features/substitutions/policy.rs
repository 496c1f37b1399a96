//! Who may enter substitutes.

use uuid::Uuid;

use crate::{
    Error, Result,
    ctx::Tx,
    spine::{
        access::{self, Permit, Verb},
        audit::Denial,
        auth::{Actor, Role},
    },
};

pub(super) struct List;
impl Verb for List {
    const ACTION: &'static str = "substitution.list";
}

pub(super) struct Write;
impl Verb for Write {
    const ACTION: &'static str = "substitution.write";
}

pub(super) fn may_list(tx: &Tx<'_>) -> Result<Permit<List>> {
    access::on_network(tx)
}

/// Whether the caller sees those of everybody.
pub(super) fn sees_all(tx: &Tx<'_>) -> bool {
    matches!(tx.actor, Actor::Person(person) if person.role == Role::NetworkAdministrator)
}

/// Allows entering or ending a substitute for `absent`: one's own, or as administrator. Nobody makes oneself a
/// substitute.
pub(super) fn may_write(tx: &Tx<'_>, absent: Uuid) -> Result<Permit<Write>> {
    let permit = access::on_network(tx)?;
    if absent == tx.actor.ids().0 || sees_all(tx) {
        return Ok(permit);
    }
    Err(Error::Denied(Box::new(Denial {
        visible: true,
        ..Denial::hidden(Write::ACTION).on("staff_member", absent)
    })))
}
