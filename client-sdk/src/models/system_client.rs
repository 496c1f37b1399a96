//! System clients: the programs of facilities, such as a hospital's sending agent.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::facility::FacilityReference;
use crate::secret::Secret;

/// A registered system client.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct SystemClient {
    /// The registration's id.
    pub id: Uuid,
    /// The name the program signs in with.
    pub client_id: String,
    /// What people call it.
    pub name: String,
    /// The facility it speaks for.
    pub facility: FacilityReference,
    /// Whether it gets tokens that are bound to a key only.
    #[serde(default)]
    pub proof_required: bool,
    /// Whether it may act for people of its facility.
    #[serde(default)]
    pub acts_for_people: bool,
}

/// A system client at the moment of its registration.
#[derive(Clone, Debug, Deserialize)]
#[non_exhaustive]
pub struct CreatedSystemClient {
    /// The registration's id.
    pub id: Uuid,
    /// The name the program signs in with.
    pub client_id: String,
    /// Its secret. Shown this once: the server keeps only a digest.
    pub client_secret: Secret,
    /// What people call it.
    pub name: String,
    /// The facility it speaks for.
    pub facility: FacilityReference,
    /// Whether it gets tokens that are bound to a key only.
    #[serde(default)]
    pub proof_required: bool,
    /// Whether it may act for people of its facility.
    #[serde(default)]
    pub acts_for_people: bool,
}

/// Registering a system client.
#[derive(Clone, Debug, Serialize)]
pub struct CreateSystemClient {
    /// The registration's id, chosen by the caller.
    pub id: Uuid,
    /// The facility it speaks for.
    pub facility_id: Uuid,
    /// What people call it.
    pub name: String,
    /// Whether it gets tokens that are bound to a key only.
    pub proof_required: bool,
    /// Whether it may act for people of its facility, with their rights.
    pub acts_for_people: bool,
}

impl CreateSystemClient {
    /// The system of a facility, which sends documents.
    pub fn new(facility_id: Uuid, name: impl Into<String>) -> Self {
        Self {
            id: crate::new_id(),
            facility_id,
            name: name.into(),
            proof_required: false,
            acts_for_people: false,
        }
    }

    /// The same with tokens that are bound to a key only.
    #[must_use]
    pub fn bound(self) -> Self {
        Self {
            proof_required: true,
            ..self
        }
    }

    /// The same for a program that acts for people of the facility.
    #[must_use]
    pub fn for_people(self) -> Self {
        Self {
            acts_for_people: true,
            ..self
        }
    }
}
