//! Resources as lines a care worker can read. One line per resource: a title (the
//! diagnosis, the drug, the test) and what is said about it. What turns a statement
//! around (denied, stopped, entered in error, do not give) always comes first.

use super::ResourceLine;
use super::bundle::Contents;
use super::json::{Json, Object, child, children, text};
use super::narrative::{lines, one_line, plain_text};
use super::value::{
    LONGEST_TITLE, choice, code_at, concept, concept_at, concepts_at, line_at, lines_at, name,
    notes, period, quantity, range, time_at,
};

/// Longest text of one resource.
const LONGEST_TEXT: usize = 2000;

/// Renders `resource`.
pub(super) fn line<'a>(contents: &Contents<'a>, resource: &'a Object) -> ResourceLine {
    let kind = text(resource, "resourceType").unwrap_or_default();
    let mut parts: Vec<Option<String>> = reversals(kind, resource);
    let title = match kind {
        "Condition" => condition(resource, &mut parts),
        "AllergyIntolerance" => allergy(resource, &mut parts),
        "Observation" => observation(resource, &mut parts),
        "MedicationRequest"
        | "MedicationStatement"
        | "MedicationDispense"
        | "MedicationAdministration" => medication(contents, resource, &mut parts),
        "Encounter" => encounter(resource, &mut parts),
        "Procedure" | "Immunization" | "ImagingStudy" | "DiagnosticReport" => {
            deed(kind, resource, &mut parts)
        }
        "FamilyMemberHistory" => family(resource, &mut parts),
        "CarePlan" | "Goal" | "ServiceRequest" | "NutritionOrder" => plan(resource, &mut parts),
        "DocumentReference" => document(resource, &mut parts),
        "Device" | "DeviceUseStatement" => device(contents, resource, &mut parts),
        "Organization" | "Practitioner" | "PractitionerRole" | "RelatedPerson" | "Location" => {
            party(contents, resource, &mut parts)
        }
        "Communication" => {
            parts.extend(
                children(resource, "payload")
                    .take(20)
                    .map(|payload| choice(payload, "content")),
            );
            concept_at(resource, "topic")
        }
        // Its codes are those of the insurance forms and say nothing to a reader.
        "Coverage" => None,
        _ => other(resource, &mut parts),
    };
    parts.push(notes(resource));
    let said: Vec<String> = parts
        .into_iter()
        .flatten()
        .filter(|part| !part.is_empty())
        .collect();
    ResourceLine {
        kind: kind.to_owned(),
        title: title.unwrap_or_else(|| label(kind).to_owned()),
        text: lines(&said.join(" / "), LONGEST_TEXT),
    }
}

/// The resource type in Japanese.
pub(super) fn label(kind: &str) -> &str {
    match kind {
        "AllergyIntolerance" => "アレルギー",
        "CarePlan" => "計画",
        "Communication" => "連絡",
        "Condition" => "傷病名",
        "Consent" => "同意・事前指示",
        "Coverage" => "保険",
        "Device" | "DeviceUseStatement" => "医療機器",
        "DiagnosticReport" => "検査報告",
        "DocumentReference" => "文書",
        "Encounter" => "受診・入院",
        "FamilyMemberHistory" => "家族歴",
        "Goal" => "目標",
        "ImagingStudy" => "画像検査",
        "Immunization" => "予防接種",
        "Location" => "場所",
        "MedicationAdministration" => "与薬",
        "MedicationDispense" => "調剤",
        "MedicationRequest" => "処方",
        "MedicationStatement" => "服薬",
        "Observation" => "検査結果",
        "Organization" => "機関",
        "Practitioner" | "PractitionerRole" => "担当者",
        "Procedure" => "処置・手術",
        "RelatedPerson" => "家族・関係者",
        "ServiceRequest" => "依頼",
        "Specimen" => "検体",
        _ => kind,
    }
}

