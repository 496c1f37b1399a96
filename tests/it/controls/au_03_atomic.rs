//! AU-03: a change and its entry are one. The database is made to fail after every single statement of a request, in two
//! ways, and when it commits: never is there one without the other.

use serde_json::{Value, json};
use tsumugi_client::new_id;
use uuid::Uuid;

use crate::support::{Team, Wire, team::today};

/// The tables that the requests below change. Work that follows a request changes others.
const TABLES: [&str; 11] = [
    "acknowledgements",
    "audit_event_patients",
    "audit_events",
    "care_team_members",
    "consents",
    "idempotency_keys",
    "outbox",
    "patient_identifiers",
    "patients",
    "post_versions",
    "posts",
];

/// Counts the statements of the serving role, and fails after the one that is chosen.
const FAULTS: &str = "
    CREATE SEQUENCE faults;
    CREATE TABLE fault (after bigint, how text);
    INSERT INTO fault VALUES (0, '');
    CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
    DECLARE chosen fault;
    BEGIN
        SELECT * INTO chosen FROM fault;
        IF session_user = 'tsumugi_app' AND nextval('faults') = chosen.after THEN
            IF chosen.how = 'kill' THEN
                PERFORM pg_terminate_backend(pg_backend_pid());
            ELSE
                RAISE EXCEPTION 'a fault of this test';
            END IF;
        END IF;
        RETURN NULL;
    END $$;";

async fn inject(team: &Team) {
    let db = &team.world.db.admin;
    db.batch_execute(FAULTS).await.unwrap();
    for table in TABLES {
        let events = if table == "outbox" {
            "INSERT"
        } else {
            "INSERT OR UPDATE"
        };
        let trigger = format!(
            "CREATE TRIGGER fail AFTER {events} ON {table} FOR EACH STATEMENT EXECUTE FUNCTION fail()"
        );
        db.batch_execute(&trigger).await.unwrap();
    }
}

async fn arm(team: &Team, after: i64, how: &str) {
    let sql = format!(
        "UPDATE fault SET after = {after}, how = '{how}'; SELECT setval('faults', 1, false)"
    );
    team.world.db.admin.batch_execute(&sql).await.unwrap();
}

/// A change: its name, its request for a thing with this id, and what to count afterwards.
struct Change {
    action: &'static str,
    method: &'static str,
    path: String,
    body: Value,
    version: Option<&'static str>,
    effect: String,
}

fn changes(team: &Team, post: Uuid, consent: Uuid, id: Uuid) -> Vec<Change> {
    let of_patient = |rest: &str| format!("/v1/patients/{}/{rest}", team.patient);
    let of_post = |verb: &str| format!("/v1/posts/{post}/{verb}");
    let rows = |table: &str| format!("SELECT count(*) FROM {table} WHERE id = '{id}'");
    let change = |action, path: String, body, effect| Change {
        action,
        method: "POST",
        path,
        body,
        version: None,
        effect,
    };
    vec![
        change(
            "post.create",
            of_patient("timeline"),
            json!({ "id": id, "kind": "note", "channel": "team", "body": "訪問しました。" }),
            rows("posts"),
        ),
        change(
            "consent.create",
            of_patient("consents"),
            json!({ "id": id, "granted_on": today(), "granted_by": "patient", "method": "paper" }),
            rows("consents"),
        ),
        change(
            "care_team.add",
            of_patient("care-team"),
            json!({ "id": id, "staff_member_id": team.outsider.id, "starts_on": today() }),
            rows("care_team_members"),
        ),
        change(
            "patient.create",
            "/v1/patients".to_owned(),
            json!({
                "id": id, "name": "試験 花子", "kana": "シケン ハナコ", "birth_date": "1950-01-01",
                "sex": "female", "address": "北部市", "identifiers": [
                    { "system": "urn:oid:1.2.3", "value": id.to_string(), "of_facility": true }
                ],
                "consent": {
                    "id": new_id(), "granted_on": today(), "granted_by": "patient", "method": "paper"
                }
            }),
            rows("patients"),
        ),
        change(
            "post.acknowledge",
            of_post("acknowledge"),
            json!({}),
            format!("SELECT count(*) FROM acknowledgements WHERE post_id = '{post}'"),
        ),
        Change {
            version: Some("\"1\""),
            ..change(
                "post.amend",
                of_post("amend"),
                json!({ "body": "訂正", "reason": "誤り" }),
                format!(
                    "SELECT count(*) FROM post_versions WHERE post_id = '{post}' AND version = 2"
                ),
            )
        },
        change(
            "consent.withdraw",
            format!("/v1/consents/{consent}/withdraw"),
            json!({ "reason": "申し出" }),
            format!(
                "SELECT count(*) FROM consents WHERE id = '{consent}' AND withdrawn_at IS NOT NULL"
            ),
        ),
    ]
}

