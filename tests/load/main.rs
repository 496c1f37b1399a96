//! `tsumugi-load`: measures a running server beside pgbench doing the same SQL on the same PostgreSQL.
//!
//! Started by `tests/load/run`, which sets everything up. For reading a timeline and for writing a
//! post, and for each number of connections, it lets the server, pgbench, pgbench and the server
//! work in turn, so that a machine that slows down slows both. Every answer is looked at; a wrong
//! one fails the run. Figures are printed, never judged by the exit code.
//!
//! With `--unlogged` it measures instead what recording costs. With `--storm` it measures instead how much reading slows down while a thousand attempts to
//! sign in are under way, and does judge that. With `--scale` it measures large networks and many readers instead.

mod chart;
mod check;
mod database;
mod drive;
mod figures;
mod log;
mod people;
mod pgbench;
mod report;
mod scale;
mod storm;
mod watch;
mod wire;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;

use database::Database;
use figures::{Row, Side};
use people::{Accounts, Crowd};
use watch::Watch;
use wire::Server;

/// What can go wrong, for people.
type Result<T, E = String> = std::result::Result<T, E>;

/// Measures a running server beside pgbench doing the same SQL.
#[derive(Parser, Clone)]
#[command(name = "tsumugi-load", version)]
struct Arguments {
    /// The server's port of plain HTTP on loopback.
    #[arg(long)]
    http_port: u16,
    /// The server's port of HTTPS.
    #[arg(long)]
    https_port: u16,
    /// Certificate authority of the server, PEM.
    #[arg(long, value_name = "FILE")]
    ca: PathBuf,
    /// Reach the server over HTTPS.
    #[arg(long)]
    tls: bool,
    /// Process id of the server.
    #[arg(long)]
    server_pid: u32,
    /// Process id of PostgreSQL.
    #[arg(long)]
    postgres_pid: u32,
    /// How long the server took from its start until it was ready.
    #[arg(long)]
    ready_ms: u64,
    /// The server's database, as a superuser.
    #[arg(long)]
    database_url: String,
    /// The copy of the database that pgbench works in, as the server's role.
    #[arg(long)]
    pgbench_url: String,
    /// The program pgbench.
    #[arg(long, value_name = "FILE")]
    pgbench: PathBuf,
    /// Accounts of the demonstration network, for their password.
    #[arg(long, value_name = "FILE")]
    accounts: PathBuf,
    /// The network that has the load's patients.
    #[arg(long)]
    slug: String,
    /// How many patients were made for the load.
    #[arg(long)]
    patients: u32,
    /// Length of one measurement in seconds.
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u64).range(1..100))]
    seconds: u64,
    /// Seconds before each measurement.
    #[arg(long, default_value_t = 15, value_parser = clap::value_parser!(u64).range(0..100))]
    warm_up: u64,
    /// Let pgbench wait for answers where the server does, instead of sending one pipeline.
    #[arg(long)]
    steps: bool,
    /// Two seconds at two connections, and a look at the statements themselves.
    #[arg(long)]
    smoke: bool,
    /// Read with and without a storm of sign-ins, and nothing else.
    #[arg(long, conflicts_with = "smoke")]
    storm: bool,
    /// Large networks and many readers, and nothing else.
    #[arg(long, conflicts_with = "storm")]
    scale: bool,
    /// Port and process id of a server that records nothing: measure what recording costs, and nothing else.
    #[arg(long, value_name = "PORT:PID", value_parser = port_and_pid, conflicts_with_all = ["smoke", "storm"])]
    unlogged: Option<(u16, u32)>,
    /// Where the table, the figures and the charts go.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

fn port_and_pid(text: &str) -> Result<(u16, u32)> {
    let parsed = text
        .split_once(':')
        .and_then(|(port, pid)| Some((port.parse().ok()?, pid.parse().ok()?)));
    parsed.ok_or_else(|| "PORT:PID".to_owned())
}

impl Arguments {
    fn seconds(&self) -> Duration {
        Duration::from_secs(if self.smoke { 2 } else { self.seconds })
    }

    fn warm_up(&self) -> Duration {
        Duration::from_secs(if self.smoke { 1 } else { self.warm_up })
    }

    fn counts(&self) -> &'static [usize] {
        if self.smoke { &[2] } else { &[1, 8, 32] }
    }
}

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Work {
    /// Reading a page of a timeline.
    Read,
    /// Writing a post.
    Write,
}

impl Work {
    const ALL: [Self; 2] = [Self::Read, Self::Write];

    fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Read => "timeline read (50 posts)",
            Self::Write => "post write",
        }
    }

    /// The share of pgbench's throughput that is to be reached.
    fn target(self) -> f64 {
        match self {
            Self::Read => 0.5,
            Self::Write => 0.6,
        }
    }

    /// The transaction, as a script for pgbench.
    fn script(self) -> &'static str {
        match self {
            Self::Read => include_str!("read.sql"),
            Self::Write => include_str!("write.sql"),
        }
    }
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            say(&format!("load: {why}"));
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<()> {
    std::fs::create_dir_all(&arguments.out)
        .map_err(|error| format!("{}: {error}", arguments.out.display()))?;
    let server = Server::new(arguments)?;
    let database = Database::connect(&arguments.database_url, &arguments.slug)?;
    let accounts = Accounts::read(&arguments.accounts, &arguments.slug)?;
    let mut crowd = Crowd::sign_in(&server, &accounts, arguments.patients)?;
    if arguments.storm {
        return storm::measure(arguments, &server, &accounts, &mut crowd);
    }
    if arguments.scale {
        return scale::measure(arguments, &server, &database, &accounts, &crowd);
    }
    if arguments.unlogged.is_some() {
        return log::measure(arguments, &server, &mut crowd);
    }
    if arguments.smoke {
        for work in Work::ALL {
            check::compare(&server, &database, &crowd, work)?;
        }
        say("load: pgbench sends what the server sends");
    }
    let bench = pgbench::Bench::new(arguments, &database)?;
    let mut rows = Vec::new();
    for work in Work::ALL {
        for &count in arguments.counts() {
            rows.push(measure(
                arguments, &server, &database, &mut crowd, &bench, work, count,
            )?);
        }
    }
    report::publish(arguments, &rows, &watch::Memory::of(arguments.server_pid)?)
}

/// One work at one number of connections: ours, pgbench, pgbench, ours.
fn measure(
    arguments: &Arguments,
    server: &Server,
    database: &Database,
    crowd: &mut Crowd,
    bench: &pgbench::Bench<'_>,
    work: Work,
    count: usize,
) -> Result<Row> {
    let mut row = Row::new(work, count);
    for side in [Side::Ours, Side::Pgbench, Side::Pgbench, Side::Ours] {
        crowd.refresh(server)?;
        let watch = Watch::start(arguments, side);
        let run = match side {
            Side::Ours => drive::run(arguments, server, crowd, work, count)?,
            Side::Pgbench => bench.run(work, count)?,
        };
        let seen = watch.finish()?;
        say(&format!(
            "{} at {count}, {}: {:.0}/s{}",
            work.name(),
            side.name(),
            run.throughput(),
            seen.remark()
        ));
        row.add(side, run, seen);
        // What the posts set in motion is not to disturb the next measurement.
        let waiting = database.settle()?;
        if waiting > 0 {
            say(&format!("  ({waiting} posts were still to be announced)"));
            row.waiting = row.waiting.max(waiting);
        }
        watch::wait_until_idle(arguments)?;
    }
    row.check()?;
    Ok(row)
}

#[expect(clippy::print_stdout, reason = "the lines are this program's product")]
fn say(line: &str) {
    println!("{line}");
}
