//! The reading of FHIR Bundles held against files: our fixtures, the examples of the Japanese profiles where they are at
//! hand, and what becomes of a fixture when it is damaged.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use serde_json::Value;
use tsumugi_server::fhir::{IncomingDocument, Issue, Section, Severity, read_bundle};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// The fixtures that are refused, each for the one thing that is wrong with it, and what follows from that.
const BAD: &[(&str, &str)] = &[
    ("choice-repeated.json", "choice_repeated"),
    ("clins-empty.json", "clins_empty"),
    ("clins-external-patient.json", "bundle_external_reference"),
    ("clins-no-institution.json", "missing_institution"),
    ("clins-no-tag.json", "clins_tag"),
    ("clins-other-patient.json", "bundle_two_patients"),
    ("clins-patient-not-first.json", "patient_not_first"),
    (
        "clins-wrong-resource.json",
        "unresolved_reference,clins_wrong_resource",
    ),
    ("composition-missing.json", "composition_missing"),
    ("composition-no-author.json", "missing_element"),
    ("composition-no-date.json", "missing_element"),
    ("composition-no-status.json", "missing_element"),
    ("composition-no-subject.json", "missing_element"),
    ("composition-no-title.json", "missing_element"),
    ("composition-no-type.json", "missing_element"),
    ("composition-not-final.json", "document_not_final"),
    ("composition-not-first.json", "composition_not_first"),
    ("contained-other-patient.json", "bundle_two_patients"),
    ("date-with-slashes.json", "invalid_value"),
    (
        "duplicate-full-url.json",
        "duplicate_full_url,unresolved_reference",
    ),
    ("duplicate-key.txt", "duplicate_key"),
    ("empty-array.json", "empty_array"),
    ("empty-object.json", "empty_element"),
    ("empty-section.json", "empty_section"),
    ("external-reference.json", "bundle_external_reference"),
    ("invalid-date.json", "invalid_value"),
    ("invalid-gender.json", "invalid_code"),
    ("missing-section.json", "missing_section"),
    ("modifier-extension.json", "modifier_not_understood"),
    ("no-full-url.json", "missing_element,unresolved_reference"),
    ("no-identifier.json", "missing_element"),
    ("no-patient.json", "bundle_no_patient,unresolved_reference"),
    ("no-timestamp.json", "missing_element"),
    ("not-a-bundle.json", "not_a_bundle"),
    ("not-an-array.json", "wrong_type"),
    ("not-fhir.json", "not_fhir"),
    ("not-json.txt", "not_json"),
    ("patient-no-birth-date.json", "missing_element"),
    ("referral-no-receiver.json", "missing_section"),
    ("repeated-section.json", "wrong_section"),
    ("shift-jis.txt", "invalid_utf8"),
    ("time-without-zone.json", "invalid_value"),
    ("too-deep.json", "too_deep"),
    ("truncated.txt", "not_json"),
    ("two-patients.json", "bundle_two_patients"),
    ("unknown-element.json", "unknown_element"),
    ("unknown-resource.json", "not_fhir"),
    ("unresolved-reference.json", "unresolved_reference"),
    ("wrong-json-type.json", "wrong_type"),
    ("wrong-reference-target.json", "wrong_reference_target"),
    ("wrong-type.json", "bundle_wrong_type"),
];

/// The fixtures that are accepted: kind of document and title.
const GOOD: &[(&str, &str, &str)] = &[
    ("checkup-01.json", "checkup", "健康診断結果報告書"),
    (
        "clins-allergies.json",
        "clins_collection",
        "アレルギー (2件)",
    ),
    ("clins-conditions.json", "clins_collection", "傷病名 (3件)"),
    (
        "clins-observations.json",
        "clins_collection",
        "検査結果 (4件)",
    ),
    ("clins-prescriptions.json", "clins_collection", "処方 (3件)"),
    (
        "discharge-summary-01.json",
        "discharge_summary",
        "退院時サマリー",
    ),
    (
        "discharge-summary-02.json",
        "discharge_summary",
        "退院時サマリー",
    ),
    ("referral-01.json", "referral", "診療情報提供書"),
    (
        "treatment-plan-01.json",
        "treatment_plan",
        "患者サマリー（療養計画書）",
    ),
];

/// The files of a folder by name.
fn files(folder: &str) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(Path::new(ROOT).join(folder))
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let named = |path: PathBuf| {
        (
            path.file_name().unwrap().to_str().unwrap().to_owned(),
            fs::read(path).unwrap(),
        )
    };
    entries.filter(|path| path.is_file()).map(named).collect()
}

fn good() -> BTreeMap<String, Vec<u8>> {
    files("tests/fixtures/fhir")
}

