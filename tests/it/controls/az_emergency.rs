//! Emergency access from beginning to end (AZ-17).

use chrono::TimeDelta;
use serde_json::{Value, json};
use tsumugi_client::{
    Client,
    models::{
        Channel, CreateEmergencyAccess, CreatePost, EmergencyFinding, EmergencyState,
        ListEmergencyAccesses, ListTimeline, Purpose, ReviewEmergencyAccess,
        SearchEmergencyPatient, Sensitivity,
    },
    new_id,
};
use tsumugi_server::worker;
use uuid::Uuid;

use crate::support::{Person, Team, refused};

const REASON: &str = "意識不明で救急搬送され、既往と処方を確認する必要がある";

async fn open(client: &Client, patient: Uuid) -> Uuid {
    let access = CreateEmergencyAccess::new(REASON);
    let opened = client.emergency_access().create(patient, &access).await;
    opened.unwrap().id
}

fn name(name_or_kana: &str) -> SearchEmergencyPatient {
    SearchEmergencyPatient {
        name_or_kana: name_or_kana.to_owned(),
        birth_date: "1943-05-12".parse().unwrap(),
    }
}

async fn network(team: &Team) -> Uuid {
    let sql = "SELECT tenant_id FROM tenants WHERE slug = 'kita'";
    team.world.db.one(sql).await
}

async fn watch(team: &Team) {
    worker::watch(&team.world.app, network(team).await)
        .await
        .unwrap();
}

/// Recipients of mail with this subject, sorted.
async fn mailed(team: &Team, subject: &str) -> Vec<String> {
    let sql = "SELECT recipient, coalesce(body, '') FROM mails WHERE subject = $1 ORDER BY 1";
    let rows = team.world.db.admin.query(sql, &[&subject]).await.unwrap();
    for row in &rows {
        let body: String = row.get(1);
        assert!(!body.contains("出雲") && !body.contains("イズモ"), "{body}");
    }
    rows.iter().map(|row| row.get(0)).collect()
}

/// Actions of the log about emergency access, with their purposes, oldest first.
async fn logged(team: &Team, action: &str) -> Vec<(String, String)> {
    let sql = "SELECT outcome, purpose FROM audit_events WHERE action = $1 ORDER BY at, id";
    let rows = team.world.db.admin.query(sql, &[&action]).await.unwrap();
    rows.iter().map(|row| (row.get(0), row.get(1))).collect()
}

async fn is_closed(client: &Client, team: &Team) {
    let found = client.patients().find(team.patient).await;
    refused(found, 404, "not_found");
    let list = client.timeline();
    let list = list.list(team.patient, &ListTimeline::default()).await;
    refused(list, 404, "not_found");
}

#[actix_web::test]
async fn az_17_a_patient_is_found_by_the_whole_name_and_birth_date_only() {
    let team = Team::new().await;
    let search = async |search: &SearchEmergencyPatient| {
        let emergency = team.outsider.client.emergency_access();
        emergency.search(search).await.unwrap().items
    };
    for whole in ["出雲 和子", "出雲和子", "イズモ カズコ", "ｲｽﾞﾓ ｶｽﾞｺ"]
    {
        let found = search(&name(whole)).await;
        assert_eq!(found.len(), 1, "{whole}");
        assert_eq!(found[0].id, team.patient);
    }
    for part in ["出雲", "和子", "イズモ", "%", "出雲 和"] {
        assert!(search(&name(part)).await.is_empty(), "{part}");
    }
    let other_day = SearchEmergencyPatient {
        birth_date: "1943-05-13".parse().unwrap(),
        ..name("出雲 和子")
    };
    assert!(search(&other_day).await.is_empty());
    let elsewhere = team.stranger.client.emergency_access();
    assert!(
        elsewhere
            .search(&name("出雲 和子"))
            .await
            .unwrap()
            .items
            .is_empty()
    );
    // What came back is as little as it takes.
    let body = json!({ "name_or_kana": "出雲 和子", "birth_date": "1943-05-12" });
    let answer = team
        .outsider
        .raw("POST", "/v1/emergency-access/search", &body.to_string())
        .await;
    let answer: Value = answer.json().unwrap();
    let mut fields: Vec<&String> = answer["items"][0].as_object().unwrap().keys().collect();
    fields.sort();
    assert_eq!(fields, ["birth_date", "id", "kana", "name", "sex"]);
}

