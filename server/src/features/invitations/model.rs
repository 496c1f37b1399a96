//! What an invitation is made of.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{Result, features::second_factors, spine::ids};

/// How long an invitation is good.
const LIFETIME: TimeDelta = TimeDelta::days(7);
/// What codes are made of: nothing that looks like something else.
const ALPHABET: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/// What an invitation is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = InvitationPurpose)]
pub enum Purpose {
    /// The first enrolment.
    First,
    /// A new beginning after everything was lost.
    Recovery,
}

impl Purpose {
    /// The code in the database.
    pub fn code(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Recovery => "recovery",
        }
    }

    /// The purpose with this code.
    pub fn parse(code: &str) -> Self {
        if code == Self::Recovery.code() {
            Self::Recovery
        } else {
            Self::First
        }
    }
}

/// An invitation that was made. The code is shown this once, to be handed over.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct NewInvitation {
    /// Identifier.
    pub id: Uuid,
    /// Code to be handed over, such as `K7QM-3XWP`.
    pub code: String,
    /// Until when it is good.
    pub expires_at: DateTime<Utc>,
}

/// An invitation with both of its secrets, before one is mailed and the other is handed over.
#[derive(Debug)]
pub struct Drawn {
    /// Identifier.
    pub id: Uuid,
    /// Code to be handed over.
    pub code: String,
    /// Until when it is good.
    pub expires_at: DateTime<Utc>,
    token: String,
}

impl Drawn {
    /// A new invitation, good from `now`.
    pub fn new(now: DateTime<Utc>) -> Result<Self> {
        Ok(Self {
            id: ids::new_id(),
            code: code()?,
            expires_at: now + LIFETIME,
            token: ids::to_base64(&ids::secret()?),
        })
    }

    /// What is kept of the token in the link.
    pub fn token_digest(&self) -> Vec<u8> {
        ids::digest(self.token.as_bytes()).to_vec()
    }

    /// What is kept of the code.
    pub fn code_digest(&self) -> Vec<u8> {
        second_factors::digest_of(&self.code).to_vec()
    }

    /// The link to be mailed. What follows the # never reaches a server by itself, nor a log.
    pub fn link(&self, public_url: &str, tenant_id: Uuid) -> String {
        let (server, tenant) = (public_url.trim_end_matches('/'), tenant_id.simple());
        format!("{server}/enrol#{tenant}.{}", self.token)
    }
}

/// The network and the digest of the token of a link, from what followed its #.
pub(super) fn read_token(token: &str) -> Option<(Uuid, [u8; 32])> {
    let (tenant, token) = token.trim().split_once('.')?;
    Some((tenant.parse().ok()?, ids::digest(token.as_bytes())))
}

/// The network of a link, from what followed its #.
pub fn tenant_of(token: &str) -> Option<Uuid> {
    read_token(token).map(|(tenant_id, _)| tenant_id)
}

/// Eight characters in two groups: 40 bits, good only together with the link and only for a few tries.
fn code() -> Result<String> {
    let random = ids::secret()?;
    let text: String = random
        .iter()
        .take(8)
        .filter_map(|byte| ALPHABET.get(usize::from(byte % 32)))
        .map(|byte| char::from(*byte))
        .collect();
    let (first, second) = text.split_at_checked(4).unwrap_or((&text, ""));
    Ok(format!("{first}-{second}"))
}
