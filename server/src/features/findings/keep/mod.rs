//! Keeping what was found. Finding the same again changes nothing.
//!
//! What is found about the same is one finding for as long as that is not closed. What comes later is another part of it,
//! with the entries that no closed part rests on: a closed finding stays closed, and nothing is lost in it.

mod emergencies;
mod queries;
mod reminding;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::{
    model::{NewStep, State, StepKind},
    rules::{Found, Key, Marks},
};
use crate::{
    Result,
    ctx::Tx,
    spine::{clock::japanese_day, ids},
};

pub(super) use emergencies::watch_emergencies;
use queries::{Known, NewEvidence, NewFinding};
pub(super) use reminding::{ask_by_mail, remind};

/// With what a computation keeps its findings.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scope {
    /// The tree that is looked through.
    pub(super) tree: i16,
    /// The computation.
    pub(super) run: i32,
    /// The version of the rules.
    pub(super) rule_version: i32,
    /// The first moment that it looks at.
    pub(super) since: DateTime<Utc>,
}

impl Scope {
    /// The first day that it looks at.
    pub(super) fn first_day(&self) -> NaiveDate {
        japanese_day(self.since)
    }
}

/// What is to be written.
#[derive(Default)]
struct Writing {
    findings: Vec<NewFinding>,
    evidence: Vec<NewEvidence>,
    steps: Vec<NewStep>,
}

/// Keeps what was found.
pub(super) async fn save(tx: &Tx<'_>, found: Found, scope: &Scope) -> Result<()> {
    let found = known_only(tx, found).await?;
    let keys: HashMap<Uuid, (Key, Marks)> = found
        .0
        .into_iter()
        .map(|(key, marks)| (key.id(tx.tenant_id), (key, marks)))
        .collect();
    let ids: Vec<Uuid> = keys.keys().copied().collect();
    let mut parts: HashMap<Uuid, Vec<Known>> = HashMap::new();
    for known in queries::find_for_update(tx, &ids).await? {
        parts.entry(known.key).or_default().push(known);
    }
    // Where there is one part and that is open, everything belongs to it.
    let several: Vec<Uuid> = parts
        .values()
        .filter(|parts| parts.len() > 1 || parts.iter().any(Known::is_closed))
        .flatten()
        .map(|known| known.id)
        .collect();
    let settled = queries::evidence_of(tx, &several).await?;
    let mut writing = Writing::default();
    for (id, (key, marks)) in keys {
        let parts = parts.remove(&id).unwrap_or_default();
        writing.add(tx, (id, &key), &parts, &marks, &settled, scope);
    }
    write(tx, writing).await
}

async fn write(tx: &Tx<'_>, mut writing: Writing) -> Result<()> {
    // In one order, so that two nodes never wait for each other.
    writing.findings.sort_by_key(|finding| finding.id);
    writing
        .evidence
        .sort_by_key(|one| (one.finding_id, one.event_id));
    queries::save_findings(tx, &writing.findings).await?;
    queries::save_evidence(tx, &writing.evidence).await?;
    queries::insert_steps(tx, &writing.steps).await
}

/// Leaves out what is about accounts and systems that are not there.
async fn known_only(tx: &Tx<'_>, mut found: Found) -> Result<Found> {
    let accounts: BTreeSet<Uuid> = found.0.keys().filter_map(|key| key.account).collect();
    let clients: BTreeSet<Uuid> = found.0.keys().filter_map(|key| key.client).collect();
    let accounts = queries::accounts(tx, &Vec::from_iter(accounts)).await?;
    let clients = queries::clients(tx, &Vec::from_iter(clients)).await?;
    found.0.retain(|key, _| {
        key.account.is_none_or(|id| accounts.contains(&id))
            && key.client.is_none_or(|id| clients.contains(&id))
    });
    Ok(found)
}

type Entries = BTreeMap<(DateTime<Utc>, Uuid), Option<Uuid>>;

