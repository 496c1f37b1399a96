//! Proofs of single entries: what whoever is shown an entry needs to see that it is in the signed tree, as it is.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{queries, read};
use crate::{
    Error, Result,
    ctx::Tx,
    ledger::{
        checkpoint::Checkpoint,
        entry::Entry,
        tree::{self, Hash, Range},
    },
    spine::audit::{self, Stored},
};

/// The latest signed checkpoint of a network, under which entries are proven.
#[derive(Debug, Clone)]
pub struct Signed {
    /// Which tree.
    pub tree: i16,
    /// Name of the log in its checkpoints.
    pub origin: String,
    /// What was signed.
    pub checkpoint: Checkpoint,
    /// As it is passed on.
    pub note: String,
}

/// An entry with the proof that it is in the tree.
#[derive(Debug, Clone)]
pub struct Proven {
    /// All of the entry; what is shown of it is for whoever passes it on.
    pub entry: Entry,
    /// Its place.
    pub index: u64,
    /// Hashes from the entry up to the root.
    pub proof: Vec<Hash>,
}

/// The latest signed checkpoint; nothing before anything was signed.
pub async fn signed(tx: &Tx<'_>) -> Result<Option<Signed>> {
    let head = read::current(tx).await?;
    Ok(head.and_then(|head| {
        let (checkpoint, note, _) = head.signed?;
        Some(Signed {
            tree: head.tree,
            origin: head.origin,
            checkpoint,
            note: note.to_string(),
        })
    }))
}

/// The places of those of these entries that the checkpoint stands for.
pub async fn places(tx: &Tx<'_>, under: &Signed, ids: &[Uuid]) -> Result<HashMap<Uuid, u64>> {
    let found = queries::list_places(tx, under.tree, ids).await?;
    Ok(found
        .into_iter()
        .map(|(id, index)| (id, index.cast_unsigned()))
        .filter(|(_, index)| *index < under.checkpoint.size)
        .collect())
}

/// Proves those of these entries that the checkpoint stands for, in their order.
pub async fn prove(tx: &Tx<'_>, under: &Signed, entries: Vec<Stored>) -> Result<Vec<Proven>> {
    let keys: Vec<(Uuid, DateTime<Utc>)> = entries.iter().map(|row| (row.id, row.at)).collect();
    let ids: Vec<Uuid> = keys.iter().map(|(id, _)| *id).collect();
    let places = places(tx, under, &ids).await?;
    let mut listed = audit::patients_of(tx, &keys).await?;
    let mut proven = Vec::with_capacity(places.len());
    let mut needed: Vec<Range> = Vec::new();
    for row in entries {
        let id = row.id;
        let Some(index) = places.get(&id).copied() else {
            continue;
        };
        let siblings = tree::inclusion(index, under.checkpoint.size).unwrap_or_default();
        let entry = row.into_entry(listed.remove(&id).unwrap_or_default());
        proven.push((index, entry, siblings.len()));
        needed.extend(siblings);
    }
    // All at once, because neighbours need the same tiles.
    let size = under.checkpoint.size;
    let hashes = read::hashes(tx, under.tree, size, &needed).await?;
    let mut hashes = hashes.into_iter();
    proven
        .into_iter()
        .map(|(index, entry, length)| {
            let proof: Vec<Hash> = hashes.by_ref().take(length).collect();
            let whole = proof.len() == length;
            let missing = || Error::internal("hashes of the access log are missing");
            whole.then_some(()).ok_or_else(missing)?;
            Ok(Proven {
                entry,
                index,
                proof,
            })
        })
        .collect()
}
