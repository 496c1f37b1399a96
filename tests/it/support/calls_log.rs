//! One sensible call of every operation about the access log besides its list: a part of `calls.rs`.

use tsumugi_client::new_id;

use super::calls::Call;

fn get(operation: &'static str, path: String) -> Call {
    Call {
        operation,
        method: "GET",
        path,
        body: None,
        content_type: "application/json",
        if_match: None,
    }
}

/// Every call.
pub fn log() -> Vec<Call> {
    let of_log = |rest: &str| format!("/v1/access-log/{rest}");
    vec![
        get("find_access_log_summary", of_log("summary")),
        get("find_access_log_heat_map", of_log("heat-map")),
        get("export_access_log", of_log("export?format=csv")),
        get(
            "find_access_log_proof",
            of_log(&format!("{}/proof", new_id())),
        ),
        get("list_maintenance", of_log("maintenance")),
        get(
            "search_audit_events",
            "/fhir/r4/AuditEvent?_count=5".to_owned(),
        ),
    ]
}
