//! Every call about identity, people, consent and access: what is sent, and that the answer is
//! read. One line of the table for each operation.

use serde_json::{Value, json};
use tsumugi_client::models::{
    Channel, ConsentGiver, CreateConsent, CreatePost, EvidenceType, InformationKind, Purpose,
    RelationKind, Right, Sensitivity,
};
use tsumugi_client::{Client, models};
use uuid::Uuid;
use wiremock::{MockServer, ResponseTemplate};

use crate::support::{answer, arrived, client, header, json_answer, me, post, problem, session};

mod answers;
mod log;
mod made;

const ID: Uuid = Uuid::from_u128(0x0193_a0c0_0000_7000_8000_0000_0000_00aa);

/// What is sent with a call besides its address.
#[derive(Clone, Copy, PartialEq)]
enum With {
    /// An Idempotency-Key: it may be repeated, and is done once.
    Key,
    /// No key: it reads, or its answer is a secret.
    NoKey,
    /// Neither key nor credentials.
    Nothing,
}

/// One operation.
struct Line {
    operation: &'static str,
    /// Method and address, with `{}` for [`ID`].
    request: &'static str,
    with: With,
    /// The body; ids that the caller chooses are left out.
    body: Value,
    answer: Value,
}

impl Line {
    fn method(&self) -> &str {
        self.request.split_once(' ').unwrap().0
    }

    fn target(&self) -> String {
        let (_, target) = self.request.split_once(' ').unwrap();
        target.replace("{}", &ID.to_string())
    }
}

/// The body without what is new in every call.
fn without_new_ids(body: &[u8]) -> Value {
    let Ok(mut body) = serde_json::from_slice::<Value>(body) else {
        return Value::Null;
    };
    if let Some(fields) = body.as_object_mut() {
        for name in ["id", "new_id"] {
            if let Some(id) = fields.remove(name) {
                let id: Uuid = serde_json::from_value(id).unwrap();
                assert_eq!(id.get_version_num(), 7);
            }
        }
    }
    body
}

#[tokio::test]
async fn every_call_is_sent_as_published_and_its_answer_is_read() {
    for line in answers::lines() {
        let name = line.operation;
        assert!(tsumugi_client::OPERATIONS.contains(&name), "{name}");
        let server = MockServer::start().await;
        let target = line.target();
        let path = target.split('?').next().unwrap().to_owned();
        let template = match line.answer {
            Value::Null => ResponseTemplate::new(204),
            ref body => json_answer(200, body),
        };
        answer(&server, line.method(), &path, [template]).await;

        let person = client(&server).with_token("t").with_device("d");
        made::make(&person, name).await;

        let requests = arrived(&server, &path).await;
        assert_eq!(requests.len(), 1, "{name}");
        let request = &requests[0];
        let sent = match request.url.query() {
            Some(query) => format!("{path}?{query}"),
            None => path.clone(),
        };
        assert_eq!(sent, target, "{name}");
        assert_eq!(without_new_ids(&request.body), line.body, "{name}");
        let is_signed = header(request, "authorization") == Some("Bearer t");
        assert_eq!(is_signed, line.with != With::Nothing, "{name}");
        let states_purpose = header(request, "tsumugi-purpose") == Some("TREAT");
        assert_eq!(states_purpose, is_signed, "{name}");
        let has_key = header(request, "idempotency-key").is_some();
        assert_eq!(has_key, line.with == With::Key, "{name}");
        assert_eq!(header(request, "tsumugi-device"), Some("d"), "{name}");
    }
}

#[tokio::test]
async fn what_shows_a_secret_or_spends_one_is_never_repeated() {
    for name in [
        "create_session_with_passkey",
        "step_up_session",
        "change_post",
        "switch_session",
        "enrol_device",
        "create_device",
        "renew_device_code",
        "create_temporary_code",
        "reset_account",
        "create_relative",
        "import_staff_members",
        "create_registration_card",
    ] {
        let line = answers::lines()
            .into_iter()
            .find(|line| line.operation == name);
        let line = line.unwrap();
        let server = MockServer::start().await;
        let target = line.target();
        let path = target.split('?').next().unwrap();
        answer(&server, line.method(), path, [problem(503, "unavailable")]).await;

        let person = client(&server).with_token("t");
        let refused = made::attempt(&person, name).await;

        assert_eq!(refused.unwrap_err().code(), Some("unavailable"), "{name}");
        assert_eq!(arrived(&server, path).await.len(), 1, "{name}");
    }
}

