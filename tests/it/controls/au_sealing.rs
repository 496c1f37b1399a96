//! Sealing the access log: every committed entry gets its place, once, and the tree is signed, whatever happens meanwhile.

use std::{collections::BTreeSet, time::Duration};

use tsumugi_server::{
    Error,
    ctx::{Door, Tx},
    ledger::{
        checkpoint::Signed,
        note::Note,
        tree::{Hash, root_of},
    },
    spine::{audit::Entry, auth::Actor, http::RequestInfo, sealing},
};
use uuid::Uuid;

use crate::support::{Team, World, db::connect, log::Log};

async fn network(world: &World, slug: &str) -> Uuid {
    let sql = format!("SELECT tenant_id FROM tenants WHERE slug = '{slug}'");
    world.db.one(&sql).await
}

/// Insists that every entry of the network has one place, without gaps, in a tree that verifies.
async fn each_has_its_place(log: &Log<'_>) {
    let network = log.network;
    let sql = |what: &str| format!("SELECT {what} FROM audit_leaves WHERE tenant_id = '{network}'");
    let db = &log.world.db;
    let all = format!("SELECT count(*) FROM audit_events WHERE tenant_id = '{network}'");
    let all: i64 = db.one(&all).await;
    let (placed, apart, last): (i64, i64, i64) = (
        db.one(&sql("count(*)")).await,
        db.one(&sql("count(DISTINCT event_id)")).await,
        db.one(&sql("max(leaf_index) + 1")).await,
    );
    assert_eq!((placed, apart, last), (all, all, all));
    let report = log.is_sound().await;
    assert_eq!(
        (report.entries, report.unsigned),
        (u64::try_from(all).unwrap(), 0)
    );
}

#[actix_web::test]
async fn au_06_every_entry_has_its_place_and_the_tree_is_signed() {
    let team = Team::new().await;
    team.nurse.notes(team.patient, "訪問しました。").await;
    Log::of(&team.world).await.seal().await;
    let db = &team.world.db;
    for slug in ["kita", "minami"] {
        let network = network(&team.world, slug).await;
        let sql = format!(
            "SELECT hash FROM audit_leaves WHERE tenant_id = '{network}' ORDER BY leaf_index"
        );
        let rows = db.admin.query(&sql, &[]).await.unwrap();
        let leaves: Vec<Hash> = rows
            .iter()
            .map(|row| Hash::from_slice(row.get(0)).unwrap())
            .collect();
        let tree = "SELECT origin, size, note, halted FROM audit_trees WHERE tenant_id = $1";
        let row = db.admin.query_one(tree, &[&network]).await.unwrap();
        let (origin, size, note): (String, i64, String) = (row.get(0), row.get(1), row.get(2));
        assert_eq!(row.get::<_, Option<String>>(3), None);
        assert_eq!(origin, format!("localhost/access-log/{network}/1"));
        assert_eq!(size, i64::try_from(leaves.len()).unwrap());
        assert!(slug == "minami" || size > 30);
        let verifier = team.world.app.signer.verifier(&origin).await.unwrap();
        let signed = Signed::read(&note, &verifier).unwrap();
        assert_eq!(signed.checkpoint.root, root_of(leaves));
        assert_eq!(Note::parse(&note), Some(signed.note));
    }
}

