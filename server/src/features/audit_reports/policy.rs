//! Who may make the monthly report.

use crate::{
    Result,
    ctx::Tx,
    spine::access::{self, Permit, Verb},
};

/// A file with names leaves the system.
pub(super) struct Read;
impl Verb for Read {
    const ACTION: &'static str = "audit_report.read";
    const STEP_UP: bool = true;
}

pub(super) fn may_read(tx: &Tx<'_>) -> Result<Permit<Read>> {
    access::on_network(tx)
}
