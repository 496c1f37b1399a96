//! AU-12: the patient sees who has looked, all of it and nothing else, with proofs; the family as far as the consent says.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::TryStreamExt;
use serde_json::json;
use tsumugi_client::{
    Client,
    models::{
        AccessActorKind, AccessClass, AccessLine, CreateConsent, CreateEmergencyAccess,
        CreateWithholding, EmergencyCategory, ExportAccesses, ListAccesses, Purpose, RelationKind,
        WithholdingAudience,
    },
    new_id,
};
use tsumugi_server::features::accesses::{Concern, concern};
use uuid::Uuid;

use crate::support::{
    Person, Team,
    calls::{self, Things},
    log::{network, seal},
    proofs::proven,
    refused,
    team::{new_patient, register, today},
};

/// All lines, page after page.
async fn lines(client: &Client, patient: Uuid, query: ListAccesses) -> Vec<AccessLine> {
    let all = client.accesses().stream(patient, query);
    all.try_collect().await.unwrap()
}

async fn listed(client: &Client, patient: Uuid) -> Vec<AccessLine> {
    lines(client, patient, ListAccesses::default()).await
}

/// Who has an account of their own for the patient.
async fn patient_of(team: &Team) -> Client {
    team.relative("izumo", RelationKind::Patient).await
}

/// Makes a read that must succeed.
async fn reads(person: &Person, path: &str) {
    let answer = person.raw("GET", path, "").await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.text());
}

/// The entries of the log that concern the patient, but for the system's own and the family's.
async fn truth(team: &Team) -> BTreeSet<Uuid> {
    let sql = "
        SELECT e.id FROM audit_events e
        WHERE (e.patient_id = $1 OR EXISTS (
            SELECT FROM audit_event_patients n WHERE n.event_id = e.id AND n.patient_id = $1))
        AND NOT (e.actor_kind = 'system' AND e.client_id IS NULL)
        AND NOT EXISTS (SELECT FROM patient_relations r WHERE r.account_id = e.account_id)";
    let rows = team.world.db.admin.query(sql, &[&team.patient]).await;
    rows.unwrap().iter().map(|row| row.get(0)).collect()
}

