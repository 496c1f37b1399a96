use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use tsumugi_schema::tables::{
    announcement_recipients as recipients, announcements, facilities, rooms, staff_members,
};
use uuid::Uuid;

use super::{
    model::{Announcement, Audience},
    policy::{Confirm, Create, Keep},
};
use crate::{
    Error, Result,
    ctx::Tx,
    spine::{
        access::{NOT_BY_POST, Permit},
        page::TimeKey,
    },
};

pub(super) async fn find(tx: &Tx<'_>, id: Uuid) -> Result<Option<Announcement>> {
    Ok(announcements::table
        .find((tx.tenant_id, id))
        .select(Announcement::as_select())
        .first(&mut tx.conn())
        .await
        .optional()?)
}

/// A page of what the caller was sent, or has sent, newest first, one more than `limit`.
pub(super) async fn page(
    tx: &Tx<'_>,
    sent: bool,
    before: Option<TimeKey>,
    limit: i64,
) -> Result<Vec<Announcement>> {
    let me = tx.actor.ids().0;
    let TimeKey(at, id) = before.unwrap_or(TimeKey(tx.now + TimeDelta::days(1), Uuid::max()));
    let to_me = recipients::table
        .filter(recipients::tenant_id.eq(tx.tenant_id))
        .filter(recipients::staff_member_id.eq(me))
        .select(recipients::announcement_id);
    let query = announcements::table
        .filter(announcements::tenant_id.eq(tx.tenant_id))
        .filter(announcements::recorded_at.le(at))
        .filter(
            announcements::recorded_at
                .lt(at)
                .or(announcements::id.lt(id)),
        )
        .order((announcements::recorded_at.desc(), announcements::id.desc()))
        .limit(limit + 1)
        .select(Announcement::as_select())
        .into_boxed();
    let query = if sent {
        query.filter(announcements::author_id.eq(me))
    } else {
        query.filter(announcements::id.eq_any(to_me))
    };
    Ok(query.load(&mut tx.conn()).await?)
}

/// How many announcements wait for the caller's confirmation.
pub(super) async fn count_waiting(tx: &Tx<'_>) -> Result<i64> {
    Ok(recipients::table
        .inner_join(
            announcements::table.on(announcements::tenant_id
                .eq(recipients::tenant_id)
                .and(announcements::id.eq(recipients::announcement_id))),
        )
        .filter(recipients::tenant_id.eq(tx.tenant_id))
        .filter(recipients::staff_member_id.eq(tx.actor.ids().0))
        .filter(recipients::confirmed_at.is_null())
        .filter(announcements::withdrawn_at.is_null())
        .count()
        .get_result(&mut tx.conn())
        .await?)
}

/// How many were sent each of these, and how many have confirmed.
pub(super) async fn list_counts(tx: &Tx<'_>, ids: &[Uuid]) -> Result<Vec<(Uuid, i64, i64)>> {
    Ok(recipients::table
        .filter(recipients::tenant_id.eq(tx.tenant_id))
        .filter(recipients::announcement_id.eq_any(ids))
        .group_by(recipients::announcement_id)
        .select((
            recipients::announcement_id,
            diesel::dsl::count_star(),
            diesel::dsl::count(recipients::confirmed_at),
        ))
        .load(&mut tx.conn())
        .await?)
}

/// Those of these that the caller was sent, with when it was confirmed.
pub(super) async fn list_mine(
    tx: &Tx<'_>,
    ids: &[Uuid],
) -> Result<Vec<(Uuid, Option<DateTime<Utc>>)>> {
    Ok(recipients::table
        .filter(recipients::tenant_id.eq(tx.tenant_id))
        .filter(recipients::announcement_id.eq_any(ids))
        .filter(recipients::staff_member_id.eq(tx.actor.ids().0))
        .select((recipients::announcement_id, recipients::confirmed_at))
        .load(&mut tx.conn())
        .await?)
}

