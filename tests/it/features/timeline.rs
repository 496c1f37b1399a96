//! The timeline: posts, replies, versions, acknowledgement, unread marks, paging.

use std::collections::HashSet;

use chrono::{TimeDelta, Utc};
use futures_util::TryStreamExt;
use tsumugi_client::{
    models::{
        AmendPost, Channel, CreatePost, ListPatients, ListTimeline, Post, RetractPost, VitalSigns,
    },
    new_id,
};

use crate::support::{Person, Team, refused};

fn note(body: &str) -> CreatePost {
    CreatePost::note(Channel::Team, body)
}

async fn unread(team: &Team, person: &Person) -> u32 {
    let page = person
        .client
        .patients()
        .list(&ListPatients::default())
        .await
        .unwrap();
    page.items
        .into_iter()
        .find(|item| item.id == team.patient)
        .unwrap()
        .unread
}

#[actix_web::test]
async fn pages_hold_every_post_once_newest_first() {
    let team = Team::new().await;
    let mut written = Vec::new();
    for n in 0..57 {
        written.push(
            team.nurse
                .notes(team.patient, &format!("記録 {n}"))
                .await
                .id,
        );
    }
    written.reverse();
    let query = ListTimeline {
        limit: Some(10),
        ..Default::default()
    };
    let read: Vec<Post> = team
        .physician
        .client
        .timeline()
        .stream(team.patient, query)
        .try_collect()
        .await
        .unwrap();
    assert_eq!(read.iter().map(|post| post.id).collect::<Vec<_>>(), written);
    // What comes in between moves nobody's page.
    let first = team
        .physician
        .client
        .timeline()
        .list(
            team.patient,
            &ListTimeline {
                limit: Some(20),
                ..Default::default()
            },
        )
        .await
        .unwrap();
    team.nurse.notes(team.patient, "間に入った記録").await;
    let query = ListTimeline {
        limit: Some(20),
        cursor: first.next,
        ..Default::default()
    };
    let second = team
        .physician
        .client
        .timeline()
        .list(team.patient, &query)
        .await
        .unwrap();
    assert_eq!(second.items[0].id, written[20]);
}

#[actix_web::test]
async fn what_is_for_medical_professions_reaches_nobody_else() {
    let team = Team::new().await;
    let medical = CreatePost::note(Channel::Medical, "抗凝固薬の調整について");
    let post = team
        .nurse
        .client
        .timeline()
        .create_post(team.patient, &medical)
        .await
        .unwrap();
    assert_eq!(team.physician.timeline(team.patient).await[0].id, post.id);
    for person in [&team.helper, &team.care_manager] {
        assert!(person.timeline(team.patient).await.is_empty());
        refused(
            person.client.timeline().find_post(post.id).await,
            404,
            "not_found",
        );
        refused(
            person.client.timeline().acknowledge_post(post.id).await,
            404,
            "not_found",
        );
        refused(
            person.client.timeline().list_post_versions(post.id).await,
            404,
            "not_found",
        );
        assert_eq!(unread(&team, person).await, 0);
        let new = CreatePost::note(Channel::Medical, "書けない");
        refused(
            person
                .client
                .timeline()
                .create_post(team.patient, &new)
                .await,
            403,
            "forbidden",
        );
        let reply = note("書けない").replying_to(post.id);
        refused(
            person
                .client
                .timeline()
                .create_post(team.patient, &reply)
                .await,
            422,
            "invalid_input",
        );
    }
    // A reply stays where it was asked.
    let reply = note("確認しました").replying_to(post.id);
    refused(
        team.physician
            .client
            .timeline()
            .create_post(team.patient, &reply)
            .await,
        422,
        "invalid_input",
    );
    let ask = CreatePost::note(Channel::Medical, "確認してください").asking(vec![team.helper.id]);
    refused(
        team.nurse
            .client
            .timeline()
            .create_post(team.patient, &ask)
            .await,
        422,
        "invalid_input",
    );
}

