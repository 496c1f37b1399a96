//! The list of accounts: who can sign in, and whom nobody has seen for long.

use chrono::TimeDelta;
use serde_json::{Value, json};
use tsumugi_client::new_id;

use crate::support::{
    Person, Team,
    json::{done, items, post, read, refused},
    team::today,
};

async fn logins(by: &Person, query: &str) -> Vec<String> {
    let accounts = items(read(by, &format!("/v1/accounts?limit=100{query}")).await);
    let mut logins: Vec<String> = accounts
        .iter()
        .map(|account| account["login"].as_str().unwrap().to_owned())
        .collect();
    logins.sort();
    logins
}

#[actix_web::test]
async fn accounts_are_listed_with_what_an_administrator_looks_for() {
    let team = Team::new().await;
    let administrator = &team.world.administrator;
    let all = logins(administrator, "").await;
    assert_eq!(
        all,
        [
            "administrator",
            "auditor",
            "care-manager",
            "helper",
            "hospital-nurse",
            "nurse",
            "outsider",
            "physician"
        ]
    );
    assert_eq!(
        logins(administrator, "&q=nurse").await,
        ["hospital-nurse", "nurse"]
    );
    let found = items(read(administrator, "/v1/accounts?q=hospital-nurse").await).remove(0);
    assert_eq!(found["staff_member_id"], json!(team.hospital_nurse.id));
    assert_eq!(found["posts"].as_array().unwrap().len(), 1);
    assert_eq!(
        (&found["enrolled"], &found["licence"]),
        (&json!(true), &json!("unverified"))
    );
    assert!(found["last_signed_in_at"].is_string());
    let hospital = found["facility"]["id"].as_str().unwrap();
    assert_eq!(
        logins(administrator, &format!("&facility_id={hospital}")).await,
        ["hospital-nurse"]
    );
    // Page after page, nobody twice and nobody left out.
    let (mut paged, mut cursor) = (Vec::new(), String::new());
    loop {
        let (_, page) = read(administrator, &format!("/v1/accounts?limit=3{cursor}")).await;
        paged.extend(
            page["items"]
                .as_array()
                .unwrap()
                .iter()
                .map(|a| a["login"].as_str().unwrap().to_owned()),
        );
        let Some(next) = page["next"].as_str() else {
            break;
        };
        cursor = format!("&cursor={next}");
    }
    paged.sort();
    assert_eq!(paged, all);
    for person in [&team.nurse, &team.auditor] {
        refused(read(person, "/v1/accounts").await, 403, "forbidden");
    }
    refused(
        read(administrator, "/v1/accounts?unused_days=0").await,
        422,
        "invalid_input",
    );
}

#[actix_web::test]
async fn whom_nobody_has_seen_for_ninety_days_is_found() {
    let team = Team::new().await;
    assert!(
        logins(&team.world.administrator, "&unused_days=90")
            .await
            .is_empty()
    );
    team.world.app.clock.advance(TimeDelta::days(91));
    let administrator = team.world.administrator.anew().await;
    team.nurse.anew().await;
    let unused = logins(&administrator, "&unused_days=90").await;
    assert!(
        unused.contains(&"helper".to_owned()) && unused.len() == 6,
        "{unused:?}"
    );
    // Closed accounts have been looked at.
    team.world
        .db
        .admin
        .batch_execute("UPDATE accounts SET suspended_at = now() WHERE login_name = 'helper'")
        .await
        .unwrap();
    assert_eq!(logins(&administrator, "&unused_days=90").await.len(), 5);
}

#[actix_web::test]
async fn licences_that_need_a_look_are_found() {
    let team = Team::new().await;
    let administrator = &team.world.administrator;
    let enter = async |who, profession: &str, days: Option<i64>| {
        let licence = json!({
            "id": new_id(), "profession": profession, "number": new_id().to_string(), "verified_on": today(),
            "method": "copy", "valid_until": days.map(|days| today() + TimeDelta::days(days)),
        });
        let path = format!("/v1/staff-members/{who}/licences");
        let _: Value = done(post(administrator, &path, licence).await);
    };
    enter(team.nurse.id, "nurse", None).await;
    enter(team.care_manager.id, "care_manager", Some(60)).await;
    enter(team.physician.id, "physician", Some(59)).await;
    enter(team.hospital_nurse.id, "physician", None).await;
    assert_eq!(
        logins(administrator, "&licence=unverified").await,
        ["hospital-nurse", "outsider"]
    );
    assert_eq!(
        logins(administrator, "&licence=expiring").await,
        ["physician"]
    );
}
