//! `tsumugi-agent check`: address, certificate, credentials.

use tsumugi_client::Error;

use crate::args::Connection;
use crate::output::say;
use crate::{Exit, Stop};

/// Walks the way a document would go, without a document.
pub(crate) async fn run(connection: &Connection) -> Result<Exit, Stop> {
    let client = connection.client()?;
    let readiness = client.health().find_readiness().await;
    let readiness = readiness.map_err(|error| stop("server", &error))?;
    say(&format!(
        "ok  server       {} ({})",
        client.base_url(),
        readiness.status
    ));
    if client.base_url().starts_with("https://") {
        say("ok  certificate  trusted");
    }
    let token = client.access_token().await;
    token.map_err(|error| stop("credentials", &error))?;
    say(&format!("ok  credentials  {}", connection.client_id));
    Ok(Exit::Accepted)
}

/// What an error before the first document means for the run.
pub(crate) fn stop(what: &str, error: &Error) -> Stop {
    let message = format!("{what}: {error}");
    let ours = match error {
        Error::Api { status, .. } => *status < 500 && *status != 429,
        _ => !error.is_temporary(),
    };
    if ours {
        Stop::usage(message)
    } else {
        Stop::failed(message)
    }
}