/// Everything that makes a resource mean less, or the contrary, of what it names.
fn reversals(kind: &str, resource: &Object) -> Vec<Option<String>> {
    let mut parts = Vec::new();
    let mut say = |words: &str| parts.push(Some(words.to_owned()));
    match text(resource, "status") {
        Some("entered-in-error") => say("【誤登録】"),
        Some("cancelled" | "revoked") => say("【取消】"),
        Some("stopped") => say("【中止】"),
        Some("on-hold") => say("【休止】"),
        Some("not-done") => say("【実施せず】"),
        Some("preliminary") => say("【速報】"),
        Some("draft") => say("【下書き】"),
        _ => {}
    }
    match code_at(resource, "verificationStatus") {
        Some("refuted") => say("【否定】"),
        Some("entered-in-error") => say("【誤登録】"),
        Some("provisional" | "unconfirmed") => say("【疑い】"),
        Some("differential") => say("【鑑別】"),
        _ => {}
    }
    if resource.get("doNotPerform") == Some(&Json::Bool(true)) {
        say(if kind.starts_with("Medication") {
            "【投与しないこと】"
        } else {
            "【実施しないこと】"
        });
    }
    if resource.contains_key("modifierExtension") || resource.contains_key("implicitRules") {
        // R4 2.1.0: what is not understood here may change the meaning.
        say("【修飾あり・原本を確認】");
    }
    parts
}

/// `名前: 値` when there is a value.
fn named(words: &str, value: Option<String>) -> Option<String> {
    value.map(|value| format!("{words}: {value}"))
}

fn condition(resource: &Object, parts: &mut Vec<Option<String>>) -> Option<String> {
    parts.push(code_at(resource, "clinicalStatus").and_then(|status| {
        let words = match status {
            "active" => "現症",
            "recurrence" => "再発",
            "relapse" => "再燃",
            "inactive" => "非活動",
            "remission" => "寛解",
            "resolved" => "治癒",
            _ => return None,
        };
        Some(words.to_owned())
    }));
    parts.push(concept_at(resource, "severity"));
    parts.push(concepts_at(resource, "bodySite"));
    parts.push(named("発症", choice(resource, "onset")));
    parts.push(named("終了", choice(resource, "abatement")));
    concept_at(resource, "code")
}

fn allergy(resource: &Object, parts: &mut Vec<Option<String>>) -> Option<String> {
    let categories = resource
        .get("category")
        .and_then(Json::as_array)
        .unwrap_or_default();
    parts.extend(
        categories
            .iter()
            .filter_map(Json::as_str)
            .take(4)
            .map(|category| {
                let words = match category {
                    "food" => "食物",
                    "medication" => "医薬品",
                    "environment" => "環境",
                    "biologic" => "生物由来",
                    _ => return None,
                };
                Some(words.to_owned())
            }),
    );
    parts.push(match text(resource, "criticality") {
        Some("high") => Some("重篤度: 高".to_owned()),
        Some("low") => Some("重篤度: 低".to_owned()),
        _ => None,
    });
    for reaction in children(resource, "reaction").take(10) {
        parts.push(named("反応", concepts_at(reaction, "manifestation")));
        parts.push(line_at(reaction, "description"));
    }
    parts.push(named("発現", choice(resource, "onset")));
    concept_at(resource, "code")
}

fn observation(resource: &Object, parts: &mut Vec<Option<String>>) -> Option<String> {
    parts.push(result(resource));
    for component in children(resource, "component").take(50) {
        let title = concept_at(component, "code").unwrap_or_default();
        parts.push(result(component).map(|value| format!("{title} {value}")));
    }
    parts.push(choice(resource, "effective"));
    concept_at(resource, "code")
}

