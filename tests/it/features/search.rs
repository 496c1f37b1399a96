//! Looking for words: what is found, in which forms, and that it is exactly what could be opened one by one.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use proptest::{
    prelude::*,
    strategy::ValueTree,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use tsumugi_client::{
    Client,
    models::{
        AmendPost, Channel, CreateConsent, CreateMessage, CreatePost, CreateRoom, CreateRoomMember,
        EndCareTeamMember, Found, FoundSource, InformationKind, RelationKind, RetractPost,
        RoomHistory, RoomKind, SearchWords, Sensitivity, TeamMember, VitalSigns, WithdrawConsent,
    },
};
use tsumugi_server::worker;
use uuid::Uuid;

use super::attachments;
use crate::support::{
    Person, Team, bad_files,
    log::network,
    refused,
    team::{join, new_patient, register, today},
};

const SUMMARY: &str = include_str!("../../fixtures/fhir/discharge-summary-01.json");

async fn search(client: &Client, words: &SearchWords) -> Vec<Found> {
    client.search().run(words).await.unwrap().items
}

async fn ids(client: &Client, words: &str) -> Vec<Uuid> {
    let found = search(client, &SearchWords::of(words)).await;
    found.iter().map(|found| found.id).collect()
}

/// Everything that is found, page by page; each page but the last is full.
async fn all(client: &Client, words: &str, limit: u32) -> Vec<Uuid> {
    let mut asked = SearchWords::of(words);
    asked.limit = Some(limit);
    let mut found = Vec::new();
    loop {
        let page = client.search().run(&asked).await.unwrap();
        found.extend(page.items.iter().map(|found| found.id));
        match page.next {
            Some(next) => {
                assert_eq!(page.items.len(), limit as usize);
                asked.cursor = Some(next);
            }
            None => return found,
        }
    }
}

#[actix_web::test]
async fn a_word_is_found_in_every_form_in_which_it_is_written() {
    let team = Team::new().await;
    let note = async |text: &str| team.nurse.notes(team.patient, text).await.id;
    let sore = note("仙骨部に床ずれ。ﾍﾙﾊﾟｰさんへ申し送り").await;
    let fever = note("昨夜より熱発、ＳｐＯ２ 94%。痰が多い").await;
    let name = note("髙﨑様のご家族より電話。渡邉先生に報告").await;
    let client = &team.physician.client;
    for words in [
        "褥瘡",
        "じょくそう",
        "ジョクソウ",
        "床ずれ",
        "ヘルパー",
        "へるぱ",
        "床ずれ 申し送り",
        "「床ずれ。ヘルパー」",
    ] {
        assert_eq!(ids(client, words).await, [sore], "{words}");
    }
    for words in [
        "発熱",
        "熱発",
        "spo2",
        "SpO2 94",
        "酸素飽和度",
        "痰",
        "発熱　痰",
    ] {
        assert_eq!(ids(client, words).await, [fever], "{words}");
    }
    for words in ["高崎", "髙崎", "渡辺", "渡邊 電話"] {
        assert_eq!(ids(client, words).await, [name], "{words}");
    }
    assert!(ids(client, "床ずれ 発熱").await.is_empty());
    assert!(ids(client, "転落").await.is_empty());
    let found = search(client, &SearchWords::of("褥瘡 ヘルパー"))
        .await
        .remove(0);
    let passage = &found.passages[0];
    let shown: Vec<char> = passage.text.chars().collect();
    let marked: Vec<String> = passage
        .marks
        .iter()
        .map(|mark| shown[mark.from..mark.to].iter().collect())
        .collect();
    assert_eq!(marked, ["床ずれ", "ﾍﾙﾊﾟ"]);
    assert_eq!(found.patient_name.as_deref(), Some("出雲 和子"));
    assert_eq!(
        (found.patient_id, found.post_id),
        (Some(team.patient), Some(sore))
    );
    assert_eq!(found.facility_name, "北訪問看護ステーション");
    for (words, code) in [
        ("", "required"),
        ("あ", "too_short"),
        ("発熱 x", "too_short"),
        ("。、", "not_allowed"),
    ] {
        let answer = team
            .nurse
            .raw(
                "POST",
                "/v1/search",
                &serde_json::json!({ "words": words }).to_string(),
            )
            .await;
        let body = String::from_utf8_lossy(&answer.body).into_owned();
        assert!(
            answer.status == 422 && body.contains(code),
            "{words}: {body}"
        );
    }
}

