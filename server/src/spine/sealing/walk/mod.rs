//! Walking through the access log of one network as it is stored, in one snapshot and in pages, so that it can be
//! verified or written to a file. What is found is told as it is, whether it fits or not: judging is for
//! [`crate::ledger::bundle::Examination`].
//!
//! An entry stands where its leaf says. Entries without a leaf are looked for only when there are more entries than
//! leaves lead to, because looking for them takes as long as everything else.

mod loose;
mod prove;
mod queries;
mod tell;

use std::{collections::HashMap, mem::take, ops::Range};

use chrono::{DateTime, NaiveDate, Utc};
use diesel_async::AsyncPgConnection;
use uuid::Uuid;

use crate::{
    Error, Result,
    ctx::Tx,
    ledger::{
        bundle::{Archived, Header, Held, Record, Told, Why},
        checkpoint::{Checkpoint, Signed},
        entry::{Entry, hex},
        note::{Note, Verifier},
        tiles::{Place, WIDTH, needed},
        tree::Hash,
    },
    spine::{audit::Stored, clock::japanese_month},
};

use loose::After;
pub use prove::Prover;
pub use queries::{Connection, Network, Tree};
use queries::{Key, Moved};
pub use tell::{examine, write};

/// Places of a page: eight tiles.
const PAGE: u64 = 8 * WIDTH;

/// Something that is stored.
#[derive(Debug)]
pub enum Found {
    /// A checkpoint.
    Checkpoint(String),
    /// Hashes.
    Tile(Place, Vec<Hash>),
    /// An entry in its place.
    Entry(u64, Box<Written>),
    /// A place without its entry.
    Missing(u64, Option<Uuid>),
    /// Places whose entries are in another file.
    Archived(Archived),
    /// An entry without a place.
    Loose(Box<Written>, Why),
}

/// An entry as it is written in the tables.
#[derive(Debug)]
pub struct Written {
    row: Stored,
    patients: Vec<Uuid>,
}

impl Written {
    /// The entry.
    pub fn into_entry(self) -> Entry {
        self.row.into_entry(self.patients)
    }
}

impl Found {
    /// As an examination is told of it; the work that takes time.
    pub fn into_record(self, verifier: &Verifier) -> Record {
        let told = |written: Box<Written>| Box::new(Told::from_row(written.into_entry()));
        match self {
            Self::Checkpoint(note) => {
                Record::Checkpoint(Signed::read(&note, verifier).map(Box::new))
            }
            Self::Tile(place, hashes) => Record::Tile(place, hashes),
            Self::Entry(index, written) => Record::Entry(index, told(written), None),
            Self::Missing(index, id) => Record::Missing(index, id),
            Self::Archived(archived) => Record::Archived(Box::new(archived)),
            Self::Loose(written, why) => Record::Loose(told(written), why),
        }
    }
}

/// What comes next.
#[derive(Debug)]
enum Stage {
    Checkpoints(Option<(i64, DateTime<Utc>)>),
    Upper,
    Places,
    LastTile,
    Loose(Option<(DateTime<Utc>, Uuid)>),
    Waiting(Vec<After>),
    End,
}

/// What is stored for a page of places.
struct OfPage {
    leaves: HashMap<u64, queries::Leaf>,
    entries: HashMap<Key, Stored>,
    patients: HashMap<Key, Vec<Uuid>>,
}

/// A walk under way.
pub struct Walk<'a> {
    connection: &'a AsyncPgConnection,
    tenant_id: Uuid,
    tree: Tree,
    /// Files into which months went.
    archives: HashMap<NaiveDate, Vec<Moved>>,
    held: Held,
    /// The newest checkpoint, and how many entries it stands for.
    newest: Option<(String, u64)>,
    places: Range<u64>,
    stage: Stage,
    /// Entries that leaves led to.
    matched: i64,
}

impl<'a> Walk<'a> {
    /// Through all of a tree.
    pub async fn through(connection: &'a Connection, tree: Tree) -> Result<Self> {
        Self::begin(connection.get(), connection.tenant_id(), tree).await
    }

    /// Through some places only, with what proves them.
    pub async fn part(connection: &'a Connection, tree: Tree, places: Range<u64>) -> Result<Self> {
        Ok(Self::through(connection, tree).await?.only(places))
    }

