//! AU-14: months of the log that are old enough become files that still verify; held ones stay; nothing is lost whenever
//! it is broken off.

use std::{collections::BTreeMap, fs, path::Path};

use chrono::{TimeDelta, Utc};
use serde_json::Value;
use tsumugi_client::models::{CreateLegalHold, ListAccesses, RelationKind, ReleaseLegalHold};
use tsumugi_server::{
    ctx::Tx,
    ledger::{
        checkpoint::Signed,
        tree::{Hash, leaf_hash, root_of},
    },
    setup::{self, Outgoing},
    spine::{archive, auth::Actor},
};
use uuid::Uuid;

use crate::support::{
    Team, World,
    archives::{archived, entries_of, first, months, old, owner, read},
    log::{door, network, seal},
    refused,
};

/// Hashes of the whole tree, from the entries of files and of the database, and nothing else; and the root that was signed.
async fn whole_tree(world: &World, network: Uuid, folder: &Path) -> (Hash, Hash) {
    let mut places: BTreeMap<i64, Hash> = BTreeMap::new();
    for file in fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let read = read(&path);
        if read[0]["tenant"] != network.to_string() {
            continue;
        }
        for line in read.iter().filter(|line| line["t"] == "entry") {
            let hash = leaf_hash(line["entry"].as_str().unwrap().as_bytes());
            places.insert(line["index"].as_i64().unwrap(), hash);
        }
    }
    let of_database = async |tx: &Tx<'_>| {
        let mut found = Vec::new();
        for id in all_entries(world, network).await {
            let row = tsumugi_server::spine::audit::find(tx, id).await?.unwrap();
            let key = [(row.id, row.at)];
            let named = tsumugi_server::spine::audit::patients_of(tx, &key).await?;
            let named = named.into_values().flatten();
            found.push((id, row.into_entry(named).hash()));
        }
        Ok(found)
    };
    let door = door(&world.app);
    let found = door
        .within_log(network, Actor::Worker, of_database)
        .await
        .unwrap();
    let sql = "SELECT leaf_index FROM audit_leaves WHERE event_id = $1";
    for (id, hash) in found {
        let row = world.db.admin.query_one(sql, &[&id]).await.unwrap();
        places.insert(row.get(0), hash);
    }
    let sql = format!("SELECT note, origin FROM audit_trees WHERE tenant_id = '{network}'");
    let row = world.db.admin.query_one(&sql, &[]).await.unwrap();
    let verifier = world.app.signer.verifier(row.get(1)).await.unwrap();
    let signed = Signed::read(row.get(0), &verifier).unwrap().checkpoint;
    let size = i64::try_from(signed.size).unwrap();
    assert!(places.keys().copied().eq(0..size), "{:?}", places.keys());
    (root_of(places.into_values()), signed.root)
}

async fn all_entries(world: &World, network: Uuid) -> Vec<Uuid> {
    let sql = "SELECT event_id FROM audit_leaves JOIN audit_events ON id = event_id WHERE audit_leaves.tenant_id = $1";
    let rows = world.db.admin.query(sql, &[&network]).await.unwrap();
    rows.iter().map(|row| row.get(0)).collect()
}

async fn count(world: &World, month: &str) -> i64 {
    let sql = format!(
        "SELECT count(*) FROM audit_events WHERE to_char(at AT TIME ZONE 'Asia/Tokyo', 'YYYY-MM') = '{month}'"
    );
    world.db.one(&sql).await
}