#[actix_web::test]
async fn au_12_as_many_reads_of_all_kinds_are_as_many_lines_and_nothing_else_is_one() {
    let team = Team::new().await;
    let things = Things::of(&team).await;
    let patient = patient_of(&team).await;
    let other = register(
        &team.care_manager,
        new_patient("山田 太郎", "ヤマダ タロウ"),
    )
    .await;
    let before: BTreeSet<Uuid> = listed(&patient, team.patient)
        .await
        .iter()
        .map(|line| line.id)
        .collect();
    let of = |rest: &str| format!("/v1/patients/{}{rest}", team.patient);
    let post = format!("/v1/posts/{}", things.post);
    let document = format!("/v1/documents/{}", things.document);
    // Who, what, and how the patient reads it.
    let seeded: Vec<(&Person, String, &str)> = vec![
        (&team.physician, of(""), "基本情報を見た"),
        (&team.physician, of("/timeline"), "記録・連絡を見た"),
        (&team.nurse, of("/timeline"), "記録・連絡を見た"),
        (&team.nurse, of("/vitals"), "バイタルサインを見た"),
        (&team.nurse, post.clone(), "記録・連絡を見た"),
        (
            &team.helper,
            format!("{post}/versions"),
            "記録・連絡の訂正の履歴を見た",
        ),
        (&team.helper, of("/care-team"), "担当者の一覧を見た"),
        (&team.care_manager, of("/consents"), "同意の記録を見た"),
        (
            &team.care_manager,
            of("/provisions"),
            "第三者提供の記録を見た",
        ),
        (
            &team.care_manager,
            of("/relatives"),
            "ご本人・ご家族のアカウントの一覧を見た",
        ),
        (
            &team.hospital_nurse,
            of("/registration-cards"),
            "利用者カードの一覧を見た",
        ),
        (
            &team.hospital_nurse,
            document.clone(),
            "病院などからの文書を見た",
        ),
        (
            &team.physician,
            format!("{document}/original"),
            "病院などからの文書の原本を書き出した",
        ),
        (
            &team.nurse,
            "/v1/patients".to_owned(),
            "担当する方の一覧に表示された",
        ),
        (
            &team.auditor,
            format!("/v1/access-log?patient_id={}", team.patient),
            "アクセスの記録を点検した",
        ),
    ];
    for (person, path, _) in &seeded {
        reads(person, path).await;
    }
    // What is about somebody else or about nobody.
    for path in [
        format!("/v1/patients/{}", other.id),
        format!("/v1/patients/{}/timeline", other.id),
        "/v1/me".to_owned(),
        "/v1/settings".to_owned(),
        "/v1/staff-members".to_owned(),
    ] {
        reads(&team.care_manager, &path).await;
    }
    // A list without the patient.
    reads(&team.care_manager, "/v1/patients?query=ヤマダ").await;

    let all = listed(&patient, team.patient).await;
    let new: Vec<&AccessLine> = all
        .iter()
        .filter(|line| !before.contains(&line.id))
        .collect();
    assert_eq!(new.len(), seeded.len(), "{new:#?}");
    // Newest first.
    for (line, (person, path, words)) in new.iter().rev().zip(&seeded) {
        assert_eq!(line.what_ja, *words, "{path}");
        assert!(!line.refused);
        let me = person.client.sessions().me().await.unwrap();
        let me = me.staff_member.unwrap();
        assert_eq!(line.who.profession.as_ref(), Some(&me.profession), "{path}");
        assert_eq!(
            line.who.organization.as_ref(),
            Some(&me.facility.name),
            "{path}"
        );
        assert_eq!(
            (&line.who.kind, &line.who.name),
            (&AccessActorKind::Staff, &None)
        );
        assert!(
            line.who
                .profession_ja
                .as_ref()
                .is_some_and(|ja| !ja.is_empty())
        );
        let purpose = if line.class == AccessClass::Checked {
            (Purpose::Compliance, "監査のため")
        } else {
            (Purpose::Treatment, "診療・看護・介護のため")
        };
        assert_eq!((line.purpose.clone(), line.purpose_ja.as_str()), purpose);
        assert_eq!(line.emergency, None);
    }
    // And it is exactly what the log holds.
    let shown: BTreeSet<Uuid> = all.iter().map(|line| line.id).collect();
    assert_eq!(shown.len(), all.len());
    assert_eq!(shown, truth(&team).await);
    // Other ways of cutting it into pages show the same.
    for limit in [1, 7] {
        let query = ListAccesses {
            limit: Some(limit),
            month: Some(today().format("%Y-%m").to_string()),
            ..Default::default()
        };
        let cut = lines(&patient, team.patient, query).await;
        assert!(
            cut.iter()
                .map(|line| line.id)
                .eq(all.iter().map(|line| line.id))
        );
    }
    let long_ago = ListAccesses {
        month: Some("2012-02".to_owned()),
        ..Default::default()
    };
    assert_eq!(lines(&patient, team.patient, long_ago).await, []);
    for month in ["2026", "2026-13", "2026-1", "１月"] {
        let query = ListAccesses {
            month: Some(month.to_owned()),
            ..Default::default()
        };
        let list = patient.accesses().list(team.patient, &query).await;
        refused(list, 422, "invalid_input");
    }
}

#[actix_web::test]
async fn au_12_what_was_refused_and_what_was_an_emergency_stands_out() {
    let team = Team::new().await;
    let patient = patient_of(&team).await;
    let path = format!("/v1/patients/{}", team.patient);
    assert_eq!(team.outsider.raw("GET", &path, "").await.status, 404);
    let new = CreateEmergencyAccess::new("意識不明で救急搬送され、既往を確認するため")
        .category(EmergencyCategory::Transport);
    let emergency = team.outsider.client.emergency_access();
    emergency.create(team.patient, &new).await.unwrap();
    let urgent = team
        .outsider
        .client
        .with_purpose(Purpose::EmergencyTreatment);
    urgent.patients().find(team.patient).await.unwrap();
    let all = listed(&patient, team.patient).await;
    let (looked, began, tried) = (&all[0], &all[1], &all[2]);
    assert_eq!(tried.what_ja, "基本情報を見ようとして断られた");
    assert!(tried.refused && tried.emergency.is_none());
    assert_eq!(
        tried.who.organization.as_deref(),
        Some("東訪問看護ステーション")
    );
    assert_eq!(began.what_ja, "緊急時アクセスを始めた");
    assert_eq!(looked.what_ja, "基本情報を見た");
    for line in [looked, began] {
        let reason = line.emergency.as_ref().unwrap();
        assert_eq!(reason.category, EmergencyCategory::Transport);
        assert_eq!(reason.ja, "救急搬送のため");
        // The reason in words is for those who review.
        assert!(!format!("{line:?}").contains("意識不明"));
    }
    assert_eq!(looked.purpose, Purpose::EmergencyTreatment);
}

