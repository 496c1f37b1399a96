//! The six attacks that somebody with all rights in the database can make on the access log: each is found, at its first
//! place, and called what it is, in the database and in a file that is made of it.

use tsumugi_server::{
    ledger::bundle::{Kind, Outcome},
    spine::sealing,
};

use uuid::Uuid;

use crate::support::{World, log::Log};

/// Entries of a log that has full tiles and a last one that is not full.
const MANY: usize = 600;

/// A world whose log has been written, sealed and saved.
async fn world() -> World {
    World::new().await
}

async fn prepared(world: &World) -> Log<'_> {
    let log = Log::of(world).await;
    log.write(MANY).await;
    log.seal().await;
    log.save().await;
    let report = log.is_sound().await;
    assert!(report.entries > 600 && report.unsealed == 0, "{report:?}");
    log
}

#[actix_web::test]
async fn au_06_an_edited_entry_is_found_and_named() {
    let world = world().await;
    let log = prepared(&world).await;
    let last = log.size().await - 1;
    for (set, index) in [
        ("action = 'patient.read'", 100),
        ("outcome = 'denied'", 0),
        ("account_id = gen_random_uuid()", 300),
        ("patient_id = gen_random_uuid()", 301),
        ("patient_id = NULL", 302),
        ("at = at + interval '1 microsecond'", 303),
        ("at = at - interval '40 days'", last),
        ("source_ip = '192.0.2.9'", 304),
        ("decision = '{}'", 305),
        ("seal = sha256('x') || substr(sha256('y'), 1, 16)", 306),
        ("purpose = 'PATRQT'", last),
        ("rules = '{team-reads}'", 307),
        ("count = coalesce(count, 0) + 1", 308),
        ("clock = 'checked'", 309),
        ("id = gen_random_uuid()", 310),
        ("request_id = 'other'", 311),
        ("staff_member_id = gen_random_uuid()", 512),
    ] {
        let id = log.at(index).await;
        log.attack(&format!("UPDATE audit_events SET {set} WHERE id = '{id}'"))
            .await;
        log.finds(Kind::Edited, Some(index)).await;
        log.restore().await;
    }
    log.is_sound().await;
}

#[actix_web::test]
async fn au_06_an_edited_list_of_patients_is_found_and_named() {
    let world = world().await;
    let log = prepared(&world).await;
    let named = "SELECT leaf_index FROM audit_leaves l JOIN audit_event_patients p ON p.event_id = l.event_id
        WHERE leaf_index > 300 AND l.tenant_id = p.tenant_id ORDER BY leaf_index LIMIT 1";
    let index: i64 = world.db.one(named).await;
    let id = log.at(index).await;
    let one = format!(
        "event_id = '{id}' AND patient_id = (SELECT patient_id FROM audit_event_patients WHERE event_id = '{id}' LIMIT 1)"
    );
    for sql in [
        format!("DELETE FROM audit_event_patients WHERE {one}"),
        format!("UPDATE audit_event_patients SET patient_id = gen_random_uuid() WHERE {one}"),
        format!(
            "INSERT INTO audit_event_patients SELECT tenant_id, id, gen_random_uuid(), at FROM audit_events WHERE id = '{id}'"
        ),
    ] {
        log.attack(&sql).await;
        log.finds(Kind::Edited, Some(index)).await;
        log.restore().await;
    }
}

#[actix_web::test]
async fn au_06_an_edit_with_all_hashes_made_to_fit_is_found_between_checkpoints() {
    let world = world().await;
    let log = prepared(&world).await;
    // The hash of the leaf, too: the tile tells.
    let id = log.at(100).await;
    let edit = format!("UPDATE audit_events SET action = 'patient.read' WHERE id = '{id}'");
    log.attack(&edit).await;
    let hash = hash_of(&log, 100).await;
    log.attack(&format!(
        "UPDATE audit_leaves SET hash = '\\x{hash}' WHERE event_id = '{id}'"
    ))
    .await;
    log.finds(Kind::Edited, Some(100)).await;
    // The tile and the edge as well: only the signature is right.
    let first = "substr(hashes, 1, 100 * 32)";
    let rest = "substr(hashes, 101 * 32 + 1)";
    log.attack(&format!(
        "UPDATE audit_tiles SET hashes = {first} || '\\x{hash}'::bytea || {rest}
            WHERE tenant_id = $network AND level = 0 AND tile_index = 0"
    ))
    .await;
    // Known is between which checkpoints; the worker may have made one of the first entries.
    let found = log.verify(&[], None).await.alteration.unwrap();
    let (from, before) = (found.index.unwrap(), found.before.unwrap());
    assert!(
        found.kind == Kind::Edited && (from..before).contains(&100),
        "{found:?}"
    );
}

