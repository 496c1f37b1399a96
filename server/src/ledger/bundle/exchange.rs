//! Whether two entries say what the other should say: exchanged back, in one field, in some or in all, they have the
//! hashes that belong into their places.

use std::{collections::BTreeSet, mem::swap};

use uuid::Uuid;

use super::super::{entry::Entry, tree::Hash};

/// Where no more fields differ than this, every choice of them is tried.
const MOST_TRIED: usize = 8;
/// Most pairs of patients that are exchanged one for one.
const MOST_PAIRS: usize = 128;

type Field = fn(&mut Entry, &mut Entry);

/// The fields that can be exchanged, in the order in which they are tried; not the id, which says which entry it is.
const FIELDS: [Field; 27] = [
    |a, b| swap(&mut a.at, &mut b.at),
    |a, b| swap(&mut a.salt, &mut b.salt),
    |a, b| swap(&mut a.actor_kind, &mut b.actor_kind),
    |a, b| swap(&mut a.profession, &mut b.profession),
    |a, b| swap(&mut a.facility, &mut b.facility),
    |a, b| swap(&mut a.action, &mut b.action),
    |a, b| swap(&mut a.outcome, &mut b.outcome),
    |a, b| swap(&mut a.code, &mut b.code),
    |a, b| swap(&mut a.purpose, &mut b.purpose),
    |a, b| swap(&mut a.ground, &mut b.ground),
    |a, b| swap(&mut a.resource_type, &mut b.resource_type),
    |a, b| swap(&mut a.resource_version, &mut b.resource_version),
    |a, b| swap(&mut a.count, &mut b.count),
    |a, b| swap(&mut a.rules, &mut b.rules),
    |a, b| swap(&mut a.policy, &mut b.policy),
    |a, b| swap(&mut a.clock, &mut b.clock),
    |a, b| swap(&mut a.who.account, &mut b.who.account),
    |a, b| swap(&mut a.who.client, &mut b.who.client),
    |a, b| swap(&mut a.who.on_behalf_of, &mut b.who.on_behalf_of),
    |a, b| swap(&mut a.who.staff_member, &mut b.who.staff_member),
    |a, b| swap(&mut a.place.device, &mut b.place.device),
    |a, b| swap(&mut a.place.request, &mut b.place.request),
    |a, b| swap(&mut a.place.session, &mut b.place.session),
    |a, b| swap(&mut a.place.source_ip, &mut b.place.source_ip),
    |a, b| swap(&mut a.what.decision, &mut b.what.decision),
    |a, b| swap(&mut a.what.query, &mut b.what.query),
    |a, b| swap(&mut a.what.resource, &mut b.what.resource),
];
/// The first two of them: what stays when somebody exchanges the rest.
const AT: usize = 0;
const SALT: usize = 1;
/// What goes together: who, from where, about which thing; who with the post that was held; that with from where.
const GROUPS: [&[usize]; 5] = [
    &[16, 17, 18, 19],
    &[20, 21, 22, 23],
    &[24, 25, 26],
    &[2, 3, 4, 16, 17, 18, 19],
    &[2, 3, 4, 16, 17, 18, 19, 20, 21, 22, 23],
];

/// Whether two entries were exchanged.
pub(super) fn is_exchanged(one: (&Entry, Hash), other: (&Entry, Hash)) -> bool {
    let differing: Vec<usize> = (0..FIELDS.len())
        .filter(|field| {
            let (a, _) = exchanged(one.0, other.0, &[*field]);
            a != *one.0
        })
        .collect();
    let patients = patients(one.0, other.0);
    choices(&differing).iter().any(|fields| {
        let (a, b) = exchanged(one.0, other.0, fields);
        // One by one, with everything or with nothing else: what moves a patient rarely moves half of the rest.
        let few = fields.is_empty() || fields.len() + 2 >= differing.len();
        let tried = patients.iter().take(if few { usize::MAX } else { 2 });
        tried.clone().any(|(of_one, of_other)| {
            let with = |entry: &Entry, patients: &BTreeSet<Uuid>| Entry {
                patients: patients.iter().copied().collect(),
                ..entry.clone()
            };
            with(&a, of_one).hash() == one.1 && with(&b, of_other).hash() == other.1
        })
    })
}

/// Whether an entry has this hash when it has this id.
pub(super) fn is_renamed(mut entry: Entry, id: Uuid, hash: Hash) -> bool {
    entry.id = id;
    entry.hash() == hash
}

/// Which fields are exchanged together.
fn choices(differing: &[usize]) -> Vec<Vec<usize>> {
    if differing.len() <= MOST_TRIED {
        let chosen = |bits: u32| {
            let is_in = |(at, _): &(u32, &usize)| bits >> at & 1 == 1;
            (0..)
                .zip(differing)
                .filter(is_in)
                .map(|(_, field)| *field)
                .collect()
        };
        return (0..1_u32 << differing.len()).map(chosen).collect();
    }
    let without = |left: &[usize]| {
        let stays = |field: &&usize| !left.contains(field);
        differing.iter().filter(stays).copied().collect()
    };
    let all = [&[][..], &[AT], &[SALT], &[AT, SALT]].map(without);
    let groups = GROUPS.iter().map(|group| group.to_vec());
    let single = differing.iter().map(|field| vec![*field]);
    let fewest = [Vec::new()].into_iter();
    fewest.chain(all).chain(groups).chain(single).collect()
}

fn exchanged(one: &Entry, other: &Entry, fields: &[usize]) -> (Entry, Entry) {
    let (mut a, mut b) = (one.clone(), other.clone());
    for field in fields.iter().filter_map(|field| FIELDS.get(*field)) {
        field(&mut a, &mut b);
    }
    (a, b)
}

/// What the patients of two entries may have been: as they are, exchanged, and one for one (or for none).
fn patients(one: &Entry, other: &Entry) -> Vec<(BTreeSet<Uuid>, BTreeSet<Uuid>)> {
    let set = |entry: &Entry| -> BTreeSet<Uuid> { entry.patients.iter().copied().collect() };
    let (a, b) = (set(one), set(other));
    let mut found = vec![(a.clone(), b.clone()), (b.clone(), a.clone())];
    if (a.len() + 1) * (b.len() + 1) > MOST_PAIRS {
        return found;
    }
    let maybe = |set: &BTreeSet<Uuid>| -> Vec<Option<Uuid>> {
        std::iter::once(None)
            .chain(set.iter().copied().map(Some))
            .collect()
    };
    for given in maybe(&a) {
        for taken in maybe(&b) {
            let moved = |set: &BTreeSet<Uuid>, given: Option<Uuid>, taken: Option<Uuid>| {
                let stays = set.iter().copied().filter(|id| Some(*id) != given);
                stays.chain(taken).collect::<BTreeSet<Uuid>>()
            };
            found.push((moved(&a, given, taken), moved(&b, taken, given)));
        }
    }
    found
}