    /// As [`Walk::part`], in a transaction that is under way.
    pub async fn part_within(tx: &Tx<'a>, tree: i16, places: Range<u64>) -> Result<Self> {
        let connection = queries::connection_of(tx);
        let found = queries::find_tree(connection, tx.tenant_id, tree).await?;
        let tree = found.ok_or_else(|| Error::internal("there is no such tree"))?;
        let walk = Self::begin(connection, tx.tenant_id, tree).await?;
        Ok(walk.only(places))
    }

    async fn begin(connection: &'a AsyncPgConnection, tenant_id: Uuid, tree: Tree) -> Result<Self> {
        let listed = queries::newest_note(connection, tenant_id, &tree).await?;
        let newest = newest(listed.iter().chain(&tree.note));
        let last = queries::end_of_leaves(connection, tenant_id, tree.number).await?;
        let end = last.max(tree.size).cast_unsigned();
        let mut archives: HashMap<NaiveDate, Vec<Moved>> = HashMap::new();
        for moved in queries::archives(connection, tenant_id, tree.number).await? {
            archives.entry(moved.month).or_default().push(moved);
        }
        Ok(Self {
            connection,
            tenant_id,
            tree,
            archives,
            held: Held::Full,
            newest,
            places: 0..end,
            stage: Stage::Checkpoints(None),
            matched: 0,
        })
    }

    /// Through some places of the newest tree, as a transaction of the role that may read the log sees it; nothing before
    /// there is a tree.
    pub async fn within(tx: &Tx<'a>, places: Range<u64>) -> Result<Option<Self>> {
        let Some(newest) = super::queries::find_tree(tx).await? else {
            return Ok(None);
        };
        Self::part_within(tx, newest.number, places).await.map(Some)
    }

    /// The same through some places, as far as something signed stands for them.
    fn only(mut self, places: Range<u64>) -> Self {
        let size = self.size();
        self.held = Held::Archive;
        self.places = places.start.min(size)..places.end.min(size);
        self
    }

    /// Name of the log in its checkpoints.
    pub fn origin(&self) -> &str {
        &self.tree.origin
    }

    /// How many entries the newest checkpoint stands for.
    pub fn size(&self) -> u64 {
        self.newest.as_ref().map_or(0, |(_, size)| *size)
    }

    /// Places that are walked through.
    pub fn places(&self) -> Range<u64> {
        self.places.clone()
    }

    /// The first line of a file that is made of this.
    pub fn header(&self, verifier: &Verifier, made_at: &str) -> Header {
        let number = u32::try_from(self.tree.number).unwrap_or(0);
        let mut header = Header::new(self.held, &self.tree.origin, self.tenant_id, number);
        header.key = verifier.to_string();
        made_at.clone_into(&mut header.made_at);
        (header.from, header.to) = (self.places.start, self.places.end);
        header.size = self.size();
        header
    }

    /// What is found next; nothing at the end.
    pub async fn next(&mut self) -> Result<Option<Vec<Found>>> {
        loop {
            let stage = std::mem::replace(&mut self.stage, Stage::End);
            let (found, next) = match stage {
                Stage::Checkpoints(after) => self.checkpoints(after).await?,
                Stage::Upper => (self.upper().await?, Stage::Places),
                Stage::Places => self.page().await?,
                Stage::LastTile => (self.last_tile().await?, Stage::End),
                Stage::Loose(after) => self.loose(after).await?,
                Stage::Waiting(epochs) => self.waiting(epochs).await?,
                Stage::End => return Ok(None),
            };
            self.stage = next;
            if !found.is_empty() {
                return Ok(Some(found));
            }
        }
    }

    /// Checkpoints: all of them, or the newest for a part.
    async fn checkpoints(
        &self,
        after: Option<(i64, DateTime<Utc>)>,
    ) -> Result<(Vec<Found>, Stage)> {
        let (connection, tenant) = (self.connection, self.tenant_id);
        if self.held == Held::Archive {
            let newest = self.newest.iter();
            let notes = newest
                .map(|(note, _)| Found::Checkpoint(note.clone()))
                .collect();
            return Ok((notes, Stage::Upper));
        }
        let page = queries::page_checkpoints(connection, tenant, self.tree.number, after).await?;
        let last = page.last().map(|row| (row.size, row.signed_at));
        let mut found: Vec<Found> = page
            .into_iter()
            .map(|row| Found::Checkpoint(row.note))
            .collect();
        if let Some(last) = last {
            return Ok((found, Stage::Checkpoints(Some(last))));
        }
        found.extend(self.tree.note.clone().map(Found::Checkpoint));
        Ok((found, Stage::Places))
    }

