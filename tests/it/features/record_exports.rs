//! Copies of a whole record: what is in them and what is not, who gets them, and how long they last.

use std::{
    collections::BTreeMap,
    io::{Cursor, Read as _},
    time::Duration,
};

use chrono::TimeDelta;
use image::ImageFormat;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use tsumugi_client::{
    Client,
    models::{
        AmendPost, Channel, CreatePost, CreateRecordExport, ListTimeline, RecordExport,
        RecordExportFormat as Format, RecordExportPurpose as For, RecordExportState as State,
        RelationKind, Rendition, RetractPost, VitalSigns, WithdrawConsent,
    },
};
use tsumugi_server::worker;
use uuid::Uuid;

use super::{attachments, facts};
use crate::support::{Person, Team, bad_files, refused};

/// Waits until a copy is made.
async fn settled(client: &Client, patient: Uuid, id: Uuid) -> RecordExport {
    for _ in 0..1800 {
        let all = client.record_exports().list(patient).await.unwrap().items;
        let found = all.into_iter().find(|export| export.id == id).unwrap();
        if ![State::Waiting, State::Making].contains(&found.state) {
            return found;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("the copy was not made");
}

async fn made(client: &Client, patient: Uuid, new: &CreateRecordExport) -> RecordExport {
    client.record_exports().create(patient, new).await.unwrap();
    let made = settled(client, patient, new.id).await;
    assert_eq!(made.state, State::Ready, "{made:?}");
    made
}

async fn fetched(client: &Client, patient: Uuid, export: &RecordExport) -> Vec<Vec<u8>> {
    let exports = client.record_exports();
    let mut files = Vec::new();
    for file in &export.files {
        let link = exports.link(patient, export.id, file.number).await.unwrap();
        let bytes = exports.export(&link).await.unwrap();
        assert_eq!(
            (bytes.len() as u64, hex(&bytes)),
            (file.size, file.sha256.clone())
        );
        files.push(bytes.to_vec());
    }
    files
}

fn hex(bytes: &[u8]) -> String {
    let digits: Vec<String> = Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    digits.concat()
}

/// A ZIP as files by their names, each as the manifest says.
async fn packed(client: &Client, patient: Uuid, purpose: For) -> BTreeMap<String, Vec<u8>> {
    let new = CreateRecordExport::whole(Format::Zip, purpose);
    let export = made(client, patient, &new).await;
    let bytes = fetched(client, patient, &export).await.remove(0);
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut files = BTreeMap::new();
    for place in 0..zip.len() {
        let mut file = zip.by_index(place).unwrap();
        let mut content = Vec::new();
        file.read_to_end(&mut content).unwrap();
        files.insert(file.name().to_owned(), content);
    }
    let manifest = json(&files["manifest.json"]);
    let mut listed = vec!["manifest.json".to_owned()];
    for file in manifest["files"].as_array().unwrap() {
        let path = file["path"].as_str().unwrap();
        let content = &files[path];
        assert_eq!(file["size"], content.len());
        assert_eq!(file["sha256"], hex(content), "{path}");
        listed.push(path.to_owned());
    }
    listed.sort();
    assert_eq!(listed, files.keys().cloned().collect::<Vec<_>>());
    files
}

fn json(bytes: &[u8]) -> Value {
    serde_json::from_slice(bytes).unwrap()
}

fn lines(bytes: &[u8]) -> Vec<Value> {
    let text = std::str::from_utf8(bytes).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// The text of each page of a PDF, without spaces.
fn pages(pdf: &[u8]) -> Vec<String> {
    let file = lopdf::Document::load_mem(pdf).unwrap();
    let page = |number| {
        let text = file.extract_text(&[number]).unwrap();
        text.chars()
            .filter(|c| !c.is_whitespace() && *c != '\u{200b}')
            .collect()
    };
    file.get_pages().into_keys().map(page).collect()
}

/// A record with something of everything.
async fn written(team: &Team) {
    let timeline = team.nurse.client.timeline();
    let note = team
        .nurse
        .notes(team.patient, "朝の訪問。食事は半分。")
        .await;
    let amend = AmendPost {
        body: Some("朝の訪問。食事は三分の一。".to_owned()),
        vitals: None,
        attachment_ids: None,
        reason: "量の書き間違い".to_owned(),
    };
    timeline
        .amend_post(note.id, note.version, &amend)
        .await
        .unwrap();
    let wrong = team.nurse.notes(team.patient, "隣の方の記録です").await;
    let why = RetractPost {
        reason: "患者の取り違え".to_owned(),
    };
    timeline
        .retract_post(wrong.id, wrong.version, &why)
        .await
        .unwrap();
    let signs = VitalSigns {
        temperature: Some(36.5),
        systolic: Some(128.0),
        diastolic: Some(72.0),
        ..VitalSigns::default()
    };
    for _ in 0..2 {
        let signs = CreatePost::vitals(Channel::Team, signs.clone());
        timeline.create_post(team.patient, &signs).await.unwrap();
    }
    let secret = CreatePost::note(Channel::Medical, "医療職だけの検討");
    team.physician
        .client
        .timeline()
        .create_post(team.patient, &secret)
        .await
        .unwrap();
    let reply = CreatePost::note(Channel::Team, "承知しました")
        .replying_to(note.id)
        .asking([team.nurse.id]);
    team.helper
        .client
        .timeline()
        .create_post(team.patient, &reply)
        .await
        .unwrap();
    let summary = include_str!("../../fixtures/fhir/discharge-summary-01.json");
    team.hospital.bundles().receive(summary).await.unwrap();
}

async fn shown(person: &Person, patient: Uuid) -> Vec<(String, Option<String>)> {
    let query = ListTimeline {
        limit: Some(100),
        ..Default::default()
    };
    let mut all = person
        .client
        .timeline()
        .list(patient, &query)
        .await
        .unwrap()
        .items;
    all.reverse();
    all.into_iter()
        .map(|post| (post.id.to_string(), post.body))
        .collect()
}

#[actix_web::test]
async fn a_copy_as_files_holds_what_the_lists_show_and_nothing_else() {
    let team = Team::new().await;
    written(&team).await;
    for person in [
        &team.physician,
        &team.nurse,
        &team.helper,
        &team.care_manager,
    ] {
        let files = packed(&person.client, team.patient, For::Transfer).await;
        let copied: Vec<_> = lines(&files["timeline.jsonl"])
            .into_iter()
            .map(|post| {
                let body = post["body"].as_str().map(str::to_owned);
                (post["id"].as_str().unwrap().to_owned(), body)
            })
            .collect();
        assert_eq!(copied, shown(person, team.patient).await);
    }
    // The helper does not read what is for medical professions: not as a post, not as FHIR, not as a number.
    let files = packed(&team.helper.client, team.patient, For::Transfer).await;
    for (name, content) in &files {
        let text = String::from_utf8_lossy(content);
        assert!(!text.contains("医療職だけの検討"), "{name}");
    }
    let manifest = json(&files["manifest.json"]);
    let left_out = manifest["not_included"].to_string();
    assert!(left_out.contains("「医療職のみ」"), "{left_out}");
    assert!(left_out.contains("誰が記録を見たか"), "{left_out}");
    assert!(!files.contains_key("accesses.csv"));
    assert!(String::from_utf8_lossy(&files["README.txt"]).contains("verify-copy"));
}

#[actix_web::test]
async fn a_copy_has_the_current_state_and_the_files_that_posts_show() {
    let team = Team::new().await;
    let allergy = facts::write(&team.nurse, &team, "allergy", facts::allergy("そば")).await;
    let photo = bad_files::photo(40, 30, ImageFormat::Jpeg);
    let file = attachments::send(&team.nurse, team.patient, "右踵.jpg", photo.clone()).await;
    attachments::settled(&team, &team.nurse, file.id).await;
    let secret = attachments::send(&team.physician, team.patient, "検査.jpg", photo).await;
    attachments::settled(&team, &team.physician, secret.id).await;
    for (person, channel, id) in [
        (&team.nurse, Channel::Team, file.id),
        (&team.physician, Channel::Medical, secret.id),
    ] {
        let post = CreatePost::note(channel, "写真です").showing(vec![id]);
        let timeline = person.client.timeline();
        timeline.create_post(team.patient, &post).await.unwrap();
    }
    let files = packed(&team.helper.client, team.patient, For::Transfer).await;
    let record = json(&files["record.json"]);
    let kept = &record["sections"]["facts"];
    assert_eq!(kept[0]["id"], allergy.id.to_string());
    assert_eq!(kept[0]["value"]["substance"], "そば");
    let listed = lines(&files["attachments.jsonl"]);
    let [listed] = &listed[..] else {
        panic!("{listed:?}");
    };
    assert_eq!(listed["name"], "右踵.jpg");
    let path = listed["path"].as_str().unwrap();
    let shown = team.helper.client.attachments();
    let bytes = shown.download(file.id, Rendition::Full).await.unwrap();
    assert_eq!(files[path], bytes);
    // What only medical professions see is in no copy of a home helper, and in that of a physician.
    assert!(
        !files
            .keys()
            .any(|name| name.contains(&secret.id.to_string()))
    );
    let files = packed(&team.physician.client, team.patient, For::Transfer).await;
    let name = |id: Uuid| format!("files/attachments/{id}.jpg");
    assert!(files.contains_key(&name(file.id)) && files.contains_key(&name(secret.id)));
    // On paper the current state is in words.
    let new = CreateRecordExport::whole(Format::Pdf, For::Transfer);
    let export = made(&team.nurse.client, team.patient, &new).await;
    let pdf = fetched(&team.nurse.client, team.patient, &export).await;
    let paper = pages(&pdf[0]).concat();
    assert!(
        paper.contains("いまの状態") && paper.contains("そば"),
        "{paper}"
    );
    assert!(paper.contains("右踵.jpg"), "{paper}");
}

#[actix_web::test]
async fn a_copy_as_files_has_versions_originals_and_well_formed_fhir() {
    let team = Team::new().await;
    written(&team).await;
    let files = packed(&team.nurse.client, team.patient, For::Disclosure).await;
    let posts = lines(&files["timeline.jsonl"]);
    let amended = posts
        .iter()
        .find(|post| post["body"] == "朝の訪問。食事は三分の一。")
        .unwrap();
    assert_eq!(amended["versions"][0]["body"], "朝の訪問。食事は半分。");
    assert_eq!(amended["versions"][1]["reason"], "量の書き間違い");
    let retracted = posts
        .iter()
        .find(|post| !post["retraction"].is_null())
        .unwrap();
    assert_eq!(retracted["body"], Value::Null);
    assert_eq!(retracted["retraction"]["reason"], "患者の取り違え");
    assert_eq!(retracted["versions"][0]["body"], "隣の方の記録です");

    let original = include_str!("../../fixtures/fhir/discharge-summary-01.json");
    let (_, kept) = files
        .iter()
        .find(|(name, _)| name.starts_with("files/documents/"))
        .unwrap();
    assert_eq!(kept, original.as_bytes());
    let record = json(&files["record.json"]);
    assert_eq!(record["patient"]["name"], "出雲 和子");
    assert_eq!(record["consents"].as_array().unwrap().len(), 1);
    assert!(record["care_team"].as_array().unwrap().len() >= 5);
    // A copy for the patient says who has looked, as the patient reads it.
    let accesses = String::from_utf8(files["accesses.csv"].clone()).unwrap();
    assert!(accesses.contains("北訪問看護ステーション"), "{accesses}");

    let bundle = &files["fhir/Bundle.json"];
    let faults = tsumugi_server::fhir::faults(bundle);
    assert!(faults.is_empty(), "{faults:#?}");
    let bundle = json(bundle);
    let of_kind = |kind: &str| -> Vec<&Value> {
        let all = bundle["entry"].as_array().unwrap().iter();
        all.map(|entry| &entry["resource"])
            .filter(|one| one["resourceType"] == kind)
            .collect()
    };
    for kind in [
        "Patient",
        "CareTeam",
        "Practitioner",
        "PractitionerRole",
        "Consent",
        "Communication",
        "DocumentReference",
        "Observation",
        "Provenance",
        "AuditEvent",
    ] {
        assert!(!of_kind(kind).is_empty(), "no {kind}");
    }
    let temperature = of_kind("Observation");
    let temperature = temperature
        .iter()
        .find(|one| one["code"]["coding"][0]["code"] == "8310-5");
    assert_eq!(temperature.unwrap()["valueQuantity"]["code"], "Cel");
    let pressure = of_kind("Observation");
    let pressure = pressure
        .iter()
        .find(|one| one["code"]["coding"][0]["code"] == "85354-9");
    assert_eq!(pressure.unwrap()["component"].as_array().unwrap().len(), 2);
    let nullified = of_kind("Provenance");
    assert!(
        nullified
            .iter()
            .any(|one| one["activity"]["coding"][0]["code"] == "NULLIFY")
    );
}

#[actix_web::test]
async fn a_copy_on_paper_says_what_it_is_and_what_it_leaves_out() {
    let team = Team::new().await;
    written(&team).await;
    let mut new = CreateRecordExport::whole(Format::Pdf, For::Other);
    new.reason = Some("ご家族との面談のため".to_owned());
    let export = made(&team.helper.client, team.patient, &new).await;
    assert_eq!(export.files.len(), 1);
    let pdf = fetched(&team.helper.client, team.patient, &export)
        .await
        .remove(0);
    let head = String::from_utf8_lossy(&pdf[..8]).into_owned();
    assert!(head.starts_with("%PDF-1.7"), "{head}");
    assert!(String::from_utf8_lossy(&pdf).contains("pdfaid:part"));
    let pages = pages(&pdf);
    for said in [
        "記録の写し",
        "出雲和子",
        "試験helper",
        "その他：ご家族との面談のため",
        "記録のすべて",
        "この写しに含まれないもの",
        "公開範囲が「医療職のみ」の記録",
        "誰が記録を見たかの一覧",
    ] {
        assert!(pages[0].contains(said), "{said}: {}", pages[0]);
    }
    let all = pages.concat();
    for said in [
        "朝の訪問。食事は三分の一。",
        "朝の訪問。食事は半分。",
        "理由：量の書き間違い",
        "取り消されました",
        "理由：患者の取り違え",
        "体温36.5℃",
        "128/72",
        "承知しました",
        "同意の記録",
        "バイタルサイン・観察",
    ] {
        assert!(all.contains(said), "{said}: {all}");
    }
    assert!(!all.contains("医療職だけの検討"));
    let total = pages.len();
    assert!(
        pages[1].contains(&format!("2／{total}ページ")),
        "{}",
        pages[1]
    );
}

#[actix_web::test]
async fn patients_have_a_copy_of_their_own_with_who_has_looked() {
    let team = Team::new().await;
    written(&team).await;
    team.nurse.timeline(team.patient).await;
    let family = CreatePost::note(Channel::Family, "来週は十時に伺います");
    team.nurse
        .client
        .timeline()
        .create_post(team.patient, &family)
        .await
        .unwrap();
    let patient = team.relative("izumo.kazuko", RelationKind::Patient).await;
    let new = CreateRecordExport::whole(Format::Pdf, For::OwnRequest);
    let export = made(&patient, team.patient, &new).await;
    let pdf = fetched(&patient, team.patient, &export).await.remove(0);
    let all = pages(&pdf).concat();
    assert!(all.contains("目的本人の求め"), "{all}");
    assert!(
        all.contains("誰が記録を見たか") && all.contains("記録・連絡を見た"),
        "{all}"
    );
    assert!(!all.contains("医療職だけの検討"));
    // The lists that patients see are what is in it.
    let shown = patient
        .timeline()
        .list(team.patient, &ListTimeline::default())
        .await
        .unwrap();
    let files = packed(&patient, team.patient, For::OwnRequest).await;
    assert_eq!(lines(&files["timeline.jsonl"]).len(), shown.items.len());
    let accesses = String::from_utf8(files["accesses.csv"].clone()).unwrap();
    assert!(
        accesses.contains("記録・連絡を見た") && accesses.starts_with("\u{feff}日時,"),
        "{accesses}"
    );
}

#[actix_web::test]
async fn a_copy_is_for_whoever_asked_and_for_as_long_as_the_rules_allow_it() {
    let team = Team::new().await;
    written(&team).await;
    let new = CreateRecordExport::whole(Format::Zip, For::Transfer);
    for person in [
        &team.outsider,
        &team.stranger,
        &team.auditor,
        &team.world.administrator,
    ] {
        let outcome = person
            .client
            .record_exports()
            .create(team.patient, &new)
            .await;
        refused(outcome, 404, "not_found");
    }
    let export = made(&team.nurse.client, team.patient, &new).await;
    // A colleague neither sees it nor gets a link, and the id is taken.
    let others = team.physician.client.record_exports();
    assert!(others.list(team.patient).await.unwrap().items.is_empty());
    refused(
        others.link(team.patient, export.id, 1).await,
        404,
        "not_found",
    );
    refused(
        others.create(team.patient, &new).await,
        409,
        "record_export_exists",
    );
    let mine = team.nurse.client.record_exports();
    let link = mine.link(team.patient, export.id, 1).await.unwrap();
    mine.export(&link).await.unwrap();
    refused(
        mine.link(team.patient, export.id, 2).await,
        404,
        "not_found",
    );

    // With the consent gone, a link that was given out opens nothing: what is left is what the own facility wrote.
    let consents = team.care_manager.client.consents();
    let consent = consents.list(team.patient).await.unwrap().items[0].id;
    let why = WithdrawConsent {
        reason: "ご本人の意思".to_owned(),
    };
    consents.withdraw(consent, &why).await.unwrap();
    let narrowed = "record_export_narrowed";
    refused(mine.export(&link).await, 409, narrowed);
    refused(mine.link(team.patient, export.id, 1).await, 409, narrowed);
    let files = packed(&team.nurse.client, team.patient, For::Transfer).await;
    let posts = lines(&files["timeline.jsonl"]);
    assert_eq!(posts.len(), 4, "{posts:#?}");
    for post in posts {
        let facility = &post["author"]["facility_name"];
        assert_eq!(facility, "北訪問看護ステーション");
    }
    let manifest = json(&files["manifest.json"])["not_included"].to_string();
    assert!(
        manifest.contains("自分の施設が書いたものは含みます"),
        "{manifest}"
    );
}

#[actix_web::test]
async fn a_request_that_is_sent_twice_makes_one_copy() {
    let team = Team::new().await;
    let new = CreateRecordExport::whole(Format::Zip, For::Transfer);
    let body = serde_json::to_string(&new).unwrap();
    let path = format!("/v1/patients/{}/record-exports", team.patient);
    let headers = [
        ("content-type", "application/json"),
        ("idempotency-key", "01999999-aaaa-7000-8000-000000000001"),
    ];
    for _ in 0..2 {
        let answer = team
            .nurse
            .client
            .send_raw("POST", &path, &headers, body.clone())
            .await
            .unwrap();
        assert_eq!(answer.status, 201, "{}", answer.text());
    }
    settled(&team.nurse.client, team.patient, new.id).await;
    assert_eq!(
        team.world
            .db
            .one::<i64>("SELECT count(*) FROM record_exports")
            .await,
        1
    );
    assert_eq!(
        team.world
            .db
            .one::<i64>("SELECT count(*) FROM record_export_files")
            .await,
        1
    );
    let mut other = CreateRecordExport::whole(Format::Pdf, For::Other);
    other.reason = None;
    let outcome = team
        .nurse
        .client
        .record_exports()
        .create(team.patient, &other)
        .await;
    refused(outcome, 422, "invalid_input");
}

#[actix_web::test]
async fn a_copy_lies_sealed_and_is_gone_after_a_day() {
    let team = Team::new().await;
    team.nurse.notes(team.patient, "封をして保管").await;
    let new = CreateRecordExport::whole(Format::Pdf, For::Transfer);
    let export = made(&team.nurse.client, team.patient, &new).await;
    let sealed: Vec<u8> = team
        .world
        .db
        .one("SELECT sealed FROM record_export_chunks LIMIT 1")
        .await;
    assert!(!sealed.windows(4).any(|four| four == b"%PDF"));
    let exports = team.nurse.client.record_exports();
    let link = exports.link(team.patient, export.id, 1).await.unwrap();
    team.world.app.clock.advance(TimeDelta::minutes(6));
    refused(exports.export(&link).await, 404, "not_found");

    team.world.app.clock.advance(TimeDelta::hours(24));
    let nurse = team.nurse.again().await;
    let exports = nurse.record_exports();
    let listed = exports.list(team.patient).await.unwrap().items.remove(0);
    assert_eq!((listed.state, listed.files.len()), (State::Expired, 0));
    refused(
        exports.link(team.patient, export.id, 1).await,
        409,
        "record_export_not_ready",
    );
    let network: Uuid = team
        .world
        .db
        .one("SELECT tenant_id FROM record_exports")
        .await;
    worker::make_copies(&team.world.app, network).await.unwrap();
    for table in [
        "record_export_chunks",
        "record_export_files",
        "record_export_links",
    ] {
        let left: i64 = team
            .world
            .db
            .one(&format!("SELECT count(*) FROM {table}"))
            .await;
        assert_eq!(left, 0, "{table}");
    }
}

#[actix_web::test]
async fn what_a_server_that_died_had_begun_is_made_by_the_next() {
    let team = Team::new().await;
    team.nurse.notes(team.patient, "途中で止まっても").await;
    let new = CreateRecordExport::whole(Format::Zip, For::Transfer);
    let first = made(&team.nurse.client, team.patient, &new).await;
    let admin = &team.world.db.admin;
    let begun =
        "UPDATE record_exports SET state = 'making', available_at = now() - interval '1 second'";
    admin.batch_execute(begun).await.unwrap();
    let network: Uuid = team
        .world
        .db
        .one("SELECT tenant_id FROM record_exports")
        .await;
    worker::make_copies(&team.world.app, network).await.unwrap();
    let again = settled(&team.nurse.client, team.patient, first.id).await;
    assert_eq!((again.state.clone(), again.files.len()), (State::Ready, 1));
    fetched(&team.nurse.client, team.patient, &again).await;
    // Asking, making and fetching are on record, with how much it was.
    let acts: i64 = team
        .world
        .db
        .one("SELECT count(*) FROM audit_events WHERE action = 'record_export.make' AND count >= 1 AND patient_id IS NOT NULL")
        .await;
    assert!(acts >= 2, "{acts}");
    let fetched: i64 = team
        .world
        .db
        .one("SELECT count(*) FROM audit_events WHERE action = 'record_export.download' AND account_id IS NOT NULL")
        .await;
    assert_eq!(fetched, 1);
}

#[actix_web::test]
async fn a_long_record_becomes_several_files_and_nothing_is_lost() {
    let team = Team::new().await;
    let one = team.nurse.notes(team.patient, "はじめの記録").await;
    let long = "体調に変わりなく、食事と水分をとれています。".repeat(12);
    let posts = format!(
        "INSERT INTO posts (tenant_id, id, patient_id, kind, channel, author_staff_id, facility_id, observed_at, recorded_at, version, automatic)
         SELECT tenant_id, gen_random_uuid(), patient_id, kind, channel, author_staff_id, facility_id, observed_at, recorded_at + n * interval '1 ms', 1, false
         FROM posts, generate_series(1, 500) n WHERE id = '{}'",
        one.id
    );
    let versions = format!(
        "INSERT INTO post_versions (tenant_id, post_id, version, body, retracted, written_by_staff, written_at)
         SELECT tenant_id, id, 1, '{long}' || row_number() OVER (ORDER BY recorded_at) || '番', false, author_staff_id, recorded_at
         FROM posts WHERE id <> '{}'",
        one.id
    );
    let admin = &team.world.db.admin;
    admin.batch_execute(&posts).await.unwrap();
    admin.batch_execute(&versions).await.unwrap();
    let new = CreateRecordExport::whole(Format::Pdf, For::Transfer);
    let export = made(&team.nurse.client, team.patient, &new).await;
    assert!(export.files.len() >= 2, "{export:?}");
    assert_eq!((export.posts, export.done_posts), (Some(501), 501));
    let mut all = String::new();
    for (place, pdf) in fetched(&team.nurse.client, team.patient, &export)
        .await
        .iter()
        .enumerate()
    {
        let pages = pages(pdf);
        let part = format!("第{}部／全{}部", place + 1, export.files.len());
        assert!(pages[0].contains(&part), "{}", pages[0]);
        all.extend(pages);
    }
    for number in 1..=500 {
        assert!(all.contains(&format!("。{number}番")), "{number}");
    }
}
