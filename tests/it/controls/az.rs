//! Who sees what: hidden and absent things, fields, unknown fields, purpose, and refused writes.

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use tsumugi_client::models::{
    CreateConsent, CreateEmergencyAccess, EvidenceType, FacilityKind, Purpose, SuspendAccount,
};
use tsumugi_client::new_id;
use uuid::Uuid;

use super::{
    az_scope::{consent_to, opens},
    az_tenants::digests,
};
use crate::support::{
    Person, Team,
    calls::{self, Call, Things},
    refused,
    team::{HOSPITAL_NUMBER, join, today},
};

const FORM: &[u8] = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n";

// ---- AZ-03 --------------------------------------------------------------------------------------------------------

/// Calls on a thing that is there and hidden, and the same on one that is not there.
async fn pairs(team: &Team) -> Vec<(&'static str, String, String, String)> {
    let things = Things::of(team).await;
    let evidence = team.nurse.client.consents();
    let evidence = evidence
        .create_evidence(things.consent, EvidenceType::Pdf, FORM)
        .await
        .unwrap()
        .id;
    let access = CreateEmergencyAccess::new("意識不明で救急搬送され、既往を確認する");
    let emergency = team.outsider.client.emergency_access();
    let emergency = emergency.create(team.patient, &access).await.unwrap().id;
    let withdrawal = json!({ "reason": "申し出" }).to_string();
    let ending = json!({ "ends_on": today() }).to_string();
    let pair = |method, before: &str, id: Uuid, after: &str, body: &str| {
        let path = |id: Uuid| format!("/v1/{before}/{id}{after}");
        (method, path(id), path(new_id()), body.to_owned())
    };
    vec![
        pair("GET", "patients", team.patient, "", ""),
        pair("GET", "patients", team.patient, "/timeline", ""),
        pair("GET", "patients", team.patient, "/consents", ""),
        pair("GET", "patients", team.patient, "/provisions.csv", ""),
        pair("GET", "posts", things.post, "", ""),
        pair("GET", "posts", things.post, "/versions", ""),
        pair("GET", "documents", things.document, "", ""),
        pair("GET", "documents", things.waiting, "", ""),
        pair("GET", "documents", things.document, "/original", ""),
        pair("GET", "consent-evidence", evidence, "", ""),
        pair("POST", "emergency-accesses", emergency, "/end", "{}"),
        pair("POST", "consents", things.consent, "/withdraw", &withdrawal),
        pair("POST", "posts", things.post, "/acknowledge", "{}"),
        pair(
            "POST",
            "care-team-members",
            things.membership,
            "/end",
            &ending,
        ),
    ]
}

#[actix_web::test]
async fn az_03_what_is_hidden_and_what_is_absent_answer_alike() {
    let team = Team::new().await;
    let pairs = pairs(&team).await;
    let station = team
        .world
        .facility("西訪問看護", FacilityKind::VisitingNursingStation)
        .await;
    let other = team.world.person("other", "nurse", station).await;
    let same = [
        ("x-request-id", "same"),
        ("content-type", "application/json"),
    ];
    for person in [&team.stranger, &other] {
        for (method, hidden, absent, body) in &pairs {
            let ask = async |path: &str| {
                let client = &person.client;
                let answer = client.send_raw(method, path, &same, body.clone()).await;
                let answer = answer.unwrap();
                let mut headers = answer.headers.clone();
                headers.retain(|(name, _)| name != "date");
                headers.sort();
                (answer.status, answer.text(), headers)
            };
            let (hidden_answer, absent_answer) = (ask(hidden).await, ask(absent).await);
            assert_eq!(
                hidden_answer.0, 404,
                "{method} {hidden}: {}",
                hidden_answer.1
            );
            assert_eq!(hidden_answer, absent_answer, "{method} {hidden}");
        }
    }
}

#[actix_web::test]
async fn az_03_what_is_hidden_takes_no_other_time_than_what_is_absent() {
    let team = Team::new().await;
    let pairs = pairs(&team).await;
    let median = |mut all: Vec<Duration>| {
        all.sort();
        all[all.len() / 2].as_secs_f64()
    };
    for (method, hidden, absent, body) in pairs.iter().filter(|(method, ..)| *method == "GET") {
        // A machine that does something else meanwhile gets another try.
        let mut seen = Vec::new();
        for _ in 0..3 {
            let mut took = [Vec::new(), Vec::new()];
            for n in 0..120 {
                let path = if n % 2 == 0 { hidden } else { absent };
                let start = Instant::now();
                let answer = team.stranger.raw(method, path, body).await;
                took[n % 2].push(start.elapsed());
                assert_eq!(answer.status, 404);
            }
            let [hidden, absent] = took.map(median);
            seen.push(hidden.max(absent) / hidden.min(absent));
            if seen.last().is_some_and(|factor| *factor < 1.5) {
                break;
            }
        }
        assert!(seen.last().is_some_and(|f| *f < 1.5), "{hidden}: {seen:?}");
    }
}

