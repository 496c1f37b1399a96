//! Good files of every kind.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read, Write};

use flate2::{Compression, read::MultiGzDecoder, write::GzEncoder};
use serde_json::Value;
use tsumugi_server::ledger::bundle::Why;
use tsumugi_tests::ledger::{Ledger, Row, entry};
use uuid::Uuid;

/// A good file.
pub(crate) struct Seed {
    /// Its bytes.
    pub(crate) bytes: Vec<u8>,
    /// Its entries: what a sound file has to hold, and nothing else of the kind.
    entries: Entries,
    /// Whether it is compressed.
    pub(crate) packed: bool,
    /// Whether its entries may hide what they say.
    hides: bool,
}

impl Seed {
    fn new(bytes: Vec<u8>) -> Self {
        let entries = entries(&bytes);
        let hides = String::from_utf8_lossy(&bytes).contains(r#""kind":"patient""#);
        Self {
            bytes,
            entries,
            packed: false,
            hides,
        }
    }

    fn packed(&self) -> Self {
        let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
        let packed = packer.write_all(&self.bytes).and_then(|()| packer.finish());
        Self {
            bytes: packed.unwrap_or_default(),
            entries: self.entries.clone(),
            packed: true,
            hides: self.hides,
        }
    }

    /// Whether a file says nothing of any entry but what this one says.
    pub(crate) fn holds_nothing_else(&self, file: &[u8]) -> bool {
        let mut plain = Vec::new();
        if file.starts_with(&[0x1f, 0x8b]) {
            // What cannot be unpacked was not read to its end, and is not sound.
            let unpacked = MultiGzDecoder::new(file).read_to_end(&mut plain);
            if unpacked.is_err() {
                return false;
            }
        } else {
            plain.extend_from_slice(file);
        }
        entries(&plain).iter().all(|(entry, opened)| {
            self.entries.get(entry).is_some_and(|all| {
                // Where entries are shown with proofs, a part of what they say may be hidden.
                opened == all || (self.hides && opened.is_subset(all))
            })
        })
    }
}

/// Place and bytes of each entry that a file says something of, with what is opened of it.
type Entries = BTreeMap<(u64, String), BTreeSet<String>>;

fn entries(file: &[u8]) -> Entries {
    let lines = file.split(|byte| *byte == b'\n');
    let said = lines.filter_map(|line| {
        let line: Value = serde_json::from_slice(line).ok()?;
        (line.get("t")? == "entry").then_some(())?;
        let place = (line.get("index")?.as_u64()?, line.get("entry")?.to_string());
        let opened = line.get("opened").and_then(Value::as_array);
        Some((
            place,
            opened.into_iter().flatten().map(Value::to_string).collect(),
        ))
    });
    said.collect()
}

pub(crate) fn all() -> Vec<Seed> {
    let small = Ledger::new(24, &[9]);
    let mut busy = Ledger::new(14, &[5]);
    busy.grow(17);
    for (number, why) in [(17, Why::Unsealed), (18, Why::Behind), (19, Why::Rejected)] {
        busy.rows.push(Row {
            entry: entry(Uuid::from_u128(0x7E), number),
            why,
        });
    }
    let mut gone = Ledger::new(12, &[]);
    gone.rows.remove(4);
    gone.leaves.remove(7);
    let large = Ledger::new(270, &[]);
    let plain = vec![
        small.bundle(),
        small.bundle_without(&(3..9)),
        small.archive(2..7),
        small.of_patient(Uuid::from_u128(0xA000 + 7)),
        busy.bundle(),
        gone.bundle(),
        large.archive(250..262),
        Ledger::new(0, &[]).bundle(),
        Ledger::new(1, &[]).bundle(),
    ];
    let mut seeds: Vec<Seed> = plain.into_iter().map(Seed::new).collect();
    let packed: Vec<Seed> = seeds.iter().take(5).map(Seed::packed).collect();
    seeds.extend(packed);
    seeds
}
