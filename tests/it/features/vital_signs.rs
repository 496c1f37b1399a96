//! Vital signs: their score, their limits, and the post that tells of a value outside them.

use std::collections::BTreeMap;

use tsumugi_client::models::{
    AmendPost, Channel, CreatePost, MyAcknowledgement, News2Risk, Post, PostKind,
    UpdateVitalLimits, VitalRange, VitalSigns,
};

use crate::support::{Person, Team, refused};

fn limits(team: &Team) -> UpdateVitalLimits {
    let range = |low, high| VitalRange { low, high };
    UpdateVitalLimits {
        limits: BTreeMap::from([
            ("temperature".to_owned(), range(Some(35.0), Some(37.5))),
            ("spo2".to_owned(), range(Some(92.0), None)),
        ]),
        notify: vec![team.physician.id, team.care_manager.id],
        answer_within_minutes: Some(60),
        instruction: Some("訪問看護ステーションに電話".into()),
        ..UpdateVitalLimits::default()
    }
}

fn warm(temperature: f64) -> VitalSigns {
    VitalSigns {
        temperature: Some(temperature),
        ..VitalSigns::default()
    }
}

async fn record(person: &Person, team: &Team, channel: Channel, signs: VitalSigns) -> Post {
    let new = CreatePost::vitals(channel, signs);
    let timeline = person.client.timeline();
    timeline.create_post(team.patient, &new).await.unwrap()
}

async fn alerts(person: &Person, team: &Team) -> Vec<Post> {
    let mut posts = person.timeline(team.patient).await;
    posts.retain(|post| post.automatic);
    posts
}

#[actix_web::test]
async fn a_value_outside_its_limits_is_told_and_asks_for_an_answer() {
    let team = Team::new().await;
    let vitals = team.physician.client.vitals();
    let set = vitals
        .update_limits(team.patient, 0, &limits(&team))
        .await
        .unwrap();
    assert_eq!((set.version, set.limits.len()), (1, 2));
    record(&team.helper, &team, Channel::Team, warm(36.8)).await;
    assert!(alerts(&team.nurse, &team).await.is_empty());
    let measured = record(&team.helper, &team, Channel::Team, warm(38.6)).await;
    let told = alerts(&team.nurse, &team).await;
    let [alert] = &told[..] else {
        panic!("{told:?}")
    };
    assert_eq!(alert.kind, PostKind::Urgent);
    let answered = alert.reply_to.as_ref().unwrap();
    assert_eq!(answered.id, measured.id);
    assert_eq!(answered.excerpt.as_deref(), Some("体温 38.6℃"));
    assert_eq!(
        alert.body.as_deref().unwrap(),
        "バイタルが連絡の基準を外れました。\n・体温 38.6℃（基準 35.0℃〜37.5℃）\n指示：訪問看護ステーションに電話"
    );
    assert_eq!(alert.acknowledgement.asked.len(), 2);
    assert!(alert.acknowledgement.due_at.is_some());
    let mine = &alerts(&team.physician, &team).await[0];
    assert_eq!(mine.acknowledgement.mine, MyAcknowledgement::Asked);
}

#[actix_web::test]
async fn a_correction_tells_of_what_it_brings_and_of_nothing_twice() {
    let team = Team::new().await;
    let vitals = team.nurse.client.vitals();
    vitals
        .update_limits(team.patient, 0, &limits(&team))
        .await
        .unwrap();
    let post = record(&team.nurse, &team, Channel::Team, warm(36.8)).await;
    let amend = async |version, temperature| {
        let amendment = AmendPost {
            attachment_ids: None,
            body: None,
            vitals: Some(warm(temperature)),
            reason: "転記の誤り".into(),
        };
        let timeline = team.nurse.client.timeline();
        timeline
            .amend_post(post.id, version, &amendment)
            .await
            .unwrap();
    };
    amend(1, 38.6).await;
    assert_eq!(alerts(&team.nurse, &team).await.len(), 1);
    amend(2, 38.9).await;
    assert_eq!(alerts(&team.nurse, &team).await.len(), 1);
}

#[actix_web::test]
async fn only_those_are_told_who_may_read_it() {
    let team = Team::new().await;
    let mut asked = limits(&team);
    asked.notify = vec![team.helper.id, team.physician.id];
    let vitals = team.physician.client.vitals();
    vitals.update_limits(team.patient, 0, &asked).await.unwrap();
    record(&team.nurse, &team, Channel::Medical, warm(39.2)).await;
    assert!(alerts(&team.helper, &team).await.is_empty());
    let told = alerts(&team.physician, &team).await;
    assert_eq!(told[0].acknowledgement.asked.len(), 1);
    assert_eq!(told[0].channel, Channel::Medical);
}

