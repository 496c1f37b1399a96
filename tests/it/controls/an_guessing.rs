//! Guessing is slowed down and learns nothing.

use std::time::Instant;

use chrono::TimeDelta;
use serde_json::{Value, json};
use tsumugi_client::{
    Client, RawAnswer,
    models::{CreateEnrolment, CreateSession, FacilityKind, StepUp},
};

use crate::support::{World, refused, world::PASSWORD};

async fn send(client: &Client, headers: &[(&str, &str)], body: &Value) -> RawAnswer {
    let mut all = vec![
        ("content-type", "application/json"),
        ("x-request-id", "same"),
    ];
    all.extend(headers);
    let sent = client.send_raw("POST", "/v1/sessions", &all, body.to_string());
    sent.await.unwrap()
}

fn wait_of(answer: &RawAnswer) -> Option<i64> {
    let problem: Value = answer.json().unwrap();
    (problem["code"] == "too_many_attempts").then(|| problem["retry_after"].as_i64().unwrap())
}

#[actix_web::test]
async fn an_09_of_two_hundred_guesses_a_day_at_most_a_hundred_are_looked_at() {
    let world = World::new().await;
    for login in ["administrator@kita", "nobody@kita", "nobody@nowhere"] {
        let guess = json!({ "login": login, "password": "wrong", "code": "000000" });
        let (mut evaluated, mut passed, mut waits) = (0, 0, Vec::new());
        for _ in 0..200 {
            let answer = send(&world.anyone, &[], &guess).await;
            match wait_of(&answer) {
                Some(seconds) => {
                    assert_eq!(answer.status, 429);
                    assert_eq!(answer.header("retry-after"), Some(&*seconds.to_string()));
                    waits.push(seconds);
                    // Whoever does as told, and no later, gets the most.
                    world.app.clock.advance(TimeDelta::seconds(seconds));
                    passed += seconds;
                }
                None => evaluated += 1,
            }
            if passed >= 24 * 3600 {
                break;
            }
        }
        assert!((20..=100).contains(&evaluated), "{login}: {evaluated}");
        // The first three cost nothing; then each costs more.
        let first: Vec<i64> = waits.iter().take(8).copied().collect();
        assert_eq!(first, [1, 3, 5, 10, 30, 60, 300, 900], "{login}");
        world.app.clock.advance(TimeDelta::hours(25));
    }
}

#[actix_web::test]
async fn an_09_counters_are_shared_by_servers_and_outlive_them() {
    let world = World::new().await;
    let guess = json!({ "login": "administrator@kita", "password": "wrong" });
    for _ in 0..9 {
        let answer = send(&world.anyone, &[], &guess).await;
        if let Some(seconds) = wait_of(&answer) {
            world.app.clock.advance(TimeDelta::seconds(seconds));
        }
    }
    // The clock of the other server has not been moved on: for it the wait is longer still.
    let other = world.second_node().anyone;
    let answer = send(&other, &[], &guess).await;
    assert_eq!(answer.status, 429);
    // Many at once are not looked at either.
    let many = (0..20).map(|_| send(&other, &[], &guess));
    let many = futures_util::future::join_all(many).await;
    assert!(many.iter().all(|answer| answer.status == 429));
}

#[actix_web::test]
async fn an_09_many_guesses_at_once_gain_nothing() {
    let world = World::new().await;
    let guess = json!({ "login": "administrator@kita", "password": "wrong" });
    let many = (0..40).map(|_| send(&world.anyone, &[], &guess));
    let many = futures_util::future::join_all(many).await;
    let evaluated = many.iter().filter(|answer| answer.status == 401).count();
    // Four before the first wait begins.
    assert!(evaluated <= 4, "{evaluated}");
}

#[actix_web::test]
async fn an_09_a_stranger_does_not_lock_the_owner_out() {
    let world = World::new().await;
    let who = &world.administrator;
    let right = || json!({ "login": who.login, "password": PASSWORD, "code": who.code() });
    // Signing in leaves the device something to be known by.
    let first = send(&world.anyone, &[], &right()).await;
    assert_eq!(first.status, 201);
    let known = first.header("tsumugi-known").unwrap().to_owned();
    let guess = json!({ "login": who.login, "password": "wrong" });
    let mut blocked = None;
    for _ in 0..30 {
        let answer = send(&world.anyone, &[], &guess).await;
        if let Some(seconds) = wait_of(&answer) {
            if seconds >= 900 {
                blocked = Some(seconds);
                break;
            }
            world.app.clock.advance(TimeDelta::seconds(seconds));
        }
    }
    assert!(blocked.is_some());
    // Elsewhere the owner waits like everybody; on the known device not.
    assert_eq!(send(&world.anyone, &[], &right()).await.status, 429);
    let forged: String = known.chars().rev().collect();
    let made_up = [("tsumugi-known", forged.as_str())];
    assert_eq!(send(&world.anyone, &made_up, &right()).await.status, 429);
    let device = [("tsumugi-known", known.as_str())];
    assert_eq!(send(&world.anyone, &device, &right()).await.status, 201);
    // It is known for whoever signed in on it, and for nobody else.
    let other = &world.other_administrator;
    for _ in 0..4 {
        let guess = json!({ "login": other.login, "password": "wrong" });
        send(&world.anyone, &device, &guess).await;
    }
    let rows = "SELECT kind, count(*) FROM sign_in_guards GROUP BY kind ORDER BY kind";
    let rows = world.db.admin.query(rows, &[]).await.unwrap();
    let counted: Vec<(String, i64)> = rows.iter().map(|row| (row.get(0), row.get(1))).collect();
    assert_eq!(
        counted,
        [("account".to_owned(), 2), ("source".to_owned(), 1)]
    );
    // A known device guesses no more freely than a strange one.
    let mut refusals = 0;
    for _ in 0..6 {
        let answer = send(&world.anyone, &device, &guess).await;
        refusals += usize::from(wait_of(&answer).is_some());
    }
    assert!(refusals >= 2, "{refusals}");
    // The administrator sees who is locked.
    who.client.sessions().me().await.unwrap();
    let accounts: Value = who.raw("GET", "/v1/accounts", "").await.json().unwrap();
    assert!(
        accounts["items"][0]["locked_until"].is_string(),
        "{accounts}"
    );
}

