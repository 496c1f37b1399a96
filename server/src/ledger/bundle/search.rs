//! Finding out what was done to a log of which only the signature is right: entries, places and hashes agree with each
//! other and not with what was signed. What was put in can be found by leaving each out, what was exchanged by exchanging
//! it back; what was changed or removed cannot be found, because its hash is not known.

use super::{
    super::tree::{Edge, Hash},
    heads::Tail,
    report::Kind,
};

/// Most entries that are left out in turn.
pub(super) const MOST_REMOVALS: usize = 1024;
/// Most entries that are exchanged with each other, the last ones.
pub(super) const MOST_EXCHANGES: usize = 256;

/// What makes the leaves give this root, and where it begins. `suspect` is a place that is known to be wrong.
pub(super) fn explain(tail: &Tail, root: Hash, suspect: Option<u64>) -> Option<(Kind, u64)> {
    let size = tail.until?;
    let count = usize::try_from(size - tail.base.size()).ok()?;
    let leaves: Vec<Hash> = tail.leaves.iter().copied().collect();
    let found = removal(tail, &leaves, count, root).map(|at| (Kind::Inserted, at));
    let suspect = suspect.and_then(|place| place.checked_sub(tail.base.size()));
    let suspect = suspect.and_then(|at| usize::try_from(at).ok());
    let exchanged = || exchange(tail, &leaves, count, root, suspect).map(|at| (Kind::Swapped, at));
    let found = found.or_else(exchanged);
    let place = |at: usize| Some(tail.base.size() + u64::try_from(at).ok()?);
    found.and_then(|(kind, at)| Some((kind, place(at)?)))
}

/// Which leaf has to be left out.
fn removal(tail: &Tail, leaves: &[Hash], count: usize, root: Hash) -> Option<usize> {
    // One more leaf than the tree has, because one of them is too much.
    let leaves = leaves.get(..=count)?;
    let mut before = tail.base.clone();
    for (at, leaf) in leaves.iter().enumerate().take(count) {
        if grown(&before, leaves.get(at + 1..)?) == root {
            return Some(at);
        }
        before.push(*leaf);
    }
    None
}

/// Which leaf has to be exchanged with a later one: one of the last, or the suspect.
fn exchange(
    tail: &Tail,
    leaves: &[Hash],
    count: usize,
    root: Hash,
    suspect: Option<usize>,
) -> Option<usize> {
    let leaves = leaves.get(..count)?;
    let mut before = tail.base.clone();
    for (at, leaf) in leaves.iter().enumerate() {
        if at + MOST_EXCHANGES >= count || suspect == Some(at) {
            let mut rest = leaves.get(at..)?.to_vec();
            for other in 1..rest.len() {
                rest.swap(0, other);
                if grown(&before, &rest) == root {
                    return Some(at);
                }
                rest.swap(0, other);
            }
        }
        before.push(*leaf);
    }
    None
}

/// Root of a tree with more leaves.
fn grown(tree: &Edge, leaves: &[Hash]) -> Hash {
    let mut tree = tree.clone();
    for leaf in leaves {
        tree.push(*leaf);
    }
    tree.root()
}
