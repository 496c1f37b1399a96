//! Who may see, find and register patients.

use std::collections::HashMap;

use uuid::Uuid;

use crate::{
    Result,
    ctx::Tx,
    spine::access::{self, PatientAccess, Permit, Scope, Verb},
};

pub(super) struct List;
impl Verb for List {
    const ACTION: &'static str = "patient.list";
}

pub(super) struct Create;
impl Verb for Create {
    const ACTION: &'static str = "patient.create";
    // With a consent.
    const FINAL: bool = true;
}

pub(super) struct Read;
impl Verb for Read {
    const ACTION: &'static str = "patient.read";
}

pub(super) struct Summarize;
impl Verb for Summarize {
    const ACTION: &'static str = "patient.summary";
}

pub(super) struct ReadConsent;
impl Verb for ReadConsent {
    const ACTION: &'static str = "consent.read";
}

pub(super) struct AddIdentifier;
impl Verb for AddIdentifier {
    const ACTION: &'static str = "identifier.create";
}

pub(super) struct KeepTeam;
impl Verb for KeepTeam {
    const ACTION: &'static str = "care_team.write";
}

pub(super) struct KeepConsent;
impl Verb for KeepConsent {
    const ACTION: &'static str = "consent.write";
}

pub(super) fn may_list(tx: &Tx<'_>) -> Result<Permit<List>> {
    access::on_network(tx)
}

pub(super) fn may_create(tx: &Tx<'_>) -> Result<Permit<Create>> {
    access::on_network(tx)
}

/// A patient as the caller sees it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seen {
    pub(super) access: PatientAccess,
    /// Whether only a summary is open: no address, no telephone, no numbers.
    pub(super) summary_only: bool,
}

impl Seen {
    /// Name of the act for the access log.
    pub(super) fn action(&self) -> &'static str {
        if self.summary_only {
            Summarize::ACTION
        } else {
            Read::ACTION
        }
    }
}

/// Opens a patient, or the summary of it.
pub(super) async fn may_see(tx: &Tx<'_>, patient_id: Uuid) -> Result<Seen> {
    let seen = seen(tx, &[patient_id]).await?.remove(&patient_id);
    if let Some(seen) = seen {
        return Ok(seen);
    }
    // Refused as every other patient that one may not see.
    let (access, _read) = tx.open::<Read>(patient_id).await?;
    Ok(Seen {
        access,
        summary_only: false,
    })
}

/// Those of `ids` that the caller may see.
pub(super) async fn seen(tx: &Tx<'_>, ids: &[Uuid]) -> Result<HashMap<Uuid, Seen>> {
    access::seen::<Read, Summarize>(tx, ids).await.map(|found| {
        found
            .into_iter()
            .map(|(access, summary_only)| {
                let seen = Seen {
                    access,
                    summary_only,
                };
                (access.patient_id(), seen)
            })
            .collect()
    })
}

/// The patients among `ids`, by what of their timelines the caller may read.
pub(super) fn by_scope(
    tx: &Tx<'_>,
    seen: &HashMap<Uuid, Seen>,
    ids: &[Uuid],
) -> Vec<(Scope, Vec<Uuid>)> {
    let mut groups: Vec<(Scope, Vec<Uuid>)> = Vec::new();
    for id in ids {
        let Some(seen) = seen.get(id) else { continue };
        let scope = access::scope(tx, &seen.access);
        match groups.iter_mut().find(|(known, _)| *known == scope) {
            Some((_, ids)) => ids.push(*id),
            None => groups.push((scope, vec![*id])),
        }
    }
    groups
}

pub(super) async fn may_add_identifier(
    tx: &Tx<'_>,
    patient_id: Uuid,
) -> Result<(PatientAccess, Permit<AddIdentifier>)> {
    tx.open(patient_id).await
}