#[tokio::test]
async fn session_that_was_replaced_is_not_revived() {
    for name in ["step_up_session", "change_post", "lock_session"] {
        let line = answers::lines()
            .into_iter()
            .find(|line| line.operation == name);
        let line = line.unwrap();
        let server = MockServer::start().await;
        let template = match line.answer {
            Value::Null => ResponseTemplate::new(204),
            ref body => json_answer(200, body),
        };
        answer(&server, line.method(), &line.target(), [template]).await;
        answer(&server, "GET", "/v1/me", [problem(401, "session_ended")]).await;

        let old = serde_json::from_value(session(1, 300)).unwrap();
        let person = client(&server).with_session(&old);
        made::make(&person, name).await;
        let error = person.sessions().me().await.unwrap_err();

        assert_eq!(error.code(), Some("session_ended"), "{name}");
        assert!(arrived(&server, "/v1/sessions/refresh").await.is_empty());
    }
}

#[tokio::test]
async fn evidence_is_sent_and_comes_back_byte_for_byte() {
    let server = MockServer::start().await;
    let up = format!("/v1/consents/{ID}/evidence");
    let down = format!("/v1/consent-evidence/{ID}");
    let evidence = json!({"id": ID, "media_type": "image/png",
        "uploaded_at": "2026-11-21T03:04:05Z", "uploaded_by": "佐藤美咲"});
    answer(&server, "POST", &up, [json_answer(201, evidence)]).await;
    let bytes: &[u8] = b"\x89PNG\r\n\x1a\n\x00\xff";
    let file = ResponseTemplate::new(200).set_body_raw(bytes, "image/png");
    answer(&server, "GET", &down, [file]).await;

    let nurse = client(&server).with_token("t");
    let consents = nurse.consents();
    let sent = consents.create_evidence(ID, EvidenceType::Png, bytes).await;
    let back = consents.find_evidence(ID).await.unwrap();

    assert_eq!(sent.unwrap().media_type, "image/png");
    let requests = arrived(&server, &up).await;
    assert_eq!(requests[0].body, bytes);
    assert_eq!(header(&requests[0], "content-type"), Some("image/png"));
    assert!(header(&requests[0], "idempotency-key").is_some());
    assert_eq!(back, bytes);
}

#[tokio::test]
async fn provisions_come_as_the_bytes_of_a_spreadsheet() {
    let server = MockServer::start().await;
    let at = format!("/v1/patients/{ID}/provisions.csv");
    let csv = "\u{feff}提供日,提供元\r\n2026-11-21,北診療所\r\n";
    let file = ResponseTemplate::new(200).set_body_raw(csv, "text/csv; charset=utf-8");
    answer(&server, "GET", &at, [file]).await;

    let nurse = client(&server).with_token("t");
    let span = models::ExportProvisions {
        from: Some("2026-04-01".parse().unwrap()),
        to: None,
    };
    let bytes = nurse.provisions().export(ID, &span).await.unwrap();

    assert_eq!(bytes, csv.as_bytes());
    let requests = arrived(&server, &at).await;
    assert_eq!(requests[0].url.query(), Some("from=2026-04-01"));
}

