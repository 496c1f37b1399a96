//! What sealing reads and writes.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use tsumugi_schema::tables::{
    audit_checkpoints as checkpoints, audit_cursors as cursors, audit_events as events,
    audit_leaves as leaves, audit_rejects as rejects, audit_tiles as tiles, audit_trees as trees,
};
use uuid::Uuid;

use crate::{
    Result,
    ctx::Tx,
    ledger::{
        tiles::{self as tile, Place},
        tree::Hash,
    },
    spine::audit::Stored,
};

diesel::define_sql_function! {
    /// The cluster.
    fn log_epoch() -> diesel::sql_types::BigInt;
}
diesel::define_sql_function! {
    /// No transaction before this one is under way any more.
    fn log_horizon() -> diesel::sql_types::BigInt;
}

/// Rows in one INSERT: PostgreSQL takes at most 65,535 values.
const ROWS: usize = 5000;

/// The tree of a network.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = trees, check_for_backend(diesel::pg::Pg))]
pub(super) struct Tree {
    #[diesel(column_name = tree)]
    pub(super) number: i16,
    pub(super) origin: String,
    pub(super) size: i64,
    pub(super) edge: Vec<u8>,
    pub(super) note: Option<String>,
    pub(super) noted_at: Option<DateTime<Utc>>,
    pub(super) halted: Option<String>,
}

/// The newest tree of the network.
pub(super) async fn find_tree(tx: &Tx<'_>) -> Result<Option<Tree>> {
    Ok(trees::table
        .filter(trees::tenant_id.eq(tx.tenant_id))
        .order(trees::tree.desc())
        .select(Tree::as_select())
        .first(&mut tx.conn())
        .await
        .optional()?)
}

/// The tree, locked; nothing while somebody else has it.
pub(super) async fn lock_tree(tx: &Tx<'_>, tree: i16) -> Result<Option<Tree>> {
    Ok(trees::table
        .filter(trees::tenant_id.eq(tx.tenant_id))
        .filter(trees::tree.eq(tree))
        .select(Tree::as_select())
        .for_update()
        .skip_locked()
        .first(&mut tx.conn())
        .await
        .optional()?)
}

