//! Who may see and make clients.

use crate::{
    Result,
    ctx::Tx,
    spine::access::{self, Permit, Verb},
};

pub(super) struct Read;
impl Verb for Read {
    const ACTION: &'static str = "client.read";
}

pub(super) struct Create;
impl Verb for Create {
    const ACTION: &'static str = "client.create";
    const STEP_UP: bool = true;
}

pub(super) fn may_list(tx: &Tx<'_>) -> Result<Permit<Read>> {
    access::on_network(tx)
}

pub(super) fn may_create(tx: &Tx<'_>) -> Result<Permit<Create>> {
    access::on_network(tx)
}
