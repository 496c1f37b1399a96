//! What an announcement looks like to whom it was sent and to its sender.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use futures_util::future::{try_join, try_join4};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{model::Announcement, queries};
use crate::{
    Error, Result,
    ctx::Tx,
    features::rooms::{self, RoomPersonView},
};

/// Something that is passed round.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AnnouncementView {
    /// Identifier.
    id: Uuid,
    /// What it is about.
    title: String,
    /// What it says; null when it was withdrawn, but for the sender.
    body: Option<String>,
    /// Who sent it.
    author: RoomPersonView,
    /// When the server took it in.
    recorded_at: DateTime<Utc>,
    /// Whom it was sent to.
    audience: Vec<AudienceView>,
    /// By when it is to be confirmed.
    confirm_by: Option<DateTime<Utc>>,
    /// When those who had not confirmed were reminded last.
    reminded_at: Option<DateTime<Utc>>,
    /// When it was withdrawn.
    withdrawn_at: Option<DateTime<Utc>>,
    /// Why.
    withdrawal_reason: Option<String>,
    /// Whether the caller sent it.
    mine: bool,
    /// Whether it was sent to the caller.
    to_me: bool,
    /// When the caller confirmed it.
    confirmed_at: Option<DateTime<Utc>>,
    /// How many it was sent to.
    sent_to: i64,
    /// How many have confirmed it.
    confirmed: i64,
}

/// Whom something was sent to; everybody of the network when all are null.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AnnouncementAudience)]
struct AudienceView {
    /// The facility.
    facility_name: Option<String>,
    /// Code of the profession.
    profession: Option<String>,
    /// The room.
    room_name: Option<String>,
}

/// Makes views, in their order.
pub(super) async fn announcements(
    tx: &Tx<'_>,
    rows: Vec<Announcement>,
) -> Result<Vec<AnnouncementView>> {
    let me = tx.actor.ids().0;
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let audiences: Vec<_> = rows.iter().flat_map(Announcement::audience).collect();
    let facilities: Vec<Uuid> = audiences.iter().filter_map(|to| to.facility_id).collect();
    let rooms_named: Vec<Uuid> = audiences.iter().filter_map(|to| to.room_id).collect();
    let (people, counts, mine, (facilities, rooms)) = try_join4(
        rooms::named(tx, rows.iter().map(|row| row.author_id)),
        queries::list_counts(tx, &ids),
        queries::list_mine(tx, &ids),
        try_join(
            queries::list_facilities(tx, &facilities),
            queries::list_rooms(tx, &rooms_named),
        ),
    )
    .await?;
    let counts: HashMap<Uuid, (i64, i64)> = counts
        .into_iter()
        .map(|(id, all, done)| (id, (all, done)))
        .collect();
    let mine: HashMap<Uuid, Option<DateTime<Utc>>> = mine.into_iter().collect();
    let facilities: HashMap<Uuid, String> = facilities.into_iter().collect();
    let rooms: HashMap<Uuid, Option<String>> = rooms.into_iter().collect();
    let view = |row: Announcement| {
        let audience = row.audience().into_iter().map(|to| AudienceView {
            facility_name: to.facility_id.and_then(|id| facilities.get(&id).cloned()),
            profession: to.profession,
            room_name: to.room_id.and_then(|id| rooms.get(&id).cloned().flatten()),
        });
        let own = row.author_id == me;
        let (sent_to, confirmed) = counts.get(&row.id).copied().unwrap_or_default();
        AnnouncementView {
            audience: audience.collect(),
            author: people.get(&row.author_id).cloned().unwrap_or_default(),
            body: Some(row.body).filter(|_| own || row.withdrawn_at.is_none()),
            mine: own,
            to_me: mine.contains_key(&row.id),
            confirmed_at: mine.get(&row.id).copied().flatten(),
            sent_to,
            confirmed,
            id: row.id,
            title: row.title,
            recorded_at: row.recorded_at,
            confirm_by: row.confirm_by,
            reminded_at: row.reminded_at,
            withdrawn_at: row.withdrawn_at,
            withdrawal_reason: row.withdrawal_reason,
        }
    };
    Ok(rows.into_iter().map(view).collect())
}

/// Makes the view of one announcement as it is by now.
pub(super) async fn announcement(tx: &Tx<'_>, id: Uuid) -> Result<AnnouncementView> {
    let row = queries::find(tx, id).await?.ok_or(Error::NotFound)?;
    let mut views = announcements(tx, vec![row]).await?;
    views.pop().ok_or(Error::NotFound)
}

/// Somebody whom an announcement was sent to.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AnnouncementRecipient)]
pub(super) struct RecipientView {
    /// Who.
    #[serde(flatten)]
    pub(super) person: RoomPersonView,
    /// When it was confirmed; null as long as it has not been.
    pub(super) confirmed_at: Option<DateTime<Utc>>,
    /// Whether the person does not hold the post any more.
    pub(super) left: bool,
}

/// Makes the list of confirmations: who has not first, then in the order of the confirmations.
pub(super) async fn recipients(
    tx: &Tx<'_>,
    mut rows: Vec<(Uuid, Option<DateTime<Utc>>)>,
) -> Result<Vec<RecipientView>> {
    rows.sort_by_key(|(who, at)| (at.is_some(), *at, *who));
    let ids: Vec<Uuid> = rows.iter().map(|(who, _)| *who).collect();
    let (people, held) = try_join(
        rooms::named(tx, ids.iter().copied()),
        queries::list_held(tx, &ids),
    )
    .await?;
    let view = |(who, confirmed_at)| RecipientView {
        person: people.get(&who).cloned().unwrap_or_default(),
        confirmed_at,
        left: !held.contains(&who),
    };
    Ok(rows.into_iter().map(view).collect())
}
