//! Tokens: renewed in time, once for everybody, and never after the end.

use serde_json::json;
use wiremock::matchers::{header as has_header, method, path};
use wiremock::{Mock, MockServer};

use crate::support::{answer, arrived, client, header, json_answer, me, problem, session};

/// `/v1/me` answers only this token.
async fn accept(server: &MockServer, token: &str) {
    Mock::given(method("GET"))
        .and(path("/v1/me"))
        .and(has_header("authorization", format!("Bearer {token}")))
        .respond_with(json_answer(200, me()))
        .with_priority(1)
        .mount(server)
        .await;
    Mock::given(method("GET"))
        .and(path("/v1/me"))
        .respond_with(problem(401, "token_expired"))
        .with_priority(9)
        .mount(server)
        .await;
}

async fn sign_in(server: &MockServer, expires_in: u64) -> tsumugi_client::Client {
    let answers = [json_answer(201, session(1, expires_in))];
    answer(server, "POST", "/v1/sessions", answers).await;
    client(server)
        .sign_in("sato@kita", "secret", "123456")
        .await
        .unwrap()
}

#[tokio::test]
async fn session_is_renewed_before_it_expires() {
    let server = MockServer::start().await;
    let nurse = sign_in(&server, 0).await;
    let answers = [json_answer(200, session(2, 300))];
    answer(&server, "POST", "/v1/sessions/refresh", answers).await;
    accept(&server, "access-2").await;

    nurse.sessions().me().await.unwrap();
    nurse.sessions().me().await.unwrap();

    let renewals = arrived(&server, "/v1/sessions/refresh").await;
    assert_eq!(renewals.len(), 1);
    let body: serde_json::Value = serde_json::from_slice(&renewals[0].body).unwrap();
    assert_eq!(body, json!({"refresh_token": "refresh-1"}));
    assert_eq!(header(&renewals[0], "authorization"), None);
    assert_eq!(header(&renewals[0], "idempotency-key"), None);
    assert_eq!(arrived(&server, "/v1/me").await.len(), 2);
}

#[tokio::test]
async fn many_calls_renew_once() {
    let server = MockServer::start().await;
    let nurse = sign_in(&server, 300).await;
    let slow = json_answer(200, session(2, 300)).set_delay(std::time::Duration::from_millis(50));
    answer(&server, "POST", "/v1/sessions/refresh", [slow]).await;
    accept(&server, "access-2").await; // so access-1 is refused with 401

    let calls = (0..20).map(|_| {
        let nurse = nurse.clone();
        async move { nurse.sessions().me().await }
    });
    let results = futures_util::future::join_all(calls).await;

    assert!(results.iter().all(Result::is_ok));
    assert_eq!(arrived(&server, "/v1/sessions/refresh").await.len(), 1);
}

#[tokio::test]
async fn second_401_is_the_answer() {
    let server = MockServer::start().await;
    let nurse = sign_in(&server, 300).await;
    let answers = [json_answer(200, session(2, 300))];
    answer(&server, "POST", "/v1/sessions/refresh", answers).await;
    answer(&server, "GET", "/v1/me", [problem(401, "unauthenticated")]).await;

    let error = nurse.sessions().me().await.unwrap_err();

    assert_eq!(error.code(), Some("unauthenticated"));
    assert_eq!(arrived(&server, "/v1/me").await.len(), 2);
    assert_eq!(arrived(&server, "/v1/sessions/refresh").await.len(), 1);
}

#[tokio::test]
async fn ended_session_says_so() {
    let server = MockServer::start().await;
    let nurse = sign_in(&server, 0).await;
    let answers = [problem(401, "session_ended")];
    answer(&server, "POST", "/v1/sessions/refresh", answers).await;

    let error = nurse.sessions().me().await.unwrap_err();

    assert_eq!(error.code(), Some("session_ended"));
    assert!(arrived(&server, "/v1/me").await.is_empty());
}

#[tokio::test]
async fn renewal_is_finished_even_if_its_caller_gives_up() {
    let server = MockServer::start().await;
    let nurse = sign_in(&server, 0).await;
    let slow = json_answer(200, session(2, 300)).set_delay(std::time::Duration::from_millis(100));
    answer(&server, "POST", "/v1/sessions/refresh", [slow]).await;
    accept(&server, "access-2").await;

    let sessions = nurse.sessions();
    let brief = std::time::Duration::from_millis(20);
    assert!(tokio::time::timeout(brief, sessions.me()).await.is_err());
    sessions.me().await.unwrap();

    assert_eq!(arrived(&server, "/v1/sessions/refresh").await.len(), 1);
}

#[tokio::test]
async fn session_is_not_revived_after_signing_out() {
    let server = MockServer::start().await;
    let nurse = sign_in(&server, 300).await;
    let answers = [wiremock::ResponseTemplate::new(204)];
    answer(&server, "DELETE", "/v1/sessions/current", answers).await;
    answer(&server, "GET", "/v1/me", [problem(401, "session_ended")]).await;

    nurse.sessions().delete().await.unwrap();
    let error = nurse.sessions().me().await.unwrap_err();

    assert_eq!(error.code(), Some("session_ended"));
    assert!(arrived(&server, "/v1/sessions/refresh").await.is_empty());
}

#[tokio::test]
async fn wrong_password_is_not_repeated() {
    let server = MockServer::start().await;
    let answers = [problem(401, "invalid_credentials")];
    answer(&server, "POST", "/v1/sessions", answers).await;

    let error = client(&server)
        .sign_in("sato@kita", "wrong", "123456")
        .await;

    assert_eq!(error.unwrap_err().code(), Some("invalid_credentials"));
    assert_eq!(arrived(&server, "/v1/sessions").await.len(), 1);
}

#[tokio::test]
async fn system_client_fetches_a_token_and_another_when_it_is_refused() {
    let server = MockServer::start().await;
    let token = |number: u32| {
        json_answer(
            200,
            json!({"access_token": format!("access-{number}"), "token_type": "Bearer",
                "expires_in": 300, "scope": "system/Bundle.c"}),
        )
    };
    answer(&server, "POST", "/oauth/token", [token(1), token(2)]).await;
    accept(&server, "access-2").await;

    let hospital = client(&server).with_client_credentials("hospital", "secret");
    hospital.sessions().me().await.unwrap();
    hospital.sessions().me().await.unwrap();

    let fetched = arrived(&server, "/oauth/token").await;
    assert_eq!(fetched.len(), 2);
    assert_eq!(
        header(&fetched[0], "authorization"),
        Some("Basic aG9zcGl0YWw6c2VjcmV0")
    );
    assert_eq!(fetched[0].body, b"grant_type=client_credentials");
}

#[tokio::test]
async fn unknown_system_client_is_told_in_oauth_words() {
    let server = MockServer::start().await;
    let refusal = json!({"error": "invalid_client", "error_description": "unknown client"});
    answer(&server, "POST", "/oauth/token", [json_answer(401, refusal)]).await;

    let hospital = client(&server).with_client_credentials("hospital", "wrong");
    let error = hospital.bundles().receive("{}").await.unwrap_err();

    assert_eq!(error.code(), Some("invalid_client"));
    assert_eq!(arrived(&server, "/oauth/token").await.len(), 1);
}
