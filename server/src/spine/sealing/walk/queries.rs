//! What a walk reads, by the role that may read the log, on a connection of its own: a walk takes longer than requests
//! may.

use std::{collections::HashMap, ops::Range};

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel_async::{AnsiTransactionManager, AsyncConnection, AsyncPgConnection, RunQueryDsl};
use tsumugi_schema::tables::{
    audit_archives as archives, audit_checkpoints as checkpoints, audit_event_patients as named,
    audit_events as events, audit_leaves as leaves, audit_tiles as tiles, audit_trees as trees,
    tenants,
};
use uuid::Uuid;

use crate::{
    Error, Result,
    ctx::Tx,
    ledger::{
        tiles::{self as tile, Place},
        tree::Hash,
    },
    spine::audit::Stored,
};

/// Rows of a page that is not of places.
pub(super) const PAGE: i64 = 1000;

/// Whose log, and which tree of it.
type OfTree<'a> = (&'a AsyncPgConnection, Uuid, i16);

/// A network.
#[derive(Debug, Clone, Queryable)]
pub struct Network {
    /// The network.
    pub tenant_id: Uuid,
    /// Its short name.
    pub slug: String,
}

/// A tree of a network.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = trees, check_for_backend(diesel::pg::Pg))]
pub struct Tree {
    /// Which of the network.
    #[diesel(column_name = tree)]
    pub number: i16,
    /// Name of the log in its checkpoints.
    pub origin: String,
    /// Entries that have their place.
    pub size: i64,
    /// The latest checkpoint.
    pub note: Option<String>,
    /// Why nothing is signed any more.
    pub halted: Option<String>,
}

impl Tree {
    /// Of a network of which no tree is there, under the name that the key has, if one is known.
    pub fn lost(tenant_id: Uuid, name: Option<&str>) -> Self {
        let number = 1;
        let unnamed = format!("unknown/access-log/{tenant_id}/{number}");
        Self {
            number,
            origin: name.map_or(unnamed, str::to_owned),
            size: 0,
            note: None,
            halted: None,
        }
    }
}

/// One transaction with one snapshot of one network, on a connection of its own.
pub struct Connection {
    connection: AsyncPgConnection,
    tenant_id: Uuid,
}

impl Connection {
    /// All networks of a database.
    pub async fn networks(url: &str) -> Result<Vec<Network>> {
        let mut connection = connect(url).await?;
        let all = tenants::table.select((tenants::tenant_id, tenants::slug));
        Ok(all.order(tenants::slug).load(&mut connection).await?)
    }

    /// Opens the log of a network.
    pub async fn open(url: &str, tenant_id: Uuid) -> Result<Self> {
        let mut connection = connect(url).await?;
        // Pages are small and in the order of an index: whatever the statistics say, each row is looked up. A Uuid
        // prints as hexadecimal digits and hyphens only.
        let begin = format!(
            "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL app.tenant_id = '{tenant_id}'; \
             SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0; \
             SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off; SET LOCAL jit = off"
        );
        AnsiTransactionManager::begin_transaction_sql(&mut connection, &begin).await?;
        Ok(Self {
            connection,
            tenant_id,
        })
    }

    /// The network.
    pub fn tenant_id(&self) -> Uuid {
        self.tenant_id
    }

    pub(super) fn get(&self) -> &AsyncPgConnection {
        &self.connection
    }

    /// The trees of the network, the newest first.
    pub async fn trees(&self) -> Result<Vec<Tree>> {
        let all = trees::table.filter(trees::tenant_id.eq(self.tenant_id));
        let all = all.order(trees::tree.desc()).select(Tree::as_select());
        Ok(all.load(&mut self.get()).await?)
    }
}

async fn connect(url: &str) -> Result<AsyncPgConnection> {
    AsyncPgConnection::establish(url)
        .await
        .map_err(Error::unavailable)
}

/// The connection of a transaction that is under way.
pub(super) fn connection_of<'a>(tx: &Tx<'a>) -> &'a AsyncPgConnection {
    tx.conn()
}

/// One tree of a network.
pub(super) async fn find_tree(
    mut connection: &AsyncPgConnection,
    tenant_id: Uuid,
    number: i16,
) -> Result<Option<Tree>> {
    let tree = trees::table
        .find((tenant_id, number))
        .select(Tree::as_select());
    Ok(tree.first(&mut connection).await.optional()?)
}

/// A file into which a month of a network went.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = archives, check_for_backend(diesel::pg::Pg))]
pub(super) struct Moved {
    pub(super) month: NaiveDate,
    from_index: i64,
    to_index: i64,
    pub(super) file: String,
    pub(super) sha256: Vec<u8>,
}

impl Moved {
    /// Whether a place is among those of the file.
    pub(super) fn holds(&self, place: u64) -> bool {
        (self.from_index..self.to_index).contains(&place.cast_signed())
    }
}

