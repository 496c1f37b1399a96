//! `tsumugi audit incident-report`, `archive` and `months`: what is asked of the log, and what is done to keep it.

use std::path::PathBuf;

use chrono::{DateTime, NaiveDate, Utc};
use clap::{ArgGroup, Args, ValueEnum};
use uuid::Uuid;

use super::{Outcome, door, say};
use crate::{
    commands::owner,
    config,
    ctx::Tx,
    features::incident_reports::{self, Asked, Source},
    setup::{self, Outgoing},
    spine::{
        auth::Actor,
        clock::{Clock, day_begins, parse_month},
    },
};

/// Which months, and whither.
#[derive(Debug, Args)]
pub struct Archive {
    /// Only months before this one, such as 2016-04.
    #[arg(long, value_parser = month)]
    before: Option<NaiveDate>,
    /// Folder for the files.
    #[arg(long)]
    to: PathBuf,
}

/// What leaked, and when.
#[derive(Debug, Args)]
#[command(group(ArgGroup::new("source").required(true).multiple(false)))]
pub struct Incident {
    /// Short name of the network.
    #[arg(long)]
    network: String,
    /// The system or program whose key leaked.
    #[arg(long, group = "source")]
    client: Option<Uuid>,
    /// The account that was misused.
    #[arg(long, group = "source")]
    account: Option<Uuid>,
    /// The session that was misused.
    #[arg(long, group = "source")]
    session: Option<Uuid>,
    /// The registered device that was lost.
    #[arg(long, group = "source")]
    device: Option<Uuid>,
    /// The address of the network that was used.
    #[arg(long, group = "source")]
    source_ip: Option<String>,
    /// From: a moment such as 2026-11-01T09:00:00+09:00, or a day in Japan.
    #[arg(long, value_parser = first_moment)]
    from: DateTime<Utc>,
    /// Until, not including, or a last day in Japan.
    #[arg(long, value_parser = last_moment)]
    to: DateTime<Utc>,
    /// Day on which the leak became known.
    #[arg(long)]
    known_on: Option<NaiveDate>,
    /// In which form.
    #[arg(long, value_enum, default_value_t = Format::Json)]
    format: Format,
}

/// In which form a report is printed.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    /// The affected persons, for spreadsheets.
    Csv,
    /// Everything.
    Json,
}

/// Lists the persons affected by a leak.
pub(super) async fn incident_report(incident: Incident) -> Outcome<()> {
    let door = door()?;
    let slug = &incident.network;
    let network = door
        .look_up(Uuid::nil(), async |tx: &Tx<'_>| {
            incident_reports::find_network(tx, slug).await
        })
        .await?;
    let network = network.ok_or_else(|| format!("there is no network {slug}"))?;
    let source = [
        incident.client.map(Source::Client),
        incident.account.map(Source::Account),
        incident.session.map(Source::Session),
        incident.device.map(Source::Device),
        incident.source_ip.map(Source::SourceIp),
    ];
    let asked = Asked {
        source: source
            .into_iter()
            .flatten()
            .next()
            .ok_or("no source is named")?,
        from: incident.from,
        to: incident.to,
        known_on: incident.known_on,
    };
    let make = async |tx: &Tx<'_>| incident_reports::make(tx, &asked).await;
    let report = door.within_log(network, Actor::Worker, make).await?;
    let printed = match incident.format {
        Format::Csv => incident_reports::csv(&report)?,
        Format::Json => serde_json::to_vec_pretty(&report)?,
    };
    Ok(say(&printed)?)
}

/// Puts months that are older than the retention into files, and takes them out of the database.
pub(super) async fn archive(Archive { before, to: folder }: Archive) -> Outcome<()> {
    let years = config::value("TSUMUGI_LOG_RETENTION_YEARS").unwrap_or_default();
    let years: u32 = years
        .parse()
        .map_err(|_| "TSUMUGI_LOG_RETENTION_YEARS is not a number of years")?;
    if years < setup::SHORTEST_YEARS {
        let shortest = setup::SHORTEST_YEARS;
        return Err(format!("TSUMUGI_LOG_RETENTION_YEARS must be at least {shortest}").into());
    }
    if !folder.is_dir() {
        return Err(format!("{} is not a folder", folder.display()).into());
    }
    let done = setup::archive_log(&mut owner().await?, &door()?, &folder, (years, before)).await?;
    if done.is_empty() {
        return Ok(say(b"no month is old enough\n")?);
    }
    let line = |(month, outgoing): &(NaiveDate, Outgoing)| {
        format!("{} {}\n", month.format("%Y-%m"), how(outgoing))
    };
    Ok(say(done.iter().map(line).collect::<String>().as_bytes())?)
}

/// How it went with a month, for people.
fn how(outgoing: &Outgoing) -> String {
    match outgoing {
        Outgoing::Gone(files) if files.is_empty() => "empty, removed".to_owned(),
        Outgoing::Gone(files) => format!("archived in {}", files.join(", ")),
        Outgoing::Held(by) => format!("kept for all networks: held by {}", by.join(", ")),
        Outgoing::Unsealed(by) => format!("kept: not sealed yet in {}", by.join(", ")),
        Outgoing::Kept(why) => format!("kept: {why}"),
    }
}

/// Makes the parts of the log for the months ahead.
pub(super) async fn months() -> Outcome<()> {
    let mut connection = owner().await?;
    let mut made = setup::take_over_log_months(&mut connection).await?;
    made.extend(setup::add_log_months(&mut connection, Clock::default().now()).await?);
    let lines = made
        .iter()
        .map(|day| format!("made {}\n", day.format("%Y-%m")));
    Ok(say(lines.collect::<String>().as_bytes())?)
}

fn month(text: &str) -> Result<NaiveDate, String> {
    parse_month(text).ok_or_else(|| "a month such as 2016-04".to_owned())
}

fn first_moment(text: &str) -> Result<DateTime<Utc>, String> {
    text.parse().or_else(|_| day(text).map(day_begins))
}

fn last_moment(text: &str) -> Result<DateTime<Utc>, String> {
    let next = |day: NaiveDate| day.succ_opt().unwrap_or(day);
    text.parse()
        .or_else(|_| day(text).map(|day| day_begins(next(day))))
}

fn day(text: &str) -> Result<NaiveDate, String> {
    text.parse()
        .map_err(|_| "a moment such as 2026-11-01T09:00:00+09:00, or a day".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_those_of_japan_and_whole() {
        let (from, to) = (first_moment("2026-11-01"), last_moment("2026-11-01"));
        assert_eq!(from.unwrap().to_rfc3339(), "2026-10-31T15:00:00+00:00");
        assert_eq!(to.unwrap().to_rfc3339(), "2026-11-01T15:00:00+00:00");
        let exact = "2026-11-01T09:30:00+09:00";
        assert_eq!(first_moment(exact), last_moment(exact));
        assert!(first_moment("yesterday").is_err());
    }
}
