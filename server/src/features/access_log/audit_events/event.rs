//! An entry of the log as AuditEvents. Ids, codes and names that the log shows auditors anyway; nothing else.

use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::SecondsFormat;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::codes::{self, Code, Entities, Facts, Shape, coding, concept};
use crate::{
    Result,
    ctx::Tx,
    features::access_log::{
        actions,
        queries::{Names, Row},
    },
    ledger::checkpoint::Checkpoint,
    spine::{audit::Stored, professions, sealing},
};

/// Name spaces of our own.
const OURS: &str = "https://tsumugi.example/fhir";
const REASON: &str = "http://terminology.hl7.org/CodeSystem/v3-ActReason";
const ENTITY: &str = "http://terminology.hl7.org/CodeSystem/audit-entity-type";
const OBJECT: &str = "http://terminology.hl7.org/CodeSystem/object-role";

const PERSON: Code = (ENTITY, "1", "Person");
const SYSTEM_OBJECT: Code = (ENTITY, "2", "System Object");
const AS_PATIENT: Code = (OBJECT, "1", "Patient");
const AS_RESOURCE: Code = (OBJECT, "4", "Domain Resource");
const AS_QUERY: Code = (OBJECT, "24", "Query");
const REQUEST: Code = (
    "https://profiles.ihe.net/ITI/BALP/CodeSystem/BasicAuditEntityType",
    "XrequestId",
    "X-Request-Id",
);
const CONSENT: Code = ("http://hl7.org/fhir/resource-types", "Consent", "Consent");
const SERVER: Code = (
    "http://terminology.hl7.org/CodeSystem/security-source-type",
    "4",
    "Application Server",
);

/// Where the log is, and how far it is signed.
#[derive(Debug, Clone)]
pub(in super::super) struct Home {
    /// Public address of the server.
    pub(super) address: String,
    /// The latest signed checkpoint and its tree.
    checkpoint: Option<(i16, Checkpoint)>,
}

impl Home {
    /// That of a network.
    pub(in super::super) async fn of(tx: &Tx<'_>) -> Result<Self> {
        let head = sealing::current(tx).await?;
        let signed = head.and_then(|head| Some((head.tree, head.signed?.0)));
        Ok(Self {
            address: tx.app().config.public_url.clone(),
            checkpoint: signed,
        })
    }

    fn site(&self) -> &str {
        let after = self.address.split_once("://").map_or("", |(_, rest)| rest);
        after.split('/').next().unwrap_or_default()
    }

    /// The server, as it stands in every event.
    fn server(&self) -> Value {
        json!({
            "identifier": { "system": "urn:ietf:rfc:3986", "value": self.address },
            "display": "つむぎ",
        })
    }
}

/// The AuditEvents of an entry: one, or one for each patient where it is about several (BALP wants one patient in each).
/// With `only`, that patient's.
pub(super) fn of(row: &Row, names: &Names, home: &Home, only: Option<Uuid>) -> Vec<Value> {
    let mut patients: Vec<Uuid> = row.event.patient_id.into_iter().collect();
    patients.extend(&row.listed);
    patients.sort_unstable();
    patients.dedup();
    let one = |id: String, patient| {
        Event {
            row,
            names,
            home,
            patient,
        }
        .resource(&id)
    };
    let id = row.event.id;
    match patients.as_slice() {
        [] => vec![one(id.to_string(), None)],
        [single] => vec![one(id.to_string(), Some(*single))],
        several => several
            .iter()
            .zip(1..)
            .filter(|(patient, _)| only.is_none_or(|only| only == **patient))
            .map(|(patient, number)| one(format!("{id}.{number}"), Some(*patient)))
            .collect(),
    }
}

/// An entry with one of its patients.
struct Event<'a> {
    row: &'a Row,
    names: &'a Names,
    home: &'a Home,
    patient: Option<Uuid>,
}

