//! One sensible call of every operation, made for the world of [`Team`]. A published operation without one fails the
//! tests that use this list.

use chrono::TimeDelta;
use tsumugi_client::{
    RawAnswer,
    models::{
        AppointmentKind, AppointmentPlan, CreateAppointment, CreateFact, CreateRelative,
        RelationKind,
    },
    new_id,
};
use uuid::Uuid;

use super::{
    Person, Team,
    calls_attachments::{self, Files},
    calls_posts::PostThings,
    calls_rooms::Rooms,
    team::{new_patient, today},
};

/// A call.
#[derive(Clone, Debug)]
pub struct Call {
    pub operation: &'static str,
    pub method: &'static str,
    pub path: String,
    pub body: Option<String>,
    pub content_type: &'static str,
    pub if_match: Option<&'static str>,
}

/// Things that the calls are about.
pub struct Things {
    pub post: Uuid,
    pub document: Uuid,
    pub waiting: Uuid,
    pub consent: Uuid,
    pub membership: Uuid,
    pub facility: Uuid,
    pub relative: Uuid,
    pub files: Files,
    pub fact: Uuid,
    pub posts: PostThings,
    pub rooms: Rooms,
    pub appointment: Uuid,
}

impl Things {
    pub async fn of(team: &Team) -> Self {
        let summary = include_str!("../../fixtures/fhir/discharge-summary-01.json");
        let other = include_str!("../../fixtures/fhir/discharge-summary-02.json");
        let client = &team.care_manager.client;
        let facilities = client
            .facilities()
            .list(&Default::default())
            .await
            .unwrap()
            .items;
        let membership = client.care_team().list(team.patient).await.unwrap().items;
        Self {
            post: team
                .nurse
                .notes(team.patient, "CANARY 訪問しました。")
                .await
                .id,
            document: team
                .hospital
                .bundles()
                .receive(summary)
                .await
                .unwrap()
                .document,
            waiting: team
                .hospital
                .bundles()
                .receive(other)
                .await
                .unwrap()
                .document,
            consent: client.consents().list(team.patient).await.unwrap().items[0].id,
            membership: membership
                .iter()
                .find(|m| m.staff_member.id == team.helper.id)
                .unwrap()
                .id,
            facility: facilities[0].id,
            relative: relative(&team.care_manager, team.patient).await,
            files: Files::of(&team.world, &team.nurse, team.patient).await,
            fact: fact(&team.nurse, team.patient).await,
            posts: PostThings::of(team).await,
            rooms: Rooms::of(&team.nurse, &team.physician, team.helper.id).await,
            appointment: appointment(&team.nurse, team.patient).await,
        }
    }
}

/// Somebody of the family with an account.
pub async fn relative(by: &Person, patient: Uuid) -> Uuid {
    let new = CreateRelative {
        id: new_id(),
        relation: RelationKind::Family,
        name: "出雲 花子".to_owned(),
        kana: "イズモ ハナコ".to_owned(),
        label: "長女".to_owned(),
        login_name: "izumo.family".to_owned(),
        email: "izumo@example.jp".to_owned(),
    };
    let relatives = by.client.relatives();
    relatives.create(patient, &new).await.unwrap();
    new.id
}

/// A visit to the patient.
pub async fn appointment(by: &Person, patient: Uuid) -> Uuid {
    let at = "2099-03-05T15:00:00+09:00".parse().unwrap();
    let plan = AppointmentPlan::timed(AppointmentKind::Visit, at, at + TimeDelta::hours(1));
    let new = CreateAppointment::new(Some(patient), plan.with(&[by.id]));
    let made = by.client.appointments().create(&new).await.unwrap();
    made.id
}

/// Something that is so with the patient, of a kind that everybody around the patient may see.
pub async fn fact(by: &Person, patient: Uuid) -> Uuid {
    let value =
        serde_json::json!({ "name": "CANARY 花子", "relation": "長女", "key_person": true });
    let facts = by.client.facts();
    facts
        .create(patient, &CreateFact::seen("contact", value))
        .await
        .unwrap()
        .id
}

