//! Figures of one run, and of the runs of one row together.

use std::time::Duration;

use serde_json::{Value, json};

use crate::watch::Seen;
use crate::{Result, Work};

/// Who does the work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    /// The server.
    Ours,
    /// The same SQL without a server.
    Pgbench,
}

impl Side {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Ours => "tsumugi",
            Self::Pgbench => "pgbench",
        }
    }
}

/// The times of one run, in microseconds.
pub(crate) struct Run {
    samples: Vec<u32>,
    seconds: f64,
}

impl Run {
    pub(crate) fn new(mut samples: Vec<u32>, length: Duration) -> Self {
        samples.sort_unstable();
        Self {
            samples,
            seconds: length.as_secs_f64(),
        }
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "counts of a run are far below 2^52"
    )]
    pub(crate) fn throughput(&self) -> f64 {
        self.samples.len() as f64 / self.seconds
    }

    /// The time, in milliseconds, within which this many of a hundred were done.
    pub(crate) fn percentile(&self, hundredths: usize) -> f64 {
        let place = (self.samples.len() * hundredths)
            .div_ceil(100)
            .saturating_sub(1);
        f64::from(self.samples.get(place).copied().unwrap_or_default()) / 1000.0
    }
}

/// The figures of one side in one row: the medians of its runs.
#[derive(Clone, Copy, Default)]
pub(crate) struct Figures {
    pub(crate) throughput: f64,
    pub(crate) p50: f64,
    pub(crate) p95: f64,
    pub(crate) p99: f64,
}

/// One work at one number of connections.
pub(crate) struct Row {
    pub(crate) work: Work,
    pub(crate) count: usize,
    runs: Vec<(Side, Run)>,
    seen: Vec<Seen>,
    /// How many posts were still to be announced when a run ended.
    pub(crate) waiting: u64,
}

impl Row {
    pub(crate) fn new(work: Work, count: usize) -> Self {
        Self {
            work,
            count,
            runs: Vec::new(),
            seen: Vec::new(),
            waiting: 0,
        }
    }

    pub(crate) fn add(&mut self, side: Side, run: Run, seen: Seen) {
        self.runs.push((side, run));
        self.seen.push(seen);
    }

    /// A run in which nothing was done is no measurement.
    pub(crate) fn check(&self) -> Result<()> {
        match self.runs.iter().find(|(_, run)| run.samples.is_empty()) {
            None => Ok(()),
            Some((side, _)) => {
                let (name, work) = (side.name(), self.work.name());
                Err(format!(
                    "{work} at {}: {name} did nothing in the time",
                    self.count
                ))
            }
        }
    }

    pub(crate) fn figures(&self, side: Side) -> Figures {
        let runs = || {
            self.runs
                .iter()
                .filter(|(of, _)| *of == side)
                .map(|(_, run)| run)
        };
        Figures {
            throughput: median(runs().map(Run::throughput)),
            p50: median(runs().map(|run| run.percentile(50))),
            p95: median(runs().map(|run| run.percentile(95))),
            p99: median(runs().map(|run| run.percentile(99))),
        }
    }

    /// Ours beside pgbench's.
    pub(crate) fn ratio(&self) -> f64 {
        self.figures(Side::Ours).throughput / self.figures(Side::Pgbench).throughput
    }

    /// Whether something else used the machine meanwhile.
    pub(crate) fn disturbed(&self) -> bool {
        self.seen.iter().any(Seen::disturbed)
    }

    /// The most memory the server had, in MB.
    pub(crate) fn memory(&self) -> f64 {
        self.seen
            .iter()
            .map(|seen| seen.memory_mb)
            .fold(0.0, f64::max)
    }

    pub(crate) fn to_json(&self) -> Value {
        let side = |side: Side| {
            let figures = self.figures(side);
            let of_side = self.runs.iter().filter(|(of, _)| *of == side);
            json!({
                "throughput": figures.throughput,
                "p50_ms": figures.p50,
                "p95_ms": figures.p95,
                "p99_ms": figures.p99,
                "runs": of_side.map(|(_, run)| run.throughput()).collect::<Vec<_>>(),
            })
        };
        json!({
            "work": self.work.name(),
            "connections": self.count,
            "tsumugi": side(Side::Ours),
            "pgbench": side(Side::Pgbench),
            "ratio": self.ratio(),
            "server_memory_mb": self.memory(),
            "others_cores": self.seen.iter().map(|seen| seen.others).fold(0.0, f64::max),
            "disturbed": self.disturbed(),
            "posts_still_to_be_announced": self.waiting,
        })
    }
}

/// The middle, or the mean of the two in the middle.
pub(crate) fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    let upper = values.get(values.len() / 2).copied().unwrap_or_default();
    let lower = values
        .get(values.len().saturating_sub(1) / 2)
        .copied()
        .unwrap_or_default();
    f64::midpoint(lower, upper)
}
