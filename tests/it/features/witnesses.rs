//! Being witnessed: by a server of somebody else, and by mail.

use chrono::TimeDelta;
use tsumugi_client::models::CreateWitness;
use tsumugi_server::{
    ledger::{
        checkpoint::Checkpoint,
        note::{Key, Note, Verifier},
        witness::{SIZE_TYPE, Submission},
    },
    spine::outward::Reach,
    worker,
};
use uuid::Uuid;

use crate::support::{
    Team, World,
    log::{network, seal},
    refused,
    stub::{Asked, Said, Stub},
    witnessing::{ask_until, let_witness, witness_of},
};

/// A world that may ask servers of this machine.
async fn open_world() -> World {
    World::with(|config| {
        config.witnessing.reach = Reach::Loopback;
        config.witnessing.entries = 1;
    })
    .await
}

/// What a stub answers.
type Answer = Box<dyn Fn(&Asked) -> Said + Send + Sync>;

const NAME: &str = "witness.example.jp/witness/higashi";

fn stub_key() -> Key {
    Key::from_seed(&[5; 32])
}

/// Enters a stub as a witness.
async fn enter(world: &World, stub: &Stub) -> Uuid {
    seal(world, network(world, "kita").await).await;
    let key = stub_key().verifier(NAME).as_cosigner();
    let new = CreateWitness::server("東部", format!("{}/witness", stub.url()), key);
    let witnesses = world.administrator.client.witnesses();
    witnesses.create(&new).await.unwrap().id
}

#[actix_web::test]
async fn two_servers_witness_each_other() {
    let (north, south) = (open_world().await, open_world().await);
    let at_north = let_witness(&north, &south).await;
    let at_south = let_witness(&south, &north).await;
    for (world, partner, id) in [(&north, &south, at_north), (&south, &north, at_south)] {
        let witness = ask_until(world, id, |witness| witness.witnessed.is_some()).await;
        assert_eq!((witness.failures, witness.failure), (0, None));
        assert_eq!((witness.dispute, witness.late), (None, false));
        let witnessed = witness.witnessed.unwrap();
        // Signed by the log, and by the witness.
        let note = Note::parse(&witnessed.note.unwrap()).unwrap();
        let state = world
            .administrator
            .client
            .checkpoints()
            .find()
            .await
            .unwrap();
        let log = Verifier::parse(&state.log.unwrap().public_key).unwrap();
        let theirs = partner
            .administrator
            .client
            .checkpoints()
            .find()
            .await
            .unwrap();
        let key = Verifier::parse(&theirs.own_witness.public_key).unwrap();
        assert!(log.signed(&note).unwrap().is_some());
        assert!(key.signed(&note).unwrap().is_some());
        // The witness knows the same.
        let logs = partner
            .administrator
            .client
            .witnessed_logs()
            .list()
            .await
            .unwrap();
        let cosigned = logs.items[0].cosigned.clone().unwrap();
        assert_eq!(cosigned.size, witnessed.size);
        let checkpoint = Checkpoint::parse(&note.text).unwrap();
        assert_eq!(checkpoint.size, witnessed.size.unsigned_abs());
    }
    // It grows, and is shown to grow.
    let first = witness_of(&north, at_north).await.witnessed.unwrap();
    let size = seal(&north, network(&north, "kita").await).await;
    let grown = |witness: &tsumugi_client::models::Witness| {
        witness
            .witnessed
            .as_ref()
            .is_some_and(|witnessed| witnessed.size.unsigned_abs() >= size)
    };
    let witness = ask_until(&north, at_north, grown).await;
    assert!(witness.witnessed.unwrap().size > first.size);
    let kept: i64 = north
        .db
        .one("SELECT count(DISTINCT size) FROM cosignatures")
        .await;
    assert!(kept >= 2);
    let conflicts: i64 = south
        .db
        .one("SELECT count(*) FROM witnessed_logs WHERE conflict_at IS NOT NULL")
        .await;
    assert_eq!(conflicts, 0);
}

#[actix_web::test]
async fn a_witness_is_asked_at_once_and_again_when_much_was_recorded() {
    let (north, south) = (open_world().await, open_world().await);
    let id = let_witness(&north, &south).await;
    let kita = network(&north, "kita").await;
    // No nudge needed: the first look after it was entered finds it.
    north
        .eventually(async || {
            worker::look_after(&north.app, kita).await.unwrap();
            witness_of(&north, id).await.witnessed
        })
        .await;
    let first = witness_of(&north, id).await;
    assert!(first.next_at > north.app.clock.now() + TimeDelta::minutes(50));
    // Within a minute it is left alone, however much is recorded.
    seal(&north, kita).await;
    worker::look_after(&north.app, kita).await.unwrap();
    assert_eq!(witness_of(&north, id).await.witnessed, first.witnessed);
    north.app.clock.advance(TimeDelta::seconds(61));
    worker::look_after(&north.app, kita).await.unwrap();
    assert!(witness_of(&north, id).await.witnessed.unwrap().size > first.witnessed.unwrap().size);
}

