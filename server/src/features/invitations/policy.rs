//! Who may invite: whoever registers people.

use crate::{
    Result,
    ctx::Tx,
    spine::access::{self, Permit, Verb},
};

pub(super) struct See;
impl Verb for See {
    const ACTION: &'static str = "staff_member.create";
}

pub(super) struct Invite;
impl Verb for Invite {
    const ACTION: &'static str = "staff_member.create";
    const STEP_UP: bool = true;
}

pub(super) fn may_list(tx: &Tx<'_>) -> Result<Permit<See>> {
    access::on_network(tx)
}

pub(super) fn may_invite(tx: &Tx<'_>) -> Result<Permit<Invite>> {
    access::on_network(tx)
}
