//! The CLINS collection (JP_Bundle_CLINS): one patient's conditions, allergies, results or
//! prescriptions from one institution.

use super::bundle::{Contents, Target};
use super::issue::{Issue, IssueKind, quoted};
use super::json::{Object, child, children, text};
use super::profile::missing;
use super::structure::Findings;

/// Tag of a collection Bundle that names the one resource type in it (R02141).
pub(super) const RESOURCE_TYPE_TAG: &str =
    "http://jpfhir.jp/fhir/clins/CodeSystem/BundleResourceType_CS";
/// Extension with the sending institution's ten digits (R9011).
pub(super) const INSTITUTION_EXTENSION: &str =
    "http://jpfhir.jp/fhir/clins/Extension/StructureDefinition/JP_eCS_InstitutionNumber";

/// JP_Bundle_CLINS: one resource type, named by the tag; Patient first; every other
/// resource says which institution it is from.
pub(super) fn check(
    bundle: &Object,
    contents: &Contents<'_>,
    findings: &Findings<'_>,
    issues: &mut Vec<Issue>,
) {
    const KINDS: [&str; 4] = [
        "AllergyIntolerance",
        "Condition",
        "Observation",
        "MedicationRequest",
    ];
    if contents
        .entries
        .first()
        .is_some_and(|entry| entry.kind != "Patient")
        && !issues.iter().any(|i| i.code == "bundle_no_patient")
    {
        issues.push(Issue::error(
            IssueKind::Invariant,
            "patient_not_first",
            "Bundle.entry[0]",
            "最初の entry は Patient でなければなりません（R0211）。",
            "The first entry must be the Patient (R0211).",
        ));
    }
    let mut tags = children(child(bundle, "meta").unwrap_or(bundle), "tag")
        .filter(|tag| text(tag, "system") == Some(RESOURCE_TYPE_TAG))
        .filter_map(|tag| text(tag, "code"));
    let Some(kind) = tags
        .next()
        .filter(|kind| KINDS.contains(kind) && tags.next().is_none())
    else {
        issues.push(Issue::error(
            IssueKind::Required,
            "clins_tag",
            "Bundle.meta.tag",
            "収納するリソースの種類を示すタグ（BundleResourceType_CS）が正しく一つ必要です（R02141、R02142）。",
            "One tag of BundleResourceType_CS must name the resource type (R02141, R02142).",
        ));
        return;
    };
    if contents.of_kind(kind).next().is_none() {
        issues.push(Issue::error(
            IssueKind::Required,
            "clins_empty",
            "Bundle.entry",
            format!("タグで示された {kind} が一つもありません（R02143）。"),
            format!("There is no {kind}, though the tag names it (R02143)."),
        ));
    }
    check_resources(kind, contents, issues);
    check_subjects(contents, findings, issues);
}

/// Every resource is of the tagged type and names its institution.
fn check_resources(kind: &str, contents: &Contents<'_>, issues: &mut Vec<Issue>) {
    for entry in contents
        .entries
        .iter()
        .filter(|entry| entry.kind != "Patient")
    {
        let place = format!("Bundle.entry[{}].resource", entry.at);
        if entry.kind != kind {
            issues.push(Issue::error(
                IssueKind::Invariant,
                "clins_wrong_resource",
                place.clone(),
                format!(
                    "{} はこの Bundle（{kind}）に入れられません。",
                    quoted(entry.kind)
                ),
                format!(
                    "A {} has no place in a Bundle of {kind}.",
                    quoted(entry.kind)
                ),
            ));
        }
        let institution = institution_extension(entry.resource);
        if institution.is_none_or(|code| !is_institution_code(code)) {
            issues.push(Issue::error(
                IssueKind::Required,
                "missing_institution",
                format!("{place}.extension"),
                "医療機関番号（10桁）の拡張 JP_eCS_InstitutionNumber が必要です（R9011、R9012）。",
                "The extension JP_eCS_InstitutionNumber with ten digits is required (R9011, R9012).",
            ));
        }
    }
}

/// Each resource of a collection is about its Patient.
fn check_subjects(contents: &Contents<'_>, findings: &Findings<'_>, issues: &mut Vec<Issue>) {
    for found in findings
        .references
        .iter()
        .filter(|found| matches!(found.element, "subject" | "patient"))
    {
        let logical = matches!(
            contents.follow(found.reference, found.home),
            Target::Logical
        );
        if logical && !found.reference.contains_key("identifier") {
            issues.push(
                missing(format!("{}.reference", found.expression), "reference").into_warning(),
            );
        }
    }
}

/// The value of JP_eCS_InstitutionNumber on `resource`.
pub(super) fn institution_extension(resource: &Object) -> Option<&str> {
    let extension =
        children(resource, "extension").find(|e| text(e, "url") == Some(INSTITUTION_EXTENSION))?;
    text(child(extension, "valueIdentifier")?, "value")
}

/// The institution that starts a CLINS Bundle identifier (R2152).
pub(super) fn institution_of_identifier(value: &str) -> Option<&str> {
    let mut parts = value.split('^');
    let (institution, year, number) = (parts.next()?, parts.next()?, parts.next()?);
    let tidy = parts.next().is_none()
        && year.len() == 4
        && year.starts_with("20")
        && (1..=36).contains(&number.len())
        && number
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-');
    (tidy && is_institution_code(institution)).then_some(institution)
}

/// Ten digits: prefecture 01–47, fee table 1–3 (pharmacies 4, visiting nurses 6), seven
/// more (R9012 allows 1–3; other senders exist in a care network).
pub(super) fn is_institution_code(code: &str) -> bool {
    code.len() == 10
        && code.starts_with(['0', '1', '2', '3', '4'])
        && code.bytes().all(|b| b.is_ascii_digit())
}
