//! Mail of the demonstration, which no mail server takes.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use uuid::Uuid;

/// A mail, as the demonstration's mailbox shows it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Mail {
    /// The mail's id.
    pub id: Uuid,
    /// Address.
    pub recipient: String,
    /// Subject.
    pub subject: String,
    /// Plain text.
    pub body: String,
    /// When it was written.
    pub created_at: DateTime<Utc>,
}
