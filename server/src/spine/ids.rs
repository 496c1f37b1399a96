//! Identifiers and secrets. The only place that asks for randomness.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{Error, Result};

/// A new identifier (UUIDv7: sorts by time, cannot be guessed).
#[expect(clippy::disallowed_methods, reason = "this is where ids come from")]
pub fn new_id() -> Uuid {
    Uuid::now_v7()
}

/// The identifier that follows from these bytes: the same bytes always give the same (UUIDv8).
pub fn derived_id(bytes: &[u8]) -> Uuid {
    let mut first = [0; 16];
    first
        .iter_mut()
        .zip(digest(bytes))
        .for_each(|(to, from)| *to = from);
    uuid::Builder::from_custom_bytes(first).into_uuid()
}

/// 32 random bytes.
pub fn secret() -> Result<[u8; 32]> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|e| Error::internal(e.to_string()))?;
    Ok(bytes)
}

/// What codes for people are made of: nothing that looks like something else, thirty-two letters for five bits each.
const LETTERS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/// A code of so many letters that somebody reads out or types, at most 32.
pub fn letters(count: usize) -> Result<String> {
    let letter = |byte: &u8| LETTERS.get(usize::from(byte % 32)).copied();
    Ok(secret()?
        .iter()
        .take(count)
        .filter_map(letter)
        .map(char::from)
        .collect())
}

/// A code as it was given out, however somebody typed it: without hyphens and spaces, in capitals.
pub fn as_given_out(code: &str) -> String {
    code.chars()
        .filter(|c| !c.is_whitespace() && *c != '-')
        .map(|c| c.to_ascii_uppercase())
        .collect()
}

/// SHA-256.
pub fn digest(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// SHA-256 as lower-case hexadecimal.
pub fn hex_digest(bytes: &[u8]) -> String {
    to_hex(&digest(bytes))
}

/// Bytes as lower-case hexadecimal.
pub fn to_hex(bytes: &[u8]) -> String {
    let pairs: Vec<String> = bytes.iter().map(|b| format!("{b:02x}")).collect();
    pairs.concat()
}

/// Bytes as text for a URL or a header.
pub fn to_base64(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The reverse of [`to_base64`]; nothing when it is not that.
pub fn from_base64(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}
