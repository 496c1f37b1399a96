//! Standing in, what a network takes away, and why a decision was made.

use chrono::TimeDelta;
use futures_util::TryStreamExt;
use serde_json::{Value, json};
use tsumugi_client::{
    Client,
    models::{
        Channel, CreateAccessOverride, CreatePost, CreateSubstitution, FacilityKind,
        InformationKind, ListAccessLog, Purpose, Right,
    },
    new_id,
};
use tsumugi_server::spine::access::{Engine, Question};
use uuid::Uuid;

use crate::support::{
    Person, Team,
    calls::{self, Things},
    refused,
    team::{new_patient, register},
};

async fn reads(client: &Client, patient: Uuid) -> bool {
    let found = client.patients().find(patient).await;
    let list = client.timeline();
    let list = list.list(patient, &Default::default()).await;
    assert_eq!(found.is_ok(), list.is_ok(), "{found:?} {list:?}");
    if let Err(error) = found {
        assert_eq!(
            (error.status(), error.code()),
            (Some(404), Some("not_found"))
        );
        return false;
    }
    true
}

async fn deputy(team: &Team) -> Person {
    let clinic = team.world.facility("東診療所", FacilityKind::Clinic).await;
    team.world.person("deputy", "physician", clinic).await
}

// ---- standing in --------------------------------------------------------------------------------------------------

#[actix_web::test]
async fn az_13_a_substitute_reads_within_the_window_and_neither_before_nor_after() {
    let team = Team::new().await;
    let deputy = deputy(&team).await;
    let now = team.world.app.clock.now();
    let minutes = TimeDelta::minutes;
    let (from, until) = (now + minutes(10), now + minutes(130));
    let standing_in = CreateSubstitution::during_leave(team.physician.id, deputy.id, from, until);
    let substitutions = team.physician.client.substitutions();
    substitutions.create(&standing_in).await.unwrap();
    assert!(!reads(&deputy.client, team.patient).await);
    team.world.app.clock.advance(minutes(11));
    assert!(reads(&deputy.again().await, team.patient).await);
    let view = deputy.again().await;
    let view = view.patients().find(team.patient).await.unwrap();
    assert_eq!(view.access.unwrap().ground.to_string(), "substitute");
    team.world.app.clock.advance(minutes(110));
    assert!(reads(&deputy.again().await, team.patient).await);
    team.world.app.clock.advance(minutes(15));
    assert!(!reads(&deputy.again().await, team.patient).await);
}

#[actix_web::test]
async fn az_13_a_substitution_that_was_ended_is_over_with_the_next_request() {
    let team = Team::new().await;
    let deputy = deputy(&team).await;
    let other = new_patient("松江 太郎", "マツエ タロウ");
    let other = register(&team.physician, other).await.id;
    let now = team.world.app.clock.now();
    let window = |patient| {
        CreateSubstitution::during_leave(
            team.physician.id,
            deputy.id,
            now - TimeDelta::minutes(1),
            now + TimeDelta::days(7),
        )
        .for_patient(patient)
    };
    let substitutions = team.physician.client.substitutions();
    let one = window(team.patient);
    substitutions.create(&one).await.unwrap();
    // One patient, not all of the one who is away.
    assert!(reads(&deputy.client, team.patient).await);
    assert!(!reads(&deputy.client, other).await);
    let nurse = team.nurse.client.substitutions();
    assert!(nurse.end(one.id).await.is_err());
    assert!(reads(&deputy.client, team.patient).await);
    substitutions.end(one.id).await.unwrap();
    assert!(!reads(&deputy.client, team.patient).await);
    // Whoever is no longer on the team cannot be stood in for.
    let two = window(other);
    substitutions.create(&two).await.unwrap();
    assert!(reads(&deputy.client, other).await);
    assert!(!reads(&deputy.client, team.patient).await);
}

#[actix_web::test]
async fn az_13_nobody_of_another_group_and_nobody_for_strangers_stands_in() {
    let team = Team::new().await;
    let deputy = deputy(&team).await;
    let now = team.world.app.clock.now();
    let window = |absent, substitute| {
        let end = now + TimeDelta::days(1);
        CreateSubstitution::during_leave(absent, substitute, now, end)
    };
    let physician = team.physician.client.substitutions();
    for substitute in [team.outsider.id, team.helper.id, team.stranger.id, new_id()] {
        let made = physician
            .create(&window(team.physician.id, substitute))
            .await;
        refused(made, 422, "invalid_input");
    }
    // Nobody names themselves the substitute of somebody they do not share a patient with.
    let taken = deputy.client.substitutions();
    let taken = taken.create(&window(team.physician.id, deputy.id)).await;
    assert!(taken.is_err());
    assert!(!reads(&deputy.client, team.patient).await);
    assert!(!reads(&team.outsider.client, team.patient).await);
    let none = "SELECT count(*) FROM substitutions";
    let none: i64 = team.world.db.one(none).await;
    assert_eq!(none, 0);
}