#[actix_web::test]
async fn au_12_names_are_shown_where_the_network_decides_so() {
    let team = Team::new().await;
    team.nurse.timeline(team.patient).await;
    let patient = patient_of(&team).await;
    let nurse = |lines: &[AccessLine]| {
        let line = lines.iter().find(|line| line.what_ja == "記録・連絡を見た");
        line.unwrap().who.clone()
    };
    let who = nurse(&listed(&patient, team.patient).await);
    assert_eq!(
        (who.name, who.profession_ja.as_deref()),
        (None, Some("看護師"))
    );
    let settings = team.world.administrator.client.settings();
    let mut wanted = settings.find().await.unwrap();
    assert!(!wanted.show_names_to_patients);
    wanted.show_names_to_patients = true;
    settings.update(&wanted).await.unwrap();
    let who = nurse(&listed(&patient, team.patient).await);
    assert_eq!(who.name.as_deref(), Some("試験 nurse"));
    // Who knows nothing of the setting leaves it as it is.
    let body = json!({
        "password_composition": true, "password_rotation_days": null, "idle_minutes_personal": 30,
        "idle_minutes_shared": 15, "session_hours": 12, "registered_devices_only": false, "licence_required": false
    });
    let path = "/v1/settings";
    let answer = team
        .world
        .administrator
        .raw("PUT", path, &body.to_string())
        .await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert!(settings.find().await.unwrap().show_names_to_patients);
}

#[actix_web::test]
async fn au_12_the_family_sees_it_only_where_the_consent_has_a_word_for_them() {
    let team = Team::new().await;
    team.nurse.timeline(team.patient).await;
    let patient = patient_of(&team).await;
    let daughter = team.relative("hanako", RelationKind::Family).await;
    let list = |client: Client| async move {
        let query = ListAccesses::default();
        client.accesses().list(team.patient, &query).await
    };
    refused(list(daughter.clone()).await, 403, "forbidden");
    let mut consent = CreateConsent::on_paper(today());
    consent.separate = vec!["FM".to_owned()];
    let consents = team.care_manager.client.consents();
    consents.create(team.patient, &consent).await.unwrap();
    // Sealed, so that what can be proven does not change in between.
    seal(&team.world, network(&team.world, "kita").await).await;
    let of_daughter = list(daughter.clone()).await.unwrap().items;
    assert_eq!(of_daughter, list(patient.clone()).await.unwrap().items);
    // Their own looking is folded, and shown on request.
    let own = ListAccesses {
        own: true,
        ..Default::default()
    };
    let with_own = lines(&patient, team.patient, own).await;
    let kinds: BTreeSet<&str> = with_own.iter().map(|line| line.who.kind.as_str()).collect();
    assert!(
        kinds.is_superset(&BTreeSet::from(["self", "family", "staff"])),
        "{kinds:?}"
    );
    for line in with_own
        .iter()
        .filter(|line| line.who.kind != AccessActorKind::Staff)
    {
        assert_eq!(line.who.organization, None);
    }
    // Nobody else: colleagues, auditors and strangers have no business here.
    for (person, status, code) in [
        (&team.nurse, 403, "forbidden"),
        (&team.care_manager, 403, "forbidden"),
        (&team.outsider, 404, "not_found"),
        (&team.stranger, 404, "not_found"),
        (&team.auditor, 404, "not_found"),
        (&team.world.administrator, 404, "not_found"),
    ] {
        refused(list(person.client.clone()).await, status, code);
    }
    // Another patient's list is not theirs either.
    let other = register(
        &team.care_manager,
        new_patient("山田 太郎", "ヤマダ タロウ"),
    )
    .await;
    let query = ListAccesses::default();
    refused(
        patient.accesses().list(other.id, &query).await,
        404,
        "not_found",
    );
}

