//! The table: what each call sends, and what the server answers.

use serde_json::{Value, json};

use super::With::{Key, NoKey, Nothing};
use super::{ID, Line, With, session};

pub(super) const AT: &str = "2026-11-21T03:04:05.123456Z";

pub(super) fn line(
    operation: &'static str,
    request: &'static str,
    with: With,
    body: Value,
    answer: Value,
) -> Line {
    Line {
        operation,
        request,
        with,
        body,
        answer,
    }
}

pub(super) fn page(row: &Value) -> Value {
    json!({"items": [row], "next": null})
}

fn facility() -> Value {
    json!({"id": ID, "name": "北診療所", "kind": "clinic"})
}

fn staff_member() -> Value {
    json!({"id": ID, "name": "佐藤美咲", "kana": "サトウミサキ", "profession": "nurse",
        "facility": facility()})
}

pub(super) fn account() -> Value {
    json!({"id": ID, "login": "sato@kita", "role": "staff", "email": "sato@example.jp",
        "name": "佐藤美咲", "profession": "nurse", "facility": facility(),
        "last_signed_in_at": null, "suspended_at": AT, "enrolled": true, "locked_until": null,
        "posts": [post_of_account()], "staff_member_id": ID, "licence": "verified"})
}

fn post_of_account() -> Value {
    json!({"id": ID, "profession": "nurse", "facility": facility(), "starts_on": "2026-04-01", "ends_on": null})
}

pub(super) fn consent() -> Value {
    json!({"id": ID, "granted_on": "2026-11-21", "granted_by": "patient", "proxy_name": null,
        "proxy_relation": null, "method": "paper", "note": null, "recorded_at": AT,
        "recorded_by": "佐藤美咲", "withdrawn_at": null, "withdrawn_by": null,
        "withdrawal_reason": null, "facilities": [facility()], "profession_groups": ["NS"],
        "kinds": ["note"], "sensitive": ["psychiatry"], "separate": ["FM"],
        "valid_until": "2027-03-31", "standing": true, "evidence": [{"id": ID,
            "media_type": "application/pdf", "uploaded_at": AT, "uploaded_by": "佐藤美咲"}]})
}

fn challenge() -> Value {
    json!({"challenge_id": ID, "options": {"publicKey": {"challenge": "AAAA"}}})
}

fn running_session() -> Value {
    json!({"id": ID, "label": "Firefox", "source_ip": "192.0.2.1", "device": null,
        "amr": ["pwd", "otp"], "created_at": AT, "last_seen_at": AT, "expires_at": AT,
        "current": true})
}

fn device() -> Value {
    json!({"id": ID, "name": "訪問用タブレット1", "kind": "shared", "facility": facility(),
        "created_at": AT, "enrolment_expires_at": AT, "enrolled_at": null, "last_seen_at": null, "revoked_at": null})
}

fn invitation() -> Value {
    json!({"id": ID, "code": "K7QM-3XWP", "expires_at": AT})
}

fn emergency() -> Value {
    json!({"id": ID, "patient_id": ID, "staff_member": "佐藤美咲", "profession": "nurse", "facility": "北診療所",
        "running": false, "review_overdue": true, "reason": "救急搬送", "started_at": AT, "expires_at": AT, "ended_at": null,
        "reviewed_at": null, "finding": null, "review_note": null})
}

fn explanation() -> Value {
    json!({"allowed": false, "rules": [{"id": "forbid-without-consent", "effect": "forbid",
        "reason_ja": "同意がありません", "reason_en": "No consent"}],
        "because_ja": ["同意がありません"], "because_en": ["No consent"],
        "would_help": [{"change": "consent", "text_ja": "同意を得る", "text_en": "Take consent"}],
        "same_rules": null, "decided_at": AT})
}

/// Every operation.
pub(super) fn lines() -> Vec<Line> {
    let mut lines = sessions();
    lines.extend(accounts());
    lines.extend(devices_and_settings());
    lines.extend(people());
    lines.extend(patients());
    lines.extend(decisions());
    lines.extend(super::log::lines());
    lines
}

