//! Copies of the checkpoints in an append-only folder or bucket: a place where nobody who has the database can take back
//! what was signed. A file is only ever made, never written over; what is there already has to be the same.

mod queries;
mod store;

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use crate::{
    Result,
    ctx::{Door, Tx},
    spine::auth::Actor,
};

pub use queries::{Copied, Waiting, find};
pub use store::{Refused, Store, open_bucket};

/// Checkpoints that are copied in one go.
const BATCH: i64 = 100;

/// Copies the checkpoints of a network that are not there yet, oldest first; answers how many. Nothing without a place.
pub async fn copy(door: &Door, tenant_id: Uuid) -> Result<usize> {
    let Some(store) = &door.app.store else {
        return Ok(0);
    };
    let take = async |tx: &Tx<'_>| {
        let copied = queries::find(tx).await?;
        measure(tx, copied.as_ref());
        queries::take(tx, copied.as_ref(), BATCH).await
    };
    let waiting = door.within_log(tenant_id, Actor::Worker, take).await?;
    let mut done = 0;
    for checkpoint in waiting {
        let put = store.put(tenant_id, &checkpoint).await;
        let settled = match put {
            Err(Refused::Different) => {
                metrics::counter!("tsumugi_log_copies_different_total").increment(1);
                let (size, tree) = (checkpoint.size, checkpoint.tree);
                tracing::error!(network = %tenant_id, tree, size, "another checkpoint lies where this one belongs");
                // It stays as it is, for whoever looks into it; the later ones go on.
                Ok(())
            }
            other => other,
        };
        if let Err(refused) = settled {
            metrics::counter!("tsumugi_log_copies_failures_total").increment(1);
            tracing::warn!(network = %tenant_id, %refused, "checkpoints cannot be copied");
            let put_off = async |tx: &Tx<'_>| queries::put_off(tx, refused.code()).await;
            door.within_log(tenant_id, Actor::Worker, put_off).await?;
            break;
        }
        let code = put.err().map(Refused::code);
        let keep = async |tx: &Tx<'_>| queries::keep(tx, &checkpoint, code).await;
        door.within_log(tenant_id, Actor::Worker, keep).await?;
        done += 1;
    }
    Ok(done)
}

/// Says how long ago a checkpoint was copied: there is one at least every ten minutes.
fn measure(tx: &Tx<'_>, copied: Option<&Copied>) {
    if let Some(at) = copied.and_then(|copied| copied.copied_at) {
        let age = (tx.now - at).as_seconds_f64();
        let network = tx.tenant_id.to_string();
        metrics::gauge!("tsumugi_log_copies_age_seconds", "network" => network).set(age);
    }
}

/// When copying is tried again after so many failures in a row: 1, 2, 4 … minutes, at most an hour.
fn next_at(failures: i32, now: DateTime<Utc>) -> DateTime<Utc> {
    let doubled = u32::try_from(failures - 1).unwrap_or(0).min(6);
    now + TimeDelta::minutes((1_i64 << doubled).min(60))
}
