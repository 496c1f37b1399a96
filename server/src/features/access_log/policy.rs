//! Who may read the access log, take it away as a file, and hold maintenance against its plan.

use crate::{
    Result,
    ctx::Tx,
    spine::access::{self, Permit, Verb},
};

pub(super) struct Read;
impl Verb for Read {
    const ACTION: &'static str = "access_log.read";
}

/// A file leaves the system.
pub(super) struct Export;
impl Verb for Export {
    const ACTION: &'static str = "access_log.export";
    const STEP_UP: bool = true;
}

/// What whoever runs or built the installation did.
pub(super) struct ReadMaintenance;
impl Verb for ReadMaintenance {
    const ACTION: &'static str = "maintenance.read";
}

pub(super) fn may_list(tx: &Tx<'_>) -> Result<Permit<Read>> {
    access::on_network(tx)
}

pub(super) fn may_export(tx: &Tx<'_>) -> Result<Permit<Export>> {
    access::on_network(tx)
}

pub(super) fn may_read_maintenance(tx: &Tx<'_>) -> Result<Permit<ReadMaintenance>> {
    access::on_network(tx)
}
