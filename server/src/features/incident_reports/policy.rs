//! Who may list the persons affected by a leak.

use crate::{
    Result,
    ctx::Tx,
    spine::access::{self, Permit, Verb},
};

/// Names and addresses of many leave the system.
pub(super) struct Read;
impl Verb for Read {
    const ACTION: &'static str = "incident_report.read";
    const STEP_UP: bool = true;
}

pub(super) fn may_read(tx: &Tx<'_>) -> Result<Permit<Read>> {
    access::on_network(tx)
}