#[actix_web::test]
async fn limits_are_set_by_who_judges_illness_and_seen_by_the_team() {
    let team = Team::new().await;
    let set = async |person: &Person, version| {
        let vitals = person.client.vitals();
        vitals
            .update_limits(team.patient, version, &limits(&team))
            .await
    };
    refused(set(&team.helper, 0).await, 403, "forbidden");
    refused(set(&team.care_manager, 0).await, 403, "forbidden");
    refused(set(&team.outsider, 0).await, 404, "not_found");
    set(&team.physician, 0).await.unwrap();
    refused(set(&team.nurse, 0).await, 412, "stale_version");
    assert_eq!(set(&team.nurse, 1).await.unwrap().version, 2);
    let seen = team
        .helper
        .client
        .vitals()
        .limits(team.patient)
        .await
        .unwrap();
    assert_eq!(seen.limits["temperature"].high, Some(37.5));
    let mut wrong = limits(&team);
    wrong.notify = vec![team.outsider.id];
    let vitals = team.nurse.client.vitals();
    refused(
        vitals.update_limits(team.patient, 2, &wrong).await,
        422,
        "invalid_input",
    );
    wrong = limits(&team);
    wrong.limits.insert("mood".into(), VitalRange::default());
    refused(
        vitals.update_limits(team.patient, 2, &wrong).await,
        422,
        "invalid_input",
    );
}

#[actix_web::test]
async fn a_set_of_signs_has_its_score() {
    let team = Team::new().await;
    let ill = VitalSigns {
        temperature: Some(38.5),
        systolic: Some(98.0),
        diastolic: Some(56.0),
        pulse: Some(112.0),
        spo2: Some(93.0),
        oxygen: Some(0.0),
        respiration: Some(22.0),
        consciousness: Some(0.0),
        ..VitalSigns::default()
    };
    let post = record(&team.nurse, &team, Channel::Team, ill.clone()).await;
    let score = post.news2.unwrap();
    assert_eq!((score.score, score.risk), (Some(9), Some(News2Risk::High)));
    let unknown = VitalSigns {
        oxygen: None,
        ..ill
    };
    let score = record(&team.nurse, &team, Channel::Team, unknown)
        .await
        .news2
        .unwrap();
    assert_eq!(
        (score.score, &score.missing[..]),
        (None, &["oxygen".to_owned()][..])
    );
    let series = team.nurse.client.vitals();
    let series = series
        .list(team.patient, &Default::default())
        .await
        .unwrap();
    assert_eq!(series.items[0].news2.as_ref().unwrap().score, Some(9));
    assert_eq!(
        record(&team.nurse, &team, Channel::Team, warm(36.4))
            .await
            .news2,
        None
    );
}

#[actix_web::test]
async fn every_kind_of_post_is_written_in_words() {
    let team = Team::new().await;
    let timeline = team.nurse.client.timeline();
    for kind in [
        PostKind::Medication,
        PostKind::Wound,
        PostKind::VisitReport,
        PostKind::Urgent,
        PostKind::EndOfLife,
        PostKind::Notice,
    ] {
        let new = CreatePost::of_kind(kind.clone(), Channel::Team, "本文");
        let post = timeline.create_post(team.patient, &new).await.unwrap();
        assert_eq!((&post.kind, post.automatic), (&kind, false));
        let empty = CreatePost {
            id: tsumugi_client::new_id(),
            body: None,
            ..new
        };
        refused(
            timeline.create_post(team.patient, &empty).await,
            422,
            "invalid_input",
        );
    }
}

#[actix_web::test]
async fn of_two_who_set_limits_at_once_one_hears_of_the_other() {
    let team = Team::new().await;
    let new = limits(&team);
    let (physician, nurse) = (team.physician.client.vitals(), team.nurse.client.vitals());
    let (one, other) = futures_util::join!(
        physician.update_limits(team.patient, 0, &new),
        nurse.update_limits(team.patient, 0, &new),
    );
    let (won, lost) = if one.is_ok() {
        (one, other)
    } else {
        (other, one)
    };
    assert_eq!(won.unwrap().version, 1);
    refused(lost, 412, "stale_version");
}

#[actix_web::test]
async fn the_score_is_shown_on_the_scale_that_was_set() {
    let team = Team::new().await;
    let signs = VitalSigns {
        temperature: Some(36.6),
        systolic: Some(124.0),
        pulse: Some(72.0),
        spo2: Some(89.0),
        oxygen: Some(0.0),
        respiration: Some(16.0),
        consciousness: Some(0.0),
        ..VitalSigns::default()
    };
    let post = record(&team.nurse, &team, Channel::Team, signs).await;
    let shown = async || {
        let page = team.helper.timeline(team.patient).await;
        let on_timeline = page.into_iter().find(|one| one.id == post.id).unwrap();
        let vitals = team.helper.client.vitals();
        let series = vitals
            .list(team.patient, &Default::default())
            .await
            .unwrap();
        let in_series = series.items[0].news2.clone();
        [on_timeline.news2, in_series].map(|news2| news2.unwrap().score)
    };
    assert_eq!(shown().await, [Some(3), Some(3)]);
    let second = UpdateVitalLimits {
        spo2_scale: Some(2),
        ..limits(&team)
    };
    let vitals = team.physician.client.vitals();
    vitals
        .update_limits(team.patient, 0, &second)
        .await
        .unwrap();
    assert_eq!(shown().await, [Some(0), Some(0)]);
}
