//! Who may read the access log.

use crate::{
    Result,
    ctx::Tx,
    spine::access::{self, Permit, Verb},
};

pub(super) struct Read;
impl Verb for Read {
    const ACTION: &'static str = "access_log.read";
}

pub(super) fn may_list(tx: &Tx<'_>) -> Result<Permit<Read>> {
    access::on_network(tx)
}