#[actix_web::test]
async fn an_09_signing_in_begins_anew() {
    let world = World::new().await;
    let who = &world.administrator;
    let guess = CreateSession::new(&who.login, "wrong");
    for _ in 0..4 {
        for _ in 0..3 {
            let wrong = world.anyone.sessions().create(&guess).await;
            refused(wrong, 401, "invalid_credentials");
        }
        // The password alone neither counts nor clears.
        let alone = CreateSession::new(&who.login, PASSWORD);
        let alone = world.anyone.sessions().create(&alone).await;
        refused(alone, 401, "mfa_required");
        who.session().await;
    }
}

#[actix_web::test]
async fn an_09_a_session_is_no_place_to_guess_from() {
    let world = World::new().await;
    let who = &world.administrator;
    let mut told = Vec::new();
    for _ in 0..6 {
        let proof = StepUp::with_password(PASSWORD, "000000");
        let error = who.client.sessions().step_up(&proof).await.unwrap_err();
        told.push(error.code().unwrap().to_owned());
    }
    assert_eq!(told[0], "invalid_credentials");
    assert_eq!(told[5], "too_many_attempts");
}

#[actix_web::test]
async fn an_09_a_source_that_fails_everywhere_is_slowed_down() {
    let world = World::new().await;
    let mut last = 0;
    for number in 0..103 {
        let guess = json!({ "login": format!("nobody-{number}@kita"), "password": "wrong" });
        last = send(&world.anyone, &[], &guess).await.status;
        if last == 429 {
            break;
        }
    }
    assert_eq!(last, 429);
    // Whoever takes up invitations comes through the same door.
    let halves = CreateEnrolment {
        token: format!("{}.x", uuid::Uuid::nil().simple()).into(),
        code: "AAAA-AAAA".into(),
    };
    let outcome = world.anyone.enrolments().create(&halves).await;
    refused(outcome, 429, "too_many_attempts");
}

/// Probability that two samples as far apart as these are from one distribution (Mann–Whitney, normal approximation).
fn mann_whitney(one: &[f64], other: &[f64]) -> f64 {
    let size = |sample: &[f64]| f64::from(u32::try_from(sample.len()).unwrap());
    let (n, m) = (size(one), size(other));
    let above = one
        .iter()
        .flat_map(|a| other.iter().map(move |b| (a, b)))
        .map(|(a, b)| match a.total_cmp(b) {
            std::cmp::Ordering::Greater => 1.0,
            std::cmp::Ordering::Equal => 0.5,
            std::cmp::Ordering::Less => 0.0,
        })
        .sum::<f64>();
    let z = (above - n * m / 2.0).abs() / (n * m * (n + m + 1.0) / 12.0).sqrt();
    // Twice the upper tail (Abramowitz and Stegun 26.2.17).
    let t = 1.0 / (1.0 + 0.231_641_9 * z);
    let density = (-z * z / 2.0).exp() / (2.0 * std::f64::consts::PI).sqrt();
    let tail = [
        0.319_381_530,
        -0.356_563_782,
        1.781_477_937,
        -1.821_255_978,
        1.330_274_429,
    ];
    2.0 * density
        * tail
            .iter()
            .rev()
            .fold(0.0, |sum, factor| (sum + factor) * t)
}

fn median(sample: &[f64]) -> f64 {
    let mut sorted = sample.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[sorted.len() / 2]
}

#[actix_web::test]
async fn an_10_nobody_learns_whether_an_account_exists() {
    // Enough memory that hashing is what takes the time.
    let world = World::with(|config| config.password_memory_kib = 1024).await;
    let clinic = world.facility("北診療所", FacilityKind::Clinic).await;
    world.person("known", "nurse", clinic).await;
    world.invited("invited", "nurse", clinic).await;
    let mut times = [Vec::new(), Vec::new(), Vec::new()];
    let mut bodies = Vec::new();
    for _ in 0..200 {
        for (login, times) in ["known@kita", "nobody@kita", "invited@kita"]
            .into_iter()
            .zip(&mut times)
        {
            let forget = "DELETE FROM sign_in_guards";
            world.db.admin.batch_execute(forget).await.unwrap();
            let guess = json!({ "login": login, "password": "wrong", "code": "123456" });
            let begun = Instant::now();
            let answer = send(&world.anyone, &[], &guess).await;
            times.push(begun.elapsed().as_secs_f64());
            let mut headers = answer.headers.clone();
            headers.retain(|(name, _)| name != "date");
            headers.sort();
            bodies.push((answer.status, headers, answer.text()));
        }
    }
    assert_eq!(bodies[0].0, 401);
    assert!(bodies.iter().all(|body| *body == bodies[0]));
    let [known, unknown, invited] = times;
    for (one, other) in [(&known, &unknown), (&invited, &unknown)] {
        let (p, ratio) = (mann_whitney(one, other), median(one) / median(other));
        // A machine that is busy with other tests is noisy: only a difference that is both certain and large counts.
        assert!(
            p > 0.01 || (0.9..1.1).contains(&ratio),
            "p {p}, ratio {ratio}"
        );
    }
    assert!(mann_whitney(&known, &known.iter().map(|t| t * 1.5).collect::<Vec<_>>()) < 0.01);
}
