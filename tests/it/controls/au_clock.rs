//! AU-11: the clock is held against a time server; beyond a second entries say so, beyond a minute nothing is made final.

use chrono::TimeDelta;
use tsumugi_client::models::{
    Channel, ClockQuality, CreateConsent, CreatePost, RetractPost, WithdrawConsent,
};
use tsumugi_server::{spine::clock::Quality, worker};

use crate::support::{
    Team, World,
    log::network,
    refused,
    team::{new_patient, today},
    time_server::TimeServer,
};

const SUMMARY: &str = include_str!("../../fixtures/fhir/discharge-summary-01.json");

async fn check(world: &World) -> Quality {
    worker::check_clock(&world.app).await.unwrap()
}

/// The word for the clock in the entry of the note that was written last.
async fn word(world: &World) -> String {
    let sql = "SELECT clock FROM audit_events WHERE action = 'post.create' ORDER BY at DESC, id DESC LIMIT 1";
    world.db.one(sql).await
}

#[actix_web::test]
async fn au_11_beyond_a_second_entries_say_so_and_administrators_are_told() {
    let server = TimeServer::start();
    let address = server.address();
    let team = Team::with(|config| config.witnessing.time_server = Some(address)).await;
    let world = &team.world;
    assert_eq!(check(world).await, Quality::Checked);
    team.nurse.notes(team.patient, "一").await;
    assert_eq!(word(world).await, "checked");
    let clock = async || {
        team.auditor
            .client
            .checkpoints()
            .find()
            .await
            .unwrap()
            .clock
    };
    let seen = clock().await;
    assert_eq!(seen.quality, ClockQuality::Checked);
    assert!(seen.offset_seconds.unwrap().abs() < 0.5 && seen.checked_at.is_some());
    for (milliseconds, seconds) in [(2_000, 2.0), (-2_000, -2.0), (1_500, 1.5)] {
        server.ahead(milliseconds);
        assert_eq!(check(world).await, Quality::Off);
        let seen = clock().await;
        assert_eq!(seen.quality, ClockQuality::Off);
        assert!((seen.offset_seconds.unwrap() - seconds).abs() < 0.5);
        team.nurse.notes(team.patient, "二").await;
        assert_eq!(word(world).await, "off");
    }
    // Once a day, to administrators.
    let kita = network(world, "kita").await;
    let letters = async || -> i64 {
        let sql = "SELECT count(*) FROM mails WHERE subject = 'つむぎ サーバーの時計がずれています'
            AND tenant_id = (SELECT tenant_id FROM tenants WHERE slug = 'kita')";
        world.db.one(sql).await
    };
    for _ in 0..3 {
        worker::look_after(&world.app, kita).await.unwrap();
    }
    assert_eq!(letters().await, 1);
    let body: String = world
        .db
        .one("SELECT body FROM mails WHERE subject = 'つむぎ サーバーの時計がずれています' AND recipient = 'administrator@kita.example'")
        .await;
    assert!(
        body.contains("約2秒遅れて") || body.contains("約1"),
        "{body}"
    );
    world.app.clock.advance(TimeDelta::days(1));
    worker::look_after(&world.app, kita).await.unwrap();
    assert_eq!(letters().await, 2);
    // Right again, nothing is said.
    server.ahead(0);
    assert_eq!(check(world).await, Quality::Checked);
    world.app.clock.advance(TimeDelta::days(1));
    worker::look_after(&world.app, kita).await.unwrap();
    assert_eq!(letters().await, 2);
}

