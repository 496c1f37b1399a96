//! What the Japanese document profiles ask beyond FHIR R4 (JP_Bundle_ and JP_Composition_
//! of eReferral, eDischargeSummary, ePCS and eCheckupReport).
//!
//! Refused is what makes a document unreadable or its patient doubtful. The other
//! profile rules (insurance number, version, custodian, …) are remarked on, because
//! hospitals send what their systems hold.

use std::collections::HashMap;

use super::DocumentKind;
use super::bundle::{Contents, Target, has_items};
use super::clins::institution_of_identifier;
use super::issue::{Issue, IssueKind, quoted};
use super::json::{Object, child, children, text};

/// Bundles of one institution are numbered in this system (R02151).
const BUNDLE_IDENTIFIER: &str = "http://jpfhir.jp/fhir/clins/bundle-identifier";

/// A section a document must have; any of `codes`.
struct Needed {
    codes: &'static [&'static str],
    title: &'static str,
    /// Whether the profile also wants an entry in it.
    entry: bool,
}

const fn told(codes: &'static [&'static str], title: &'static str) -> Needed {
    Needed {
        codes,
        title,
        entry: false,
    }
}

const fn with_entry(codes: &'static [&'static str], title: &'static str) -> Needed {
    Needed {
        codes,
        title,
        entry: true,
    }
}

/// JP_Composition_eReferral, sections beside 300 (構造情報).
const REFERRAL_TOP: &[Needed] = &[
    with_entry(&["920"], "紹介元情報"),
    with_entry(&["910"], "紹介先情報"),
];
/// JP_Composition_eReferral, inside 300.
const REFERRAL_INNER: &[Needed] = &[
    told(&["950"], "紹介目的"),
    told(&["340"], "傷病名・主訴"),
    told(&["360"], "現病歴"),
];
/// JP_Composition_eDischargeSummary, inside 300.
const DISCHARGE_INNER: &[Needed] = &[
    with_entry(&["322"], "入院時詳細"),
    told(&["342"], "入院時診断"),
    told(&["352"], "主訴"),
    told(&["312"], "入院理由"),
    // The profile says 362, public code lists say 360.
    told(&["362", "360"], "現病歴"),
    with_entry(&["333"], "入院中経過"),
    with_entry(&["324"], "退院時詳細"),
    with_entry(&["344"], "退院時診断"),
    told(&["444"], "退院時投薬指示"),
    told(&["424"], "退院時方針指示"),
];
/// JP_Composition_ePCS.
const PLAN_TOP: &[Needed] = &[with_entry(&["422"], "計画サマリー")];

/// The kind of document a Composition.type code names (doc-typecodes).
pub(super) fn kind_of(type_code: &str) -> DocumentKind {
    match type_code {
        "18842-5" => DocumentKind::DischargeSummary,
        "57133-1" => DocumentKind::Referral,
        "56447-6" => DocumentKind::TreatmentPlan,
        "53576-5" => DocumentKind::Checkup,
        _ => DocumentKind::OtherDocument,
    }
}

pub(super) fn missing(place: impl Into<String>, name: &str) -> Issue {
    Issue::error(
        IssueKind::Required,
        "missing_element",
        place,
        format!("必須要素「{name}」がありません。"),
        format!("The required element \"{name}\" is missing."),
    )
}

/// A document and a collection both need a business identifier and a time (bdl-9,
/// bdl-10, JP_Bundle_CLINS): a second delivery is recognised by them.
pub(super) fn check_header(bundle: &Object, issues: &mut Vec<Issue>) {
    let identifier = child(bundle, "identifier");
    if identifier.is_none() {
        issues.push(missing("Bundle.identifier", "identifier"));
    }
    for part in ["system", "value"]
        .into_iter()
        .filter(|part| identifier.is_some_and(|id| !id.contains_key(*part)))
    {
        issues.push(missing(format!("Bundle.identifier.{part}"), part));
    }
    if !bundle.contains_key("timestamp") {
        issues.push(missing("Bundle.timestamp", "timestamp"));
    }
    let value = identifier
        .and_then(|id| text(id, "value"))
        .unwrap_or_default();
    let ours = identifier.and_then(|id| text(id, "system")) == Some(BUNDLE_IDENTIFIER);
    if ours && institution_of_identifier(value).is_none() {
        let problem = Issue::error(
            IssueKind::Value,
            "invalid_identifier",
            "Bundle.identifier.value",
            "Bundle.identifier は「医療機関番号10桁^西暦4桁^番号」の形です（R2152）。",
            "Bundle.identifier is written <10 digits>^<year>^<number> (R2152).",
        );
        issues.push(problem.into_warning());
    }
    for key in ["total", "link"]
        .into_iter()
        .filter(|key| bundle.contains_key(*key))
    {
        let problem = Issue::error(
            IssueKind::Invariant,
            "misplaced_element",
            format!("Bundle.{key}"),
            format!("文書や集合の Bundle に {key} は不要です。"),
            format!("Bundle.{key} has no place in a document or collection (bdl-1)."),
        );
        issues.push(if key == "total" {
            problem
        } else {
            problem.into_warning()
        });
    }
}

