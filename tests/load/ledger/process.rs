//! A program with its time and its memory.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::Result;

/// What a program took.
pub(crate) struct Took {
    pub(crate) seconds: f64,
    /// The most memory that it had, in megabytes.
    pub(crate) megabytes: f64,
    /// What it printed.
    pub(crate) said: String,
}

/// Runs a program to its end, which has to be a good one.
pub(crate) fn run(program: &Path, arguments: &[&str]) -> Result<Took> {
    let begun = Instant::now();
    let mut child = Command::new(program)
        .args(arguments)
        .stdout(Stdio::piped())
        .spawn()?;
    let status = format!("/proc/{}/status", child.id());
    let mut kibibytes = 0.0_f64;
    let ended = loop {
        // Gone when the program has ended; what it had before is known.
        let text = fs::read_to_string(&status).unwrap_or_default();
        let peak = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let peak = peak.and_then(|rest| {
            rest.trim()
                .trim_end_matches("kB")
                .trim()
                .parse::<f64>()
                .ok()
        });
        kibibytes = kibibytes.max(peak.unwrap_or(0.0));
        if let Some(ended) = child.try_wait()? {
            break ended;
        }
        sleep(Duration::from_millis(10));
    };
    let seconds = begun.elapsed().as_secs_f64();
    let mut said = String::new();
    if let Some(mut out) = child.stdout.take() {
        std::io::Read::read_to_string(&mut out, &mut said)?;
    }
    if !ended.success() {
        return Err(format!(
            "{} {}: {ended}\n{said}",
            program.display(),
            arguments.join(" ")
        )
        .into());
    }
    Ok(Took {
        seconds,
        megabytes: kibibytes * 1024.0 / 1e6,
        said,
    })
}
