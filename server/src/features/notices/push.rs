//! Web push: a message that only the browser can read (RFC 8291), with the proof of which server sends it (RFC 8292).
//! The way the bytes lie is this file's; the cryptography is that of kept libraries.

use aes_gcm::{
    Aes128Gcm, KeyInit,
    aead::{Aead, Payload},
};
use chrono::{DateTime, TimeDelta, Utc};
use hkdf::Hkdf;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use p256::{PublicKey, SecretKey, pkcs8::EncodePrivateKey};
use reqwest::Url;
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use crate::{
    Error, Result,
    spine::{ids, seal::Seal},
};

/// Size of a record (RFC 8188): larger than any message here.
const RECORD: u32 = 4096;
/// How long the proof is good; at most a day is allowed.
const GOOD_FOR: TimeDelta = TimeDelta::hours(12);

/// Where a browser can be told something, as the browser gives it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Subscription {
    /// The address at the browser's push service.
    pub(super) endpoint: String,
    /// Public key of the browser: an uncompressed point of P-256.
    pub(super) p256dh: Vec<u8>,
    /// Secret that the browser and this server share.
    pub(super) auth: Vec<u8>,
}

impl Subscription {
    /// Whether key and secret are what they should be.
    pub(super) fn has_good_keys(&self) -> bool {
        let uncompressed = self.p256dh.len() == 65 && self.p256dh.first() == Some(&4);
        uncompressed && PublicKey::from_sec1_bytes(&self.p256dh).is_ok() && self.auth.len() == 16
    }
}

/// The key by which browsers know this installation. It follows from the key that seals, so that every node has the
/// same.
pub(super) fn server_key(seal: &Seal) -> Result<SecretKey> {
    // One digest in four thousand millions is no key.
    (0..8_u8)
        .find_map(|n| SecretKey::from_slice(&seal.mac("web push", &[n])).ok())
        .ok_or_else(|| Error::internal("no key for push"))
}

/// Its public half, as browsers are given it.
pub(super) fn public_key(seal: &Seal) -> Result<String> {
    let key = server_key(seal)?.public_key();
    Ok(ids::to_base64(&key.to_sec1_bytes()))
}

/// What `Authorization` says to the push service.
pub(super) fn authorization(
    seal: &Seal,
    endpoint: &Url,
    contact: &str,
    now: DateTime<Utc>,
) -> Result<String> {
    #[derive(Serialize)]
    struct Claims<'a> {
        aud: String,
        exp: i64,
        sub: &'a str,
    }
    let claims = Claims {
        aud: endpoint.origin().ascii_serialization(),
        exp: (now + GOOD_FOR).timestamp(),
        sub: contact,
    };
    let der = server_key(seal)?.to_pkcs8_der().map_err(Error::internal)?;
    let key = EncodingKey::from_ec_der(der.as_bytes());
    let token = encode(&Header::new(Algorithm::ES256), &claims, &key).map_err(Error::internal)?;
    Ok(format!("vapid t={token}, k={}", public_key(seal)?))
}

/// Encrypts a message for a browser with a key of its own.
pub(super) fn encrypt(to: &Subscription, message: &[u8]) -> Result<Vec<u8>> {
    let random = ids::secret()?;
    let salt = random.get(..16).unwrap_or_default();
    let own = loop {
        if let Ok(key) = SecretKey::from_slice(&ids::secret()?) {
            break key;
        }
    };
    encrypt_with(to, message, salt, &own)
}

