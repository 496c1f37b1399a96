//! Tiles (c2sp.org/tlog-tiles): the hashes of a tree, 256 of one level together. A full tile never changes, so that it
//! can be kept and passed on for ever, and any proof is made from a few of them.

use std::collections::{BTreeMap, BTreeSet};

use super::tree::{Hash, Node, Range, node_hash, nodes, range_hash};

/// Hashes in a full tile.
pub const WIDTH: u64 = 256;
/// Levels of the tree between two levels of tiles.
const STEP: u32 = 8;

/// The place of a tile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// 0 for hashes of leaves.
    pub level: u32,
    /// Position among the tiles of the level.
    pub index: u64,
}

impl Place {
    /// The tile that holds what a node is made of.
    fn of(node: Node) -> Self {
        let level = node.level / STEP;
        let first = node.index << (node.level % STEP);
        Self {
            level,
            index: first / WIDTH,
        }
    }

    /// How many hashes the tile has in a tree of this size: 256 when it is full.
    pub fn width(self, size: u64) -> u64 {
        let hashes = size.checked_shr(STEP * self.level).unwrap_or(0);
        hashes.saturating_sub(self.index * WIDTH).min(WIDTH)
    }
}

/// The tiles that some ranges need.
pub fn needed(ranges: &[Range]) -> BTreeSet<Place> {
    let all = ranges.iter().flat_map(nodes);
    all.map(Place::of).collect()
}

/// Root of the subtree over hashes of which there are two to the power of something.
fn fold(hashes: &[Hash]) -> Option<Hash> {
    match hashes {
        [] => None,
        [one] => Some(*one),
        _ => {
            let (left, right) = hashes.split_at_checked(hashes.len() / 2)?;
            Some(node_hash(fold(left)?, fold(right)?))
        }
    }
}

/// Tiles that were loaded.
#[derive(Debug, Clone, Default)]
pub struct Tiles(BTreeMap<Place, Vec<Hash>>);

impl Tiles {
    /// Puts a tile in, full or not.
    pub fn insert(&mut self, place: Place, hashes: Vec<Hash>) {
        self.0.insert(place, hashes);
    }

    /// The hashes of a tile.
    pub fn get(&self, place: Place) -> Option<&[Hash]> {
        self.0.get(&place).map(Vec::as_slice)
    }

    /// All of them, level by level.
    pub fn iter(&self) -> impl Iterator<Item = (Place, &[Hash])> {
        self.0
            .iter()
            .map(|(place, hashes)| (*place, hashes.as_slice()))
    }

    /// Hash of a node, when its tile was loaded.
    pub fn node(&self, node: Node) -> Option<Hash> {
        let within = node.level % STEP;
        let first = (node.index << within) % WIDTH;
        let first = usize::try_from(first).ok()?;
        let hashes = self.0.get(&Place::of(node))?;
        fold(hashes.get(first..first + (1 << within))?)
    }

    /// Hashes of ranges, when their tiles were loaded.
    pub fn ranges(&self, ranges: &[Range]) -> Option<Vec<Hash>> {
        let hash = |range| range_hash(range, &|node| self.node(node));
        ranges.iter().map(hash).collect()
    }
}

/// Root of a full tile.
pub fn tile_root(hashes: &[Hash]) -> Option<Hash> {
    (hashes.len() == 256).then(|| fold(hashes)).flatten()
}

/// Hashes one after the other, as a tile is kept.
pub fn to_bytes(hashes: &[Hash]) -> Vec<u8> {
    hashes.iter().flat_map(|hash| hash.0).collect()
}

/// The reverse of [`to_bytes`]; nothing when the bytes are not whole hashes.
pub fn from_bytes(bytes: &[u8]) -> Option<Vec<Hash>> {
    let (hashes, []) = bytes.as_chunks::<32>() else {
        return None;
    };
    Some(hashes.iter().map(|hash| Hash(*hash)).collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::ledger::tree::{
        consistency, inclusion, tests::Whole, verify_consistency, verify_inclusion,
    };

    /// All tiles of a tree.
    fn tiles(whole: &Whole, size: u64) -> Tiles {
        let mut tiles = Tiles::default();
        let mut hashes = whole.0[..usize::try_from(size).unwrap()].to_vec();
        for level in 0.. {
            if hashes.is_empty() {
                break;
            }
            for (index, part) in (0..).zip(hashes.chunks(256)) {
                tiles.insert(Place { level, index }, part.to_vec());
            }
            hashes = hashes
                .chunks_exact(256)
                .map(|full| fold(full).unwrap())
                .collect();
        }
        tiles
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        /// What the tiles of a tree give proves what it should, and no other tile is needed.
        #[test]
        fn proofs_come_out_of_tiles(size in 1_u64..70_000, index in any::<prop::sample::Index>(), old in any::<prop::sample::Index>()) {
            let whole = Whole::of(size);
            let all = tiles(&whole, size);
            let only = |ranges: &[Range]| {
                let mut some = Tiles::default();
                for place in needed(ranges) {
                    let hashes = all.get(place).unwrap();
                    assert_eq!(hashes.len() as u64, place.width(size));
                    some.insert(place, hashes.to_vec());
                }
                some.ranges(ranges).unwrap()
            };
            let root = only(std::slice::from_ref(&(0..size)))[0];
            let index = index.index(usize::try_from(size).unwrap()) as u64;
            let proof = only(&inclusion(index, size).unwrap());
            prop_assert!(verify_inclusion(whole.0[usize::try_from(index).unwrap()], index, size, &proof, root));
            let old = old.index(usize::try_from(size).unwrap()) as u64;
            let proof = only(&consistency(old, size).unwrap());
            let old_root = only(std::slice::from_ref(&(0..old)))[0];
            prop_assert!(verify_consistency((old, old_root), (size, root), &proof));
        }
    }

    #[test]
    fn tiles_are_as_wide_as_the_specification_says() {
        let width = |level, index| Place { level, index }.width(70_000);
        assert_eq!((width(0, 272), width(0, 273), width(0, 274)), (256, 112, 0));
        assert_eq!(
            (width(1, 0), width(1, 1), width(2, 0), width(9, 0)),
            (256, 17, 1, 0)
        );
        assert_eq!(from_bytes(&[0; 33]), None);
    }
}
