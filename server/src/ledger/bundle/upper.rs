//! The tiles of a part of a log: those above its own up to the root, and what they say of each other.

use super::super::{
    tiles::{Place, Tiles, WIDTH, needed, tile_root},
    tree::{Hash, Node},
};
use super::heads::Head;

/// Levels of the tree between two levels of tiles.
const STEP: u32 = 8;

/// The tiles, and what was found wrong with those of the lowest level.
#[derive(Debug, Default)]
pub(super) struct Upper {
    tiles: Tiles,
    /// Roots of the full tiles of level 0 that were told.
    roots: Vec<(u64, Hash)>,
}

/// What the tiles of a part say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Said {
    /// They lead to the root.
    Holds,
    /// Some are not there.
    Lacks,
    /// They do not lead to the root; where it begins, when one of level 0 does not fit what is above it.
    Breaks(Option<u64>),
}

impl Upper {
    pub(super) fn insert(&mut self, place: Place, hashes: Vec<Hash>) {
        self.tiles.insert(place, hashes);
    }

    /// A tile of level 0.
    pub(super) fn lowest(&mut self, place: Place, hashes: &[Hash]) {
        match tile_root(hashes) {
            Some(root) => self.roots.push((place.index, root)),
            None => self.tiles.insert(place, hashes.to_vec()),
        }
    }

    /// Whether everything leads to the root of a tree, for the places from `from` up to `to`.
    pub(super) fn check(&self, head: Head, from: u64, to: u64) -> Said {
        let whole = 0..head.size;
        let edge = needed(std::slice::from_ref(&whole));
        let right = |place: &Place| {
            let width = self.tiles.get(*place).map(<[Hash]>::len);
            width.is_some_and(|width| u64::try_from(width) == Ok(place.width(head.size)))
        };
        if !edge.iter().all(right) {
            return Said::Lacks;
        }
        if self.tiles.ranges(std::slice::from_ref(&whole)) != Some(vec![head.root]) {
            return Said::Breaks(None);
        }
        for (place, hashes) in self.tiles.iter().filter(|(place, _)| !edge.contains(place)) {
            match (self.above(place), tile_root(hashes)) {
                (None, _) => return Said::Lacks,
                (above, root) if above != root => return Said::Breaks(None),
                _ => {}
            }
        }
        let mut next = from / WIDTH;
        for (index, root) in &self.roots {
            let place = Place {
                level: 0,
                index: *index,
            };
            match self.above(place) {
                None => return Said::Lacks,
                Some(above) if above != *root => return Said::Breaks(Some(index * WIDTH)),
                Some(_) => {}
            }
            next += u64::from(*index == next);
        }
        // The last tile, where it is not full, is one of the edge.
        let full = (to.min(head.size / WIDTH * WIDTH)).div_ceil(WIDTH);
        if next < full {
            Said::Lacks
        } else {
            Said::Holds
        }
    }

    /// What the tile above says that the root of a tile is.
    fn above(&self, place: Place) -> Option<Hash> {
        self.tiles.node(Node {
            level: (place.level + 1) * STEP,
            index: place.index,
        })
    }
}
