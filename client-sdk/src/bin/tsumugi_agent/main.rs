//! `tsumugi-agent`: sends documents of a hospital's or clinic's system to Tsumugi.
//!
//! Meant to be run by a person or a timer over the folder the system exports to. It remembers in
//! a journal what was accepted, so that running it again over the same folder sends only what is
//! new, and a kill at any moment loses nothing and sends nothing twice. Neither its output nor its
//! journal holds a patient's name, unless a file's name does.

mod args;
mod check;
mod files;
mod journal;
mod output;
mod push;
mod verify;

use std::process::ExitCode;

use clap::Parser;

use args::{Arguments, Command};

/// How a run ended, for the shell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Everything was accepted, now or earlier.
    Accepted = 0,
    /// The server judged a file and refused it.
    Refused = 1,
    /// The agent was called or set up wrongly.
    Usage = 2,
    /// Something failed that may succeed when tried again.
    Failed = 3,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build();
    let exit = match runtime {
        Ok(runtime) => runtime.block_on(run(arguments)),
        Err(error) => {
            output::complain(&format!("could not start: {error}"));
            Exit::Failed
        }
    };
    ExitCode::from(exit as u8)
}

async fn run(arguments: Arguments) -> Exit {
    let result = match arguments.command {
        Command::Push(push) => push::run(push).await,
        Command::Check(connection) => check::run(&connection).await,
        Command::VerifyCopy(verify) => verify::run(&verify.file),
    };
    result.unwrap_or_else(|stop| {
        output::complain(&stop.message);
        stop.exit
    })
}

/// Why a run cannot go on.
#[derive(Debug)]
pub(crate) struct Stop {
    exit: Exit,
    message: String,
}

impl Stop {
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self {
            exit: Exit::Usage,
            message: message.into(),
        }
    }

    pub(crate) fn failed(message: impl Into<String>) -> Self {
        Self {
            exit: Exit::Failed,
            message: message.into(),
        }
    }
}