#[rustfmt::skip]
fn sessions() -> Vec<Line> {
    let renewed = session(2, 300);
    let credential = json!({"id": "a"});
    vec![
        line("create_passkey_challenge", "POST /v1/sessions/passkey-challenge", Nothing,
            json!({"network": "kita"}), challenge()),
        line("create_session_with_passkey", "POST /v1/sessions/passkey", Nothing,
            json!({"network": "kita", "challenge_id": ID, "credential": credential,
                "transport": "body"}), renewed.clone()),
        line("create_step_up_challenge", "POST /v1/sessions/current/step-up-challenge", NoKey,
            json!({}), challenge()),
        line("step_up_session", "POST /v1/sessions/current/step-up", NoKey,
            json!({"challenge_id": ID, "credential": credential, "transport": "body"}),
            renewed.clone()),
        line("change_post", "POST /v1/sessions/current/post", NoKey,
            json!({"staff_member_id": ID, "transport": "body"}), renewed.clone()),
        line("list_own_sessions", "GET /v1/me/sessions", NoKey, Value::Null,
            page(&running_session())),
        line("end_own_session", "DELETE /v1/me/sessions/{}", NoKey, Value::Null, Value::Null),
        line("end_other_sessions", "POST /v1/me/sessions/end-others", Key, json!({}),
            json!({"ended": 2})),
        line("start_passkey", "POST /v1/me/passkeys/challenge", NoKey, json!({}), challenge()),
        line("create_passkey", "POST /v1/me/passkeys", Key,
            json!({"challenge_id": ID, "credential": credential, "name": "私の電話"}),
            json!({"id": ID, "name": "私の電話", "created_at": AT, "last_used_at": null})),
        line("delete_passkey", "DELETE /v1/me/passkeys/{}", NoKey, Value::Null, Value::Null),
        line("lock_session", "POST /v1/sessions/current/lock", Key, json!({}), Value::Null),
        line("set_pin", "PUT /v1/sessions/current/pin", NoKey, json!({"pin": "482915"}),
            Value::Null),
        line("switch_session", "POST /v1/sessions/switch", Nothing,
            json!({"account_id": ID, "pin": "482915", "transport": "body"}), renewed),
    ]
}

#[rustfmt::skip]
fn accounts() -> Vec<Line> {
    let reason = json!({"reason": "紛失の届け出"});
    vec![
        line("list_accounts", "GET /v1/accounts", NoKey, Value::Null, page(&account())),
        line("suspend_account", "POST /v1/accounts/{}/suspend", Key, reason.clone(), account()),
        line("resume_account", "POST /v1/accounts/{}/resume", Key, json!({}), account()),
        line("list_account_sessions", "GET /v1/accounts/{}/sessions", NoKey, Value::Null,
            page(&running_session())),
        line("end_account_sessions", "POST /v1/accounts/{}/end-sessions", Key, json!({}),
            json!({"ended": 2})),
        line("create_temporary_code", "POST /v1/accounts/{}/temporary-code", NoKey,
            json!({"reason": "紛失の届け出", "minutes": 480}),
            json!({"code": "T-ABCD", "expires_at": AT})),
        line("end_temporary_codes", "POST /v1/temporary-codes/end-all", Key, json!({}),
            json!({"ended_codes": 3, "ended_sessions": 1})),
        line("reset_account", "POST /v1/accounts/{}/reset", NoKey, reason, invitation()),
    ]
}

#[rustfmt::skip]
fn devices_and_settings() -> Vec<Line> {
    let coded = json!({"device": device(), "enrolment_code": "K7QM3XWP"});
    let settings = json!({"password_composition": true, "password_rotation_days": null,
        "idle_minutes_personal": 20, "idle_minutes_shared": 5, "session_hours": 10,
        "registered_devices_only": false, "licence_required": true, "show_names_to_patients": false});
    vec![
        line("list_devices", "GET /v1/devices", NoKey, Value::Null, page(&device())),
        line("create_device", "POST /v1/devices", NoKey,
            json!({"name": "訪問用タブレット1", "kind": "shared", "facility_id": ID}),
            coded.clone()),
        line("revoke_device", "POST /v1/devices/{}/revoke", Key, json!({}), device()),
        line("renew_device_code", "POST /v1/devices/{}/enrolment-code", NoKey, json!({}), coded),
        line("enrol_device", "POST /v1/devices/enrol", Nothing,
            json!({"network": "kita", "code": "K7QM3XWP", "transport": "body"}),
            json!({"device": device(), "device_token": "secret"})),
        line("find_current_device", "GET /v1/devices/current", Nothing, Value::Null,
            json!({"id": ID, "name": "訪問用タブレット1", "kind": "shared",
                "facility": facility(), "network": {"slug": "kita", "name": "北"},
                "people": [{"account_id": ID, "name": "佐藤美咲", "kana": "サトウミサキ",
                    "profession": "nurse", "pin_set": true, "expires_at": AT}]})),
        line("find_settings", "GET /v1/settings", NoKey, Value::Null, settings.clone()),
        line("update_settings", "PUT /v1/settings", Key, settings.clone(), settings),
    ]
}

