//! Witnessing the logs of others: every answer of the protocol, one history whatever happens, and alarms.

use futures_util::future::join_all;
use tsumugi_client::{
    Client, RawAnswer,
    models::{CreateWitnessedLog, WitnessedLog},
};
use tsumugi_server::ledger::note::{Line, Note, Verifier};

use crate::support::{Team, World, refused, witnessing::OtherLog};

const PATH: &str = "/v1/witness/kita/add-checkpoint";

async fn submit(anyone: &Client, text: impl Into<String>) -> RawAnswer {
    let headers = [("content-type", "text/plain")];
    anyone
        .send_raw("POST", PATH, &headers, text.into())
        .await
        .unwrap()
}

async fn watch(world: &World, log: &OtherLog) -> WitnessedLog {
    let new = CreateWitnessedLog::new("南部地域ネットワーク", log.verifier().to_string());
    let logs = world.administrator.client.witnessed_logs();
    logs.create(&new).await.unwrap()
}

async fn seen(world: &World, log: &OtherLog) -> WitnessedLog {
    let all = world.administrator.client.witnessed_logs().list().await;
    let mut all = all.unwrap().items;
    all.retain(|row| row.origin == log.origin);
    all.remove(0)
}

async fn witness_key(world: &World) -> Verifier {
    let state = world.administrator.client.checkpoints().find().await;
    Verifier::parse(&state.unwrap().own_witness.public_key).unwrap()
}

fn header<'a>(answer: &'a RawAnswer, name: &str) -> &'a str {
    let found = answer.headers.iter().find(|(known, _)| known == name);
    found.map_or("", |(_, value)| value)
}

/// Status, and the size that comes with 409.
async fn status(anyone: &Client, text: impl Into<String>) -> (u16, String) {
    let answer = submit(anyone, text).await;
    if answer.status != 409 {
        return (answer.status, String::new());
    }
    assert_eq!(header(&answer, "content-type"), "text/x.tlog.size");
    (409, answer.text())
}

#[actix_web::test]
async fn every_submission_is_answered_as_the_protocol_says() {
    let world = World::new().await;
    let log = OtherLog::new(40);
    let forked = log.forked(2);
    let fresh = OtherLog::new(3);
    let unknown = OtherLog::new(3);
    watch(&world, &log).await;
    watch(&world, &fresh).await;
    let cosigned = submit(&world.anyone, log.submission(0, 7).to_string()).await;
    assert_eq!(cosigned.status, 200, "{}", cosigned.text());
    let line = Line::parse(cosigned.text().trim_end()).unwrap();
    let note = Note {
        lines: vec![line],
        ..log.note(7, 0)
    };
    let verifier = witness_key(&world).await;
    let now = world.app.clock.now().timestamp().unsigned_abs();
    let time = verifier.signed(&note).unwrap().unwrap();
    assert!(now - 60 < time && time <= now, "{time}");

    let mut padded = fresh.submission(0, 3);
    padded.proof.push(fresh.head(1).root);
    let mut bare = log.submission(7, 9);
    bare.proof.clear();
    let mut bent = log.submission(7, 9).to_string();
    let place = bent.rfind("AAA").unwrap_or(bent.len() - 20);
    let other = if bent.as_bytes()[place] == b'B' {
        "C"
    } else {
        "B"
    };
    bent.replace_range(place..=place, other);
    let mut odd = fresh.submission(0, 0);
    odd.note = forked.note(0, 1);
    odd.note.text = format!("{}\n0\n{}\n", fresh.origin, "A".repeat(43) + "=");
    let large = format!("old 0\n\n{}", "a\n".repeat(20_000));
    for (what, text, expected, size) in [
        ("nothing", String::new(), 400, ""),
        ("no checkpoint", "old 7\n\nhello\n".to_owned(), 400, ""),
        ("no old size", log.note(9, 1).to_string(), 400, ""),
        ("backwards", log.submission(7, 5).to_string(), 400, ""),
        ("too large", large, 413, ""),
        ("another log", unknown.submission(0, 3).to_string(), 404, ""),
        (
            "another key",
            log.with_another_key().submission(7, 9).to_string(),
            403,
            "",
        ),
        ("a signature that is bent", bent, 403, ""),
        ("unsigned", odd.to_string(), 403, ""),
        ("from nothing", log.submission(0, 9).to_string(), 409, "7\n"),
        (
            "from elsewhere",
            log.submission(8, 9).to_string(),
            409,
            "7\n",
        ),
        ("an old one", log.submission(3, 5).to_string(), 409, "7\n"),
        ("without proof", bare.to_string(), 422, ""),
        (
            "another history",
            forked.submission(7, 9).to_string(),
            422,
            "",
        ),
        ("another root", forked.submission(7, 7).to_string(), 422, ""),
        ("a proof from nothing", padded.to_string(), 422, ""),
        ("the same again", log.submission(7, 7).to_string(), 200, ""),
        ("grown", log.submission(7, 9).to_string(), 200, ""),
        ("grown more", log.submission(9, 40).to_string(), 200, ""),
        (
            "a log of nothing",
            fresh.submission(0, 0).to_string(),
            200,
            "",
        ),
        ("its beginning", fresh.submission(0, 3).to_string(), 200, ""),
    ] {
        assert_eq!(
            status(&world.anyone, text).await,
            (expected, size.to_owned()),
            "{what}"
        );
    }
    let headers = [("content-type", "application/octet-stream")];
    let bytes = vec![0xff, 0xfe];
    let answer = world.anyone.send_raw("POST", PATH, &headers, bytes).await;
    assert_eq!(answer.unwrap().status, 400);
    let elsewhere = "/v1/witness/higashi/add-checkpoint";
    let text = log.submission(40, 40).to_string();
    let answer = world
        .anyone
        .send_raw("POST", elsewhere, &[], text)
        .await
        .unwrap();
    assert_eq!(answer.status, 404);
    // A log that is watched no longer is like one that never was.
    let row = seen(&world, &log).await;
    let logs = world.administrator.client.witnessed_logs();
    assert!(logs.end(row.id).await.unwrap().ended_at.is_some());
    refused(logs.end(row.id).await, 409, "witnessed_log_ended");
    assert_eq!(
        submit(&world.anyone, log.submission(40, 40).to_string())
            .await
            .status,
        404
    );
}

