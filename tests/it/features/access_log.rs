//! The access log: complete, filtered, and a condition of every answer.

use chrono::{TimeDelta, Utc};
use futures_util::TryStreamExt;
use tsumugi_client::models::{AccessRecord, ListAccessLog};

use crate::support::{Team, refused};

#[actix_web::test]
async fn the_log_is_filtered_by_patient_person_action_outcome_and_time() {
    let team = Team::new().await;
    team.nurse.timeline(team.patient).await;
    team.nurse
        .client
        .patients()
        .list(&Default::default())
        .await
        .unwrap();
    refused(
        team.outsider.client.patients().find(team.patient).await,
        404,
        "not_found",
    );
    let log = team.auditor.client.access_log();
    let list = async |query: ListAccessLog| log.list(&query).await.unwrap().items;
    let of_nurse = list(ListAccessLog {
        staff_member_id: Some(team.nurse.id),
        ..Default::default()
    })
    .await;
    assert!(
        of_nurse.len() >= 3
            && of_nurse
                .iter()
                .all(|entry| entry.actor.id == Some(team.nurse.id))
    );
    // A list that named the patient among others counts as an access to the patient.
    let of_patient = list(ListAccessLog {
        patient_id: Some(team.patient),
        limit: Some(100),
        ..Default::default()
    })
    .await;
    assert!(
        of_patient
            .iter()
            .any(|entry| entry.action == "patients.list" && entry.actor.id == Some(team.nurse.id))
    );
    let denied = list(ListAccessLog {
        outcome: Some("denied".into()),
        ..Default::default()
    })
    .await;
    assert_eq!(denied.len(), 1);
    assert_eq!(
        (denied[0].action.as_str(), denied[0].code.as_deref()),
        ("patient.read", Some("not_found"))
    );
    let reads = list(ListAccessLog {
        action: Some("timeline.list".into()),
        ..Default::default()
    })
    .await;
    assert_eq!(reads.len(), 1);
    assert!(
        reads[0]
            .rules
            .iter()
            .any(|rule| rule.id == "team-reads" && !rule.reason_ja.is_empty())
    );
    let tomorrow = Some(Utc::now() + TimeDelta::days(1));
    assert!(
        list(ListAccessLog {
            from: tomorrow,
            ..Default::default()
        })
        .await
        .is_empty()
    );
    let paged = ListAccessLog {
        limit: Some(7),
        ..Default::default()
    };
    let all: Vec<AccessRecord> = log.stream(paged).try_collect().await.unwrap();
    let mut ids: Vec<_> = all.iter().map(|entry| entry.id).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), all.len());
    // Nobody else, and nobody of another network.
    refused(
        team.nurse
            .client
            .access_log()
            .list(&Default::default())
            .await,
        403,
        "forbidden",
    );
    refused(
        team.world
            .administrator
            .client
            .access_log()
            .list(&Default::default())
            .await,
        403,
        "forbidden",
    );
    assert!(
        all.iter()
            .all(|entry| entry.actor.id != Some(team.stranger.id))
    );
}

#[actix_web::test]
async fn what_cannot_be_logged_is_not_answered() {
    let team = Team::new().await;
    team.nurse.notes(team.patient, "CANARY-記録").await;
    let revoke = "REVOKE INSERT ON audit_events FROM tsumugi_app";
    team.world.db.admin.batch_execute(revoke).await.unwrap();
    let path = format!("/v1/patients/{}/timeline", team.patient);
    for (method, body) in [
        ("GET", ""),
        (
            "POST",
            r#"{"id":"0190a000-0000-7000-8000-000000000001","kind":"note","channel":"team","body":"消えない"}"#,
        ),
    ] {
        let answer = team.nurse.raw(method, &path, body).await;
        assert!(answer.status == 503, "{} {}", answer.status, answer.text());
        assert!(!answer.text().contains("CANARY"));
    }
    // A refusal that cannot be logged says only that it is not available.
    let answer = team.outsider.raw("GET", &path, "").await;
    assert_eq!(answer.status, 503);
    team.world
        .db
        .admin
        .batch_execute("GRANT INSERT ON audit_events TO tsumugi_app")
        .await
        .unwrap();
    assert_eq!(team.nurse.timeline(team.patient).await.len(), 1);
}
