//! AU-15: what the log gives to programs of others follows the profiles of IHE BALP (FHIR R4). The elements that each profile
//! requires are checked here; a validator that is not ours checks the whole profiles where they are at hand (see
//! tests/conformance/README.md).

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
    process::Command,
};

use futures_util::TryStreamExt;
use serde_json::Value;
use tsumugi_client::models::{ExportAccessLog, LogFormat};

use crate::support::{
    Person, Team,
    calls::{self, Things},
};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
const PROFILES: &str = "https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.";
/// Every act that the log can name.
const ACTIONS: &str = include_str!("../../../server/src/features/access_log/actions.txt");

/// What a profile requires: code of the type, a subtype, action, outcomes, roles of agents that must be there once, roles
/// of users, and types of entities with how often each may be there.
struct Required {
    kind: &'static str,
    subtype: &'static str,
    action: &'static str,
    outcomes: &'static [&'static str],
    /// With whether it must say where it is in the network.
    agents: &'static [(&'static str, bool)],
    users: &'static [&'static str],
    entities: &'static [(&'static str, usize, usize)],
}

const REST: Required = Required {
    kind: "rest",
    subtype: "",
    action: "",
    outcomes: &["0"],
    agents: &[("110153", true), ("110152", true)],
    users: &["AUT", "INF", "CST"],
    entities: &[("2", 1, 1), ("XrequestId", 0, 1)],
};

/// The entities of an act on a patient.
const OF_PATIENT: &[(&str, usize, usize)] = &[("1", 1, 1), ("2", 1, 1), ("XrequestId", 0, 1)];

#[rustfmt::skip]
fn required(profile: &str) -> Option<Required> {
    let plain = profile.strip_prefix("BasicAudit.").unwrap_or(profile);
    let of_patient = plain.starts_with("Patient");
    let mut required = match plain.trim_start_matches("Patient") {
        "Read" => Required { subtype: "read", action: "R", users: &["IRCP"], ..REST },
        "Query" => Required { subtype: "search", action: "E", users: &["IRCP"], ..REST },
        "Create" => Required { subtype: "create", action: "C", ..REST },
        "Update" => Required { subtype: "update", action: "U", ..REST },
        "Delete" => Required {
            subtype: "delete", action: "D", agents: &[("110150", true), ("custodian", true)], ..REST
        },
        "AuthZconsent" => Required {
            kind: "110113", subtype: "AuthZ-Consent", action: "E", outcomes: &["0", "8"],
            agents: &[("110150", true), ("IRCP", false), ("PROV", false), ("authserver", false)],
            users: &["IRCP"], entities: &[("1", 1, 1), ("Consent", 1, 9), ("UserOauthAgent", 0, 1)],
        },
        "PrivacyDisclosure.Source" => Required {
            kind: "110106", subtype: "disclose", action: "R", users: &["IRCP"], entities: OF_PATIENT, ..REST
        },
        "PrivacyDisclosure.Recipient" => Required {
            kind: "110107", subtype: "disclose", action: "C", entities: OF_PATIENT, ..REST
        },
        _ => return None,
    };
    if of_patient {
        required.entities = OF_PATIENT;
    }
    Some(required)
}

/// The codes of a list of concepts or codings at a place.
fn codes<'a>(list: &'a Value, place: &str) -> Vec<&'a str> {
    let items = list.as_array().map(Vec::as_slice).unwrap_or_default();
    let code = |item: &'a Value| item.pointer(place).and_then(Value::as_str).unwrap_or("");
    items.iter().map(code).collect()
}

