//! `tsumugi-faults`: feeds broken files to what reads and verifies logs, and insists that nothing falls over.
//!
//! Good files are made by the same writer that `tsumugi audit export` uses, from an invented log. Each input is one of
//! them with a few things done to it: bytes changed, lines removed, doubled and exchanged, values of JSON replaced by
//! others, numbers made huge, ends cut off, compressed files damaged. The same seed gives the same inputs. What counts as
//! a fault: a panic, on whatever thread; a report that says sound for a file whose entries are not those of the log.

mod break_it;
mod dice;
mod seeds;

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use clap::Parser;
use tsumugi_server::ledger::bundle::{self, Outcome, Report};
use tsumugi_server::ledger::note::{Note, Verifier};
use tsumugi_server::ledger::proof::Proof;
use tsumugi_tests::ledger::{Ledger, examine};

use dice::Dice;

/// Feeds broken files to what verifies logs.
#[derive(Parser)]
#[command(name = "tsumugi-faults", version)]
struct Arguments {
    /// How many inputs.
    #[arg(long, default_value_t = 5000)]
    inputs: u64,
    /// The same seed gives the same inputs.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Write the first inputs here, each with what was said of it, for comparing another verifier.
    #[arg(long, value_name = "DIR")]
    write: Option<PathBuf>,
    /// How many are written.
    #[arg(long, default_value_t = 300)]
    written: u64,
}

/// Panics so far, on all threads.
static PANICS: AtomicU64 = AtomicU64::new(0);

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    std::panic::set_hook(Box::new(|_| {
        PANICS.fetch_add(1, Ordering::Relaxed);
    }));
    match run(&arguments) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(why) => {
            say(&format!("faults: {why}"));
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<bool, String> {
    let ledger = Ledger::new(24, &[9]);
    let verifier = ledger.verifier();
    let seeds = seeds::all();
    let mut dice = Dice::new(arguments.seed);
    let begun = Instant::now();
    let (mut outcomes, mut faults) = (BTreeMap::<String, u64>::new(), 0);
    for number in 0..arguments.inputs {
        let seed = dice.of(&seeds);
        let input = break_it::break_it(seed, &mut dice);
        let panics = PANICS.load(Ordering::Relaxed);
        let report = catch_unwind(AssertUnwindSafe(|| judge(&input, &verifier)));
        let fault = match &report {
            Ok(Some(report)) if PANICS.load(Ordering::Relaxed) == panics => {
                let word = format!("{:?}", report.outcome);
                *outcomes.entry(word).or_default() += 1;
                report.outcome == Outcome::Sound && !seed.holds_nothing_else(&input)
            }
            _ => true,
        };
        if fault {
            faults += 1;
            let path =
                std::env::temp_dir().join(format!("tsumugi-fault-{}-{number}", arguments.seed));
            std::fs::write(&path, &input).map_err(|error| error.to_string())?;
            say(&format!("fault: {} ({report:?})", path.display()));
        }
        if let (Some(folder), Ok(Some(report))) = (&arguments.write, &report)
            && number < arguments.written
        {
            keep(folder, number, &input, report)?;
        }
    }
    say(&format!(
        "{} inputs in {:.1} s, {faults} faults; {outcomes:?}",
        arguments.inputs,
        begun.elapsed().as_secs_f64()
    ));
    Ok(faults == 0)
}

/// Everything that reads what strangers write.
fn judge(input: &[u8], verifier: &Verifier) -> Option<Report> {
    let report = bundle::examine(input, None, |_, _| bundle::Asked::default()).ok()?;
    let strict = examine(input, verifier, &[]);
    let text = String::from_utf8_lossy(input);
    let notes = bundle::notes_in(&text);
    let read = (
        Note::parse(&text),
        Proof::parse(&text),
        Verifier::parse(&text),
    );
    let older: Vec<_> = notes
        .iter()
        .map(|note| bundle::older(note, verifier))
        .collect();
    drop((
        read,
        older,
        bundle::explain(&strict, bundle::Language::Japanese),
    ));
    // With the right key it never gets better than with whatever key the file names.
    drop(report);
    Some(strict)
}

fn keep(folder: &Path, number: u64, input: &[u8], report: &Report) -> Result<(), String> {
    let name = |end: &str| folder.join(format!("{number:06}.{end}"));
    let said = serde_json::to_vec(report).map_err(|error| error.to_string())?;
    std::fs::create_dir_all(folder)
        .and_then(|()| std::fs::write(name("log"), input))
        .and_then(|()| std::fs::write(name("json"), said))
        .map_err(|error| error.to_string())
}

#[expect(clippy::print_stdout, reason = "the lines are this program's product")]
fn say(line: &str) {
    println!("{line}");
}