#[tokio::test]
async fn people_are_imported_in_the_bytes_of_the_file() {
    let server = MockServer::start().await;
    let at = "/v1/staff-members/import";
    let report = json!({"dry_run": true, "created": 0,
        "unchanged": 0, "errors": 1, "rows": [{"row": 2,
        "outcome": "error", "name": "佐藤 美咲", "invitation_code": null,
        "errors": [{"field": "職種", "code": "not_allowed", "message": "unknown"}]}]});
    answer(&server, "POST", at, [json_answer(200, report)]).await;

    let shift_jis: &[u8] = b"\x8e\x81\x96\xbc,\r\n";
    let administrator = client(&server).with_token("t");
    let report = administrator.staff_members().import(shift_jis, true).await;

    let report = report.unwrap();
    assert_eq!(report.rows[0].errors[0].field, "職種");
    assert_eq!(report.rows[0].outcome, models::ImportOutcome::Error);
    let requests = arrived(&server, at).await;
    assert_eq!(requests[0].body, shift_jis);
    assert_eq!(requests[0].url.query(), Some("dry_run=true"));
    assert_eq!(header(&requests[0], "content-type"), Some("text/csv"));
}

#[tokio::test]
async fn scope_of_a_consent_is_sent_only_where_it_is_narrower_than_the_network() {
    let server = MockServer::start().await;
    let at = format!("/v1/patients/{ID}/consents");
    let consents = json!({"items": [answers::consent()], "next": null});
    answer(&server, "POST", &at, [json_answer(201, consents)]).await;
    let nurse = client(&server).with_token("t");

    let plain = CreateConsent::on_paper("2026-11-21".parse().unwrap());
    let narrow = plain
        .clone()
        .for_facilities([ID])
        .for_groups(["NS".to_owned()])
        .for_kinds([InformationKind::Note])
        .naming([Sensitivity::Psychiatry])
        .including(["FM".to_owned()])
        .until("2027-03-31".parse().unwrap());
    nurse.consents().create(ID, &plain).await.unwrap();
    let consent = nurse.consents().create(ID, &narrow).await.unwrap().items;

    let requests = arrived(&server, &at).await;
    assert_eq!(
        without_new_ids(&requests[0].body),
        json!({"granted_on": "2026-11-21", "granted_by": "patient", "method": "paper"})
    );
    assert_eq!(
        without_new_ids(&requests[1].body),
        json!({"granted_on": "2026-11-21", "granted_by": "patient", "method": "paper",
            "facilities": [ID], "profession_groups": ["NS"], "kinds": ["note"],
            "sensitive": ["psychiatry"], "separate": ["FM"], "valid_until": "2027-03-31"})
    );
    assert_eq!(consent[0].granted_by, ConsentGiver::Patient);
    assert_eq!(consent[0].facilities.as_ref().unwrap()[0].id, ID);
    assert_eq!(consent[0].evidence[0].media_type, "application/pdf");
    assert!(consent[0].standing);
}

#[tokio::test]
async fn account_tells_its_posts_and_what_the_rules_allow() {
    let server = MockServer::start().await;
    let mut says = me();
    says["posts"] = json!([says["staff_member"]]);
    says["amr"] = json!(["pwd", "otp", "mca"]);
    says["device"] = json!({"id": ID, "name": "訪問用タブレット1", "kind": "shared"});
    says["authenticated_at"] = json!("2026-11-21T03:04:05Z");
    says["settings"] = json!({"idle_minutes": 15});
    says["may"] = json!(["patient.create"]);
    says["patient_relation"] = json!({"patient_id": ID, "relation": "family", "label": "長女"});
    says["purposes"] = json!(["FAMRQT"]);
    answer(&server, "GET", "/v1/me", [json_answer(200, says)]).await;

    let me = client(&server)
        .with_token("t")
        .sessions()
        .me()
        .await
        .unwrap();

    assert_eq!(me.posts.len(), 1);
    assert_eq!(me.amr[2], "mca");
    assert_eq!(me.device.as_ref().unwrap().kind, "shared");
    assert_eq!(me.settings.as_ref().unwrap().idle_minutes, 15);
    assert!(me.is_allowed("patient.create") && !me.is_allowed("access_log.read"));
    let relation = me.patient_relation.as_ref().unwrap();
    assert_eq!(relation.relation, RelationKind::Family);
    assert_eq!(me.usual_purpose(), Purpose::FamilyRequest);
}