/// Everything that is wrong with an AuditEvent, and the profile that it claims.
fn findings(event: &Value) -> (String, Vec<String>) {
    let mut wrong = Vec::new();
    let mut insist = |holds: bool, what: &str| {
        if !holds {
            wrong.push(what.to_owned());
        }
    };
    insist(event["resourceType"] == "AuditEvent", "resourceType");
    let id = event["id"].as_str().unwrap_or("");
    let is_id = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
    insist(
        !id.is_empty() && id.len() <= 64 && id.chars().all(is_id),
        "id",
    );
    let recorded = event["recorded"].as_str().unwrap_or("");
    insist(
        chrono::DateTime::parse_from_rfc3339(recorded).is_ok(),
        "recorded",
    );
    for place in [
        "/type/system",
        "/type/code",
        "/source/observer",
        "/source/site",
    ] {
        insist(event.pointer(place).is_some(), place);
    }
    insist(
        ["0", "4", "8"].contains(&event["outcome"].as_str().unwrap_or("")),
        "outcome",
    );
    insist(
        ["C", "R", "U", "D", "E"].contains(&event["action"].as_str().unwrap_or("")),
        "action",
    );
    let agents = event["agent"]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default();
    insist(!agents.is_empty(), "agent");
    for agent in agents {
        insist(
            agent["requestor"].is_boolean() && agent["who"].is_object(),
            "agent.requestor, who",
        );
    }
    for entity in event["entity"].as_array().into_iter().flatten() {
        // sev-1: a name or a query, not both.
        insist(
            entity["name"].is_null() || entity["query"].is_null(),
            "entity.query",
        );
        for detail in entity["detail"].as_array().into_iter().flatten() {
            insist(
                detail["type"].is_string() && detail["valueString"].is_string(),
                "detail",
            );
        }
    }
    insist(!has_empty(event), "an empty element");
    let profile = event["meta"]["profile"][0].as_str().unwrap_or("");
    let profile = profile.strip_prefix(PROFILES).unwrap_or(profile).to_owned();
    if profile.is_empty() {
        return (profile, wrong);
    }
    let Some(required) = required(&profile) else {
        wrong.push("no such profile".to_owned());
        return (profile, wrong);
    };
    insist(event["type"]["code"] == required.kind, "type");
    insist(
        codes(&event["subtype"], "/code").contains(&required.subtype),
        "subtype",
    );
    insist(event["action"] == required.action, "action of the profile");
    insist(
        required
            .outcomes
            .contains(&event["outcome"].as_str().unwrap_or("")),
        "outcome of the profile",
    );
    let roles = codes(&event["agent"], "/type/coding/0/code");
    for (role, has_network) in required.agents {
        let found: Vec<&Value> = agents
            .iter()
            .zip(&roles)
            .filter(|(_, own)| own == &role)
            .map(|(agent, _)| agent)
            .collect();
        insist(found.len() == 1, &format!("agent {role}"));
        let network = found
            .iter()
            .all(|agent| agent["network"]["address"].is_string());
        insist(!has_network || network, &format!("network of {role}"));
    }
    for agent in agents
        .iter()
        .filter(|agent| agent["requestor"] == true && !agent["policy"].is_null())
    {
        let role = agent["type"]["coding"][0]["code"].as_str().unwrap_or("");
        insist(required.users.contains(&role), &format!("user {role}"));
        insist(
            agent["network"].is_null() && agent["altId"].is_null(),
            "user.network",
        );
    }
    let kinds = codes(&event["entity"], "/type/code");
    for (kind, least, most) in required.entities {
        let count = kinds.iter().filter(|own| own == &kind).count();
        insist(
            (*least..=*most).contains(&count),
            &format!("entity {kind}: {count}"),
        );
    }
    // The log is the observer; whoever decides, gives out or takes in is the same.
    let ours = if profile.contains("Recipient") {
        "110152"
    } else {
        "110153"
    };
    let ours = if profile.contains("AuthZ") {
        "authserver"
    } else {
        ours
    };
    if profile.contains("Privacy") || profile.contains("AuthZ") {
        let who = agents
            .iter()
            .find(|agent| agent["type"]["coding"][0]["code"] == ours);
        insist(
            who.is_some_and(|agent| agent["who"] == event["source"]["observer"]),
            "val-audit-source",
        );
    }
    (profile, wrong)
}

fn has_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(list) => list.is_empty() || list.iter().any(has_empty),
        Value::Object(object) => object.is_empty() || object.values().any(has_empty),
        _ => false,
    }
}

/// The whole log as AuditEvents.
async fn export(auditor: &Person) -> Value {
    let log = auditor.client.access_log();
    let query = ExportAccessLog {
        format: Some(LogFormat::Fhir),
        ..Default::default()
    };
    let pieces: Vec<_> = log
        .export(&query)
        .await
        .unwrap()
        .try_collect()
        .await
        .unwrap();
    serde_json::from_slice(&pieces.concat()).unwrap()
}

