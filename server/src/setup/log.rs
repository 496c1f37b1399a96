//! The months of the access log, made ahead of time by the owner of the tables.

use chrono::{DateTime, Months, NaiveDate, Utc};
use diesel_async::{AsyncPgConnection, RunQueryDsl};

use crate::{commands::Outcome, spine::clock::japanese_day};

/// How many months ahead there are partitions. What no month has one for is kept as well, and taken over later.
const AHEAD: u32 = 3;

diesel::define_sql_function! {
    /// Makes the partitions of a month, unless they are there.
    fn add_log_month(day: diesel::sql_types::Date) -> diesel::sql_types::Bool;
}

mod waiting {
    diesel::define_sql_function! {
        /// Makes the partitions of months of which entries are kept without one.
        fn take_over_log_months() -> diesel::sql_types::Date;
    }
}

/// Makes partitions for entries that are kept without one, because their month had none when they were written; answers
/// with the first days of these months.
pub async fn take_over_log_months(connection: &mut AsyncPgConnection) -> Outcome<Vec<NaiveDate>> {
    Ok(diesel::select(waiting::take_over_log_months())
        .load(connection)
        .await?)
}

/// Makes the partitions of this month and the next ones; answers with the first days of those that were made.
pub async fn add_log_months(
    connection: &mut AsyncPgConnection,
    now: DateTime<Utc>,
) -> Outcome<Vec<NaiveDate>> {
    let today = japanese_day(now);
    let mut made = Vec::new();
    for ahead in 0..=AHEAD {
        let Some(day) = today.checked_add_months(Months::new(ahead)) else {
            continue;
        };
        if diesel::select(add_log_month(day))
            .get_result::<bool>(connection)
            .await?
        {
            made.push(day);
        }
    }
    Ok(made)
}

/// Makes the partitions of months that are over, for a log that is told and not written down.
pub(super) async fn add_past_months(
    connection: &mut AsyncPgConnection,
    now: DateTime<Utc>,
    months: u32,
) -> Outcome<()> {
    for back in 0..=months {
        if let Some(day) = japanese_day(now).checked_sub_months(Months::new(back)) {
            diesel::select(add_log_month(day))
                .get_result::<bool>(connection)
                .await?;
        }
    }
    Ok(())
}
