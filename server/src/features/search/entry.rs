//! What others make findable, and the row that it becomes.

use chrono::{DateTime, Utc};
use diesel::Insertable;
use serde::Deserialize;
use tsumugi_schema::tables::search_entries;
use uuid::Uuid;

use super::words;
use crate::fhir::Section;

/// What can be found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// A post, with its document.
    Post,
    /// A file: its name, and its text when it has one.
    Attachment,
    /// A message of a room.
    Message,
}

impl Source {
    /// The code in the database and the interface.
    pub fn code(self) -> &'static str {
        match self {
            Self::Post => "post",
            Self::Attachment => "attachment",
            Self::Message => "message",
        }
    }
}

/// Who wrote it.
#[derive(Debug, Clone, Copy)]
pub enum Author {
    /// A person.
    Staff(Uuid),
    /// A system.
    Client(Uuid),
}

/// Where it is, and with it who may read it.
#[derive(Debug, Clone)]
pub enum Place {
    /// On the timeline of a patient: the patient, and the class of the post (`access::class`) to which it belongs.
    Patient(Uuid, String),
    /// In a room.
    Room(Uuid),
}

/// Something to be made findable, as it stands now.
#[derive(Debug, Clone)]
pub struct Entry<'a> {
    /// What it is.
    pub source: Source,
    /// Its id.
    pub id: Uuid,
    /// Kind of post; `attachment` or `message` for the others.
    pub kind: &'a str,
    /// Where it is.
    pub place: Place,
    /// The post in which it is opened.
    pub post_id: Option<Uuid>,
    /// The facility of the author.
    pub facility_id: Uuid,
    /// Who wrote it.
    pub author: Option<Author>,
    /// When the server took it in.
    pub at: DateTime<Utc>,
    /// Its title or the name of the file; may be empty.
    pub title: &'a str,
    /// Its text; may be empty.
    pub body: &'a str,
}

impl Entry<'_> {
    /// Whether there is nothing in it that could be found.
    pub(super) fn is_empty(&self) -> bool {
        self.title.trim().is_empty() && self.body.trim().is_empty()
    }
}

/// The row of an entry.
#[derive(Debug, Insertable)]
// NULL rather than DEFAULT for what is not there, so that the statement is always the same and prepared once.
#[diesel(table_name = search_entries, treat_none_as_default_value = false)]
pub struct Row {
    tenant_id: Uuid,
    source: &'static str,
    id: Uuid,
    kind: String,
    patient_id: Option<Uuid>,
    room_id: Option<Uuid>,
    post_id: Option<Uuid>,
    class: Option<String>,
    facility_id: Uuid,
    author_staff_id: Option<Uuid>,
    author_client_id: Option<Uuid>,
    at: DateTime<Utc>,
    title: String,
    body: String,
    folded: String,
    tokens: Vec<i32>,
}

impl Row {
    /// The row of an entry of a network; nothing when there is nothing to be found.
    pub fn of(tenant_id: Uuid, entry: &Entry<'_>) -> Option<Self> {
        if entry.is_empty() {
            return None;
        }
        let (patient_id, class, room_id) = match &entry.place {
            Place::Patient(id, class) => (Some(*id), Some(class.clone()), None),
            Place::Room(id) => (None, None, Some(*id)),
        };
        let (author_staff_id, author_client_id) = match entry.author {
            Some(Author::Staff(id)) => (Some(id), None),
            Some(Author::Client(id)) => (None, Some(id)),
            None => (None, None),
        };
        let folded = words::folded_entry(entry.title, entry.body);
        Some(Self {
            tenant_id,
            source: entry.source.code(),
            id: entry.id,
            kind: entry.kind.to_owned(),
            patient_id,
            room_id,
            post_id: entry.post_id,
            class,
            facility_id: entry.facility_id,
            author_staff_id,
            author_client_id,
            at: entry.at,
            title: entry.title.to_owned(),
            body: entry.body.to_owned(),
            tokens: words::tokens(tenant_id, &folded),
            folded,
        })
    }
}

/// The sections of a document, as they are kept beside its bytes.
#[derive(Deserialize)]
struct Kept {
    #[serde(default)]
    sections: Vec<Section>,
}

/// The text of a document: what its sections say, with their titles, or else its first lines.
pub fn document_text(content: serde_json::Value, excerpt: &str) -> String {
    let mut text = String::new();
    let kept: Result<Kept, _> = serde_json::from_value(content);
    for section in kept.iter().flat_map(|kept| &kept.sections) {
        add(&mut text, section);
    }
    if text.trim().is_empty() {
        excerpt.clone_into(&mut text);
    }
    text
}

fn add(text: &mut String, section: &Section) {
    for part in [&section.title, &section.text] {
        if !part.trim().is_empty() {
            text.push_str(part.trim());
            text.push('\n');
        }
    }
    for inner in &section.sections {
        add(text, inner);
    }
}