/// The Composition of a document: first entry, complete, final (R4 3.3.1; JP profiles).
pub(super) fn check_document<'a>(
    contents: &Contents<'a>,
    patient: Option<&'a Object>,
    issues: &mut Vec<Issue>,
) -> Option<&'a Object> {
    let Some(found) = contents.of_kind("Composition").next().copied() else {
        issues.push(Issue::error(
            IssueKind::Required,
            "composition_missing",
            "Bundle.entry",
            "文書 Bundle に Composition がありません。",
            "The document Bundle has no Composition.",
        ));
        return None;
    };
    let place = format!("Bundle.entry[{}].resource", found.at);
    if found.at != 0 {
        issues.push(Issue::error(
            IssueKind::Invariant,
            "composition_not_first",
            place.clone(),
            "文書 Bundle の最初の entry は Composition でなければなりません。",
            "The first entry of a document must be its Composition (bdl-11).",
        ));
    }
    check_composition(contents, found.resource, patient, &place, issues);
    Some(found.resource)
}

fn check_composition<'a>(
    contents: &Contents<'a>,
    composition: &'a Object,
    patient: Option<&'a Object>,
    place: &str,
    issues: &mut Vec<Issue>,
) {
    match child(composition, "subject").map(|subject| contents.follow(subject, composition)) {
        None | Some(Target::Logical) => issues.push(missing(
            format!("{place}.subject.reference"),
            "subject.reference",
        )),
        Some(Target::Resource(subject))
            if patient.is_some_and(|patient| !std::ptr::eq(patient, subject)) =>
        {
            // The structural walk has reported other types; this is another Patient.
            issues.push(Issue::error(
                IssueKind::BusinessRule,
                "wrong_subject",
                format!("{place}.subject"),
                "文書の対象（subject）が Bundle の患者ではありません。",
                "The document's subject is not the Bundle's Patient.",
            ));
        }
        Some(_) => {}
    }
    let Some(type_code) = type_coding(composition).and_then(|coding| text(coding, "code")) else {
        // A missing type has been reported by the structural walk.
        if composition.contains_key("type") {
            issues.push(missing(
                format!("{place}.type.coding.code"),
                "type.coding.code",
            ));
        }
        return;
    };
    for name in ["status", "date", "title"] {
        // An extension in its place (`_date`) satisfies the base type, but says nothing.
        if !composition.contains_key(name) && composition.contains_key(&format!("_{name}")) {
            issues.push(missing(format!("{place}.{name}"), name));
        }
    }
    let kind = kind_of(type_code);
    let status = text(composition, "status").unwrap_or_default();
    let readable =
        status == "final" || (kind == DocumentKind::OtherDocument && status == "amended");
    if !readable && !status.is_empty() {
        issues.push(Issue::error(
            IssueKind::Value,
            "document_not_final",
            format!("{place}.status"),
            format!("確定していない文書です（status = {}）。", quoted(status)),
            format!("The document is not final (status = {}).", quoted(status)),
        ));
    }
    if kind != DocumentKind::OtherDocument {
        for name in ["identifier", "category", "custodian", "event"] {
            let optional = matches!(
                (kind, name),
                (DocumentKind::TreatmentPlan, "custodian" | "event")
                    | (DocumentKind::Checkup, "custodian")
            );
            if !optional && !composition.contains_key(name) {
                issues.push(missing(format!("{place}.{name}"), name).into_warning());
            }
        }
    }
    check_sections(composition, kind, place, issues);
}

/// The coding of Composition.type that says what the document is.
pub(super) fn type_coding(composition: &Object) -> Option<&Object> {
    let concept = child(composition, "type")?;
    let japanese = |coding: &&Object| {
        text(coding, "system").is_some_and(|system| system.ends_with("/doc-typecodes"))
    };
    children(concept, "coding")
        .find(japanese)
        .or_else(|| children(concept, "coding").next())
}

