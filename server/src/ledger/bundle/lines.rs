//! The lines of a bundle as they are written down. Everything that a line may claim is held against a limit before it is
//! believed.

use std::borrow::Cow;

use base64::{Engine, engine::general_purpose::STANDARD};
use serde::{Deserialize, Deserializer, Serialize, de::Error as _};
use uuid::Uuid;

use super::super::{
    entry::Opened,
    tiles::{self, Place},
    tree::Hash,
};

/// Name of the format.
pub const FORMAT: &str = "tsumugi-log/1";
/// Longest line, in bytes.
pub(super) const LONGEST_LINE: usize = 1 << 20;
/// Most opened values of one entry.
pub(super) const MOST_OPENED: usize = 2000;
/// Most hashes of a proof: a tree with more levels cannot be.
pub(super) const MOST_HASHES: usize = 64;
/// Numbers of places are below this, so that every program can count them.
pub const LARGEST: u64 = 1 << 53;
/// Highest level of a tile.
const HIGHEST: u32 = 7;

/// What a bundle holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Held {
    /// The whole log.
    Full,
    /// A range of it.
    Archive,
    /// What was about one patient.
    Patient,
    /// One entry.
    Entry,
}

/// Why an entry has no place in the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// It waits to be sealed.
    Unsealed,
    /// It is not what the server wrote.
    Rejected,
    /// Sealing has gone past where it stands: it was put there later.
    Behind,
}

/// The first line: what the file says it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    t: LogTag,
    /// [`FORMAT`].
    pub format: String,
    /// What it holds.
    pub kind: Held,
    /// Name of the log in its checkpoints.
    pub origin: String,
    /// The public key of the log, as whoever wrote the file knows it.
    pub key: String,
    /// The network.
    #[serde(deserialize_with = "one_form")]
    pub tenant: Uuid,
    /// Which tree of the network.
    pub tree: u32,
    /// When the file was made, in RFC 3339.
    pub made_at: String,
    /// The first place that is claimed.
    pub from: u64,
    /// The place after the last that is claimed.
    pub to: u64,
    /// How many entries the newest checkpoint stands for.
    pub size: u64,
}

impl Header {
    /// Of a log, or a part of it.
    pub fn new(kind: Held, origin: &str, tenant: Uuid, tree: u32) -> Self {
        Self {
            t: LogTag::Log,
            format: FORMAT.to_owned(),
            kind,
            origin: origin.to_owned(),
            key: String::new(),
            tenant,
            tree,
            made_at: String::new(),
            from: 0,
            to: 0,
            size: 0,
        }
    }

    /// Whether it can be: the format is this one, the places are a range, the name says which network and tree.
    fn can_be(&self) -> bool {
        self.format == FORMAT
            && self.from <= self.to
            && self.to < LARGEST
            && self.size < LARGEST
            && self
                .origin
                .ends_with(&format!("/{}/{}", self.tenant, self.tree))
            && (self.kind != Held::Full || self.from == 0)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CheckpointLine<'a> {
    pub(super) t: CheckpointTag,
    #[serde(borrow)]
    pub(super) note: Cow<'a, str>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TileLine<'a> {
    pub(super) t: TileTag,
    pub(super) level: u32,
    pub(super) index: u64,
    #[serde(borrow)]
    pub(super) hashes: Cow<'a, str>,
}

impl TileLine<'_> {
    /// The tile, if there can be one like it.
    pub(super) fn read(&self) -> Option<(Place, Vec<Hash>)> {
        let hashes = tiles::from_bytes(&decode(&self.hashes)?)?;
        let fits = self.level <= HIGHEST
            && self.index < LARGEST / tiles::WIDTH
            && (1..=tiles::WIDTH).contains(&u64::try_from(hashes.len()).ok()?);
        let place = Place {
            level: self.level,
            index: self.index,
        };
        fits.then_some((place, hashes))
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EntryLine<'a> {
    pub(super) t: EntryTag,
    pub(super) index: u64,
    #[serde(borrow)]
    pub(super) entry: Cow<'a, str>,
    #[serde(default)]
    pub(super) opened: Vec<Opened>,
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "not_null"
    )]
    pub(super) secret: Option<String>,
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "not_null"
    )]
    pub(super) proof: Option<Vec<String>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MissingLine {
    pub(super) t: MissingTag,
    pub(super) index: u64,
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "maybe_one_form"
    )]
    pub(super) id: Option<Uuid>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LooseLine<'a> {
    pub(super) t: LooseTag,
    #[serde(borrow)]
    pub(super) entry: Cow<'a, str>,
    #[serde(default)]
    pub(super) opened: Vec<Opened>,
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "not_null"
    )]
    pub(super) secret: Option<String>,
    pub(super) why: Why,
}

