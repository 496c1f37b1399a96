//! `tsumugi-ledger`: fills the access log of a network with many entries that are right in every way, and measures what
//! verifying and sealing them takes.
//!
//! Started by `tests/load/run --verify` and `--sealing`, and by `tests/verify/run` to fill a log. The settings are those
//! of the server, in the environment.

mod fill;
mod lag;
mod process;
mod verify;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::SystemTime;

use actix_web::{rt::System, web::Data};
use chrono::{DateTime, Utc};
use clap::{Parser, Subcommand};
use tokio_postgres::{Client, NoTls};
use tsumugi_server::app::App;
use tsumugi_server::config::Config;
use tsumugi_server::ctx::Door;
use tsumugi_server::spine::http::RequestInfo;
use uuid::Uuid;

/// What can go wrong, for people.
type Result<T, E = Box<dyn std::error::Error + Send + Sync>> = std::result::Result<T, E>;

/// Fills access logs, and measures what verifying and sealing them takes.
#[derive(Parser)]
#[command(name = "tsumugi-ledger", version)]
struct Arguments {
    /// The database, as a superuser.
    #[arg(long)]
    database_url: String,
    /// The network.
    #[arg(long)]
    network: String,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Writes entries, and leaves sealing to the server.
    Fill {
        /// How many.
        #[arg(long)]
        count: u64,
        /// When the last of them was written; now, if left out.
        #[arg(long)]
        until: Option<DateTime<Utc>>,
    },
    /// Writes entries, seals them, and measures verifying them in the database and in a file.
    Verify {
        /// How many.
        #[arg(long, default_value_t = 1_000_000)]
        count: u64,
        /// The program `tsumugi`.
        #[arg(long, value_name = "FILE")]
        program: PathBuf,
        /// A folder with some gigabytes of room.
        #[arg(long, value_name = "DIR")]
        folder: PathBuf,
    },
    /// Writes entries at a pace while a server seals them, and measures how far sealing is behind.
    Sealing {
        /// Entries in a second.
        #[arg(long, default_value_t = 2000)]
        pace: u64,
        /// Entries of one transaction.
        #[arg(long, default_value_t = 4)]
        together: u64,
        /// Seconds.
        #[arg(long, default_value_t = 30)]
        seconds: u64,
    },
}

/// A network on its server.
struct Site {
    app: Data<App>,
    /// As a superuser.
    client: Client,
    tenant_id: Uuid,
}

impl Site {
    async fn open(arguments: &Arguments) -> Result<Self> {
        let client = connect(&arguments.database_url).await?;
        let known = "SELECT tenant_id FROM tenants WHERE slug = $1";
        let row = client.query_one(known, &[&arguments.network]).await?;
        Ok(Self {
            app: Data::new(App::new(Config::from_env()?)?),
            client,
            tenant_id: row.try_get(0)?,
        })
    }

    fn door(&self) -> Door {
        Door {
            app: self.app.clone(),
            request: RequestInfo::internal("measurement"),
        }
    }
}

/// This moment.
fn now() -> DateTime<Utc> {
    SystemTime::now().into()
}

async fn connect(url: &str) -> Result<Client> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
    // Ends with the client; whoever asks next hears why.
    drop(actix_web::rt::spawn(connection));
    Ok(client)
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match System::new().block_on(run(&arguments)) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            say(&format!("ledger: {error}"));
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: &Arguments) -> Result<bool> {
    let mut site = Site::open(arguments).await?;
    match &arguments.command {
        Command::Fill { count, until } => {
            let until = until.unwrap_or_else(now);
            fill::fill(&mut site, *count, until).await.map(|()| true)
        }
        Command::Verify {
            count,
            program,
            folder,
        } => verify::measure(&mut site, &arguments.network, *count, (program, folder)).await,
        Command::Sealing {
            pace,
            together,
            seconds,
        } => lag::measure(&site, &arguments.database_url, (*pace, *together, *seconds)).await,
    }
}

#[expect(clippy::print_stdout, reason = "the lines are this program's product")]
fn say(line: &str) {
    println!("{line}");
}

/// Whether a figure is within its limit, for people.
fn judged(what: &str, figure: f64, limit: f64, unit: &str) -> bool {
    let holds = figure <= limit;
    let word = if holds { "ok" } else { "TOO MUCH" };
    say(&format!(
        "{what}: {figure:.1} {unit} (at most {limit:.0}): {word}"
    ));
    holds
}