impl Writing {
    fn add(
        &mut self,
        tx: &Tx<'_>,
        about: (Uuid, &Key),
        parts: &[Known],
        marks: &Marks,
        settled: &HashMap<Uuid, Vec<Uuid>>,
        scope: &Scope,
    ) {
        let last = parts.iter().max_by_key(|known| known.part);
        let newest = match last {
            Some(known) if known.is_closed() => known.part.saturating_add(1),
            Some(known) => known.part,
            None => 1,
        };
        let mut by_part: BTreeMap<i16, Entries> = BTreeMap::new();
        for (place, post) in &marks.entries {
            let holder = settled
                .get(&place.1)
                .and_then(|findings| parts.iter().find(|known| findings.contains(&known.id)));
            if holder.is_some_and(Known::is_closed) {
                continue;
            }
            let part = holder.map_or(newest, |known| known.part);
            by_part.entry(part).or_default().insert(*place, *post);
        }
        for (part, entries) in by_part {
            let known = parts.iter().find(|known| known.part == part);
            self.add_part(
                tx,
                (about.0, about.1, part),
                known,
                &entries,
                &marks.reasons,
                scope,
            );
        }
    }

    fn add_part(
        &mut self,
        tx: &Tx<'_>,
        (key_id, key, part): (Uuid, &Key, i16),
        known: Option<&Known>,
        entries: &Entries,
        reasons: &BTreeSet<&'static str>,
        scope: &Scope,
    ) {
        let (Some((first, post)), Some((last, _))) =
            (entries.first_key_value(), entries.last_key_value())
        else {
            return;
        };
        let span = (first.0, last.0);
        let id = known.map_or_else(|| part_id(key_id, part), |known| known.id);
        let reasons = reasons.iter().map(|word| (*word).to_owned()).collect();
        let mut finding = NewFinding::new(tx, id, (key_id, key, part), span, scope);
        finding.staff_member_id = *post;
        finding.reasons = reasons;
        if let Some(known) = known {
            finding.join(known, scope);
        }
        self.note_step(tx, known, &mut finding, scope);
        self.findings.push(finding);
        self.evidence
            .extend(entries.keys().map(|(at, event)| NewEvidence {
                tenant_id: tx.tenant_id,
                finding_id: id,
                event_id: *event,
                event_at: *at,
                run: scope.run,
            }));
    }

    /// What is new, and what is found again, is a step.
    fn note_step(
        &mut self,
        tx: &Tx<'_>,
        known: Option<&Known>,
        finding: &mut NewFinding,
        scope: &Scope,
    ) {
        let kind = match known {
            None => StepKind::Found,
            Some(known) if known.state == State::Superseded.code() => {
                State::Open.code().clone_into(&mut finding.state);
                finding.version += 1;
                StepKind::FoundAgain
            }
            Some(_) => return,
        };
        let mut step = NewStep::by_server(tx, finding.id, finding.version, kind);
        step.rule_version = Some(scope.rule_version);
        self.steps.push(step);
    }
}

/// The identifier of a part.
fn part_id(key: Uuid, part: i16) -> Uuid {
    ids::derived_id(&[&key.as_bytes()[..], &part.to_be_bytes()].concat())
}

/// What this computation looked at and did not find any more is superseded.
pub(super) async fn supersede(tx: &Tx<'_>, scope: &Scope) -> Result<()> {
    let gone = queries::supersede(tx, scope.run, scope.first_day()).await?;
    let steps: Vec<NewStep> = gone
        .iter()
        .map(|(id, version)| {
            let mut step = NewStep::by_server(tx, *id, *version, StepKind::Superseded);
            step.rule_version = Some(scope.rule_version);
            step
        })
        .collect();
    queries::insert_steps(tx, &steps).await?;
    let ids: Vec<Uuid> = gone.iter().map(|(id, _)| *id).collect();
    queries::end_requests(tx, &ids).await
}