// ---- what a network takes away ------------------------------------------------------------------------------------

#[actix_web::test]
async fn az_13_what_a_network_takes_away_is_gone_with_the_next_request_and_comes_back() {
    let team = Team::new().await;
    let note = team.physician.notes(team.patient, "経過良好").await.id;
    let overrides = team.world.administrator.client.access_overrides();
    let take = async |profession: &str, kind, right| {
        let new = CreateAccessOverride::new(profession.into(), kind, right, "協議会の決定");
        overrides.create(&new).await.unwrap().id
    };
    let write = async |person: &Person| {
        let timeline = person.client.timeline();
        let new = CreatePost::note(Channel::Team, "訪問");
        timeline.create_post(team.patient, &new).await
    };
    let read = async |person: &Person| {
        let timeline = person.client.timeline();
        let found = timeline.find_post(note).await.is_ok();
        let list = timeline.list(team.patient, &Default::default()).await;
        let listed = list.is_ok_and(|page| page.items.iter().any(|post| post.id == note));
        assert_eq!(found, listed);
        found
    };
    assert!(read(&team.nurse).await && read(&team.hospital_nurse).await);
    let taken = take("nurse", InformationKind::Note, Right::Read).await;
    assert!(!read(&team.nurse).await && !read(&team.hospital_nurse).await);
    assert!(read(&team.physician).await && read(&team.helper).await);
    overrides.remove(taken).await.unwrap();
    assert!(read(&team.nurse).await);

    let taken = take("nurse", InformationKind::Note, Right::Write).await;
    assert!(read(&team.nurse).await);
    refused(write(&team.nurse).await, 403, "forbidden");
    write(&team.helper).await.unwrap();
    overrides.remove(taken).await.unwrap();
    write(&team.nurse).await.unwrap();
}

#[actix_web::test]
async fn az_13_a_network_only_narrows() {
    let team = Team::new().await;
    let new = CreatePost::note(Channel::Medical, "医療職のみ");
    let timeline = team.nurse.client.timeline();
    let medical = timeline.create_post(team.patient, &new).await.unwrap().id;
    let seen = async || {
        let timeline = team.helper.client.timeline();
        timeline.find_post(medical).await.is_ok()
    };
    assert!(!seen().await);
    let body = |takes: &str| {
        json!({
            "id": new_id(), "profession": "home_helper", "kind": "medical", "takes": takes, "reason": "協議会"
        })
        .to_string()
    };
    let path = "/v1/access-overrides";
    let administrator = &team.world.administrator;
    for takes in ["grant", "no_read", "separate", "summary", "", "-read"] {
        let answer = administrator.raw("POST", path, &body(takes)).await;
        assert_eq!(answer.status, 422, "{takes}: {}", answer.text());
    }
    let mut gives: Value = serde_json::from_str(&body("read")).unwrap();
    gives["gives"] = json!("read");
    let answer = administrator.raw("POST", path, &gives.to_string()).await;
    assert_eq!(answer.status, 422);
    for person in [&team.nurse, &team.auditor, &team.physician] {
        let answer = person.raw("POST", path, &body("read")).await;
        assert_eq!(answer.status, 403);
    }
    for takes in ["read", "write", "sign"] {
        let answer = administrator.raw("POST", path, &body(takes)).await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        assert!(!seen().await);
    }
    for taken in administrator
        .client
        .access_overrides()
        .list()
        .await
        .unwrap()
        .items
    {
        administrator
            .client
            .access_overrides()
            .remove(taken.id)
            .await
            .unwrap();
        assert!(!seen().await);
    }
}

// ---- why ----------------------------------------------------------------------------------------------------------

