//! One use that is carried out of every operation for which the calls of `support::calls` name what is not there, or lack
//! a secret. Each request is numbered by its operation.

use serde_json::{Value, json};
use tsumugi_client::{new_id, totp};

use super::an_passkeys::{Authenticator, ORIGIN};
use crate::support::{
    Person, Team, Wire,
    calls_attachments::Files,
    team::{join, new_patient, register, today},
    world::{PASSWORD, new_staff_member},
};

/// Sends a request that is numbered by its operation, and insists on a success.
async fn done(
    wire: &Wire,
    operation: &str,
    method: &str,
    path: impl Into<String>,
    body: Value,
) -> Value {
    let wire = wire.numbered(&format!("{operation}.good"));
    let body = (!body.is_null()).then_some(body);
    let (status, answer) = wire.send(method, &path.into(), body).await;
    assert!(
        (200..300).contains(&status),
        "{operation}: {status} {answer}"
    );
    answer
}

fn text(value: &Value) -> String {
    value
        .as_str()
        .unwrap_or_else(|| panic!("{value}"))
        .to_owned()
}

pub async fn make(team: &Team) {
    let keeper = Wire::sign_in(&team.world.administrator).await;
    accounts(team, &keeper).await;
    shared_device(team, &keeper).await;
    factors(team).await;
    enrolment(team).await;
    sessions(team, &keeper).await;
    patients(team).await;
    oversight(team, &keeper).await;
}

async fn accounts(team: &Team, keeper: &Wire) {
    let station = team
        .world
        .facility(
            "南訪問看護",
            tsumugi_client::models::FacilityKind::VisitingNursingStation,
        )
        .await;
    let nurse = team.world.person("good.nurse", "nurse", station).await;
    let of = |verb: &str| format!("/v1/accounts/{}/{verb}", nurse.account);
    let reason = json!({ "reason": "届け出による" });
    done(
        keeper,
        "list_account_sessions",
        "GET",
        of("sessions"),
        Value::Null,
    )
    .await;
    done(
        keeper,
        "end_account_sessions",
        "POST",
        of("end-sessions"),
        json!({}),
    )
    .await;
    let code = json!({ "id": new_id(), "reason": "電話を自宅に忘れた", "minutes": 60 });
    done(
        keeper,
        "create_temporary_code",
        "POST",
        of("temporary-code"),
        code,
    )
    .await;
    done(
        keeper,
        "suspend_account",
        "POST",
        of("suspend"),
        reason.clone(),
    )
    .await;
    done(keeper, "resume_account", "POST", of("resume"), json!({})).await;
    done(keeper, "reset_account", "POST", of("reset"), reason).await;
    let again = json!({ "account_id": nurse.account });
    done(
        keeper,
        "create_invitation",
        "POST",
        "/v1/invitations",
        again,
    )
    .await;
    let open = done(
        keeper,
        "list_invitations",
        "GET",
        "/v1/invitations",
        Value::Null,
    )
    .await;
    let path = format!("/v1/invitations/{}/revoke", text(&open["items"][0]["id"]));
    done(keeper, "revoke_invitation", "POST", path, json!({})).await;
    let path = format!("/v1/staff-members/{}/licences", nurse.id);
    let licence = json!({
        "id": new_id(), "profession": "nurse", "number": "7654321", "verified_on": today(),
        "method": "original"
    });
    let made = done(keeper, "create_licence", "POST", path, licence).await;
    let path = format!("/v1/licences/{}/revoke", text(&made["id"]));
    done(keeper, "revoke_licence", "POST", path, json!({})).await;
    let narrowed = json!({
        "id": new_id(), "profession": "home_helper", "kind": "results", "takes": "read",
        "reason": "協議会の決定"
    });
    let made = done(
        keeper,
        "create_access_override",
        "POST",
        "/v1/access-overrides",
        narrowed,
    )
    .await;
    let path = format!("/v1/access-overrides/{}/remove", text(&made["id"]));
    done(keeper, "remove_access_override", "POST", path, json!({})).await;
}

