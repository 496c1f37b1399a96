//! Every operation leaves an entry in the access log, when it is carried out and when it is refused.

use super::calls::{self, Things};
use crate::support::Team;

/// Operations that see nobody and leave nothing. Compared by equality: the list can only change by hand.
const WITHOUT_ENTRY: [&str; 3] = ["find_health", "find_readiness", "find_openapi"];

#[actix_web::test]
async fn every_operation_leaves_an_entry() {
    let team = Team::new().await;
    let things = Things::of(&team).await;
    let mut silent = Vec::new();
    for call in calls::all(&team, &things) {
        let client = match call.operation {
            "create_facility"
            | "create_staff_member"
            | "list_clients"
            | "create_client"
            | "create_profession"
            | "list_licences"
            | "create_licence"
            | "revoke_licence"
            | "list_accounts"
            | "import_staff_members"
            | "move_staff_member"
            | "leave_staff_member" => team.world.administrator.client.clone(),
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
            let new = tsumugi_client::models::CreateSession::new(
                "nurse@kita",
                crate::support::world::PASSWORD.to_owned(),
            );
            let session = team.world.anyone.sessions().create(&new).await.unwrap();
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

async fn count(team: &Team) -> i64 {
    team.world
        .db
        .admin
        .query_one("SELECT count(*) FROM audit_events", &[])
        .await
        .unwrap()
        .get(0)
}

async fn denied(team: &Team) -> i64 {
    let sql = "SELECT count(*) FROM audit_events WHERE outcome = 'denied'";
    team.world
        .db
        .admin
        .query_one(sql, &[])
        .await
        .unwrap()
        .get(0)
}
