//! AU-08: a log that was put back to an earlier state is found, because its checkpoints are where nobody with the database
//! can write.

use std::{
    collections::BTreeMap,
    fmt::Write,
    fs,
    path::Path,
    sync::{Arc, Mutex},
};

use tsumugi_client::models::FindConsistencyProof;
use tsumugi_server::{
    config::{Bucket, Place, Secret},
    ledger::{
        checkpoint::{Checkpoint, Signed},
        note::{Note, Verifier},
    },
    spine::outward::Reach,
    worker,
};
use uuid::Uuid;

use crate::support::{
    Team, World,
    log::{network, seal},
    stub::{Asked, Said, Stub},
    witnessing::{ask_until, let_witness},
};

/// What a backup of the log holds.
const TABLES: [&str; 7] = [
    "audit_events",
    "audit_event_patients",
    "audit_trees",
    "audit_cursors",
    "audit_leaves",
    "audit_tiles",
    "audit_checkpoints",
];

/// Backs the log up, and what is known of witnesses.
async fn back_up(world: &World) {
    for table in TABLES.iter().chain(&["witnesses"]) {
        let copy = format!("CREATE TABLE backup_{table} AS TABLE {table}");
        world.db.admin.batch_execute(&copy).await.unwrap();
    }
}

/// Puts the backup back, as somebody does who has the database and the server: what the signer remembers is gone as well.
async fn put_back(world: &World) {
    let mut script = String::from("BEGIN; SET LOCAL session_replication_role = replica;");
    for table in TABLES {
        writeln!(
            script,
            "TRUNCATE {table}; INSERT INTO {table} SELECT * FROM backup_{table};"
        )
        .unwrap();
    }
    script.push_str(
        "UPDATE witnesses w SET tree = b.tree, size = b.size, witnessed_at = b.witnessed_at
         FROM backup_witnesses b WHERE b.id = w.id; COMMIT",
    );
    world.db.admin.batch_execute(&script).await.unwrap();
    let memory = world.app.config.data_dir.join("log-signed");
    for file in fs::read_dir(memory).unwrap() {
        fs::remove_file(file.unwrap().path()).unwrap();
    }
}

#[actix_web::test]
async fn au_08_a_partner_refuses_to_cosign_a_log_that_was_put_back() {
    let team = Team::with(|config| {
        config.witnessing.reach = Reach::Loopback;
        config.witnessing.entries = 1;
    })
    .await;
    let partner = World::new().await;
    let world = &team.world;
    let kita = network(world, "kita").await;
    let id = let_witness(world, &partner).await;
    ask_until(world, id, |witness| witness.witnessed.is_some()).await;
    seal(world, kita).await;
    back_up(world).await;
    for n in 0..20 {
        team.nurse
            .notes(team.patient, &format!("消される訪問 {n}"))
            .await;
    }
    let lost = seal(world, kita).await;
    let cosigned = ask_until(world, id, |witness| {
        witness
            .witnessed
            .as_ref()
            .is_some_and(|seen| seen.size.unsigned_abs() >= lost)
    })
    .await;
    let cosigned = cosigned.witnessed.unwrap();

    put_back(world).await;
    team.nurse.notes(team.patient, "何もなかったように").await;
    let shorter = seal(world, kita).await;
    assert!(shorter < lost);
    // The partner has seen more than there is.
    let witness = ask_until(world, id, |witness| witness.dispute.is_some()).await;
    assert_eq!(witness.dispute.as_deref(), Some("ahead"));
    assert!(witness.disputed_at.is_some());
    let rolled_back = partner
        .administrator
        .client
        .witnessed_logs()
        .list()
        .await
        .unwrap();
    assert_eq!(
        rolled_back.items[0].cosigned.as_ref().unwrap().size,
        cosigned.size
    );

    // When there is as much again, it is another history: the partner keeps the proof.
    for n in 0..40 {
        team.nurse
            .notes(team.patient, &format!("別の歴史 {n}"))
            .await;
    }
    assert!(seal(world, kita).await > cosigned.size.unsigned_abs());
    let inconsistent = |witness: &tsumugi_client::models::Witness| {
        witness.dispute.as_deref() == Some("inconsistent")
    };
    ask_until(world, id, inconsistent).await;
    let logs = partner
        .administrator
        .client
        .witnessed_logs()
        .list()
        .await
        .unwrap();
    let log = &logs.items[0];
    assert!(log.conflict_at.is_some());
    assert_eq!(log.cosigned.as_ref().unwrap().size, cosigned.size);
    // Both are signed by the log's own key, so that it cannot say it was somebody else.
    let key = Verifier::parse(&log.public_key).unwrap();
    let proof = Note::parse(log.conflict_note.as_ref().unwrap()).unwrap();
    let before = Note::parse(&log.cosigned.as_ref().unwrap().note).unwrap();
    assert!(key.signed(&proof).unwrap().is_some() && key.signed(&before).unwrap().is_some());
    // The log says so itself, as far as it goes.
    let entry =
        "SELECT code FROM audit_events WHERE action = 'witness.dispute' AND outcome = 'denied'";
    let rows = world.db.admin.query(entry, &[]).await.unwrap();
    assert_eq!(rows[0].get::<_, String>(0), "ahead");
}

