//! Who may see and keep devices, and who may set a PIN on one.

use crate::{
    Error, Result,
    ctx::Tx,
    spine::{
        access::{self, Permit, Verb},
        auth::{Actor, Person},
    },
};

pub(super) struct Read;
impl Verb for Read {
    const ACTION: &'static str = "device.read";
}

pub(super) struct Keep;
impl Verb for Keep {
    const ACTION: &'static str = "device.keep";
    const STEP_UP: bool = true;
}

/// What everybody may do with the own shift.
pub(super) struct OwnShift;
impl Verb for OwnShift {
    const ACTION: &'static str = "session.own";
}

pub(super) fn may_list(tx: &Tx<'_>) -> Result<Permit<Read>> {
    access::on_network(tx)
}

pub(super) fn may_keep(tx: &Tx<'_>) -> Result<Permit<Keep>> {
    access::on_network(tx)
}

/// The caller, for the own shift.
pub(super) fn may_set_pin<'a>(tx: &Tx<'a>) -> Result<(&'a Person, Permit<OwnShift>)> {
    let permit = access::on_network(tx)?;
    match tx.actor {
        Actor::Person(person) => Ok((person, permit)),
        _ => Err(Error::NotFound),
    }
}
