//! AU-02: what an entry says. AU-05: who may do what with entries.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use serde_json::json;
use tokio_postgres::error::SqlState;
use tsumugi_client::models::{FacilityKind, ListAccessLog};

use crate::support::{
    Team, Wire,
    db::{self, connect},
    rows::{fill, insert},
};

/// What has to be told, and the columns that tell it.
const TOLD: [(&str, &[&str]); 17] = [
    ("event id", &["id"]),
    ("network", &["tenant_id"]),
    ("time and quality of the clock", &["at", "clock"]),
    ("user", &["actor_kind", "account_id", "staff_member_id"]),
    (
        "profession and organization",
        &["profession", "facility_id"],
    ),
    ("on behalf of", &["on_behalf_of"]),
    ("session", &["session_id"]),
    ("device", &["device_id"]),
    ("source", &["source_ip"]),
    ("client app", &["client_id"]),
    ("patient", &["patient_id"]),
    (
        "resource",
        &["resource_type", "resource_id", "resource_version", "count"],
    ),
    ("action", &["action"]),
    ("purpose", &["purpose", "ground"]),
    ("outcome", &["outcome", "code"]),
    ("rules", &["rules", "policy_digest", "decision"]),
    ("request", &["request_id", "query_digest"]),
];
/// What is for the server itself: the seal, and the order of the transactions.
const OWN: [&str; 3] = ["seal", "epoch", "xid"];

#[actix_web::test]
async fn au_02_an_entry_has_room_for_all_that_has_to_be_told() {
    let db = db::fresh().await;
    let sql = "SELECT attname::text FROM pg_attribute WHERE attrelid = 'audit_events'::regclass
               AND attnum > 0 AND NOT attisdropped";
    let rows = db.admin.query(sql, &[]).await.unwrap();
    let columns: BTreeSet<String> = rows.iter().map(|row| row.get(0)).collect();
    let told = TOLD.iter().flat_map(|(_, columns)| columns.iter());
    let expected: BTreeSet<String> = told.chain(&OWN).map(ToString::to_string).collect();
    assert_eq!(columns, expected);
    // And for each patient that an answer named, a row of its own.
    let sql = "SELECT string_agg(attname, ' ' ORDER BY attnum) FROM pg_attribute
               WHERE attrelid = 'audit_event_patients'::regclass AND attnum > 0";
    let named: String = db.one(sql).await;
    assert_eq!(named, "tenant_id event_id patient_id at");
}

/// The columns of an entry that say nothing.
async fn empty(team: &Team, condition: &str) -> BTreeSet<String> {
    let sql = format!(
        "SELECT key FROM audit_events e, jsonb_each_text(to_jsonb(e)) AS cell (key, value)
         WHERE e.id = (SELECT id FROM audit_events WHERE {condition} ORDER BY at DESC LIMIT 1)
         AND coalesce(value, '') IN ('', '[]')"
    );
    let rows = team.world.db.admin.query(&sql, &[]).await.unwrap();
    let found: BTreeSet<String> = rows.iter().map(|row| row.get(0)).collect();
    let exists = format!("SELECT EXISTS (SELECT FROM audit_events WHERE {condition})");
    assert!(
        team.world.db.one::<bool>(&exists).await,
        "no entry: {condition}"
    );
    found
}

fn set(columns: &[&str]) -> BTreeSet<String> {
    columns.iter().map(ToString::to_string).collect()
}

#[actix_web::test]
async fn au_02_every_kind_of_caller_leaves_what_is_known_of_it() {
    let team = Team::new().await;
    // A nurse on a registered device reads and writes.
    let keeper = Wire::sign_in(&team.world.administrator).await;
    let station = team
        .world
        .facility("西訪問看護", FacilityKind::VisitingNursingStation)
        .await;
    let new = json!({
        "id": tsumugi_client::new_id(), "name": "訪問用タブレット1", "kind": "personal",
        "facility_id": station
    });
    let made = Wire::done(keeper.post("/v1/devices", new).await);
    let code = json!({ "network": "kita", "code": made["enrolment_code"] });
    let nobody = Wire::nobody(&team.world.anyone);
    let enrolled = Wire::done(nobody.post("/v1/devices/enrol", code).await);
    let tablet = Wire {
        device: enrolled["device_token"].as_str().map(str::to_owned),
        ..nobody.clone()
    };
    let nurse = tablet.signed_in(&team.nurse).await;
    let timeline = format!("/v1/patients/{}/timeline", team.patient);
    let note = json!({
        "id": tsumugi_client::new_id(), "kind": "note", "channel": "team", "body": "訪問しました。"
    });
    let post = Wire::done(nurse.post(&timeline, note).await);
    Wire::done(
        nurse
            .get(&format!("/v1/posts/{}", post["id"].as_str().unwrap()))
            .await,
    );
    let nothing = ["client_id", "code", "count", "on_behalf_of", "query_digest"];
    for action in ["post.create", "post.read"] {
        let condition = format!("action = '{action}' AND resource_version = 1");
        assert_eq!(empty(&team, &condition).await, set(&nothing), "{action}");
    }
    // A program that acts for her says so.
    let program = team.program_for(&team.nurse).await;
    program.patients().find(team.patient).await.unwrap();
    let through =
        "action = 'patient.read' AND client_id IS NOT NULL AND staff_member_id IS NOT NULL";
    assert!(!empty(&team, through).await.contains("client_id"));
    // A search keeps a digest, and says how many were found and who.
    let query = tsumugi_client::models::ListPatients::matching("出雲");
    team.nurse.client.patients().list(&query).await.unwrap();
    let search = "action = 'patients.list' AND query_digest IS NOT NULL AND count = 1";
    assert!(!empty(&team, search).await.contains("rules"));
    let named =
        "SELECT count(*) FROM audit_event_patients n JOIN audit_events e ON e.id = n.event_id
                 WHERE e.query_digest IS NOT NULL";
    assert_eq!(team.world.db.one::<i64>(named).await, 1);
    // A system, a refusal with the question that was asked, and somebody who did not sign in.
    let summary = include_str!("../../fixtures/fhir/discharge-summary-01.json");
    team.hospital.bundles().receive(summary).await.unwrap();
    let system = "action = 'document.receive' AND actor_kind = 'system'";
    let system = empty(&team, system).await;
    assert!(!system.contains("client_id") && !system.contains("facility_id"));
    let hidden = team.outsider.client.patients().find(team.patient).await;
    assert!(hidden.is_err());
    let denied = "outcome = 'denied' AND code = 'not_found' AND ground = 'none'";
    assert!(!empty(&team, denied).await.contains("decision"));
    let wrong = json!({ "login": "nurse@kita", "password": "wrong" });
    nobody.post("/v1/sessions", wrong).await;
    let anonymous = "actor_kind = 'anonymous' AND code = 'invalid_credentials'";
    let anonymous = empty(&team, anonymous).await;
    assert!(!anonymous.contains("source_ip") && !anonymous.contains("resource_id"));
    // The time is the server's, to the microsecond.
    let log = team.auditor.client.access_log();
    let newest = log.list(&ListAccessLog::default()).await.unwrap().items;
    assert!(newest[0].at - chrono::Utc::now() < TimeDelta::seconds(5));
    assert_eq!(newest[0].clock.as_deref(), Some("unchecked"));
}

