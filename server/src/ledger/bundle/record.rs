//! What an examination is told of a log, one thing after the other: from the lines of a file, or from the rows of a
//! database. Making a record is the expensive part (hashes, signatures) and needs nothing but the line or the row, so
//! that it is done on all cores.

use std::{borrow::Cow, collections::HashSet};

use chrono::{DateTime, Utc};
use serde::Deserialize;
use uuid::Uuid;

use super::{
    super::{
        checkpoint::{Signed, Unbelievable},
        entry::{Canonical, Entry, Opened, SALT, from_hex},
        note::Verifier,
        tiles::Place,
        tree::{Hash, leaf_hash},
    },
    lines::{Archived, EntryLine, Header, Line, Why, decode_proof, id_of},
};

/// One thing of a log.
#[derive(Debug)]
pub enum Record {
    /// The beginning: which log it is.
    Log(Box<Header>),
    /// A checkpoint, believed or not.
    Checkpoint(Result<Box<Signed>, Unbelievable>),
    /// Hashes.
    Tile(Place, Vec<Hash>),
    /// An entry in its place, with the proof that it is there, where one was given.
    Entry(u64, Box<Told>, Option<Vec<Hash>>),
    /// A place without its entry.
    Missing(u64, Option<Uuid>),
    /// An entry without a place.
    Loose(Box<Told>, Why),
    /// Places whose entries are in another file.
    Archived(Box<Archived>),
    /// The end, after so many lines.
    End(u64),
}

/// An entry as it was told.
#[derive(Debug)]
pub struct Told {
    /// Hash of its bytes.
    pub hash: Hash,
    /// Its id, when it says one.
    pub id: Option<Uuid>,
    /// When it was, when it says that.
    pub at: Option<DateTime<Utc>>,
    /// Whether everything that was opened belongs to it.
    pub belongs: bool,
    /// Whether everything was opened that can be, and its secret told.
    pub whole: bool,
    /// Where all of it can be had.
    pub source: Source,
}

/// Where an entry was told from: all of it is needed only when something is wrong with it.
#[derive(Debug)]
pub enum Source {
    /// A row.
    Row(Box<Entry>),
    /// A line of a file.
    Line(Box<[u8]>),
}

/// Which part of the bytes of an entry is looked at.
#[derive(Deserialize, Default)]
struct Looked<'a> {
    #[serde(borrow, default)]
    id: Cow<'a, str>,
    #[serde(borrow, default)]
    at: Cow<'a, str>,
    #[serde(borrow, default)]
    who: Option<Cow<'a, str>>,
    #[serde(borrow, default, rename = "where")]
    place: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    what: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    patients: Vec<Cow<'a, str>>,
}

impl Looked<'_> {
    fn patients(&self) -> HashSet<&str> {
        self.patients.iter().map(Cow::as_ref).collect()
    }

    fn holds(&self, opened: &[Opened]) -> bool {
        let patients = self.patients();
        opened.iter().all(|opened| {
            let Some(made) = opened.commitment() else {
                return false;
            };
            match opened.name.as_str() {
                "who" => self.who.as_deref() == Some(&made),
                "where" => self.place.as_deref() == Some(&made),
                "what" => self.what.as_deref() == Some(&made),
                "patient" => patients.contains(made.as_str()),
                _ => false,
            }
        })
    }

    /// Whether as much was opened as is closed. What was opened has to belong to the entry.
    fn is_all(&self, opened: &[Opened]) -> bool {
        let has = |name: &str| opened.iter().any(|opened| opened.name == name);
        let patients: HashSet<&str> = opened
            .iter()
            .filter(|opened| opened.name == "patient")
            .map(|opened| opened.value.as_str())
            .collect();
        let closed = [
            ("who", &self.who),
            ("where", &self.place),
            ("what", &self.what),
        ];
        closed.iter().all(|(name, it)| it.is_none() || has(name))
            && patients.len() == self.patients().len()
    }
}

impl Told {
    /// From a row.
    pub fn from_row(entry: Entry) -> Self {
        Self {
            hash: entry.hash(),
            id: Some(entry.id),
            at: Some(entry.at),
            belongs: true,
            whole: true,
            source: Source::Row(Box::new(entry)),
        }
    }

