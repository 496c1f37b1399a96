//! Appointments: recurring and changed in one place, seen by whom they concern, never lost.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use tsumugi_client::{
    models::{
        AmendAppointment, Appointment, AppointmentDetail, AppointmentKind, AppointmentOccurrence,
        AppointmentParticipant, AppointmentPlan, AppointmentScope, CancelAppointment,
        CreateAppointment, ListAppointments, RelationKind,
    },
    new_id,
};

use crate::support::{Person, Team, refused};

/// A Monday.
const MONDAY: &str = "2099-01-05";

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn at(day_and_time: &str) -> DateTime<Utc> {
    format!("{day_and_time}:00+09:00").parse().unwrap()
}

fn january() -> ListAppointments {
    ListAppointments {
        from: Some(day("2099-01-01")),
        to: Some(day("2099-01-31")),
    }
}

/// The nurse, Mondays and Thursdays from ten to eleven.
fn visits(team: &Team) -> AppointmentPlan {
    let (from, to) = (at("2099-01-05T10:00"), at("2099-01-05T11:00"));
    let mut plan = AppointmentPlan::timed(AppointmentKind::Visit, from, to)
        .with(&[team.nurse.id])
        .recurring("FREQ=WEEKLY;BYDAY=MO,TH");
    plan.note = Some("鍵は郵便受け".into());
    plan.for_family = true;
    plan
}

async fn enter(person: &Person, team: &Team, plan: AppointmentPlan) -> Appointment {
    let new = CreateAppointment::new(Some(team.patient), plan);
    person.client.appointments().create(&new).await.unwrap()
}

async fn listed(person: &Person, team: &Team) -> Vec<AppointmentOccurrence> {
    let calendar = person.client.appointments();
    calendar
        .list_of_patient(team.patient, &january())
        .await
        .unwrap()
        .items
}

async fn days(person: &Person, team: &Team) -> Vec<String> {
    let found = listed(person, team).await;
    let begins = |one: &AppointmentOccurrence| {
        (one.plan.starts_at.unwrap() + TimeDelta::hours(9))
            .format("%d %H")
            .to_string()
    };
    found.iter().map(begins).collect()
}

fn change(scope: AppointmentScope, on: &str, plan: AppointmentPlan) -> AmendAppointment {
    AmendAppointment {
        scope,
        on: Some(day(on)),
        new_id: Some(new_id()),
        plan,
        reason: "ご本人の都合".into(),
        accept_overlap: false,
    }
}

fn call_off(scope: AppointmentScope, on: &str) -> CancelAppointment {
    CancelAppointment {
        scope,
        on: Some(day(on)),
        reason: "入院のため".into(),
    }
}

fn once(plan: &AppointmentPlan, from: &str, to: &str) -> AppointmentPlan {
    AppointmentPlan {
        starts_at: Some(at(from)),
        ends_at: Some(at(to)),
        recurrence: None,
        ..plan.clone()
    }
}

#[actix_web::test]
async fn a_series_is_changed_on_one_day_from_a_day_on_and_as_a_whole() {
    let team = Team::new().await;
    let made = enter(&team.nurse, &team, visits(&team)).await;
    assert_eq!(
        days(&team.helper, &team).await,
        [
            "05 10", "08 10", "12 10", "15 10", "19 10", "22 10", "26 10", "29 10"
        ]
    );
    let calendar = team.care_manager.client.appointments();
    let moved = once(&made.plan, "2099-01-09T14:00", "2099-01-09T15:00");
    let changed = change(AppointmentScope::This, "2099-01-08", moved);
    calendar.amend(made.id, 1, &changed).await.unwrap();
    calendar
        .cancel(made.id, 2, &call_off(AppointmentScope::This, "2099-01-12"))
        .await
        .unwrap();
    assert_eq!(
        days(&team.helper, &team).await,
        [
            "05 10", "09 14", "15 10", "19 10", "22 10", "26 10", "29 10"
        ]
    );
    let from_here = AppointmentPlan {
        starts_at: Some(at("2099-01-19T13:00")),
        ends_at: Some(at("2099-01-19T14:00")),
        recurrence: Some("FREQ=WEEKLY;BYDAY=MO;COUNT=2".into()),
        ..made.plan.clone()
    };
    let changed = change(AppointmentScope::Following, "2099-01-19", from_here);
    let second = calendar.amend(made.id, 3, &changed).await.unwrap();
    assert_eq!((second.follows, second.version), (Some(made.id), 1));
    assert_eq!(
        days(&team.helper, &team).await,
        ["05 10", "09 14", "15 10", "19 13", "26 13"]
    );
    calendar
        .cancel(second.id, 1, &call_off(AppointmentScope::All, "2099-01-19"))
        .await
        .unwrap();
    assert_eq!(days(&team.helper, &team).await, ["05 10", "09 14", "15 10"]);
    let off = call_off(AppointmentScope::All, "2099-01-19");
    refused(
        calendar.cancel(second.id, 2, &off).await,
        409,
        "appointment_cancelled",
    );
}

