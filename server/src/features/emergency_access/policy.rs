//! Who may use and review emergency access.

use crate::spine::access::Verb;

pub(super) struct Search;
impl Verb for Search {
    const ACTION: &'static str = "emergency_access.search";
    const STEP_UP: bool = true;
}

pub(super) struct Open;
impl Verb for Open {
    const ACTION: &'static str = "emergency_access.open";
    const STEP_UP: bool = true;
}

pub(super) struct ListOwn;
impl Verb for ListOwn {
    const ACTION: &'static str = "emergency_access.list_own";
}

pub(super) struct List;
impl Verb for List {
    const ACTION: &'static str = "emergency_access.list";
}

pub(super) struct Review;
impl Verb for Review {
    const ACTION: &'static str = "emergency_access.review";
    const STEP_UP: bool = true;
}
