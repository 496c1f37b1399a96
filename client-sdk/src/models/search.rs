//! Words that are looked for, and what was found.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::open_enum::open_enum;

open_enum! {
    /// What was found.
    pub enum FoundSource {
        /// A post, with its document.
        Post = "post",
        /// A file.
        Attachment = "attachment",
        /// A message of a room.
        Message = "message",
    }
}

/// What to look for.
#[derive(Clone, Debug, Default, Serialize)]
pub struct SearchWords {
    /// Words between spaces; what is between quotation marks is one.
    pub words: String,
    /// Only about this patient.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub patient_id: Option<Uuid>,
    /// Only of these kinds: kinds of posts, `attachment`, `message`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kinds: Option<Vec<String>>,
    /// Only by this staff member.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub author_id: Option<Uuid>,
    /// Not older than this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<DateTime<Utc>>,
    /// Not newer than this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<DateTime<Utc>>,
    /// `next` of the page before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// 1 to 100; 20 when left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

impl SearchWords {
    /// These words, in everything.
    pub fn of(words: impl Into<String>) -> Self {
        Self {
            words: words.into(),
            ..Self::default()
        }
    }
}

/// Something that was found.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Found {
    /// What it is.
    pub source: FoundSource,
    /// The post, attachment or message.
    pub id: Uuid,
    /// Kind of post; `attachment` or `message` for the others.
    pub kind: String,
    /// The patient whom it is about.
    pub patient_id: Option<Uuid>,
    /// The patient's name, if the caller may know it.
    pub patient_name: Option<String>,
    /// The room it is in, when it is about no patient.
    pub room_id: Option<Uuid>,
    /// Name of that room; absent between two people.
    pub room_name: Option<String>,
    /// The post in which it is opened.
    pub post_id: Option<Uuid>,
    /// Whom it is for.
    pub channel: Option<String>,
    /// Who wrote it, when a person.
    pub author_id: Option<Uuid>,
    /// Who wrote it.
    pub author_name: String,
    /// The facility of the author at that time.
    pub facility_name: String,
    /// When it was taken in.
    pub at: DateTime<Utc>,
    /// Title or file name; empty where it has none.
    pub title: String,
    /// Where the words are in the title.
    pub title_marks: Vec<Mark>,
    /// Pieces of its text around the words.
    pub passages: Vec<Passage>,
}

/// A piece of a text.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Passage {
    /// The text.
    pub text: String,
    /// Where the words are in it.
    pub marks: Vec<Mark>,
}

/// A place in a text, counted in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Mark {
    /// From this character.
    pub from: usize,
    /// Up to but not with this one.
    pub to: usize,
}
