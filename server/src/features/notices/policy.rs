//! Everybody keeps the own settings, devices and notices.

use uuid::Uuid;

use crate::{
    Error, Result,
    ctx::Tx,
    spine::{
        access::{self, Permit, Verb},
        auth::Actor,
    },
};

/// What is one's own.
pub(super) struct Own;
impl Verb for Own {
    const ACTION: &'static str = "session.own";
}

/// The account of the caller, to keep what is its own.
pub(super) fn may_keep_own(tx: &Tx<'_>) -> Result<(Uuid, Permit<Own>)> {
    let permit = access::on_network(tx)?;
    let Actor::Person(person) = tx.actor else {
        return Err(Error::NotFound);
    };
    Ok((person.account_id, permit))
}
