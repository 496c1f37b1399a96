//! The command line.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand};
use tsumugi_client::{Client, RetryPolicy, Secret};

use crate::Stop;

/// Sends documents (FHIR Bundles, JSON) of a hospital or clinic to a Tsumugi server.
#[derive(Debug, Parser)]
#[command(name = "tsumugi-agent", version, after_help = EXIT_CODES)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

const EXIT_CODES: &str = "\
Exit codes:
  0  everything was accepted: posted, waiting, replaced, or there already
  1  the server refused a file; sending the same file again will not help
  2  wrong command line, settings or credentials; nothing was sent
  3  something failed that may succeed when tried again (also if files were refused too)

The client's secret is read from TSUMUGI_CLIENT_SECRET or from --client-secret-file, never from
the command line, which every user of the machine can read.";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Send files, or the *.json files of folders.
    #[command(after_help = EXIT_CODES)]
    Push(Push),
    /// Verify address, certificate and credentials; sends no document.
    #[command(after_help = EXIT_CODES)]
    Check(Connection),
    /// Hold the files of a copy of a record (ZIP) against its manifest; needs no server. Exit code 1 when it differs.
    VerifyCopy(VerifyCopy),
}

#[derive(Args, Debug)]
pub(crate) struct VerifyCopy {
    /// The ZIP file.
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
}

#[derive(Args, Debug)]
pub(crate) struct Push {
    #[command(flatten)]
    pub(crate) connection: Connection,

    /// Files to send; of a folder, the *.json files directly in it.
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,

    /// Where to remember what was sent
    /// [default: .tsumugi-agent.journal in ${XDG_STATE_HOME:-~/.local/state}/tsumugi-agent].
    #[arg(long, value_name = "FILE")]
    pub(crate) journal: Option<PathBuf>,

    /// How many files are sent at the same time. 1 keeps the order, for a document and its replacement.
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u8).range(1..=32))]
    pub(crate) concurrency: u8,

    /// Send files again that were accepted earlier.
    #[arg(long)]
    pub(crate) again: bool,

    /// One JSON object per line, for programs.
    #[arg(long)]
    pub(crate) json: bool,
}

/// Which server, and as whom.
#[derive(Args, Debug)]
pub(crate) struct Connection {
    /// The server's address; begins with https.
    #[arg(long, env = "TSUMUGI_URL")]
    url: String,

    /// The name this system was registered with.
    #[arg(long, env = "TSUMUGI_CLIENT_ID")]
    pub(crate) client_id: String,

    /// File that holds the client's secret and nothing else.
    #[arg(long, value_name = "FILE")]
    client_secret_file: Option<PathBuf>,

    /// Certificate authority to believe besides the machine's own, PEM.
    #[arg(long, value_name = "FILE")]
    ca: Option<PathBuf>,
}

impl Connection {
    /// A client with these settings.
    pub(crate) fn client(&self) -> Result<Client, Stop> {
        let mut builder = Client::builder(&self.url)
            .user_agent(concat!("tsumugi-agent/", env!("CARGO_PKG_VERSION")))
            .retry(RetryPolicy::default().longest_retry_after(Duration::from_mins(1)))
            .bound_client_credentials(&self.client_id, self.secret()?)
            .map_err(|error| Stop::usage(error.to_string()))?;
        if let Some(file) = &self.ca {
            let pem = std::fs::read(file)
                .map_err(|error| Stop::usage(format!("{}: {error}", file.display())))?;
            builder = builder.add_root_certificate(pem);
        }
        builder
            .build()
            .map_err(|error| Stop::usage(error.to_string()))
    }

    fn secret(&self) -> Result<Secret, Stop> {
        let text = match &self.client_secret_file {
            Some(file) => std::fs::read_to_string(file)
                .map_err(|error| Stop::usage(format!("{}: {error}", file.display())))?,
            None => match std::env::var_os("TSUMUGI_CLIENT_SECRET") {
                Some(value) => value
                    .into_string()
                    .map_err(|_| Stop::usage("TSUMUGI_CLIENT_SECRET is not UTF-8"))?,
                None => String::new(),
            },
        };
        let text = text.trim();
        if text.is_empty() {
            return Err(Stop::usage(
                "no client secret: set TSUMUGI_CLIENT_SECRET or give --client-secret-file",
            ));
        }
        Ok(Secret::from(text))
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn command_line_is_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn secret_cannot_be_given_on_the_command_line() {
        let given = ["tsumugi-agent", "check", "--client-secret", "x"];
        assert!(Arguments::try_parse_from(given).is_err());
    }
}
