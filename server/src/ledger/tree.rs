//! The Merkle tree of RFC 6962: hashes, roots, and the two proofs.
//!
//! Nothing here reads a database. A proof is first planned as the ranges of leaves whose hashes it needs ([`inclusion`],
//! [`consistency`]); each range is made of perfect subtrees ([`nodes`]), and whoever has their hashes puts the proof
//! together ([`range_hash`]).

use std::fmt;

use sha2::{Digest, Sha256};

/// A SHA-256 hash.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Hash(pub [u8; 32]);

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl Hash {
    /// From 32 bytes; nothing for any other number of them.
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }
}

/// Root of the tree without leaves.
pub fn empty_root() -> Hash {
    Hash(Sha256::digest([]).into())
}

/// Hash of a leaf: `SHA-256(0x00 ‖ bytes)`.
pub fn leaf_hash(bytes: &[u8]) -> Hash {
    Hash(
        Sha256::new()
            .chain_update([0])
            .chain_update(bytes)
            .finalize()
            .into(),
    )
}

/// Hash of two neighbours: `SHA-256(0x01 ‖ left ‖ right)`.
pub fn node_hash(left: Hash, right: Hash) -> Hash {
    let hasher = Sha256::new().chain_update([1]);
    Hash(
        hasher
            .chain_update(left.0)
            .chain_update(right.0)
            .finalize()
            .into(),
    )
}

/// A perfect subtree: the leaves from `index · 2^level`, `2^level` of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Node {
    /// 0 for a leaf.
    pub level: u32,
    /// Position among the nodes of the level.
    pub index: u64,
}

/// Leaves from `start` up to, not including, `end`.
pub type Range = std::ops::Range<u64>;

/// The largest power of two below `n`, for `n` of two or more: where RFC 6962 splits a tree.
fn split(n: u64) -> u64 {
    1 << (n - 1).ilog2()
}

/// The perfect subtrees that a range is made of, left to right. The range must begin where one of its size can.
pub fn nodes(range: &Range) -> Vec<Node> {
    let (mut start, mut found) = (range.start, Vec::new());
    while start < range.end {
        let left = range.end - start;
        let level = if start == 0 {
            u32::MAX
        } else {
            start.trailing_zeros()
        };
        let level = level.min(left.ilog2());
        found.push(Node {
            level,
            index: start >> level,
        });
        start += 1 << level;
    }
    found
}

/// Hash of a range from those of its subtrees; nothing when one is not known.
pub fn range_hash(range: &Range, known: &impl Fn(Node) -> Option<Hash>) -> Option<Hash> {
    let parts = nodes(range);
    let mut hashes = parts.into_iter().rev().map(known);
    let Some(last) = hashes.next() else {
        return Some(empty_root());
    };
    hashes.try_fold(last?, |right, left| Some(node_hash(left?, right)))
}

/// What the proof of a leaf needs: siblings from the leaf up to the root. Nothing when there is no such leaf.
pub fn inclusion(index: u64, size: u64) -> Option<Vec<Range>> {
    if index >= size {
        return None;
    }
    let (mut siblings, mut whole) = (Vec::new(), 0..size);
    while whole.end - whole.start > 1 {
        let middle = whole.start + split(whole.end - whole.start);
        if index < middle {
            siblings.push(middle..whole.end);
            whole.end = middle;
        } else {
            siblings.push(whole.start..middle);
            whole.start = middle;
        }
    }
    siblings.reverse();
    Some(siblings)
}

/// What the proof needs that the tree of `old` leaves is the beginning of the tree of `new`. Nothing when it cannot be.
pub fn consistency(old: u64, new: u64) -> Option<Vec<Range>> {
    if old > new {
        return None;
    }
    if old == 0 || old == new {
        return Some(Vec::new());
    }
    let (mut needed, mut whole, mut from_start) = (Vec::new(), 0..new, true);
    while whole.end != old {
        let middle = whole.start + split(whole.end - whole.start);
        if old <= middle {
            needed.push(middle..whole.end);
            whole.end = middle;
        } else {
            needed.push(whole.start..middle);
            whole.start = middle;
            from_start = false;
        }
    }
    if !from_start {
        needed.push(whole);
    }
    needed.reverse();
    Some(needed)
}

