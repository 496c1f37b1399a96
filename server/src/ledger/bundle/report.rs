//! What an examination found.

use serde::Serialize;
use uuid::Uuid;

/// How it ended, the worst first: a program ends with the number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// A signature is not that of the key.
    BadSignature,
    /// The log is not what was signed.
    Altered,
    /// It cannot be told, because something is missing.
    Incomplete,
    /// The log is what was signed, but nothing was signed for too long.
    Stale,
    /// Nothing is wrong.
    Sound,
}

impl Outcome {
    /// The number with which a program ends.
    pub fn exit(self) -> u8 {
        match self {
            Self::Sound => 0,
            Self::Altered => 1,
            Self::Incomplete => 2,
            Self::BadSignature => 3,
            Self::Stale => 4,
        }
    }

    /// Whether it is worse than another.
    pub fn is_worse_than(self, other: Self) -> bool {
        let rank = |outcome: Self| match outcome {
            Self::Sound => 0,
            Self::Stale => 1,
            Self::Incomplete => 2,
            Self::Altered => 3,
            Self::BadSignature => 4,
        };
        rank(self) > rank(other)
    }
}

/// What was done to a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// An entry says something else.
    Edited,
    /// An entry is gone, and later ones are there.
    Deleted,
    /// The end is gone.
    Truncated,
    /// An entry was put in.
    Inserted,
    /// Entries stand in each other's place, or say what the other said.
    Swapped,
    /// The log is shorter than, or other than, what an older checkpoint stands for.
    RolledBack,
}

/// Where an alteration begins, and what kind it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Alteration {
    /// What kind.
    pub kind: Kind,
    /// The first place; none for an entry that has no place.
    pub index: Option<u64>,
    /// Where it is known only between which places it begins: the end of these.
    pub before: Option<u64>,
    /// The entry, where one is known.
    pub id: Option<Uuid>,
}

/// Why it cannot be told whether a log is sound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Lack {
    /// A line that cannot be read, or in the wrong place.
    Malformed,
    /// The file ends too early, or does not have as many lines as it says.
    End,
    /// Nothing was signed, or the newest checkpoint is not there.
    Checkpoint,
    /// Hashes that lead to the root.
    Tiles,
    /// The proof of an entry.
    Proof,
    /// Something that an entry says, in a file that has to say everything.
    Opened,
    /// Entries are in another file that was not given.
    Archive,
    /// An older checkpoint that cannot be held against what is there.
    Since,
}

/// Whether an older checkpoint is the beginning of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Since {
    /// How many entries it stands for.
    pub size: u64,
    /// Whether it fits, where that can be told.
    pub fits: Option<bool>,
}

/// What an examination found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// How it ended.
    pub outcome: Outcome,
    /// The number of that.
    pub exit: u8,
    /// What was looked at.
    pub kind: Option<super::lines::Held>,
    /// Name of the log.
    pub origin: String,
    /// The first place that was claimed.
    pub from: u64,
    /// The place after the last.
    pub to: u64,
    /// How many entries the newest checkpoint stands for.
    pub size: u64,
    /// The newest checkpoint.
    #[serde(skip)]
    pub note: Option<String>,
    /// When the log was signed last, in seconds since 1970.
    pub signed_at: Option<u64>,
    /// The public key that was believed.
    pub key: String,
    /// Whether that was given, and not taken from what was looked at.
    pub key_given: bool,
    /// Entries that were looked at in their places.
    pub entries: u64,
    /// Of these, such that nothing signed stands for yet.
    pub unsigned: u64,
    /// Entries that wait for a place.
    pub unsealed: u64,
    /// Entries that were never genuine, and left out when they were to be sealed.
    pub rejected: u64,
    /// Places whose entries are in other files.
    pub elsewhere: u64,
    /// Checkpoints that were looked at.
    pub checkpoints: u64,
    /// Signatures that are not those of the key.
    pub bad_signatures: u64,
    /// The first alteration.
    pub alteration: Option<Alteration>,
    /// Places where something is wrong.
    pub places: u64,
    /// What is missing.
    pub lacks: Vec<Lack>,
    /// The line that cannot be read, from 1.
    pub line: Option<u64>,
    /// Older checkpoints.
    pub since: Vec<Since>,
    /// Entries that were sealed more than an hour after their time: not wrong, but to be looked at.
    pub late: u64,
    /// Entries whose time is after that of a checkpoint that stands for them.
    pub ahead: u64,
}

impl Report {
    /// Whether every place that is claimed is what was signed. Entries without a place say nothing against the others.
    pub fn has_good_places(&self) -> bool {
        let is_loose = |found: Alteration| found.kind == Kind::Inserted && found.index.is_none();
        self.bad_signatures == 0 && self.lacks.is_empty() && self.alteration.is_none_or(is_loose)
    }
}
