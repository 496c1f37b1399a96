//! One sensible call of every operation about identity, people, consent and access, made for the world of [`Team`]:
//! the continuation of `calls.rs`. Where the world has no such thing (an account's code, a device, a licence) the call
//! names one that does not exist, so that whoever may do it hears 404 or 422 and everybody else what the rules say.
//! What would end a session or take somebody's work away is either far in the future or last.

use serde_json::{Value, json};
use tsumugi_client::new_id;

use super::calls::{Call, Things};
use super::calls_findings::findings;
use super::{Team, team::today};

/// A day on which nobody of the tests is at work any more.
const SOME_DAY: &str = "2099-03-31";

fn call(operation: &'static str, method: &'static str, path: String) -> Call {
    Call {
        operation,
        method,
        path,
        body: None,
        content_type: "application/json",
        if_match: None,
    }
}

pub fn get(operation: &'static str, path: impl Into<String>) -> Call {
    call(operation, "GET", path.into())
}

fn delete(operation: &'static str, path: impl Into<String>) -> Call {
    call(operation, "DELETE", path.into())
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "a body is written where it is sent"
)]
pub fn post(operation: &'static str, path: impl Into<String>, body: Value) -> Call {
    Call {
        body: Some(body.to_string()),
        ..call(operation, "POST", path.into())
    }
}

fn put(operation: &'static str, path: impl Into<String>, body: Value) -> Call {
    Call {
        method: "PUT",
        ..post(operation, path, body)
    }
}

/// Every call, in an order in which the later ones still find what they need.
pub fn identity(team: &Team, things: &Things) -> Vec<Call> {
    let mut calls = people(team, things);
    calls.extend(accounts());
    calls.extend(devices_and_settings(things));
    calls.extend(consent(team, things));
    calls.extend(decision(team));
    calls.extend(super::calls_witnesses::witnesses());
    calls.extend(findings(team, things));
    calls.extend(super::calls_accesses::accesses(team));
    calls.extend(super::calls_copies::copies(team));
    calls.extend(own_factors());
    calls.extend(enrolment());
    calls.extend(sessions());
    calls
}

fn people(team: &Team, things: &Things) -> Vec<Call> {
    let of_staff = |id: uuid::Uuid, verb: &str| format!("/v1/staff-members/{id}/{verb}");
    let nurse = team.nurse.id;
    let of_patient = |rest: &str| format!("/v1/patients/{}/{rest}", team.patient);
    let csv = "氏名,フリガナ,職種,施設,ログイン名,メール,開始日,終了日,免許番号,免許期限\r\n\
               新任 次郎,シンニン ジロウ,看護師,北訪問看護ステーション,shinnin.jiro,jiro@example.jp,2026-04-01,,,\r\n";
    vec![
        post(
            "move_staff_member",
            of_staff(team.outsider.id, "move"),
            json!({ "new_id": new_id(), "facility_id": things.facility, "on": SOME_DAY }),
        ),
        post(
            "leave_staff_member",
            of_staff(team.hospital_nurse.id, "leave"),
            json!({ "on": SOME_DAY }),
        ),
        Call {
            body: Some(csv.to_owned()),
            content_type: "text/csv",
            ..call(
                "import_staff_members",
                "POST",
                "/v1/staff-members/import?dry_run=true".to_owned(),
            )
        },
        get("list_licences", of_staff(nurse, "licences")),
        post(
            "create_licence",
            of_staff(nurse, "licences"),
            json!({
                "id": new_id(), "profession": "nurse", "number": "1234567", "verified_on": today(),
                "method": "original"
            }),
        ),
        post(
            "revoke_licence",
            format!("/v1/licences/{}/revoke", new_id()),
            json!({}),
        ),
        get("list_professions", "/v1/professions"),
        post(
            "create_profession",
            "/v1/professions",
            json!({
                "code": "visiting_bather", "ja": "訪問入浴職員", "en": "Visiting bather",
                "based_on": "home_helper"
            }),
        ),
        get("list_mails", "/v1/mailbox"),
        get("list_relatives", of_patient("relatives")),
        post(
            "create_relative",
            of_patient("relatives"),
            json!({
                "id": new_id(), "relation": "family", "name": "出雲 花子", "kana": "イズモ ハナコ", "label": "長女",
                "login_name": "izumo.hanako", "email": "hanako@example.jp"
            }),
        ),
        post(
            "end_relative",
            format!("/v1/relatives/{}/end", things.relative),
            json!({ "ends_on": today() }),
        ),
    ]
}

