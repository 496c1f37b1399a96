//! The database as it is, read from the catalogue of a freshly migrated one, so that nothing new escapes.

use std::{
    collections::BTreeMap,
    fmt::Write,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use tokio_postgres::{Client, error::SqlState};

use crate::support::{
    db::{self, connect},
    rows::{Cell, SECOND, TABLES, columns, fill, insert},
};

/// The tables that are not one network's: the networks themselves, and the list of migrations.
const SHARED: [&str; 2] = ["__diesel_schema_migrations", "tenants"];

/// Written once and never changed.
const APPEND_ONLY: &[&str] = &[
    "acknowledgements",
    "audit_archives",
    "audit_checkpoints",
    "audit_event_patients",
    "audit_events",
    "audit_leaves",
    "audit_rejects",
    "audit_tiles",
    "clock_alarms",
    "cosignatures",
    "fact_versions",
    "finding_rules",
    "finding_steps",
    "message_acknowledgement_requests",
    "message_acknowledgements",
    "message_attachments",
    "message_moves",
    "message_versions",
    "post_approvals",
    "post_recipients",
    "post_versions",
];

/// What the owner alone writes, and the server reads.
const WRITTEN_BY_OWNER: [&str; 1] = ["audit_archives"];

/// What the policy of every table says, as PostgreSQL writes it.
const OWN_NETWORK: &str = r#"(tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))"#;

const NETWORK_A: &str = "aaaaaaaa-0000-7000-8000-000000000001";
const NETWORK_B: &str = "bbbbbbbb-0000-7000-8000-000000000002";

/// The one text column of a query's answer.
async fn texts(client: &Client, sql: &str) -> Vec<String> {
    client
        .query(sql, &[])
        .await
        .unwrap()
        .iter()
        .map(|row| row.get(0))
        .collect()
}

/// Holds the one text column of a query's answer against a list.
async fn expect(client: &Client, sql: &str, expected: &[&str]) {
    assert_eq!(texts(client, sql).await, expected, "{sql}");
}

async fn number(client: &Client, sql: &str) -> i64 {
    client.query_one(sql, &[]).await.unwrap().get(0)
}

async fn tables(client: &Client) -> Vec<String> {
    let all = format!("{TABLES} SELECT relname::text FROM tables ORDER BY relname");
    texts(client, &all).await
}

#[actix_web::test]
async fn every_table_belongs_to_a_network_and_is_walled_off() {
    let db = db::fresh().await;
    assert!(tables(&db.admin).await.len() > 20);
    let without_network = format!(
        "{TABLES} SELECT relname::text FROM tables WHERE NOT EXISTS (
            SELECT FROM pg_attribute a WHERE a.attrelid = tables.oid AND a.attname = 'tenant_id'
            AND a.atttypid = 'uuid'::regtype AND a.attnotnull) ORDER BY relname"
    );
    expect(&db.admin, &without_network, &["__diesel_schema_migrations"]).await;
    let open = format!(
        "{TABLES} SELECT relname::text FROM tables WHERE NOT (relrowsecurity AND relforcerowsecurity) ORDER BY relname"
    );
    expect(&db.admin, &open, &["__diesel_schema_migrations"]).await;
}

/// A third for what is found by words, which takes rows away and never adds one (decision 014).
const LOOKED_FOR: &str = r#"((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")) AND (tokens @> ( SELECT (COALESCE(NULLIF(current_setting('app.search_tokens'::text, true), ''::text), '{}'::text))::integer[] AS "coalesce")))"#;

/// Two for every table: rows are for everybody, but only those of the network of the transaction.
#[actix_web::test]
async fn every_table_has_the_same_policies() {
    let db = db::fresh().await;
    let policies = "
        SELECT concat_ws(' ', c.relname, p.polname, p.polcmd,
            CASE WHEN p.polpermissive THEN 'permissive' ELSE 'restrictive' END,
            (SELECT string_agg(coalesce(r.rolname, 'public'), ',') FROM unnest(p.polroles) AS role (oid)
                LEFT JOIN pg_roles r ON r.oid = role.oid),
            pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid))
        FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid WHERE NOT c.relispartition ORDER BY 1";
    let mut expected = vec![
        format!("search_entries asked r restrictive public {LOOKED_FOR}"),
        "tenants everyone r permissive public true".to_owned(),
        "tenants setup * permissive tsumugi_owner true true".to_owned(),
    ];
    for table in tables(&db.admin)
        .await
        .iter()
        .filter(|table| !SHARED.contains(&table.as_str()))
    {
        expected.push(format!("{table} rows * permissive public true true"));
        expected.push(format!(
            "{table} tenant * restrictive public {OWN_NETWORK} {OWN_NETWORK}"
        ));
    }
    expected.sort();
    let mut found = texts(&db.admin, policies).await;
    found.sort();
    assert_eq!(found, expected);
}

