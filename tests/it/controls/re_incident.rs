//! RE-15: a leak of one key, account, session, device or address: the list of affected persons is the truth.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use tsumugi_client::models::{
    AccessOutcome, CreateSystemClient, ExportIncidentReport, IncidentReport, IncidentSource,
    ListAccessLog, RelationKind,
};
use tsumugi_server::{
    features::incident_reports::{self, Asked, Source},
    spine::auth::Actor,
};
use uuid::Uuid;

use crate::support::{
    Team,
    log::{door, network},
    refused,
    team::{join, new_patient, register},
};

/// Everything of these tests happens in between.
fn times() -> (DateTime<Utc>, DateTime<Utc>) {
    let now = Utc::now();
    (now - TimeDelta::hours(2), now + TimeDelta::hours(2))
}

fn asked(source: IncidentSource) -> ExportIncidentReport {
    let (from, to) = times();
    ExportIncidentReport::new(source, from, to)
}

fn names(report: &IncidentReport, content: bool) -> BTreeSet<&str> {
    let people = report.affected.iter();
    people
        .filter(|person| person.content == content)
        .map(|person| person.name.as_str())
        .collect()
}

#[actix_web::test]
async fn re_15_a_leaked_key_lists_exactly_those_whose_information_went_out() {
    let team = Team::new().await;
    let mut patients = Vec::new();
    for (name, kana) in [
        ("阿部 一郎", "アベ イチロウ"),
        ("馬場 二郎", "ババ ジロウ"),
        ("千葉 三郎", "チバ サブロウ"),
        ("土井 四郎", "ドイ シロウ"),
    ] {
        patients.push(
            register(&team.care_manager, new_patient(name, kana))
                .await
                .id,
        );
    }
    for patient in &patients[..3] {
        join(&team.care_manager, *patient, team.nurse.id).await;
    }
    team.physician
        .notes(team.patient, "CANARY 診察しました。")
        .await;
    drop(team.relative("hanako", RelationKind::Family).await);
    // The program of the nurse's facility, whose key leaks; another one that does not.
    let me = team.nurse.client.sessions().me().await.unwrap();
    let station = me.staff_member.unwrap().facility.id;
    let token = async || team.nurse.client.access_token().await.unwrap().unwrap();
    let program = async |name: &str| {
        let new = CreateSystemClient::new(station, name).for_people();
        team.world.program(&new).await
    };
    let (leaked, other) = (
        program("漏えいしたソフト").await,
        program("別のソフト").await,
    );
    let acting = async |made: &tsumugi_client::models::CreatedSystemClient| {
        let secret = made.client_secret.clone();
        let anyone = &team.world.anyone;
        anyone
            .acting_for(token().await, made.client_id.clone(), secret)
            .unwrap()
    };
    let (thief, honest) = (acting(&leaked).await, acting(&other).await);
    // Content of two, the names of all four of the nurse's own, and an attempt at one who is not.
    for _ in 0..3 {
        thief
            .timeline()
            .list(team.patient, &Default::default())
            .await
            .unwrap();
    }
    thief.patients().find(patients[0]).await.unwrap();
    thief.patients().list(&Default::default()).await.unwrap();
    refused(thief.patients().find(patients[3]).await, 404, "not_found");
    // What is not of the leak.
    honest.patients().find(patients[1]).await.unwrap();
    team.nurse
        .client
        .patients()
        .find(patients[2])
        .await
        .unwrap();

    let (id, _) = leaked.client_id.split_once('@').unwrap();
    let id: Uuid = id.parse().unwrap();
    let reports = team.auditor.client.incident_reports();
    let mut question = asked(IncidentSource::Client(id));
    question.known_on = Some("2026-11-02".parse().unwrap());
    let report = reports.find(&question).await.unwrap();
    assert_eq!(
        names(&report, true),
        BTreeSet::from(["出雲 和子", "阿部 一郎"])
    );
    assert_eq!(
        names(&report, false),
        BTreeSet::from(["馬場 二郎", "千葉 三郎"])
    );
    assert_eq!(
        (
            report.persons,
            report.persons_with_content,
            report.persons_listed_only
        ),
        (4, 2, 2)
    );
    assert_eq!((report.accesses, report.refused), (5, 1));
    let izumo = report
        .affected
        .iter()
        .find(|person| person.id == team.patient)
        .unwrap();
    assert_eq!((izumo.contents, izumo.lists), (3, 1));
    assert_eq!(izumo.address, "北部市一丁目1");
    assert_eq!(izumo.relatives[0].relation, "長女");
    assert_eq!(
        izumo.subjects_ja,
        ["一覧の項目（氏名・生年月日など）", "記録・連絡"]
    );
    // What the physician's clinic had written, and the office that registered her, was given to the nurse's station.
    let given = |name: &str| -> Vec<(&str, &str)> {
        let person = report.affected.iter().find(|person| person.name == name);
        let provisions = person.unwrap().provisions.iter();
        provisions
            .map(|one| (one.source_facility.as_str(), one.kind.as_str()))
            .collect()
    };
    let basic = ("北ケアプラン", "basic");
    assert_eq!(given("出雲 和子"), [basic, ("北診療所", "note")]);
    assert_eq!(given("馬場 二郎"), [basic]);
    // The official report.
    let form = &report.form;
    assert_eq!(form.first_report_by, Some("2026-11-06".parse().unwrap()));
    assert_eq!(form.full_report_by, Some("2026-12-01".parse().unwrap()));
    assert_eq!(
        form.full_report_by_if_wrongful,
        Some("2026-12-31".parse().unwrap())
    );
    let numbers: Vec<u8> = form.items.iter().map(|item| item.number).collect();
    assert_eq!(numbers, [1, 2, 3, 4, 5, 6, 7, 8, 9]);
    assert!(form.items[0].text_ja.contains("漏えいしたソフト"));
    assert!(
        form.items[2]
            .text_ja
            .starts_with("4人（うち内容まで見られた方2人")
    );
    // The same as a spreadsheet.
    let csv = reports.csv(&question).await.unwrap();
    let csv = String::from_utf8(csv.to_vec()).unwrap();
    assert!(
        csv.starts_with('\u{feff}') && csv.lines().count() == 5,
        "{csv}"
    );
    assert!(csv.contains("出雲 和子") && csv.contains("一覧のみ") && !csv.contains("土井"));
    // Whoever is named was named: in the log of each.
    let query = ListAccessLog {
        patient_id: Some(patients[1]),
        action: Some("incident_report.export".to_owned()),
        ..Default::default()
    };
    let log = team.auditor.client.access_log();
    assert_eq!(log.list(&query).await.unwrap().items.len(), 2);
}

