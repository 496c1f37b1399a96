//! Signed notes (c2sp.org/signed-note) with Ed25519, and cosignatures with a time (c2sp.org/tlog-cosignature).
//!
//! A note is text and lines of signatures. A line names its key, so that notes can carry signatures that a reader does
//! not know. A key signs a note (`0x01`), or states that at a time it saw the tree grow from what it had seen before
//! (`0x04`).

use std::fmt;

use base64::{Engine, engine::general_purpose::STANDARD};
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};

use super::entry::hex;

/// Signature of the text itself.
const PLAIN: u8 = 1;
/// Signature of the text and a time.
const TIMED: u8 = 4;
/// Longest note that is read, in bytes.
const LONGEST: usize = 16 * 1024;
/// Most signatures that are looked at.
const MOST: usize = 64;

/// A name under which a key signs: an address without scheme, spaces or plus signs.
fn is_name(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= 300
        && !name.contains(|c: char| c.is_whitespace() || c == '+' || c.is_control())
}

fn key_id(name: &str, kind: u8, key: &[u8; 32]) -> [u8; 4] {
    let digest = Sha256::new()
        .chain_update(name)
        .chain_update([b'\n', kind])
        .chain_update(key)
        .finalize();
    let mut id = [0; 4];
    id.iter_mut().zip(digest).for_each(|(to, from)| *to = from);
    id
}

/// A key that may be published, with its name: who is believed.
#[derive(Clone, PartialEq, Eq)]
pub struct Verifier {
    name: String,
    key: VerifyingKey,
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_string())
    }
}

/// As a line of text: `name+id+key`.
impl fmt::Display for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = self.key.as_bytes();
        let id = hex(&key_id(&self.name, PLAIN, key));
        let encoded = STANDARD.encode([&[PLAIN][..], key].concat());
        write!(f, "{}+{id}+{encoded}", self.name)
    }
}

impl Verifier {
    /// From a line of text. Keys for plain and for timed signatures are both taken, because one key makes both here.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.trim().splitn(3, '+');
        let (name, id, encoded) = (parts.next()?, parts.next()?, parts.next()?);
        let bytes = STANDARD.decode(encoded).ok()?;
        let (kind, key) = bytes.split_first()?;
        let key: [u8; 32] = key.try_into().ok()?;
        let fits =
            [PLAIN, TIMED].contains(kind) && is_name(name) && id == hex(&key_id(name, *kind, &key));
        let key = VerifyingKey::from_bytes(&key).ok().filter(|_| fits)?;
        Some(Self {
            name: name.to_owned(),
            key,
        })
    }

    /// The name of the key.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The same key under another name.
    #[must_use]
    pub fn named(&self, name: &str) -> Self {
        Self {
            name: name.to_owned(),
            key: self.key,
        }
    }

    /// As a line of text that says that the key makes timed signatures: how the key of a witness is passed on.
    pub fn as_cosigner(&self) -> String {
        let key = self.key.as_bytes();
        let id = hex(&key_id(&self.name, TIMED, key));
        let encoded = STANDARD.encode([&[TIMED][..], key].concat());
        format!("{}+{id}+{encoded}", self.name)
    }

    /// Whether a line says that the key made it, with a time or without. Whether that is so, [`Verifier::signed`] knows.
    pub fn claims(&self, line: &Line) -> bool {
        let key = self.key.as_bytes();
        let ids = [PLAIN, TIMED].map(|kind| key_id(&self.name, kind, key));
        line.name == self.name && ids.iter().any(|id| line.signature.starts_with(id))
    }

    /// Whether a line says that the key made it with a time.
    pub fn claims_timed(&self, line: &Line) -> bool {
        let id = key_id(&self.name, TIMED, self.key.as_bytes());
        line.name == self.name && line.signature.starts_with(&id)
    }

    /// Whether the key signed the note; when it also said at what time, that time, in seconds since 1970.
    pub fn signed(&self, note: &Note) -> Result<Option<u64>, Unsigned> {
        let mut outcome = Err(Unsigned::Missing);
        for line in note.lines.iter().filter(|line| line.name == self.name) {
            let Some((id, signature)) = line.signature.split_first_chunk::<4>() else {
                continue;
            };
            let key = self.key.as_bytes();
            if *id == key_id(&self.name, PLAIN, key) {
                self.holds(note.text.as_bytes(), signature)?;
                outcome = outcome.or(Ok(None));
            } else if *id == key_id(&self.name, TIMED, key) {
                let (time, signature) =
                    signature.split_first_chunk::<8>().ok_or(Unsigned::Wrong)?;
                let time = u64::from_be_bytes(*time);
                self.holds(timed(time, &note.text).as_bytes(), signature)?;
                outcome = Ok(Some(time));
            }
        }
        outcome
    }

    fn holds(&self, message: &[u8], signature: &[u8]) -> Result<(), Unsigned> {
        let signature = Signature::from_slice(signature).map_err(|_| Unsigned::Wrong)?;
        let verified = self.key.verify_strict(message, &signature);
        verified.map_err(|_| Unsigned::Wrong)
    }
}