impl Event<'_> {
    fn resource(&self, id: &str) -> Value {
        let event = &self.row.event;
        let shape = codes::shape(Facts {
            kind: actions::kind(&event.action),
            is_allowed: event.outcome == "allowed",
            is_decision: is_decision(event),
            has_patient: self.patient.is_some(),
        });
        let mut resource = json!({
            "resourceType": "AuditEvent",
            "id": id,
            "type": coding(shape.kind),
            "subtype": shape.subtypes.into_iter().flatten().map(coding).collect::<Vec<_>>(),
            "action": shape.action,
            "recorded": event.at.to_rfc3339_opts(SecondsFormat::Micros, true),
            "outcome": outcome(event),
            "purposeOfEvent": purposes(event),
            "agent": self.agents(&shape),
            "source": {
                "site": self.home.site(),
                "observer": self.home.server(),
                "type": [coding(SERVER)],
            },
            "entity": self.entities(&shape),
        });
        if let Some(resource) = resource.as_object_mut() {
            let said = event.code.as_deref();
            let profile = shape.profile.map(codes::profile_address);
            put(resource, "outcomeDesc", said.map(Value::from));
            put(
                resource,
                "meta",
                profile.map(|address| json!({ "profile": [address] })),
            );
        }
        resource
    }

    fn agents(&self, shape: &Shape) -> Vec<Value> {
        let event = &self.row.event;
        let mut agents = vec![self.client(shape), self.server(shape)];
        agents.extend(self.user(shape));
        if shape.user_is_by_value_set() {
            if let Some(actor) = agents.last_mut().filter(|_| event.account_id.is_some()) {
                self.set_place(actor);
            } else if let Some(client) = agents.first_mut() {
                self.set_place(client);
            }
        } else if shape.entities != Entities::TokenRequest {
            // The profile of tokens knows no other agents.
            agents.extend(event.facility_id.map(|id| {
                let name = self.names.facilities.get(&id);
                agent(codes::ORGANIZATION, thing("facility", id, name), false)
            }));
            agents.extend(event.on_behalf_of.map(|id| {
                let name = self.names.staff.get(&id);
                agent(codes::RESPONSIBLE, thing("staff-member", id, name), false)
            }));
        }
        agents
    }

    /// The facility, and in whose place, beside the one who acted.
    fn set_place(&self, agent: &mut Value) {
        let event = &self.row.event;
        if let Some(id) = event.facility_id {
            let name = self.names.facilities.get(&id);
            set(agent, "location", thing("facility", id, name));
        }
        if let Some(id) = event.on_behalf_of {
            let whom = thing("staff-member", id, self.names.staff.get(&id));
            let extension = json!({
                "url": format!("{OURS}/StructureDefinition/on-behalf-of"), "valueReference": whom,
            });
            set(agent, "extension", json!([extension]));
        }
    }

    /// From where: the system, the program through which somebody acted, the device, or just the address.
    fn client(&self, shape: &Shape) -> Value {
        let event = &self.row.event;
        let names = self.names;
        let who = match (event.client_id, event.device_id) {
            (Some(id), _) => thing("client", id, names.clients.get(&id)),
            (None, Some(id)) => thing("device", id, names.devices.get(&id)),
            (None, None) if event.actor_kind == "system" => self.home.server(),
            (None, None) => json!({ "display": "a device that is not registered" }),
        };
        let mut client = agent(shape.client, who, event.account_id.is_none());
        let network = match &event.source_ip {
            Some(ip) => json!({ "address": ip, "type": "2" }),
            None => json!({ "address": self.home.address, "type": "5" }),
        };
        set(&mut client, "network", network);
        client
    }

    fn server(&self, shape: &Shape) -> Value {
        let mut server = agent(shape.server, self.home.server(), false);
        // Whoever decides is no end of a connection.
        if shape.entities != Entities::Decision {
            let network = json!({ "address": self.home.address, "type": "5" });
            set(&mut server, "network", network);
        }
        server
    }

    fn user(&self, shape: &Shape) -> Option<Value> {
        let event = &self.row.event;
        let account = event.account_id?;
        let name = event
            .staff_member_id
            .and_then(|id| self.names.staff.get(&id));
        let mut user = agent(shape.user, thing("account", account, name), true);
        if let Some(profession) = &event.profession {
            let known = professions::find(profession);
            let role = json!({ "coding": [{
                "system": format!("{OURS}/CodeSystem/profession"),
                "code": profession,
                "display": known.map_or(profession.as_str(), |known| &known.ja),
            }] });
            set(&mut user, "role", json!([role]));
        }
        if let Some(name) = name {
            set(&mut user, "name", json!(name));
        }
        let rules = event.rules.iter().map(|rule| format!("{OURS}/rule/{rule}"));
        let session = event.session_id.map(|id| format!("urn:uuid:{id}"));
        let policies: Vec<String> = session.into_iter().chain(rules).collect();
        if !policies.is_empty() {
            set(&mut user, "policy", json!(policies));
        }
        set(&mut user, "purposeOfUse", purposes(event));
        Some(user)
    }

    fn entities(&self, shape: &Shape) -> Vec<Value> {
        let event = &self.row.event;
        let mut entities: Vec<Value> = self
            .patient
            .map(|id| self.patient(id))
            .into_iter()
            .collect();
        match shape.entities {
            Entities::Data => entities.extend([self.data(), self.request()]),
            Entities::Query => entities.extend([self.query(), self.request()]),
            Entities::Decision => {
                let policy = json!({
                    "identifier": {
                        "system": format!("{OURS}/NamingSystem/access-rules"),
                        "value": event.policy_digest,
                    },
                    "display": "同意と関わりにもとづくアクセス規則",
                });
                let mut consent = json!({ "type": coding(CONSENT), "what": policy });
                set_details(&mut consent, self.place());
                entities.push(consent);
            }
            Entities::TokenRequest => {
                let grant = if event.account_id.is_some() {
                    "grant_type=urn:ietf:params:oauth:grant-type:token-exchange"
                } else {
                    "grant_type=client_credentials"
                };
                let mut request = query(grant);
                set_details(&mut request, self.place());
                entities = vec![request];
            }
        }
        entities
    }

    fn patient(&self, id: Uuid) -> Value {
        let mut what = thing("patient", id, self.names.patients.get(&id));
        set(&mut what, "type", json!("Patient"));
        json!({ "type": coding(PERSON), "role": coding(AS_PATIENT), "what": what })
    }

    /// The thing, or what was done when it was about nothing in particular.
    fn data(&self) -> Value {
        let event = &self.row.event;
        let act = actions::find(&event.action).map_or(event.action.as_str(), |action| action.ja);
        let what = match (&event.resource_type, event.resource_id) {
            (Some(kind), Some(id)) => thing(kind, id, None),
            (Some(kind), None) => json!({ "display": kind }),
            (None, _) => json!({ "display": act }),
        };
        let mut data = json!({
            "type": coding(SYSTEM_OBJECT),
            "role": coding(AS_RESOURCE),
            "what": what,
            "description": format!("{} ({act})", event.action),
        });
        let version = event
            .resource_version
            .map(|version| detail("version", &version));
        let count = event.count.map(|count| detail("count", &count));
        let digest = event
            .query_digest
            .as_ref()
            .map(|digest| detail("digest", digest));
        set_details(
            &mut data,
            [version, count, digest].into_iter().flatten().collect(),
        );
        data
    }

    /// What was asked for, as far as the log knows: the act, how many were found, and a digest of the words.
    fn query(&self) -> Value {
        let event = &self.row.event;
        let found = event.count.map(|count| format!("found={count}"));
        let digest = event
            .query_digest
            .as_ref()
            .map(|digest| format!("digest={digest}"));
        let asked = [Some(format!("action={}", event.action)), found, digest];
        let asked: Vec<String> = asked.into_iter().flatten().collect();
        query(&asked.join("&"))
    }

    fn request(&self) -> Value {
        let mut request = json!({
            "type": coding(REQUEST),
            "what": { "identifier": { "value": self.row.event.request_id } },
        });
        let mut details = vec![detail("clock", &self.row.event.clock)];
        details.extend(
            self.row
                .event
                .ground
                .as_ref()
                .map(|ground| detail("ground", ground)),
        );
        details.extend(self.place());
        set_details(&mut request, details);
        request
    }

    /// The place in the sealed log, and the checkpoint that stands for it.
    fn place(&self) -> Vec<Value> {
        let Some((tree, index)) = self.row.leaf else {
            return Vec::new();
        };
        let mut details = vec![detail("tree", &tree), detail("leaf-index", &index)];
        let signed = self
            .home
            .checkpoint
            .as_ref()
            .filter(|(of, checkpoint)| *of == tree && index.cast_unsigned() < checkpoint.size);
        details.extend(signed.map(|(_, checkpoint)| {
            let root = STANDARD.encode(checkpoint.root.0);
            let said = format!("{} {} {root}", checkpoint.origin, checkpoint.size);
            detail("checkpoint", &said)
        }));
        details
    }
}

