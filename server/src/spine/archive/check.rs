//! Reading a file back, and holding it against what was signed: nothing is taken out of the database before.

use std::{fmt::Display, fs::File, io, path::Path};

use chrono::NaiveDate;

use super::{
    file,
    plan::{Loose, Plan, Run},
    queries,
    write::without_place,
};
use crate::{
    Error, Result,
    ctx::Tx,
    ledger::{
        bundle::{Asked, Held, Language, Lines, Record, Report, Why, examine, explain, from_line},
        note::Verifier,
        tree::Hash,
    },
};

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

/// Reads a file back as anybody would who verifies it; answers with its digest. Every place of the run has to be in it
/// with the entry that was signed, but for those of other months that are not in the database any more, and every entry
/// without a place as the database has it.
pub(super) async fn run(
    tx: &Tx<'_>,
    (plan, month): (&Plan, NaiveDate),
    run: &Run,
    loose: &[Loose],
    path: &Path,
) -> Result<[u8; 32]> {
    let verifier = plan.verifier(tx).await?;
    let gone = queries::list_gone(tx, plan.under.tree, (run.from, run.to), month).await?;
    let asked = Asked {
        archives: gone,
        ..Asked::default()
    };
    let opened = File::open(path).map_err(|error| wrong(path, error))?;
    let report = examine(opened, Some(&verifier), |_, _| asked);
    let report = report.map_err(|error| wrong(path, error))?;
    let is_of_run = report.kind == Some(Held::Archive)
        && report.origin == plan.under.origin
        && (report.from..report.to) == run.places();
    if !is_of_run || !report.has_good_places() {
        return Err(wrong(path, said(&report)));
    }
    let mut expected: Vec<(Hash, Why)> = without_place(tx, loose)
        .await?
        .iter()
        .zip(loose)
        .map(|(entry, one)| (entry.hash(), one.why))
        .collect();
    let mut found = loose_in(path, &verifier).map_err(|error| wrong(path, error))?;
    for list in [&mut expected, &mut found] {
        list.sort_unstable_by_key(|(hash, _)| hash.0);
    }
    if found != expected {
        let why = "does not hold the entries without a place as they are";
        return Err(wrong(path, why));
    }
    file::digest(path).map_err(|error| wrong(path, error))
}

/// Hashes of the entries without a place that are in a file, and why they have none.
fn loose_in(path: &Path, verifier: &Verifier) -> io::Result<Vec<(Hash, Why)>> {
    let mut lines = Lines::of(File::open(path)?)?;
    let mut found = Vec::new();
    let malformed = |_| io::Error::other("cannot be read");
    while let Some(line) = lines.next_line().map_err(malformed)? {
        if line.starts_with(br#"{"t":"loose","#)
            && let Record::Loose(told, why) = from_line(&line, verifier).map_err(malformed)?
        {
            found.push((told.hash, why));
        }
    }
    Ok(found)
}

/// What a report says, on one line.
fn said(report: &Report) -> String {
    let places = format!("places {} to {}", report.from, report.to);
    let lines = explain(report, Language::English);
    format!("{places}: {}", lines.join(" "))
}

fn wrong(path: &Path, why: impl Display) -> Error {
    Error::internal(format!("archive file {}: {why}", path.display()))
}
