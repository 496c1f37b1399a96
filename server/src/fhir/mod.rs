//! The hospital push, its pure part: reading Japanese FHIR R4 document Bundles and CLINS
//! collection Bundles.
//!
//! A hospital sends a document about one patient. Before anyone sees it, three questions
//! are answered here, without database or network: is it FHIR R4 (`structure`, against
//! HL7's own definitions), is it a Bundle one can rely on (`bundle`: one Patient, nothing
//! outside), and is it the document it says it is (`profile`: the sections and elements
//! the Japanese profiles require). Then it is put into words (`narrative`, `render`).
//!
//! Invariants: no input makes this panic; time and memory stay proportional to the input
//! (depth, findings and rendered text are limited); what comes out is plain text, never
//! markup; the received bytes are not changed, they are stored as they came.

use chrono::{DateTime, FixedOffset, NaiveDate};
use serde::{Deserialize, Serialize};

mod bundle;
mod clins;
mod definitions;
mod document;
#[cfg(test)]
mod hostile_tests;
mod issue;
mod json;
mod narrative;
mod patient;
mod primitive;
mod profile;
mod render;
mod structure;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod text_tests;
mod value;

pub use issue::{ERROR_SYSTEM, Issue, IssueKind, Severity, operation_outcome};

use bundle::Contents;
use issue::quoted;
use json::{Json, Object, text};

/// What kind of document was sent (Composition.type, or JP_Bundle_CLINS).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DocumentKind {
    /// 退院時サマリー, 18842-5 (JP_Composition_eDischargeSummary).
    DischargeSummary,
    /// 診療情報提供書, 57133-1 (JP_Composition_eReferral).
    Referral,
    /// 検診・健診報告書, 53576-5 (JP_Composition_eCheckupGeneral).
    Checkup,
    /// 患者サマリー（療養計画書）, 56447-6 (JP_Composition_ePCS).
    TreatmentPlan,
    /// Conditions, allergies, results or prescriptions (JP_Bundle_CLINS).
    ClinsCollection,
    /// Any other document with a sound Composition, such as a prescription.
    OtherDocument,
}

impl DocumentKind {
    /// The kind as the interface writes it (DocumentView.kind).
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::DischargeSummary => "discharge_summary",
            Self::Referral => "referral",
            Self::Checkup => "checkup",
            Self::TreatmentPlan => "treatment_plan",
            Self::ClinsCollection => "clins_collection",
            Self::OtherDocument => "other_document",
        }
    }
}

/// An identifier; old OID systems are given as the URL that replaced them (FHIR R4
/// Identifier, JP Core table of systems).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Identifier {
    /// The namespace; empty when the sender gave none.
    pub system: String,
    /// The value, without surrounding space.
    pub value: String,
}

/// A received document, put into words (JP document Bundles, JP_Bundle_CLINS).
#[derive(Clone, Debug, Serialize)]
pub struct IncomingDocument {
    /// What kind of document it is (Composition.type).
    pub kind: DocumentKind,
    /// The business key: the same one again replaces the document (Bundle.identifier).
    pub identifier: Option<Identifier>,
    /// Its title (Composition.title).
    pub title: String,
    /// The code of its type (Composition.type.coding.code; CLINS: the tag).
    pub type_code: String,
    /// The type in Japanese (Composition.type.coding.display).
    pub type_label: String,
    /// When it was written (Composition.date; CLINS: Bundle.timestamp).
    pub authored_at: DateTime<FixedOffset>,
    /// Who wrote it (Composition.author; CLINS: contained Practitioners).
    pub authors: Vec<String>,
    /// The institution it is from (Composition.custodian or author).
    pub institution_name: Option<String>,
    /// That institution's ten digits (insurance-medical-institution-no).
    pub institution_code: Option<String>,
    /// Whom it is about (JP_Patient_eCS).
    pub patient: IncomingPatient,
    /// The sections of the document (Composition.section).
    pub sections: Vec<Section>,
    /// Every entry on one line, without Composition and Patient.
    pub resources: Vec<ResourceLine>,
    /// What the sender should know though the document was read.
    pub warnings: Vec<Issue>,
    /// CLINS restrictions found: LTS, UNINFORMED, UNDELIVERED (JP_ehrshrs_indication).
    pub indications: Vec<String>,
}

