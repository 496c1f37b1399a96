//! The load generator: one thread and one connection each, one request after the other.

use std::thread;
use std::time::Instant;

use crate::figures::Run;
use crate::people::{Crowd, Person};
use crate::wire::{Answer, Request, Server, Wire};
use crate::{Arguments, Result, Work};

/// Every answer is looked at; every so many, all of it.
const THOROUGH: u64 = 32;
const PAGE: usize = 50;
const BODY: &str = "本日訪問。体温36.8度、血圧132/78、SpO2 97%。食事は8割摂取、夜間の咳嗽あり。内服は看護師が確認、疼痛の訴えなし。";

/// Runs `work` over `count` connections.
pub(crate) fn run(
    arguments: &Arguments,
    server: &Server,
    crowd: &Crowd,
    work: Work,
    count: usize,
) -> Result<Run> {
    let begun = Instant::now();
    let from = begun + arguments.warm_up();
    let until = from + arguments.seconds();
    let lots: Vec<Result<Vec<u32>>> = thread::scope(|scope| {
        let threads: Vec<_> = (0..count)
            .map(|number| scope.spawn(move || drive(server, crowd, work, number, from, until)))
            .collect();
        let failed = || Err("a thread of the load ended by itself".to_owned());
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap_or_else(|_| failed()))
            .collect()
    });
    let mut samples = Vec::new();
    for lot in lots {
        samples.extend(lot?);
    }
    Ok(Run::new(samples, arguments.seconds()))
}

/// One connection; the times in microseconds of what ended between `from` and `until`.
fn drive(
    server: &Server,
    crowd: &Crowd,
    work: Work,
    number: usize,
    from: Instant,
    until: Instant,
) -> Result<Vec<u32>> {
    let mut wire = server.connect()?;
    let mut dice = Dice::new(number);
    let mut samples = Vec::with_capacity(64 * 1024);
    for turn in 0.. {
        let at = usize::try_from(dice.next()).unwrap_or_default() % crowd.people.len().max(1);
        let person = crowd.people.get(at).ok_or("nobody has signed in")?;
        let patient = person.patient(crowd.patients, dice.next());
        let begun = Instant::now();
        if begun >= until {
            break;
        }
        once(&mut wire, person, &patient, work, turn % THOROUGH == 0)?;
        let ended = Instant::now();
        if ended >= from && ended < until {
            samples.push(u32::try_from((ended - begun).as_micros()).unwrap_or(u32::MAX));
        }
    }
    Ok(samples)
}

/// One request with its answer, looked at.
pub(crate) fn once(
    wire: &mut Wire,
    person: &Person,
    patient: &str,
    work: Work,
    thorough: bool,
) -> Result<()> {
    let token = person.token.as_str();
    match work {
        Work::Read => {
            let path = format!("/v1/patients/{patient}/timeline?limit={PAGE}");
            let request = Request {
                method: "GET",
                path: &path,
                token,
                idempotency_key: "",
                body: "",
            };
            let answer = wire.exchange(&request)?;
            if answer.status == 200 && is_page(&answer, thorough) {
                return Ok(());
            }
            Err(format!("GET {path}: {}", answer.complaint()))
        }
        Work::Write => {
            let path = format!("/v1/patients/{patient}/timeline");
            let id = tsumugi_client::new_id();
            let key = tsumugi_client::new_id().to_string();
            let body = format!(r#"{{"id":"{id}","kind":"note","channel":"team","body":"{BODY}"}}"#);
            let request = Request {
                method: "POST",
                path: &path,
                token,
                idempotency_key: &key,
                body: &body,
            };
            let answer = wire.exchange(&request)?;
            let echo = format!(r#"{{"id":"{id}","#);
            if answer.status == 201 && answer.body.starts_with(echo.as_bytes()) {
                return Ok(());
            }
            Err(format!("POST {path}: {}", answer.complaint()))
        }
    }
}

/// Whether this is a page with all of its posts.
fn is_page(answer: &Answer<'_>, thorough: bool) -> bool {
    if !thorough {
        return answer.body.starts_with(br#"{"items":[{"id":""#) && answer.body.len() > PAGE * 300;
    }
    let page: Option<serde_json::Value> = serde_json::from_slice(answer.body).ok();
    let items = page
        .as_ref()
        .and_then(|page| page.pointer("/items")?.as_array());
    items.is_some_and(|items| items.len() == PAGE)
}

/// Numbers that look random; the same for the same connection (xorshift).
struct Dice(u64);

impl Dice {
    fn new(seed: usize) -> Self {
        let seed = u64::try_from(seed).unwrap_or_default() + 1;
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15))
    }

    fn next(&mut self) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        u32::try_from(self.0 >> 33).unwrap_or_default()
    }
}
