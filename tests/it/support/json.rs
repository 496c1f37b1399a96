//! Calls as JSON, for what the client library does not need to know.

use serde_json::Value;

use super::Person;

/// Status and body of a read.
pub async fn read(person: &Person, path: &str) -> (u16, Value) {
    let answer = person.raw("GET", path, "").await;
    (answer.status, answer.json().unwrap())
}

/// Status and body of a write.
pub async fn post(person: &Person, path: &str, body: Value) -> (u16, Value) {
    let answer = person.raw("POST", path, &body.to_string()).await;
    (answer.status, answer.json().unwrap())
}

/// The items of a list that must be given.
#[track_caller]
pub fn items((status, page): (u16, Value)) -> Vec<Value> {
    assert_eq!(status, 200, "{page}");
    page["items"].as_array().unwrap().clone()
}

/// Insists that a write was carried out, and gives its answer.
#[track_caller]
pub fn done((status, body): (u16, Value)) -> Value {
    assert!((200..300).contains(&status), "{status} {body}");
    body
}

/// Insists on a refusal with this status and code.
#[track_caller]
pub fn refused((status, body): (u16, Value), expected: u16, code: &str) {
    assert_eq!(
        (status, body["code"].as_str()),
        (expected, Some(code)),
        "{body}"
    );
}