#[actix_web::test]
async fn what_is_found_is_the_newest_version_and_nothing_that_was_taken_back() {
    let team = Team::new().await;
    let post = team.nurse.notes(team.patient, "血圧が高め").await;
    let client = &team.nurse.client;
    let amended = AmendPost {
        body: Some("血糖が高め".into()),
        vitals: None,
        attachment_ids: None,
        reason: "書き間違い".into(),
    };
    let post = client
        .timeline()
        .amend_post(post.id, post.version, &amended)
        .await
        .unwrap();
    assert!(ids(client, "血圧").await.is_empty());
    assert_eq!(ids(client, "血糖値").await, [post.id]);
    let reason = "別の方の記録".to_owned();
    client
        .timeline()
        .retract_post(post.id, post.version, &RetractPost { reason })
        .await
        .unwrap();
    assert!(ids(client, "高め").await.is_empty());
}

#[actix_web::test]
async fn documents_are_found_by_what_their_sections_say_and_by_nobody_who_may_not_read_them() {
    let team = Team::new().await;
    team.hospital.bundles().receive(SUMMARY).await.unwrap();
    let found = search(&team.physician.client, &SearchWords::of("退院時サマリー"))
        .await
        .remove(0);
    assert_eq!(
        (found.kind.as_str(), found.title.as_str()),
        ("document", "退院時サマリー")
    );
    assert_eq!(found.title_marks.len(), 1);
    assert_eq!(ids(&team.physician.client, "現病歴").await, [found.id]);
    // A home helper does not read discharge summaries.
    assert!(ids(&team.helper.client, "退院時サマリー").await.is_empty());
}

#[actix_web::test]
async fn files_are_found_by_their_names_and_by_the_words_in_them_by_whoever_reads_the_post() {
    let team = Team::new().await;
    let pdf = bad_files::pdf("Warfarin dosage plan");
    let file = attachments::send(&team.nurse, team.patient, "訪問看護計画書.pdf", pdf).await;
    let timeline = team.nurse.client.timeline();
    let new = CreatePost::note(Channel::Medical, "計画書です").showing(vec![file.id]);
    timeline.create_post(team.patient, &new).await.unwrap();
    let words = async || {
        let found = search(&team.physician.client, &SearchWords::of("warfarin")).await;
        found.into_iter().next()
    };
    // The words in it are known when it has been checked.
    let found = team.world.eventually(words).await;
    assert_eq!((found.source, found.id), (FoundSource::Attachment, file.id));
    assert_eq!(found.title, "訪問看護計画書.pdf");
    assert_eq!(found.post_id, Some(new.id));
    assert_eq!(ids(&team.physician.client, "看護計画").await, [file.id]);
    // The post is for medical professions only, and so is what it shows.
    assert!(ids(&team.helper.client, "看護計画").await.is_empty());
    // What is shown no more is not found any more.
    let amend = AmendPost {
        body: Some("計画書は後で送ります".to_owned()),
        vitals: None,
        attachment_ids: Some(Vec::new()),
        reason: "別の方の計画書".to_owned(),
    };
    timeline.amend_post(new.id, 1, &amend).await.unwrap();
    assert!(ids(&team.physician.client, "看護計画").await.is_empty());
    assert!(ids(&team.physician.client, "warfarin").await.is_empty());
}

#[actix_web::test]
async fn what_is_said_in_rooms_is_found_by_whoever_reads_it_there() {
    let team = Team::new().await;
    let rooms = team.nurse.client.rooms();
    let mut new = CreateRoom::new(RoomKind::Free, "嚥下の勉強会").with([team.physician.id]);
    new.history = RoomHistory::FromJoining;
    let room = rooms.create(&new).await.unwrap().room.id;
    let messages = team.nurse.client.messages();
    let new = CreateMessage::new("とろみ剤の変更を検討します");
    let said = messages.create(room, &new).await.unwrap();
    let found = search(&team.physician.client, &SearchWords::of("とろみ")).await;
    let [found] = &found[..] else {
        panic!("{found:?}");
    };
    assert_eq!(
        (found.source.clone(), found.id),
        (FoundSource::Message, said.id)
    );
    assert_eq!(
        (found.room_id, found.room_name.as_deref()),
        (Some(room), Some("嚥下の勉強会"))
    );
    assert_eq!(found.patient_id, None);
    // Whoever is not in the room finds nothing, and whoever joins finds what is said from then on.
    assert!(ids(&team.helper.client, "とろみ").await.is_empty());
    let joins = CreateRoomMember::new(team.helper.id);
    rooms.add(room, &joins).await.unwrap();
    assert!(ids(&team.helper.client, "とろみ").await.is_empty());
    let new = CreateMessage::new("とろみ剤は中間のとろみにします");
    let later = messages.create(room, &new).await.unwrap();
    assert_eq!(ids(&team.helper.client, "とろみ").await, [later.id]);
    assert_eq!(
        ids(&team.physician.client, "とろみ").await,
        [later.id, said.id]
    );
    // A search within one patient is about that patient.
    let mut of_patient = SearchWords::of("とろみ");
    of_patient.patient_id = Some(team.patient);
    assert!(search(&team.physician.client, &of_patient).await.is_empty());
    messages
        .retract(later.id, later.version, None)
        .await
        .unwrap();
    assert_eq!(ids(&team.physician.client, "とろみ").await, [said.id]);
    let after = [team.nurse.id, team.physician.id];
    rooms.assign(room, &after).await.unwrap();
    rooms.leave(room).await.unwrap();
    assert!(ids(&team.nurse.client, "とろみ").await.is_empty());
}