fn accounts() -> Vec<Call> {
    let of_account = |verb: &str| format!("/v1/accounts/{}/{verb}", new_id());
    let reason = json!({ "reason": "届け出による" });
    vec![
        get("list_accounts", "/v1/accounts"),
        post("suspend_account", of_account("suspend"), reason.clone()),
        post("resume_account", of_account("resume"), json!({})),
        get("list_account_sessions", of_account("sessions")),
        post(
            "end_account_sessions",
            of_account("end-sessions"),
            json!({}),
        ),
        post(
            "create_temporary_code",
            of_account("temporary-code"),
            json!({ "id": new_id(), "reason": "電話を自宅に忘れた", "minutes": 60 }),
        ),
        post(
            "end_temporary_codes",
            "/v1/temporary-codes/end-all",
            json!({}),
        ),
        post("reset_account", of_account("reset"), reason),
        get("list_invitations", "/v1/invitations"),
        post(
            "create_invitation",
            "/v1/invitations",
            json!({ "account_id": new_id() }),
        ),
        post(
            "revoke_invitation",
            format!("/v1/invitations/{}/revoke", new_id()),
            json!({}),
        ),
    ]
}

fn devices_and_settings(things: &Things) -> Vec<Call> {
    let of_device = |verb: &str| format!("/v1/devices/{}/{verb}", new_id());
    vec![
        get("list_devices", "/v1/devices"),
        post(
            "create_device",
            "/v1/devices",
            json!({ "id": new_id(), "name": "訪問用タブレット1", "kind": "shared", "facility_id": things.facility }),
        ),
        post("revoke_device", of_device("revoke"), json!({})),
        post("renew_device_code", of_device("enrolment-code"), json!({})),
        post(
            "enrol_device",
            "/v1/devices/enrol",
            json!({ "network": "kita", "code": "AAAAAAAA" }),
        ),
        get("find_current_device", "/v1/devices/current"),
        get("find_settings", "/v1/settings"),
        // The defaults, so that the calls that follow are answered as before.
        put(
            "update_settings",
            "/v1/settings",
            json!({
                "password_composition": true, "password_rotation_days": null, "idle_minutes_personal": 30,
                "idle_minutes_shared": 15, "session_hours": 12, "registered_devices_only": false,
                "licence_required": false
            }),
        ),
    ]
}

fn consent(team: &Team, things: &Things) -> Vec<Call> {
    let of_patient = |rest: &str| format!("/v1/patients/{}/{rest}", team.patient);
    let card = json!({ "code": "TSM-AAAA-AAAA-AAAA-AAAA" });
    vec![
        Call {
            body: Some("%PDF-1.4\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n".to_owned()),
            content_type: "application/pdf",
            ..call(
                "create_consent_evidence",
                "POST",
                format!("/v1/consents/{}/evidence", things.consent),
            )
        },
        get(
            "find_consent_evidence",
            format!("/v1/consent-evidence/{}", new_id()),
        ),
        get("list_provisions", of_patient("provisions")),
        get("export_provisions", of_patient("provisions.csv")),
        post(
            "create_registration_card",
            of_patient("registration-cards"),
            json!({ "id": new_id() }),
        ),
        get("list_registration_cards", of_patient("registration-cards")),
        post(
            "revoke_registration_card",
            format!("/v1/registration-cards/{}/revoke", new_id()),
            json!({}),
        ),
        post(
            "read_registration_card",
            "/v1/registration-cards/read",
            card,
        ),
        post(
            "link_registration_card",
            "/v1/registration-cards/link",
            json!({ "code": "TSM-AAAA-AAAA-AAAA-AAAA", "value": "0012345" }),
        ),
    ]
}

