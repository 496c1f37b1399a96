//! Calls about copies of records and own entries.

use serde_json::json;
use tsumugi_client::new_id;

use super::{
    Team,
    calls::Call,
    calls_identity::{get, post},
};

pub fn copies(team: &Team) -> Vec<Call> {
    let of_patient = |rest: &str| format!("/v1/patients/{}/{rest}", team.patient);
    vec![
        get("list_record_exports", of_patient("record-exports")),
        post(
            "create_record_export",
            of_patient("record-exports"),
            json!({ "id": new_id(), "format": "zip", "purpose": "transfer" }),
        ),
        post(
            "create_record_export_link",
            of_patient(&format!("record-exports/{}/links", new_id())),
            json!({ "number": 1 }),
        ),
        get(
            "export_record_file",
            format!("/v1/record-exports/files/{}", "A".repeat(64)),
        ),
        get("list_own_entries", of_patient("own-entries")),
        get("export_own_entries", of_patient("own-entries.csv")),
    ]
}