fn encrypt_with(
    to: &Subscription,
    message: &[u8],
    salt: &[u8],
    own: &SecretKey,
) -> Result<Vec<u8>> {
    let theirs = PublicKey::from_sec1_bytes(&to.p256dh).map_err(Error::internal)?;
    let shared = own.diffie_hellman(&theirs);
    let mine = own.public_key().to_sec1_bytes();
    let info = [b"WebPush: info\0".as_slice(), &to.p256dh, &mine].concat();
    let mut secret = [0; 32];
    expand(
        &to.auth,
        shared.raw_secret_bytes().as_slice(),
        &info,
        &mut secret,
    )?;
    let (mut key, mut nonce) = ([0; 16], [0; 12]);
    expand(salt, &secret, b"Content-Encoding: aes128gcm\0", &mut key)?;
    expand(salt, &secret, b"Content-Encoding: nonce\0", &mut nonce)?;
    let cipher = Aes128Gcm::new_from_slice(&key).map_err(Error::internal)?;
    // The last record ends with two.
    let plain = [message, &[2]].concat();
    let payload = Payload::from(plain.as_slice());
    let sealed = cipher
        .encrypt(&nonce.into(), payload)
        .map_err(|_| Error::internal("a push could not be encrypted"))?;
    let length = u8::try_from(mine.len()).map_err(Error::internal)?;
    Ok([salt, &RECORD.to_be_bytes(), &[length], &mine, &sealed].concat())
}

fn expand(salt: &[u8], input: &[u8], info: &[u8], output: &mut [u8]) -> Result<()> {
    Hkdf::<Sha256>::new(Some(salt), input)
        .expand(info, output)
        .map_err(|error| Error::internal(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(text: &str) -> Vec<u8> {
        ids::from_base64(text).unwrap()
    }

    #[test]
    fn a_message_is_encrypted_as_the_example_of_rfc_8291() {
        let to = Subscription {
            endpoint: "https://push.example.net/push/JzLQ3raZJfFBR0aqvOMsLrt54w4rJUsV".to_owned(),
            p256dh: bytes(
                "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
            ),
            auth: bytes("BTBZMqHH6r4Tts7J_aSIgg"),
        };
        assert!(to.has_good_keys());
        let own =
            SecretKey::from_slice(&bytes("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw")).unwrap();
        let salt = bytes("DGv6ra1nlYgDCS1FRnbzlw");
        let message = b"When I grow up, I want to be a watermelon";
        let made = encrypt_with(&to, message, &salt, &own).unwrap();
        assert_eq!(
            ids::to_base64(&made),
            "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6Tlz\
             AC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
        );
    }

    #[test]
    fn keys_that_are_none_are_told() {
        let good = bytes(
            "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
        );
        let with = |p256dh: &[u8], auth: usize| {
            let subscription = Subscription {
                endpoint: String::new(),
                p256dh: p256dh.to_vec(),
                auth: vec![7; auth],
            };
            subscription.has_good_keys()
        };
        assert!(with(&good, 16));
        assert!(
            !with(&good, 15) && !with(&good[..64], 16) && !with(&[4; 65], 16) && !with(&[], 16)
        );
    }

    #[test]
    fn the_proof_is_signed_for_the_push_service() {
        let folder = std::env::temp_dir().join(ids::new_id().to_string());
        let seal = Seal::at(&folder).unwrap();
        let url = Url::parse("https://push.example.net/push/abc?d=e").unwrap();
        let now = DateTime::UNIX_EPOCH + TimeDelta::days(20_000);
        let said = authorization(&seal, &url, "https://tsumugi.example.jp", now).unwrap();
        let (token, key) = said
            .strip_prefix("vapid t=")
            .unwrap()
            .split_once(", k=")
            .unwrap();
        assert_eq!(bytes(key).len(), 65);
        let decoding = jsonwebtoken::DecodingKey::from_ec_der(&bytes(key));
        let mut validation = jsonwebtoken::Validation::new(Algorithm::ES256);
        validation.validate_exp = false;
        validation.set_audience(&["https://push.example.net"]);
        let read =
            jsonwebtoken::decode::<serde_json::Value>(token, &decoding, &validation).unwrap();
        assert_eq!(read.claims["sub"], "https://tsumugi.example.jp");
        std::fs::remove_dir_all(folder).unwrap();
    }
}
