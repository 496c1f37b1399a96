//! One sensible call of every operation about findings, made for the world of [`Team`]. Nothing has been found in it, so
//! that whoever may review hears 404 where a finding is named.

use serde_json::{Value, json};
use tsumugi_client::new_id;

use super::{
    Team,
    calls::{Call, Things},
};

fn call(operation: &'static str, method: &'static str, path: &str, body: Option<Value>) -> Call {
    Call {
        operation,
        method,
        path: path.to_owned(),
        body: body.map(|body| body.to_string()),
        content_type: "application/json",
        if_match: None,
    }
}

/// Every call, in an order in which the later ones still find what they need.
pub fn findings(team: &Team, things: &Things) -> Vec<Call> {
    let get = |operation, path: &str| call(operation, "GET", path, None);
    let post = |operation, path: &str, body| call(operation, "POST", path, Some(body));
    // A finding that does not exist.
    let finding = format!("/v1/findings/{}", things.facility);
    let step = |operation, verb: &str, body| Call {
        if_match: Some("\"1\""),
        ..post(operation, &format!("{finding}/{verb}"), body)
    };
    let entries = json!({ "id": new_id(), "entries": [new_id()], "note": "確認が必要" });
    let question = json!({ "id": new_id(), "question": "閲覧の理由を教えてください。" });
    let conclusion = json!({ "conclusion": "justified", "note": "業務上の確認" });
    let rules = json!({ "rules": {}, "reason": "標準のルールを確認した" });
    let watch = json!({ "id": new_id(), "patient_id": team.patient, "reason": "著名な方のため" });
    let home = json!({ "home_address": "北部市一丁目2番地3" });
    let nowhere = things.facility;
    vec![
        get("list_findings", "/v1/findings"),
        get("find_finding_summary", "/v1/findings/summary?month=2026-11"),
        post("create_finding", "/v1/findings", entries),
        get("find_finding", &finding),
        step(
            "assign_finding",
            "assign",
            json!({ "auditor_id": team.auditor.id }),
        ),
        step("ask_finding", "ask", question),
        step("close_finding", "close", conclusion),
        step("reopen_finding", "reopen", json!({ "note": "再確認" })),
        get("list_justification_requests", "/v1/justification-requests"),
        post(
            "answer_justification_request",
            &format!("/v1/justification-requests/{nowhere}/answer"),
            json!({ "answer": "担当の方の確認" }),
        ),
        get("find_finding_rules", "/v1/finding-rules"),
        Call {
            if_match: Some("\"0\""),
            ..call(
                "update_finding_rules",
                "PUT",
                "/v1/finding-rules",
                Some(rules),
            )
        },
        get("list_finding_rule_versions", "/v1/finding-rules/versions"),
        post("create_watched_patient", "/v1/watched-patients", watch),
        get("list_watched_patients", "/v1/watched-patients"),
        post(
            "end_watched_patient",
            &format!("/v1/watched-patients/{nowhere}/end"),
            json!({}),
        ),
        call(
            "update_home_address",
            "PUT",
            &format!("/v1/staff-members/{}/home-address", team.helper.id),
            Some(home),
        ),
    ]
}