#[actix_web::test]
async fn az_12_every_key_and_index_starts_with_the_network() {
    let db = db::fresh().await;
    let without_key = format!(
        "{TABLES} SELECT relname::text FROM tables WHERE NOT EXISTS (
            SELECT FROM pg_constraint k WHERE k.conrelid = tables.oid AND k.contype = 'p') ORDER BY relname"
    );
    expect(&db.admin, &without_key, &[]).await;
    // A first column of 0 is an expression.
    let elsewhere = format!(
        "{TABLES} SELECT i.indexrelid::regclass::text FROM pg_index i JOIN tables ON tables.oid = i.indrelid
        WHERE NOT EXISTS (
            SELECT FROM pg_attribute a WHERE a.attrelid = i.indrelid AND a.attnum = i.indkey[0] AND a.attname = 'tenant_id')
        ORDER BY 1"
    );
    // Tokens are made with the network in them (decision 014).
    let known = [
        "__diesel_schema_migrations_pkey",
        "search_entries_by_token",
        "tenants_slug_key",
    ];
    expect(&db.admin, &elsewhere, &known).await;
    let across = "
        SELECT k.conname::text FROM pg_constraint k
        WHERE k.contype = 'f' AND NOT EXISTS (
            SELECT FROM pg_attribute child, pg_attribute parent
            WHERE child.attrelid = k.conrelid AND child.attnum = k.conkey[1] AND child.attname = 'tenant_id'
            AND parent.attrelid = k.confrelid AND parent.attnum = k.confkey[1] AND parent.attname = 'tenant_id')
        ORDER BY 1";
    expect(&db.admin, across, &[]).await;
}

#[actix_web::test]
async fn every_table_and_column_is_explained_and_classified() {
    let db = db::fresh().await;
    let tables = format!(
        "{TABLES} SELECT relname::text FROM tables WHERE coalesce(obj_description(oid, 'pg_class'), '') = '' ORDER BY 1"
    );
    expect(&db.admin, &tables, &["__diesel_schema_migrations"]).await;
    let columns = format!(
        "{TABLES} SELECT relname || '.' || attname FROM tables JOIN pg_attribute ON attrelid = tables.oid
        WHERE attnum > 0 AND NOT attisdropped
        AND coalesce(col_description(tables.oid, attnum), '') !~ '^(identifier|clinical|account|operational): [A-Z].+'
        ORDER BY 1"
    );
    let unexplained = [
        "__diesel_schema_migrations.run_on",
        "__diesel_schema_migrations.version",
    ];
    expect(&db.admin, &columns, &unexplained).await;
}