/// The files into which months went that are not in the database any more.
pub(super) async fn archives(
    mut connection: &AsyncPgConnection,
    tenant_id: Uuid,
    tree: i16,
) -> Result<Vec<Moved>> {
    Ok(archives::table
        .filter(archives::tenant_id.eq(tenant_id))
        .filter(archives::tree.eq(tree))
        .filter(archives::dropped_at.is_not_null())
        .order((archives::month, archives::from_index))
        .select(Moved::as_select())
        .load(&mut connection)
        .await?)
}

/// The checkpoint on the list that stands for most entries.
pub(super) async fn newest_note(
    mut connection: &AsyncPgConnection,
    tenant_id: Uuid,
    tree: &Tree,
) -> Result<Option<String>> {
    let newest = checkpoints::table
        .filter(checkpoints::tenant_id.eq(tenant_id))
        .filter(checkpoints::tree.eq(tree.number))
        .order((checkpoints::size.desc(), checkpoints::signed_at.desc()))
        .select(checkpoints::note)
        .first(&mut connection);
    Ok(newest.await.optional()?)
}

/// A checkpoint on the list.
#[derive(Debug, Queryable)]
pub(super) struct Kept {
    pub(super) size: i64,
    pub(super) signed_at: DateTime<Utc>,
    pub(super) note: String,
}

pub(super) async fn page_checkpoints(
    mut connection: &AsyncPgConnection,
    tenant_id: Uuid,
    tree: i16,
    after: Option<(i64, DateTime<Utc>)>,
) -> Result<Vec<Kept>> {
    let mut query = checkpoints::table
        .filter(checkpoints::tenant_id.eq(tenant_id))
        .filter(checkpoints::tree.eq(tree))
        .into_boxed();
    if let Some((size, at)) = after {
        let later = checkpoints::size
            .eq(size)
            .and(checkpoints::signed_at.gt(at));
        query = query.filter(checkpoints::size.ge(size));
        query = query.filter(checkpoints::size.gt(size).or(later));
    }
    Ok(query
        .order((checkpoints::size, checkpoints::signed_at))
        .limit(PAGE)
        .select((checkpoints::size, checkpoints::signed_at, checkpoints::note))
        .load(&mut connection)
        .await?)
}

/// The place after the last that has a leaf.
pub(super) async fn end_of_leaves(
    mut connection: &AsyncPgConnection,
    tenant_id: Uuid,
    tree: i16,
) -> Result<i64> {
    let last: Option<i64> = leaves::table
        .filter(leaves::tenant_id.eq(tenant_id))
        .filter(leaves::tree.eq(tree))
        .order(leaves::leaf_index.desc())
        .select(leaves::leaf_index)
        .first(&mut connection)
        .await
        .optional()?;
    Ok(last.map_or(0, |last| last + 1))
}

/// How an entry is found.
pub(super) type Key = (Uuid, DateTime<Utc>);

/// A place with what it leads to.
#[derive(Debug, Queryable)]
pub(super) struct Leaf {
    index: i64,
    pub(super) event_id: Uuid,
    pub(super) event_at: DateTime<Utc>,
    pub(super) hash: Vec<u8>,
}

impl Leaf {
    /// Its entry.
    pub(super) fn key(&self) -> Key {
        (self.event_id, self.event_at)
    }
}

/// The leaves of a range, by place.
pub(super) async fn page_leaves(
    (mut connection, tenant_id, tree): OfTree<'_>,
    places: &Range<u64>,
) -> Result<HashMap<u64, Leaf>> {
    let rows: Vec<Leaf> = leaves::table
        .filter(leaves::tenant_id.eq(tenant_id))
        .filter(leaves::tree.eq(tree))
        .filter(leaves::leaf_index.ge(places.start.cast_signed()))
        .filter(leaves::leaf_index.lt(places.end.cast_signed()))
        .select((
            leaves::leaf_index,
            leaves::event_id,
            leaves::event_at,
            leaves::hash,
        ))
        .load(&mut connection)
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.index.cast_unsigned(), row))
        .collect())
}

/// The entries that are at one of the times of these; others at the same microsecond may be among them.
pub(super) async fn entries_of(
    mut connection: &AsyncPgConnection,
    tenant_id: Uuid,
    entries: &[Key],
) -> Result<HashMap<Key, Stored>> {
    let rows: Vec<Stored> = events::table
        .filter(events::tenant_id.eq(tenant_id))
        .filter(events::at.eq_any(times_of(entries)))
        .select(Stored::as_select())
        .load(&mut connection)
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| ((row.id, row.at), row))
        .collect())
}

/// The patients that the answers of these entries named; those of others at the same microsecond may be among them.
pub(super) async fn patients_of(
    mut connection: &AsyncPgConnection,
    tenant_id: Uuid,
    entries: &[Key],
) -> Result<HashMap<Key, Vec<Uuid>>> {
    let rows: Vec<(Uuid, DateTime<Utc>, Uuid)> = named::table
        .filter(named::tenant_id.eq(tenant_id))
        .filter(named::at.eq_any(times_of(entries)))
        .select((named::event_id, named::at, named::patient_id))
        .load(&mut connection)
        .await?;
    let mut found: HashMap<Key, Vec<Uuid>> = HashMap::new();
    for (event, at, patient) in rows {
        found.entry((event, at)).or_default().push(patient);
    }
    Ok(found)
}

