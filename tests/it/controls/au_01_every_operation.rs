//! AU-01: every operation leaves an entry in the access log, when it is carried out and when it is refused, for whatever
//! reason. Fed by the router: a new operation fails until it has a call.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use serde_json::{Value, json};
use tsumugi_client::{Client, models::NewPatientIdentifier, new_id};

use super::{au_01_good_uses, au_01_log_uses};
use crate::support::{
    Team, Wire,
    calls::{self, Call, Things},
    calls_attachments, refused,
    team::{HOSPITAL_NUMBER, new_patient, register},
};

/// Operations that see nobody and leave nothing. Compared by equality: the list can only change by hand.
const WITHOUT_ENTRY: [&str; 3] = ["find_health", "find_openapi", "find_readiness"];

/// The operations that need no session: who calls them is not known by a token.
const OPEN: &str = include_str!("../invariants/operations-without-session.txt");

/// Every published operation.
fn published() -> BTreeSet<String> {
    tsumugi_server::openapi::operations(&tsumugi_server::openapi::document())
        .into_iter()
        .filter_map(|(_, _, operation)| operation.operation_id.clone())
        .collect()
}

/// Makes a call with a number of its own.
async fn make(client: &Client, call: &Call, number: &str) -> Option<u16> {
    let mut headers = vec![
        ("content-type", call.content_type),
        ("x-request-id", number),
    ];
    let of_protocol = calls_attachments::headers(call.operation);
    headers.extend(
        of_protocol
            .iter()
            .map(|(name, value)| (*name, value.as_str())),
    );
    if let Some(version) = call.if_match {
        headers.push(("if-match", version));
    }
    let body = call.body.clone().unwrap_or_default();
    let sent = client.send_raw(call.method, &call.path, &headers, body);
    let sent = tokio::time::timeout(calls::patience(call), sent).await;
    sent.ok().map(|answer| answer.unwrap().status)
}

/// Entries of requests whose number begins so, and how many of them are of acts that were carried out.
async fn entries(team: &Team, number: &str) -> (i64, i64) {
    let sql = "SELECT count(*), count(*) FILTER (WHERE outcome = 'allowed') FROM audit_events
               WHERE left(request_id, length($1)) = $1";
    let row = team
        .world
        .db
        .admin
        .query_one(sql, &[&number])
        .await
        .unwrap();
    (row.get(0), row.get(1))
}

#[actix_web::test]
async fn au_01_every_operation_leaves_an_entry_whoever_calls_it() {
    let team = Team::new().await;
    let things = Things::of(&team).await;
    let people = [
        ("nurse", &team.nurse.client),
        ("manager", &team.care_manager.client),
        ("hospital", &team.hospital_nurse.client),
        ("keeper", &team.world.administrator.client),
        ("auditor", &team.auditor.client),
        ("outsider", &team.outsider.client),
        ("system", &team.hospital),
    ];
    let open: Vec<&str> = OPEN.lines().collect();
    let mut silent = BTreeSet::new();
    let mut made = 0;
    for (who, client) in people {
        for call in calls::all(&team, &things) {
            let number = format!("{}.{who}", call.operation);
            let status = make(client, &call, &number).await;
            made += 1;
            assert!(
                status.is_none_or(|status| status < 500),
                "{number}: {status:?}"
            );
            let (all, _) = entries(&team, &number).await;
            if all == 0 && !open.contains(&call.operation) {
                silent.insert(format!("{number} {status:?}"));
            }
        }
    }
    assert!(made > 700, "{made} calls");
    assert_eq!(silent, BTreeSet::new());
    // And one that was carried out, where the calls above name what is not there, or lack a secret.
    // In a network of their own, because the calls above have ended sessions.
    let fresh = Team::new().await;
    au_01_good_uses::make(&fresh).await;
    au_01_log_uses::make(&fresh).await;
    let mut never = BTreeSet::new();
    for operation in published() {
        let number = format!("{operation}.");
        let (_, tried) = entries(&team, &number).await;
        let (_, used) = entries(&fresh, &number).await;
        if tried + used == 0 {
            never.insert(operation);
        }
    }
    assert_eq!(never, WITHOUT_ENTRY.map(str::to_owned).into());
}

async fn denied(team: &Team) -> i64 {
    let sql = "SELECT count(*) FROM audit_events WHERE outcome = 'denied'";
    team.world.db.one(sql).await
}

#[actix_web::test]
async fn au_01_every_refusal_of_a_patient_leaves_an_entry() {
    let team = Team::new().await;
    let things = Things::of(&team).await;
    for call in calls::all(&team, &things) {
        if !call.path.contains(&team.patient.to_string())
            && !call.path.contains(&things.post.to_string())
        {
            continue;
        }
        let before = denied(&team).await;
        let answer = calls::make(&team.outsider.client, &call).await;
        // Emergency access is for those who have no relation to the patient; it leaves an entry of its own.
        if call.operation == "create_emergency_access" {
            assert_eq!(answer.status, 201);
            continue;
        }
        assert_eq!(answer.status, 404, "{}", call.operation);
        assert_eq!(denied(&team).await, before + 1, "{}", call.operation);
    }
}

