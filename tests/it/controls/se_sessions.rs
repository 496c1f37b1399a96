//! SE-03, SE-04, SE-06, SE-07, SE-08: what a session is made of, who sees it, and who ends it.

use chrono::TimeDelta;
use serde_json::json;
use tsumugi_client::models::{FacilityKind, RefreshSession};

use crate::support::{
    Wire, World, refused,
    wire::{code, refused as refuses},
    world::PASSWORD,
};

#[actix_web::test]
async fn se_03_an_access_token_lasts_five_minutes_and_no_longer_than_its_session() {
    let world = World::new().await;
    let mut wire = Wire::sign_in(&world.administrator).await;
    let key = wire.session["cache_key"].clone();
    assert_eq!(wire.look().await.0, 200);
    world.app.clock.advance(TimeDelta::minutes(5));
    assert_eq!(wire.look().await, (401, "token_expired".to_owned()));
    wire.renew().await;
    assert_eq!(wire.look().await.0, 200);
    // The key of the store on the device is that of the session.
    assert_eq!(wire.session["cache_key"], key);
    assert_eq!(wire.delete("/v1/sessions/current").await.0, 204);
    assert_eq!(wire.look().await, (401, "session_ended".to_owned()));
    refuses(&wire.try_renew().await, 401, "session_ended");
}

#[actix_web::test]
async fn se_03_a_suspended_account_is_out_with_the_next_request_until_it_is_resumed() {
    let world = World::new().await;
    let clinic = world.facility("北診療所", FacilityKind::Clinic).await;
    let doctor = world.person("physician", "physician", clinic).await;
    let administrator = Wire::sign_in(&world.administrator).await;
    let physician = Wire::sign_in(&doctor).await;
    let account = physician.account();
    let suspend = format!("/v1/accounts/{account}/suspend");
    let because = json!({ "reason": "退職したため" });
    refuses(
        &physician.post(&suspend, because.clone()).await,
        403,
        "forbidden",
    );
    let own = format!("/v1/accounts/{}/suspend", administrator.account());
    let outcome = administrator.post(&own, because.clone()).await;
    refuses(&outcome, 409, "own_account");
    let view = Wire::done(administrator.post(&suspend, because).await);
    assert!(view["suspended_at"].is_string(), "{view}");
    assert_eq!(physician.look().await, (401, "session_ended".to_owned()));
    refuses(&physician.try_renew().await, 401, "session_ended");
    let again = physician.try_sign_in(&doctor).await;
    refuses(&again, 401, "invalid_credentials");
    let resume = format!("/v1/accounts/{account}/resume");
    Wire::done(administrator.post(&resume, json!({})).await);
    // What was ended stays ended.
    assert_eq!(physician.look().await, (401, "session_ended".to_owned()));
    assert_eq!(physician.signed_in(&doctor).await.look().await.0, 200);
}

#[actix_web::test]
async fn se_08_one_sees_and_ends_ones_own_sessions() {
    let world = World::new().await;
    let clinic = world.facility("北診療所", FacilityKind::Clinic).await;
    let doctor = world.person("physician", "physician", clinic).await;
    let administrator = Wire::sign_in(&world.administrator).await;
    let one = Wire::sign_in(&doctor).await;
    let two = Wire::sign_in(&doctor).await;
    let three = Wire::sign_in(&doctor).await;
    let listed = Wire::done(one.get("/v1/me/sessions").await);
    let items = listed["items"].as_array().unwrap();
    // The one that set the world up, and three more.
    assert_eq!(items.len(), 4, "{listed}");
    let current: Vec<_> = items
        .iter()
        .filter(|item| item["current"] == true)
        .collect();
    assert_eq!(current.len(), 1);
    let of = |listed: &serde_json::Value| {
        let items = listed["items"].as_array().unwrap();
        let current = items.iter().find(|item| item["current"] == true).unwrap();
        format!("/v1/me/sessions/{}", current["id"].as_str().unwrap())
    };
    let second = of(&Wire::done(two.get("/v1/me/sessions").await));
    // Nobody else's.
    refuses(&administrator.delete(&second).await, 404, "not_found");
    assert_eq!(two.look().await.0, 200);
    assert_eq!(one.delete(&second).await.0, 204);
    assert_eq!(two.look().await, (401, "session_ended".to_owned()));
    refuses(&one.delete(&second).await, 404, "not_found");
    let ended = Wire::done(one.post("/v1/me/sessions/end-others", json!({})).await);
    assert_eq!(ended["ended"], 2);
    assert_eq!(three.look().await, (401, "session_ended".to_owned()));
    assert_eq!(one.look().await.0, 200);
    // And so do administrators.
    let path = format!("/v1/accounts/{}", one.account());
    let listed = Wire::done(administrator.get(&format!("{path}/sessions")).await);
    assert_eq!(listed["items"].as_array().unwrap().len(), 1, "{listed}");
    assert_eq!(listed["items"][0]["current"], false);
    let seen = one.get(&format!("{path}/sessions")).await;
    refuses(&seen, 403, "forbidden");
    let end = format!("{path}/end-sessions");
    refuses(&one.post(&end, json!({})).await, 403, "forbidden");
    let ended = Wire::done(administrator.post(&end, json!({})).await);
    assert_eq!(ended["ended"], 1);
    assert_eq!(one.look().await, (401, "session_ended".to_owned()));
    let nobody = format!("/v1/accounts/{}/end-sessions", uuid::Uuid::nil());
    let outcome = administrator.post(&nobody, json!({})).await;
    assert_eq!((outcome.0, code(&outcome.1)), (404, "not_found".to_owned()));
}

