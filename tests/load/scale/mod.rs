//! Large networks and many readers: a page of a timeline with a hundred thousand posts, a search over a million, and
//! five thousand open streams.
//!
//! `scale.sql` put the posts and the people there. Figures are printed, written and judged; on a machine that does
//! something else meanwhile, a bound that is missed is no failure of the server, and the watch says so.

mod pages;
mod prepare;
mod search;
mod streams;

use std::fs;

use serde_json::{Value, json};

use crate::database::Database;
use crate::people::{Accounts, Crowd};
use crate::wire::{Request, Server, Wire};
use crate::{Arguments, Result, say};

/// What one measurement says.
pub(crate) struct Outcome {
    pub(crate) lines: Vec<String>,
    pub(crate) figures: Value,
    pub(crate) met: bool,
}

impl Outcome {
    /// Says it at once: what comes after takes minutes.
    fn told(self) -> Self {
        say(&self.lines.join("\n"));
        self
    }
}

pub(crate) fn measure(
    arguments: &Arguments,
    server: &Server,
    database: &Database,
    accounts: &Accounts,
    crowd: &Crowd,
) -> Result<()> {
    prepare::write_entries(database)?;
    let reader = crowd.people.first().ok_or("nobody has signed in")?;
    let pages = pages::measure(server, &reader.token)?.told();
    let search = search::measure(server, database, accounts)?.told();
    let streams = streams::measure(arguments, server, database)?.told();
    let text = [&pages, &search, &streams]
        .map(|outcome| outcome.lines.join("\n") + "\n")
        .concat();
    let met = pages.met && search.met && streams.met;
    let figures = json!({
        "pages": pages.figures, "search": search.figures, "streams": streams.figures,
    });
    let files = [
        ("scale.txt", text),
        ("scale.json", format!("{figures:#}\n")),
    ];
    for (name, content) in files {
        let file = arguments.out.join(name);
        fs::write(&file, content).map_err(|error| format!("{}: {error}", file.display()))?;
    }
    if met || arguments.smoke || cfg!(debug_assertions) {
        return Ok(());
    }
    Err("a bound was not met".to_owned())
}

/// The time, in milliseconds, within which this many of a thousand were done.
pub(crate) fn percentile(samples: &mut [f64], thousandths: usize) -> f64 {
    samples.sort_unstable_by(f64::total_cmp);
    let place = (samples.len() * thousandths)
        .div_ceil(1000)
        .saturating_sub(1);
    samples.get(place).copied().unwrap_or_default()
}

pub(crate) fn word(met: bool) -> &'static str {
    if met { "met" } else { "NOT MET" }
}

/// The address of one of the load's patients.
pub(crate) fn patient(number: u32) -> String {
    format!("01900000-0000-7000-8000-000001{}", 100_000 + number)
}

/// What renews the sessions that `scale.sql` wrote, in order of the people.
pub(crate) fn sessions(database: &Database, from: u32, count: u32) -> Result<Vec<String>> {
    database.column(&format!(
        "SELECT replace('{tenant}', '-', '') || '.' || replace(id::text, '-', '') || '.' || \
         rtrim(translate(encode(secret, 'base64'), '+/', '-_'), '=') \
         FROM load_sessions WHERE n >= {from} ORDER BY n LIMIT {count}",
        tenant = database.tenant
    ))
}

/// The token of a session, good for five minutes.
pub(crate) fn renew(wire: &mut Wire, spent: &str) -> Result<String> {
    let body = json!({ "refresh_token": spent }).to_string();
    let request = Request {
        method: "POST",
        path: "/v1/sessions/refresh",
        token: "",
        idempotency_key: "",
        body: &body,
    };
    let answer = wire.exchange(&request)?;
    if answer.status != 200 {
        return Err(format!("renewing: {}", answer.complaint()));
    }
    let session: Value =
        serde_json::from_slice(answer.body).map_err(|error| format!("renewing: {error}"))?;
    let token = session.pointer("/access_token").and_then(Value::as_str);
    token
        .map(str::to_owned)
        .ok_or_else(|| "renewing: no token".to_owned())
}
