//! One batch: entries into places.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::queries::{self, Cursor, Leaf, Tree};
use crate::{
    Error, Result,
    ctx::Tx,
    ledger::{
        signer::Head,
        tiles::{Place, WIDTH, tile_root},
        tree::{Edge, Hash, leaf_hash},
    },
    spine::{
        audit::{self, Stored},
        seal::Seal,
    },
};

/// Entries of one transaction of sealing.
pub const BATCH: i64 = 2000;

/// How a batch ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Batch {
    /// Somebody else is sealing this network.
    Busy,
    /// Entries were looked at.
    Sealed {
        /// How many.
        seen: i64,
        /// What the tree was before.
        from: Head,
        /// What it is now.
        to: Head,
    },
}

/// Seals the next entries. `adopting` takes entries from before there was sealing, which have no digest; that is over for
/// ever once anything is signed.
pub async fn seal_batch(tx: &Tx<'_>, adopting: bool) -> Result<Batch> {
    let first = super::origin(&tx.app().config, tx.tenant_id, 1);
    let found = if let Some(tree) = queries::find_tree(tx).await? {
        tree.number
    } else {
        queries::insert_tree(tx, 1, &first).await?;
        1
    };
    let Some(tree) = queries::lock_tree(tx, found).await? else {
        return Ok(Batch::Busy);
    };
    let mut growth = Growth::of(&tree)?;
    let from = head_of(&growth.edge);
    let mut seen = 0;
    let (here, horizon) = queries::horizon(tx).await?;
    for epoch in queries::list_epochs(tx).await? {
        let after = queries::find_cursor(tx, tree.number, epoch).await?;
        let below = (epoch == here).then_some(horizon);
        let rows = queries::list_unsealed(tx, epoch, after, below, BATCH - seen).await?;
        let Some(last) = rows.last() else { continue };
        let cursor = Cursor {
            xid: last.xid,
            event_id: last.id,
        };
        seen += i64::try_from(rows.len()).unwrap_or(BATCH);
        growth.take(tx, rows, adopting).await?;
        queries::save_cursor(tx, tree.number, epoch, cursor).await?;
        if seen >= BATCH {
            break;
        }
    }
    let to = head_of(&growth.edge);
    if seen > 0 {
        growth.save(tx).await?;
    }
    Ok(Batch::Sealed { seen, from, to })
}

/// What a tree is.
pub(super) fn head_of(edge: &Edge) -> Head {
    Head {
        size: edge.size(),
        root: edge.root(),
    }
}

/// The first place from `from` up to `to` whose entry is not what a server wrote, or not what its leaf says; for what was
/// sealed by somebody else, who need not have been a server.
pub(super) async fn first_foreign(
    tx: &Tx<'_>,
    tree: i16,
    from: u64,
    to: u64,
    adopting: bool,
) -> Result<Option<u64>> {
    let mut place = from;
    while place < to {
        let rows = queries::list_placed(tx, tree, place.cast_signed(), BATCH).await?;
        let keys: Vec<(Uuid, DateTime<Utc>)> =
            rows.iter().map(|(_, row)| (row.id, row.at)).collect();
        let mut listed = audit::patients_of(tx, &keys).await?;
        let page = to.min(place + BATCH.cast_unsigned());
        for (hash, row) in rows {
            let patients = listed.remove(&row.id).unwrap_or_default();
            let genuine = genuine(&tx.app().seal, row, patients, adopting);
            if place < page && genuine.is_none_or(|genuine| hash != genuine.0) {
                return Ok(Some(place));
            }
            place += 1;
        }
        if place < page {
            return Ok(Some(place)); // a place leads nowhere
        }
    }
    Ok(None)
}

/// A tree that grows by a batch.
struct Growth {
    tree: i16,
    edge: Edge,
    leaves: Vec<Leaf>,
    rejects: Vec<(Uuid, DateTime<Utc>)>,
}

impl Growth {
    fn of(tree: &Tree) -> Result<Self> {
        let edge = Edge::from_bytes(tree.size.cast_unsigned(), &tree.edge)
            .ok_or_else(|| Error::internal("the edge of the log does not fit its size"))?;
        Ok(Self {
            tree: tree.number,
            edge,
            leaves: Vec::new(),
            rejects: Vec::new(),
        })
    }

    /// Gives each genuine entry its place.
    async fn take(&mut self, tx: &Tx<'_>, rows: Vec<Stored>, adopting: bool) -> Result<()> {
        let keys: Vec<(Uuid, DateTime<Utc>)> = rows.iter().map(|row| (row.id, row.at)).collect();
        let mut listed = audit::patients_of(tx, &keys).await?;
        for row in rows {
            let (id, at) = (row.id, row.at);
            let patients = listed.remove(&id).unwrap_or_default();
            match genuine(&tx.app().seal, row, patients, adopting) {
                Some(hash) => {
                    self.leaves.push(Leaf {
                        index: self.edge.size().cast_signed(),
                        event_id: id,
                        event_at: at,
                        hash,
                    });
                    self.edge.push(hash);
                }
                None => self.rejects.push((id, at)),
            }
        }
        Ok(())
    }

    /// Writes down the places, the tiles that are full now, and how far the tree has grown.
    async fn save(self, tx: &Tx<'_>) -> Result<()> {
        if !self.rejects.is_empty() {
            let count = u64::try_from(self.rejects.len()).unwrap_or(u64::MAX);
            metrics::counter!("tsumugi_log_rejected_total").increment(count);
            tracing::error!(
                count,
                "entries of the access log are not what the server wrote; they are left out"
            );
            queries::insert_rejects(tx, &self.rejects).await?;
        }
        queries::insert_leaves(tx, self.tree, &self.leaves).await?;
        let size = self.edge.size();
        let before = size - u64::try_from(self.leaves.len()).unwrap_or(0);
        for index in before / WIDTH..size / WIDTH {
            let first = (index * WIDTH).cast_signed();
            let hashes = queries::leaf_hashes(tx, self.tree, first, WIDTH.cast_signed()).await?;
            save_tile(tx, self.tree, Place { level: 0, index }, hashes).await?;
        }
        queries::update_tree(tx, self.tree, size.cast_signed(), &self.edge.to_bytes()).await
    }
}

/// Hash of the entry, if it is what the server wrote.
fn genuine(seal: &Seal, row: Stored, patients: Vec<Uuid>, adopting: bool) -> Option<Hash> {
    let mac = row.mac().map(<[u8]>::to_vec);
    let bytes = row.into_entry(patients).canonical();
    let holds = mac.map_or(adopting, |mac| {
        seal.is_mac(audit::MAC, bytes.as_bytes(), &mac)
    });
    holds.then(|| leaf_hash(bytes.as_bytes()))
}

/// Saves a full tile, and those above it that it fills.
async fn save_tile(tx: &Tx<'_>, tree: i16, mut place: Place, mut hashes: Vec<Hash>) -> Result<()> {
    loop {
        let root =
            tile_root(&hashes).ok_or_else(|| Error::internal("a tile of the log is not full"))?;
        queries::insert_tile(tx, tree, place, &hashes, root).await?;
        if !(place.index + 1).is_multiple_of(WIDTH) {
            return Ok(());
        }
        let first = (place.index + 1 - WIDTH).cast_signed();
        hashes = queries::tile_roots(tx, tree, place.level, first, WIDTH.cast_signed()).await?;
        place = Place {
            level: place.level + 1,
            index: place.index / WIDTH,
        };
    }
}
