//! Who may see and write which facts.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::{
    catalogue::KINDS,
    model::Class,
    queries::{self, Fact},
};
use crate::{
    Error, Result,
    ctx::Tx,
    spine::{
        access::{self, Ground, Permit, PostFacts, Resource, Scope, Verb},
        audit::Denial,
    },
};

/// Opening the patient.
struct ReadPatient;
impl Verb for ReadPatient {
    const ACTION: &'static str = "patient.read";
}

/// Opening the summary of the patient.
struct SummarizePatient;
impl Verb for SummarizePatient {
    const ACTION: &'static str = "patient.summary";
}

/// Reading a fact.
struct Read;
impl Verb for Read {
    const ACTION: &'static str = "record.read";
}

/// Reading a summary of a fact.
struct Summarize;
impl Verb for Summarize {
    const ACTION: &'static str = "record.summary";
}

/// Saying something of a fact.
pub(super) struct Write;
impl Verb for Write {
    const ACTION: &'static str = "record.write";
    const FINAL: bool = true;
}

/// How much of a fact somebody sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sight {
    /// All of it.
    Whole,
    /// A summary.
    Summary,
}

/// Somebody who reads facts of one patient.
pub(super) struct Reader {
    patient_id: Uuid,
    ground: Ground,
    /// What of the timeline the same person reads: facts on a narrower channel are for those who read it.
    scope: Scope,
    known: BTreeMap<(Class, Uuid), Option<Sight>>,
}

impl Reader {
    fn new(tx: &Tx<'_>, patient_id: Uuid, ground: Ground) -> Self {
        Self {
            patient_id,
            ground,
            scope: access::scope_of(tx, ground),
            known: BTreeMap::new(),
        }
    }

    /// The patient.
    pub(super) fn patient_id(&self) -> Uuid {
        self.patient_id
    }

    /// On what ground.
    pub(super) fn ground(&self) -> Ground {
        self.ground
    }

    /// How much of what a facility said in this class is seen; nothing when it is not there for the reader.
    pub(super) fn sees(&mut self, tx: &Tx<'_>, class: &Class, facility: Uuid) -> Option<Sight> {
        let key = (class.clone(), facility);
        if let Some(known) = self.known.get(&key) {
            return *known;
        }
        let resource = || Resource::record(&class.information, facility);
        let may = |action| tx.allows(action, resource(), Some(self.ground));
        let sight = if class.channel == "team" {
            if may(Read::ACTION) {
                Some(Sight::Whole)
            } else {
                may(Summarize::ACTION).then_some(Sight::Summary)
            }
        } else {
            let post = (class.channel.as_str(), "note", class.sensitivity.as_deref());
            let covered = self.scope.covers(post, facility);
            (covered && may(Read::ACTION)).then_some(Sight::Whole)
        };
        self.known.insert(key, sight);
        sight
    }

    /// Whether documents that a facility's system sent are read.
    pub(super) fn reads_documents_of(&self, facility: Uuid) -> bool {
        self.scope.covers(("team", "document", None), facility)
    }

    /// For each kind, how much of what others and the own facility say is seen, and whether it may be written.
    pub(super) fn kinds(&mut self, tx: &Tx<'_>) -> Vec<(&'static str, &'static str, bool)> {
        let (_, own) = tx.actor.ids();
        let elsewhere = Uuid::from_u128(own.as_u128() ^ 1);
        let mut found = Vec::with_capacity(KINDS.len());
        for kind in KINDS.iter() {
            let class = Class {
                information: kind.information.clone(),
                channel: "team".to_owned(),
                sensitivity: None,
            };
            let sees = match (self.sees(tx, &class, elsewhere), self.sees(tx, &class, own)) {
                (Some(Sight::Whole), _) => "all",
                (Some(Sight::Summary), _) => "summary",
                (None, Some(_)) => "own",
                (None, None) => "nothing",
            };
            let resource = Resource::record(&kind.information, own);
            let writes =
                sees == "all" && tx.would_allow(Write::ACTION, resource, Some(self.ground));
            found.push((kind.code.as_str(), sees, writes));
        }
        found
    }
}

/// Opens the facts of a patient: for everybody who sees the patient, or a summary of the patient.
pub(super) async fn may_list(tx: &Tx<'_>, patient_id: Uuid) -> Result<Reader> {
    let seen = access::seen::<ReadPatient, SummarizePatient>(tx, &[patient_id]).await?;
    let access = match seen.into_iter().next() {
        Some((access, _)) => access,
        // Refused as every other patient that one may not see.
        None => tx.open::<ReadPatient>(patient_id).await?.0,
    };
    Ok(Reader::new(tx, patient_id, access.ground()))
}

