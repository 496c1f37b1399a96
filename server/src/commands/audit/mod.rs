//! `tsumugi audit …`: verifying the access log, giving it away so that others can, and its key.
//!
//! What verifies needs nothing but what it verifies: a file, or the database as the role that may read the log. It ends
//! with 0 (sound), 1 (altered), 2 (incomplete), 3 (bad signature) or 4 (stale); with 64 when the command makes no sense,
//! and with 69 when it could not be carried out.

mod export;
mod keeping;
mod keys;
mod proof;
mod verify;

use std::{
    fs::File,
    io::{self, Read, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

use actix_web::web::Data;
use clap::{Subcommand, ValueEnum};
use uuid::Uuid;

use super::Outcome;
use crate::{
    app::App,
    config::{self, Config},
    ctx::Door,
    ledger::{bundle::Language, note::Verifier, signer::Signer},
    spine::{
        http::RequestInfo,
        sealing::{
            self,
            walk::{Connection, Network, Tree},
        },
    },
};

/// The command makes no sense.
pub const USAGE: u8 = 64;
/// The command could not be carried out.
const UNAVAILABLE: u8 = 69;

/// What can be done with the access log.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Verify the log in the database, or in a file.
    Verify(verify::Arguments),
    /// Write a log, or a part of it, to a file that can be verified without this server.
    Export(export::Arguments),
    /// Print the proof that an entry is in the log (c2sp.org/tlog-proof).
    Proof {
        /// The network.
        #[arg(long)]
        network: String,
        /// The entry.
        #[arg(long)]
        entry: Uuid,
    },
    /// Print the proof that the log with so many entries goes on from an earlier size.
    Consistency {
        /// The network.
        #[arg(long)]
        network: String,
        /// The earlier size.
        #[arg(long)]
        from: u64,
        /// The later size.
        #[arg(long)]
        to: u64,
    },
    /// Verify a proof that `proof` printed.
    VerifyProof {
        /// The proof, or - for standard input.
        file: PathBuf,
        /// The public key of the log.
        #[arg(long)]
        key: String,
    },
    /// Verify a proof that `consistency` printed.
    VerifyConsistency {
        /// The earlier checkpoint.
        #[arg(long)]
        old: PathBuf,
        /// The later checkpoint.
        #[arg(long)]
        new: PathBuf,
        /// The proof, or - for standard input.
        #[arg(long)]
        proof: PathBuf,
        /// The public key of the log.
        #[arg(long)]
        key: String,
    },
    /// Print the public key of the log of each network, or of one.
    Key {
        /// The network.
        #[arg(long)]
        network: Option<String>,
    },
    /// Print the latest checkpoint.
    Checkpoint {
        /// The network.
        #[arg(long)]
        network: String,
    },
    /// List the persons affected by a leak (漏えい等報告): exactly one source.
    IncidentReport(keeping::Incident),
    /// Put months that are older than the retention into files, and take them out of the database.
    Archive(keeping::Archive),
    /// Make the parts of the log for the months ahead, and for entries that were kept without one.
    Months,
    /// Begin a new tree after entries that were signed have been lost for good.
    Restart {
        /// The network.
        #[arg(long)]
        network: String,
        /// Yes: the loss is admitted, and older checkpoints do not fit any more.
        #[arg(long)]
        yes: bool,
    },
}

/// The language of what is said.
#[derive(Debug, Clone, Copy, Default, ValueEnum)]
pub enum Lang {
    /// Japanese.
    #[default]
    Ja,
    /// English.
    En,
}

impl From<Lang> for Language {
    fn from(lang: Lang) -> Self {
        match lang {
            Lang::Ja => Self::Japanese,
            Lang::En => Self::English,
        }
    }
}

/// Carries a command out.
pub async fn run(command: Command) -> ExitCode {
    let done = match command {
        Command::Verify(arguments) => verify::run(&arguments).await,
        Command::Export(arguments) => export::run(&arguments).await.map(|()| 0),
        Command::Proof { network, entry } => proof::print(&network, entry).await.map(|()| 0),
        Command::Consistency { network, from, to } => proof::print_consistency(&network, from, to)
            .await
            .map(|()| 0),
        Command::VerifyProof { file, key } => proof::verify(&file, &key),
        Command::VerifyConsistency {
            old,
            new,
            proof,
            key,
        } => proof::verify_consistency(&old, &new, &proof, &key),
        Command::Key { network } => keys::print(network.as_deref()).await.map(|()| 0),
        Command::Checkpoint { network } => keys::print_checkpoint(&network).await.map(|()| 0),
        Command::IncidentReport(incident) => keeping::incident_report(incident).await.map(|()| 0),
        Command::Archive(which) => keeping::archive(which).await.map(|()| 0),
        Command::Months => keeping::months().await.map(|()| 0),
        Command::Restart { network, yes } => keys::restart(&network, yes).await.map(|()| 0),
    };
    match done {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            let causes = std::iter::successors(error.source(), |cause| cause.source());
            let causes = causes.map(|cause| format!("  because: {cause}\n"));
            let said = format!("tsumugi audit: {error}\n{}", causes.collect::<String>());
            // Where nobody can be told, the number says it.
            drop(io::stderr().write_all(said.as_bytes()));
            ExitCode::from(UNAVAILABLE)
        }
    }
}