// ---- AZ-06 --------------------------------------------------------------------------------------------------------

#[actix_web::test]
async fn az_06_a_summary_has_no_other_fields_and_is_not_found_by_them() {
    let team = Team::new().await;
    let shop = team
        .world
        .facility("北福祉用具", FacilityKind::HomeHelpOffice)
        .await;
    let consultant = team
        .world
        .person("equipment", "equipment_consultant", shop)
        .await;
    join(&team.care_manager, team.patient, consultant.id).await;
    let note = team
        .nurse
        .notes(team.patient, "CANARY 手すりが必要です。")
        .await;

    let path = format!("/v1/patients/{}", team.patient);
    let fields = |answer: &Value| -> Vec<String> {
        let fields = answer.as_object().unwrap();
        fields.keys().cloned().collect()
    };
    let whole: Value = team.nurse.raw("GET", &path, "").await.json().unwrap();
    let summary: Value = consultant.raw("GET", &path, "").await.json().unwrap();
    for field in ["address", "phone", "identifiers", "readers"] {
        assert!(fields(&whole).contains(&field.to_owned()), "{whole}");
        assert!(!fields(&summary).contains(&field.to_owned()), "{summary}");
    }
    assert_eq!(summary["name"], "出雲 和子");
    assert_eq!(summary["access"]["summary_only"], true);
    assert_eq!(summary["consent"], Value::Null);
    assert!(!summary.to_string().contains(HOSPITAL_NUMBER.1));

    let found = async |person: &Person, words: &str| {
        let query = tsumugi_client::models::ListPatients::matching(words);
        let page = person.client.patients().list(&query).await.unwrap();
        page.items
    };
    assert_eq!(found(&team.nurse, HOSPITAL_NUMBER.1).await.len(), 1);
    assert_eq!(found(&consultant, HOSPITAL_NUMBER.1).await.len(), 0);
    assert_eq!(found(&consultant, "1234").await.len(), 0);
    let called = found(&consultant, "イズモ").await;
    assert_eq!(called.len(), 1);
    assert!(called[0].last_post.is_none() && called[0].unread == 0);

    let client = &consultant.client;
    let timeline = client.timeline();
    let list = timeline.list(team.patient, &Default::default()).await;
    refused(list, 403, "forbidden");
    refused(client.consents().list(team.patient).await, 403, "forbidden");
    let vitals = client.vitals();
    let vitals = vitals.list(team.patient, &Default::default()).await;
    refused(vitals, 403, "forbidden");
    refused(timeline.find_post(note.id).await, 404, "not_found");
    client.care_team().list(team.patient).await.unwrap();
    // A word of its own for the group opens the posts, and not the rest.
    let consent = CreateConsent::on_paper(today()).including(["EQ".to_owned()]);
    consent_to(&team, consent).await;
    timeline.find_post(note.id).await.unwrap();
    let summary: Value = consultant.raw("GET", &path, "").await.json().unwrap();
    assert!(!fields(&summary).contains(&"address".to_owned()));
}

// ---- AZ-07 --------------------------------------------------------------------------------------------------------

/// The published operations that take a body.
fn operations_with_a_body() -> BTreeSet<String> {
    let document = include_str!("../../../schema/openapi.json");
    let document: Value = serde_json::from_str(document).unwrap();
    let paths = document["paths"].as_object().unwrap().values();
    let operations = paths.flat_map(|path| path.as_object().unwrap().values());
    operations
        .filter(|operation| operation["requestBody"].is_object())
        .map(|operation| operation["operationId"].as_str().unwrap().to_owned())
        .collect()
}

