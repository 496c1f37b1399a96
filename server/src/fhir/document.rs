//! From a Bundle that has passed the checks to what the server keeps and shows.

use std::collections::{BTreeSet, HashMap};

use unicode_normalization::UnicodeNormalization;

use super::bundle::Contents;
use super::clins::{
    RESOURCE_TYPE_TAG, institution_extension, institution_of_identifier, is_institution_code,
};
use super::json::{Object, child, children, text};
use super::narrative::{one_line, plain_text};
use super::patient::MEMBER_ID;
use super::profile::{kind_of, section_code, type_coding};
use super::value::{LONGEST_TITLE, concept, human_name, name, representation};
use super::{
    DocumentKind, Identifier, IncomingDocument, IncomingPatient, ResourceLine, Section, primitive,
    render,
};

/// Tags of CLINS that restrict who may see a resource (JP_ehrshrs_indication).
const INDICATION: &str = "http://jpfhir.jp/fhir/clins/CodeSystem/JP_ehrshrs_indication";
const INSTITUTION_SYSTEM: &str =
    "http://jpfhir.jp/fhir/core/IdSystem/insurance-medical-institution-no";
/// A section may name the same entry again and again: all sections together render this
/// many characters of entries at most.
const ENTRY_BUDGET: usize = 2_000_000;

/// Reads a document Bundle whose Composition is `composition`.
pub(super) fn read_document<'a>(
    bundle: &Object,
    contents: &Contents<'a>,
    composition: &'a Object,
    patient: &Object,
) -> Option<IncomingDocument> {
    let coding = type_coding(composition);
    let type_code = coding
        .and_then(|coding| text(coding, "code"))
        .unwrap_or_default();
    let title = one_line(
        text(composition, "title").unwrap_or_default(),
        LONGEST_TITLE,
    );
    let type_label = coding
        .and_then(|coding| text(coding, "display"))
        .map(|label| one_line(label, LONGEST_TITLE));
    let kind = kind_of(type_code);
    let organization = institution(contents, composition);
    let lines = Lines::of(contents);
    let sections = lines.sections(contents, composition);
    Some(IncomingDocument {
        kind,
        identifier: child(bundle, "identifier").and_then(identifier),
        type_code: type_code.to_owned(),
        type_label: known_label(kind)
            .map(str::to_owned)
            .or(type_label)
            .unwrap_or_else(|| title.clone()),
        title,
        authored_at: primitive::moment(text(composition, "date")?)?,
        authors: authors(contents, composition),
        institution_name: organization
            .and_then(|o| text(o, "name"))
            .map(|name| one_line(name, LONGEST_TITLE)),
        institution_code: institution_code(bundle, contents, organization),
        patient: read_patient(patient),
        sections,
        resources: lines.all(),
        warnings: Vec::new(),
        indications: indications(bundle, contents),
    })
}

/// Reads a CLINS collection (JP_Bundle_CLINS).
pub(super) fn read_collection(
    bundle: &Object,
    contents: &Contents<'_>,
    patient: &Object,
) -> Option<IncomingDocument> {
    let tags = children(child(bundle, "meta")?, "tag");
    let kind = tags
        .filter(|tag| text(tag, "system") == Some(RESOURCE_TYPE_TAG))
        .find_map(|tag| text(tag, "code"))?;
    let lines = Lines::of(contents);
    let resources = lines.all();
    let label = render::label(kind).to_owned();
    Some(IncomingDocument {
        kind: DocumentKind::ClinsCollection,
        identifier: child(bundle, "identifier").and_then(identifier),
        title: format!("{label} ({}件)", resources.len()),
        type_code: kind.to_owned(),
        type_label: label,
        authored_at: primitive::moment(text(bundle, "timestamp")?)?,
        authors: contained_authors(contents),
        institution_name: None,
        institution_code: institution_code(bundle, contents, None),
        patient: read_patient(patient),
        sections: Vec::new(),
        resources,
        warnings: Vec::new(),
        indications: indications(bundle, contents),
    })
}