async fn shared_device(team: &Team, keeper: &Wire) {
    let me = team.physician.client.sessions().me().await.unwrap();
    let new = json!({
        "id": new_id(), "name": "訪問用タブレット9", "kind": "shared",
        "facility_id": me.staff_member.unwrap().facility.id
    });
    let made = done(keeper, "create_device", "POST", "/v1/devices", new).await;
    let path = format!("/v1/devices/{}", text(&made["device"]["id"]));
    let renewed = format!("{path}/enrolment-code");
    let renewed = done(keeper, "renew_device_code", "POST", renewed, json!({})).await;
    let nobody = Wire::nobody(&team.world.anyone);
    let code = json!({ "network": "kita", "code": renewed["enrolment_code"] });
    let enrolled = done(&nobody, "enrol_device", "POST", "/v1/devices/enrol", code).await;
    let tablet = Wire {
        device: Some(text(&enrolled["device_token"])),
        ..nobody
    };
    done(
        &tablet,
        "find_current_device",
        "GET",
        "/v1/devices/current",
        Value::Null,
    )
    .await;
    let wire = tablet.signed_in(&team.physician).await;
    let pin = json!({ "pin": "482915" });
    done(&wire, "set_pin", "PUT", "/v1/sessions/current/pin", pin).await;
    let back = json!({ "account_id": team.physician.account, "pin": "482915" });
    done(
        &tablet,
        "switch_session",
        "POST",
        "/v1/sessions/switch",
        back,
    )
    .await;
    done(
        keeper,
        "revoke_device",
        "POST",
        format!("{path}/revoke"),
        json!({}),
    )
    .await;
}

async fn factors(team: &Team) {
    let person = &team.helper;
    let owner = Wire::sign_in(person).await;
    let mut key = Authenticator::register(&owner.numbered("create_passkey.good"), "鍵").await;
    let nobody = Wire::nobody(&team.world.anyone);
    let begun = json!({ "network": "kita" });
    let path = "/v1/sessions/passkey-challenge";
    let begun = done(&nobody, "create_passkey_challenge", "POST", path, begun).await;
    let answer = json!({
        "network": "kita", "challenge_id": begun["challenge_id"],
        "credential": key.answer(&begun, ORIGIN, |_| {})
    });
    let path = "/v1/sessions/passkey";
    done(&nobody, "create_session_with_passkey", "POST", path, answer).await;
    let path = "/v1/sessions/current/step-up-challenge";
    done(&owner, "create_step_up_challenge", "POST", path, json!({})).await;
    done(&owner, "remove_totp", "DELETE", "/v1/me/totp", Value::Null).await;
    let seed = done(&owner, "start_totp", "POST", "/v1/me/totp", json!({})).await;
    let secret = text(&seed["secret"]).into();
    let code = totp::code(&secret, team.world.app.clock.now()).unwrap();
    let confirm = json!({ "challenge_id": seed["challenge_id"], "code": code.expose() });
    done(
        &owner,
        "confirm_totp",
        "POST",
        "/v1/me/totp/confirm",
        confirm,
    )
    .await;
    let passkey = format!("/v1/me/passkeys/{}", key.passkey_id);
    done(&owner, "delete_passkey", "DELETE", passkey, Value::Null).await;
    let path = "/v1/me/recovery-codes";
    done(&owner, "create_recovery_codes", "POST", path, json!({})).await;
    let password = json!({ "new_password": "しろつめ草の交差点-No.52" });
    done(
        &owner,
        "change_password",
        "PUT",
        "/v1/me/password",
        password,
    )
    .await;
}

async fn enrolment(team: &Team) {
    let me = team.physician.client.sessions().me().await.unwrap();
    let clinic = me.staff_member.unwrap().facility.id;
    let invited = team.world.invited("good.newcomer", "nurse", clinic).await;
    let nobody = Wire::nobody(&team.world.anyone);
    let halves = json!({ "token": invited.token.expose(), "code": invited.code.expose() });
    let begun = done(
        &nobody,
        "create_enrolment",
        "POST",
        "/v1/enrolments",
        halves,
    )
    .await;
    let enrolment = begun["enrolment"].clone();
    let path = "/v1/enrolments/passkey-challenge";
    let body = json!({ "enrolment": enrolment });
    done(&nobody, "start_enrolment_passkey", "POST", path, body).await;
    let body = json!({ "enrolment": enrolment, "password": PASSWORD });
    let path = "/v1/enrolments/totp";
    let seed = done(&nobody, "start_enrolment_totp", "POST", path, body).await;
    let secret = text(&seed["secret"]).into();
    let code = totp::code(&secret, team.world.app.clock.now()).unwrap();
    let body = json!({ "enrolment": enrolment, "password": PASSWORD, "code": code.expose() });
    done(
        &nobody,
        "finish_enrolment",
        "POST",
        "/v1/enrolments/finish",
        body,
    )
    .await;
}