#[actix_web::test]
async fn a_list_holds_exactly_what_can_be_opened_one_by_one() {
    let team = Team::new().await;
    let mut all = Vec::new();
    for n in 0..12 {
        let channel = if n % 3 == 0 {
            Channel::Medical
        } else {
            Channel::Team
        };
        let new = if n % 2 == 0 {
            CreatePost::note(channel, format!("記録 {n}"))
        } else {
            CreatePost::vitals(
                channel,
                VitalSigns {
                    pulse: Some(70.0),
                    ..Default::default()
                },
            )
        };
        all.push(
            team.nurse
                .client
                .timeline()
                .create_post(team.patient, &new)
                .await
                .unwrap()
                .id,
        );
    }
    let summary = include_str!("../../fixtures/fhir/discharge-summary-01.json");
    all.push(
        team.hospital
            .bundles()
            .receive(summary)
            .await
            .unwrap()
            .post
            .unwrap(),
    );
    for person in [
        &team.physician,
        &team.nurse,
        &team.helper,
        &team.care_manager,
        &team.hospital_nurse,
    ] {
        let listed: HashSet<_> = person
            .timeline(team.patient)
            .await
            .into_iter()
            .map(|post| post.id)
            .collect();
        let mut opened = HashSet::new();
        for id in &all {
            if person.client.timeline().find_post(*id).await.is_ok() {
                opened.insert(*id);
            }
        }
        assert_eq!(listed, opened);
        assert_eq!(
            unread(&team, person).await as usize,
            if person.id == team.nurse.id {
                1
            } else {
                opened.len()
            }
        );
    }
}

