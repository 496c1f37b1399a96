//! Old months of the access log as files that still verify.
//!
//! A month is put into a file for each network: the newest checkpoint, the tiles over its places, every entry with all that
//! opens it, and the entries that have no place. The file is written aside, put on the disk, read back and held against
//! what was signed, as anybody would verify it, before it gets its name; taking the month out of the database comes only after that, and
//! is the owner's work (`setup`). Leaves, tiles and checkpoints stay for ever, so that the whole tree verifies from files
//! and database together.
//!
//! Places follow transactions, not times: at the edge of a month a few entries of its neighbours stand between its own.
//! They are in the file as well. Where something far away has a time of the month, it gets a file of its own.

mod check;
mod file;
mod plan;
mod queries;
mod write;

use std::path::Path;

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::{
    auth::Actor,
    clock::{day_begins, month_after},
};
use crate::{
    Error, Result,
    ctx::{Door, Tx},
};

/// A file that was written and found to be right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArchiveFile {
    /// Name, without folder.
    pub name: String,
    /// Which tree.
    pub tree: i16,
    /// First place in it.
    pub from: i64,
    /// The place after the last one.
    pub to: i64,
    /// Entries of the month with a place.
    pub entries: i64,
    /// Entries of the month without a place.
    pub loose: i64,
    /// SHA-256 of the file.
    pub sha256: [u8; 32],
}

/// How it stands with a month of a network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Month {
    /// There are no entries.
    Empty,
    /// It is held.
    Held,
    /// Entries wait for their seal or their signature.
    Unsealed,
    /// It is in these files, which are recorded already.
    Recorded(Vec<String>),
    /// It is in these files, which are to be recorded.
    Written(Vec<ArchiveFile>),
}

/// Whether a network holds a month.
pub async fn is_held(door: &Door, tenant_id: Uuid, month: NaiveDate) -> Result<bool> {
    let held = async |tx: &Tx<'_>| queries::is_held(tx, month, last_day(month)).await;
    door.within_log(tenant_id, Actor::Worker, held).await
}

/// Puts a month of a network into files in `folder`, unless that has been done. `slug` is what the files are called by.
/// Doing it again after it was broken off anywhere is safe.
pub async fn write_month(
    door: &Door,
    (tenant_id, slug): (Uuid, &str),
    month: NaiveDate,
    folder: &Path,
) -> Result<Month> {
    if is_held(door, tenant_id, month).await? {
        return Ok(Month::Held);
    }
    let planned = async |tx: &Tx<'_>| plan::of(tx, month).await;
    let plan = match door.within_log(tenant_id, Actor::Worker, planned).await? {
        plan::Found::Empty => return Ok(Month::Empty),
        plan::Found::Unsealed => return Ok(Month::Unsealed),
        plan::Found::Plan(plan) => plan,
    };
    let recorded = async |tx: &Tx<'_>| check::recorded(tx, month, &plan, folder).await;
    let recorded = door.within_log(tenant_id, Actor::Worker, recorded).await?;
    if let Some(names) = recorded {
        return Ok(Month::Recorded(names));
    }
    let mut files = Vec::with_capacity(plan.runs.len());
    for (number, run) in plan.runs.iter().enumerate() {
        let loose = if number == 0 { &plan.loose[..] } else { &[] };
        let name = format!(
            "{slug}-{}-{}-{}-{}.jsonl.gz",
            plan.under.tree,
            month.format("%Y-%m"),
            run.from,
            run.to
        );
        let path = folder.join(&name);
        // What was just written is read back like what was there before, and gets its name only when it is right.
        let is_there = path.exists();
        let at = if is_there {
            path.clone()
        } else {
            file::aside(&path)
        };
        if !is_there {
            let write = async |tx: &Tx<'_>| write::run(tx, &plan, run, loose, &at).await;
            door.within_log(tenant_id, Actor::Worker, write).await?;
        }
        let check = async |tx: &Tx<'_>| check::run(tx, (&plan, month), run, loose, &at).await;
        let sha256 = door.within_log(tenant_id, Actor::Worker, check).await?;
        if !is_there {
            file::publish(&at, &path).map_err(Error::internal)?;
        }
        files.push(ArchiveFile {
            name,
            tree: plan.under.tree,
            from: run.from,
            to: run.to,
            entries: run.entries,
            loose: i64::try_from(loose.len()).unwrap_or(i64::MAX),
            sha256,
        });
    }
    Ok(Month::Written(files))
}

/// The moments between which a month is, in Japan.
fn bounds(month: NaiveDate) -> (DateTime<Utc>, DateTime<Utc>) {
    (day_begins(month), day_begins(month_after(month)))
}

fn last_day(month: NaiveDate) -> NaiveDate {
    month_after(month).pred_opt().unwrap_or(month)
}
