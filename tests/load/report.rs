//! The table, the targets and the files.

use std::fs;

use serde_json::json;

use crate::figures::{Row, Side};
use crate::watch::Memory;
use crate::{Arguments, Result, chart, say};

/// The server's memory during the run is to stay below this, in MB.
const MEMORY: f64 = 150.0;
/// From start to ready, in milliseconds.
const READY: u64 = 1000;
/// The number of connections that the targets are for.
const TARGET_COUNT: usize = 32;

/// Prints the figures and writes them to `--out`.
pub(crate) fn publish(arguments: &Arguments, rows: &[Row], memory: &Memory) -> Result<()> {
    let mut text = table(rows);
    if !arguments.smoke {
        text.push_str(&targets(arguments, rows, memory));
    }
    say("");
    say(text.trim_end());
    let document = json!({
        "seconds": arguments.seconds().as_secs(),
        "warm_up_seconds": arguments.warm_up().as_secs(),
        "transport": if arguments.tls { "https" } else { "http" },
        "pgbench": if arguments.steps { "waits where the server waits" } else { "one pipeline" },
        "patients": arguments.patients,
        "ready_ms": arguments.ready_ms,
        "server_memory_peak_mb": memory.peak,
        "rows": rows.iter().map(Row::to_json).collect::<Vec<_>>(),
    });
    let files = [
        ("result.txt", text),
        ("result.json", format!("{document:#}\n")),
        ("throughput.svg", chart::throughput(rows)),
        ("latency.svg", chart::latency(rows)),
    ];
    for (name, content) in files {
        let file = arguments.out.join(name);
        fs::write(&file, content).map_err(|error| format!("{}: {error}", file.display()))?;
    }
    say(&format!(
        "\nTable, figures, charts and scripts: {}",
        arguments.out.display()
    ));
    Ok(())
}

fn table(rows: &[Row]) -> String {
    let mut text = format!(
        "{:<26}{:>6}  {:<9}{:>9}{:>10}{:>10}{:>10}{:>8}{:>9}\n",
        "work", "conns", "by", "per s", "p50 ms", "p95 ms", "p99 ms", "ratio", "MB"
    );
    for row in rows {
        for side in [Side::Ours, Side::Pgbench] {
            let figures = row.figures(side);
            let (title, count, ending) = match side {
                Side::Ours => (
                    row.work.title(),
                    row.count.to_string(),
                    format!("{:>8.2}{:>9.0}", row.ratio(), row.memory()),
                ),
                Side::Pgbench if row.disturbed() => ("", String::new(), "  DISTURBED".to_owned()),
                Side::Pgbench => ("", String::new(), String::new()),
            };
            let line = format!(
                "{title:<26}{count:>6}  {:<9}{:>9.0}{:>10.2}{:>10.2}{:>10.2}{ending}",
                side.name(),
                figures.throughput,
                figures.p50,
                figures.p95,
                figures.p99,
            );
            text.push_str(line.trim_end());
            text.push('\n');
        }
    }
    text
}

fn targets(arguments: &Arguments, rows: &[Row], memory: &Memory) -> String {
    let verdict = |met: bool| if met { "met" } else { "NOT MET" };
    let mut lines = vec![String::new()];
    for row in rows.iter().filter(|row| row.count == TARGET_COUNT) {
        let (ratio, target) = (row.ratio(), row.work.target());
        lines.push(format!(
            "{} at {TARGET_COUNT} connections, at least {:.0} % of pgbench: {:.0} %, {}",
            row.work.title(),
            target * 100.0,
            ratio * 100.0,
            verdict(ratio >= target)
        ));
    }
    let most = rows.iter().map(Row::memory).fold(0.0, f64::max);
    lines.push(format!(
        "server memory under load, below {MEMORY:.0} MB: {most:.0} MB, {} (with sign-in at most {:.0} MB)",
        verdict(most < MEMORY),
        memory.peak
    ));
    let ready = arguments.ready_ms;
    lines.push(format!(
        "from start to ready, below {READY} ms: {ready} ms, {}",
        verdict(ready < READY)
    ));
    if rows.iter().any(Row::disturbed) {
        lines.push(
            "Something else used the machine: rows marked DISTURBED are no figures.".to_owned(),
        );
    }
    lines.push(String::new());
    lines.join("\n")
}
