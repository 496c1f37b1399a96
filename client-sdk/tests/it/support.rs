//! The small server and what it answers.

use std::sync::Mutex;
use std::time::Duration;

use serde_json::{Value, json};
use tsumugi_client::{Client, RetryPolicy};
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

/// Answers one after the other, the last one again and again.
pub(crate) struct Answers(Mutex<Vec<ResponseTemplate>>);

impl Answers {
    pub(crate) fn new(answers: impl Into<Vec<ResponseTemplate>>) -> Self {
        let mut answers = answers.into();
        answers.reverse();
        Self(Mutex::new(answers))
    }
}

impl Respond for Answers {
    fn respond(&self, _: &Request) -> ResponseTemplate {
        let mut answers = self.0.lock().unwrap();
        if answers.len() > 1 {
            answers.pop().unwrap()
        } else {
            answers[0].clone()
        }
    }
}

/// A client that waits next to nothing between attempts.
pub(crate) fn client(server: &MockServer) -> Client {
    Client::builder(server.uri())
        .retry(quick())
        .build()
        .unwrap()
}

pub(crate) fn quick() -> RetryPolicy {
    RetryPolicy::default().first_wait(Duration::from_millis(2))
}

/// Mounts `answers` at a method and path.
pub(crate) async fn answer(
    server: &MockServer,
    verb: &str,
    at: &str,
    answers: impl Into<Vec<ResponseTemplate>>,
) {
    Mock::given(method(verb))
        .and(path(at))
        .respond_with(Answers::new(answers))
        .mount(server)
        .await;
}

/// The requests that arrived at a path.
pub(crate) async fn arrived(server: &MockServer, at: &str) -> Vec<Request> {
    let mut requests = server.received_requests().await.unwrap();
    requests.retain(|request| request.url.path() == at);
    requests
}

pub(crate) fn header<'a>(request: &'a Request, name: &str) -> Option<&'a str> {
    Some(request.headers.get(name)?.to_str().unwrap())
}

pub(crate) fn json_answer(status: u16, body: impl serde::Serialize) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_json(body)
}

pub(crate) fn problem(status: u16, code: &str) -> ResponseTemplate {
    let body = json!({"type": "about:blank", "title": "Refused", "status": status,
        "code": code, "detail": "detail for people", "request_id": "r-1"});
    ResponseTemplate::new(status).set_body_raw(body.to_string(), "application/problem+json")
}

pub(crate) fn me() -> Value {
    json!({"account_id": "0193a0c0-0000-7000-8000-000000000001", "login": "sato@kita",
        "role": "staff", "name": "佐藤美咲", "language": "ja", "new_field": 1,
        "tenant": {"id": "0193a0c0-0000-7000-8000-000000000002", "slug": "kita", "name": "北"},
        "staff_member": {"id": "0193a0c0-0000-7000-8000-000000000003", "name": "佐藤美咲",
            "kana": "サトウミサキ", "profession": "a_new_profession",
            "facility": {"id": "0193a0c0-0000-7000-8000-000000000004", "name": "駅前",
                "kind": "visiting_nursing_station"}}})
}

pub(crate) fn session(number: u32, expires_in: u64) -> Value {
    json!({"access_token": format!("access-{number}"), "expires_in": expires_in,
        "refresh_token": format!("refresh-{number}"), "cache_key": "AAAA", "me": me()})
}

pub(crate) fn post(id: &str) -> Value {
    json!({"id": id, "patient_id": "0193a0c0-0000-7000-8000-0000000000aa", "kind": "note",
        "channel": "team", "author": {"kind": "staff", "id": id, "name": "佐藤美咲",
            "profession": "nurse", "facility_name": "駅前"},
        "reply_to": null, "observed_at": "2026-11-21T03:04:05.123456Z",
        "recorded_at": "2026-11-21T03:04:05.123456Z", "version": 1, "amended_at": null,
        "retraction": null, "body": "訪問しました", "vitals": null, "document": null,
        "acknowledgement": {"due_at": null, "asked": [], "acknowledged": [], "mine": "none"},
        "unread": true, "mine": false})
}
