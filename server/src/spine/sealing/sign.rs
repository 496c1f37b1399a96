//! Sealing a network to its end, and having it signed.

use chrono::TimeDelta;
use uuid::Uuid;

use super::{
    queries::{self, Tree},
    read,
    seal::{BATCH, Batch, first_foreign, head_of, seal_batch},
};
use crate::{
    Error, Result,
    ctx::{Door, Tx},
    ledger::{
        checkpoint::Checkpoint,
        note::Note,
        signer::Head,
        tree::{self, Edge, Hash},
    },
    spine::{audit::Entry, auth::Actor},
};

/// A checkpoint is signed at least this often, so that whoever sees an old one knows that something is wrong.
const HEARTBEAT: TimeDelta = TimeDelta::minutes(9);
/// Checkpoints on the list are at least this far apart.
const APART: TimeDelta = TimeDelta::minutes(1);
/// Entries should be sealed sooner than this.
const LATE: TimeDelta = TimeDelta::seconds(5);

/// Seals everything of a network that can be sealed, and has it signed. Answers with how many entries were looked at.
pub async fn seal(door: &Door, tenant_id: Uuid) -> Result<i64> {
    let tree = find(door, tenant_id).await?;
    let adopting = match &tree {
        Some(tree) if tree.note.is_some() => false,
        _ => {
            let first = super::origin(&door.app.config, tenant_id, 1);
            let origin = tree.as_ref().map_or(&first, |tree| &tree.origin);
            let last = door.app.signer.last(origin).await;
            last.map_err(Error::unavailable)?.size == 0
        }
    };
    let mut growth = Growth {
        adopting,
        ..Growth::default()
    };
    loop {
        let batch = async |tx: &Tx<'_>| seal_batch(tx, adopting).await;
        match door.within_log(tenant_id, Actor::Worker, batch).await? {
            Batch::Busy => break,
            Batch::Sealed { seen, from, to } => {
                growth.add(seen, from, to);
                if seen < BATCH {
                    break;
                }
            }
        }
    }
    let seen = growth.seen;
    if let Some(tree) = find(door, tenant_id).await? {
        sign(door, tenant_id, &tree, &growth).await?;
        door.within_log(tenant_id, Actor::Worker, async |tx| {
            measure(tx, &tree).await
        })
        .await?;
    }
    Ok(seen)
}

/// What was sealed here just now: genuine, because it was looked at.
#[derive(Default)]
struct Growth {
    adopting: bool,
    seen: i64,
    /// From which tree to which.
    sealed: Option<(Head, Head)>,
}

impl Growth {
    fn add(&mut self, seen: i64, from: Head, to: Head) {
        self.seen += seen;
        let before = self.sealed.filter(|(_, end)| *end == from);
        self.sealed = Some((before.map_or(from, |(start, _)| start), to));
    }

    /// Whether it is everything between two trees.
    fn is_all(&self, last: Head, now: Head) -> bool {
        last == now || self.sealed == Some((last, now))
    }
}

/// Begins a new tree for a network whose log has lost entries that were signed. Everything that is there is sealed into it
/// from the beginning; the old tree stays, and whoever has a checkpoint of it can prove the loss.
pub async fn restart(door: &Door, tenant_id: Uuid) -> Result<i16> {
    let begin = async |tx: &Tx<'_>| {
        let newest = queries::find_tree(tx).await?.ok_or(Error::NotFound)?;
        let next = newest.number + 1;
        let origin = super::origin(&tx.app().config, tenant_id, next);
        queries::insert_tree(tx, next, &origin).await?;
        tx.record(Entry::new("access_log.restart"));
        Ok(next)
    };
    door.within_log(tenant_id, Actor::Worker, begin).await
}

async fn find(door: &Door, tenant_id: Uuid) -> Result<Option<Tree>> {
    let find = async |tx: &Tx<'_>| queries::find_tree(tx).await;
    door.within_log(tenant_id, Actor::Worker, find).await
}

