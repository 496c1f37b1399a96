//! Looking through the access log: what was seeded into the demonstration is found, and little else; in parts as
//! completely as at once.

use std::collections::BTreeSet;

use actix_web::web::Data;
use chrono::{DateTime, Utc};
use diesel_async::{AsyncConnection, AsyncPgConnection};
use tsumugi_server::{
    app::App,
    ctx::Door,
    demo::DemoSeeded,
    features::findings,
    setup,
    spine::{http::RequestInfo, seal::Seal, sealing},
};
use uuid::Uuid;

use crate::support::{
    db::{self, Database},
    world,
};

/// False alarms that are tolerated for every thousand entries of daily work.
const FALSE_ALARMS_PER_THOUSAND: usize = 1;

/// The demonstration on a database of its own, at a moment that does not depend on when the test is run.
struct Demonstration {
    db: Database,
    door: Door,
    networks: Vec<Uuid>,
    seeded: Vec<DemoSeeded>,
    _keys: tempfile::TempDir,
}

impl Demonstration {
    async fn load(seed: u64) -> Self {
        let db = db::fresh().await;
        let keys = tempfile::tempdir().unwrap();
        let app = Data::new(App::new(world::config(&db, keys.path())).unwrap());
        let noon: DateTime<Utc> = "2041-11-20T03:00:00Z".parse().unwrap();
        app.clock.advance(noon - app.clock.now());
        let mut owner = AsyncPgConnection::establish(&db.owner_url).await.unwrap();
        let seal = Seal::at(keys.path()).unwrap();
        let loaded = setup::load_demo(&mut owner, &seal, seed, app.clock.now());
        let seeded = loaded.await.unwrap().seeded;
        let rows = db
            .admin
            .query("SELECT tenant_id FROM tenants ORDER BY slug", &[]);
        let networks = rows.await.unwrap().iter().map(|row| row.get(0)).collect();
        let door = Door {
            app,
            request: RequestInfo::internal("test"),
        };
        Self {
            db,
            door,
            networks,
            seeded,
            _keys: keys,
        }
    }

    async fn seal(&self) {
        for network in &self.networks {
            sealing::seal(&self.door, *network).await.unwrap();
        }
        let lost =
            "SELECT (SELECT count(*) FROM audit_events) - (SELECT count(*) FROM audit_leaves)";
        assert_eq!(
            self.db.one::<i64>(lost).await,
            0,
            "what the demonstration tells is genuine"
        );
    }

    async fn look_through(&self) {
        for network in &self.networks {
            findings::look_through(&self.door, *network).await.unwrap();
        }
    }

    /// What was found, as it was seeded.
    async fn found(&self) -> BTreeSet<DemoSeeded> {
        let sql = "SELECT rule, day::text, person_id, patient_id, account_id, source_ip FROM findings WHERE state = 'open'";
        let rows = self.db.admin.query(sql, &[]).await.unwrap();
        let found = rows.iter().map(|row| {
            let rule: &str = row.get(0);
            let rules = self.seeded.iter().map(|seeded| seeded.rule);
            DemoSeeded {
                rule: rules
                    .into_iter()
                    .find(|known| *known == rule)
                    .unwrap_or("another rule"),
                day: row.get::<_, &str>(1).parse().unwrap(),
                staff: row.get(2),
                patient: row.get(3),
                account: row.get(4),
                source: row.get(5),
            }
        });
        found.collect()
    }

    /// Everything that is known of every finding.
    async fn everything(&self) -> Vec<String> {
        let sql = "
            SELECT concat_ws(' ', f.tenant_id, f.id, f.rule, f.day, f.staff_member_id, f.reasons, f.first_at, f.last_at, f.state,
                (SELECT string_agg(e.event_id::text, ',' ORDER BY e.event_id) FROM finding_evidence e
                    WHERE e.tenant_id = f.tenant_id AND e.finding_id = f.id AND e.run = f.run))
            FROM findings f ORDER BY f.tenant_id, f.id";
        let rows = self.db.admin.query(sql, &[]).await.unwrap();
        rows.iter().map(|row| row.get(0)).collect()
    }
}

#[actix_web::test]
async fn au_13_seeded_bad_behaviour_is_found_completely() {
    let demonstration = Demonstration::load(1).await;
    demonstration.seal().await;
    demonstration.look_through().await;
    let seeded: BTreeSet<DemoSeeded> = demonstration.seeded.iter().cloned().collect();
    let rules: BTreeSet<&str> = seeded.iter().map(|seeded| seeded.rule).collect();
    let all = [
        "after_membership",
        "emergency_unreviewed",
        "many_patients",
        "no_relation",
        "own_family",
        "repeated_denials",
        "same_address",
        "same_surname",
        "unusual_hour",
        "watched_patient",
    ];
    assert_eq!(
        rules,
        BTreeSet::from(all),
        "every rule has something to find"
    );
    let found = demonstration.found().await;
    let missed: Vec<_> = seeded.difference(&found).collect();
    assert!(missed.is_empty(), "recall is not 100 %: {missed:#?}");
    let false_alarms: Vec<_> = found.difference(&seeded).collect();
    let entries: i64 = demonstration
        .db
        .one("SELECT count(*) FROM audit_events")
        .await;
    let entries = usize::try_from(entries).unwrap();
    assert!(entries > 5_000, "{entries} entries");
    let tolerated = entries * FALSE_ALARMS_PER_THOUSAND / 1_000;
    let count = false_alarms.len();
    assert!(
        count <= tolerated,
        "{count} false alarms of {tolerated} tolerated in {entries} entries: {false_alarms:#?}"
    );
    println!(
        "{} seeded, {} found, {count} false alarms, {entries} entries",
        seeded.len(),
        found.len()
    );
}

#[actix_web::test]
async fn au_13_looking_as_it_comes_finds_what_looking_at_everything_finds() {
    let demonstration = Demonstration::load(7).await;
    demonstration.seal().await;
    let admin = &demonstration.db.admin;
    // As if everything before had been looked at, and all entries were new.
    let begin = "INSERT INTO finding_progress (tenant_id, tree, next_index, wanted, done, rule_version, updated_at)
        SELECT tenant_id, 1, 0, 1, 1, 0, now() FROM tenants";
    admin.batch_execute(begin).await.unwrap();
    demonstration.look_through().await;
    let as_it_came = demonstration.everything().await;
    assert!(as_it_came.len() > 20);
    admin
        .batch_execute("UPDATE finding_progress SET wanted = wanted + 1")
        .await
        .unwrap();
    demonstration.look_through().await;
    let at_once = demonstration.everything().await;
    assert_eq!(as_it_came, at_once);
    let superseded = "SELECT count(*) FROM finding_steps WHERE kind <> 'found'";
    assert_eq!(demonstration.db.one::<i64>(superseded).await, 0);
    // Whoever begins anew and is killed in between is followed by another who goes on.
    admin
        .batch_execute("UPDATE finding_progress SET next_index = 0")
        .await
        .unwrap();
    demonstration.look_through().await;
    assert_eq!(demonstration.everything().await, at_once);
}
