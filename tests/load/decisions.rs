//! How long a decision of the access rules takes: every kind of question, many times, each timed by itself.
//!
//! `cargo run --release -p tsumugi-tests --bin tsumugi-decisions [ROUNDS]` prints the percentiles in microseconds. The
//! time is that of one thread with nothing else to do; compare runs of one machine only.

#![expect(clippy::print_stdout, reason = "a program that prints figures")]

use std::{hint::black_box, time::Instant};

use tsumugi_server::spine::{
    access::{Asker, Cover, Engine, Ground, PostFacts, Purpose, Question, Resource, Standing},
    auth::Role,
    professions,
};
use uuid::Uuid;

const NETWORK: Uuid = Uuid::from_u128(1);
const ROUNDS: usize = 200;

fn asker(profession: &str) -> Asker {
    Asker::Person {
        tenant: NETWORK,
        account: Uuid::from_u128(2),
        staff_member: Uuid::from_u128(3),
        facility: Uuid::from_u128(4),
        role: Role::Staff,
        standing: Standing::of(profession),
    }
}

/// Every profession with every usual act, with and without what it takes.
fn questions() -> Vec<Question> {
    let full = Ground {
        member: true,
        cover: Cover {
            kinds: u32::MAX,
            separate: true,
            sensitive: u8::MAX,
        },
        ..Ground::default()
    };
    let post = |channel: &str, kind: &str| {
        Resource::Post(PostFacts {
            id: Uuid::from_u128(5),
            kind: kind.to_owned(),
            channel: channel.to_owned(),
            sensitivity: (channel == "sensitive").then(|| "abuse".to_owned()),
            author: Uuid::from_u128(6),
            facility: Uuid::from_u128(7),
        })
    };
    let patient = Resource::patient(Uuid::from_u128(8));
    let mut found = Vec::new();
    for profession in professions::all() {
        for ground in [full, Ground::default()] {
            for (action, resource) in [
                ("patient.read", patient.clone()),
                ("care_team.write", patient.clone()),
                ("consent.write", patient.clone()),
                ("post.read", post("team", "note")),
                ("post.read", post("medical", "document")),
                ("post.read", post("sensitive", "note")),
                ("post.create", post("team", "vitals")),
                ("post.amend", post("team", "note")),
            ] {
                found.push(Question {
                    asker: asker(&profession.code),
                    tenant: NETWORK,
                    action: action.to_owned(),
                    resource,
                    ground: Some(ground),
                    purpose: Purpose::Treatment,
                });
            }
        }
    }
    found
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let rounds = match std::env::args().nth(1) {
        Some(text) => text.parse()?,
        None => ROUNDS,
    };
    let engine = Engine::new()?;
    let questions = questions();
    for question in &questions {
        black_box(engine.decide(question));
    }
    let mut nanoseconds = Vec::with_capacity(questions.len() * rounds);
    for _ in 0..rounds {
        for question in &questions {
            let begun = Instant::now();
            black_box(engine.decide(black_box(question)));
            nanoseconds.push(begun.elapsed().as_nanos());
        }
    }
    nanoseconds.sort_unstable();
    let at = |percent: usize| {
        let place = (nanoseconds.len() * percent / 100).min(nanoseconds.len() - 1);
        nanoseconds.get(place).map_or(0, |n| n / 100)
    };
    let shown = |tenths: u128| format!("{}.{}", tenths / 10, tenths % 10);
    println!(
        "{} decisions by {} rules: p50 {} p95 {} p99 {} µs",
        nanoseconds.len(),
        engine.rules().count(),
        shown(at(50)),
        shown(at(95)),
        shown(at(99)),
    );
    Ok(())
}