/// Has the tree signed, when it has grown or the last signature is getting old.
async fn sign(door: &Door, tenant_id: Uuid, tree: &Tree, growth: &Growth) -> Result<()> {
    let now = door.app.clock.now();
    let size = tree.size.cast_unsigned();
    let noted = tree.note.as_deref().and_then(Note::parse);
    let noted = noted.and_then(|note| Checkpoint::parse(&note.text));
    // Nodes whose clocks differ a little do not sign in turn over each other.
    let fresh = tree.noted_at.is_some_and(|at| (now - at).abs() < HEARTBEAT);
    if fresh && noted.is_some_and(|noted| noted.size == size) {
        return Ok(());
    }
    match ask(door, tenant_id, tree, growth).await? {
        Ok(note) => {
            let keep = async |tx: &Tx<'_>| keep(tx, tree.number, size, &note).await;
            door.within_log(tenant_id, Actor::Worker, keep).await
        }
        Err(why) => {
            metrics::counter!("tsumugi_log_unsigned_total").increment(1);
            tracing::error!(network = %tenant_id, size, why, "the access log is not signed");
            let halt = async |tx: &Tx<'_>| queries::update_halted(tx, tree.number, &why).await;
            door.within_log(tenant_id, Actor::Worker, halt).await
        }
    }
}

/// Asks the signer, with the proof that it wants; answers with why nothing was signed when nothing was.
///
/// Whoever can write everything in the database can also put an entry at the end of the tree that no server wrote. So
/// what was not sealed here just now is looked at before anything is signed that stands for it.
async fn ask(
    door: &Door,
    tenant_id: Uuid,
    tree: &Tree,
    growth: &Growth,
) -> Result<Result<Note, String>> {
    let signer = &door.app.signer;
    let last = match signer.last(&tree.origin).await {
        Ok(last) => last,
        Err(refused) => return Ok(Err(refused.to_string())),
    };
    let size = tree.size.cast_unsigned();
    let edge = Edge::from_bytes(size, &tree.edge)
        .ok_or_else(|| Error::internal("the edge of the log does not fit its size"))?;
    let now = head_of(&edge);
    if !growth.is_all(last, now) {
        let look = async |tx: &Tx<'_>| {
            first_foreign(tx, tree.number, last.size, size, growth.adopting).await
        };
        if let Some(place) = door.within_log(tenant_id, Actor::Worker, look).await? {
            return Ok(Err(format!(
                "the entry at {place} is not what the server wrote"
            )));
        }
    }
    let prove = async |tx: &Tx<'_>| prove(tx, tree.number, last, size).await;
    let proof = door.within_log(tenant_id, Actor::Worker, prove).await?;
    let checkpoint = Checkpoint {
        origin: tree.origin.clone(),
        size,
        root: now.root,
    };
    let time = u64::try_from(door.app.clock.now().timestamp()).unwrap_or(0);
    let signed = signer.sign(&checkpoint, &proof, time).await;
    Ok(signed.map_err(|refused| refused.to_string()))
}

/// The proof that the tree grows from what was signed last; an empty one, which proves nothing, when it is shorter.
async fn prove(tx: &Tx<'_>, tree: i16, last: Head, size: u64) -> Result<Vec<Hash>> {
    match tree::consistency(last.size, size) {
        Some(ranges) => read::hashes(tx, tree, size, &ranges).await,
        None => Ok(Vec::new()),
    }
}

/// Keeps a checkpoint, unless another node has kept a later one.
async fn keep(tx: &Tx<'_>, tree: i16, size: u64, note: &Note) -> Result<()> {
    let Some(row) = queries::lock_tree(tx, tree).await? else {
        return Ok(());
    };
    let kept = row.note.as_deref().and_then(Note::parse);
    let kept = kept.and_then(|note| Checkpoint::parse(&note.text));
    if kept.is_some_and(|kept| kept.size > size) {
        return Ok(());
    }
    let text = note.to_string();
    queries::update_note(tx, tree, &text).await?;
    let last = queries::last_checkpoint_at(tx, tree).await?;
    if last.is_none_or(|at| at <= tx.now - APART) {
        queries::insert_checkpoint(tx, tree, size.cast_signed(), &text).await?;
    }
    Ok(())
}

/// Says how far sealing is behind.
async fn measure(tx: &Tx<'_>, tree: &Tree) -> Result<()> {
    let (epoch, _) = queries::horizon(tx).await?;
    let cursor = queries::find_cursor(tx, tree.number, epoch).await?;
    let oldest = queries::oldest_unsealed(tx, epoch, cursor).await?;
    let lag = oldest.map_or(TimeDelta::zero(), |at| tx.now - at);
    if lag > LATE {
        tracing::warn!(network = %tx.tenant_id, seconds = lag.num_seconds(), "sealing is behind");
    }
    let network = tx.tenant_id.to_string();
    metrics::gauge!("tsumugi_log_lag_seconds", "network" => network).set(lag.as_seconds_f64());
    Ok(())
}
