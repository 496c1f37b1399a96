//! People who move and leave: one act with a date, and everything else follows the calendar.

use chrono::{Days, NaiveDate, TimeDelta};
use serde_json::{Value, json};
use tsumugi_client::{
    models::{CreateSession, FacilityKind},
    new_id,
};
use tsumugi_server::worker;
use uuid::Uuid;

use crate::support::{
    Team, World,
    json::{done, items, post, read, refused},
    team::{join, new_patient, register, today},
    world::PASSWORD,
};

fn day(offset: i64) -> NaiveDate {
    today() + TimeDelta::days(offset)
}

async fn moves(team: &Team, who: Uuid, body: Value) -> (u16, Value) {
    let path = format!("/v1/staff-members/{who}/move");
    post(&team.world.administrator, &path, body).await
}

async fn leaves(team: &Team, who: Uuid, body: Value) -> (u16, Value) {
    let path = format!("/v1/staff-members/{who}/leave");
    post(&team.world.administrator, &path, body).await
}

/// Memberships of somebody on the patient's team: first day, last day.
async fn memberships(team: &Team, who: Uuid) -> Vec<(NaiveDate, Option<NaiveDate>)> {
    let client = &team.care_manager.client;
    let all = client.care_team().list(team.patient).await.unwrap().items;
    all.into_iter()
        .filter(|m| m.staff_member.id == who)
        .map(|m| (m.starts_on, m.ends_on))
        .collect()
}

async fn network(world: &World) -> Uuid {
    let sql = "SELECT tenant_id::text FROM tenants WHERE slug = 'kita'";
    let id: String = world.db.one(sql).await;
    id.parse().unwrap()
}

#[actix_web::test]
async fn who_moves_today_acts_for_the_new_post_and_keeps_only_what_goes_along() {
    let team = Team::new().await;
    let note = team.nurse.notes(team.patient, "異動前の記録").await;
    // The memberships of the team began today; they begin the day before, so that they can end with yesterday.
    team.world
        .db
        .admin
        .batch_execute(
            "UPDATE care_team_members SET starts_on = starts_on - 9; UPDATE staff_members SET starts_on = starts_on - 9",
        )
        .await
        .unwrap();
    let clinic = team.world.facility("西診療所", FacilityKind::Clinic).await;
    let new_id = new_id();
    let moved = done(
        moves(
            &team,
            team.nurse.id,
            json!({ "new_id": new_id, "facility_id": clinic, "on": today() }),
        )
        .await,
    );
    assert_eq!(moved["staff_member"]["id"], json!(new_id));
    assert_eq!(moved["staff_member"]["facility"]["name"], "西診療所");
    assert_eq!(moved["ended_memberships"], 1);
    assert_eq!(moved["patients_without_team"], 0);
    assert_eq!(
        memberships(&team, team.nurse.id).await,
        [(day(-9), Some(day(-1)))]
    );
    // The session acted for a post that is no more.
    let error = team.nurse.client.patients().list(&Default::default()).await;
    assert_eq!(error.unwrap_err().code(), Some("session_ended"));
    let nurse = team.nurse.anew().await;
    assert_eq!(nurse.id, new_id);
    let patients = nurse.client.patients().list(&Default::default()).await;
    assert!(patients.unwrap().items.is_empty());
    // What she wrote stays with the post that she wrote it in.
    let seen = team.physician.timeline(team.patient).await;
    let seen = seen.iter().find(|post| post.id == note.id).unwrap();
    assert_eq!(seen.author.id, team.nurse.id);
}

#[actix_web::test]
async fn a_move_of_the_future_happens_on_its_day() {
    let team = Team::new().await;
    let clinic = team.world.facility("西診療所", FacilityKind::Clinic).await;
    let new_id = new_id();
    let body =
        json!({ "new_id": new_id, "facility_id": clinic, "on": day(3), "hand_over_to": new_id });
    let moved = done(moves(&team, team.nurse.id, body).await);
    assert_eq!(moved["ended_memberships"], 1);
    // Until then nothing changes.
    assert!(team.nurse.timeline(team.patient).await.is_empty());
    let still = team.nurse.anew().await;
    assert_eq!(still.id, team.nurse.id);
    assert_eq!(
        memberships(&team, team.nurse.id).await,
        [(today(), Some(day(2)))]
    );
    assert_eq!(memberships(&team, new_id).await, [(day(3), None)]);

    team.world.app.clock.advance(TimeDelta::days(3));
    let network = network(&team.world).await;
    worker::begin_day(&team.world.app, network).await.unwrap();
    assert_eq!(
        worker::begin_day(&team.world.app, network).await.unwrap(),
        0,
        "once is enough"
    );
    let nurse = team.nurse.anew().await;
    assert_eq!(nurse.id, new_id);
    // She took her patient along.
    assert!(nurse.timeline(team.patient).await.is_empty());
}

#[actix_web::test]
async fn who_leaves_is_out_after_the_last_day_and_a_colleague_goes_on() {
    let team = Team::new().await;
    let body = json!({ "on": day(1), "hand_over_to": team.outsider.id });
    let left = done(leaves(&team, team.nurse.id, body).await);
    assert_eq!(
        (&left["ended_memberships"], &left["patients_without_team"]),
        (&json!(1), &json!(0))
    );
    assert_eq!(memberships(&team, team.outsider.id).await, [(day(2), None)]);
    assert!(team.nurse.timeline(team.patient).await.is_empty());
    let hidden = team.outsider.client.patients().find(team.patient).await;
    assert_eq!(hidden.unwrap_err().status(), Some(404));

    team.world.app.clock.advance(TimeDelta::days(2));
    let gone = CreateSession::new("nurse@kita", PASSWORD.to_owned());
    let gone = team.world.anyone.sessions().create(&gone).await;
    assert_eq!(gone.unwrap_err().code(), Some("invalid_credentials"));
    let successor = team.outsider.anew().await;
    assert!(successor.timeline(team.patient).await.is_empty());
}

