//! Consent as it is recorded (AZ-14), the record of what was given (AZ-15), and the card that a patient carries.

use std::collections::BTreeSet;

use chrono::{Days, TimeDelta};
use tsumugi_client::{
    Client,
    models::{
        Channel, ConsentGiver, ConsentMethod, CreateConsent, CreatePost, CreateRegistrationCard,
        EvidenceType, ExportProvisions, ReadRegistrationCard, VitalSigns, WithdrawConsent,
    },
    new_id,
};
use uuid::Uuid;

use crate::support::{Person, Team, refused, team::today};

/// The smallest picture: one white point.
const SIGNATURE: &[u8] =
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0\x3a\x7e\x9b\x55\
    \0\0\0\nIDAT\x78\x9c\x63\xf8\x0f\0\x01\x01\x01\0\x1b\xb6\xee\x56\0\0\0\0IEND\xae\x42\x60\x82";
const FORM: &[u8] = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n";

async fn first_consent(team: &Team) -> Uuid {
    let consents = team.care_manager.client.consents();
    consents.list(team.patient).await.unwrap().items[0].id
}

fn withdrawal() -> WithdrawConsent {
    WithdrawConsent {
        reason: "本人の申し出".to_owned(),
    }
}

#[actix_web::test]
async fn az_14_a_consent_says_how_far_it_goes_and_for_how_long() {
    let team = Team::new().await;
    let facilities = team.nurse.client.facilities();
    let facilities = facilities.list(&Default::default()).await.unwrap().items;
    let station = facilities
        .iter()
        .find(|facility| facility.name == "北訪問看護ステーション")
        .unwrap();
    let new = CreateConsent {
        granted_by: ConsentGiver::Proxy,
        proxy_name: Some("出雲 一郎".to_owned()),
        proxy_relation: Some("長男".to_owned()),
        method: ConsentMethod::OnScreen,
        note: Some("説明書を渡した".to_owned()),
        facilities: Some(vec![station.id]),
        profession_groups: Some(vec!["NS".to_owned(), "DR".to_owned()]),
        kinds: Some(vec!["note".to_owned(), "vitals".to_owned()]),
        sensitive: vec!["psychiatry".to_owned()],
        separate: vec!["FM".to_owned()],
        valid_until: today().checked_add_days(Days::new(90)),
        ..CreateConsent::on_paper(today())
    };
    let consents = team.nurse.client.consents();
    let kept = consents.create(team.patient, &new).await.unwrap().items;
    assert_eq!(kept.len(), 2, "they stand side by side");
    let kept = kept.iter().find(|consent| consent.id == new.id).unwrap();
    let named = kept.facilities.as_ref().unwrap();
    assert_eq!(
        (named.len(), named[0].id, named[0].name.as_str()),
        (1, station.id, "北訪問看護ステーション")
    );
    assert_eq!(kept.profession_groups, new.profession_groups);
    assert_eq!(kept.kinds, new.kinds);
    assert_eq!(kept.sensitive, new.sensitive);
    assert_eq!(kept.separate, new.separate);
    assert_eq!(kept.valid_until, new.valid_until);
    assert_eq!(kept.proxy_name, new.proxy_name);
    assert_eq!(kept.proxy_relation, new.proxy_relation);
    assert_eq!(kept.recorded_by, "試験 nurse");
    assert!(kept.standing && kept.withdrawn_at.is_none());
}

