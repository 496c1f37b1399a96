//! Telling people who have not opened the app: push, mail, settings; and the numbers that every device shows.

use chrono::TimeDelta;
use futures_util::StreamExt;
use std::{
    sync::Arc,
    sync::atomic::{AtomicU16, Ordering},
    time::Duration,
};
use tsumugi_client::{
    models::{
        AskAcknowledgement, Audience, Channel, CreateAnnouncement, CreateMessage, CreatePost,
        CreatePushSubscription, CreateRoom, EventKind, MailChoice, NoticeChoice, NoticeKind, Post,
        QuietHours, RoomKind, UpdateNoticeSettings, UpdateReadMark, WaitingNotice,
    },
    new_id,
};
use tsumugi_server::spine::outward::Reach;

use crate::support::{
    Person, Team, refused,
    stub::{Said, Stub},
};

const KEY: &str =
    "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
const SECRET: &str = "BTBZMqHH6r4Tts7J_aSIgg";

fn browser(endpoint: String) -> CreatePushSubscription {
    CreatePushSubscription {
        id: new_id(),
        endpoint,
        p256dh: KEY.to_owned(),
        auth: SECRET.to_owned(),
    }
}

fn choices(push: bool, mail: &MailChoice) -> UpdateNoticeSettings {
    let kinds = [NoticeKind::Acknowledgement, NoticeKind::UrgentPost];
    UpdateNoticeSettings {
        kinds: kinds
            .into_iter()
            .map(|kind| NoticeChoice {
                kind,
                push,
                mail: mail.clone(),
            })
            .collect(),
        quiet_hours: None,
        digest_at: "07:30".to_owned(),
    }
}

async fn asking(team: &Team, of: &Person) -> Post {
    let ask = AskAcknowledgement {
        staff_member_ids: vec![of.id],
        ..AskAcknowledgement::default()
    };
    let note = CreatePost::note(Channel::Team, "血圧が下がっています").asking_for(ask);
    let timeline = team.nurse.client.timeline();
    timeline.create_post(team.patient, &note).await.unwrap()
}

#[actix_web::test]
async fn a_push_goes_to_each_browser_until_it_is_gone() {
    let team = Team::with(|config| config.witnessing.reach = Reach::Loopback).await;
    let status = Arc::new(AtomicU16::new(201));
    let said = Arc::clone(&status);
    let service = Stub::start(move |_| Said::new(said.load(Ordering::Relaxed), "text/plain", ""));
    let notices = team.helper.client.notices();
    let new = browser(format!("{}/push/abc?token=1", service.url()));
    for _ in 0..2 {
        assert_eq!(notices.subscribe(&new).await.unwrap().id, new.id);
    }
    assert_eq!(
        notices.settings().await.unwrap().push_subscription_ids,
        [new.id]
    );
    asking(&team, &team.helper).await;
    let pushes = async |count: usize| {
        team.world.run_jobs().await;
        let enough = async || (service.asked().len() >= count).then_some(());
        team.world.eventually(enough).await;
        service.asked()
    };
    let asked = pushes(1).await;
    let header = |name: &str| asked[0].headers.get(name).cloned().unwrap_or_default();
    assert_eq!(
        (asked.len(), asked[0].path.as_str()),
        (1, "/push/abc?token=1")
    );
    assert_eq!(header("content-encoding"), "aes128gcm");
    assert!(header("authorization").starts_with("vapid t=ey"));
    assert!(!asked[0].body.contains("出雲") && !asked[0].body.contains("血圧"));
    team.world.run_jobs().await;
    assert_eq!(service.asked().len(), 1, "nobody is told twice");
    // The browser has gone: it is forgotten.
    status.store(410, Ordering::Relaxed);
    asking(&team, &team.helper).await;
    pushes(2).await;
    let gone = async || {
        let left = notices.settings().await.unwrap().push_subscription_ids;
        left.is_empty().then_some(())
    };
    team.world.eventually(gone).await;
    asking(&team, &team.helper).await;
    team.world.run_jobs().await;
    assert_eq!(service.asked().len(), 2);
}