#[actix_web::test]
async fn au_14_a_month_becomes_a_file_and_the_whole_tree_still_verifies() {
    let team = Team::new().await;
    let world = &team.world;
    let (kita, minami) = (network(world, "kita").await, network(world, "minami").await);
    // At the edge of two months places and times do not go together.
    entries_of(world, kita, old("2015-03"), team.patient, 40).await;
    entries_of(
        world,
        kita,
        "2015-03-31T14:58:00Z".parse().unwrap(),
        team.patient,
        2,
    )
    .await;
    entries_of(
        world,
        kita,
        "2015-03-31T15:00:00Z".parse().unwrap(),
        team.patient,
        1,
    )
    .await;
    entries_of(
        world,
        kita,
        "2015-03-31T14:58:30Z".parse().unwrap(),
        team.patient,
        3,
    )
    .await;
    entries_of(world, kita, old("2015-04"), team.patient, 20).await;
    entries_of(world, minami, old("2015-04"), team.patient, 5).await;
    for network in [kita, minami] {
        seal(world, network).await;
    }
    assert_eq!(months(world).await, [first("2015-03"), first("2015-04")]);
    assert_eq!(months(world).await, []);
    let folder = tempfile::tempdir().unwrap();
    let leaves = "SELECT count(*) FROM audit_leaves";
    let (before, march): (i64, i64) = (world.db.one(leaves).await, count(world, "2015-03").await);
    assert_eq!((march, count(world, "2015-04").await), (48, 29));
    let done = archived(world, folder.path()).await;
    let Outgoing::Gone(files) = &done[&first("2015-03")] else {
        panic!("{done:?}")
    };
    assert_eq!((done.len(), files.len()), (2, 1));
    assert!(files[0].starts_with("kita-1-2015-03-"));
    let Outgoing::Gone(files) = &done[&first("2015-04")] else {
        panic!("{done:?}")
    };
    assert!(
        files.len() == 2 && files[1].starts_with("minami-1-2015-04-"),
        "{files:?}"
    );
    // Out of the database; the leaves stay.
    assert_eq!(
        (count(world, "2015-03").await, count(world, "2015-04").await),
        (0, 0)
    );
    let after: i64 = world.db.one(leaves).await;
    assert!(after >= before);
    let parts = "SELECT count(*) FROM pg_class WHERE relname LIKE 'audit_event%_2015_0%'";
    assert_eq!(world.db.one::<i64>(parts).await, 0);
    for network in [kita, minami] {
        seal(world, network).await;
        let (root, signed) = whole_tree(world, network, folder.path()).await;
        assert_eq!(root, signed);
    }
    // What is in a later file of a neighbour's places is in the earlier one, by name and digest.
    let april = read(&folder.path().join(&files[0]));
    let elsewhere: Vec<&Value> = april
        .iter()
        .filter(|line| line["t"] == "archived")
        .collect();
    for line in &elsewhere {
        assert!(line["file"].as_str().unwrap().contains("2015-03"));
    }
    let places = |line: &&Value| line["to"].as_u64().unwrap() - line["from"].as_u64().unwrap();
    assert_eq!(
        elsewhere.iter().map(places).sum::<u64>(),
        4,
        "three entries and a list of March between those of April"
    );
    // It is in the log of each network that and what was done, and done again nothing happens.
    let entries = "SELECT count(*) FROM audit_events WHERE action = 'access_log.archive'";
    assert_eq!(world.db.one::<i64>(entries).await, 3);
    assert_eq!(archived(world, folder.path()).await, BTreeMap::new());
}

#[actix_web::test]
async fn au_14_a_held_month_stays_for_all_networks_until_it_is_released() {
    let team = Team::new().await;
    let world = &team.world;
    let (kita, minami) = (network(world, "kita").await, network(world, "minami").await);
    for month in ["2015-03", "2015-04"] {
        for network in [kita, minami] {
            entries_of(world, network, old(month), team.patient, 3).await;
        }
    }
    for network in [kita, minami] {
        seal(world, network).await;
    }
    months(world).await;
    let holds = team.auditor.client.legal_holds();
    let mut hold = CreateLegalHold::new(
        "2015-04-20".parse().unwrap(),
        "2015-04-20".parse().unwrap(),
        "訴訟のため",
    );
    hold.patient_id = Some(team.patient);
    holds.create(&hold).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let done = archived(world, folder.path()).await;
    assert!(matches!(&done[&first("2015-03")], Outgoing::Gone(files) if files.len() == 2));
    assert_eq!(
        done[&first("2015-04")],
        Outgoing::Held(vec!["kita".to_owned()])
    );
    assert_eq!(
        (count(world, "2015-03").await, count(world, "2015-04").await),
        (0, 8)
    );
    // Nobody but auditors, and not without a reason.
    let release = |reason: &str| ReleaseLegalHold {
        reason: reason.to_owned(),
    };
    let administrator = world.administrator.client.legal_holds();
    refused(
        administrator.release(hold.id, &release("不要")).await,
        403,
        "forbidden",
    );
    refused(
        holds.release(hold.id, &release(" ")).await,
        422,
        "invalid_input",
    );
    let released = holds
        .release(hold.id, &release("和解が成立したため"))
        .await
        .unwrap();
    assert!(released.released_at.is_some() && released.archive_files.is_empty());
    refused(
        holds.release(hold.id, &release("もう一度")).await,
        409,
        "legal_hold_released",
    );
    let done = archived(world, folder.path()).await;
    assert!(matches!(&done[&first("2015-04")], Outgoing::Gone(files) if files.len() == 2));
    // A hold that comes too late says which files to keep.
    let late = CreateLegalHold::new(first("2015-03"), first("2015-04"), "別の訴訟のため");
    let late = holds.create(&late).await.unwrap();
    assert_eq!(late.archive_files.len(), 2, "{late:?}");
    let listed = administrator.list(&Default::default()).await.unwrap().items;
    assert_eq!(listed.len(), 2);
}

