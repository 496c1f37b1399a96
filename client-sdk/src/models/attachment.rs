//! Attached files.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::open_enum::open_enum;

open_enum! {
    /// What a file is, by its bytes.
    pub enum Media {
        /// 写真
        Photo = "photo",
        /// 動画
        Video = "video",
        /// 音声
        Audio = "audio",
        /// PDF
        Pdf = "pdf",
    }
}

open_enum! {
    /// Where a file stands.
    pub enum AttachmentState {
        /// It is still arriving.
        Uploading = "uploading",
        /// It has arrived and is being checked (確認中).
        Checking = "checking",
        /// It can be looked at.
        Ready = "ready",
        /// It is not taken.
        Refused = "refused",
    }
}

open_enum! {
    /// A file or a picture of it.
    pub enum Rendition {
        /// All of it.
        Full = "full",
        /// A picture for the page.
        Medium = "medium",
        /// A picture for a list.
        Small = "small",
    }
}

/// An attached file.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Attachment {
    /// The file's id.
    pub id: Uuid,
    /// The patient whom it belongs to, when not to a room.
    pub patient_id: Option<Uuid>,
    /// The room that it belongs to, when not to a patient.
    pub room_id: Option<Uuid>,
    /// Its name, made harmless.
    pub name: String,
    /// What it is, once that is known.
    pub media: Option<Media>,
    /// Where it stands.
    pub state: AttachmentState,
    /// Why it was refused.
    pub refusal: Option<AttachmentRefusal>,
    /// How many bytes it was said to have.
    pub length: u64,
    /// How many have arrived.
    pub received: u64,
    /// The photo that was drawn on.
    pub derived_from: Option<Uuid>,
    /// Pages of a PDF.
    pub pages: Option<u32>,
    /// How long a video or sound is, in milliseconds.
    pub milliseconds: Option<u32>,
    /// What the check waits for.
    pub waits_for: Option<String>,
    /// Who sent it.
    pub uploaded_by: Uuid,
    /// When sending began.
    pub created_at: DateTime<Utc>,
    /// What can be looked at.
    pub renditions: Vec<AttachmentRendition>,
}

/// Why a file was refused.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct AttachmentRefusal {
    /// The stable code, such as `attachment_damaged`.
    pub code: String,
}

/// A file or picture that can be looked at.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct AttachmentRendition {
    /// Which.
    pub rendition: Rendition,
    /// Its media type.
    pub media_type: String,
    /// How many bytes.
    pub size: u64,
    /// Width of a picture.
    pub width: Option<u32>,
    /// Height of a picture.
    pub height: Option<u32>,
}

/// A file to be sent.
#[derive(Clone, Debug, Default)]
pub struct NewAttachment {
    /// Its id, chosen by the caller.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// What the caller takes it for, such as `image/jpeg`; the server looks for itself.
    pub media_type: Option<String>,
    /// How many bytes it has.
    pub length: u64,
    /// The photo that was drawn on.
    pub derived_from: Option<Uuid>,
}

impl NewAttachment {
    /// A file with a new id.
    pub fn named(name: impl Into<String>, length: u64) -> Self {
        Self {
            id: crate::new_id(),
            name: name.into(),
            length,
            ..Self::default()
        }
    }
}

/// What is taken, in bytes; 0 is nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct AttachmentRules {
    /// Largest photo.
    pub photo: u64,
    /// Largest PDF.
    pub pdf: u64,
    /// Largest video.
    pub video: u64,
    /// Largest sound.
    pub audio: u64,
}

/// Asking for links to look at files.
#[derive(Clone, Debug, Serialize)]
pub struct CreateAttachmentLinks {
    /// The files, each in one rendition.
    pub items: Vec<WantedLink>,
}

/// A file in one rendition.
#[derive(Clone, Debug, Serialize)]
pub struct WantedLink {
    /// The file.
    pub attachment_id: Uuid,
    /// Which rendition.
    pub rendition: Rendition,
}

/// Links to look at files.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct AttachmentLinks {
    /// In the order in which they were asked for.
    pub items: Vec<AttachmentLink>,
}

/// A link to look at a file.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct AttachmentLink {
    /// The file.
    pub attachment_id: Uuid,
    /// Which rendition.
    pub rendition: Rendition,
    /// Where it is, below the address of the server. Whoever has it can look while it lives.
    pub url: String,
    /// Until when.
    pub expires_at: DateTime<Utc>,
}