/// The codes of the errors, in order and without repeats, and what the first of each says.
fn errors(issues: &[Issue]) -> (String, String) {
    let mut seen = BTreeSet::new();
    let first: Vec<&Issue> = issues
        .iter()
        .filter(|issue| issue.severity == Severity::Error && seen.insert(issue.code))
        .collect();
    let codes: Vec<&str> = first.iter().map(|issue| issue.code).collect();
    let said: Vec<&str> = first
        .iter()
        .map(|issue| issue.message_en.as_str())
        .collect();
    (codes.join(","), said.join(" "))
}

#[test]
fn every_good_fixture_is_accepted() {
    let found: Vec<(String, &str, String)> = good()
        .into_iter()
        .map(|(name, bytes)| {
            let document =
                read_bundle(&bytes).unwrap_or_else(|issues| panic!("{name}: {issues:?}"));
            (name, document.kind.as_str(), document.title)
        })
        .collect();
    let found: Vec<(&str, &str, &str)> = found
        .iter()
        .map(|(name, kind, title)| (name.as_str(), *kind, title.as_str()))
        .collect();
    assert_eq!(found, GOOD);
}

#[test]
fn every_bad_fixture_is_refused_for_what_is_wrong_with_it() {
    let found: Vec<(String, String)> = files("tests/fixtures/fhir/bad")
        .into_iter()
        .map(|(name, bytes)| {
            let issues = read_bundle(&bytes)
                .err()
                .unwrap_or_else(|| panic!("{name} is accepted"));
            (name, errors(&issues).0)
        })
        .collect();
    let found: Vec<(&str, &str)> = found
        .iter()
        .map(|(name, codes)| (name.as_str(), codes.as_str()))
        .collect();
    assert_eq!(found, BAD);
}

/// Where data is that the project may not hand on; nothing when it is not at hand.
#[expect(clippy::disallowed_methods, reason = "a test has no other settings")]
fn external_data() -> Option<PathBuf> {
    let given = std::env::var("TSUMUGI_CONFORMANCE_DATA")
        .ok()
        .map(PathBuf::from);
    let folder = given.unwrap_or_else(|| Path::new(ROOT).join("../shared/data"));
    folder.join("jp-fhir/examples").is_dir().then_some(folder)
}

/// Every JSON file below `folder`.
fn json_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            json_files(&path, found);
        } else if path
            .extension()
            .is_some_and(|extension| extension == "json")
        {
            found.push(path);
        }
    }
}

#[test]
fn the_examples_of_the_japanese_profiles_are_read_as_expected() {
    let expected: Vec<&str> = include_str!("../../conformance/expected.tsv")
        .lines()
        .collect();
    assert_eq!(expected.len(), 176);
    let Some(folder) = external_data() else {
        println!(
            "not run on the examples of the Japanese profiles: they are not at hand (see tests/conformance/README.md)"
        );
        return;
    };
    let mut files = Vec::new();
    json_files(&folder.join("jp-fhir/examples"), &mut files);
    let mut found: Vec<String> = files
        .iter()
        .map(|file| {
            let name = file.strip_prefix(&folder).unwrap().display();
            match read_bundle(&fs::read(file).unwrap()) {
                Ok(document) => format!(
                    "{name}\taccepted\t{}\t{}",
                    document.kind.as_str(),
                    document.title
                ),
                Err(issues) => {
                    let (codes, said) = errors(&issues);
                    format!("{name}\trefused\t{codes}\t{said}")
                }
            }
        })
        .collect();
    found.sort();
    let missing: Vec<&&str> = expected
        .iter()
        .filter(|line| !found.iter().any(|found| found == **line))
        .collect();
    let extra: Vec<&String> = found
        .iter()
        .filter(|line| !expected.contains(&line.as_str()))
        .collect();
    assert!(
        missing.is_empty() && extra.is_empty(),
        "expected but not found: {missing:#?}\nfound: {extra:#?}"
    );
    assert_eq!(found.len(), expected.len());
}

/// Numbers that look random and are the same every time (SplitMix64).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % u64::try_from(sides).unwrap()).unwrap()
    }
}

/// Damages the bytes as a line or a disk would.
fn damage_bytes(dice: &mut Dice, bytes: &mut Vec<u8>) {
    let at = dice.roll(bytes.len());
    let end = (at + 1 + dice.roll(200)).min(bytes.len());
    match dice.roll(6) {
        0 => bytes[at] ^= 1 << dice.roll(8),
        1 => bytes[at] = *b"{}[]\",:\\0".get(dice.roll(9)).unwrap(),
        2 => bytes.truncate(at),
        3 => drop(bytes.drain(at..end)),
        4 => {
            let copy = bytes[at..end].to_vec();
            drop(bytes.splice(at..at, copy));
        }
        _ => drop(bytes.splice(
            at..at,
            [0xe3, 0x81, 0xff, 0x00].into_iter().take(1 + dice.roll(4)),
        )),
    }
}

