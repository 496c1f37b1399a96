//! Consent: without it nothing is read.

use tsumugi_client::models::{CreateConsent, WithdrawConsent};

use crate::support::{Team, refused, team::today};

#[actix_web::test]
async fn withdrawal_stops_reading_with_the_next_request_and_keeps_what_was_recorded() {
    let team = Team::new().await;
    let post = team.nurse.notes(team.patient, "訪問しました。").await;
    let consents = team.care_manager.client.consents();
    let standing = consents.list(team.patient).await.unwrap().items.remove(0);
    let reason = WithdrawConsent {
        reason: "本人の申し出".to_owned(),
    };
    let after = consents.withdraw(standing.id, &reason).await.unwrap().items;
    assert!(after[0].withdrawn_at.is_some());
    for person in [&team.physician, &team.helper] {
        refused(
            person.client.patients().find(team.patient).await,
            404,
            "not_found",
        );
        refused(
            person
                .client
                .timeline()
                .list(team.patient, &Default::default())
                .await,
            404,
            "not_found",
        );
        refused(
            person.client.timeline().find_post(post.id).await,
            404,
            "not_found",
        );
        assert!(
            person
                .client
                .patients()
                .list(&Default::default())
                .await
                .unwrap()
                .items
                .is_empty()
        );
    }
    // What a facility recorded itself stays open to it, and nothing else (AZ-14).
    let kept = team.nurse.timeline(team.patient).await;
    assert_eq!(kept.iter().map(|p| p.id).collect::<Vec<_>>(), [post.id]);
    let office = &team.care_manager.client;
    office.patients().find(team.patient).await.unwrap();
    refused(office.timeline().find_post(post.id).await, 404, "not_found");
    assert!(team.care_manager.timeline(team.patient).await.is_empty());
    refused(
        consents.withdraw(standing.id, &reason).await,
        409,
        "consent_withdrawn",
    );
    // Consent is given again: everything is still there.
    consents
        .create(team.patient, &CreateConsent::on_paper(today()))
        .await
        .unwrap();
    assert_eq!(team.nurse.timeline(team.patient).await[0].id, post.id);
}

#[actix_web::test]
async fn consent_is_kept_by_those_who_take_it() {
    let team = Team::new().await;
    let new = CreateConsent::on_paper(today());
    refused(
        team.helper
            .client
            .consents()
            .create(team.patient, &new)
            .await,
        403,
        "forbidden",
    );
    refused(
        team.physician
            .client
            .consents()
            .create(team.patient, &new)
            .await,
        403,
        "forbidden",
    );
    refused(
        team.outsider
            .client
            .consents()
            .create(team.patient, &new)
            .await,
        404,
        "not_found",
    );
    refused(
        team.outsider.client.consents().list(team.patient).await,
        404,
        "not_found",
    );
    team.nurse
        .client
        .consents()
        .create(team.patient, &new)
        .await
        .unwrap();
}

#[actix_web::test]
async fn a_consent_of_the_future_does_not_count_yet() {
    let team = Team::new().await;
    let tomorrow = CreateConsent::on_paper(today().succ_opt().unwrap());
    refused(
        team.nurse
            .client
            .consents()
            .create(team.patient, &tomorrow)
            .await,
        422,
        "invalid_input",
    );
}
