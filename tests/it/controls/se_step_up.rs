//! SE-09: what is dangerous asks for factors shown within the last five minutes.

use chrono::TimeDelta;
use serde_json::{Value, json};
use tsumugi_client::new_id;

use crate::support::{Wire, World, wire::refused};

/// Operations that ask for fresh factors, as they should be published. Kept by hand: what is added or taken away is a
/// decision.
const EXPECTED: &str = include_str!("step-up-operations.txt");

/// A sensible body of each operation, for a network administrator; what it is about need not exist.
fn body(operation: &str) -> Option<Value> {
    let because = json!({ "reason": "試験のため" });
    Some(match operation {
        "create_passkey" => {
            json!({ "challenge_id": new_id(), "credential": {}, "name": "仕事用のキー" })
        }
        "delete_passkey" => Value::Null,
        "suspend_account" | "reset_account" => because,
        "create_temporary_code" => {
            json!({ "id": new_id(), "reason": "認証端末の故障", "minutes": 10 })
        }
        "create_device" => json!({
            "id": new_id(),
            "name": "訪問用タブレット1",
            "kind": "shared",
            "facility_id": new_id(),
        }),
        "update_settings" => json!({
            "password_composition": true,
            "password_rotation_days": null,
            "idle_minutes_personal": 30,
            "idle_minutes_shared": 15,
            "session_hours": 12,
            "registered_devices_only": false,
            "licence_required": false,
        }),
        "start_passkey"
        | "resume_account"
        | "end_account_sessions"
        | "end_temporary_codes"
        | "revoke_device"
        | "renew_device_code" => json!({}),
        _ => return None,
    })
}

/// Every published operation that says that it asks for fresh factors: name, method, path.
async fn published(world: &World) -> Vec<(String, String, String)> {
    let nobody = Wire::nobody(&world.anyone);
    let document = Wire::done(nobody.get("/v1/openapi.json").await);
    let mut found = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            if operation["x-step-up"] == true {
                let name = operation["operationId"].as_str().unwrap();
                found.push((name.to_owned(), method.to_uppercase(), path.clone()));
            }
        }
    }
    found.sort();
    found
}

#[actix_web::test]
async fn se_09_what_is_dangerous_asks_for_fresh_factors() {
    let world = World::new().await;
    let operations = published(&world).await;
    let names: Vec<&str> = operations.iter().map(|(name, ..)| name.as_str()).collect();
    assert_eq!(names, EXPECTED.lines().collect::<Vec<_>>());
    let mut stale = Wire::sign_in(&world.administrator).await;
    world
        .app
        .clock
        .advance(TimeDelta::minutes(5) + TimeDelta::seconds(1));
    stale.renew().await;
    let fresh = Wire::sign_in(&world.administrator).await;
    let challenge = fresh.post("/v1/me/passkeys/challenge", json!({})).await;
    assert_eq!(challenge.0, 201, "{challenge:?}");
    for (name, method, path) in operations {
        let body = body(&name).unwrap_or_else(|| panic!("{name} has no sensible body here"));
        let parts: Vec<String> = path
            .split('/')
            .map(|part| {
                if part.starts_with('{') {
                    new_id().to_string()
                } else {
                    part.to_owned()
                }
            })
            .collect();
        let path = parts.join("/");
        let body = (!body.is_null()).then_some(body);
        let outcome = stale.send(&method, &path, body.clone()).await;
        refused(&outcome, 403, "step_up_required");
    }
}
