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
}