#[actix_web::test]
async fn what_was_done_meanwhile_is_not_told_and_nobody_is_woken() {
    let team = Team::with(|config| config.witnessing.reach = Reach::Loopback).await;
    let service = Stub::start(|_| Said::new(201, "text/plain", ""));
    let notices = team.helper.client.notices();
    notices
        .subscribe(&browser(format!("{}/push", service.url())))
        .await
        .unwrap();
    let clock = |hours: i64| {
        let at = team.world.app.clock.now() + TimeDelta::hours(9 + hours);
        at.format("%H:%M").to_string()
    };
    let settings = UpdateNoticeSettings {
        quiet_hours: Some(QuietHours {
            from: clock(-1),
            to: clock(2),
        }),
        ..choices(true, &MailChoice::None)
    };
    notices.update_settings(&settings).await.unwrap();
    let post = asking(&team, &team.helper).await;
    let waits = asking(&team, &team.helper).await;
    team.world.run_jobs().await;
    assert!(service.asked().is_empty());
    team.helper
        .client
        .timeline()
        .acknowledge_post(post.id)
        .await
        .unwrap();
    let urgent = CreatePost::of_kind("urgent".into(), Channel::Team, "呼吸が苦しそうです");
    team.nurse
        .client
        .timeline()
        .create_post(team.patient, &urgent)
        .await
        .unwrap();
    team.world.run_jobs().await;
    let told = async || (service.asked().len() == 1).then_some(());
    team.world.eventually(told).await;
    team.world.app.clock.advance(TimeDelta::hours(3));
    team.world.run_jobs().await;
    let told = async || (service.asked().len() == 2).then_some(());
    team.world.eventually(told).await;
    let helper = team.helper.again().await;
    helper.timeline().acknowledge_post(waits.id).await.unwrap();
}

#[actix_web::test]
async fn addresses_of_browsers_lead_to_the_internet() {
    let team = Team::new().await;
    let notices = team.helper.client.notices();
    for bad in [
        "http://push.example.jp/a",
        "https://127.0.0.1/a",
        "https://10.0.0.1/a",
        "https://169.254.169.254/latest/meta-data",
        "https://[::1]/a",
        "https://user@push.example.jp/a",
        "file:///etc/passwd",
        "",
    ] {
        refused(
            notices.subscribe(&browser(bad.to_owned())).await,
            422,
            "invalid_input",
        );
    }
    let good = "https://push.example.jp/a?token=b".to_owned();
    let short = CreatePushSubscription {
        auth: "AAAA".to_owned(),
        ..browser(good.clone())
    };
    refused(notices.subscribe(&short).await, 422, "invalid_input");
    let kept = notices.subscribe(&browser(good)).await.unwrap();
    refused(
        team.nurse.client.notices().unsubscribe(kept.id).await,
        404,
        "not_found",
    );
    notices.unsubscribe(kept.id).await.unwrap();
    refused(notices.unsubscribe(kept.id).await, 404, "not_found");
    // Neither address nor keys lie open in the database.
    notices
        .subscribe(&browser("https://push.example.jp/geheim".to_owned()))
        .await
        .unwrap();
    let sql =
        "SELECT count(*) FROM push_subscriptions WHERE position('geheim'::bytea IN sealed) > 0";
    assert_eq!(team.world.db.one::<i64>(sql).await, 0);
}

#[actix_web::test]
async fn mail_says_how_much_waits_and_nothing_of_the_patient() {
    let team = Team::new().await;
    let notices = team.helper.client.notices();
    let settings = notices.settings().await.unwrap();
    assert!(settings.has_mail_address && settings.kinds.len() == 11);
    notices
        .update_settings(&choices(false, &MailChoice::AtOnce))
        .await
        .unwrap();
    asking(&team, &team.helper).await;
    team.world.run_jobs().await;
    let sql = "SELECT count(*) FROM mails WHERE recipient = 'helper@kita.example' AND subject LIKE 'つむぎ お知らせ%'";
    assert_eq!(team.world.db.one::<i64>(sql).await, 1);
    let sql = "SELECT body FROM mails WHERE recipient = 'helper@kita.example' AND subject LIKE 'つむぎ お知らせ%'";
    let body: String = team.world.db.one(sql).await;
    assert!(
        body.contains("確認の依頼 1件") && body.contains("http://localhost/work"),
        "{body}"
    );
    for secret in ["出雲", "和子", "血圧", &team.patient.to_string()] {
        assert!(!body.contains(secret), "{body}");
    }
    // Together once a day.
    notices
        .update_settings(&choices(false, &MailChoice::Digest))
        .await
        .unwrap();
    asking(&team, &team.helper).await;
    asking(&team, &team.helper).await;
    team.world.run_jobs().await;
    let count = "SELECT count(*) FROM mails WHERE recipient = 'helper@kita.example' AND subject LIKE 'つむぎ お知らせ%'";
    assert_eq!(team.world.db.one::<i64>(count).await, 1);
    team.world.app.clock.advance(TimeDelta::hours(24));
    team.world.run_jobs().await;
    let told = async || (team.world.db.one::<i64>(count).await == 2).then_some(());
    team.world.eventually(told).await;
}