    fn from_line(entry: &str, opened: &[Opened], secret: Option<&str>, line: &[u8]) -> Self {
        let looked: Option<Looked<'_>> = serde_json::from_str(entry).ok();
        let whole = secret.is_some() && looked.as_ref().is_some_and(|l| l.is_all(opened));
        let belongs = looked
            .as_ref()
            .map_or(opened.is_empty(), |l| l.holds(opened));
        let looked = looked.unwrap_or_default();
        Self {
            hash: leaf_hash(entry.as_bytes()),
            id: id_of(&looked.id),
            at: (looked.at.len() == "2026-11-30T02:33:12.123456Z".len())
                .then(|| looked.at.parse().ok())
                .flatten(),
            belongs,
            whole,
            source: Source::Line(line.into()),
        }
    }

    /// All of the entry, where that was told: its bytes, everything that was opened, and its secret.
    pub fn entry(&self) -> Option<Entry> {
        match &self.source {
            Source::Row(entry) => Some((**entry).clone()),
            Source::Line(line) => match Line::parse(line)? {
                Line::Entry(line) => restore(&line.entry, &line.opened, &line.secret?),
                Line::Loose(line) => restore(&line.entry, &line.opened, &line.secret?),
                _ => None,
            },
        }
    }
}

/// The entry that was written down; nothing when not all of it was.
fn restore(bytes: &str, opened: &[Opened], secret: &str) -> Option<Entry> {
    let read: Canonical = serde_json::from_str(bytes).ok()?;
    let salt: [u8; SALT] = from_hex(secret)?.try_into().ok()?;
    let named = |name: &'static str| opened.iter().filter(move |opened| opened.name == name);
    let mut patients: Vec<Uuid> = Vec::new();
    for patient in named("patient") {
        patients.push(id_of(&patient.value)?);
    }
    patients.sort_unstable();
    let restored = Entry {
        tenant: read.tenant,
        id: read.id,
        at: read.at.parse().ok()?,
        actor_kind: read.actor_kind,
        profession: read.profession,
        facility: read.facility,
        action: read.action,
        outcome: read.outcome,
        code: read.code,
        purpose: read.purpose,
        ground: read.ground,
        resource_type: read.resource_type,
        resource_version: read.resource_version,
        count: read.count,
        rules: read.rules,
        policy: read.policy,
        clock: read.clock,
        who: group(named("who").next())?,
        place: group(named("where").next())?,
        what: group(named("what").next())?,
        patients,
        salt,
    };
    // What was left out cannot be exchanged for anything.
    (restored.canonical() == bytes).then_some(restored)
}

fn group<T: Default + for<'a> Deserialize<'a>>(opened: Option<&Opened>) -> Option<T> {
    opened.map_or_else(
        || Some(T::default()),
        |opened| serde_json::from_str(&opened.value).ok(),
    )
}

/// A line that cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Malformed;

/// The record of a line, signatures held against the key of the log.
pub fn from_line(line: &[u8], verifier: &Verifier) -> Result<Record, Malformed> {
    let record = match Line::parse(line).ok_or(Malformed)? {
        Line::Log(header) => Record::Log(header),
        Line::Checkpoint(read) => {
            Record::Checkpoint(Signed::read(&read.note, verifier).map(Box::new))
        }
        Line::Tile(tile) => {
            let (place, hashes) = tile.read().ok_or(Malformed)?;
            Record::Tile(place, hashes)
        }
        Line::Entry(EntryLine {
            index,
            entry,
            opened,
            secret,
            proof,
            ..
        }) => {
            let proof = proof
                .as_deref()
                .map(|proof| decode_proof(proof).ok_or(Malformed));
            let told = Told::from_line(&entry, &opened, secret.as_deref(), line);
            Record::Entry(index, Box::new(told), proof.transpose()?)
        }
        Line::Missing(missing) => Record::Missing(missing.index, missing.id),
        Line::Loose(loose) => {
            let told = Told::from_line(&loose.entry, &loose.opened, loose.secret.as_deref(), line);
            Record::Loose(Box::new(told), loose.why)
        }
        Line::Archived(archived) => Record::Archived(Box::new(archived)),
        Line::End(end) => Record::End(end.lines),
    };
    Ok(record)
}