async fn sessions(team: &Team, keeper: &Wire) {
    let person: &Person = &team.physician;
    let sign_in = async |operation: &str| {
        let body = json!({
            "login": person.login, "password": PASSWORD, "code": person.code().expose()
        });
        let nobody = Wire::nobody(&team.world.anyone);
        let session = done(&nobody, operation, "POST", "/v1/sessions", body).await;
        nobody.with_session(session)
    };
    let wire = sign_in("create_session").await;
    let body = json!({ "refresh_token": wire.refresh });
    let session = done(
        &wire,
        "refresh_session",
        "POST",
        "/v1/sessions/refresh",
        body,
    )
    .await;
    let wire = wire.with_session(session);
    let body = json!({ "password": PASSWORD, "code": person.code().expose() });
    let path = "/v1/sessions/current/step-up";
    let session = done(&wire, "step_up_session", "POST", path, body).await;
    let wire = wire.with_session(session);
    // A second post, to act for.
    let me = person.client.sessions().me().await.unwrap();
    let facility = me.staff_member.unwrap().facility.id;
    let mut second = new_staff_member("second", "second@kita.example", "physician", facility);
    second.person_id = Some(person.id);
    second.account = None;
    let second = serde_json::to_value(&second).unwrap();
    done(
        keeper,
        "create_staff_member",
        "POST",
        "/v1/staff-members",
        second.clone(),
    )
    .await;
    let body = json!({ "staff_member_id": second["id"] });
    let path = "/v1/sessions/current/post";
    let session = done(&wire, "change_post", "POST", path, body).await;
    let wire = wire.with_session(session);
    let other = sign_in("create_session").await;
    let mine = done(
        &other,
        "list_own_sessions",
        "GET",
        "/v1/me/sessions",
        Value::Null,
    )
    .await;
    let mine = mine["items"].as_array().unwrap();
    let own = mine
        .iter()
        .find(|session| session["current"] == true)
        .unwrap();
    let path = format!("/v1/me/sessions/{}", text(&own["id"]));
    done(&wire, "end_own_session", "DELETE", path, Value::Null).await;
    token(team).await;
    done(
        &wire,
        "delete_session",
        "DELETE",
        "/v1/sessions/current",
        Value::Null,
    )
    .await;
}

/// A token for a system that is registered for this.
async fn token(team: &Team) {
    let me = team.hospital_nurse.anew().await;
    let facility = me
        .client
        .sessions()
        .me()
        .await
        .unwrap()
        .staff_member
        .unwrap()
        .facility
        .id;
    let new = tsumugi_client::models::CreateSystemClient::new(facility, "検査連携");
    let keeper = team.world.administrator.again().await;
    let made = keeper.clients().create(&new).await.unwrap();
    let form = format!(
        "grant_type=client_credentials&client_id={}&client_secret={}",
        made.client_id,
        made.client_secret.expose()
    );
    let headers = [
        ("content-type", "application/x-www-form-urlencoded"),
        ("x-request-id", "create_token.good"),
    ];
    let anyone = &team.world.anyone;
    let answer = anyone
        .send_raw("POST", "/oauth/token", &headers, form)
        .await
        .unwrap();
    assert_eq!(answer.status, 200, "{}", answer.text());
}

