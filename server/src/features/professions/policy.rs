//! Who may see the register and add to it.

use crate::{
    Result,
    ctx::Tx,
    spine::access::{self, Permit, Verb},
};

pub(super) struct ReadRegister;
impl Verb for ReadRegister {
    const ACTION: &'static str = "directory.read";
}

pub(super) struct Create;
impl Verb for Create {
    const ACTION: &'static str = "profession.create";
    const STEP_UP: bool = true;
}

pub(super) fn may_list(tx: &Tx<'_>) -> Result<Permit<ReadRegister>> {
    access::on_network(tx)
}

pub(super) fn may_create(tx: &Tx<'_>) -> Result<Permit<Create>> {
    access::on_network(tx)
}
