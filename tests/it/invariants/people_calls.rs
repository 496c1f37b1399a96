//! Calls of the operations about people over time, for the list in `calls`.

use serde_json::json;
use tsumugi_client::new_id;
use uuid::Uuid;

use super::calls::{Call, Things};
use crate::support::{Team, team::today};

/// Every call, in an order in which the later ones still find what they need. Somebody moves and leaves in the future,
/// so that those who are called with stay who they are.
pub fn people(team: &Team, things: &Things) -> Vec<Call> {
    let get = |operation, path: String| Call {
        operation,
        method: "GET",
        path,
        body: None,
        content_type: "application/json",
        if_match: None,
    };
    let post = |operation, path: String, body: serde_json::Value| Call {
        body: Some(body.to_string()),
        method: "POST",
        ..get(operation, path)
    };
    let later = today() + chrono::TimeDelta::days(30);
    let somebody = |verb: &str| format!("/v1/staff-members/{}{verb}", team.outsider.id);
    let relatives = format!("/v1/patients/{}/relatives", team.patient);
    // Made by the call before it, where the caller may.
    let (licence, relative): (Uuid, Uuid) = (new_id(), new_id());
    vec![
        get("list_mails", "/v1/mailbox".into()),
        get("list_professions", "/v1/professions".into()),
        post(
            "create_profession",
            "/v1/professions".into(),
            json!({ "code": "nurse_practitioner", "ja": "診療看護師", "en": "Nurse practitioner", "based_on": "nurse" }),
        ),
        get("list_licences", somebody("/licences")),
        post(
            "create_licence",
            somebody("/licences"),
            json!({
                "id": licence, "profession": "nurse", "number": "第1号", "verified_on": today(), "method": "original",
            }),
        ),
        post(
            "revoke_licence",
            format!("/v1/licences/{licence}/revoke"),
            json!({}),
        ),
        get("list_accounts", "/v1/accounts".into()),
        Call {
            content_type: "text/csv",
            body: Some(
                "氏名,フリガナ,職種,施設\n新任 次郎,シンニン ジロウ,医師,北診療所\n".to_owned(),
            ),
            ..post(
                "import_staff_members",
                "/v1/staff-members/import?dry_run=false".into(),
                json!({}),
            )
        },
        post(
            "move_staff_member",
            somebody("/move"),
            json!({ "new_id": new_id(), "facility_id": things.facility, "on": later }),
        ),
        post(
            "leave_staff_member",
            somebody("/leave"),
            json!({ "on": today() }),
        ),
        post(
            "create_relative",
            relatives.clone(),
            json!({
                "id": relative, "relation": "family", "name": "試験 さくら", "kana": "シケン サクラ", "label": "長女",
                "login_name": "sakura", "email": "sakura@example.jp",
            }),
        ),
        get("list_relatives", relatives),
        post(
            "end_relative",
            format!("/v1/relatives/{relative}/end"),
            json!({ "ends_on": today() }),
        ),
    ]
}