#[actix_web::test]
async fn leaving_at_once_closes_the_account_and_its_sessions() {
    let team = Team::new().await;
    refused(
        leaves(
            &team,
            team.helper.id,
            json!({ "on": day(1), "at_once": true }),
        )
        .await,
        422,
        "invalid_input",
    );
    done(
        leaves(
            &team,
            team.helper.id,
            json!({ "on": today(), "at_once": true }),
        )
        .await,
    );
    let out = team.helper.client.patients().find(team.patient).await;
    assert_eq!(out.unwrap_err().code(), Some("session_ended"));
    let again = CreateSession::new("helper@kita", PASSWORD.to_owned());
    let again = team.world.anyone.sessions().create(&again).await;
    assert_eq!(again.unwrap_err().code(), Some("invalid_credentials"));
}

#[actix_web::test]
async fn it_is_told_how_many_patients_are_left_alone() {
    let team = Team::new().await;
    for name in ["試験 一", "試験 二"] {
        register(&team.outsider, new_patient(name, "シケン")).await;
    }
    let third = register(&team.outsider, new_patient("試験 三", "シケン"))
        .await
        .id;
    join(&team.outsider, third, team.nurse.id).await;
    let left = leaves(&team, team.outsider.id, json!({ "on": today() })).await;
    let left = done(left);
    assert_eq!(
        (&left["ended_memberships"], &left["patients_without_team"]),
        (&json!(3), &json!(2))
    );
    // Numbers only: an administrator is told of no patient.
    assert!(!left.to_string().contains(&third.to_string()));
}

#[actix_web::test]
async fn what_makes_no_sense_is_refused_and_changes_nothing() {
    let team = Team::new().await;
    let clinic = team.world.facility("西診療所", FacilityKind::Clinic).await;
    let body = |on: NaiveDate| json!({ "new_id": new_id(), "facility_id": clinic, "on": on });
    let with = |field: &str, value: Value| {
        let mut body = body(day(1));
        body[field] = value;
        body
    };
    let nurse = team.nurse.id;
    for (bad, field) in [
        (body(today()), "on"), // the post began today: it would end before it began
        (body(day(400)), "on"),
        (with("facility_id", json!(new_id())), "facility_id"),
        (with("profession", json!("astronaut")), "profession"),
        (with("profession", json!("administrator")), "profession"),
        (with("hand_over_to", json!(nurse)), "hand_over_to"),
        (with("hand_over_to", json!(new_id())), "hand_over_to"),
        (with("hand_over_to", json!(team.auditor.id)), "hand_over_to"),
    ] {
        let (status, answer) = moves(&team, nurse, bad.clone()).await;
        assert_eq!(status, 422, "{bad} {answer}");
        assert_eq!(answer["fields"][0]["field"], field, "{bad}");
    }
    assert_eq!(memberships(&team, nurse).await, [(today(), None)]);
    refused(moves(&team, new_id(), body(day(1))).await, 404, "not_found");
    done(leaves(&team, nurse, json!({ "on": day(5) })).await);
    refused(
        leaves(&team, nurse, json!({ "on": day(9) })).await,
        409,
        "post_ended",
    );
    done(leaves(&team, nurse, json!({ "on": day(2) })).await);

    let administrator = team.world.administrator.id;
    refused(
        leaves(&team, administrator, json!({ "on": day(1) })).await,
        409,
        "last_administrator",
    );
    for person in [&team.care_manager, &team.auditor] {
        let path = format!("/v1/staff-members/{}/leave", team.helper.id);
        refused(
            post(person, &path, json!({ "on": day(1) })).await,
            403,
            "forbidden",
        );
    }
}

#[actix_web::test]
async fn a_move_needs_fresh_factors_and_is_in_the_log_with_its_patients() {
    let team = Team::new().await;
    let clinic = team.world.facility("西診療所", FacilityKind::Clinic).await;
    let body = json!({ "new_id": new_id(), "facility_id": clinic, "on": day(1) });
    done(moves(&team, team.nurse.id, body.clone()).await);
    let sql = "SELECT count(*) FROM audit_events e JOIN audit_event_patients p ON p.event_id = e.id \
               WHERE e.action = 'staff_member.move' AND p.patient_id::text = $1";
    let patient = team.patient.to_string();
    let logged: i64 = team
        .world
        .db
        .admin
        .query_one(sql, &[&patient])
        .await
        .unwrap()
        .get(0);
    assert_eq!(logged, 1);
    let administrator = &team.world.administrator;
    let first_day = today().checked_add_days(Days::new(1)).unwrap();
    let found = items(read(administrator, "/v1/staff-members?query=nurse&limit=100").await);
    let new = found
        .iter()
        .find(|p| p["starts_on"] == json!(first_day))
        .unwrap();
    let old = found
        .iter()
        .find(|p| p["id"] == json!(team.nurse.id))
        .unwrap();
    assert_eq!(new["person_id"], old["person_id"]);

    team.world
        .db
        .admin
        .batch_execute(
            "UPDATE sessions SET authenticated_at = authenticated_at - interval '6 minutes'",
        )
        .await
        .unwrap();
    refused(
        moves(&team, team.nurse.id, body).await,
        403,
        "step_up_required",
    );
}