/// An entry for every act, each in several ways: by people, systems and nobody, allowed and refused, about no, one and
/// several patients.
async fn one_of_each(team: &Team) {
    let (account, staff) = (team.nurse.account, team.nurse.id);
    let db = &team.world.db.admin;
    db.batch_execute("CREATE TABLE acts (action text)")
        .await
        .unwrap();
    for line in ACTIONS.lines() {
        let action = line.split(' ').next().unwrap();
        db.execute("INSERT INTO acts VALUES ($1)", &[&action])
            .await
            .unwrap();
    }
    let entries = format!(
        "WITH ways (number, kind, outcome, code, decision, patient, listed) AS (VALUES
            (1, 'staff', 'allowed', NULL, '{{}}', true, 0), (2, 'staff', 'denied', 'not_found', '{{}}', true, 0),
            (3, 'staff', 'denied', 'forbidden', '{{}}', false, 0), (4, 'staff', 'allowed', NULL, NULL, false, 3),
            (5, 'system', 'allowed', NULL, '{{}}', true, 0), (6, 'system', 'allowed', NULL, NULL, false, 0),
            (7, 'anonymous', 'denied', 'invalid_credentials', NULL, false, 0),
            (8, 'staff', 'denied', 'identifier_taken', '{{}}', true, 1)
        ), made AS (
            INSERT INTO audit_events (tenant_id, id, at, actor_kind, account_id, staff_member_id, profession,
                facility_id, session_id, action, purpose, outcome, code, patient_id, resource_type, resource_id,
                count, rules, policy_digest, request_id, source_ip, decision, ground, resource_version,
                query_digest, clock, seal)
            SELECT s.tenant_id, gen_random_uuid(), now() - interval '1 hour', kind,
                CASE kind WHEN 'staff' THEN '{account}'::uuid END, CASE kind WHEN 'staff' THEN s.id END,
                CASE kind WHEN 'staff' THEN s.profession END,
                CASE WHEN kind <> 'anonymous' THEN s.facility_id END, gen_random_uuid(), action, 'ETREAT',
                outcome, code, CASE WHEN patient THEN gen_random_uuid() END,
                CASE WHEN number % 2 = 0 THEN 'post' END, CASE WHEN number % 2 = 0 THEN gen_random_uuid() END,
                number, CASE WHEN number < 4 THEN '{{team-reads}}'::text[] ELSE '{{}}' END, repeat('a', 64),
                'way-' || listed, CASE WHEN number < 7 THEN '192.0.2.7' END, decision,
                CASE WHEN patient THEN 'emergency' END, CASE WHEN number = 2 THEN 4 END,
                CASE WHEN number = 4 THEN 'digest' END, 'checked', decode(repeat('00', 48), 'hex')
            FROM ways, acts, staff_members s WHERE s.id = '{staff}'
            RETURNING tenant_id, id, at, request_id
        )
        INSERT INTO audit_event_patients (tenant_id, event_id, patient_id, at)
        SELECT tenant_id, id, gen_random_uuid(), at FROM made,
            generate_series(1, right(request_id, 1)::integer)"
    );
    db.batch_execute(&entries).await.unwrap();
}

