//! A storm of sign-ins: how much reading slows down meanwhile, and how much memory the server takes.
//!
//! A thousand connections, each from an address of its own, try to sign in all the time: with right and wrong
//! passwords, and with names that do not exist. Whoever is turned away comes back at once, as one who guesses does.

use std::collections::BTreeMap;
use std::fs;
use std::net::Ipv4Addr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use serde_json::json;
use tokio::runtime::Runtime;

use crate::figures::{Run, Side, median};
use crate::people::{Accounts, Crowd};
use crate::watch::{Memory, Seen, Watch, wait_until_idle};
use crate::wire::{Request, Server};
use crate::{Arguments, Result, Work, drive, say};

/// Attempts under way at once.
const ATTEMPTS: u32 = 1000;
/// Accounts of the load that sign in besides; those of the storm come after them.
const FIRST: u32 = 50;
/// Connections that read.
const READERS: usize = 8;
/// How many times longer 99 of 100 reads may take.
const SLOWER: f64 = 2.0;
/// Memory of one password hash, in MB: 64 MiB.
const HASH: f64 = 67.1;
/// What a thousand connections themselves may take, in MB.
const CONNECTIONS: f64 = 50.0;

/// What became of the attempts: how many by status; 0 stands for a lost connection.
type Tally = BTreeMap<u16, u64>;

/// Reading, quiet and in the storm.
struct Phase {
    runs: Vec<Run>,
    seen: Vec<Seen>,
}

impl Phase {
    fn p99(&self) -> f64 {
        median(self.runs.iter().map(|run| run.percentile(99)))
    }

    fn memory(&self) -> f64 {
        let seen = self.seen.iter().map(|seen| seen.memory_mb);
        seen.fold(0.0, f64::max)
    }

    fn disturbed(&self) -> bool {
        self.seen.iter().any(Seen::disturbed)
    }

    fn line(&self, title: &str) -> String {
        let of = |hundredths| median(self.runs.iter().map(|run| run.percentile(hundredths)));
        format!(
            "{title:<16}{:>9.0}{:>10.2}{:>10.2}{:>10.2}{:>9.0}",
            median(self.runs.iter().map(Run::throughput)),
            of(50),
            of(95),
            of(99),
            self.memory()
        )
    }
}

/// Quiet, storm, storm, quiet, so that a machine that slows down slows both.
pub(crate) fn measure(
    arguments: &Arguments,
    server: &Server,
    accounts: &Accounts,
    crowd: &mut Crowd,
) -> Result<()> {
    let phase = || Phase {
        runs: Vec::new(),
        seen: Vec::new(),
    };
    let (mut quiet, mut storm, mut tally) = (phase(), phase(), Tally::new());
    wait_until_idle(arguments)?;
    let memory = Memory::of(arguments.server_pid)?.now;
    for stormy in [false, true, true, false] {
        crowd.refresh(server)?;
        let watch = Watch::start(arguments, Side::Ours);
        let read = || drive::run(arguments, server, crowd, Work::Read, READERS);
        let run = if stormy {
            during(server, accounts, &mut tally, read)?
        } else {
            read()?
        };
        let seen = watch.finish()?;
        say(&format!(
            "read at {READERS}, {}: {:.0}/s{}",
            if stormy { "storm" } else { "quiet" },
            run.throughput(),
            seen.remark()
        ));
        let phase = if stormy { &mut storm } else { &mut quiet };
        phase.runs.push(run);
        phase.seen.push(seen);
        wait_until_idle(arguments)?;
    }
    let peak = Memory::of(arguments.server_pid)?.peak;
    judge(arguments, &quiet, &storm, &tally, (memory, peak))
}

/// Does `work` in the middle of a storm.
fn during<T>(
    server: &Server,
    accounts: &Accounts,
    tally: &mut Tally,
    work: impl FnOnce() -> Result<T>,
) -> Result<T> {
    let over = AtomicBool::new(false);
    thread::scope(|scope| {
        let threads: Vec<_> = (0..ATTEMPTS)
            .map(|number| {
                let over = &over;
                let attempts = move || try_to_sign_in(server, accounts, number, over);
                let small = thread::Builder::new().stack_size(128 * 1024);
                small.spawn_scoped(scope, attempts)
            })
            .collect();
        let done = work();
        over.store(true, Ordering::Relaxed);
        for thread in threads {
            let thread = thread.map_err(|error| format!("a thread of the storm: {error}"))?;
            let failed = |_| "a thread of the storm ended by itself".to_owned();
            for (status, count) in thread.join().map_err(failed)?? {
                *tally.entry(status).or_default() += count;
            }
        }
        done
    })
}

