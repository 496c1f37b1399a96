//! Everything that says whether the log can be believed, in one answer.

use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::queries;
use crate::{
    Error, Result,
    ctx::Tx,
    features::witnesses::{self, WitnessView},
    ledger::{
        checkpoint::Checkpoint,
        note::{Note, Verifier},
    },
    spine::{clock::Found, copies, sealing},
};

/// The state of the access log.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CheckpointStateView {
    /// The log; null before the first entry was sealed.
    log: Option<SealedLogView>,
    /// Who witnesses it.
    witnesses: Vec<WitnessView>,
    /// The append-only folder or bucket; null when the installation has none.
    copies: Option<CopiesView>,
    /// The clock by which everything is recorded.
    clock: ClockView,
    /// This network as a witness of others' logs.
    own_witness: OwnWitnessView,
}

/// A log as far as it is sealed and signed.
#[derive(Debug, Serialize, ToSchema)]
struct SealedLogView {
    /// Its name in checkpoints.
    origin: String,
    /// Which tree of the network; a new one begins only after a loss of data that was admitted.
    tree: i16,
    /// What it signs with: `name+id+key`.
    public_key: String,
    /// How many entries have their place in the tree.
    size: u64,
    /// How many entries have none yet.
    unsealed: i64,
    /// Seconds since the first of them was written.
    lag_seconds: f64,
    /// How many entries were left out, because they are not what the server wrote: an alarm when there are any.
    rejected: i64,
    /// Why nothing is signed any more: an alarm.
    halted: Option<String>,
    /// The newest checkpoint; null before the first.
    checkpoint: Option<CheckpointView>,
}

/// A signed checkpoint.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CheckpointView {
    /// Which tree of the network.
    pub(super) tree: i16,
    /// How many entries it stands for.
    pub(super) size: u64,
    /// Root of the tree, in base64.
    pub(super) root: String,
    /// When it was signed.
    pub(super) signed_at: DateTime<Utc>,
    /// The checkpoint as it is passed on (c2sp.org/tlog-checkpoint).
    pub(super) note: String,
    /// The same with one signature only: short enough for a printed code (QR), and enough to verify by.
    pub(super) code: String,
}

impl CheckpointView {
    /// Of a note; nothing when it is none.
    pub(super) fn of(tree: i16, note: String, signed_at: DateTime<Utc>) -> Option<Self> {
        let parsed = Note::parse(&note)?;
        let checkpoint = Checkpoint::parse(&parsed.text)?;
        Some(Self {
            tree,
            size: checkpoint.size,
            root: STANDARD.encode(checkpoint.root.0),
            signed_at,
            code: short(parsed),
            note,
        })
    }
}

/// A note with its last line only: that which says when it was signed.
fn short(mut note: Note) -> String {
    let last = note.lines.len().saturating_sub(1);
    note.lines.drain(..last);
    note.to_string()
}

/// How far checkpoints are copied.
#[derive(Debug, Serialize, ToSchema)]
struct CopiesView {
    /// How many entries the newest copy stands for; null before the first.
    size: Option<i64>,
    /// When that checkpoint was signed.
    signed_at: Option<DateTime<Utc>>,
    /// When it was copied.
    copied_at: Option<DateTime<Utc>>,
    /// Whether a checkpoint should be there and is not: an alarm.
    late: bool,
    /// Attempts in a row that failed.
    failures: i32,
    /// Why: `away`, it cannot be reached or has no room; `forbidden`, it may not be written to; `different`, something
    /// else lay where a checkpoint belongs, an alarm.
    failure: Option<String>,
}

/// How good the clock is.
#[derive(Debug, Serialize, ToSchema)]
struct ClockView {
    /// `unchecked`, `checked`, `off` by more than a second, or `wrong` by more than a minute: then nothing is made final.
    quality: &'static str,
    /// Seconds by which a time server is ahead of it; null when none was asked or none answered.
    offset_seconds: Option<f64>,
    /// When the time server last answered.
    checked_at: Option<DateTime<Utc>>,
    /// Seconds by which the database's clock is ahead of it.
    database_offset_seconds: Option<f64>,
}