/// A hold that begins after the files were written, before the month goes.
#[actix_web::test]
async fn au_14_a_hold_in_the_last_moment_is_heard() {
    let team = Team::new().await;
    let world = &team.world;
    let kita = network(world, "kita").await;
    entries_of(world, kita, old("2015-03"), team.patient, 3).await;
    seal(world, kita).await;
    months(world).await;
    let folder = tempfile::tempdir().unwrap();
    let door = door(&world.app);
    let written = archive::write_month(&door, (kita, "kita"), first("2015-03"), folder.path());
    assert!(matches!(written.await.unwrap(), archive::Month::Written(_)));
    let holds = team.auditor.client.legal_holds();
    let hold = CreateLegalHold::new(first("2015-03"), first("2015-03"), "訴訟のため");
    holds.create(&hold).await.unwrap();
    let drop_month = "SELECT drop_log_month('2015-03-01', now())";
    let obstacle = world.db.admin.query_one(drop_month, &[]).await.unwrap();
    assert_eq!(
        obstacle.get::<_, Option<String>>(0).as_deref(),
        Some("held")
    );
    assert_eq!(count(world, "2015-03").await, 4);
}

#[actix_web::test]
async fn au_14_broken_off_anywhere_it_is_done_again_and_nothing_is_lost() {
    let team = Team::new().await;
    let world = &team.world;
    let kita = network(world, "kita").await;
    entries_of(world, kita, old("2015-03"), team.patient, 12).await;
    months(world).await;
    let folder = tempfile::tempdir().unwrap();
    let month = first("2015-03");
    seal(world, kita).await;
    let door = door(&world.app);
    let write = async || archive::write_month(&door, (kita, "kita"), month, folder.path()).await;
    // Broken off while the file was written.
    let archive::Month::Written(files) = write().await.unwrap() else {
        panic!("not written")
    };
    let path = folder.path().join(&files[0].name);
    let part = path.with_extension("part");
    fs::rename(&path, &part).unwrap();
    let whole = fs::read(&part).unwrap();
    fs::write(&part, &whole[..whole.len() / 2]).unwrap();
    assert!(matches!(write().await.unwrap(), archive::Month::Written(_)));
    assert!(path.exists() && !part.exists());
    // Broken off before it was recorded: what is there is read back, and taken.
    let kept = fs::read(&path).unwrap();
    let archive::Month::Written(files) = write().await.unwrap() else {
        panic!("not written")
    };
    assert_eq!(fs::read(&path).unwrap(), kept);
    // What is in the way and is not the archive is not taken for it.
    let mut bent = kept.clone();
    let middle = bent.len() / 2;
    bent[middle] ^= 1;
    for wrong in [bent, kept[..kept.len() - 20].to_vec(), Vec::new()] {
        fs::write(&path, wrong).unwrap();
        assert!(write().await.is_err());
    }
    fs::write(&path, &kept).unwrap();
    // Not recorded, it does not go.
    let drop_month = "SELECT drop_log_month('2015-03-01', now())";
    let obstacle = world.db.admin.query_one(drop_month, &[]).await.unwrap();
    assert_eq!(
        obstacle.get::<_, Option<String>>(0).as_deref(),
        Some("not archived")
    );
    // Recorded and broken off before it went: a file that is gone or other stops everything.
    let record = "INSERT INTO audit_archives VALUES ($1, '2015-03-01', 1, $2, $3, $4, 0, $5, $6, now(), NULL)";
    let one = &files[0];
    let digest = one.sha256.to_vec();
    let values: [&(dyn tokio_postgres::types::ToSql + Sync); 6] =
        [&kita, &one.from, &one.to, &one.entries, &one.name, &digest];
    world.db.admin.execute(record, &values).await.unwrap();
    fs::rename(&path, &part).unwrap();
    assert!(write().await.is_err());
    fs::rename(&part, &path).unwrap();
    assert!(matches!(
        write().await.unwrap(),
        archive::Month::Recorded(_)
    ));
    assert_eq!(count(world, "2015-03").await, 13);
    let done = archived(world, folder.path()).await;
    assert_eq!(done[&month], Outgoing::Gone(vec![one.name.clone()]));
    assert_eq!(count(world, "2015-03").await, 0);
    let (root, signed) = whole_tree(world, kita, folder.path()).await;
    assert_eq!(root, signed);
}

