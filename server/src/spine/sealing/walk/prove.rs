//! Proofs of single entries and between two sizes, and the entries themselves.

use diesel_async::AsyncPgConnection;
use uuid::Uuid;

use super::{
    Walk, Written,
    queries::{self, Connection, Tree},
};
use crate::{
    Error, Result,
    ledger::{
        bundle::{Header, Held},
        note::Verifier,
        tiles::{Tiles, needed},
        tree::{self, Hash, Range},
    },
};

/// Entries that are looked up together.
const TOGETHER: usize = 500;

/// Makes proofs of a tree as it was when the newest checkpoint was signed; tiles that were read once are kept.
pub struct Prover<'a> {
    connection: &'a AsyncPgConnection,
    tenant_id: Uuid,
    tree: Tree,
    size: u64,
    tiles: Tiles,
}

impl<'a> Prover<'a> {
    /// Of a tree.
    pub async fn of(connection: &'a Connection, tree: Tree) -> Result<Self> {
        let size = Walk::through(connection, tree.clone()).await?.size();
        Ok(Self {
            connection: connection.get(),
            tenant_id: connection.tenant_id(),
            tree,
            size,
            tiles: Tiles::default(),
        })
    }

    /// How many entries the newest checkpoint stands for.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The newest checkpoint, if anything was signed.
    pub async fn note(&self) -> Result<Option<String>> {
        let listed = queries::newest_note(self.connection, self.tenant_id, &self.tree).await?;
        Ok(super::newest(listed.iter().chain(&self.tree.note)).map(|(note, _)| note))
    }

    /// The first line of a file with entries and their proofs.
    pub fn header(&self, held: Held, verifier: &Verifier, made_at: &str) -> Header {
        let number = u32::try_from(self.tree.number).unwrap_or(0);
        let mut header = Header::new(held, &self.tree.origin, self.tenant_id, number);
        header.key = verifier.to_string();
        made_at.clone_into(&mut header.made_at);
        (header.to, header.size) = (self.size, self.size);
        header
    }

    /// The proof of a place.
    pub async fn inclusion(&mut self, index: u64) -> Result<Vec<Hash>> {
        let ranges = tree::inclusion(index, self.size).ok_or(Error::NotFound)?;
        self.hashes(&ranges, self.size).await
    }

    /// The proof that the tree of `new` entries goes on from that of `old`.
    pub async fn consistency(&mut self, old: u64, new: u64) -> Result<Vec<Hash>> {
        if new > self.tree.size.cast_unsigned() {
            return Err(Error::NotFound);
        }
        let ranges = tree::consistency(old, new).ok_or(Error::NotFound)?;
        self.tiles = Tiles::default(); // tiles at the edge are of one size
        let hashes = self.hashes(&ranges, new).await;
        self.tiles = Tiles::default();
        hashes
    }

    async fn hashes(&mut self, ranges: &[Range], size: u64) -> Result<Vec<Hash>> {
        for place in needed(ranges) {
            if self.tiles.get(place).is_none() {
                let width = place.width(size);
                let tile = queries::tile(self.connection, self.tenant_id, &self.tree, place, width);
                let tile = tile.await?;
                self.tiles.insert(place, tile);
            }
        }
        let missing = || Error::internal("hashes of the access log are missing");
        self.tiles.ranges(ranges).ok_or_else(missing)
    }

    /// Ids of the entries that were about a patient.
    pub async fn ids_of_patient(&self, patient_id: Uuid) -> Result<Vec<Uuid>> {
        queries::ids_of_patient(self.connection, self.tenant_id, patient_id).await
    }

    /// The entries with these ids that have a place, by place.
    pub async fn entries(&self, ids: &[Uuid]) -> Result<Vec<(u64, Written)>> {
        let mut found = Vec::new();
        for some in ids.chunks(TOGETHER) {
            let of_tree = (self.connection, self.tenant_id, self.tree.number);
            let rows = queries::leaves_of(of_tree, some).await?;
            let keys: Vec<_> = rows.iter().map(|(_, row)| (row.id, row.at)).collect();
            let named = queries::patients_of(self.connection, self.tenant_id, &keys);
            let mut named = named.await?;
            for (index, row) in rows {
                let patients = named.remove(&(row.id, row.at)).unwrap_or_default();
                found.push((index.cast_unsigned(), Written { row, patients }));
            }
        }
        found.sort_by_key(|(index, _)| *index);
        Ok(found)
    }
}
