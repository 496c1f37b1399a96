//! The program's own look at the server's database.

use std::time::{Duration, Instant};

use tokio::runtime::Runtime;
use tokio_postgres::{Client, NoTls, Row};

use crate::Result;

/// How long the worker may go on after a run.
const PATIENCE: Duration = Duration::from_secs(20);

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

    /// Waits until the worker has announced what was written, for a while; what is left then is
    /// thrown away. Answers how many posts were waiting at first.
    pub(crate) fn settle(&self) -> Result<u64> {
        let waiting = self.waiting()?;
        let begun = Instant::now();
        while self.waiting()? > 0 {
            if begun.elapsed() > PATIENCE {
                self.column("DELETE FROM outbox RETURNING ''")?;
            }
            std::thread::sleep(Duration::from_millis(200));
        }
        Ok(waiting)
    }

    fn waiting(&self) -> Result<u64> {
        let count = self.column("SELECT count(*)::text FROM outbox")?;
        count
            .concat()
            .parse()
            .map_err(|_| "the database counts wrongly".to_owned())
    }
}

fn text(row: &Row, column: usize) -> Result<String> {
    row.try_get(column).map_err(|error| error.to_string())
}