#[actix_web::test]
async fn au_12_what_a_law_withholds_is_missing_without_a_trace_and_comes_back() {
    let team = Team::new().await;
    team.nurse.timeline(team.patient).await;
    let patient = patient_of(&team).await;
    let mut consent = CreateConsent::on_paper(today());
    consent.separate = vec!["FM".to_owned()];
    let consents = team.care_manager.client.consents();
    consents.create(team.patient, &consent).await.unwrap();
    let daughter = team.relative("hanako", RelationKind::Family).await;
    let before = listed(&patient, team.patient).await;
    assert!(before.len() > 5);
    let withholding = |audience: WithholdingAudience| CreateWithholding {
        id: new_id(),
        patient_id: team.patient,
        from_on: today(),
        to_on: today(),
        audience,
        legal_basis: "刑事訴訟法第197条第2項に基づく照会のため".to_owned(),
        decided_by: "個人情報保護管理者 管理 花子".to_owned(),
        until_on: today(),
    };
    let withholdings = team.world.administrator.client.withholdings();
    // From the family only: the patient goes on seeing everything, that it was withheld too.
    let from_family = withholding(WithholdingAudience::Family);
    withholdings.create(&from_family).await.unwrap();
    assert_eq!(listed(&daughter, team.patient).await, []);
    let seen = listed(&patient, team.patient).await;
    assert_eq!(seen.len(), before.len() + 1);
    assert_eq!(seen[0].what_ja, "一覧の一部の開示の保留を登録した");
    // From everyone: nothing is left, not even that something was withheld, in no way of asking.
    let from_all = withholding(WithholdingAudience::Everyone);
    withholdings.create(&from_all).await.unwrap();
    for (own, routine) in [(false, false), (true, true)] {
        let query = ListAccesses {
            own,
            routine,
            ..Default::default()
        };
        let page = patient.accesses().list(team.patient, &query).await.unwrap();
        assert_eq!((page.items, page.next), (vec![], None));
    }
    let hidden = patient.accesses().proof(team.patient, before[0].id).await;
    refused(hidden, 404, "not_found");
    // Auditors see it.
    let of_auditor = team.auditor.client.withholdings();
    let kept = of_auditor.list(&Default::default()).await.unwrap().items;
    assert!(
        kept.iter()
            .all(|one| one.in_force && one.legal_basis.contains("第197条"))
    );
    assert_eq!(kept.len(), 2);
    // It ends by itself after its last day.
    let past = format!(
        "UPDATE withholdings SET until_on = until_on - 1 WHERE id = '{}'",
        from_all.id
    );
    team.world.db.admin.batch_execute(&past).await.unwrap();
    let seen: Vec<Uuid> = listed(&patient, team.patient)
        .await
        .iter()
        .map(|line| line.id)
        .collect();
    assert!(before.iter().all(|line| seen.contains(&line.id)));
    refused(
        withholdings.end(from_all.id).await,
        409,
        "withholding_ended",
    );
    // Or is ended.
    withholdings.end(from_family.id).await.unwrap();
    assert!(listed(&daughter, team.patient).await.len() > before.len());
}

#[actix_web::test]
async fn au_12_every_line_can_be_proven_without_showing_others() {
    let team = Team::new().await;
    let other = register(
        &team.care_manager,
        new_patient("山田 太郎", "ヤマダ タロウ"),
    )
    .await;
    let patient = patient_of(&team).await;
    // A list that names both.
    team.care_manager
        .client
        .patients()
        .list(&Default::default())
        .await
        .unwrap();
    let all = listed(&patient, team.patient).await;
    let list = all
        .iter()
        .find(|line| line.class == AccessClass::Listed)
        .unwrap();
    let signer = &team.world.app.signer;
    let kita = network(&team.world, "kita").await;
    let verifier = signer
        .verifier(&format!("localhost/access-log/{kita}/1"))
        .await
        .unwrap();
    // Just now: it is sealed for whoever asks.
    let proof = patient
        .accesses()
        .proof(team.patient, list.id)
        .await
        .unwrap();
    let shown = proven(&proof, &verifier);
    assert_eq!(shown.entries, BTreeSet::from([list.id]));
    assert_eq!(shown.patients, BTreeSet::from([team.patient.to_string()]));
    assert!(shown.others.is_empty());
    for secret in [other.id, team.care_manager.id, team.care_manager.account] {
        assert!(!String::from_utf8_lossy(&proof).contains(&secret.to_string()));
    }
    seal(&team.world, kita).await;
    let all = listed(&patient, team.patient).await;
    assert!(all.iter().all(|line| line.provable));
    let everything = ExportAccesses::default();
    let bundle = patient
        .accesses()
        .export(team.patient, &everything)
        .await
        .unwrap();
    let shown = proven(&bundle, &verifier);
    assert_eq!(shown.entries, all.iter().map(|line| line.id).collect());
    assert_eq!(shown.patients, BTreeSet::from([team.patient.to_string()]));
    assert!(shown.others.is_empty());
    // Where names are shown, it is proven who it was as well.
    let settings = team.world.administrator.client.settings();
    let mut wanted = settings.find().await.unwrap();
    wanted.show_names_to_patients = true;
    settings.update(&wanted).await.unwrap();
    let proof = patient
        .accesses()
        .proof(team.patient, list.id)
        .await
        .unwrap();
    assert_eq!(
        proven(&proof, &verifier).others,
        BTreeSet::from(["who".to_owned()])
    );
    assert!(String::from_utf8_lossy(&proof).contains(&team.care_manager.id.to_string()));
    // An entry about somebody else has no proof here.
    let sql = format!(
        "SELECT id FROM audit_events WHERE patient_id = '{}' AND action = 'patient.create'",
        other.id
    );
    let foreign: Uuid = team.world.db.one(&sql).await;
    refused(
        patient.accesses().proof(team.patient, foreign).await,
        404,
        "not_found",
    );
    refused(
        patient.accesses().proof(team.patient, new_id()).await,
        404,
        "not_found",
    );
}

