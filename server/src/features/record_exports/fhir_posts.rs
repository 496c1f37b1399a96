//! Posts as FHIR: Communications and DocumentReferences, Observations of vital signs, Provenances of versions.

use serde_json::{Value, json};

use super::{
    fhir::{Bundle, derived, to, to_named},
    make::{list, signs, text},
    parts::Front,
    words::{channel_ja, kind_ja},
};
use crate::features::vital_signs::VitalSigns;

const LOINC: &str = "http://loinc.org";
const UCUM: &str = "http://unitsofmeasure.org";
const CATEGORY: &str = "http://terminology.hl7.org/CodeSystem/observation-category";
const JP_VITALS: &str = "http://jpfhir.jp/fhir/core/StructureDefinition/JP_Observation_VitalSigns";
const OPERATION: &str = "http://terminology.hl7.org/CodeSystem/v3-DataOperation";
const OURS: &str = "https://tsumugi.example/fhir/CodeSystem";

impl Bundle {
    /// A post with its vital signs and versions.
    pub(super) fn add_post(&mut self, front: &Front, post: &Value) {
        let id = text(post, "id").to_owned();
        let author = post.get("author").unwrap_or(&Value::Null);
        let who = self.person(front, author);
        let who = to_named(&who, text(author, "name"));
        let document = post.get("document").filter(|document| !document.is_null());
        let resource = match document {
            Some(document) => document_reference(self.patient(), post, document, &who),
            None => communication(self.patient(), post, &who),
        };
        self.add(&id, resource);
        if let Some(signs) = signs(post) {
            for (name, observation) in observations(self.patient(), post, &signs, &who) {
                self.add(&derived(&id, &name), observation);
            }
        }
        let versions: Vec<&Value> = list(post, "versions").collect();
        if versions.is_empty() {
            let first = json!({ "version": 1, "written_at": text(post, "recorded_at") });
            self.add(&derived(&id, "version/1"), provenance(&id, &first, &who));
            return;
        }
        for version in versions {
            let by = text(version, "written_by");
            let by = if by == text(author, "name") {
                who.clone()
            } else {
                json!({ "display": by })
            };
            let number = version
                .get("version")
                .and_then(Value::as_i64)
                .unwrap_or_default();
            let of_version = provenance(&id, version, &by);
            self.add(&derived(&id, &format!("version/{number}")), of_version);
        }
    }
}

fn is_taken_back(post: &Value) -> bool {
    post.get("retraction")
        .is_some_and(|retraction| !retraction.is_null())
}

fn communication(patient: &str, post: &Value, who: &Value) -> Value {
    let taken_back = is_taken_back(post);
    let body = text(post, "body");
    let reply = post.get("reply_to").filter(|reply| !reply.is_null());
    // What may not be read is not in the Bundle, so that it is named and not referred to.
    let reply = reply.map(|reply| {
        json!({ "identifier": { "system": "urn:ietf:rfc:3986", "value": format!("urn:uuid:{}", text(reply, "id")) } })
    });
    json!({
        "resourceType": "Communication",
        "status": if taken_back { "entered-in-error" } else { "completed" },
        "category": [{
            "coding": [{ "system": format!("{OURS}/post-kind"), "code": text(post, "kind") }],
            "text": kind_ja(text(post, "kind")),
        }],
        "subject": to(patient),
        "topic": { "text": channel_ja(text(post, "channel")) },
        "inResponseTo": reply.into_iter().collect::<Vec<_>>(),
        "sent": text(post, "observed_at"),
        "received": text(post, "recorded_at"),
        "sender": who,
        "payload": [{ "contentString": body }],
    })
}

fn document_reference(patient: &str, post: &Value, document: &Value, who: &Value) -> Value {
    json!({
        "resourceType": "DocumentReference",
        "status": "current",
        "type": { "text": text(document, "type_label") },
        "subject": to(patient),
        "date": text(post, "recorded_at"),
        "author": [{ "display": text(document, "author_name") }, who],
        "description": text(document, "title"),
        "content": [{ "attachment": {
            "contentType": "application/fhir+json",
            "url": format!("files/documents/{}.json", text(document, "id")),
            "title": text(document, "title"),
            "creation": text(document, "authored_at"),
        } }],
    })
}

/// What was measured, each as an Observation; blood pressure as one of two components.
fn observations(
    patient: &str,
    post: &Value,
    signs: &VitalSigns,
    who: &Value,
) -> Vec<(String, Value)> {
    let base = |code: Value, name: &str| {
        json!({
            "resourceType": "Observation",
            "meta": { "profile": [JP_VITALS] },
            "status": if is_taken_back(post) { "entered-in-error" } else { "final" },
            "category": [{ "coding": [{ "system": CATEGORY, "code": "vital-signs" }] }],
            "code": { "coding": [code], "text": name },
            "subject": to(patient),
            "effectiveDateTime": text(post, "observed_at"),
            "issued": text(post, "recorded_at"),
            "performer": [who],
        })
    };
    let mut made = Vec::new();
    let mut components = Vec::new();
    for (sign, value) in signs.measured() {
        let code = match &sign.loinc {
            Some(loinc) => json!({ "system": LOINC, "code": loinc }),
            None => json!({ "system": format!("{OURS}/vital-sign"), "code": sign.code }),
        };
        let quantity =
            json!({ "value": number(value), "unit": sign.unit, "system": UCUM, "code": sign.ucum });
        if ["systolic", "diastolic"].contains(&sign.code.as_str()) {
            components.push(json!({
                "code": { "coding": [code], "text": sign.ja }, "valueQuantity": quantity,
            }));
            continue;
        }
        let one = with(base(code, &sign.ja), "valueQuantity", quantity);
        made.push((sign.code.clone(), one));
    }
    if !components.is_empty() {
        let code = json!({ "system": LOINC, "code": "85354-9" });
        let pressure = with(base(code, "血圧"), "component", json!(components));
        made.push(("blood_pressure".to_owned(), pressure));
    }
    made
}

fn with(mut resource: Value, field: &str, value: Value) -> Value {
    if let Some(fields) = resource.as_object_mut() {
        fields.insert(field.to_owned(), value);
    }
    resource
}

/// Whole numbers without a point.
fn number(value: f64) -> Value {
    if value.fract() == 0.0 {
        #[expect(clippy::cast_possible_truncation, reason = "vital signs are small")]
        return json!(value as i64);
    }
    json!(value)
}

fn provenance(post: &str, version: &Value, who: &Value) -> Value {
    let retracted = version.get("retracted").and_then(Value::as_bool) == Some(true);
    let first = version.get("version").and_then(Value::as_i64) == Some(1);
    let code = match (retracted, first) {
        (true, _) => "NULLIFY",
        (false, true) => "CREATE",
        (false, false) => "UPDATE",
    };
    json!({
        "resourceType": "Provenance",
        "target": [to(post)],
        "recorded": text(version, "written_at"),
        "reason": [{ "text": text(version, "reason") }],
        "activity": { "coding": [{ "system": OPERATION, "code": code }] },
        "agent": [{ "who": who }],
    })
}
