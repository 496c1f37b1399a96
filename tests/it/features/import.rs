//! Lists of people: everything or nothing, and twice is once.

use serde_json::{Value, json};
use tsumugi_client::models::FacilityKind;

use crate::support::{
    Person, World,
    json::{items, read},
};

const HEADER: &str = "氏名,フリガナ,職種,施設,ログイン名,メール,開始日,終了日,免許番号,免許期限";

async fn world() -> World {
    let world = World::new().await;
    world
        .facility(
            "北訪問看護ステーション",
            FacilityKind::VisitingNursingStation,
        )
        .await;
    world.facility("北部総合病院", FacilityKind::Hospital).await;
    world
}

async fn import(by: &Person, dry_run: bool, rows: &[&str]) -> (u16, Value) {
    send(
        by,
        dry_run,
        format!("{HEADER}\r\n{}\r\n", rows.join("\r\n")),
    )
    .await
}

async fn send(by: &Person, dry_run: bool, body: String) -> (u16, Value) {
    let path = format!("/v1/staff-members/import?dry_run={dry_run}");
    let headers = [("content-type", "text/csv; charset=utf-8")];
    let answer = by
        .client
        .send_raw("POST", &path, &headers, body)
        .await
        .unwrap();
    (answer.status, answer.json().unwrap())
}

async fn count(world: &World, table: &str) -> i64 {
    let sql = format!("SELECT count(*) FROM {table}");
    world.db.one(&sql).await
}

/// Outcome and findings (field and code) of each row.
fn findings(report: &Value) -> Vec<(String, Vec<(String, String)>)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let rows = report["rows"].as_array().unwrap().iter();
    rows.map(|row| {
        let errors = row["errors"].as_array().unwrap().iter();
        let errors = errors.map(|e| (text(&e["field"]), text(&e["code"])));
        (text(&row["outcome"]), errors.collect())
    })
    .collect()
}

const GOOD: [&str; 3] = [
    "佐藤 美咲,ｻﾄｳ ﾐｻｷ,看護師,北訪問看護ステーション,sato.misaki,sato@example.jp,2026-04-01,,第123456号,",
    "鈴木 一郎,スズキ イチロウ,physician,3212345670,suzuki,suzuki@example.jp,令和8年4月1日,2099/3/31,654321,令和20年3月31日",
    "田中 花,タナカ ハナ,訪問介護員,北部総合病院,,,,,,",
];

