//! Passing something round, confirming it, reminding, withdrawing.

use actix_web::{post, web::Path};
use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    model::Audience,
    policy::{self, Confirm, Keep},
    queries::{self, NewAnnouncement},
    view::{self, AnnouncementView},
};
use crate::{
    Error, Result,
    ctx::{Ctx, Tx},
    error::{FieldError, Problem},
    features::{
        events,
        notices::{self, About, Kind},
        professions,
    },
    spine::{
        access::members_of,
        audit::Entry,
        input::{Check, Input, Nothing},
        reply::{Answer, Reply},
        text,
    },
};

/// How long before the deadline whoever has not confirmed is reminded.
const AHEAD: TimeDelta = TimeDelta::hours(24);

/// An announcement to be sent.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CreateAnnouncement {
    /// Identifier, chosen by the author's device.
    id: Uuid,
    /// What it is about, up to 100 characters.
    title: String,
    /// What it says, up to 10,000 characters. Not about a patient.
    body: String,
    /// Whom it is for: 1 to 20 groups.
    audience: Vec<Audience>,
    /// By when it is to be confirmed.
    #[serde(default)]
    confirm_by: Option<DateTime<Utc>>,
}

/// A withdrawal.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WithdrawAnnouncement {
    /// Why, up to 500 characters.
    reason: String,
}

impl Check for CreateAnnouncement {
    fn check(&self, errors: &mut Vec<FieldError>) {
        text::check("title", &self.title, 100, false, errors);
        text::check("body", &self.body, 10_000, true, errors);
        if !(1..=20).contains(&self.audience.len()) {
            errors.push(FieldError::new(
                "audience",
                "out_of_range",
                "1 to 20 groups",
            ));
        }
        let mixed = |to: &Audience| {
            to.room_id.is_some() && (to.facility_id.is_some() || to.profession.is_some())
        };
        if self.audience.iter().any(mixed) {
            let message = "a room, or posts";
            errors.push(FieldError::new("audience", "not_allowed", message));
        }
    }
}

impl Check for WithdrawAnnouncement {
    fn check(&self, errors: &mut Vec<FieldError>) {
        text::check("reason", &self.reason, 500, false, errors);
    }
}

/// Pass something round, to be confirmed by everybody whom it is sent to.
#[utoipa::path(
    tag = "announcements",
    request_body = CreateAnnouncement,
    responses((status = 201, body = AnnouncementView), (status = "4XX", body = Problem)),
)]
#[post("/v1/announcements")]
pub(super) async fn create_announcement(
    ctx: Ctx,
    input: Input<CreateAnnouncement>,
) -> Result<Answer> {
    let new = &input.value;
    ctx.write(&input.digest, async |tx| {
        let own = tx.actor.ids().1;
        let wide = new.audience.iter().any(|to| to.is_wide(own));
        let permit = policy::may_create(tx, new.id, wide)?;
        if new.confirm_by.is_some_and(|at| at <= tx.now) {
            return Err(Error::invalid(
                "confirm_by",
                "out_of_range",
                "in the future",
            ));
        }
        let to = addressed(tx, &new.audience).await?;
        let row = NewAnnouncement {
            id: new.id,
            title: &new.title,
            body: &new.body,
            wide,
            audience: &new.audience,
            confirm_by: new.confirm_by,
            to: &to,
        };
        queries::insert(tx, permit, &row).await?;
        let entry = Entry::new("announcement.create").on("announcement", new.id);
        tx.record(entry.listing(to.len()));
        events::enqueue_announcement(tx, events::ANNOUNCEMENT_CREATED, new.id, None).await?;
        let about = About {
            what: "announcement",
            id: new.id,
            patient_id: None,
            at_once: false,
        };
        notices::enqueue(tx, Kind::Announcement, &to, about).await?;
        Ok(Reply::created(view::announcement(tx, new.id).await?))
    })
    .await
}

/// Everybody who belongs to the audience at this moment, but the caller.
async fn addressed(tx: &Tx<'_>, audience: &[Audience]) -> Result<Vec<Uuid>> {
    let me = tx.actor.ids().0;
    let wrong = |message| Error::invalid("audience", "not_allowed", message);
    let mut found = Vec::new();
    for to in audience {
        if let Some(room) = to.room_id {
            let members = members_of(tx, &[room]).await?;
            if !members.iter().any(|member| member.staff_member_id == me) {
                return Err(wrong("no such room"));
            }
            found.extend(members.into_iter().map(|member| member.staff_member_id));
            continue;
        }
        if let Some(facility) = to.facility_id
            && queries::list_facilities(tx, &[facility]).await?.is_empty()
        {
            return Err(wrong("no such facility"));
        }
        if let Some(profession) = &to.profession
            && professions::resolve(tx, profession).await?.is_none()
        {
            return Err(wrong("no such profession"));
        }
        found.extend(queries::list_posts(tx, to).await?);
    }
    found.sort_unstable();
    found.dedup();
    found.retain(|who| *who != me);
    if found.is_empty() {
        return Err(wrong("nobody but oneself"));
    }
    Ok(found)
}