/// Sends a change, and insists that there is all of it or nothing of it. Answers whether it was carried out.
async fn send(team: &Team, wire: &Wire, change: &Change, number: &str) -> bool {
    let bearer = format!("Bearer {}", wire.token.as_ref().unwrap());
    let mut headers = vec![
        ("content-type", "application/json"),
        ("tsumugi-purpose", "TREAT"),
        ("authorization", bearer.as_str()),
        ("x-request-id", number),
        ("idempotency-key", number),
    ];
    headers.extend(change.version.map(|version| ("if-match", version)));
    let body = change.body.to_string();
    let anyone = &team.world.anyone;
    let answer = anyone
        .send_raw(change.method, &change.path, &headers, body)
        .await
        .unwrap();
    let effect: i64 = team.world.db.one(&change.effect).await;
    let entries = format!(
        "SELECT count(*) FROM audit_events WHERE request_id = '{number}' AND action = '{}'",
        change.action
    );
    let entries: i64 = team.world.db.one(&entries).await;
    let is_done = (200..300).contains(&answer.status);
    assert!(
        is_done || answer.status >= 500,
        "{number}: {} {}",
        answer.status,
        answer.text()
    );
    let expected = if is_done { (1, 1) } else { (0, 0) };
    assert_eq!((effect, entries), expected, "{number}: {}", answer.text());
    is_done
}

async fn never_one_without_the_other(how: &str) {
    let team = Team::new().await;
    let post = team.nurse.notes(team.patient, "訪問しました。").await.id;
    let consents = team.care_manager.client.consents();
    let consent = consents.list(team.patient).await.unwrap().items[0].id;
    inject(&team).await;
    let wire = Wire::sign_in(&team.nurse).await;
    let mut failed = 0;
    for change in changes(&team, post, consent, new_id()) {
        for after in 1.. {
            assert!(after < 40, "{} has no end", change.action);
            arm(&team, after, how).await;
            let number = format!("{}-{how}-{after}", change.action);
            if send(&team, &wire, &change, &number).await {
                break;
            }
            failed += 1;
        }
    }
    assert!(failed > 25, "{failed} faults");
}

#[actix_web::test]
async fn au_03_a_statement_that_fails_leaves_neither_the_change_nor_its_entry() {
    never_one_without_the_other("raise").await;
}

#[actix_web::test]
async fn au_03_a_connection_that_is_gone_leaves_neither_the_change_nor_its_entry() {
    never_one_without_the_other("kill").await;
}

#[actix_web::test]
async fn au_03_what_fails_when_it_is_committed_is_not_answered() {
    let team = Team::new().await;
    let post = team.nurse.notes(team.patient, "訪問しました。").await.id;
    let wire = Wire::sign_in(&team.nurse).await;
    let trigger = "
        CREATE FUNCTION too_late() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION USING ERRCODE = '53100', MESSAGE = 'could not extend file'; END $$;
        CREATE CONSTRAINT TRIGGER too_late AFTER INSERT ON audit_events DEFERRABLE INITIALLY DEFERRED
            FOR EACH ROW EXECUTE FUNCTION too_late();";
    team.world.db.admin.batch_execute(trigger).await.unwrap();
    let (status, body) = wire.get(&format!("/v1/posts/{post}")).await;
    assert_eq!((status, body["code"].as_str()), (503, Some("unavailable")));
    for change in changes(&team, post, new_id(), new_id()).iter().take(3) {
        assert!(!send(&team, &wire, change, change.action).await);
    }
}