/// Exchanges two values of a column whose values differ, over a third one.
fn in_three_steps(table: &str, column: &str, [one, other, aside]: [String; 3]) -> String {
    let step = |from: &str, to: &str| {
        format!(
            "UPDATE {table} SET {column} = {to} WHERE {column} = {from} AND tenant_id = $network"
        )
    };
    [step(&one, &aside), step(&other, &one), step(&aside, &other)].join("; ")
}

/// The hash of the entry at a place, as whoever covers something up would make it.
async fn hash_of(log: &Log<'_>, index: usize) -> String {
    let file = String::from_utf8(log.file().await).unwrap();
    let start = format!("{{\"t\":\"entry\",\"index\":{index},");
    let line = file.lines().find(|line| line.starts_with(&start)).unwrap();
    let line: serde_json::Value = serde_json::from_str(line).unwrap();
    let hash = tsumugi_server::ledger::tree::leaf_hash(line["entry"].as_str().unwrap().as_bytes());
    format!("{hash:?}")
}

#[actix_web::test]
async fn au_06_a_deleted_entry_is_found_and_named() {
    let world = world().await;
    let log = prepared(&world).await;
    let last = log.size().await - 1;
    for index in [0, 100, 530, last - 1] {
        let id = log.at(index).await;
        log.attack(&format!("DELETE FROM audit_events WHERE id = '{id}'"))
            .await;
        log.finds(Kind::Deleted, Some(index)).await;
        log.attack(&format!("DELETE FROM audit_leaves WHERE event_id = '{id}'"))
            .await;
        log.finds(Kind::Deleted, Some(index)).await;
        log.restore().await;
    }
    // With the later places moved up, as long as a tile knows better.
    let id = log.at(100).await;
    log.attack(&format!(
        "DELETE FROM audit_events WHERE id = '{id}'; DELETE FROM audit_leaves WHERE event_id = '{id}';
        UPDATE audit_leaves SET leaf_index = -leaf_index WHERE tenant_id = $network AND leaf_index > 100;
        UPDATE audit_leaves SET leaf_index = -leaf_index - 1 WHERE tenant_id = $network AND leaf_index < 0;
        UPDATE audit_trees SET size = size - 1 WHERE tenant_id = $network"
    ))
    .await;
    log.finds(Kind::Deleted, Some(100)).await;
}

#[actix_web::test]
async fn au_06_a_cut_end_is_found_and_named() {
    let world = world().await;
    let log = prepared(&world).await;
    let from = log.size().await - 70;
    let events = format!(
        "DELETE FROM audit_events e USING audit_leaves l
            WHERE l.event_id = e.id AND l.tenant_id = $network AND leaf_index >= {from}"
    );
    let leaves =
        format!("DELETE FROM audit_leaves WHERE tenant_id = $network AND leaf_index >= {from}");
    log.attack(&events).await;
    log.finds(Kind::Truncated, Some(from)).await;
    log.attack(&leaves).await;
    log.finds(Kind::Truncated, Some(from)).await;
    log.attack(&format!(
        "UPDATE audit_trees SET size = {from} WHERE tenant_id = $network"
    ))
    .await;
    log.finds(Kind::Truncated, Some(from)).await;
}

