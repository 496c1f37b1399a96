//! An invented access log as a database holds it: for tests of what verifies it, without a database.

use std::collections::BTreeMap;
use std::io;
use std::ops::Range;

use chrono::{DateTime, TimeDelta, Utc};
use tsumugi_server::ledger::bundle::{self, Archived, Asked, Header, Held, Report, Why, Writer};
use tsumugi_server::ledger::checkpoint::Checkpoint;
use tsumugi_server::ledger::entry::{Entry, SALT, Showing, What, Where, Who};
use tsumugi_server::ledger::note::{Key, Verifier};
use tsumugi_server::ledger::tiles::{Place, Tiles, WIDTH};
use tsumugi_server::ledger::tree::{Hash, inclusion, leaf_hash, root_of};
use uuid::Uuid;

/// When the first entry was written, in seconds since 1970.
pub const BEGINNING: i64 = 1_800_000_000;

/// An entry and what a database knows of it.
#[derive(Debug, Clone)]
pub struct Row {
    /// The entry.
    pub entry: Entry,
    /// Why it has no place, when nothing says that it has one.
    pub why: Why,
}

/// The place of an entry.
#[derive(Debug, Clone)]
pub struct Leaf {
    /// The place.
    pub index: u64,
    /// The entry that stands there.
    pub id: Uuid,
    /// Its time.
    pub at: DateTime<Utc>,
    /// Its hash.
    pub hash: Hash,
}

/// A log with everything that is kept of it.
#[derive(Clone)]
pub struct Ledger {
    key: Key,
    /// Name of the log.
    pub origin: String,
    tenant: Uuid,
    /// The entries.
    pub rows: Vec<Row>,
    /// Their places.
    pub leaves: Vec<Leaf>,
    /// Full tiles of the lowest level.
    pub tiles: BTreeMap<u64, Vec<Hash>>,
    /// Checkpoints.
    pub notes: Vec<String>,
    /// How far it is sealed.
    pub size: u64,
}