#[actix_web::test]
async fn az_07_unknown_and_read_only_fields_are_refused_and_nothing_is_changed() {
    let team = Team::new().await;
    let things = Things::of(&team).await;
    let all = calls::all(&team, &things);
    super::az_tenants::at_rest(&team.world).await;
    // The refusals themselves are recorded.
    let kept = async || {
        let mut all = digests(&team.world, "kita", &["sessions"]).await;
        all.retain(|(table, ..)| !table.starts_with("audit_") && !table.starts_with("finding"));
        all
    };
    let before = kept().await;
    let with_body = operations_with_a_body();
    let mut tried = 0;
    for person in [&team.nurse, &team.world.administrator] {
        for call in &all {
            // Takes no body at all: there is nothing to be known of.
            if !with_body.contains(call.operation) {
                continue;
            }
            let body = call.body.as_deref().map(serde_json::from_str::<Value>);
            let Some(Ok(Value::Object(body))) = body else {
                continue;
            };
            if call.content_type != "application/json" {
                continue;
            }
            for field in ["tenant_id", "author", "recorded_at", "finalized_at", "role"] {
                let mut body = body.clone();
                body.insert(
                    field.to_owned(),
                    json!("00000000-0000-7000-8000-000000000000"),
                );
                let call = Call {
                    body: Some(Value::Object(body).to_string()),
                    ..call.clone()
                };
                let answer = calls::make(&person.client, &call).await;
                let name = call.operation;
                let status = answer.status;
                assert!(
                    [400, 422].contains(&status),
                    "{name} with {field}: {status}"
                );
                tried += 1;
            }
        }
    }
    assert!(tried > 500, "{tried}");
    assert_eq!(kept().await, before);
}

// ---- AZ-02 --------------------------------------------------------------------------------------------------------

/// Rows about the patient, each table with count and digest.
async fn rows_about(team: &Team, things: &Things) -> Vec<(String, i64, String)> {
    let columns = "SELECT c.table_name::text, c.column_name::text FROM information_schema.columns c \
         WHERE table_schema = 'public' AND column_name IN ('patient_id', 'post_id') \
         AND table_name NOT LIKE 'audit_event%' AND table_name NOT LIKE 'finding%' ORDER BY 1, 2";
    let admin = &team.world.db.admin;
    let mut found = Vec::new();
    let rows = admin.query(columns, &[]).await.unwrap();
    let mut where_ = vec![("patients".to_owned(), "id".to_owned(), team.patient)];
    for row in rows {
        let (table, column): (String, String) = (row.get(0), row.get(1));
        let id = if column == "post_id" {
            things.post
        } else {
            team.patient
        };
        where_.push((table, column, id));
    }
    for (table, column, id) in where_ {
        let sql = format!(
            "SELECT count(*), md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) \
             FROM {table} t WHERE {column} = '{id}'"
        );
        let row = admin.query_one(&sql, &[]).await.unwrap();
        found.push((format!("{table}.{column}"), row.get(0), row.get(1)));
    }
    found
}

#[actix_web::test]
async fn az_02_refused_calls_leave_everything_about_the_patient_as_it_was() {
    let team = Team::new().await;
    let things = Things::of(&team).await;
    let suspension = SuspendAccount {
        reason: "調査のため".to_owned(),
    };
    let accounts = team.world.administrator.client.accounts();
    accounts
        .suspend(team.helper.account, &suspension)
        .await
        .unwrap();
    super::az_tenants::at_rest(&team.world).await;
    let before = rows_about(&team, &things).await;
    let known = [
        team.patient,
        things.post,
        things.document,
        things.waiting,
        things.consent,
        things.membership,
    ]
    .map(|id| id.to_string());
    for (who, person) in [
        ("outsider", &team.outsider),
        ("stranger", &team.stranger),
        ("suspended", &team.helper),
    ] {
        let mut refusals = 0;
        for call in calls::all(&team, &things) {
            // What ends the session would make every later refusal worthless; a nurse may open emergency access.
            let ends = ["delete_session", "lock_session", "create_emergency_access"];
            if call.method == "GET" || ends.contains(&call.operation) {
                continue;
            }
            let answer = calls::make(&person.client, &call).await;
            let said = format!(
                "{who} {}: {} {}",
                call.operation,
                answer.status,
                answer.text()
            );
            assert!(answer.status < 500, "{said}");
            if known.iter().any(|id| call.path.contains(id)) {
                let expected = if who == "suspended" { 401 } else { 404 };
                assert_eq!(answer.status, expected, "{said}");
                refusals += 1;
            }
        }
        assert!(refusals >= 12, "{who}: {refusals}");
    }
    super::az_tenants::at_rest(&team.world).await;
    assert_eq!(rows_about(&team, &things).await, before);
}

// ---- AZ-16 --------------------------------------------------------------------------------------------------------