#[actix_web::test]
async fn au_08_a_cut_end_with_its_checkpoints_is_known_to_whoever_kept_one() {
    let world = world().await;
    let log = Log::of(&world).await;
    log.write(300).await;
    log.seal().await;
    log.save().await;
    let before = log.size().await;
    log.write(100).await;
    log.seal().await;
    let witness = log.note().await;
    // Events, places, tiles, cursors, checkpoints and tree: all as they were.
    log.restore().await;
    log.is_sound().await;
    let report = log.verify(std::slice::from_ref(&witness), None).await;
    let found = report.alteration.unwrap();
    assert_eq!(
        (found.kind, found.index),
        (Kind::RolledBack, u64::try_from(before).ok())
    );
    assert_eq!(found.before, u64::try_from(before + 100).ok());
    // Who kept none sees that nothing was signed any more.
    let signed_at = report.signed_at.unwrap();
    let stale = log.verify(&[], Some(signed_at + 1)).await;
    assert_eq!((stale.outcome, stale.exit), (Outcome::Stale, 4));
}

#[actix_web::test]
async fn au_06_an_inserted_entry_is_found_and_named() {
    let world = world().await;
    let log = prepared(&world).await;
    let columns = "tenant_id, at, actor_kind, action, purpose, outcome, rules, policy_digest, request_id, clock, seal";
    let values = "$network, 'staff', 'patient.read', 'TREAT', 'allowed', '{}', '', 'forged', 'checked', sha256('a') || substr(sha256('b'), 1, 16)";
    let insert = |at: &str, id: &str, more: &str, given: &str| {
        let values = values.replacen(", ", &format!(", {at}, "), 1);
        format!("INSERT INTO audit_events ({columns}, id{more}) VALUES ({values}, '{id}'{given})")
    };
    let forged = "019a0000-0000-7000-8000-00000000abcd";
    // Backdated, and made to look as if it had been there when sealing came by.
    let behind = insert("now() - interval '1 day'", forged, ", xid", ", 3");
    log.attack(&behind).await;
    let found = log.finds(Kind::Inserted, None).await;
    assert_eq!(found.id.unwrap().to_string(), forged);
    log.restore().await;
    // With a place between others, and with one at the end of a tile.
    for index in [100, 255, 520] {
        log.attack(&behind).await;
        log.attack(&format!(
            "UPDATE audit_leaves SET leaf_index = -leaf_index - 1 WHERE tenant_id = $network AND leaf_index >= {index};
            UPDATE audit_leaves SET leaf_index = -leaf_index WHERE tenant_id = $network AND leaf_index < 0;
            INSERT INTO audit_leaves SELECT tenant_id, 1, {index}, id, at, sha256('guess') FROM audit_events WHERE id = '{forged}'"
        ))
        .await;
        log.finds(Kind::Inserted, Some(index)).await;
        log.restore().await;
    }
    // As the server would: sealing finds that it is not the server's, and leaves it out.
    log.attack(&insert("now()", forged, "", "")).await;
    log.seal().await;
    let found = log.finds(Kind::Inserted, None).await;
    assert_eq!(found.id.unwrap().to_string(), forged);
    let rejected: i64 = world.db.one("SELECT count(*) FROM audit_rejects").await;
    assert_eq!((rejected, log.verify(&[], None).await.rejected), (1, 1));
}