fn known_label(kind: DocumentKind) -> Option<&'static str> {
    Some(match kind {
        DocumentKind::DischargeSummary => "退院時サマリー",
        DocumentKind::Referral => "診療情報提供書",
        DocumentKind::TreatmentPlan => "計画書",
        DocumentKind::Checkup => "検診・健診報告書",
        DocumentKind::ClinsCollection | DocumentKind::OtherDocument => return None,
    })
}

/// The entries of a Bundle, each rendered once.
struct Lines {
    by_resource: HashMap<*const Object, usize>,
    lines: Vec<ResourceLine>,
}

impl Lines {
    fn of(contents: &Contents<'_>) -> Self {
        let mut lines = Self {
            by_resource: HashMap::new(),
            lines: Vec::new(),
        };
        for entry in contents
            .entries
            .iter()
            .filter(|entry| !matches!(entry.kind, "Composition" | "Patient"))
        {
            lines
                .by_resource
                .insert(std::ptr::from_ref(entry.resource), lines.lines.len());
            lines.lines.push(render::line(contents, entry.resource));
        }
        lines
    }

    fn all(self) -> Vec<ResourceLine> {
        self.lines
    }

    fn sections<'a>(&self, contents: &Contents<'a>, composition: &'a Object) -> Vec<Section> {
        let mut budget = ENTRY_BUDGET;
        children(composition, "section")
            .map(|section| self.section(contents, composition, section, &mut budget))
            .collect()
    }

    fn section<'a>(
        &self,
        contents: &Contents<'a>,
        composition: &'a Object,
        section: &'a Object,
        budget: &mut usize,
    ) -> Section {
        let narrative = child(section, "text")
            .filter(|narrative| text(narrative, "status") != Some("empty"))
            .and_then(|narrative| text(narrative, "div"))
            .map(plain_text)
            .filter(|text| !text.is_empty());
        let title = text(section, "title")
            .map(str::to_owned)
            .or_else(|| child(section, "code").and_then(concept));
        let inner = children(section, "section")
            .map(|inner| self.section(contents, composition, inner, budget))
            .collect();
        let empty = || {
            child(section, "emptyReason")
                .and_then(concept)
                .unwrap_or_default()
        };
        let words =
            narrative.unwrap_or_else(|| self.entries(contents, composition, section, budget));
        Section {
            title: one_line(&title.unwrap_or_default(), LONGEST_TITLE),
            code: section_code(section).map(str::to_owned),
            text: if words.is_empty() { empty() } else { words },
            sections: inner,
        }
    }

    /// The entries of a section without narrative, one line each.
    fn entries<'a>(
        &self,
        contents: &Contents<'a>,
        composition: &'a Object,
        section: &'a Object,
        budget: &mut usize,
    ) -> String {
        let mut words = String::new();
        for reference in children(section, "entry") {
            let resource = contents.resolve(reference, composition);
            let at =
                resource.and_then(|resource| self.by_resource.get(&std::ptr::from_ref(resource)));
            let Some(line) = at.and_then(|at| self.lines.get(*at)) else {
                continue;
            };
            let cost = line.title.len().saturating_add(line.text.len());
            if *budget < cost {
                words.push_str("（以下略）");
                break;
            }
            *budget -= cost;
            if !words.is_empty() {
                words.push('\n');
            }
            words.push_str(&line.title);
            if !line.text.is_empty() {
                words.push('：');
                words.push_str(&line.text);
            }
        }
        words
    }
}

/// The organisation a document is from: its custodian, else its author, else the
/// organisation of its author's role.
fn institution<'a>(contents: &Contents<'a>, composition: &'a Object) -> Option<&'a Object> {
    let custodian = child(composition, "custodian").into_iter();
    let parties = custodian
        .chain(children(composition, "author"))
        .filter_map(|r| contents.resolve(r, composition));
    let is = |resource: &Object, kind: &str| text(resource, "resourceType") == Some(kind);
    let all: Vec<&'a Object> = parties.take(50).collect();
    let direct = all
        .iter()
        .copied()
        .find(|resource| is(resource, "Organization"));
    let found = direct.or_else(|| {
        let role = all
            .iter()
            .copied()
            .find(|resource| is(resource, "PractitionerRole"))?;
        contents.resolve(child(role, "organization")?, role)
    })?;
    // A department stands for the institution it is part of.
    let whole = child(found, "partOf").and_then(|parent| contents.resolve(parent, found));
    let has_code = organization_code(found).is_some();
    Some(
        whole
            .filter(|whole| !has_code && is(whole, "Organization"))
            .unwrap_or(found),
    )
}

