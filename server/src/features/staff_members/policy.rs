//! Who may see and keep staff members.

use crate::{
    Result,
    ctx::Tx,
    spine::access::{self, Permit, Verb},
};

pub(super) struct ReadDirectory;
impl Verb for ReadDirectory {
    const ACTION: &'static str = "directory.read";
}

pub(super) struct Create;
impl Verb for Create {
    const ACTION: &'static str = "staff_member.create";
    const STEP_UP: bool = true;
}

pub(super) fn may_list(tx: &Tx<'_>) -> Result<Permit<ReadDirectory>> {
    access::on_network(tx)
}

pub(super) fn may_create(tx: &Tx<'_>) -> Result<Permit<Create>> {
    access::on_network(tx)
}