#[actix_web::test]
async fn az_14_what_a_consent_cannot_say_is_refused() {
    let team = Team::new().await;
    let good = serde_json::json!({
        "id": new_id(), "granted_on": today(), "granted_by": "patient", "method": "paper"
    });
    let path = format!("/v1/patients/{}/consents", team.patient);
    let try_with = async |changes: serde_json::Value| {
        let mut body = good.clone();
        for (name, value) in changes.as_object().unwrap() {
            body[name] = value.clone();
        }
        let answer = team.nurse.raw("POST", &path, &body.to_string()).await;
        let error: serde_json::Value = answer.json().unwrap();
        let field = error["fields"][0]["field"].as_str().unwrap_or("");
        (answer.status, field.to_owned())
    };
    let day = |offset: i64| today() + TimeDelta::days(offset);
    use serde_json::json;
    for (changes, field) in [
        (json!({ "facilities": [] }), "facilities"),
        (json!({ "facilities": [new_id()] }), "facilities"),
        (
            json!({ "profession_groups": ["nurse"] }),
            "profession_groups",
        ),
        (json!({ "profession_groups": ["AD"] }), "profession_groups"),
        (json!({ "kinds": ["note", "note"] }), "kinds"),
        (json!({ "kinds": ["everything"] }), "kinds"),
        (json!({ "sensitive": ["weather"] }), "sensitive"),
        (json!({ "separate": ["XX"] }), "separate"),
        (json!({ "valid_until": day(-1) }), "valid_until"),
        (json!({ "granted_on": day(1) }), "granted_on"),
        (
            json!({ "granted_by": "proxy", "proxy_relation": "長男" }),
            "proxy_name",
        ),
        (
            json!({ "granted_by": "proxy", "proxy_name": "出雲 一郎" }),
            "proxy_relation",
        ),
        (json!({ "granted_by": "emergency" }), "note"),
        (
            json!({ "granted_by": "emergency", "note": "意識がない", "valid_until": day(15) }),
            "valid_until",
        ),
        (json!({ "replaces": new_id() }), "replaces"),
        (json!({ "signature": "x" }), "signature"),
    ] {
        let refused = try_with(changes.clone()).await;
        assert_eq!(refused, (422, field.to_owned()), "{changes}");
    }
    assert_eq!(try_with(json!({})).await.0, 201);
}

#[actix_web::test]
async fn az_14_a_narrower_consent_takes_the_place_of_a_wider_one_in_one_act() {
    let team = Team::new().await;
    let wide = first_consent(&team).await;
    let consents = team.nurse.client.consents();
    let narrow = CreateConsent {
        kinds: Some(vec!["note".to_owned()]),
        replaces: Some(wide),
        ..CreateConsent::on_paper(today())
    };
    let kept = consents.create(team.patient, &narrow).await.unwrap().items;
    let old = kept.iter().find(|consent| consent.id == wide).unwrap();
    assert!(old.withdrawn_at.is_some() && !old.standing);
    assert_eq!(old.withdrawal_reason.as_deref(), Some("変更"));
    assert_eq!(old.withdrawn_by.as_deref(), Some("試験 nurse"));
    // What is over cannot be replaced, and then nothing is recorded.
    let again = CreateConsent {
        replaces: Some(wide),
        ..CreateConsent::on_paper(today())
    };
    let refusal = consents.create(team.patient, &again).await;
    refused(refusal, 409, "consent_withdrawn");
    let kept = consents.list(team.patient).await.unwrap().items;
    assert_eq!(kept.len(), 2);
}

#[actix_web::test]
async fn az_14_a_consent_given_in_an_emergency_ends_by_itself() {
    let team = Team::new().await;
    let consents = team.nurse.client.consents();
    let emergency = CreateConsent {
        granted_by: ConsentGiver::Emergency,
        note: Some("意識がなく、家族に連絡がつかない".to_owned()),
        ..CreateConsent::on_paper(today())
    };
    consents.create(team.patient, &emergency).await.unwrap();
    let wide = first_of(&consents.list(team.patient).await.unwrap().items, |c| {
        c.id != emergency.id
    });
    consents.withdraw(wide, &withdrawal()).await.unwrap();
    let standing = async |client: &Client| {
        let kept = client.consents().list(team.patient).await.unwrap();
        let kept = kept.items.into_iter().find(|c| c.id == emergency.id);
        let kept = kept.unwrap();
        (kept.standing, kept.valid_until)
    };
    let last = today().checked_add_days(Days::new(14));
    assert_eq!(standing(&team.nurse.client).await, (true, last));
    team.world.app.clock.advance(TimeDelta::days(14));
    let nurse = team.nurse.again().await;
    assert_eq!(standing(&nurse).await, (true, last));
    team.world.app.clock.advance(TimeDelta::days(1));
    let nurse = team.nurse.again().await;
    assert_eq!(standing(&nurse).await, (false, last));
}