/// A value with its judgement and reference range.
fn result(observation: &Object) -> Option<String> {
    let value =
        choice(observation, "value").or_else(|| concept_at(observation, "dataAbsentReason"))?;
    let judged = children(observation, "interpretation").find_map(|concept| {
        let code = children(concept, "coding").find_map(|coding| text(coding, "code"));
        let words = match code {
            Some("H" | "HU") => "高値",
            Some("L" | "LU") => "低値",
            Some("HH") => "異常高値",
            Some("LL") => "異常低値",
            Some("N") => return None,
            Some("A") => "異常",
            Some("AA") => "重大な異常",
            Some("POS") => "陽性",
            Some("NEG") => "陰性",
            _ => return super::value::concept(concept),
        };
        Some(words.to_owned())
    });
    let normal = children(observation, "referenceRange")
        .find_map(|normal| line_at(normal, "text").or_else(|| range(normal)));
    let judged = judged
        .map(|judged| format!(" {judged}"))
        .unwrap_or_default();
    let normal = normal
        .map(|normal| format!("（基準値 {normal}）"))
        .unwrap_or_default();
    Some(format!("{value}{judged}{normal}"))
}

fn medication<'a>(
    contents: &Contents<'a>,
    resource: &'a Object,
    parts: &mut Vec<Option<String>>,
) -> Option<String> {
    let doses = children(resource, "dosageInstruction").chain(children(resource, "dosage"));
    parts.extend(doses.chain(child(resource, "dosage")).take(10).map(dose));
    if let Some(supply) = child(resource, "dispenseRequest") {
        parts.push(
            child(supply, "expectedSupplyDuration")
                .and_then(quantity)
                .map(|days| days.replace(' ', "") + "分"),
        );
        parts.push(named("総量", child(supply, "quantity").and_then(quantity)));
    }
    parts.push(named("処方日", time_at(resource, "authoredOn")));
    parts.push(choice(resource, "effective"));
    concept_at(resource, "medicationCodeableConcept").or_else(|| {
        let reference = child(resource, "medicationReference")?;
        let medication = contents.resolve(reference, resource);
        medication
            .and_then(|medication| concept_at(medication, "code"))
            .or_else(|| line_at(reference, "display"))
    })
}

/// One dosage: its text, else what is coded.
fn dose(dosage: &Object) -> Option<String> {
    let rate = children(dosage, "doseAndRate").next();
    let amount = rate.and_then(|rate| choice(rate, "dose").or_else(|| choice(rate, "rate")));
    let when = child(dosage, "timing").and_then(|timing| concept_at(timing, "code"));
    let coded: Vec<String> = [
        concept_at(dosage, "route"),
        concept_at(dosage, "method"),
        concept_at(dosage, "site"),
        when,
        named("1回", amount),
        line_at(dosage, "patientInstruction"),
    ]
    .into_iter()
    .flatten()
    .collect();
    let needed = matches!(dosage.get("asNeededBoolean"), Some(Json::Bool(true)))
        || dosage.contains_key("asNeededCodeableConcept");
    let words = line_at(dosage, "text").or_else(|| (!coded.is_empty()).then(|| coded.join(" ")))?;
    let extra = concepts_at(dosage, "additionalInstruction")
        .map(|extra| format!(" {extra}"))
        .unwrap_or_default();
    Some(format!(
        "{words}{extra}{}",
        if needed && !words.contains("頓") {
            "（頓用）"
        } else {
            ""
        }
    ))
}

fn encounter(resource: &Object, parts: &mut Vec<Option<String>>) -> Option<String> {
    parts.push(child(resource, "period").and_then(period));
    parts.push(child(resource, "length").and_then(quantity));
    parts.push(named("理由", concepts_at(resource, "reasonCode")));
    if let Some(stay) = child(resource, "hospitalization") {
        parts.push(named("入院経路", concept_at(stay, "admitSource")));
        parts.push(named(
            "転帰・退院先",
            concept_at(stay, "dischargeDisposition"),
        ));
    }
    child(resource, "class").and_then(|class| line_at(class, "display"))
}