/// Confirm an announcement: "I have read it". Doing so again changes nothing.
#[utoipa::path(
    tag = "announcements",
    request_body = Nothing,
    responses((status = 200, body = AnnouncementView), (status = "4XX", body = Problem)),
)]
#[post("/v1/announcements/{announcement_id}/confirm")]
pub(super) async fn confirm_announcement(
    ctx: Ctx,
    announcement_id: Path<Uuid>,
    input: Input<Nothing>,
) -> Result<Answer> {
    let id = *announcement_id;
    ctx.write(&input.digest, async |tx| {
        let (found, permit) = policy::may::<Confirm>(tx, id).await?;
        check_stands(found.withdrawn_at)?;
        if queries::confirm(tx, permit, id).await? {
            // The sender counts anew, and the caller's other devices do.
            let told = vec![found.author_id, tx.actor.ids().0];
            let kind = events::ANNOUNCEMENT_CHANGED;
            events::enqueue_announcement(tx, kind, id, Some(told)).await?;
            notices::finish_own(tx, id).await?;
        }
        tx.record(Entry::new("announcement.confirm").on("announcement", id));
        Ok(Reply::ok(view::announcement(tx, id).await?))
    })
    .await
}

/// Remind everybody who has not confirmed an announcement of one's own.
#[utoipa::path(
    tag = "announcements",
    request_body = Nothing,
    responses((status = 200, body = AnnouncementView), (status = "4XX", body = Problem)),
)]
#[post("/v1/announcements/{announcement_id}/remind")]
pub(super) async fn remind_announcement(
    ctx: Ctx,
    announcement_id: Path<Uuid>,
    input: Input<Nothing>,
) -> Result<Answer> {
    let id = *announcement_id;
    ctx.write(&input.digest, async |tx| {
        let (found, _permit) = policy::may::<Keep>(tx, id).await?;
        check_stands(found.withdrawn_at)?;
        let count = remind(tx, id).await?;
        let entry = Entry::new("announcement.remind").on("announcement", id);
        tx.record(entry.listing(count));
        Ok(Reply::ok(view::announcement(tx, id).await?))
    })
    .await
}

/// Withdraw an announcement of one's own: whom it was sent to read it no more.
#[utoipa::path(
    tag = "announcements",
    request_body = WithdrawAnnouncement,
    responses((status = 200, body = AnnouncementView), (status = "4XX", body = Problem)),
)]
#[post("/v1/announcements/{announcement_id}/withdraw")]
pub(super) async fn withdraw_announcement(
    ctx: Ctx,
    announcement_id: Path<Uuid>,
    input: Input<WithdrawAnnouncement>,
) -> Result<Answer> {
    let id = *announcement_id;
    ctx.write(&input.digest, async |tx| {
        let (found, permit) = policy::may::<Keep>(tx, id).await?;
        check_stands(found.withdrawn_at)?;
        if !queries::withdraw(tx, permit, id, &input.value.reason).await? {
            check_stands(Some(tx.now))?;
        }
        tx.record(Entry::new("announcement.withdraw").on("announcement", id));
        events::enqueue_announcement(tx, events::ANNOUNCEMENT_CHANGED, id, None).await?;
        notices::finish(tx, id, &[]).await?;
        Ok(Reply::ok(view::announcement(tx, id).await?))
    })
    .await
}

fn check_stands(withdrawn_at: Option<DateTime<Utc>>) -> Result<()> {
    match withdrawn_at {
        None => Ok(()),
        Some(_) => Err(Error::Conflict(
            "announcement_withdrawn",
            "the announcement has been withdrawn",
        )),
    }
}

/// Reminds whoever has not confirmed; answers how many these are.
async fn remind(tx: &Tx<'_>, id: Uuid) -> Result<usize> {
    let waiting = queries::list_waiting(tx, id).await?;
    queries::set_reminded(tx, id).await?;
    let count = waiting.len();
    if count > 0 {
        let kind = events::ANNOUNCEMENT_REMINDED;
        events::enqueue_announcement(tx, kind, id, Some(waiting)).await?;
    }
    Ok(count)
}

/// Reminds, once, whoever has not confirmed what is due within a day. Run by the worker.
pub async fn watch(tx: &Tx<'_>) -> Result<()> {
    for id in queries::list_due(tx, AHEAD).await? {
        remind(tx, id).await?;
    }
    Ok(())
}
