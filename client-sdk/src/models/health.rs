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
    /// `ok` when all parts are.
    pub status: String,
    /// State of the database connection.
    pub database: Option<String>,
    /// State of the migrations.
    pub migrations: Option<String>,
}
