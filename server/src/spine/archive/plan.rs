//! What of a month goes into which file.

use std::{collections::HashMap, ops::Range};

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::{bounds, queries};
use crate::{
    Error, Result,
    ctx::Tx,
    ledger::{bundle::Why, note::Verifier},
    spine::{
        audit::Stored,
        page::TimeKey,
        sealing::{self, Signed},
    },
};

/// Places between two entries of a month that are more than this apart begin another file.
const GAP: i64 = 4096;
/// Entries in memory at a time.
const PAGE: i64 = 10_000;

/// Places that go into one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Run {
    pub(super) from: i64,
    pub(super) to: i64,
    /// How many of them are of the month.
    pub(super) entries: i64,
}

impl Run {
    /// Its places.
    pub(super) fn places(&self) -> Range<u64> {
        self.from.cast_unsigned()..self.to.cast_unsigned()
    }
}

/// An entry without a place, and why it has none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Loose {
    pub(super) id: Uuid,
    pub(super) at: DateTime<Utc>,
    /// Found not to be genuine, or put there behind what was sealed.
    pub(super) why: Why,
}

/// What is to be written.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) under: Signed,
    pub(super) runs: Vec<Run>,
    pub(super) loose: Vec<Loose>,
}

impl Plan {
    /// The key of the log.
    pub(super) async fn verifier(&self, tx: &Tx<'_>) -> Result<Verifier> {
        let key = tx.app().signer.verifier(&self.under.origin).await;
        key.map_err(Error::unavailable)
    }

    /// How many entries of the month there are.
    pub(super) fn count(&self) -> i64 {
        let sealed: i64 = self.runs.iter().map(|run| run.entries).sum();
        sealed + i64::try_from(self.loose.len()).unwrap_or(i64::MAX)
    }
}

/// What was found of a month.
pub(super) enum Found {
    Empty,
    /// Something waits for its seal or its signature.
    Unsealed,
    Plan(Plan),
}

/// Looks through a month.
pub(super) async fn of(tx: &Tx<'_>, month: NaiveDate) -> Result<Found> {
    let between = bounds(month);
    if !queries::has_entries(tx, between).await? {
        return Ok(Found::Empty);
    }
    let Some(under) = sealing::signed(tx).await? else {
        return Ok(Found::Unsealed);
    };
    let (mut places, mut without, mut after) = (Vec::new(), Vec::new(), None);
    loop {
        let rows = queries::list_month(tx, under.tree, between, after, PAGE).await?;
        let Some((id, at, _)) = rows.last() else {
            break;
        };
        after = Some(TimeKey(*at, *id));
        for (id, at, index) in &rows {
            match index {
                Some(index) => places.push(*index),
                None => without.push((*id, *at)),
            }
        }
        if i64::try_from(rows.len()).unwrap_or(PAGE) < PAGE {
            break;
        }
    }
    places.sort_unstable();
    let signed = under.checkpoint.size.cast_signed();
    if places.last().is_some_and(|last| *last >= signed) {
        return Ok(Found::Unsealed);
    }
    let Some(loose) = loose(tx, under.tree, &without).await? else {
        return Ok(Found::Unsealed);
    };
    Ok(Found::Plan(Plan {
        under,
        runs: runs(&places),
        loose,
    }))
}

/// Why entries have no place; nothing when one only waits for it.
async fn loose(
    tx: &Tx<'_>,
    tree: i16,
    without: &[(Uuid, DateTime<Utc>)],
) -> Result<Option<Vec<Loose>>> {
    if without.is_empty() {
        return Ok(Some(Vec::new()));
    }
    let rejected = queries::list_rejected(tx, without).await?;
    let cursors = queries::cursors(tx, tree).await?;
    let rows = queries::list_events(tx, without).await?;
    let mut found = Vec::with_capacity(rows.len());
    for row in rows {
        let why = if rejected.contains(&row.id) {
            Why::Rejected
        } else if is_behind(&cursors, &row) {
            Why::Behind
        } else {
            return Ok(None);
        };
        found.push(Loose {
            id: row.id,
            at: row.at,
            why,
        });
    }
    Ok(Some(found))
}

/// Whether sealing has passed by an entry that was not there yet: it was put there later.
fn is_behind(cursors: &HashMap<i64, (i64, Uuid)>, row: &Stored) -> bool {
    let cursor = cursors.get(&row.epoch);
    cursor.is_some_and(|cursor| (row.xid, row.id) <= *cursor)
}

/// Places, in order, as runs; one without any where there are none.
fn runs(places: &[i64]) -> Vec<Run> {
    let mut found: Vec<Run> = Vec::new();
    for place in places {
        match found.last_mut() {
            Some(run) if place - run.to <= GAP => {
                run.to = place + 1;
                run.entries += 1;
            }
            _ => found.push(Run {
                from: *place,
                to: place + 1,
                entries: 1,
            }),
        }
    }
    if found.is_empty() {
        found.push(Run {
            from: 0,
            to: 0,
            entries: 0,
        });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(from: i64, to: i64, entries: i64) -> Run {
        Run { from, to, entries }
    }

    #[test]
    fn what_is_far_away_gets_a_file_of_its_own() {
        assert_eq!(runs(&[]), [run(0, 0, 0)]);
        assert_eq!(runs(&[5, 6, 9]), [run(5, 10, 3)]);
        assert_eq!(
            runs(&[5, 6, 7 + GAP, 9 + 2 * GAP]),
            [run(5, 8 + GAP, 3), run(9 + 2 * GAP, 10 + 2 * GAP, 1)]
        );
    }
}
