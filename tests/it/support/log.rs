//! The access log of a network in a test: written to, sealed, verified as it is stored and as a file, and put back.

use std::time::Duration;

use actix_web::web::Data;
use tsumugi_server::{
    app::App,
    ctx::{Door, Tx},
    ledger::{
        bundle::{self, Alteration, Asked, Header, Outcome, Parts, Report, Writer},
        note::Verifier,
    },
    spine::{
        audit::Entry,
        auth::Actor,
        http::RequestInfo,
        sealing::{
            self,
            walk::{self, Connection, Walk},
        },
    },
};
use uuid::Uuid;

use super::World;

/// Everything that is kept of the log.
const TABLES: [&str; 8] = [
    "audit_events",
    "audit_event_patients",
    "audit_trees",
    "audit_cursors",
    "audit_leaves",
    "audit_tiles",
    "audit_checkpoints",
    "audit_rejects",
];

/// The way into the database that the worker takes.
pub fn door(app: &Data<App>) -> Door {
    Door {
        app: app.clone(),
        request: RequestInfo::internal("test"),
    }
}

/// The id of a network.
pub async fn network(world: &World, slug: &str) -> Uuid {
    let sql = format!("SELECT tenant_id FROM tenants WHERE slug = '{slug}'");
    world.db.one(&sql).await
}