#[actix_web::test]
async fn what_was_cosigned_can_be_had_by_anybody_who_knows_the_log() {
    let world = World::new().await;
    let log = OtherLog::new(9);
    watch(&world, &log).await;
    let logs = world.anyone.witnessed_logs();
    let hash = tsumugi_server::spine::ids::hex_digest(log.origin.as_bytes());
    refused(logs.find_cosigned("kita", &hash).await, 404, "not_found");
    let line = logs
        .cosign("kita", &log.submission(0, 9).to_string())
        .await
        .unwrap();
    let note = logs.find_cosigned("kita", &hash).await.unwrap();
    assert!(note.ends_with(&line));
    let note = Note::parse(&note).unwrap();
    assert_eq!(note.text, log.note(9, 0).text);
    assert!(log.verifier().signed(&note).unwrap().is_some());
    assert!(witness_key(&world).await.signed(&note).unwrap().is_some());
    refused(logs.find_cosigned("minami", &hash).await, 404, "not_found");
    let actions = "SELECT action || ' ' || actor_kind || ' ' || outcome FROM audit_events
        WHERE action LIKE 'witnessed_log.%' AND actor_kind = 'anonymous' ORDER BY at, id";
    let rows = world.db.admin.query(actions, &[]).await.unwrap();
    let entries: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    assert_eq!(
        entries,
        [
            "witnessed_log.cosign anonymous allowed",
            "witnessed_log.read anonymous allowed"
        ]
    );
}

#[actix_web::test]
async fn a_log_that_contradicts_itself_raises_an_alarm_and_the_proof_is_kept() {
    let world = World::new().await;
    let log = OtherLog::new(20);
    let forked = log.forked(2);
    watch(&world, &log).await;
    let anyone = &world.anyone;
    assert_eq!(
        status(anyone, log.submission_at(0, 9, 1000).to_string())
            .await
            .0,
        200
    );
    // What anybody may have kept and shows again proves nothing.
    assert_eq!(
        status(anyone, log.submission_at(0, 5, 900).to_string())
            .await
            .0,
        409
    );
    assert_eq!(seen(&world, &log).await.conflict_at, None);
    // The same size with another root, whatever the proof begins from; and fewer entries later than more.
    for bad in [
        forked.submission_at(5, 9, 1000),
        log.submission_at(5, 7, 1001),
        forked.submission_at(9, 12, 1002),
    ] {
        let text = bad.to_string();
        assert!([409, 422].contains(&status(anyone, text).await.0));
    }
    let row = seen(&world, &log).await;
    assert!(row.conflict_at.is_some());
    // The first proof is kept: signed by the log's own key, and not what was cosigned.
    let proof = Note::parse(&row.conflict_note.unwrap()).unwrap();
    assert_eq!(log.verifier().signed(&proof), Ok(Some(1000)));
    assert_eq!(proof.text, forked.note(9, 1000).text);
    assert_ne!(proof.text, log.note(9, 1000).text);
    assert_eq!(row.cosigned.unwrap().size, 9);
    // Somebody else's key is no proof against the log.
    let stranger = log.with_another_key();
    for _ in 0..3 {
        assert_eq!(
            status(anyone, stranger.submission(9, 12).to_string())
                .await
                .0,
            403
        );
    }
    let row = seen(&world, &log).await;
    assert_eq!(row.forged, 3);
    assert!(row.forged_at.is_some());
    let refusals = "SELECT code FROM audit_events WHERE action = 'witnessed_log.cosign' AND outcome = 'denied' ORDER BY at, id";
    let rows = world.db.admin.query(refusals, &[]).await.unwrap();
    let codes: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    // One entry a minute of each sort: nobody fills the log from outside.
    assert_eq!(codes, ["checkpoint_inconsistent", "checkpoint_unsigned"]);
    // It goes on witnessing what grows from what it knows.
    assert_eq!(
        status(anyone, log.submission_at(9, 20, 1003).to_string())
            .await
            .0,
        200
    );
}

