//! `tsumugi-agent push`: sends files, each once.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use futures_util::StreamExt;
use futures_util::stream;
use indicatif::{ProgressBar, ProgressStyle};
use tokio::sync::OnceCell;
use tsumugi_client::models::Receipt;
use tsumugi_client::{Client, Error};

use crate::args::Push;
use crate::check::stop;
use crate::files::{self, Content};
use crate::journal::{self, Advice, Journal};
use crate::output::{Fate, Line, complain, say};
use crate::{Exit, Stop};

/// Sends the files and says how it ended.
pub(crate) async fn run(push: Push) -> Result<Exit, Stop> {
    let client = push.connection.client()?;
    let path = match &push.journal {
        Some(path) => path.clone(),
        None => journal::default_path()?,
    };
    let files = files::expand(&push.files)?;
    let journal = Journal::open(&path, client.base_url(), &push.connection.client_id)?;
    let run = Run {
        client,
        journal: Mutex::new(journal),
        signed_in: OnceCell::new(),
        again: push.again,
    };
    let bar = progress_bar(files.len(), push.json);
    let mut counts = Counts::default();
    let mut lines = stream::iter(files)
        .map(|path| run.process(path))
        .buffer_unordered(usize::from(push.concurrency));
    while let Some(result) = lines.next().await {
        let line = match result {
            Ok(line) => line,
            Err(stop) => {
                bar.finish_and_clear();
                return Err(stop);
            }
        };
        counts.add(line.result);
        let text = if push.json {
            line.to_json()
        } else {
            line.to_text()
        };
        bar.suspend(|| say(&text));
        bar.inc(1);
    }
    bar.finish_and_clear();
    if !push.json {
        complain(&counts.to_text());
    }
    Ok(counts.exit())
}

/// One run over many files.
struct Run {
    client: Client,
    journal: Mutex<Journal>,
    /// Why nothing can be sent, found out once before the first file.
    signed_in: OnceCell<Option<String>>,
    again: bool,
}

impl Run {
    /// Brings one file to an answer. `Err` ends the run: no file can be sent with these settings.
    async fn process(&self, path: PathBuf) -> Result<Line, Stop> {
        let name = files::name(&path);
        let read = tokio::task::spawn_blocking(move || files::read(Path::new(&path))).await;
        let content = match read {
            Ok(Ok(content)) => content,
            Ok(Err(line)) => return Ok(*line),
            Err(error) => return Ok(Line::failed(&name, format!("unreadable: {error}"))),
        };
        let digest = content.digest.clone();
        let advice = self.journal().advise(&digest, self.again);
        let mut line = match advice {
            Advice::Skip(reason) => Line::skipped(&name, reason),
            Advice::Send(key) => self.send(&name, content, key).await?,
        };
        line.sha256 = Some(digest);
        Ok(line)
    }

    async fn send(&self, name: &str, content: Content, key: String) -> Result<Line, Stop> {
        let unreachable = self.signed_in.get_or_try_init(|| self.sign_in()).await?;
        if let Some(reason) = unreachable {
            return Ok(Line::failed(name, reason));
        }
        let digest = content.digest;
        let client = self.client.with_idempotency_key(key);
        let answer = client.bundles().receive(content.bytes).await;
        let line = match answer {
            Ok(receipt) => accepted(name, receipt),
            Err(error) => not_accepted(name, &error),
        };
        if line.result == Fate::Failed {
            return Ok(line); // no answer to write down
        }
        let written = self.journal().record(&line, &digest);
        Ok(match written {
            Ok(()) => line,
            Err(error) => Line::failed(name, format!("sent, but not in the journal: {error}")),
        })
    }

    /// Wrong credentials end the run; a server that is away fails every file without trying each.
    async fn sign_in(&self) -> Result<Option<String>, Stop> {
        match self.client.access_token().await {
            Ok(_) => Ok(None),
            Err(error) => match stop("credentials", &error) {
                Stop {
                    exit: Exit::Failed, ..
                } => Ok(Some(error.to_string())),
                stop => Err(stop),
            },
        }
    }

    fn journal(&self) -> MutexGuard<'_, Journal> {
        self.journal.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn accepted(name: &str, receipt: Receipt) -> Line {
    let mut line = Line::new(name, Fate::Ok);
    line.outcome = Some(receipt.outcome.to_string());
    line.document = Some(receipt.document.to_string());
    line.post = receipt.post.map(|id| id.to_string());
    line.patient = receipt.patient.map(|id| id.to_string());
    line.document_type = receipt.type_label.or(receipt.type_code);
    line.candidates = receipt.candidates;
    line
}

/// Refused if the server judged the file; failed if it did not come to that.
fn not_accepted(name: &str, error: &Error) -> Line {
    let judged = matches!(
        error.status(),
        Some(400 | 404..=407 | 409..=428 | 431 | 451)
    );
    let mut line = match error {
        Error::Outcome { issues, .. } => {
            let errors = issues.iter().filter(|issue| issue.is_error());
            let messages: Vec<&str> = errors.map(|issue| issue.message.as_str()).collect();
            Line::failed(name, messages.join(" / "))
        }
        Error::Api { message, .. } => Line::failed(name, message),
        _ => Line::failed(name, error.to_string()),
    };
    if judged {
        line.result = Fate::Refused;
    } else if let (Some(code), Some(message)) = (error.code(), &mut line.message) {
        message.insert_str(0, &format!("{code}: "));
    }
    line.code = error.code().map(str::to_owned);
    line.request_id = error.request_id().map(str::to_owned);
    line
}

#[derive(Default)]
struct Counts {
    ok: u64,
    skipped: u64,
    refused: u64,
    failed: u64,
}

impl Counts {
    fn add(&mut self, fate: Fate) {
        *match fate {
            Fate::Ok => &mut self.ok,
            Fate::Skipped => &mut self.skipped,
            Fate::Refused => &mut self.refused,
            Fate::Failed => &mut self.failed,
        } += 1;
    }

    fn to_text(&self) -> String {
        format!(
            "{} ok, {} skipped, {} refused, {} failed",
            self.ok, self.skipped, self.refused, self.failed
        )
    }

    fn exit(&self) -> Exit {
        match self {
            Self { failed: 1.., .. } => Exit::Failed,
            Self { refused: 1.., .. } => Exit::Refused,
            _ => Exit::Accepted,
        }
    }
}

/// Drawn on standard error, and only if that is a terminal.
fn progress_bar(files: usize, json: bool) -> ProgressBar {
    if files < 2 || json {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(files as u64);
    match ProgressStyle::with_template("{bar:40} {pos}/{len}  {eta}") {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
