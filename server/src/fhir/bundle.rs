//! The rules of a Bundle that other systems may rely on (FHIR R4 2.36, 3.3.1): entries
//! with distinct addresses, one Patient, and references that stay inside.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::issue::{Issue, IssueKind, quoted};
use super::json::{Json, Object, child, children, text};
use super::structure::{Findings, FoundReference};

/// One resource of a Bundle with its address.
#[derive(Clone, Copy)]
pub(super) struct Entry<'a> {
    pub(super) at: usize,
    pub(super) full_url: Option<&'a str>,
    pub(super) kind: &'a str,
    pub(super) resource: &'a Object,
}

/// The entries of a Bundle, found by address.
pub(super) struct Contents<'a> {
    pub(super) entries: Vec<Entry<'a>>,
    by_address: HashMap<String, &'a Object>,
    contained: HashMap<(*const Object, &'a str), &'a Object>,
}

/// Where a reference leads.
#[derive(Clone, Copy)]
pub(super) enum Target<'a> {
    Resource(&'a Object),
    /// Nowhere by design: an identifier or a display text only.
    Logical,
    /// To another server.
    Outside,
    /// To something that should be here and is not.
    Missing,
}

impl<'a> Contents<'a> {
    pub(super) fn of(bundle: &'a Object) -> Self {
        let mut contents = Self {
            entries: Vec::new(),
            by_address: HashMap::new(),
            contained: HashMap::new(),
        };
        for (at, entry) in children(bundle, "entry").enumerate() {
            let Some(resource) = child(entry, "resource") else {
                continue;
            };
            let kind = text(resource, "resourceType").unwrap_or_default();
            let full_url = text(entry, "fullUrl");
            if let Some(url) = full_url {
                contents
                    .by_address
                    .entry(url.to_owned())
                    .or_insert(resource);
            }
            if let Some(id) = text(resource, "id") {
                contents
                    .by_address
                    .entry(format!("{kind}/{id}"))
                    .or_insert(resource);
            }
            for inner in children(resource, "contained") {
                if let Some(id) = text(inner, "id") {
                    contents
                        .contained
                        .entry((std::ptr::from_ref(resource), id))
                        .or_insert(inner);
                }
            }
            contents.entries.push(Entry {
                at,
                full_url,
                kind,
                resource,
            });
        }
        contents
    }