fn number(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

fn place(index: u64) -> usize {
    usize::try_from(index).unwrap_or(usize::MAX)
}

fn one_of<const N: usize>(words: [&str; N], at: u128) -> Option<String> {
    let word = words.get(usize::try_from(at).ok()?)?;
    Some((*word).to_owned())
}

/// An invented entry; the same number gives the same.
pub fn entry(tenant: Uuid, number: u64) -> Entry {
    let n = u128::from(number);
    let dice = leaf_hash(&number.to_be_bytes()).0;
    let die = |at: usize, sides: u8| u128::from(dice.get(at).copied().unwrap_or(0) % sides);
    let listed = if die(0, 4) == 0 { die(1, 9) } else { 0 };
    let mut patients: Vec<Uuid> = (0..=listed)
        .map(|more| Uuid::from_u128(0xA000 + die(2, 40) + more))
        .collect();
    if die(3, 6) == 0 {
        patients.clear();
    }
    let mut salt = [0; SALT];
    salt.iter_mut().zip(dice).for_each(|(to, from)| *to = from);
    let at = BEGINNING * 1_000_000 + i64::try_from(number).unwrap_or(0) * 1_700_000;
    Entry {
        tenant,
        id: Uuid::from_u128(0x0190_0000 << 96 | n),
        at: DateTime::from_timestamp_micros(at).unwrap_or_default(),
        actor_kind: "staff".to_owned(),
        profession: one_of(["nurse", "physician", "pharmacist"], die(4, 3)),
        facility: Some(Uuid::from_u128(0xF0 + die(5, 4))),
        action: one_of(["timeline.list", "post.create", "patients.list"], die(6, 3))
            .unwrap_or_default(),
        outcome: "allowed".to_owned(),
        code: None,
        purpose: "TREAT".to_owned(),
        ground: Some("member".to_owned()),
        resource_type: None,
        resource_version: None,
        count: i32::try_from(die(7, 100)).ok(),
        rules: vec!["team-reads".to_owned(), "channel-reads-posts".to_owned()],
        policy: "ab".repeat(32),
        clock: "checked".to_owned(),
        who: Who {
            account: Some(Uuid::from_u128(0xC0 + die(8, 30))),
            staff_member: Some(Uuid::from_u128(0xD0 + die(8, 30))),
            ..Who::default()
        },
        place: Where {
            request: Some(format!("request-{number}")),
            source_ip: Some(format!("192.0.2.{}", die(9, 200))),
            ..Where::default()
        },
        what: What {
            decision: Some(r#"{"action":"timeline.list","asker":{"kind":"person"}}"#.to_owned()),
            ..What::default()
        },
        patients,
        salt,
    }
}

impl Ledger {
    /// A log of so many entries, signed at these sizes, and at its end.
    pub fn new(count: u64, signed: &[u64]) -> Self {
        let tenant = Uuid::from_u128(0x7E);
        let mut ledger = Self {
            key: Key::from_seed(&[5; 32]),
            origin: format!("tsumugi.example.jp/access-log/{tenant}/1"),
            tenant,
            rows: Vec::new(),
            leaves: Vec::new(),
            tiles: BTreeMap::new(),
            notes: Vec::new(),
            size: 0,
        };
        let mut sizes: Vec<u64> = signed
            .iter()
            .copied()
            .filter(|size| *size < count)
            .collect();
        sizes.push(count);
        for size in sizes {
            ledger.grow(size);
            ledger.sign();
        }
        ledger
    }

    /// Grows to so many entries.
    pub fn grow(&mut self, size: u64) {
        for index in self.size..size {
            let entry = entry(self.tenant, index);
            self.leaves.push(Leaf {
                index,
                id: entry.id,
                at: entry.at,
                hash: entry.hash(),
            });
            self.rows.push(Row {
                entry,
                why: Why::Behind,
            });
            self.size = index + 1;
            if self.size.is_multiple_of(WIDTH) {
                let first = place(self.size - WIDTH);
                let hashes = self.leaves.iter().skip(first).map(|leaf| leaf.hash);
                self.tiles.insert(index / WIDTH, hashes.collect());
            }
        }
    }

    /// Has it signed as it is, a second after its last entry.
    pub fn sign(&mut self) {
        let root = root_of(self.leaves.iter().map(|leaf| leaf.hash));
        let checkpoint = Checkpoint {
            origin: self.origin.clone(),
            size: self.size,
            root,
        };
        self.notes
            .push(checkpoint.sign(&self.key, self.signed_at()).to_string());
    }

    /// The time of the last signature.
    pub fn signed_at(&self) -> u64 {
        let last = entry(self.tenant, self.size).at + TimeDelta::seconds(1);
        u64::try_from(last.timestamp()).unwrap_or(0)
    }

    /// The public key.
    pub fn verifier(&self) -> Verifier {
        self.key.verifier(&self.origin)
    }

    fn header(&self, kind: Held, places: Range<u64>) -> Header {
        let mut header = Header::new(kind, &self.origin, self.tenant, 1);
        header.key = self.verifier().to_string();
        "2027-01-15T08:00:00Z".clone_into(&mut header.made_at);
        (header.from, header.to) = (places.start, places.end);
        header.size = self.newest().map_or(0, |checkpoint| checkpoint.size);
        header
    }

    fn newest(&self) -> Option<Checkpoint> {
        let text = |note: &String| note.split_once("\n\n").map(|(text, _)| format!("{text}\n"));
        let all = self
            .notes
            .iter()
            .filter_map(|note| Checkpoint::parse(&text(note)?));
        all.max_by_key(|checkpoint| checkpoint.size)
    }

    /// All of it.
    pub fn bundle(&self) -> Vec<u8> {
        self.write(
            |ledger, writer| ledger.places(writer, 0..ledger.end()),
            Held::Full,
            0..self.end(),
        )
    }

    /// All of it, but for some places, which are said to be in another file.
    pub fn bundle_without(&self, gone: &Range<u64>) -> Vec<u8> {
        let places = |ledger: &Self, writer: &mut Writer<Vec<u8>>| {
            ledger.places(writer, 0..gone.start)?;
            // Piece by piece, because a tile stands before the first of its entries.
            let mut from = gone.start;
            while from < gone.end {
                if from.is_multiple_of(WIDTH) {
                    ledger.tile(writer, from / WIDTH)?;
                }
                let to = (from / WIDTH + 1) * WIDTH;
                let to = to.min(gone.end);
                writer.archived(&Archived::new(from..to, "2026-11.gz", &"ab".repeat(32)))?;
                from = to;
            }
            ledger.places(writer, gone.end..ledger.end())
        };
        self.write(places, Held::Full, 0..self.end())
    }

    /// A part of it.
    pub fn archive(&self, part: Range<u64>) -> Vec<u8> {
        let places = |ledger: &Self, writer: &mut Writer<Vec<u8>>| {
            let all = ledger.all_tiles();
            for (place, hashes) in all.iter().filter(|(place, _)| place.level > 0) {
                writer.tile(place, hashes)?;
            }
            if !part.start.is_multiple_of(WIDTH) {
                ledger.tile(writer, part.start / WIDTH)?;
            }
            ledger.places(writer, part.clone())?;
            // The end of the tree leads to its root as well.
            let last = ledger.size / WIDTH;
            if ledger.size.is_multiple_of(WIDTH) || last < part.end.div_ceil(WIDTH) {
                return Ok(());
            }
            ledger.tile(writer, last)
        };
        self.write(places, Held::Archive, part.clone())
    }

    /// What was about a patient.
    pub fn of_patient(&self, id: Uuid) -> Vec<u8> {
        let places = |ledger: &Self, writer: &mut Writer<Vec<u8>>| {
            let tiles = ledger.all_tiles();
            for (row, index) in ledger.rows.iter().zip(0..) {
                if row.entry.patients.contains(&id) {
                    let proof =
                        inclusion(index, ledger.size).and_then(|ranges| tiles.ranges(&ranges));
                    let showing = Showing::Patient { id, who: false };
                    writer.entry(index, &row.entry, showing, proof.as_deref())?;
                }
            }
            Ok(())
        };
        let mut newest = self.clone();
        newest.notes = newest.notes.split_off(newest.notes.len().saturating_sub(1));
        newest.write(places, Held::Patient, 0..self.size)
    }

    fn all_tiles(&self) -> Tiles {
        let mut tiles = Tiles::default();
        let mut hashes: Vec<Hash> = self.leaves.iter().map(|leaf| leaf.hash).collect();
        let mut level = 0;
        while !hashes.is_empty() {
            for (index, part) in (0..).zip(hashes.chunks(256)) {
                tiles.insert(Place { level, index }, part.to_vec());
            }
            let root = |full: &[Hash]| root_of(full.iter().copied());
            hashes = hashes.chunks_exact(256).map(root).collect();
            level += 1;
        }
        tiles
    }

    fn write(
        &self,
        places: impl Fn(&Self, &mut Writer<Vec<u8>>) -> io::Result<()>,
        kind: Held,
        range: Range<u64>,
    ) -> Vec<u8> {
        let written = || -> io::Result<Vec<u8>> {
            let mut writer = Writer::begin(Vec::new(), &self.header(kind, range.clone()))?;
            for note in &self.notes {
                writer.checkpoint(note)?;
            }
            places(self, &mut writer)?;
            if kind == Held::Full {
                for row in self.rows.iter().filter(|row| !self.has_place(row)) {
                    writer.loose(&row.entry, Showing::All, row.why)?;
                }
            }
            writer.end()
        };
        written().unwrap_or_default()
    }

    fn has_place(&self, row: &Row) -> bool {
        let is = |leaf: &Leaf| (leaf.id, leaf.at) == (row.entry.id, row.entry.at);
        self.leaves.iter().any(is)
    }

    fn end(&self) -> u64 {
        let last = self.leaves.iter().map(|leaf| leaf.index + 1).max();
        self.size.max(last.unwrap_or(0))
    }

    fn tile(&self, writer: &mut Writer<Vec<u8>>, index: u64) -> io::Result<()> {
        let lowest = Place { level: 0, index };
        if let Some(hashes) = self.tiles.get(&index) {
            return writer.tile(lowest, hashes);
        }
        let mut hashes = Vec::new();
        for place in index * WIDTH..(index + 1) * WIDTH {
            match self.leaves.iter().find(|leaf| leaf.index == place) {
                Some(leaf) => hashes.push(leaf.hash),
                None => break,
            }
        }
        if hashes.is_empty() {
            Ok(())
        } else {
            writer.tile(lowest, &hashes)
        }
    }

    fn places(&self, writer: &mut Writer<Vec<u8>>, range: Range<u64>) -> io::Result<()> {
        let leaves: BTreeMap<u64, &Leaf> =
            self.leaves.iter().map(|leaf| (leaf.index, leaf)).collect();
        let rows: BTreeMap<_, &Row> = self
            .rows
            .iter()
            .map(|row| ((row.entry.id, row.entry.at), row))
            .collect();
        for index in range {
            if index.is_multiple_of(WIDTH) {
                self.tile(writer, index / WIDTH)?;
            }
            let leaf = leaves.get(&index);
            match leaf.and_then(|leaf| rows.get(&(leaf.id, leaf.at))) {
                Some(row) => writer.entry(index, &row.entry, Showing::All, None)?,
                None => writer.missing(index, leaf.map(|leaf| leaf.id))?,
            }
        }
        Ok(())
    }

    /// Examines all of it, with older checkpoints.
    pub fn examine(&self, since: &[String]) -> Report {
        examine(&self.bundle(), &self.verifier(), since)
    }

    /// Makes places, tiles and size agree with the entries, as somebody who can write everything but signatures.
    pub fn cover_up(&mut self) {
        let hash: BTreeMap<(Uuid, DateTime<Utc>), Hash> = self
            .rows
            .iter()
            .map(|row| ((row.entry.id, row.entry.at), row.entry.hash()))
            .collect();
        for leaf in &mut self.leaves {
            if let Some(hash) = hash.get(&(leaf.id, leaf.at)) {
                leaf.hash = *hash;
            }
        }
        self.size = number(self.leaves.len());
        self.tiles.clear();
        for (index, part) in (0..).zip(self.leaves.chunks_exact(256)) {
            self.tiles
                .insert(index, part.iter().map(|leaf| leaf.hash).collect());
        }
    }

    /// Moves the places from `from` on.
    pub fn shift(&mut self, from: u64, by: i64) {
        for leaf in self.leaves.iter_mut().filter(|leaf| leaf.index >= from) {
            leaf.index = leaf.index.saturating_add_signed(by);
        }
        self.leaves.sort_by_key(|leaf| leaf.index);
    }
}

/// Examines a bundle with a key.
pub fn examine(bundle: &[u8], key: &Verifier, since: &[String]) -> Report {
    let ask = |_: &Header, verifier: &Verifier| Asked {
        since: since
            .iter()
            .map(|note| bundle::older(note, verifier))
            .collect(),
        ..Asked::default()
    };
    // Threads can be started, and memory can be read.
    bundle::examine(bundle, Some(key), ask).unwrap_or_else(|error| panic!("{error}"))
}
