//! Writing a file.

use std::{collections::HashMap, path::Path};

use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    file::Writer,
    plan::{Loose, Plan, Run},
    queries::{self, Leaf},
};
use crate::{
    Error, Result,
    ctx::Tx,
    ledger::{
        entry::{Entry, Showing, hex},
        tiles::{self, Place, WIDTH},
    },
    spine::{
        audit::{self, Stored},
        clock::japanese_month,
        sealing,
    },
};

/// Entries in memory at a time.
const PAGE: i64 = 1000;

/// Writes a run of places, and entries without one.
pub(super) async fn run(
    tx: &Tx<'_>,
    plan: &Plan,
    run: &Run,
    loose: &[Loose],
    path: &Path,
) -> Result<()> {
    let mut writer = Writer::create(path).map_err(Error::internal)?;
    let under = &plan.under;
    let key = tx.app().signer.verifier(&under.origin).await;
    let key = key.map_err(Error::unavailable)?.to_string();
    let made_at = tx.now.to_rfc3339_opts(SecondsFormat::Micros, true);
    let mut put = |value: Value| writer.line(&value).map_err(Error::internal);
    put(json!({
        "t": "log", "format": "tsumugi-log/1", "kind": "archive", "origin": under.origin, "key": key,
        "tenant": tx.tenant_id, "tree": under.tree, "made_at": made_at, "from": run.from, "to": run.to,
        "size": under.checkpoint.size,
    }))?;
    put(json!({ "t": "checkpoint", "note": under.note }))?;
    for place in places(run, under.checkpoint.size) {
        let hashes = sealing::tile(tx, under.tree, under.checkpoint.size, place).await?;
        let hashes = STANDARD.encode(tiles::to_bytes(&hashes));
        put(json!({ "t": "tile", "level": place.level, "index": place.index, "hashes": hashes }))?;
    }
    let mut from = run.from;
    while from < run.to {
        let to = (from + PAGE).min(run.to);
        for value in entries(tx, under.tree, from, to).await? {
            put(value)?;
        }
        from = to;
    }
    for part in loose.chunks(usize::try_from(PAGE).unwrap_or(usize::MAX)) {
        for value in without_place(tx, part).await? {
            put(value)?;
        }
    }
    writer.finish().map_err(Error::internal)
}

/// The tiles of a file: those of level 0 over its range, and all above.
fn places(run: &Run, size: u64) -> Vec<Place> {
    let first = run.from.cast_unsigned() / WIDTH;
    let after = run.to.cast_unsigned().div_ceil(WIDTH);
    let mut found: Vec<Place> = (first..after)
        .map(|index| Place { level: 0, index })
        .collect();
    for level in 1.. {
        let all = |index: &u64| Place {
            level,
            index: *index,
        };
        let before = found.len();
        found.extend(
            (0..)
                .take_while(|index| all(index).width(size) > 0)
                .map(|index| all(&index)),
        );
        if found.len() == before {
            return found;
        }
    }
    found
}

/// The lines of some places.
async fn entries(tx: &Tx<'_>, tree: i16, from: i64, to: i64) -> Result<Vec<Value>> {
    let leaves = queries::list_leaves(tx, tree, from, to).await?;
    let whole = i64::try_from(leaves.len()) == Ok(to - from);
    let gap = || Error::internal("places of the access log are missing: verify it first");
    whole.then_some(()).ok_or_else(gap)?;
    let keys: Vec<(Uuid, DateTime<Utc>)> = leaves
        .iter()
        .map(|leaf| (leaf.event_id, leaf.event_at))
        .collect();
    let mut found = opened(tx, &keys).await?;
    let mut lines = Vec::with_capacity(leaves.len());
    for leaf in leaves {
        match found.remove(&leaf.event_id) {
            Some(entry) => lines.push(json!({
                "t": "entry", "index": leaf.index, "entry": entry.canonical(), "opened": entry.open(Showing::All),
            })),
            None => lines.push(elsewhere(tx, tree, &leaf).await?),
        }
    }
    Ok(lines)
}

/// A place whose entry has gone into an earlier file.
async fn elsewhere(tx: &Tx<'_>, tree: i16, leaf: &Leaf) -> Result<Value> {
    let month = japanese_month(leaf.event_at);
    let archive = queries::find_archive(tx, tree, month, leaf.index).await?;
    let missing = || {
        let said = format!(
            "place {} of the access log has no entry: verify it first",
            leaf.index
        );
        Error::internal(said)
    };
    let archive = archive.ok_or_else(missing)?;
    Ok(json!({
        "t": "archived", "from": leaf.index, "to": leaf.index + 1, "file": archive.file,
        "sha256": hex(&archive.sha256),
    }))
}

/// The lines of entries without a place.
async fn without_place(tx: &Tx<'_>, loose: &[Loose]) -> Result<Vec<Value>> {
    let keys: Vec<(Uuid, DateTime<Utc>)> = loose.iter().map(|one| (one.id, one.at)).collect();
    let mut found = opened(tx, &keys).await?;
    let line = |one: &Loose| {
        let entry = found.remove(&one.id)?;
        Some(json!({
            "t": "loose", "entry": entry.canonical(), "opened": entry.open(Showing::All), "why": one.why,
        }))
    };
    Ok(loose.iter().filter_map(line).collect())
}

/// Entries with all that belongs to them, by their ids.
async fn opened(tx: &Tx<'_>, keys: &[(Uuid, DateTime<Utc>)]) -> Result<HashMap<Uuid, Entry>> {
    let rows: Vec<Stored> = queries::list_events(tx, keys).await?;
    let mut listed = audit::patients_of(tx, keys).await?;
    let entry = |row: Stored| {
        let id = row.id;
        let named = listed.remove(&id).unwrap_or_default();
        (id, row.into_entry(named))
    };
    Ok(rows.into_iter().map(entry).collect())
}
