//! Checkpoints (c2sp.org/tlog-checkpoint): how large a log is at a moment, and the root of its tree, signed.

use std::fmt;

use base64::{Engine, engine::general_purpose::STANDARD};

use super::{
    note::{Key, Note, Unsigned, Verifier},
    tree::Hash,
};

/// What a checkpoint says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Whose log it is: the name of its key as well.
    pub origin: String,
    /// How many entries it has.
    pub size: u64,
    /// Root of its tree.
    pub root: Hash,
}

/// As the text that is signed.
impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let root = STANDARD.encode(self.root.0);
        write!(f, "{}\n{}\n{root}\n", self.origin, self.size)
    }
}

impl Checkpoint {
    /// From the text of a note. Lines after the third mean nothing here.
    pub fn parse(text: &str) -> Option<Self> {
        let mut lines = text.strip_suffix('\n')?.split('\n');
        let (origin, size, root) = (lines.next()?, lines.next()?, lines.next()?);
        let root = Hash::from_slice(&STANDARD.decode(root).ok()?)?;
        let number: u64 = size.parse().ok()?;
        let fits = !origin.is_empty() && number.to_string() == size && !lines.any(str::is_empty);
        fits.then(|| Self {
            origin: origin.to_owned(),
            size: number,
            root,
        })
    }

    /// The note with the log's own two signatures: of the text, and of the text at `time` (seconds since 1970).
    pub fn sign(&self, key: &Key, time: u64) -> Note {
        let text = self.to_string();
        let lines = vec![
            key.sign(&self.origin, &text),
            key.cosign(&self.origin, &text, time),
        ];
        Note { text, lines }
    }
}

/// A checkpoint that the key of its log signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// What it says.
    pub checkpoint: Checkpoint,
    /// When it was signed, in seconds since 1970.
    pub time: u64,
    /// As it is passed on.
    pub note: Note,
}

/// Why a checkpoint is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unbelievable {
    /// It is not a checkpoint.
    #[error("not a checkpoint")]
    Malformed,
    /// Another log than the one that is asked about.
    #[error("a checkpoint of another log")]
    OtherLog,
    /// The key did not sign it.
    #[error(transparent)]
    Unsigned(#[from] Unsigned),
}

impl Signed {
    /// Reads a checkpoint of the log whose key is known, with a time.
    pub fn read(note: &str, verifier: &Verifier) -> Result<Self, Unbelievable> {
        let note = Note::parse(note).ok_or(Unbelievable::Malformed)?;
        let checkpoint = Checkpoint::parse(&note.text).ok_or(Unbelievable::Malformed)?;
        if checkpoint.origin != verifier.name() {
            return Err(Unbelievable::OtherLog);
        }
        let time = verifier.signed(&note)?.ok_or(Unsigned::Missing)?;
        Ok(Self {
            checkpoint,
            time,
            note,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::tree::{empty_root, leaf_hash};

    #[test]
    fn a_checkpoint_reads_as_it_was_written() {
        let key = Key::from_seed(&[1; 32]);
        let checkpoint = Checkpoint {
            origin: "tsumugi.example.jp/audit/kita/1".to_owned(),
            size: 20_852_163,
            root: leaf_hash(b"one"),
        };
        let note = checkpoint.sign(&key, 1_800_000_000).to_string();
        let verifier = key.verifier(&checkpoint.origin);
        let read = Signed::read(&note, &verifier).unwrap();
        assert_eq!((read.checkpoint, read.time), (checkpoint, 1_800_000_000));
        let other = key.verifier("tsumugi.example.jp/audit/minami/1");
        assert_eq!(Signed::read(&note, &other), Err(Unbelievable::OtherLog));
        let untimed: Vec<&str> = note.lines().take(5).collect();
        let untimed = format!("{}\n", untimed.join("\n"));
        assert_eq!(
            Signed::read(&untimed, &verifier),
            Err(Unsigned::Missing.into())
        );
    }

    #[test]
    fn what_is_no_checkpoint_is_not_read() {
        let root = STANDARD.encode(empty_root().0);
        assert!(Checkpoint::parse(&format!("a\n0\n{root}\n")).is_some());
        assert!(Checkpoint::parse(&format!("a\n0\n{root}\nmore\n")).is_some());
        for bad in [
            String::new(),
            "a\n1\n".to_owned(),
            format!("\n1\n{root}\n"),
            format!("a\n01\n{root}\n"),
            format!("a\n-1\n{root}\n"),
            format!("a\n1\n{root}"),
            "a\n1\nAAAA\n".to_owned(),
            format!("a\n+1\n{root}\n"),
            format!("a\n1\n{root}\n\n"),
            format!("a\n99999999999999999999\n{root}\n"),
        ] {
            assert_eq!(Checkpoint::parse(&bad), None, "{bad:?}");
        }
    }
}
