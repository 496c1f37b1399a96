//! Parts of a log in files of their own: what a log says is elsewhere may be in one of them, and one of them may say so of
//! another.

use std::{
    fs::File,
    io,
    ops::Range,
    path::{Path, PathBuf},
};

use super::{
    super::note::Verifier,
    Asked, examine,
    report::{Lack, Report},
};

/// Parts of which every place was found to be what was signed.
#[derive(Debug, Default)]
pub struct Parts(Vec<Part>);

#[derive(Debug)]
struct Part {
    origin: String,
    places: Range<u64>,
    /// The newest checkpoint that is in the file.
    note: String,
}

impl Parts {
    /// Examines files, each against a key, or its own; answers with a report on each. In which order they are given does
    /// not matter: one that lacks nothing but another is looked at again when another was found.
    pub fn examine(&mut self, files: &[(PathBuf, Option<Verifier>)]) -> io::Result<Vec<Report>> {
        let mut reports: Vec<Option<Report>> = files.iter().map(|_| None).collect();
        loop {
            let known = self.0.len();
            for ((path, key), report) in files.iter().zip(&mut reports) {
                if report.as_ref().is_none_or(waits) {
                    let found = self.examine_one(path, key.as_ref());
                    let named = |error| io::Error::other(format!("{}: {error}", path.display()));
                    *report = Some(found.map_err(named)?);
                }
            }
            if self.0.len() == known {
                return Ok(reports.into_iter().flatten().collect());
            }
        }
    }

    fn examine_one(&mut self, path: &Path, key: Option<&Verifier>) -> io::Result<Report> {
        let report = examine(File::open(path)?, key, |header, _| Asked {
            archives: self.places_of(&header.origin),
            ..Asked::default()
        })?;
        if report.has_good_places()
            && let Some(note) = &report.note
        {
            self.0.push(Part {
                origin: report.origin.clone(),
                places: report.from..report.to,
                note: note.clone(),
            });
        }
        Ok(report)
    }

    /// The places of a log that are in these files.
    pub fn places_of(&self, origin: &str) -> Vec<Range<u64>> {
        let of_log = self.of(origin);
        of_log.map(|part| part.places.clone()).collect()
    }

    /// The checkpoints of a log that are in these files, which it has to go on from.
    pub fn notes_of(&self, origin: &str) -> impl Iterator<Item = &str> {
        self.of(origin).map(|part| part.note.as_str())
    }

    fn of(&self, origin: &str) -> impl Iterator<Item = &Part> {
        self.0.iter().filter(move |part| part.origin == origin)
    }
}

/// Whether another file may be what is missing, and nothing else.
fn waits(report: &Report) -> bool {
    report.lacks == [Lack::Archive]
}
