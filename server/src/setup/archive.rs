//! Taking old months of the access log out of the database, as the owner of its tables.
//!
//! A month goes when it is older than the retention of the installation, no network holds it, and every entry of every
//! network is in a file that was read back and found right (`spine::archive`). Each step can be done again: what was
//! written is found, what was recorded is compared, and the month itself goes in one transaction.

use std::path::Path;

use chrono::{DateTime, Months, NaiveDate, Utc};
use diesel::{prelude::*, result::DatabaseErrorKind};
use diesel_async::{AsyncPgConnection, RunQueryDsl, TransactionManager};
use tsumugi_schema::tables::{audit_archives as archives, tenants};
use uuid::Uuid;

use super::{Manager, begin};
use crate::{
    commands::Outcome,
    ctx::Door,
    spine::{
        archive::{self, ArchiveFile, Month},
        audit,
        clock::japanese_month,
    },
};

/// How often a month is tried to be taken out while requests are in the way.
const TRIES: u32 = 5;

/// The log is kept at least so many years (security.md AU-14).
pub const SHORTEST_YEARS: u32 = 10;

diesel::define_sql_function! {
    /// The months that have a partition.
    fn log_months() -> diesel::sql_types::Date;
}
diesel::define_sql_function! {
    /// Takes a month out; answers with what stands in the way.
    fn drop_log_month(day: diesel::sql_types::Date, dropped: diesel::sql_types::Timestamptz)
        -> diesel::sql_types::Nullable<diesel::sql_types::Text>;
}

/// How it went with a month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outgoing {
    /// It is out of the database, in these files.
    Gone(Vec<String>),
    /// These networks hold it; it stays for all networks.
    Held(Vec<String>),
    /// In these networks entries wait for their seal or signature.
    Unsealed(Vec<String>),
    /// Something came in between, in a word; the next time will show.
    Kept(String),
}

/// Archives every month that is old enough, oldest first. Answers with each month and how it went.
pub async fn archive_log(
    connection: &mut AsyncPgConnection,
    door: &Door,
    folder: &Path,
    (years, before): (u32, Option<NaiveDate>),
) -> Outcome<Vec<(NaiveDate, Outgoing)>> {
    let now = door.app.clock.now();
    let limit = too_old(now, years).ok_or("the retention is out of range")?;
    let limit = before.map_or(limit, |before| before.min(limit));
    let months: Vec<NaiveDate> = diesel::select(log_months()).load(connection).await?;
    let mut done = Vec::new();
    for month in months.into_iter().filter(|month| *month < limit) {
        let outgoing = archive_month(connection, door, folder, month).await?;
        done.push((month, outgoing));
    }
    Ok(done)
}

/// The first day of the first month that is not old enough.
fn too_old(now: DateTime<Utc>, years: u32) -> Option<NaiveDate> {
    japanese_month(now).checked_sub_months(Months::new(years.checked_mul(12)?))
}

async fn archive_month(
    connection: &mut AsyncPgConnection,
    door: &Door,
    folder: &Path,
    month: NaiveDate,
) -> Outcome<Outgoing> {
    let networks: Vec<(Uuid, String)> = tenants::table
        .order(tenants::slug)
        .select((tenants::tenant_id, tenants::slug))
        .load(connection)
        .await?;
    let (mut held, mut unsealed, mut names) = (Vec::new(), Vec::new(), Vec::new());
    // One that holds it keeps it for all: nothing is written before that is known of all of them.
    for (tenant_id, slug) in &networks {
        if archive::is_held(door, *tenant_id, month).await? {
            held.push(slug.clone());
        }
    }
    if !held.is_empty() {
        return Ok(Outgoing::Held(held));
    }
    for (tenant_id, slug) in &networks {
        match archive::write_month(door, (*tenant_id, slug), month, folder).await? {
            Month::Empty => {}
            Month::Held => held.push(slug.clone()),
            Month::Unsealed => unsealed.push(slug.clone()),
            Month::Recorded(files) => names.extend(files),
            Month::Written(files) => {
                names.extend(files.iter().map(|file| file.name.clone()));
                record(connection, door, *tenant_id, month, &files).await?;
            }
        }
    }
    if !held.is_empty() {
        return Ok(Outgoing::Held(held));
    }
    if !unsealed.is_empty() {
        return Ok(Outgoing::Unsealed(unsealed));
    }
    let now = door.app.clock.now();
    let obstacle = take_out(connection, month, now).await?;
    Ok(match obstacle {
        None => Outgoing::Gone(names),
        Some(obstacle) => Outgoing::Kept(obstacle),
    })
}

/// Takes a month out. Where requests hold what it waits for and wait for what it holds, it is taken back, and done again.
async fn take_out(
    connection: &mut AsyncPgConnection,
    month: NaiveDate,
    now: DateTime<Utc>,
) -> Outcome<Option<String>> {
    let mut tries = 0;
    loop {
        let done = diesel::select(drop_log_month(month, now))
            .get_result(connection)
            .await;
        match done {
            Err(diesel::result::Error::DatabaseError(DatabaseErrorKind::Unknown, said))
                if tries < TRIES =>
            {
                tracing::info!(said = said.message(), "a month could not be taken out yet");
                tries += 1;
                tokio::time::sleep(std::time::Duration::from_millis(200)).await;
            }
            done => return Ok(done?),
        }
    }
}

/// Records the files of a month instead of those of an attempt that did not hold all of it, and says so in the log.
async fn record(
    connection: &mut AsyncPgConnection,
    door: &Door,
    tenant_id: Uuid,
    month: NaiveDate,
    files: &[ArchiveFile],
) -> Outcome<()> {
    let now = door.app.clock.now();
    begin(connection, tenant_id).await?;
    let before = archives::table
        .filter(archives::tenant_id.eq(tenant_id))
        .filter(archives::month.eq(month))
        .filter(archives::dropped_at.is_null());
    diesel::delete(before).execute(connection).await?;
    for file in files {
        diesel::insert_into(archives::table)
            .values((
                archives::tenant_id.eq(tenant_id),
                archives::month.eq(month),
                archives::tree.eq(file.tree),
                archives::from_index.eq(file.from),
                archives::to_index.eq(file.to),
                archives::entries.eq(file.entries),
                archives::loose.eq(file.loose),
                archives::file.eq(&file.name),
                archives::sha256.eq(file.sha256.to_vec()),
                archives::created_at.eq(now),
            ))
            .execute(connection)
            .await?;
    }
    let done = ("access_log.archive", None);
    audit::write_by_owner(connection, &door.app.seal, tenant_id, now, done).await?;
    Manager::commit_transaction(connection).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_is_old_enough_when_all_of_it_is() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        // The last moment of November in Japan, and the first of December.
        let last = "2036-11-30T14:59:59Z".parse().unwrap();
        let first = "2036-11-30T15:00:00Z".parse().unwrap();
        assert_eq!(too_old(last, 10), Some(day("2026-11-01")));
        assert_eq!(too_old(first, 10), Some(day("2026-12-01")));
        assert_eq!(too_old(first, u32::MAX), None);
    }
}
