//! Where the bytes of a copy go: in pieces, each sealed for its place, so that neither making nor fetching holds a whole
//! file in memory.

use std::cell::Cell;

use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::super::{
    model::{FileRow, RecordExport},
    queries,
};
use crate::{
    Error, Result,
    ctx::{Door, Tx},
    spine::{auth::Actor, seal::Seal},
};

/// What pieces are sealed for.
const PURPOSE: &str = "record export";
/// Bytes of a piece.
const PIECE: usize = 1024 * 1024;

/// What a piece is bound to: the copy, and the place in it.
fn bound_to((export_id, number, place): (Uuid, i32, i32)) -> [Uuid; 2] {
    let number = u64::from(number.unsigned_abs());
    [
        export_id,
        Uuid::from_u64_pair(number, u64::from(place.unsigned_abs())),
    ]
}

/// Opens a piece; nothing when it is not the one of this place.
pub(in super::super) fn open(seal: &Seal, at: (Uuid, i32, i32), sealed: &[u8]) -> Option<Vec<u8>> {
    seal.open(PURPOSE, &bound_to(at), sealed)
}

/// Where the files of one copy go.
pub(super) struct Store<'a> {
    door: &'a Door,
    tenant_id: Uuid,
    export: &'a RecordExport,
    /// Posts that are in it, for whoever waits.
    done: Cell<usize>,
}

impl<'a> Store<'a> {
    pub(super) fn new(door: &'a Door, tenant_id: Uuid, export: &'a RecordExport) -> Self {
        Self {
            door,
            tenant_id,
            export,
            done: Cell::new(0),
        }
    }

    /// The process: its printer.
    pub(super) fn app(&self) -> &'a crate::app::App {
        &self.door.app
    }

    async fn write<T>(&self, f: impl AsyncFn(&Tx<'_>) -> Result<T>) -> Result<T> {
        self.door
            .within(self.tenant_id, Actor::Worker, async |tx| {
                if !queries::renew(tx, self.export, self.done.get()).await? {
                    return Err(Error::Conflict(
                        "record_export_taken_over",
                        "somebody else is making it",
                    ));
                }
                f(tx).await
            })
            .await
    }

    /// Throws away what was written before the transaction that reads had to be begun again.
    pub(super) async fn begin_again(&self) -> Result<()> {
        self.done.set(0);
        self.write(async |tx| queries::clear(tx, &[self.export.id]).await)
            .await
    }

    /// Says how many posts are in it by now.
    pub(super) async fn note(&self, done: usize) -> Result<()> {
        self.done.set(done);
        self.write(async |_| Ok(())).await
    }

    /// A file.
    pub(super) fn file(&self, number: i32, media_type: &'static str) -> Filing<'_> {
        Filing {
            store: self,
            number,
            media_type,
            digest: Sha256::new(),
            size: 0,
            place: 0,
            rest: Vec::new(),
        }
    }
}

/// A file that is being written.
pub(super) struct Filing<'a> {
    store: &'a Store<'a>,
    number: i32,
    media_type: &'static str,
    digest: Sha256,
    size: i64,
    place: i32,
    rest: Vec<u8>,
}

impl Filing<'_> {
    /// Adds bytes; whole pieces are sealed and kept.
    pub(super) async fn put(&mut self, bytes: &[u8]) -> Result<()> {
        self.digest.update(bytes);
        self.size += i64::try_from(bytes.len()).unwrap_or_default();
        self.rest.extend_from_slice(bytes);
        while self.rest.len() >= PIECE {
            let after = self.rest.split_off(PIECE);
            let piece = std::mem::replace(&mut self.rest, after);
            self.keep(&piece).await?;
        }
        Ok(())
    }

    async fn keep(&mut self, piece: &[u8]) -> Result<()> {
        let at = (self.store.export.id, self.number, self.place);
        let sealed = self
            .store
            .door
            .app
            .seal
            .seal(PURPOSE, &bound_to(at), piece)?;
        let put = async |tx: &Tx<'_>| queries::put_chunk(tx, at, &sealed).await;
        self.store.write(put).await?;
        self.place += 1;
        Ok(())
    }

    /// Keeps the rest, and the file.
    pub(super) async fn end(mut self) -> Result<()> {
        if !self.rest.is_empty() {
            let rest = std::mem::take(&mut self.rest);
            self.keep(&rest).await?;
        }
        let digest = self.digest.finalize().to_vec();
        let row: FileRow = (
            self.number,
            self.media_type.to_owned(),
            self.size,
            digest,
            self.place,
        );
        let id = self.store.export.id;
        self.store
            .write(async |tx| queries::put_file(tx, id, &row).await)
            .await
    }
}