/// What others need to have their logs witnessed here.
#[derive(Debug, Serialize, ToSchema)]
struct OwnWitnessView {
    /// Where they send checkpoints.
    url: String,
    /// What this network cosigns with: to be handed over by people.
    public_key: String,
}

/// Puts it together.
pub(super) async fn view(tx: &Tx<'_>) -> Result<CheckpointStateView> {
    let app = tx.app();
    let log = match sealing::current(tx).await? {
        Some(head) => Some(log(tx, head).await?),
        None => None,
    };
    let name = sealing::witness_name(&app.config, tx.tenant_id);
    let key = app
        .signer
        .witness(&name)
        .await
        .map_err(Error::unavailable)?;
    let address = app.config.public_url.trim_end_matches('/');
    Ok(CheckpointStateView {
        copies: copied(tx, log.as_ref()).await?,
        log,
        witnesses: witnesses::views(tx).await?,
        clock: clock(app.clock.quality().word(), app.clock.found()),
        own_witness: OwnWitnessView {
            url: format!("{address}/v1/witness/{}", queries::find_slug(tx).await?),
            public_key: key.as_cosigner(),
        },
    })
}

async fn log(tx: &Tx<'_>, head: sealing::Head) -> Result<SealedLogView> {
    let unsealed = sealing::unsealed(tx, head.tree).await?;
    let key: Verifier = tx
        .app()
        .signer
        .verifier(&head.origin)
        .await
        .map_err(Error::unavailable)?;
    let lag = unsealed.oldest.map_or(TimeDelta::zero(), |at| tx.now - at);
    let signed = head.signed;
    Ok(SealedLogView {
        public_key: key.to_string(),
        origin: head.origin,
        tree: head.tree,
        size: head.size,
        unsealed: unsealed.waiting,
        lag_seconds: lag.as_seconds_f64().max(0.0),
        rejected: unsealed.rejected,
        halted: head.halted,
        checkpoint: signed
            .and_then(|(_, note, at)| CheckpointView::of(head.tree, note.to_string(), at)),
    })
}

async fn copied(tx: &Tx<'_>, log: Option<&SealedLogView>) -> Result<Option<CopiesView>> {
    if tx.app().store.is_none() {
        return Ok(None);
    }
    let copied = copies::find(tx).await?;
    let newest = log.and_then(|log| log.checkpoint.as_ref());
    let there = copied.as_ref().and_then(|copied| copied.signed_at);
    // Checkpoints for copying are a minute apart, and one is made at least every ten minutes.
    let late = newest.is_some_and(|newest| {
        there.is_none_or(|there| newest.signed_at - there > TimeDelta::minutes(15))
    });
    Ok(Some(CopiesView {
        size: copied.as_ref().and_then(|copied| copied.size),
        signed_at: there,
        copied_at: copied.as_ref().and_then(|copied| copied.copied_at),
        late,
        failures: copied.as_ref().map_or(0, |copied| copied.failures),
        failure: copied.and_then(|copied| copied.failure),
    }))
}

fn clock(quality: &'static str, found: Found) -> ClockView {
    let seconds = |offset: Option<TimeDelta>| offset.map(TimeDelta::as_seconds_f64);
    ClockView {
        quality,
        offset_seconds: seconds(found.offset),
        checked_at: found.checked_at,
        database_offset_seconds: seconds(found.database),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::{checkpoint::Signed, note::Key, tree::leaf_hash};

    #[test]
    fn the_printed_code_is_short_and_verifies() {
        let key = Key::from_seed(&[1; 32]);
        let tenant = uuid::Uuid::nil();
        let checkpoint = Checkpoint {
            origin: format!("tsumugi.hokubu-zaitaku.example.jp/access-log/{tenant}/1"),
            size: 123_456_789,
            root: leaf_hash(b"one"),
        };
        let note = checkpoint.sign(&key, 1_800_000_000);
        let view = CheckpointView::of(1, note.to_string(), DateTime::UNIX_EPOCH).unwrap();
        assert!(view.code.len() < 400, "{}", view.code.len());
        let verifier = key.verifier(&checkpoint.origin);
        let read = Signed::read(&view.code, &verifier).unwrap();
        assert_eq!((read.checkpoint, read.time), (checkpoint, 1_800_000_000));
    }
}
