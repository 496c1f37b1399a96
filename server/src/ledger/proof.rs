//! Proofs as text: that an entry is in a log (c2sp.org/tlog-proof), and that a log goes on from an older state of it.

use std::fmt;

use base64::{Engine, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};

use super::{
    checkpoint::{Signed, Unbelievable},
    entry::{Canonical, Opened},
    note::Verifier,
    tree::{Hash, leaf_hash, verify_consistency, verify_inclusion},
};

/// The first line.
const FORMAT: &str = "c2sp.org/tlog-proof@v1";
/// Longest text that is read.
const LONGEST: usize = 4 << 20;
/// Most hashes of a proof.
const MOST: usize = 64;

/// The entry itself, which a proof carries as its extra: what is hashed, and what was opened of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shown {
    /// The bytes of the entry.
    pub entry: String,
    /// What was opened.
    #[serde(default)]
    pub opened: Vec<Opened>,
}

/// The proof that an entry is in a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// The entry, when it is there.
    pub shown: Option<Shown>,
    /// Its place.
    pub index: u64,
    /// Siblings, from the leaf up.
    pub hashes: Vec<Hash>,
    /// The checkpoint.
    pub note: String,
}

impl fmt::Display for Proof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{FORMAT}")?;
        if let Some(shown) = &self.shown {
            let json = serde_json::to_vec(shown).map_err(|_| fmt::Error)?;
            writeln!(f, "extra {}", STANDARD.encode(json))?;
        }
        writeln!(f, "index {}", self.index)?;
        f.write_str(&to_lines(&self.hashes))?;
        write!(f, "\n{}", self.note)
    }
}

/// Hashes, one on each line.
pub fn to_lines(hashes: &[Hash]) -> String {
    let line = |hash: &Hash| format!("{}\n", STANDARD.encode(hash.0));
    hashes.iter().map(line).collect()
}

/// The reverse of [`to_lines`].
pub fn from_lines<'a>(lines: impl IntoIterator<Item = &'a str>) -> Option<Vec<Hash>> {
    let hash = |line: &str| Hash::from_slice(&STANDARD.decode(line).ok()?);
    let hashes: Option<Vec<Hash>> = lines.into_iter().map(hash).collect();
    hashes.filter(|hashes| hashes.len() <= MOST)
}

/// Why a proof proves nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unproven {
    /// The checkpoint is not believed.
    #[error(transparent)]
    Unbelievable(#[from] Unbelievable),
    /// The entry is not there.
    #[error("the entry is not in the proof")]
    NoEntry,
    /// The hashes do not lead to the root.
    #[error("the hashes do not lead to what was signed")]
    Wrong,
    /// What was opened is not what the entry says.
    #[error("what was opened does not belong to the entry")]
    Foreign,
}

impl Proof {
    /// From its text; nothing when it is none.
    pub fn parse(text: &str) -> Option<Self> {
        let rest = text.strip_prefix(FORMAT)?.strip_prefix('\n')?;
        let (head, note) = rest.split_once("\n\n").filter(|_| text.len() <= LONGEST)?;
        let mut lines = head.split('\n').peekable();
        let extra = lines.next_if(|line| line.starts_with("extra "));
        let shown = extra.and_then(|line| {
            let json = STANDARD.decode(line.strip_prefix("extra ")?).ok()?;
            serde_json::from_slice(&json).ok()
        });
        let number = lines.next()?.strip_prefix("index ")?;
        let index: u64 = number.parse().ok()?;
        (index.to_string() == number).then_some(())?;
        Some(Self {
            shown,
            index,
            hashes: from_lines(lines)?,
            note: note.to_owned(),
        })
    }

