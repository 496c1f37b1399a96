//! Whether the server runs, and whether it can work.

use serde::Deserialize;

/// That the server's process runs.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Health {
    /// `ok`.
    pub status: String,
}

/// Whether the server can do its work now.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Readiness {
    /// `ready`.
    pub status: String,
    /// Whether the database answers.
    pub database: bool,
    /// Whether the database has every migration of the server.
    pub migrations: bool,
}