/// The checkpoints in a folder, by name.
fn files(folder: &Path, network: Uuid) -> BTreeMap<String, String> {
    let folder = folder.join(network.to_string()).join("1");
    let Ok(entries) = fs::read_dir(folder) else {
        return BTreeMap::new();
    };
    let file = |entry: std::io::Result<fs::DirEntry>| {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        (name, fs::read_to_string(path).unwrap())
    };
    entries
        .map(file)
        .filter(|(name, _)| name.ends_with(".checkpoint"))
        .collect()
}

#[actix_web::test]
async fn au_08_the_folder_holds_the_newer_checkpoint_of_a_log_that_was_put_back() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().to_owned();
    let team = Team::with(|config| config.witnessing.store = Some(Place::Folder(place))).await;
    let world = &team.world;
    let kita = network(world, "kita").await;
    let copied = async |size: u64| {
        world
            .eventually(async || {
                worker::look_after(&world.app, kita).await.unwrap();
                let newest = files(folder.path(), kita).into_values().last()?;
                let checkpoint = Checkpoint::parse(&Note::parse(&newest).unwrap().text)?;
                (checkpoint.size >= size).then_some(newest)
            })
            .await
    };
    let minute = chrono::TimeDelta::seconds(61);
    seal(world, kita).await;
    back_up(world).await;
    world.app.clock.advance(minute);
    for n in 0..10 {
        team.nurse
            .notes(team.patient, &format!("消される訪問 {n}"))
            .await;
    }
    // Of what is signed within a minute the first is kept: one more in the next.
    seal(world, kita).await;
    world.app.clock.advance(minute);
    team.nurse.notes(team.patient, "消される最後の訪問").await;
    let lost = seal(world, kita).await;
    let kept = copied(lost).await;
    let before = files(folder.path(), kita);

    put_back(world).await;
    world.app.clock.advance(minute);
    team.nurse.notes(team.patient, "何もなかったように").await;
    let shorter = seal(world, kita).await;
    assert!(shorter < lost);
    world
        .eventually(async || {
            worker::look_after(&world.app, kita).await.unwrap();
            (files(folder.path(), kita).len() > before.len()).then_some(())
        })
        .await;
    // Nothing that was there has changed.
    let after = files(folder.path(), kita);
    assert!(
        before
            .iter()
            .all(|(name, text)| after.get(name) == Some(text))
    );
    // What was kept is good, and larger than all there is: the rollback is proven.
    let state = team.auditor.client.checkpoints().find().await.unwrap();
    let log = state.log.unwrap();
    let verifier = Verifier::parse(&log.public_key).unwrap();
    let kept = Signed::read(&kept, &verifier).unwrap();
    assert!(kept.checkpoint.size > log.size);
    let sizes = FindConsistencyProof {
        from: shorter,
        to: kept.checkpoint.size,
        tree: None,
    };
    let refused = team
        .auditor
        .client
        .checkpoints()
        .prove(&sizes)
        .await
        .unwrap_err();
    assert_eq!(refused.status(), Some(422));
    assert!(state.copies.is_some_and(|copies| copies.failure.is_none()));
}

