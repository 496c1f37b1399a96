//! The other side: pgbench, doing the server's SQL in a copy of the database.
//!
//! The copy has no server that listens, so that nothing works off what pgbench writes.

use std::cell::Cell;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::database::Database;
use crate::figures::Run;
use crate::{Arguments, Result, Work};

/// Parameters that are the same in every transaction.
const CONSTANTS: &[(&str, &str)] = &[
    ("newest", "9999-12-31 00:00:00+00"),
    ("last", "ffffffff-ffff-ffff-ffff-ffffffffffff"),
    ("team", "team"),
    (
        "classes",
        "{team/note,team/vitals,team/document,medical/note,medical/vitals,medical/document,family/note,family/vitals,\
         family/document}",
    ),
    (
        "own",
        "{team/note,team/vitals,team/document,medical/note,medical/vitals,medical/document,family/note,family/vitals,\
         family/document,sensitive/note/psychiatry,sensitive/note/hiv,sensitive/note/abuse,sensitive/note/violence,\
         sensitive/note/finances,sensitive/vitals/psychiatry,sensitive/vitals/hiv,sensitive/vitals/abuse,\
         sensitive/vitals/violence,sensitive/vitals/finances,sensitive/document/psychiatry,sensitive/document/hiv,\
         sensitive/document/abuse,sensitive/document/violence,sensitive/document/finances}",
    ),
    ("named", "{named/note,named/vitals,named/document}"),
    ("basis", "consent"),
    ("clock", "unchecked"),
    ("ground", "member"),
    ("kinds", "{note,vitals,document}"),
    ("note", "note"),
    (
        "body",
        "本日訪問。体温36.8度、血圧132/78、SpO2 97%。食事は8割摂取、夜間の咳嗽あり。内服は看護師が確認、疼痛の訴えなし。",
    ),
    ("work", "events.announce"),
    ("etag", "\"1\""),
    ("actor", "staff"),
    ("profession", "nurse"),
    ("purpose", "TREAT"),
    ("outcome", "allowed"),
    ("thing", "post"),
    (
        "rules",
        "{channel-reads-posts,forbid-unnamed-sensitive-subject,team-reads,team-reads-posts}",
    ),
    ("source", "127.0.0.1"),
];
/// Length of the answer that the server keeps for a repetition.
const ANSWER: usize = 750;
/// Length of the question to the rules that the log keeps.
const QUESTION: usize = 830;

/// pgbench with its scripts.
pub(crate) struct Bench<'a> {
    arguments: &'a Arguments,
    defined: Vec<String>,
    /// Each run writes posts with identifiers of its own.
    runs: Cell<u32>,
}

impl<'a> Bench<'a> {
    /// Writes the scripts as pgbench reads them, also for whoever wants to run them by hand.
    pub(crate) fn new(arguments: &'a Arguments, database: &Database) -> Result<Self> {
        for work in Work::ALL {
            let script = pgbench_script(work.script(), !arguments.steps);
            let file = script_file(arguments, work);
            fs::write(&file, script).map_err(|error| format!("{}: {error}", file.display()))?;
        }
        let mut defined: Vec<String> = CONSTANTS
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        defined.push(format!("tenant={}", database.tenant));
        defined.push(format!("today={}", database.today));
        defined.push(format!("patients={}", arguments.patients));
        defined.push(format!("policy={}", "a7".repeat(32)));
        defined.push(format!("seal=\\x{}", "a7".repeat(48)));
        defined.push(format!("digest=\\x{}", "a7".repeat(32)));
        defined.push(format!("decision={}", "q".repeat(QUESTION)));
        defined.push(format!("answer=\\x{}", "7b".repeat(ANSWER)));
        Ok(Self {
            arguments,
            defined,
            runs: Cell::new(0),
        })
    }

