//! The one place that decides who may do what.
//!
//! The rules are `schema/policy/tsumugi.cedar`; what a profession may read and write is `professions.json`. A feature's
//! `policy.rs` names the action and describes the row; this module loads the ground (care team, consent, registration)
//! in the same transaction as the data, asks Cedar, notes the rules that decided for the access log, and answers with a
//! [`Permit`], which the writing queries demand. Nothing is cached over requests: what was withdrawn is gone with the
//! next request. Lists use a [`Scope`], which is the answers of the same rules for every kind and channel of post, so
//! that a list holds exactly what could be opened one by one.

mod engine;
mod queries;

use std::marker::PhantomData;

use chrono::TimeDelta;
use uuid::Uuid;

pub use engine::{Decision, Engine, Resource, Rule};

use super::{audit::Denial, auth::Actor};
use crate::{Error, Result, ctx::Tx};

/// The ground on which somebody may see a patient, read in the transaction of the data.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Ground {
    /// On the care team today.
    pub member: bool,
    /// The patient's consent stands.
    pub consented: bool,
    /// The patient has a number of the caller's facility.
    pub registered: bool,
}

/// Something that can be done: ties a [`Permit`] to one action of the rules.
pub trait Verb {
    /// Name of the action in the rules.
    const ACTION: &'static str;
    /// Whether factors must have been shown within the last [`FRESH`] (security.md SE-09). An operation that needs it
    /// says so in the published interface, as `x-step-up`.
    const STEP_UP: bool = false;
}

/// How long shown factors are fresh enough for dangerous acts.
pub const FRESH: TimeDelta = TimeDelta::minutes(5);

/// Insists on factors shown lately, if `V` needs them.
fn insist_fresh<V: Verb>(tx: &Tx<'_>) -> Result<()> {
    match tx.actor {
        Actor::Person(person) if V::STEP_UP && tx.now - person.authenticated_at > FRESH => {
            Err(Error::StepUpRequired)
        }
        _ => Ok(()),
    }
}

/// Proof that the rules allowed `V`. Cannot be made anywhere else, and is used up by the query that needs it.
#[derive(Debug)]
#[must_use = "a permit is for a query"]
pub struct Permit<V>(PhantomData<V>);

/// Proof that the caller may see this patient, with the ground found.
#[derive(Debug, Clone, Copy)]
pub struct PatientAccess {
    patient_id: Uuid,
    ground: Ground,
}

impl PatientAccess {
    /// The patient.
    pub fn patient_id(&self) -> Uuid {
        self.patient_id
    }

    /// The ground found.
    pub fn ground(&self) -> Ground {
        self.ground
    }
}

/// The kinds of post that exist, as the rules call them.
pub const KINDS: [&str; 3] = ["note", "vitals", "document"];
/// The channels that exist, as the rules call them.
pub const CHANNELS: [&str; 2] = ["team", "medical"];

/// What of a patient's timeline the caller may read: pairs of kind and channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope(Vec<(&'static str, &'static str)>);

impl Scope {
    /// The kinds that may be read on `channel`.
    pub fn kinds(&self, channel: &str) -> Vec<&'static str> {
        self.0
            .iter()
            .filter(|(_, c)| *c == channel)
            .map(|(kind, _)| *kind)
            .collect()
    }

    /// Nothing at all.
    pub fn nothing() -> Self {
        Self(Vec::new())
    }

    /// Whether nothing may be read.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether posts of this kind on this channel may be read.
    pub fn covers(&self, kind: &str, channel: &str) -> bool {
        self.0.contains(&(kind, channel))
    }
}

/// Allows `V` on the network as a whole, or refuses.
pub fn on_network<V: Verb>(tx: &Tx<'_>) -> Result<Permit<V>> {
    let decision = tx.decide(V::ACTION, &Resource::Network, None);
    if decision.allowed {
        insist_fresh::<V>(tx)?;
        return Ok(Permit(PhantomData));
    }
    Err(Error::Denied(Box::new(Denial {
        visible: true,
        ..Denial::hidden(V::ACTION)
    })))
}

/// Loads the ground for `patient_id`; nothing when there is no such patient in the network.
pub async fn ground(tx: &Tx<'_>, patient_id: Uuid) -> Result<Option<Ground>> {
    queries::ground(tx, patient_id).await
}