    /// The tiles above a part: those over it, and the right edge of the tree.
    async fn upper(&self) -> Result<Vec<Found>> {
        let mut places = needed(std::slice::from_ref(&(0..self.size())));
        let levels = places.iter().map(|place| place.level).max().unwrap_or(0);
        for level in 1..=levels {
            let index = |leaf: u64| leaf >> (8 * (level + 1));
            let last = self.places.end.saturating_sub(1);
            places.extend(
                (index(self.places.start)..=index(last)).map(|index| Place { level, index }),
            );
        }
        let mut found = Vec::new();
        for place in places.into_iter().filter(|place| place.level > 0) {
            let width = place.width(self.size());
            let hashes = queries::tile(self.connection, self.tenant_id, &self.tree, place, width);
            let hashes = hashes.await?;
            if !hashes.is_empty() {
                found.push(Found::Tile(place, hashes));
            }
        }
        Ok(found)
    }

    /// The next page of places, each tile before the first of its entries.
    async fn page(&mut self) -> Result<(Vec<Found>, Stage)> {
        let after = match self.held {
            Held::Archive => Stage::LastTile,
            _ => Stage::Loose(None),
        };
        if self.places.is_empty() {
            return Ok((Vec::new(), after));
        }
        let page = self.places.start..self.places.end.min((self.places.start / PAGE + 1) * PAGE);
        self.places.start = page.end;
        let tiles = page.start / WIDTH..page.end.div_ceil(WIDTH);
        let around = tiles.start * WIDTH..tiles.end * WIDTH;
        let of_tree = (self.connection, self.tenant_id, self.tree.number);
        let leaves = queries::page_leaves(of_tree, &around).await?;
        let keys: Vec<Key> = leaves.values().map(queries::Leaf::key).collect();
        let entries = queries::entries_of(self.connection, self.tenant_id, &keys).await?;
        let patients = queries::patients_of(self.connection, self.tenant_id, &keys).await?;
        let mut of_page = OfPage {
            leaves,
            entries,
            patients,
        };
        let hashes = queries::tiles(of_tree, &tiles).await?;
        let known = |index: u64| tile_of(index, &hashes, &of_page.leaves);
        let known: Vec<(u64, Vec<Hash>)> = tiles.map(|index| (index, known(index))).collect();
        let mut places = Vec::new();
        for (tile, mut hashes) in known {
            if self.held == Held::Archive {
                // As it was in the tree that was signed.
                let width = Place {
                    level: 0,
                    index: tile,
                }
                .width(self.size());
                hashes.truncate(usize::try_from(width).unwrap_or(usize::MAX));
            }
            let within = (tile * WIDTH).max(page.start)..((tile + 1) * WIDTH).min(page.end);
            if !hashes.is_empty() {
                places.push(Found::Tile(
                    Place {
                        level: 0,
                        index: tile,
                    },
                    hashes,
                ));
            }
            self.tell_places(within, &mut of_page, &mut places);
        }
        Ok((places, Stage::Places))
    }

    /// What stands in some places.
    fn tell_places(&mut self, range: Range<u64>, page: &mut OfPage, into: &mut Vec<Found>) {
        for place in range {
            let Some(leaf) = page.leaves.remove(&place) else {
                into.push(Found::Missing(place, None)); // leaves stay, whatever goes into files
                continue;
            };
            let key = leaf.key();
            if let Some(row) = page.entries.remove(&key) {
                self.matched += 1;
                let patients = page.patients.remove(&key).unwrap_or_default();
                into.push(Found::Entry(place, Box::new(Written { row, patients })));
            } else if let Some(moved) = self.moved(place, leaf.event_at) {
                tell_moved(place, moved, into);
            } else {
                into.push(Found::Missing(place, Some(leaf.event_id)));
            }
        }
    }

    /// The file into which the month of an entry went, if its place is in it.
    fn moved(&self, place: u64, at: DateTime<Utc>) -> Option<&Moved> {
        let of_month = self.archives.get(&japanese_month(at))?;
        of_month.iter().find(|moved| moved.holds(place))
    }

    /// The end of the tree leads to its root as well, where a part does not reach it.
    async fn last_tile(&self) -> Result<Vec<Found>> {
        let place = Place {
            level: 0,
            index: self.size() / WIDTH,
        };
        let width = place.width(self.size());
        if width == 0 || place.index < self.places.end.div_ceil(WIDTH) {
            return Ok(Vec::new());
        }
        let hashes = queries::tile(self.connection, self.tenant_id, &self.tree, place, width);
        Ok(vec![Found::Tile(place, hashes.await?)])
    }

