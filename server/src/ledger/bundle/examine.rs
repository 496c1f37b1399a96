//! The examination of a log: is told of it one record after the other, and ends with a report. It holds little more than
//! the checkpoints, however long the log is.

use std::collections::BTreeMap;

use super::{
    super::{
        checkpoint::{Signed, Unbelievable},
        tiles::{Place, WIDTH},
        tree::{Hash, verify_inclusion},
    },
    heads::{Head, Heads, Tail, Track},
    lines::{Header, Held, Why},
    places::Places,
    record::{Malformed, Record, Told},
    report::{Lack, Report},
    upper::Upper,
};

/// How far the time of an entry may be after that of a checkpoint, in seconds: two clocks.
const CLOCKS: i64 = 60;
/// An entry that was sealed so many seconds after its time was sealed late.
const LATE: i64 = 3600;

/// What is asked besides whether the log is what was signed.
#[derive(Debug, Default)]
pub struct Asked {
    /// Older checkpoints of the log, which have to be its beginning.
    pub since: Vec<Older>,
    /// The newest checkpoint may not be older than this, in seconds since 1970.
    pub not_before: Option<u64>,
    /// Places whose entries were found sound in other files.
    pub archives: Vec<std::ops::Range<u64>>,
    /// Whether the key was given.
    pub key_given: bool,
}

/// An older checkpoint.
#[derive(Debug, Clone)]
pub enum Older {
    /// One of this tree.
    Ours(Box<Signed>),
    /// One of another tree of the same network, with so many entries: the log was begun anew since.
    OtherTree(u64),
    /// One that the key did not sign.
    Unbelievable(Unbelievable),
}

/// What was told in which order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    Checkpoints,
    Places,
    Loose,
    Ended,
}

/// An examination under way.
#[derive(Debug)]
pub struct Examination {
    pub(super) header: Header,
    pub(super) asked: Asked,
    pub(super) heads: Heads,
    /// The newest checkpoint of the log itself.
    pub(super) newest: Option<Head>,
    pub(super) by_tiles: Track,
    pub(super) by_entries: Track,
    pub(super) tail: Tail,
    pub(super) places: Places,
    pub(super) upper: Upper,
    pub(super) report: Report,
    /// Whether there was no hash to hold an entry against.
    pub(super) uncompared: bool,
    /// Hashes of places that were not come to yet, by tile.
    window: BTreeMap<u64, Vec<Hash>>,
    stage: Stage,
    /// The next place, and the next tile.
    next: u64,
    next_tile: u64,
    told: u64,
    /// The first checkpoint that stands for the next entry.
    covering: usize,
}

impl Examination {
    /// Of the log that a first line names.
    pub fn begin(header: Header, asked: Asked) -> Self {
        let heads = Heads::default();
        Self {
            by_tiles: Track::new(&heads),
            by_entries: Track::new(&heads),
            tail: Tail::default(),
            places: Places::default(),
            upper: Upper::default(),
            newest: None,
            report: Report::begin(&header, asked.key_given),
            uncompared: false,
            window: BTreeMap::new(),
            stage: Stage::Checkpoints,
            next: header.from,
            next_tile: 0,
            told: 1,
            covering: 0,
            heads,
            header,
            asked,
        }
    }

