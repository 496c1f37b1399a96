//! The end of an examination: what follows from everything that was told.

use super::{
    examine::{Examination, Older},
    heads::Head,
    lines::{Header, Held},
    report::{Alteration, Kind, Lack, Outcome, Report, Since},
    search,
    upper::Said,
};

impl Report {
    pub(super) fn begin(header: &Header, key_given: bool) -> Self {
        Self {
            outcome: Outcome::Sound,
            exit: 0,
            kind: Some(header.kind),
            origin: header.origin.clone(),
            from: header.from,
            to: header.to,
            size: 0,
            note: None,
            signed_at: None,
            key: header.key.clone(),
            key_given,
            entries: 0,
            unsigned: 0,
            unsealed: 0,
            rejected: 0,
            elsewhere: 0,
            checkpoints: 0,
            bad_signatures: 0,
            alteration: None,
            places: 0,
            lacks: Vec::new(),
            line: None,
            since: Vec::new(),
            late: 0,
            ahead: 0,
        }
    }

    /// Of a file that does not say what it is.
    pub(super) fn unreadable() -> Self {
        let nothing = Header::new(Held::Full, "", uuid::Uuid::nil(), 0);
        let mut report = Self::begin(&nothing, false);
        report.kind = None;
        report.line = Some(1);
        report.lack(Lack::Malformed);
        report.outcome = Outcome::Incomplete;
        report.exit = report.outcome.exit();
        report
    }

    /// Notes once that something is missing.
    pub(super) fn lack(&mut self, lack: Lack) {
        if !self.lacks.contains(&lack) {
            self.lacks.push(lack);
        }
    }
}

impl Examination {
    /// Ends the examination after a line that cannot be read.
    pub fn break_off(mut self, line: u64) -> Report {
        self.report.line = Some(line);
        self.report.lack(Lack::Malformed);
        self.conclude()
    }

    /// Ends the examination after everything was told.
    pub fn finish(mut self) -> Report {
        if !self.is_ended() {
            self.report.lack(Lack::End);
        }
        self.conclude()
    }

    fn conclude(mut self) -> Report {
        if self.is_at_checkpoints() {
            self.settle_heads();
        }
        let whole = self.is_ended();
        if let Some(newest) = self.newest
            && whole
            && !self.is_by_proof()
        {
            let size = if self.header.kind == Held::Full {
                newest.size
            } else {
                0
            };
            self.skip_to_the_end(size);
        }
        if whole
            && self
                .newest
                .is_none_or(|newest| newest.size != self.header.size)
        {
            self.report.lack(Lack::Checkpoint);
        }
        self.report.signed_at = self.heads.signed_at();
        self.report.places = self.places.count + self.places.inserted;
        self.alteration();
        self.report.since = self.since();
        if self.report.since.iter().any(|since| since.fits.is_none()) {
            self.report.lack(Lack::Since);
        }
        self.report.lacks.sort_unstable();
        self.report.outcome = self.outcome();
        self.report.exit = self.report.outcome.exit();
        self.report
    }

    fn outcome(&self) -> Outcome {
        let report = &self.report;
        if report.bad_signatures > 0 {
            return Outcome::BadSignature;
        }
        if report.alteration.is_some() {
            return Outcome::Altered;
        }
        if !report.lacks.is_empty() {
            return Outcome::Incomplete;
        }
        let stale = |limit| report.signed_at.is_none_or(|at| at < limit);
        if self.asked.not_before.is_some_and(stale) {
            return Outcome::Stale;
        }
        Outcome::Sound
    }

    /// The first alteration of all that were found.
    fn alteration(&mut self) {
        let by_place = self.places.first();
        let by_roots = match self.header.kind {
            Held::Full => self.by_roots(),
            Held::Archive => self.by_upper_tiles(),
            Held::Patient | Held::Entry => None,
        };
        // Where both begin at the same place, what was found by its root is certain.
        let place = [by_roots, by_place].into_iter().flatten().min_by_key(order);
        let older = self.rolled_back(place);
        self.report.alteration = older.or(place);
    }

    /// A checkpoint that does not fit although entries and hashes agree.
    fn by_roots(&mut self) -> Option<Alteration> {
        let newest = self.newest?;
        if let Some((head, size)) = self.misfit() {
            let suspect = self.places.first_index();
            let explained = match self.tail.until {
                Some(until) if until == size => search::explain(&self.tail, head.root, suspect),
                _ => None,
            };
            if let Some((kind, index)) = explained {
                return Some(Alteration {
                    kind,
                    index: Some(index),
                    before: None,
                    id: None,
                });
            }
            if suspect.is_some_and(|place| place < size) {
                return None; // what is wrong there is why
            }
            let index = self.fits_below(size);
            return Some(Alteration {
                kind: self.kind_by_roots(size, newest),
                index: Some(index),
                before: Some(size),
                id: None,
            });
        }
        // Without anything wrong, something must lead to the root.
        let at = |head: &Head| head.own && (head.size, head.root) == (newest.size, newest.root);
        let newest_at = self.heads.all().iter().position(at)?;
        let by_entries = self.by_entries.fits(newest_at) == Some(true);
        let by_tiles = self.by_tiles.fits(newest_at) == Some(true) && !self.uncompared;
        if self.is_ended() && !by_entries && !by_tiles && self.places.count == 0 {
            self.report.lack(Lack::Tiles);
        }
        None
    }

