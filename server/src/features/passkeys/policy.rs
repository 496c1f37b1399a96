//! Who may keep passkeys: everybody, one's own.

use crate::{
    Result,
    ctx::Tx,
    spine::{
        access::{self, Permit, Verb},
        auth::{Actor, Person},
    },
};

/// Changing one's own factors.
pub(super) struct KeepOwn;
impl Verb for KeepOwn {
    const ACTION: &'static str = "session.own";
    const STEP_UP: bool = true;
}

/// The caller, who may change the own factors now.
pub(super) fn may_keep_own<'a>(tx: &Tx<'a>) -> Result<(&'a Person, Permit<KeepOwn>)> {
    let permit = access::on_network(tx)?;
    match tx.actor {
        Actor::Person(person) => Ok((person, permit)),
        _ => Err(crate::Error::NotFound),
    }
}
