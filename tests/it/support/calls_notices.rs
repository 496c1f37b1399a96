//! One sensible call of every operation about requests, duty contacts, notices and My work: the continuation of
//! `calls.rs`.

use serde_json::{Value, json};
use tsumugi_client::new_id;

use super::{
    Team,
    calls::{Call, Things},
};

/// A key and a secret as a browser gives them (RFC 8291, appendix A).
pub const BROWSER: (&str, &str) = (
    "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
    "BTBZMqHH6r4Tts7J_aSIgg",
);

/// Every call.
pub fn notices(team: &Team, things: &Things) -> Vec<Call> {
    let call = |operation, method, path: String, body: Option<Value>| Call {
        operation,
        method,
        path,
        body: body.map(|body| body.to_string()),
        content_type: "application/json",
        if_match: None,
    };
    let get = |operation, path: &str| call(operation, "GET", path.to_owned(), None);
    let contacts = format!("/v1/facilities/{}/duty-contacts", things.facility);
    vec![
        call(
            "ask_acknowledgement",
            "POST",
            format!("/v1/posts/{}/acknowledgements", things.post),
            Some(json!({ "staff_member_ids": [team.helper.id], "answer": true })),
        ),
        call(
            "withdraw_acknowledgement",
            "POST",
            format!("/v1/acknowledgements/{}/withdraw", new_id()),
            Some(json!({})),
        ),
        get("list_acknowledgements", "/v1/acknowledgements?asked=of_me"),
        get("list_duty_contacts", &contacts),
        call(
            "set_duty_contacts",
            "PUT",
            contacts,
            Some(json!({ "contacts": [] })),
        ),
        get("find_notice_settings", "/v1/notice-settings"),
        call(
            "update_notice_settings",
            "PUT",
            "/v1/notice-settings".to_owned(),
            Some(
                json!({ "kinds": [], "quiet_hours": { "from": "21:00", "to": "07:00" }, "digest_at": "07:30" }),
            ),
        ),
        call(
            "create_push_subscription",
            "POST",
            "/v1/push-subscriptions".to_owned(),
            Some(json!({
                "id": new_id(), "endpoint": format!("https://push.example.jp/{}", new_id()),
                "p256dh": BROWSER.0, "auth": BROWSER.1
            })),
        ),
        call(
            "delete_push_subscription",
            "DELETE",
            format!("/v1/push-subscriptions/{}", new_id()),
            None,
        ),
        call(
            "finish_notice",
            "POST",
            format!("/v1/notices/{}/finish", new_id()),
            Some(json!({})),
        ),
        get("find_work", "/v1/work"),
        get("find_work_counts", "/v1/work/counts"),
    ]
}