#[actix_web::test]
async fn au_14_what_is_not_old_enough_or_not_sealed_stays() {
    let team = Team::new().await;
    let world = &team.world;
    let kita = network(world, "kita").await;
    let years = |years: i64| Utc::now() - TimeDelta::days(years * 365);
    entries_of(world, kita, years(9), team.patient, 2).await;
    entries_of(world, kita, years(12), team.patient, 2).await;
    let made = months(world).await;
    assert_eq!(made.len(), 2);
    // An entry that nobody has sealed, as if sealing were behind: the worker leaves what is after the horizon alone.
    let holding = crate::support::db::connect(&world.db.owner_url).await;
    holding
        .batch_execute("BEGIN; SELECT pg_current_xact_id()")
        .await
        .unwrap();
    entries_of(world, kita, years(12), team.patient, 1).await;
    let folder = tempfile::tempdir().unwrap();
    let done = archived(world, folder.path()).await;
    assert_eq!(
        done,
        BTreeMap::from([(made[0], Outgoing::Unsealed(vec!["kita".to_owned()]))])
    );
    holding.batch_execute("ROLLBACK").await.unwrap();
    seal(world, kita).await;
    let mut owner = owner(world).await;
    let door = door(&world.app);
    let none = setup::archive_log(&mut owner, &door, folder.path(), (10, Some(made[0]))).await;
    assert_eq!(none.unwrap(), []);
    let done = archived(world, folder.path()).await;
    assert_eq!(done.len(), 1);
    assert!(matches!(&done[&made[0]], Outgoing::Gone(_)));
}

#[actix_web::test]
async fn au_14_entries_that_are_not_genuine_go_into_the_file_as_what_they_are() {
    let team = Team::new().await;
    let world = &team.world;
    let kita = network(world, "kita").await;
    entries_of(world, kita, old("2015-03"), team.patient, 2).await;
    seal(world, kita).await;
    // Put there in the database, and so found; put there behind what was sealed, and so never looked at.
    let forge = "
        INSERT INTO audit_events (tenant_id, id, at, actor_kind, action, purpose, outcome, rules, policy_digest, request_id, clock, seal)
        SELECT tenant_id, gen_random_uuid(), at, actor_kind, action, purpose, outcome, rules, policy_digest, request_id, clock, seal
        FROM audit_events WHERE at < '2016-01-01' LIMIT 1";
    world.db.admin.batch_execute(forge).await.unwrap();
    for _ in 0..200 {
        tsumugi_server::spine::sealing::seal(&door(&world.app), kita)
            .await
            .unwrap();
        if world
            .db
            .one::<i64>("SELECT count(*) FROM audit_rejects")
            .await
            == 1
        {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(25)).await;
    }
    let behind = forge.replace("request_id, clock, seal)", "request_id, clock, seal, xid)");
    let behind = behind.replace("request_id, clock, seal\n", "request_id, clock, seal, 1\n");
    world.db.admin.batch_execute(&behind).await.unwrap();
    months(world).await;
    let folder = tempfile::tempdir().unwrap();
    let done = archived(world, folder.path()).await;
    let Outgoing::Gone(files) = &done[&first("2015-03")] else {
        panic!("{done:?}")
    };
    let read = read(&folder.path().join(&files[0]));
    let mut why: Vec<&str> = read
        .iter()
        .filter(|line| line["t"] == "loose")
        .map(|line| line["why"].as_str().unwrap())
        .collect();
    why.sort_unstable();
    assert_eq!(why, ["behind", "rejected"]);
}

#[actix_web::test]
async fn au_14_whoever_asks_for_an_archived_entry_hears_in_which_file_it_is() {
    let team = Team::new().await;
    let world = &team.world;
    let kita = network(world, "kita").await;
    entries_of(world, kita, old("2015-03"), team.patient, 2).await;
    let patient = team.relative("izumo", RelationKind::Patient).await;
    seal(world, kita).await;
    let old_entry: Uuid = world
        .db
        .one("SELECT id FROM audit_events WHERE at < '2016-01-01' LIMIT 1")
        .await;
    let month = ListAccesses {
        month: Some("2015-03".to_owned()),
        routine: true,
        ..Default::default()
    };
    let before = patient.accesses().list(team.patient, &month).await.unwrap();
    assert_eq!(before.items.len(), 3);
    let explanations = team.auditor.client.explanations();
    explanations.of_log_entry(old_entry).await.unwrap();
    months(world).await;
    let folder = tempfile::tempdir().unwrap();
    let done = archived(world, folder.path()).await;
    let Outgoing::Gone(files) = &done[&first("2015-03")] else {
        panic!("{done:?}")
    };
    let path = format!("/v1/access-log/{old_entry}/explanation");
    let answer = team.auditor.raw("GET", &path, "").await;
    assert_eq!(answer.status, 410);
    let problem: Value = answer.json().unwrap();
    assert_eq!(problem["code"], "access_log_archived");
    assert!(problem["detail"].as_str().unwrap().contains(&files[0]));
    let accesses = patient.accesses();
    refused(
        accesses.list(team.patient, &month).await,
        410,
        "access_log_archived",
    );
    refused(
        accesses.proof(team.patient, old_entry).await,
        410,
        "access_log_archived",
    );
}