#[actix_web::test]
async fn an_12_a_reset_takes_every_factor_and_session_and_invites_anew() {
    let world = World::new().await;
    let clinic = world.facility("北診療所", FacilityKind::Clinic).await;
    let doctor = world.person("physician", "physician", clinic).await;
    let administrator = Wire::sign_in(&world.administrator).await;
    let physician = Wire::sign_in(&doctor).await;
    let reset = format!("/v1/accounts/{}/reset", physician.account());
    let because = json!({ "reason": "スマートフォンを紛失したため" });
    let without = "UPDATE accounts SET email = NULL";
    world.db.admin.batch_execute(without).await.unwrap();
    let outcome = administrator.post(&reset, because.clone()).await;
    refuses(&outcome, 409, "email_missing");
    let mail = "UPDATE accounts SET email = 'ishi@example.jp' WHERE login_name = 'physician'";
    world.db.admin.batch_execute(mail).await.unwrap();
    let invitation = Wire::done(administrator.post(&reset, because).await);
    assert!(invitation["code"].is_string(), "{invitation}");
    assert_eq!(physician.look().await, (401, "session_ended".to_owned()));
    let again = physician.try_sign_in(&doctor).await;
    refuses(&again, 401, "invalid_credentials");
    let left = "SELECT (SELECT count(*) FROM accounts WHERE login_name = 'physician'
                            AND (password_phc IS NOT NULL OR totp_sealed IS NOT NULL)),
                       (SELECT count(*) FROM invitations WHERE purpose = 'recovery' AND used_at IS NULL
                            AND revoked_at IS NULL),
                       (SELECT count(*) FROM mails WHERE recipient = 'ishi@example.jp'),
                       (SELECT count(*) FROM audit_events WHERE action = 'account.reset')";
    let row = world.db.admin.query_one(left, &[]).await.unwrap();
    let counts: Vec<i64> = (0..4).map(|at| row.get(at)).collect();
    // The notice, the reason, the invitation.
    assert_eq!(counts, [0, 1, 3, 1]);
}

#[actix_web::test]
async fn se_04_an_answer_lost_on_the_way_is_given_again_for_ten_seconds() {
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
async fn se_04_a_spent_refresh_token_ends_the_session_and_its_owner_is_told() {
    let world = World::new().await;
    let session = world.administrator.session().await;
    let first = RefreshSession {
        refresh_token: session.refresh_token,
    };
    let renewed = world.anyone.sessions().refresh(&first).await.unwrap();
    world.app.clock.advance(TimeDelta::seconds(11));
    let mail = "UPDATE accounts SET email = 'kanri@example.jp'";
    world.db.admin.batch_execute(mail).await.unwrap();
    refused(
        world.anyone.sessions().refresh(&first).await,
        401,
        "session_ended",
    );
    let told = "SELECT (SELECT count(*) FROM audit_events WHERE action = 'session.replayed'),
                       (SELECT count(*) FROM mails WHERE recipient = 'kanri@example.jp'
                            AND subject LIKE '%サインインについての警告')";
    let row = world.db.admin.query_one(told, &[]).await.unwrap();
    assert_eq!((row.get::<_, i64>(0), row.get::<_, i64>(1)), (1, 1));
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
async fn se_07_a_browser_gets_its_refresh_token_where_scripts_cannot_read_it() {
    let world = World::new().await;
    let code = world.administrator.code();
    let body = json!({
        "login": "administrator@kita",
        "password": PASSWORD,
        "code": code.expose(),
        "transport": "cookie",
    });
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
async fn se_06_forged_tokens_are_refused() {
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
