//! What an enrolment under way is known by and remembers.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    Error, Result,
    features::invitations::Invitation,
    spine::{auth::totp::Seed, ids, seal::Seal},
};

/// How long an enrolment may take.
pub(super) const PATIENCE: TimeDelta = TimeDelta::minutes(15);
const PURPOSE: &str = "enrolment";

/// The secret that the caller shows with every step.
#[derive(Debug)]
pub(super) struct Token {
    pub(super) tenant_id: Uuid,
    pub(super) id: Uuid,
    secret: String,
}

impl Token {
    pub(super) fn new(tenant_id: Uuid) -> Result<Self> {
        Ok(Self {
            tenant_id,
            id: ids::new_id(),
            secret: ids::to_base64(&ids::secret()?),
        })
    }

    pub(super) fn encode(&self) -> String {
        let (tenant, id) = (self.tenant_id.simple(), self.id.simple());
        format!("{tenant}.{id}.{}", self.secret)
    }

    pub(super) fn parse(text: &str) -> Result<Self> {
        let mut parts = text.trim().splitn(3, '.');
        let mut next = || parts.next().ok_or(Error::InvitationNotFound);
        let id = |text: &str| text.parse().map_err(|_| Error::InvitationNotFound);
        Ok(Self {
            tenant_id: id(next()?)?,
            id: id(next()?)?,
            secret: next()?.to_owned(),
        })
    }

    pub(super) fn digest(&self) -> Vec<u8> {
        ids::digest(self.secret.as_bytes()).to_vec()
    }
}

/// What is remembered, sealed: the invitation, and the seed that is offered.
#[derive(Serialize, Deserialize)]
pub(super) struct State {
    pub(super) invitation_id: Uuid,
    seed: Vec<u8>,
}

impl State {
    pub(super) fn new(invitation_id: Uuid) -> Result<Self> {
        Ok(Self {
            invitation_id,
            seed: Seed::new()?.as_bytes().to_vec(),
        })
    }

    pub(super) fn seed(&self) -> Result<Seed> {
        Seed::of_bytes(&self.seed)
    }

    pub(super) fn seal(&self, seal: &Seal, token: &Token) -> Result<Vec<u8>> {
        let plain = serde_json::to_vec(self).map_err(Error::internal)?;
        seal.seal(PURPOSE, &[token.tenant_id, token.id], &plain)
    }

    pub(super) fn open(seal: &Seal, token: &Token, sealed: &[u8]) -> Option<Self> {
        let plain = seal.open(PURPOSE, &[token.tenant_id, token.id], sealed)?;
        serde_json::from_slice(&plain).ok()
    }
}

/// An enrolment under way.
#[derive(Debug)]
pub(super) struct Enrolment {
    /// Its challenge.
    pub(super) id: Uuid,
    /// The invitation that is taken up.
    pub(super) invitation: Invitation,
    /// The seed that is offered.
    pub(super) seed: Seed,
}
