//! What is known of the people and patients of a page of entries. Loaded for each page, so that it stays small.

mod queries;

use std::collections::{BTreeSet, HashMap};

use uuid::Uuid;

use super::rules::{Facts, PatientFacts, PersonFacts, PostFacts, Seen};
use crate::{Result, ctx::Tx, spine::address};

/// Professions of accounts that belong to a patient.
const RELATIVES: [&str; 2] = ["patient", "family"];

/// Everything that rules may ask about these entries.
pub(super) async fn facts(tx: &Tx<'_>, page: &[Seen]) -> Result<Facts> {
    let distinct = |ids: &mut dyn Iterator<Item = Uuid>| -> Vec<Uuid> {
        ids.collect::<BTreeSet<_>>().into_iter().collect()
    };
    let acted = distinct(&mut page.iter().filter_map(|seen| seen.post));
    let patients = distinct(
        &mut page
            .iter()
            .flat_map(|seen| seen.patient.iter().chain(&seen.named).copied()),
    );
    let mut facts = Facts::default();
    let people = people(tx, &mut facts, &acted).await?;
    facts.patients = patients_of(tx, &patients, people).await?;
    let times = || page.iter().map(|seen| seen.at);
    if let (Some(first), Some(last)) = (times().min(), times().max()) {
        let posts: Vec<Uuid> = facts.posts.keys().copied().collect();
        facts.stand_ins = queries::stand_ins(tx, &posts, (first, last)).await?;
        let absent = facts.stand_ins.values().flatten().map(|one| one.absent);
        let posts = distinct(&mut posts.iter().copied().chain(absent));
        facts.memberships = queries::memberships(tx, &posts, &patients).await?;
    }
    Ok(facts)
}

/// The people who hold these posts, with all of their posts. Answers whether the address of any of them is known.
async fn people(tx: &Tx<'_>, facts: &mut Facts, acted: &[Uuid]) -> Result<bool> {
    let mut any_home = false;
    for row in queries::people(tx, acted).await? {
        let home = row.home.as_deref().and_then(|home| home.try_into().ok());
        any_home |= home.is_some();
        let person = facts.people.entry(row.person).or_insert(PersonFacts {
            name: row.name,
            kana: row.kana,
            home,
            posts: Vec::new(),
        });
        person.posts.push(row.post);
        let post = PostFacts {
            person: row.person,
            facility: row.facility,
            facility_kind: row.facility_kind,
            is_relative: RELATIVES.contains(&row.profession.as_str()),
        };
        facts.posts.insert(row.post, post);
    }
    Ok(any_home)
}

/// These patients. Digests of their addresses are made only when there is somebody to be compared with.
async fn patients_of(
    tx: &Tx<'_>,
    ids: &[Uuid],
    with_homes: bool,
) -> Result<HashMap<Uuid, PatientFacts>> {
    let seal = &tx.app().seal;
    let home = |text: &str| address::digest(seal, tx.tenant_id, text);
    let mut found: HashMap<Uuid, PatientFacts> = HashMap::with_capacity(ids.len());
    for row in queries::patients(tx, ids).await? {
        let patient = PatientFacts {
            home: with_homes.then(|| home(&row.address)).flatten(),
            name: row.name,
            kana: row.kana,
            facility: row.facility_id,
            ..PatientFacts::default()
        };
        found.insert(row.id, patient);
    }
    for (patient, relative) in queries::relatives(tx, ids).await? {
        if let Some(patient) = found.get_mut(&patient) {
            patient.relatives.push(relative);
        }
    }
    for (patient, watch) in queries::watches(tx, ids).await? {
        if let Some(patient) = found.get_mut(&patient) {
            patient.watches.push(watch);
        }
    }
    for (patient, consent) in queries::consents(tx, ids).await? {
        if let Some(patient) = found.get_mut(&patient) {
            patient.consents.push(consent);
        }
    }
    Ok(found)
}