/// Whether `leaf` is at `index` of the tree with `size` leaves and this `root` (RFC 9162, 2.1.3.2).
pub fn verify_inclusion(leaf: Hash, index: u64, size: u64, proof: &[Hash], root: Hash) -> bool {
    if index >= size {
        return false;
    }
    let (mut at, mut last, mut hash) = (index, size - 1, leaf);
    for sibling in proof {
        if last == 0 {
            return false;
        }
        if at & 1 == 1 || at == last {
            hash = node_hash(*sibling, hash);
            while at & 1 == 0 && at != 0 {
                at >>= 1;
                last >>= 1;
            }
        } else {
            hash = node_hash(hash, *sibling);
        }
        at >>= 1;
        last >>= 1;
    }
    last == 0 && hash == root
}

/// Whether the tree of `new` leaves begins with that of `old` (RFC 9162, 2.1.4.2).
pub fn verify_consistency(
    (old, old_root): (u64, Hash),
    (new, new_root): (u64, Hash),
    proof: &[Hash],
) -> bool {
    if old > new {
        return false;
    }
    if old == new {
        return proof.is_empty() && old_root == new_root;
    }
    if old == 0 {
        return proof.is_empty() && old_root == empty_root();
    }
    let mut rest = proof.iter().copied();
    let first = if old.is_power_of_two() {
        Some(old_root)
    } else {
        rest.next()
    };
    let Some(first) = first else { return false };
    let (mut at, mut last) = (old - 1, new - 1);
    while at & 1 == 1 {
        at >>= 1;
        last >>= 1;
    }
    let (mut of_old, mut of_new) = (first, first);
    for hash in rest {
        if last == 0 {
            return false;
        }
        if at & 1 == 1 || at == last {
            of_old = node_hash(hash, of_old);
            of_new = node_hash(hash, of_new);
            while at & 1 == 0 && at != 0 {
                at >>= 1;
                last >>= 1;
            }
        } else {
            of_new = node_hash(of_new, hash);
        }
        at >>= 1;
        last >>= 1;
    }
    last == 0 && of_old == old_root && of_new == new_root
}

/// The right edge of a growing tree: what is needed to add leaves and to know the root, about one hash for each bit of
/// the size.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Edge {
    size: u64,
    /// Hashes of the perfect subtrees that the tree is made of, left to right.
    peaks: Vec<Hash>,
}

impl Edge {
    /// From what [`Edge::to_bytes`] wrote; nothing when that cannot be the edge of a tree of this size.
    pub fn from_bytes(size: u64, bytes: &[u8]) -> Option<Self> {
        let (hashes, rest) = bytes.as_chunks::<32>();
        let fits = rest.is_empty() && u32::try_from(hashes.len()) == Ok(size.count_ones());
        fits.then(|| Self {
            size,
            peaks: hashes.iter().map(|hash| Hash(*hash)).collect(),
        })
    }

    /// The hashes one after the other.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.peaks.iter().flat_map(|hash| hash.0).collect()
    }

    /// How many leaves the tree has.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Adds a leaf.
    pub fn push(&mut self, leaf: Hash) {
        let mut hash = leaf;
        for _ in 0..self.size.trailing_ones() {
            if let Some(left) = self.peaks.pop() {
                hash = node_hash(left, hash);
            }
        }
        self.peaks.push(hash);
        self.size += 1;
    }

    /// The root.
    pub fn root(&self) -> Hash {
        let mut peaks = self.peaks.iter().rev().copied();
        peaks.next().map_or_else(empty_root, |last| {
            peaks.fold(last, |right, left| node_hash(left, right))
        })
    }
}

