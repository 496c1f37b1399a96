//! Who may see, begin and release legal holds.

use crate::{
    Result,
    ctx::Tx,
    spine::access::{self, Permit, Verb},
};

pub(super) struct Read;
impl Verb for Read {
    const ACTION: &'static str = "legal_hold.read";
}

/// To hold takes nothing away from anybody.
pub(super) struct Create;
impl Verb for Create {
    const ACTION: &'static str = "legal_hold.create";
}

pub(super) struct Release;
impl Verb for Release {
    const ACTION: &'static str = "legal_hold.release";
    const STEP_UP: bool = true;
}

pub(super) fn may<V: Verb>(tx: &Tx<'_>) -> Result<Permit<V>> {
    access::on_network(tx)
}
