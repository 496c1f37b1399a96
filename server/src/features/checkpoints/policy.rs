//! Who may see checkpoints. They hold nothing of what was recorded.

use crate::{
    Result,
    ctx::Tx,
    spine::access::{self, Permit, Verb},
};

pub(super) struct Read;
impl Verb for Read {
    const ACTION: &'static str = "checkpoint.read";
}

pub(super) fn may_read(tx: &Tx<'_>) -> Result<Permit<Read>> {
    access::on_network(tx)
}