/// The code of a section (document-section).
pub(super) fn section_code(section: &Object) -> Option<&str> {
    children(child(section, "code")?, "coding").find_map(|coding| text(coding, "code"))
}

/// Sections must say something (cmp-1); known documents must have theirs.
fn check_sections(composition: &Object, kind: DocumentKind, place: &str, issues: &mut Vec<Issue>) {
    let top: Vec<&Object> = children(composition, "section").collect();
    if top.is_empty() {
        issues.push(missing(format!("{place}.section"), "section"));
    }
    check_contents(&top, place, issues);
    let (beside, inside) = match kind {
        DocumentKind::Referral => (REFERRAL_TOP, REFERRAL_INNER),
        DocumentKind::DischargeSummary => (&[][..], DISCHARGE_INNER),
        DocumentKind::TreatmentPlan => (PLAN_TOP, &[][..]),
        _ => return,
    };
    check_needed(&top, beside, place, issues);
    let structured = top
        .iter()
        .enumerate()
        .find(|(_, section)| section_code(section) == Some("300"));
    match structured {
        Some((at, section)) if !inside.is_empty() => {
            let inner: Vec<&Object> = children(section, "section").collect();
            check_needed(&inner, inside, &format!("{place}.section[{at}]"), issues);
        }
        // Without 300 the contents are a CDA document (200), an attachment (210) or a PDF (230).
        None if !inside.is_empty() => {
            let elsewhere = top
                .iter()
                .any(|s| matches!(section_code(s), Some("200" | "210" | "230")));
            if !elsewhere {
                let whole = told(&["300"], "構造情報");
                check_needed(&top, std::slice::from_ref(&whole), place, issues);
            }
        }
        _ => {}
    }
}

fn check_needed(sections: &[&Object], list: &[Needed], place: &str, issues: &mut Vec<Issue>) {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for code in sections.iter().filter_map(|section| section_code(section)) {
        *counts.entry(code).or_default() += 1;
    }
    for Needed {
        codes,
        title,
        entry,
    } in list
    {
        let count: usize = codes.iter().filter_map(|code| counts.get(code)).sum();
        let code = codes.first().copied().unwrap_or_default();
        if count == 0 {
            issues.push(Issue::error(
                IssueKind::Required,
                "missing_section",
                format!("{place}.section"),
                format!("必須のセクション「{title}」（{code}）がありません。"),
                format!("The required section {code} ({title}) is missing."),
            ));
        } else if count > 1 {
            issues.push(Issue::error(
                IssueKind::Duplicate,
                "wrong_section",
                format!("{place}.section"),
                format!(
                    "セクション「{title}」（{code}）が {count} 個あります。一つだけ許されます。"
                ),
                format!("There are {count} sections {code} ({title}); one is allowed."),
            ));
        }
        let bare = |section: &&&Object| {
            section_code(section).is_some_and(|own| codes.contains(&own))
                && !has_items(section.get("entry"))
        };
        if *entry && sections.iter().any(|section| bare(&section)) {
            let problem = Issue::error(
                IssueKind::Required,
                "missing_entry",
                format!("{place}.section"),
                format!("セクション「{title}」（{code}）にエントリがありません。"),
                format!("The section {code} ({title}) has no entry."),
            );
            issues.push(problem.into_warning());
        }
    }
}

/// cmp-1 and cmp-2, down to the last section.
fn check_contents(sections: &[&Object], place: &str, issues: &mut Vec<Issue>) {
    for (at, section) in sections.iter().enumerate() {
        let place = format!("{place}.section[{at}]");
        let has_entry = has_items(section.get("entry"));
        if !section.contains_key("text") && !has_entry && !has_items(section.get("section")) {
            issues.push(Issue::error(
                IssueKind::Invariant,
                "empty_section",
                place.clone(),
                "セクションに本文・エントリ・下位セクションのいずれもありません。",
                "A section needs text, entries or sections (cmp-1).",
            ));
        }
        if has_entry && section.contains_key("emptyReason") {
            issues.push(Issue::error(
                IssueKind::Invariant,
                "wrong_section",
                place.clone(),
                "エントリのあるセクションに emptyReason は書けません。",
                "A section with entries cannot have an emptyReason (cmp-2).",
            ));
        }
        let inner: Vec<&Object> = children(section, "section").collect();
        check_contents(&inner, &place, issues);
    }
}