fn decision(team: &Team) -> Vec<Call> {
    let patient = team.patient;
    let of_emergency = |verb: &str| format!("/v1/emergency-accesses/{}/{verb}", new_id());
    let midnight = |days: u64| {
        let day = today() + chrono::Days::new(days);
        format!("{day}T00:00:00+09:00")
    };
    vec![
        post(
            "search_emergency_patient",
            "/v1/emergency-access/search",
            json!({ "name_or_kana": "出雲 和子", "birth_date": "1943-05-12" }),
        ),
        post(
            "create_emergency_access",
            format!("/v1/patients/{patient}/emergency-access"),
            json!({ "id": new_id(), "reason": "意識不明で救急搬送され、既往を確認するため" }),
        ),
        post("end_emergency_access", of_emergency("end"), json!({})),
        get(
            "list_emergency_accesses",
            "/v1/emergency-accesses?state=all",
        ),
        post(
            "review_emergency_access",
            of_emergency("review"),
            json!({ "finding": "justified", "note": "搬送記録と一致" }),
        ),
        get("list_substitutions", "/v1/substitutions"),
        post(
            "create_substitution",
            "/v1/substitutions",
            json!({
                "id": new_id(), "absent_id": team.nurse.id, "substitute_id": team.hospital_nurse.id,
                "patient_id": patient, "reason": "leave", "starts_at": midnight(1), "ends_at": midnight(3)
            }),
        ),
        post(
            "end_substitution",
            format!("/v1/substitutions/{}/end", new_id()),
            json!({}),
        ),
        get("list_access_overrides", "/v1/access-overrides"),
        post(
            "create_access_override",
            "/v1/access-overrides",
            json!({
                "id": new_id(), "profession": "home_helper", "kind": "photo", "takes": "write",
                "reason": "協議会の決定"
            }),
        ),
        post(
            "remove_access_override",
            format!("/v1/access-overrides/{}/remove", new_id()),
            json!({}),
        ),
        get(
            "explain_access_log_entry",
            format!("/v1/access-log/{}/explanation", new_id()),
        ),
        post(
            "explain_access",
            "/v1/access-explanations",
            json!({ "patient_id": patient, "action": "post.read", "kind": "note", "channel": "team" }),
        ),
    ]
}

fn own_factors() -> Vec<Call> {
    let credential = json!({ "id": "AAAA", "rawId": "AAAA", "type": "public-key", "response": {} });
    vec![
        get("find_factors", "/v1/me/factors"),
        // Too short, so that everybody keeps the password of the tests.
        put(
            "change_password",
            "/v1/me/password",
            json!({ "new_password": "短い" }),
        ),
        post("start_totp", "/v1/me/totp", json!({})),
        post(
            "confirm_totp",
            "/v1/me/totp/confirm",
            json!({ "challenge_id": new_id(), "code": "000000" }),
        ),
        post("create_recovery_codes", "/v1/me/recovery-codes", json!({})),
        post("start_passkey", "/v1/me/passkeys/challenge", json!({})),
        post(
            "create_passkey",
            "/v1/me/passkeys",
            json!({ "challenge_id": new_id(), "credential": credential, "name": "私の電話" }),
        ),
        delete("delete_passkey", format!("/v1/me/passkeys/{}", new_id())),
        // The last factor of everybody here.
        delete("remove_totp", "/v1/me/totp"),
    ]
}

fn enrolment() -> Vec<Call> {
    let enrolment = "AAAA";
    let password = "なにか長い合言葉 1234!";
    vec![
        post(
            "create_enrolment",
            "/v1/enrolments",
            json!({ "token": "AAAA", "code": "AAAA-AAAA" }),
        ),
        post(
            "start_enrolment_totp",
            "/v1/enrolments/totp",
            json!({ "enrolment": enrolment, "password": password }),
        ),
        post(
            "start_enrolment_passkey",
            "/v1/enrolments/passkey-challenge",
            json!({ "enrolment": enrolment }),
        ),
        post(
            "finish_enrolment",
            "/v1/enrolments/finish",
            json!({ "enrolment": enrolment, "password": password, "code": "000000" }),
        ),
    ]
}

fn sessions() -> Vec<Call> {
    let credential = json!({ "id": "AAAA", "rawId": "AAAA", "type": "public-key", "response": {} });
    let current = |rest: &str| format!("/v1/sessions/current/{rest}");
    vec![
        post(
            "create_passkey_challenge",
            "/v1/sessions/passkey-challenge",
            json!({ "network": "kita" }),
        ),
        post(
            "create_session_with_passkey",
            "/v1/sessions/passkey",
            json!({ "network": "kita", "challenge_id": new_id(), "credential": credential }),
        ),
        post(
            "create_step_up_challenge",
            current("step-up-challenge"),
            json!({}),
        ),
        post(
            "step_up_session",
            current("step-up"),
            json!({ "password": "wrong", "code": "000000" }),
        ),
        post(
            "change_post",
            current("post"),
            json!({ "staff_member_id": new_id() }),
        ),
        get("list_own_sessions", "/v1/me/sessions"),
        delete("end_own_session", format!("/v1/me/sessions/{}", new_id())),
        post(
            "end_other_sessions",
            "/v1/me/sessions/end-others",
            json!({}),
        ),
        put("set_pin", current("pin"), json!({ "pin": "482915" })),
        post(
            "switch_session",
            "/v1/sessions/switch",
            json!({ "account_id": new_id(), "pin": "482915" }),
        ),
        // Ends the session where it is done.
        post("lock_session", current("lock"), json!({})),
    ]
}
