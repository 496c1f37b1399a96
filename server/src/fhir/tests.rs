//! Fixtures are synthetic (tests/fixtures/fhir) and held against third-party validators
//! (tests/conformance).

use serde_json::{Value, json};

use super::*;

macro_rules! fixture {
    ($name:literal) => {
        include_bytes!(concat!("../../../tests/fixtures/fhir/", $name)).as_slice()
    };
}

pub(super) const GOOD: &[(&str, &[u8], DocumentKind, &str)] = &[
    (
        "discharge-summary-01",
        fixture!("discharge-summary-01.json"),
        DocumentKind::DischargeSummary,
        "退院時サマリー",
    ),
    (
        "discharge-summary-02",
        fixture!("discharge-summary-02.json"),
        DocumentKind::DischargeSummary,
        "退院時サマリー",
    ),
    (
        "referral-01",
        fixture!("referral-01.json"),
        DocumentKind::Referral,
        "診療情報提供書",
    ),
    (
        "checkup-01",
        fixture!("checkup-01.json"),
        DocumentKind::Checkup,
        "健康診断結果報告書",
    ),
    (
        "treatment-plan-01",
        fixture!("treatment-plan-01.json"),
        DocumentKind::TreatmentPlan,
        "患者サマリー（療養計画書）",
    ),
    (
        "clins-conditions",
        fixture!("clins-conditions.json"),
        DocumentKind::ClinsCollection,
        "傷病名 (3件)",
    ),
    (
        "clins-allergies",
        fixture!("clins-allergies.json"),
        DocumentKind::ClinsCollection,
        "アレルギー (2件)",
    ),
    (
        "clins-observations",
        fixture!("clins-observations.json"),
        DocumentKind::ClinsCollection,
        "検査結果 (4件)",
    ),
    (
        "clins-prescriptions",
        fixture!("clins-prescriptions.json"),
        DocumentKind::ClinsCollection,
        "処方 (3件)",
    ),
];

