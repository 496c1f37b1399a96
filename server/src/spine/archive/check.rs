//! Reading a file back, and holding it against the tree: nothing is taken out of the database before.

use std::{fmt::Display, path::Path};

use chrono::NaiveDate;
use serde_json::Value;

use super::{
    file,
    plan::{Loose, Plan, Run},
    queries,
};
use crate::{
    Error, Result,
    ctx::Tx,
    ledger::{
        entry::{Canonical, Opened},
        tree::{Hash, leaf_hash},
    },
};

/// Entries whose hashes are compared at once.
const PAGE: usize = 1000;

/// The names of the files of a month that are recorded, if they hold all of it and are still there as they were.
pub(super) async fn recorded(
    tx: &Tx<'_>,
    month: NaiveDate,
    plan: &Plan,
    folder: &Path,
) -> Result<Option<Vec<String>>> {
    let archives = queries::list_archives(tx, month).await?;
    let held: i64 = archives.iter().map(|one| one.entries + one.loose).sum();
    if archives.is_empty() || held != plan.count() {
        return Ok(None);
    }
    for archive in &archives {
        let path = folder.join(&archive.file);
        let found = file::digest(&path).map_err(|error| wrong(&path, error))?;
        if found[..] != archive.sha256[..] {
            return Err(wrong(&path, "is not what was recorded"));
        }
    }
    Ok(Some(archives.into_iter().map(|one| one.file).collect()))
}

/// Reads a file back; answers with its digest if every place of the run is in it with the entry that the tree stands for.
pub(super) async fn run(
    tx: &Tx<'_>,
    plan: &Plan,
    run: &Run,
    loose: &[Loose],
    path: &Path,
) -> Result<[u8; 32]> {
    let mut seen = Seen::default();
    let mut next = run.from;
    for line in file::lines(path).map_err(|error| wrong(path, error))? {
        let line = line.map_err(|error| wrong(path, error))?;
        let fits = seen.take(&line, &mut next);
        fits.ok_or_else(|| wrong(path, format!("line {} is not right", seen.lines)))?;
        if seen.hashes.len() >= PAGE {
            compare(tx, plan, &mut seen.hashes, path).await?;
        }
    }
    compare(tx, plan, &mut seen.hashes, path).await?;
    let whole = seen.ended && next == run.to && seen.loose == loose.len();
    if !whole {
        return Err(wrong(path, "is not whole"));
    }
    file::digest(path).map_err(|error| wrong(path, error))
}

/// What was read of a file so far.
#[derive(Default)]
struct Seen {
    lines: u64,
    loose: usize,
    ended: bool,
    /// Places with the hashes of what stands in the file for them.
    hashes: Vec<(i64, Hash)>,
}

impl Seen {
    /// Takes a line; nothing when it cannot stand here.
    fn take(&mut self, line: &Value, next: &mut i64) -> Option<()> {
        self.lines += 1;
        if self.ended {
            return None;
        }
        match line.get("t")?.as_str()? {
            "log" => (self.lines == 1 && line.get("kind")? == "archive").then_some(()),
            "checkpoint" | "tile" => Some(()),
            "entry" => {
                let index = line.get("index")?.as_i64()?;
                let entry = read_entry(line)?;
                self.hashes.push((index, leaf_hash(entry.as_bytes())));
                (index == *next).then(|| *next += 1)
            }
            "archived" => {
                let fits = line.get("from")?.as_i64()? == *next;
                *next = line.get("to")?.as_i64()?;
                fits.then_some(())
            }
            "loose" => {
                read_entry(line)?;
                self.loose += 1;
                Some(())
            }
            "end" => {
                self.ended = true;
                (line.get("lines")?.as_u64()? == self.lines).then_some(())
            }
            _ => None,
        }
    }
}

/// The bytes of an entry, if what is opened beside them belongs to it.
fn read_entry(line: &Value) -> Option<&str> {
    let entry = line.get("entry")?.as_str()?;
    let canonical: Canonical = serde_json::from_str(entry).ok()?;
    let opened: Vec<Opened> = serde_json::from_value(line.get("opened")?.clone()).ok()?;
    opened
        .iter()
        .all(|one| one.belongs_to(&canonical))
        .then_some(entry)
}

/// Holds hashes against those of the tree.
async fn compare(
    tx: &Tx<'_>,
    plan: &Plan,
    hashes: &mut Vec<(i64, Hash)>,
    path: &Path,
) -> Result<()> {
    let Some(((first, _), (last, _))) = hashes.first().zip(hashes.last()) else {
        return Ok(());
    };
    let leaves = queries::list_leaves(tx, plan.under.tree, *first, last + 1).await?;
    let mut leaves = leaves.into_iter();
    for (index, hash) in hashes.drain(..) {
        let leaf = leaves.find(|leaf| leaf.index == index);
        if leaf.is_none_or(|leaf| leaf.hash != hash) {
            let said = format!("place {index} is not what was sealed: verify the log first");
            return Err(wrong(path, said));
        }
    }
    Ok(())
}

fn wrong(path: &Path, why: impl Display) -> Error {
    Error::internal(format!("archive file {}: {why}", path.display()))
}