    /// Runs `work` over `count` connections.
    pub(crate) fn run(&self, work: Work, count: usize) -> Result<Run> {
        self.runs.set(self.runs.get() + 1);
        let (warm_up, length) = (self.arguments.warm_up(), self.arguments.seconds());
        let logs = self.arguments.out.join("pgbench-log");
        fs::remove_dir_all(&logs)
            .or_else(ignore_absence)
            .map_err(|error| error.to_string())?;
        fs::create_dir_all(&logs).map_err(|error| error.to_string())?;
        let action = match work {
            Work::Read => "action=timeline.list",
            Work::Write => "action=post.create",
        };
        let mut command = Command::new(&self.arguments.pgbench);
        command.args(["--no-vacuum", "--protocol=prepared", "--log"]);
        command.arg(format!("--log-prefix={}", logs.join("times").display()));
        command.arg(format!("--client={count}"));
        command.arg(format!("--jobs={}", count.min(2)));
        // One second more than is counted, so that all of that is.
        command.arg(format!("--time={}", (warm_up + length).as_secs() + 1));
        command.arg(format!(
            "--file={}",
            script_file(self.arguments, work).display()
        ));
        for value in &self.defined {
            command.args(["--define", value]);
        }
        command.args(["--define", action, "--define", "turn=-1"]);
        command.args(["--define", &format!("run={}", self.runs.get())]);
        command.arg(&self.arguments.pgbench_url);
        let from = now()? + warm_up.as_secs_f64();
        let until = from + length.as_secs_f64();
        let done = command
            .output()
            .map_err(|error| format!("pgbench: {error}"))?;
        let said = String::from_utf8_lossy(&done.stderr);
        if !done.status.success() || said.contains("aborted") || said.contains("ERROR") {
            return Err(format!("pgbench failed: {said}"));
        }
        let samples = samples(&logs, from, until)?;
        fs::remove_dir_all(&logs).map_err(|error| error.to_string())?;
        Ok(Run::new(samples, length))
    }
}

fn ignore_absence(error: std::io::Error) -> std::io::Result<()> {
    if error.kind() == std::io::ErrorKind::NotFound {
        Ok(())
    } else {
        Err(error)
    }
}

fn script_file(arguments: &Arguments, work: Work) -> PathBuf {
    arguments.out.join(format!("pgbench-{}.sql", work.name()))
}

fn now() -> Result<f64> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since
        .map(|since| since.as_secs_f64())
        .map_err(|error| error.to_string())
}

/// The times in microseconds of the transactions that ended between `from` and `until`.
fn samples(folder: &Path, from: f64, until: f64) -> Result<Vec<u32>> {
    let mut samples = Vec::new();
    for file in fs::read_dir(folder).map_err(|error| error.to_string())? {
        let file = file.map_err(|error| error.to_string())?.path();
        let log = fs::read_to_string(&file).map_err(|error| error.to_string())?;
        // client, transaction, time, script, second, microsecond
        for line in log.lines() {
            let numbers: Vec<f64> = line
                .split(' ')
                .filter_map(|part| part.parse().ok())
                .collect();
            let &[_, _, time, _, second, micro, ..] = numbers.as_slice() else {
                return Err(format!("pgbench wrote a line that nobody expects: {line}"));
            };
            let ended = second + micro / 1e6;
            if ended >= from && ended < until {
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "saturates, and no time is negative"
                )]
                samples.push(time as u32);
            }
        }
    }
    Ok(samples)
}

/// Puts the values into the statements, without the remarks. With `pipeline`, everything from
/// `BEGIN` to `COMMIT` is sent at once.
fn pgbench_script(template: &str, pipeline: bool) -> String {
    let values: Vec<(&str, &str)> = template
        .lines()
        .filter_map(|line| line.strip_prefix("-- ")?.split_once(" = "))
        .collect();
    let mut script = String::new();
    let mut begun = false;
    for line in template.lines().filter(|line| !line.starts_with("--")) {
        let edge = matches!(line, "\\startpipeline" | "\\endpipeline");
        if pipeline && edge {
            if !begun {
                script.push_str("\\startpipeline\n");
                begun = true;
            }
            continue;
        }
        let mut line = line.to_owned();
        for (name, value) in &values {
            line = line.replace(name, value);
        }
        script.push_str(&line);
        script.push('\n');
    }
    if pipeline {
        script.push_str("\\endpipeline\n");
    }
    script
}
