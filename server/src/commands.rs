//! What the `tsumugi` command does.

mod audit;

use std::{error::Error as StdError, path::Path};

use actix_web::web::Data;
use diesel::migration::MigrationSource;
use diesel_async::{AsyncConnection, AsyncMigrationHarness, AsyncPgConnection};
use diesel_migrations::MigrationHarness;
use tracing_subscriber::EnvFilter;

use crate::{
    app::App,
    config::{self, Config},
    serve as server, setup,
    setup::Founded,
    spine::{clock::Clock, seal::Seal},
};

pub use audit::{Audit, audit};

/// How a command ends.
pub type Outcome<T> = Result<T, Box<dyn StdError + Send + Sync>>;

/// Serves until SIGTERM or Ctrl-C, then lets requests under way finish.
pub async fn serve() -> Outcome<()> {
    let filter = EnvFilter::try_new(config::value("TSUMUGI_LOG").unwrap_or_default())?;
    tracing_subscriber::fmt()
        .json()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
    refuse_root()?;
    let config = Config::from_env()?;
    let app = Data::new(App::new(config)?);
    let running = server::start(app.clone())?;
    tracing::info!(http = ?running.http, https = ?running.https, metrics = ?running.metrics, "listening");
    if let Some(file) = &app.config.ports_file {
        let port = |addr: Option<std::net::SocketAddr>| addr.map(|addr| addr.port());
        let ports = serde_json::json!({
            "http": port(running.http), "https": port(running.https), "metrics": port(running.metrics),
        });
        // Renamed into place, so that a reader never sees half of it.
        let unfinished = file.with_extension("part");
        std::fs::write(&unfinished, ports.to_string())?;
        std::fs::rename(&unfinished, file)?;
    }
    let handle = running.server.handle();
    actix_web::rt::spawn(async move {
        asked_to_stop().await;
        tracing::info!("stopping: requests under way are finished");
        app.hub.close();
        handle.stop(true).await;
    });
    running.run().await?;
    tracing::info!("stopped");
    Ok(())
}

/// A server that can be reached from outside should not be able to do everything on its machine.
fn refuse_root() -> Outcome<()> {
    #[cfg(target_os = "linux")]
    {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let effective = status
            .lines()
            .find_map(|line| line.strip_prefix("Uid:"))
            .and_then(|ids| ids.split_whitespace().nth(1));
        if effective == Some("0") {
            return Err("does not run as root: start it as an unprivileged user".into());
        }
    }
    Ok(())
}

async fn asked_to_stop() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let (Ok(mut term), Ok(mut int)) = (
            signal(SignalKind::terminate()),
            signal(SignalKind::interrupt()),
        ) {
            tokio::select! {
                _ = term.recv() => {}
                _ = int.recv() => {}
            }
            return;
        }
    }
    if tokio::signal::ctrl_c().await.is_err() {
        tracing::warn!("cannot be stopped by a signal here");
        std::future::pending::<()>().await;
    }
}

fn owner_url() -> Outcome<String> {
    Ok(config::value("TSUMUGI_OWNER_DATABASE_URL")
        .ok_or("TSUMUGI_OWNER_DATABASE_URL is required")?)
}

async fn owner() -> Outcome<AsyncPgConnection> {
    Ok(AsyncPgConnection::establish(&owner_url()?).await?)
}

/// Applies every migration that the database does not have yet; answers with their names.
pub async fn migrate() -> Outcome<Vec<String>> {
    migrate_at(&owner_url()?).await
}

/// The same for the database at `url`, as the owner of its tables.
pub async fn migrate_at(url: &str) -> Outcome<Vec<String>> {
    let connection = AsyncPgConnection::establish(url).await?;
    let applied = tokio::task::spawn_blocking(move || -> Outcome<Vec<String>> {
        let mut harness = AsyncMigrationHarness::new(connection);
        let applied = harness.run_pending_migrations(tsumugi_schema::MIGRATIONS)?;
        Ok(applied.iter().map(ToString::to_string).collect())
    })
    .await??;
    let mut connection = AsyncPgConnection::establish(url).await?;
    setup::add_log_months(&mut connection, Clock::default().now()).await?;
    Ok(applied)
}

/// Names of all migrations of this program.
pub fn migration_names() -> Vec<String> {
    let found = MigrationSource::<diesel::pg::Pg>::migrations(&tsumugi_schema::MIGRATIONS)
        .unwrap_or_default();
    found
        .iter()
        .map(|migration| migration.name().version().to_string())
        .collect()
}

/// Loads the demonstration network; answers with a line for people.
pub async fn demo_data(seed: u64, accounts_file: Option<&Path>) -> Outcome<String> {
    let mut connection = owner().await?;
    let seal = Seal::at(Path::new(&data_dir()))?;
    let loaded = setup::load_demo(&mut connection, &seal, seed, Clock::default().now()).await?;
    if let Some(file) = accounts_file {
        std::fs::write(file, serde_json::to_vec_pretty(&loaded.accounts)?)?;
    }
    Ok(loaded.summary)
}

/// Where the keys are.
fn data_dir() -> String {
    config::value("TSUMUGI_DATA_DIR").unwrap_or_default()
}

/// Makes a network with its first administrator; answers with how the administrator enrols.
pub async fn create_network(
    slug: &str,
    name: &str,
    first: &setup::FirstAdministrator<'_>,
) -> Outcome<String> {
    let now = Clock::default().now();
    let founded = setup::create_network(&mut owner().await?, slug, name, first, now).await?;
    Ok(how_to_enrol(&founded))
}

/// Invites an administrator who is locked out; answers with how to enrol.
pub async fn invite(login: &str) -> Outcome<String> {
    let now = Clock::default().now();
    let seal = Seal::at(Path::new(&data_dir()))?;
    let founded = setup::invite_administrator(&mut owner().await?, &seal, login, now).await?;
    Ok(how_to_enrol(&founded))
}

fn how_to_enrol(founded: &Founded) -> String {
    let public_url = config::value("TSUMUGI_PUBLIC_URL").unwrap_or_default();
    format!(
        "link: {}\ncode: {}\ngood until: {}",
        founded.invitation.link(&public_url, founded.tenant_id),
        founded.invitation.code,
        founded.invitation.expires_at.to_rfc3339(),
    )
}