#[actix_web::test]
async fn az_04_an_entry_of_the_log_is_explained_as_it_was_decided() {
    let team = Team::new().await;
    let things = Things::of(&team).await;
    for person in [&team.outsider, &team.helper, &team.physician, &team.nurse] {
        for call in calls::all(&team, &things) {
            let ends = [
                "delete_session",
                "lock_session",
                "stream_events",
                "withdraw_consent",
            ];
            if !ends.contains(&call.operation) {
                calls::make(&person.client, &call).await;
            }
        }
    }
    let query = ListAccessLog {
        limit: Some(100),
        ..Default::default()
    };
    let log = team.auditor.client.access_log();
    let entries: Vec<_> = log.stream(query).try_collect().await.unwrap();
    let engine = Engine::new().unwrap();
    let (mut allowed, mut denied) = (0, 0);
    for entry in entries.iter().take(300) {
        let explanations = team.auditor.client.explanations();
        let said = explanations.of_log_entry(entry.id).await.unwrap();
        let outcome = entry.outcome.to_string();
        assert_eq!(said.allowed, outcome == "allowed", "{entry:?}");
        assert_eq!(said.same_rules, Some(true));
        assert_eq!(
            said.decided_at.timestamp_micros(),
            entry.at.timestamp_micros()
        );
        let named: Vec<&str> = said.rules.iter().map(|rule| rule.id.as_str()).collect();
        let kept: Vec<&str> = entry.rules.iter().map(|rule| rule.id.as_str()).collect();
        assert_eq!(named, kept);
        assert!(
            said.would_help.is_empty() || !said.allowed,
            "{entry:?} {said:?}"
        );
        // The question that was kept, asked once more, has the answer that was given.
        let sql = "SELECT decision FROM audit_events WHERE id = $1";
        let row = team
            .world
            .db
            .admin
            .query_one(sql, &[&entry.id])
            .await
            .unwrap();
        let Some(question) = row.get::<_, Option<String>>(0) else {
            continue;
        };
        let question: Question = serde_json::from_str(&question).unwrap();
        let again = engine.decide(&question);
        if said.allowed {
            assert!(again.allowed, "{entry:?} {question:?}");
            allowed += 1;
        } else if ["forbidden", "not_found"].contains(&entry.code.as_deref().unwrap_or("")) {
            denied += i32::from(!again.allowed);
        }
        for rule in &again.rules {
            assert!(kept.contains(&rule.as_str()), "{entry:?} {question:?}");
        }
    }
    assert!(allowed > 50 && denied > 50, "{allowed} {denied}");
    // Among all that was called was the end of every session.
    let someone = team.nurse.again().await;
    let someone = someone.explanations();
    refused(someone.of_log_entry(entries[0].id).await, 403, "forbidden");
    let elsewhere = team.world.other_administrator.client.explanations();
    assert!(elsewhere.of_log_entry(entries[0].id).await.is_err());
}

#[actix_web::test]
async fn az_03_asking_why_tells_nothing_about_whether_there_is_such_a_patient() {
    let team = Team::new().await;
    let asked = async |client: &Client, patient: Uuid, rest: &Value| {
        let mut body = rest.clone();
        body["patient_id"] = json!(patient);
        let path = "/v1/access-explanations";
        let headers = [
            ("content-type", "application/json"),
            ("x-request-id", "same"),
        ];
        let answer = client
            .send_raw("POST", path, &headers, body.to_string())
            .await;
        let answer = answer.unwrap();
        let mut said: Value = answer.json().unwrap();
        said["decided_at"] = Value::Null;
        (answer.status, said)
    };
    let questions = [
        json!({ "action": "patient.read" }),
        json!({ "action": "care_team.read" }),
        json!({ "action": "consent.write" }),
        json!({ "action": "post.read", "kind": "note" }),
        json!({ "action": "post.read", "kind": "note", "channel": "sensitive", "sensitivity": "hiv" }),
        json!({ "action": "post.create", "kind": "vitals", "channel": "medical" }),
        json!({ "action": "record.sign", "kind": "nursing_plan" }),
        json!({ "action": "emergency_access.open" }),
    ];
    let emergency = team
        .outsider
        .client
        .with_purpose(Purpose::EmergencyTreatment);
    for client in [&team.outsider.client, &team.stranger.client, &emergency] {
        for question in &questions {
            let hidden = asked(client, team.patient, question).await;
            let absent = asked(client, new_id(), question).await;
            assert_eq!(hidden, absent, "{question}");
            assert_eq!(hidden.0, 200);
        }
    }
    // About others, only overseers ask.
    let mut other = questions[0].clone();
    other["staff_member_id"] = json!(team.nurse.id);
    assert_eq!(
        asked(&team.outsider.client, team.patient, &other).await.0,
        403
    );
    let said = asked(&team.auditor.client, team.patient, &other).await;
    assert_eq!((said.0, &said.1["allowed"]), (200, &json!(true)));
    other["staff_member_id"] = json!(team.outsider.id);
    let said = asked(&team.auditor.client, team.patient, &other).await;
    assert_eq!((said.0, &said.1["allowed"]), (200, &json!(false)));
    let helps = said.1["would_help"].to_string();
    assert!(
        helps.contains("join_care_team") && helps.contains("emergency_access"),
        "{helps}"
    );
}