const NETWORK: &str = "aaaaaaaa-0000-7000-8000-000000000001";

/// How a statement is refused in a transaction of the network.
async fn refused(client: &tokio_postgres::Client, statement: &str) -> Option<SqlState> {
    let begin = format!("BEGIN; SET LOCAL app.tenant_id = '{NETWORK}'");
    client.batch_execute(&begin).await.unwrap();
    let outcome = client.batch_execute(statement).await;
    client.batch_execute("ROLLBACK").await.unwrap();
    outcome.err().map(|error| error.code().unwrap().clone())
}

#[actix_web::test]
async fn au_05_the_role_that_serves_can_add_entries_and_do_nothing_else_with_them() {
    let db = db::fresh().await;
    let rows = fill(&db.admin, NETWORK).await;
    let app = connect(&db.url).await;
    let log = connect(&db.log_url).await;
    let tables = "SELECT relname::text, relispartition FROM pg_class
                  WHERE relkind IN ('r', 'p') AND relname LIKE 'audit\\_%' ORDER BY 1";
    let tables = db.admin.query(tables, &[]).await.unwrap();
    let partitions = tables.iter().filter(|row| row.get(1)).count();
    assert!(
        tables.len() >= 8 && partitions >= 8,
        "{} {partitions}",
        tables.len()
    );
    let denied = Some(SqlState::INSUFFICIENT_PRIVILEGE);
    for row in &tables {
        let (table, is_partition): (String, bool) = (row.get(0), row.get(1));
        let column = if table.starts_with("audit_event") {
            "at"
        } else {
            "tenant_id"
        };
        let changes = [
            format!("UPDATE {table} SET {column} = {column}"),
            format!("DELETE FROM {table}"),
            format!("TRUNCATE {table}"),
            format!("ALTER TABLE {table} ADD COLUMN more text"),
            format!("DROP TABLE {table}"),
        ];
        let reads = [
            format!("SELECT FROM {table}"),
            format!("SELECT FROM {table} FOR UPDATE"),
            format!("COPY {table} TO STDOUT"),
            format!("LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE"),
        ];
        for statement in changes.iter().chain(&reads) {
            assert_eq!(refused(&app, statement).await, denied, "app: {statement}");
        }
        for statement in &changes[1..] {
            assert_eq!(refused(&log, statement).await, denied, "log: {statement}");
        }
        let may_add = ["audit_events", "audit_event_patients"].contains(&table.as_str());
        let given = rows.get(&table).or_else(|| {
            let parent = if table.starts_with("audit_event_patients") {
                "audit_event_patients"
            } else {
                "audit_events"
            };
            rows.get(parent).filter(|_| is_partition)
        });
        let add = insert(&table, given.unwrap_or_else(|| panic!("{table}")));
        let outcome = refused(&app, &add).await;
        if may_add {
            // Only the key of the row that is there is in the way.
            assert_eq!(outcome, Some(SqlState::UNIQUE_VIOLATION), "{add}");
        } else {
            assert_eq!(outcome, denied, "{add}");
        }
    }
    // Nor can it become somebody who may.
    for role in ["tsumugi_log", "tsumugi_owner", "postgres"] {
        let become_other = format!("SET ROLE {role}");
        assert_eq!(refused(&app, &become_other).await, denied, "{role}");
    }
    let makers = [
        "add_log_month(current_date)",
        "wall_off_log_part('audit_events')",
        "log_horizon()",
    ];
    for function in makers {
        let call = format!("SELECT {function}");
        assert_eq!(refused(&app, &call).await, denied, "{function}");
    }
}
