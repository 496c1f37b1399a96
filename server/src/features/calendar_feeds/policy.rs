//! Who may keep a feed: everybody of the staff, their own.

use crate::spine::access::Verb;

pub(super) struct Own;
impl Verb for Own {
    const ACTION: &'static str = "appointment.own";
}
