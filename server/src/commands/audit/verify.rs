//! `tsumugi audit verify`.

use std::path::{Path, PathBuf};

use chrono::{DateTime, TimeDelta, Utc};
use clap::Args;
use serde::Serialize;

use super::{Lang, Outcome, log_url, networks, open, own_key, parse_key, read, say};
use crate::{
    ledger::{
        bundle::{self, Asked, Header, Held, Outcome as Found, Parts, Report},
        note::Verifier,
    },
    spine::{
        clock::Clock,
        sealing::walk::{self, Connection, Network, Tree, Walk},
    },
};

/// How old the newest checkpoint of a log may be, in minutes: twice the time after which one is signed anyhow.
const MAX_AGE: i64 = 20;

/// What to verify, and against what.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The network; left out: all networks.
    #[arg(long, conflicts_with = "bundle")]
    network: Option<String>,
    /// Which tree of the network; left out: the newest.
    #[arg(long, requires = "network")]
    tree: Option<i16>,
    /// A file, or - for standard input, instead of the database.
    #[arg(long, value_name = "FILE")]
    bundle: Option<PathBuf>,
    /// Files that hold parts of the log which are not in the database any more.
    #[arg(long, value_name = "FILE", num_args = 1..)]
    archive: Vec<PathBuf>,
    /// The public key of the log; left out: that of this installation, or the one that the file names.
    #[arg(long, value_name = "KEY")]
    key: Option<String>,
    /// Older checkpoints, from a witness or a letter, which the log has to go on from.
    #[arg(long, value_name = "FILE", num_args = 1..)]
    since: Vec<PathBuf>,
    /// How old the newest checkpoint may be; 20 for a whole log, and no limit for parts of one.
    #[arg(long, value_name = "MINUTES")]
    max_age: Option<u32>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
    /// Language of what is printed.
    #[arg(long, value_enum, default_value_t)]
    lang: Lang,
}

/// One thing that was verified.
#[derive(Debug, Serialize)]
struct Verified {
    /// Network or file.
    name: String,
    /// Why nothing is signed any more.
    halted: Option<String>,
    #[serde(flatten)]
    report: Report,
}

/// Everything that was verified, and how it ended as a whole.
#[derive(Debug, Serialize)]
struct Summary {
    outcome: Found,
    exit: u8,
    reports: Vec<Verified>,
}

/// What was given with the command.
struct Given {
    key: Option<Verifier>,
    /// Older checkpoints as text.
    since: Vec<String>,
    max_age: Option<u32>,
    now: DateTime<Utc>,
    /// What is in other files.
    parts: Parts,
}

/// Verifies; answers with the number to end with.
pub(super) async fn run(arguments: &Arguments) -> Outcome<u8> {
    let mut given = Given {
        key: arguments.key.as_deref().map(parse_key).transpose()?,
        since: Vec::new(),
        max_age: arguments.max_age,
        now: Clock::default().now(),
        parts: Parts::default(),
    };
    for path in &arguments.since {
        let text = read(path)?;
        let notes = bundle::notes_in(&text);
        // What is no checkpoint is not passed over: it is one that nobody signed.
        let none = notes.is_empty().then_some(text);
        given.since.extend(notes.into_iter().chain(none));
    }
    let is_stored = arguments.bundle.is_none();
    let mut reports = given.parts(&arguments.archive, is_stored).await?;
    if let Some(path) = &arguments.bundle {
        reports.push(given.file(path)?);
    } else {
        let url = log_url()?;
        for network in networks(&url, arguments.network.as_deref()).await? {
            reports.push(given.network(&url, network, arguments.tree).await?);
        }
    }
    let all = reports.iter().map(|verified| verified.report.outcome);
    let worst = |one: Found, other: Found| if other.is_worse_than(one) { other } else { one };
    let outcome = all.fold(Found::Sound, worst);
    let summary = Summary {
        outcome,
        exit: outcome.exit(),
        reports,
    };
    say(&summary.text(arguments)?)?;
    Ok(summary.exit)
}

impl Summary {
    fn text(&self, arguments: &Arguments) -> Outcome<String> {
        if arguments.json {
            return Ok(format!("{}\n", serde_json::to_string_pretty(self)?));
        }
        let mut text = Vec::new();
        for verified in &self.reports {
            let halted = verified.halted.iter().map(|why| match arguments.lang {
                Lang::Ja => format!("署名が止まっています：{why}"),
                Lang::En => format!("nothing is signed any more: {why}"),
            });
            let lines = bundle::explain(&verified.report, arguments.lang.into());
            text.push(format!("== {}", verified.name));
            text.extend(lines.into_iter().chain(halted));
        }
        text.push(String::new());
        Ok(text.join("\n"))
    }
}