/// The ten digits of an Organization: as identifier, or in the three extensions
/// prefecture, fee table and number (JP_Organization).
fn organization_code(organization: &Object) -> Option<String> {
    let identifiers = children(organization, "identifier").filter_map(identifier);
    let whole = identifiers
        .filter(|id| id.system == INSTITUTION_SYSTEM)
        .map(|id| id.value);
    if let Some(code) = whole.into_iter().find(|code| is_institution_code(code)) {
        return Some(code);
    }
    let extension = |name: &str| {
        children(organization, "extension")
            .find(|e| text(e, "url").is_some_and(|url| url.ends_with(name)))
    };
    // Older senders write all three as identifiers, newer ones two of them as codings.
    let part = |name: &str| {
        let extension = extension(name)?;
        let coding = child(extension, "valueCoding").and_then(|coding| text(coding, "code"));
        coding.or_else(|| text(child(extension, "valueIdentifier")?, "value"))
    };
    let code = [
        part("JP_Organization_PrefectureNo")?,
        part("JP_Organization_InsuranceOrganizationCategory")?,
        part("JP_Organization_InsuranceOrganizationNo")?,
    ]
    .concat();
    is_institution_code(&code).then_some(code)
}

fn institution_code(
    bundle: &Object,
    contents: &Contents<'_>,
    organization: Option<&Object>,
) -> Option<String> {
    let by_extension = || {
        let mut codes = contents
            .entries
            .iter()
            .filter_map(|entry| institution_extension(entry.resource));
        codes
            .find(|code| is_institution_code(code))
            .map(str::to_owned)
    };
    let by_identifier = || {
        let value = child(bundle, "identifier").and_then(|id| text(id, "value"))?;
        institution_of_identifier(value).map(str::to_owned)
    };
    organization
        .and_then(organization_code)
        .or_else(by_extension)
        .or_else(by_identifier)
}

/// The people who wrote a document; organisations only when no person is named.
fn authors<'a>(contents: &Contents<'a>, composition: &'a Object) -> Vec<String> {
    let (mut people, mut others) = (Vec::new(), Vec::new());
    for reference in children(composition, "author").take(20) {
        let resource = contents.resolve(reference, composition);
        let person = resource.and_then(|resource| {
            let role = child(resource, "practitioner").and_then(|r| contents.resolve(r, resource));
            name(role.unwrap_or(resource))
        });
        let organization = || {
            resource
                .and_then(|resource| text(resource, "name"))
                .or_else(|| text(reference, "display"))
        };
        match person {
            Some(person) => people.push(person),
            None => others.extend(organization().map(|name| one_line(name, LONGEST_TITLE))),
        }
    }
    if people.is_empty() { others } else { people }
}

/// The people named in the resources of a collection.
fn contained_authors(contents: &Contents<'_>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for entry in &contents.entries {
        for person in children(entry.resource, "contained")
            .filter(|r| text(r, "resourceType") == Some("Practitioner"))
        {
            let fresh = name(person).filter(|name| names.len() < 20 && !names.contains(name));
            names.extend(fresh);
        }
    }
    names
}

fn indications(bundle: &Object, contents: &Contents<'_>) -> Vec<String> {
    let resources = contents
        .entries
        .iter()
        .map(|entry| entry.resource)
        .chain([bundle]);
    let tags = resources
        .filter_map(|resource| child(resource, "meta"))
        .flat_map(|meta| children(meta, "tag"));
    let ours = tags
        .filter(|tag| text(tag, "system") == Some(INDICATION))
        .filter_map(|tag| text(tag, "code"));
    let known = ours.filter(|code| matches!(*code, "LTS" | "UNINFORMED" | "UNDELIVERED"));
    known
        .map(str::to_owned)
        .collect::<BTreeSet<String>>()
        .into_iter()
        .collect()
}

/// An identifier with its system in today's spelling and a tidy value.
fn identifier(identifier: &Object) -> Option<Identifier> {
    let value = text(identifier, "value")?.trim();
    let system = normal_system(text(identifier, "system").unwrap_or_default(), value);
    Some(Identifier {
        system,
        value: value.to_owned(),
    })
}