#[actix_web::test]
async fn au_06_exchanged_entries_are_found_and_named() {
    let world = world().await;
    let log = prepared(&world).await;
    let last = log.size().await - 1;
    for (one, other) in [(100, 101), (33, 540), (520, last)] {
        let (a, b) = (log.at(one).await, log.at(other).await);
        let exchange = |columns: &str| {
            let columns: Vec<&str> = columns.split(' ').collect();
            let set: Vec<String> = columns.iter().map(|c| format!("{c} = o.{c}")).collect();
            format!(
                "UPDATE audit_events e SET {} FROM (SELECT * FROM audit_events) o
                    WHERE e.id IN ('{a}', '{b}') AND o.id IN ('{a}', '{b}') AND o.id <> e.id AND e.tenant_id = o.tenant_id",
                set.join(", ")
            )
        };
        let all = "at actor_kind account_id staff_member_id client_id profession facility_id session_id action purpose outcome
            code patient_id resource_type resource_id count rules policy_digest request_id source_ip decision ground
            resource_version on_behalf_of device_id query_digest clock seal";
        let all: Vec<&str> = all.split_whitespace().collect();
        let but = |left: &[&str]| {
            let kept = all.iter().copied().filter(|column| !left.contains(column));
            kept.collect::<Vec<_>>().join(" ")
        };
        let listed = format!(
            "UPDATE audit_event_patients SET event_id = CASE event_id WHEN '{a}' THEN '{b}'::uuid ELSE '{a}'::uuid END,
                at = (SELECT at FROM audit_events WHERE id = CASE event_id WHEN '{a}' THEN '{b}'::uuid ELSE '{a}'::uuid END)
                WHERE event_id IN ('{a}', '{b}')"
        );
        let quoted =
            [a.to_string(), b.to_string(), Uuid::nil().to_string()].map(|id| format!("'{id}'"));
        let attacks = [
            // What they say, with and without their times and secrets; the listed patients go along.
            format!("{listed}; {}", exchange(&but(&["at"]))),
            format!("{listed}; {}", exchange(&but(&["at", "seal"]))),
            // Single fields.
            exchange("resource_id"),
            exchange("patient_id"),
            exchange("seal"),
            // Their places, with and without the hashes.
            in_three_steps("audit_leaves", "leaf_index", [one.to_string(), other.to_string(), "-1".to_owned()]),
            format!(
                "{}; UPDATE audit_leaves SET event_at = (SELECT at FROM audit_events WHERE id = event_id)
                    WHERE leaf_index IN ({one}, {other}) AND tenant_id = $network",
                in_three_steps("audit_leaves", "event_id", quoted.clone())
            ),
            // Which is which.
            format!(
                "{}; {}",
                in_three_steps("audit_events", "id", quoted.clone()),
                in_three_steps("audit_event_patients", "event_id", quoted)
            ),
        ];
        for (number, sql) in attacks.iter().enumerate() {
            log.attack(sql).await;
            let report = log.verify(&[], None).await;
            let found = report.alteration.map(|found| (found.kind, found.index));
            let expected = Some((Kind::Swapped, u64::try_from(one).ok()));
            assert_eq!(found, expected, "{one} {other} {number}: {report:?}");
            log.restore().await;
        }
    }
}

#[actix_web::test]
async fn au_08_an_old_backup_shows_against_a_witness_and_cannot_be_signed_any_more() {
    let world = world().await;
    let log = Log::of(&world).await;
    log.write(300).await;
    log.seal().await;
    log.save().await;
    let (before, old) = (log.size().await, log.note().await);
    log.write(100).await;
    log.seal().await;
    let witness = log.note().await;
    log.restore().await;
    // The log goes on after the restore, and gets longer than it was.
    log.write(200).await;
    log.seal().await;
    assert_eq!(log.size().await, before + 200);
    assert_eq!(log.note().await, old);
    let halted = format!(
        "SELECT halted FROM audit_trees WHERE tenant_id = '{}'",
        log.network
    );
    let why: Option<String> = world.db.one(&halted).await;
    assert!(
        why.unwrap().contains("does not grow"),
        "nothing is signed any more"
    );
    let report = log.verify(&[old.clone(), witness.clone()], None).await;
    let found = report.alteration.unwrap();
    assert_eq!(
        (found.kind, found.index),
        (Kind::RolledBack, u64::try_from(before).ok()),
        "{report:?}"
    );
    assert_eq!(report.unsigned, 200);
    let fits: Vec<Option<bool>> = report.since.iter().map(|since| since.fits).collect();
    assert_eq!(fits, [Some(true), Some(false)]);
    // Who admits the loss begins a new tree. It verifies; the old checkpoints do not fit it.
    assert_eq!(sealing::restart(&log.door(), log.network).await.unwrap(), 2);
    log.seal_again().await;
    let report = log.is_sound().await;
    assert_eq!(report.entries, u64::try_from(before + 201).unwrap()); // and the entry that says so
    assert!(report.origin.ends_with("/2") && report.unsigned == 0);
    let report = log.verify(&[witness], None).await;
    assert_eq!(report.alteration.unwrap().kind, Kind::RolledBack);
}
