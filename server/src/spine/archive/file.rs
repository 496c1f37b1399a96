//! The file itself: gzip, written aside, and moved into place when all of it is on the disk and was found to be right.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, BufWriter, Read},
    path::{Path, PathBuf},
};

use flate2::{Compression, write::GzEncoder};
use sha2::{Digest, Sha256};

/// A file that is being written.
pub(super) type Writing = GzEncoder<BufWriter<File>>;

/// Where a file is until it is known to be right.
pub(super) fn aside(path: &Path) -> PathBuf {
    path.with_extension("part")
}

/// Begins a file that only its owner may read; what an earlier attempt left there is overwritten.
pub(super) fn create(aside: &Path) -> io::Result<Writing> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = BufWriter::new(options.open(aside)?);
    Ok(GzEncoder::new(file, Compression::default()))
}

/// Ends a file, and puts it on the disk.
pub(super) fn finish(writing: Writing) -> io::Result<()> {
    writing.finish()?.into_inner()?.sync_all()
}

/// Moves a file into place.
pub(super) fn publish(aside: &Path, path: &Path) -> io::Result<()> {
    fs::rename(aside, path)?;
    // The name is on the disk when the folder is.
    let folder = path.parent().filter(|at| !at.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
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
    use std::io::Write;

    use super::*;
    use crate::{ledger::bundle::Lines, spine::ids};

    #[test]
    fn a_file_is_there_as_a_whole_or_not_at_all() {
        let folder = std::env::temp_dir().join(ids::new_id().to_string());
        fs::create_dir_all(&folder).unwrap();
        let path = folder.join("one.jsonl.gz");
        let aside = aside(&path);
        let mut broken_off = create(&aside).unwrap();
        broken_off.write_all(b"half a line").unwrap();
        drop(broken_off);
        assert!(!path.exists());
        let mut whole = create(&aside).unwrap();
        whole.write_all(b"one\ntwo\n").unwrap();
        finish(whole).unwrap();
        publish(&aside, &path).unwrap();
        assert!(!aside.exists());
        let mut read = Lines::of(File::open(&path).unwrap()).unwrap();
        assert_eq!(read.next_line().unwrap().unwrap(), b"one");
        assert_eq!(read.next_line().unwrap().unwrap(), b"two");
        assert_eq!(read.next_line().unwrap(), None);
        let before = digest(&path).unwrap();
        let mut bytes = fs::read(&path).unwrap();
        bytes.truncate(bytes.len() - 9);
        fs::write(&path, bytes).unwrap();
        assert_ne!(digest(&path).unwrap(), before);
        fs::remove_dir_all(folder).unwrap();
    }
}