    /// Entries that no leaf leads to, and that sealing has gone past.
    async fn loose(&mut self, after: Option<(DateTime<Utc>, Uuid)>) -> Result<(Vec<Found>, Stage)> {
        let (connection, tenant) = (self.connection, self.tenant_id);
        let cursors = loose::cursors(connection, tenant, self.tree.number).await?;
        if after.is_none() {
            let all = loose::count_events(connection, tenant).await?;
            let mut waiting = 0;
            for cursor in &cursors {
                waiting += loose::count_waiting(connection, tenant, *cursor).await?;
            }
            if all == self.matched + waiting {
                return Ok((Vec::new(), Stage::Waiting(cursors)));
            }
        }
        let page = loose::page_loose(connection, tenant, self.tree.number, after).await?;
        let Some(last) = page.last().map(|(row, _)| (row.at, row.id)) else {
            return Ok((Vec::new(), Stage::Waiting(cursors)));
        };
        let keys: Vec<(Uuid, DateTime<Utc>)> =
            page.iter().map(|(row, _)| (row.id, row.at)).collect();
        let mut patients = queries::patients_of(connection, tenant, &keys).await?;
        let mut found = Vec::new();
        for (row, rejected) in page {
            // What waits comes after these.
            if cursors.iter().any(|cursor| cursor.is_before(&row)) {
                continue;
            }
            let why = if rejected { Why::Rejected } else { Why::Behind };
            let patients = patients.remove(&(row.id, row.at)).unwrap_or_default();
            found.push(Found::Loose(Box::new(Written { row, patients }), why));
        }
        Ok((found, Stage::Loose(Some(last))))
    }

    /// Entries that wait for their place.
    async fn waiting(&mut self, mut epochs: Vec<After>) -> Result<(Vec<Found>, Stage)> {
        let (connection, tenant) = (self.connection, self.tenant_id);
        let Some(after) = epochs.last_mut() else {
            return Ok((Vec::new(), Stage::End));
        };
        let page = loose::page_waiting(connection, tenant, *after).await?;
        let Some(last) = page.last() else {
            epochs.pop();
            return Ok((Vec::new(), Stage::Waiting(take(&mut epochs))));
        };
        after.move_to(last);
        let keys: Vec<(Uuid, DateTime<Utc>)> = page.iter().map(|row| (row.id, row.at)).collect();
        let mut patients = queries::patients_of(connection, tenant, &keys).await?;
        let found = page.into_iter().map(|row| {
            let patients = patients.remove(&(row.id, row.at)).unwrap_or_default();
            Found::Loose(Box::new(Written { row, patients }), Why::Unsealed)
        });
        Ok((found.collect(), Stage::Waiting(epochs)))
    }
}

/// The checkpoint that stands for most entries, with their number.
fn newest<'n>(notes: impl Iterator<Item = &'n String>) -> Option<(String, u64)> {
    let read = |note: &'n String| {
        let checkpoint = Checkpoint::parse(&Note::parse(note)?.text)?;
        Some((note.clone(), checkpoint.size))
    };
    notes.filter_map(read).max_by_key(|(_, size)| *size)
}

/// Adds a place to those before it that are in the same file.
fn tell_moved(place: u64, moved: &Moved, into: &mut Vec<Found>) {
    match into.last_mut() {
        Some(Found::Archived(last)) if last.to == place && last.file == moved.file => {
            last.to += 1;
        }
        _ => {
            let archived = Archived::new(place..place + 1, &moved.file, &hex(&moved.sha256));
            into.push(Found::Archived(archived));
        }
    }
}

/// The hashes of a tile of level 0: as it is kept when it is full, from the leaves when it is not.
fn tile_of(
    index: u64,
    tiles: &HashMap<u64, Vec<Hash>>,
    by_place: &HashMap<u64, queries::Leaf>,
) -> Vec<Hash> {
    if let Some(hashes) = tiles.get(&index) {
        return hashes.clone();
    }
    let places = index * WIDTH..(index + 1) * WIDTH;
    let hash = |place| {
        by_place
            .get(&place)
            .and_then(|leaf| Hash::from_slice(&leaf.hash))
    };
    places.map_while(hash).collect()
}