/// Everybody whom an announcement was sent to, with when it was confirmed.
pub(super) async fn list_recipients(
    tx: &Tx<'_>,
    _: Permit<Keep>,
    id: Uuid,
) -> Result<Vec<(Uuid, Option<DateTime<Utc>>)>> {
    Ok(recipients::table
        .filter(recipients::tenant_id.eq(tx.tenant_id))
        .filter(recipients::announcement_id.eq(id))
        .select((recipients::staff_member_id, recipients::confirmed_at))
        .load(&mut tx.conn())
        .await?)
}

/// Which of these hold their post today.
pub(super) async fn list_held(tx: &Tx<'_>, ids: &[Uuid]) -> Result<Vec<Uuid>> {
    let today = tx.today();
    Ok(staff_members::table
        .filter(staff_members::tenant_id.eq(tx.tenant_id))
        .filter(staff_members::id.eq_any(ids))
        .filter(staff_members::starts_on.le(today))
        .filter(
            staff_members::ends_on
                .is_null()
                .or(staff_members::ends_on.ge(today)),
        )
        .select(staff_members::id)
        .load(&mut tx.conn())
        .await?)
}

/// Whoever is told of an announcement: those whom it was sent to, and the sender.
pub async fn addressees(tx: &Tx<'_>, id: Uuid) -> Result<Vec<Uuid>> {
    let mut all: Vec<Uuid> = recipients::table
        .filter(recipients::tenant_id.eq(tx.tenant_id))
        .filter(recipients::announcement_id.eq(id))
        .select(recipients::staff_member_id)
        .load(&mut tx.conn())
        .await?;
    let author: Option<Uuid> = announcements::table
        .find((tx.tenant_id, id))
        .select(announcements::author_id)
        .first(&mut tx.conn())
        .await
        .optional()?;
    all.extend(author);
    all.dedup();
    Ok(all)
}

/// Everybody who holds a post of this facility, of this profession, or of both today.
pub(super) async fn list_posts(tx: &Tx<'_>, to: &Audience) -> Result<Vec<Uuid>> {
    let today = tx.today();
    let query = staff_members::table
        .filter(staff_members::tenant_id.eq(tx.tenant_id))
        .filter(staff_members::starts_on.le(today))
        .filter(
            staff_members::ends_on
                .is_null()
                .or(staff_members::ends_on.ge(today)),
        )
        .filter(staff_members::profession.ne_all(NOT_BY_POST))
        .select(staff_members::id)
        .into_boxed();
    let query = match to.facility_id {
        Some(facility) => query.filter(staff_members::facility_id.eq(facility)),
        None => query,
    };
    let query = match to.profession.clone() {
        Some(profession) => query.filter(staff_members::profession.eq(profession)),
        None => query,
    };
    Ok(query.load(&mut tx.conn()).await?)
}

/// An announcement to be sent.
pub(super) struct NewAnnouncement<'a> {
    pub(super) id: Uuid,
    pub(super) title: &'a str,
    pub(super) body: &'a str,
    pub(super) wide: bool,
    pub(super) audience: &'a [Audience],
    pub(super) confirm_by: Option<DateTime<Utc>>,
    pub(super) to: &'a [Uuid],
}

pub(super) async fn insert(
    tx: &Tx<'_>,
    _: Permit<Create>,
    new: &NewAnnouncement<'_>,
) -> Result<()> {
    let audience = serde_json::to_value(new.audience).map_err(Error::internal)?;
    diesel::insert_into(announcements::table)
        .values((
            announcements::tenant_id.eq(tx.tenant_id),
            announcements::id.eq(new.id),
            announcements::title.eq(new.title),
            announcements::body.eq(new.body),
            announcements::wide.eq(new.wide),
            announcements::audience.eq(audience),
            announcements::author_id.eq(tx.actor.ids().0),
            announcements::recorded_at.eq(tx.now),
            announcements::confirm_by.eq(new.confirm_by),
        ))
        .execute(&mut tx.conn())
        .await?;
    for chunk in new.to.chunks(5000) {
        let rows: Vec<_> = chunk
            .iter()
            .map(|who| {
                (
                    recipients::tenant_id.eq(tx.tenant_id),
                    recipients::announcement_id.eq(new.id),
                    recipients::staff_member_id.eq(*who),
                )
            })
            .collect();
        diesel::insert_into(recipients::table)
            .values(rows)
            .execute(&mut tx.conn())
            .await?;
    }
    Ok(())
}

