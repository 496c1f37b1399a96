//! What was found, as it goes out.

mod queries;

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

pub(super) use self::queries::{Found, list_found};
use super::found::{self, Span};

/// A page of what was found. There is no number of all: nobody could be told one without being told of what is hidden.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SearchView {
    /// What was found, newest first.
    pub(super) items: Vec<FoundView>,
    /// Cursor of the next (older) page.
    pub(super) next: Option<String>,
}

/// Something that was found.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct FoundView {
    /// `post`, `attachment` or `message`.
    source: String,
    /// The post, attachment or message.
    id: Uuid,
    /// Kind of post; `attachment` or `message` for the others.
    kind: String,
    /// The patient whom it is about.
    patient_id: Option<Uuid>,
    /// The patient's name; absent when the caller may read it but not who the patient is.
    patient_name: Option<String>,
    /// The room it is in, when it is about no patient.
    room_id: Option<Uuid>,
    /// Name of that room; absent between two people.
    room_name: Option<String>,
    /// The post in which it is opened.
    post_id: Option<Uuid>,
    /// Whom it is for (公開範囲).
    channel: Option<String>,
    /// Who wrote it, when a person: for looking for what this person wrote.
    author_id: Option<Uuid>,
    /// Who wrote it.
    author_name: String,
    /// The facility of the author at that time.
    facility_name: String,
    /// When it was taken in.
    at: DateTime<Utc>,
    /// Title or file name; empty where it has none.
    title: String,
    /// Where the words are in the title.
    title_marks: Vec<MarkView>,
    /// Pieces of its text around the words.
    passages: Vec<PassageView>,
}

/// A piece of a text.
#[derive(Debug, Serialize, ToSchema)]
struct PassageView {
    /// The text.
    text: String,
    /// Where the words are in it.
    marks: Vec<MarkView>,
}

/// A place in a text, counted in characters (Unicode code points).
#[derive(Debug, Serialize, ToSchema)]
struct MarkView {
    /// From this character.
    from: usize,
    /// Up to but not with this one.
    to: usize,
}

impl From<Span> for MarkView {
    fn from((from, to): Span) -> Self {
        Self { from, to }
    }
}

/// One thing found, with the words marked. `named` says whether the caller may know who the patient is.
pub(super) fn found(row: Found, words: &[String], named: bool) -> FoundView {
    let title_marks = found::marks(&row.title, words);
    let pieces = found::pieces(&row.body, &found::marks(&row.body, words));
    let marks = |marks: Vec<Span>| marks.into_iter().map(MarkView::from).collect();
    let passages = pieces.into_iter().map(|piece| PassageView {
        text: piece.text,
        marks: marks(piece.marks),
    });
    let channel = row
        .class
        .as_deref()
        .and_then(|class| class.split('/').next());
    FoundView {
        channel: channel.map(str::to_owned),
        source: row.source,
        id: row.id,
        kind: row.kind,
        patient_id: row.patient_id,
        patient_name: row.patient_name.filter(|_| named),
        room_id: row.room_id,
        room_name: row.room_name,
        post_id: row.post_id,
        author_id: row.author_staff_id,
        author_name: row.staff_name.or(row.client_name).unwrap_or_default(),
        facility_name: row.facility_name,
        at: row.at,
        title: row.title,
        title_marks: marks(title_marks),
        passages: passages.collect(),
    }
}