/// Whether the rules refused somebody of a facility.
fn is_decision(event: &Stored) -> bool {
    let by_rules = matches!(event.code.as_deref(), Some("forbidden" | "not_found"));
    by_rules
        && event.decision.is_some()
        && event.account_id.is_some()
        && event.facility_id.is_some()
}

/// 0 for what was carried out, 4 for a sign-in that failed, 8 for any other refusal.
fn outcome(event: &Stored) -> &'static str {
    match (event.outcome.as_str(), event.code.as_deref()) {
        ("allowed", _) => "0",
        (_, Some("invalid_credentials")) => "4",
        _ => "8",
    }
}

/// The purpose of use; in an emergency also that the glass was broken.
fn purposes(event: &Stored) -> Value {
    let mut codes = vec![event.purpose.as_str()];
    if event.ground.as_deref() == Some("emergency") {
        codes.push("BTG");
    }
    let concept = |code: &str| json!({ "coding": [{ "system": REASON, "code": code }] });
    codes.into_iter().map(concept).collect()
}

fn agent(role: Code, who: Value, is_requestor: bool) -> Value {
    let mut agent = json!({ "type": concept(role), "requestor": is_requestor });
    set(&mut agent, "who", who);
    agent
}

/// A reference to something of ours.
fn thing(kind: &str, id: Uuid, name: Option<&String>) -> Value {
    let kind = kind.replace('_', "-");
    let mut reference = json!({
        "identifier": { "system": format!("{OURS}/NamingSystem/{kind}"), "value": id },
    });
    if let Some(name) = name {
        set(&mut reference, "display", json!(name));
    }
    reference
}

fn query(asked: &str) -> Value {
    json!({
        "type": coding(SYSTEM_OBJECT),
        "role": coding(AS_QUERY),
        "query": STANDARD.encode(asked),
    })
}

fn detail(kind: &str, value: &impl ToString) -> Value {
    json!({ "type": kind, "valueString": value.to_string() })
}

fn put(object: &mut Map<String, Value>, key: &str, value: Option<Value>) {
    if let Some(value) = value {
        object.insert(key.to_owned(), value);
    }
}

fn set(object: &mut Value, key: &str, value: Value) {
    if let Some(object) = object.as_object_mut() {
        object.insert(key.to_owned(), value);
    }
}

fn set_details(entity: &mut Value, details: Vec<Value>) {
    if !details.is_empty() {
        set(entity, "detail", Value::Array(details));
    }
}
