//! The checkpoints of a log, and trees that are held against them while they grow.

use std::collections::VecDeque;

use super::super::{
    checkpoint::Signed,
    tree::{Edge, Hash},
};

/// A checkpoint that a tree is held against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) size: u64,
    pub(super) root: Hash,
    /// When it was signed first, and when last, in seconds since 1970.
    pub(super) first: u64,
    pub(super) last: u64,
    /// Whether it is of the log itself, and not an older one from elsewhere.
    pub(super) own: bool,
}

/// All of them, by size.
#[derive(Debug, Default)]
pub(super) struct Heads(Vec<Head>);

impl Heads {
    pub(super) fn add(&mut self, signed: &Signed, own: bool) {
        self.0.push(Head {
            size: signed.checkpoint.size,
            root: signed.checkpoint.root,
            first: signed.time,
            last: signed.time,
            own,
        });
    }

    /// Puts them in order; the same one signed again is one.
    pub(super) fn sort(&mut self) {
        let by_all = |head: &Head| (head.size, !head.own, head.root, head.first);
        self.0.sort_unstable_by_key(by_all);
        self.0.dedup_by(|next, kept| {
            let same = (next.size, next.root, next.own) == (kept.size, kept.root, kept.own);
            if same {
                kept.last = kept.last.max(next.last);
            }
            same
        });
    }

    pub(super) fn all(&self) -> &[Head] {
        &self.0
    }

    fn own(&self) -> impl DoubleEndedIterator<Item = &Head> {
        self.0.iter().filter(|head| head.own)
    }

    /// The one of the log itself that stands for most entries; of several, the latest.
    pub(super) fn newest(&self) -> Option<Head> {
        self.own()
            .max_by_key(|head| (head.size, head.last))
            .copied()
    }

    /// When the log was signed last.
    pub(super) fn signed_at(&self) -> Option<u64> {
        self.own().map(|head| head.last).max()
    }
}

/// A tree that grows leaf by leaf, held against every checkpoint that it reaches.
#[derive(Debug)]
pub(super) struct Track {
    edge: Edge,
    due: usize,
    fits: Vec<Option<bool>>,
    /// Whether a leaf is not known: from there on nothing can be said.
    broken: bool,
}

/// What a tree was found to be at a size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Met {
    /// No checkpoint stands for this size.
    Nothing,
    /// One that it fits.
    Fit,
    /// Only such that it does not fit.
    Misfit,
}

impl Track {
    pub(super) fn new(heads: &Heads) -> Self {
        let mut track = Self {
            edge: Edge::default(),
            due: 0,
            fits: vec![None; heads.0.len()],
            broken: false,
        };
        track.compare(heads);
        track
    }

    pub(super) fn edge(&self) -> &Edge {
        &self.edge
    }

    pub(super) fn break_off(&mut self) {
        self.broken = true;
    }

    pub(super) fn is_broken(&self) -> bool {
        self.broken
    }

    pub(super) fn push(&mut self, hash: Hash, heads: &Heads) -> Met {
        if self.broken {
            return Met::Nothing;
        }
        self.edge.push(hash);
        self.compare(heads)
    }

    /// Whether it fits the checkpoint, as far as that is known.
    pub(super) fn fits(&self, head: usize) -> Option<bool> {
        self.fits.get(head).copied().flatten()
    }

    fn compare(&mut self, heads: &Heads) -> Met {
        let mut met = Met::Nothing;
        while let Some(head) = heads.0.get(self.due) {
            if head.size > self.edge.size() {
                break;
            }
            let fits = head.root == self.edge.root();
            if let Some(known) = self.fits.get_mut(self.due) {
                *known = Some(fits);
            }
            met = match (met, fits) {
                (_, true) | (Met::Fit, _) => Met::Fit,
                _ => Met::Misfit,
            };
            self.due += 1;
        }
        met
    }
}

/// The last leaves before the first checkpoint that the entries do not fit, none before one that they fit, and one more.
#[derive(Debug, Default)]
pub(super) struct Tail {
    /// The tree before them.
    pub(super) base: Edge,
    pub(super) leaves: VecDeque<Hash>,
    /// How large the tree is that did not fit.
    pub(super) until: Option<u64>,
    complete: bool,
}

impl Tail {
    pub(super) fn push(&mut self, hash: Hash, met: Met, edge: &Edge) {
        if self.complete {
            return;
        }
        self.leaves.push_back(hash);
        if self.until.is_some() {
            self.complete = true;
            return;
        }
        if self.leaves.len() > super::search::MOST_REMOVALS
            && let Some(first) = self.leaves.pop_front()
        {
            self.base.push(first);
        }
        match met {
            Met::Nothing => {}
            Met::Misfit => self.until = Some(edge.size()),
            Met::Fit => {
                self.base = edge.clone();
                self.leaves.clear();
            }
        }
    }
}
