//! Where somebody would be in two places at once.

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    model::{Plan, Span, occurrences},
    queries,
};
use crate::{Result, ctx::Tx};

/// How far ahead a series is held against what else there is.
const AHEAD: TimeDelta = TimeDelta::days(56);
/// Most overlaps that are told.
const MOST: usize = 20;

/// A time at which somebody has something else. What it is, is not told.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OverlapView {
    /// Who.
    staff_member_id: Uuid,
    /// Name.
    name: String,
    /// From when the other appointment is.
    starts_at: DateTime<Utc>,
    /// Until when.
    ends_at: DateTime<Utc>,
}

/// What else the staff of `plan` have at its times within eight weeks. `but` is left out: the appointment itself.
pub(super) async fn find(tx: &Tx<'_>, plan: &Plan, but: Option<Uuid>) -> Result<Vec<OverlapView>> {
    let staff: Vec<Uuid> = plan.staff().collect();
    let Some(Span::Timed(..)) = plan.span().filter(|_| !staff.is_empty()) else {
        return Ok(Vec::new());
    };
    let from = plan
        .span()
        .map_or(tx.today(), Span::first_day)
        .max(tx.today());
    let to = from + AHEAD;
    let mine = occurrences(plan, &[], from, to);
    let others = queries::list_of_people(tx, &staff, (from, to)).await?;
    let names = queries::list_posts(tx, &staff).await?;
    let mut found = Vec::new();
    for other in others.iter().filter(|other| Some(other.id) != but) {
        for occurrence in occurrences(&other.plan, &other.exceptions, from, to) {
            let Span::Timed(starts_at, ends_at) = occurrence.span else {
                continue;
            };
            if !mine.iter().any(|mine| mine.span.overlaps(occurrence.span)) {
                continue;
            }
            let both = occurrence.plan.staff().filter(|id| staff.contains(id));
            found.extend(both.map(|id| {
                OverlapView {
                    staff_member_id: id,
                    name: names
                        .get(&id)
                        .map(|(name, _)| name.clone())
                        .unwrap_or_default(),
                    starts_at,
                    ends_at,
                }
            }));
        }
    }
    found.sort_by_key(|overlap| (overlap.starts_at, overlap.staff_member_id));
    found.truncate(MOST);
    Ok(found)
}
