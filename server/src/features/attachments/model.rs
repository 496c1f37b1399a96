//! Rows of attached files, their kinds, and why one is not taken.

use actix_web::http::StatusCode;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use tsumugi_schema::tables::{attachment_files, attachments};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{Error, config::Files};

/// Whom a file belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holder {
    /// A patient: files of posts.
    Patient(Uuid),
    /// A room: files of messages.
    Room(Uuid),
}

impl Holder {
    /// The patient, when it is one.
    pub fn patient(self) -> Option<Uuid> {
        match self {
            Self::Patient(id) => Some(id),
            Self::Room(_) => None,
        }
    }

    /// The room, when it is one.
    pub fn room(self) -> Option<Uuid> {
        match self {
            Self::Room(id) => Some(id),
            Self::Patient(_) => None,
        }
    }

    /// Its identifier.
    pub fn id(self) -> Uuid {
        match self {
            Self::Patient(id) | Self::Room(id) => id,
        }
    }
}

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Media {
    /// 写真
    Photo,
    /// 動画
    Video,
    /// 音声
    Audio,
    /// PDF
    Pdf,
}

impl Media {
    /// The code in the database and the interface.
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Photo => "photo",
            Self::Video => "video",
            Self::Audio => "audio",
            Self::Pdf => "pdf",
        }
    }

    /// The largest that is taken.
    pub(super) fn largest(self, files: &Files) -> u64 {
        match self {
            Self::Photo => files.photo,
            Self::Video => files.video,
            Self::Audio => files.audio,
            Self::Pdf => files.pdf,
        }
    }

    /// What a sender says that it is, by a media type. It is believed for the limit at the beginning and no further.
    pub(super) fn declared(media_type: &str) -> Option<Self> {
        let (kind, rest) = media_type.split_once('/')?;
        match kind {
            "image" => Some(Self::Photo),
            "video" => Some(Self::Video),
            "audio" => Some(Self::Audio),
            "application" if rest == "pdf" => Some(Self::Pdf),
            _ => None,
        }
    }
}

/// A picture of a file, by size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Rendition {
    /// All of it: the photo, the video, the sound, the PDF.
    Full,
    /// A picture for the page: at most 1600 pixels wide and high.
    Medium,
    /// A picture for a list: at most 400 pixels wide and high.
    Small,
}

impl Rendition {
    /// The code in the database.
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Medium => "medium",
            Self::Small => "small",
        }
    }
}

/// Why a file was not taken after it had arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::enum_variant_names, reason = "the codes of the interface")]
pub(super) enum Refusal {
    /// It is neither a photo, a video, a sound nor a PDF.
    AttachmentTypeNotAllowed,
    /// HEIC photos cannot be read; JPEG can.
    AttachmentHeicNotSupported,
    /// This installation takes no video and no sound.
    AttachmentVideoNotConfigured,
    /// It is larger than its kind may be.
    AttachmentTooLarge,
    /// It is cut off, or not what it begins as.
    AttachmentDamaged,
    /// It has too many pixels.
    AttachmentTooManyPixels,
    /// It takes more memory or time than it is worth: made to break what reads it.
    AttachmentTooCostly,
    /// It is two kinds of file at once.
    AttachmentAmbiguous,
    /// A PDF with a script, a file, or a program to start in it.
    AttachmentPdfActive,
    /// A PDF that needs a password.
    AttachmentPdfEncrypted,
    /// The malware scanner found something.
    AttachmentInfected,
}

impl Refusal {
    const ALL: [Self; 11] = [
        Self::AttachmentTypeNotAllowed,
        Self::AttachmentHeicNotSupported,
        Self::AttachmentVideoNotConfigured,
        Self::AttachmentTooLarge,
        Self::AttachmentDamaged,
        Self::AttachmentTooManyPixels,
        Self::AttachmentTooCostly,
        Self::AttachmentAmbiguous,
        Self::AttachmentPdfActive,
        Self::AttachmentPdfEncrypted,
        Self::AttachmentInfected,
    ];

    /// The stable code.
    pub(super) fn code(self) -> &'static str {
        self.says().0
    }

    /// The refusal with this code.
    pub(super) fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.code() == code)
    }

    fn says(self) -> (&'static str, &'static str) {
        match self {
            Self::AttachmentTypeNotAllowed => (
                "attachment_type_not_allowed",
                "only photos (JPEG, PNG, WebP), video, sound and PDF are taken",
            ),
            Self::AttachmentHeicNotSupported => (
                "attachment_heic_not_supported",
                "HEIC photos cannot be read; send a JPEG",
            ),
            Self::AttachmentVideoNotConfigured => (
                "attachment_video_not_configured",
                "this installation takes no video and no sound",
            ),
            Self::AttachmentTooLarge => ("attachment_too_large", "larger than its kind may be"),
            Self::AttachmentDamaged => ("attachment_damaged", "cut off, or not what it begins as"),
            Self::AttachmentTooManyPixels => ("attachment_too_many_pixels", "too many pixels"),
            Self::AttachmentTooCostly => (
                "attachment_too_costly",
                "takes more memory or time to read than is given",
            ),
            Self::AttachmentAmbiguous => ("attachment_ambiguous", "two kinds of file at once"),
            Self::AttachmentPdfActive => (
                "attachment_pdf_active",
                "the PDF holds a script, a file, or a program to start",
            ),
            Self::AttachmentPdfEncrypted => {
                ("attachment_pdf_encrypted", "the PDF needs a password")
            }
            Self::AttachmentInfected => {
                ("attachment_infected", "the malware scanner found something")
            }
        }
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        let (code, message) = refusal.says();
        let status = match refusal {
            Refusal::AttachmentTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Refusal::AttachmentTypeNotAllowed
            | Refusal::AttachmentHeicNotSupported
            | Refusal::AttachmentVideoNotConfigured => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            _ => StatusCode::UNPROCESSABLE_ENTITY,
        };
        Self::Upload(code, message, status)
    }
}