    pub(super) fn of_kind(&self, kind: &str) -> impl Iterator<Item = &Entry<'a>> {
        self.entries.iter().filter(move |entry| entry.kind == kind)
    }

    /// Follows `reference`, an element of `home` (FHIR R4 3.3.1.1, resolving references).
    pub(super) fn follow(&self, reference: &Object, home: &'a Object) -> Target<'a> {
        let Some(url) = text(reference, "reference") else {
            return Target::Logical;
        };
        if let Some(id) = url.strip_prefix('#') {
            if id.is_empty() {
                return Target::Resource(home);
            }
            let inner = self.contained.get(&(std::ptr::from_ref(home), id));
            return inner.map_or(Target::Missing, |resource| Target::Resource(resource));
        }
        if let Some(resource) = self.by_address.get(url) {
            return Target::Resource(resource);
        }
        let unversioned = url.split("/_history/").next().unwrap_or(url);
        let fragmentless = unversioned.split('#').next().unwrap_or(unversioned);
        match self.by_address.get(fragmentless) {
            Some(resource) => Target::Resource(resource),
            None if url.contains("://") => Target::Outside,
            None => Target::Missing,
        }
    }

    /// The resource `reference` leads to, if it leads to one here.
    pub(super) fn resolve(&self, reference: &Object, home: &'a Object) -> Option<&'a Object> {
        if let Target::Resource(resource) = self.follow(reference, home) {
            Some(resource)
        } else {
            None
        }
    }
}

/// Checks addresses and contents of the entries.
pub(super) fn check_entries(bundle: &Object, contents: &Contents<'_>, issues: &mut Vec<Issue>) {
    let mut seen = HashSet::new();
    for (at, entry) in children(bundle, "entry").enumerate() {
        let place = format!("Bundle.entry[{at}]");
        if !entry.contains_key("resource") {
            issues.push(Issue::error(
                IssueKind::Required,
                "missing_element",
                format!("{place}.resource"),
                "entry にリソースがありません。",
                "The entry holds no resource (bdl-5).",
            ));
        }
        for wrong in ["request", "response", "search"]
            .into_iter()
            .filter(|key| entry.contains_key(*key))
        {
            issues.push(Issue::error(
                IssueKind::Invariant,
                "misplaced_element",
                format!("{place}.{wrong}"),
                format!("文書や集合の Bundle に entry.{wrong} は置けません。"),
                format!(
                    "entry.{wrong} has no place in a document or collection (bdl-2, bdl-3, bdl-4)."
                ),
            ));
        }
        let Some(url) = text(entry, "fullUrl") else {
            issues.push(Issue::error(
                IssueKind::Required,
                "missing_element",
                format!("{place}.fullUrl"),
                "entry に fullUrl がありません。",
                "The entry has no fullUrl.",
            ));
            continue;
        };
        if !seen.insert(url) {
            issues.push(Issue::error(
                IssueKind::Duplicate,
                "duplicate_full_url",
                format!("{place}.fullUrl"),
                format!("fullUrl「{}」が重複しています。", quoted(url)),
                format!("The fullUrl \"{}\" occurs twice (bdl-7).", quoted(url)),
            ));
        }
        if url.contains("/_history/") {
            issues.push(Issue::error(
                IssueKind::Invariant,
                "invalid_full_url",
                format!("{place}.fullUrl"),
                "fullUrl に版（_history）は指定できません。",
                "A fullUrl cannot name a version (bdl-8).",
            ));
        } else if !url.contains(':') {
            issues.push(Issue::error(
                IssueKind::Value,
                "invalid_full_url",
                format!("{place}.fullUrl"),
                "fullUrl は絶対 URI（urn:uuid: など）でなければなりません。",
                "A fullUrl must be an absolute URI such as urn:uuid:….",
            ));
        }
    }
    check_server_addresses(contents, issues);
}

/// A fullUrl on a server ends with the resource's type and id (R4 2.36.4).
fn check_server_addresses(contents: &Contents<'_>, issues: &mut Vec<Issue>) {
    for entry in &contents.entries {
        let (Some(url), Some(id)) = (entry.full_url, text(entry.resource, "id")) else {
            continue;
        };
        if url.starts_with("http") && !url.ends_with(&format!("/{}/{id}", entry.kind)) {
            let problem = Issue::error(
                IssueKind::Value,
                "invalid_full_url",
                format!("Bundle.entry[{}].fullUrl", entry.at),
                "fullUrl とリソースの型・id が一致していません。",
                "The fullUrl does not match the resource's type and id.",
            );
            issues.push(problem.into_warning());
        }
    }
}

/// Checks that references lead to something of an allowed type inside the Bundle. In a
/// collection only those to the patient must; others are remarked on.
pub(super) fn check_references(findings: &Findings<'_>, strict: bool, issues: &mut Vec<Issue>) {
    let mut opened: BTreeMap<*const Object, Contents<'_>> = BTreeMap::new();
    for found in &findings.references {
        let mut target = Target::Missing;
        // Innermost Bundle first: a document inside a document has its own addresses.
        for &bundle in found.bundles.iter().rev() {
            let contents = opened
                .entry(std::ptr::from_ref(bundle))
                .or_insert_with(|| Contents::of(bundle));
            let next = contents.follow(found.reference, found.home);
            let better = !matches!(next, Target::Missing) || !matches!(target, Target::Outside);
            if better {
                target = next;
            }
            if matches!(target, Target::Resource(_) | Target::Logical) {
                break;
            }
        }
        let needed = strict || is_about_patient(found);
        let problem = judge(found, target);
        issues.extend(problem.map(|issue| if needed { issue } else { issue.into_warning() }));
    }
}

/// Whether the reference says whom a resource is about.
pub(super) fn is_about_patient(found: &FoundReference<'_>) -> bool {
    matches!(found.element, "subject" | "patient" | "beneficiary")
        && (found.targets.is_empty() || found.targets.contains(&"Patient"))
}

fn judge(found: &FoundReference<'_>, target: Target<'_>) -> Option<Issue> {
    let url = quoted(text(found.reference, "reference").unwrap_or_default());
    let place = found.expression.clone();
    match target {
        Target::Logical => None,
        Target::Outside => Some(Issue::error(
            IssueKind::NotFound,
            "bundle_external_reference",
            place,
            format!("参照「{url}」が Bundle の外を指しています。"),
            format!("The reference \"{url}\" leads outside the Bundle."),
        )),
        Target::Missing => Some(Issue::error(
            IssueKind::NotFound,
            "unresolved_reference",
            place,
            format!("参照「{url}」の先が Bundle の中にありません。"),
            format!("The reference \"{url}\" leads to nothing in the Bundle."),
        )),
        Target::Resource(resource) => {
            let kind = text(resource, "resourceType").unwrap_or_default();
            let claimed = text(found.reference, "type").unwrap_or(kind);
            let allowed = found.targets.is_empty() || found.targets.contains(&kind);
            if allowed && claimed.rsplit('/').next() == Some(kind) {
                return None;
            }
            let kind = quoted(kind);
            Some(Issue::error(
                IssueKind::Value,
                "wrong_reference_target",
                place,
                format!("参照「{url}」の先が {kind} です。ここでは許されません。"),
                format!("The reference \"{url}\" leads to a {kind}, which is not allowed here."),
            ))
        }
    }
}

/// The one Patient of the Bundle; refuses none and two different ones.
pub(super) fn check_patient<'a>(
    contents: &Contents<'a>,
    findings: &Findings<'a>,
    issues: &mut Vec<Issue>,
) -> Option<&'a Object> {
    let mut patients = contents.of_kind("Patient");
    let Some(first) = patients.next() else {
        issues.push(Issue::error(
            IssueKind::Required,
            "bundle_no_patient",
            "Bundle.entry",
            "Bundle に患者（Patient）がありません。",
            "The Bundle has no Patient.",
        ));
        return None;
    };
    let patient = first.resource;
    let known = identifiers(patient).collect();
    let others = patients.map(|entry| {
        (
            entry.resource,
            format!("Bundle.entry[{}].resource", entry.at),
        )
    });
    let inner = findings
        .inner_patients
        .iter()
        .map(|(resource, place)| (*resource, place.clone()));
    for (other, place) in others.chain(inner) {
        if same_person(patient, &known, other) {
            let problem = two_patients(
                &place,
                "同じ患者が二度含まれています。",
                "The same Patient occurs twice.",
            );
            issues.push(problem.into_warning());
        } else {
            issues.push(two_patients(
                &place,
                "別の患者が含まれています。一つの Bundle は一人の患者のものでなければなりません。",
                "There is another Patient; a Bundle must be about one patient.",
            ));
        }
    }
    check_logical_subjects(patient, findings, issues);
    Some(patient)
}

