//! Attempts, keys, refusals, pages.

use std::time::{Duration, Instant};

use futures_util::StreamExt;
use serde_json::json;
use tsumugi_client::models::{
    AmendPost, Channel, CreatePost, ListPatients, ListTimeline, Profession, ReceiptOutcome,
};
use tsumugi_client::{Client, Error, RetryPolicy};
use uuid::Uuid;
use wiremock::{MockServer, ResponseTemplate};

use crate::support::{answer, arrived, client, header, json_answer, me, post, problem, quick};

const PATIENT: Uuid = Uuid::from_u128(0x0193_a0c0_0000_7000_8000_0000_0000_00aa);

fn timeline() -> String {
    format!("/v1/patients/{PATIENT}/timeline")
}

#[tokio::test]
async fn write_is_repeated_with_the_same_key_until_it_succeeds() {
    let server = MockServer::start().await;
    let note = CreatePost::note(Channel::Team, "訪問しました");
    let answers = [
        problem(503, "unavailable"),
        ResponseTemplate::new(502),
        json_answer(201, post(&note.id.to_string())),
    ];
    answer(&server, "POST", &timeline(), answers).await;

    let nurse = client(&server).with_token("t");
    let posted = nurse.timeline().create_post(PATIENT, &note).await.unwrap();

    assert_eq!(posted.id, note.id);
    let requests = arrived(&server, &timeline()).await;
    assert_eq!(requests.len(), 3);
    let keys: Vec<_> = requests
        .iter()
        .map(|one| header(one, "idempotency-key").unwrap())
        .collect();
    assert!(keys.iter().all(|key| *key == keys[0] && !key.is_empty()));
    assert!(requests.iter().all(|one| one.body == requests[0].body));
    assert_eq!(header(&requests[0], "authorization"), Some("Bearer t"));
}

#[tokio::test]
async fn two_writes_have_two_keys_unless_the_caller_chooses() {
    let server = MockServer::start().await;
    let note = CreatePost::note(Channel::Team, "a");
    let answers = [json_answer(201, post(&note.id.to_string()))];
    answer(&server, "POST", &timeline(), answers).await;
    let nurse = client(&server).with_token("t");

    let chosen = nurse.with_idempotency_key("mine").with_request_id("r-7");
    for client in [&nurse, &nurse, &chosen] {
        client.timeline().create_post(PATIENT, &note).await.unwrap();
    }

    let requests = arrived(&server, &timeline()).await;
    let key = |index: usize| header(&requests[index], "idempotency-key").unwrap();
    assert_ne!(key(0), key(1));
    assert_eq!(key(2), "mine");
    assert_eq!(header(&requests[0], "x-request-id"), None);
    assert_eq!(header(&requests[2], "x-request-id"), Some("r-7"));
}

#[tokio::test]
async fn sign_out_is_never_repeated() {
    let server = MockServer::start().await;
    let answers = [problem(503, "unavailable")];
    answer(&server, "DELETE", "/v1/sessions/current", answers).await;

    let error = client(&server).with_token("t").sessions().delete().await;

    assert_eq!(error.unwrap_err().code(), Some("unavailable"));
    assert_eq!(arrived(&server, "/v1/sessions/current").await.len(), 1);
}

#[tokio::test]
async fn refusal_is_not_repeated() {
    let server = MockServer::start().await;
    answer(&server, "GET", "/v1/me", [problem(403, "forbidden")]).await;

    let error = client(&server).with_token("t").sessions().me().await;

    assert_eq!(error.unwrap_err().status(), Some(403));
    assert_eq!(arrived(&server, "/v1/me").await.len(), 1);
}

#[tokio::test]
async fn retry_after_is_waited_for() {
    let server = MockServer::start().await;
    let answers = [
        problem(429, "rate_limited").insert_header("retry-after", "1"),
        json_answer(200, me()),
    ];
    answer(&server, "GET", "/v1/me", answers).await;

    let began = Instant::now();
    let me = client(&server)
        .with_token("t")
        .sessions()
        .me()
        .await
        .unwrap();

    assert!(began.elapsed() >= Duration::from_secs(1));
    assert_eq!(me.login, "sato@kita");
}

#[tokio::test]
async fn server_that_asks_for_an_hour_is_not_waited_for() {
    let server = MockServer::start().await;
    let answers = [problem(429, "rate_limited").insert_header("retry-after", "3600")];
    answer(&server, "GET", "/v1/me", answers).await;

    let error = client(&server).with_token("t").sessions().me().await;

    let error = error.unwrap_err();
    assert_eq!(error.retry_after(), Some(Duration::from_hours(1)));
    assert!(error.is_temporary());
    assert_eq!(arrived(&server, "/v1/me").await.len(), 1);
}

#[tokio::test]
async fn attempts_end() {
    let server = MockServer::start().await;
    answer(&server, "GET", "/v1/me", [problem(503, "unavailable")]).await;

    let nurse = client(&server).with_token("t");
    assert!(nurse.sessions().me().await.is_err());
    assert_eq!(arrived(&server, "/v1/me").await.len(), 4);

    let impatient = Client::builder(server.uri())
        .retry(RetryPolicy::none())
        .build()
        .unwrap();
    assert!(impatient.sessions().me().await.is_err());
    assert_eq!(arrived(&server, "/v1/me").await.len(), 5);
}