#[actix_web::test]
async fn a_list_is_checked_then_carried_out_and_the_second_time_changes_nothing() {
    let world = world().await;
    let administrator = &world.administrator;
    let before = count(&world, "staff_members").await;
    let mails = count(&world, "mails").await;

    let (status, dry) = import(administrator, true, &GOOD).await;
    assert_eq!(status, 200, "{dry}");
    assert_eq!(
        (&dry["created"], &dry["errors"], &dry["dry_run"]),
        (&json!(3), &json!(0), &json!(true))
    );
    assert_eq!(count(&world, "staff_members").await, before);
    assert_eq!(count(&world, "mails").await, mails);

    let (_, real) = import(administrator, false, &GOOD).await;
    assert_eq!(findings(&real), findings(&dry));
    assert_eq!(real["created"], 3);
    assert!(
        dry["rows"]
            .as_array()
            .unwrap()
            .iter()
            .all(|row| row["invitation_code"].is_null())
    );
    let codes: Vec<bool> = real["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["invitation_code"].is_string())
        .collect();
    assert_eq!(codes, [true, true, false], "who has an account is invited");

    let directory = items(read(administrator, "/v1/staff-members?query=さとう").await);
    assert_eq!(directory[0]["kana"], "サトウ ミサキ");
    assert_eq!(directory[0]["licence"], "verified");
    assert_eq!(directory[0]["starts_on"], "2026-04-01");
    let mails = world
        .anyone
        .send_raw("GET", "/v1/mailbox", &[], "")
        .await
        .unwrap();
    let mails: Value = mails.json().unwrap();
    let mut to: Vec<&str> = mails["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|m| m["recipient"].as_str().unwrap())
        .collect();
    to.retain(|address| !address.starts_with("administrator@"));
    to.sort_unstable();
    assert_eq!(to, ["sato@example.jp", "suzuki@example.jp"]);
    for row in real["rows"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|row| row["invitation_code"].as_str())
    {
        assert!(
            !mails.to_string().contains(row),
            "the code never goes by mail"
        );
    }

    let mails = count(&world, "mails").await;
    let after = count(&world, "staff_members").await;
    let (_, again) = import(administrator, false, &GOOD).await;
    assert_eq!(
        (&again["created"], &again["unchanged"]),
        (&json!(0), &json!(3)),
        "{again}"
    );
    assert_eq!(count(&world, "staff_members").await, after);
    assert_eq!(count(&world, "mails").await, mails);
}

#[actix_web::test]
async fn one_wrong_row_stops_the_whole_list() {
    let world = world().await;
    let administrator = &world.administrator;
    let before = count(&world, "staff_members").await;
    let mails = count(&world, "mails").await;
    let rows = [
        GOOD[0],
        "山田 太郎,ヤマダ タロウ,宇宙飛行士,どこかの病院,yamada,yamada@example.jp,,,,",
        "=cmd|' /C calc'!A0,カンリ,看護師,北部総合病院,,,,,,",
        "漢字 かな,漢字,看護師,北部総合病院,Kanji Kana,not-an-address,4月1日,,,",
        "佐藤 実,サトウ ミノル,看護師,北部総合病院,sato.misaki,minoru@example.jp,,,第１２３４５６号,",
        "管理 次郎,カンリ ジロウ,ネットワーク管理者,北部総合病院,kanri,kanri@example.jp,,,,",
        "助手 三郎,ジョシュ サブロウ,訪問介護員,北部総合病院,joshu,,2026-04-01,2020-03-31,999,",
        "別人 四郎,ベツジン シロウ,看護師,北部総合病院,administrator,b@example.jp,,,,2030-01-01",
    ];
    let expected: [&[(&str, &str)]; 8] = [
        &[],
        &[("profession", "not_allowed"), ("facility", "not_allowed")],
        &[("name", "formula")],
        &[
            ("kana", "not_allowed"),
            ("login_name", "not_allowed"),
            ("email", "not_allowed"),
            ("starts_on", "wrong_type"),
        ],
        &[("login_name", "duplicate"), ("licence_number", "duplicate")],
        &[("profession", "not_allowed")],
        &[
            ("email", "required"),
            ("ends_on", "out_of_range"),
            ("licence_number", "not_allowed"),
        ],
        &[("licence_number", "required"), ("login_name", "taken")],
    ];
    for dry_run in [true, false] {
        let (status, report) = import(administrator, dry_run, &rows).await;
        assert_eq!(status, 200, "{report}");
        assert_eq!(report["errors"], 7);
        for ((outcome, errors), expected) in findings(&report).iter().zip(expected) {
            let errors: Vec<(&str, &str)> = errors
                .iter()
                .map(|(f, c)| (f.as_str(), c.as_str()))
                .collect();
            assert_eq!(errors, expected);
            assert_eq!(
                outcome,
                if expected.is_empty() {
                    "create"
                } else {
                    "error"
                }
            );
        }
    }
    assert_eq!(count(&world, "staff_members").await, before);
    assert_eq!(count(&world, "licences").await, 0);
    assert_eq!(count(&world, "mails").await, mails);
}

#[actix_web::test]
async fn a_file_that_is_no_list_is_reported_as_a_whole() {
    let world = world().await;
    let (status, report) = send(&world.administrator, false, "name,kana\na,b\n".to_owned()).await;
    assert_eq!(status, 200, "{report}");
    assert_eq!(report["rows"][0]["row"], 1);
    assert_eq!(report["rows"][0]["errors"][0]["field"], "header");
    assert_eq!(report["errors"], 1);
    let large = format!("{HEADER}\n{}", "あ".repeat(400_000));
    assert_eq!(send(&world.administrator, true, large).await.0, 413);
    let json = world
        .administrator
        .raw("POST", "/v1/staff-members/import", "{}")
        .await;
    assert_eq!(json.status, 415);
}

#[actix_web::test]
async fn lists_are_for_administrators_and_stay_in_their_network() {
    let world = world().await;
    let station = world
        .facility("東訪問看護", FacilityKind::VisitingNursingStation)
        .await;
    let nurse = world.person("nurse", "nurse", station).await;
    let (status, answer) = import(&nurse, true, &GOOD).await;
    assert_eq!((status, &answer["code"]), (403, &json!("forbidden")));
    let (_, report) = import(&world.other_administrator, true, &GOOD[..1]).await;
    assert_eq!(
        findings(&report)[0].1,
        [("facility".to_owned(), "not_allowed".to_owned())]
    );
}
