//! What the machine does during a measurement: the server's memory, and whether something that is
//! no part of the measurement uses the processor.

use std::fs;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::figures::Side;
use crate::{Arguments, Result};

/// More than this used by others makes a figure useless, in cores.
const OTHERS: f64 = 0.15;
/// Ticks of half a second that make no difference.
const IDLE: u64 = 3;
/// Linux counts processor time for programs in hundredths of a second.
const TICKS: f64 = 100.0;

/// The resident memory of a process, in MB.
pub(crate) struct Memory {
    pub(crate) now: f64,
    /// The most it ever was, sign-in's password hashing included.
    pub(crate) peak: f64,
}

impl Memory {
    pub(crate) fn of(pid: u32) -> Result<Self> {
        let status = fs::read_to_string(format!("/proc/{pid}/status"))
            .map_err(|error| format!("process {pid}: {error}"))?;
        let megabytes = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name))?;
            let kibibytes: f64 = line.split_whitespace().next()?.parse().ok()?;
            Some(kibibytes * 1024.0 / 1e6)
        };
        match (megabytes("VmRSS:"), megabytes("VmHWM:")) {
            (Some(now), Some(peak)) => Ok(Self { now, peak }),
            _ => Err(format!("process {pid} tells nothing about its memory")),
        }
    }
}

/// What was seen.
pub(crate) struct Seen {
    side: Side,
    /// The most memory that the server had.
    pub(crate) memory_mb: f64,
    /// Cores used by what is no part of the measurement.
    pub(crate) others: f64,
    /// Cores used by the server, by PostgreSQL and by the load generator.
    cores: [f64; 3],
}

impl Seen {
    pub(crate) fn disturbed(&self) -> bool {
        self.others > OTHERS
    }

    pub(crate) fn remark(&self) -> String {
        let [server, postgres, load] = self.cores;
        let warning = if self.disturbed() {
            format!(
                "; WARNING: something else used {:.2} cores, do not use this figure",
                self.others
            )
        } else {
            String::new()
        };
        match self.side {
            Side::Ours => format!(
                " (cores: server {server:.2}, PostgreSQL {postgres:.2}, load {load:.2}; server {:.0} MB){warning}",
                self.memory_mb
            ),
            Side::Pgbench => {
                format!(" (cores: PostgreSQL {postgres:.2}, pgbench {load:.2}){warning}")
            }
        }
    }
}

/// Looks on while a measurement runs.
pub(crate) struct Watch(JoinHandle<Result<Seen>>);

impl Watch {
    /// Starts looking; to be called when the warm-up starts.
    pub(crate) fn start(arguments: &Arguments, side: Side) -> Self {
        let (server, postgres) = (arguments.server_pid, arguments.postgres_pid);
        let (warm_up, length) = (arguments.warm_up(), arguments.seconds());
        Self(thread::spawn(move || {
            look(side, server, postgres, warm_up, length)
        }))
    }

    pub(crate) fn finish(self) -> Result<Seen> {
        self.0
            .join()
            .unwrap_or_else(|_| Err("nobody watched the measurement".to_owned()))
    }
}

fn look(
    side: Side,
    server: u32,
    postgres: u32,
    warm_up: Duration,
    length: Duration,
) -> Result<Seen> {
    thread::sleep(warm_up);
    let begun = Instant::now();
    let before = Used::look(server, postgres)?;
    let mut memory_mb: f64 = 0.0;
    while let Some(left) = length.checked_sub(begun.elapsed()) {
        memory_mb = memory_mb.max(Memory::of(server)?.now);
        thread::sleep(left.min(Duration::from_millis(250)));
    }
    let after = Used::look(server, postgres)?;
    let cores = |of: fn(&Used) -> u64| {
        let ticks = u32::try_from(of(&after).saturating_sub(of(&before))).unwrap_or(u32::MAX);
        f64::from(ticks) / TICKS / begun.elapsed().as_secs_f64()
    };
    let parts = [
        cores(|used| used.server),
        cores(|used| used.postgres),
        cores(|used| used.load),
    ];
    let others = (cores(|used| used.all) - parts.iter().sum::<f64>()).max(0.0);
    Ok(Seen {
        side,
        memory_mb,
        others,
        cores: parts,
    })
}

/// Waits until the server and PostgreSQL have nothing left to do, but not for ever.
pub(crate) fn wait_until_idle(arguments: &Arguments) -> Result<()> {
    let look = || Used::look(arguments.server_pid, arguments.postgres_pid);
    let (pause, patience) = (Duration::from_millis(500), Duration::from_secs(30));
    let begun = Instant::now();
    let mut before = look()?;
    while begun.elapsed() < patience {
        thread::sleep(pause);
        let after = look()?;
        if after.server + after.postgres <= before.server + before.postgres + IDLE {
            break;
        }
        before = after;
    }
    Ok(())
}

/// Processor time used until now, in ticks.
struct Used {
    all: u64,
    server: u64,
    postgres: u64,
    load: u64,
}

impl Used {
    fn look(server: u32, postgres: u32) -> Result<Self> {
        let stat = fs::read_to_string("/proc/stat").map_err(|error| error.to_string())?;
        let line = stat.lines().next().unwrap_or_default();
        let times: Vec<u64> = line
            .split_whitespace()
            .filter_map(|time| time.parse().ok())
            .collect();
        // user, nice, system, idle, waiting, interrupts: all but the fourth and fifth. Time that
        // the machine's host took away is nobody's here.
        let all = times.iter().take(7).sum::<u64>() - times.iter().skip(3).take(2).sum::<u64>();
        let me = std::process::id();
        let mut used = Self {
            all,
            server: 0,
            postgres: 0,
            load: 0,
        };
        for entry in fs::read_dir("/proc")
            .map_err(|error| error.to_string())?
            .flatten()
        {
            let Some(pid) = entry
                .file_name()
                .to_str()
                .and_then(|name| name.parse::<u32>().ok())
            else {
                continue;
            };
            // Processes come and go.
            let Some(process) = Process::read(pid) else {
                continue;
            };
            if pid == server {
                used.server += process.ticks;
            } else if pid == postgres || process.parent == postgres {
                used.postgres += process.ticks;
            } else if pid == me || process.parent == me {
                used.load += process.ticks;
            }
        }
        Ok(used)
    }
}

struct Process {
    parent: u32,
    /// Its own and those of its children that have ended.
    ticks: u64,
}

impl Process {
    fn read(pid: u32) -> Option<Self> {
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        // The name, in brackets, may hold anything.
        let (_, rest) = stat.rsplit_once(')')?;
        let fields: Vec<&str> = rest.split_whitespace().collect();
        let ticks = fields
            .get(11..15)?
            .iter()
            .filter_map(|ticks| ticks.parse::<u64>().ok())
            .sum();
        Some(Self {
            parent: fields.get(1)?.parse().ok()?,
            ticks,
        })
    }
}
