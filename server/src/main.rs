//! The `tsumugi` command.

use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};
use tsumugi_server::commands::audit;

/// Tsumugi: care information shared by a region.
#[derive(Parser)]
#[command(version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the interface and the web app.
    Serve,
    /// Bring the database to the version of this program.
    Migrate,
    /// Make a regional network with its first administrator; prints the link and the code to enrol with.
    CreateNetwork {
        /// Short name, the part after the @ of sign-in names.
        slug: String,
        /// Name shown to people.
        name: String,
        /// Organisation that runs the network.
        #[arg(long)]
        organisation: String,
        /// The administrator's name.
        #[arg(long)]
        administrator: String,
        /// The administrator's name in katakana.
        #[arg(long)]
        kana: String,
        /// The administrator's sign-in name before the @.
        #[arg(long, default_value = "administrator")]
        login: String,
        /// The administrator's mail address, for notices.
        #[arg(long)]
        email: Option<String>,
    },
    /// Invite an administrator who is locked out; prints a link and a code, with which everything old ends.
    Invite {
        /// Sign-in name of the administrator, `name@network`.
        #[arg(long)]
        login: String,
    },
    /// Load the demonstration network (synthetic people) into an empty database.
    DemoData {
        /// The same seed gives the same network.
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// Where to write the accounts.
        #[arg(long)]
        accounts_file: Option<PathBuf>,
    },
    /// Verify the access log, and give it away so that others can.
    #[command(subcommand)]
    Audit(audit::Command),
    /// Keep the key of the access log in a process of its own.
    SignLog {
        /// Where the server asks; only the server's user should be able to open it.
        #[arg(long)]
        socket: PathBuf,
        /// Folder of the key and of what was signed last; left out: TSUMUGI_DATA_DIR.
        #[arg(long)]
        data_dir: Option<PathBuf>,
    },
    /// Print the published interface.
    Openapi,
    /// Print every setting with its default.
    EnvExample,
}

#[expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "this is the command line"
)]
#[actix_web::main]
async fn main() -> ExitCode {
    let command = match Cli::try_parse() {
        Ok(cli) => cli.command,
        Err(error) => {
            // Not 2, which clap takes: that is a log that cannot be verified.
            let code = if error.use_stderr() { audit::USAGE } else { 0 };
            drop(error.print());
            return ExitCode::from(code);
        }
    };
    let outcome = match command {
        Command::Serve => tsumugi_server::commands::serve().await,
        Command::Migrate => tsumugi_server::commands::migrate().await.map(|applied| {
            for name in applied {
                println!("applied {name}");
            }
        }),
        Command::CreateNetwork {
            slug,
            name,
            organisation,
            administrator,
            kana,
            login,
            email,
        } => {
            let first = tsumugi_server::setup::FirstAdministrator {
                organisation: &organisation,
                name: &administrator,
                kana: &kana,
                login_name: &login,
                email: email.as_deref(),
            };
            tsumugi_server::commands::create_network(&slug, &name, &first)
                .await
                .map(|said| println!("{said}"))
        }
        Command::Invite { login } => tsumugi_server::commands::invite(&login)
            .await
            .map(|said| println!("{said}")),
        Command::DemoData {
            seed,
            accounts_file,
        } => tsumugi_server::commands::demo_data(seed, accounts_file.as_deref())
            .await
            .map(|said| println!("{said}")),
        Command::Audit(command) => return audit::run(command).await,
        Command::SignLog { socket, data_dir } => {
            audit::sign_log(&socket, data_dir.as_deref()).await
        }
        Command::Openapi => tsumugi_server::openapi::text()
            .map(|text| print!("{text}"))
            .map_err(Into::into),
        Command::EnvExample => {
            print!("{}", tsumugi_server::config::example());
            Ok(())
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("tsumugi: {error}");
            let mut cause = error.source();
            while let Some(next) = cause {
                eprintln!("  because: {next}");
                cause = next.source();
            }
            ExitCode::FAILURE
        }
    }
}
