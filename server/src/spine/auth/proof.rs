//! Proof of possession (DPoP, RFC 9449): a token that is bound to a key is good only in the hands of who holds the key.
//!
//! The caller signs method, address, time and token of each request with its key. What was captured on the way opens
//! nothing: a proof is for one request, and is spent by it on all servers.

use actix_web::{HttpRequest, http::header::HeaderName};
use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::{
    Algorithm, DecodingKey, Validation, decode, decode_header, jwk::ThumbprintHash,
};
use serde::Deserialize;
use uuid::Uuid;

use crate::{Error, Result, spine::ids};

/// The header that carries a proof.
pub const PROOF: HeaderName = HeaderName::from_static("dpop");

/// How far the clocks of caller and server may differ.
pub(super) const LEEWAY: TimeDelta = TimeDelta::seconds(60);
/// What is taken; a shared secret is no proof.
const ALGORITHMS: [Algorithm; 2] = [Algorithm::ES256, Algorithm::EdDSA];
/// Longest proof that is looked at, in bytes.
const LONGEST: usize = 4096;

/// A proof that was read and holds.
#[derive(Debug, Clone)]
pub struct Proof {
    /// Thumbprint of the key (RFC 7638), which a bound token names.
    pub key: String,
    /// What a replay is known by.
    pub(super) digest: Vec<u8>,
    /// The request that spends it: a transaction that is tried again is no replay.
    pub(super) request: Uuid,
}

#[derive(Deserialize)]
struct Claims {
    jti: String,
    htm: String,
    htu: String,
    iat: i64,
    ath: Option<String>,
}

impl Proof {
    /// The proof of a request; nothing when it carries none. `token` is the access token that is shown with it.
    pub fn of(
        request: &HttpRequest,
        token: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<Option<Self>> {
        let mut given = request.headers().get_all(PROOF);
        let Some(value) = given.next() else {
            return Ok(None);
        };
        let text = value.to_str().map_err(|_| Error::InvalidProof)?;
        if given.next().is_some() || text.len() > LONGEST {
            return Err(Error::InvalidProof);
        }
        let (key, claims) = signed(text)?;
        let connection = request.connection_info();
        let address = (connection.host(), request.path());
        let fits = claims.htm == request.method().as_str()
            && address_of(&claims.htu) == Some(address)
            && (now.timestamp() - claims.iat).abs() <= LEEWAY.num_seconds()
            && claims.ath.as_deref()
                == token
                    .map(|token| ids::to_base64(&ids::digest(token.as_bytes())))
                    .as_deref();
        if !fits || claims.jti.is_empty() {
            return Err(Error::InvalidProof);
        }
        let digest = ids::digest(&[key.as_bytes(), b" ", claims.jti.as_bytes()].concat()).to_vec();
        let request = ids::new_id();
        Ok(Some(Self {
            key,
            digest,
            request,
        }))
    }
}

/// Thumbprint of the key that a proof shows, and its claims, if that key signed it.
fn signed(text: &str) -> Result<(String, Claims)> {
    let refused = |_| Error::InvalidProof;
    let header = decode_header(text).map_err(refused)?;
    let Some(jwk) = header.jwk else {
        return Err(Error::InvalidProof);
    };
    if header.typ.as_deref() != Some("dpop+jwt") || !ALGORITHMS.contains(&header.alg) {
        return Err(Error::InvalidProof);
    }
    let mut validation = Validation::new(header.alg);
    // A proof has none of these; its time is compared with the server's own clock.
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    validation.validate_aud = false;
    let key = DecodingKey::from_jwk(&jwk).map_err(refused)?;
    let claims = decode(text, &key, &validation).map_err(refused)?.claims;
    let thumbprint = jwk.thumbprint(ThumbprintHash::SHA256).map_err(refused)?;
    Ok((thumbprint, claims))
}

/// Host and path of an address. The scheme is that of whatever ends TLS before the server.
fn address_of(url: &str) -> Option<(&str, &str)> {
    let rest = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"))?;
    let rest = rest.split(['?', '#']).next()?;
    let at = rest.find('/')?;
    Some(rest.split_at(at))
}
