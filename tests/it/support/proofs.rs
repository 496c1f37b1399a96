//! Files of proven entries, as a test reads them.

use std::collections::BTreeSet;

use serde_json::Value;
use tsumugi_server::ledger::{
    checkpoint::Signed,
    entry::{Canonical, Opened},
    note::Verifier,
    tree::{Hash, leaf_hash, verify_inclusion},
};
use uuid::Uuid;

/// The lines of a file.
pub fn lines(bytes: &[u8]) -> Vec<Value> {
    let text = std::str::from_utf8(bytes).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// The patients, people and entries that a proven file shows.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Shown {
    pub entries: BTreeSet<Uuid>,
    pub patients: BTreeSet<String>,
    pub others: BTreeSet<String>,
}

/// Verifies a file of proven entries with nothing but the public key, and says what it shows.
pub fn proven(bytes: &[u8], verifier: &Verifier) -> Shown {
    let lines = lines(bytes);
    let (log, end) = (&lines[0], lines.last().unwrap());
    assert_eq!(log["format"], "tsumugi-log/1");
    assert_eq!(log["key"], verifier.to_string());
    assert_eq!(
        (&end["t"], end["lines"].as_u64()),
        (&Value::from("end"), Some(lines.len() as u64))
    );
    let note = lines[1]["note"].as_str().unwrap();
    let signed = Signed::read(note, verifier).unwrap().checkpoint;
    assert_eq!(log["size"].as_u64(), Some(signed.size));
    let mut shown = Shown::default();
    for line in lines.iter().filter(|line| line["t"] == "entry") {
        let entry = line["entry"].as_str().unwrap();
        let canonical: Canonical = serde_json::from_str(entry).unwrap();
        let proof: Vec<Hash> = line["proof"].as_array().unwrap().iter().map(hash).collect();
        let index = line["index"].as_u64().unwrap();
        let leaf = leaf_hash(entry.as_bytes());
        assert!(verify_inclusion(
            leaf,
            index,
            signed.size,
            &proof,
            signed.root
        ));
        let opened: Vec<Opened> = serde_json::from_value(line["opened"].clone()).unwrap();
        for opened in opened {
            assert!(opened.belongs_to(&canonical), "{opened:?}");
            if opened.name == "patient" {
                shown.patients.insert(opened.value);
            } else {
                shown.others.insert(opened.name);
            }
        }
        assert!(shown.entries.insert(canonical.id));
    }
    assert_eq!(shown.entries.len() + 3, lines.len());
    shown
}

fn hash(text: &Value) -> Hash {
    use base64::{Engine, engine::general_purpose::STANDARD};
    Hash::from_slice(&STANDARD.decode(text.as_str().unwrap()).unwrap()).unwrap()
}