#[tokio::test]
async fn sensitive_post_says_what_makes_it_so() {
    let server = MockServer::start().await;
    let at = format!("/v1/patients/{ID}/timeline");
    let mut says = post(&ID.to_string());
    says["channel"] = json!("sensitive");
    says["sensitivity"] = json!("abuse");
    answer(&server, "POST", &at, [json_answer(201, says)]).await;
    let nurse = client(&server).with_token("t");
    let timeline = nurse.timeline();

    let sensitive = CreatePost::sensitive(Sensitivity::Abuse, "本文");
    let posted = timeline.create_post(ID, &sensitive).await.unwrap();
    let family = CreatePost::note(Channel::Family, "本文");
    timeline.create_post(ID, &family).await.unwrap();

    assert_eq!(posted.channel, Channel::Sensitive);
    assert_eq!(posted.sensitivity, Some(Sensitivity::Abuse));
    let requests = arrived(&server, &at).await;
    assert_eq!(
        without_new_ids(&requests[0].body),
        json!({"kind": "note", "channel": "sensitive", "sensitivity": "abuse", "body": "本文"})
    );
    assert_eq!(
        without_new_ids(&requests[1].body),
        json!({"kind": "note", "channel": "family", "body": "本文"})
    );
}

#[tokio::test]
async fn patient_tells_on_what_ground_she_is_seen() {
    let server = MockServer::start().await;
    let at = format!("/v1/patients/{ID}");
    let patient = json!({"id": ID, "name": "出雲 和子", "kana": "イズモ カズコ",
        "birth_date": "1943-05-12", "sex": "female", "address": "北部市", "phone": null,
        "registered_at": "2026-11-21T03:04:05Z", "identifiers": [], "consent": null,
        "permissions": {"post": ["team", "family"], "write_vitals": true, "manage_team": false,
            "manage_consent": false, "edit_identifiers": false},
        "access": {"ground": "emergency", "summary_only": true,
            "emergency": {"id": ID, "expires_at": "2026-11-21T04:04:05Z"}}});
    answer(&server, "GET", &at, [json_answer(200, patient)]).await;

    let physician = client(&server).with_token("t");
    let patient = physician.patients().find(ID).await.unwrap();

    let access = patient.access.unwrap();
    assert_eq!(access.ground, models::AccessGround::Emergency);
    assert_eq!(access.emergency.unwrap().id, ID);
    assert!(access.summary_only);
    assert_eq!(patient.permissions.post[1], Channel::Family);
}

#[tokio::test]
async fn register_of_professions_is_read_with_kinds_and_rights_it_does_not_know() {
    let server = MockServer::start().await;
    let register = json!({"items": [{"code": "nurse", "ja": "看護師", "en": "Nurse",
        "group": "NS", "licensed": true, "based_on": null,
        "kinds": {"note": ["read", "write"], "a_new_kind": ["a_new_right"]}}], "next": null});
    answer(
        &server,
        "GET",
        "/v1/professions",
        [json_answer(200, register)],
    )
    .await;

    let person = client(&server).with_token("t");
    let professions = person.professions().list().await.unwrap().items;

    let kinds = &professions[0].kinds;
    assert_eq!(kinds[&InformationKind::Note], [Right::Read, Right::Write]);
    let new = &kinds[&InformationKind::Unknown("a_new_kind".to_owned())];
    assert_eq!(new[0].as_str(), "a_new_right");
}

#[tokio::test]
async fn accounts_are_listed_page_after_page() {
    use futures_util::StreamExt;

    let server = MockServer::start().await;
    let page =
        |next: Option<&str>| json_answer(200, json!({"items": [answers::account()], "next": next}));
    let pages = [page(Some("c")), page(None)];
    answer(&server, "GET", "/v1/accounts", pages).await;

    let administrator: Client = client(&server).with_token("t");
    let unused = models::ListAccounts {
        unused_days: Some(90),
        licence: Some(models::LicenceFilter::Expiring),
        ..models::ListAccounts::default()
    };
    let rows = administrator.accounts().stream(unused).count().await;

    assert_eq!(rows, 2);
    let requests = arrived(&server, "/v1/accounts").await;
    assert_eq!(
        requests[1].url.query(),
        Some("unused_days=90&licence=expiring&cursor=c")
    );
}