pub use keys::sign_log;

/// Prints a text.
fn say(text: impl AsRef<[u8]>) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_ref())?;
    out.flush()
}

/// A file, or standard input for `-`.
fn open(path: &Path) -> Outcome<Box<dyn Read>> {
    if path.as_os_str() == "-" {
        return Ok(Box::new(io::stdin().lock()));
    }
    let opened = File::open(path);
    Ok(Box::new(
        opened.map_err(|error| format!("{}: {error}", path.display()))?,
    ))
}

/// All of a file that cannot be large.
fn read(path: &Path) -> Outcome<String> {
    let mut text = String::new();
    open(path)?.take(8 << 20).read_to_string(&mut text)?;
    Ok(text)
}

fn parse_key(key: &str) -> Outcome<Verifier> {
    Ok(Verifier::parse(key).ok_or("this is no public key: name+id+key")?)
}

/// The database as the role that may read the log.
fn log_url() -> Outcome<String> {
    let url = config::value("TSUMUGI_LOG_DATABASE_URL");
    Ok(url.ok_or("TSUMUGI_LOG_DATABASE_URL is required")?)
}

/// The networks that are meant.
async fn networks(url: &str, slug: Option<&str>) -> Outcome<Vec<Network>> {
    let mut all = Connection::networks(url).await?;
    if let Some(slug) = slug {
        all.retain(|network| network.slug == slug);
        if all.is_empty() {
            return Err(format!("there is no network {slug}").into());
        }
    }
    Ok(all)
}

/// The log of one network: its snapshot and its newest tree.
async fn open_log(url: &str, slug: &str) -> Outcome<(Connection, Tree)> {
    let network = networks(url, Some(slug)).await?.pop();
    let network = network.ok_or("there is no such network")?;
    let connection = Connection::open(url, network.tenant_id).await?;
    let tree = connection.trees().await?.into_iter().next();
    Ok((connection, tree.ok_or("nothing has been sealed yet")?))
}

/// The public key with which this installation signs a log: from the process that signs, or from the data folder.
async fn own_key(origin: &str) -> Outcome<Option<Verifier>> {
    if let Some(socket) = config::value("TSUMUGI_LOG_SIGNER") {
        return Ok(Some(Signer::There(socket.into()).verifier(origin).await?));
    }
    let folder = config::value("TSUMUGI_DATA_DIR").unwrap_or_default();
    let key = sealing::key_in(Path::new(&folder))?;
    Ok(key.map(|key| key.verifier(origin)))
}

/// The key that has to be there.
async fn needed_key(origin: &str) -> Outcome<Verifier> {
    let key = own_key(origin).await?;
    Ok(key.ok_or("the key is neither in TSUMUGI_DATA_DIR nor at TSUMUGI_LOG_SIGNER")?)
}

/// The server without its addresses, for what leaves an entry.
fn door() -> Outcome<Door> {
    Ok(Door {
        app: Data::new(App::new(Config::from_env()?)?),
        request: RequestInfo::internal("command-line"),
    })
}