/// Begins a tree, unless somebody else has begun it meanwhile.
pub(super) async fn insert_tree(tx: &Tx<'_>, tree: i16, origin: &str) -> Result<()> {
    diesel::insert_into(trees::table)
        .values((
            trees::tenant_id.eq(tx.tenant_id),
            trees::tree.eq(tree),
            trees::origin.eq(origin),
            trees::size.eq(0),
            trees::edge.eq(Vec::new()),
            trees::sealed_at.eq(tx.now),
            trees::created_at.eq(tx.now),
        ))
        .on_conflict_do_nothing()
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// How far a tree has grown.
pub(super) async fn update_tree(tx: &Tx<'_>, tree: i16, size: i64, edge: &[u8]) -> Result<()> {
    diesel::update(trees::table.find((tx.tenant_id, tree)))
        .set((
            trees::size.eq(size),
            trees::edge.eq(edge),
            trees::sealed_at.eq(tx.now),
        ))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// Keeps the latest checkpoint.
pub(super) async fn update_note(tx: &Tx<'_>, tree: i16, note: &str) -> Result<()> {
    diesel::update(trees::table.find((tx.tenant_id, tree)))
        .set((
            trees::note.eq(note),
            trees::noted_at.eq(tx.now),
            trees::halted.eq(None::<String>),
        ))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// Says that nothing is signed any more, and why.
pub(super) async fn update_halted(tx: &Tx<'_>, tree: i16, why: &str) -> Result<()> {
    diesel::update(trees::table.find((tx.tenant_id, tree)))
        .set(trees::halted.eq(why))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// When a checkpoint was last put on the list.
pub(super) async fn last_checkpoint_at(tx: &Tx<'_>, tree: i16) -> Result<Option<DateTime<Utc>>> {
    Ok(checkpoints::table
        .filter(checkpoints::tenant_id.eq(tx.tenant_id))
        .filter(checkpoints::tree.eq(tree))
        .order((checkpoints::size.desc(), checkpoints::signed_at.desc()))
        .select(checkpoints::signed_at)
        .first(&mut tx.conn())
        .await
        .optional()?)
}

/// Puts a checkpoint on the list.
pub(super) async fn insert_checkpoint(tx: &Tx<'_>, tree: i16, size: i64, note: &str) -> Result<()> {
    diesel::insert_into(checkpoints::table)
        .values((
            checkpoints::tenant_id.eq(tx.tenant_id),
            checkpoints::tree.eq(tree),
            checkpoints::size.eq(size),
            checkpoints::signed_at.eq(tx.now),
            checkpoints::note.eq(note),
        ))
        .on_conflict_do_nothing()
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// The cluster of this database, and its horizon.
pub(super) async fn horizon(tx: &Tx<'_>) -> Result<(i64, i64)> {
    Ok(diesel::select((log_epoch(), log_horizon()))
        .get_result(&mut tx.conn())
        .await?)
}

/// The clusters in which entries of the network were written, in the order of their numbers: one probe of the index each.
pub(super) async fn list_epochs(tx: &Tx<'_>) -> Result<Vec<i64>> {
    let (mut found, mut after) = (Vec::new(), i64::MIN);
    loop {
        let next: Option<i64> = events::table
            .filter(events::tenant_id.eq(tx.tenant_id))
            .filter(events::epoch.gt(after))
            .order(events::epoch)
            .select(events::epoch)
            .first(&mut tx.conn())
            .await
            .optional()?;
        let Some(next) = next else { return Ok(found) };
        found.push(next);
        after = next;
    }
}

/// How far a cluster is sealed.
#[derive(Debug, Clone, Copy, Queryable)]
pub(super) struct Cursor {
    pub(super) xid: i64,
    pub(super) event_id: Uuid,
}

impl Cursor {
    /// Before everything.
    pub(super) fn start() -> Self {
        Self {
            xid: i64::MIN,
            event_id: Uuid::nil(),
        }
    }
}

pub(super) async fn find_cursor(tx: &Tx<'_>, tree: i16, epoch: i64) -> Result<Cursor> {
    let found = cursors::table
        .find((tx.tenant_id, tree, epoch))
        .select((cursors::xid, cursors::event_id))
        .first(&mut tx.conn())
        .await
        .optional()?;
    Ok(found.unwrap_or_else(Cursor::start))
}

pub(super) async fn save_cursor(tx: &Tx<'_>, tree: i16, epoch: i64, cursor: Cursor) -> Result<()> {
    let moved = (
        cursors::xid.eq(cursor.xid),
        cursors::event_id.eq(cursor.event_id),
    );
    diesel::insert_into(cursors::table)
        .values((
            cursors::tenant_id.eq(tx.tenant_id),
            cursors::tree.eq(tree),
            cursors::epoch.eq(epoch),
            moved,
        ))
        .on_conflict((cursors::tenant_id, cursors::tree, cursors::epoch))
        .do_update()
        .set(moved)
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// The next entries of a cluster after the cursor, by the transaction that wrote them; those below `horizon` where it is
/// the cluster of today.
pub(super) async fn list_unsealed(
    tx: &Tx<'_>,
    epoch: i64,
    after: Cursor,
    horizon: Option<i64>,
    limit: i64,
) -> Result<Vec<Stored>> {
    let mut query = events::table
        .filter(events::tenant_id.eq(tx.tenant_id))
        .filter(events::epoch.eq(epoch))
        .filter(events::xid.ge(after.xid))
        .filter(events::xid.gt(after.xid).or(events::id.gt(after.event_id)))
        .into_boxed();
    if let Some(horizon) = horizon {
        query = query.filter(events::xid.lt(horizon));
    }
    Ok(query
        .order((events::xid, events::id))
        .limit(limit)
        .select(Stored::as_select())
        .load(&mut tx.conn())
        .await?)
}

/// When the first entry that is not sealed yet was written.
pub(super) async fn oldest_unsealed(
    tx: &Tx<'_>,
    epoch: i64,
    after: Cursor,
) -> Result<Option<DateTime<Utc>>> {
    Ok(events::table
        .filter(events::tenant_id.eq(tx.tenant_id))
        .filter(events::epoch.eq(epoch))
        .filter(events::xid.ge(after.xid))
        .filter(events::xid.gt(after.xid).or(events::id.gt(after.event_id)))
        .order((events::xid, events::id))
        .select(events::at)
        .first(&mut tx.conn())
        .await
        .optional()?)
}

/// How many entries of a cluster have no place yet.
pub(super) async fn count_unsealed(tx: &Tx<'_>, epoch: i64, after: Cursor) -> Result<i64> {
    Ok(events::table
        .filter(events::tenant_id.eq(tx.tenant_id))
        .filter(events::epoch.eq(epoch))
        .filter(events::xid.ge(after.xid))
        .filter(events::xid.gt(after.xid).or(events::id.gt(after.event_id)))
        .count()
        .get_result(&mut tx.conn())
        .await?)
}

/// How many entries were left out, because they are not what the server wrote.
pub(super) async fn count_rejects(tx: &Tx<'_>) -> Result<i64> {
    Ok(rejects::table
        .filter(rejects::tenant_id.eq(tx.tenant_id))
        .count()
        .get_result(&mut tx.conn())
        .await?)
}

/// An entry with its place.
pub(super) struct Leaf {
    pub(super) index: i64,
    pub(super) event_id: Uuid,
    pub(super) event_at: DateTime<Utc>,
    pub(super) hash: Hash,
}

pub(super) async fn insert_leaves(tx: &Tx<'_>, tree: i16, new: &[Leaf]) -> Result<()> {
    for part in new.chunks(ROWS) {
        let rows: Vec<_> = part
            .iter()
            .map(|leaf| {
                (
                    leaves::tenant_id.eq(tx.tenant_id),
                    leaves::tree.eq(tree),
                    leaves::leaf_index.eq(leaf.index),
                    leaves::event_id.eq(leaf.event_id),
                    leaves::event_at.eq(leaf.event_at),
                    leaves::hash.eq(leaf.hash.0.to_vec()),
                )
            })
            .collect();
        diesel::insert_into(leaves::table)
            .values(rows)
            .execute(&mut tx.conn())
            .await?;
    }
    Ok(())
}

/// Leaves from `first` on with the entries that they lead to, by place.
pub(super) async fn list_placed(
    tx: &Tx<'_>,
    tree: i16,
    first: i64,
    limit: i64,
) -> Result<Vec<(Vec<u8>, Stored)>> {
    Ok(leaves::table
        .inner_join(
            events::table.on(events::tenant_id
                .eq(leaves::tenant_id)
                .and(events::at.eq(leaves::event_at))
                .and(events::id.eq(leaves::event_id))),
        )
        .filter(leaves::tenant_id.eq(tx.tenant_id))
        .filter(leaves::tree.eq(tree))
        .filter(leaves::leaf_index.ge(first))
        .filter(leaves::leaf_index.lt(first + limit))
        .order(leaves::leaf_index)
        .select((leaves::hash, Stored::as_select()))
        .load(&mut tx.conn())
        .await?)
}

pub(super) async fn insert_tile(
    tx: &Tx<'_>,
    tree: i16,
    place: Place,
    hashes: &[Hash],
    root: Hash,
) -> Result<()> {
    diesel::insert_into(tiles::table)
        .values((
            tiles::tenant_id.eq(tx.tenant_id),
            tiles::tree.eq(tree),
            tiles::level.eq(i16::try_from(place.level).unwrap_or(i16::MAX)),
            tiles::tile_index.eq(place.index.cast_signed()),
            tiles::hashes.eq(tile::to_bytes(hashes)),
            tiles::root.eq(root.0.to_vec()),
        ))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

pub(super) async fn insert_rejects(tx: &Tx<'_>, found: &[(Uuid, DateTime<Utc>)]) -> Result<()> {
    let rows: Vec<_> = found
        .iter()
        .map(|(id, at)| {
            (
                rejects::tenant_id.eq(tx.tenant_id),
                rejects::event_id.eq(*id),
                rejects::event_at.eq(*at),
                rejects::found_at.eq(tx.now),
            )
        })
        .collect();
    diesel::insert_into(rejects::table)
        .values(rows)
        .on_conflict_do_nothing()
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// The places of entries in a tree.
pub(super) async fn list_places(tx: &Tx<'_>, tree: i16, ids: &[Uuid]) -> Result<Vec<(Uuid, i64)>> {
    Ok(leaves::table
        .filter(leaves::tenant_id.eq(tx.tenant_id))
        .filter(leaves::tree.eq(tree))
        .filter(leaves::event_id.eq_any(ids))
        .select((leaves::event_id, leaves::leaf_index))
        .load(&mut tx.conn())
        .await?)
}

/// Hashes of `count` entries from `first` on.
pub(super) async fn leaf_hashes(
    tx: &Tx<'_>,
    tree: i16,
    first: i64,
    count: i64,
) -> Result<Vec<Hash>> {
    let found: Vec<Vec<u8>> = leaves::table
        .filter(leaves::tenant_id.eq(tx.tenant_id))
        .filter(leaves::tree.eq(tree))
        .filter(leaves::leaf_index.ge(first))
        .filter(leaves::leaf_index.lt(first + count))
        .order(leaves::leaf_index)
        .select(leaves::hash)
        .load(&mut tx.conn())
        .await?;
    Ok(found
        .iter()
        .filter_map(|hash| Hash::from_slice(hash))
        .collect())
}

/// Roots of `count` full tiles from `first` on: what the tile of the level above is made of.
pub(super) async fn tile_roots(
    tx: &Tx<'_>,
    tree: i16,
    level: u32,
    first: i64,
    count: i64,
) -> Result<Vec<Hash>> {
    let found: Vec<Vec<u8>> = tiles::table
        .filter(tiles::tenant_id.eq(tx.tenant_id))
        .filter(tiles::tree.eq(tree))
        .filter(tiles::level.eq(i16::try_from(level).unwrap_or(i16::MAX)))
        .filter(tiles::tile_index.ge(first))
        .filter(tiles::tile_index.lt(first + count))
        .order(tiles::tile_index)
        .select(tiles::root)
        .load(&mut tx.conn())
        .await?;
    Ok(found
        .iter()
        .filter_map(|root| Hash::from_slice(root))
        .collect())
}

/// A full tile.
pub(super) async fn find_tile(tx: &Tx<'_>, tree: i16, place: Place) -> Result<Option<Vec<Hash>>> {
    let level = i16::try_from(place.level).unwrap_or(i16::MAX);
    let found: Option<Vec<u8>> = tiles::table
        .find((tx.tenant_id, tree, level, place.index.cast_signed()))
        .select(tiles::hashes)
        .first(&mut tx.conn())
        .await
        .optional()?;
    Ok(found.and_then(|bytes| tile::from_bytes(&bytes)))
}
