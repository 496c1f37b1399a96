//! How a file is encrypted: a form, a nonce, and chunks.

use aead_stream::{NewStream, Nonce, StreamBE32, StreamPrimitive};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, aead::Payload};
use uuid::Uuid;

use crate::{Error, Result, spine::ids};

/// Bytes of one chunk in the clear.
pub const CHUNK: usize = 64 * 1024;
/// What a chunk grows by.
const TAG: usize = 16;
/// Says how the bytes that follow were sealed.
const FORM: u8 = 1;
const NONCE: usize = 19;
/// What goes before the chunks.
const HEAD: usize = 1 + NONCE;

type Stream = StreamBE32<XChaCha20Poly1305>;

/// The key of the files of one patient or one room.
pub struct FileKey(XChaCha20Poly1305);

impl std::fmt::Debug for FileKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FileKey").finish_non_exhaustive()
    }
}

/// A file that is being sealed.
pub struct Sealer {
    stream: Stream,
    object: Uuid,
    number: u32,
}

impl Sealer {
    /// Seals the next chunk: [`CHUNK`] bytes, fewer only for the last.
    pub fn chunk(&mut self, plain: &[u8], last: bool) -> Result<Vec<u8>> {
        let payload = Payload {
            msg: plain,
            aad: self.object.as_bytes(),
        };
        let made = self.stream.encrypt(self.number, last, payload);
        self.number += 1;
        made.map_err(|_| Error::internal("a chunk could not be sealed"))
    }
}

/// How long a file of so many bytes is when it is sealed.
pub fn sealed_length(length: u64) -> u64 {
    let chunks = length.div_ceil(CHUNK as u64).max(1);
    HEAD as u64 + length + chunks * TAG as u64
}

/// Which bytes of the sealed file hold these bytes (not empty) of a file of `length`, and the number of the first chunk.
fn span(length: u64, from: u64, until: u64) -> (std::ops::Range<u64>, u64) {
    let (chunk, sealed) = (CHUNK as u64, (CHUNK + TAG) as u64);
    let first = from / chunk;
    let last = until.saturating_sub(1) / chunk;
    let begin = HEAD as u64 + first * sealed;
    let end = (HEAD as u64 + (last + 1) * sealed).min(sealed_length(length));
    (begin..end, first)
}

impl FileKey {
    /// A key from its 32 bytes.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        let cipher = XChaCha20Poly1305::new_from_slice(bytes).map_err(Error::internal)?;
        Ok(Self(cipher))
    }

    /// Seals a file for this object of the store: opened for another it is refused.
    pub fn seal(&self, object: Uuid, plain: &[u8]) -> Result<Vec<u8>> {
        let (mut sealer, mut sealed) = self.sealer(object)?;
        let mut rest = plain;
        loop {
            let (chunk, after) = rest.split_at(rest.len().min(CHUNK));
            sealed.extend(sealer.chunk(chunk, after.is_empty())?);
            if after.is_empty() {
                return Ok(sealed);
            }
            rest = after;
        }
    }

    /// Seals a file chunk by chunk; answers with what goes before the chunks, too.
    pub fn sealer(&self, object: Uuid) -> Result<(Sealer, Vec<u8>)> {
        let random = ids::secret()?;
        let nonce = random.get(..NONCE).unwrap_or_default();
        let sealer = Sealer {
            stream: self.stream(nonce)?,
            object,
            number: 0,
        };
        Ok((sealer, [&[FORM][..], nonce].concat()))
    }

    /// Opens a whole file.
    pub fn open(&self, object: Uuid, sealed: &[u8]) -> Result<Vec<u8>> {
        let (head, chunks) = sealed.split_at_checked(HEAD).ok_or_else(damaged)?;
        let mut plain = Vec::with_capacity(chunks.len());
        self.open_chunks(object, head, chunks, (0, true), &mut plain)?;
        Ok(plain)
    }

    fn open_chunks(
        &self,
        object: Uuid,
        head: &[u8],
        chunks: &[u8],
        (mut number, to_the_end): (u32, bool),
        plain: &mut Vec<u8>,
    ) -> Result<()> {
        let (form, nonce) = head.split_first().ok_or_else(damaged)?;
        if *form != FORM {
            return Err(damaged());
        }
        let stream = self.stream(nonce)?;
        let mut rest = chunks;
        loop {
            let (chunk, after) = rest.split_at(rest.len().min(CHUNK + TAG));
            let payload = Payload {
                msg: chunk,
                aad: object.as_bytes(),
            };
            let last = to_the_end && after.is_empty();
            plain.extend(
                stream
                    .decrypt(number, last, payload)
                    .map_err(|_| damaged())?,
            );
            if after.is_empty() {
                return Ok(());
            }
            rest = after;
            number += 1;
        }
    }

    fn stream(&self, nonce: &[u8]) -> Result<Stream> {
        let nonce: &Nonce<XChaCha20Poly1305, Stream> = nonce.try_into().map_err(Error::internal)?;
        Ok(Stream::from_aead(self.0.clone(), nonce))
    }

    /// What has to be fetched to read some bytes of a file of `length`: the head, and this span of it.
    pub fn to_fetch(
        length: u64,
        from: u64,
        until: u64,
    ) -> (std::ops::Range<u64>, std::ops::Range<u64>) {
        (0..HEAD as u64, span(length, from, until).0)
    }

    /// Opens what [`FileKey::to_fetch`] named.
    pub fn open_part(
        &self,
        object: Uuid,
        (head, chunks): (&[u8], &[u8]),
        length: u64,
        from: u64,
        until: u64,
    ) -> Result<Vec<u8>> {
        let (fetched, first) = span(length, from, until);
        let to_the_end = fetched.end == sealed_length(length);
        let number = u32::try_from(first).map_err(Error::internal)?;
        let mut plain = Vec::with_capacity(chunks.len());
        self.open_chunks(object, head, chunks, (number, to_the_end), &mut plain)?;
        let skip = usize::try_from(from - first * CHUNK as u64).map_err(Error::internal)?;
        let wanted = usize::try_from(until - from).map_err(Error::internal)?;
        let part = plain.get(skip..skip + wanted).ok_or_else(damaged)?;
        Ok(part.to_vec())
    }
}