#[actix_web::test]
async fn filters_narrow_what_is_found() {
    let team = Team::new().await;
    let other = register(
        &team.care_manager,
        new_patient("松江 太郎", "マツエ タロウ"),
    )
    .await
    .id;
    join(&team.care_manager, other, team.nurse.id).await;
    let first = team.nurse.notes(team.patient, "転倒あり").await;
    let second = team.helper.notes(team.patient, "転んだとのこと").await;
    let third = team.nurse.notes(other, "転倒なし").await;
    let find = async |adjust: &dyn Fn(&mut SearchWords)| {
        let mut words = SearchWords::of("転倒");
        adjust(&mut words);
        let found = search(&team.nurse.client, &words).await;
        found.iter().map(|found| found.id).collect::<Vec<_>>()
    };
    assert_eq!(find(&|_| ()).await, [third.id, second.id, first.id]);
    assert_eq!(
        find(&|words| words.patient_id = Some(team.patient)).await,
        [second.id, first.id]
    );
    assert_eq!(
        find(&|words| words.author_id = Some(team.helper.id)).await,
        [second.id]
    );
    assert_eq!(
        find(&|words| words.to = Some(first.recorded_at)).await,
        [first.id]
    );
    assert_eq!(
        find(&|words| words.from = Some(third.recorded_at)).await,
        [third.id]
    );
    assert!(
        find(&|words| words.kinds = Some(vec!["vitals".into()]))
            .await
            .is_empty()
    );
    assert_eq!(
        find(&|words| words.kinds = Some(vec!["note".into()]))
            .await
            .len(),
        3
    );
    // Nobody else's patient, and nobody's at all, are the same.
    assert!(
        find(&|words| words.patient_id = Some(Uuid::nil()))
            .await
            .is_empty()
    );
    assert_eq!(
        all(&team.nurse.client, "転倒", 1).await,
        [third.id, second.id, first.id]
    );
    assert_eq!(all(&team.nurse.client, "転倒", 2).await.len(), 3);
}

#[actix_web::test]
async fn the_log_names_the_patients_that_were_shown_and_holds_no_word_of_what_was_looked_for() {
    let team = Team::new().await;
    team.nurse.notes(team.patient, "CANARY転倒").await;
    assert_eq!(ids(&team.physician.client, "CANARY転倒").await.len(), 1);
    assert!(ids(&team.outsider.client, "CANARY転倒").await.is_empty());
    let db = &team.world.db;
    let of = |person: &Person| {
        format!(
            "FROM audit_events e WHERE action = 'search.run' AND staff_member_id = '{}'",
            person.id
        )
    };
    let named = |person: &Person| {
        format!(
            "SELECT count(*) FROM audit_event_patients WHERE event_id IN (SELECT id {})",
            of(person)
        )
    };
    assert_eq!(db.one::<i64>(&named(&team.physician)).await, 1);
    assert_eq!(db.one::<i64>(&named(&team.outsider)).await, 0);
    for person in [&team.physician, &team.outsider] {
        let digests = format!(
            "SELECT count(*) {} AND query_digest IS NOT NULL",
            of(person)
        );
        assert_eq!(db.one::<i64>(&digests).await, 1);
        let words = format!(
            "SELECT count(*) {} AND e::text ILIKE '%canary%'",
            of(person)
        );
        assert_eq!(db.one::<i64>(&words).await, 0);
    }
    let provided = "SELECT count(*) FROM provisions WHERE kind IN ('note', 'basic') AND recipient_facility_id = (
        SELECT facility_id FROM staff_members WHERE id = '%')".replace('%', &team.physician.id.to_string());
    assert_eq!(db.one::<i64>(&provided).await, 2);
    refused(
        team.auditor
            .client
            .search()
            .run(&SearchWords::of("転倒"))
            .await,
        403,
        "forbidden",
    );
}

