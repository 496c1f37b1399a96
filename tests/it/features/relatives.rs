//! Accounts of patients and their families.

use chrono::TimeDelta;
use serde_json::{Value, json};
use tsumugi_client::{models::CreateCareTeamMember, new_id};

use crate::support::{
    Person, Team,
    json::{done, items, post, read, refused},
    team::today,
};

fn relative(relation: &str, login: &str) -> Value {
    json!({
        "id": new_id(), "relation": relation, "name": "出雲 さくら", "kana": "イズモ サクラ", "label": "長女",
        "login_name": login, "email": format!("{login}@example.jp"),
    })
}

async fn add(team: &Team, by: &Person, body: Value) -> (u16, Value) {
    let path = format!("/v1/patients/{}/relatives", team.patient);
    post(by, &path, body).await
}

#[actix_web::test]
async fn a_relative_is_invited_and_no_mail_says_whose_relative() {
    let team = Team::new().await;
    let made = done(add(&team, &team.care_manager, relative("family", "sakura")).await);
    assert_eq!(
        (
            &made["relative"]["relation"],
            &made["relative"]["label"],
            &made["relative"]["active"],
            &made["relative"]["enrolled"]
        ),
        (
            &json!("family"),
            &json!("長女"),
            &json!(true),
            &json!(false)
        )
    );
    let code = made["invitation"]["code"].as_str().unwrap();
    let mails = team
        .world
        .anyone
        .send_raw("GET", "/v1/mailbox", &[], "")
        .await
        .unwrap();
    let mails: Value = mails.json().unwrap();
    let mail = &mails["items"][0];
    assert_eq!(mail["recipient"], "sakura@example.jp");
    let text = format!("{}{}", mail["subject"], mail["body"]);
    assert!(
        text.contains("ご家族 様") && text.contains("/enrol#"),
        "{text}"
    );
    for word in [
        "出雲",
        "和子",
        "さくら",
        "イズモ",
        "長女",
        code,
        &team.patient.to_string(),
    ] {
        assert!(!text.contains(word), "{word} in {text}");
    }
    // Colleagues do not find relatives among themselves, and administrators do not learn of them.
    let directory = items(read(&team.nurse, "/v1/staff-members?query=さくら").await);
    assert!(directory.is_empty(), "{directory:?}");
    let accounts = items(read(&team.world.administrator, "/v1/accounts?q=sakura").await);
    assert!(accounts.is_empty(), "{accounts:?}");
    let path = format!("/v1/patients/{}/relatives", team.patient);
    let listed = items(read(&team.physician, &path).await);
    assert_eq!(listed[0]["login_name"], "sakura");
    // A relative is not a member of the team.
    let sql = "SELECT staff_member_id::text FROM accounts WHERE login_name = 'sakura'";
    let post_id: String = team.world.db.one(sql).await;
    let member = CreateCareTeamMember::new(post_id.parse().unwrap(), today());
    let refused = team
        .care_manager
        .client
        .care_team()
        .create(team.patient, &member)
        .await;
    assert_eq!(refused.unwrap_err().code(), Some("invalid_input"));
    let role: String = team
        .world
        .db
        .one("SELECT role FROM accounts WHERE login_name = 'sakura'")
        .await;
    assert_eq!(role, "family");
}

#[actix_web::test]
async fn a_patient_has_one_account_of_their_own() {
    let team = Team::new().await;
    let first = done(add(&team, &team.care_manager, relative("self", "kazuko")).await);
    refused(
        add(&team, &team.care_manager, relative("self", "kazuko2")).await,
        409,
        "patient_account_exists",
    );
    refused(
        add(&team, &team.care_manager, relative("proxy", "kazuko")).await,
        409,
        "login_name_taken",
    );
    done(add(&team, &team.care_manager, relative("proxy", "proxy")).await);
    let path = format!(
        "/v1/relatives/{}/end",
        first["relative"]["id"].as_str().unwrap()
    );
    let yesterday = today() - TimeDelta::days(1);
    done(post(&team.care_manager, &path, json!({ "ends_on": yesterday })).await);
    let closed = "SELECT suspended_at IS NOT NULL FROM accounts WHERE login_name = 'kazuko'";
    let closed: bool = team.world.db.one(closed).await;
    assert!(closed, "what ended yesterday is closed at once");
}

#[actix_web::test]
async fn the_end_of_a_relation_is_the_end_of_its_account() {
    let team = Team::new().await;
    let made = done(add(&team, &team.care_manager, relative("family", "sakura")).await);
    let id = made["relative"]["id"].as_str().unwrap();
    let path = format!("/v1/relatives/{id}/end");
    let last = today() + TimeDelta::days(3);
    let ended = done(post(&team.care_manager, &path, json!({ "ends_on": last })).await);
    assert_eq!(
        (&ended["ends_on"], &ended["active"]),
        (&json!(last), &json!(true))
    );
    let sql = "SELECT s.ends_on::text FROM accounts a JOIN staff_members s ON s.id = a.staff_member_id \
               WHERE a.login_name = 'sakura'";
    let post_ends: String = team.world.db.one(sql).await;
    assert_eq!(post_ends, last.to_string());
    refused(
        post(
            &team.care_manager,
            &format!("/v1/relatives/{}/end", new_id()),
            json!({ "ends_on": last }),
        )
        .await,
        404,
        "not_found",
    );
}

#[actix_web::test]
async fn relatives_are_kept_by_those_who_take_consent() {
    let team = Team::new().await;
    let path = format!("/v1/patients/{}/relatives", team.patient);
    for (person, status, code) in [
        (&team.helper, 403, "forbidden"),
        (&team.physician, 403, "forbidden"),
        (&team.outsider, 404, "not_found"),
        (&team.stranger, 404, "not_found"),
        (&team.world.administrator, 404, "not_found"),
        (&team.auditor, 404, "not_found"),
    ] {
        refused(
            add(&team, person, relative("family", "sakura")).await,
            status,
            code,
        );
    }
    refused(read(&team.outsider, &path).await, 404, "not_found");
    refused(
        read(&team.world.administrator, &path).await,
        404,
        "not_found",
    );
    let mut wrong = relative("family", "Sakura San");
    wrong["email"] = "sakura".into();
    let (status, answer) = add(&team, &team.nurse, wrong).await;
    assert_eq!(
        (status, answer["fields"].as_array().unwrap().len()),
        (422, 2),
        "{answer}"
    );
    done(add(&team, &team.nurse, relative("family", "sakura")).await);
}