#[actix_web::test]
async fn submissions_at_once_at_two_servers_never_take_anything_back() {
    let world = World::new().await;
    let log = OtherLog::new(64);
    watch(&world, &log).await;
    let other = world.second_node();
    let submit_one = async |anyone: &Client, new: u64| {
        let mut old = 0;
        // As a log does: from where the witness says it is.
        for _ in 0..80 {
            if old > new {
                return None;
            }
            let (status, size) = status(anyone, log.submission(old, new).to_string()).await;
            match status {
                200 => return Some(new),
                409 => old = size.trim().parse().unwrap(),
                // Somebody else was faster than the signer.
                503 => {}
                other => panic!("{other}"),
            }
        }
        panic!("never cosigned");
    };
    let all = (1..=16_u64).map(|n| {
        let anyone = if n % 2 == 0 {
            &world.anyone
        } else {
            &other.anyone
        };
        submit_one(anyone, n * 4)
    });
    let cosigned: Vec<u64> = join_all(all).await.into_iter().flatten().collect();
    assert!(cosigned.contains(&64), "{cosigned:?}");
    let row = seen(&world, &log).await;
    assert_eq!(row.cosigned.unwrap().size, 64);
    assert_eq!(row.conflict_at, None);
    // In the order in which they were recorded, no cosignature is of less than the one before.
    let entries: i64 = world
        .db
        .one("SELECT count(*) FROM audit_events WHERE action = 'witnessed_log.cosign' AND outcome = 'allowed'")
        .await;
    assert_eq!(entries, i64::try_from(cosigned.len()).unwrap());
}

#[actix_web::test]
async fn a_witness_whose_database_was_put_back_does_not_forget() {
    let world = World::new().await;
    let log = OtherLog::new(40);
    let forked = log.forked(15);
    watch(&world, &log).await;
    let anyone = &world.anyone;
    for (old, new) in [(0, 10), (10, 20)] {
        assert_eq!(
            status(anyone, log.submission(old, new).to_string()).await.0,
            200
        );
    }
    let root = log.head(10).root.0.to_vec();
    let put_back = "UPDATE witnessed_logs SET size = 10, root = $1, note = $2";
    let note = log.note(10, 1).to_string();
    world
        .db
        .admin
        .execute(put_back, &[&root, &note])
        .await
        .unwrap();
    let said = status(anyone, forked.submission(10, 30).to_string()).await;
    assert_eq!(said, (409, "20\n".to_owned()));
    assert_eq!(
        status(anyone, forked.submission(20, 30).to_string())
            .await
            .0,
        422
    );
    assert_eq!(
        status(anyone, log.submission(20, 30).to_string()).await.0,
        200
    );
    // Neither does it when the log is taken off the list and put on it again.
    let row = seen(&world, &log).await;
    let logs = world.administrator.client.witnessed_logs();
    logs.end(row.id).await.unwrap();
    watch(&world, &log).await;
    let said = status(anyone, forked.submission(0, 40).to_string()).await;
    assert_eq!(said, (409, "30\n".to_owned()));
}

#[actix_web::test]
async fn a_source_asks_so_often_and_no_more() {
    let world = World::new().await;
    let log = OtherLog::new(3);
    let text = log.submission(0, 3).to_string();
    let mut last = 0;
    for _ in 0..130 {
        last = submit(&world.anyone, text.clone()).await.status;
        if last == 429 {
            break;
        }
        assert_eq!(last, 404);
    }
    assert_eq!(last, 429);
    world.app.clock.advance(chrono::TimeDelta::seconds(61));
    assert_eq!(submit(&world.anyone, text).await.status, 404);
}

#[actix_web::test]
async fn the_list_is_kept_by_administrators_and_seen_by_auditors() {
    let team = Team::new().await;
    let world = &team.world;
    let log = OtherLog::new(3);
    let row = watch(world, &log).await;
    assert_eq!(
        (row.name.as_str(), row.cosigned.is_none()),
        ("南部地域ネットワーク", true)
    );
    assert_eq!(row.created_by, "管理 花子");
    let new = CreateWitnessedLog::new("また", log.verifier().to_string());
    let logs = world.administrator.client.witnessed_logs();
    refused(logs.create(&new).await, 409, "witnessed_log_watched");
    let odd = CreateWitnessedLog::new("変", "log.example.jp+00000000+AAAA");
    refused(logs.create(&odd).await, 422, "invalid_input");
    refused(logs.end(tsumugi_client::new_id()).await, 404, "not_found");
    let seen = team.auditor.client.witnessed_logs().list().await.unwrap();
    assert_eq!(seen.items, std::slice::from_ref(&row));
    refused(
        team.auditor.client.witnessed_logs().end(row.id).await,
        403,
        "forbidden",
    );
    refused(
        team.nurse.client.witnessed_logs().list().await,
        403,
        "forbidden",
    );
    let others = world.other_administrator.client.witnessed_logs();
    assert!(others.list().await.unwrap().items.is_empty());
    refused(others.end(row.id).await, 404, "not_found");
}