fn holds_more(value: &Value) -> bool {
    value.is_object() || value.is_array()
}

/// Puts something odd somewhere into the document, which stays well-formed JSON.
fn damage_value(dice: &mut Dice, value: &mut Value) {
    let inside: Vec<bool> = match &*value {
        Value::Object(object) => object.values().map(holds_more).collect(),
        Value::Array(list) => list.iter().map(holds_more).collect(),
        _ => Vec::new(),
    };
    if !inside.is_empty() && dice.roll(60) > 0 {
        // Mostly on into the depth, or nearly all damage would be at the top.
        let wish: Vec<usize> = (0..6).map(|_| dice.roll(inside.len())).collect();
        let chosen = *wish.iter().find(|at| inside[**at]).unwrap_or(&wish[0]);
        match value {
            Value::Object(object) if dice.roll(60) == 0 => {
                let key = object.keys().nth(chosen).unwrap().clone();
                let taken = object.remove(&key).unwrap();
                object.insert(format!("_{key}"), taken);
            }
            Value::Object(object) => damage_value(dice, object.values_mut().nth(chosen).unwrap()),
            Value::Array(list) if dice.roll(60) == 0 => {
                let copy = list[chosen].clone();
                list.push(copy);
            }
            Value::Array(list) => damage_value(dice, &mut list[chosen]),
            _ => {}
        }
        return;
    }
    let text = value.as_str().unwrap_or_default().to_owned();
    *value = match dice.roll(16) {
        0 => Value::Null,
        1 => Value::from(-1),
        2 => Value::from(1e308),
        3 => Value::Bool(true),
        4 => Value::from(""),
        5 => Value::from(Vec::<Value>::new()),
        6 => Value::Object(serde_json::Map::new()),
        7 => Value::from(vec![value.clone(), value.clone()]),
        8 => Value::from("<div xmlns=\"http://www.w3.org/1999/xhtml\"><script>&#x0;</div"),
        9 => Value::from("\u{202e}\u{0}\u{feff}𠮷👨‍👩‍👧‍👦"),
        10 => Value::from("あ".repeat(50_000)),
        11 => Value::from("9999-12-31T23:59:60+14:00"),
        12 => Value::from("urn:uuid:00000000-0000-0000-0000-000000000000"),
        13 => Value::from("Patient"),
        14 => Value::from(text.chars().rev().collect::<String>()),
        _ => Value::from(format!("{text} {text}")),
    };
}

/// Everything of a document that was put into words.
fn texts(document: &IncomingDocument) -> Vec<&str> {
    fn of_sections<'a>(sections: &'a [Section], found: &mut Vec<&'a str>) {
        for section in sections {
            found.extend([section.title.as_str(), &section.text]);
            of_sections(&section.sections, found);
        }
    }
    let mut found = vec![document.title.as_str()];
    found.extend(
        document
            .resources
            .iter()
            .flat_map(|line| [line.title.as_str(), &line.text]),
    );
    of_sections(&document.sections, &mut found);
    found
}

/// A damaged document is read or refused with a reason; nothing else happens, and nothing that could mislead the eye
/// comes out.
#[test]
fn a_damaged_document_never_harms_the_reader() {
    let good = good();
    let originals: Vec<&Vec<u8>> = good.values().collect();
    let mut dice = Dice(20_261_121);
    let (mut read, mut refused) = (0, BTreeMap::new());
    for round in 0..2_000 {
        let original = originals[dice.roll(originals.len())];
        let mut bytes = original.clone();
        for _ in 0..=dice.roll(3) {
            if round % 2 == 0 && !bytes.is_empty() {
                damage_bytes(&mut dice, &mut bytes);
            } else if let Ok(mut value) = serde_json::from_slice(&bytes) {
                damage_value(&mut dice, &mut value);
                bytes = serde_json::to_vec(&value).unwrap();
            }
        }
        match read_bundle(&bytes) {
            Ok(document) => {
                read += 1;
                assert!(
                    document
                        .warnings
                        .iter()
                        .all(|issue| issue.severity == Severity::Warning),
                    "round {round}"
                );
                for text in texts(&document) {
                    let bad = |c: char| c.is_control() && c != '\n' || c == '\u{202e}';
                    assert!(!text.contains(bad), "round {round}: {text:?}");
                }
            }
            Err(issues) => {
                let first = issues
                    .first()
                    .unwrap_or_else(|| panic!("round {round}: refused for no reason"));
                assert_eq!(first.severity, Severity::Error, "round {round}");
                assert!(issues.len() <= 200, "round {round}");
                *refused.entry(first.code).or_insert(0) += 1;
            }
        }
    }
    // The damage is of many kinds and not always deadly, or this would show nothing.
    assert!(
        read > 100 && refused.len() > 10,
        "{read} read, refused: {refused:?}"
    );
}