#[actix_web::test]
async fn what_was_written_before_is_caught_up_with() {
    let team = Team::new().await;
    let kept = team.nurse.notes(team.patient, "発熱あり").await;
    let gone = team.nurse.notes(team.patient, "発熱なし").await;
    let reason = "別の方の記録".to_owned();
    let timeline = team.nurse.client.timeline();
    timeline
        .retract_post(gone.id, gone.version, &RetractPost { reason })
        .await
        .unwrap();
    let network = network(&team.world, "kita").await;
    let before = "SELECT string_agg(e::text, '/' ORDER BY id) FROM search_entries e";
    let before: String = team.world.db.one(before).await;
    let admin = &team.world.db.admin;
    admin
        .batch_execute("DELETE FROM search_entries; DELETE FROM search_progress")
        .await
        .unwrap();
    assert!(ids(&team.nurse.client, "発熱").await.is_empty());
    worker::catch_up(&team.world.app, network).await.unwrap();
    let after: String = team
        .world
        .db
        .one("SELECT string_agg(e::text, '/' ORDER BY id) FROM search_entries e")
        .await;
    assert_eq!(before, after);
    assert_eq!(ids(&team.nurse.client, "発熱").await, [kept.id]);
}

/// A post somebody wrote, with whether it was taken back.
struct Written {
    id: Uuid,
    retracted: bool,
}

/// What each person finds, page by page, is what that person could open one by one.
async fn finds_what_opens(people: &[(&str, Client)], posts: &[Written], state: &str) -> usize {
    let mut readable = 0;
    for (who, client) in people {
        let mut opened = BTreeSet::new();
        for post in posts.iter().filter(|post| !post.retracted) {
            if client.timeline().find_post(post.id).await.is_ok() {
                opened.insert(post.id);
            }
        }
        let found = all(client, "巡回", 3).await;
        let distinct: BTreeSet<Uuid> = found.iter().copied().collect();
        assert_eq!(distinct.len(), found.len(), "{who} {state}");
        assert_eq!(distinct, opened, "{who} {state}");
        readable += opened.len();
    }
    readable
}

/// Puts a consent in the place of all that stand.
async fn consent_to(team: &Team, consent: CreateConsent) {
    withdraw_all(team).await;
    let consents = team.nurse.client.consents();
    consents.create(team.patient, &consent).await.unwrap();
}

async fn withdraw_all(team: &Team) {
    let consents = team.care_manager.client.consents();
    let standing = consents.list(team.patient).await.unwrap().items;
    for consent in standing.iter().filter(|consent| consent.standing) {
        let reason = "本人の申し出".to_owned();
        let withdrawal = WithdrawConsent { reason };
        consents.withdraw(consent.id, &withdrawal).await.unwrap();
    }
}

/// The patient, somebody else whom nurse and helper know, and somebody whom only the outsider knows.
async fn patients_of(team: &Team) -> [Uuid; 3] {
    let other = register(
        &team.care_manager,
        new_patient("松江 太郎", "マツエ タロウ"),
    )
    .await
    .id;
    for member in [&team.nurse, &team.helper] {
        join(&team.care_manager, other, member.id).await;
    }
    let third = register(&team.outsider, new_patient("浜田 次郎", "ハマダ ジロウ"))
        .await
        .id;
    [team.patient, other, third]
}

fn everybody(team: &Team) -> Vec<(&'static str, Client)> {
    [
        ("physician", &team.physician),
        ("nurse", &team.nurse),
        ("care manager", &team.care_manager),
        ("helper", &team.helper),
        ("hospital nurse", &team.hospital_nurse),
        ("outsider", &team.outsider),
    ]
    .map(|(who, person)| (who, person.client.clone()))
    .to_vec()
}

