//! Every operation leaves an entry in the access log, when it is carried out and when it is refused.

use crate::support::{
    Team,
    calls::{self, Things},
    calls_identity::identity,
};

/// Operations that see nobody and leave nothing. Compared by equality: the list can only change by hand.
const WITHOUT_ENTRY: [&str; 3] = ["find_health", "find_readiness", "find_openapi"];

#[actix_web::test]
async fn every_operation_leaves_an_entry() {
    let team = Team::new().await;
    let things = Things::of(&team).await;
    let mut silent = Vec::new();
    let identity: Vec<&str> = identity(&team, &things)
        .iter()
        .map(|call| call.operation)
        .collect();
    for call in calls::all(&team, &things) {
        if identity.contains(&call.operation) {
            if !NEED_A_SECRET.contains(&call.operation) && !leaves_an_entry(&team, &call).await {
                silent.push(call.operation);
            }
            continue;
        }
        let client = match call.operation {
            "create_facility" | "create_staff_member" | "list_clients" | "create_client" => {
                team.world.administrator.client.clone()
            }
            "list_access_log" => team.auditor.client.clone(),
            "list_incoming_documents" | "link_incoming_document" => {
                team.hospital_nurse.client.clone()
            }
            "receive_bundle" => team.hospital.clone(),
            "create_session" => team.world.anyone.clone(),
            // These two need something good to leave an entry: a session and a client that exist.
            "refresh_session" | "create_token" => continue,
            "withdraw_consent" => team.care_manager.client.clone(),
            _ => team.nurse.client.clone(),
        };
        let before = count(&team).await;
        let answer = calls::make(&client, &call).await;
        assert!(
            answer.status < 400 || call.operation == "create_session",
            "{}: {}",
            call.operation,
            answer.text()
        );
        if count(&team).await == before {
            silent.push(call.operation);
        }
    }
    assert_eq!(silent, WITHOUT_ENTRY);
    for action in ["session.refresh", "token.create"] {
        if action == "session.refresh" {
            let session = team.nurse.session().await;
            let refresh = tsumugi_client::models::RefreshSession {
                refresh_token: session.refresh_token,
            };
            team.world
                .anyone
                .sessions()
                .refresh(&refresh)
                .await
                .unwrap();
        }
        let found = "SELECT count(*) FROM audit_events WHERE action = $1";
        let found: i64 = team
            .world
            .db
            .admin
            .query_one(found, &[&action])
            .await
            .unwrap()
            .get(0);
        assert!(found > 0, "{action}");
    }
}

#[actix_web::test]
async fn every_refusal_of_a_patient_leaves_an_entry() {
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

#[actix_web::test]
async fn the_log_holds_no_text_that_a_person_wrote() {
    let team = Team::new().await;
    let things = Things::of(&team).await;
    for call in calls::all(&team, &things) {
        drop(calls::make(&team.nurse.client, &call).await);
    }
    let rows = team
        .world
        .db
        .admin
        .query("SELECT row_to_json(e)::text FROM audit_events e", &[])
        .await
        .unwrap();
    for row in rows {
        let text: String = row.get(0);
        for secret in ["CANARY", "出雲", "イズモ", "訂正", "申し出", "1943-05-12"] {
            assert!(!text.contains(secret), "{text}");
        }
    }
}

/// What nobody gets anywhere with who has no invitation, device or passkey: their own tests look at the entries.
const NEED_A_SECRET: [&str; 21] = [
    "create_enrolment",
    "start_enrolment_totp",
    "start_enrolment_passkey",
    "finish_enrolment",
    "enrol_device",
    "find_current_device",
    "switch_session",
    "set_pin",
    "create_passkey_challenge",
    "create_session_with_passkey",
    "list_mails",
    // Without the key of a log that is witnessed.
    "cosign_checkpoint",
    "find_cosigned_checkpoint",
    // Of one's own: without the password, a passkey or another post of one's own there is nothing to do.
    "change_password",
    "confirm_totp",
    "create_passkey",
    "delete_passkey",
    "remove_totp",
    "create_step_up_challenge",
    "change_post",
    "end_own_session",
];

/// Whether somebody's call leaves an entry, allowed or denied.
async fn leaves_an_entry(team: &Team, call: &calls::Call) -> bool {
    let people = [
        &team.world.administrator,
        &team.care_manager,
        &team.auditor,
        &team.nurse,
        &team.outsider,
    ];
    for person in people {
        let before = count(team).await;
        drop(calls::make(&person.client, call).await);
        if count(team).await > before {
            return true;
        }
    }
    false
}

async fn count(team: &Team) -> i64 {
    team.world.db.one("SELECT count(*) FROM audit_events").await
}

async fn denied(team: &Team) -> i64 {
    let sql = "SELECT count(*) FROM audit_events WHERE outcome = 'denied'";
    team.world.db.one(sql).await
}