/// The patient as the sender knows them (JP_Patient_eCS).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IncomingPatient {
    /// All identifiers, systems in today's spelling.
    pub identifiers: Vec<Identifier>,
    /// The name in kanji (`IDE`), else in kana.
    pub name: String,
    /// The name in full-width katakana (`SYL`).
    pub kana: Option<String>,
    /// The birth date, when given to the day.
    pub birth_date: Option<NaiveDate>,
    /// male, female, other or unknown (administrative-gender).
    pub sex: Option<String>,
    /// The first address on one line.
    pub address: Option<String>,
    /// The first telephone number.
    pub phone: Option<String>,
}

/// A section of a document (Composition.section).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    /// Its title.
    pub title: String,
    /// Its code (document-section).
    pub code: Option<String>,
    /// Its narrative, or its entries, as plain text with line breaks.
    pub text: String,
    /// The sections in it.
    pub sections: Vec<Section>,
}

/// A resource of the Bundle on one line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResourceLine {
    /// The FHIR resource type.
    #[serde(rename = "type")]
    pub kind: String,
    /// What it is about: the diagnosis, the drug, the test.
    pub title: String,
    /// What it says.
    pub text: String,
}

/// Reads a Bundle, or says everything that is wrong with it (FHIR R4 Bundle; JP document
/// profiles; JP_Bundle_CLINS).
pub fn read_bundle(bytes: &[u8]) -> Result<IncomingDocument, Vec<Issue>> {
    let json = json::parse(bytes).map_err(|issue| vec![issue])?;
    let bundle = root(&json).map_err(|issue| vec![issue])?;
    let is_document = text(bundle, "type") == Some("document");
    let contents = Contents::of(bundle);
    let findings = structure::check(&definitions::R4, bundle);
    let mut issues = Vec::new();
    profile::check_header(bundle, &mut issues);
    bundle::check_entries(bundle, &contents, &mut issues);
    let patient = bundle::check_patient(&contents, &findings, &mut issues);
    bundle::check_references(&findings, is_document, &mut issues);
    if let Some(first) = contents.of_kind("Patient").next() {
        patient::check(first.resource, first.at, &mut issues);
    }
    let mut composition = None;
    if is_document {
        composition = profile::check_document(&contents, patient, &mut issues);
    } else {
        clins::check(bundle, &contents, &findings, &mut issues);
    }
    issues.splice(0..0, findings.issues);
    let issues = without_repeats(issues);
    let (Some(patient), false) = (
        patient,
        issues.iter().any(|issue| issue.severity == Severity::Error),
    ) else {
        return Err(issues);
    };
    let read = match composition {
        Some(composition) => document::read_document(bundle, &contents, composition, patient),
        None => document::read_collection(bundle, &contents, patient),
    };
    read.map(|document| IncomingDocument {
        warnings: issues,
        ..document
    })
    .ok_or_else(|| {
        // The checks have made sure of all that was read; this says so if they have not.
        let message = (
            "文書を読めませんでした。",
            "The document could not be read.",
        );
        vec![Issue::error(
            IssueKind::Structure,
            "unreadable",
            "Bundle",
            message.0,
            message.1,
        )]
    })
}

/// What of a Bundle of ours does not fit the definitions of FHIR R4, or refers to something that is not in it: nothing,
/// when it is as it should be.
pub fn faults(bytes: &[u8]) -> Vec<Issue> {
    let json = match json::parse(bytes) {
        Ok(json) => json,
        Err(issue) => return vec![issue],
    };
    let bundle = match root(&json) {
        Ok(bundle) => bundle,
        Err(issue) => return vec![issue],
    };
    let contents = Contents::of(bundle);
    let findings = structure::check(&definitions::R4, bundle);
    let mut issues = Vec::new();
    bundle::check_entries(bundle, &contents, &mut issues);
    bundle::check_references(&findings, false, &mut issues);
    issues.extend(findings.issues);
    without_repeats(issues)
}