#[actix_web::test]
async fn settings_that_make_no_sense_are_refused() {
    let team = Team::new().await;
    let notices = team.helper.client.notices();
    let with = |from: &str, to: &str, digest_at: &str| UpdateNoticeSettings {
        kinds: Vec::new(),
        quiet_hours: Some(QuietHours {
            from: from.to_owned(),
            to: to.to_owned(),
        }),
        digest_at: digest_at.to_owned(),
    };
    for bad in [
        with("21:00", "21:00", "07:30"),
        with("9:00", "21:00", "07:30"),
        with("21:00", "24:00", "07:30"),
        with("21:00", "07:00", "24:00"),
        with("21:00", "07:00", "朝"),
    ] {
        refused(notices.update_settings(&bad).await, 422, "invalid_input");
    }
}

#[actix_web::test]
async fn open_pages_are_told_that_work_has_changed() {
    let team = Team::new().await;
    let mut stream = team.helper.client.events().stream(None).await.unwrap();
    let mut next = async |kind: EventKind| loop {
        let event = tokio::time::timeout(Duration::from_secs(20), stream.next()).await;
        let event = event.unwrap().unwrap().unwrap();
        if event.kind == kind {
            break event;
        }
    };
    let post = asking(&team, &team.helper).await;
    assert_eq!(next(EventKind::WorkChanged).await.patient_id, None);
    let mark = UpdateReadMark { post_id: post.id };
    team.helper
        .client
        .timeline()
        .update_read_mark(team.patient, &mark)
        .await
        .unwrap();
    assert_eq!(
        next(EventKind::ReadMarkMoved).await.patient_id,
        Some(team.patient)
    );
}

async fn waiting(person: &Person) -> Vec<WaitingNotice> {
    person.client.work().find().await.unwrap().notices
}

fn kinds(notices: &[WaitingNotice]) -> Vec<NoticeKind> {
    notices.iter().map(|notice| notice.kind.clone()).collect()
}

#[actix_web::test]
async fn people_of_a_room_are_told_once_of_what_concerns_them_most() {
    let team = Team::new().await;
    let with = [team.physician.id, team.helper.id, team.outsider.id];
    let new = CreateRoom::new(RoomKind::Free, "勉強会").with(with);
    let room = team
        .nurse
        .client
        .rooms()
        .create(&new)
        .await
        .unwrap()
        .room
        .id;
    let new = CreateMessage::new("CANARY 金曜に集まります")
        .mentioning([team.helper.id, team.physician.id])
        .asking([team.physician.id], None);
    let messages = team.nurse.client.messages();
    let message = messages.create(room, &new).await.unwrap();
    let told = [
        (&team.physician, NoticeKind::Acknowledgement),
        (&team.helper, NoticeKind::Mention),
        (&team.outsider, NoticeKind::Message),
    ];
    for (person, kind) in &told {
        let notices = waiting(person).await;
        assert_eq!(kinds(&notices), std::slice::from_ref(kind));
        let notice = &notices[0];
        assert_eq!(
            (notice.about.as_str(), notice.about_id, notice.room_id),
            ("message", message.id, Some(room))
        );
        assert_eq!((&notice.excerpt, notice.patient_id), (&None, None));
        assert_eq!(person.client.work().counts().await.unwrap().notices, 1);
    }
    assert!(waiting(&team.nurse).await.is_empty());
    assert!(waiting(&team.care_manager).await.is_empty());
    // Who has read it needs no telling; what was asked waits for the answer.
    for (person, _) in &told {
        let rooms = person.client.rooms();
        rooms.read_until(room, message.id).await.unwrap();
    }
    assert!(waiting(&team.helper).await.is_empty());
    assert!(waiting(&team.outsider).await.is_empty());
    assert_eq!(waiting(&team.physician).await.len(), 1);
    let physician = team.physician.client.messages();
    physician.acknowledge(message.id).await.unwrap();
    assert!(waiting(&team.physician).await.is_empty());
    // Of what was taken back nobody is told any more, nor is who has left.
    let second = messages.create(room, &CreateMessage::new("二つ目")).await;
    let second = second.unwrap();
    assert_eq!(waiting(&team.outsider).await.len(), 1);
    team.helper.client.rooms().leave(room).await.unwrap();
    assert!(waiting(&team.helper).await.is_empty());
    messages.retract(second.id, 1, None).await.unwrap();
    assert!(waiting(&team.outsider).await.is_empty());
}

