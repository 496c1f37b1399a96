//! A row for every table, told by the catalogue alone.

use std::{collections::BTreeMap, fmt::Write};

use tokio_postgres::Client;

/// Every table of the database, of whatever kind and in whatever schema; parts of a table are not tables of their own.
pub const TABLES: &str = "
    WITH tables AS (
        SELECT c.oid, c.relname, c.relrowsecurity, c.relforcerowsecurity
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p', 'f') AND NOT c.relispartition AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
    )";

/// The id of a second staff member of a network.
pub const SECOND: &str = "md5($tenant::text)::uuid";

/// What a row needs besides a value of the right type, and what is never left out.
pub const VALUES: &[(&str, &str, &str)] = &[
    ("access_overrides", "takes", "'read'"),
    ("accounts", "login_name", "'hanako'"),
    ("accounts", "role", "'staff'"),
    ("accounts", "language", "'ja'"),
    ("appointment_versions", "change", "'create'"),
    ("attachment_files", "rendition", "'full'"),
    ("attachments", "patient_id", "$id"),
    ("attachments", "state", "'uploading'"),
    ("acknowledgement_asks", "staff_member_id", "$id"),
    ("acknowledgement_asks", "state", "'asked'"),
    ("acknowledgement_requests", "part", "'asked'"),
    ("acknowledgement_steps", "what", "'reminded'"),
    ("audit_archives", "sha256", "sha256('')"),
    ("audit_events", "actor_kind", "'staff'"),
    ("audit_events", "clock", "'checked'"),
    ("audit_events", "outcome", "'allowed'"),
    (
        "audit_events",
        "seal",
        "'\\x00112233445566778899aabbccddeeff'",
    ),
    ("audit_leaves", "hash", "sha256('')"),
    ("audit_tiles", "hashes", "decode(repeat('00', 8192), 'hex')"),
    ("audit_tiles", "root", "sha256('')"),
    ("consents", "granted_by", "'patient'"),
    ("consents", "method", "'paper'"),
    ("devices", "kind", "'shared'"),
    ("emergency_accesses", "category", "'other'"),
    ("file_keys", "patient_id", "$id"),
    ("file_keys", "sealed", "'\\x00'"),
    ("fact_versions", "act", "'create'"),
    ("fact_versions", "confidence", "'confirmed'"),
    ("fact_versions", "source", "'interview'"),
    ("fact_versions", "value", "'{}'"),
    ("facts", "channel", "'team'"),
    ("finding_steps", "kind", "'found'"),
    ("findings", "rule", "'by_hand'"),
    ("findings", "state", "'open'"),
    ("invitations", "purpose", "'first'"),
    ("licences", "method", "'copy'"),
    ("patient_relations", "relation", "'family'"),
    ("patients", "sex", "'female'"),
    ("post_approvals", "decision", "'approved'"),
    ("post_reactions", "reaction", "'noted'"),
    ("post_templates", "kind", "'note'"),
    ("post_versions", "version", "1"),
    ("post_versions", "written_by_staff", "$id"),
    ("posts", "author_staff_id", "$id"),
    ("posts", "channel", "'team'"),
    ("posts", "class", "DEFAULT"),
    ("posts", "information", "DEFAULT"),
    ("posts", "kind", "'note'"),
    ("provisions", "basis", "'consent'"),
    ("search_entries", "class", "'team/note'"),
    ("search_entries", "patient_id", "$id"),
    ("search_entries", "source", "'post'"),
    ("record_export_files", "digest", "sha256('')"),
    ("record_export_links", "digest", "sha256('')"),
    ("record_exports", "format", "'pdf'"),
    ("record_exports", "purpose", "'disclosure'"),
    ("record_exports", "state", "'waiting'"),
    ("sign_in_guards", "kind", "'account'"),
    ("substitutions", "ends_at", "'2026-02-02T03:04:05Z'"),
    ("substitutions", "reason", "'leave'"),
    ("substitutions", "substitute_id", SECOND),
    ("tenants", "slug", "'network-' || left($tenant::text, 1)"),
    ("withholdings", "audience", "'everyone'"),
    ("witnesses", "address", "'anzen@example.jp'"),
    ("witnesses", "kind", "'mail'"),
    ("message_versions", "state", "'kept'"),
    ("messages", "state", "'kept'"),
    ("rooms", "history", "'all'"),
    ("rooms", "kind", "'free'"),
    ("rooms", "name", "'text'"),
];