/// Confirms for the caller; answers whether it was the first time.
pub(super) async fn confirm(tx: &Tx<'_>, _: Permit<Confirm>, id: Uuid) -> Result<bool> {
    let me = tx.actor.ids().0;
    let changed = diesel::update(
        recipients::table
            .find((tx.tenant_id, id, me))
            .filter(recipients::confirmed_at.is_null()),
    )
    .set(recipients::confirmed_at.eq(tx.now))
    .execute(&mut tx.conn())
    .await?;
    Ok(changed == 1)
}

/// Who has not confirmed.
pub(super) async fn list_waiting(tx: &Tx<'_>, id: Uuid) -> Result<Vec<Uuid>> {
    Ok(recipients::table
        .filter(recipients::tenant_id.eq(tx.tenant_id))
        .filter(recipients::announcement_id.eq(id))
        .filter(recipients::confirmed_at.is_null())
        .select(recipients::staff_member_id)
        .load(&mut tx.conn())
        .await?)
}

/// Notes that whoever has not confirmed was reminded.
pub(super) async fn set_reminded(tx: &Tx<'_>, id: Uuid) -> Result<()> {
    diesel::update(announcements::table.find((tx.tenant_id, id)))
        .set(announcements::reminded_at.eq(tx.now))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// The announcements whose deadline comes within `ahead` and of which nobody was reminded yet.
pub(super) async fn list_due(tx: &Tx<'_>, ahead: TimeDelta) -> Result<Vec<Uuid>> {
    Ok(announcements::table
        .filter(announcements::tenant_id.eq(tx.tenant_id))
        .filter(announcements::confirm_by.le(tx.now + ahead))
        .filter(announcements::reminded_at.is_null())
        .filter(announcements::withdrawn_at.is_null())
        .order(announcements::confirm_by)
        .limit(100)
        .select(announcements::id)
        .load(&mut tx.conn())
        .await?)
}

/// Withdraws it; answers whether it stood.
pub(super) async fn withdraw(tx: &Tx<'_>, _: Permit<Keep>, id: Uuid, reason: &str) -> Result<bool> {
    let changed = diesel::update(
        announcements::table
            .find((tx.tenant_id, id))
            .filter(announcements::withdrawn_at.is_null()),
    )
    .set((
        announcements::withdrawn_at.eq(tx.now),
        announcements::withdrawal_reason.eq(reason),
    ))
    .execute(&mut tx.conn())
    .await?;
    Ok(changed == 1)
}

pub(super) async fn list_facilities(tx: &Tx<'_>, ids: &[Uuid]) -> Result<Vec<(Uuid, String)>> {
    Ok(facilities::table
        .filter(facilities::tenant_id.eq(tx.tenant_id))
        .filter(facilities::id.eq_any(ids))
        .select((facilities::id, facilities::name))
        .load(&mut tx.conn())
        .await?)
}

pub(super) async fn list_rooms(tx: &Tx<'_>, ids: &[Uuid]) -> Result<Vec<(Uuid, Option<String>)>> {
    Ok(rooms::table
        .filter(rooms::tenant_id.eq(tx.tenant_id))
        .filter(rooms::id.eq_any(ids))
        .select((rooms::id, rooms::name))
        .load(&mut tx.conn())
        .await?)
}