#[actix_web::test]
async fn au_11_beyond_a_minute_nothing_is_made_final_and_nothing_is_lost() {
    let server = TimeServer::start();
    let address = server.address();
    let team = Team::with(|config| config.witnessing.time_server = Some(address)).await;
    let world = &team.world;
    let nurse = &team.nurse.client;
    let mine = team.nurse.notes(team.patient, "時計が合っているとき").await;
    let consents = team.care_manager.client.consents();
    let consent = consents.list(team.patient).await.unwrap().items[0].id;
    for milliseconds in [90_000, -90_000] {
        server.ahead(milliseconds);
        assert_eq!(check(world).await, Quality::Wrong);
        let new = CreatePost::note(Channel::Team, "あとで届く");
        refused(
            nurse.timeline().create_post(team.patient, &new).await,
            503,
            "clock_untrusted",
        );
        let path = format!("/v1/posts/{}/amend", mine.id);
        let headers = [("content-type", "application/json"), ("if-match", "\"1\"")];
        let body = r#"{"body":"訂正","reason":"誤り"}"#;
        let amended = nurse.send_raw("POST", &path, &headers, body).await.unwrap();
        assert_eq!(amended.status, 503, "{}", amended.text());
        assert_eq!(amended.error().unwrap().code(), Some("clock_untrusted"));
        let wait = amended
            .headers
            .iter()
            .find(|(name, _)| name == "retry-after");
        assert_eq!(wait.unwrap().1, "60");
        let retract = RetractPost {
            reason: "誤り".to_owned(),
        };
        refused(
            nurse.timeline().retract_post(mine.id, 1, &retract).await,
            503,
            "clock_untrusted",
        );
        let new = CreateConsent::on_paper(today());
        refused(
            consents.create(team.patient, &new).await,
            503,
            "clock_untrusted",
        );
        let withdraw = WithdrawConsent {
            reason: "申し出".to_owned(),
        };
        refused(
            consents.withdraw(consent, &withdraw).await,
            503,
            "clock_untrusted",
        );
        let sent = team.hospital.bundles().receive(SUMMARY).await.unwrap_err();
        assert_eq!(sent.status(), Some(503));
        let new = new_patient("新患 太郎", "シンカン タロウ");
        let patients = team.care_manager.client.patients();
        refused(patients.create(&new).await, 503, "clock_untrusted");
        // Reading goes on.
        assert_eq!(team.nurse.timeline(team.patient).await.len(), 1);
        let state = team.auditor.client.checkpoints().find().await.unwrap();
        assert_eq!(state.clock.quality, ClockQuality::Wrong);
    }
    // What was refused is sent again, with the key that it has, and is taken once the clock is right.
    let new = CreatePost::note(Channel::Team, "あとで届く");
    let keyed = nurse.with_idempotency_key("the-same");
    refused(
        keyed.timeline().create_post(team.patient, &new).await,
        503,
        "clock_untrusted",
    );
    server.ahead(0);
    assert_eq!(check(world).await, Quality::Checked);
    let taken = keyed
        .timeline()
        .create_post(team.patient, &new)
        .await
        .unwrap();
    assert_eq!(taken.body.as_deref(), Some("あとで届く"));
    assert_eq!(word(world).await, "checked");
    team.hospital.bundles().receive(SUMMARY).await.unwrap();
}

#[actix_web::test]
async fn au_11_a_silent_time_server_leaves_the_clock_unchecked_and_lifts_nothing() {
    let server = TimeServer::start();
    server.silent(true);
    let address = server.address();
    let team = Team::with(|config| config.witnessing.time_server = Some(address)).await;
    let world = &team.world;
    assert_eq!(check(world).await, Quality::Unchecked);
    team.nurse.notes(team.patient, "一").await;
    assert_eq!(word(world).await, "unchecked");
    server.silent(false);
    server.ahead(90_000);
    assert_eq!(check(world).await, Quality::Wrong);
    // Whoever silences it gains nothing.
    server.silent(true);
    assert_eq!(check(world).await, Quality::Wrong);
    server.silent(false);
    server.ahead(0);
    assert_eq!(check(world).await, Quality::Checked);
    server.silent(true);
    // For a while the last answer counts.
    assert_eq!(check(world).await, Quality::Checked);
    assert!(server.asked() > 5);
}

#[actix_web::test]
async fn au_11_without_a_time_server_the_database_is_asked() {
    let world = World::new().await;
    assert_eq!(check(&world).await, Quality::Unchecked);
    assert!(world.app.clock.found().database.unwrap().abs() < TimeDelta::seconds(1));
    assert_eq!(world.app.clock.found().offset, None);
}