#[rustfmt::skip]
fn people() -> Vec<Line> {
    let change = json!({"staff_member": staff_member(), "ended_memberships": 3,
        "patients_without_team": 1});
    let licence = json!({"id": ID, "profession": "nurse", "number": "123456",
        "verified_on": "2026-11-21", "verified_by": "管理 花子", "method": "original",
        "valid_until": null, "created_at": AT, "revoked_at": null, "status": "verified"});
    let profession = json!({"code": "visiting_bather", "ja": "訪問入浴職員",
        "en": "Visiting bather", "group": "HH", "licensed": false, "based_on": "home_helper",
        "kinds": {"vitals": ["read", "write"]}});
    vec![
        line("move_staff_member", "POST /v1/staff-members/{}/move", Key,
            json!({"facility_id": ID, "on": "2026-11-21"}), change.clone()),
        line("leave_staff_member", "POST /v1/staff-members/{}/leave", Key,
            json!({"on": "2026-11-21"}), change),
        line("import_staff_members", "POST /v1/staff-members/import?dry_run=false", NoKey,
            Value::Null, json!({"dry_run": false, "created": 1, "unchanged": 0, "errors": 0, "rows": [{"row": 1,
                "outcome": "create", "name": "佐藤美咲", "errors": [],
                "invitation_code": "K7QM-3XWP"}]})),
        line("list_licences", "GET /v1/staff-members/{}/licences", NoKey, Value::Null,
            page(&licence)),
        line("create_licence", "POST /v1/staff-members/{}/licences", Key,
            json!({"profession": "nurse", "number": "123456", "verified_on": "2026-11-21",
                "method": "original"}), licence.clone()),
        line("revoke_licence", "POST /v1/licences/{}/revoke", Key, json!({}), licence),
        line("list_professions", "GET /v1/professions", NoKey, Value::Null, page(&profession)),
        line("create_profession", "POST /v1/professions", Key,
            json!({"code": "visiting_bather", "ja": "訪問入浴職員", "en": "Visiting bather",
                "based_on": "home_helper"}), profession),
        line("list_mails", "GET /v1/mailbox", Nothing, Value::Null,
            page(&json!({"id": ID, "recipient": "sato@example.jp", "subject": "ご案内",
                "body": "本文", "created_at": AT}))),
    ]
}

