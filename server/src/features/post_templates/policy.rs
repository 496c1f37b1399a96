//! Who may use and keep templates.

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

pub(super) struct Read;
impl Verb for Read {
    const ACTION: &'static str = "directory.read";
}

pub(super) struct Keep;
impl Verb for Keep {
    const ACTION: &'static str = "post_template.keep";
}

pub(super) fn may_list(tx: &Tx<'_>) -> Result<Permit<Read>> {
    access::on_network(tx)
}

/// Whether the caller keeps templates: those of everybody, or those of the own facility.
pub(super) fn keeps_some(tx: &Tx<'_>) -> bool {
    access::offers_on_network::<Keep>(tx)
}

/// Whether the caller keeps those of everybody, if any.
pub(super) fn keeps_all(tx: &Tx<'_>) -> bool {
    matches!(tx.actor, Actor::Person(person) if person.role == Role::NetworkAdministrator)
}

/// Allows keeping a template of this facility, or of the network: administrators of a facility keep those of their own.
pub(super) fn may_keep(tx: &Tx<'_>, facility: Option<Uuid>) -> Result<Permit<Keep>> {
    let permit = access::on_network(tx)?;
    if keeps_all(tx) || facility == Some(tx.actor.ids().1) {
        return Ok(permit);
    }
    Err(Error::Denied(Box::new(Denial {
        visible: true,
        ..Denial::hidden(Keep::ACTION)
    })))
}