/// Codes and operations of the entries of a request.
async fn said(team: &Team, number: &str) -> Vec<(Option<String>, Option<String>)> {
    let sql = "SELECT code, resource_type FROM audit_events WHERE request_id = $1";
    let rows = team.world.db.admin.query(sql, &[&number]).await.unwrap();
    rows.iter().map(|row| (row.get(0), row.get(1))).collect()
}

/// Method, address, headers and body; the status, its code, and the operation that was meant.
type Case<'a> = (
    &'a str,
    String,
    Vec<(&'a str, &'a str)>,
    String,
    u16,
    &'a str,
    &'a str,
);

#[actix_web::test]
async fn au_01_what_is_refused_for_its_form_or_state_is_recorded_too() {
    let team = Team::new().await;
    let post = team.nurse.notes(team.patient, "訪問しました。").await.id;
    let of_patient = |rest: &str| format!("/v1/patients/{}{rest}", team.patient);
    let amend = format!("/v1/posts/{post}/amend");
    let plain = json!({ "body": "訂正", "reason": "誤り" }).to_string();
    let json = ("content-type", "application/json");
    let cases: Vec<Case<'_>> = vec![
        (
            "POST",
            of_patient("/timeline"),
            vec![json],
            "{".into(),
            400,
            "malformed_json",
            "create_post",
        ),
        (
            "POST",
            of_patient("/timeline"),
            vec![json],
            "{}".into(),
            422,
            "invalid_input",
            "create_post",
        ),
        (
            "POST",
            of_patient("/timeline"),
            vec![],
            "x".into(),
            415,
            "unsupported_media_type",
            "create_post",
        ),
        (
            "POST",
            amend.clone(),
            vec![json],
            plain.clone(),
            428,
            "if_match_required",
            "amend_post",
        ),
        (
            "POST",
            amend.clone(),
            vec![json, ("if-match", "\"9\"")],
            plain.clone(),
            412,
            "stale_version",
            "amend_post",
        ),
        (
            "POST",
            amend,
            vec![json, ("idempotency-key", "two words")],
            plain,
            422,
            "invalid_input",
            "amend_post",
        ),
        (
            "GET",
            "/v1/patients?qurey=x".into(),
            vec![],
            String::new(),
            422,
            "invalid_input",
            "list_patients",
        ),
        (
            "GET",
            "/v1/patients/5".into(),
            vec![],
            String::new(),
            404,
            "not_found",
            "find_patient",
        ),
    ];
    for (number, (method, path, headers, body, status, code, operation)) in (0..).zip(cases) {
        let number = format!("form-{number}");
        let mut headers = headers;
        headers.push(("x-request-id", &number));
        let client = &team.nurse.client;
        let answer = client
            .send_raw(method, &path, &headers, body)
            .await
            .unwrap();
        assert_eq!(answer.status, status, "{path}: {}", answer.text());
        let said = said(&team, &number).await;
        assert_eq!(
            said,
            [(Some(code.to_owned()), Some(operation.to_owned()))],
            "{path}"
        );
    }
    let who = "SELECT count(*) FROM audit_events WHERE action = 'request.refuse'
               AND staff_member_id = $1 AND session_id IS NOT NULL";
    let row = team
        .world
        .db
        .admin
        .query_one(who, &[&team.nurse.id])
        .await
        .unwrap();
    assert_eq!(row.get::<_, i64>(0), 8);
    // Without a purpose, and as what is no operation.
    let wire = Wire::sign_in(&team.nurse).await;
    let bearer = format!("Bearer {}", wire.token.unwrap());
    for (path, entries) in [("/v1/me", 1), ("/v1/nothing", 0)] {
        let headers = [("authorization", bearer.as_str()), ("x-request-id", path)];
        let answer = team
            .world
            .anyone
            .send_raw("GET", path, &headers, "")
            .await
            .unwrap();
        assert!([400, 404].contains(&answer.status));
        assert_eq!(said(&team, path).await.len(), entries, "{path}");
    }
}

#[actix_web::test]
async fn au_01_a_refusal_that_tells_of_another_patient_names_that_patient() {
    let team = Team::new().await;
    let other = register(&team.nurse, new_patient("試験 花子", "シケン ハナコ"))
        .await
        .id;
    let number = NewPatientIdentifier {
        system: HOSPITAL_NUMBER.0.to_owned(),
        value: HOSPITAL_NUMBER.1.to_owned(),
        of_facility: true,
    };
    let patients = team.nurse.client.patients();
    let taken = patients.create_identifier(other, &number).await;
    refused(taken, 409, "identifier_taken");
    let mut new = new_patient("試験 次郎", "シケン ジロウ");
    new.identifiers = vec![number];
    refused(patients.create(&new).await, 409, "identifier_taken");
    let sql = "SELECT e.patient_id, n.patient_id FROM audit_events e JOIN audit_event_patients n
               ON n.event_id = e.id WHERE e.code = 'identifier_taken' ORDER BY e.at";
    let rows = team.world.db.admin.query(sql, &[]).await.unwrap();
    let found: Vec<(Option<uuid::Uuid>, uuid::Uuid)> =
        rows.iter().map(|row| (row.get(0), row.get(1))).collect();
    assert_eq!(found, [(Some(other), team.patient), (None, team.patient)]);
}

