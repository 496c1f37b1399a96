//! The file itself: JSON lines (`tsumugi-log/1`) in gzip, written aside and moved into place when all of it is on the disk.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, BufRead, BufReader, BufWriter, Read, Write},
    path::{Path, PathBuf},
};

use flate2::{Compression, bufread::GzDecoder, write::GzEncoder};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// Longest line that is read back: an entry may name many patients.
const LONGEST: u64 = 64 * 1024 * 1024;

/// A file that is being written.
pub(super) struct Writer {
    gzip: GzEncoder<BufWriter<File>>,
    lines: u64,
    aside: PathBuf,
    path: PathBuf,
}

impl Writer {
    /// Begins a file; what an earlier attempt left aside is overwritten.
    pub(super) fn create(path: &Path) -> io::Result<Self> {
        let aside = path.with_extension("part");
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = BufWriter::new(options.open(&aside)?);
        Ok(Self {
            gzip: GzEncoder::new(file, Compression::default()),
            lines: 0,
            aside,
            path: path.to_owned(),
        })
    }

    /// Adds a line.
    pub(super) fn line(&mut self, value: &Value) -> io::Result<()> {
        self.lines += 1;
        writeln!(self.gzip, "{value}")
    }

    /// Adds the last line, and moves the file into place once it is on the disk.
    pub(super) fn finish(mut self) -> io::Result<()> {
        let lines = self.lines + 1;
        self.line(&json!({ "t": "end", "lines": lines }))?;
        let file = self.gzip.finish()?.into_inner()?;
        file.sync_all()?;
        fs::rename(&self.aside, &self.path)?;
        // The name is on the disk when the folder is.
        let folder = self.path.parent().filter(|at| !at.as_os_str().is_empty());
        File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
    }
}

/// The lines of a file, one after the other; an error for what is not one.
pub(super) fn lines(path: &Path) -> io::Result<impl Iterator<Item = io::Result<Value>>> {
    let mut reader = BufReader::new(GzDecoder::new(BufReader::new(File::open(path)?)));
    let mut read = move || -> io::Result<Option<Value>> {
        let mut line = Vec::new();
        let length = reader.by_ref().take(LONGEST).read_until(b'\n', &mut line)?;
        if length == 0 {
            return Ok(None);
        }
        Ok(Some(serde_json::from_slice(&line)?))
    };
    Ok(std::iter::from_fn(move || read().transpose()))
}

/// SHA-256 of the bytes of a file.
pub(super) fn digest(path: &Path) -> io::Result<[u8; 32]> {
    let mut file = File::open(path)?;
    let mut hasher = Sha256::new();
    let mut bytes = vec![0; 1 << 16];
    loop {
        let length = file.read(&mut bytes)?;
        if length == 0 {
            return Ok(hasher.finalize().into());
        }
        hasher.update(bytes.get(..length).unwrap_or_default());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spine::ids;

    #[test]
    fn a_file_is_there_as_a_whole_or_not_at_all() {
        let folder = std::env::temp_dir().join(ids::new_id().to_string());
        fs::create_dir_all(&folder).unwrap();
        let path = folder.join("one.jsonl.gz");
        let mut broken_off = Writer::create(&path).unwrap();
        broken_off.line(&json!({ "t": "log" })).unwrap();
        drop(broken_off);
        assert!(!path.exists());
        let mut whole = Writer::create(&path).unwrap();
        whole
            .line(&json!({ "t": "log", "kind": "archive" }))
            .unwrap();
        whole.finish().unwrap();
        let read: Vec<Value> = lines(&path).unwrap().map(Result::unwrap).collect();
        assert_eq!(
            read,
            [
                json!({ "t": "log", "kind": "archive" }),
                json!({ "t": "end", "lines": 2 })
            ]
        );
        let before = digest(&path).unwrap();
        let mut bytes = fs::read(&path).unwrap();
        bytes.truncate(bytes.len() - 9);
        fs::write(&path, bytes).unwrap();
        assert_ne!(digest(&path).unwrap(), before);
        assert!(lines(&path).unwrap().any(|line| line.is_err()));
        fs::remove_dir_all(folder).unwrap();
    }
}