#[actix_web::test]
async fn az_17_opening_needs_a_reason_fresh_factors_and_a_profession_that_may() {
    let team = Team::new().await;
    let path = format!("/v1/patients/{}/emergency-access", team.patient);
    for reason in ["", "急変", "123456789", "　　　　　　　　　　急変"] {
        let body = json!({ "id": new_id(), "reason": reason }).to_string();
        let answer = team.outsider.raw("POST", &path, &body).await;
        let said: Value = answer.json().unwrap();
        assert_eq!(answer.status, 422, "{reason}");
        assert_eq!(said["fields"][0]["field"], "reason");
    }
    let access = CreateEmergencyAccess::new(REASON);
    let helper = team.helper.client.emergency_access();
    refused(helper.search(&name("出雲 和子")).await, 403, "forbidden");
    refused(helper.create(team.patient, &access).await, 403, "forbidden");
    for person in [&team.auditor, &team.world.administrator, &team.stranger] {
        let emergency = person.client.emergency_access();
        refused(
            emergency.create(team.patient, &access).await,
            404,
            "not_found",
        );
    }
    team.world.app.clock.advance(TimeDelta::minutes(6));
    let late = team.outsider.client.emergency_access();
    let code = "step_up_required";
    refused(late.search(&name("出雲 和子")).await, 403, code);
    refused(late.create(team.patient, &access).await, 403, code);
    let none = "SELECT count(*) FROM emergency_accesses";
    let none: i64 = team.world.db.one(none).await;
    assert_eq!(none, 0);
    open(&team.outsider.again().await, team.patient).await;
}

#[actix_web::test]
async fn az_17_it_opens_for_its_purpose_only_and_not_what_is_sensitive() {
    let team = Team::new().await;
    let shared = team.nurse.notes(team.patient, "転倒あり").await.id;
    let write = async |new: CreatePost| {
        let timeline = team.nurse.client.timeline();
        timeline.create_post(team.patient, &new).await.unwrap().id
    };
    let medical = write(CreatePost::note(Channel::Medical, "抗凝固薬を内服")).await;
    let family = write(CreatePost::note(Channel::Family, "ご家族へ")).await;
    let sensitive = write(CreatePost::sensitive(Sensitivity::Abuse, "機微")).await;
    let id = open(&team.outsider.client, team.patient).await;

    is_closed(&team.outsider.client, &team).await;
    let emergency = team
        .outsider
        .client
        .with_purpose(Purpose::EmergencyTreatment);
    let patient = emergency.patients().find(team.patient).await.unwrap();
    let access = patient.access.unwrap();
    assert_eq!(access.ground.to_string(), "emergency");
    let banner = access.emergency.unwrap();
    assert_eq!(banner.id, id);
    let left = banner.expires_at - team.world.app.clock.now();
    assert!(
        left <= TimeDelta::minutes(60) && left > TimeDelta::minutes(58),
        "{left}"
    );
    assert!(patient.permissions.post.is_empty() && !patient.permissions.manage_consent);

    let timeline = emergency.timeline();
    let listed = timeline.list(team.patient, &ListTimeline::default()).await;
    let mut listed: Vec<Uuid> = listed.unwrap().items.iter().map(|post| post.id).collect();
    listed.sort();
    assert_eq!(listed, [shared, medical]);
    for open in [shared, medical] {
        timeline.find_post(open).await.unwrap();
    }
    for closed in [family, sensitive] {
        refused(timeline.find_post(closed).await, 404, "not_found");
    }
    // It is for reading, for this one patient, and for whoever opened it.
    let new = CreatePost::note(Channel::Team, "書けない");
    let written = timeline.create_post(team.patient, &new).await;
    refused(written, 403, "forbidden");
    let list = emergency
        .patients()
        .list(&Default::default())
        .await
        .unwrap();
    assert!(list.items.is_empty());
    let others = team
        .stranger
        .client
        .with_purpose(Purpose::EmergencyTreatment);
    is_closed(&others, &team).await;
    let helper = team.helper.client.with_purpose(Purpose::EmergencyTreatment);
    refused(helper.patients().find(team.patient).await, 404, "not_found");
}