#[actix_web::test]
async fn az_09_the_serving_role_owns_nothing_and_has_no_power_of_its_own() {
    let db = db::fresh().await;
    let powers = "
        SELECT rolname || ' ' || power FROM pg_roles, unnest(ARRAY[
            CASE WHEN rolsuper THEN 'superuser' END, CASE WHEN rolbypassrls THEN 'bypassrls' END,
            CASE WHEN rolcreaterole THEN 'createrole' END, CASE WHEN rolcreatedb THEN 'createdb' END,
            CASE WHEN rolreplication THEN 'replication' END]) AS power
        WHERE rolname IN ('tsumugi_app', 'tsumugi_log', 'tsumugi_owner') AND power IS NOT NULL";
    expect(&db.admin, powers, &[]).await;
    let memberships = "
        SELECT g.rolname || ' ' || m.rolname FROM pg_auth_members
        JOIN pg_roles g ON g.oid = roleid JOIN pg_roles m ON m.oid = member
        WHERE g.rolname LIKE 'tsumugi%' OR m.rolname LIKE 'tsumugi%'";
    expect(&db.admin, memberships, &["tsumugi_app tsumugi_log"]).await;
    let owned = "
        SELECT classid::regclass || ' ' || objid FROM pg_shdepend
        WHERE deptype = 'o' AND refobjid IN ('tsumugi_app'::regrole, 'tsumugi_log'::regrole) AND dbid IN (
            SELECT oid FROM pg_database WHERE datname = current_database() UNION ALL SELECT 0)";
    expect(&db.admin, owned, &[]).await;
    let not_the_owners = "
        SELECT relname::text FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relowner <> 'tsumugi_owner'::regrole";
    expect(&db.admin, not_the_owners, &[]).await;
    let creates = "
        SELECT nspname::text FROM pg_namespace WHERE has_schema_privilege('tsumugi_log', oid, 'CREATE')
        UNION ALL SELECT datname::text FROM pg_database
        WHERE datname = current_database() AND has_database_privilege('tsumugi_log', oid, 'CREATE')";
    expect(&db.admin, creates, &[]).await;
    let harm = format!(
        "{TABLES} SELECT relname || ' ' || privilege FROM tables, unnest(ARRAY['TRUNCATE', 'REFERENCES', 'TRIGGER']) AS privilege
        WHERE has_table_privilege('tsumugi_log', oid, privilege)"
    );
    expect(&db.admin, &harm, &[]).await;
}

/// Whoever could ask a part of a table directly would go around its walls: nobody may, and it has walls of its own.
#[actix_web::test]
async fn az_09_parts_of_a_table_have_the_same_walls_and_nobody_has_rights_on_them() {
    let db = db::fresh().await;
    let parts = "SELECT count(*) FROM pg_class WHERE relispartition AND relkind = 'r'";
    assert!(number(&db.admin, parts).await >= 10);
    let open = format!(
        "SELECT relname::text FROM pg_class c WHERE relispartition AND relkind = 'r' AND NOT (
            relrowsecurity AND relforcerowsecurity AND EXISTS (
                SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND NOT polpermissive AND polroles = '{{0}}'
                AND pg_get_expr(polqual, polrelid) = '{0}' AND pg_get_expr(polwithcheck, polrelid) = '{0}'))",
        OWN_NETWORK.replace('\'', "''")
    );
    expect(&db.admin, &open, &[]).await;
    let granted = "
        SELECT relname::text FROM pg_class, aclexplode(relacl)
        WHERE relispartition AND grantee <> 'tsumugi_owner'::regrole";
    expect(&db.admin, granted, &[]).await;
}

/// What a role can do, however it came to it: by a grant, through PUBLIC, or through another role.
async fn privileges(client: &Client, role: &str) -> Vec<String> {
    let privileges = format!(
        "{TABLES} SELECT concat_ws(' ', 'table', relname, privilege) FROM tables,
            unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) AS privilege
        WHERE has_table_privilege('{role}', oid, privilege)
        UNION ALL SELECT concat_ws(' ', 'column', relname, privilege, attname) FROM tables
            JOIN pg_attribute ON attrelid = tables.oid AND attnum > 0 AND NOT attisdropped,
            unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'REFERENCES']) AS privilege
        WHERE has_column_privilege('{role}', tables.oid, attnum, privilege)
            AND NOT has_table_privilege('{role}', tables.oid, privilege)
        UNION ALL SELECT concat_ws(' ', 'sequence', oid::regclass, privilege) FROM pg_class,
            unnest(ARRAY['USAGE', 'SELECT', 'UPDATE']) AS privilege
        WHERE relkind = 'S' AND has_sequence_privilege('{role}', oid, privilege)
        UNION ALL SELECT concat_ws(' ', 'function', oid::regprocedure) FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace AND has_function_privilege('{role}', oid, 'EXECUTE')
        UNION ALL SELECT concat_ws(' ', 'schema', nspname, 'USAGE') FROM pg_namespace
        WHERE nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema'
            AND has_schema_privilege('{role}', oid, 'USAGE')"
    );
    let mut found = texts(client, &privileges).await;
    found.sort();
    found
}