async fn patients(team: &Team) {
    let nurse = team.nurse.anew().await;
    let other = team.outsider.anew().await;
    let wire = Wire::sign_in(&nurse).await;
    let patient = register(&nurse, new_patient("試験 三郎", "シケン サブロウ"))
        .await
        .id;
    join(&nurse, patient, team.physician.id).await;
    let of_patient = |rest: &str| format!("/v1/patients/{patient}/{rest}");
    let consents = nurse.client.consents().list(patient).await.unwrap().items;
    let form: &[u8] = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n";
    let kind = tsumugi_client::models::EvidenceType::Pdf;
    let evidence = nurse
        .client
        .consents()
        .create_evidence(consents[0].id, kind, form)
        .await;
    let path = format!("/v1/consent-evidence/{}", evidence.unwrap().id);
    done(&wire, "find_consent_evidence", "GET", path, Value::Null).await;
    let new = json!({ "id": new_id() });
    let path = of_patient("registration-cards");
    let card = done(&wire, "create_registration_card", "POST", path, new).await;
    let outsider = Wire::sign_in(&other).await;
    let shown = json!({ "code": card["code"] });
    let path = "/v1/registration-cards/read";
    done(&outsider, "read_registration_card", "POST", path, shown).await;
    let link = json!({ "code": card["code"], "value": "77", "system": "urn:oid:1.2.3.4" });
    let path = "/v1/registration-cards/link";
    done(&outsider, "link_registration_card", "POST", path, link).await;
    let path = format!("/v1/registration-cards/{}/revoke", text(&card["id"]));
    done(&wire, "revoke_registration_card", "POST", path, json!({})).await;
    let tomorrow = today() + chrono::Days::new(1);
    let stand_in = json!({
        "id": new_id(), "absent_id": nurse.id, "substitute_id": team.hospital_nurse.id,
        "patient_id": patient, "reason": "leave",
        "starts_at": format!("{tomorrow}T00:00:00+09:00"),
        "ends_at": format!("{tomorrow}T09:00:00+09:00")
    });
    let made = done(
        &wire,
        "create_substitution",
        "POST",
        "/v1/substitutions",
        stand_in,
    )
    .await;
    let path = format!("/v1/substitutions/{}/end", text(&made["id"]));
    done(&wire, "end_substitution", "POST", path, json!({})).await;
    notices(team, &wire).await;
    calendar(&wire).await;
    files(team, &wire).await;
    let reason = json!({ "id": new_id(), "reason": "意識不明で救急搬送され、既往を確認するため" });
    let stranger = register(&nurse, new_patient("試験 四郎", "シケン シロウ"))
        .await
        .id;
    let path = format!("/v1/patients/{stranger}/emergency-access");
    let opened = done(&outsider, "create_emergency_access", "POST", path, reason).await;
    let access = format!("/v1/emergency-accesses/{}", text(&opened["id"]));
    done(
        &outsider,
        "end_emergency_access",
        "POST",
        format!("{access}/end"),
        json!({}),
    )
    .await;
    let auditor = Wire::sign_in(&team.auditor).await;
    let finding = json!({ "finding": "justified", "note": "搬送記録と一致" });
    let path = format!("{access}/review");
    done(&auditor, "review_emergency_access", "POST", path, finding).await;
}

/// What is asked, answered, and taken back; and a browser that is told.
async fn notices(team: &Team, wire: &Wire) {
    let path = format!("/v1/patients/{}/timeline", team.patient);
    let note = json!({
        "id": new_id(), "kind": "note", "channel": "team", "body": "ご返信ください",
        "acknowledgement": { "staff_member_ids": [team.care_manager.id], "answer": true }
    });
    let post = done(wire, "create_post", "POST", path.clone(), note).await;
    let manager = Wire::sign_in(&team.care_manager).await;
    let reply = json!({
        "id": new_id(), "kind": "note", "channel": "team", "body": "返信します", "reply_to": post["id"]
    });
    done(&manager, "create_post", "POST", path, reply).await;
    let work = done(wire, "find_work", "GET", "/v1/work", Value::Null).await;
    let path = format!("/v1/notices/{}/finish", text(&work["notices"][0]["id"]));
    done(wire, "finish_notice", "POST", path, json!({})).await;
    let path = format!("/v1/posts/{}/acknowledgements", text(&post["id"]));
    let ask = json!({ "staff_member_ids": [team.care_manager.id] });
    let asked = done(wire, "ask_acknowledgement", "POST", path, ask).await;
    let last = asked["items"].as_array().and_then(|items| items.last());
    let path = format!(
        "/v1/acknowledgements/{}/withdraw",
        text(&last.unwrap()["id"])
    );
    done(wire, "withdraw_acknowledgement", "POST", path, json!({})).await;
    let (p256dh, auth) = crate::support::calls_notices::BROWSER;
    let browser = json!({
        "id": new_id(), "endpoint": "https://push.example.jp/good", "p256dh": p256dh, "auth": auth
    });
    let path = "/v1/push-subscriptions";
    let made = done(wire, "create_push_subscription", "POST", path, browser).await;
    let path = format!("{path}/{}", text(&made["id"]));
    done(
        wire,
        "delete_push_subscription",
        "DELETE",
        path,
        Value::Null,
    )
    .await;
}

