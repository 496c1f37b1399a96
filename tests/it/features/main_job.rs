//! The main job, end to end.

use tsumugi_client::models::{Channel, CreatePost, ListAccessLog, ReceiptOutcome, VitalSigns};

use crate::support::{Team, refused};

const SUMMARY: &str = include_str!("../../fixtures/fhir/discharge-summary-01.json");

#[actix_web::test]
async fn a_discharge_summary_reaches_the_team_and_nobody_else() {
    let team = Team::new().await;
    let patient = team.patient;

    let receipt = team.hospital.bundles().receive(SUMMARY).await.unwrap();
    assert_eq!(
        (&receipt.outcome, receipt.patient),
        (&ReceiptOutcome::Posted, Some(patient))
    );
    let post = receipt.post.unwrap();

    let seen = team.care_manager.timeline(patient).await;
    assert_eq!(seen[0].id, post);
    assert!(seen[0].unread);
    let document = team
        .care_manager
        .client
        .documents()
        .find(receipt.document)
        .await
        .unwrap();
    assert!(
        document
            .sections
            .iter()
            .any(|section| !section.sections.is_empty())
    );
    team.care_manager
        .client
        .timeline()
        .acknowledge_post(post)
        .await
        .unwrap();
    let reply = CreatePost::note(
        Channel::Team,
        "確認しました。退院後の訪問予定を調整します。",
    )
    .replying_to(post);
    team.care_manager
        .client
        .timeline()
        .create_post(patient, &reply)
        .await
        .unwrap();

    let vitals = VitalSigns {
        temperature: Some(36.8),
        systolic: Some(132.0),
        diastolic: Some(78.0),
        ..Default::default()
    };
    let measured = CreatePost::vitals(Channel::Team, vitals.clone());
    team.nurse
        .client
        .timeline()
        .create_post(patient, &measured)
        .await
        .unwrap();
    let seen = team.physician.timeline(patient).await;
    assert_eq!(seen[0].vitals, Some(vitals));
    assert_eq!(seen[1].reply_to.as_ref().unwrap().id, post);
    assert_eq!(
        seen[2].acknowledgement.acknowledged[0].staff_member_id,
        team.care_manager.id
    );

    for nobody in [&team.outsider, &team.stranger] {
        refused(
            nobody.client.patients().find(patient).await,
            404,
            "not_found",
        );
        refused(
            nobody.client.timeline().find_post(post).await,
            404,
            "not_found",
        );
        refused(
            nobody.client.documents().find(receipt.document).await,
            404,
            "not_found",
        );
        assert!(
            nobody
                .client
                .patients()
                .list(&Default::default())
                .await
                .unwrap()
                .items
                .is_empty()
        );
    }

    let log = team.auditor.client.access_log();
    let entries = log
        .list(&ListAccessLog {
            patient_id: Some(patient),
            limit: Some(100),
            ..Default::default()
        })
        .await
        .unwrap()
        .items;
    let found = |action: &str, who: Option<uuid::Uuid>, outcome: &str| {
        entries
            .iter()
            .any(|e| e.action == action && e.actor.id == who && e.outcome.as_str() == outcome)
    };
    assert!(
        entries
            .iter()
            .any(|e| e.action == "document.receive" && e.actor.kind.as_str() == "system")
    );
    for action in [
        "timeline.list",
        "document.read",
        "post.acknowledge",
        "post.create",
    ] {
        assert!(
            found(action, Some(team.care_manager.id), "allowed"),
            "{action}"
        );
    }
    assert!(found("post.create", Some(team.nurse.id), "allowed"));
    for denied in ["patient.read", "post.read"] {
        assert!(found(denied, Some(team.outsider.id), "denied"), "{denied}");
    }
    refused(
        team.auditor.client.timeline().find_post(post).await,
        404,
        "not_found",
    );
}