impl Given {
    /// What is asked of a log.
    fn asked(&self, header: &Header, verifier: &Verifier, live: bool) -> Asked {
        let made_at = header.made_at.parse().unwrap_or(self.now);
        // A file is as old as it is: it had to be fresh when it was made, unless more is asked.
        let fresh = match (self.max_age, header.kind) {
            (Some(minutes), _) => self
                .now
                .checked_sub_signed(TimeDelta::minutes(minutes.into())),
            (None, Held::Full) => {
                let then = if live { self.now } else { made_at };
                then.checked_sub_signed(TimeDelta::minutes(MAX_AGE))
            }
            (None, _) => None,
        };
        let given = self.since.iter().map(String::as_str);
        // A part is as old as it is, and the log has to go on from it.
        let since = given.chain(self.parts.notes_of(&header.origin));
        Asked {
            since: since.map(|note| bundle::older(note, verifier)).collect(),
            not_before: fresh.and_then(|at| u64::try_from(at.timestamp()).ok()),
            archives: self.parts.places_of(&header.origin),
            key_given: self.key.is_some(),
        }
    }

    /// Verifies files with parts of logs.
    async fn parts(&mut self, paths: &[PathBuf], is_stored: bool) -> Outcome<Vec<Verified>> {
        let mut files = Vec::with_capacity(paths.len());
        for path in paths {
            let mut key = self.key.clone();
            if key.is_none()
                && is_stored
                && let Some(named) = bundle::own_key(open(path)?)?
            {
                // A part of a log of this installation has to be signed by its key, whatever the file says.
                key = own_key(named.name()).await?;
            }
            files.push((path.clone(), key));
        }
        let reports = self.parts.examine(&files)?;
        let named = paths.iter().zip(reports);
        Ok(named.map(|(path, report)| of_file(path, report)).collect())
    }

    /// Verifies a file.
    fn file(&self, path: &Path) -> Outcome<Verified> {
        let ask = |header: &Header, verifier: &Verifier| self.asked(header, verifier, false);
        let report = bundle::examine(open(path)?, self.key.as_ref(), ask);
        let report = report.map_err(|error| format!("{}: {error}", path.display()))?;
        Ok(of_file(path, report))
    }

    async fn network(&self, url: &str, network: Network, tree: Option<i16>) -> Outcome<Verified> {
        let connection = Connection::open(url, network.tenant_id).await?;
        let mut trees = connection.trees().await?;
        let newest = trees.first().map(|tree| tree.number);
        trees.retain(|one| tree.is_none_or(|tree| tree == one.number));
        let found = trees.into_iter().next();
        if tree.is_some() && found.is_none() {
            return Err("there is no such tree".into());
        }
        let is_newest = found.as_ref().map(|tree| tree.number) == newest;
        let name = self.key.as_ref().map(Verifier::name);
        let tree = found.unwrap_or_else(|| Tree::lost(network.tenant_id, name));
        let halted = tree.halted.clone();
        let report = self.log(&connection, tree, is_newest).await?;
        Ok(Verified {
            name: network.slug,
            halted,
            report,
        })
    }

    /// Verifies a log as it is stored.
    async fn log(&self, connection: &Connection, tree: Tree, is_newest: bool) -> Outcome<Report> {
        let verifier = match &self.key {
            Some(key) => bundle::of_log(key, &tree.origin),
            None => own_key(&tree.origin).await?.ok_or(
                "name the public key with --key: it is neither in TSUMUGI_DATA_DIR nor at TSUMUGI_LOG_SIGNER",
            )?,
        };
        let walk = Walk::through(connection, tree).await?;
        let header = walk.header(&verifier, &self.now.to_rfc3339());
        let mut asked = self.asked(&header, &verifier, true);
        // Given, or known here: in any case it did not come out of what is verified.
        asked.key_given = true;
        if !is_newest && self.max_age.is_none() {
            asked.not_before = None;
        }
        Ok(walk::examine(walk, header, &verifier, asked).await?)
    }
}

fn of_file(path: &Path, report: Report) -> Verified {
    Verified {
        name: path.display().to_string(),
        halted: None,
        report,
    }
}