const BAD: &[(&str, &[u8], &str)] = &[
    (
        "choice-repeated.json",
        fixture!("bad/choice-repeated.json"),
        "choice_repeated",
    ),
    (
        "clins-empty.json",
        fixture!("bad/clins-empty.json"),
        "clins_empty",
    ),
    (
        "clins-external-patient.json",
        fixture!("bad/clins-external-patient.json"),
        "bundle_external_reference",
    ),
    (
        "clins-no-institution.json",
        fixture!("bad/clins-no-institution.json"),
        "missing_institution",
    ),
    (
        "clins-no-tag.json",
        fixture!("bad/clins-no-tag.json"),
        "clins_tag",
    ),
    (
        "clins-other-patient.json",
        fixture!("bad/clins-other-patient.json"),
        "bundle_two_patients",
    ),
    (
        "clins-patient-not-first.json",
        fixture!("bad/clins-patient-not-first.json"),
        "patient_not_first",
    ),
    (
        "clins-wrong-resource.json",
        fixture!("bad/clins-wrong-resource.json"),
        "clins_wrong_resource",
    ),
    (
        "composition-missing.json",
        fixture!("bad/composition-missing.json"),
        "composition_missing",
    ),
    (
        "composition-no-author.json",
        fixture!("bad/composition-no-author.json"),
        "missing_element",
    ),
    (
        "composition-no-date.json",
        fixture!("bad/composition-no-date.json"),
        "missing_element",
    ),
    (
        "composition-no-status.json",
        fixture!("bad/composition-no-status.json"),
        "missing_element",
    ),
    (
        "composition-no-subject.json",
        fixture!("bad/composition-no-subject.json"),
        "missing_element",
    ),
    (
        "composition-no-title.json",
        fixture!("bad/composition-no-title.json"),
        "missing_element",
    ),
    (
        "composition-no-type.json",
        fixture!("bad/composition-no-type.json"),
        "missing_element",
    ),
    (
        "composition-not-final.json",
        fixture!("bad/composition-not-final.json"),
        "document_not_final",
    ),
    (
        "composition-not-first.json",
        fixture!("bad/composition-not-first.json"),
        "composition_not_first",
    ),
    (
        "contained-other-patient.json",
        fixture!("bad/contained-other-patient.json"),
        "bundle_two_patients",
    ),
    (
        "date-with-slashes.json",
        fixture!("bad/date-with-slashes.json"),
        "invalid_value",
    ),
    (
        "duplicate-full-url.json",
        fixture!("bad/duplicate-full-url.json"),
        "duplicate_full_url",
    ),
    (
        "duplicate-key.txt",
        fixture!("bad/duplicate-key.txt"),
        "duplicate_key",
    ),
    (
        "empty-array.json",
        fixture!("bad/empty-array.json"),
        "empty_array",
    ),
    (
        "empty-object.json",
        fixture!("bad/empty-object.json"),
        "empty_element",
    ),
    (
        "empty-section.json",
        fixture!("bad/empty-section.json"),
        "empty_section",
    ),
    (
        "external-reference.json",
        fixture!("bad/external-reference.json"),
        "bundle_external_reference",
    ),
    (
        "invalid-date.json",
        fixture!("bad/invalid-date.json"),
        "invalid_value",
    ),
    (
        "invalid-gender.json",
        fixture!("bad/invalid-gender.json"),
        "invalid_code",
    ),
    (
        "missing-section.json",
        fixture!("bad/missing-section.json"),
        "missing_section",
    ),
    (
        "modifier-extension.json",
        fixture!("bad/modifier-extension.json"),
        "modifier_not_understood",
    ),
    (
        "no-full-url.json",
        fixture!("bad/no-full-url.json"),
        "missing_element",
    ),
    (
        "no-identifier.json",
        fixture!("bad/no-identifier.json"),
        "missing_element",
    ),
    (
        "no-patient.json",
        fixture!("bad/no-patient.json"),
        "bundle_no_patient",
    ),
    (
        "no-timestamp.json",
        fixture!("bad/no-timestamp.json"),
        "missing_element",
    ),
    (
        "not-a-bundle.json",
        fixture!("bad/not-a-bundle.json"),
        "not_a_bundle",
    ),
    (
        "not-an-array.json",
        fixture!("bad/not-an-array.json"),
        "wrong_type",
    ),
    ("not-fhir.json", fixture!("bad/not-fhir.json"), "not_fhir"),
    ("not-json.txt", fixture!("bad/not-json.txt"), "not_json"),
    (
        "patient-no-birth-date.json",
        fixture!("bad/patient-no-birth-date.json"),
        "missing_element",
    ),
    (
        "referral-no-receiver.json",
        fixture!("bad/referral-no-receiver.json"),
        "missing_section",
    ),
    (
        "repeated-section.json",
        fixture!("bad/repeated-section.json"),
        "wrong_section",
    ),
    (
        "shift-jis.txt",
        fixture!("bad/shift-jis.txt"),
        "invalid_utf8",
    ),
    (
        "time-without-zone.json",
        fixture!("bad/time-without-zone.json"),
        "invalid_value",
    ),
    ("too-deep.json", fixture!("bad/too-deep.json"), "too_deep"),
    ("truncated.txt", fixture!("bad/truncated.txt"), "not_json"),
    (
        "two-patients.json",
        fixture!("bad/two-patients.json"),
        "bundle_two_patients",
    ),
    (
        "unknown-element.json",
        fixture!("bad/unknown-element.json"),
        "unknown_element",
    ),
    (
        "unknown-resource.json",
        fixture!("bad/unknown-resource.json"),
        "not_fhir",
    ),
    (
        "unresolved-reference.json",
        fixture!("bad/unresolved-reference.json"),
        "unresolved_reference",
    ),
    (
        "wrong-json-type.json",
        fixture!("bad/wrong-json-type.json"),
        "wrong_type",
    ),
    (
        "wrong-reference-target.json",
        fixture!("bad/wrong-reference-target.json"),
        "wrong_reference_target",
    ),
    (
        "wrong-type.json",
        fixture!("bad/wrong-type.json"),
        "bundle_wrong_type",
    ),
];

