use std::path::PathBuf;

use super::{Place, parsed, value};

/// Where attached files lie, how large they may be, and who looks at them.
#[derive(Debug, Clone)]
pub struct Files {
    /// The folder or bucket.
    pub store: Place,
    /// Largest photo, in bytes.
    pub photo: u64,
    /// Largest video, in bytes.
    pub video: u64,
    /// Largest sound, in bytes.
    pub audio: u64,
    /// Largest PDF, in bytes.
    pub pdf: u64,
    /// Hours for which an upload may be resumed.
    pub upload_hours: u32,
    /// The program that converts video and sound; without it they are not taken.
    pub ffmpeg: Option<PathBuf>,
    /// Where that program works; nothing stays there.
    pub work_dir: PathBuf,
    /// The malware scanner.
    pub scanner: Option<ScannerAt>,
}

/// Where the malware scanner (clamd) listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ScannerAt {
    /// A socket of this machine.
    Socket(PathBuf),
    /// A port of this machine.
    Port(std::net::SocketAddr),
}

const MEGABYTE: u64 = 1_000_000;

impl Files {
    /// The usual limits, with files in this folder.
    pub fn in_folder(folder: PathBuf) -> Self {
        Self {
            store: Place::Folder(folder),
            photo: 40 * MEGABYTE,
            video: 500 * MEGABYTE,
            audio: 100 * MEGABYTE,
            pdf: 50 * MEGABYTE,
            upload_hours: 48,
            ffmpeg: None,
            work_dir: std::env::temp_dir(),
            scanner: None,
        }
    }

    pub(super) fn from_env(mistakes: &mut Vec<String>) -> Self {
        let data_dir = PathBuf::from(value("TSUMUGI_DATA_DIR").unwrap_or_default());
        let usual = Self::in_folder(data_dir.join("files"));
        let mut megabytes = |name: &str, usual: u64| match parsed::<u64>(name, mistakes) {
            None => usual,
            Some(given @ 1..=10_000) => given * MEGABYTE,
            Some(_) => {
                mistakes.push(format!("{name} must be 1 to 10000"));
                usual
            }
        };
        let photo = megabytes("TSUMUGI_FILE_PHOTO_MB", usual.photo);
        let video = megabytes("TSUMUGI_FILE_VIDEO_MB", usual.video);
        let audio = megabytes("TSUMUGI_FILE_AUDIO_MB", usual.audio);
        let pdf = megabytes("TSUMUGI_FILE_PDF_MB", usual.pdf);
        let store =
            value("TSUMUGI_FILE_STORE").map(|text| Place::parse("TSUMUGI_FILE_STORE", &text));
        let store = match store {
            None => usual.store,
            Some(Ok(place)) => place,
            Some(Err(mistake)) => {
                mistakes.push(mistake);
                usual.store
            }
        };
        let scanner = value("TSUMUGI_MALWARE_SCANNER").and_then(|text| {
            let found = scanner_at(&text);
            if found.is_none() {
                let must = "TSUMUGI_MALWARE_SCANNER must be unix:/path/of/socket or a loopback address with port";
                mistakes.push(must.to_owned());
            }
            found
        });
        let upload_hours = parsed("TSUMUGI_FILE_UPLOAD_HOURS", mistakes);
        Self {
            store,
            photo,
            video,
            audio,
            pdf,
            upload_hours: upload_hours.unwrap_or(usual.upload_hours).max(1),
            ffmpeg: value("TSUMUGI_MEDIA_FFMPEG").map(PathBuf::from),
            work_dir: value("TSUMUGI_MEDIA_WORK_DIR").map_or(usual.work_dir, PathBuf::from),
            scanner,
        }
    }

    /// The largest file of any kind.
    pub fn largest(&self) -> u64 {
        self.photo.max(self.video).max(self.audio).max(self.pdf)
    }
}

/// On this machine only: what is scanned is sent as it is.
fn scanner_at(text: &str) -> Option<ScannerAt> {
    if let Some(path) = text.strip_prefix("unix:") {
        return path
            .starts_with('/')
            .then(|| ScannerAt::Socket(path.into()));
    }
    let addr: std::net::SocketAddr = text.parse().ok()?;
    addr.ip().is_loopback().then_some(ScannerAt::Port(addr))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scanner_is_on_this_machine() {
        let socket = scanner_at("unix:/run/clamav/clamd.ctl");
        assert_eq!(
            socket,
            Some(ScannerAt::Socket("/run/clamav/clamd.ctl".into()))
        );
        assert!(scanner_at("127.0.0.1:3310").is_some());
        for bad in ["10.0.0.1:3310", "unix:relative", "clamd", ""] {
            assert_eq!(scanner_at(bad), None, "{bad}");
        }
    }
}