    /// Tells the next thing. After something that cannot be, the examination is at its end.
    pub fn tell(&mut self, record: Record) -> Result<(), Malformed> {
        self.told += 1;
        let stage = match &record {
            Record::Checkpoint(_) => Stage::Checkpoints,
            Record::Tile(..) | Record::Entry(..) | Record::Missing(..) | Record::Archived(_) => {
                Stage::Places
            }
            Record::Loose(..) => Stage::Loose,
            Record::End(lines) if *lines == self.told => Stage::Ended,
            Record::Log(_) | Record::End(_) => return Err(Malformed),
        };
        if stage < self.stage || self.stage == Stage::Ended {
            return Err(Malformed);
        }
        if self.stage == Stage::Checkpoints && stage > self.stage {
            self.settle_heads();
        }
        self.stage = stage;
        match record {
            Record::Log(_) => Err(Malformed),
            Record::Checkpoint(read) => {
                self.checkpoint(read);
                Ok(())
            }
            Record::Tile(place, hashes) => self.tile(place, hashes),
            Record::Entry(index, told, proof) => self.entry(index, told, proof.as_deref()),
            Record::Missing(index, id) => {
                self.come_to(index, index + 1)?;
                let known = self.known(index);
                self.gap(index, index + 1);
                self.places.missing(index, id, known);
                Ok(())
            }
            Record::Archived(archived) => {
                self.come_to(archived.from, archived.to)?;
                self.gap(archived.from, archived.to);
                self.elsewhere(archived.from, archived.to);
                Ok(())
            }
            Record::Loose(told, why) => {
                match why {
                    Why::Unsealed => self.report.unsealed += 1,
                    Why::Rejected => self.report.rejected += 1,
                    Why::Behind => {}
                }
                self.places.loose(told, why);
                Ok(())
            }
            Record::End(_) => Ok(()),
        }
    }

    /// Whether the end was told.
    pub(super) fn is_ended(&self) -> bool {
        self.stage == Stage::Ended
    }

    /// Whether nothing but checkpoints was told.
    pub(super) fn is_at_checkpoints(&self) -> bool {
        self.stage == Stage::Checkpoints
    }

    fn checkpoint(&mut self, read: Result<Box<Signed>, Unbelievable>) {
        self.report.checkpoints += 1;
        match read {
            Ok(signed) => {
                self.heads.add(&signed, true);
                if signed.checkpoint.size >= self.report.size {
                    self.report.size = signed.checkpoint.size;
                    self.report.note = Some(signed.note.to_string());
                }
            }
            Err(_) => self.report.bad_signatures += 1,
        }
    }

    /// All checkpoints are known: the trees can grow.
    pub(super) fn settle_heads(&mut self) {
        for older in &self.asked.since {
            match older {
                Older::Ours(signed) => self.heads.add(signed, false),
                Older::OtherTree(_) => {}
                Older::Unbelievable(_) => self.report.bad_signatures += 1,
            }
        }
        self.heads.sort();
        self.newest = self.heads.newest();
        self.by_tiles = Track::new(&self.heads);
        self.by_entries = Track::new(&self.heads);
        if self.header.kind != Held::Full {
            self.by_tiles.break_off();
            self.by_entries.break_off();
        }
    }

    fn tile(&mut self, place: Place, hashes: Vec<Hash>) -> Result<(), Malformed> {
        if place.level > 0 {
            self.upper.insert(place, hashes);
            return Ok(());
        }
        // Out of order, or behind the entries that it is about.
        let late = self.next > self.header.from && place.index * WIDTH < self.next;
        if place.index < self.next_tile || late {
            return Err(Malformed);
        }
        if place.index * WIDTH == self.by_tiles.edge().size() {
            for hash in &hashes {
                self.by_tiles.push(*hash, &self.heads);
            }
        } else {
            self.by_tiles.break_off();
        }
        self.next_tile = place.index + 1;
        if self.header.kind == Held::Archive {
            self.upper.lowest(place, &hashes);
        }
        self.window.insert(place.index, hashes);
        Ok(())
    }

    fn entry(
        &mut self,
        index: u64,
        told: Box<Told>,
        proof: Option<&[Hash]>,
    ) -> Result<(), Malformed> {
        self.come_to(index, index + 1)?;
        self.report.entries += 1;
        self.time(index, &told);
        if self.newest.is_none_or(|newest| index >= newest.size) {
            self.report.unsigned += 1;
        }
        let known = if self.is_by_proof() {
            self.proven(index, &told, proof)
        } else {
            if !told.whole {
                self.report.lack(Lack::Opened);
            }
            let known = self.known(index);
            self.uncompared |= known.is_none();
            known
        };
        let met = self.by_entries.push(told.hash, &self.heads);
        if !self.by_entries.is_broken() {
            self.tail.push(told.hash, met, self.by_entries.edge());
        }
        self.places.entry(index, told, known);
        Ok(())
    }

