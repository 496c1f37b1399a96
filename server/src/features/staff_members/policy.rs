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

/// Saying where somebody lives is part of registering them.
pub(super) struct KeepHome;
impl Verb for KeepHome {
    const ACTION: &'static str = "staff_member.create";
    const STEP_UP: bool = true;
}

pub(super) struct Move;
impl Verb for Move {
    const ACTION: &'static str = "staff_member.move";
    const STEP_UP: bool = true;
}

pub(super) struct Leave;
impl Verb for Leave {
    const ACTION: &'static str = "staff_member.leave";
    const STEP_UP: bool = true;
}

pub(super) struct Import;
impl Verb for Import {
    const ACTION: &'static str = "staff_member.import";
    const STEP_UP: bool = true;
}

pub(super) fn may_keep_home(tx: &Tx<'_>) -> Result<Permit<KeepHome>> {
    access::on_network(tx)
}

pub(super) fn may_move(tx: &Tx<'_>) -> Result<Permit<Move>> {
    access::on_network(tx)
}

pub(super) fn may_leave(tx: &Tx<'_>) -> Result<Permit<Leave>> {
    access::on_network(tx)
}

pub(super) fn may_import(tx: &Tx<'_>) -> Result<Permit<Import>> {
    access::on_network(tx)
}

pub(super) fn may_list(tx: &Tx<'_>) -> Result<Permit<ReadDirectory>> {
    access::on_network(tx)
}

pub(super) fn may_create(tx: &Tx<'_>) -> Result<Permit<Create>> {
    access::on_network(tx)
}