#[actix_web::test]
async fn az_17_overseers_are_told_at_once_and_the_log_has_beginning_and_end() {
    let team = Team::new().await;
    let id = open(&team.outsider.client, team.patient).await;
    let overseers = ["administrator@kita.example", "auditor@kita.example"];
    let subject = "つむぎ 緊急時アクセスが開始されました";
    assert_eq!(mailed(&team, subject).await, overseers);

    let emergency = team
        .outsider
        .client
        .with_purpose(Purpose::EmergencyTreatment);
    emergency.patients().find(team.patient).await.unwrap();
    // Nobody else ends it, and nobody opens a second one.
    let nurse = team.nurse.client.emergency_access();
    refused(nurse.end(id).await, 404, "not_found");
    let again = CreateEmergencyAccess::new(REASON);
    let again = team
        .outsider
        .client
        .emergency_access()
        .create(team.patient, &again)
        .await;
    refused(again, 409, "emergency_access_runs");
    let ended = emergency.emergency_access().end(id).await.unwrap();
    assert!(ended.ended_at.is_some());
    is_closed(&emergency, &team).await;
    let twice = emergency.emergency_access().end(id).await;
    refused(twice, 409, "emergency_access_ended");

    let (start, end) = (
        logged(&team, "emergency_access.start").await,
        logged(&team, "emergency_access.end").await,
    );
    let allowed = |purpose: &str| ("allowed".to_owned(), purpose.to_owned());
    assert_eq!((start.len(), start[0].0.as_str()), (1, "allowed"));
    assert!(
        ["TREAT", "ETREAT"].contains(&start[0].1.as_str()),
        "{start:?}"
    );
    assert!(end.contains(&allowed("ETREAT")), "{end:?}");
    let reads = logged(&team, "patient.read").await;
    assert!(reads.contains(&allowed("ETREAT")), "{reads:?}");
}

#[actix_web::test]
async fn az_17_it_runs_out_after_an_hour_by_itself() {
    let team = Team::new().await;
    open(&team.outsider.client, team.patient).await;
    let emergency = async |person: &Person| {
        let client = person.again().await;
        client.with_purpose(Purpose::EmergencyTreatment)
    };
    team.world.app.clock.advance(TimeDelta::minutes(58));
    let client = emergency(&team.outsider).await;
    client.patients().find(team.patient).await.unwrap();
    team.world.app.clock.advance(TimeDelta::minutes(3));
    let client = emergency(&team.outsider).await;
    is_closed(&client, &team).await;
    watch(&team).await;
    watch(&team).await;
    assert_eq!(logged(&team, "emergency_access.end").await.len(), 1);
    let open = ListEmergencyAccesses {
        state: Some(EmergencyState::Open),
    };
    let open = client.emergency_access().list(&open).await.unwrap();
    assert!(open.items.is_empty());
}

#[actix_web::test]
async fn az_17_it_is_reviewed_by_others_and_asked_for_after_three_days() {
    let team = Team::new().await;
    let id = open(&team.outsider.client, team.patient).await;
    let review = ReviewEmergencyAccess {
        finding: EmergencyFinding::Justified,
        note: "救急隊の記録と一致".to_owned(),
    };
    let auditor = team.auditor.client.emergency_access();
    refused(
        auditor.review(id, &review).await,
        409,
        "emergency_access_runs",
    );
    team.outsider
        .client
        .emergency_access()
        .end(id)
        .await
        .unwrap();
    // Not by whoever opened it, nor by colleagues.
    for person in [&team.outsider, &team.nurse, &team.physician] {
        let emergency = person.client.emergency_access();
        refused(emergency.review(id, &review).await, 403, "forbidden");
    }
    let emergency = team.world.other_administrator.client.emergency_access();
    refused(emergency.review(id, &review).await, 404, "not_found");

    let subject = "つむぎ 緊急時アクセスの確認が済んでいません";
    team.world.app.clock.advance(TimeDelta::hours(71));
    watch(&team).await;
    assert!(mailed(&team, subject).await.is_empty());
    team.world.app.clock.advance(TimeDelta::hours(2));
    watch(&team).await;
    watch(&team).await;
    let overseers = ["administrator@kita.example", "auditor@kita.example"];
    assert_eq!(mailed(&team, subject).await, overseers);
    assert_eq!(logged(&team, "emergency_access.overdue").await.len(), 1);

    let unreviewed = ListEmergencyAccesses {
        state: Some(EmergencyState::Unreviewed),
    };
    let auditor = team.auditor.again().await;
    let auditor = auditor.emergency_access();
    let waiting = auditor.list(&unreviewed).await.unwrap().items;
    assert_eq!(waiting.len(), 1);
    assert_eq!((waiting[0].id, waiting[0].reason.as_str()), (id, REASON));
    let reviewed = auditor.review(id, &review).await.unwrap();
    assert_eq!(reviewed.finding, Some(EmergencyFinding::Justified));
    refused(
        auditor.review(id, &review).await,
        409,
        "emergency_access_reviewed",
    );
    assert!(auditor.list(&unreviewed).await.unwrap().items.is_empty());
    team.world.app.clock.advance(TimeDelta::hours(25));
    watch(&team).await;
    assert_eq!(logged(&team, "emergency_access.overdue").await.len(), 1);
}