/// The types of columns: in the catalogue, in the table definitions, and a value.
pub const TYPES: [(&str, &str, &str); 13] = [
    ("uuid", "Uuid", "$id"),
    ("text", "Text", "'text'"),
    (
        "timestamp with time zone",
        "Timestamptz",
        "'2026-01-02T03:04:05Z'",
    ),
    ("date", "Date", "'2026-01-02'"),
    ("integer", "Int4", "1"),
    ("bigint", "Int8", "1"),
    ("smallint", "Int2", "1"),
    ("boolean", "Bool", "false"),
    ("bytea", "Bytea", "'\\x00'"),
    ("jsonb", "Jsonb", "'{}'"),
    ("text[]", "Array<Text>", "'{}'"),
    ("uuid[]", "Array<Uuid>", "'{}'"),
    ("integer[]", "Array<Int4>", "'{}'"),
];

/// A column of a row to be inserted.
#[derive(Debug, Clone)]
pub struct Cell {
    pub column: String,
    pub value: String,
}

/// A column of a table.
pub struct Column {
    pub table: String,
    pub name: String,
    pub definition: &'static str,
    pub value: &'static str,
    pub required: bool,
}

/// Every column of every table but the list of migrations, in order.
pub async fn columns(client: &Client) -> Vec<Column> {
    let columns = format!(
        "{TABLES} SELECT relname::text, attname::text, format_type(atttypid, NULL), attnotnull
        FROM tables JOIN pg_attribute ON attrelid = tables.oid
        WHERE attnum > 0 AND NOT attisdropped AND relname <> '__diesel_schema_migrations' ORDER BY relname, attnum"
    );
    let column = |row: &tokio_postgres::Row| {
        let kind: &str = row.get(2);
        let known = TYPES.iter().find(|(name, ..)| *name == kind);
        let (_, definition, value) = known.unwrap_or_else(|| panic!("TYPES does not know {kind}"));
        Column {
            table: row.get(0),
            name: row.get(1),
            definition,
            value,
            required: row.get(3),
        }
    };
    client
        .query(&columns, &[])
        .await
        .unwrap()
        .iter()
        .map(column)
        .collect()
}

/// A row for every table of a network, in which every id is the network's own, so that each refers to the others.
pub async fn rows(client: &Client, network: &str) -> BTreeMap<String, Vec<Cell>> {
    let mut found: BTreeMap<String, Vec<Cell>> = BTreeMap::new();
    for column in columns(client).await {
        let given = VALUES
            .iter()
            .find(|(table, name, _)| *table == column.table && *name == column.name);
        let value = match given {
            Some((.., value)) => value,
            None if column.name == "tenant_id" => "$tenant",
            None if column.required => column.value,
            None => continue,
        };
        let tenant = format!("'{network}'::uuid");
        let value = value
            .replace("$tenant", &tenant)
            .replace("$id", &format!("'{network}'"));
        found.entry(column.table).or_default().push(Cell {
            column: column.name,
            value,
        });
    }
    found
}

pub fn insert(table: &str, row: &[Cell]) -> String {
    let columns: Vec<&str> = row.iter().map(|cell| cell.column.as_str()).collect();
    let values: Vec<&str> = row.iter().map(|cell| cell.value.as_str()).collect();
    format!(
        "INSERT INTO {table} ({}) VALUES ({})",
        columns.join(", "),
        values.join(", ")
    )
}

/// Puts a row of the network into every table; keys between them are right when all are there.
pub async fn fill(admin: &Client, network: &str) -> BTreeMap<String, Vec<Cell>> {
    let rows = rows(admin, network).await;
    let mut script = String::from("BEGIN; SET LOCAL session_replication_role = replica;");
    for (table, row) in &rows {
        writeln!(script, "{};", insert(table, row)).unwrap();
    }
    script.push_str("COMMIT");
    admin
        .batch_execute(&script)
        .await
        .expect("VALUES says what a row needs besides a value of the right type");
    rows
}
