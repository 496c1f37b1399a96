//! Who may search, and what of it each finds.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::queries;
use crate::{
    Result,
    ctx::Tx,
    features::rooms,
    spine::access::{self, Ground, Permit, Purpose, Scope, Verb},
};

pub(super) struct Search;
impl Verb for Search {
    // Whoever has patients to list may look for words in what they may read of them.
    const ACTION: &'static str = "patient.list";
}

struct Read;
impl Verb for Read {
    const ACTION: &'static str = "patient.read";
}

struct Summarize;
impl Verb for Summarize {
    const ACTION: &'static str = "patient.summary";
}

pub(super) fn may_search(tx: &Tx<'_>) -> Result<Permit<Search>> {
    access::on_network(tx)
}

/// What somebody may read: patients of whom the same may be read, together.
pub(super) struct Reach {
    pub(super) groups: Vec<(Scope, Vec<Uuid>)>,
    pub(super) grounds: HashMap<Uuid, Ground>,
    /// Rooms, with the moment from which on the caller reads what is said there.
    pub(super) rooms: Vec<(Vec<Uuid>, DateTime<Utc>)>,
}

impl Reach {
    /// Whether there is nothing that may be read.
    pub(super) fn is_empty(&self) -> bool {
        self.groups.is_empty() && self.rooms.is_empty()
    }

    /// How many patients.
    pub(super) fn patients(&self) -> usize {
        self.groups.iter().map(|(_, ids)| ids.len()).sum()
    }
}

/// What the caller may read of whom at this moment; of one patient, if only that one is meant.
pub(super) async fn reach(tx: &Tx<'_>, only: Option<Uuid>) -> Result<Reach> {
    let ids = queries::candidates(tx, only).await?;
    let grounds = access::grounds(tx, &ids).await?;
    // Most patients have the same ground, and the rules need to be asked once for each.
    let mut scopes: HashMap<Ground, Scope> = HashMap::new();
    let mut groups: Vec<(Scope, Vec<Uuid>)> = Vec::new();
    for (id, ground) in &grounds {
        let scope = scopes
            .entry(*ground)
            .or_insert_with(|| access::scope_of(tx, *ground));
        if scope.is_empty() {
            continue;
        }
        match groups.iter_mut().find(|(known, _)| known == scope) {
            Some((_, ids)) => ids.push(*id),
            None => groups.push((scope.clone(), vec![*id])),
        }
    }
    let rooms = match only {
        // In an emergency one patient is looked at, and nothing else.
        _ if tx.purpose == Purpose::EmergencyTreatment => Vec::new(),
        Some(_) => Vec::new(),
        None => rooms::readable(tx).await?,
    };
    Ok(Reach {
        groups,
        grounds,
        rooms: together(rooms),
    })
}

/// Rooms that are read from the same moment on, together: most are read from the beginning.
fn together(rooms: Vec<(Uuid, DateTime<Utc>)>) -> Vec<(Vec<Uuid>, DateTime<Utc>)> {
    let mut by_moment: BTreeMap<DateTime<Utc>, Vec<Uuid>> = BTreeMap::new();
    for (id, from) in rooms {
        by_moment.entry(from).or_default().push(id);
    }
    by_moment
        .into_iter()
        .map(|(from, ids)| (ids, from))
        .collect()
}

/// Those of these patients whose name the caller may know.
pub(super) async fn may_name(tx: &Tx<'_>, ids: &[Uuid]) -> Result<Vec<Uuid>> {
    let seen = access::seen::<Read, Summarize>(tx, ids).await?;
    Ok(seen.iter().map(|(access, _)| access.patient_id()).collect())
}
