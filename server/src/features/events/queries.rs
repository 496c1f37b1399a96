use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use tsumugi_schema::tables::{events, messages, posts};
use uuid::Uuid;

use super::{announce::Announcement, hub::Event};
use crate::{Result, ctx::Tx, spine::ids};

pub(super) async fn insert(tx: &Tx<'_>, what: &Announcement, recipients: &[Uuid]) -> Result<()> {
    diesel::insert_into(events::table)
        .values((
            events::tenant_id.eq(tx.tenant_id),
            events::id.eq(ids::new_id()),
            events::kind.eq(&what.kind),
            events::patient_id.eq(what.patient_id),
            events::post_id.eq(what.post_id),
            events::room_id.eq(what.room_id),
            events::message_id.eq(what.message_id),
            events::announcement_id.eq(what.announcement_id),
            events::recipients.eq(recipients),
            events::created_at.eq(tx.now),
        ))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// When a message was taken in.
pub(super) async fn find_message(tx: &Tx<'_>, id: Uuid) -> Result<Option<DateTime<Utc>>> {
    Ok(messages::table
        .find((tx.tenant_id, id))
        .select(messages::recorded_at)
        .first(&mut tx.conn())
        .await
        .optional()?)
}

/// One event with its recipients.
pub(super) async fn find(tx: &Tx<'_>, id: Uuid) -> Result<Option<(Event, Vec<Uuid>)>> {
    Ok(events::table
        .find((tx.tenant_id, id))
        .select((Event::as_select(), events::recipients))
        .first(&mut tx.conn())
        .await
        .optional()?)
}

/// What the caller was to be told after `last`, oldest first.
pub(super) async fn list_missed(tx: &Tx<'_>, last: Uuid) -> Result<Vec<Event>> {
    Ok(events::table
        .filter(events::tenant_id.eq(tx.tenant_id))
        .filter(events::id.gt(last))
        .filter(events::recipients.contains(vec![tx.actor.ids().0]))
        .order(events::id)
        .limit(1000)
        .select(Event::as_select())
        .load(&mut tx.conn())
        .await?)
}

/// Removes the events that no stream will resume from any more.
pub(super) async fn delete_old(tx: &Tx<'_>, kept: TimeDelta) -> Result<()> {
    diesel::delete(
        events::table
            .filter(events::tenant_id.eq(tx.tenant_id))
            .filter(events::created_at.lt(tx.now - kept)),
    )
    .execute(&mut tx.conn())
    .await?;
    Ok(())
}

/// Kind and author of a post.
pub(super) async fn find_post(tx: &Tx<'_>, id: Uuid) -> Result<Option<(String, Option<Uuid>)>> {
    Ok(posts::table
        .find((tx.tenant_id, id))
        .select((posts::kind, posts::author_staff_id))
        .first(&mut tx.conn())
        .await
        .optional()?)
}
