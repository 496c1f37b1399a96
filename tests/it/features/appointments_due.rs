//! What is due beside appointments: devices to be exchanged and deadlines for answers, for whom they are open.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde_json::{Value, json};
use tsumugi_client::models::{
    AppointmentDue, AppointmentDueKind, AskAcknowledgement, Channel, CreatePost, EndFact, Fact,
    ListAppointments, Post, RelationKind,
};
use uuid::Uuid;

use super::facts;
use crate::support::{
    Person, Team,
    team::{join, today},
};

/// Fourteen days, the first so many days from today.
fn fortnight(days: i64) -> ListAppointments {
    let from = in_days(days);
    ListAppointments {
        from: Some(from),
        to: Some(from + TimeDelta::days(13)),
    }
}

fn in_days(days: i64) -> NaiveDate {
    today() + TimeDelta::days(days)
}

fn catheter(next: NaiveDate) -> Value {
    json!({ "device": "urinary_catheter", "next_exchange_on": next })
}

async fn device(team: &Team, next: NaiveDate) -> Fact {
    facts::write(&team.nurse, team, "device", catheter(next)).await
}

async fn of_patient(person: &Person, team: &Team, days: &ListAppointments) -> Vec<AppointmentDue> {
    let calendar = person.client.appointments();
    calendar
        .list_of_patient(team.patient, days)
        .await
        .unwrap()
        .due
}

async fn own(person: &Person, days: &ListAppointments) -> Vec<AppointmentDue> {
    person
        .client
        .appointments()
        .list_own(days)
        .await
        .unwrap()
        .due
}

async fn facility_of(team: &Team, person: &Person) -> Uuid {
    let sql = format!(
        "SELECT facility_id FROM staff_members WHERE id = '{}'",
        person.id
    );
    team.world.db.one(&sql).await
}

fn due_in(team: &Team, minutes: i64) -> DateTime<Utc> {
    team.world.app.clock.now() + TimeDelta::minutes(minutes)
}

/// The physician writes, and asks the nurse to acknowledge it within so many minutes.
async fn asked(team: &Team, post: CreatePost, minutes: i64) -> Post {
    let ask = AskAcknowledgement {
        staff_member_ids: vec![team.nurse.id],
        due_at: Some(due_in(team, minutes)),
        ..AskAcknowledgement::default()
    };
    let timeline = team.physician.client.timeline();
    let post = post.asking_for(ask);
    timeline.create_post(team.patient, &post).await.unwrap()
}

#[actix_web::test]
async fn an_exchange_is_on_the_calendars_of_who_sees_the_device() {
    let team = Team::new().await;
    let made = device(&team, in_days(3)).await;
    let days = fortnight(0);
    for found in [
        of_patient(&team.nurse, &team, &days).await,
        of_patient(&team.physician, &team, &days).await,
        own(&team.nurse, &days).await,
        own(&team.physician, &days).await,
    ] {
        let [one] = &found[..] else {
            panic!("{found:?}")
        };
        assert_eq!(one.kind, AppointmentDueKind::DeviceExchange);
        assert_eq!(one.what.as_deref(), Some("尿道留置カテーテル"));
        assert_eq!((one.on, one.at, one.overdue), (in_days(3), None, false));
        assert_eq!((one.fact_id, one.post_id), (Some(made.id), None));
        let patient = one.patient.as_ref().unwrap();
        assert_eq!(
            (patient.id, patient.name.as_str()),
            (team.patient, "出雲 和子")
        );
    }
    assert!(own(&team.outsider, &days).await.is_empty());
    assert!(own(&team.nurse, &fortnight(14)).await.is_empty());
    // What another facility said was given to the physician's, and the list named the patient.
    let given: i64 = team
        .world
        .db
        .one("SELECT count(*) FROM provisions WHERE kind = 'conditions'")
        .await;
    assert_eq!(given, 1);
    let named = format!(
        "SELECT count(*) FROM audit_events e JOIN audit_event_patients p ON p.event_id = e.id \
         WHERE e.action = 'appointments.list' AND e.staff_member_id = '{}' AND p.patient_id = '{}'",
        team.nurse.id, team.patient
    );
    let named: i64 = team.world.db.one(&named).await;
    assert_eq!(named, 1);
    let removed = EndFact::because("抜去");
    let nurse = team.nurse.client.facts();
    nurse.end(made.id, made.version, &removed).await.unwrap();
    assert!(of_patient(&team.nurse, &team, &days).await.is_empty());
    assert!(own(&team.nurse, &days).await.is_empty());
}

