//! Writing a file.

use std::{collections::HashMap, path::Path};

use chrono::{DateTime, SecondsFormat, Utc};
use uuid::Uuid;

use super::{
    file,
    plan::{Loose, Plan, Run},
    queries,
};
use crate::{
    Error, Result,
    ctx::Tx,
    ledger::{
        bundle::Writer,
        entry::{Entry, Showing},
    },
    spine::{
        audit::{self, Stored},
        sealing::walk::{self, Walk},
    },
};

/// Entries in memory at a time.
const PAGE: usize = 1000;

/// Writes a run of places, and entries without one, as they are stored: judging is for whoever reads it back.
pub(super) async fn run(
    tx: &Tx<'_>,
    plan: &Plan,
    run: &Run,
    loose: &[Loose],
    aside: &Path,
) -> Result<()> {
    let walk = Walk::part_within(tx, plan.under.tree, run.places()).await?;
    let made_at = tx.now.to_rfc3339_opts(SecondsFormat::Micros, true);
    let header = walk.header(&plan.verifier(tx).await?, &made_at);
    let writing = file::create(aside).map_err(Error::internal)?;
    let mut writer = Writer::begin(writing, &header).map_err(Error::internal)?;
    walk::write(walk, &mut writer).await?;
    for part in loose.chunks(PAGE) {
        for (one, entry) in part.iter().zip(without_place(tx, part).await?) {
            let written = writer.loose(&entry, Showing::All, one.why);
            written.map_err(Error::internal)?;
        }
    }
    let writing = writer.end().map_err(Error::internal)?;
    file::finish(writing).map_err(Error::internal)
}

/// Entries without a place, with all that belongs to them, in the same order.
pub(super) async fn without_place(tx: &Tx<'_>, loose: &[Loose]) -> Result<Vec<Entry>> {
    let keys: Vec<(Uuid, DateTime<Utc>)> = loose.iter().map(|one| (one.id, one.at)).collect();
    let rows = queries::list_events(tx, &keys).await?;
    let mut listed = audit::patients_of(tx, &keys).await?;
    let entry = |row: Stored| {
        let key = (row.id, row.at);
        let named = listed.remove(&row.id).unwrap_or_default();
        (key, row.into_entry(named))
    };
    let mut found: HashMap<(Uuid, DateTime<Utc>), Entry> = rows.into_iter().map(entry).collect();
    let gone = || Error::internal("an entry of the access log is not there any more");
    keys.iter()
        .map(|key| found.remove(key).ok_or_else(gone))
        .collect()
}
