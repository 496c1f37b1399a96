//! Access tokens (JWT, EdDSA) and refresh tokens.
//!
//! An access token says who and for which session; it is good for five minutes and only while its row is (the row is
//! read with every request). A refresh token is random, is kept only as a digest, and changes with every use. One
//! algorithm, every claim required, unknown key ids refused; the time is the server's clock, not the library's.

use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, decode_header, encode,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Error, Result, spine::ids};

/// How long an access token is good.
pub const ACCESS_LIFETIME: TimeDelta = TimeDelta::minutes(5);
const ISSUER: &str = "tsumugi";
const AUDIENCE: &str = "tsumugi-interface";
const TYPE: &str = "at+jwt";

/// Who an access token speaks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Caller {
    /// A person's session.
    Session {
        /// The network.
        tenant: Uuid,
        /// The account.
        account: Uuid,
        /// The session.
        session: Uuid,
        /// The program that acts for the person, when one does.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        via: Option<Uuid>,
    },
    /// A facility's system.
    Client {
        /// The network.
        tenant: Uuid,
        /// The client.
        client: Uuid,
    },
}

impl Caller {
    /// The network that the caller belongs to.
    pub fn tenant_id(&self) -> Uuid {
        match self {
            Self::Session { tenant, .. } | Self::Client { tenant, .. } => *tenant,
        }
    }

    /// The account or client.
    pub fn id(&self) -> Uuid {
        match self {
            Self::Session { account, .. } => *account,
            Self::Client { client, .. } => *client,
        }
    }
}

/// An access token that was read.
#[derive(Debug, Clone)]
pub struct Bearer {
    /// Who it speaks for.
    pub caller: Caller,
    /// Until when.
    pub expires_at: DateTime<Utc>,
    /// Thumbprint of the key that it is bound to, when it is (RFC 9449).
    pub key: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Claims {
    iss: String,
    aud: String,
    sub: Uuid,
    jti: Uuid,
    iat: i64,
    nbf: i64,
    exp: i64,
    caller: Caller,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cnf: Option<Confirmation>,
}

/// The key that a token is bound to (RFC 7800, RFC 9449 §6.1).
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Confirmation {
    jkt: String,
}

/// Signs and reads access tokens.
pub struct Tokens {
    signing: EncodingKey,
    verifying: DecodingKey,
    key_id: String,
    validation: Validation,
    /// What successors of refresh tokens are made with; known to the servers only.
    succession: [u8; 32],
}

impl std::fmt::Debug for Tokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tokens")
            .field("key_id", &self.key_id)
            .finish_non_exhaustive()
    }
}

impl Tokens {
    /// Tokens signed with an Ed25519 key: the private key in PKCS#8 DER, the public key as 32 bytes.
    pub fn new(private_der: &[u8], public: &[u8]) -> Self {
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[AUDIENCE]);
        validation.set_required_spec_claims(&["iss", "aud", "sub", "exp", "nbf"]);
        // Both are checked against the server's own clock below.
        validation.validate_exp = false;
        validation.validate_nbf = false;
        Self {
            signing: EncodingKey::from_ed_der(private_der),
            verifying: DecodingKey::from_ed_der(public),
            key_id: ids::hex_digest(public).chars().take(16).collect(),
            succession: ids::digest(&[b"succession of refresh tokens", private_der].concat()),
            validation,
        }
    }

    /// The refresh token that follows `spent`: always the same one, so that an answer that was lost on the way can be
    /// given again.
    pub fn successor(&self, spent: &RefreshToken) -> RefreshToken {
        RefreshToken {
            secret: ids::digest(&[self.succession.as_slice(), &spent.secret].concat()).to_vec(),
            ..spent.clone()
        }
    }

    /// A token for `caller`, good from `now`.
    pub fn issue(&self, caller: Caller, now: DateTime<Utc>) -> Result<String> {
        self.issue_bound(caller, None, now)
    }

    /// A token for `caller`, good from `now`, in the hands of whoever holds the key with this thumbprint.
    pub fn issue_bound(
        &self,
        caller: Caller,
        key: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<String> {
        let header = Header {
            typ: Some(TYPE.to_owned()),
            kid: Some(self.key_id.clone()),
            ..Header::new(Algorithm::EdDSA)
        };
        let claims = Claims {
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            sub: caller.id(),
            jti: ids::new_id(),
            iat: now.timestamp(),
            nbf: now.timestamp(),
            exp: (now + ACCESS_LIFETIME).timestamp(),
            caller,
            cnf: key.map(|key| Confirmation {
                jkt: key.to_owned(),
            }),
        };
        encode(&header, &claims, &self.signing).map_err(Error::internal)
    }

    /// Who a token speaks for and until when, if it is ours and good at `now`.
    pub fn read(&self, token: &str, now: DateTime<Utc>) -> Result<Bearer> {
        let claims = self.claims(token).ok_or(Error::Unauthenticated)?;
        if claims.nbf > now.timestamp() || claims.sub != claims.caller.id() {
            return Err(Error::Unauthenticated);
        }
        if claims.exp <= now.timestamp() {
            return Err(Error::TokenExpired);
        }
        Ok(Bearer {
            caller: claims.caller,
            expires_at: DateTime::from_timestamp(claims.exp, 0).ok_or(Error::Unauthenticated)?,
            key: claims.cnf.map(|confirmation| confirmation.jkt),
        })
    }

    /// The network of a token that is ours, good or not any more.
    pub fn network_of(&self, token: &str) -> Option<Uuid> {
        self.claims(token).map(|claims| claims.caller.tenant_id())
    }

    /// What a token says, if it is ours.
    fn claims(&self, token: &str) -> Option<Claims> {
        let header = decode_header(token).ok()?;
        if header.kid.as_deref() != Some(&self.key_id) || header.typ.as_deref() != Some(TYPE) {
            return None;
        }
        let decoded = decode(token, &self.verifying, &self.validation).ok()?;
        Some(decoded.claims)
    }
}

/// A refresh token: names its session, so that the row can be found, and carries the secret.
#[derive(Debug, Clone)]
pub struct RefreshToken {
    /// The network.
    pub tenant_id: Uuid,
    /// The session.
    pub session_id: Uuid,
    secret: Vec<u8>,
}

impl RefreshToken {
    /// A new token for a session.
    pub fn new(tenant_id: Uuid, session_id: Uuid) -> Result<Self> {
        Ok(Self {
            tenant_id,
            session_id,
            secret: ids::secret()?.to_vec(),
        })
    }

    /// What the row keeps.
    pub fn digest(&self) -> Vec<u8> {
        ids::digest(&self.secret).to_vec()
    }

    /// As text for the client.
    pub fn encode(&self) -> String {
        format!(
            "{}.{}.{}",
            self.tenant_id.simple(),
            self.session_id.simple(),
            ids::to_base64(&self.secret)
        )
    }

    /// Reads the text back.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('.');
        let tenant_id = parts.next()?.parse().ok()?;
        let session_id = parts.next()?.parse().ok()?;
        let secret = ids::from_base64(parts.next()?).filter(|secret| secret.len() == 32)?;
        parts.next().is_none().then_some(Self {
            tenant_id,
            session_id,
            secret,
        })
    }
}