/// The Bundle of an accepted type that the body must be.
fn root(json: &Json) -> Result<&Object, Issue> {
    let refuse = |code, place: &str, ja: String, en: String| {
        Issue::error(IssueKind::Structure, code, place, ja, en)
    };
    let object = json.as_object();
    let kind = object
        .and_then(|object| text(object, "resourceType"))
        .filter(|kind| definitions::R4.is_resource(kind));
    let (Some(object), Some(kind)) = (object, kind) else {
        return Err(refuse(
            "not_fhir",
            "",
            "FHIR R4 のリソースではありません（resourceType を確認してください）。".into(),
            "This is not a FHIR R4 resource (see resourceType).".into(),
        ));
    };
    if kind != "Bundle" {
        return Err(refuse(
            "not_a_bundle",
            kind,
            format!("Bundle ではなく {kind} が送られました。"),
            format!("A Bundle is expected; this is of type {kind}."),
        ));
    }
    match text(object, "type") {
        Some("document" | "collection") => Ok(object),
        other => {
            let given = quoted(other.unwrap_or("なし"));
            Err(Issue::error(
                IssueKind::NotSupported,
                "bundle_wrong_type",
                "Bundle.type",
                format!(
                    "受け付ける Bundle の種類は document と collection（CLINS）です（type = {given}）。"
                ),
                format!("Only document and collection (CLINS) Bundles are taken (type = {given})."),
            ))
        }
    }
}

/// Two checks may notice the same thing; it is told once, errors before warnings.
fn without_repeats(issues: Vec<Issue>) -> Vec<Issue> {
    const MOST: usize = 200;
    let mut seen = std::collections::HashSet::new();
    let mut kept: Vec<Issue> = issues
        .into_iter()
        .filter(|issue| {
            seen.insert((
                issue.code,
                issue.expression.clone(),
                issue.message_en.clone(),
            ))
        })
        .collect();
    kept.sort_by_key(|issue| issue.severity == Severity::Warning);
    kept.truncate(MOST);
    kept
}

/// The document in one line of at most 120 characters, for the timeline
/// (Composition.section: diagnosis and plan first).
pub fn excerpt(document: &IncomingDocument) -> String {
    const LONGEST: usize = 120;
    let mut flat = Vec::new();
    flatten(&document.sections, &mut flat);
    // What the reader of a timeline wants to know first, by kind of document.
    let wanted: &[&str] = match document.kind {
        DocumentKind::DischargeSummary => &["344", "424", "333"],
        DocumentKind::Referral => &["950", "340", "360"],
        DocumentKind::TreatmentPlan => &["422"],
        _ => &[],
    };
    let by_code = |code: &&str| {
        flat.iter()
            .find(|section| section.code.as_deref() == Some(*code))
            .copied()
    };
    let mut chosen: Vec<&Section> = wanted.iter().filter_map(by_code).collect();
    let is_prescription = document
        .resources
        .iter()
        .any(|line| line.kind == "MedicationRequest");
    let by_resource = document.kind == DocumentKind::OtherDocument && is_prescription;
    if chosen.is_empty() && !by_resource {
        chosen.extend(flat.iter().take(3).copied());
    }
    let mut parts: Vec<String> = chosen
        .iter()
        .map(|section| format!("{}: {}", section.title, start(&section.text)))
        .collect();
    if parts.is_empty() {
        let shown = document
            .resources
            .iter()
            .filter(|line| !by_resource || line.kind == "MedicationRequest");
        parts.extend(shown.take(10).map(|line| {
            let said = line.text.split(" / ").next().unwrap_or_default();
            format!("{} {said}", line.title).trim().to_owned()
        }));
    }
    let separator = if chosen.is_empty() { "、" } else { " ／ " };
    narrative::one_line(&parts.join(separator), LONGEST)
}

fn start(text: &str) -> String {
    text.chars().take(LONGEST_PART).collect()
}

/// One part of an excerpt: more of it would crowd out the next.
const LONGEST_PART: usize = 200;

/// Sections that say something, in reading order.
fn flatten<'a>(sections: &'a [Section], flat: &mut Vec<&'a Section>) {
    for section in sections {
        if !section.text.is_empty() {
            flat.push(section);
        }
        flatten(&section.sections, flat);
    }
}
