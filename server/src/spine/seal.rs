//! What the database must not give away: seeds of one-time codes and the state of ceremonies, sealed with a key that is
//! kept beside the server and never in the database (XChaCha20-Poly1305). What is sealed for one purpose and one row
//! does not open for another.

use std::{
    fs,
    io::{ErrorKind, Write},
    path::Path,
};

use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305,
    aead::{Aead, Payload},
};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use uuid::Uuid;

use super::ids;
use crate::{Error, Result};

/// Says how the bytes that follow were sealed.
const FORM: u8 = 1;
const NONCE: usize = 24;

/// Seals and opens with the key of this installation.
pub struct Seal {
    cipher: XChaCha20Poly1305,
    /// For keyed digests; another key than the one that seals.
    digests: Hmac<Sha256>,
}

impl std::fmt::Debug for Seal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Seal").finish_non_exhaustive()
    }
}

impl Seal {
    /// The key in `data_dir`, made at first start. Whoever loses it has to enrol everybody's one-time codes again.
    pub fn at(data_dir: &Path) -> Result<Self> {
        let key = key_at(&data_dir.join("seal-key"))?;
        let cipher = XChaCha20Poly1305::new_from_slice(&key).map_err(Error::internal)?;
        let keyed = |key: &[u8]| Hmac::<Sha256>::new_from_slice(key).map_err(Error::internal);
        let apart = keyed(&key)?
            .chain_update("keyed digests")
            .finalize()
            .into_bytes();
        Ok(Self {
            cipher,
            digests: keyed(&apart)?,
        })
    }

    /// A digest that nobody without the key can make, for this purpose only.
    pub fn mac(&self, purpose: &str, message: &[u8]) -> [u8; 32] {
        let digest = self.digests.clone().chain_update(purpose).chain_update([0]);
        digest.chain_update(message).finalize().into_bytes().into()
    }

    /// Whether a digest is the one of this message; takes as long whatever it is.
    pub fn is_mac(&self, purpose: &str, message: &[u8], mac: &[u8]) -> bool {
        let digest = self.digests.clone().chain_update(purpose).chain_update([0]);
        digest.chain_update(message).verify_slice(mac).is_ok()
    }

    /// Seals `plain` for this purpose and these rows.
    pub fn seal(&self, purpose: &str, rows: &[Uuid], plain: &[u8]) -> Result<Vec<u8>> {
        let random = ids::secret()?;
        let nonce = random.get(..NONCE).unwrap_or_default();
        let aad = bound_to(purpose, rows);
        let payload = Payload {
            msg: plain,
            aad: &aad,
        };
        let sealed = self
            .cipher
            .encrypt(nonce.try_into().map_err(Error::internal)?, payload)
            .map_err(|_| Error::internal("could not be sealed"))?;
        Ok([&[FORM][..], nonce, &sealed].concat())
    }

    /// Opens what was sealed for this purpose and these rows; nothing when it was not.
    pub fn open(&self, purpose: &str, rows: &[Uuid], sealed: &[u8]) -> Option<Vec<u8>> {
        let (form, rest) = sealed.split_first()?;
        let (nonce, sealed) = rest.split_at_checked(NONCE)?;
        if *form != FORM {
            return None;
        }
        let aad = bound_to(purpose, rows);
        let payload = Payload {
            msg: sealed,
            aad: &aad,
        };
        self.cipher.decrypt(nonce.try_into().ok()?, payload).ok()
    }
}

/// The 32 random bytes of a file that only its owner may read, made at first start.
pub fn key_at(path: &Path) -> Result<[u8; 32]> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(Error::internal)?;
    }
    let key = match make(path) {
        Ok(key) => key,
        Err(Made::Before) => fs::read(path).map_err(Error::internal)?,
        Err(Made::Failed(error)) => return Err(error),
    };
    let not_a_key = |_| Error::internal(format!("{} is not 32 bytes", path.display()));
    key.try_into().map_err(not_a_key)
}

fn bound_to(purpose: &str, rows: &[Uuid]) -> Vec<u8> {
    let mut bound = Vec::with_capacity(purpose.len() + 16 * rows.len());
    for row in rows {
        bound.extend_from_slice(row.as_bytes());
    }
    bound.extend_from_slice(purpose.as_bytes());
    bound
}

/// Why no key was made.
enum Made {
    Before,
    Failed(Error),
}

/// Makes the key, unless there is one: two programs that start at once must not end with two.
fn make(path: &Path) -> Result<Vec<u8>, Made> {
    if path.exists() {
        return Err(Made::Before);
    }
    let key = ids::secret().map_err(Made::Failed)?;
    let failed = |error: std::io::Error| Made::Failed(Error::internal(error));
    // Written aside and linked into place: whoever finds it finds all of it.
    let aside = path.with_extension(ids::new_id().simple().to_string());
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&aside).map_err(failed)?;
    file.write_all(&key)
        .and_then(|()| file.sync_all())
        .map_err(failed)?;
    let linked = fs::hard_link(&aside, path);
    fs::remove_file(&aside).map_err(failed)?;
    match linked {
        Ok(()) => Ok(key.to_vec()),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Err(Made::Before),
        Err(error) => Err(failed(error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opens_for_the_same_purpose_and_row_only() {
        let folder = std::env::temp_dir().join(ids::new_id().to_string());
        let seal = Seal::at(&folder).unwrap();
        let (one, other) = (ids::new_id(), ids::new_id());
        let sealed = seal.seal("totp", &[one], b"seed").unwrap();
        // The key outlives the process.
        let seal = Seal::at(&folder).unwrap();
        assert_eq!(
            seal.open("totp", &[one], &sealed).as_deref(),
            Some(&b"seed"[..])
        );
        assert_eq!(seal.open("totp", &[other], &sealed), None);
        assert_eq!(seal.open("other", &[one], &sealed), None);
        let mut bent = sealed.clone();
        *bent.last_mut().unwrap() ^= 1;
        assert_eq!(seal.open("totp", &[one], &bent), None);
        assert_eq!(seal.open("totp", &[one], b""), None);
        #[cfg(unix)]
        {
            let mode = fs::metadata(folder.join("seal-key")).unwrap().permissions();
            let mode = std::os::unix::fs::PermissionsExt::mode(&mode);
            assert_eq!(mode & 0o777, 0o600);
        }
        let mac = seal.mac("one", b"message");
        assert!(seal.is_mac("one", b"message", &mac));
        assert_ne!(seal.mac("other", b"message"), mac);
        assert!(
            !seal.is_mac("one", b"massage", &mac) && !seal.is_mac("one", b"message", &mac[..31])
        );
        fs::remove_dir_all(folder).unwrap();
    }
}
