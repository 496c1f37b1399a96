//! One sensible call of every operation about appointments and the calendar feed, made for the world of [`Team`].

use serde_json::json;
use tsumugi_client::new_id;
use uuid::Uuid;

use super::{
    Team,
    calls::Call,
    calls_identity::{get, post},
};

/// Every call, about this appointment and about a new one.
pub fn appointments(team: &Team, appointment: Uuid) -> Vec<Call> {
    let of = |rest: &str| format!("/v1/appointments/{appointment}{rest}");
    let plan = json!({
        "kind": "visit", "note": "CANARY", "starts_at": "2099-01-05T10:00:00+09:00",
        "ends_at": "2099-01-05T11:00:00+09:00", "for_family": true, "recurrence": "FREQ=WEEKLY;BYDAY=MO",
        "participants": [{ "staff_member_id": team.nurse.id }],
    });
    let seen = |version, call: Call| Call {
        if_match: Some(version),
        ..call
    };
    let amendment =
        json!({ "scope": "all", "plan": plan, "reason": "時間の変更", "accept_overlap": true });
    let cancellation = json!({ "scope": "this", "on": "2099-01-05", "reason": "ご本人の都合" });
    vec![
        post(
            "create_appointment",
            "/v1/appointments",
            json!({ "id": new_id(), "patient_id": team.patient, "plan": plan }),
        ),
        get(
            "list_patient_appointments",
            format!(
                "/v1/patients/{}/appointments?from=2099-01-01&to=2099-01-31",
                team.patient
            ),
        ),
        get(
            "list_own_appointments",
            "/v1/appointments?from=2099-01-01&to=2099-01-31",
        ),
        post(
            "find_appointment_overlaps",
            "/v1/appointments/overlaps",
            json!({ "plan": plan }),
        ),
        get("find_appointment", of("")),
        get("list_appointment_versions", of("/versions")),
        seen("\"1\"", post("amend_appointment", of("/amend"), amendment)),
        seen(
            "\"2\"",
            post("cancel_appointment", of("/cancel"), cancellation),
        ),
        get("list_calendar_feeds", "/v1/calendar-feeds"),
        post(
            "create_calendar_feed",
            "/v1/calendar-feeds",
            json!({ "id": new_id() }),
        ),
        post(
            "revoke_calendar_feed",
            format!("/v1/calendar-feeds/{}/revoke", new_id()),
            json!({}),
        ),
        get(
            "read_calendar_feed",
            format!("/v1/calendar-feeds/{}.ics", "x".repeat(43)),
        ),
    ]
}