fn first_of(
    consents: &[tsumugi_client::models::Consent],
    which: impl Fn(&tsumugi_client::models::Consent) -> bool,
) -> Uuid {
    consents.iter().find(|consent| which(consent)).unwrap().id
}

#[actix_web::test]
async fn az_14_recording_withdrawing_and_taking_out_need_factors_shown_just_now() {
    let team = Team::new().await;
    let consent = first_consent(&team).await;
    team.world.app.clock.advance(TimeDelta::minutes(6));
    let client = &team.nurse.client;
    let new = CreateConsent::on_paper(today());
    let code = "step_up_required";
    let recorded = client.consents().create(team.patient, &new).await;
    refused(recorded, 403, code);
    let withdrawn = client.consents().withdraw(consent, &withdrawal()).await;
    refused(withdrawn, 403, code);
    let exported = client
        .provisions()
        .export(team.patient, &ExportProvisions::default())
        .await;
    refused(exported, 403, code);
    let card = CreateRegistrationCard { id: new_id() };
    let issued = client
        .registration_cards()
        .create(team.patient, &card)
        .await;
    refused(issued, 403, code);
    // Nothing of it was done, and what changes nothing for anybody is still open.
    let kept = client.consents().list(team.patient).await.unwrap().items;
    assert_eq!((kept.len(), kept[0].standing), (1, true));
    let file = client
        .consents()
        .create_evidence(consent, EvidenceType::Pdf, FORM)
        .await;
    file.unwrap();
    let listed = client
        .provisions()
        .list(team.patient, &Default::default())
        .await;
    listed.unwrap();
}

#[actix_web::test]
async fn az_14_the_evidence_is_kept_byte_for_byte_and_shown_to_those_who_see_the_consent() {
    let team = Team::new().await;
    let consent = first_consent(&team).await;
    let consents = team.nurse.client.consents();
    let form = consents
        .create_evidence(consent, EvidenceType::Pdf, FORM)
        .await
        .unwrap();
    let signature = consents
        .create_evidence(consent, EvidenceType::Png, SIGNATURE)
        .await
        .unwrap();
    let kept = consents.list(team.patient).await.unwrap().items.remove(0);
    assert_eq!(kept.evidence, [form.clone(), signature.clone()]);
    assert_eq!(form.uploaded_by, "試験 nurse");
    for person in [&team.nurse, &team.physician, &team.helper] {
        let consents = person.client.consents();
        assert_eq!(consents.find_evidence(form.id).await.unwrap(), FORM);
        assert_eq!(
            consents.find_evidence(signature.id).await.unwrap(),
            SIGNATURE
        );
    }
    // Auditors check what the log says against the consent on record.
    let shown = team.auditor.client.consents().find_evidence(form.id).await;
    assert_eq!(shown.unwrap(), FORM);
    for person in [&team.outsider, &team.stranger, &team.world.administrator] {
        let consents = person.client.consents();
        refused(consents.find_evidence(form.id).await, 404, "not_found");
        let sent = consents
            .create_evidence(consent, EvidenceType::Pdf, FORM)
            .await;
        refused(sent, 404, "not_found");
    }
    let helper = team.helper.client.consents();
    let sent = helper
        .create_evidence(consent, EvidenceType::Pdf, FORM)
        .await;
    refused(sent, 403, "forbidden");
    // Taken away by the rules, it is not there for anybody.
    let path = format!("/v1/consent-evidence/{}", form.id);
    let answer = team.nurse.client.send_raw("GET", &path, &[], "").await;
    let answer = answer.unwrap();
    assert_eq!(answer.header("content-type"), Some("application/pdf"));
    let disposition = answer.header("content-disposition").unwrap();
    assert!(disposition.starts_with("attachment; "), "{disposition}");
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    let policy = answer.header("content-security-policy").unwrap();
    assert!(
        policy.contains("default-src 'none'") && policy.contains("sandbox"),
        "{policy}"
    );
    let digest = "SELECT digest = sha256(content) FROM consent_evidence";
    let rows = team.world.db.admin.query(digest, &[]).await.unwrap();
    assert!(rows.len() == 2 && rows.iter().all(|row| row.get(0)));
}

