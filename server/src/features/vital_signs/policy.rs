//! Who may see and set a patient's limits.

use crate::{
    ctx::Tx,
    spine::access::{self, PatientAccess, Verb},
};

pub(super) struct Read;
impl Verb for Read {
    const ACTION: &'static str = "vital_limits.read";
}

/// To decide of what somebody has to be told is a judgement on the illness.
pub(super) struct Write;
impl Verb for Write {
    const ACTION: &'static str = "vital_limits.write";
}

/// Whether the caller may set the limits: for telling a page what to offer.
pub fn may_set_limits(tx: &Tx<'_>, access: &PatientAccess) -> bool {
    access::offers::<Write>(tx, access)
}