/// Looking up times is one pass over an index; times and ids would be looked up in every combination.
fn times_of(entries: &[Key]) -> Vec<DateTime<Utc>> {
    let mut times: Vec<DateTime<Utc>> = entries.iter().map(|(_, at)| *at).collect();
    times.sort_unstable();
    times.dedup();
    times
}

/// The full tiles of level 0 of a range.
pub(super) async fn tiles(
    (mut connection, tenant_id, tree): OfTree<'_>,
    range: &Range<u64>,
) -> Result<HashMap<u64, Vec<Hash>>> {
    let rows: Vec<(i64, Vec<u8>)> = tiles::table
        .filter(tiles::tenant_id.eq(tenant_id))
        .filter(tiles::tree.eq(tree))
        .filter(tiles::level.eq(0))
        .filter(tiles::tile_index.ge(range.start.cast_signed()))
        .filter(tiles::tile_index.lt(range.end.cast_signed()))
        .select((tiles::tile_index, tiles::hashes))
        .load(&mut connection)
        .await?;
    let read =
        |(index, bytes): (i64, Vec<u8>)| Some((index.cast_unsigned(), tile::from_bytes(&bytes)?));
    Ok(rows.into_iter().filter_map(read).collect())
}

/// A tile as it was when it had so many hashes: as it is kept when it is full, else from what is below it.
pub(super) async fn tile(
    mut connection: &AsyncPgConnection,
    tenant_id: Uuid,
    tree: &Tree,
    place: Place,
    width: u64,
) -> Result<Vec<Hash>> {
    let level = |level: u32| i16::try_from(level).unwrap_or(i16::MAX);
    let key = (
        tenant_id,
        tree.number,
        level(place.level),
        place.index.cast_signed(),
    );
    let whole: Option<Vec<u8>> = tiles::table
        .find(key)
        .select(tiles::hashes)
        .first(&mut connection)
        .await
        .optional()?;
    if let (tile::WIDTH, Some(whole)) = (width, whole) {
        return Ok(tile::from_bytes(&whole).unwrap_or_default());
    }
    let first = (place.index * tile::WIDTH).cast_signed();
    let below = first..first + width.cast_signed();
    let hashes: Vec<Vec<u8>> = match place.level.checked_sub(1) {
        None => {
            leaves::table
                .filter(leaves::tenant_id.eq(tenant_id))
                .filter(leaves::tree.eq(tree.number))
                .filter(leaves::leaf_index.ge(below.start))
                .filter(leaves::leaf_index.lt(below.end))
                .order(leaves::leaf_index)
                .select(leaves::hash)
                .load(&mut connection)
                .await?
        }
        Some(lower) => {
            tiles::table
                .filter(tiles::tenant_id.eq(tenant_id))
                .filter(tiles::tree.eq(tree.number))
                .filter(tiles::level.eq(level(lower)))
                .filter(tiles::tile_index.ge(below.start))
                .filter(tiles::tile_index.lt(below.end))
                .order(tiles::tile_index)
                .select(tiles::root)
                .load(&mut connection)
                .await?
        }
    };
    Ok(hashes
        .iter()
        .filter_map(|hash| Hash::from_slice(hash))
        .collect())
}

/// Leaves with their entries, for those that are asked for by id.
pub(super) async fn leaves_of(
    (mut connection, tenant_id, tree): OfTree<'_>,
    ids: &[Uuid],
) -> Result<Vec<(i64, Stored)>> {
    let rows = leaves::table
        .inner_join(
            events::table.on(events::tenant_id
                .eq(leaves::tenant_id)
                .and(events::at.eq(leaves::event_at))
                .and(events::id.eq(leaves::event_id))),
        )
        .filter(leaves::tenant_id.eq(tenant_id))
        .filter(leaves::tree.eq(tree))
        .filter(leaves::event_id.eq_any(ids))
        .order(leaves::leaf_index)
        .select((leaves::leaf_index, Stored::as_select()))
        .load(&mut connection)
        .await?;
    Ok(rows)
}

/// Ids of the entries that were about a patient, or whose answers named the patient.
pub(super) async fn ids_of_patient(
    mut connection: &AsyncPgConnection,
    tenant_id: Uuid,
    patient_id: Uuid,
) -> Result<Vec<Uuid>> {
    let mut about: Vec<Uuid> = events::table
        .filter(events::tenant_id.eq(tenant_id))
        .filter(events::patient_id.eq(patient_id))
        .select(events::id)
        .load(&mut connection)
        .await?;
    let listed: Vec<Uuid> = named::table
        .filter(named::tenant_id.eq(tenant_id))
        .filter(named::patient_id.eq(patient_id))
        .select(named::event_id)
        .load(&mut connection)
        .await?;
    about.extend(listed);
    about.sort_unstable();
    about.dedup();
    Ok(about)
}
