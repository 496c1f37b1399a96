//! Reading the sealed log: how far it is, and the hashes that proofs are made of.

use chrono::{DateTime, Utc};

use super::queries;
use crate::{
    Error, Result,
    ctx::Tx,
    ledger::{
        checkpoint::Checkpoint,
        note::Note,
        tiles::{Place, Tiles, WIDTH, needed},
        tree::{Hash, Range},
    },
};

/// How far the log of a network is sealed and signed.
#[derive(Debug, Clone)]
pub struct Head {
    /// Which tree.
    pub tree: i16,
    /// Name of the log in its checkpoints.
    pub origin: String,
    /// Entries that have their place.
    pub size: u64,
    /// The latest checkpoint and when it was signed, once there is one.
    pub signed: Option<(Checkpoint, Note, DateTime<Utc>)>,
    /// Why nothing is signed any more.
    pub halted: Option<String>,
}

/// The newest tree of the network; nothing before the first entry was sealed.
pub async fn current(tx: &Tx<'_>) -> Result<Option<Head>> {
    let Some(row) = queries::find_tree(tx).await? else {
        return Ok(None);
    };
    let note = row.note.as_deref().and_then(Note::parse);
    let checkpoint = note.as_ref().and_then(|note| Checkpoint::parse(&note.text));
    let signed = checkpoint.zip(note).zip(row.noted_at);
    Ok(Some(Head {
        tree: row.number,
        origin: row.origin,
        size: row.size.cast_unsigned(),
        signed: signed.map(|((checkpoint, note), at)| (checkpoint, note, at)),
        halted: row.halted,
    }))
}

/// What is not sealed.
#[derive(Debug, Clone, Copy)]
pub struct Unsealed {
    /// Entries that wait for their place.
    pub waiting: i64,
    /// When the first of them was written.
    pub oldest: Option<DateTime<Utc>>,
    /// Entries that were left out, because they are not what the server wrote.
    pub rejected: i64,
}

/// What of the log of the network is not sealed into a tree.
pub async fn unsealed(tx: &Tx<'_>, tree: i16) -> Result<Unsealed> {
    let (epoch, _) = queries::horizon(tx).await?;
    let cursor = queries::find_cursor(tx, tree, epoch).await?;
    Ok(Unsealed {
        waiting: queries::count_unsealed(tx, epoch, cursor).await?,
        oldest: queries::oldest_unsealed(tx, epoch, cursor).await?,
        rejected: queries::count_rejects(tx).await?,
    })
}

/// Hashes of ranges of the tree when it had `size` entries.
pub async fn hashes(tx: &Tx<'_>, tree: i16, size: u64, ranges: &[Range]) -> Result<Vec<Hash>> {
    let missing = || Error::internal("hashes of the access log are missing");
    let mut tiles = Tiles::default();
    for place in needed(ranges) {
        tiles.insert(place, tile(tx, tree, size, place).await?);
    }
    tiles.ranges(ranges).ok_or_else(missing)
}

/// A tile as it was when the tree had `size` entries.
async fn tile(tx: &Tx<'_>, tree: i16, size: u64, place: Place) -> Result<Vec<Hash>> {
    let (first, width) = ((place.index * WIDTH).cast_signed(), place.width(size));
    if width == WIDTH
        && let Some(hashes) = queries::find_tile(tx, tree, place).await?
    {
        return Ok(hashes);
    }
    let width = width.cast_signed();
    match place.level.checked_sub(1) {
        None => queries::leaf_hashes(tx, tree, first, width).await,
        Some(below) => queries::tile_roots(tx, tree, below, first, width).await,
    }
}
