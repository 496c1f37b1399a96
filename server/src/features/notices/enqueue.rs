//! From what happens to notices of those who are to be told.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{
    model::{About, Kind},
    queries,
};
use crate::{Result, ctx::Tx, features::events};

/// Lets these people be told of something when this transaction commits; whoever acts is not told of the own act. A
/// second notice of the same kind about the same thing is none. The caller sees to it that all of them may know of it.
pub async fn enqueue(tx: &Tx<'_>, kind: Kind, recipients: &[Uuid], about: About) -> Result<()> {
    let me = tx.actor.ids().0;
    let mut recipients = recipients.to_vec();
    recipients.retain(|one| *one != me);
    recipients.sort_unstable();
    recipients.dedup();
    if recipients.is_empty() {
        return Ok(());
    }
    let listeners = queries::list_listeners(tx, &recipients).await?;
    let on_call = queries::list_on_call(tx, &recipients).await?;
    let rows: Vec<_> = listeners
        .iter()
        .map(|listener| {
            let at_once = about.at_once || on_call.contains(&listener.staff_member_id);
            (listener, listener.settings.moments(kind, tx.now, at_once))
        })
        .collect();
    queries::insert(tx, kind, about, &rows).await?;
    tx.note_work();
    events::enqueue_for(tx, events::WORK_CHANGED, None, &recipients).await
}

/// Nothing is to be done about a thing any more: what was not sent yet is not sent, and the pages of these people are
/// told that their work has changed.
pub async fn finish(tx: &Tx<'_>, about_id: Uuid, concerned: &[Uuid]) -> Result<()> {
    queries::finish_about(tx, about_id).await?;
    if concerned.is_empty() {
        return Ok(());
    }
    events::enqueue_for(tx, events::WORK_CHANGED, None, concerned).await
}

/// Nothing is to be done by the caller about a thing any more, while it waits for others still.
pub async fn finish_own(tx: &Tx<'_>, about_id: Uuid) -> Result<()> {
    if queries::finish_own(tx, about_id).await? {
        let me = [tx.actor.ids().0];
        events::enqueue_for(tx, events::WORK_CHANGED, None, &me).await?;
    }
    Ok(())
}

/// The caller has read a room up to a number: nothing waits of these messages but what was asked.
pub async fn finish_read(tx: &Tx<'_>, room_id: Uuid, seq: i64) -> Result<()> {
    if queries::finish_read(tx, room_id, seq).await? {
        let me = [tx.actor.ids().0];
        events::enqueue_for(tx, events::WORK_CHANGED, None, &me).await?;
    }
    Ok(())
}

/// Those of these people who are in their quiet hours and not on call, with the end of them.
pub async fn quiet_until(tx: &Tx<'_>, people: &[Uuid]) -> Result<HashMap<Uuid, DateTime<Utc>>> {
    if people.is_empty() {
        return Ok(HashMap::new());
    }
    let on_call = queries::list_on_call(tx, people).await?;
    let listeners = queries::list_listeners(tx, people).await?;
    Ok(listeners
        .into_iter()
        .filter(|listener| !on_call.contains(&listener.staff_member_id))
        .filter_map(|listener| {
            let until = listener.settings.quiet?.until(tx.now)?;
            Some((listener.staff_member_id, until))
        })
        .collect())
}
