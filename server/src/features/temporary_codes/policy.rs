//! Who may give and end temporary codes.

use crate::{
    Result,
    ctx::Tx,
    spine::access::{self, Permit, Verb},
};

pub(super) struct Keep;
impl Verb for Keep {
    const ACTION: &'static str = "account.keep";
    const STEP_UP: bool = true;
}

pub(super) fn may_keep(tx: &Tx<'_>) -> Result<Permit<Keep>> {
    access::on_network(tx)
}
