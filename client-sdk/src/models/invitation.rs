//! Invitations, as whoever invites sees them.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use uuid::Uuid;

use crate::secret::Secret;

/// An invitation at the moment it was made. The link goes by mail; the code is handed over.
#[derive(Clone, Debug, Deserialize)]
#[non_exhaustive]
pub struct NewInvitation {
    /// The invitation's id.
    pub id: Uuid,
    /// The code to hand over, such as `K7QM-3XWP`. Shown this once: the server keeps only a digest.
    pub code: Secret,
    /// Until when link and code are good.
    pub expires_at: DateTime<Utc>,
}
