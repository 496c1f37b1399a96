//! What a document looks like to its reader.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::model::{Content, Document};
use crate::{Error, Result, fhir};

/// A document.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct DocumentView {
    /// Identifier.
    id: Uuid,
    /// Its post on the timeline.
    post_id: Option<Uuid>,
    /// Its patient; null while not known.
    patient_id: Option<Uuid>,
    /// Title as written by the author.
    title: String,
    /// Code of the type (LOINC or profile).
    type_code: String,
    /// The type in Japanese.
    type_label: String,
    /// `discharge_summary`, `referral`, `checkup`, `treatment_plan`, `clins_collection` or `other_document`.
    kind: String,
    /// When it was written.
    authored_at: DateTime<Utc>,
    /// By whom.
    authors: Vec<String>,
    /// Where.
    institution_name: String,
    /// Whom it is about, as the sender knows them.
    patient: DocumentPatientView,
    /// What it says.
    sections: Vec<SectionView>,
    /// Its entries, one line each.
    resources: Vec<ResourceView>,
    /// Restrictions that the sender put on it (CLINS): `LTS`, `UNINFORMED` (未告知), `UNDELIVERED` (未提供).
    indications: Vec<String>,
    /// What the reader should know about how it was read.
    remarks: Vec<String>,
    /// When it arrived.
    received_at: DateTime<Utc>,
    /// The system that sent it.
    sent_by: String,
    /// The document that it replaces.
    replaces: Option<Uuid>,
}

/// A patient, as the sender of a document knows them.
#[derive(Debug, Serialize, ToSchema)]
struct DocumentPatientView {
    /// Name in kanji.
    name: String,
    /// Name in katakana.
    kana: Option<String>,
    /// Date of birth.
    birth_date: Option<NaiveDate>,
    /// Sex.
    sex: Option<String>,
    /// Numbers.
    identifiers: Vec<DocumentIdentifierView>,
}

/// A number of a patient in a document.
#[derive(Debug, Serialize, ToSchema)]
struct DocumentIdentifierView {
    /// Name space.
    system: String,
    /// The number.
    value: String,
}

/// A section of a document.
#[derive(Debug, Serialize, ToSchema)]
struct SectionView {
    /// Title.
    title: String,
    /// Code.
    code: Option<String>,
    /// Text, with line breaks.
    text: String,
    /// Sections within.
    #[schema(no_recursion)]
    sections: Vec<SectionView>,
}

/// An entry of a document.
#[derive(Debug, Serialize, ToSchema)]
struct ResourceView {
    /// FHIR resource type.
    r#type: String,
    /// What it is about.
    title: String,
    /// What it says.
    text: String,
}

/// Makes the view of a document, with or without what it says.
pub(super) fn document(row: Document, sent_by: String, whole: bool) -> Result<DocumentView> {
    let content: Content = serde_json::from_value(row.content).map_err(Error::internal)?;
    let patient = content.patient;
    let identifiers = patient.identifiers.into_iter();
    Ok(DocumentView {
        id: row.id,
        post_id: row.post_id,
        patient_id: row.patient_id,
        title: row.title,
        type_code: row.type_code,
        type_label: row.type_label,
        kind: row.kind,
        authored_at: row.authored_at,
        authors: content.authors,
        institution_name: row.institution_name,
        patient: DocumentPatientView {
            name: patient.name,
            kana: patient.kana,
            birth_date: patient.birth_date,
            sex: patient.sex,
            identifiers: identifiers
                .map(|i| DocumentIdentifierView {
                    system: i.system,
                    value: i.value,
                })
                .collect(),
        },
        sections: content
            .sections
            .into_iter()
            .filter(|_| whole)
            .map(section)
            .collect(),
        resources: content
            .resources
            .into_iter()
            .filter(|_| whole)
            .map(resource)
            .collect(),
        indications: content.indications,
        remarks: content.remarks,
        received_at: row.received_at,
        sent_by,
        replaces: row.replaces,
    })
}

fn section(section_read: fhir::Section) -> SectionView {
    SectionView {
        title: section_read.title,
        code: section_read.code,
        text: section_read.text,
        sections: section_read.sections.into_iter().map(section).collect(),
    }
}

fn resource(line: fhir::ResourceLine) -> ResourceView {
    ResourceView {
        r#type: line.kind,
        title: line.title,
        text: line.text,
    }
}