#[actix_web::test]
async fn the_privileges_of_the_serving_roles_are_those_on_the_lists() {
    let db = db::fresh().await;
    let app = privileges(&db.admin, "tsumugi_app").await;
    let listed: Vec<&str> = include_str!("privileges.txt").lines().collect();
    assert_eq!(app, listed);
    // The role of the log has the same, and what is on a list of its own.
    let mut log = privileges(&db.admin, "tsumugi_log").await;
    for privilege in &app {
        let place = log.iter().position(|own| own == privilege);
        log.remove(place.unwrap_or_else(|| panic!("{privilege}")));
    }
    let listed: Vec<&str> = include_str!("privileges-log.txt").lines().collect();
    assert_eq!(log, listed);
}

#[actix_web::test]
async fn what_is_written_once_cannot_be_changed() {
    let db = db::fresh().await;
    let changes = format!(
        "SELECT relname || ' ' || privilege FROM pg_class, unnest(ARRAY['UPDATE', 'DELETE', 'TRUNCATE']) AS privilege
        WHERE relname = ANY ('{{{}}}') AND (has_table_privilege('tsumugi_log', oid, privilege)
            OR privilege = 'UPDATE' AND has_any_column_privilege('tsumugi_log', oid, privilege))",
        APPEND_ONLY.join(",")
    );
    expect(&db.admin, &changes, &[]).await;
    let log = connect(&db.log_url).await;
    for table in APPEND_ONLY {
        for statement in [
            format!("DELETE FROM {table}"),
            format!("UPDATE {table} SET tenant_id = tenant_id"),
        ] {
            let refused = log.batch_execute(&statement).await.unwrap_err();
            assert_eq!(
                refused.code(),
                Some(&SqlState::INSUFFICIENT_PRIVILEGE),
                "{statement}"
            );
        }
    }
}

