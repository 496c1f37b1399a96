//! The times that one person's days hold, whoever entered them.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::{
    model::{Occurrence, occurrences},
    queries::{self, Appointment},
};
use crate::{Result, ctx::Tx};

/// A time that somebody's day holds: kind and time, for a calendar outside.
#[derive(Debug, Clone)]
pub struct Taken {
    /// The appointment.
    pub appointment_id: Uuid,
    /// Its version.
    pub version: i32,
    /// When that was written.
    pub written_at: DateTime<Utc>,
    /// The time.
    pub occurrence: Occurrence,
}

/// Everything in which somebody takes part from one day to another, in the order of time.
pub(super) async fn taken(
    tx: &Tx<'_>,
    staff_member: Uuid,
    days: (NaiveDate, NaiveDate),
) -> Result<Vec<(Appointment, Occurrence)>> {
    let mut found = Vec::new();
    for appointment in queries::list_of_people(tx, &[staff_member], days).await? {
        for occurrence in occurrences(&appointment.plan, &appointment.exceptions, days.0, days.1) {
            if occurrence.plan.staff().any(|id| id == staff_member) {
                found.push((appointment.clone(), occurrence));
            }
        }
    }
    found.sort_by_key(|(_, occurrence)| (occurrence.span.first_day(), occurrence.plan.starts_at));
    Ok(found)
}

/// Everything in which somebody takes part from one day to another, in the order of time: for the calendar feed.
pub async fn of_person(
    tx: &Tx<'_>,
    staff_member: Uuid,
    days: (NaiveDate, NaiveDate),
) -> Result<Vec<Taken>> {
    let found = taken(tx, staff_member, days).await?;
    Ok(found
        .into_iter()
        .map(|(appointment, occurrence)| Taken {
            appointment_id: appointment.id,
            version: appointment.version,
            written_at: appointment.written_at,
            occurrence,
        })
        .collect())
}
