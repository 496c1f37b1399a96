//! One sensible call of every operation about who has looked, what is withheld and held, and what leaked: the
//! continuation of `calls_identity.rs`.

use serde_json::{Value, json};
use tsumugi_client::new_id;

use super::{Team, calls::Call, team::today};

fn call(operation: &'static str, method: &'static str, path: String, body: Option<&Value>) -> Call {
    Call {
        operation,
        method,
        path,
        body: body.map(Value::to_string),
        content_type: "application/json",
        if_match: None,
    }
}

/// Every call.
pub fn accesses(team: &Team) -> Vec<Call> {
    let of_patient = |rest: &str| format!("/v1/patients/{}/accesses{rest}", team.patient);
    let get = |operation, path| call(operation, "GET", path, None);
    let post = |operation, path: String, body: Value| call(operation, "POST", path, Some(&body));
    let withholding = json!({
        "id": new_id(), "patient_id": team.patient, "from_on": today(), "to_on": today(), "audience": "family",
        "legal_basis": "高齢者虐待防止法に基づく市の調査への協力依頼", "decided_by": "管理者 管理 花子", "until_on": today()
    });
    let hold = json!({
        "id": new_id(), "from_on": "2015-04-01", "to_on": "2015-04-30", "reason": "訴訟のため"
    });
    let moment = |days: i64| {
        let at = chrono::Utc::now() + chrono::TimeDelta::days(days);
        at.format("%Y-%m-%dT%H:%M:%SZ").to_string()
    };
    let leak = format!(
        "/v1/access-log/incident-report?source_ip=127.0.0.1&from={}&to={}",
        moment(-1),
        moment(1)
    );
    vec![
        get("list_accesses", of_patient("")),
        get(
            "find_access_proof",
            of_patient(&format!("/{}/proof", new_id())),
        ),
        get("export_accesses", of_patient("/bundle")),
        get("list_withholdings", "/v1/withholdings".to_owned()),
        post(
            "create_withholding",
            "/v1/withholdings".to_owned(),
            withholding,
        ),
        post(
            "end_withholding",
            format!("/v1/withholdings/{}/end", new_id()),
            json!({}),
        ),
        get("list_legal_holds", "/v1/legal-holds".to_owned()),
        post("create_legal_hold", "/v1/legal-holds".to_owned(), hold),
        post(
            "release_legal_hold",
            format!("/v1/legal-holds/{}/release", new_id()),
            json!({ "reason": "訴訟が終わったため" }),
        ),
        get("export_incident_report", leak),
        get(
            "export_audit_report",
            format!("/v1/access-log/reports/{}", today().format("%Y-%m")),
        ),
    ]
}
