//! Entries held against the hashes of their places.

use uuid::Uuid;

use super::{
    super::tree::Hash,
    exchange,
    lines::Why,
    record::Told,
    report::{Alteration, Kind},
};

/// Most bad places, and most entries without a place, that are kept to find out what happened.
const MOST_KEPT: usize = 64;

/// A place where something is wrong.
#[derive(Debug)]
struct Bad {
    index: u64,
    /// The hash that belongs there, as far as that is known.
    known: Option<Hash>,
    id: Option<Uuid>,
    told: Option<Box<Told>>,
}

/// What was found so far.
#[derive(Debug, Default)]
pub(super) struct Places {
    kept: Vec<Bad>,
    loose: Vec<Told>,
    /// Bad places.
    pub(super) count: u64,
    /// Entries that were put there without a place.
    pub(super) inserted: u64,
    /// Whether what stands in the first bad place belongs into a later one.
    belongs_later: bool,
    /// Whether what belongs into the first bad place stands in a later one.
    stands_later: bool,
    /// Whether that is the next one, and whether the next one is right.
    stands_next: bool,
    next_is_right: bool,
    /// Where the empty places begin that reach to the end.
    empty_from: Option<u64>,
    /// Whether an entry without a place turned out to be that of an empty one.
    paired: bool,
}

impl Places {
    /// An entry in its place.
    pub(super) fn entry(&mut self, index: u64, told: Box<Told>, known: Option<Hash>) {
        self.empty_from = None;
        self.look_on(index, Some(told.hash), known);
        if known.is_some_and(|known| known != told.hash) || !told.belongs {
            self.bad(index, told.id, Some(told), known);
        }
    }

    /// A place without its entry.
    pub(super) fn missing(&mut self, index: u64, id: Option<Uuid>, known: Option<Hash>) {
        self.empty_from.get_or_insert(index);
        self.look_on(index, None, known);
        self.bad(index, id, None, known);
    }

    /// Places that were not looked at.
    pub(super) fn elsewhere(&mut self) {
        self.empty_from = None;
    }

    /// An entry without a place.
    pub(super) fn loose(&mut self, told: Box<Told>, why: Why) {
        if why == Why::Unsealed {
            return;
        }
        let place = self.kept.iter_mut().find(|bad| {
            // One that says the same id as an empty place is what became of its entry.
            bad.told.is_none() && bad.id.is_some() && bad.id == told.id
        });
        if let Some(place) = place {
            place.told = Some(told);
            self.paired = true;
            return;
        }
        self.inserted += 1;
        if self.loose.len() < MOST_KEPT {
            self.loose.push(*told);
        }
    }

    /// The first place where something is wrong.
    pub(super) fn first_index(&self) -> Option<u64> {
        self.kept.first().map(|bad| bad.index)
    }

    /// The first alteration.
    pub(super) fn first(&self) -> Option<Alteration> {
        let Some(first) = self.kept.first() else {
            return self.loose.first().map(|told| Alteration {
                kind: Kind::Inserted,
                index: None,
                before: None,
                id: told.id,
            });
        };
        Some(Alteration {
            kind: self.kind_of(first),
            index: Some(first.index),
            before: None,
            id: first.id,
        })
    }

    fn kind_of(&self, first: &Bad) -> Kind {
        let Some(told) = &first.told else {
            return self.kind_of_empty(first);
        };
        if first.known == Some(told.hash) {
            return Kind::Edited; // what was opened does not belong to it
        }
        match (self.belongs_later, self.stands_later) {
            (true, false) => Kind::Deleted,
            (false, true) if self.stands_next || !self.next_is_right => Kind::Inserted,
            (false, false) if !self.is_exchanged(first) => Kind::Edited,
            _ => Kind::Swapped,
        }
    }

    fn kind_of_empty(&self, first: &Bad) -> Kind {
        let renamed = |told: &Told| {
            let (entry, id) = (told.entry()?, first.id?);
            Some(exchange::is_renamed(entry, id, first.known?))
        };
        if self.loose.iter().any(|told| renamed(told) == Some(true)) {
            return Kind::Edited;
        }
        if self.empty_from == Some(first.index) && !self.paired {
            return Kind::Truncated;
        }
        Kind::Deleted
    }

    /// Whether what the first bad place says is what another should say, and the other way round.
    fn is_exchanged(&self, first: &Bad) -> bool {
        let both = |bad: &Bad| Some((bad.told.as_ref()?.entry()?, bad.known?));
        let Some((one, one_hash)) = both(first) else {
            return false;
        };
        self.kept
            .iter()
            .skip(1)
            .filter_map(both)
            .any(|(other, other_hash)| {
                exchange::is_exchanged((&one, one_hash), (&other, other_hash))
            })
    }

    fn bad(&mut self, index: u64, id: Option<Uuid>, told: Option<Box<Told>>, known: Option<Hash>) {
        self.count += 1;
        if self.kept.len() < MOST_KEPT {
            self.kept.push(Bad {
                index,
                known,
                id,
                told,
            });
        }
    }

    /// Looks out for the two hashes of the first bad place.
    fn look_on(&mut self, index: u64, found: Option<Hash>, known: Option<Hash>) {
        let Some(first) = self.kept.first() else {
            return;
        };
        let stands = first.told.as_ref().map(|told| told.hash);
        self.belongs_later |= stands.is_some() && stands == known;
        let here = first.known.is_some() && first.known == found;
        self.stands_later |= here;
        if index == first.index + 1 {
            self.stands_next = here;
            self.next_is_right = found.is_some() && found == known;
        }
    }
}