#[tokio::test]
async fn server_that_is_not_there_is_a_transport_error() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let client = Client::builder(format!("http://{address}"))
        .retry(quick())
        .build()
        .unwrap();

    let error = client.health().find().await.unwrap_err();

    assert!(error.to_string().starts_with("could not reach the server"));
    assert!(error.is_temporary());
}

#[tokio::test]
async fn server_that_does_not_answer_is_given_up() {
    let server = MockServer::start().await;
    let slow = json_answer(200, json!({"status": "ok"})).set_delay(Duration::from_secs(30));
    answer(&server, "GET", "/healthz", [slow]).await;
    let client = Client::builder(server.uri())
        .timeout(Duration::from_millis(50))
        .retry(quick().attempts(2))
        .build()
        .unwrap();

    let error = client.health().find().await.unwrap_err();

    assert_eq!(error.to_string(), "the server did not answer in time");
    assert_eq!(arrived(&server, "/healthz").await.len(), 2);
}

#[tokio::test]
async fn redirect_is_not_followed() {
    let server = MockServer::start().await;
    let away = ResponseTemplate::new(307).insert_header("location", "https://elsewhere.example/");
    answer(&server, "GET", "/v1/me", [away]).await;

    let error = client(&server).with_token("t").sessions().me().await;

    assert_eq!(error.unwrap_err().code(), Some("http_307"));
}

#[tokio::test]
async fn invalid_input_names_its_fields() {
    let server = MockServer::start().await;
    let refusal = json!({"type": "about:blank", "title": "Invalid", "status": 422,
        "code": "invalid_input", "detail": "入力に誤りがあります", "request_id": "r-9",
        "fields": [{"field": "vitals.systolic", "code": "out_of_range", "message": "20〜320"}]});
    answer(&server, "POST", &timeline(), [json_answer(422, refusal)]).await;

    let note = CreatePost::note(Channel::Team, "a");
    let nurse = client(&server).with_token("t");
    let error = nurse.timeline().create_post(PATIENT, &note).await;

    let error = error.unwrap_err();
    assert_eq!(error.request_id(), Some("r-9"));
    assert_eq!(error.fields()[0].field, "vitals.systolic");
    assert_eq!(error.fields()[0].code, "out_of_range");
    assert_eq!(
        error.to_string(),
        "invalid_input: 入力に誤りがあります (status 422)"
    );
}

#[tokio::test]
async fn answer_of_something_in_between_is_an_error_too() {
    let server = MockServer::start().await;
    let page = ResponseTemplate::new(413).set_body_raw("<html>too large</html>", "text/html");
    answer(&server, "GET", "/v1/me", [page]).await;

    let error = client(&server).with_token("t").sessions().me().await;

    assert_eq!(error.unwrap_err().code(), Some("http_413"));
}

#[tokio::test]
async fn answer_that_cannot_be_read_does_not_show_itself() {
    let server = MockServer::start().await;
    let answers = [json_answer(200, json!({"name": "山田花子"}))];
    answer(&server, "GET", "/v1/me", answers).await;

    let error = client(&server).with_token("t").sessions().me().await;

    let error = error.unwrap_err();
    assert!(matches!(
        error,
        Error::Decode {
            operation: "find_me",
            ..
        }
    ));
    assert!(!error.to_string().contains("山田"));
}

#[tokio::test]
async fn value_newer_than_the_library_is_kept() {
    let server = MockServer::start().await;
    answer(&server, "GET", "/v1/me", [json_answer(200, me())]).await;

    let me = client(&server)
        .with_token("t")
        .sessions()
        .me()
        .await
        .unwrap();

    let profession = me.staff_member.unwrap().profession;
    assert_eq!(
        profession,
        Profession::Unknown("a_new_profession".to_owned())
    );
    assert_eq!(
        serde_json::to_value(profession).unwrap(),
        "a_new_profession"
    );
}

#[tokio::test]
async fn refused_bundle_names_its_issues() {
    let server = MockServer::start().await;
    let outcome = json!({"resourceType": "OperationOutcome", "issue": [
        {"severity": "warning", "code": "value", "details": {"text": "注意"}}, {
        "severity": "error", "code": "invariant", "diagnostics": "Patient/2",
        "expression": ["Bundle.entry[3]"],
        "details": {"text": "二人の患者", "coding": [{"code": "bundle_two_patients",
            "system": "https://tsumugi.example/fhir/CodeSystem/error"}]}}]});
    let answers = [json_answer(422, outcome)];
    answer(&server, "POST", "/fhir/r4/Bundle/$receive", answers).await;

    let hospital = client(&server).with_token("t");
    let error = hospital.bundles().receive("{}").await.unwrap_err();

    assert_eq!(error.code(), Some("bundle_two_patients"));
    let Error::Outcome { status, issues, .. } = error else {
        panic!("{error}")
    };
    assert_eq!(status, 422);
    assert_eq!(issues[0].message, "二人の患者");
    assert_eq!(issues[0].diagnostics.as_deref(), Some("Patient/2"));
    assert_eq!(issues[0].expression, ["Bundle.entry[3]"]);
}