#[actix_web::test]
async fn az_16_every_call_of_a_session_says_its_purpose() {
    let team = Team::new().await;
    let things = Things::of(&team).await;
    let silent = team.nurse.client.without_purpose();
    let mut asked = 0;
    for call in calls::all(&team, &things) {
        // A session is renewed before there is one to say a purpose for.
        if ["stream_events", "refresh_session"].contains(&call.operation) {
            continue;
        }
        let nobody = calls::make(&team.world.anyone, &call).await;
        if nobody.header("www-authenticate").is_none() && nobody.status != 401 {
            continue;
        }
        let nobody: Value = nobody.json().unwrap_or_default();
        if nobody["code"] != "unauthenticated" {
            continue;
        }
        let answer = calls::make(&silent, &call).await;
        let code: Value = answer.json().unwrap_or_default();
        let said = (answer.status, code["code"].as_str().unwrap_or_default());
        assert_eq!(said, (400, "purpose_required"), "{}", call.operation);
        asked += 1;
    }
    assert!(asked > 60, "{asked}");
    let path = format!("/v1/patients/{}", team.patient);
    for purpose in ["PLAY", "treat", "", "TREAT,ETREAT"] {
        let headers = [("tsumugi-purpose", purpose)];
        let answer = silent.send_raw("GET", &path, &headers, "").await.unwrap();
        assert_eq!(answer.status, 400, "{purpose}");
    }
}

#[actix_web::test]
async fn az_16_the_purpose_counts_in_the_decision_and_stands_in_the_log() {
    let team = Team::new().await;
    let read = async |person: &Person, purpose: Purpose| {
        let client = person.client.with_purpose(purpose);
        opens(&client, team.patient).await
    };
    assert!(read(&team.nurse, Purpose::CareManagement).await);
    assert!(read(&team.nurse, Purpose::Treatment).await);
    for purpose in [
        Purpose::SystemAdministration,
        Purpose::Compliance,
        Purpose::PatientRequest,
        Purpose::FamilyRequest,
        Purpose::EmergencyTreatment,
    ] {
        assert!(!read(&team.nurse, purpose.clone()).await, "{purpose}");
        let administrator = &team.world.administrator;
        assert!(!read(administrator, purpose.clone()).await, "{purpose}");
        assert!(!read(&team.auditor, purpose).await);
    }
    let log = "SELECT purpose, outcome FROM audit_events WHERE action = 'patient.read' \
               AND staff_member_id = $1 ORDER BY at, id";
    let rows = team
        .world
        .db
        .admin
        .query(log, &[&team.nurse.id])
        .await
        .unwrap();
    let rows: Vec<(String, String)> = rows.iter().map(|row| (row.get(0), row.get(1))).collect();
    let expected = [
        ("CAREMGT", "allowed"),
        ("TREAT", "allowed"),
        ("HSYSADMIN", "denied"),
        ("HCOMPL", "denied"),
        ("PATRQT", "denied"),
        ("FAMRQT", "denied"),
        ("ETREAT", "denied"),
    ];
    assert_eq!(rows, expected.map(|(p, o)| (p.to_owned(), o.to_owned())));
}

// ---- AZ-22 --------------------------------------------------------------------------------------------------------

#[actix_web::test]
async fn az_22_an_id_of_another_kind_of_thing_is_not_found() {
    let team = Team::new().await;
    let things = Things::of(&team).await;
    let consents = team.nurse.client.consents();
    let evidence = consents
        .create_evidence(things.consent, EvidenceType::Pdf, FORM)
        .await
        .unwrap()
        .id;
    let ids = [
        ("patients", team.patient),
        ("posts", things.post),
        ("documents", things.document),
        ("consent-evidence", evidence),
        ("consents", things.consent),
        ("care-team-members", things.membership),
        ("facilities", things.facility),
        ("staff", team.nurse.id),
        ("accounts", team.nurse.account),
    ];
    let opened = ["patients", "posts", "documents", "consent-evidence"];
    for kind in opened {
        for (of, id) in ids {
            let answer = team.nurse.raw("GET", &format!("/v1/{kind}/{id}"), "").await;
            let expected = if kind == of { 200 } else { 404 };
            assert_eq!(answer.status, expected, "{kind} with an id of {of}");
        }
    }
    let withdrawal = json!({ "reason": "申し出" }).to_string();
    let ending = json!({ "ends_on": today() }).to_string();
    for (kind, verb, body) in [
        ("consents", "withdraw", withdrawal.as_str()),
        ("care-team-members", "end", ending.as_str()),
        ("posts", "acknowledge", "{}"),
        ("emergency-accesses", "end", "{}"),
        ("substitutions", "end", "{}"),
        ("registration-cards", "revoke", "{}"),
    ] {
        for (of, id) in ids.iter().filter(|(of, _)| *of != kind) {
            let path = format!("/v1/{kind}/{id}/{verb}");
            let answer = team.nurse.raw("POST", &path, body).await;
            assert_eq!(
                answer.status,
                404,
                "{kind} with an id of {of}: {}",
                answer.text()
            );
        }
    }
    for id in ["1", "x", "00000000-0000-0000-0000-000000000000"] {
        let answer = team.nurse.raw("GET", &format!("/v1/posts/{id}"), "").await;
        assert_eq!(answer.status, 404, "{id}");
    }
}
