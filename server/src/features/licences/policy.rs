//! Who may see and keep licences.

use crate::{
    Result,
    ctx::Tx,
    spine::access::{self, Permit, Verb},
};

pub(super) struct Read;
impl Verb for Read {
    const ACTION: &'static str = "licence.read";
}

pub(super) struct Write;
impl Verb for Write {
    const ACTION: &'static str = "licence.write";
    const STEP_UP: bool = true;
}

pub(super) fn may_list(tx: &Tx<'_>) -> Result<Permit<Read>> {
    access::on_network(tx)
}

pub(super) fn may_write(tx: &Tx<'_>) -> Result<Permit<Write>> {
    access::on_network(tx)
}