/// What a key that states a time signs.
fn timed(time: u64, text: &str) -> String {
    format!("cosignature/v1\ntime {time}\n{text}")
}

/// Why a note is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unsigned {
    /// The key did not sign it.
    #[error("no signature of the key")]
    Missing,
    /// There is a signature in the name of the key that the key did not make.
    #[error("the signature is wrong")]
    Wrong,
}

/// A key that signs.
#[derive(Clone)]
pub struct Key {
    key: SigningKey,
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Key").finish_non_exhaustive()
    }
}

impl Key {
    /// From its 32 secret bytes.
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        Self {
            key: SigningKey::from_bytes(seed),
        }
    }

    /// What may be published of it, under a name.
    pub fn verifier(&self, name: &str) -> Verifier {
        Verifier {
            name: name.to_owned(),
            key: self.key.verifying_key(),
        }
    }

    /// A line that signs the text.
    pub fn sign(&self, name: &str, text: &str) -> Line {
        self.line(name, PLAIN, &[], text)
    }

    /// A line that states that the text was so at a time, in seconds since 1970.
    pub fn cosign(&self, name: &str, text: &str, time: u64) -> Line {
        self.line(name, TIMED, &time.to_be_bytes(), &timed(time, text))
    }

    fn line(&self, name: &str, kind: u8, before: &[u8], message: &str) -> Line {
        let id = key_id(name, kind, self.key.verifying_key().as_bytes());
        let signature = self.key.sign(message.as_bytes()).to_bytes();
        Line {
            name: name.to_owned(),
            signature: [&id[..], before, &signature].concat(),
        }
    }
}

/// A line of a signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    name: String,
    /// Id of the key, and what it made.
    signature: Vec<u8>,
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "— {} {}", self.name, STANDARD.encode(&self.signature))
    }
}

impl Line {
    /// From a line of text without its end.
    pub fn parse(text: &str) -> Option<Self> {
        let (name, encoded) = text.strip_prefix("— ")?.split_once(' ')?;
        let signature = STANDARD.decode(encoded).ok()?;
        (is_name(name) && signature.len() > 4).then(|| Self {
            name: name.to_owned(),
            signature,
        })
    }
}

/// A text with signatures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// The text with the line feed at its end.
    pub text: String,
    /// The signatures.
    pub lines: Vec<Line>,
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        self.lines.iter().try_for_each(|line| write!(f, "{line}"))
    }
}

