//! Who may see and keep accounts.

use crate::{
    Error, Result,
    ctx::Tx,
    spine::{
        access::{self, Permit, Verb},
        auth::Actor,
    },
};

use uuid::Uuid;

pub(super) struct Read;
impl Verb for Read {
    const ACTION: &'static str = "account.read";
}

pub(super) struct Keep;
impl Verb for Keep {
    const ACTION: &'static str = "account.keep";
    const STEP_UP: bool = true;
}

pub(super) fn may_read(tx: &Tx<'_>) -> Result<Permit<Read>> {
    access::on_network(tx)
}

pub(super) fn may_keep(tx: &Tx<'_>) -> Result<Permit<Keep>> {
    access::on_network(tx)
}

/// The same for what would lock an administrator out who does it to the own account.
pub(super) fn may_keep_other(tx: &Tx<'_>, account_id: Uuid) -> Result<Permit<Keep>> {
    let permit = access::on_network(tx)?;
    match tx.actor {
        Actor::Person(person) if person.account_id == account_id => Err(Error::Conflict(
            "own_account",
            "another administrator has to do this",
        )),
        _ => Ok(permit),
    }
}