#[actix_web::test]
async fn who_may_not_see_devices_sees_no_exchange() {
    let team = Team::new().await;
    let facility = facility_of(&team, &team.outsider).await;
    let therapist = team
        .world
        .person("therapist", "massage_therapist", facility)
        .await;
    join(&team.care_manager, team.patient, therapist.id).await;
    device(&team, in_days(3)).await;
    let days = fortnight(0);
    assert!(of_patient(&therapist, &team, &days).await.is_empty());
    assert!(own(&therapist, &days).await.is_empty());
    assert_eq!(of_patient(&team.nurse, &team, &days).await.len(), 1);
}

#[actix_web::test]
async fn what_is_overdue_is_among_the_days_only_with_today() {
    let team = Team::new().await;
    device(&team, in_days(-20)).await;
    for found in [
        of_patient(&team.nurse, &team, &fortnight(-3)).await,
        own(&team.nurse, &fortnight(0)).await,
        own(&team.nurse, &fortnight(-25)).await,
    ] {
        let [one] = &found[..] else {
            panic!("{found:?}")
        };
        assert_eq!((one.on, one.overdue), (in_days(-20), true));
    }
    assert!(own(&team.nurse, &fortnight(1)).await.is_empty());
    assert!(own(&team.nurse, &fortnight(-50)).await.is_empty());
}

#[actix_web::test]
async fn a_deadline_is_there_until_the_post_is_acknowledged() {
    let team = Team::new().await;
    let post = CreatePost::note(Channel::Team, "採血をお願いします");
    let post = asked(&team, post, 90).await;
    let days = fortnight(0);
    for found in [
        own(&team.nurse, &days).await,
        of_patient(&team.helper, &team, &days).await,
    ] {
        let [one] = &found[..] else {
            panic!("{found:?}")
        };
        assert_eq!(one.kind, AppointmentDueKind::Answer);
        assert_eq!((one.post_id, one.fact_id), (Some(post.id), None));
        assert_eq!(
            (one.post_kind.as_deref(), one.what.as_deref()),
            (Some("note"), None)
        );
        assert_eq!(one.at, post.acknowledgement.asks[0].due_at);
        assert!(!one.overdue && !one.reply && one.patient.is_some());
    }
    assert!(own(&team.helper, &days).await.is_empty());
    assert!(own(&team.physician, &days).await.is_empty());
    let nurse = team.nurse.client.timeline();
    nurse.acknowledge_post(post.id).await.unwrap();
    assert!(own(&team.nurse, &days).await.is_empty());
    assert!(of_patient(&team.helper, &team, &days).await.is_empty());
}

#[actix_web::test]
async fn a_deadline_of_a_post_that_one_may_not_read_is_not_there() {
    let team = Team::new().await;
    let post = CreatePost::naming([team.nurse.id], "ご家族のことで相談です");
    asked(&team, post, 90).await;
    let days = fortnight(0);
    assert_eq!(of_patient(&team.nurse, &team, &days).await.len(), 1);
    assert_eq!(of_patient(&team.physician, &team, &days).await.len(), 1);
    assert!(of_patient(&team.helper, &team, &days).await.is_empty());
    let family = team.relative("hanako", RelationKind::Family).await;
    let calendar = family.appointments();
    let seen = calendar.list_of_patient(team.patient, &days).await.unwrap();
    assert!(seen.due.is_empty());
}