#[actix_web::test]
async fn az_05_a_search_finds_exactly_what_could_be_opened_one_by_one() {
    let team = Team::new().await;
    let family = team.relative("izumo.hanako", RelationKind::Family).await;
    let [_, other, third] = patients_of(&team).await;
    let mut posts = write_at_random(&team, &[team.patient, other]).await;
    let id = team.outsider.notes(third, "巡回 9").await.id;
    posts.push(Written {
        id,
        retracted: false,
    });
    let pulse = VitalSigns {
        pulse: Some(72.0),
        ..VitalSigns::default()
    };
    let mut measured = CreatePost::vitals(Channel::Team, pulse);
    measured.body = Some("巡回 脈拍".into());
    let timeline = team.nurse.client.timeline();
    let id = timeline
        .create_post(team.patient, &measured)
        .await
        .unwrap()
        .id;
    posts.push(Written {
        id,
        retracted: false,
    });
    let mut people = everybody(&team);
    people.push(("family", family));
    assert!(finds_what_opens(&people, &posts, "at first").await > 20);
    let day = today();
    let named = CreateConsent::on_paper(day).naming([Sensitivity::Psychiatry]);
    consent_to(&team, named.including(["FM".to_owned()])).await;
    finds_what_opens(&people, &posts, "with a named subject and the family").await;
    consent_to(
        &team,
        CreateConsent::on_paper(day).for_kinds([InformationKind::Vitals]),
    )
    .await;
    finds_what_opens(&people, &posts, "for vital signs only").await;
    // Somebody may read it who may not know who the patient is.
    let nameless = search(&team.physician.client, &SearchWords::of("巡回")).await;
    assert!(!nameless.is_empty() && nameless.iter().all(|found| found.patient_name.is_none()));
    consent_to(
        &team,
        CreateConsent::on_paper(day).for_groups(["DR".to_owned()]),
    )
    .await;
    finds_what_opens(&people, &posts, "for physicians").await;
    withdraw_all(&team).await;
    finds_what_opens(&people, &posts, "after withdrawal").await;
}

#[actix_web::test]
async fn az_05_whoever_left_the_care_team_finds_nothing_of_it() {
    let team = Team::new().await;
    let [_, other, _] = patients_of(&team).await;
    let posts = write_at_random(&team, &[team.patient, other]).await;
    let members = team.care_manager.client.care_team();
    let team_of_other = members.list(other).await.unwrap().items;
    let of_nurse = |member: &&TeamMember| member.staff_member.id == team.nurse.id;
    let membership = team_of_other.iter().find(of_nurse).unwrap().id;
    let end = EndCareTeamMember { ends_on: today() };
    members.end(membership, &end).await.unwrap();
    team.world.app.clock.advance(TimeDelta::days(1));
    let people = [
        ("nurse", team.nurse.again().await),
        ("helper", team.helper.again().await),
    ];
    finds_what_opens(&people, &posts, "after the nurse left").await;
    let found = search(&people[0].1, &SearchWords::of("巡回")).await;
    assert!(
        found
            .iter()
            .all(|found| found.patient_id == Some(team.patient))
    );
    let found = search(&people[1].1, &SearchWords::of("巡回")).await;
    assert!(found.iter().any(|found| found.patient_id == Some(other)));
}

/// Posts of several people on every channel; some are amended, some taken back.
async fn write_at_random(team: &Team, patients: &[Uuid]) -> Vec<Written> {
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let mut draw = |most: usize| (0..most).new_tree(&mut runner).unwrap().current();
    let authors = [
        &team.nurse,
        &team.physician,
        &team.helper,
        &team.hospital_nurse,
        &team.care_manager,
    ];
    let mut posts = Vec::new();
    for number in 0..40 {
        let author = authors[draw(authors.len())];
        let text = format!("巡回 {number}");
        let new = match draw(6) {
            0 => CreatePost::note(Channel::Medical, text),
            1 => CreatePost::note(Channel::Family, text),
            2 => CreatePost::sensitive(
                [Sensitivity::Psychiatry, Sensitivity::Hiv][draw(2)].clone(),
                text,
            ),
            3 => {
                let signs = VitalSigns {
                    pulse: Some(72.0),
                    ..VitalSigns::default()
                };
                let mut new = CreatePost::vitals(Channel::Team, signs);
                new.body = Some(text);
                new
            }
            _ => CreatePost::note(Channel::Team, text),
        };
        let timeline = author.client.timeline();
        // Not everybody may write everything everywhere.
        let Ok(post) = timeline
            .create_post(patients[draw(patients.len())], &new)
            .await
        else {
            continue;
        };
        let fate = draw(6);
        if fate == 0 {
            let reason = "別の方の記録".to_owned();
            timeline
                .retract_post(post.id, post.version, &RetractPost { reason })
                .await
                .unwrap();
        } else if fate == 1 && new.vitals.is_none() {
            let amended = AmendPost {
                body: Some(format!("巡回 {number} 追記")),
                vitals: None,
                attachment_ids: None,
                reason: "追記".into(),
            };
            timeline
                .amend_post(post.id, post.version, &amended)
                .await
                .unwrap();
        }
        posts.push(Written {
            id: post.id,
            retracted: fate == 0,
        });
    }
    posts
}