/// Root of the tree with these leaves.
pub fn root_of(leaves: impl IntoIterator<Item = Hash>) -> Hash {
    let mut edge = Edge::default();
    leaves.into_iter().for_each(|leaf| edge.push(leaf));
    edge.root()
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A tree that is held as a whole, for the tests.
    pub(in super::super) struct Whole(pub Vec<Hash>);

    impl Whole {
        pub(in super::super) fn of(size: u64) -> Self {
            Self((0..size).map(|n| leaf_hash(&n.to_be_bytes())).collect())
        }

        fn range(&self, range: &Range) -> &[Hash] {
            &self.0[place(range.start)..place(range.end)]
        }

        /// As RFC 6962 defines it, word for word.
        fn plain(leaves: &[Hash]) -> Hash {
            match leaves {
                [] => empty_root(),
                [leaf] => *leaf,
                _ => {
                    let mut k = 1;
                    while k * 2 < leaves.len() {
                        k *= 2;
                    }
                    node_hash(Self::plain(&leaves[..k]), Self::plain(&leaves[k..]))
                }
            }
        }

        pub(in super::super) fn root(&self, size: u64) -> Hash {
            Self::plain(self.range(&(0..size)))
        }

        pub(in super::super) fn hashes(&self, ranges: &[Range]) -> Vec<Hash> {
            let node = |node: Node| {
                let start = node.index << node.level;
                Some(Self::plain(self.range(&(start..start + (1 << node.level)))))
            };
            let hash = |range| range_hash(range, &node).unwrap();
            ranges.iter().map(hash).collect()
        }
    }

    fn place(number: u64) -> usize {
        usize::try_from(number).unwrap()
    }

    fn from_hex(text: &str) -> Vec<u8> {
        let digits: Vec<u32> = text.chars().map(|c| c.to_digit(16).unwrap()).collect();
        let byte = |pair: &[u32]| u8::try_from(pair[0] * 16 + pair[1]).unwrap();
        digits.chunks(2).map(byte).collect()
    }

    /// The reference values of Certificate Transparency.
    #[test]
    fn roots_are_those_of_the_reference() {
        let leaves = [
            "",
            "00",
            "10",
            "2021",
            "3031",
            "40414243",
            "5051525354555657",
        ];
        let leaves = leaves
            .into_iter()
            .chain(["606162636465666768696a6b6c6d6e6f"]);
        let roots = [
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
        ];
        let mut edge = Edge::default();
        assert_eq!(edge.root(), empty_root());
        for (leaf, root) in leaves.zip(roots) {
            edge.push(leaf_hash(&from_hex(leaf)));
            assert_eq!(format!("{:?}", edge.root()), root);
        }
    }

    #[test]
    fn every_leaf_and_every_beginning_of_small_trees_can_be_proven() {
        let whole = Whole::of(70);
        for size in 0..=70 {
            let root = whole.root(size);
            assert_eq!(root_of(whole.0.iter().take(place(size)).copied()), root);
            for index in 0..size {
                let proof = whole.hashes(&inclusion(index, size).unwrap());
                let leaf = whole.0[place(index)];
                assert!(verify_inclusion(leaf, index, size, &proof, root));
                for other in 0..size {
                    let same = verify_inclusion(leaf, other, size, &proof, root);
                    assert_eq!(same, other == index);
                }
            }
            assert_eq!(inclusion(size, size), None);
            for old in 0..=size {
                let proof = whole.hashes(&consistency(old, size).unwrap());
                let of_old = (old, whole.root(old));
                assert!(verify_consistency(of_old, (size, root), &proof));
            }
            assert_eq!(consistency(size + 1, size), None);
        }
    }

    proptest! {
        /// What is not so cannot be proven by a bent proof.
        #[test]
        fn a_bent_proof_proves_nothing(
            size in 1_u64..600, at in any::<prop::sample::Index>(), old in any::<prop::sample::Index>(),
            bent in any::<prop::sample::Index>(), byte in 0_usize..32, how in 0..4,
        ) {
            let whole = Whole::of(size);
            let root = whole.root(size);
            let index = at.index(place(size)) as u64;
            let bend = |mut proof: Vec<Hash>| {
                match how {
                    0 if !proof.is_empty() => { let place = bent.index(proof.len()); proof[place].0[byte] ^= 1; }
                    1 => { proof.push(empty_root()); }
                    2 if !proof.is_empty() => { proof.remove(bent.index(proof.len())); }
                    _ => proof.insert(0, root),
                }
                proof
            };
            let proof = bend(whole.hashes(&inclusion(index, size).unwrap()));
            prop_assert!(!verify_inclusion(whole.0[place(index)], index, size, &proof, root));
            let old = 1 + old.index(place(size)) as u64;
            let proof = bend(whole.hashes(&consistency(old, size).unwrap()));
            prop_assert!(!verify_consistency((old, whole.root(old)), (size, root), &proof));
        }

        /// An edge says the same as the whole tree, also after it was written down.
        #[test]
        fn an_edge_is_as_good_as_the_tree(size in 0_u64..2000, more in 0_u64..300) {
            let whole = Whole::of(size + more);
            let mut edge = Edge::default();
            whole.0.iter().take(place(size)).for_each(|leaf| edge.push(*leaf));
            let mut read = Edge::from_bytes(size, &edge.to_bytes()).unwrap();
            whole.0.iter().skip(place(size)).for_each(|leaf| read.push(*leaf));
            prop_assert_eq!(read.root(), whole.root(size + more));
            prop_assert_eq!(Edge::from_bytes(size + 1, &edge.to_bytes()).is_some(),
                (size + 1).count_ones() == size.count_ones());
        }
    }
}