/// A bucket that speaks as much S3 as is needed, and whose first answer is that it is busy.
fn bucket() -> (Stub, Arc<Mutex<BTreeMap<String, String>>>) {
    let objects: Arc<Mutex<BTreeMap<String, String>>> = Arc::default();
    let shared = Arc::clone(&objects);
    let tried = Mutex::new(0);
    let stub = Stub::start(move |asked: &Asked| {
        let mut objects = shared.lock().unwrap();
        let mut tried = tried.lock().unwrap();
        *tried += 1;
        let error = |status, code: &str| {
            let body = format!("<Error><Code>{code}</Code><Message>no</Message></Error>");
            Said::new(status, "application/xml", body)
        };
        match (asked.method.as_str(), objects.get(&asked.path)) {
            _ if *tried == 1 => error(403, "AccessDenied"),
            ("PUT", Some(_)) => error(412, "PreconditionFailed"),
            ("PUT", None) => {
                objects.insert(asked.path.clone(), asked.body.clone());
                let mut said = Said::new(200, "text/plain", "");
                said.headers.push(("etag", "\"1\"".to_owned()));
                said
            }
            ("GET", Some(text)) => {
                let mut said = Said::new(200, "text/plain", text.clone());
                said.headers.push(("etag", "\"1\"".to_owned()));
                said.headers
                    .push(("last-modified", "Mon, 30 Nov 2026 02:33:12 GMT".to_owned()));
                said
            }
            _ => error(404, "NoSuchKey"),
        }
    });
    (stub, objects)
}

#[actix_web::test]
async fn au_08_a_bucket_is_only_added_to() {
    let (stub, objects) = bucket();
    let endpoint = stub.url().parse().unwrap();
    let world = World::with(|config| {
        config.witnessing.store = Some(Place::Bucket(Box::new(Bucket {
            name: "checkpoints".to_owned(),
            prefix: "tsumugi".to_owned(),
            region: "us-east-1".to_owned(),
            endpoint: Some(endpoint),
            key_id: Secret("AKIDEXAMPLE".to_owned()),
            key: Secret("CANARY-KEY".to_owned()),
            token: None,
        })));
    })
    .await;
    let kita = network(&world, "kita").await;
    seal(&world, kita).await;
    let state = async || {
        let state = world
            .administrator
            .client
            .checkpoints()
            .find()
            .await
            .unwrap();
        state.copies.unwrap()
    };
    // Refused at first, tried again later, and there in the end.
    let failure = world
        .eventually(async || {
            worker::look_after(&world.app, kita).await.unwrap();
            state().await.failure
        })
        .await;
    assert_eq!(failure, "forbidden");
    world.app.clock.advance(chrono::TimeDelta::seconds(61));
    world
        .eventually(async || {
            worker::look_after(&world.app, kita).await.unwrap();
            let copies = state().await;
            copies.size.filter(|_| copies.failure.is_none())
        })
        .await;
    let prefix = format!("/checkpoints/tsumugi/{kita}/1/");
    let puts: Vec<Asked> = stub
        .asked()
        .into_iter()
        .filter(|asked| asked.method == "PUT")
        .collect();
    assert!(puts.len() >= 2);
    for put in &puts {
        assert!(
            put.path.starts_with("/checkpoints/tsumugi/"),
            "{}",
            put.path
        );
        assert_eq!(put.headers["if-none-match"], "*");
        assert!(
            put.headers["authorization"].starts_with("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/")
        );
        assert!(!format!("{put:?}").contains("CANARY"));
    }
    let (name, text) = {
        let objects = objects.lock().unwrap();
        let mine = objects.iter().find(|(name, _)| name.starts_with(&prefix));
        mine.map(|(name, text)| (name.clone(), text.clone()))
            .unwrap()
    };
    assert!(name.ends_with(".checkpoint"), "{name}");
    assert!(Note::parse(&text).is_some());
    // Sent again, it is there already; what lies there instead of it is noticed.
    let again = "DELETE FROM checkpoint_copies";
    world.db.admin.batch_execute(again).await.unwrap();
    world
        .eventually(async || {
            worker::look_after(&world.app, kita).await.unwrap();
            let copies = state().await;
            copies.size.filter(|_| copies.failure.is_none())
        })
        .await;
    objects
        .lock()
        .unwrap()
        .insert(name.clone(), "something else\n".to_owned());
    world.db.admin.batch_execute(again).await.unwrap();
    let failure = world
        .eventually(async || {
            worker::look_after(&world.app, kita).await.unwrap();
            state().await.failure
        })
        .await;
    assert_eq!(failure, "different");
    assert_eq!(objects.lock().unwrap()[&name], "something else\n");
}
