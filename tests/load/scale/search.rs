//! Looking for words in a million posts, as somebody with five patients, with three hundred and with all of them.

use std::time::Instant;

use serde_json::{Value, json};

use super::{Outcome, percentile, word};
use crate::Result;
use crate::database::Database;
use crate::people::{Accounts, Person};
use crate::wire::{Request, Server};

/// Words in every fourth post, in every twentieth, in few, in hardly any, and in none; some together.
const WORDS: [&str; 12] = [
    "発熱",
    "熱発",
    "訪問",
    "浮腫",
    "痙攣",
    "褥瘡",
    "床ずれ 写真",
    "黄染",
    "発熱 痙攣",
    "「夜間の咳嗽」",
    "痰",
    "意識消失",
];
/// Who looks: number of the person, how many patients.
const PEOPLE: [(u32, u32); 3] = [(101, 5), (102, 300), (100, 3_000)];
/// How often each word.
const TIMES: usize = 20;
/// Milliseconds for 95 of 100.
const BOUND: f64 = 150.0;

pub(crate) fn measure(
    server: &Server,
    database: &Database,
    accounts: &Accounts,
) -> Result<Outcome> {
    let (mut lines, mut figures, mut met) = (Vec::new(), Vec::new(), true);
    let posts = database
        .column("SELECT count(*)::text FROM search_entries")?
        .concat();
    for (number, patients) in PEOPLE {
        let person = Person::sign_in(server, accounts, number)?;
        let mut wire = server.connect()?;
        let (mut all, mut slowest) = (Vec::new(), (0.0, String::new()));
        // Every tenth is a number that one text in twenty thousand has.
        for turn in 0..TIMES * WORDS.len() {
            let rare = format!("整理番号は{}", 10_000 + turn * 37 % 20_000);
            let words = match turn % 10 {
                9 => rare.as_str(),
                _ => WORDS.get(turn % WORDS.len()).copied().unwrap_or_default(),
            };
            let body = json!({ "words": words }).to_string();
            let begun = Instant::now();
            let request = Request {
                method: "POST",
                path: "/v1/search",
                token: &person.token,
                idempotency_key: "",
                body: &body,
            };
            let answer = wire.exchange(&request)?;
            let took = begun.elapsed().as_secs_f64() * 1000.0;
            if answer.status != 200 {
                return Err(format!("searching: {}", answer.complaint()));
            }
            check(words, answer.body)?;
            // The first round fills what the database keeps in memory.
            if turn >= WORDS.len() {
                all.push(took);
                if took > slowest.0 {
                    slowest = (took, words.to_owned());
                }
            }
        }
        let (p50, p95, p99) = (
            percentile(&mut all, 500),
            percentile(&mut all, 950),
            percentile(&mut all, 990),
        );
        met &= p95 < BOUND;
        lines.push(format!(
            "search over {posts} posts, {patients} patients: p50 {p50:.1} ms, p95 {p95:.1} ms, p99 {p99:.1} ms, most \
             {:.1} ms ({}); p95 below {BOUND:.0} ms: {}",
            slowest.0,
            slowest.1,
            word(p95 < BOUND)
        ));
        figures.push(
            json!({ "patients": patients, "p50": p50, "p95": p95, "p99": p99, "most": slowest.0 }),
        );
    }
    Ok(Outcome {
        lines,
        figures: Value::from(figures),
        met,
    })
}

/// Twenty of what is common; nothing of what is nowhere; and every piece has its words marked.
fn check(words: &str, body: &[u8]) -> Result<()> {
    let page: Value = serde_json::from_slice(body).map_err(|error| error.to_string())?;
    let items = page
        .pointer("/items")
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default();
    let wrong = match words {
        "発熱" | "熱発" | "訪問" | "浮腫" => items.len() != 20,
        "意識消失" => !items.is_empty(),
        _ => false,
    };
    let unmarked = items.iter().any(|item| {
        let marks = item.pointer("/passages/0/marks").and_then(Value::as_array);
        marks.is_none_or(Vec::is_empty)
    });
    if wrong || unmarked {
        return Err(format!("{words}: {} found, which is wrong", items.len()));
    }
    Ok(())
}