#[actix_web::test]
async fn az_14_evidence_is_what_its_bytes_say_and_not_too_large() {
    let team = Team::new().await;
    let consent = first_consent(&team).await;
    let path = format!("/v1/consents/{consent}/evidence");
    let send = async |client: &Client, declared: &str, bytes: Vec<u8>| {
        let headers = [("content-type", declared)];
        let answer = client.send_raw("POST", &path, &headers, bytes).await;
        let answer = answer.unwrap();
        let error: serde_json::Value = answer.json().unwrap();
        let said = error["code"].as_str().or(error["media_type"].as_str());
        (answer.status, said.unwrap_or_default().to_owned())
    };
    let nurse = &team.nurse.client;
    let said = |status: u16, code: &str| (status, code.to_owned());
    // Declared as one of the three and being another: what it is counts.
    assert_eq!(
        send(nurse, "image/jpeg", SIGNATURE.to_vec()).await,
        said(201, "image/png")
    );
    for (declared, bytes) in [
        ("text/html", b"<html>".to_vec()),
        ("application/json", b"{}".to_vec()),
        ("application/pdf", b"<html><script>".to_vec()),
        ("image/png", b"GIF89a".to_vec()),
    ] {
        let answer = send(nurse, declared, bytes).await;
        assert_eq!(answer, said(415, "unsupported_media_type"), "{declared}");
    }
    let broken = SIGNATURE[..SIGNATURE.len() - 8].to_vec();
    assert_eq!(
        send(nurse, "image/png", broken).await,
        said(422, "invalid_input")
    );
    let mut large = FORM.to_vec();
    large.resize(10 * 1024 * 1024 - 6, b'\n');
    large.extend_from_slice(b"%%EOF\n");
    assert_eq!(
        send(nurse, "application/pdf", large.clone()).await,
        said(201, "application/pdf")
    );
    large.push(b'\n');
    assert_eq!(
        send(nurse, "application/pdf", large).await,
        said(413, "body_too_large")
    );
    let nobody = send(&team.world.anyone, "application/pdf", FORM.to_vec()).await;
    assert_eq!(nobody, said(401, "unauthenticated"));
}

/// Giver, receiver, whoever was shown it, and what.
type Row = (String, String, String, String);

fn row(source: &str, recipient: &str, login: &str, kind: &str) -> Row {
    (
        source.to_owned(),
        recipient.to_owned(),
        format!("試験 {login}"),
        kind.to_owned(),
    )
}

/// The rows of an export, each of which must name the patient, this day and her consent.
async fn exported(team: &Team) -> BTreeSet<Row> {
    let provisions = team.care_manager.client.provisions();
    let bytes = provisions
        .export(team.patient, &ExportProvisions::default())
        .await;
    let text = String::from_utf8(bytes.unwrap().to_vec()).unwrap();
    let text = text.strip_prefix('\u{feff}').expect("a byte order mark");
    let mut lines = text.split_terminator("\r\n");
    assert_eq!(
        lines.next(),
        Some("提供年月日,提供元,提供先,提供先の担当者,本人の氏名,提供した項目,同意の根拠")
    );
    let ground = format!("本人の同意({}・書面)", today());
    let read: Vec<Row> = lines
        .map(|line| {
            let cells: Vec<&str> = line.split(',').collect();
            assert_eq!(cells[0], today().to_string());
            assert_eq!((cells[4], cells[6]), ("出雲 和子", ground.as_str()));
            let cell = |at: usize| cells[at].to_owned();
            (cell(1), cell(2), cell(3), cell(5))
        })
        .collect();
    let rows: BTreeSet<Row> = read.iter().cloned().collect();
    assert_eq!(rows.len(), read.len(), "each once");
    rows
}