fn read(name: &str) -> IncomingDocument {
    let (_, bytes, ..) = GOOD.iter().find(|(known, ..)| *known == name).unwrap();
    read_bundle(bytes).unwrap()
}

fn codes(bytes: &[u8]) -> Vec<&'static str> {
    read_bundle(bytes)
        .unwrap_err()
        .iter()
        .map(|issue| issue.code)
        .collect()
}

/// The fixture with one thing changed.
pub(super) fn changed(name: &str, change: impl FnOnce(&mut Value)) -> Vec<u8> {
    let (_, bytes, ..) = GOOD.iter().find(|(known, ..)| *known == name).unwrap();
    let mut bundle: Value = serde_json::from_slice(bytes).unwrap();
    change(&mut bundle);
    serde_json::to_vec(&bundle).unwrap()
}

fn section<'a>(document: &'a IncomingDocument, code: &str) -> &'a Section {
    let mut flat = Vec::new();
    flatten(&document.sections, &mut flat);
    flat.into_iter()
        .find(|section| section.code.as_deref() == Some(code))
        .unwrap()
}

#[test]
fn good_documents_are_read_without_a_remark() {
    for (name, bytes, kind, title) in GOOD {
        let document = read_bundle(bytes).unwrap_or_else(|issues| panic!("{name}: {issues:#?}"));
        assert_eq!(
            (document.kind, document.title.as_str()),
            (*kind, *title),
            "{name}"
        );
        assert!(
            document.warnings.is_empty(),
            "{name}: {:#?}",
            document.warnings
        );
        assert!(document.institution_code.is_some(), "{name}");
        assert!(
            document.patient.birth_date.is_some() && document.patient.kana.is_some(),
            "{name}"
        );
        assert!(document.identifier.is_some(), "{name}");
        let excerpt = excerpt(&document);
        assert!(
            !excerpt.is_empty() && excerpt.chars().count() <= 120,
            "{name}: {excerpt}"
        );
    }
}

#[test]
fn each_refusal_names_its_reason_and_place() {
    for (name, bytes, code) in BAD {
        let issues = read_bundle(bytes).unwrap_err();
        let issue = issues
            .iter()
            .find(|issue| issue.code == *code)
            .unwrap_or_else(|| panic!("{name}: {issues:#?}"));
        assert_eq!(issue.severity, Severity::Error, "{name}");
        let unplaced = matches!(
            *code,
            "not_json" | "not_fhir" | "invalid_utf8" | "too_deep" | "duplicate_key"
        );
        assert!(unplaced || issue.expression.is_some(), "{name}");
        assert!(
            !issue.message_ja.is_empty() && !issue.message_en.is_empty(),
            "{name}"
        );
    }
}

#[test]
fn discharge_summary_is_put_into_words() {
    let document = read("discharge-summary-01");
    assert_eq!(document.patient.name, "出雲 和子");
    assert_eq!(document.patient.kana.as_deref(), Some("イズモ カズコ"));
    assert_eq!(
        document.patient.birth_date,
        NaiveDate::from_ymd_opt(1943, 5, 12)
    );
    assert_eq!(document.patient.sex.as_deref(), Some("female"));
    assert_eq!(
        document.patient.identifiers[0].system,
        "urn:oid:1.2.392.100495.20.3.51.13212345670"
    );
    assert_eq!(document.patient.identifiers[0].value, "0012345");
    assert_eq!(document.institution_code.as_deref(), Some("3212345670"));
    assert_eq!(document.institution_name.as_deref(), Some("出雲みなと病院"));
    assert_eq!(document.authors, ["渡部 健一"]);
    assert_eq!(
        document.authored_at.to_rfc3339(),
        "2026-11-20T16:40:00+09:00"
    );
    assert_eq!(
        section(&document, "342").text,
        "1. 慢性心不全急性増悪\n2. 持続性心房細動\n3. 高血圧症\n4. 慢性腎臓病 ステージ3b"
    );
    assert!(
        section(&document, "362")
            .text
            .contains("BNP 812.4 pg/mL（基準 <18.4）")
    );
    assert!(
        section(&document, "444")
            .text
            .starts_with("薬剤 | 用法 | 日数\nフロセミド錠20mg | 1日1回 朝食後 1錠 | 14日\n")
    );
    // A section without narrative is rendered from its entries; decimals keep their digits.
    assert!(
        section(&document, "623")
            .text
            .contains("カリウム：4.60 mEq/L（基準値 3.6〜4.8 mEq/L） / 2026-11-19 07:05")
    );
    assert_eq!(
        document
            .resources
            .iter()
            .filter(|line| line.kind == "MedicationRequest")
            .count(),
        9
    );
    assert!(excerpt(&document).starts_with("退院時診断: 慢性心不全（NYHA II度"));
}

