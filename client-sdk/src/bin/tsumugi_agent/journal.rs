//! What was sent and what the server said, on disk.
//!
//! One JSON object per line, appended and fsynced after each answer; nothing is ever changed. A
//! line that a kill cut off is passed over: its file is sent again with the same
//! Idempotency-Key, and the server recognises it. Only digests, file names and ids are written.

use std::collections::{HashMap, HashSet};
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Serialize};

use crate::Stop;
use crate::output::{Fate, Line};

/// An answer of the server to a file.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Entry {
    at: String,
    server: String,
    client: String,
    file: String,
    sha256: String,
    accepted: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    outcome: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    document: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    code: Option<String>,
}

/// What is known of a digest.
#[derive(Clone, Debug, Default)]
struct Known {
    answers: u32,
    accepted: Option<String>,
}

/// The journal, as far as it concerns one server and one client.
#[derive(Debug)]
pub(crate) struct Journal {
    file: File,
    server: String,
    client: String,
    known: HashMap<String, Known>,
    begun: HashSet<String>,
}

/// What to do with a file's content.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Advice {
    /// Send it with this Idempotency-Key.
    Send(String),
    /// Do not send it, for this reason.
    Skip(String),
}

/// Where the journal is when nobody says otherwise.
pub(crate) fn default_path() -> Result<PathBuf, Stop> {
    let state = std::env::var_os("XDG_STATE_HOME")
        .filter(|value| !value.is_empty())
        .map(PathBuf::from)
        .or_else(|| std::env::home_dir().map(|home| home.join(".local/state")))
        .ok_or_else(|| Stop::usage("no home directory: give --journal"))?;
    Ok(state.join("tsumugi-agent").join(".tsumugi-agent.journal"))
}

impl Journal {
    /// Opens the journal for this run alone and reads it.
    pub(crate) fn open(path: &Path, server: &str, client: &str) -> Result<Self, Stop> {
        let refused = |error: io::Error| Stop::usage(format!("{}: {error}", path.display()));
        let file = create(path).map_err(refused)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let message = format!("{}: another run is using it", path.display());
                return Err(Stop::failed(message));
            }
            Err(TryLockError::Error(error)) => return Err(refused(error)),
        }
        let mut journal = Self {
            file,
            server: server.to_owned(),
            client: client.to_owned(),
            known: HashMap::new(),
            begun: HashSet::new(),
        };
        journal.load().map_err(refused)?;
        Ok(journal)
    }

    fn load(&mut self) -> io::Result<()> {
        let mut ends_well = true;
        let mut reader = BufReader::new(self.file.try_clone()?);
        let mut line = Vec::new();
        while reader.read_until(b'\n', &mut line)? > 0 {
            ends_well = line.ends_with(b"\n");
            if let Ok(entry) = serde_json::from_slice::<Entry>(&line) {
                self.learn(entry);
            }
            line.clear();
        }
        if !ends_well {
            self.file.write_all(b"\n")?;
        }
        Ok(())
    }

    fn learn(&mut self, entry: Entry) {
        if entry.server != self.server || entry.client != self.client {
            return;
        }
        let known = self.known.entry(entry.sha256).or_default();
        known.answers += 1;
        if entry.accepted {
            let outcome = entry.outcome.unwrap_or_default();
            known.accepted = Some(format!("accepted at {}: {outcome}", entry.at));
        }
    }

    /// What to do with content of this digest. To be asked once per file of a run.
    ///
    /// The key counts the answers already had: a run that was killed before it could write an
    /// answer down comes to the same key again, a file sent anew on purpose to a new one.
    pub(crate) fn advise(&mut self, digest: &str, again: bool) -> Advice {
        let known = self.known.get(digest).cloned().unwrap_or_default();
        if let Some(when) = known.accepted
            && !again
        {
            return Advice::Skip(when);
        }
        if !self.begun.insert(digest.to_owned()) {
            return Advice::Skip("same content as another file of this run".to_owned());
        }
        Advice::Send(match known.answers {
            0 => format!("tsumugi-agent/{digest}"),
            answers => format!("tsumugi-agent/{digest}/{answers}"),
        })
    }

    /// Writes an answer down. Returns when it is on disk.
    pub(crate) fn record(&mut self, line: &Line, digest: &str) -> io::Result<()> {
        let now = DateTime::<Utc>::from(SystemTime::now());
        let entry = Entry {
            at: now.to_rfc3339_opts(SecondsFormat::Secs, true),
            server: self.server.clone(),
            client: self.client.clone(),
            file: line.file.clone(),
            sha256: digest.to_owned(),
            accepted: line.result == Fate::Ok,
            outcome: line.outcome.clone(),
            document: line.document.clone(),
            code: line.code.clone(),
        };
        let mut bytes = serde_json::to_vec(&entry)?;
        bytes.push(b'\n');
        self.file.write_all(&bytes)?;
        self.file.sync_data()
    }
}

