//! A record as a FHIR R4 Bundle (JP Core where it has a profile), written resource by resource.
//!
//! Every resource refers to others of the same Bundle by `urn:uuid`. What is one thing here may be several there: a post
//! becomes a Communication or a DocumentReference, its vital signs Observations, its versions Provenances. Their ids are
//! derived from that of the post, so that two copies of the same record have the same ids.

use std::collections::BTreeMap;

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{make::text, parts::Front};
use crate::{Error, Result, spine::ids};

const JP: &str = "http://jpfhir.jp/fhir/core/StructureDefinition";
const V2_IDENTIFIER: &str = "http://terminology.hl7.org/CodeSystem/v2-0203";
const OURS: &str = "https://tsumugi.example/fhir";

/// A Bundle that is being written.
pub(super) struct Bundle {
    written: Vec<u8>,
    is_first: bool,
    patient: String,
    /// Whoever wrote something: name, profession (none for a system) and facility, by their ids.
    people: BTreeMap<String, [String; 3]>,
}

/// The id of another resource about the same thing.
pub(super) fn derived(of: &str, what: &str) -> String {
    ids::derived_id(format!("{of}/{what}").as_bytes()).to_string()
}

/// A reference to a resource of the Bundle.
pub(super) fn to(id: &str) -> Value {
    json!({ "reference": format!("urn:uuid:{id}") })
}

/// The same with a name to be shown.
pub(super) fn to_named(id: &str, name: &str) -> Value {
    if name.is_empty() {
        return to(id);
    }
    json!({ "reference": format!("urn:uuid:{id}"), "display": name })
}

/// Leaves out fields that say nothing: FHIR has no empty values.
pub(super) fn tidy(mut resource: Value) -> Value {
    fn says(value: &Value) -> bool {
        match value {
            Value::Null => false,
            Value::String(text) => !text.trim().is_empty(),
            Value::Array(items) => !items.is_empty(),
            Value::Object(fields) => !fields.is_empty(),
            _ => true,
        }
    }
    fn walk(value: &mut Value) {
        match value {
            Value::Object(fields) => {
                fields.values_mut().for_each(walk);
                fields.retain(|_, value| says(value));
            }
            Value::Array(items) => {
                items.iter_mut().for_each(walk);
                items.retain(says);
            }
            _ => {}
        }
    }
    walk(&mut resource);
    resource
}

impl Bundle {
    pub(super) fn begin(id: Uuid, at: DateTime<Utc>) -> Self {
        let at = at.to_rfc3339_opts(SecondsFormat::Millis, true);
        let head = format!(
            "{{\"resourceType\":\"Bundle\",\"id\":\"{id}\",\"identifier\":{{\"system\":\"urn:ietf:rfc:3986\",\
             \"value\":\"urn:uuid:{id}\"}},\"type\":\"collection\",\"timestamp\":\"{at}\",\"entry\":["
        );
        Self {
            written: head.into_bytes(),
            is_first: true,
            patient: String::new(),
            people: BTreeMap::new(),
        }
    }

    /// Adds a resource under this id.
    pub(super) fn add(&mut self, id: &str, resource: Value) {
        if !self.is_first {
            self.written.extend_from_slice(b",\n");
        }
        self.is_first = false;
        let mut resource = tidy(resource);
        if let Some(fields) = resource.as_object_mut() {
            fields.insert("id".to_owned(), json!(id));
        }
        let entry = json!({ "fullUrl": format!("urn:uuid:{id}"), "resource": resource });
        self.written.extend_from_slice(entry.to_string().as_bytes());
    }

