//! What other features know of the future, put into the calendar: the next exchange of a device, until when somebody is to
//! answer. The source names it, so that putting it again changes it and never doubles it.

use uuid::Uuid;

use super::{
    model::Plan,
    queries::{self, New, Version},
};
use crate::{Result, ctx::Tx, spine::ids};

/// What an appointment was put in for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Source<'a> {
    /// Kind of thing, such as `device_exchange` or `acknowledgement`.
    pub kind: &'a str,
    /// The thing.
    pub id: Uuid,
}

/// Puts an appointment in for `source`, or changes the one that is there; putting the same again changes nothing.
/// Whoever calls has asked the rules and records what was done. Answers with the id of the appointment.
pub async fn put_from(
    tx: &Tx<'_>,
    source: Source<'_>,
    patient_id: Option<Uuid>,
    plan: &Plan,
) -> Result<Uuid> {
    let version = |change| Version {
        plan,
        exceptions: &[],
        cancelled: false,
        change,
        reason: None,
    };
    let Some(known) = queries::find_by_source(tx, &source).await? else {
        let id = ids::new_id();
        let new = New {
            id,
            patient_id,
            follows: None,
            source: Some(source),
            version: version("create"),
        };
        queries::insert_put(tx, &new).await?;
        return Ok(id);
    };
    if known.cancelled || known.plan != *plan {
        queries::advance(tx, known.id, known.version + 1, &version("amend")).await?;
    }
    Ok(known.id)
}

/// Calls off what was put in for `source`; nothing happens when nothing was, or when it is called off.
pub async fn remove_from(tx: &Tx<'_>, source: Source<'_>) -> Result<()> {
    let Some(known) = queries::find_by_source(tx, &source).await? else {
        return Ok(());
    };
    if known.cancelled {
        return Ok(());
    }
    let version = Version {
        plan: &known.plan,
        exceptions: &known.exceptions,
        cancelled: true,
        change: "cancel",
        reason: None,
    };
    queries::advance(tx, known.id, known.version + 1, &version).await
}