/// What a witness says, and what becomes of it.
#[actix_web::test]
async fn whatever_a_witness_says_is_noted_and_nothing_else_is_believed() {
    let text = |status, body: &str| Said::new(status, "text/plain", body);
    let unknown = Key::from_seed(&[6; 32]);
    let foreign = move |asked: &Asked| {
        let submission = Submission::parse(&asked.body).unwrap();
        let line = unknown.cosign(NAME, &submission.note.text, 1_800_000_000);
        Said::new(200, "text/plain", line.to_string())
    };
    let cases: Vec<(&str, Answer)> = vec![
        ("unknown_log", Box::new(move |_| text(404, ""))),
        ("other_key", Box::new(move |_| text(403, ""))),
        ("busy", Box::new(move |_| text(429, ""))),
        ("odd_answer", Box::new(move |_| text(500, "oops"))),
        (
            "odd_answer",
            Box::new(move |_| text(200, "cosigned, trust me\n")),
        ),
        (
            "odd_answer",
            Box::new(move |_| text(200, &"a".repeat(100_000))),
        ),
        ("odd_answer", Box::new(move |_| text(409, "5\n"))),
        ("odd_answer", Box::new(foreign)),
        ("moving", Box::new(|_| Said::new(409, SIZE_TYPE, "1\n"))),
        (
            "odd_answer",
            Box::new(|_| {
                let mut said = Said::new(307, "text/plain", "");
                said.headers
                    .push(("location", "http://127.0.0.1:9/elsewhere".to_owned()));
                said
            }),
        ),
    ];
    let world = open_world().await;
    for (expected, answer) in cases {
        let stub = Stub::start(answer);
        let id = enter(&world, &stub).await;
        let witness = ask_until(&world, id, |witness| witness.failure.is_some()).await;
        assert_eq!(witness.failure.as_deref(), Some(expected));
        assert!(witness.failures > 0 && witness.witnessed.is_none() && witness.dispute.is_none());
        let asked = stub.asked();
        let first = &asked[0];
        assert_eq!(
            (first.method.as_str(), first.path.as_str()),
            ("POST", "/witness/add-checkpoint")
        );
        assert!(
            Submission::parse(&first.body)
                .unwrap()
                .checkpoint()
                .is_some()
        );
        // No token, no cookie, nothing of anybody.
        for secret in ["authorization", "cookie", "tsumugi-device"] {
            assert!(!first.headers.contains_key(secret));
        }
        world
            .administrator
            .client
            .witnesses()
            .end(id)
            .await
            .unwrap();
    }
    let gone = Stub::start(|_| Said::new(200, "text/plain", ""));
    let id = enter(&world, &gone).await;
    let closed = "UPDATE witnesses SET url = 'http://127.0.0.1:9' WHERE id = $1";
    world.db.admin.execute(closed, &[&id]).await.unwrap();
    let unreachable = |witness: &tsumugi_client::models::Witness| {
        witness.failure.as_deref() == Some("unreachable")
    };
    ask_until(&world, id, unreachable).await;
    // Even if somebody writes another address into the database, it is not gone to.
    let inside = "UPDATE witnesses SET url = 'https://169.254.169.254/latest' WHERE id = $1";
    world.db.admin.execute(inside, &[&id]).await.unwrap();
    let forbidden = |witness: &tsumugi_client::models::Witness| {
        witness.failure.as_deref() == Some("address_not_allowed")
    };
    let witness = ask_until(&world, id, forbidden).await;
    assert!(witness.failures >= 2);
    assert!(witness.next_at > world.app.clock.now() + TimeDelta::seconds(50));
}

#[actix_web::test]
async fn in_05_the_address_of_a_witness_is_checked_when_it_is_entered() {
    let world = World::new().await;
    let witnesses = world.administrator.client.witnesses();
    let key = stub_key().verifier(NAME).as_cosigner();
    for bad in [
        "http://witness.example.jp/v1/witness/kita",
        "http://127.0.0.1/",
        "https://127.0.0.1/",
        "https://10.1.2.3/v1/witness/kita",
        "https://169.254.169.254/",
        "https://user:secret@witness.example.jp/",
        "https://witness.example.jp/?a=b",
        "file:///etc/passwd",
        "witness.example.jp",
    ] {
        let new = CreateWitness::server("東部", bad, &key);
        refused(witnesses.create(&new).await, 422, "invalid_input");
    }
    let new = CreateWitness::server("東部", "https://witness.example.jp/v1/witness/kita/", &key);
    let made = witnesses.create(&new).await.unwrap();
    assert_eq!(
        made.url.as_deref(),
        Some("https://witness.example.jp/v1/witness/kita")
    );
    witnesses.end(made.id).await.unwrap();
    refused(witnesses.end(made.id).await, 409, "witness_ended");
    let odd = CreateWitness::server("東部", "https://witness.example.jp", "odd");
    refused(witnesses.create(&odd).await, 422, "invalid_input");
    let mut both = CreateWitness::mail("安全 太郎", "anzen@example.jp");
    both.url = new.url.clone();
    refused(witnesses.create(&both).await, 422, "invalid_input");
    let nowhere = CreateWitness::mail("安全 太郎", "anzen");
    refused(witnesses.create(&nowhere).await, 422, "invalid_input");
    let mut neither = CreateWitness::mail("安全 太郎", "anzen@example.jp");
    neither.address = None;
    refused(witnesses.create(&neither).await, 422, "invalid_input");
}