    /// Whether the entry that it shows is in the log of the key; the checkpoint that says so.
    pub fn verify(&self, verifier: &Verifier) -> Result<Signed, Unproven> {
        let signed = Signed::read(&self.note, verifier)?;
        let shown = self.shown.as_ref().ok_or(Unproven::NoEntry)?;
        let (size, root) = (signed.checkpoint.size, signed.checkpoint.root);
        let leaf = leaf_hash(shown.entry.as_bytes());
        if !verify_inclusion(leaf, self.index, size, &self.hashes, root) {
            return Err(Unproven::Wrong);
        }
        let read: Option<Canonical> = serde_json::from_str(&shown.entry).ok();
        let belongs =
            |entry: &Canonical| shown.opened.iter().all(|opened| opened.belongs_to(entry));
        if read.as_ref().is_some_and(belongs) {
            Ok(signed)
        } else {
            Err(Unproven::Foreign)
        }
    }
}

/// Whether the newer of two checkpoints of a log goes on from the older.
pub fn goes_on(old: &Signed, new: &Signed, proof: &[Hash]) -> bool {
    let head = |signed: &Signed| (signed.checkpoint.size, signed.checkpoint.root);
    verify_consistency(head(old), head(new), proof)
}

#[cfg(test)]
mod tests {
    use super::{
        super::{
            checkpoint::Checkpoint,
            entry::{Showing, tests::example},
            note::Key,
            tree::{inclusion, node_hash},
        },
        *,
    };

    fn example_proof() -> (Proof, Verifier) {
        let key = Key::from_seed(&[4; 32]);
        let (entry, other) = (example(1), example(2).hash());
        let checkpoint = Checkpoint {
            origin: "tsumugi.example.jp/access-log/1".to_owned(),
            size: 2,
            root: node_hash(entry.hash(), other),
        };
        assert_eq!(inclusion(0, 2).map(|ranges| ranges.len()), Some(1));
        let proof = Proof {
            shown: Some(Shown {
                entry: entry.canonical(),
                opened: entry.open(Showing::All),
            }),
            index: 0,
            hashes: vec![other],
            note: checkpoint.sign(&key, 1_800_000_000).to_string(),
        };
        (proof, key.verifier(&checkpoint.origin))
    }

    #[test]
    fn a_proof_reads_as_it_was_written_and_holds() {
        let (proof, verifier) = example_proof();
        let read = Proof::parse(&proof.to_string()).unwrap();
        assert_eq!(read, proof);
        assert_eq!(read.verify(&verifier).unwrap().time, 1_800_000_000);
        let without = Proof {
            shown: None,
            ..proof.clone()
        };
        let without = Proof::parse(&without.to_string()).unwrap();
        assert_eq!(without.verify(&verifier), Err(Unproven::NoEntry));
        for bad in [
            "",
            "c2sp.org/tlog-proof@v1\nindex 01\n\nnote",
            "c2sp.org/tlog-proof@v1\nextra AA==\n\nnote",
            "c2sp.org/tlog-proof@v1\nindex 1\nAA==\n\nnote",
        ] {
            assert_eq!(Proof::parse(bad), None);
        }
    }

    #[test]
    fn a_bent_proof_proves_nothing() {
        let (proof, verifier) = example_proof();
        let bent = |bend: fn(&mut Proof)| {
            let mut bent = proof.clone();
            bend(&mut bent);
            bent.verify(&verifier).unwrap_err()
        };
        assert_eq!(bent(|proof| proof.index = 1), Unproven::Wrong);
        assert_eq!(bent(|proof| proof.hashes.clear()), Unproven::Wrong);
        let other =
            |proof: &mut Proof| proof.shown.as_mut().unwrap().entry = example(3).canonical();
        assert_eq!(bent(other), Unproven::Wrong);
        let foreign = |proof: &mut Proof| {
            proof.shown.as_mut().unwrap().opened[0].value.push(' ');
        };
        assert_eq!(bent(foreign), Unproven::Foreign);
        let forged = |proof: &mut Proof| proof.note = proof.note.replace("\n2\n", "\n3\n");
        assert!(matches!(bent(forged), Unproven::Unbelievable(_)));
    }
}