#[actix_web::test]
async fn whom_an_announcement_was_sent_to_is_told_until_it_is_confirmed() {
    let team = Team::new().await;
    let nurses = Audience {
        profession: Some("nurse".into()),
        ..Audience::default()
    };
    let new = CreateAnnouncement::new("感染対策", "CANARY マスクの着用", nurses);
    let sender = team.world.administrator.client.announcements();
    let sent = sender.create(&new).await.unwrap();
    for nurse in [&team.nurse, &team.outsider] {
        let notices = waiting(nurse).await;
        assert_eq!(kinds(&notices), [NoticeKind::Announcement]);
        assert_eq!(notices[0].about_id, sent.id);
    }
    assert!(waiting(&team.physician).await.is_empty());
    let nurse = team.nurse.client.announcements();
    nurse.confirm(sent.id).await.unwrap();
    assert!(waiting(&team.nurse).await.is_empty());
    assert_eq!(waiting(&team.outsider).await.len(), 1);
    sender.withdraw(sent.id, "内容の誤り").await.unwrap();
    assert!(waiting(&team.outsider).await.is_empty());
    // Nothing that was said is in what is kept to be told.
    let sql = "SELECT count(*) FROM notices AS kept WHERE kept::text LIKE '%CANARY%'";
    assert_eq!(team.world.db.one::<i64>(sql).await, 0);
}

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }
}

#[actix_web::test]
async fn what_is_unread_is_counted_as_a_simple_list_counts_it() {
    let team = Team::new().await;
    let people = [&team.nurse, &team.helper, &team.physician];
    // Who reads which channel: nurse and physician both, the helper only what is for everybody.
    let reads = |reader: usize, channel: &Channel| reader != 1 || *channel == Channel::Team;
    let mut dice = Dice(20_261_130);
    let mut posts: Vec<(usize, Channel, uuid::Uuid)> = Vec::new();
    let mut marks = [0_usize; 3];
    for _ in 0..45 {
        let who = usize::try_from(dice.below(3)).unwrap();
        if dice.below(3) < 2 || posts.is_empty() {
            let medical = reads(who, &Channel::Medical) && dice.below(2) == 0;
            let channel = if medical {
                Channel::Medical
            } else {
                Channel::Team
            };
            let note = CreatePost::note(channel.clone(), "記録");
            let timeline = people[who].client.timeline();
            let made = timeline.create_post(team.patient, &note).await.unwrap();
            posts.push((who, channel, made.id));
        } else {
            let at = usize::try_from(dice.below(posts.len() as u64)).unwrap();
            if !reads(who, &posts[at].1) {
                continue;
            }
            let mark = UpdateReadMark {
                post_id: posts[at].2,
            };
            let timeline = people[who].client.timeline();
            timeline
                .update_read_mark(team.patient, &mark)
                .await
                .unwrap();
            marks[who] = marks[who].max(at + 1);
        }
        for (reader, person) in people.iter().enumerate() {
            let unread = posts.iter().skip(marks[reader]);
            let unread =
                unread.filter(|(author, channel, _)| *author != reader && reads(reader, channel));
            let counts = person.client.work().counts().await.unwrap();
            assert_eq!(counts.unread as usize, unread.count());
            let by_patient: u32 = counts.patients.iter().map(|one| one.unread).sum();
            assert_eq!(by_patient, counts.unread);
        }
    }
}