/// Every call, in an order in which the later ones still find what they need.
pub fn all(team: &Team, things: &Things) -> Vec<Call> {
    let patient = team.patient;
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
    use serde_json::json;
    let consent = json!({ "id": new_id(), "granted_on": today(), "granted_by": "patient", "method": "paper" });
    let note = json!({ "id": new_id(), "kind": "note", "channel": "team", "body": "本文" });
    let member =
        json!({ "id": new_id(), "staff_member_id": team.care_manager.id, "starts_on": today() });
    let staff = json!({ "id": new_id(), "facility_id": things.facility, "name": "新任 花子", "kana": "シンニン ハナコ", "profession": "nurse" });
    let client = json!({ "id": new_id(), "facility_id": things.facility, "name": "連携" });
    let said = json!({ "name": "出雲 太郎", "relation": "長男" });
    let source = json!({ "kind": "interview" });
    let married = json!({ "value": said, "confidence": "reported", "source": source });
    let contact = json!({ "id": new_id(), "kind": "contact", "value": said, "confidence": "reported", "source": source });
    let fact_path = |verb: &str| format!("/v1/facts/{}{verb}", things.fact);
    let post_path = |verb: &str| format!("/v1/posts/{}{verb}", things.post);
    let of_patient = |rest: &str| format!("/v1/patients/{patient}{rest}");
    let mut calls = vec![
        get("find_health", "/healthz".into()),
        get("find_readiness", "/readyz".into()),
        get("find_openapi", "/v1/openapi.json".into()),
        get("find_me", "/v1/me".into()),
        get("list_facilities", "/v1/facilities".into()),
        post(
            "create_facility",
            "/v1/facilities".into(),
            json!({ "id": new_id(), "name": "新設診療所", "kind": "clinic" }),
        ),
        get("list_staff_members", "/v1/staff-members".into()),
        post("create_staff_member", "/v1/staff-members".into(), staff),
        get("list_clients", "/v1/clients".into()),
        post("create_client", "/v1/clients".into(), client),
        get("list_patients", "/v1/patients".into()),
        post(
            "create_patient",
            "/v1/patients".into(),
            serde_json::to_value(new_patient("試験 花子", "シケン ハナコ")).unwrap(),
        ),
        get("find_patient", of_patient("")),
        post(
            "create_patient_identifier",
            of_patient("/identifiers"),
            json!({ "system": "urn:oid:1.2.3", "value": new_id().to_string() }),
        ),
        get("list_consents", of_patient("/consents")),
        post("create_consent", of_patient("/consents"), consent),
        get("list_care_team", of_patient("/care-team")),
        post("create_care_team_member", of_patient("/care-team"), member),
        post(
            "end_care_team_member",
            format!("/v1/care-team-members/{}/end", things.membership),
            json!({ "ends_on": today() }),
        ),
        get("list_timeline", of_patient("/timeline")),
        post("create_post", of_patient("/timeline"), note),
        get("find_post", post_path("")),
        get("list_post_versions", post_path("/versions")),
        post("acknowledge_post", post_path("/acknowledge"), json!({})),
        Call {
            method: "PUT",
            ..post(
                "update_read_mark",
                of_patient("/read-mark"),
                json!({ "post_id": things.post }),
            )
        },
        get("list_vitals", of_patient("/vitals")),
        get("find_vital_limits", of_patient("/vital-limits")),
        Call {
            method: "PUT",
            if_match: Some("\"0\""),
            ..post(
                "update_vital_limits",
                of_patient("/vital-limits"),
                json!({ "limits": { "temperature": { "low": 35.0, "high": 38.0 } } }),
            )
        },
        post(
            "search_entries",
            "/v1/search".into(),
            json!({ "words": "本文" }),
        ),
        get("list_facts", of_patient("/facts?history=true")),
        post("create_fact", of_patient("/facts"), contact),
        get("find_fact", fact_path("")),
        get("list_fact_versions", fact_path("/versions")),
        Call {
            if_match: Some("\"1\""),
            ..post("confirm_fact", fact_path("/confirm"), json!({}))
        },
        Call {
            if_match: Some("\"2\""),
            ..post("change_fact", fact_path("/change"), married)
        },
        Call {
            if_match: Some("\"3\""),
            ..post("end_fact", fact_path("/end"), json!({ "reason": "転居" }))
        },
        get(
            "find_document",
            format!("/v1/documents/{}", things.document),
        ),
        get(
            "find_document_original",
            format!("/v1/documents/{}/original", things.document),
        ),
        get("list_incoming_documents", "/v1/incoming-documents".into()),
        post(
            "link_incoming_document",
            format!("/v1/incoming-documents/{}/link", things.waiting),
            json!({ "patient_id": patient }),
        ),
        get("stream_events", "/v1/events".into()),
        get("list_access_log", "/v1/access-log".into()),
        Call {
            content_type: "application/fhir+json",
            body: Some(include_str!("../../fixtures/fhir/referral-01.json").to_owned()),
            ..post(
                "receive_bundle",
                "/fhir/r4/Bundle/$receive".into(),
                json!({}),
            )
        },
        Call {
            if_match: Some("\"1\""),
            ..post(
                "amend_post",
                post_path("/amend"),
                json!({ "body": "訂正", "reason": "誤り" }),
            )
        },
        Call {
            if_match: Some("\"2\""),
            ..post(
                "retract_post",
                post_path("/retract"),
                json!({ "reason": "誤り" }),
            )
        },
        post(
            "withdraw_consent",
            format!("/v1/consents/{}/withdraw", things.consent),
            json!({ "reason": "申し出" }),
        ),
        post(
            "create_session",
            "/v1/sessions".into(),
            json!({ "login": "nobody@kita", "password": "wrong" }),
        ),
        post(
            "refresh_session",
            "/v1/sessions/refresh".into(),
            json!({ "refresh_token": "x" }),
        ),
        Call {
            content_type: "application/x-www-form-urlencoded",
            body: Some("grant_type=client_credentials&client_id=x&client_secret=y".to_owned()),
            ..post("create_token", "/oauth/token".into(), json!({}))
        },
    ];
    calls.extend(super::calls_appointments::appointments(
        team,
        things.appointment,
    ));
    // While the consent stands.
    let post = calls
        .iter()
        .position(|call| call.operation == "acknowledge_post");
    let place = post.unwrap_or_default();
    calls.splice(
        place..place,
        calls_attachments::attachments(team, &things.files),
    );
    // Before what takes back the post, and the consent.
    let place = calls.iter().position(|call| call.operation == "amend_post");
    let place = place.unwrap_or(calls.len());
    let mut before = super::calls_posts::posts(team, things);
    before.extend(super::calls_notices::notices(team, things));
    calls.splice(place..place, before);
    calls.extend(super::calls_log::log());
    calls.extend(super::calls_rooms::rooms(team, &things.rooms));
    // What ends the session comes last.
    calls.extend(super::calls_identity::identity(team, things));
    calls.push(Call {
        method: "DELETE",
        ..get("delete_session", "/v1/sessions/current".into())
    });
    calls
}

/// How long an answer is waited for: the stream of events never ends, and a sheet takes its time to print.
pub fn patience(call: &Call) -> std::time::Duration {
    if call.operation == "stream_events" {
        std::time::Duration::from_millis(1500)
    } else {
        std::time::Duration::from_secs(30)
    }
}

/// Makes a call.
pub async fn make(client: &tsumugi_client::Client, call: &Call) -> RawAnswer {
    let of_protocol = calls_attachments::headers(call.operation);
    let mut headers = vec![("content-type", call.content_type)];
    headers.extend(
        of_protocol
            .iter()
            .map(|(name, value)| (*name, value.as_str())),
    );
    if let Some(version) = call.if_match {
        headers.push(("if-match", version));
    }
    let sent = client.send_raw(
        call.method,
        &call.path,
        &headers,
        call.body.clone().unwrap_or_default(),
    );
    match tokio::time::timeout(patience(call), sent).await {
        Ok(answer) => answer.unwrap(),
        Err(_) if call.operation == "stream_events" => {
            client.send_raw("GET", "/healthz", &[], "").await.unwrap()
        }
        Err(_) => panic!("{} does not answer", call.operation),
    }
}