#[actix_web::test]
async fn az_15_the_export_equals_what_was_provided() {
    const HOSPITAL: &str = "北部総合病院";
    const CLINIC: &str = "北診療所";
    const STATION: &str = "北訪問看護ステーション";
    const OFFICE: &str = "北ケアプラン";
    const HELPERS: &str = "北ヘルパーステーション";
    const BASIC: &str = "基本情報";
    const NOTE: &str = "記録・連絡";
    const VITALS: &str = "バイタルサイン・観察";
    const DOCUMENT: &str = "文書(診療情報提供書・退院時サマリー等)";
    let team = Team::new().await;
    let summary = include_str!("../../fixtures/fhir/discharge-summary-01.json");
    let document = team.hospital.bundles().receive(summary).await.unwrap();
    let mut expected = BTreeSet::from([
        // Entering its number showed the hospital whom the office had registered.
        row(OFFICE, HOSPITAL, "hospital-nurse", BASIC),
    ]);
    assert_eq!(exported(&team).await, expected);

    // Writing gives nothing to the writer, and what the own facility wrote is not given to it.
    let visit = team.nurse.notes(team.patient, "訪問しました。").await;
    let vitals = VitalSigns {
        pulse: Some(72.0),
        ..Default::default()
    };
    let vitals = CreatePost::vitals(Channel::Team, vitals);
    team.nurse
        .client
        .timeline()
        .create_post(team.patient, &vitals)
        .await
        .unwrap();
    team.nurse
        .client
        .timeline()
        .find_post(visit.id)
        .await
        .unwrap();
    assert_eq!(exported(&team).await, expected);

    // One post, its versions, and its acknowledgement.
    let timeline = team.physician.client.timeline();
    timeline.find_post(visit.id).await.unwrap();
    timeline.list_post_versions(visit.id).await.unwrap();
    expected.insert(row(STATION, CLINIC, "physician", NOTE));
    assert_eq!(exported(&team).await, expected);
    let span = Default::default();
    team.physician
        .client
        .vitals()
        .list(team.patient, &span)
        .await
        .unwrap();
    expected.insert(row(STATION, CLINIC, "physician", VITALS));
    let patients = team.physician.client.patients();
    patients.find(team.patient).await.unwrap();
    expected.insert(row(OFFICE, CLINIC, "physician", BASIC));
    assert_eq!(exported(&team).await, expected);

    // A document, and its original.
    let documents = team.nurse.client.documents();
    documents.find_original(document.document).await.unwrap();
    documents.find(document.document).await.unwrap();
    expected.insert(row(HOSPITAL, STATION, "nurse", DOCUMENT));
    assert_eq!(exported(&team).await, expected);

    // A timeline gives what of it is shown: a helper sees no documents.
    team.helper.timeline(team.patient).await;
    team.helper.timeline(team.patient).await;
    expected.insert(row(STATION, HELPERS, "helper", NOTE));
    expected.insert(row(STATION, HELPERS, "helper", VITALS));
    assert_eq!(exported(&team).await, expected);

    // A reply quotes what it answers; a list of patients shows names and the newest post.
    let reply = CreatePost {
        reply_to: Some(visit.id),
        ..CreatePost::note(Channel::Team, "承知しました。")
    };
    let timeline = team.hospital_nurse.client.timeline();
    timeline.create_post(team.patient, &reply).await.unwrap();
    expected.insert(row(STATION, HOSPITAL, "hospital-nurse", NOTE));
    assert_eq!(exported(&team).await, expected);
    let patients = team.nurse.client.patients();
    patients.list(&Default::default()).await.unwrap();
    expected.insert(row(OFFICE, STATION, "nurse", BASIC));
    expected.insert(row(HOSPITAL, STATION, "nurse", NOTE));
    assert_eq!(exported(&team).await, expected);

    // Who is refused is given nothing.
    let refusal = team.outsider.client.timeline().find_post(visit.id).await;
    refused(refusal, 404, "not_found");
    let refusal = team.helper.client.documents().find(document.document).await;
    refused(refusal, 404, "not_found");
    assert_eq!(exported(&team).await, expected);
}

