//! Rights that a network takes away from professions. A network can only narrow.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::information::{InformationKind, Right};
use super::staff_member::Profession;

/// A right that the network has taken away.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct AccessOverride {
    /// The override's id.
    pub id: Uuid,
    /// From which profession.
    pub profession: Profession,
    /// For which kind of information.
    pub kind: InformationKind,
    /// Which right.
    pub takes: Right,
    /// Why.
    pub reason: String,
    /// When it was decided.
    pub created_at: Option<DateTime<Utc>>,
    /// Name of the person who decided it.
    pub created_by: Option<String>,
    /// When it was taken back; absent while it counts.
    pub removed_at: Option<DateTime<Utc>>,
}

/// Taking a right away from a profession.
#[derive(Clone, Debug, Serialize)]
pub struct CreateAccessOverride {
    /// The new override's id, chosen by the caller.
    pub id: Uuid,
    /// From which profession.
    pub profession: Profession,
    /// For which kind of information.
    pub kind: InformationKind,
    /// Which right.
    pub takes: Right,
    /// Why.
    pub reason: String,
}

impl CreateAccessOverride {
    /// Taking `takes` on `kind` away from a profession, with a new id.
    pub fn new(
        profession: Profession,
        kind: InformationKind,
        takes: Right,
        reason: impl Into<String>,
    ) -> Self {
        Self {
            id: crate::new_id(),
            profession,
            kind,
            takes,
            reason: reason.into(),
        }
    }
}