#[actix_web::test]
async fn there_is_no_back_door() {
    let db = db::fresh().await;
    let doors = "
        WITH ours AS (SELECT oid FROM pg_namespace WHERE nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema')
        SELECT 'view ' || relname FROM pg_class WHERE relkind = 'v' AND relnamespace IN (SELECT oid FROM ours)
            AND NOT coalesce(reloptions @> ARRAY['security_invoker=true'], false)
        UNION ALL SELECT 'materialized view ' || relname FROM pg_class WHERE relkind = 'm'
        UNION ALL SELECT 'foreign table ' || relname FROM pg_class WHERE relkind = 'f'
        UNION ALL SELECT 'definer ' || proname FROM pg_proc WHERE prosecdef AND pronamespace IN (SELECT oid FROM ours)
        UNION ALL SELECT 'rule ' || rulename FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class
            WHERE c.relkind <> 'v' AND c.relnamespace IN (SELECT oid FROM ours)
        UNION ALL SELECT 'event trigger ' || evtname FROM pg_event_trigger
        UNION ALL SELECT 'extension ' || extname FROM pg_extension WHERE extname <> 'plpgsql'
        UNION ALL SELECT 'default privileges ' || oid FROM pg_default_acl
        UNION ALL SELECT 'schema ' || nspname FROM pg_namespace WHERE oid IN (SELECT oid FROM ours) AND nspname <> 'public'";
    expect(&db.admin, doors, &[]).await;
}

/// How a statement ends in a transaction with this setting: the rows it touched, or why it was refused.
async fn attempt(
    client: &Client,
    setting: Option<&str>,
    statement: &str,
) -> Result<u64, tokio_postgres::Error> {
    let set = setting.map_or(String::new(), |network| {
        format!("SET LOCAL app.tenant_id = '{network}'")
    });
    client
        .batch_execute(&format!("BEGIN; {set}"))
        .await
        .unwrap();
    let done = client.execute(statement, &[]).await;
    client.batch_execute("ROLLBACK").await.unwrap();
    done
}

#[actix_web::test]
async fn az_10_nothing_is_seen_or_written_outside_the_network_of_the_transaction() {
    let db = db::fresh().await;
    let rows = fill(&db.admin, NETWORK_A).await;
    let (app, log) = (connect(&db.url).await, connect(&db.log_url).await);
    let owner = connect(&db.owner_url).await;
    let hidden = format!(
        "{TABLES} SELECT relname::text FROM tables WHERE NOT has_table_privilege('tsumugi_app', oid, 'SELECT')"
    );
    let hidden = texts(&db.admin, &hidden).await;
    let walled = rows
        .iter()
        .filter(|(table, _)| !SHARED.contains(&table.as_str()));
    for (table, row) in walled {
        let (select, insert) = (format!("SELECT FROM {table}"), insert(table, row));
        let (app, role) = if hidden.contains(table) {
            (&log, "tsumugi_log")
        } else {
            (&app, "tsumugi_app")
        };
        assert_eq!(
            attempt(app, Some(NETWORK_A), &select).await.unwrap(),
            1,
            "{table}: the own row is seen"
        );
        let writer = if WRITTEN_BY_OWNER.contains(&table.as_str()) {
            &owner
        } else {
            app
        };
        let again = attempt(writer, Some(NETWORK_A), &insert).await.unwrap_err();
        assert_eq!(
            again.code(),
            Some(&SqlState::UNIQUE_VIOLATION),
            "{table}: only the key is in the way"
        );
        for setting in [None, Some(""), Some(NETWORK_B)] {
            for client in [app, &owner] {
                assert_eq!(
                    attempt(client, setting, &select).await.unwrap(),
                    0,
                    "{table} with {setting:?}"
                );
            }
            let refused = attempt(writer, setting, &insert).await.unwrap_err();
            let message = refused.as_db_error().map_or("", |error| error.message());
            assert!(
                message.contains("row-level security"),
                "{table} with {setting:?}: {refused:?}"
            );
            for change in changes(&db.admin, role, table).await {
                match attempt(app, Some(NETWORK_A), &change).await {
                    Ok(changed) => assert_eq!(changed, 1, "{change}"),
                    // The row was reached; what refers to it is in the way.
                    Err(error) => assert_eq!(
                        error.code(),
                        Some(&SqlState::FOREIGN_KEY_VIOLATION),
                        "{change}"
                    ),
                }
                assert_eq!(
                    attempt(app, setting, &change).await.unwrap(),
                    0,
                    "{change} with {setting:?}"
                );
            }
        }
    }
    let refused = attempt(&app, Some(NETWORK_A), &insert("tenants", &rows["tenants"]))
        .await
        .unwrap_err();
    assert_eq!(refused.code(), Some(&SqlState::INSUFFICIENT_PRIVILEGE));
}

/// Statements that change rows, as far as a serving role may.
async fn changes(admin: &Client, role: &str, table: &str) -> Vec<String> {
    let sql = format!(
        "SELECT 'UPDATE {table} SET ' || attname || ' = ' || attname FROM pg_attribute
        WHERE attrelid = '{table}'::regclass AND attnum > 0
        AND has_column_privilege('{role}', attrelid, attnum, 'UPDATE')
        UNION ALL SELECT 'DELETE FROM {table}' WHERE has_table_privilege('{role}', '{table}', 'DELETE')"
    );
    texts(admin, &sql).await
}

#[actix_web::test]
async fn az_12_a_row_never_refers_to_another_network() {
    let db = db::fresh().await;
    let rows = fill(&db.admin, NETWORK_A).await;
    fill(&db.admin, NETWORK_B).await;
    // Somebody else, for what ties two people.
    let second = SECOND.replace("$tenant", &format!("'{NETWORK_A}'"));
    let mut somebody_else = rows["staff_members"].clone();
    for cell in somebody_else.iter_mut().filter(|cell| cell.column == "id") {
        cell.value.clone_from(&second);
    }
    let somebody_else = format!(
        "BEGIN; SET LOCAL session_replication_role = replica; {}; COMMIT",
        insert("staff_members", &somebody_else)
    );
    db.admin.batch_execute(&somebody_else).await.unwrap();
    let keys = "
        SELECT k.conname::text, c.relname::text, a.attname::text FROM pg_constraint k
        JOIN pg_class c ON c.oid = k.conrelid
        JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[2]
        WHERE k.contype = 'f' AND k.conparentid = 0 ORDER BY 1";
    let keys = db.admin.query(keys, &[]).await.unwrap();
    assert!(keys.len() > 30);
    for key in keys {
        let (name, table, column): (String, String, String) = (key.get(0), key.get(1), key.get(2));
        let with = |id: &str| {
            let mut row: Vec<Cell> = rows[&table]
                .iter()
                .filter(|cell| cell.column != column)
                .cloned()
                .collect();
            row.push(Cell {
                column: column.clone(),
                value: format!("'{id}'"),
            });
            // Exactly one author: the one under test.
            let other = match column.as_str() {
                "author_client_id" => "author_staff_id",
                "written_by_client" => "written_by_staff",
                _ => "",
            };
            row.retain(|cell| cell.column != other);
            // What is not there without another: the time of taking a pin away, the thread of an answer.
            let beside = match (table.as_str(), column.as_str()) {
                (_, "unpinned_by") => Some(("unpinned_at", "now()".to_owned())),
                ("posts", "reply_to") => Some(("thread_id", format!("'{NETWORK_A}'"))),
                ("posts", "thread_id") => Some(("reply_to", format!("'{NETWORK_A}'"))),
                _ => None,
            };
            row.extend(beside.map(|(name, value)| Cell {
                column: name.to_owned(),
                value,
            }));
            // Only an end names what stands in the place of a fact, and an end says nothing else.
            if (table.as_str(), column.as_str()) == ("fact_versions", "superseded_by") {
                row.retain(|cell| {
                    !["value", "confidence", "source"].contains(&cell.column.as_str())
                });
                for (name, value) in [("act", "'end'"), ("reason", "'text'")] {
                    row.retain(|cell| cell.column != name);
                    row.push(Cell {
                        column: name.to_owned(),
                        value: value.to_owned(),
                    });
                }
            }
            // Nobody stands in or writes for themselves.
            let oneself = match column.as_str() {
                "substitute_id" => "absent_id",
                "on_behalf_of" => "author_staff_id",
                _ => "",
            };
            for cell in row.iter_mut().filter(|cell| cell.column == oneself) {
                cell.value.clone_from(&second);
            }
            insert(&table, &row)
        };
        // The own row makes room, whatever refers to it.
        let prepare = format!(
            "BEGIN; SET LOCAL session_replication_role = replica; DELETE FROM {table} WHERE tenant_id = '{NETWORK_A}';
             SET LOCAL session_replication_role = origin; SET LOCAL ROLE tsumugi_log;
             SET LOCAL app.tenant_id = '{NETWORK_A}'; SAVEPOINT ready"
        );
        db.admin.batch_execute(&prepare).await.unwrap();
        db.admin
            .batch_execute(&with(NETWORK_A))
            .await
            .unwrap_or_else(|error| panic!("{name}: {error:?}"));
        db.admin.batch_execute("ROLLBACK TO ready").await.unwrap();
        let refused = db
            .admin
            .batch_execute(&with(NETWORK_B))
            .await
            .expect_err(&name);
        let refused = refused.as_db_error().unwrap();
        assert_eq!(
            (refused.code(), refused.constraint()),
            (&SqlState::FOREIGN_KEY_VIOLATION, Some(name.as_str()))
        );
        db.admin.batch_execute("ROLLBACK").await.unwrap();
    }
}

#[actix_web::test]
async fn az_11_the_setting_ends_with_the_transaction() {
    let db = db::fresh().await;
    fill(&db.admin, NETWORK_A).await;
    let app = connect(&db.url).await;
    for end in ["COMMIT", "ROLLBACK"] {
        app.batch_execute(&format!("BEGIN; SET LOCAL app.tenant_id = '{NETWORK_A}'"))
            .await
            .unwrap();
        assert_eq!(number(&app, "SELECT count(*) FROM patients").await, 1);
        app.batch_execute(end).await.unwrap();
        assert_eq!(
            number(&app, "SELECT count(*) FROM patients").await,
            0,
            "after {end}"
        );
        let left = "SELECT coalesce(current_setting('app.tenant_id', true), '')";
        assert_eq!(texts(&app, left).await, [""], "after {end}");
    }
}

/// Names and folders of the migrations, in order.
fn migrations() -> Vec<PathBuf> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../schema/migrations");
    let mut found: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    found.sort();
    found
}

