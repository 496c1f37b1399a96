//! Checkpoints of the access log, and what says whether it can be believed.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::Witness;
use super::open_enum::open_enum;

open_enum! {
    /// How good the server's clock is.
    pub enum ClockQuality {
        /// Nobody has held it against another clock.
        Unchecked = "unchecked",
        /// At most a second off.
        Checked = "checked",
        /// More than a second off.
        Off = "off",
        /// More than a minute off: nothing is made final.
        Wrong = "wrong",
    }
}

/// The state of the access log.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct CheckpointState {
    /// The log; absent before the first entry was sealed.
    pub log: Option<SealedLog>,
    /// Who witnesses it.
    pub witnesses: Vec<Witness>,
    /// The append-only folder or bucket; absent when there is none.
    pub copies: Option<CheckpointCopies>,
    /// The clock by which everything is recorded.
    pub clock: ServerClock,
    /// The network as a witness of others' logs.
    pub own_witness: OwnWitness,
}

/// A log as far as it is sealed and signed.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct SealedLog {
    /// Its name in checkpoints.
    pub origin: String,
    /// Which tree of the network.
    pub tree: i16,
    /// What it signs with.
    pub public_key: String,
    /// How many entries have their place in the tree.
    pub size: u64,
    /// How many entries have none yet.
    pub unsealed: i64,
    /// Seconds since the first of them was written.
    pub lag_seconds: f64,
    /// How many entries were left out, because they are not what the server wrote.
    pub rejected: i64,
    /// Why nothing is signed any more.
    pub halted: Option<String>,
    /// The newest checkpoint.
    pub checkpoint: Option<Checkpoint>,
}

/// A signed checkpoint.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Checkpoint {
    /// Which tree of the network.
    pub tree: i16,
    /// How many entries it stands for.
    pub size: u64,
    /// Root of the tree, in base64.
    pub root: String,
    /// When it was signed.
    pub signed_at: DateTime<Utc>,
    /// The checkpoint as it is passed on.
    pub note: String,
    /// The same with one signature only, for a printed code.
    pub code: String,
}

/// How far checkpoints are copied.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct CheckpointCopies {
    /// How many entries the newest copy stands for.
    pub size: Option<i64>,
    /// When that checkpoint was signed.
    pub signed_at: Option<DateTime<Utc>>,
    /// When it was copied.
    pub copied_at: Option<DateTime<Utc>>,
    /// Whether a checkpoint should be there and is not.
    pub late: bool,
    /// Attempts in a row that failed.
    pub failures: i32,
    /// Why: `away`, `forbidden` or `different`.
    pub failure: Option<String>,
}

/// How good the server's clock is.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct ServerClock {
    /// In a word.
    pub quality: ClockQuality,
    /// Seconds by which a time server is ahead of it.
    pub offset_seconds: Option<f64>,
    /// When the time server last answered.
    pub checked_at: Option<DateTime<Utc>>,
    /// Seconds by which the database's clock is ahead of it.
    pub database_offset_seconds: Option<f64>,
}

/// What others need to have their logs witnessed by the network.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct OwnWitness {
    /// Where they send checkpoints.
    pub url: String,
    /// What the network cosigns with.
    pub public_key: String,
}

/// Which checkpoints to list.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ListCheckpoints {
    /// The page that follows this cursor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// Rows a page: 1 to 100.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// Two sizes of the log.
#[derive(Clone, Debug, Serialize)]
pub struct FindConsistencyProof {
    /// Size of the older checkpoint.
    pub from: u64,
    /// Size of the newer checkpoint.
    pub to: u64,
    /// Which tree of the network; the newest when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tree: Option<i16>,
}

/// The proof that the log grew from one size to another (RFC 6962).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct ConsistencyProof {
    /// Which tree of the network.
    pub tree: i16,
    /// Size of the older checkpoint.
    pub from: u64,
    /// Size of the newer checkpoint.
    pub to: u64,
    /// The hashes, in base64.
    pub proof: Vec<String>,
}
