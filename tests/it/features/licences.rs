//! Licences, and the professions that they are for.

use chrono::TimeDelta;
use serde_json::{Value, json};
use tsumugi_client::new_id;
use uuid::Uuid;

use crate::support::{
    Team,
    json::{done, items, post, read, refused},
    team::today,
};

fn licence(number: &str) -> Value {
    json!({ "id": new_id(), "profession": "nurse", "number": number, "verified_on": today(), "method": "original" })
}

async fn enter(team: &Team, who: Uuid, body: Value) -> (u16, Value) {
    let path = format!("/v1/staff-members/{who}/licences");
    post(&team.world.administrator, &path, body).await
}

/// What the directory says of somebody's licence, to a colleague.
async fn shown(team: &Team, who: Uuid) -> Value {
    let directory = items(read(&team.helper, "/v1/staff-members?limit=100").await);
    let found = directory.into_iter().find(|p| p["id"] == json!(who));
    found.unwrap()["licence"].clone()
}

#[actix_web::test]
async fn the_directory_says_whether_a_licence_was_verified() {
    let team = Team::new().await;
    let nurse = team.nurse.id;
    assert_eq!(shown(&team, nurse).await, "unverified");
    assert_eq!(shown(&team, team.helper.id).await, "not_required");
    let made = done(enter(&team, nurse, licence("第123456号")).await);
    assert_eq!(made["verified_by"], "管理 花子");
    assert_eq!(shown(&team, nurse).await, "verified");
    let path = format!("/v1/licences/{}/revoke", made["id"].as_str().unwrap());
    done(post(&team.world.administrator, &path, json!({})).await);
    assert_eq!(shown(&team, nurse).await, "unverified");
    refused(
        post(&team.world.administrator, &path, json!({})).await,
        409,
        "licence_revoked",
    );
    // A licence of another profession says nothing about this one.
    let mut other = licence("77");
    other["profession"] = "physician".into();
    done(enter(&team, nurse, other).await);
    assert_eq!(shown(&team, nurse).await, "unverified");
}

#[actix_web::test]
async fn an_15_a_licence_that_ran_out_does_not_count() {
    let team = Team::new().await;
    let mut body = licence("13000001");
    body["valid_until"] = json!(today() + TimeDelta::days(1));
    done(enter(&team, team.nurse.id, body).await);
    assert_eq!(shown(&team, team.nurse.id).await, "verified");
    team.world
        .db
        .admin
        .batch_execute(
            "UPDATE licences SET verified_on = verified_on - 9, valid_until = valid_until - 2",
        )
        .await
        .unwrap();
    assert_eq!(shown(&team, team.nurse.id).await, "expired");
    // Renewed under the same number: the new entry replaces the old one.
    done(enter(&team, team.nurse.id, licence("13000001")).await);
    assert_eq!(shown(&team, team.nurse.id).await, "verified");
    let path = format!("/v1/staff-members/{}/licences", team.nurse.id);
    let all = items(read(&team.world.administrator, &path).await);
    assert_eq!(all.len(), 2);
    assert!(all[0]["revoked_at"].is_null() && !all[1]["revoked_at"].is_null());
}

#[actix_web::test]
async fn one_number_is_of_one_person() {
    let team = Team::new().await;
    done(enter(&team, team.nurse.id, licence("123456")).await);
    // Full-width digits are the same number.
    refused(
        enter(&team, team.outsider.id, licence("１２３４５６")).await,
        409,
        "licence_taken",
    );
    let mut other = licence("123456");
    other["profession"] = "pharmacist".into();
    done(enter(&team, team.outsider.id, other).await);
}

#[actix_web::test]
async fn licences_are_entered_by_administrators_and_read_by_auditors() {
    let team = Team::new().await;
    let path = format!("/v1/staff-members/{}/licences", team.nurse.id);
    done(enter(&team, team.nurse.id, licence("1")).await);
    for person in [&team.nurse, &team.care_manager] {
        refused(read(person, &path).await, 403, "forbidden");
        refused(post(person, &path, licence("2")).await, 403, "forbidden");
    }
    assert_eq!(items(read(&team.auditor, &path).await).len(), 1);
    refused(
        post(&team.auditor, &path, licence("2")).await,
        403,
        "forbidden",
    );
    refused(
        read(&team.world.other_administrator, &path).await,
        404,
        "not_found",
    );

    let mut wrong = licence("3");
    wrong["profession"] = "home_helper".into();
    refused(
        enter(&team, team.nurse.id, wrong).await,
        422,
        "invalid_input",
    );
    let mut wrong = licence("3");
    wrong["verified_on"] = json!(today() + TimeDelta::days(1));
    refused(
        enter(&team, team.nurse.id, wrong).await,
        422,
        "invalid_input",
    );
    refused(enter(&team, new_id(), licence("3")).await, 404, "not_found");
}

#[actix_web::test]
async fn a_network_adds_professions_with_the_rights_of_others() {
    let team = Team::new().await;
    let administrator = &team.world.administrator;
    let new = |code: &str, ja: &str, based_on: &str| json!({ "code": code, "ja": ja, "en": "New", "based_on": based_on });
    let path = "/v1/professions";
    let made = done(
        post(
            administrator,
            path,
            new("nurse_practitioner", "診療看護師", "nurse"),
        )
        .await,
    );
    assert_eq!(
        (&made["based_on"], &made["licensed"], &made["group"]),
        (&json!("nurse"), &json!(true), &json!("NS"))
    );
    let all = items(read(&team.helper, path).await);
    let of = |code: &str| all.iter().find(|p| p["code"] == code).unwrap().clone();
    assert_eq!(of("nurse_practitioner")["kinds"], of("nurse")["kinds"]);
    assert!(of("nurse")["based_on"].is_null());
    assert!(
        items(read(&team.stranger, path).await)
            .iter()
            .all(|p| p["code"] != "nurse_practitioner"),
        "another network has its own"
    );
    for (code, ja) in [
        ("nurse_practitioner", "別の名"),
        ("nurse", "別の名"),
        ("other", "看護師"),
    ] {
        refused(
            post(administrator, path, new(code, ja, "nurse")).await,
            409,
            "profession_exists",
        );
    }
    for bad in [
        new("X", "a", "nurse"),
        new("boss", "a", "administrator"),
        new("boss", "a", "nobody"),
    ] {
        refused(post(administrator, path, bad).await, 422, "invalid_input");
    }
    refused(
        post(&team.nurse, path, new("boss", "a", "nurse")).await,
        403,
        "forbidden",
    );
}