fn deed(kind: &str, resource: &Object, parts: &mut Vec<Option<String>>) -> Option<String> {
    for name in ["performed", "occurrence", "effective"] {
        parts.push(choice(resource, name));
    }
    parts.push(time_at(resource, "started"));
    parts.push(concepts_at(resource, "bodySite"));
    parts.push(concept_at(resource, "outcome"));
    parts.push(line_at(resource, "lotNumber").map(|lot| format!("ロット {lot}")));
    parts.push(line_at(resource, "conclusion"));
    parts.push(line_at(resource, "description"));
    let key = if kind == "Immunization" {
        "vaccineCode"
    } else {
        "code"
    };
    concept_at(resource, key).or_else(|| concepts_at(resource, "procedureCode"))
}

fn family(resource: &Object, parts: &mut Vec<Option<String>>) -> Option<String> {
    for condition in children(resource, "condition").take(20) {
        let age = choice(condition, "onset")
            .map(|age| format!("（{age}）"))
            .unwrap_or_default();
        parts.push(concept_at(condition, "code").map(|code| code + &age));
    }
    parts.push(named("死亡", choice(resource, "deceased")));
    concept_at(resource, "relationship")
}

fn plan(resource: &Object, parts: &mut Vec<Option<String>>) -> Option<String> {
    parts.push(lines_at(resource, "description").or_else(|| concept_at(resource, "description")));
    parts.push(child(resource, "period").and_then(period));
    for activity in children(resource, "activity")
        .filter_map(|activity| child(activity, "detail"))
        .take(20)
    {
        parts.push(concept_at(activity, "code"));
        parts.push(line_at(activity, "description"));
    }
    line_at(resource, "title")
        .or_else(|| concept_at(resource, "code"))
        .or_else(|| concepts_at(resource, "category"))
}

fn document(resource: &Object, parts: &mut Vec<Option<String>>) -> Option<String> {
    let attachments =
        || children(resource, "content").filter_map(|content| child(content, "attachment"));
    for attachment in attachments().take(10) {
        parts.push(line_at(attachment, "title"));
        parts.push(line_at(attachment, "contentType").map(|kind| format!("添付 {kind}")));
    }
    parts.push(time_at(resource, "date"));
    line_at(resource, "description").or_else(|| concept_at(resource, "type"))
}

fn device<'a>(
    contents: &Contents<'a>,
    resource: &'a Object,
    parts: &mut Vec<Option<String>>,
) -> Option<String> {
    parts.push(choice(resource, "timing"));
    parts.push(line_at(resource, "lotNumber").map(|lot| format!("ロット {lot}")));
    let of = |device: &Object| {
        let given = children(device, "deviceName").find_map(|name| line_at(name, "name"));
        given.or_else(|| concept_at(device, "type"))
    };
    let used = child(resource, "device");
    let target = used.and_then(|used| contents.resolve(used, resource));
    target
        .and_then(of)
        .or_else(|| used.and_then(|used| line_at(used, "display")))
        .or_else(|| of(resource))
}

fn party<'a>(
    contents: &Contents<'a>,
    resource: &'a Object,
    parts: &mut Vec<Option<String>>,
) -> Option<String> {
    for qualification in children(resource, "qualification").take(5) {
        parts.push(concept_at(qualification, "code"));
    }
    parts.push(concepts_at(resource, "relationship"));
    parts.push(children(resource, "address").find_map(|address| line_at(address, "text")));
    let phone =
        children(resource, "telecom").find(|contact| text(contact, "system") == Some("phone"));
    parts.push(phone.and_then(|contact| line_at(contact, "value")));
    let practitioner = child(resource, "practitioner")
        .and_then(|reference| contents.resolve(reference, resource))
        .and_then(name);
    line_at(resource, "name")
        .or_else(|| name(resource))
        .or(practitioner)
}

fn other(resource: &Object, parts: &mut Vec<Option<String>>) -> Option<String> {
    let narrative = child(resource, "text").and_then(|narrative| text(narrative, "div"));
    parts.push(narrative.map(|div| lines(&plain_text(div), LONGEST_TEXT)));
    line_at(resource, "title")
        .or_else(|| concept_at(resource, "code"))
        .or_else(|| child(resource, "type").and_then(concept))
        .map(|title| one_line(&title, LONGEST_TITLE))
}