/// One connection of the storm, until it is over: another account at every turn.
fn try_to_sign_in(
    server: &Server,
    accounts: &Accounts,
    number: u32,
    over: &AtomicBool,
) -> Result<Tally> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .build();
    let runtime: Runtime = runtime.map_err(|error| error.to_string())?;
    let [.., high, low] = number.to_be_bytes();
    let source = Ipv4Addr::new(127, 1, high, low);
    let (mut wire, mut tally) = (None, Tally::new());
    let mut turn = number;
    while !over.load(Ordering::Relaxed) {
        let account = FIRST + turn % ATTEMPTS;
        // Half of the passwords are wrong, a quarter of the names do not exist.
        let body = match turn % 4 {
            0 | 1 => accounts.attempt(account, false),
            2 => accounts.attempt(account, true),
            _ => accounts.attempt(account + ATTEMPTS, true),
        };
        turn += 7;
        let open = match wire.take() {
            Some(open) => Ok(open),
            None => server.connect_from(source, &runtime),
        };
        let request = Request {
            method: "POST",
            path: "/v1/sessions",
            token: "",
            idempotency_key: "",
            body: &body,
        };
        let answered = open.and_then(|mut open| {
            let status = open.exchange(&request)?.status;
            Ok((status, open))
        });
        let status = match answered {
            Ok((status, open)) => {
                wire = Some(open);
                status
            }
            Err(_) => 0,
        };
        *tally.entry(status).or_default() += 1;
    }
    Ok(tally)
}

fn judge(
    arguments: &Arguments,
    quiet: &Phase,
    storm: &Phase,
    tally: &Tally,
    (memory, peak): (f64, f64),
) -> Result<()> {
    let ratio = storm.p99() / quiet.p99();
    let hashes = thread::available_parallelism().map_or(2, std::num::NonZero::get);
    let hashes = u32::try_from(hashes.saturating_sub(1).max(1)).unwrap_or(u32::MAX);
    let bound = memory + f64::from(hashes) * HASH + CONNECTIONS;
    let word = |met: bool| if met { "met" } else { "NOT MET" };
    let became: Vec<String> = tally
        .iter()
        .map(|(status, count)| match status {
            0 => format!("{count} lost"),
            status => format!("{count} × {status}"),
        })
        .collect();
    let (slow, large) = (ratio > SLOWER, peak > bound);
    let lines = [
        format!(
            "{:<16}{:>9}{:>10}{:>10}{:>10}{:>9}",
            format!("read at {READERS}"),
            "per s",
            "p50 ms",
            "p95 ms",
            "p99 ms",
            "MB"
        ),
        quiet.line("quiet"),
        storm.line("sign-in storm"),
        String::new(),
        format!(
            "{ATTEMPTS} attempts at once; answers by status: {}",
            became.join(", ")
        ),
        format!(
            "p99 in the storm, at most {SLOWER:.1} × quiet: {ratio:.2} ×, {}",
            word(!slow)
        ),
        format!(
            "server memory: idle {memory:.0} MB, at most {peak:.0} MB; {hashes} × {HASH:.0} MB for hashing and \
             {CONNECTIONS:.0} MB for connections, below {bound:.0} MB: {}",
            word(!large)
        ),
    ];
    let text = lines.join("\n");
    say(&format!("\n{text}"));
    let document = json!({
        "quiet_p99_ms": quiet.p99(),
        "storm_p99_ms": storm.p99(),
        "ratio": ratio,
        "memory_idle_mb": memory,
        "memory_quiet_mb": quiet.memory(),
        "memory_storm_mb": storm.memory(),
        "memory_peak_mb": peak,
        "answers": tally,
    });
    for (name, content) in [
        ("storm.txt", text + "\n"),
        ("storm.json", format!("{document:#}\n")),
    ] {
        let file = arguments.out.join(name);
        fs::write(&file, content).map_err(|error| format!("{}: {error}", file.display()))?;
    }
    let wrong = tally.keys().any(|status| *status >= 500 && *status != 503);
    if wrong {
        return Err("the server failed in the storm".to_owned());
    }
    if tally.keys().all(|status| !(200..500).contains(status)) {
        return Err("no attempt of the storm was looked at".to_owned());
    }
    match (slow || large, quiet.disturbed() || storm.disturbed()) {
        (true, false) if !cfg!(debug_assertions) => Err("the storm did harm".to_owned()),
        (true, true) => Err("something else used the machine: measure again".to_owned()),
        _ => Ok(()),
    }
}
