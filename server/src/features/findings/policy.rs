//! Who looks after findings: auditors. Who answers: the person concerned.

use uuid::Uuid;

use crate::{
    Error, Result,
    ctx::Tx,
    spine::{
        access::{self, Permit, Verb},
        audit::Denial,
        auth::Actor,
    },
};

pub(super) struct Read;
impl Verb for Read {
    const ACTION: &'static str = "finding.read";
}

pub(super) struct Review;
impl Verb for Review {
    const ACTION: &'static str = "finding.review";
}

pub(super) struct ReadRules;
impl Verb for ReadRules {
    const ACTION: &'static str = "finding_rules.read";
}

pub(super) struct KeepRules;
impl Verb for KeepRules {
    const ACTION: &'static str = "finding_rules.keep";
    const STEP_UP: bool = true;
}

pub(super) struct ReadWatched;
impl Verb for ReadWatched {
    const ACTION: &'static str = "watched_patient.read";
}

pub(super) struct KeepWatched;
impl Verb for KeepWatched {
    const ACTION: &'static str = "watched_patient.keep";
}

pub(super) struct Answer;
impl Verb for Answer {
    const ACTION: &'static str = "justification.answer";
}

/// Allows `V`, which is about the network as a whole.
pub(super) fn may<V: Verb>(tx: &Tx<'_>) -> Result<Permit<V>> {
    access::on_network(tx)
}

/// Allows a step of the review of a finding about this person: nobody reviews what is about oneself.
pub(super) fn may_review(
    tx: &Tx<'_>,
    finding: Uuid,
    about: Option<Uuid>,
) -> Result<Permit<Review>> {
    let permit = access::on_network(tx)?;
    if about.is_some() && about == own_person(tx) {
        return Err(Error::Denied(Box::new(Denial {
            visible: true,
            ..Denial::hidden(Review::ACTION).on("finding", finding)
        })));
    }
    Ok(permit)
}

/// The person who acts.
pub(super) fn own_person(tx: &Tx<'_>) -> Option<Uuid> {
    match tx.actor {
        Actor::Person(person) => Some(person.person_id),
        _ => None,
    }
}