/// Opens or creates the file, readable by its owner only.
fn create(path: &Path) -> io::Result<File> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let mut options = OpenOptions::new();
    options.read(true).append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SERVER: &str = "https://tsumugi.example";

    fn accepted(file: &str) -> Line {
        let mut line = Line::new(file, Fate::Ok);
        line.outcome = Some("posted".to_owned());
        line
    }

    fn open(path: &Path) -> Journal {
        Journal::open(path, SERVER, "hospital").unwrap()
    }

    fn send(key: &str) -> Advice {
        Advice::Send(key.to_owned())
    }

    #[test]
    fn accepted_content_is_skipped_for_the_same_server_and_client_only() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state/journal");
        open(&path).record(&accepted("a.json"), "d1").unwrap();

        assert!(matches!(open(&path).advise("d1", false), Advice::Skip(_)));
        assert_eq!(open(&path).advise("d1", true), send("tsumugi-agent/d1/1"));
        for (server, client) in [("https://other.example", "hospital"), (SERVER, "clinic")] {
            let mut other = Journal::open(&path, server, client).unwrap();
            assert_eq!(other.advise("d1", false), send("tsumugi-agent/d1"));
        }
    }

    #[test]
    fn refused_content_is_sent_again_with_another_key() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        let refused = Line::refused("a.json", "bundle_two_patients", "m");
        open(&path).record(&refused, "d1").unwrap();
        assert_eq!(open(&path).advise("d1", false), send("tsumugi-agent/d1/1"));
    }

    #[test]
    fn journal_cut_at_any_byte_is_read_and_continued() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        open(&path).record(&accepted("a.json"), "d1").unwrap();
        let first = std::fs::read(&path).unwrap().len();
        open(&path).record(&accepted("b.json"), "d2").unwrap();
        let whole = std::fs::read(&path).unwrap();

        for length in first..whole.len() - 1 {
            std::fs::write(&path, &whole[..length]).unwrap();
            let mut journal = open(&path);
            assert!(matches!(journal.advise("d1", false), Advice::Skip(_)));
            assert_eq!(journal.advise("d2", false), send("tsumugi-agent/d2"));
            journal.record(&accepted("c.json"), "d3").unwrap();
            drop(journal);
            let mut journal = open(&path);
            assert!(matches!(journal.advise("d1", false), Advice::Skip(_)));
            assert!(matches!(journal.advise("d3", false), Advice::Skip(_)));
        }
    }

    #[test]
    fn same_content_is_sent_once_per_run() {
        let folder = tempfile::tempdir().unwrap();
        let mut journal = open(&folder.path().join("journal"));
        assert_eq!(journal.advise("d1", false), send("tsumugi-agent/d1"));
        assert!(matches!(journal.advise("d1", true), Advice::Skip(_)));
    }

    #[test]
    fn second_run_at_the_same_time_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        let _first = open(&path);
        let stop = Journal::open(&path, SERVER, "hospital").unwrap_err();
        assert_eq!(stop.exit, crate::Exit::Failed);
    }

    #[cfg(unix)]
    #[test]
    fn journal_is_readable_by_its_owner_only() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        drop(open(&path));
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0);
    }
}