/// Whoever already has access to a patient, as a reader of facts.
pub(super) fn reader_with(tx: &Tx<'_>, access: &access::PatientAccess) -> Reader {
    Reader::new(tx, access.patient_id(), access.ground())
}

fn unknown(action: &'static str, fact_id: Uuid) -> Error {
    Error::Denied(Box::new(Denial::hidden(action).on("fact", fact_id)))
}

/// Finds a fact that the caller sees.
pub(super) async fn may_read(tx: &Tx<'_>, fact_id: Uuid) -> Result<(Fact, Reader, Sight)> {
    let fact = queries::find(tx, fact_id)
        .await?
        .ok_or_else(|| unknown(Read::ACTION, fact_id))?;
    let hidden = || {
        let denial = Denial::hidden(Read::ACTION).of_patient(fact.patient_id);
        Error::Denied(Box::new(denial.on("fact", fact_id)))
    };
    let ground = access::ground(tx, fact.patient_id)
        .await?
        .ok_or_else(hidden)?;
    let mut reader = Reader::new(tx, fact.patient_id, ground);
    let sight = reader.sees(tx, &fact.class(), fact.facility_id);
    let sight = sight.ok_or_else(hidden)?;
    Ok((fact, reader, sight))
}

/// Finds a fact of which the caller may say something: whoever does not see all of it may not.
pub(super) async fn may_change(
    tx: &Tx<'_>,
    fact_id: Uuid,
) -> Result<(Fact, Reader, Permit<Write>)> {
    let fact = queries::find(tx, fact_id)
        .await?
        .ok_or_else(|| unknown(Write::ACTION, fact_id))?;
    let refused = |visible| {
        let denial = Denial::hidden(Write::ACTION).of_patient(fact.patient_id);
        let denial = denial.on("fact", fact_id);
        Error::Denied(Box::new(Denial { visible, ..denial }))
    };
    let ground = access::ground(tx, fact.patient_id)
        .await?
        .ok_or_else(|| refused(false))?;
    let class = fact.class();
    let permit = permit_for(tx, fact.patient_id, &class, ground);
    let mut reader = Reader::new(tx, fact.patient_id, ground);
    match (permit, reader.sees(tx, &class, fact.facility_id)) {
        (Ok(permit), Some(Sight::Whole)) => Ok((fact, reader, permit)),
        (Err(Error::Denied(_)) | Ok(_), sight) => Err(refused(sight.is_some())),
        (Err(other), _) => Err(other),
    }
}

/// Allows a new fact of this class for a patient.
pub(super) async fn may_create(
    tx: &Tx<'_>,
    patient_id: Uuid,
    class: &Class,
) -> Result<(Reader, Permit<Write>)> {
    let denial = || Denial::hidden(Write::ACTION).of_patient(patient_id);
    let ground = access::ground(tx, patient_id)
        .await?
        .ok_or_else(|| Error::Denied(Box::new(denial())))?;
    let permit = permit_for(tx, patient_id, class, ground)?;
    let mut reader = Reader::new(tx, patient_id, ground);
    // What the own facility says is seen as such; who sees a summary of what others say would not know what is known.
    let (_, own) = tx.actor.ids();
    let elsewhere = Uuid::from_u128(own.as_u128() ^ 1);
    let team = Class {
        channel: "team".to_owned(),
        sensitivity: None,
        ..class.clone()
    };
    if reader.sees(tx, &team, elsewhere) == Some(Sight::Whole) {
        return Ok((reader, permit));
    }
    Err(Error::Denied(Box::new(Denial {
        visible: access::is_visible(tx, patient_id, ground),
        ..denial()
    })))
}

/// Asks for writing this kind of information, and on a narrower channel for writing to that.
fn permit_for(
    tx: &Tx<'_>,
    patient_id: Uuid,
    class: &Class,
    ground: Ground,
) -> Result<Permit<Write>> {
    let (author, facility) = tx.actor.ids();
    let about = (class.information.as_str(), facility);
    let permit = access::on_record::<Write>(tx, patient_id, about, ground)?;
    if class.channel == "team" {
        return Ok(permit);
    }
    let post = Resource::Post(PostFacts {
        id: Uuid::nil(),
        kind: "note".to_owned(),
        channel: class.channel.clone(),
        sensitivity: class.sensitivity.clone(),
        author,
        facility,
        recipient: false,
        on_behalf_of: None,
    });
    if tx.decide("post.create", post, Some(ground)).allowed {
        return Ok(permit);
    }
    Err(Error::Denied(Box::new(Denial {
        visible: access::is_visible(tx, patient_id, ground),
        ..Denial::hidden(Write::ACTION).of_patient(patient_id)
    })))
}
