//! The files to send: found, read under a limit, checked as far as needs no server.

use std::fmt::Write;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::Stop;
use crate::output::Line;

/// The server takes no larger Bundle.
pub(crate) const LARGEST_FILE: u64 = 5 * 1024 * 1024;

/// The files given, folders replaced by the `*.json` files directly in them, in order of name.
pub(crate) fn expand(given: &[PathBuf]) -> Result<Vec<PathBuf>, Stop> {
    let mut found = Vec::new();
    for path in given {
        if path.is_dir() {
            let listed =
                list(path).map_err(|error| Stop::usage(format!("{}: {error}", path.display())))?;
            found.extend(listed);
        } else {
            found.push(path.clone());
        }
    }
    Ok(found)
}

fn list(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let is_json = path
            .extension()
            .is_some_and(|ending| ending.eq_ignore_ascii_case("json"));
        if is_json && path.is_file() {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// The last part of a path, which is all that is shown and remembered of it.
pub(crate) fn name(path: &Path) -> String {
    path.file_name()
        .unwrap_or(path.as_os_str())
        .to_string_lossy()
        .into_owned()
}

/// A file's bytes and their digest.
pub(crate) struct Content {
    pub(crate) bytes: Vec<u8>,
    /// SHA-256 in hexadecimal.
    pub(crate) digest: String,
}

/// Reads a file, or says in the server's words why it will not be sent.
pub(crate) fn read(path: &Path) -> Result<Content, Box<Line>> {
    let name = name(path);
    let unreadable =
        |error: io::Error| Box::new(Line::failed(&name, format!("unreadable: {error}")));
    let file = File::open(path).map_err(unreadable)?;
    let mut bytes = Vec::new();
    // One byte more than allowed tells "too large" from "just fits", also of a file that grows.
    file.take(LARGEST_FILE + 1)
        .read_to_end(&mut bytes)
        .map_err(unreadable)?;
    if bytes.len() as u64 > LARGEST_FILE {
        let message = format!("larger than {LARGEST_FILE} bytes");
        return Err(Box::new(Line::refused(&name, "body_too_large", message)));
    }
    if let Err(reason) = check_json(&bytes) {
        return Err(Box::new(Line::refused(&name, "not_json", reason)));
    }
    let digest = hexadecimal(&Sha256::digest(&bytes));
    Ok(Content { bytes, digest })
}

fn check_json(bytes: &[u8]) -> Result<(), String> {
    let text = std::str::from_utf8(bytes)
        .map_err(|error| format!("not UTF-8 from byte {} on", error.valid_up_to()))?;
    serde_json::from_str::<serde::de::IgnoredAny>(text)
        .map(|_| ())
        .map_err(|error| {
            format!(
                "not JSON at line {} column {}",
                error.line(),
                error.column()
            )
        })
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").ok();
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::Fate;

    fn read_bytes(bytes: &[u8]) -> Result<Content, Box<Line>> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.json");
        fs::write(&path, bytes).unwrap();
        read(&path)
    }

    fn refusal(bytes: &[u8]) -> String {
        let line = read_bytes(bytes).err().unwrap();
        assert_eq!(line.result, Fate::Refused);
        line.code.unwrap()
    }

    #[test]
    fn digest_is_of_the_bytes() {
        let content = read_bytes(b"{}").unwrap();
        assert_eq!(
            content.digest,
            "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
        );
    }

    #[test]
    fn file_that_cannot_be_a_bundle_is_refused_here() {
        assert_eq!(refusal(b""), "not_json");
        assert_eq!(refusal(b"{} {}"), "not_json");
        assert_eq!(refusal(b"{\"a\": \"\xff\"}"), "not_json");
        let limit = usize::try_from(LARGEST_FILE).unwrap();
        assert_eq!(refusal(&vec![b' '; limit + 1]), "body_too_large");
        assert_eq!(refusal(&vec![b' '; limit]), "not_json");
    }

    #[test]
    fn file_that_is_not_there_has_failed() {
        let line = read(Path::new("/nonexistent/a.json")).err().unwrap();
        assert_eq!(line.result, Fate::Failed);
        assert_eq!(line.file, "a.json");
    }

    #[test]
    fn folder_gives_its_json_files_in_order() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["b.json", "a.JSON", "c.xml"] {
            fs::write(folder.path().join(name), "{}").unwrap();
        }
        fs::create_dir(folder.path().join("d.json")).unwrap();
        let found = expand(&[folder.path().to_owned()]).unwrap();
        let names: Vec<_> = found.iter().map(|path| name(path)).collect();
        assert_eq!(names, ["a.JSON", "b.json"]);
    }
}
