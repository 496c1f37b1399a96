//! One sensible call of every operation about checkpoints and witnesses: the continuation of `calls_identity.rs`.

use serde_json::json;
use tsumugi_client::new_id;

use super::{
    calls::Call,
    calls_identity::{get, post},
    witnessing::OtherLog,
};

/// Every call; none changes what another finds.
pub fn witnesses() -> Vec<Call> {
    let key = OtherLog::new(3).verifier().to_string();
    // Of a log that nobody watches here.
    let unknown = OtherLog::new(3).submission(0, 3);
    vec![
        get("find_checkpoint", "/v1/access-log/checkpoint"),
        get("list_checkpoints", "/v1/access-log/checkpoints"),
        get(
            "find_consistency_proof",
            "/v1/access-log/consistency?from=0&to=0",
        ),
        get("list_witnesses", "/v1/witnesses"),
        post(
            "create_witness",
            "/v1/witnesses",
            json!({ "id": new_id(), "kind": "mail", "name": "安全 太郎", "address": "anzen@example.jp" }),
        ),
        post(
            "end_witness",
            format!("/v1/witnesses/{}/end", new_id()),
            json!({}),
        ),
        get("list_witnessed_logs", "/v1/witnessed-logs"),
        post(
            "create_witnessed_log",
            "/v1/witnessed-logs",
            json!({ "id": new_id(), "name": "南部", "public_key": key }),
        ),
        post(
            "end_witnessed_log",
            format!("/v1/witnessed-logs/{}/end", new_id()),
            json!({}),
        ),
        Call {
            body: Some(unknown.to_string()),
            content_type: "text/plain",
            ..post(
                "cosign_checkpoint",
                "/v1/witness/kita/add-checkpoint",
                json!({}),
            )
        },
        get(
            "find_cosigned_checkpoint",
            format!("/v1/witness/kita/{}/checkpoint", "0".repeat(64)),
        ),
    ]
}
