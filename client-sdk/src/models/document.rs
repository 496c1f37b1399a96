//! Documents that hospitals and clinics send.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::open_enum::open_enum;
use super::patient::Sex;

open_enum! {
    /// What kind of document was sent.
    pub enum DocumentKind {
        /// 退院時サマリー
        DischargeSummary = "discharge_summary",
        /// 診療情報提供書
        Referral = "referral",
        /// 健診結果報告書
        Checkup = "checkup",
        /// 療養計画書
        TreatmentPlan = "treatment_plan",
        /// 臨床情報(6情報)
        ClinsCollection = "clins_collection",
        /// その他の文書
        OtherDocument = "other_document",
    }
}

open_enum! {
    /// By what a waiting document may belong to a patient.
    pub enum MatchedOn {
        /// The sending facility's number of the patient.
        Identifier = "identifier",
        /// The insurance number.
        InsuranceNumber = "insurance_number",
        /// Name and date of birth.
        NameBirthDate = "name_birth_date",
    }
}

/// A received document.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Document {
    /// The document's id.
    pub id: Uuid,
    /// The post that announces it; absent while it waits for a patient.
    pub post_id: Option<Uuid>,
    /// The patient it belongs to; absent while it waits.
    pub patient_id: Option<Uuid>,
    /// Its title.
    pub title: String,
    /// Code of its type (LOINC).
    pub type_code: String,
    /// Name of its type.
    pub type_label: String,
    /// What kind of document it is.
    pub kind: DocumentKind,
    /// When it was written.
    pub authored_at: DateTime<Utc>,
    /// Who wrote it.
    #[serde(default)]
    pub authors: Vec<String>,
    /// The institution it comes from.
    pub institution_name: Option<String>,
    /// The patient as the document describes them.
    pub patient: DocumentPatient,
    /// Its text, by section; empty in lists.
    #[serde(default)]
    pub sections: Vec<Section>,
    /// Readable forms of the other resources in it; empty in lists.
    #[serde(default)]
    pub resources: Vec<DocumentResource>,
    /// What the server noticed that does not keep it from being read; empty in lists.
    #[serde(default)]
    pub remarks: Vec<String>,
    /// When the server received it.
    pub received_at: DateTime<Utc>,
    /// Name of the system client that sent it.
    pub sent_by: Option<String>,
    /// The document this one replaces.
    pub replaces: Option<Uuid>,
}

/// A patient as a document describes them.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct DocumentPatient {
    /// Full name.
    pub name: String,
    /// The name in kana.
    pub kana: Option<String>,
    /// Date of birth.
    pub birth_date: Option<NaiveDate>,
    /// Administrative sex.
    pub sex: Option<Sex>,
    /// Numbers the document gives.
    #[serde(default)]
    pub identifiers: Vec<DocumentIdentifier>,
}

/// A number a document gives for its patient.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct DocumentIdentifier {
    /// The numbering system, a URI; absent when the document gives none.
    pub system: Option<String>,
    /// The number.
    pub value: String,
}

/// A section of a document.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Section {
    /// Its heading.
    pub title: String,
    /// Code of its meaning.
    pub code: Option<String>,
    /// Its text.
    #[serde(default)]
    pub text: String,
    /// Sections inside it.
    #[serde(default)]
    pub sections: Vec<Section>,
}

/// A resource of a document in readable form.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct DocumentResource {
    /// Its FHIR type.
    #[serde(rename = "type")]
    pub resource_type: String,
    /// What it is about.
    pub title: String,
    /// What it says.
    pub text: String,
}

/// A document that waits for somebody to say whose it is.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct IncomingDocument {
    /// The document, without its sections.
    pub document: Document,
    /// Patients it may belong to.
    pub candidates: Vec<Candidate>,
}

/// A patient a waiting document may belong to.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Candidate {
    /// The patient.
    pub patient_id: Uuid,
    /// Full name.
    pub name: String,
    /// The name in kana.
    pub kana: String,
    /// Date of birth.
    pub birth_date: NaiveDate,
    /// Administrative sex.
    pub sex: Sex,
    /// What agrees.
    pub matched_on: Vec<MatchedOn>,
}

/// Which waiting documents to list.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ListIncomingDocuments {
    /// Where the page starts: `next` of the page before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// Rows per page, 1 to 100 (50 when absent).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// Saying whose a waiting document is.
#[derive(Clone, Debug, Serialize)]
pub struct LinkIncomingDocument {
    /// The patient.
    pub patient_id: Uuid,
}