/// Places that are in another file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Archived {
    t: ArchivedTag,
    /// The first place.
    pub from: u64,
    /// The place after the last.
    pub to: u64,
    /// Name of the file.
    pub file: String,
    /// SHA-256 of the file, in hexadecimal digits.
    pub sha256: String,
}

impl Archived {
    /// These places, in this file.
    pub fn new(places: std::ops::Range<u64>, file: &str, sha256: &str) -> Self {
        Self {
            t: ArchivedTag::Archived,
            from: places.start,
            to: places.end,
            file: file.to_owned(),
            sha256: sha256.to_owned(),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EndLine {
    pub(super) t: EndTag,
    pub(super) lines: u64,
}

macro_rules! tags {
    ($($name:ident, $word:ident, $text:literal;)*) => {$(
        /// The word that says which line it is.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
        pub(super) enum $name {
            #[serde(rename = $text)]
            $word,
        }
    )*};
}
tags! {
    LogTag, Log, "log";
    CheckpointTag, Checkpoint, "checkpoint";
    TileTag, Tile, "tile";
    EntryTag, Entry, "entry";
    MissingTag, Missing, "missing";
    LooseTag, Loose, "loose";
    ArchivedTag, Archived, "archived";
    EndTag, End, "end";
}

/// A line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Line<'a> {
    Log(Box<Header>),
    Checkpoint(CheckpointLine<'a>),
    Tile(TileLine<'a>),
    Entry(EntryLine<'a>),
    Missing(MissingLine),
    Loose(LooseLine<'a>),
    Archived(Archived),
    End(EndLine),
}

/// Which line it is, whatever else is in it.
#[derive(Deserialize)]
struct Word<'a> {
    #[serde(borrow)]
    t: Cow<'a, str>,
}

impl<'a> Line<'a> {
    /// Reads a line; nothing when it is none.
    pub(super) fn parse(line: &'a [u8]) -> Option<Self> {
        // Nearly all lines are these, and whoever writes a line begins with its word.
        if line.starts_with(br#"{"t":"entry","#) {
            return Self::Entry(from_json(line)?).checked();
        }
        let read = match from_json::<Word<'_>>(line)?.t.as_ref() {
            "log" => Self::Log(from_json(line)?),
            "checkpoint" => Self::Checkpoint(from_json(line)?),
            "tile" => Self::Tile(from_json(line)?),
            "entry" => Self::Entry(from_json(line)?),
            "missing" => Self::Missing(from_json(line)?),
            "loose" => Self::Loose(from_json(line)?),
            "archived" => Self::Archived(from_json(line)?),
            "end" => Self::End(from_json(line)?),
            _ => return None,
        };
        read.checked()
    }

    fn checked(self) -> Option<Self> {
        let fits = match &self {
            Self::Log(header) => header.can_be(),
            Self::Entry(line) => {
                let proof = line.proof.as_ref().map_or(0, Vec::len);
                line.index < LARGEST && line.opened.len() <= MOST_OPENED && proof <= MOST_HASHES
            }
            Self::Loose(line) => line.opened.len() <= MOST_OPENED,
            Self::Missing(line) => line.index < LARGEST,
            Self::Archived(line) => line.from < line.to && line.to < LARGEST,
            Self::Checkpoint(_) | Self::Tile(_) | Self::End(_) => true,
        };
        fits.then_some(self)
    }
}

/// Ids have one form, so that programs which compare them as text find the same.
pub(super) fn id_of(text: &str) -> Option<Uuid> {
    let id = Uuid::parse_str(text).ok()?;
    let mut form = Uuid::encode_buffer();
    (id.hyphenated().encode_lower(&mut form) == text).then_some(id)
}

fn one_form<'de, D: Deserializer<'de>>(from: D) -> Result<Uuid, D::Error> {
    let text = String::deserialize(from)?;
    id_of(&text).ok_or_else(|| D::Error::custom("not an id"))
}

/// What may be left out, but is something where it is there.
fn not_null<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    from: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(from).map(Some)
}

fn maybe_one_form<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Uuid>, D::Error> {
    one_form(from).map(Some)
}

fn from_json<'a, T: Deserialize<'a>>(line: &'a [u8]) -> Option<T> {
    serde_json::from_slice(line).ok()
}

pub(super) fn encode(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text).ok()
}

/// Hashes of a proof; nothing when one is none.
pub(super) fn decode_proof(proof: &[String]) -> Option<Vec<Hash>> {
    let hash = |text: &String| Hash::from_slice(&decode(text)?);
    proof.iter().map(hash).collect()
}