/// A calendar elsewhere, for as long as its address is good.
async fn calendar(wire: &Wire) {
    let feeds = "/v1/calendar-feeds";
    let feed = json!({ "id": new_id() });
    let made = done(wire, "create_calendar_feed", "POST", feeds, feed).await;
    let url = text(&made["url"]);
    let path = &url[url.find("/v1/").unwrap()..];
    done(wire, "read_calendar_feed", "GET", path, Value::Null).await;
    let path = format!("{feeds}/{}/revoke", text(&made["id"]));
    done(wire, "revoke_calendar_feed", "POST", path, json!({})).await;
}

/// A photo that is looked at, and a copy of the record that is fetched.
async fn files(team: &Team, wire: &Wire) {
    let files = Files::of(&team.world, &team.nurse, team.patient).await;
    let wanted = json!({ "items": [{ "attachment_id": files.shown, "rendition": "small" }] });
    let path = "/v1/attachment-links";
    let links = done(wire, "create_attachment_links", "POST", path, wanted).await;
    let path = text(&links["items"][0]["url"]);
    done(wire, "find_attachment_content", "GET", path, Value::Null).await;
    let exports = format!("/v1/patients/{}/record-exports", team.patient);
    let order = json!({ "id": new_id(), "format": "zip", "purpose": "transfer" });
    let asked = done(wire, "create_record_export", "POST", exports.clone(), order).await;
    let made = async || {
        let all = done(
            wire,
            "list_record_exports",
            "GET",
            exports.clone(),
            Value::Null,
        )
        .await;
        (all["items"][0]["state"] == "ready").then_some(())
    };
    team.world.eventually(made).await;
    let path = format!("{exports}/{}/links", text(&asked["id"]));
    let first = json!({ "number": 1 });
    let link = done(wire, "create_record_export_link", "POST", path, first).await;
    let path = text(&link["path"]);
    done(wire, "export_record_file", "GET", path, Value::Null).await;
}

async fn oversight(team: &Team, keeper: &Wire) {
    let auditor = Wire::sign_in(&team.auditor).await;
    let page = done(
        &auditor,
        "list_access_log",
        "GET",
        "/v1/access-log",
        Value::Null,
    )
    .await;
    let entry = text(&page["items"][20]["id"]);
    let path = format!("/v1/access-log/{entry}/explanation");
    done(
        &auditor,
        "explain_access_log_entry",
        "GET",
        path,
        Value::Null,
    )
    .await;
    let sealed = team
        .world
        .eventually(async || {
            let sql = "SELECT l.event_id FROM audit_leaves l JOIN audit_trees t
                       ON t.tenant_id = l.tenant_id AND t.note IS NOT NULL
                       JOIN tenants n ON n.tenant_id = t.tenant_id AND n.slug = 'kita' LIMIT 1";
            let row = team.world.db.admin.query_opt(sql, &[]).await.unwrap();
            row.map(|row| row.get::<_, uuid::Uuid>(0))
        })
        .await;
    let path = format!("/v1/access-log/{sealed}/proof");
    done(&auditor, "find_access_log_proof", "GET", path, Value::Null).await;
    let path = "/v1/temporary-codes/end-all";
    done(keeper, "end_temporary_codes", "POST", path, json!({})).await;
}
