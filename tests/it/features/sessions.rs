//! Signing in, staying signed in, signing out.

use chrono::TimeDelta;
use tsumugi_client::models::RefreshSession;

use crate::support::{World, refused, world::PASSWORD};

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
    let count: i64 = world.db.admin.query_one(rows, &[]).await.unwrap().get(0);
    assert_eq!(count, 3);
}

#[actix_web::test]
async fn an_access_token_lasts_five_minutes_and_a_session_twelve_hours() {
    let world = World::new().await;
    let session = world.administrator.session().await;
    let token = world.anyone.with_token(session.access_token.clone());
    token.sessions().me().await.unwrap();
    world.app.clock.advance(TimeDelta::minutes(5));
    refused(token.sessions().me().await, 401, "token_expired");
    let refresh = RefreshSession {
        refresh_token: session.refresh_token,
    };
    let renewed = world.anyone.sessions().refresh(&refresh).await.unwrap();
    world
        .anyone
        .with_token(renewed.access_token.clone())
        .sessions()
        .me()
        .await
        .unwrap();
    // The key of the store on the device is that of the session.
    assert_eq!(renewed.cache_key, session.cache_key);
    world.app.clock.advance(TimeDelta::hours(12));
    let refresh = RefreshSession {
        refresh_token: renewed.refresh_token,
    };
    refused(
        world.anyone.sessions().refresh(&refresh).await,
        401,
        "token_expired",
    );
}

#[actix_web::test]
async fn an_answer_lost_on_the_way_is_given_again_for_ten_seconds() {
    let world = World::new().await;
    let session = world.administrator.session().await;
    let first = RefreshSession {
        refresh_token: session.refresh_token,
    };
    let lost = world.anyone.sessions().refresh(&first).await.unwrap();
    world.app.clock.advance(TimeDelta::seconds(9));
    let again = world.anyone.sessions().refresh(&first).await.unwrap();
    assert_eq!(lost.refresh_token, again.refresh_token);
    let second = RefreshSession {
        refresh_token: again.refresh_token,
    };
    let third = world.anyone.sessions().refresh(&second).await.unwrap();
    // Two steps back is not a lost answer.
    refused(
        world.anyone.sessions().refresh(&first).await,
        401,
        "session_ended",
    );
    let third = RefreshSession {
        refresh_token: third.refresh_token,
    };
    refused(
        world.anyone.sessions().refresh(&third).await,
        401,
        "session_ended",
    );
}

#[actix_web::test]
async fn a_spent_refresh_token_ends_the_session() {
    let world = World::new().await;
    let session = world.administrator.session().await;
    let first = RefreshSession {
        refresh_token: session.refresh_token,
    };
    let renewed = world.anyone.sessions().refresh(&first).await.unwrap();
    world.app.clock.advance(TimeDelta::seconds(11));
    refused(
        world.anyone.sessions().refresh(&first).await,
        401,
        "session_ended",
    );
    // Whoever held the successor is out as well.
    let token = world.anyone.with_token(renewed.access_token);
    refused(token.sessions().me().await, 401, "session_ended");
    let second = RefreshSession {
        refresh_token: renewed.refresh_token,
    };
    refused(
        world.anyone.sessions().refresh(&second).await,
        401,
        "session_ended",
    );
    // A token of nowhere is answered alike.
    let nowhere = format!("{0}.{0}.{1}", uuid::Uuid::nil().simple(), "A".repeat(43));
    let nowhere = RefreshSession {
        refresh_token: Some(nowhere.into()),
    };
    refused(
        world.anyone.sessions().refresh(&nowhere).await,
        401,
        "session_ended",
    );
}

#[actix_web::test]
async fn signing_out_ends_the_session_at_once() {
    let world = World::new().await;
    let session = world.administrator.session().await;
    let token = world.anyone.with_token(session.access_token);
    token.sessions().delete().await.unwrap();
    refused(token.sessions().me().await, 401, "session_ended");
}

#[actix_web::test]
async fn a_suspended_account_is_out_with_the_next_request() {
    let world = World::new().await;
    world.administrator.client.sessions().me().await.unwrap();
    world
        .db
        .admin
        .batch_execute("UPDATE accounts SET suspended_at = now()")
        .await
        .unwrap();
    let token = world
        .administrator
        .client
        .access_token()
        .await
        .unwrap()
        .unwrap();
    refused(
        world.anyone.with_token(token).sessions().me().await,
        401,
        "session_ended",
    );
    refused(
        world
            .anyone
            .sessions()
            .create(&world.administrator.credentials())
            .await,
        401,
        "invalid_credentials",
    );
}

#[actix_web::test]
async fn a_browser_gets_its_refresh_token_where_scripts_cannot_read_it() {
    let world = World::new().await;
    let code = world.administrator.code();
    let body = serde_json::json!({ "login": "administrator@kita", "password": PASSWORD, "code": code, "transport": "cookie" });
    let json = [("content-type", "application/json")];
    let answer = world
        .anyone
        .send_raw("POST", "/v1/sessions", &json, body.to_string())
        .await
        .unwrap();
    let cookie = answer.header("set-cookie").unwrap().to_owned();
    for flag in ["HttpOnly", "Secure", "SameSite=Strict", "Path=/v1/sessions"] {
        assert!(cookie.contains(flag), "{cookie}");
    }
    let session: serde_json::Value = answer.json().unwrap();
    assert!(session["refresh_token"].is_null());
    let pair = cookie.split(';').next().unwrap();
    let headers = [("content-type", "application/json"), ("cookie", pair)];
    let renewed = world
        .anyone
        .send_raw("POST", "/v1/sessions/refresh", &headers, "{}")
        .await
        .unwrap();
    assert_eq!(renewed.status, 200);
    assert_ne!(
        renewed.header("set-cookie").unwrap().split(';').next(),
        Some(pair)
    );
}

#[actix_web::test]
async fn forged_tokens_are_refused() {
    let world = World::new().await;
    let good = world
        .administrator
        .client
        .access_token()
        .await
        .unwrap()
        .unwrap();
    let parts: Vec<&str> = good.expose().split('.').collect();
    let (header, claims, signature) = (parts[0], parts[1], parts[2]);
    // {"alg":"none","typ":"at+jwt"} and {"alg":"HS256","typ":"at+jwt"}
    let none = "eyJhbGciOiJub25lIiwidHlwIjoiYXQrand0In0";
    let symmetric = "eyJhbGciOiJIUzI1NiIsInR5cCI6ImF0K2p3dCJ9";
    for forged in [
        format!("{none}.{claims}."),
        format!("{symmetric}.{claims}.{signature}"),
        format!("{header}.{claims}."),
        format!(
            "{header}.{}.{signature}",
            claims.chars().rev().collect::<String>()
        ),
        "not.a.token".to_owned(),
        String::new(),
    ] {
        refused(
            world.anyone.with_token(forged).sessions().me().await,
            401,
            "unauthenticated",
        );
    }
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
