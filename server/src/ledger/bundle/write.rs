//! Writing a bundle, line by line.

use std::{borrow::Cow, io::Write};

use serde::Serialize;
use uuid::Uuid;

use super::{
    super::{
        entry::{Entry, Showing, hex},
        tiles::{self, Place},
        tree::Hash,
    },
    lines::{
        Archived, CheckpointLine, CheckpointTag, EndLine, EndTag, EntryLine, EntryTag, Header,
        LooseLine, LooseTag, MissingLine, MissingTag, TileLine, TileTag, Why, encode,
    },
};

/// Writes the lines of a bundle, in the order that `docs/access-log.md` asks for: checkpoints, then hashes and places,
/// then what has no place, then the end.
#[derive(Debug)]
pub struct Writer<W: Write> {
    to: W,
    lines: u64,
}

impl<W: Write> Writer<W> {
    /// Begins a bundle.
    pub fn begin(to: W, header: &Header) -> std::io::Result<Self> {
        let mut writer = Self { to, lines: 0 };
        writer.line(header)?;
        Ok(writer)
    }

    /// A checkpoint with its signatures.
    pub fn checkpoint(&mut self, note: &str) -> std::io::Result<()> {
        self.line(&CheckpointLine {
            t: CheckpointTag::Checkpoint,
            note: note.into(),
        })
    }

    /// Hashes.
    pub fn tile(&mut self, place: Place, hashes: &[Hash]) -> std::io::Result<()> {
        self.line(&TileLine {
            t: TileTag::Tile,
            level: place.level,
            index: place.index,
            hashes: encode(&tiles::to_bytes(hashes)).into(),
        })
    }

    /// An entry in its place. What is shown of it beside its bytes is for whom the bundle is; a proof where there are no
    /// tiles.
    pub fn entry(
        &mut self,
        index: u64,
        entry: &Entry,
        showing: Showing,
        proof: Option<&[Hash]>,
    ) -> std::io::Result<()> {
        let proof = proof.map(|proof| proof.iter().map(|hash| encode(&hash.0)).collect());
        self.line(&EntryLine {
            t: EntryTag::Entry,
            index,
            entry: Cow::Owned(entry.canonical()),
            opened: entry.open(showing),
            secret: secret(entry, showing),
            proof,
        })
    }

    /// A place without its entry.
    pub fn missing(&mut self, index: u64, id: Option<Uuid>) -> std::io::Result<()> {
        self.line(&MissingLine {
            t: MissingTag::Missing,
            index,
            id,
        })
    }

    /// An entry without a place.
    pub fn loose(&mut self, entry: &Entry, showing: Showing, why: Why) -> std::io::Result<()> {
        self.line(&LooseLine {
            t: LooseTag::Loose,
            entry: Cow::Owned(entry.canonical()),
            opened: entry.open(showing),
            secret: secret(entry, showing),
            why,
        })
    }

    /// Places that are in another file.
    pub fn archived(&mut self, archived: &Archived) -> std::io::Result<()> {
        self.line(archived)
    }

    /// Ends the bundle.
    pub fn end(mut self) -> std::io::Result<W> {
        let lines = self.lines + 1;
        self.line(&EndLine {
            t: EndTag::End,
            lines,
        })?;
        self.to.flush()?;
        Ok(self.to)
    }

    fn line(&mut self, line: &impl Serialize) -> std::io::Result<()> {
        serde_json::to_writer(&mut self.to, line)?;
        self.to.write_all(b"\n")?;
        self.lines += 1;
        Ok(())
    }
}

impl Writer<Vec<u8>> {
    /// What was written since this was asked last: for a bundle that is sent in pieces.
    pub fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.to)
    }
}

/// The secret from which all salts follow: for whoever is shown everything, so that an exchange of what two entries say
/// can be told from a change.
fn secret(entry: &Entry, showing: Showing) -> Option<String> {
    match showing {
        Showing::All => Some(hex(&entry.salt)),
        Showing::Patient { .. } => None,
    }
}