#[test]
fn what_turns_a_statement_around_comes_first() {
    let document = read("clins-conditions");
    assert_eq!(document.indications, ["LTS", "UNINFORMED"]);
    assert!(document.resources[1].text.starts_with("【疑い】"));
    assert!(document.resources[2].text.starts_with("【否定】"));
    let bytes = changed("clins-prescriptions", |bundle| {
        bundle["entry"][1]["resource"]["doNotPerform"] = json!(true);
        bundle["entry"][2]["resource"]["modifierExtension"] =
            json!([{"url": "http://hospital.example/x", "valueBoolean": true}]);
    });
    let document = read_bundle(&bytes).unwrap();
    assert!(document.resources[0].text.starts_with("【投与しないこと】"));
    assert!(
        document.resources[1]
            .text
            .starts_with("【修飾あり・原本を確認】")
    );
    assert_eq!(document.warnings[0].code, "modifier_not_understood");
}

#[test]
fn old_systems_and_versions_are_accepted() {
    let bytes = changed("discharge-summary-02", |bundle| {
        let text = serde_json::to_string(&bundle["entry"]).unwrap();
        let text = text.replace(
            "http://jpfhir.jp/fhir/core/IdSystem/insurance-medical-institution-no",
            "urn:oid:1.2.392.100495.20.3.23",
        );
        bundle["entry"] = serde_json::from_str(&text).unwrap();
        bundle["meta"]["profile"] = json!([
            "http://jpfhir.jp/fhir/clins/StructureDefinition/JP_Bundle_eDischargeSummary|1"
        ]);
    });
    assert_eq!(
        read_bundle(&bytes).unwrap().institution_code.as_deref(),
        Some("3211122330")
    );
    let normal = document::normal_system;
    assert_eq!(
        normal("urn:oid:1.2.392.100495.20.3.61", "32320013"),
        "http://jpfhir.jp/fhir/core/mhlw/IdSystem/InsurerNumber"
    );
    assert_eq!(
        normal("urn:oid:1.2.392.100495.20.3.23", "1234567"),
        "http://jpfhir.jp/fhir/core/mhlw/IdSystem/MedicalOrganizationID"
    );
    assert_eq!(
        normal("1.2.392.100495.20.3.51.13212345670", "1"),
        "urn:oid:1.2.392.100495.20.3.51.13212345670"
    );
    assert_eq!(
        normal("http://hospital.example/ids", "1"),
        "http://hospital.example/ids"
    );
}

#[test]
fn names_are_shown_with_one_half_width_space() {
    let bytes = changed("clins-allergies", |bundle| {
        let names = &mut bundle["entry"][0]["resource"]["name"];
        names[0]["text"] = json!("出雲　和子");
        names[1]["text"] = json!("ｲｽﾞﾓ　ｶｽﾞｺ");
    });
    let patient = read_bundle(&bytes).unwrap().patient;
    assert_eq!(
        (patient.name.as_str(), patient.kana.as_deref()),
        ("出雲 和子", Some("イズモ カズコ"))
    );
}

