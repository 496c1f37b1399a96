//! The access log of the month in numbers.

mod queries;

use std::collections::{BTreeMap, HashMap};

use uuid::Uuid;

use super::{model::Period, policy::Read};
use crate::{
    Result,
    ctx::Tx,
    features::access_log,
    print::{AccessRow, Counted, WeekHours},
    spine::{access::Permit, professions},
};

pub(super) use queries::find_network as network;

/// The numbers.
#[derive(Debug)]
pub(super) struct Counts {
    pub(super) allowed: u64,
    pub(super) denied: u64,
    pub(super) people: u64,
    pub(super) patients: u64,
    pub(super) by_place: Vec<AccessRow>,
    pub(super) by_purpose: Vec<Counted>,
    pub(super) by_action: Vec<Counted>,
    pub(super) hours: WeekHours,
}

/// Counts, all by the database.
pub(super) async fn of(tx: &Tx<'_>, permit: &Permit<Read>, period: &Period) -> Result<Counts> {
    let span = period.span();
    let purposes = queries::count_by_purpose(tx, permit, span).await?;
    let acts = queries::count_by_action(tx, permit, span).await?;
    let places = queries::count_by_place(tx, permit, span).await?;
    let denied = queries::count_denied_by_place(tx, permit, span).await?;
    let facilities = queries::list_facility_names(tx).await?;
    let hours = access_log::week_hours(tx, permit, span).await?;
    let by_purpose = by_name(purposes, |code| access_log::purpose_ja(code).to_owned());
    let sum = |of: fn(&Counted) -> u64| by_purpose.iter().map(of).sum();
    Ok(Counts {
        allowed: sum(|row| row.allowed),
        denied: sum(|row| row.denied),
        people: number(queries::count_people(tx, permit, span).await?),
        patients: number(queries::count_patients(tx, permit, span).await?),
        by_place: by_place(places, denied, &facilities),
        by_purpose,
        by_action: by_name(acts, |code| access_log::kind_ja(code).to_owned()),
        hours: week(&hours),
    })
}

/// A count as it is printed: there is no less than nothing.
pub(super) fn number(count: i64) -> u64 {
    u64::try_from(count).unwrap_or_default()
}

/// Sums what has the same name, most first.
fn by_name(rows: Vec<(String, String, i64)>, name: impl Fn(&str) -> String) -> Vec<Counted> {
    let mut sums: BTreeMap<String, (u64, u64)> = BTreeMap::new();
    for (code, outcome, count) in rows {
        let (allowed, denied) = sums.entry(name(&code)).or_default();
        if outcome == "denied" {
            *denied += number(count);
        } else {
            *allowed += number(count);
        }
    }
    let counted = |(name, (allowed, denied))| Counted {
        name,
        allowed,
        denied,
    };
    let mut rows: Vec<Counted> = sums.into_iter().map(counted).collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.allowed + row.denied));
    rows
}

/// Rows of facilities by name, those of one facility together; what belongs to none at the end.
fn by_place(
    places: Vec<queries::Place>,
    denied: Vec<(queries::Key, i64)>,
    facilities: &HashMap<Uuid, String>,
) -> Vec<AccessRow> {
    let denied: HashMap<queries::Key, u64> = denied
        .into_iter()
        .map(|(key, count)| (key, number(count)))
        .collect();
    let row = |place: queries::Place| {
        let refused = denied.get(&place.key).copied().unwrap_or_default();
        let (facility, profession, kind) = place.key;
        let name = facility.and_then(|id| facilities.get(&id).cloned());
        let row = AccessRow {
            facility: name.unwrap_or_else(|| "施設によらないもの".to_owned()),
            profession: who(profession.as_deref(), &kind),
            people: number(place.people),
            allowed: number(place.all).saturating_sub(refused),
            denied: refused,
        };
        (facility.is_none(), row)
    };
    let mut rows: Vec<(bool, AccessRow)> = places.into_iter().map(row).collect();
    let most = |row: &AccessRow| std::cmp::Reverse(row.allowed + row.denied);
    rows.sort_by(|(none, a), (other, b)| {
        (none, &a.facility, most(a)).cmp(&(other, &b.facility, most(b)))
    });
    rows.into_iter().map(|(_, row)| row).collect()
}

/// In which profession, or as what.
fn who(profession: Option<&str>, kind: &str) -> String {
    match (profession, kind) {
        (Some(code), _) => professions::find(code)
            .map_or(code, |profession| &profession.ja)
            .to_owned(),
        (None, "system") => "システム".to_owned(),
        (None, "anonymous") => "サインイン前".to_owned(),
        (None, _) => "職種なし".to_owned(),
    }
}

fn week(rows: &[Vec<i64>]) -> WeekHours {
    let mut week = WeekHours::default();
    for (day, row) in week.0.iter_mut().zip(rows) {
        for (hour, count) in day.iter_mut().zip(row) {
            *hour = number(*count);
        }
    }
    week
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_the_same_name_is_summed_most_first() {
        let row = |code: &str, outcome: &str, count| (code.to_owned(), outcome.to_owned(), count);
        let rows = vec![
            row("a", "allowed", 2),
            row("b", "allowed", 3),
            row("b", "denied", 1),
            row("c", "allowed", 5),
        ];
        let name = |code: &str| if code == "c" { "one" } else { "other" }.to_owned();
        let sums: Vec<(String, u64, u64)> = by_name(rows, name)
            .into_iter()
            .map(|row| (row.name, row.allowed, row.denied))
            .collect();
        let expected = [("other".to_owned(), 5, 1), ("one".to_owned(), 5, 0)];
        assert_eq!(sums, expected);
    }
}
