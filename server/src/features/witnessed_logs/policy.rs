//! Who may see and keep the list of witnessed logs. What a log submits is judged by its signature alone.

use crate::{
    Result,
    ctx::Tx,
    spine::access::{self, Permit, Verb},
};

pub(super) struct Read;
impl Verb for Read {
    const ACTION: &'static str = "witness.read";
}

pub(super) struct Keep;
impl Verb for Keep {
    const ACTION: &'static str = "witness.keep";
    const STEP_UP: bool = true;
}

pub(super) fn may_list(tx: &Tx<'_>) -> Result<Permit<Read>> {
    access::on_network(tx)
}

pub(super) fn may_keep(tx: &Tx<'_>) -> Result<Permit<Keep>> {
    access::on_network(tx)
}
