//! Who may ask why.

use crate::{
    Result,
    ctx::Tx,
    spine::access::{self, Permit, Verb},
};

pub(super) struct ReadLog;
impl Verb for ReadLog {
    const ACTION: &'static str = "access_log.read";
}

pub(super) struct Explain;
impl Verb for Explain {
    const ACTION: &'static str = "access.explain";
}

struct ExplainOwn;
impl Verb for ExplainOwn {
    const ACTION: &'static str = "access.explain_own";
}

pub(super) fn may_explain_entry(tx: &Tx<'_>) -> Result<Permit<ReadLog>> {
    access::on_network(tx)
}

/// Allows asking about somebody else.
pub(super) fn may_explain_others(tx: &Tx<'_>) -> Result<Permit<Explain>> {
    access::on_network(tx)
}

/// Allows asking about oneself.
pub(super) fn may_explain_own(tx: &Tx<'_>) -> Result<()> {
    let _permit: Permit<ExplainOwn> = access::on_network(tx)?;
    Ok(())
}
