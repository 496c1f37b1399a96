//! A database for each test, copied from a template that the first test of a run makes.

use std::hash::{DefaultHasher, Hash, Hasher};

use tokio_postgres::{Client, NoTls, types::FromSqlOwned};

/// A database of one test.
pub struct Database {
    /// Connected as the superuser.
    pub admin: Client,
    /// As the role that serves requests.
    pub url: String,
    /// As the role that may read the access log besides.
    pub log_url: String,
    /// As the owner of the tables.
    pub owner_url: String,
}

impl Database {
    /// The one value that a query answers with.
    pub async fn one<T: FromSqlOwned>(&self, sql: &str) -> T {
        self.admin.query_one(sql, &[]).await.unwrap().get(0)
    }
}

/// The address of the cluster's superuser.
#[expect(clippy::disallowed_methods, reason = "a test has no other settings")]
fn admin_url() -> String {
    std::env::var("TSUMUGI_TEST_ADMIN_URL").expect(
        "TSUMUGI_TEST_ADMIN_URL is the address of a PostgreSQL superuser; ./tests/run sets it",
    )
}

/// The same address for another role and database.
fn url(role: &str, database: &str) -> String {
    let admin = admin_url();
    let (_, rest) = admin.split_once("://").expect("an address");
    let host = rest.split_once('@').map_or(rest, |(_, host)| host);
    let host = host.split('/').next().expect("a host");
    format!("postgres://{role}@{host}/{database}")
}

/// Connects; the connection is driven in the background.
pub async fn connect(url: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls)
        .await
        .expect("the database answers");
    drop(tokio::task::spawn_local(async move {
        // Ends with an error when a test drops its database under it.
        drop(connection.await);
    }));
    client
}

/// A new database from the migrated template.
pub async fn fresh() -> Database {
    let template = template().await;
    let name = format!("test_{}", tsumugi_client::new_id().simple());
    let admin = connect(&url("postgres", "postgres")).await;
    let copy = format!(
        "CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY OWNER tsumugi_owner"
    );
    admin
        .batch_execute(&copy)
        .await
        .expect("the template can be copied");
    admin
        .batch_execute(&format!(
            "GRANT CONNECT ON DATABASE {name} TO tsumugi_app, tsumugi_log"
        ))
        .await
        .unwrap();
    Database {
        admin: connect(&url("postgres", &name)).await,
        url: url("tsumugi_app", &name),
        log_url: url("tsumugi_log", &name),
        owner_url: url("tsumugi_owner", &name),
    }
}

/// The template for the present migrations: made once, by whoever comes first.
async fn template() -> String {
    let mut hasher = DefaultHasher::new();
    for migration in migrations() {
        migration.hash(&mut hasher);
    }
    let name = format!("tsumugi_template_{:016x}", hasher.finish());
    let admin = connect(&url("postgres", "postgres")).await;
    admin
        .batch_execute("SELECT pg_advisory_lock(7305)")
        .await
        .unwrap();
    let found = admin
        .query_opt("SELECT FROM pg_database WHERE datname = $1", &[&name])
        .await
        .unwrap();
    if found.is_none() {
        let half = format!("{name}_half");
        admin
            .batch_execute(&format!("DROP DATABASE IF EXISTS {half} WITH (FORCE)"))
            .await
            .unwrap();
        admin
            .batch_execute(&format!(
                "CREATE DATABASE {half} OWNER tsumugi_owner TEMPLATE template0"
            ))
            .await
            .unwrap();
        prepare(&half).await;
        admin
            .batch_execute(&format!("ALTER DATABASE {half} RENAME TO {name}"))
            .await
            .unwrap();
    }
    admin
        .batch_execute("SELECT pg_advisory_unlock(7305)")
        .await
        .unwrap();
    name
}

async fn prepare(name: &str) {
    let inside = connect(&url("postgres", name)).await;
    inside
        .batch_execute(
            "ALTER SCHEMA public OWNER TO tsumugi_owner;
             REVOKE ALL ON SCHEMA public FROM PUBLIC;
             GRANT USAGE ON SCHEMA public TO tsumugi_app;",
        )
        .await
        .unwrap();
    tsumugi_server::commands::migrate_at(&url("tsumugi_owner", name))
        .await
        .expect("the migrations run");
}

/// Names and contents of the migrations.
fn migrations() -> Vec<String> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../schema/migrations");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path().join("up.sql"))
        .collect();
    files.sort();
    files
        .iter()
        .map(|file| {
            format!(
                "{} {}",
                file.display(),
                std::fs::read_to_string(file).unwrap()
            )
        })
        .collect()
}
