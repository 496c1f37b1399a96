//! The people of the load: signed in once, renewed before each measurement.

use std::path::Path;
use std::thread;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::wire::{Request, Server};
use crate::{Result, say};

/// How many of the load's people sign in. Each may read one patient in five.
const PEOPLE: u32 = 10;

/// What the demonstration network's accounts are opened with.
pub(crate) struct Accounts {
    password: String,
    slug: String,
}

impl Accounts {
    pub(crate) fn read(file: &Path, slug: &str) -> Result<Self> {
        let failed = |why: String| format!("{}: {why}", file.display());
        let bytes = std::fs::read(file).map_err(|error| failed(error.to_string()))?;
        let accounts: Value =
            serde_json::from_slice(&bytes).map_err(|error| failed(error.to_string()))?;
        let password = accounts
            .pointer("/visiting_nurse/password")
            .and_then(Value::as_str);
        let password = password.ok_or_else(|| failed("no visiting nurse".to_owned()))?;
        Ok(Self {
            password: password.to_owned(),
            slug: slug.to_owned(),
        })
    }

    /// The body of an attempt to sign in as one of the load's people: with both factors, or with a wrong password. The
    /// second factor is a temporary code, because the seeds of one-time codes are sealed with the server's key.
    pub(crate) fn attempt(&self, number: u32, right: bool) -> String {
        let wrong = if right { "" } else { "!" };
        let body = json!({
            "login": format!("load-{number}@{}", self.slug),
            "password": format!("{}{wrong}", self.password),
            "code": format!("T-LOAD-{number}"),
            "transport": "body",
        });
        body.to_string()
    }
}

/// Somebody who has signed in.
#[derive(Clone)]
pub(crate) struct Person {
    number: u32,
    pub(crate) token: String,
    refresh_token: String,
}

impl Person {
    /// Signs one of the load's people in.
    pub(crate) fn sign_in(server: &Server, accounts: &Accounts, number: u32) -> Result<Self> {
        let body = accounts.attempt(number, true);
        let Session {
            access_token,
            refresh_token,
        } = session(server, "/v1/sessions", &body, 201)?;
        Ok(Self {
            number,
            token: access_token,
            refresh_token,
        })
    }

    /// One of the patients whose care team this person is on; `dice` is any number.
    pub(crate) fn patient(&self, patients: u32, dice: u32) -> String {
        // Member k of patient i is number (7 i + 5 k) modulo 50.
        let own = (patients.saturating_sub(1) - self.number * 3 % 5) / 5 + 1;
        let patient = dice % own * 5 + self.number * 3 % 5;
        format!("01900000-0000-7000-8000-000001{}", 100_000 + patient)
    }
}

/// Everybody who has signed in.
pub(crate) struct Crowd {
    pub(crate) people: Vec<Person>,
    pub(crate) patients: u32,
}

#[derive(Deserialize)]
struct Session {
    access_token: String,
    refresh_token: String,
}

impl Crowd {
    pub(crate) fn sign_in(server: &Server, accounts: &Accounts, patients: u32) -> Result<Self> {
        let people: Result<Vec<Person>> = (0..PEOPLE)
            .map(|number| Person::sign_in(server, accounts, number))
            .collect();
        let crowd = Self {
            people: people?,
            patients,
        };
        say(&format!("load: {PEOPLE} people signed in"));
        Ok(crowd)
    }

    /// New access tokens: one is good for five minutes, longer than any measurement.
    pub(crate) fn refresh(&mut self, server: &Server) -> Result<()> {
        for person in &mut self.people {
            let body = json!({ "refresh_token": person.refresh_token }).to_string();
            let renewed = session(server, "/v1/sessions/refresh", &body, 200)?;
            person.token = renewed.access_token;
            person.refresh_token = renewed.refresh_token;
        }
        // The processor is to be quiet again when the measurement starts.
        thread::sleep(std::time::Duration::from_millis(200));
        Ok(())
    }
}

fn session(server: &Server, path: &str, body: &str, expected: u16) -> Result<Session> {
    let request = Request {
        method: "POST",
        path,
        token: "",
        idempotency_key: "",
        body,
    };
    let mut wire = server.connect()?;
    let answer = wire.exchange(&request)?;
    if answer.status != expected {
        return Err(format!("{path}: {}", answer.complaint()));
    }
    serde_json::from_slice(answer.body).map_err(|error| format!("{path}: {error}"))
}