/// Opens a patient for `V`, or answers as if there were no such patient.
pub async fn open<V: Verb>(tx: &Tx<'_>, patient_id: Uuid) -> Result<(PatientAccess, Permit<V>)> {
    let denied = |visible| {
        let denial = Denial::hidden(V::ACTION).of_patient(patient_id);
        Error::Denied(Box::new(Denial { visible, ..denial }))
    };
    let Some(ground) = ground(tx, patient_id).await? else {
        return Err(denied(false));
    };
    let resource = Resource::Patient(patient_id);
    if !tx.decide(V::ACTION, &resource, Some(ground)).allowed {
        // Whoever may see the patient may know that it is the act that is refused.
        return Err(denied(tx.would_allow(
            "patient.read",
            &resource,
            Some(ground),
        )));
    }
    insist_fresh::<V>(tx)?;
    Ok((PatientAccess { patient_id, ground }, Permit(PhantomData)))
}

/// Allows `V` on one post of a patient, or refuses: as "not found" to whoever may not read it.
pub fn on_post<V: Verb>(
    tx: &Tx<'_>,
    patient_id: Uuid,
    post: &PostFacts<'_>,
    ground: Ground,
) -> Result<Permit<V>> {
    let resource = Resource::Post(*post);
    if tx.decide(V::ACTION, &resource, Some(ground)).allowed {
        return Ok(Permit(PhantomData));
    }
    // A new post has no existence to hide: the question is whether the patient is known to the caller.
    let seen = if V::ACTION == "post.create" {
        tx.would_allow("patient.read", &Resource::Patient(patient_id), Some(ground))
    } else {
        tx.would_allow("post.read", &resource, Some(ground))
    };
    let denial = Denial::hidden(V::ACTION)
        .of_patient(patient_id)
        .on("post", post.id);
    Err(Error::Denied(Box::new(Denial {
        visible: seen,
        ..denial
    })))
}

/// Allows `V` on a document whose patient is not known yet, or answers as if there were none.
pub fn on_incoming_document<V: Verb>(
    tx: &Tx<'_>,
    document_id: Uuid,
    facility_id: Uuid,
) -> Result<Permit<V>> {
    if tx
        .decide(V::ACTION, &Resource::IncomingDocument(facility_id), None)
        .allowed
    {
        return Ok(Permit(PhantomData));
    }
    Err(Error::Denied(Box::new(
        Denial::hidden(V::ACTION).on("document", document_id),
    )))
}

/// What the rules look at in a post.
#[derive(Debug, Clone, Copy)]
pub struct PostFacts<'a> {
    /// The post.
    pub id: Uuid,
    /// `note`, `vitals` or `document`.
    pub kind: &'a str,
    /// `team` or `medical`.
    pub channel: &'a str,
    /// The author: a staff member or a client.
    pub author: Uuid,
}

/// What of this patient's timeline the caller may read.
pub fn scope(tx: &Tx<'_>, access: &PatientAccess) -> Scope {
    scope_of(tx, access.ground)
}

/// The same for a list over many patients, all of which have this ground.
pub fn scope_of(tx: &Tx<'_>, ground: Ground) -> Scope {
    let (scope, rules) = tx.app().access.reading(tx.actor, tx.tenant_id, ground);
    tx.note_rules(rules);
    scope
}

/// What `actor` may read with `ground`, outside a request of the actor's own (for the worker).
pub fn scope_for(engine: &Engine, actor: &Actor, tenant_id: Uuid, ground: Ground) -> Scope {
    engine.reading(actor, tenant_id, ground).0
}

/// Which channels the caller may write notes (or another kind) to.
pub fn writable_channels(tx: &Tx<'_>, access: &PatientAccess, kind: &str) -> Vec<&'static str> {
    let may = |channel: &&str| {
        tx.would_allow(
            "post.create",
            &Resource::Post(sample(kind, channel)),
            Some(access.ground),
        )
    };
    CHANNELS.into_iter().filter(may).collect()
}

/// Whether the rules would allow `V` for the patient: for telling a page what to offer.
pub fn offers<V: Verb>(tx: &Tx<'_>, access: &PatientAccess) -> bool {
    tx.would_allow(
        V::ACTION,
        &Resource::Patient(access.patient_id),
        Some(access.ground),
    )
}

fn pairs(mut allowed: impl FnMut(&str, &str) -> bool) -> Vec<(&'static str, &'static str)> {
    let mut found = Vec::with_capacity(6);
    for channel in CHANNELS {
        found.extend(
            KINDS
                .into_iter()
                .filter(|kind| allowed(kind, channel))
                .map(|kind| (kind, channel)),
        );
    }
    found
}

/// A post of this kind and channel by somebody else: reading never depends on more.
fn sample<'a>(kind: &'a str, channel: &'a str) -> PostFacts<'a> {
    PostFacts {
        id: Uuid::nil(),
        kind,
        channel,
        author: Uuid::nil(),
    }
}