    /// The first checkpoint of the log itself that neither entries nor hashes fit.
    fn misfit(&self) -> Option<(Head, u64)> {
        let mut heads = self.heads.all().iter().zip(0..);
        let (head, _) = heads.find(|(head, at)| head.own && self.fits(*at) == Some(false))?;
        Some((*head, head.size))
    }

    /// What is likely when a tree of this size is not what was signed, and nothing tells what was done.
    fn kind_by_roots(&self, size: u64, newest: Head) -> Kind {
        let mut heads = self.heads.all().iter().zip(0..);
        if heads.any(|(head, at)| head.own && head.size > size && self.fits(at) == Some(true)) {
            return Kind::RolledBack;
        }
        if self.header.to < newest.size {
            return Kind::Deleted;
        }
        Kind::Edited
    }

    /// Whether what is there fits a checkpoint, as far as that is known.
    fn fits(&self, head: usize) -> Option<bool> {
        let known = [self.by_tiles.fits(head), self.by_entries.fits(head)];
        if known.contains(&Some(true)) {
            return Some(true);
        }
        known.into_iter().flatten().next()
    }

    /// How much is known to be as it was signed, below a size.
    fn fits_below(&self, size: u64) -> u64 {
        let heads = self.heads.all().iter().zip(0..);
        let fitting = heads.filter(|(head, at)| head.size < size && self.fits(*at) == Some(true));
        fitting.map(|(head, _)| head.size).max().unwrap_or(0)
    }

    /// What the tiles of a part say of each other.
    fn by_upper_tiles(&mut self) -> Option<Alteration> {
        let newest = self.newest.filter(|_| self.is_ended())?;
        let (from, to) = (self.header.from, self.header.to);
        if to > newest.size || self.uncompared {
            self.report.lack(Lack::Tiles);
        }
        match self.upper.check(newest, from, to) {
            Said::Holds => None,
            Said::Lacks => {
                self.report.lack(Lack::Tiles);
                None
            }
            Said::Breaks(place) => Some(Alteration {
                kind: Kind::Edited,
                index: Some(place.unwrap_or(from).max(from)),
                before: Some(to),
                id: None,
            }),
        }
    }

    /// An older checkpoint that is not the beginning of this log, unless something before it is wrong.
    fn rolled_back(&self, place: Option<Alteration>) -> Option<Alteration> {
        let explained = place.and_then(|place| place.index);
        let other_tree = self.asked.since.iter().find_map(|older| match older {
            Older::OtherTree(size) => Some(*size),
            _ => None,
        });
        if let Some(size) = other_tree {
            return Some(rolled_back(0, size));
        }
        let all = self.heads.all().iter().zip(0..);
        let misfit = all.filter(|(head, _)| !head.own);
        let misfit = misfit.filter(|(head, at)| self.older_fits(head, *at) == Some(false));
        let size = misfit.map(|(head, _)| head.size).min()?;
        if explained.is_some_and(|index| index < size) {
            return None;
        }
        Some(rolled_back(self.fits_below(size), size))
    }

    /// Whether an older checkpoint is the beginning of what is there, as far as that is known.
    fn older_fits(&self, head: &Head, at: usize) -> Option<bool> {
        let newest = self.newest.filter(|newest| newest.size == head.size);
        if let Some(newest) = newest {
            return Some(head.root == newest.root);
        }
        // All of a log is there, or should be: what stands for more shows that it is not.
        let end = self.header.to.max(self.report.size);
        let is_all = self.header.kind == Held::Full && self.is_ended();
        self.fits(at)
            .or_else(|| (is_all && head.size > end).then_some(false))
    }

    fn since(&self) -> Vec<Since> {
        let at = |size, root| {
            let is = |head: &&Head| !head.own && (head.size, head.root) == (size, root);
            self.heads.all().iter().zip(0..).find(|(head, _)| is(head))
        };
        let asked = self.asked.since.iter().filter_map(|older| match older {
            Older::Ours(signed) => {
                let size = signed.checkpoint.size;
                let (head, at) = at(size, signed.checkpoint.root)?;
                let fits = self.older_fits(head, at);
                Some(Since { size, fits })
            }
            Older::OtherTree(size) => Some(Since {
                size: *size,
                fits: Some(false),
            }),
            Older::Unbelievable(_) => None,
        });
        asked.collect()
    }
}

fn rolled_back(index: u64, size: u64) -> Alteration {
    Alteration {
        kind: Kind::RolledBack,
        index: Some(index),
        before: Some(size),
        id: None,
    }
}

/// What comes first: by place, what has none last.
fn order(alteration: &Alteration) -> (bool, u64) {
    let index = alteration.index;
    (index.is_none(), index.unwrap_or(0))
}