fn two_patients(place: &str, ja: &str, en: &str) -> Issue {
    Issue::error(
        IssueKind::BusinessRule,
        "bundle_two_patients",
        place,
        ja,
        en,
    )
}

/// A subject given by identifier alone must not name someone else.
fn check_logical_subjects(patient: &Object, findings: &Findings<'_>, issues: &mut Vec<Issue>) {
    let mut known: HashMap<&str, HashSet<&str>> = HashMap::new();
    for (system, value) in identifiers(patient) {
        known.entry(system).or_default().insert(value);
    }
    for found in findings
        .references
        .iter()
        .filter(|found| is_about_patient(found))
    {
        let Some(identifier) = child(found.reference, "identifier") else {
            continue;
        };
        let (system, value) = (text(identifier, "system"), text(identifier, "value"));
        let values = system.and_then(|system| known.get(system));
        let contradicts =
            values.is_some_and(|values| value.is_none_or(|value| !values.contains(value)));
        if contradicts {
            issues.push(two_patients(
                &found.expression,
                "Bundle の患者とは別の患者の識別子を指しています。",
                "The identifier is that of another patient than the Bundle's.",
            ));
        }
    }
}

/// Whether two Patient resources say the same, apart from technical elements, or share
/// an identifier without contradicting each other's birth date.
fn same_person(one: &Object, known: &HashSet<(&str, &str)>, other: &Object) -> bool {
    let agrees = |key: &str| match (one.get(key), other.get(key)) {
        (Some(a), Some(b)) => a == b,
        _ => true,
    };
    let shared = identifiers(other).any(|identifier| known.contains(&identifier));
    let equal = one
        .get("name")
        .is_some_and(|name| Some(name) == other.get("name"))
        && one.get("birthDate").is_some()
        && one.get("birthDate") == other.get("birthDate");
    agrees("birthDate") && agrees("gender") && (shared || (equal && agrees("identifier")))
}

/// The identifiers of a resource as (system, value).
fn identifiers(resource: &Object) -> impl Iterator<Item = (&str, &str)> {
    children(resource, "identifier")
        .filter_map(|id| Some((text(id, "system")?, text(id, "value")?)))
}

/// Whether `value` is a list with something in it.
pub(super) fn has_items(value: Option<&Json>) -> bool {
    value
        .and_then(Json::as_array)
        .is_some_and(|items| !items.is_empty())
}
