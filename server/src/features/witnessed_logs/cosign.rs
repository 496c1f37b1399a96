use chrono::{DateTime, TimeDelta, Utc};

use super::queries::{self, Log};
use crate::{
    Error, Result,
    ctx::Tx,
    ledger::{
        checkpoint::Checkpoint,
        note::{Line, Note, Verifier},
        signer::Head,
        witness::{Submission, Verdict, contradict, judge},
    },
    spine::{audit::Entry, auth::Actor, sealing},
};

/// How long refusals of one log are one entry of the access log: nobody fills it from outside.
const TOGETHER: TimeDelta = TimeDelta::minutes(1);

/// What becomes of a submission.
#[derive(Debug)]
pub(super) enum Outcome {
    /// Nobody here witnesses this log.
    Unknown,
    /// Its key did not sign it.
    Unsigned,
    /// It contradicts itself.
    Malformed,
    /// It does not begin from what was cosigned last.
    Elsewhere(u64),
    /// It does not grow from that.
    Inconsistent,
    /// Cosigned.
    Cosigned(Line),
}

/// Judges a submission and cosigns it. What is found against a log is kept, so that this ends well whatever it is.
pub(super) async fn witness(
    tx: &Tx<'_>,
    submission: &Submission,
    checkpoint: &Checkpoint,
) -> Result<Outcome> {
    // Who submits is nobody that is known here; the entry says so.
    tx.acts_as(Actor::Anonymous);
    let Some(log) = queries::find_watched_for_update(tx, &checkpoint.origin).await? else {
        return Ok(Outcome::Unknown);
    };
    let verifier = Verifier::parse(&log.public_key)
        .ok_or_else(|| Error::internal("the key of a witnessed log is not readable"))?;
    let Ok(time) = verifier.signed(&submission.note) else {
        note_forged(tx, &log).await?;
        return Ok(Outcome::Unsigned);
    };
    let new = Head {
        size: checkpoint.size,
        root: checkpoint.root,
    };
    let last = last(tx, &log).await?;
    match judge(submission, new, last) {
        Verdict::Malformed => Ok(Outcome::Malformed),
        Verdict::Elsewhere(size) => {
            let known = (last, signed_at(&log, last, &verifier));
            if contradict(known, (new, time)) {
                note_conflict(tx, &log, &submission.note).await?;
            }
            Ok(Outcome::Elsewhere(size))
        }
        Verdict::Inconsistent => {
            note_conflict(tx, &log, &submission.note).await?;
            Ok(Outcome::Inconsistent)
        }
        Verdict::Grown => {
            let line = cosign(tx, &log, &verifier, submission, (last, new)).await?;
            Ok(Outcome::Cosigned(line))
        }
    }
}

/// What was cosigned last: the larger of what the rows and what the signer remember. A database that was put back does
/// not make a witness forget.
async fn last(tx: &Tx<'_>, log: &Log) -> Result<Head> {
    let name = sealing::witness_name(&tx.app().config, tx.tenant_id);
    let remembered = tx.app().signer.witnessed(&name, &log.origin).await;
    let remembered = remembered.map_err(Error::unavailable)?;
    let kept = log.head();
    if kept.size > remembered.size {
        return Ok(kept);
    }
    if kept.size == remembered.size && kept.root != remembered.root {
        tracing::error!(log = %log.id, "what is kept of a witnessed log is not what was cosigned");
    }
    Ok(remembered)
}

/// When the log signed what was cosigned last, where that is known.
fn signed_at(log: &Log, last: Head, verifier: &Verifier) -> Option<u64> {
    let note = Note::parse(log.note.as_deref()?)?;
    let kept = Checkpoint::parse(&note.text)?;
    if kept.size != last.size {
        return None;
    }
    verifier.signed(&note).ok()?
}

/// Signs, and writes down what is signed: the signer in its memory first, the rows in this transaction.
async fn cosign(
    tx: &Tx<'_>,
    log: &Log,
    verifier: &Verifier,
    submission: &Submission,
    (last, new): (Head, Head),
) -> Result<Line> {
    let name = sealing::witness_name(&tx.app().config, tx.tenant_id);
    let time = u64::try_from(tx.now.timestamp()).unwrap_or(0);
    let note = &submission.note;
    let signed = tx
        .app()
        .signer
        .cosign(&name, note, last, &submission.proof, time);
    // Refused only if another server has cosigned meanwhile: whoever asks again hears of it.
    let line = signed.await.map_err(Error::unavailable)?;
    let mut kept = note.clone();
    kept.lines.retain(|line| verifier.claims(line));
    kept.lines.push(line.clone());
    queries::update_cosigned(tx, log.id, new, &kept.to_string()).await?;
    tx.record(Entry::new("witnessed_log.cosign").on("witnessed_log", log.id));
    Ok(line)
}

fn is_new(before: Option<DateTime<Utc>>, now: DateTime<Utc>) -> bool {
    before.is_none_or(|at| now - at >= TOGETHER)
}

async fn note_forged(tx: &Tx<'_>, log: &Log) -> Result<()> {
    metrics::counter!("tsumugi_witnessed_forged_total").increment(1);
    if is_new(log.forged_at, tx.now) {
        tracing::warn!(log = %log.id, "a checkpoint was submitted that the key of its log did not sign");
        let entry = Entry::new("witnessed_log.cosign").on("witnessed_log", log.id);
        tx.record(entry.refused("checkpoint_unsigned"));
    }
    queries::update_forged(tx, log.id).await
}

async fn note_conflict(tx: &Tx<'_>, log: &Log, note: &Note) -> Result<()> {
    metrics::counter!("tsumugi_witnessed_conflicts_total").increment(1);
    if is_new(log.conflict_at, tx.now) {
        tracing::error!(log = %log.id, "a witnessed log does not grow from what was cosigned");
        let entry = Entry::new("witnessed_log.cosign").on("witnessed_log", log.id);
        tx.record(entry.refused("checkpoint_inconsistent"));
    }
    queries::update_conflict(tx, log, &note.to_string()).await
}
