//! The Patient of a Bundle as the Japanese profiles ask for it (JP_Patient_eCS): without
//! identifier, name, sex and birth date a person cannot be matched (refused); without
//! address or insurance number not well (remarked on).

use super::bundle::has_items;
use super::issue::{Issue, IssueKind};
use super::json::{Json, Object, child, children, text};
use super::primitive;
use super::profile::missing;

/// The insurance number a person is matched by across institutions (R1012).
pub(super) const MEMBER_ID: &str = "http://jpfhir.jp/fhir/clins/Idsystem/JP_Insurance_memberID";

/// JP_Patient_eCS: without these a person cannot be matched (refused) or not well (remarked).
pub(super) fn check(patient: &Object, at: usize, issues: &mut Vec<Issue>) {
    let place = format!("Bundle.entry[{at}].resource");
    for name in ["identifier", "name", "gender", "birthDate"]
        .into_iter()
        .filter(|name| !patient.contains_key(*name))
    {
        issues.push(missing(format!("{place}.{name}"), name));
    }
    for (n, identifier) in children(patient, "identifier").enumerate() {
        if !identifier.contains_key("value") {
            issues.push(missing(format!("{place}.identifier[{n}].value"), "value"));
        }
    }
    if !has_items(patient.get("address")) {
        issues.push(missing(format!("{place}.address"), "address").into_warning());
    }
    if claims(patient, "/JP_Patient_eCS") {
        check_insurance(patient, &place, issues);
    }
    check_birth_date(patient, &place, issues);
}

/// The birth date must be a day: a year alone matches too many people.
fn check_birth_date(patient: &Object, place: &str, issues: &mut Vec<Issue>) {
    let written = text(patient, "birthDate").unwrap_or_default();
    if primitive::day(written).is_none() && primitive::moment(written).is_some() {
        let problem = Issue::error(
            IssueKind::Value,
            "partial_birth_date",
            format!("{place}.birthDate"),
            "生年月日が日まで書かれていません。",
            "The birth date is not given to the day.",
        );
        issues.push(problem.into_warning());
    }
}

/// Whether `meta.profile` names a profile, in whatever version (`…|1`).
fn claims(resource: &Object, profile: &str) -> bool {
    let profiles = child(resource, "meta").and_then(|meta| meta.get("profile"));
    let mut names = profiles
        .and_then(Json::as_array)
        .unwrap_or_default()
        .iter()
        .filter_map(Json::as_str);
    names.any(|name| {
        name.split('|')
            .next()
            .is_some_and(|name| name.ends_with(profile))
    })
}

fn check_insurance(patient: &Object, place: &str, issues: &mut Vec<Issue>) {
    let numbers =
        children(patient, "identifier").filter(|id| text(id, "system") == Some(MEMBER_ID));
    let numbers: Vec<&str> = numbers.filter_map(|id| text(id, "value")).collect();
    if numbers.len() != 1 || !numbers.iter().all(|number| is_member_id(number)) {
        let problem = Issue::error(
            IssueKind::BusinessRule,
            "insurance_number",
            format!("{place}.identifier"),
            "被保険者識別子（保険者番号8桁:記号:番号:枝番）が一つ必要です（R1012、R1013）。",
            "One insurance member id (8 digits:symbol:number:branch) is expected (R1012, R1013).",
        );
        issues.push(problem.into_warning());
    }
}

fn is_member_id(number: &str) -> bool {
    let parts: Vec<&str> = number.split(':').collect();
    let [insurer, symbol, person, branch] = parts.as_slice() else {
        return false;
    };
    let digits = |text: &str, length: usize| {
        text.len() == length && text.bytes().all(|b| b.is_ascii_digit())
    };
    let unbroken = |text: &str| !text.contains(char::is_whitespace);
    digits(insurer, 8)
        && unbroken(symbol)
        && unbroken(person)
        && (branch.is_empty() || digits(branch, 2))
}
