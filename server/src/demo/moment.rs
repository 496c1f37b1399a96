//! Days and hours as people in Japan live them.

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, TimeDelta, Timelike, Utc};

use super::dice::Dice;

/// The offset of Japan, which has known no summer time since 1951.
const JAPAN: TimeDelta = TimeDelta::hours(9);

/// The day in Japan.
pub(super) fn day_of(at: DateTime<Utc>) -> NaiveDate {
    (at + JAPAN).date_naive()
}

/// Minutes after midnight in Japan.
pub(super) fn minute_of(at: DateTime<Utc>) -> i64 {
    i64::from((at + JAPAN).time().num_seconds_from_midnight() / 60)
}

/// A point in time, from a day and minutes after midnight in Japan.
pub(super) fn at(day: NaiveDate, minutes: i64) -> DateTime<Utc> {
    day.and_time(NaiveTime::MIN).and_utc() + TimeDelta::minutes(minutes) - JAPAN
}

/// Nobody answers at night: what would fall there happens the next morning.
pub(super) fn awake(time: DateTime<Utc>, dice: &mut Dice) -> DateTime<Utc> {
    let morning = i64::from(dice.between(8 * 60, 9 * 60));
    match minute_of(time) {
        0..420 => at(day_of(time), morning) + TimeDelta::seconds(time.timestamp() % 60),
        1290.. => {
            at(day_of(time) + TimeDelta::days(1), morning)
                + TimeDelta::seconds(time.timestamp() % 60)
        }
        _ => time,
    }
}

/// Monday is 0.
pub(super) fn weekday(day: NaiveDate) -> usize {
    usize::try_from(day.weekday().num_days_from_monday()).unwrap_or(0)
}

/// A later working day as people write it: `11/24(火)`.
pub(super) fn written(day: NaiveDate, later: i64) -> String {
    let mut day = day + TimeDelta::days(later);
    while weekday(day) > 4 {
        day += TimeDelta::days(1);
    }
    let name = ["月", "火", "水", "木", "金"]
        .get(weekday(day))
        .copied()
        .unwrap_or_default();
    format!("{}/{}({name})", day.month(), day.day())
}