/// A file.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = attachments, check_for_backend(diesel::pg::Pg))]
pub(super) struct Attachment {
    pub(super) id: Uuid,
    pub(super) patient_id: Option<Uuid>,
    pub(super) room_id: Option<Uuid>,
    pub(super) key_id: Uuid,
    pub(super) uploaded_by: Uuid,
    pub(super) facility_id: Uuid,
    pub(super) name: String,
    pub(super) media: Option<String>,
    pub(super) state: String,
    pub(super) refusal: Option<String>,
    pub(super) length: i64,
    pub(super) received: i64,
    pub(super) derived_from: Option<Uuid>,
    pub(super) pages: Option<i32>,
    pub(super) milliseconds: Option<i32>,
    pub(super) created_at: DateTime<Utc>,
    pub(super) expires_at: DateTime<Utc>,
    pub(super) held_by: Option<Uuid>,
    pub(super) held_until: Option<DateTime<Utc>>,
    pub(super) check_attempts: i32,
    pub(super) check_waits_for: Option<String>,
}

impl Attachment {
    /// Whom it belongs to.
    pub(super) fn holder(&self) -> Option<Holder> {
        let patient = self.patient_id.map(Holder::Patient);
        patient.or(self.room_id.map(Holder::Room))
    }

    /// Whether it is still arriving.
    pub(super) fn is_uploading(&self) -> bool {
        self.state == "uploading"
    }
}

/// What can be looked at of a file.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = attachment_files, check_for_backend(diesel::pg::Pg))]
pub(super) struct FileRow {
    pub(super) attachment_id: Uuid,
    pub(super) rendition: String,
    pub(super) object_id: Uuid,
    pub(super) media_type: String,
    pub(super) size: i64,
    pub(super) width: Option<i32>,
    pub(super) height: Option<i32>,
}

/// The longest name that is kept, in characters.
const LONGEST_NAME: usize = 120;

/// A name for a file that is safe to show and to save: its last part, without anything that moves, hides or turns text.
pub(super) fn harmless_name(given: &str) -> String {
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let kept: String = last
        .chars()
        .filter(|c| !c.is_control() && !is_hidden(*c))
        .map(|c| if "<>:\"|?*".contains(c) { '_' } else { c })
        .collect();
    let kept = kept
        .trim()
        .trim_start_matches('.')
        .trim_end_matches(['.', ' ']);
    let name = shortened(kept);
    if name.is_empty() {
        "file".to_owned()
    } else {
        name
    }
}

/// What stands for nothing one sees, or turns the text around it.
fn is_hidden(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{061c}')
}

fn shortened(name: &str) -> String {
    if name.chars().count() <= LONGEST_NAME {
        return name.to_owned();
    }
    let (stem, end) = match name.rsplit_once('.') {
        Some((stem, end)) if end.chars().count() <= 10 => (stem, format!(".{end}")),
        _ => (name, String::new()),
    };
    let room = LONGEST_NAME - end.chars().count();
    stem.chars().take(room).chain(end.chars()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_lead_elsewhere_or_pretend() {
        for (given, kept) in [
            ("../../etc/passwd", "passwd"),
            ("C:\\temp\\傷.jpg", "傷.jpg"),
            ("a\u{202e}gpj.exe", "agpj.exe"),
            ("a\r\nb\0.png", "ab.png"),
            ("..", "file"),
            ("", "file"),
            (".htaccess", "htaccess"),
            ("写真 1.jpg ", "写真 1.jpg"),
            ("a\"b<c>.pdf", "a_b_c_.pdf"),
        ] {
            assert_eq!(harmless_name(given), kept, "{given:?}");
        }
        let long = format!("{}.jpeg", "あ".repeat(4000));
        let kept = harmless_name(&long);
        assert_eq!(kept.chars().count(), LONGEST_NAME);
        assert!(kept.ends_with("あ.jpeg"));
    }

    #[test]
    fn every_refusal_is_found_by_its_code() {
        for refusal in Refusal::ALL {
            assert_eq!(Refusal::parse(refusal.code()), Some(refusal));
        }
    }
}
