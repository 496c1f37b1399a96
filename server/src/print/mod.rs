//! Paper: official sheets and reports as PDF, set by typst.
//!
//! Pure: no database, no HTTP, and no file but fonts. A [`Document`] is a template of `server/print/`, compiled into the
//! program; [`Printer::pdf`] fills it with data and answers with the bytes of the file. What always holds:
//!
//! - **The same in, the same out.** The date is the caller's, nothing is random: one byte differs only if the data, the
//!   fonts or the program differ.
//! - **PDF/A-2a and PDF/UA-1**, checked by the writer before anybody gets the file. Sheets are kept for years and read
//!   by people with screen readers. Level *a* is *b* (looks the same for ever) and *u* (every character can be searched
//!   and copied) with the order of reading and the cells of tables marked. Part 2 permits what sheets need: transparency
//!   and compressed structure. Part 3 would add attachments of any kind, which archives refuse, and part 4 (PDF 2.0) is
//!   not read by older viewers yet.
//! - **Nothing is lost without a word.** A character that no font has is printed as 〓, the mark that Japanese printers
//!   have always used, and named at the end of the sheet. Long words may break anywhere; text flows to the next page.
//! - **Readable by fax.** Black on white; nothing is told by colour or by shades alone.
//! - **An error or a PDF, never a panic**, whatever the text is.

mod audit_report;
mod fonts;
mod japanese;
mod qr;
mod samples;
mod text;
mod world;

#[cfg(test)]
mod tests;

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    path::PathBuf,
    sync::{Arc, OnceLock},
    thread,
    time::Duration,
};

use chrono::{DateTime, Utc};
use serde::Serialize;
use tokio::sync::Semaphore;

pub use audit_report::{
    AccessRow, AuditReport, Checkpoint, Counted, Emergency, EmergencyCounts, FindingRow, LeftOut,
    LegalHold, Log, MaintenanceSession, Review, ReviewedFinding, Verification, WeekHours, Witness,
};
pub use japanese::Month;
pub use qr::qr;
pub use samples::{Amount, audit_report as audit_report_sample};

use fonts::Fonts;

/// Most bytes of data, as JSON, that one sheet is made of.
const MOST_DATA: usize = 2 * 1024 * 1024;
/// Longest wait for a turn: the caller is told to come back rather than to wait for ever.
const PATIENCE: Duration = Duration::from_secs(20);
/// What typst works out is kept as long as each sheet uses it: the templates and the fonts, but not the text of a sheet
/// beyond the next one.
const SHEETS_REMEMBERED: usize = 1;

/// What can be printed: one template each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Document {
    /// The auditor's monthly report (監査月次報告書), filled with an [`AuditReport`].
    AuditReport,
    /// A copy of a patient's record (記録の写し), filled by `features/record_exports`.
    RecordCopy,
}

impl Document {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::AuditReport, Self::RecordCopy];

    /// The file name of the template.
    fn name(self) -> &'static str {
        match self {
            Self::AuditReport => "audit_report.typ",
            Self::RecordCopy => "record_copy.typ",
        }
    }

    /// The template.
    fn template(self) -> &'static str {
        match self {
            Self::AuditReport => include_str!("../../print/audit_report.typ"),
            Self::RecordCopy => include_str!("../../print/record_copy.typ"),
        }
    }
}

/// What is told of every sheet, whatever is on it.
#[derive(Debug, Clone)]
pub struct Sheet<'a> {
    /// Its title, at the top of each page and in the file's properties.
    pub title: &'a str,
    /// The network that it is from, at the top of each page.
    pub network: &'a str,
    /// What identifies it, at the foot of each page: an id, or [`fingerprint`] of the data.
    pub code: &'a str,
    /// When it was made; also the date of the file.
    pub date: DateTime<Utc>,
    /// Pictures that the template places by their names.
    pub pictures: Vec<Picture>,
}

/// A picture on a sheet.
#[derive(Debug, Clone)]
pub struct Picture {
    /// The name that the template knows.
    pub name: &'static str,
    /// How it is written.
    pub format: PictureFormat,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// How a picture is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PictureFormat {
    /// Dots.
    Png,
    /// Lines and areas.
    Svg,
}

impl Picture {
    /// The file name by which the template finds it.
    fn file_name(&self) -> String {
        let extension = match self.format {
            PictureFormat::Png => "png",
            PictureFormat::Svg => "svg",
        };
        format!("{}.{extension}", self.name)
    }
}