/// Long and short transactions, kept and taken back, while two nodes seal all the time.
#[actix_web::test]
async fn au_03_whatever_commits_when_is_sealed_once_and_nothing_else_is() {
    let world = World::new().await;
    let other = world.second_node();
    let log = Log::of(&world).await;
    // Some transactions take their time between their last statement and their end.
    let slow = "CREATE FUNCTION linger() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN IF random() < 0.3 THEN PERFORM pg_sleep(random() * 0.15); END IF; RETURN NULL; END $$;
        CREATE CONSTRAINT TRIGGER linger AFTER INSERT ON audit_events DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION linger()";
    world.db.admin.batch_execute(slow).await.unwrap();
    let write = async |number: u64| {
        let entries = 1 + number % 5;
        let kept = number % 4 != 3;
        let write = async |tx: &Tx<'_>| {
            for at in 0..entries {
                let post = Uuid::from_u128((number << 8 | at).into());
                tx.record(Entry::new("post.create").on("post", post));
            }
            if kept { Ok(()) } else { Err(Error::NotFound) }
        };
        tokio::time::sleep(Duration::from_millis(number * 37 % 400)).await;
        let done = log.door().within(log.network, Actor::Worker, write).await;
        assert_eq!(done.is_ok(), kept);
        if kept { entries } else { 0 }
    };
    let sealing = async |door: &Door| {
        for _ in 0..40 {
            sealing::seal(door, log.network).await.unwrap();
            tokio::time::sleep(Duration::from_millis(15)).await;
        }
    };
    let door = Door {
        app: other.app.clone(),
        request: RequestInfo::internal("test"),
    };
    let (one, two) = (log.door(), door);
    let writing = futures_util::future::join_all((0..60).map(&write));
    let (written, (), ()) = futures_util::join!(writing, sealing(&one), sealing(&two));
    log.seal().await;
    let found: i64 = world
        .db
        .one("SELECT count(*) FROM audit_events WHERE action = 'post.create'")
        .await;
    assert_eq!(
        found,
        i64::try_from(written.into_iter().sum::<u64>()).unwrap()
    );
    each_has_its_place(&log).await;
}

/// An entry that was written first and committed last is not passed over.
#[actix_web::test]
async fn au_03_an_entry_that_commits_late_gets_its_place() {
    let world = World::new().await;
    let log = Log::of(&world).await;
    log.seal().await;
    let size = log.size().await;
    // Somebody else's transaction that is under way holds everything back that comes after it.
    let holder = connect(&world.db.owner_url).await;
    holder
        .batch_execute("BEGIN; SELECT pg_current_xact_id()")
        .await
        .unwrap();
    log.write(20).await;
    sealing::seal(&log.door(), log.network).await.unwrap();
    assert_eq!(log.size().await, size);
    holder.batch_execute("COMMIT").await.unwrap();
    log.seal().await;
    assert_eq!(log.size().await, size + 20);
    each_has_its_place(&log).await;
}

/// What is sealed and not signed yet is signed by whoever comes next, also when sealing is cut off at any moment.
#[actix_web::test]
async fn au_03_sealing_that_is_killed_at_any_moment_loses_and_doubles_nothing() {
    let world = World::new().await;
    let log = Log::of(&world).await;
    log.seal().await;
    for turn in 0..30_u64 {
        log.write(20).await;
        let killed_after = Duration::from_micros(turn * 400);
        drop(tokio::time::timeout(killed_after, sealing::seal(&log.door(), log.network)).await);
    }
    let batch = async |tx: &Tx<'_>| sealing::seal_batch(tx, false).await;
    log.write(5).await;
    log.door()
        .within_log(log.network, Actor::Worker, batch)
        .await
        .unwrap();
    log.seal().await;
    each_has_its_place(&log).await;
}

/// Numbers of transactions mean nothing in another cluster: what came from one by a restore is sealed at once.
#[actix_web::test]
async fn au_03_entries_from_another_cluster_are_sealed_at_once_and_once() {
    let world = World::new().await;
    let log = Log::of(&world).await;
    log.seal().await;
    let size = log.size().await;
    let holder = connect(&world.db.owner_url).await;
    holder
        .batch_execute("BEGIN; SELECT pg_current_xact_id()")
        .await
        .unwrap();
    log.write(40).await;
    // Half of them are from a cluster that was far ahead of this one.
    log.attack(
        "UPDATE audit_events SET epoch = 7, xid = 4611686018427387904 + xid WHERE tenant_id = $network
            AND id IN (SELECT id FROM audit_events WHERE tenant_id = $network ORDER BY at DESC, id DESC LIMIT 20)",
    )
    .await;
    sealing::seal(&log.door(), log.network).await.unwrap();
    assert_eq!(log.size().await, size + 20);
    holder.batch_execute("COMMIT").await.unwrap();
    log.seal().await;
    log.write(3).await;
    log.seal().await;
    each_has_its_place(&log).await;
    let leaves = "SELECT count(DISTINCT event_id) FROM audit_leaves JOIN audit_events ON id = event_id WHERE epoch = 7";
    assert_eq!(world.db.one::<i64>(leaves).await, 20);
}