#[actix_web::test]
async fn re_15_the_command_says_the_same_as_the_interface_for_every_source() {
    let team = Team::new().await;
    team.nurse.timeline(team.patient).await;
    team.physician.timeline(team.patient).await;
    let again = team.nurse.again().await;
    again.patients().find(team.patient).await.unwrap();
    let sql = "SELECT session_id FROM audit_events WHERE action = 'patient.read' AND staff_member_id = $1";
    let row = team
        .world
        .db
        .admin
        .query_one(sql, &[&team.nurse.id])
        .await
        .unwrap();
    let session: Uuid = row.get(0);
    let kita = network(&team.world, "kita").await;
    let reports = team.auditor.client.incident_reports();
    let (from, to) = times();
    for (source, of_command, contents) in [
        (
            IncidentSource::Account(team.nurse.account),
            Source::Account(team.nurse.account),
            2,
        ),
        (
            IncidentSource::Session(session),
            Source::Session(session),
            1,
        ),
        (IncidentSource::Device(session), Source::Device(session), 0),
        (
            IncidentSource::SourceIp("192.0.2.7".to_owned()),
            Source::SourceIp("192.0.2.7".to_owned()),
            0,
        ),
    ] {
        let report = reports.find(&asked(source.clone())).await.unwrap();
        let counted: u64 = report.affected.iter().map(|person| person.contents).sum();
        assert_eq!(counted, contents, "{source:?}");
        let question = Asked {
            source: of_command,
            from,
            to,
            known_on: None,
        };
        let make =
            async |tx: &tsumugi_server::ctx::Tx<'_>| incident_reports::make(tx, &question).await;
        let made = door(&team.world.app)
            .within_log(kita, Actor::Worker, make)
            .await
            .unwrap();
        let made = serde_json::to_value(made).unwrap();
        assert_eq!(made["accesses"], report.accesses);
        assert_eq!(made["persons"], report.persons);
    }
    // From this machine everything came.
    let here = asked(IncidentSource::SourceIp("127.0.0.1".to_owned()));
    assert!(reports.find(&here).await.unwrap().affected[0].contents > 3);
}

#[actix_web::test]
async fn re_15_what_is_asked_is_one_source_and_a_time() {
    let team = Team::new().await;
    let path = |rest: &str| format!("/v1/access-log/incident-report?{rest}");
    let time = "from=2026-01-01T00:00:00Z&to=2026-02-01T00:00:00Z";
    for bad in [
        time.to_owned(),
        format!("{time}&source_ip=192.0.2.1&client_id={}", team.nurse.id),
        "source_ip=192.0.2.1&from=2026-01-01T00:00:00Z&to=2026-01-01T00:00:00Z".to_owned(),
        "source_ip=192.0.2.1&from=1990-01-01T00:00:00Z&to=2026-01-01T00:00:00Z".to_owned(),
        format!("{time}&source_ip=192.0.2.1&format=pdf"),
    ] {
        let answer = team.auditor.raw("GET", &path(&bad), "").await;
        assert_eq!(answer.status, 422, "{bad}: {}", answer.text());
    }
    let nobody =
        ExportIncidentReport::new(IncidentSource::Client(team.nurse.id), times().0, times().1);
    let report = team
        .auditor
        .client
        .incident_reports()
        .find(&nobody)
        .await
        .unwrap();
    assert_eq!((report.persons, report.affected.len()), (0, 0));
    assert!(!report.form.due_from_one);
    let log = team.auditor.client.access_log();
    let query = ListAccessLog {
        action: Some("incident_report.export".to_owned()),
        ..Default::default()
    };
    let entries = log.list(&query).await.unwrap().items;
    assert_eq!(entries.len(), 1);
    assert_eq!(
        (entries[0].count, &entries[0].outcome),
        (Some(0), &AccessOutcome::Allowed)
    );
}