/// Why nothing was printed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The folders hold no font that has Japanese characters.
    #[error("no Japanese font in {0}; install fonts-noto-cjk or set TSUMUGI_FONT_DIR")]
    FontMissing(String),
    /// The data is too much for one sheet, or the text for one QR code.
    #[error("too much for one sheet: {0} bytes of at most {1}")]
    TooLong(usize, usize),
    /// Others are printing; nobody should wait any longer.
    #[error("too many sheets are being printed")]
    Busy,
    /// The template, a picture or the typesetter failed; the words are for the log, never for callers.
    #[error("not printed: {0}")]
    Failed(String),
}

impl Error {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::FontMissing(_) => "print_font_missing",
            Self::TooLong(..) => "print_too_long",
            Self::Busy => "print_busy",
            Self::Failed(_) => "print_failed",
        }
    }
}

/// Prints. One for a process: fonts and parsed templates are kept, and only a few sheets are set at a time.
#[derive(Clone)]
pub struct Printer {
    folders: Arc<[PathBuf]>,
    press: Arc<OnceLock<Press>>,
    turns: Arc<Semaphore>,
}

/// What is kept between sheets.
struct Press {
    fonts: Fonts,
    shelf: world::Shelf,
}

impl Printer {
    /// A printer with the fonts below these folders. They are looked for when the first sheet is printed, or by
    /// [`Printer::ready`].
    pub fn new(folders: &[PathBuf]) -> Self {
        let cores = thread::available_parallelism().map_or(1, usize::from);
        Self {
            folders: folders.into(),
            press: Arc::default(),
            turns: Arc::new(Semaphore::new((cores / 2).max(1))),
        }
    }

    /// Whether there is a Japanese font.
    pub fn ready(&self) -> Result<(), Error> {
        self.press().map(|_| ())
    }

    /// The fonts, looked for until some are found: installing them needs no restart.
    fn press(&self) -> Result<&Press, Error> {
        if let Some(press) = self.press.get() {
            return Ok(press);
        }
        let press = Press {
            fonts: Fonts::below(&self.folders)?,
            shelf: world::Shelf::new(),
        };
        Ok(self.press.get_or_init(|| press))
    }

    /// Prints `data` on a sheet of this kind. Typesetting keeps a core busy, so it is done on a thread for such work
    /// and for as many sheets at a time as leaves half of the cores to others.
    pub async fn pdf<T: Serialize + ?Sized>(
        &self,
        document: Document,
        sheet: &Sheet<'_>,
        data: &T,
    ) -> Result<Vec<u8>, Error> {
        let order = world::Order::new(document, sheet, data)?;
        let turn = tokio::time::timeout(PATIENCE, self.turns.clone().acquire_owned())
            .await
            .ok()
            .and_then(Result::ok)
            .ok_or(Error::Busy)?;
        let printer = self.clone();
        tokio::task::spawn_blocking(move || {
            let printed = printer.set(&order);
            drop(turn);
            printed
        })
        .await
        .unwrap_or_else(|gone| Err(Error::Failed(gone.to_string())))
    }

    /// The same on the thread of the caller.
    pub fn pdf_here<T: Serialize + ?Sized>(
        &self,
        document: Document,
        sheet: &Sheet<'_>,
        data: &T,
    ) -> Result<Vec<u8>, Error> {
        self.set(&world::Order::new(document, sheet, data)?)
    }

    fn set(&self, order: &world::Order) -> Result<Vec<u8>, Error> {
        let press = self.press()?;
        // A fault of the typesetter ends one sheet. What it had remembered may be half done, so that is forgotten.
        let printed = catch_unwind(AssertUnwindSafe(|| world::set(press, order)));
        let keep = if printed.is_ok() {
            SHEETS_REMEMBERED
        } else {
            0
        };
        typst::comemo::evict(keep);
        printed.unwrap_or_else(|_| Err(Error::Failed("the typesetter stopped".to_owned())))
    }
}

impl std::fmt::Debug for Printer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Printer")
            .field("folders", &self.folders)
            .finish_non_exhaustive()
    }
}

/// A code that is the same for the same data only: letters of the kind of sheet, then sixteen letters and digits that
/// are not mistaken for each other when read aloud or by fax.
pub fn fingerprint<T: Serialize + ?Sized>(kind: &str, data: &T) -> Result<String, Error> {
    use sha2::{Digest, Sha256};
    const LETTERS: [u8; 32] = *b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let bytes = serde_json::to_vec(data).map_err(|error| Error::Failed(error.to_string()))?;
    let digest = Sha256::digest(bytes);
    let mut code = kind.to_owned();
    for (place, byte) in digest.iter().take(16).enumerate() {
        if place % 4 == 0 {
            code.push('-');
        }
        let letter = LETTERS.get(usize::from(byte % 32)).copied();
        code.extend(letter.map(char::from));
    }
    Ok(code)
}
