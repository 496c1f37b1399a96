//! `tsumugi-agent verify-copy`: whether a copy of a record (ZIP) is as it was made.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, Read, Seek};
use std::path::Path;

use serde::Deserialize;
use sha2::{Digest, Sha256};
use zip::ZipArchive;

use crate::output::{complain, say};
use crate::{Exit, Stop};

/// The file that lists the others.
const MANIFEST: &str = "manifest.json";
/// How copies are laid out.
const FORMAT: &str = "tsumugi-record-copy/1";
/// No manifest comes near this.
const LARGEST_MANIFEST: u64 = 64 * 1024 * 1024;

#[derive(Deserialize)]
struct Manifest {
    format: String,
    created_at: String,
    created_by: String,
    files: Vec<Listed>,
}

#[derive(Deserialize)]
struct Listed {
    path: String,
    size: u64,
    sha256: String,
}

/// Verifies a file, and says what it found.
pub(crate) fn run(path: &Path) -> Result<Exit, Stop> {
    let file =
        File::open(path).map_err(|error| Stop::usage(format!("{}: {error}", path.display())))?;
    match verify(file) {
        Ok((manifest, faults)) if faults.is_empty() => {
            say(&format!(
                "ok  {} files as listed; made {} by {}",
                manifest.files.len(),
                manifest.created_at,
                manifest.created_by
            ));
            Ok(Exit::Accepted)
        }
        Ok((_, faults)) => {
            for fault in faults {
                complain(&fault);
            }
            Ok(Exit::Refused)
        }
        Err(reason) => {
            complain(&format!(
                "{}: not a copy of a record: {reason}",
                path.display()
            ));
            Ok(Exit::Refused)
        }
    }
}

/// The manifest, and everything that differs from it.
fn verify(file: impl Read + Seek) -> Result<(Manifest, Vec<String>), String> {
    let mut archive = ZipArchive::new(file).map_err(|error| error.to_string())?;
    let manifest = {
        let entry = archive
            .by_name(MANIFEST)
            .map_err(|error| error.to_string())?;
        let manifest = serde_json::from_reader(entry.take(LARGEST_MANIFEST));
        let manifest: Manifest = manifest.map_err(|error| error.to_string())?;
        manifest
    };
    if manifest.format != FORMAT {
        return Err(format!("its format is {:?}", manifest.format));
    }
    let mut found: BTreeMap<String, (u64, String)> = BTreeMap::new();
    let mut faults = Vec::new();
    for place in 0..archive.len() {
        let mut entry = archive.by_index(place).map_err(|error| error.to_string())?;
        let name = entry.name().to_owned();
        if name == MANIFEST {
            continue;
        }
        let mut digest = Counting::default();
        if let Err(error) = io::copy(&mut entry, &mut digest) {
            faults.push(format!("{name}: cannot be read: {error}"));
        }
        if found.insert(name.clone(), digest.end()).is_some() {
            faults.push(format!("{name}: is there twice"));
        }
    }
    let mut listed = BTreeSet::new();
    for file in &manifest.files {
        listed.insert(file.path.as_str());
        match found.get(&file.path) {
            None => faults.push(format!("{}: is missing", file.path)),
            Some((size, _)) if *size != file.size => {
                faults.push(format!(
                    "{}: has {size} bytes instead of {}",
                    file.path, file.size
                ));
            }
            Some((_, digest)) if *digest != file.sha256 => {
                faults.push(format!("{}: was changed", file.path));
            }
            Some(_) => {}
        }
    }
    let unlisted = found.keys().filter(|name| !listed.contains(name.as_str()));
    faults.extend(unlisted.map(|name| format!("{name}: is not in the manifest")));
    Ok((manifest, faults))
}

/// Counts and digests what is written to it.
#[derive(Default)]
struct Counting {
    size: u64,
    digest: Sha256,
}

impl Counting {
    fn end(self) -> (u64, String) {
        let digest = self.digest.finalize();
        let hex: Vec<String> = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        (self.size, hex.concat())
    }
}

impl io::Write for Counting {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.digest.update(bytes);
        self.size += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;

    fn copy(files: &[(&str, &str)], listed: &[(&str, &str)]) -> Cursor<Vec<u8>> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        let lines: Vec<_> = listed
            .iter()
            .map(|(path, content)| {
                let mut digest = Counting::default();
                digest.write_all(content.as_bytes()).unwrap();
                let (size, sha256) = digest.end();
                serde_json::json!({ "path": path, "size": size, "sha256": sha256 })
            })
            .collect();
        let manifest = serde_json::json!({
            "format": FORMAT, "created_at": "2026-11-30T00:00:00Z", "created_by": "佐藤", "files": lines,
        })
        .to_string();
        for (name, content) in files.iter().copied().chain([(MANIFEST, manifest.as_str())]) {
            zip.start_file(name, SimpleFileOptions::default()).unwrap();
            zip.write_all(content.as_bytes()).unwrap();
        }
        zip.finish().unwrap()
    }

    fn faults(files: &[(&str, &str)], listed: &[(&str, &str)]) -> Vec<String> {
        verify(copy(files, listed)).unwrap().1
    }

    #[test]
    fn what_is_as_listed_is_good_and_every_difference_is_named() {
        let good = [("record.json", "{}"), ("timeline.jsonl", "")];
        assert!(faults(&good, &good).is_empty());
        assert_eq!(
            faults(&[("record.json", "[]"), ("more.txt", "x")], &good),
            [
                "record.json: was changed",
                "timeline.jsonl: is missing",
                "more.txt: is not in the manifest"
            ]
        );
        assert!(verify(Cursor::new(b"PK".to_vec())).is_err());
    }
}