    /// Whether each entry has a proof of its own, instead of tiles for all.
    pub(super) fn is_by_proof(&self) -> bool {
        matches!(self.header.kind, Held::Patient | Held::Entry)
    }

    /// The hash of an entry whose proof holds; another one when it does not.
    fn proven(&mut self, index: u64, told: &Told, proof: Option<&[Hash]>) -> Option<Hash> {
        let (Some(proof), Some(newest)) = (proof, self.newest) else {
            self.report.lack(Lack::Proof);
            return None;
        };
        let holds = verify_inclusion(told.hash, index, newest.size, proof, newest.root);
        Some(if holds { told.hash } else { newest.root })
    }

    /// Comes to places, and says of those before them that nothing was told of them.
    fn come_to(&mut self, from: u64, to: u64) -> Result<(), Malformed> {
        if from < self.next || to > self.header.to {
            return Err(Malformed);
        }
        if !self.is_by_proof() {
            self.skip(self.next, from);
        }
        self.next = to;
        Ok(())
    }

    /// Places that nothing was told of.
    pub(super) fn skip(&mut self, from: u64, to: u64) {
        if from >= to {
            return;
        }
        let known = self.known(from);
        self.gap(from, to);
        self.places.missing(from, None, known);
        self.places.count += to - from - 1;
    }

    /// Says of the places up to a size, and of those that are claimed, that nothing was told of them.
    pub(super) fn skip_to_the_end(&mut self, size: u64) {
        let end = self.header.to.max(size);
        self.skip(self.next, end);
        self.next = self.next.max(end);
    }

    /// The entries are not all there: what comes after does not make a tree with what was before.
    fn gap(&mut self, from: u64, to: u64) {
        self.by_entries.break_off();
        let first = to / WIDTH;
        if from / WIDTH < first {
            self.window = self.window.split_off(&first);
        }
    }

    fn elsewhere(&mut self, from: u64, to: u64) {
        self.places.elsewhere();
        self.report.elsewhere += to - from;
        let found = |place: u64| {
            let holds = |range: &&std::ops::Range<u64>| range.contains(&place);
            self.asked
                .archives
                .iter()
                .find(holds)
                .map(|range| range.end)
        };
        let mut place = from;
        while place < to {
            if let Some(end) = found(place) {
                place = end;
            } else {
                self.report.lack(Lack::Archive);
                return;
            }
        }
    }

    /// The hash that belongs into a place. Tiles before it are not needed any more.
    fn known(&mut self, index: u64) -> Option<Hash> {
        let tile = index / WIDTH;
        while self
            .window
            .first_key_value()
            .is_some_and(|(first, _)| *first < tile)
        {
            self.window.pop_first();
        }
        let within = usize::try_from(index % WIDTH).ok()?;
        self.window.get(&tile)?.get(within).copied()
    }

    /// Holds the time of an entry against those of the checkpoints around it.
    fn time(&mut self, index: u64, told: &Told) {
        let heads = self.heads.all();
        while heads
            .get(self.covering)
            .is_some_and(|head| head.size <= index || !head.own)
        {
            self.covering += 1;
        }
        let Some(at) = told.at.map(|at| at.timestamp()) else {
            return;
        };
        let seconds = |time: u64| i64::try_from(time).unwrap_or(i64::MAX);
        if let Some(head) = heads.get(self.covering)
            && at > seconds(head.first).saturating_add(CLOCKS)
        {
            self.report.ahead += 1;
        }
        let before = heads.get(..self.covering).unwrap_or_default();
        if let Some(head) = before.iter().rev().find(|head| head.own)
            && at < seconds(head.last).saturating_sub(LATE)
        {
            self.report.late += 1;
        }
    }
}
