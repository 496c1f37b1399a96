//! A repeated request is done once: the key is claimed first and the answer is kept, in the transaction of the write.

use chrono::TimeDelta;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use tsumugi_schema::tables::idempotency_keys as keys;
use uuid::Uuid;

use super::{access::Question, reply::Answer};
use crate::{Error, Result, ctx::Tx};

/// What is known of a key.
pub(crate) enum Claim {
    /// Nothing: go on.
    New,
    /// The answer that was given, and what the rules were asked for it.
    Known(Box<(Answer, Option<Question>)>),
}

/// What is kept of a key: digest, status, `ETag`, body, patient, question.
type Row = (
    Vec<u8>,
    Option<i32>,
    Option<String>,
    Option<Vec<u8>>,
    Option<Uuid>,
    Option<String>,
);

/// Claims `key` for this request. A second request with the same key waits here until the first has ended.
pub(crate) async fn claim(tx: &Tx<'_>, actor_id: Uuid, key: &str, digest: &[u8]) -> Result<Claim> {
    let claimed = diesel::insert_into(keys::table)
        .values((
            keys::tenant_id.eq(tx.tenant_id),
            keys::actor_id.eq(actor_id),
            keys::key.eq(key),
            keys::digest.eq(digest),
            keys::created_at.eq(tx.now),
        ))
        .on_conflict_do_nothing()
        .execute(&mut tx.conn())
        .await?;
    if claimed == 1 {
        return Ok(Claim::New);
    }
    let (known, status, etag, body, patient_id, question): Row = keys::table
        .find((tx.tenant_id, actor_id, key))
        .select((
            keys::digest,
            keys::status,
            keys::etag,
            keys::body,
            keys::patient_id,
            keys::question,
        ))
        .first(&mut tx.conn())
        .await
        // Removed by age between the two statements.
        .optional()?
        .ok_or(Error::Retry)?;
    if known != digest {
        return Err(Error::IdempotencyKeyReused);
    }
    let (Some(status), Some(body)) = (status.and_then(|status| u16::try_from(status).ok()), body)
    else {
        return Err(Error::internal("a key was kept without its answer"));
    };
    let content_type = if body.starts_with(b"{\"resourceType\"") {
        "application/fhir+json"
    } else {
        "application/json"
    };
    let answer = Answer {
        status,
        body,
        etag,
        patient_id,
        content_type,
        once: false,
        replayed: true,
    };
    let question = question
        .map(|question| serde_json::from_str(&question))
        .transpose()
        .map_err(Error::internal)?;
    Ok(Claim::Known(Box::new((answer, question))))
}

/// How long an answer is kept: longer than any device is offline.
const KEPT: TimeDelta = TimeDelta::days(30);

/// Forgets the answers that nobody will ask for again.
pub(crate) async fn forget_old(tx: &Tx<'_>) -> Result<()> {
    diesel::delete(
        keys::table
            .filter(keys::tenant_id.eq(tx.tenant_id))
            .filter(keys::created_at.lt(tx.now - KEPT)),
    )
    .execute(&mut tx.conn())
    .await?;
    Ok(())
}

/// Keeps the answer for a repetition.
pub(crate) async fn keep(tx: &Tx<'_>, actor_id: Uuid, key: &str, answer: &Answer) -> Result<()> {
    let question = tx.asked().map(|question| serde_json::to_string(&question));
    let question = question.transpose().map_err(Error::internal)?;
    if answer.once {
        // Nothing is kept of a secret: a repetition is a new request, which finds that the thing exists.
        diesel::delete(keys::table.find((tx.tenant_id, actor_id, key)))
            .execute(&mut tx.conn())
            .await?;
        return Ok(());
    }
    diesel::update(keys::table.find((tx.tenant_id, actor_id, key)))
        .set((
            keys::status.eq(i32::from(answer.status)),
            keys::etag.eq(answer.etag.as_deref()),
            keys::body.eq(answer.body.as_slice()),
            keys::patient_id.eq(answer.patient_id),
            keys::question.eq(question),
        ))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}
