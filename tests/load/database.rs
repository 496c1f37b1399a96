//! The program's own look at the server's database.

use std::time::{Duration, Instant};

use tokio::runtime::Runtime;
use tokio_postgres::{Client, NoTls, Row};

use crate::{Result, say};

/// How long the announcements of one run may take in all.
const PATIENCE: Duration = Duration::from_mins(2);

/// A connection as a superuser: sees every network.
pub(crate) struct Database {
    runtime: Runtime,
    client: Client,
    /// The network that has the load's patients.
    pub(crate) tenant: String,
    /// Today in Japan.
    pub(crate) today: String,
}

impl Database {
    pub(crate) fn connect(url: &str, slug: &str) -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        let runtime = runtime.map_err(|error| error.to_string())?;
        let (client, connection) = runtime
            .block_on(tokio_postgres::connect(url, NoTls))
            .map_err(|error| error.to_string())?;
        // Ends with the client; whoever asks next hears why.
        drop(runtime.spawn(connection));
        let mut database = Self {
            runtime,
            client,
            tenant: String::new(),
            today: String::new(),
        };
        let known = "SELECT tenant_id::text, (now() AT TIME ZONE 'Asia/Tokyo')::date::text \
                     FROM tenants WHERE slug = $1";
        let row = database
            .runtime
            .block_on(database.client.query_one(known, &[&slug]));
        let row = row.map_err(|error| error.to_string())?;
        database.tenant = text(&row, 0)?;
        database.today = text(&row, 1)?;
        Ok(database)
    }

    /// The first column of what a statement answers.
    pub(crate) fn column(&self, statement: &str) -> Result<Vec<String>> {
        let asked = self.client.query(statement, &[]);
        let rows = self
            .runtime
            .block_on(asked)
            .map_err(|error| error.to_string())?;
        rows.iter().map(|row| text(row, 0)).collect()
    }

    /// Waits until the worker has nothing left to do; answers how long that took.
    pub(crate) fn wait_until_announced(&self) -> Result<Duration> {
        let begun = Instant::now();
        loop {
            let left = self.column("SELECT count(*)::text FROM outbox")?;
            if left.first().is_some_and(|left| left == "0") {
                return Ok(begun.elapsed());
            }
            if begun.elapsed() > PATIENCE {
                say(&format!(
                    "  (WARNING: {} posts are still to be announced)",
                    left.concat()
                ));
                return Ok(begun.elapsed());
            }
            std::thread::sleep(Duration::from_millis(250));
        }
    }
}

fn text(row: &Row, column: usize) -> Result<String> {
    row.try_get(column).map_err(|error| error.to_string())
}
