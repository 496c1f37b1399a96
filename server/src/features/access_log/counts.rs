//! The log in numbers.

use std::collections::{BTreeMap, HashMap};

use actix_web::{get, web::Json};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    actions,
    filter::{Filter, log_query},
    policy,
    queries::{self, Counts},
    routes::looking,
};
use crate::{
    Result,
    ctx::{Ctx, Tx},
    error::Problem,
    spine::{access::Permit, audit::Entry, input::Query},
};

log_query! {
    /// What to count.
    CountAccessLog {}
}

/// Entries of the log, counted.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AccessLogSummaryView {
    /// From when.
    from: DateTime<Utc>,
    /// Until when; null for all up to now.
    until: Option<DateTime<Utc>>,
    /// How many entries.
    total: i64,
    /// By profession, most first.
    professions: Vec<CountView>,
    /// By facility, most first.
    facilities: Vec<FacilityCountView>,
    /// By purpose of use, most first.
    purposes: Vec<CountView>,
    /// By action, most first.
    actions: Vec<ActionCountView>,
    /// Allowed and denied.
    outcomes: Vec<CountView>,
    /// By day in Japan; days without an entry are left out.
    days: Vec<DayCountView>,
}

/// How often something is in the log.
#[derive(Debug, Serialize, ToSchema)]
struct CountView {
    /// Its code; null for entries without one.
    code: Option<String>,
    /// How often.
    count: i64,
}

/// How often an action is in the log.
#[derive(Debug, Serialize, ToSchema)]
struct ActionCountView {
    /// The action.
    code: String,
    /// Its name in Japanese; the code again for one without a name.
    name_ja: String,
    /// How often.
    count: i64,
}

/// How often a facility is in the log.
#[derive(Debug, Serialize, ToSchema)]
struct FacilityCountView {
    /// The facility; null for entries without one.
    id: Option<Uuid>,
    /// Its name.
    name: Option<String>,
    /// How often.
    count: i64,
}

/// How many entries a day has.
#[derive(Debug, Serialize, ToSchema)]
struct DayCountView {
    /// Day in Japan.
    day: NaiveDate,
    /// How many.
    count: i64,
}

/// When things happen: entries by weekday and hour in Japan.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct HeatMapView {
    /// From when.
    from: DateTime<Utc>,
    /// Until when; null for all up to now.
    until: Option<DateTime<Utc>>,
    /// How many entries.
    total: i64,
    /// Seven rows from Monday to Sunday, each with 24 counts from 0:00.
    cells: Vec<Vec<i64>>,
}

/// Sums what was counted in several ways, most first.
fn summed<K: Ord>(counts: Counts<K>) -> Vec<(K, i64)> {
    let mut sums: BTreeMap<K, i64> = BTreeMap::new();
    for (key, count) in counts {
        *sums.entry(key).or_default() += count;
    }
    let mut sums: Vec<(K, i64)> = sums.into_iter().collect();
    sums.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    sums
}

fn codes<K: Ord + Into<Option<String>>>(counts: Counts<K>) -> Vec<CountView> {
    let view = |(code, count): (K, i64)| CountView {
        code: code.into(),
        count,
    };
    summed(counts).into_iter().map(view).collect()
}

/// Count the entries of the access log by profession, facility, purpose, action, outcome and day: of the last 30 days
/// when `from` is left out. Auditors only.
#[utoipa::path(
    tag = "access_log",
    params(CountAccessLog),
    responses((status = 200, body = AccessLogSummaryView), (status = "4XX", body = Problem)),
)]
#[get("/v1/access-log/summary")]
pub(super) async fn find_access_log_summary(
    ctx: Ctx,
    query: Query<CountAccessLog>,
) -> Result<Json<AccessLogSummaryView>> {
    let filter = query.0.filter()?;
    let view = ctx.read_log(async |tx| {
        let filter = filter.clone().of_late(tx.now);
        let found = queries::summary(tx, policy::may_list(tx)?, &filter).await?;
        let ids = found.facilities.iter().filter_map(|(id, _)| *id);
        let names = queries::facility_names(tx, ids).await?;
        tx.record(looking(&filter, Entry::new("access_log.summary")));
        Ok(summary(&filter, tx.now, found, &names))
    });
    Ok(Json(view.await?))
}

