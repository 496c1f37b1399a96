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
/// Most entries that are exchanged with each other.
pub(super) const MOST_EXCHANGES: usize = 256;

/// What makes the leaves give this root, and where it begins.
pub(super) fn explain(tail: &Tail, root: Hash) -> Option<(Kind, u64)> {
    let size = tail.until?;
    let count = usize::try_from(size - tail.base.size()).ok()?;
    if !tail.is_whole() || count > MOST_REMOVALS {
        return None;
    }
    let found = removal(tail, count, root).map(|at| (Kind::Inserted, at));
    let found = found.or_else(|| exchange(tail, count, root).map(|at| (Kind::Swapped, at)));
    let place = |at: usize| Some(tail.base.size() + u64::try_from(at).ok()?);
    found.and_then(|(kind, at)| Some((kind, place(at)?)))
}

/// Which leaf has to be left out.
fn removal(tail: &Tail, count: usize, root: Hash) -> Option<usize> {
    // One more leaf than the tree has, because one of them is too much.
    let leaves = tail.leaves.get(..=count)?;
    let mut before = tail.base.clone();
    for (at, leaf) in leaves.iter().enumerate().take(count) {
        if grown(&before, leaves.get(at + 1..)?) == root {
            return Some(at);
        }
        before.push(*leaf);
    }
    None
}

/// Which leaf has to be exchanged with a later one.
fn exchange(tail: &Tail, count: usize, root: Hash) -> Option<usize> {
    if count > MOST_EXCHANGES {
        return None;
    }
    let leaves = tail.leaves.get(..count)?;
    let mut before = tail.base.clone();
    for (at, leaf) in leaves.iter().enumerate() {
        let mut rest = leaves.get(at..)?.to_vec();
        for other in 1..rest.len() {
            rest.swap(0, other);
            if grown(&before, &rest) == root {
                return Some(at);
            }
            rest.swap(0, other);
        }
        before.push(*leaf);
    }
    None
}

/// Root of a tree with more leaves.
fn grown(tree: &Edge, leaves: &[Hash]) -> Hash {
    let mut tree = tree.clone();
    leaves.iter().for_each(|leaf| tree.push(*leaf));
    tree.root()
}