impl Note {
    /// From its text; nothing when it is none.
    pub fn parse(note: &str) -> Option<Self> {
        let clean = |c: char| c == '\n' || !c.is_ascii_control();
        if note.len() > LONGEST || !note.chars().all(clean) {
            return None;
        }
        let (text, lines) = note.rsplit_once("\n\n")?;
        let lines = lines.strip_suffix('\n')?.split('\n');
        let lines: Option<Vec<Line>> = lines.map(Line::parse).collect();
        let lines = lines.filter(|lines| lines.len() <= MOST)?;
        Some(Self {
            text: format!("{text}\n"),
            lines,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the specification.
    #[test]
    fn the_example_of_the_specification_verifies() {
        let verifier = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
        let verifier = Verifier::parse(verifier).unwrap();
        let text = "This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";
        let note = Note::parse(text).unwrap();
        assert_eq!(note.to_string(), text);
        assert_eq!(verifier.signed(&note), Ok(None));
        let other = Note::parse(&text.replace("example message", "example massage"));
        assert_eq!(verifier.signed(&other.unwrap()), Err(Unsigned::Wrong));
    }

    #[test]
    fn the_key_of_a_witness_reads_as_it_was_written() {
        let key = Key::from_seed(&[7; 32]);
        let verifier = key.verifier("tsumugi.example.jp/witness/kita");
        let line = verifier.as_cosigner();
        assert_ne!(line, verifier.to_string());
        assert_eq!(Verifier::parse(&line), Some(verifier.clone()));
        let timed = key.cosign(verifier.name(), "text\n", 1_800_000_000);
        let plain = key.sign(verifier.name(), "text\n");
        assert!(verifier.claims(&timed) && verifier.claims_timed(&timed));
        assert!(verifier.claims(&plain) && !verifier.claims_timed(&plain));
        assert!(!key.verifier("other").claims(&timed));
    }

    #[test]
    fn a_note_is_believed_for_what_the_key_signed_only() {
        let key = Key::from_seed(&[7; 32]);
        let verifier = key.verifier("log.example.jp/audit");
        assert_eq!(
            Verifier::parse(&verifier.to_string()),
            Some(verifier.clone())
        );
        let text = "log.example.jp/audit\n3\nAAAA\n";
        let mut note = Note {
            text: text.to_owned(),
            lines: vec![Key::from_seed(&[8; 32]).sign("log.example.jp/audit", text)],
        };
        assert_eq!(verifier.signed(&note), Err(Unsigned::Missing));
        note.lines.push(key.sign("log.example.jp/audit", text));
        assert_eq!(verifier.signed(&note), Ok(None));
        note.lines
            .push(key.cosign("log.example.jp/audit", text, 1_800_000_000));
        let note = Note::parse(&note.to_string()).unwrap();
        assert_eq!(verifier.signed(&note), Ok(Some(1_800_000_000)));
        // A time that was not signed.
        let mut bent = note.clone();
        bent.lines[2].signature[11] ^= 1;
        assert_eq!(verifier.signed(&bent), Err(Unsigned::Wrong));
        assert_eq!(
            key.verifier("other.example.jp").signed(&note),
            Err(Unsigned::Missing)
        );
    }

    #[test]
    fn what_is_no_note_is_not_read() {
        let line = "— a.example AAAAAAAA";
        for bad in [
            "",
            "\n",
            "text",
            "text\n\n",
            "text\n\nno line\n",
            "text\r\n\n",
            "text\n— a.example AAAAAAAA\n",
            "te\u{7}xt\n\n— a.example AAAAAAAA\n",
            "text\n\n— a.example AAAAAAAA",
            "text\n\n— a.example AAAA\n",
            "text\n\n— a b AAAAAAAA\n",
            "text\n\n- a.example AAAAAAAA\n",
            "text\n\n— a+b AAAAAAAA\n",
        ] {
            assert_eq!(Note::parse(bad), None, "{bad:?}");
        }
        assert!(Note::parse(&format!("text\n\nmore\n\n{line}\n")).is_some());
        assert_eq!(
            Note::parse(&format!("text\n\n{}", format!("{line}\n").repeat(65))),
            None
        );
        for bad in [
            "",
            "a+b+c",
            "a+00000000+AQ==",
            "a b+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        ] {
            assert_eq!(Verifier::parse(bad), None, "{bad:?}");
        }
    }
}