#[actix_web::test]
async fn au_12_a_bundle_of_many_pieces_is_whole() {
    let team = Team::new().await;
    let patient = patient_of(&team).await;
    for _ in 0..450 {
        team.nurse
            .client
            .patients()
            .find(team.patient)
            .await
            .unwrap();
    }
    let kita = network(&team.world, "kita").await;
    seal(&team.world, kita).await;
    let all = listed(&patient, team.patient).await;
    assert!(all.len() > 450);
    let everything = ExportAccesses::default();
    let bundle = patient
        .accesses()
        .export(team.patient, &everything)
        .await
        .unwrap();
    let signer = &team.world.app.signer;
    let verifier = signer
        .verifier(&format!("localhost/access-log/{kita}/1"))
        .await
        .unwrap();
    let shown = proven(&bundle, &verifier);
    assert_eq!(shown.entries, all.iter().map(|line| line.id).collect());
    // Every piece is an entry of its own.
    let sql =
        "SELECT array_agg(count ORDER BY at) FROM audit_events WHERE action = 'accesses.export'";
    let pieces: Vec<i32> = team.world.db.one(sql).await;
    assert!(pieces.len() == 3 && pieces[0] == 200, "{pieces:?}");
}

/// Fed by the router: an operation that is new leaves an action that nobody has put into words, and fails here.
#[actix_web::test]
async fn au_12_every_action_of_the_interface_has_words_for_the_patient() {
    let team = Team::new().await;
    let things = Things::of(&team).await;
    for person in [
        &team.world.administrator,
        &team.auditor,
        &team.care_manager,
        &team.nurse,
        &team.outsider,
    ] {
        // In other sessions, because some calls end them.
        let client = person.again().await;
        for call in calls::all(&team, &things) {
            drop(calls::make(&client, &call).await);
        }
    }
    let sql = "
        SELECT action, bool_or(patient_id IS NOT NULL OR EXISTS (
            SELECT FROM audit_event_patients n WHERE n.event_id = e.id)) FROM audit_events e GROUP BY 1";
    let rows = team.world.db.admin.query(sql, &[]).await.unwrap();
    let found: BTreeMap<String, bool> = rows.iter().map(|row| (row.get(0), row.get(1))).collect();
    assert!(found.len() > 90, "{} actions", found.len());
    let mut wrong = Vec::new();
    for (action, about_a_patient) in found {
        match concern(&action) {
            None => wrong.push(format!("{action} is not in words.txt")),
            Some(Concern::Nobody) if about_a_patient => {
                wrong.push(format!("{action} concerns a patient"));
            }
            Some(_) => {}
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The same for what no call of these tests brings about: every action that stands in the code.
#[test]
fn au_12_every_action_that_the_server_can_record_has_words_for_the_patient() {
    let mut files = Vec::new();
    sources(
        std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../server/src")),
        &mut files,
    );
    let starts = [
        "Entry::new(\"",
        "ACTION: &'static str = \"",
        "Denial::hidden(\"",
    ];
    let (mut seen, mut wrong) = (BTreeSet::new(), BTreeSet::new());
    for file in files {
        for start in starts {
            for rest in file.split(start).skip(1) {
                let action = rest.split('"').next().unwrap();
                seen.insert(action.to_owned());
                if action.contains('.') && concern(action).is_none() {
                    wrong.insert(action.to_owned());
                }
            }
        }
    }
    assert!(seen.len() > 120, "{} actions", seen.len());
    assert!(wrong.is_empty(), "not in words.txt: {wrong:?}");
}

fn sources(folder: &std::path::Path, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|end| end == "rs") {
            found.push(std::fs::read_to_string(path).unwrap());
        }
    }
}