/// The schema as `pg_dump` writes it, without what differs from call to call.
fn dump(url: &str) -> String {
    let mut folders: Vec<PathBuf> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path().join("bin/pg_dump")))
        .filter(|program| program.exists())
        .collect();
    folders.sort();
    let program = folders
        .pop()
        .unwrap_or_else(|| Path::new("pg_dump").to_owned());
    let output = Command::new(program)
        .args(["--schema-only", "--dbname", url])
        .output()
        .expect("pg_dump is there");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let text = String::from_utf8(output.stdout).unwrap();
    let lines = text
        .lines()
        .filter(|line| !line.starts_with("\\restrict") && !line.starts_with("\\unrestrict"));
    lines.collect::<Vec<_>>().join("\n")
}

#[actix_web::test]
async fn migrations_can_be_taken_back_and_run_again() {
    let db = db::fresh().await;
    let before = dump(&db.owner_url);
    assert!(before.contains("CREATE TABLE public.patients"));
    let owner = connect(&db.owner_url).await;
    let run = async |folder: &Path, file: &str| {
        let sql = fs::read_to_string(folder.join(file)).unwrap();
        owner
            .batch_execute(&format!("BEGIN; {sql}; COMMIT"))
            .await
            .unwrap_or_else(|e| panic!("{file} of {folder:?}: {e:?}"));
    };
    for folder in migrations().iter().rev() {
        run(folder, "down.sql").await;
    }
    let left = "
        SELECT c.relname::text FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace
        UNION ALL SELECT p.proname::text FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace
        UNION ALL SELECT t.typname::text FROM pg_type t
            WHERE t.typnamespace = 'public'::regnamespace AND t.typtype <> 'c' AND t.typelem = 0
        ORDER BY 1";
    assert_eq!(
        texts(&owner, left).await,
        [
            "__diesel_schema_migrations",
            "__diesel_schema_migrations_pkey"
        ]
    );
    for folder in &migrations() {
        run(folder, "up.sql").await;
    }
    // The months of the access log are made anew, as after every migration.
    tsumugi_server::commands::migrate_at(&db.owner_url)
        .await
        .unwrap();
    assert!(
        before == dump(&db.owner_url),
        "up, down and up again is not the same as up"
    );
}