fn damaged() -> Error {
    Error::internal("a file of the store is damaged, or not under its key")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn key() -> FileKey {
        FileKey::from_bytes(&[7; 32]).unwrap()
    }

    #[test]
    fn a_file_opens_under_its_key_and_name_only() {
        let (one, other) = (ids::new_id(), ids::new_id());
        for length in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK] {
            let plain = vec![5; length];
            let sealed = key().seal(one, &plain).unwrap();
            assert_eq!(sealed.len() as u64, sealed_length(length as u64));
            assert_eq!(key().open(one, &sealed).unwrap(), plain);
            assert!(key().open(other, &sealed).is_err());
            let wrong = FileKey::from_bytes(&[8; 32]).unwrap();
            assert!(wrong.open(one, &sealed).is_err());
        }
    }

    #[test]
    fn a_chunk_cannot_be_left_out_bent_or_moved() {
        let object = ids::new_id();
        let plain: Vec<u8> = (0..3 * CHUNK)
            .map(|at| u8::try_from(at % 251).unwrap())
            .collect();
        let sealed = key().seal(object, &plain).unwrap();
        let shorter = &sealed[..HEAD + 2 * (CHUNK + TAG)];
        assert!(key().open(object, shorter).is_err());
        let mut bent = sealed.clone();
        bent[HEAD + 5] ^= 1;
        assert!(key().open(object, &bent).is_err());
        let mut swapped = sealed[..HEAD].to_vec();
        swapped.extend_from_slice(&sealed[HEAD + CHUNK + TAG..HEAD + 2 * (CHUNK + TAG)]);
        swapped.extend_from_slice(&sealed[HEAD..HEAD + CHUNK + TAG]);
        swapped.extend_from_slice(&sealed[HEAD + 2 * (CHUNK + TAG)..]);
        assert!(key().open(object, &swapped).is_err());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]
        #[test]
        fn any_part_is_the_part(length in 1..(3 * CHUNK as u64), a: u64, b: u64) {
            let (from, until) = (a % length, b % length + 1);
            prop_assume!(from < until);
            let object = ids::new_id();
            let plain: Vec<u8> = (0..length).map(|at| u8::try_from(at % 253).unwrap()).collect();
            let sealed = key().seal(object, &plain).unwrap();
            let (head, span) = FileKey::to_fetch(length, from, until);
            let cut = |span: std::ops::Range<u64>| {
                &sealed[usize::try_from(span.start).unwrap()..usize::try_from(span.end).unwrap()]
            };
            let part = key().open_part(object, (cut(head), cut(span)), length, from, until).unwrap();
            prop_assert_eq!(&part[..], &plain[usize::try_from(from).unwrap()..usize::try_from(until).unwrap()]);
        }
    }
}