#[actix_web::test]
async fn az_15_what_was_recorded_cannot_be_changed_by_the_server() {
    let team = Team::new().await;
    let server = crate::support::db::connect(&team.world.db.url).await;
    for statement in [
        "UPDATE provisions SET kind = 'note'",
        "DELETE FROM provisions",
        "UPDATE consent_evidence SET content = ''",
        "DELETE FROM consent_evidence",
        "DELETE FROM consents",
        "UPDATE registration_cards SET patient_id = id",
    ] {
        let refusal = server.batch_execute(statement).await.unwrap_err();
        let code = refusal.code().map(tokio_postgres::error::SqlState::code);
        assert_eq!(code, Some("42501"), "{statement}");
    }
}

#[actix_web::test]
async fn az_14_wrong_codes_of_cards_are_counted_recorded_and_end_the_trying() {
    let team = Team::new().await;
    let new = CreateRegistrationCard { id: new_id() };
    let cards = team.nurse.client.registration_cards();
    let card = cards.create(team.patient, &new).await.unwrap();
    let tried = async |person: &Person, code: &str| {
        let code = code.to_owned();
        let cards = person.client.registration_cards();
        cards.read(&ReadRegistrationCard { code }).await
    };
    for n in 0..10 {
        let wrong = tried(&team.outsider, &format!("TSM-{n:04}-0000-0000-0000")).await;
        refused(wrong, 404, "registration_card_not_found");
    }
    let blocked = tried(&team.outsider, &card.code).await;
    refused(blocked, 429, "too_many_attempts");
    let linked = team
        .outsider
        .raw(
            "POST",
            "/v1/registration-cards/link",
            &serde_json::json!({ "code": card.code, "value": "1", "system": "urn:oid:1.2.3" })
                .to_string(),
        )
        .await;
    assert_eq!(linked.status, 429);
    assert!(linked.header("retry-after").is_some());
    // Others go on, and after a while so does this one.
    tried(&team.nurse, &card.code).await.unwrap();
    team.world.app.clock.advance(TimeDelta::minutes(11));
    tried(&team.outsider, &card.code).await.unwrap();
    let log = "SELECT coalesce(code, 'read'), count(*) FROM audit_events \
               WHERE action = 'registration_card.read' GROUP BY 1 ORDER BY 1";
    let rows = team.world.db.admin.query(log, &[]).await.unwrap();
    let rows: Vec<(String, i64)> = rows.iter().map(|row| (row.get(0), row.get(1))).collect();
    let expected = [
        ("read", 2),
        ("registration_card_not_found", 10),
        ("too_many_attempts", 2),
    ];
    assert_eq!(rows, expected.map(|(code, n)| (code.to_owned(), n)));
    // The code is nowhere in the database.
    let kept = "SELECT count(*) FROM registration_cards c WHERE c::text LIKE $1";
    let pattern = format!("%{}%", &card.code[4..8]);
    let kept: i64 = team
        .world
        .db
        .admin
        .query_one(kept, &[&pattern])
        .await
        .unwrap()
        .get(0);
    assert_eq!(kept, 0);
}