/// Codes and counts of the entries of callers whom nobody knows, oldest first.
async fn counted(team: &Team) -> Vec<(String, Option<i32>)> {
    let sql = "SELECT code, count FROM audit_events
               WHERE action = 'request.refuse' AND actor_kind = 'anonymous' ORDER BY at, id";
    let rows = team.world.db.admin.query(sql, &[]).await.unwrap();
    rows.iter().map(|row| (row.get(0), row.get(1))).collect()
}

#[actix_web::test]
async fn au_01_callers_whom_nobody_knows_are_counted_by_the_minute() {
    let team = Team::new().await;
    let wire = Wire::sign_in(&team.nurse).await;
    team.world.app.clock.advance(TimeDelta::minutes(6));
    for _ in 0..5 {
        assert_eq!(wire.look().await, (401, "token_expired".to_owned()));
    }
    let first = ("token_expired".to_owned(), None);
    assert_eq!(counted(&team).await, std::slice::from_ref(&first));
    let source = "SELECT source_ip FROM audit_events WHERE code = 'token_expired'";
    assert_eq!(team.world.db.one::<String>(source).await, "127.0.0.1");
    team.world.app.clock.advance(TimeDelta::minutes(1));
    let others = ("token_expired".to_owned(), Some(4));
    team.world
        .eventually(async || (counted(&team).await.len() == 2).then_some(()))
        .await;
    assert_eq!(counted(&team).await, [first.clone(), others]);
    // The next minute begins anew, and a token that is none belongs to no network.
    assert_eq!(wire.look().await.0, 401);
    let forged = Wire {
        token: Some("forged".to_owned()),
        ..wire
    };
    assert_eq!(forged.look().await.0, 401);
    assert_eq!(counted(&team).await.len(), 3);
}

#[actix_web::test]
async fn au_01_sign_in_that_fails_is_recorded_where_there_is_a_network() {
    let team = Team::new().await;
    let nobody = Wire::nobody(&team.world.anyone);
    let sign_in = async |login: &str, number: &str| {
        let body = json!({ "login": login, "password": "wrong" });
        nobody.numbered(number).post("/v1/sessions", body).await.0
    };
    assert_eq!(sign_in("nurse@kita", "known").await, 401);
    assert_eq!(sign_in("nobody@kita", "unknown").await, 401);
    assert_eq!(sign_in("nobody@nowhere", "nowhere").await, 401);
    let code = Some("invalid_credentials".to_owned());
    assert_eq!(
        said(&team, "known").await,
        [(code.clone(), Some("account".to_owned()))]
    );
    assert_eq!(said(&team, "unknown").await, [(code, None)]);
    // There is no log to record it in. It is counted with the source all the same.
    assert_eq!(said(&team, "nowhere").await, []);
    // Guessing goes on until nothing is evaluated any more: that is counted.
    let mut last = 0;
    for _ in 0..8 {
        last = sign_in("nurse@kita", "guess").await;
    }
    assert_eq!(last, 429);
    let turned_away = counted(&team).await;
    assert_eq!(turned_away, [("too_many_attempts".to_owned(), None)]);
}

#[actix_web::test]
async fn au_01_secrets_that_are_wrong_are_recorded_where_there_is_a_network() {
    let team = Team::new().await;
    let nobody = Wire::nobody(&team.world.anyone);
    let network: uuid::Uuid = team
        .world
        .db
        .one("SELECT tenant_id FROM tenants WHERE slug = 'kita'")
        .await;
    let send = async |number: &str, path: &str, body: Value| {
        let (status, _) = nobody.numbered(number).post(path, body).await;
        assert!((400..500).contains(&status), "{number}: {status}");
        !said(&team, number).await.is_empty()
    };
    let device = json!({ "network": "kita", "code": "AAAAAAAA" });
    assert!(send("device", "/v1/devices/enrol", device).await);
    let credential = json!({ "id": "AAAA", "rawId": "AAAA", "type": "public-key", "response": {} });
    let passkey = json!({ "network": "kita", "challenge_id": new_id(), "credential": credential });
    assert!(send("passkey", "/v1/sessions/passkey", passkey).await);
    let form = format!(
        "grant_type=client_credentials&client_id={}@kita&client_secret=y",
        new_id()
    );
    let headers = [
        ("content-type", "application/x-www-form-urlencoded"),
        ("x-request-id", "client"),
    ];
    let anyone = &team.world.anyone;
    let answer = anyone
        .send_raw("POST", "/oauth/token", &headers, form)
        .await
        .unwrap();
    assert_eq!(answer.status, 401);
    assert_eq!(said(&team, "client").await.len(), 1);
    let rows = "SELECT count(*) FROM audit_events WHERE tenant_id <> $1 AND request_id = 'client'";
    let row = team
        .world
        .db
        .admin
        .query_one(rows, &[&network])
        .await
        .unwrap();
    assert_eq!(row.get::<_, i64>(0), 0);
}