#[actix_web::test]
async fn table_definitions_equal_the_catalogue() {
    let db = db::fresh().await;
    let mut expected: BTreeMap<String, String> = BTreeMap::new();
    for column in columns(&db.admin).await {
        let (name, of) = (column.name, column.definition);
        let kind = if column.required {
            of.to_owned()
        } else {
            format!("Nullable<{of}>")
        };
        let lines: &mut String = expected.entry(column.table).or_default();
        writeln!(lines, "        {name} -> {kind},").unwrap();
    }
    let keys = "
        SELECT c.relname::text, string_agg(a.attname, ', ' ORDER BY place) FROM pg_constraint k
        JOIN pg_class c ON c.oid = k.conrelid, unnest(k.conkey) WITH ORDINALITY AS part (number, place)
        JOIN pg_attribute a ON a.attnum = part.number
        WHERE k.contype = 'p' AND a.attrelid = k.conrelid GROUP BY 1";
    let keys = db.admin.query(keys, &[]).await.unwrap();
    let keys: BTreeMap<String, String> = keys.iter().map(|row| (row.get(0), row.get(1))).collect();
    let mut text = String::new();
    for (table, columns) in &expected {
        let key = &keys[table];
        write!(text, "diesel::table! {{\n    {table} ({key}) {{\n").unwrap();
        write!(text, "{columns}    }}\n}}\n\n").unwrap();
    }
    let names = expected.keys().map(|table| format!("    {table},\n"));
    text.push_str("diesel::allow_tables_to_appear_in_same_query!(\n");
    text.extend(names.chain([");\n".to_owned()]));
    let file = include_str!("../../../schema/src/tables.rs");
    let written = file.find("diesel::table!").map_or("", |at| &file[at..]);
    assert!(
        written == text,
        "schema/src/tables.rs is not what the catalogue says, which is:\n{text}"
    );
}
