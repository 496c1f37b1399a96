//! The one place that decides who may do what.
//!
//! The rules are `schema/policy/tsumugi.cedar`; what a profession may do with which kind of information is the matrix
//! beside them. A feature's `policy.rs` names the action and describes the row; this module loads the ground (care team,
//! substitution, emergency access, consent, registration) in the same transaction as the data, asks Cedar, notes the
//! question and the rules that decided for the access log, and answers with a [`Permit`], which the writing queries
//! demand. Nothing is cached over requests: what was withdrawn is gone with the next request. Lists use a [`Scope`],
//! which is the answers of the same rules for every class of post, so that a list holds exactly what could be opened one
//! by one.

mod engine;
mod explain;
mod ground;
mod queries;
mod question;
mod readers;
mod rooms;
mod scope;

use std::marker::PhantomData;

use chrono::TimeDelta;
use uuid::Uuid;

pub use engine::{BadRules, Decision, Engine, Rule, action_group};
pub use explain::{Change, Explanation, Reason, explain, reasons_of, without_question};
pub use ground::{Cover, Ground, SENSITIVE, StandingConsent, cover};
pub use queries::{candidates, grounds, grounds_of, in_scope, standing};
pub use question::{Asker, Narrowing, PostFacts, Purpose, Question, Resource, Standing};
pub use readers::{Reader, readers};
pub use rooms::{
    AnnouncementFacts, Membership, NOT_BY_POST, RoomFacts, RoomMember, announcement_facts,
    members_of, room_facts, rooms_of,
};
pub use scope::{CHANNELS, KINDS, NAMED, Scope, class};

use super::{audit::Denial, auth::Actor, clock::Quality};
use crate::{Error, Result, ctx::Tx};

/// Something that can be done: ties a [`Permit`] to one action of the rules.
pub trait Verb {
    /// Name of the action in the rules.
    const ACTION: &'static str;
    /// Whether factors must have been shown within the last [`FRESH`] (security.md SE-09). An operation that needs it
    /// says so in the published interface, as `x-step-up`.
    const STEP_UP: bool = false;
    /// Whether it makes a record final, so that it needs a clock that can be trusted (security.md AU-11).
    const FINAL: bool = false;
}

/// How long shown factors are fresh enough for dangerous acts.
pub const FRESH: TimeDelta = TimeDelta::minutes(5);

/// Insists on factors shown lately, if `V` needs them.
fn insist_fresh<V: Verb>(tx: &Tx<'_>) -> Result<()> {
    match tx.actor {
        // A program cannot show the factors of the person for whom it acts.
        Actor::Person(person)
            if V::STEP_UP && (person.via.is_some() || tx.now - person.authenticated_at > FRESH) =>
        {
            Err(Error::StepUpRequired)
        }
        _ => Ok(()),
    }
}