#[actix_web::test]
async fn an_amendment_is_a_new_version_and_the_old_one_stays() {
    let team = Team::new().await;
    let post = team.nurse.notes(team.patient, "体温36.8度").await;
    let timeline = team.nurse.client.timeline();
    let amendment = AmendPost {
        attachment_ids: None,
        body: Some("体温37.8度".into()),
        vitals: None,
        reason: "転記の誤り".into(),
    };
    let amended = timeline.amend_post(post.id, 1, &amendment).await.unwrap();
    assert_eq!(
        (amended.version, amended.body.as_deref()),
        (2, Some("体温37.8度"))
    );
    assert!(amended.amended_at.is_some());
    // Somebody who has not seen the new version changes nothing.
    refused(
        timeline.amend_post(post.id, 1, &amendment).await,
        412,
        "stale_version",
    );
    let path = format!("/v1/posts/{}/amend", post.id);
    let missing = team
        .nurse
        .raw("POST", &path, r#"{"body":"x","reason":"y"}"#)
        .await;
    assert_eq!(missing.error().unwrap().code(), Some("if_match_required"));
    // Only the author.
    refused(
        team.physician
            .client
            .timeline()
            .amend_post(post.id, 2, &amendment)
            .await,
        403,
        "forbidden",
    );
    refused(
        team.outsider
            .client
            .timeline()
            .amend_post(post.id, 2, &amendment)
            .await,
        404,
        "not_found",
    );
    let versions = team
        .physician
        .client
        .timeline()
        .list_post_versions(post.id)
        .await
        .unwrap()
        .items;
    let said: Vec<_> = versions
        .iter()
        .map(|v| (v.version, v.body.as_deref().unwrap(), v.reason.as_deref()))
        .collect();
    assert_eq!(
        said,
        [
            (1, "体温36.8度", None),
            (2, "体温37.8度", Some("転記の誤り"))
        ]
    );
}

#[actix_web::test]
async fn of_two_amendments_at_once_one_wins() {
    let team = Team::new().await;
    let post = team.nurse.notes(team.patient, "初版").await;
    let timeline = team.nurse.client.timeline();
    for round in 1..=10 {
        let amend = |text: &str| AmendPost {
            attachment_ids: None,
            body: Some(text.into()),
            vitals: None,
            reason: "訂正".into(),
        };
        let (first, second) = (amend("甲"), amend("乙"));
        let (one, two) = tokio::join!(
            timeline.amend_post(post.id, round, &first),
            timeline.amend_post(post.id, round, &second)
        );
        assert!(one.is_ok() != two.is_ok(), "{one:?} {two:?}");
        refused(if one.is_ok() { two } else { one }, 412, "stale_version");
    }
    assert_eq!(
        timeline
            .list_post_versions(post.id)
            .await
            .unwrap()
            .items
            .len(),
        11
    );
}

#[actix_web::test]
async fn a_retracted_post_says_nothing_but_that_it_was_retracted() {
    let team = Team::new().await;
    let post = team.nurse.notes(team.patient, "別の方の記録でした").await;
    let reason = RetractPost {
        reason: "患者を取り違えました".into(),
    };
    team.nurse
        .client
        .timeline()
        .retract_post(post.id, 1, &reason)
        .await
        .unwrap();
    let seen = team.physician.timeline(team.patient).await.remove(0);
    assert_eq!(
        (seen.body, seen.retraction.unwrap().reason),
        (None, "患者を取り違えました".to_owned())
    );
    let timeline = team.nurse.client.timeline();
    let amend = AmendPost {
        attachment_ids: None,
        body: Some("もとに戻す".into()),
        vitals: None,
        reason: "x".into(),
    };
    refused(
        timeline.amend_post(post.id, 2, &amend).await,
        409,
        "post_retracted",
    );
    refused(
        timeline.acknowledge_post(post.id).await,
        409,
        "post_retracted",
    );
    assert_eq!(
        timeline
            .list_post_versions(post.id)
            .await
            .unwrap()
            .items
            .len(),
        2
    );
}

#[actix_web::test]
async fn a_repeated_request_is_done_once_and_a_changed_one_refused() {
    let team = Team::new().await;
    let nurse = team.nurse.client.with_idempotency_key("visit-1");
    let new = note("訪問しました");
    let first = nurse
        .timeline()
        .create_post(team.patient, &new)
        .await
        .unwrap();
    let again = nurse
        .timeline()
        .create_post(team.patient, &new)
        .await
        .unwrap();
    assert_eq!(first, again);
    refused(
        nurse
            .timeline()
            .create_post(team.patient, &note("別の内容"))
            .await,
        422,
        "idempotency_key_reused",
    );
    // The same key of somebody else is another key.
    let physician = team.physician.client.with_idempotency_key("visit-1");
    physician
        .timeline()
        .create_post(team.patient, &note("往診しました"))
        .await
        .unwrap();
    // Without the key, the id says that it is there.
    refused(
        team.nurse
            .client
            .timeline()
            .create_post(team.patient, &new)
            .await,
        409,
        "post_exists",
    );
    assert_eq!(team.nurse.timeline(team.patient).await.len(), 2);
    // Ten at once are one.
    let nurse = team.nurse.client.with_idempotency_key("visit-2");
    let new = note("同時に送信");
    let sent = futures_util::future::join_all((0..10).map(|_| {
        let (nurse, new) = (nurse.clone(), new.clone());
        async move { nurse.timeline().create_post(team.patient, &new).await }
    }));
    let ids: HashSet<_> = sent
        .await
        .into_iter()
        .map(|answer| answer.unwrap().id)
        .collect();
    assert_eq!(ids.len(), 1);
    assert_eq!(team.nurse.timeline(team.patient).await.len(), 3);
}

#[actix_web::test]
async fn a_repeated_answer_is_not_given_to_who_has_lost_access() {
    let team = Team::new().await;
    let nurse = team.nurse.client.with_idempotency_key("before");
    let new = note("訪問しました");
    nurse
        .timeline()
        .create_post(team.patient, &new)
        .await
        .unwrap();
    let standing = team
        .care_manager
        .client
        .consents()
        .list(team.patient)
        .await
        .unwrap()
        .items
        .remove(0);
    let reason = tsumugi_client::models::WithdrawConsent {
        reason: "申し出".into(),
    };
    team.care_manager
        .client
        .consents()
        .withdraw(standing.id, &reason)
        .await
        .unwrap();
    refused(
        nurse.timeline().create_post(team.patient, &new).await,
        403,
        "forbidden",
    );
}

#[actix_web::test]
async fn vitals_are_a_series_without_what_was_taken_back() {
    let team = Team::new().await;
    let mut ids = Vec::new();
    for n in 0..4 {
        let mut new = CreatePost::vitals(
            Channel::Team,
            VitalSigns {
                weight: Some(50.0 + f64::from(n)),
                ..Default::default()
            },
        );
        new.observed_at = Some(Utc::now() - TimeDelta::days(i64::from(10 - n)));
        ids.push(
            team.nurse
                .client
                .timeline()
                .create_post(team.patient, &new)
                .await
                .unwrap()
                .id,
        );
    }
    let reason = RetractPost {
        reason: "測定の誤り".into(),
    };
    team.nurse
        .client
        .timeline()
        .retract_post(ids[1], 1, &reason)
        .await
        .unwrap();
    let series = team
        .care_manager
        .client
        .vitals()
        .list(team.patient, &Default::default())
        .await
        .unwrap()
        .items;
    assert_eq!(
        series
            .iter()
            .map(|item| item.signs.weight.unwrap())
            .collect::<Vec<_>>(),
        [50.0, 52.0, 53.0]
    );
    refused(
        team.outsider
            .client
            .vitals()
            .list(team.patient, &Default::default())
            .await,
        404,
        "not_found",
    );
}

#[actix_web::test]
async fn what_cannot_be_is_refused_and_nothing_is_kept() {
    let team = Team::new().await;
    let path = format!("/v1/patients/{}/timeline", team.patient);
    let id = new_id();
    let try_with = async |change: serde_json::Value| {
        let mut body =
            serde_json::json!({ "id": id, "kind": "note", "channel": "team", "body": "本文" });
        for (name, value) in change.as_object().unwrap() {
            body[name] = value.clone();
        }
        let answer = team.nurse.raw("POST", &path, &body.to_string()).await;
        let error: serde_json::Value = answer.json().unwrap();
        (
            answer.status,
            error["fields"][0]["field"]
                .as_str()
                .unwrap_or("")
                .to_owned(),
        )
    };
    let invalid = |field: &str| (422, field.to_owned());
    use serde_json::json;
    assert_eq!(try_with(json!({ "body": "" })).await, invalid("body"));
    assert_eq!(
        try_with(json!({ "body": "あ".repeat(10_001) })).await,
        invalid("body")
    );
    assert_eq!(
        try_with(json!({ "body": "a\u{0}b" })).await,
        invalid("body")
    );
    assert_eq!(try_with(json!({ "body": 5 })).await, invalid("body"));
    assert_eq!(
        try_with(json!({ "kind": "document" })).await,
        invalid("kind")
    );
    assert_eq!(
        try_with(json!({ "channel": "everyone" })).await,
        invalid("channel")
    );
    assert_eq!(try_with(json!({ "author": "x" })).await, invalid("author"));
    assert_eq!(try_with(json!({ "id": "5" })).await, invalid("id"));
    assert_eq!(
        try_with(json!({ "vitals": { "pulse": 70 } })).await,
        invalid("vitals")
    );
    assert_eq!(
        try_with(json!({ "kind": "vitals" })).await,
        invalid("vitals")
    );
    assert_eq!(
        try_with(json!({ "kind": "vitals", "vitals": {} })).await,
        invalid("vitals")
    );
    assert_eq!(
        try_with(json!({ "kind": "vitals", "vitals": { "pulse": 5 } })).await,
        invalid("vitals.pulse")
    );
    assert_eq!(
        try_with(json!({ "kind": "vitals", "vitals": { "puls": 70 } })).await,
        invalid("vitals.puls")
    );
    assert_eq!(
        try_with(json!({ "observed_at": "2999-01-01T00:00:00Z" })).await,
        invalid("observed_at")
    );
    assert_eq!(
        try_with(json!({ "reply_to": new_id() })).await,
        invalid("reply_to")
    );
    assert_eq!(
        try_with(json!({ "acknowledgement": { "staff_member_ids": [] } })).await,
        invalid("acknowledgement.staff_member_ids")
    );
    assert!(team.nurse.timeline(team.patient).await.is_empty());
}

#[actix_web::test]
async fn what_is_kept_for_a_while_is_forgotten_and_posts_are_not() {
    let team = Team::new().await;
    let nurse = team.nurse.client.with_idempotency_key("long-ago");
    let new = note("訪問しました");
    let post = nurse
        .timeline()
        .create_post(team.patient, &new)
        .await
        .unwrap();
    let kept = async |what: &str| {
        let count = format!("SELECT count(*) FROM {what}");
        let row = team.world.db.admin.query_one(&count, &[]).await.unwrap();
        row.get::<_, i64>(0)
    };
    let event = format!("events WHERE post_id = '{}'", post.id);
    let key = "idempotency_keys WHERE key = 'long-ago'";
    let written = async || (kept(&event).await > 0).then_some(());
    team.world.eventually(written).await;
    assert_eq!(kept(key).await, 1);
    team.world.app.clock.advance(TimeDelta::days(31));
    let tenant = "SELECT tenant_id FROM tenants WHERE slug = 'kita'";
    let tenant = team.world.db.admin.query_one(tenant, &[]).await.unwrap();
    tsumugi_server::worker::forget_old(&team.world.app, tenant.get(0))
        .await
        .unwrap();
    assert_eq!((kept(&event).await, kept(key).await), (0, 0));
    assert_eq!(kept("posts").await, 1);
}
