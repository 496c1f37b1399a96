//! Signing in, staying signed in, signing out.

use crate::support::{World, world::PASSWORD};

#[actix_web::test]
async fn a_wrong_name_password_and_network_answer_alike() {
    let world = World::new().await;
    let mut answers = Vec::new();
    for (login, password) in [
        ("administrator@kita", "not the password"),
        ("nobody@kita", PASSWORD),
        ("administrator@nowhere", PASSWORD),
        ("administrator", PASSWORD),
        ("'; DROP TABLE accounts; --@kita", PASSWORD),
    ] {
        let body = serde_json::json!({ "login": login, "password": password }).to_string();
        let headers = [
            ("content-type", "application/json"),
            ("x-request-id", "same"),
        ];
        let answer = world
            .anyone
            .send_raw("POST", "/v1/sessions", &headers, body)
            .await
            .unwrap();
        answers.push((answer.status, answer.text()));
    }
    assert_eq!(answers[0].0, 401);
    assert!(
        answers.iter().all(|answer| *answer == answers[0]),
        "{answers:?}"
    );
    // The failures of an account that exists are in the log, with the account.
    let rows =
        "SELECT count(*) FROM audit_events WHERE action = 'session.create' AND outcome = 'denied'";
    let count: i64 = world.db.one(rows).await;
    assert_eq!(count, 3);
}

#[actix_web::test]
async fn a_system_needs_its_own_secret() {
    let world = World::new().await;
    let hospital = world
        .facility("病院", tsumugi_client::models::FacilityKind::Hospital)
        .await;
    let good = world.system("連携", hospital).await;
    assert!(good.access_token().await.unwrap().is_some());
    let listed = world
        .administrator
        .client
        .clients()
        .list()
        .await
        .unwrap()
        .items;
    let id = &listed[0].client_id;
    let wrong = world
        .anyone
        .with_client_credentials(id.clone(), "wrong".to_owned());
    assert_eq!(wrong.access_token().await.unwrap_err().status(), Some(401));
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let answer = world
        .anyone
        .send_raw("POST", "/oauth/token", &form, "grant_type=password")
        .await
        .unwrap();
    assert_eq!(
        answer.json::<serde_json::Value>().unwrap()["error"],
        "unsupported_grant_type"
    );
}
