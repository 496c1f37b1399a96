use chrono::{DateTime, TimeDelta};
use futures_util::future::join_all;
use uuid::Uuid;

use super::{
    model::{Failure, Kind, LATE, LEASE, again_at},
    queries::{self, Witness},
};
use crate::{
    Error, Result,
    ctx::{Door, Tx},
    ledger::{
        note::{Note, Verifier},
        tree,
        witness::{Answer, Submission},
    },
    spine::{audit::Entry, auth::Actor, sealing},
};

/// A checkpoint that a witness has cosigned.
struct Cosigned {
    tree: i16,
    size: i64,
    time: u64,
    note: Note,
}

/// Sends the newest checkpoint to every server that is due; answers how many have cosigned.
pub async fn ask_all(door: &Door, tenant_id: Uuid) -> Result<usize> {
    let claim = async |tx: &Tx<'_>| claim(tx).await;
    let due = door.within_log(tenant_id, Actor::Worker, claim).await?;
    // All at once: one that does not answer holds nobody else up.
    let asked = due.iter().map(|witness| ask_one(door, tenant_id, witness));
    let mut cosigned = 0;
    for heard in join_all(asked).await {
        cosigned += usize::from(heard?);
    }
    Ok(cosigned)
}

async fn ask_one(door: &Door, tenant_id: Uuid, row: &Witness) -> Result<bool> {
    let heard = ask(door, tenant_id, row).await?;
    let settle = async |tx: &Tx<'_>| settle(tx, row, &heard).await;
    door.within_log(tenant_id, Actor::Worker, settle).await?;
    Ok(heard.is_ok())
}

/// The servers that are to be asked now, put off so that nobody else asks them meanwhile.
async fn claim(tx: &Tx<'_>) -> Result<Vec<Witness>> {
    let Some(head) = sealing::current(tx).await? else {
        return Ok(Vec::new());
    };
    let Some((checkpoint, ..)) = &head.signed else {
        return Ok(Vec::new());
    };
    let mut rows = queries::lock_all(tx, Kind::Server).await?;
    for row in &rows {
        measure(tx, row);
    }
    let entries = tx.app().config.witnessing.entries;
    rows.retain(|row| row.is_due(head.tree, checkpoint.size, entries, tx.now));
    for row in &rows {
        queries::update_next(tx, row.id, tx.now + LEASE).await?;
    }
    Ok(rows)
}

/// Says how long ago a witness has cosigned.
fn measure(tx: &Tx<'_>, row: &Witness) {
    let age = tx.now - row.witnessed_at.unwrap_or(row.created_at);
    let labels = [
        ("network", tx.tenant_id.to_string()),
        ("witness", row.id.to_string()),
    ];
    metrics::gauge!("tsumugi_witness_age_seconds", &labels).set(age.as_seconds_f64());
}

/// Asks a witness: from where it was, and once more from where it says it is.
async fn ask(door: &Door, tenant_id: Uuid, row: &Witness) -> Result<Result<Cosigned, Failure>> {
    let (Some(url), Some(key)) = (&row.url, &row.public_key) else {
        return Err(Error::internal("a server without address or key"));
    };
    let key = Verifier::parse(key).ok_or_else(|| Error::internal("an odd key of a witness"))?;
    let address = format!("{url}/add-checkpoint");
    let mut old = None;
    for _ in 0..2 {
        let prepare = async |tx: &Tx<'_>| prepare(tx, row, old).await;
        let prepared = door.within_log(tenant_id, Actor::Worker, prepare).await?;
        let Some((tree, size, submission)) = prepared else {
            return Ok(Err(Failure::Ahead));
        };
        let answered = match door
            .app
            .outward
            .post(&address, submission.to_string())
            .await
        {
            Ok(answered) => answered,
            Err(unanswered) => return Ok(Err(Failure::Unanswered(unanswered))),
        };
        let (status, kind) = (answered.status, answered.content_type.as_str());
        let failure = match Answer::read(status, kind, &answered.body, &submission.note, &key) {
            Answer::Cosigned { note, time } => {
                return Ok(Ok(Cosigned {
                    tree,
                    size,
                    time,
                    note,
                }));
            }
            Answer::Knows(size) => {
                old = Some(size);
                continue;
            }
            Answer::Inconsistent => Failure::Inconsistent,
            Answer::UnknownLog => Failure::UnknownLog,
            Answer::OtherKey => Failure::OtherKey,
            Answer::Busy => Failure::Busy,
            Answer::Odd => Failure::Odd,
        };
        return Ok(Err(failure));
    }
    Ok(Err(Failure::Moving))
}

/// The newest checkpoint with the proof that it grows from `old`, or from what the witness is thought to know. Nothing
/// when there are fewer entries than that.
async fn prepare(
    tx: &Tx<'_>,
    row: &Witness,
    old: Option<u64>,
) -> Result<Option<(i16, i64, Submission)>> {
    let head = sealing::current(tx).await?;
    let missing = || Error::internal("the checkpoint is gone");
    let head = head.ok_or_else(missing)?;
    let (checkpoint, note, _) = head.signed.ok_or_else(missing)?;
    let old = old.unwrap_or_else(|| row.known(head.tree));
    let Some(ranges) = tree::consistency(old, checkpoint.size) else {
        return Ok(None);
    };
    let proof = sealing::hashes(tx, head.tree, checkpoint.size, &ranges).await?;
    let submission = Submission { old, proof, note };
    Ok(Some((head.tree, checkpoint.size.cast_signed(), submission)))
}

/// Notes how it went.
async fn settle(tx: &Tx<'_>, row: &Witness, heard: &Result<Cosigned, Failure>) -> Result<()> {
    match heard {
        Ok(cosigned) => {
            let size = (cosigned.tree, cosigned.size);
            let minutes = tx.app().config.witnessing.minutes;
            let next_at = tx.now + TimeDelta::minutes(minutes.into());
            queries::update_witnessed(tx, row.id, size, next_at).await?;
            let at = i64::try_from(cosigned.time).ok();
            let at = at.and_then(|seconds| DateTime::from_timestamp(seconds, 0));
            let note = cosigned.note.to_string();
            queries::insert_cosignature(tx, row.id, size, at.unwrap_or(tx.now), &note).await
        }
        Err(failure) => {
            let code = failure.code();
            let next_at = again_at(row.failures + 1, tx.now);
            metrics::counter!("tsumugi_witness_failures_total").increment(1);
            if failure.is_dispute() {
                metrics::counter!("tsumugi_witness_disputes_total").increment(1);
                tracing::error!(witness = %row.id, code, "a witness says that the access log was changed or put back");
                if row.dispute.is_none() {
                    let entry = Entry::new("witness.dispute").on("witness", row.id);
                    tx.record(entry.refused(code));
                }
            } else if tx.now - row.witnessed_at.unwrap_or(row.created_at) > LATE {
                tracing::error!(witness = %row.id, code, "a witness has not cosigned for a day");
            } else {
                tracing::warn!(witness = %row.id, code, "a witness did not cosign");
            }
            queries::update_failed(tx, row, *failure, next_at).await
        }
    }
}