    /// What has been written since.
    pub(super) fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.written)
    }

    pub(super) fn end(mut self) -> Result<Vec<u8>> {
        if self.is_first {
            return Err(Error::internal("a Bundle without a patient"));
        }
        self.written.extend_from_slice(b"]}\n");
        Ok(self.written)
    }

    /// Whose record it is.
    pub(super) fn patient(&self) -> &str {
        &self.patient
    }

    /// Notes whoever wrote something, and gives the id to refer to.
    pub(super) fn person(&mut self, front: &Front, author: &Value) -> String {
        let id = text(author, "id").to_owned();
        let facts = [
            text(author, "name").to_owned(),
            front.profession(text(author, "profession")).to_owned(),
            text(author, "facility_name").to_owned(),
        ];
        self.people.entry(id.clone()).or_insert(facts);
        id
    }

    /// The patient, consents and team.
    pub(super) fn add_front(&mut self, front: &Front) {
        let patient = &front.patient;
        text(patient, "id").clone_into(&mut self.patient);
        let id = self.patient.clone();
        self.add(&id, patient_resource(patient));
        for consent in front.consents.iter().flatten() {
            let id = text(consent, "id").to_owned();
            self.add(&id, consent_resource(consent, &self.patient.clone()));
        }
        let Some(team) = &front.team else { return };
        let mut participants = Vec::new();
        for member in team {
            let staff = member.get("staff_member").unwrap_or(&Value::Null);
            let facility = staff.get("facility").unwrap_or(&Value::Null);
            let author = json!({
                "id": text(staff, "id"), "name": text(staff, "name"), "profession": text(staff, "profession"),
                "facility_name": text(facility, "name"),
            });
            let who = self.person(front, &author);
            participants.push(json!({
                "role": [{ "text": front.profession(text(staff, "profession")) }],
                "member": to_named(&who, text(staff, "name")),
                "period": { "start": text(member, "starts_on"), "end": text(member, "ends_on") },
            }));
        }
        let id = derived(&self.patient, "care-team");
        let team = json!({
            "resourceType": "CareTeam",
            "status": "active",
            "subject": to(&self.patient),
            "participant": participants,
        });
        self.add(&id, team);
    }

    /// Everybody who was named, at the end: by then it is known who.
    pub(super) fn add_people(&mut self, _: &Front) {
        for (id, [name, profession, facility]) in std::mem::take(&mut self.people) {
            if profession.is_empty() {
                let system = json!({
                    "resourceType": "Device",
                    "identifier": [{ "system": format!("{OURS}/client"), "value": id }],
                    "deviceName": [{ "name": format!("{name}（{facility}）"), "type": "user-friendly-name" }],
                });
                self.add(&id, system);
                continue;
            }
            self.add(
                &id,
                json!({
                    "resourceType": "Practitioner",
                    "meta": { "profile": [format!("{JP}/JP_Practitioner")] },
                    "identifier": [{ "system": format!("{OURS}/staff-member"), "value": id }],
                    "name": [{ "use": "official", "text": name }],
                }),
            );
            let role = derived(&id, "role");
            self.add(
                &role,
                json!({
                    "resourceType": "PractitionerRole",
                    "meta": { "profile": [format!("{JP}/JP_PractitionerRole")] },
                    "practitioner": to_named(&id, &name),
                    "organization": { "display": facility },
                    "code": [{ "text": profession }],
                }),
            );
        }
    }

    /// Somebody has looked, as the patient reads it.
    pub(super) fn add_access(&mut self, line: &Value) {
        let who = line.get("who").unwrap_or(&Value::Null);
        let refused = line.get("refused").and_then(Value::as_bool) == Some(true);
        let named =
            ["organization", "profession_ja", "name", "program"].map(|field| text(who, field));
        let named: Vec<&str> = named.into_iter().filter(|part| !part.is_empty()).collect();
        let named = if named.is_empty() {
            "system".to_owned()
        } else {
            named.join(" ")
        };
        let class = text(line, "class");
        let action = match class {
            "written" => "C",
            "corrected" => "U",
            _ => "R",
        };
        let id = text(line, "id").to_owned();
        let event = json!({
            "resourceType": "AuditEvent",
            "type": { "system": "http://terminology.hl7.org/CodeSystem/audit-event-type", "code": "rest" },
            "subtype": [{ "system": format!("{OURS}/CodeSystem/access-class"), "code": class }],
            "action": action,
            "recorded": text(line, "at"),
            "outcome": if refused { "4" } else { "0" },
            "outcomeDesc": text(line, "what_ja"),
            "purposeOfEvent": [{
                "coding": [{ "system": "http://terminology.hl7.org/CodeSystem/v3-ActReason", "code": text(line, "purpose") }],
                "text": text(line, "purpose_ja"),
            }],
            "agent": [{ "name": named, "requestor": true }],
            "source": { "observer": { "display": "Tsumugi" } },
            "entity": [{ "what": to(&self.patient) }],
        });
        self.add(&id, event);
    }
}

fn patient_resource(patient: &Value) -> Value {
    let kana = text(patient, "kana");
    let representation = |code: &str| {
        json!([{
            "url": "http://hl7.org/fhir/StructureDefinition/iso21090-EN-representation",
            "valueCode": code,
        }])
    };
    let numbers = patient.get("identifiers").and_then(Value::as_array);
    let numbers = numbers.into_iter().flatten().map(|number| {
        json!({
            "type": { "coding": [{ "system": V2_IDENTIFIER, "code": "MR" }] },
            "system": text(number, "system"),
            "value": text(number, "value"),
            "assigner": { "display": text(number, "facility_name") },
        })
    });
    let ours = json!({ "system": format!("{OURS}/patient"), "value": text(patient, "id") });
    json!({
        "resourceType": "Patient",
        "meta": { "profile": [format!("{JP}/JP_Patient")] },
        "identifier": numbers.chain(std::iter::once(ours)).collect::<Vec<_>>(),
        "active": true,
        "name": [
            { "extension": representation("IDE"), "use": "official", "text": text(patient, "name") },
            { "extension": representation("SYL"), "use": "official", "text": kana },
        ],
        "telecom": [{
            "system": if text(patient, "phone").is_empty() { "" } else { "phone" },
            "value": text(patient, "phone"),
        }],
        "gender": match text(patient, "sex") {
            sex @ ("male" | "female" | "other") => sex,
            _ => "unknown",
        },
        "birthDate": text(patient, "birth_date"),
        "address": [{ "text": text(patient, "address"), "country": if text(patient, "address").is_empty() { "" } else { "JP" } }],
    })
}

fn consent_resource(consent: &Value, patient: &str) -> Value {
    let withdrawn = !text(consent, "withdrawn_at").is_empty();
    let proxy = text(consent, "proxy_name");
    let facilities = consent.get("facilities").and_then(Value::as_array);
    let actors = facilities.into_iter().flatten().map(|facility| {
        json!({
            "role": { "coding": [{ "system": "http://terminology.hl7.org/CodeSystem/v3-ParticipationType", "code": "IRCP" }] },
            "reference": { "display": text(facility, "name") },
        })
    });
    json!({
        "resourceType": "Consent",
        "status": if withdrawn { "inactive" } else { "active" },
        "scope": { "coding": [{
            "system": "http://terminology.hl7.org/CodeSystem/consentscope", "code": "patient-privacy",
        }] },
        "category": [{ "coding": [{ "system": "http://loinc.org", "code": "59284-0" }] }],
        "patient": to(patient),
        "dateTime": text(consent, "granted_on"),
        "performer": if proxy.is_empty() { json!([to(patient)]) } else { json!([{ "display": proxy }]) },
        "policyRule": { "text": "個人情報の保護に関する法律に基づく第三者提供の同意" },
        "provision": {
            "type": "permit",
            "period": { "start": text(consent, "granted_on"), "end": text(consent, "valid_until") },
            "actor": actors.collect::<Vec<_>>(),
        },
    })
}
