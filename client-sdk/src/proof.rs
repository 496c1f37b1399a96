//! Proof of possession (DPoP, RFC 9449): a key that never leaves the program, and what it signs with each request.

use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use reqwest::Method;
use reqwest::header::HeaderValue;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::error::{Error, Result};
use crate::secret::Secret;

/// A key made for one client and kept in memory.
pub(crate) struct ProofKey {
    signing: EncodingKey,
    public: Jwk,
}

#[derive(Serialize)]
struct Claims<'a> {
    jti: String,
    htm: &'a str,
    htu: &'a str,
    iat: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    ath: Option<String>,
}

impl ProofKey {
    pub(crate) fn new() -> Result<Self> {
        let algorithm = &ECDSA_P256_SHA256_FIXED_SIGNING;
        let pair = EcdsaKeyPair::generate_pkcs8(algorithm, &SystemRandom::new())
            .map_err(|_| Error::Configuration("no key could be made".to_owned()))?;
        let signing = EncodingKey::from_ec_der(pair.as_ref());
        let public =
            Jwk::from_encoding_key(&signing, Algorithm::ES256).map_err(|error| unusable(&error))?;
        Ok(Self { signing, public })
    }

    /// The proof for one request to `url`, with the access token that goes with it.
    pub(crate) fn sign(
        &self,
        method: &Method,
        url: &str,
        token: Option<&Secret>,
    ) -> Result<HeaderValue> {
        let header = Header {
            typ: Some("dpop+jwt".to_owned()),
            jwk: Some(self.public.clone()),
            ..Header::new(Algorithm::ES256)
        };
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        let claims = Claims {
            jti: crate::new_id().to_string(),
            htm: method.as_str(),
            htu: url.split(['?', '#']).next().unwrap_or(url),
            iat: now.map_or(0, |now| now.as_secs()),
            ath: token.map(|token| URL_SAFE_NO_PAD.encode(Sha256::digest(token.expose()))),
        };
        let proof = jsonwebtoken::encode(&header, &claims, &self.signing)
            .map_err(|error| unusable(&error))?;
        HeaderValue::from_str(&proof)
            .map_err(|_| Error::Configuration("a proof no header can hold".to_owned()))
    }
}

fn unusable(error: &jsonwebtoken::errors::Error) -> Error {
    Error::Configuration(format!("the key cannot be used: {error}"))
}
