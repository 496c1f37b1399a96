//! The stream of events: read, resumed, ended.

use futures_util::StreamExt;
use tsumugi_client::models::EventKind;
use wiremock::{MockServer, ResponseTemplate};

use crate::support::{answer, arrived, client, header, problem};

fn stream(text: &str) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_raw(text.to_owned(), "text/event-stream")
}

#[tokio::test]
async fn broken_stream_continues_after_the_last_event() {
    let server = MockServer::start().await;
    let patient = "0193a0c0-0000-7000-8000-0000000000aa";
    let event = |id: u32, kind: &str| {
        format!(
            "id: {id}\nevent: {kind}\ndata: {{\"patient_id\":\"{patient}\",\"post_id\":null}}\n\n"
        )
    };
    let answers = [
        stream(&format!(
            ": hello\n\n{}id: 8\neve",
            event(7, "post_created")
        )),
        problem(503, "unavailable"),
        stream(&event(8, "something_new")),
        problem(401, "session_ended"),
    ];
    answer(&server, "GET", "/v1/events", answers).await;
    let nurse = client(&server).with_token("t");

    let mut events = nurse.events().stream(Some("6")).await.unwrap();
    let first = events.next().await.unwrap().unwrap();
    assert_eq!(first.kind, EventKind::PostCreated);
    assert_eq!(first.patient_id.unwrap().to_string(), patient);
    let second = events.next().await.unwrap().unwrap();
    assert_eq!(second.kind.as_str(), "something_new");
    let end = events.next().await.unwrap().unwrap_err();
    assert_eq!(end.code(), Some("session_ended"));
    assert!(events.next().await.is_none());

    let requests = arrived(&server, "/v1/events").await;
    let resumed: Vec<_> = requests
        .iter()
        .map(|one| header(one, "last-event-id").unwrap())
        .collect();
    assert_eq!(resumed, ["6", "7", "7", "8"]);
}

#[tokio::test]
async fn refused_stream_is_refused_at_once() {
    let server = MockServer::start().await;
    answer(&server, "GET", "/v1/events", [problem(403, "forbidden")]).await;

    let auditor = client(&server).with_token("t");
    let error = auditor.events().stream(None).await.unwrap_err();

    assert_eq!(error.code(), Some("forbidden"));
}