#[actix_web::test]
async fn au_15_audit_events_of_every_act_follow_the_profiles_of_balp() {
    let team = Team::new().await;
    let things = Things::of(&team).await;
    for client in [
        &team.nurse.client,
        &team.care_manager.client,
        &team.outsider.client,
        &team.world.administrator.client,
        &team.hospital,
    ] {
        for call in calls::all(&team, &things) {
            drop(calls::make(client, &call).await);
        }
    }
    one_of_each(&team).await;
    let bundle = export(&team.auditor).await;
    assert_eq!(
        (&bundle["resourceType"], &bundle["type"]),
        (&"Bundle".into(), &"collection".into())
    );
    let mut profiles: BTreeMap<String, usize> = BTreeMap::new();
    let mut ids = BTreeSet::new();
    for entry in bundle["entry"].as_array().unwrap() {
        let event = &entry["resource"];
        let (profile, wrong) = findings(event);
        assert!(wrong.is_empty(), "{profile}: {wrong:?} in {event:#}");
        *profiles.entry(profile).or_default() += 1;
        assert!(ids.insert(event["id"].as_str().unwrap()), "{}", event["id"]);
        let address = entry["fullUrl"].as_str().unwrap();
        assert!(address.ends_with(event["id"].as_str().unwrap()));
    }
    let acts = ACTIONS.lines().count();
    assert!(ids.len() > acts * 8 + 600, "{} events", ids.len());
    let used: Vec<&str> = profiles.keys().map(String::as_str).collect();
    let expected = [
        "",
        "BasicAudit.AuthZconsent",
        "BasicAudit.Create",
        "BasicAudit.Delete",
        "BasicAudit.PatientCreate",
        "BasicAudit.PatientDelete",
        "BasicAudit.PatientQuery",
        "BasicAudit.PatientRead",
        "BasicAudit.PatientUpdate",
        "BasicAudit.PrivacyDisclosure.Recipient",
        "BasicAudit.PrivacyDisclosure.Source",
        "BasicAudit.Query",
        "BasicAudit.Read",
        "BasicAudit.Update",
    ];
    assert_eq!(used, expected, "{profiles:?}");
    validated_by_others(&bundle);
}

/// Where the profiles are, which the project does not hand on, and whether the validator is installed.
fn at_hand() -> Option<String> {
    let given = std::env::var("TSUMUGI_CONFORMANCE_DATA").ok();
    let data = given.unwrap_or_else(|| format!("{ROOT}/../shared/data"));
    let validator = Path::new(ROOT).join("tests/conformance/node_modules/@medplum/core");
    let is_there = Path::new(&data).join("ihe/balp-1.1.4").is_dir() && validator.is_dir();
    is_there.then_some(data)
}

/// Holds a Bundle against the whole profiles, with a validator that is not ours.
#[expect(clippy::print_stdout, reason = "says what was not run")]
fn validated_by_others(bundle: &Value) {
    let Some(data) = at_hand() else {
        println!(
            "not run: the profiles of BALP or the validator are not at hand (see tests/conformance/README.md)"
        );
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("audit-events.json");
    fs::write(&file, bundle.to_string()).unwrap();
    let output = Command::new("node")
        .arg(Path::new(ROOT).join("tests/conformance/audit-events.mjs"))
        .arg(&file)
        .env("TSUMUGI_CONFORMANCE_DATA", data)
        .output()
        .expect("node is there");
    let said = String::from_utf8_lossy(&output.stdout);
    println!("{said}");
    assert!(
        output.status.success(),
        "{said}{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

/// The names of acts that the code of the server records or asks the rules for.
fn acts_in_code() -> BTreeSet<String> {
    fn files(folder: &Path, found: &mut Vec<String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                files(&path, found);
            } else if path.extension().is_some_and(|end| end == "rs") {
                found.push(fs::read_to_string(path).unwrap());
            }
        }
    }
    let mut texts = Vec::new();
    files(&Path::new(ROOT).join("server/src"), &mut texts);
    let mut found = BTreeSet::new();
    let starts = [
        "Entry::new(",
        "Denial::hidden(",
        "const ACTION: &'static str =",
        "action: \"",
    ];
    for text in &texts {
        for start in starts {
            for rest in text.split(start).skip(1) {
                let rest = rest.trim_start().trim_start_matches('"');
                let name: String = rest
                    .chars()
                    .take_while(|c| c.is_ascii_lowercase() || "_.".contains(*c))
                    .collect();
                let ends = rest[name.len()..].starts_with('"');
                if ends && name.matches('.').count() == 1 {
                    found.insert(name);
                }
            }
        }
    }
    assert!(found.len() > 140, "{} acts", found.len());
    found
}

#[test]
fn au_15_every_act_has_a_kind_and_a_name() {
    let known: BTreeSet<&str> = ACTIONS
        .lines()
        .filter_map(|line| line.split(' ').next())
        .collect();
    let unknown: Vec<String> = acts_in_code()
        .into_iter()
        .filter(|act| !known.contains(act.as_str()))
        .collect();
    assert_eq!(
        unknown, [""; 0],
        "add a line for each to server/src/features/access_log/actions.txt: name, kind, 日本語"
    );
}