/// What was changed before it was sealed is not the server's any more.
#[actix_web::test]
async fn au_06_an_entry_that_was_changed_before_it_was_sealed_is_left_out_and_reported() {
    let world = World::new().await;
    let log = Log::of(&world).await;
    log.seal().await;
    let holder = connect(&world.db.owner_url).await;
    holder
        .batch_execute("BEGIN; SELECT pg_current_xact_id()")
        .await
        .unwrap();
    log.write(3).await;
    let newest = "SELECT id FROM audit_events ORDER BY at DESC, id DESC LIMIT 1";
    let id: Uuid = world.db.one(newest).await;
    log.attack(&format!(
        "UPDATE audit_events SET purpose = 'PATRQT' WHERE id = '{id}'"
    ))
    .await;
    holder.batch_execute("COMMIT").await.unwrap();
    log.seal().await;
    let rejected: BTreeSet<Uuid> = {
        let rows = world
            .db
            .admin
            .query("SELECT event_id FROM audit_rejects", &[])
            .await
            .unwrap();
        rows.iter().map(|row| row.get(0)).collect()
    };
    assert_eq!(rejected, BTreeSet::from([id]));
    let found = log
        .finds(tsumugi_server::ledger::bundle::Kind::Inserted, None)
        .await;
    assert_eq!(found.id, Some(id));
}

/// Who can write everything in the database can put an entry at the end of the tree, with all hashes right. It is not
/// signed.
#[actix_web::test]
async fn au_06_an_entry_that_was_put_at_the_end_of_the_tree_is_not_signed() {
    let world = World::new().await;
    let log = Log::of(&world).await;
    log.write(20).await;
    log.seal().await;
    let (size, note) = (log.size().await, log.note().await);
    // A tree that really grew, with an entry that turns out to be nobody's.
    log.write(1).await;
    log.seal().await;
    let id = log.at(size).await;
    let grown = log.note().await;
    assert_ne!(grown, note);
    // The signer has to be asked again for the same growth: as if it had been killed before it wrote down what it signed.
    let folder = world.app.config.data_dir.join("log-signed");
    let memory = std::fs::read_dir(&folder)
        .unwrap()
        .map(|file| file.unwrap().path());
    for file in memory {
        let text = std::fs::read_to_string(&file).unwrap();
        if text.lines().nth(1) == Some(&(size + 1).to_string()) {
            let head: Vec<&str> = note.lines().take(3).collect();
            std::fs::write(&file, format!("{}\n", head.join("\n"))).unwrap();
        }
    }
    log.attack(&format!(
        "UPDATE audit_trees SET note = '{note}' WHERE tenant_id = $network"
    ))
    .await;
    log.attack(&format!(
        "UPDATE audit_events SET seal = substr(seal, 1, 16) || sha256('guess') WHERE id = '{id}'"
    ))
    .await;
    sealing::seal(&log.door(), log.network).await.unwrap();
    assert_eq!(log.note().await, note);
    let halted = format!(
        "SELECT halted FROM audit_trees WHERE tenant_id = '{}'",
        log.network
    );
    let why: Option<String> = world.db.one(&halted).await;
    assert_eq!(
        why,
        Some(format!("the entry at {size} is not what the server wrote"))
    );
}
