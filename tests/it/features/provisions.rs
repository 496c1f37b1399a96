//! What was given to other facilities: the list, its pages and its limits. That it is complete is in `controls`.

use chrono::{Days, TimeDelta};
use futures_util::{TryStreamExt, future::join_all};
use tsumugi_client::models::{ExportProvisions, ListProvisions, ListTimeline};

use crate::support::{Team, refused, team::today};

#[actix_web::test]
async fn a_row_stands_for_a_day_a_giver_a_receiver_and_a_kind() {
    let team = Team::new().await;
    team.physician.notes(team.patient, "一つ目").await;
    team.physician.notes(team.patient, "二つ目").await;
    for _ in 0..3 {
        team.nurse.timeline(team.patient).await;
    }
    let provisions = team.care_manager.client.provisions();
    let only_notes = async || -> Vec<_> {
        let all = provisions.stream(team.patient, ListProvisions::default());
        let all: Vec<_> = all.try_collect().await.unwrap();
        all.into_iter().filter(|row| row.kind == "note").collect()
    };
    let rows = only_notes().await;
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].provided_on, today());
    assert_eq!(rows[0].source_facility.name, "北診療所");
    assert_eq!(rows[0].recipient_facility.name, "北訪問看護ステーション");
    assert_eq!(rows[0].recipient, "試験 nurse");
    assert_eq!(rows[0].kind_ja, "記録・連絡");
    let consents = team.care_manager.client.consents();
    let consent = consents.list(team.patient).await.unwrap().items.remove(0);
    assert_eq!(rows[0].consent_id, Some(consent.id));

    // The next day is another row.
    team.world.app.clock.advance(TimeDelta::days(1));
    let nurse = team.nurse.again().await;
    let first = ListTimeline::default();
    nurse.timeline().list(team.patient, &first).await.unwrap();
    let care_manager = team.care_manager.again().await;
    let provisions = care_manager.provisions();
    let days = async |from: u64, to: u64| {
        let query = ListProvisions {
            from: today().checked_add_days(Days::new(from)),
            to: today().checked_add_days(Days::new(to)),
            ..Default::default()
        };
        let rows = provisions.list(team.patient, &query).await.unwrap().items;
        rows.iter().filter(|row| row.kind == "note").count()
    };
    assert_eq!(
        (days(0, 1).await, days(1, 1).await, days(0, 0).await),
        (2, 1, 1)
    );
    let backwards = ListProvisions {
        from: Some(today()),
        to: today().checked_sub_days(Days::new(1)),
        ..Default::default()
    };
    refused(
        provisions.list(team.patient, &backwards).await,
        422,
        "invalid_input",
    );
}

#[actix_web::test]
async fn pages_have_neither_gaps_nor_repeats() {
    let team = Team::new().await;
    for person in [
        &team.physician,
        &team.nurse,
        &team.helper,
        &team.hospital_nurse,
    ] {
        person.notes(team.patient, "記録").await;
    }
    for person in [
        &team.physician,
        &team.nurse,
        &team.helper,
        &team.hospital_nurse,
    ] {
        person.timeline(team.patient).await;
        person.client.patients().find(team.patient).await.unwrap();
    }
    let provisions = team.care_manager.client.provisions();
    let everything = ListProvisions::default();
    let whole = provisions.list(team.patient, &everything);
    let whole = whole.await.unwrap().items;
    // Each of four is shown the notes of three and what the office registered.
    assert_eq!(whole.len(), 4 * 3 + 4);
    for limit in [1, 3, 7] {
        let query = ListProvisions {
            limit: Some(limit),
            ..Default::default()
        };
        let paged: Vec<_> = provisions
            .stream(team.patient, query)
            .try_collect()
            .await
            .unwrap();
        assert_eq!(paged, whole, "{limit}");
    }
}

#[actix_web::test]
async fn of_many_first_readers_at_once_none_is_turned_away() {
    let team = Team::new().await;
    team.physician.notes(team.patient, "記録").await;
    let pages = join_all((0..4).map(|_| team.nurse.timeline(team.patient))).await;
    assert!(pages.iter().all(|page| page.len() == 1));
    let rows: i64 = team
        .world
        .db
        .one("SELECT count(*) FROM provisions WHERE kind = 'note'")
        .await;
    assert_eq!(rows, 1);
}

#[actix_web::test]
async fn the_record_is_for_the_team() {
    let team = Team::new().await;
    let export = ExportProvisions::default();
    for person in [&team.nurse, &team.helper] {
        let provisions = person.client.provisions();
        let listed = provisions.list(team.patient, &Default::default()).await;
        listed.unwrap();
        provisions.export(team.patient, &export).await.unwrap();
    }
    let provisions = team.auditor.client.provisions();
    let listed = provisions.list(team.patient, &Default::default()).await;
    listed.unwrap();
    let exported = provisions.export(team.patient, &export).await;
    refused(exported, 404, "not_found");
    for person in [&team.outsider, &team.stranger, &team.world.administrator] {
        let provisions = person.client.provisions();
        let listed = provisions.list(team.patient, &Default::default()).await;
        refused(listed, 404, "not_found");
        let exported = provisions.export(team.patient, &export).await;
        refused(exported, 404, "not_found");
    }
}