#[tokio::test]
async fn bundle_is_sent_byte_for_byte_and_its_receipt_read() {
    let server = MockServer::start().await;
    let parameters = json!({"resourceType": "Parameters", "parameter": [
        {"name": "outcome", "valueCode": "already-received"},
        {"name": "document", "valueUuid": format!("urn:uuid:{PATIENT}")}]});
    let answers = [json_answer(200, parameters).insert_header("idempotency-replayed", "true")];
    answer(&server, "POST", "/fhir/r4/Bundle/$receive", answers).await;

    let hospital = client(&server).with_token("t");
    let bytes = "{ \"resourceType\":  \"Bundle\" }\n";
    let receipt = hospital.bundles().receive(bytes).await.unwrap();

    assert_eq!(receipt.outcome, ReceiptOutcome::AlreadyReceived);
    assert_eq!(receipt.document, PATIENT);
    assert!(receipt.replayed);
    let requests = arrived(&server, "/fhir/r4/Bundle/$receive").await;
    assert_eq!(requests[0].body, bytes.as_bytes());
    assert_eq!(
        header(&requests[0], "content-type"),
        Some("application/fhir+json")
    );
}

#[tokio::test]
async fn amendment_carries_the_version_it_saw() {
    let server = MockServer::start().await;
    let at = format!("/v1/posts/{PATIENT}/amend");
    let answers = [json_answer(200, post(&PATIENT.to_string()))];
    answer(&server, "POST", &at, answers).await;

    let amendment = AmendPost {
        attachment_ids: None,
        body: Some("b".to_owned()),
        vitals: None,
        reason: "r".to_owned(),
    };
    let nurse = client(&server).with_token("t");
    let timeline = nurse.timeline();
    timeline.amend_post(PATIENT, 3, &amendment).await.unwrap();

    let requests = arrived(&server, &at).await;
    assert_eq!(header(&requests[0], "if-match"), Some("\"3\""));
    let body: serde_json::Value = serde_json::from_slice(&requests[0].body).unwrap();
    assert_eq!(body, json!({"body": "b", "reason": "r"}));
}

#[tokio::test]
async fn stream_walks_all_pages_and_asks_no_further_than_it_is_read() {
    let server = MockServer::start().await;
    let id = PATIENT.to_string();
    let page = |next: Option<&str>| {
        let body = json!({"items": [post(&id), post(&id)], "next": next, "read_until": null});
        json_answer(200, body)
    };
    let answers = [page(Some("a b")), page(Some("c")), page(None)];
    answer(&server, "GET", &timeline(), answers).await;
    let nurse = client(&server).with_token("t");

    let query = ListTimeline {
        limit: Some(2),
        ..ListTimeline::default()
    };
    let mut posts = nurse.timeline().stream(PATIENT, query);
    assert!(posts.next().await.unwrap().is_ok());
    assert!(posts.next().await.unwrap().is_ok());
    assert_eq!(arrived(&server, &timeline()).await.len(), 1);

    assert_eq!(posts.count().await, 4);
    let requests = arrived(&server, &timeline()).await;
    let queries: Vec<_> = requests
        .iter()
        .map(|one| one.url.query().unwrap())
        .collect();
    assert_eq!(
        queries,
        ["limit=2", "cursor=a+b&limit=2", "cursor=c&limit=2"]
    );
}

#[tokio::test]
async fn stream_ends_after_an_error() {
    let server = MockServer::start().await;
    answer(&server, "GET", "/v1/patients", [problem(403, "forbidden")]).await;

    let nurse = client(&server).with_token("t");
    let rows: Vec<_> = nurse
        .patients()
        .stream(ListPatients::default())
        .collect()
        .await;

    assert_eq!(rows.len(), 1);
    assert!(rows[0].is_err());
}

#[tokio::test]
async fn raw_request_adds_nothing_but_credentials() {
    let server = MockServer::start().await;
    let answers = [problem(400, "malformed_json")];
    answer(&server, "POST", "/v1/patients", answers).await;
    let nurse = client(&server).with_token("t");

    let headers = [("content-type", "application/json")];
    let answer = nurse.send_raw("POST", "/v1/patients", &headers, "{").await;

    let answer = answer.unwrap();
    assert_eq!(answer.status, 400);
    assert_eq!(answer.error().unwrap().code(), Some("malformed_json"));
    let requests = arrived(&server, "/v1/patients").await;
    assert_eq!(header(&requests[0], "authorization"), Some("Bearer t"));
    assert_eq!(header(&requests[0], "idempotency-key"), None);
    assert_eq!(requests[0].body, b"{");
}

#[test]
fn operations_are_sorted_and_distinct() {
    assert!(tsumugi_client::OPERATIONS.is_sorted_by(|one, two| one < two));
}
