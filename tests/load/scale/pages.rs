//! A page of a timeline: with a hundred posts, and with a hundred thousand.

use std::time::Instant;

use serde_json::json;

use super::{Outcome, patient, percentile, word};
use crate::Result;
use crate::wire::{Request, Server, Wire};

/// The patient with a hundred posts, and the one with a hundred thousand; the same ten people look after both.
const SHORT: u32 = 0;
const LONG: u32 = 1000;
/// How often each page is read.
const TIMES: usize = 300;
/// How much more the long one may cost.
const MORE: f64 = 1.2;

pub(crate) fn measure(server: &Server, token: &str) -> Result<Outcome> {
    let mut wire = server.connect()?;
    // The last page of the short one, and one far down in the long one, by the cursors that the pages give.
    let first =
        [SHORT, LONG].map(|number| format!("/v1/patients/{}/timeline?limit=50", patient(number)));
    let mut pages = first.to_vec();
    for (address, down) in first.iter().zip([1, 200]) {
        pages.push(walk(&mut wire, token, address, down)?);
    }
    let mut samples = vec![Vec::new(); pages.len()];
    for turn in 0..TIMES + 20 {
        for (page, times) in pages.iter().zip(&mut samples) {
            let begun = Instant::now();
            read(&mut wire, token, page)?;
            if turn >= 20 {
                times.push(begun.elapsed().as_secs_f64() * 1000.0);
            }
        }
    }
    let medians: Vec<f64> = samples
        .iter_mut()
        .map(|times| percentile(times, 500))
        .collect();
    let &[short, long, short_down, long_down] = medians.as_slice() else {
        return Err("four pages were to be read".to_owned());
    };
    let (first, down) = (long / short, long_down / short_down);
    let met = first <= MORE && down <= MORE;
    Ok(Outcome {
        lines: vec![
            format!(
                "first page of 100 posts: {short:.2} ms, of 100,000: {long:.2} ms (medians of {TIMES})"
            ),
            format!(
                "a later page of 100 posts: {short_down:.2} ms, of 100,000 after 10,000: {long_down:.2} ms"
            ),
            format!(
                "the same within a fifth: {first:.2} × and {down:.2} ×: {}",
                word(met)
            ),
        ],
        figures: json!({
            "short_ms": short, "long_ms": long, "short_later_ms": short_down, "long_later_ms": long_down,
        }),
        met,
    })
}

/// The address of a page so many pages down.
fn walk(wire: &mut Wire, token: &str, first: &str, down: usize) -> Result<String> {
    let mut address = first.to_owned();
    for _ in 0..down {
        let page = read(wire, token, &address)?;
        let next = page.pointer("/next").and_then(serde_json::Value::as_str);
        let Some(next) = next else { break };
        address = format!("{first}&cursor={next}");
    }
    Ok(address)
}

fn read(wire: &mut Wire, token: &str, path: &str) -> Result<serde_json::Value> {
    let request = Request {
        method: "GET",
        path,
        token,
        idempotency_key: "",
        body: "",
    };
    let answer = wire.exchange(&request)?;
    if answer.status != 200 {
        return Err(format!("GET {path}: {}", answer.complaint()));
    }
    serde_json::from_slice(answer.body).map_err(|error| format!("GET {path}: {error}"))
}
