//! One's own factors are one's own: whoever has a session sees them, and changes them after showing factors again.

use crate::{
    Error, Result,
    ctx::Tx,
    spine::{
        access::{self, Permit, Verb},
        auth::{Actor, Person},
    },
};

pub(super) struct SeeFactors;
impl Verb for SeeFactors {
    const ACTION: &'static str = "session.own";
}

pub(super) struct ChangeFactors;
impl Verb for ChangeFactors {
    const ACTION: &'static str = "session.own";
    const STEP_UP: bool = true;
}

pub(super) fn may_see<'a>(tx: &Tx<'a>) -> Result<(&'a Person, Permit<SeeFactors>)> {
    Ok((oneself(tx)?, access::on_network(tx)?))
}

pub(super) fn may_change<'a>(tx: &Tx<'a>) -> Result<(&'a Person, Permit<ChangeFactors>)> {
    Ok((oneself(tx)?, access::on_network(tx)?))
}

fn oneself<'a>(tx: &Tx<'a>) -> Result<&'a Person> {
    match tx.actor {
        Actor::Person(person) => Ok(person),
        _ => Err(Error::NotFound),
    }
}
