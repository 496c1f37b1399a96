//! Who witnesses the access log, and whose logs are witnessed.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::open_enum::open_enum;

open_enum! {
    /// What a witness is.
    pub enum WitnessKind {
        /// 連携先のサーバー
        Server = "server",
        /// 責任者へのメール
        Mail = "mail",
    }
}

/// Who witnesses the access log.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Witness {
    /// The witness's id.
    pub id: Uuid,
    /// What it is.
    pub kind: WitnessKind,
    /// Name: of the other network, or of the person.
    pub name: String,
    /// Where the server takes checkpoints.
    pub url: Option<String>,
    /// What the server cosigns with.
    pub public_key: Option<String>,
    /// Where the mail goes.
    pub address: Option<String>,
    /// When it was entered.
    pub created_at: DateTime<Utc>,
    /// Name of whoever entered it.
    pub created_by: String,
    /// When it was ended.
    pub ended_at: Option<DateTime<Utc>>,
    /// What it witnessed last.
    pub witnessed: Option<Witnessed>,
    /// Whether it has not witnessed for too long.
    pub late: bool,
    /// Attempts in a row that failed.
    pub failures: i32,
    /// Why the last one failed.
    pub failure: Option<String>,
    /// When it is asked, or written to, next.
    pub next_at: DateTime<Utc>,
    /// Since when it holds something against the log: an alarm.
    pub disputed_at: Option<DateTime<Utc>>,
    /// What: `ahead` or `inconsistent`.
    pub dispute: Option<String>,
}

/// What was witnessed.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Witnessed {
    /// Which tree of the network.
    pub tree: i16,
    /// How many entries it stands for.
    pub size: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// The checkpoint with the witness's signature; absent for mail.
    pub note: Option<String>,
}

/// Entering a witness.
#[derive(Clone, Debug, Serialize)]
pub struct CreateWitness {
    /// The new witness's id, chosen by the caller.
    pub id: Uuid,
    /// What it is.
    pub kind: WitnessKind,
    /// Name: of the other network, or of the person.
    pub name: String,
    /// For a server: where it takes checkpoints.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// For a server: what it cosigns with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub public_key: Option<String>,
    /// For mail: the address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
}

impl CreateWitness {
    /// A server of somebody else, with a new id.
    pub fn server(
        name: impl Into<String>,
        url: impl Into<String>,
        public_key: impl Into<String>,
    ) -> Self {
        Self {
            id: crate::new_id(),
            kind: WitnessKind::Server,
            name: name.into(),
            url: Some(url.into()),
            public_key: Some(public_key.into()),
            address: None,
        }
    }

    /// A person who gets checkpoints by mail every month, with a new id.
    pub fn mail(name: impl Into<String>, address: impl Into<String>) -> Self {
        Self {
            id: crate::new_id(),
            kind: WitnessKind::Mail,
            name: name.into(),
            url: None,
            public_key: None,
            address: Some(address.into()),
        }
    }
}

/// A log of somebody else that the network witnesses.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct WitnessedLog {
    /// The log's id.
    pub id: Uuid,
    /// Name of whoever runs it.
    pub name: String,
    /// Its name in checkpoints.
    pub origin: String,
    /// What it signs with.
    pub public_key: String,
    /// When it was entered.
    pub created_at: DateTime<Utc>,
    /// Name of whoever entered it.
    pub created_by: String,
    /// When witnessing ended.
    pub ended_at: Option<DateTime<Utc>>,
    /// What was cosigned last.
    pub cosigned: Option<CosignedCheckpoint>,
    /// When it last signed something that does not grow from what was cosigned: an alarm.
    pub conflict_at: Option<DateTime<Utc>>,
    /// The first checkpoint of that sort: proof.
    pub conflict_note: Option<String>,
    /// When somebody last used its name without its key.
    pub forged_at: Option<DateTime<Utc>>,
    /// How often that was.
    pub forged: i64,
}

/// A checkpoint of somebody else that was cosigned.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct CosignedCheckpoint {
    /// How many entries the log had.
    pub size: i64,
    /// Root of its tree, in base64.
    pub root: String,
    /// When it was cosigned.
    pub at: DateTime<Utc>,
    /// The checkpoint with both signatures.
    pub note: String,
}

/// Witnessing a log.
#[derive(Clone, Debug, Serialize)]
pub struct CreateWitnessedLog {
    /// The log's id, chosen by the caller.
    pub id: Uuid,
    /// Name of whoever runs it.
    pub name: String,
    /// What it signs with: `name+id+key`.
    pub public_key: String,
}

impl CreateWitnessedLog {
    /// A log with a new id.
    pub fn new(name: impl Into<String>, public_key: impl Into<String>) -> Self {
        Self {
            id: crate::new_id(),
            name: name.into(),
            public_key: public_key.into(),
        }
    }
}
