//! Who may see and record what is withheld from patients.

use crate::{
    Result,
    ctx::Tx,
    spine::access::{self, Permit, Verb},
};

pub(super) struct Read;
impl Verb for Read {
    const ACTION: &'static str = "withholding.read";
}

pub(super) struct Keep;
impl Verb for Keep {
    const ACTION: &'static str = "withholding.keep";
    const STEP_UP: bool = true;
}

pub(super) fn may_read(tx: &Tx<'_>) -> Result<Permit<Read>> {
    access::on_network(tx)
}

pub(super) fn may_keep(tx: &Tx<'_>) -> Result<Permit<Keep>> {
    access::on_network(tx)
}