/// Seals everything of a network and has it signed, as the worker does; answers how many entries that are.
pub async fn seal(world: &World, network: Uuid) -> u64 {
    let waiting = format!(
        "SELECT count(*) FROM audit_events WHERE tenant_id = '{network}'
            AND NOT EXISTS (SELECT 1 FROM audit_leaves WHERE event_id = audit_events.id AND tenant_id = '{network}')"
    );
    let signed = format!(
        "SELECT size FROM audit_trees WHERE tenant_id = '{network}' AND split_part(note, E'\\n', 2) = size::text
         ORDER BY tree DESC LIMIT 1"
    );
    // The worker may be at it as well; and a transaction of another test, in the same cluster, may hold the horizon.
    for _ in 0..1200 {
        sealing::seal(&door(&world.app), network).await.unwrap();
        let left: i64 = world.db.one(&waiting).await;
        if left == 0
            && let Some(row) = world.db.admin.query_opt(&signed, &[]).await.unwrap()
        {
            return u64::try_from(row.get::<_, i64>(0)).unwrap();
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("the log does not come to rest");
}

/// The log of a network.
pub struct Log<'a> {
    pub world: &'a World,
    pub network: Uuid,
}

impl<'a> Log<'a> {
    /// Of `kita`.
    pub async fn of(world: &'a World) -> Self {
        let network = network(world, "kita").await;
        Self { world, network }
    }

    pub fn door(&self) -> Door {
        door(&self.world.app)
    }

    /// Writes so many entries, some of which name patients, fifty in each transaction.
    pub async fn write(&self, count: usize) {
        let door = self.door();
        let mut left = count;
        while left > 0 {
            let some = left.min(50);
            let write = async |tx: &Tx<'_>| {
                for number in 0..some {
                    let id = |kind: u128| Uuid::from_u128(kind << 64 | number as u128);
                    let entry = Entry::new(["timeline.list", "post.create"][number % 2]);
                    let entry = entry.of_patient(id(1)).listing(number).on("post", id(2));
                    let listed =
                        (0..number % 7).map(|more| Uuid::from_u128(3 << 64 | more as u128));
                    tx.record(if number % 3 == 0 {
                        entry.naming(listed)
                    } else {
                        entry
                    });
                }
                Ok(())
            };
            door.within(self.network, Actor::Worker, write)
                .await
                .unwrap();
            left -= some;
        }
    }

    /// How many entries of all networks wait for their place, and how many trees for their signature.
    async fn waiting(&self) -> i64 {
        let all = "SELECT (SELECT count(*) FROM audit_events) - (SELECT count(*) FROM audit_leaves)
            - (SELECT count(*) FROM audit_rejects) + (SELECT count(*) FROM audit_trees
                WHERE halted IS NULL AND coalesce(split_part(note, E'\\n', 2), '0') <> size::text)";
        self.world.db.one(all).await
    }

    /// Seals all networks to their end, as the worker does, which may be at it as well.
    pub async fn seal(&self) {
        let all = "SELECT tenant_id FROM tenants";
        for _ in 0..600 {
            for row in self.world.db.admin.query(all, &[]).await.unwrap() {
                sealing::seal(&self.door(), row.get(0)).await.unwrap();
            }
            if self.waiting().await == 0 {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the log does not come to rest");
    }

    /// Seals the newest of several trees to its end.
    pub async fn seal_again(&self) {
        for _ in 0..600 {
            sealing::seal(&self.door(), self.network).await.unwrap();
            let sql = format!(
                "SELECT count(*) FROM audit_events WHERE tenant_id = '{}'",
                self.network
            );
            let all: i64 = self.world.db.one(&sql).await;
            let signed = format!(
                "SELECT coalesce(split_part(note, E'\\n', 2) = size::text, false) FROM audit_trees \
                 WHERE tenant_id = '{}' ORDER BY tree DESC LIMIT 1",
                self.network
            );
            if self.size().await == all && self.world.db.one(&signed).await {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the log does not come to rest");
    }

    /// How many entries have their place.
    pub async fn size(&self) -> i64 {
        let sql = format!(
            "SELECT size FROM audit_trees WHERE tenant_id = '{}' ORDER BY tree DESC LIMIT 1",
            self.network
        );
        self.world.db.one(&sql).await
    }

    /// The latest checkpoint.
    pub async fn note(&self) -> String {
        let sql = format!(
            "SELECT note FROM audit_trees WHERE tenant_id = '{}' ORDER BY tree DESC LIMIT 1",
            self.network
        );
        self.world.db.one(&sql).await
    }

    /// The entry at a place.
    pub async fn at(&self, index: i64) -> Uuid {
        let sql = format!(
            "SELECT event_id FROM audit_leaves WHERE tenant_id = '{}' AND leaf_index = {index} ORDER BY tree DESC LIMIT 1",
            self.network
        );
        self.world.db.one(&sql).await
    }

    /// Does something to the database that only its superuser can; `$network` is the network.
    pub async fn attack(&self, sql: &str) {
        let network = format!("'{}'", self.network);
        let sql = sql.replace("$network", &network);
        let script = format!("BEGIN; SET LOCAL session_replication_role = replica; {sql}; COMMIT");
        let done = self.world.db.admin.batch_execute(&script).await;
        done.unwrap_or_else(|error| panic!("{sql}: {error:?}"));
    }

    /// Keeps everything as it is.
    pub async fn save(&self) {
        for table in TABLES {
            let sql = format!(
                "DROP TABLE IF EXISTS saved_{table}; CREATE TABLE saved_{table} AS SELECT * FROM {table}"
            );
            self.world.db.admin.batch_execute(&sql).await.unwrap();
        }
    }

    /// Puts everything back as it was when it was saved: an old backup.
    pub async fn restore(&self) {
        let put_back =
            |table| format!("DELETE FROM {table}; INSERT INTO {table} SELECT * FROM saved_{table}");
        self.attack(&TABLES.map(put_back).join("; ")).await;
    }

    /// The key of the log.
    pub async fn verifier(&self, origin: &str) -> Verifier {
        self.world.app.signer.verifier(origin).await.unwrap()
    }

    /// Verifies the newest tree as it is stored.
    async fn examine_stored(&self, ask: impl Fn(&Header, &Verifier) -> Asked) -> Report {
        let connection = Connection::open(&self.world.db.log_url, self.network)
            .await
            .unwrap();
        let tree = connection.trees().await.unwrap().remove(0);
        let verifier = self.verifier(&tree.origin).await;
        let walk = Walk::through(&connection, tree).await.unwrap();
        let header = walk.header(&verifier, "2026-11-30T00:00:00Z");
        let asked = ask(&header, &verifier);
        walk::examine(walk, header, &verifier, asked).await.unwrap()
    }

    /// All of the newest tree as a file.
    pub async fn file(&self) -> Vec<u8> {
        let connection = Connection::open(&self.world.db.log_url, self.network)
            .await
            .unwrap();
        let tree = connection.trees().await.unwrap().remove(0);
        let verifier = self.verifier(&tree.origin).await;
        let walk = Walk::through(&connection, tree).await.unwrap();
        let header = walk.header(&verifier, "2026-11-30T00:00:00Z");
        let mut writer = Writer::begin(Vec::new(), &header).unwrap();
        walk::write(walk, &mut writer).await.unwrap();
        writer.end().unwrap()
    }

    /// Verifies it as it is stored and as a file, which have to say the same.
    pub async fn verify(&self, since: &[String], not_before: Option<u64>) -> Report {
        self.examine(asked(since, not_before)).await
    }

    /// Verifies it with parts that are in other files.
    pub async fn verify_with(&self, parts: &Parts) -> Report {
        let ask = |header: &Header, verifier: &Verifier| {
            let notes = parts.notes_of(&header.origin);
            Asked {
                since: notes.map(|note| bundle::older(note, verifier)).collect(),
                archives: parts.places_of(&header.origin),
                ..Asked::default()
            }
        };
        self.examine(ask).await
    }

    async fn examine(&self, ask: impl Fn(&Header, &Verifier) -> Asked) -> Report {
        let mut stored = self.examine_stored(&ask).await;
        let file = bundle::examine(&self.file().await[..], None, &ask).unwrap();
        if file.note != stored.note {
            stored = self.examine_stored(&ask).await; // the worker has signed in between
        }
        assert_eq!(file, stored);
        stored
    }

    /// Insists on what was found.
    pub async fn finds(&self, kind: bundle::Kind, index: Option<i64>) -> Alteration {
        let report = self.verify(&[], None).await;
        let alteration = report.alteration.unwrap_or_else(|| panic!("{report:?}"));
        let found = (report.outcome, alteration.kind, alteration.index);
        let index = index.map(|index| u64::try_from(index).unwrap());
        assert_eq!(found, (Outcome::Altered, kind, index), "{report:?}");
        alteration
    }

    /// Insists that nothing is wrong.
    pub async fn is_sound(&self) -> Report {
        let report = self.verify(&[], None).await;
        assert_eq!(report.outcome, Outcome::Sound, "{report:?}");
        report
    }
}

/// What is asked besides: older checkpoints, and how old the newest may be.
fn asked(since: &[String], not_before: Option<u64>) -> impl Fn(&Header, &Verifier) -> Asked {
    move |_, verifier| Asked {
        since: since
            .iter()
            .map(|note| bundle::older(note, verifier))
            .collect(),
        not_before,
        ..Asked::default()
    }
}