/// Insists on a clock that can be trusted, if `V` needs one.
fn insist_clock<V: Verb>(tx: &Tx<'_>) -> Result<()> {
    if V::FINAL && tx.app().clock.quality() == Quality::Wrong {
        return Err(Error::ClockUntrusted);
    }
    Ok(())
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

/// Allows `V` on the network as a whole, or refuses.
pub fn on_network<V: Verb>(tx: &Tx<'_>) -> Result<Permit<V>> {
    let decision = tx.decide(V::ACTION, Resource::Network, None);
    if decision.allowed {
        insist_fresh::<V>(tx)?;
        insist_clock::<V>(tx)?;
        return Ok(Permit(PhantomData));
    }
    Err(Error::Denied(Box::new(Denial {
        visible: true,
        ..Denial::hidden(V::ACTION)
    })))
}

/// Whether the rules would allow `V` on the network: for telling a page what to offer.
pub fn offers_on_network<V: Verb>(tx: &Tx<'_>) -> bool {
    tx.would_allow(V::ACTION, Resource::Network, None)
}

/// Loads the ground for `patient_id`; nothing when there is no such patient in the network.
pub async fn ground(tx: &Tx<'_>, patient_id: Uuid) -> Result<Option<Ground>> {
    Ok(grounds(tx, &[patient_id]).await?.remove(&patient_id))
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
    if !tx
        .decide(V::ACTION, Resource::patient(patient_id), Some(ground))
        .allowed
    {
        // Whoever may see the patient may know that it is the act that is refused.
        return Err(denied(is_visible(tx, patient_id, ground)));
    }
    insist_fresh::<V>(tx)?;
    insist_clock::<V>(tx)?;
    Ok((PatientAccess { patient_id, ground }, Permit(PhantomData)))
}

/// Asks once more what a write was decided by, for who the caller is by now and what ties the caller to the patient by
/// now; and whether the caller may still know the patient. Refuses as the act itself would be refused.
pub(crate) async fn ask_again(
    tx: &Tx<'_>,
    asked: Question,
    patient_id: Option<Uuid>,
) -> Result<()> {
    const ACT: &str = "request.repeat";
    let patient_id = patient_id.or(match asked.resource {
        Resource::Patient { id } => Some(id),
        _ => None,
    });
    let mut denial = Denial::hidden(ACT);
    denial.visible = true;
    let mut now = None;
    if let Some(patient_id) = patient_id {
        now = ground(tx, patient_id).await?;
        denial = denial.of_patient(patient_id);
        denial.visible = now.is_some_and(|ground| is_visible(tx, patient_id, ground));
    }
    let now = now.filter(|_| asked.ground.is_some());
    let resource = as_it_is_now(tx, asked.resource).await?;
    if denial.visible && tx.decide(&asked.action, resource.clone(), now).allowed {
        return Ok(());
    }
    // Whoever is not in the room any more does not know of it.
    denial.visible &= match resource {
        Resource::Room(_) => tx.would_allow("room.read", resource, None),
        _ => true,
    };
    Err(Error::Denied(Box::new(denial)))
}

/// The thing with what ties the caller to it by now: whoever has left a room hears nothing of it again.
async fn as_it_is_now(tx: &Tx<'_>, resource: Resource) -> Result<Resource> {
    Ok(match resource {
        Resource::Room(mut then) => {
            let now = room_facts(tx, then.id).await?;
            // A room that is to be made and was not there yet is asked about as it was.
            if let Some((now, _)) = now {
                let author = then.membership.author;
                then.membership = Membership {
                    author,
                    ..now.membership
                };
            }
            Resource::Room(then)
        }
        Resource::Announcement(then) => match announcement_facts(tx, then.id).await? {
            Some(now) => Resource::Announcement(now),
            None => Resource::Announcement(then),
        },
        other => other,
    })
}

/// Those of `ids` that the caller may see, each with whether only a summary (`S` and not `R`) is open. For one patient
/// the question is noted for the access log; for a list, the rules that decided are.
pub async fn seen<R: Verb, S: Verb>(
    tx: &Tx<'_>,
    ids: &[Uuid],
) -> Result<Vec<(PatientAccess, bool)>> {
    let mut found = Vec::with_capacity(ids.len());
    for (patient_id, ground) in grounds(tx, ids).await? {
        let access = PatientAccess { patient_id, ground };
        let open = |action| tx.allows(action, Resource::patient(patient_id), Some(ground));
        if open(R::ACTION) {
            found.push((access, false));
        } else if open(S::ACTION) {
            found.push((access, true));
        }
    }
    Ok(found)
}

/// Whether the caller may know that there is such a patient.
pub(crate) fn is_visible(tx: &Tx<'_>, patient_id: Uuid, ground: Ground) -> bool {
    ["patient.read", "patient.summary"]
        .into_iter()
        .any(|action| tx.would_allow(action, Resource::patient(patient_id), Some(ground)))
}

/// Allows `V` on one post of a patient, or refuses: as "not found" to whoever may not read it.
pub fn on_post<V: Verb>(
    tx: &Tx<'_>,
    patient_id: Uuid,
    post: &PostFacts,
    ground: Ground,
) -> Result<Permit<V>> {
    let resource = Resource::Post(post.clone());
    if tx.decide(V::ACTION, resource.clone(), Some(ground)).allowed {
        insist_clock::<V>(tx)?;
        return Ok(Permit(PhantomData));
    }
    // A new post has no existence to hide: the question is whether the patient is known to the caller.
    let seen = if V::ACTION == "post.create" {
        is_visible(tx, patient_id, ground)
    } else {
        tx.would_allow("post.read", resource, Some(ground))
    };
    let denial = Denial::hidden(V::ACTION)
        .of_patient(patient_id)
        .on("post", post.id);
    Err(Error::Denied(Box::new(Denial {
        visible: seen,
        ..denial
    })))
}

/// Whether the rules would allow `V` on a post: for finding the one that opens something that several show.
pub fn would_allow_post<V: Verb>(tx: &Tx<'_>, post: &PostFacts, ground: Ground) -> bool {
    tx.would_allow(V::ACTION, Resource::Post(post.clone()), Some(ground))
}

/// Allows `V` on a form or fact of a patient with this kind of information, recorded by `facility`, or refuses.
pub fn on_record<V: Verb>(
    tx: &Tx<'_>,
    patient_id: Uuid,
    (kind, facility): (&str, Uuid),
    ground: Ground,
) -> Result<Permit<V>> {
    if tx
        .decide(V::ACTION, Resource::record(kind, facility), Some(ground))
        .allowed
    {
        insist_clock::<V>(tx)?;
        return Ok(Permit(PhantomData));
    }
    Err(Error::Denied(Box::new(Denial {
        visible: is_visible(tx, patient_id, ground),
        ..Denial::hidden(V::ACTION).of_patient(patient_id)
    })))
}

/// Allows `V` on a document whose patient is not known yet, or answers as if there were none.
pub fn on_incoming_document<V: Verb>(
    tx: &Tx<'_>,
    document_id: Uuid,
    facility_id: Uuid,
) -> Result<Permit<V>> {
    let resource = Resource::IncomingDocument {
        facility: facility_id,
    };
    if tx.decide(V::ACTION, resource, None).allowed {
        return Ok(Permit(PhantomData));
    }
    Err(Error::Denied(Box::new(
        Denial::hidden(V::ACTION).on("document", document_id),
    )))
}

/// Allows `V` on a room, or refuses: as "not found" to whoever may not know of it. A room that is to be opened has no
/// existence to hide.
pub fn on_room<V: Verb>(tx: &Tx<'_>, room: &RoomFacts) -> Result<Permit<V>> {
    let resource = Resource::Room(room.clone());
    if tx.decide(V::ACTION, resource.clone(), None).allowed {
        insist_clock::<V>(tx)?;
        return Ok(Permit(PhantomData));
    }
    let visible = V::ACTION == "room.create" || tx.would_allow("room.read", resource, None);
    let denial = Denial::hidden(V::ACTION).on("room", room.id);
    Err(Error::Denied(Box::new(Denial { visible, ..denial })))
}

/// Whether the rules would allow `V` on a room: for telling a page what to offer.
pub fn offers_on_room<V: Verb>(tx: &Tx<'_>, room: &RoomFacts) -> bool {
    tx.would_allow(V::ACTION, Resource::Room(room.clone()), None)
}

/// Allows `V` on something that is passed round, or refuses as [`on_room`] does.
pub fn on_announcement<V: Verb>(tx: &Tx<'_>, about: &AnnouncementFacts) -> Result<Permit<V>> {
    let resource = Resource::Announcement(about.clone());
    if tx.decide(V::ACTION, resource.clone(), None).allowed {
        insist_clock::<V>(tx)?;
        return Ok(Permit(PhantomData));
    }
    let visible =
        V::ACTION == "announcement.create" || tx.would_allow("announcement.read", resource, None);
    let denial = Denial::hidden(V::ACTION).on("announcement", about.id);
    Err(Error::Denied(Box::new(Denial { visible, ..denial })))
}

/// What of this patient's timeline the caller may read.
pub fn scope(tx: &Tx<'_>, access: &PatientAccess) -> Scope {
    scope_of(tx, access.ground)
}

/// The same with a ground.
pub fn scope_of(tx: &Tx<'_>, ground: Ground) -> Scope {
    let (scope, rules) = tx
        .app()
        .access
        .reading(tx.actor, tx.tenant_id, ground, tx.purpose);
    tx.note_rules(rules);
    scope
}

/// What `actor` may read with `ground`, outside a request of the actor's own (for the worker).
pub fn scope_for(
    engine: &Engine,
    actor: &Actor,
    tenant_id: Uuid,
    ground: Ground,
    purpose: Purpose,
) -> Scope {
    engine.reading(actor, tenant_id, ground, purpose).0
}

/// Whether the rules would allow `V` on a post to somebody else who has to do with the patient: before it is given to that
/// person to answer for.
pub fn would_allow<V: Verb>(tx: &Tx<'_>, reader: &Reader, post: PostFacts) -> bool {
    let Some(asker) = Asker::of(&reader.actor) else {
        return false;
    };
    let question = Question {
        asker,
        tenant: tx.tenant_id,
        action: V::ACTION.to_owned(),
        resource: Resource::Post(post),
        ground: Some(reader.ground),
        purpose: reader.purpose,
    };
    tx.app().access.decide(&question).allowed
}

/// Which channels the caller may write notes (or another kind) to.
pub fn writable_channels(tx: &Tx<'_>, access: &PatientAccess, kind: &str) -> Vec<&'static str> {
    let (author, facility) = tx.actor.ids();
    let may = |channel: &&'static str| {
        let post = PostFacts {
            id: Uuid::nil(),
            kind: kind.to_owned(),
            channel: (*channel).to_owned(),
            sensitivity: None,
            author,
            facility,
            recipient: true,
            on_behalf_of: None,
        };
        tx.would_allow("post.create", Resource::Post(post), Some(access.ground))
    };
    CHANNELS.into_iter().filter(may).collect()
}

/// Whether the rules would allow `V` for the patient: for telling a page what to offer.
pub fn offers<V: Verb>(tx: &Tx<'_>, access: &PatientAccess) -> bool {
    tx.would_allow(
        V::ACTION,
        Resource::patient(access.patient_id),
        Some(access.ground),
    )
}
