//! What recording costs: the same work by two servers on the same database, one of which was built to record nothing.
//!
//! The second is built for this alone (`--features measure-without-log`), never shipped, and says so when it starts. What
//! sealing costs meanwhile is on the side of the server that records.

use std::fs;

use serde_json::json;

use crate::figures::{Run, Side, median};
use crate::people::Crowd;
use crate::watch::{Seen, Watch, wait_until_idle};
use crate::wire::Server;
use crate::{Arguments, Result, Work, drive, say};

/// Connections.
const COUNT: usize = 32;
/// The share of the throughput without the log that is to be reached with it.
const TARGET: f64 = 0.6;

/// Without, with, with, without, for each work.
pub(crate) fn measure(arguments: &Arguments, server: &Server, crowd: &mut Crowd) -> Result<()> {
    let (port, pid) = arguments.unlogged.ok_or("--unlogged PORT:PID is missing")?;
    let other = Arguments {
        http_port: port,
        server_pid: pid,
        tls: false,
        ..arguments.clone()
    };
    let unlogged = Server::new(&other)?;
    let (mut lines, mut figures) = (Vec::new(), Vec::new());
    let (mut too_slow, mut disturbed) = (false, false);
    for work in Work::ALL {
        let (mut with, mut without): (Vec<Run>, Vec<Run>) = (Vec::new(), Vec::new());
        for logged in [false, true, true, false] {
            crowd.refresh(server)?;
            let (side, at) = if logged {
                (arguments, server)
            } else {
                (&other, &unlogged)
            };
            let watch = Watch::start(side, Side::Ours);
            let run = drive::run(side, at, crowd, work, COUNT)?;
            let seen: Seen = watch.finish()?;
            disturbed |= seen.disturbed();
            let word = if logged { "with" } else { "without" };
            say(&format!(
                "{} at {COUNT}, {word} the log: {:.0}/s{}",
                work.name(),
                run.throughput(),
                seen.remark()
            ));
            if logged { &mut with } else { &mut without }.push(run);
            wait_until_idle(side)?;
        }
        let of = |runs: &[Run]| median(runs.iter().map(Run::throughput));
        let ratio = of(&with) / of(&without);
        too_slow |= ratio < TARGET;
        lines.push(format!(
            "{} at {COUNT} connections: {:.0}/s with the log, {:.0}/s without: {:.0} %, at least {:.0} %: {}\n",
            work.title(),
            of(&with),
            of(&without),
            ratio * 100.0,
            TARGET * 100.0,
            if ratio < TARGET { "NOT MET" } else { "met" },
        ));
        figures.push(json!({
            "work": work.name(), "with": of(&with), "without": of(&without), "ratio": ratio,
        }));
    }
    let text = lines.concat();
    say(&format!("\n{text}"));
    let files = [
        ("log.txt", text),
        ("log.json", format!("{:#}\n", json!(figures))),
    ];
    for (name, content) in files {
        let file = arguments.out.join(name);
        fs::write(&file, content).map_err(|error| format!("{}: {error}", file.display()))?;
    }
    match (too_slow, disturbed) {
        (_, true) => Err("something else used the machine: measure again".to_owned()),
        (true, false) => Err("recording costs too much".to_owned()),
        (false, false) => Ok(()),
    }
}