/// The system URL that replaced an OID (JP Core guide, table of systems); systems
/// without a successor stay, always with `urn:oid:`.
pub(super) fn normal_system(system: &str, value: &str) -> String {
    let bare = system.strip_prefix("urn:oid:").unwrap_or(system);
    let mhlw = "http://jpfhir.jp/fhir/core/mhlw/IdSystem/";
    match bare {
        // Ten digits: prefecture and fee table included; seven: the number alone.
        "1.2.392.100495.20.3.23" if value.len() == 10 => INSTITUTION_SYSTEM.to_owned(),
        "1.2.392.100495.20.3.23" => format!("{mhlw}MedicalOrganizationID"),
        "1.2.392.100495.20.3.31" => format!("{mhlw}medicalRegistrationNumber"),
        "1.2.392.100495.20.3.61" => format!("{mhlw}InsurerNumber"),
        "1.2.392.100495.20.3.62" => format!("{mhlw}InsuredPersonSymbol"),
        "1.2.392.100495.20.3.63" => format!("{mhlw}InsuredPersonNumber"),
        "1.2.392.100495.20.3.71" => format!("{mhlw}PublicPayerNumber"),
        "1.2.392.100495.20.3.72" => format!("{mhlw}PublicInsuredPersonNumber"),
        "1.2.392.100495.20.3.81" => format!("{mhlw}Medication-RPGroupNumber"),
        "1.2.392.100495.20.3.82" => format!("{mhlw}MedicationAdministrationIndex"),
        // Earlier drafts of the profiles had the same systems under other paths.
        "http://jpfhir.jp/fhir/Common/IdSystem/insurance-medical-institution-no" => {
            INSTITUTION_SYSTEM.to_owned()
        }
        other if other.ends_with("/JP_Insurance_memberID") => MEMBER_ID.to_owned(),
        other if other.starts_with("1.2.392.") => format!("urn:oid:{other}"),
        _ => system.to_owned(),
    }
}

fn read_patient(patient: &Object) -> IncomingPatient {
    let names: Vec<&Object> = children(patient, "name").take(20).collect();
    let of = |script: &str| {
        names
            .iter()
            .find(|name| representation(name) == Some(script))
            .copied()
            .and_then(human_name)
    };
    let written: Vec<String> = names.iter().copied().filter_map(human_name).collect();
    let kana = of("SYL").or_else(|| written.iter().find(|name| is_kana(name)).cloned());
    // Half-width kana occur in older systems; kanji are left as they are (髙, 﨑).
    let kana = kana.map(|kana| kana.nfkc().collect::<String>());
    let kanji = of("IDE").or_else(|| written.iter().find(|name| !is_kana(name)).cloned());
    let address = children(patient, "address").next();
    let phone =
        children(patient, "telecom").find(|contact| text(contact, "system") == Some("phone"));
    IncomingPatient {
        identifiers: children(patient, "identifier")
            .filter_map(identifier)
            .collect(),
        name: kanji.or_else(|| kana.clone()).unwrap_or_default(),
        kana,
        birth_date: text(patient, "birthDate").and_then(primitive::day),
        sex: text(patient, "gender").map(str::to_owned),
        address: address.and_then(address_text),
        phone: phone
            .and_then(|contact| text(contact, "value"))
            .map(|number| one_line(number, 50)),
    }
}

fn is_kana(name: &str) -> bool {
    name.nfkc()
        .all(|c| matches!(c, '\u{3041}'..='\u{30ff}' | ' '))
}

fn address_text(address: &Object) -> Option<String> {
    let lines = || {
        let line = address
            .get("line")
            .and_then(super::json::Json::as_array)
            .unwrap_or_default();
        let parts = ["state", "city", "district"]
            .into_iter()
            .filter_map(|key| text(address, key));
        parts
            .chain(line.iter().take(5).filter_map(super::json::Json::as_str))
            .collect::<String>()
    };
    let written = text(address, "text").map_or_else(lines, str::to_owned);
    let line = one_line(&written, LONGEST_TITLE);
    (!line.is_empty()).then_some(line)
}