#[actix_web::test]
async fn the_person_responsible_gets_the_checkpoints_by_mail_every_month() {
    let team = Team::new().await;
    let world = &team.world;
    let kita = network(world, "kita").await;
    let first = seal(world, kita).await;
    let witnesses = world.administrator.client.witnesses();
    let new = CreateWitness::mail("安全 太郎", "anzen@example.jp");
    let made = witnesses.create(&new).await.unwrap();
    let letters = async || {
        let sql = "SELECT subject, body FROM mails WHERE recipient = 'anzen@example.jp' ORDER BY created_at";
        let rows = world.db.admin.query(sql, &[]).await.unwrap();
        let letter = |row: &tokio_postgres::Row| (row.get::<_, String>(0), row.get::<_, String>(1));
        rows.iter().map(letter).collect::<Vec<_>>()
    };
    // At once, and not again in the same month.
    for _ in 0..3 {
        worker::look_after(&world.app, kita).await.unwrap();
    }
    let sent = world.eventually(async || letters().await.pop()).await;
    assert_eq!(letters().await.len(), 1);
    assert!(
        sent.0.starts_with("つむぎ アクセスログの控え（"),
        "{}",
        sent.0
    );
    assert!(sent.1.starts_with("安全 太郎 様\n") && sent.1.contains("「北部地域ネットワーク」"));
    for private in ["出雲", "イズモ", &team.patient.to_string()] {
        assert!(!sent.1.contains(private));
    }
    let seen = team.auditor.client.witnesses().list().await.unwrap().items;
    assert_eq!(seen[0].id, made.id);
    assert!(seen[0].witnessed.as_ref().unwrap().size.unsigned_abs() >= first);
    // A month later, in the morning of its first day: the last of the month that has ended, and the newest.
    let before = world.app.clock.now();
    let next = seen[0].next_at - before;
    assert!(next > TimeDelta::zero() && next < TimeDelta::days(32));
    world.app.clock.advance(next + TimeDelta::minutes(1));
    world
        .eventually(async || {
            tsumugi_server::spine::sealing::seal(&crate::support::log::door(&world.app), kita)
                .await
                .unwrap();
            worker::look_after(&world.app, kita).await.unwrap();
            (letters().await.len() == 2).then_some(())
        })
        .await;
    let letter = letters().await.pop().unwrap().1;
    assert!(
        letter.contains("月末の控え") && letter.contains("■ 最新の控え"),
        "{letter}"
    );
    // What is between the lines is a checkpoint as it is.
    let state: String = world
        .db
        .one("SELECT origin FROM audit_trees WHERE tenant_id = (SELECT tenant_id FROM tenants WHERE slug = 'kita')")
        .await;
    let verifier = world.app.signer.verifier(&state).await.unwrap();
    let parts: Vec<&str> = letter.split("--------\n").collect();
    assert_eq!(parts.len(), 5);
    for part in [parts[1], parts[3]] {
        let note = Note::parse(part).unwrap();
        assert!(verifier.signed(&note).unwrap().is_some(), "{part}");
    }
    assert!(letter.contains(&verifier.to_string()));
}

#[actix_web::test]
async fn the_list_of_witnesses_is_kept_by_administrators_and_seen_by_auditors() {
    let team = Team::new().await;
    let new = CreateWitness::mail("安全 太郎", "anzen@example.jp");
    refused(
        team.auditor.client.witnesses().create(&new).await,
        403,
        "forbidden",
    );
    refused(team.nurse.client.witnesses().list().await, 403, "forbidden");
    let made = team
        .world
        .administrator
        .client
        .witnesses()
        .create(&new)
        .await
        .unwrap();
    assert_eq!(made.created_by, "管理 花子");
    let seen = team.auditor.client.witnesses().list().await.unwrap();
    assert_eq!(seen.items[0].id, made.id);
    let state = team.auditor.client.checkpoints().find().await.unwrap();
    assert_eq!(state.witnesses[0].id, made.id);
    refused(
        team.auditor.client.witnesses().end(made.id).await,
        403,
        "forbidden",
    );
    let others = team.world.other_administrator.client.witnesses();
    assert!(others.list().await.unwrap().items.is_empty());
    refused(others.end(made.id).await, 404, "not_found");
}