#[actix_web::test]
async fn every_version_stays_with_its_author_and_reason() {
    let team = Team::new().await;
    let made = enter(&team.nurse, &team, visits(&team)).await;
    let calendar = team.care_manager.client.appointments();
    let moved = once(&made.plan, "2099-01-08T14:00", "2099-01-08T15:00");
    let changed = change(AppointmentScope::This, "2099-01-08", moved);
    calendar.amend(made.id, 1, &changed).await.unwrap();
    refused(
        calendar.amend(made.id, 1, &changed).await,
        412,
        "stale_version",
    );
    calendar
        .cancel(made.id, 2, &call_off(AppointmentScope::All, MONDAY))
        .await
        .unwrap();
    let versions = calendar.versions(made.id).await.unwrap().items;
    let told: Vec<_> = versions
        .iter()
        .map(|version| {
            (
                version.version,
                version.change.as_str(),
                version.reason.as_deref(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            (1, "create", None),
            (2, "amend_one", Some("ご本人の都合")),
            (3, "cancel", Some("入院のため")),
        ]
    );
    assert_eq!(versions[0].plan.note.as_deref(), Some("鍵は郵便受け"));
    assert_eq!(versions[2].exceptions.len(), 1);
    assert!(versions[2].cancelled && versions.iter().all(|one| one.written_by_name.is_some()));
}

#[actix_web::test]
async fn whoever_is_not_on_the_team_sees_nothing() {
    let team = Team::new().await;
    let made = enter(&team.nurse, &team, visits(&team)).await;
    let outside = team.outsider.client.appointments();
    refused(
        outside.list_of_patient(team.patient, &january()).await,
        404,
        "not_found",
    );
    refused(outside.find(made.id).await, 404, "not_found");
    refused(outside.versions(made.id).await, 404, "not_found");
    let off = call_off(AppointmentScope::All, MONDAY);
    refused(outside.cancel(made.id, 1, &off).await, 404, "not_found");
    let new = CreateAppointment::new(Some(team.patient), visits(&team));
    refused(outside.create(&new).await, 404, "not_found");
    let stranger = team.stranger.client.appointments();
    refused(stranger.find(made.id).await, 404, "not_found");
}

#[actix_web::test]
async fn the_family_sees_who_comes_and_not_what_the_team_notes() {
    let team = Team::new().await;
    enter(&team.nurse, &team, visits(&team)).await;
    let mut inside = visits(&team);
    inside.for_family = false;
    inside.title = Some("内部の打ち合わせ".into());
    inside.kind = AppointmentKind::Conference;
    inside.recurrence = None;
    inside.participants = vec![AppointmentParticipant::staff(team.care_manager.id)];
    let inside = enter(&team.care_manager, &team, inside).await;
    let family = team.relative("hanako", RelationKind::Family).await;
    let calendar = family.appointments();
    let seen = calendar
        .list_of_patient(team.patient, &january())
        .await
        .unwrap()
        .items;
    assert_eq!(seen.len(), 8);
    for one in &seen {
        assert_eq!(
            (&one.detail, one.can_write),
            (&AppointmentDetail::Outline, false)
        );
        assert_eq!((&one.plan.note, one.plan.kind.as_str()), (&None, "visit"));
        assert_eq!(one.people[0].staff_member_id, Some(team.nurse.id));
    }
    refused(calendar.find(inside.id).await, 404, "not_found");
    let new = CreateAppointment::new(Some(team.patient), visits(&team));
    refused(calendar.create(&new).await, 403, "forbidden");
    refused(calendar.list_own(&january()).await, 403, "forbidden");
}

#[actix_web::test]
async fn who_takes_part_and_may_not_see_the_patient_sees_kind_and_time() {
    let team = Team::new().await;
    let mut plan = visits(&team).with(&[team.nurse.id, team.outsider.id]);
    plan.kind = AppointmentKind::Conference;
    plan.title = Some("サービス担当者会議".into());
    plan.place = Some("出雲様宅".into());
    enter(&team.care_manager, &team, plan).await;
    let own = team
        .outsider
        .client
        .appointments()
        .list_own(&january())
        .await
        .unwrap();
    let one = &own.items[0];
    assert_eq!(
        (own.items.len(), &one.detail),
        (8, &AppointmentDetail::Time)
    );
    assert_eq!(
        (
            &one.patient,
            &one.plan.title,
            &one.plan.place,
            &one.plan.note
        ),
        (&None, &None, &None, &None)
    );
    assert!(one.people.is_empty() && !one.can_write && one.mine);
    let raw = team
        .outsider
        .raw("GET", "/v1/appointments?from=2099-01-01&to=2099-01-31", "")
        .await;
    assert!(!raw.text().contains("出雲") && !raw.text().contains(&team.patient.to_string()));
    let nurse = team
        .nurse
        .client
        .appointments()
        .list_own(&january())
        .await
        .unwrap();
    assert_eq!(nurse.items[0].patient.as_ref().unwrap().name, "出雲 和子");
}

#[actix_web::test]
async fn two_things_at_once_are_asked_about_and_not_refused() {
    let team = Team::new().await;
    enter(&team.nurse, &team, visits(&team)).await;
    let tomorrow = Utc::now() + TimeDelta::days(1);
    let timed = |from, hours| {
        AppointmentPlan::timed(AppointmentKind::Other, from, from + TimeDelta::hours(hours))
    };
    let calendar = team.nurse.client.appointments();
    let mut first = timed(tomorrow, 2).with(&[team.nurse.id]);
    first.title = Some("研修".into());
    calendar
        .create(&CreateAppointment::new(None, first.clone()))
        .await
        .unwrap();
    let mut second = timed(tomorrow + TimeDelta::hours(1), 1).with(&[team.nurse.id]);
    second.title = Some("会議".into());
    let found = calendar.overlaps(&second).await.unwrap().items;
    assert_eq!((found.len(), found[0].staff_member_id), (1, team.nurse.id));
    let mut new = CreateAppointment::new(None, second.clone());
    refused(calendar.create(&new).await, 409, "appointment_overlaps");
    new.accept_overlap = true;
    calendar.create(&new).await.unwrap();
    let own = calendar
        .list_own(&ListAppointments::default())
        .await
        .unwrap()
        .items;
    assert!(
        own.len() == 2 && own.iter().all(|one| one.overlaps),
        "{own:?}"
    );
    // What follows directly does not overlap.
    let mut third = timed(tomorrow + TimeDelta::hours(2), 1).with(&[team.nurse.id]);
    third.title = Some("記録".into());
    assert!(calendar.overlaps(&third).await.unwrap().items.is_empty());
}

#[actix_web::test]
async fn an_appointment_without_a_patient_is_that_of_who_takes_part() {
    let team = Team::new().await;
    let mut plan = AppointmentPlan::on(AppointmentKind::Other, day(MONDAY)).with(&[team.helper.id]);
    plan.title = Some("健康診断".into());
    let calendar = team.helper.client.appointments();
    let made = calendar
        .create(&CreateAppointment::new(None, plan))
        .await
        .unwrap();
    assert_eq!(calendar.list_own(&january()).await.unwrap().items.len(), 1);
    let nurse = team.nurse.client.appointments();
    refused(nurse.find(made.id).await, 404, "not_found");
    let off = call_off(AppointmentScope::All, MONDAY);
    refused(nurse.cancel(made.id, 1, &off).await, 404, "not_found");
    calendar.cancel(made.id, 1, &off).await.unwrap();
    assert!(
        calendar
            .list_own(&january())
            .await
            .unwrap()
            .items
            .is_empty()
    );
}

#[actix_web::test]
async fn the_same_request_twice_is_one_appointment() {
    let team = Team::new().await;
    let new = CreateAppointment::new(Some(team.patient), visits(&team));
    let client = team
        .nurse
        .client
        .with_idempotency_key("visits-1".to_owned());
    let first = client.appointments().create(&new).await.unwrap();
    let second = client.appointments().create(&new).await.unwrap();
    assert_eq!(first, second);
    assert_eq!(listed(&team.nurse, &team).await.len(), 8);
    let again = team.nurse.client.appointments().create(&new).await;
    refused(again, 409, "appointment_overlaps");
    let mut accepted = new.clone();
    accepted.accept_overlap = true;
    refused(
        team.nurse.client.appointments().create(&accepted).await,
        409,
        "appointment_exists",
    );
}

#[actix_web::test]
async fn what_cannot_be_is_refused_by_name() {
    let team = Team::new().await;
    let calendar = team.nurse.client.appointments();
    let good = visits(&team);
    let wrong = [
        good.clone().recurring("FREQ=SECONDLY"),
        good.clone().recurring("FREQ=DAILY;COUNT=100000"),
        good.clone().recurring("FREQ=WEEKLY;BYDAY=TU"),
        AppointmentPlan {
            ends_at: Some(at("2099-01-05T09:00")),
            ..good.clone()
        },
        AppointmentPlan {
            ends_at: Some(at("2099-02-05T09:00")),
            ..good.clone()
        },
        AppointmentPlan {
            ends_at: None,
            ..good.clone()
        },
        AppointmentPlan {
            starts_at: None,
            ends_at: None,
            ..good.clone()
        },
        AppointmentPlan {
            starts_on: Some(day(MONDAY)),
            ..good.clone()
        },
        AppointmentPlan {
            title: Some("長".repeat(101)),
            ..good.clone()
        },
        good.clone().with(&[new_id()]),
        good.clone().with(&[team.nurse.id, team.nurse.id]),
        good.clone().with(&[team.stranger.id]),
        AppointmentPlan {
            participants: vec![AppointmentParticipant::default()],
            ..good.clone()
        },
    ];
    for plan in wrong {
        let new = CreateAppointment::new(Some(team.patient), plan.clone());
        let answer = calendar.create(&new).await;
        assert_eq!(
            answer.as_ref().unwrap_err().code(),
            Some("invalid_input"),
            "{plan:?}"
        );
    }
    for far in [
        "+262142-12-31T23:59:59Z",
        "-262142-01-01T00:00:00Z",
        "1999-12-30T00:00:00Z",
    ] {
        let body = serde_json::json!({
            "id": new_id(), "plan": { "kind": "deadline", "starts_at": far, "title": "遠い日" },
        });
        let answer = team
            .nurse
            .raw("POST", "/v1/appointments", &body.to_string())
            .await;
        assert_eq!(answer.status, 422, "{far}");
    }
    for days in [
        "from=2099-01-01&to=2099-12-31",
        "from=2099-02-01&to=2099-01-01",
    ] {
        let answer = team
            .nurse
            .raw("GET", &format!("/v1/appointments?{days}"), "")
            .await;
        assert_eq!(answer.status, 422, "{days}");
    }
    assert!(listed(&team.nurse, &team).await.is_empty());
}