#[rustfmt::skip]
fn patients() -> Vec<Line> {
    let relative = json!({"id": ID, "relation": "family", "name": "出雲 花子",
        "kana": "イズモ ハナコ", "label": "長女", "account_id": ID, "login_name": "izumo.hanako",
        "email": "hanako@example.jp", "enrolled": false, "starts_on": "2026-11-21",
        "ends_on": null, "active": true});
    let code = "TSM-ABCD-EFGH-JKLM-NPQR";
    let patient = json!({"name": "出雲 和子", "kana": "イズモ カズコ",
        "birth_date": "1943-05-12", "sex": "female"});
    let card = json!({"id": ID, "issued_at": AT, "issued_by": "佐藤美咲", "revoked_at": null});
    vec![
        line("list_relatives", "GET /v1/patients/{}/relatives", NoKey, Value::Null,
            page(&relative)),
        line("create_relative", "POST /v1/patients/{}/relatives", NoKey,
            json!({"relation": "family", "name": "出雲 花子", "kana": "イズモ ハナコ",
                "label": "長女", "login_name": "izumo.hanako", "email": "hanako@example.jp"}),
            json!({"relative": relative, "invitation": invitation()})),
        line("end_relative", "POST /v1/relatives/{}/end", Key, json!({"ends_on": "2026-11-21"}),
            relative),
        line("list_provisions",
            "GET /v1/patients/{}/provisions?from=2026-11-21&to=2026-11-21&limit=10", NoKey, Value::Null,
            page(&json!({"provided_on": "2026-11-21", "source_facility": facility(),
                "recipient_facility": facility(), "recipient": "佐藤美咲", "kind": "note",
                "kind_ja": "タイムラインの投稿", "basis": "consent", "consent_id": ID}))),
        line("create_registration_card", "POST /v1/patients/{}/registration-cards", NoKey,
            json!({}), json!({"id": ID, "code": code, "patient": patient, "network": "北"})),
        line("revoke_registration_card", "POST /v1/registration-cards/{}/revoke", Key, json!({}),
            card.clone()),
        line("list_registration_cards", "GET /v1/patients/{}/registration-cards", NoKey,
            Value::Null, page(&card)),
        line("read_registration_card", "POST /v1/registration-cards/read", Key,
            json!({"code": code}), json!({"patient": patient})),
        line("link_registration_card", "POST /v1/registration-cards/link", Key,
            json!({"code": code, "value": "0012345"}),
            json!({"patient": patient, "system": "urn:oid:1.2.3", "value": "0012345"})),
        line("export_provisions", "GET /v1/patients/{}/provisions.csv", NoKey, Value::Null,
            json!({})),
        line("create_consent_evidence", "POST /v1/consents/{}/evidence", Key, Value::Null,
            consent()["evidence"][0].clone()),
        line("find_consent_evidence", "GET /v1/consent-evidence/{}", NoKey, Value::Null,
            json!({})),
    ]
}

#[rustfmt::skip]
fn decisions() -> Vec<Line> {
    let substitution = json!({"id": ID, "absent": staff_member(), "substitute": staff_member(),
        "patient_id": ID, "reason": "leave", "starts_at": AT, "ends_at": AT, "active": false, "ended_at": null});
    let narrowing = json!({"id": ID, "profession": "home_helper", "kind": "vitals",
        "takes": "write", "reason": "協議会の決定", "created_at": AT, "created_by": "管理 花子",
        "removed_at": null});
    vec![
        line("search_emergency_patient", "POST /v1/emergency-access/search", NoKey,
            json!({"name_or_kana": "出雲 和子", "birth_date": "1943-05-12"}),
            page(&json!({"id": ID, "name": "出雲 和子", "kana": "イズモ カズコ",
                "birth_date": "1943-05-12", "sex": "female"}))),
        line("create_emergency_access", "POST /v1/patients/{}/emergency-access", Key,
            json!({"reason": "意識不明で救急搬送されたため", "category": "other"}), emergency()),
        line("end_emergency_access", "POST /v1/emergency-accesses/{}/end", Key, json!({}),
            emergency()),
        line("list_emergency_accesses", "GET /v1/emergency-accesses?state=unreviewed", NoKey,
            Value::Null, page(&emergency())),
        line("review_emergency_access", "POST /v1/emergency-accesses/{}/review", Key,
            json!({"finding": "justified", "note": "搬送記録と一致"}), emergency()),
        line("list_substitutions", "GET /v1/substitutions", NoKey, Value::Null,
            page(&substitution)),
        line("create_substitution", "POST /v1/substitutions", Key,
            json!({"absent_id": ID, "substitute_id": ID, "patient_id": ID, "reason": "leave",
                "starts_at": "2026-11-21T00:00:00Z", "ends_at": "2026-11-23T00:00:00Z"}),
            substitution.clone()),
        line("end_substitution", "POST /v1/substitutions/{}/end", Key, json!({}), substitution),
        line("list_access_overrides", "GET /v1/access-overrides", NoKey, Value::Null,
            page(&narrowing)),
        line("create_access_override", "POST /v1/access-overrides", Key,
            json!({"profession": "home_helper", "kind": "vitals", "takes": "write",
                "reason": "協議会の決定"}), narrowing.clone()),
        line("remove_access_override", "POST /v1/access-overrides/{}/remove", Key, json!({}),
            narrowing),
        line("explain_access_log_entry", "GET /v1/access-log/{}/explanation", NoKey, Value::Null,
            explanation()),
        line("explain_access", "POST /v1/access-explanations", NoKey,
            json!({"patient_id": ID, "action": "post.read", "staff_member_id": ID}),
            explanation()),
    ]
}