fn summary(
    filter: &Filter,
    now: DateTime<Utc>,
    found: queries::Summary,
    names: &HashMap<Uuid, String>,
) -> AccessLogSummaryView {
    let total = found.outcomes.iter().map(|(_, count)| count).sum();
    let facility = |(id, count): (Option<Uuid>, i64)| FacilityCountView {
        id,
        name: id.and_then(|id| names.get(&id).cloned()),
        count,
    };
    let action = |(code, count): (String, i64)| ActionCountView {
        name_ja: actions::find(&code).map_or_else(|| code.clone(), |action| action.ja.to_owned()),
        code,
        count,
    };
    let mut days = summed(found.days);
    days.sort_unstable();
    AccessLogSummaryView {
        from: filter.from.unwrap_or(now),
        until: filter.until,
        total,
        professions: codes(found.professions),
        facilities: summed(found.facilities).into_iter().map(facility).collect(),
        purposes: codes(found.purposes),
        actions: summed(found.actions).into_iter().map(action).collect(),
        outcomes: codes(found.outcomes),
        days: days
            .into_iter()
            .map(|(day, count)| DayCountView { day, count })
            .collect(),
    }
}

/// Count the entries of the access log by weekday and hour in Japan: of the last 30 days when `from` is left out. Auditors
/// only.
#[utoipa::path(
    tag = "access_log",
    params(CountAccessLog),
    responses((status = 200, body = HeatMapView), (status = "4XX", body = Problem)),
)]
#[get("/v1/access-log/heat-map")]
pub(super) async fn find_access_log_heat_map(
    ctx: Ctx,
    query: Query<CountAccessLog>,
) -> Result<Json<HeatMapView>> {
    let filter = query.0.filter()?;
    let view = ctx.read_log(async |tx| {
        let filter = filter.clone().of_late(tx.now);
        let found = queries::hours(tx, &policy::may_list(tx)?, &filter).await?;
        tx.record(looking(&filter, Entry::new("access_log.heat_map")));
        Ok(HeatMapView {
            from: filter.from.unwrap_or(tx.now),
            until: filter.until,
            total: found.iter().map(|(_, count)| count).sum(),
            cells: cells(found),
        })
    });
    Ok(Json(view.await?))
}

/// Entries of a time by weekday, Monday first, and hour in Japan: for others that were allowed to count.
pub async fn week_hours<V>(
    tx: &Tx<'_>,
    permit: &Permit<V>,
    (from, until): (DateTime<Utc>, DateTime<Utc>),
) -> Result<Vec<Vec<i64>>> {
    let filter = Filter {
        from: Some(from),
        until: Some(until),
        ..Filter::default()
    };
    Ok(cells(queries::hours(tx, permit, &filter).await?))
}

/// Counts by the hour of the week as rows of days.
fn cells(found: Counts<i32>) -> Vec<Vec<i64>> {
    let mut cells = vec![vec![0; 24]; 7];
    for (hour, count) in found {
        let hour = usize::try_from(hour).unwrap_or_default();
        let cell = cells
            .get_mut(hour / 24)
            .and_then(|day| day.get_mut(hour % 24));
        if let Some(cell) = cell {
            *cell += count;
        }
    }
    cells
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_of_the_week_become_days() {
        let cells = cells(vec![(0, 1), (23, 2), (24, 3), (167, 4), (167, 5), (168, 9)]);
        assert_eq!((cells[0][0], cells[0][23], cells[1][0]), (1, 2, 3));
        assert_eq!(cells[6][23], 9);
        assert_eq!(cells.iter().flatten().sum::<i64>(), 15);
    }

    #[test]
    fn what_was_counted_in_two_ways_is_summed() {
        let counts = vec![("a", 1), ("b", 5), ("a", 3)];
        assert_eq!(summed(counts), [("b", 5), ("a", 4)]);
    }
}
