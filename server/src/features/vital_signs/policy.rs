//! Who may see and set a patient's limits.

use crate::spine::access::Verb;

pub(super) struct Read;
impl Verb for Read {
    const ACTION: &'static str = "vital_limits.read";
}

/// To decide of what somebody has to be told is a judgement on the illness.
pub(super) struct Write;
impl Verb for Write {
    const ACTION: &'static str = "vital_limits.write";
}