#[test]
fn the_same_patient_twice_is_remarked_on_not_refused() {
    let bytes = changed("treatment-plan-01", |bundle| {
        let mut again = bundle["entry"][1].clone();
        again["fullUrl"] = json!("urn:uuid:7d0c9a3e-58a1-4df0-9a41-6f1d9f1c2b11");
        bundle["entry"].as_array_mut().unwrap().push(again);
    });
    let warnings = read_bundle(&bytes).unwrap().warnings;
    assert_eq!(
        warnings.iter().map(|issue| issue.code).collect::<Vec<_>>(),
        ["bundle_two_patients"]
    );
}

#[test]
fn references_may_be_urns_relative_contained_or_logical() {
    let bytes = changed("treatment-plan-01", |bundle| {
        bundle["entry"][0]["resource"]["author"][0] = json!({"reference": "Practitioner/doctor"});
        bundle["entry"][0]["resource"]["attester"] =
            json!([{"mode": "legal", "party": {"display": "田中 誠"}}]);
        bundle["entry"][5]["resource"]["contained"] =
            json!([{"resourceType": "Practitioner", "id": "dr"}]);
        bundle["entry"][5]["resource"]["recorder"] = json!({"reference": "#dr"});
    });
    assert!(read_bundle(&bytes).unwrap().warnings.is_empty());
    let bytes = changed("treatment-plan-01", |bundle| {
        bundle["entry"][5]["resource"]["recorder"] = json!({"reference": "#nobody"});
    });
    assert_eq!(codes(&bytes), ["unresolved_reference"]);
}

#[test]
fn other_documents_are_read_by_their_composition() {
    let bytes = changed("treatment-plan-01", |bundle| {
        let composition = &mut bundle["entry"][0]["resource"];
        composition["type"] = json!({"coding": [{"system": "http://jpfhir.jp/fhir/Common/CodeSystem/doc-typecodes", "code": "57833-6", "display": "処方箋"}]});
        composition["title"] = json!("処方箋");
    });
    let document = read_bundle(&bytes).unwrap();
    assert_eq!(
        (
            document.kind,
            document.title.as_str(),
            document.type_label.as_str()
        ),
        (DocumentKind::OtherDocument, "処方箋", "処方箋")
    );
}

#[test]
fn every_missing_section_is_named() {
    let bytes = changed("discharge-summary-02", |bundle| {
        let sections = &mut bundle["entry"][0]["resource"]["section"][0]["section"];
        let keep = |section: &Value| {
            !matches!(
                section["code"]["coding"][0]["code"].as_str(),
                Some("444" | "424")
            )
        };
        let kept: Vec<Value> = sections
            .as_array()
            .unwrap()
            .iter()
            .filter(|s| keep(s))
            .cloned()
            .collect();
        *sections = json!(kept);
    });
    assert_eq!(codes(&bytes), ["missing_section", "missing_section"]);
    // The present illness under its other code.
    let bytes = changed("discharge-summary-02", |bundle| {
        bundle["entry"][0]["resource"]["section"][0]["section"][4]["code"]["coding"][0]["code"] =
            json!("360");
    });
    assert!(read_bundle(&bytes).is_ok());
    // All of it as a PDF or CDA instead of structured sections.
    let bytes = changed("discharge-summary-02", |bundle| {
        let sections = bundle["entry"][0]["resource"]["section"]
            .as_array_mut()
            .unwrap();
        sections.remove(0);
    });
    assert!(read_bundle(&bytes).is_ok());
}

#[test]
fn an_extension_does_not_replace_a_date() {
    let bytes = changed("treatment-plan-01", |bundle| {
        let composition = bundle["entry"][0]["resource"].as_object_mut().unwrap();
        composition.remove("date");
        composition.insert("_date".into(), json!({"extension": [{
            "url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "unknown"
        }]}));
    });
    assert_eq!(codes(&bytes), ["missing_element"]);
}
