//! What moving and leaving have in common: a post ends, and the care teams go on without it.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate, TimeDelta};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    super::model::{StaffMemberView, role_of},
    queries::{self, Post},
};
use crate::{
    Error, Result,
    ctx::Tx,
    features::events,
    spine::{
        access::{Permit, Verb},
        auth::Role,
    },
};

/// How far ahead a change may be planned.
const AHEAD: TimeDelta = TimeDelta::days(366);
/// How late a change may be entered.
const LATE: TimeDelta = TimeDelta::days(92);

/// What came of a post that ended.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ChangeView {
    /// The post: the new one of somebody who moves, the last one of somebody who leaves.
    pub(super) staff_member: StaffMemberView,
    /// How many memberships of care teams end.
    pub(super) ended_memberships: usize,
    /// How many patients have nobody on their team after it. Which, whoever keeps their teams can see.
    pub(super) patients_without_team: usize,
}

/// The day after; the last day there is, if there is none.
pub(super) fn next(day: NaiveDate) -> NaiveDate {
    day.checked_add_days(Days::new(1)).unwrap_or(day)
}

/// Checks that a change on `on` is neither planned too far ahead nor entered too late.
pub(super) fn check_day(tx: &Tx<'_>, on: NaiveDate) -> Result<()> {
    let today = tx.today();
    if (today - LATE..=today + AHEAD).contains(&on) {
        return Ok(());
    }
    Err(Error::invalid(
        "on",
        "out_of_range",
        "at most three months ago and one year ahead",
    ))
}

/// What ended with a post.
pub(super) struct Closed {
    pub(super) memberships: usize,
    pub(super) patients: BTreeSet<Uuid>,
    pub(super) without_team: usize,
}

/// Ends a post with `last_day`, and its memberships with it; `hand_over_to` goes on with them from the next day.
pub(super) async fn close<V: Verb>(
    tx: &Tx<'_>,
    _: &Permit<V>,
    post: &Post,
    last_day: NaiveDate,
    hand_over_to: Option<Uuid>,
) -> Result<Closed> {
    if last_day < post.starts_on {
        return Err(Error::invalid(
            "on",
            "out_of_range",
            "the post has not begun by then",
        ));
    }
    if post.ends_on.is_some_and(|already| already < last_day) {
        let message = "the post ends before that day";
        return Err(Error::Conflict("post_ended", message));
    }
    let first_day = next(last_day);
    let to = match hand_over_to {
        Some(to) => Some(receiver(tx, post, to, first_day).await?),
        None => None,
    };
    queries::end_post(tx, post.id, last_day).await?;
    let ended = queries::end_memberships(tx, post.id, last_day).await?;
    if let Some(to) = to.filter(|_| !ended.is_empty()) {
        queries::hand_over(tx, &ended, to, first_day).await?;
    }
    let patients: BTreeSet<Uuid> = ended.iter().map(|m| m.patient_id).collect();
    let listed: Vec<Uuid> = patients.iter().copied().collect();
    let looked_after: BTreeSet<Uuid> = queries::team_on(tx, &listed, first_day)
        .await?
        .into_iter()
        .map(|(patient, _)| patient)
        .collect();
    for patient in &listed {
        events::enqueue_team_change(tx, *patient).await?;
    }
    Ok(Closed {
        memberships: ended.len(),
        without_team: patients.difference(&looked_after).count(),
        patients,
    })
}

/// Whoever is to go on with the patients: somebody who does care and holds the post on `first_day`.
async fn receiver(tx: &Tx<'_>, from: &Post, to: Uuid, first_day: NaiveDate) -> Result<Uuid> {
    let refuse = |message| Error::invalid("hand_over_to", "not_allowed", message);
    let found = queries::find(tx, to).await?;
    let found = found.ok_or_else(|| refuse("no such staff member"))?;
    if found.id == from.id || role_of(&found.profession) != Role::Staff {
        return Err(refuse("not somebody who can go on with the patients"));
    }
    if found.starts_on > first_day || found.ends_on.is_some_and(|last| last < first_day) {
        return Err(refuse("does not hold the post on that day"));
    }
    Ok(to)
}
