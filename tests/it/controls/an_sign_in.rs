//! Two factors of different kinds, each code once, whichever way in.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use serde_json::{Value, json};
use tsumugi_client::models::{CreateSession, CreateTemporaryCode, StepUp};
use tsumugi_server::{config, openapi, spine::auth::password::Passwords};

use crate::support::{Person, World, refused, world::PASSWORD};

/// What everybody who cannot sign in hears, the number of the request aside.
async fn answer(world: &World, body: Value) -> (u16, String) {
    let headers = [
        ("content-type", "application/json"),
        ("x-request-id", "same"),
    ];
    let sent = world
        .anyone
        .send_raw("POST", "/v1/sessions", &headers, body.to_string());
    let answer = sent.await.unwrap();
    (answer.status, answer.text())
}

async fn execute(world: &World, sql: &str) {
    world.db.admin.batch_execute(sql).await.unwrap();
}

#[actix_web::test]
async fn an_01_a_session_needs_two_factors_of_different_kinds() {
    let world = World::new().await;
    let who = &world.administrator;
    let password_only = CreateSession::new(&who.login, PASSWORD);
    let alone = world.anyone.sessions().create(&password_only).await;
    refused(alone, 401, "mfa_required");
    // A second thing that one knows is no second factor.
    let wrong = answer(&world, json!({ "login": who.login, "password": "wrong" })).await;
    for code in [PASSWORD, "000000", "", "T-0000"] {
        let tried = json!({ "login": who.login, "password": PASSWORD, "code": code });
        assert_eq!(answer(&world, tried).await, wrong, "{code}");
        execute(&world, "DELETE FROM sign_in_guards").await;
    }
    // The right code with the wrong password says no more than that.
    let code = who.code();
    let tried = json!({ "login": who.login, "password": "wrong", "code": code });
    assert_eq!(answer(&world, tried).await, wrong);
    let me = who.client.sessions().me().await.unwrap();
    assert_eq!(me.amr, ["pwd", "otp"]);
    // Without any second factor, the right password is as good as a wrong one.
    execute(
        &world,
        "UPDATE accounts SET totp_sealed = NULL; UPDATE recovery_codes SET used_at = now()",
    )
    .await;
    for tried in [
        json!({ "login": who.login, "password": PASSWORD }),
        json!({ "login": who.login, "password": PASSWORD, "code": who.code() }),
    ] {
        assert_eq!(answer(&world, tried).await, wrong);
    }
}

/// The properties of a schema, whatever it refers to.
fn properties(document: &Value, schema: &Value, found: &mut BTreeSet<String>) {
    if let Some(name) = schema["$ref"].as_str() {
        let name = name.rsplit('/').next().unwrap();
        properties(document, &document["components"]["schemas"][name], found);
    }
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        if found.insert(name.clone()) {
            properties(document, property, found);
        }
    }
    for part in ["allOf", "oneOf", "anyOf"] {
        for schema in schema[part].as_array().into_iter().flatten() {
            properties(document, schema, found);
        }
    }
    properties_of_items(document, schema, found);
}

fn properties_of_items(document: &Value, schema: &Value, found: &mut BTreeSet<String>) {
    if !schema["items"].is_null() {
        properties(document, &schema["items"], found);
    }
}

fn named(document: &Value, content: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for media in content["content"].as_object().into_iter().flatten() {
        properties(document, &media.1["schema"], &mut found);
    }
    found
}

/// Every operation whose answer holds a token, with what it takes for it.
fn ways_in() -> BTreeMap<String, BTreeSet<String>> {
    let document = serde_json::to_value(openapi::document()).unwrap();
    let mut found = BTreeMap::new();
    for item in document["paths"].as_object().unwrap().values() {
        for operation in item.as_object().unwrap().values() {
            let answers = operation["responses"].as_object().unwrap();
            let gives_token = answers
                .iter()
                .filter(|(status, _)| status.starts_with('2'))
                .any(|(_, answer)| {
                    let names = named(&document, answer);
                    ["access_token", "refresh_token"]
                        .iter()
                        .any(|token| names.contains(*token))
                });
            if gives_token {
                let mut takes = named(&document, &operation["requestBody"]);
                for aside in ["transport", "remember", "device_name", "name"] {
                    takes.remove(aside);
                }
                let id = operation["operationId"].as_str().unwrap();
                let is_open = operation["security"] == json!([{}]);
                if !is_open {
                    takes.insert("(session)".to_owned());
                }
                found.insert(id.to_owned(), takes);
            }
        }
    }
    found
}

#[test]
fn an_02_every_way_to_a_token_takes_two_factors() {
    // Held by hand: a new way in has to be thought about here. A passkey is two factors: the device, and what opens it.
    let known = [
        ("change_post", "(session) staff_member_id"),
        ("create_session", "code login password"),
        (
            "create_session_with_passkey",
            "challenge_id credential network",
        ),
        (
            "create_token",
            "client_id client_secret grant_type scope subject_token subject_token_type",
        ),
        (
            "finish_enrolment",
            "challenge_id code credential enrolment password",
        ),
        ("refresh_session", "refresh_token"),
        (
            "step_up_session",
            "(session) challenge_id code credential password",
        ),
        ("switch_session", "account_id pin"),
    ];
    let found: BTreeMap<String, String> = ways_in()
        .into_iter()
        .map(|(id, takes)| (id, takes.into_iter().collect::<Vec<_>>().join(" ")))
        .collect();
    let known: BTreeMap<String, String> = known
        .into_iter()
        .map(|(id, takes)| (id.to_owned(), takes.to_owned()))
        .collect();
    assert_eq!(found, known);
}

/// What a factor is: something one has, knows, or is.
fn kind(factor: &str) -> &'static str {
    match factor {
        "pwd" | "pin" => "knows",
        "otp" | "hwk" | "swk" => "has",
        "user" => "is",
        other => panic!("{other} is not a factor"),
    }
}

/// Opens a session in every way that needs no authenticator of its own, and answers with the factors of all sessions.
async fn sessions_of_all_kinds(world: &World) -> Vec<Vec<String>> {
    let who = &world.administrator;
    let station = world
        .facility("北診療所", tsumugi_client::models::FacilityKind::Clinic)
        .await;
    let nurse = world.person("nurse", "nurse", station).await;
    let recovery = nurse.recovery_codes[0].clone();
    let temporary = CreateTemporaryCode::new("認証端末の故障", 30);
    let accounts = who.client.accounts();
    let temporary = accounts
        .create_temporary_code(nurse.account, &temporary)
        .await
        .unwrap()
        .code;
    for code in [recovery, temporary] {
        let new = CreateSession::new(&nurse.login, PASSWORD).code(code);
        world.anyone.sessions().create(&new).await.unwrap();
    }
    let proof = StepUp::with_password(PASSWORD, nurse.code());
    nurse.client.sessions().step_up(&proof).await.unwrap();
    let rows = world.db.admin.query("SELECT amr FROM sessions", &[]).await;
    rows.unwrap().iter().map(|row| row.get(0)).collect()
}

#[actix_web::test]
async fn an_02_every_session_was_opened_with_two_kinds() {
    let world = World::new().await;
    let sessions = sessions_of_all_kinds(&world).await;
    assert!(sessions.len() >= 6, "{sessions:?}");
    for amr in sessions {
        let kinds: BTreeSet<_> = amr.iter().map(|factor| kind(factor)).collect();
        assert!(kinds.len() >= 2, "{amr:?}");
    }
}

#[actix_web::test]
async fn an_04_mail_is_never_a_factor() {
    // `kind` knows no factor by mail or short message, and nothing that one would type is ever mailed.
    let world = World::new().await;
    sessions_of_all_kinds(&world).await;
    let mails = "SELECT subject || body FROM mails";
    let mails = world.db.admin.query(mails, &[]).await.unwrap();
    assert!(mails.len() >= 3);
    for mail in mails {
        let text: String = mail.get(0);
        let link = text.find("/enrol#");
        let typed = text
            .split(|c: char| !c.is_ascii_alphanumeric())
            .filter(|word| word.len() == 6 && word.bytes().all(|b| b.is_ascii_digit()));
        assert_eq!(typed.count(), 0, "{text}");
        assert!(!text.contains("T-"), "{text}");
        // The link alone opens nothing: the code of the invitation is handed over.
        let invitation = "SELECT count(*) FROM invitations WHERE used_at IS NULL";
        let open: i64 = world.db.one(invitation).await;
        assert!(link.is_none() || open == 0);
    }
}

#[actix_web::test]
async fn an_05_a_one_time_code_is_good_once() {
    let world = World::new().await;
    let who = &world.administrator;
    let sign_in = async |code| {
        let new = CreateSession::new(&who.login, PASSWORD).code(code);
        world.anyone.sessions().create(&new).await
    };
    let first = who.code();
    sign_in(first.clone()).await.unwrap();
    refused(sign_in(first).await, 401, "code_used");
    // One that is older than one that was used is over as well, although its time is not.
    let before = who.authenticator.last_step() - 1;
    let older = who.authenticator.code_of(before);
    refused(sign_in(older).await, 401, "code_used");
    // Of another time it is not a code.
    let late = who.authenticator.code_of(before + 10);
    refused(sign_in(late).await, 401, "invalid_credentials");
    // The time is the server's.
    execute(&world, "DELETE FROM sign_in_guards").await;
    world.app.clock.advance(TimeDelta::minutes(5));
    let stale = who.authenticator.code_of(before + 2);
    refused(sign_in(stale).await, 401, "invalid_credentials");
    sign_in(who.code()).await.unwrap();
}

#[actix_web::test]
async fn an_05_of_two_with_the_same_code_one_gets_in_also_at_two_servers() {
    let world = World::new().await;
    let node = world.second_node();
    let other = &node.anyone;
    let who = &world.administrator;
    for round in 0..2 {
        execute(&world, "DELETE FROM sign_in_guards").await;
        let code = who.code();
        node.app
            .clock
            .advance(world.app.clock.now() - node.app.clock.now());
        let new = CreateSession::new(&who.login, PASSWORD).code(code);
        let (here, there) = (world.anyone.sessions(), other.sessions());
        let (one, two, three) =
            futures_util::join!(here.create(&new), there.create(&new), here.create(&new));
        let outcomes: Vec<String> = [one, two, three]
            .into_iter()
            .map(|outcome| match outcome {
                Ok(_) => "in".to_owned(),
                Err(error) => error.code().unwrap_or_default().to_owned(),
            })
            .collect();
        let count = |what: &str| outcomes.iter().filter(|outcome| *outcome == what).count();
        assert_eq!(
            (count("in"), count("code_used")),
            (1, 2),
            "{round} {outcomes:?}"
        );
    }
}

#[actix_web::test]
async fn an_05_recovery_and_temporary_codes_are_good_once() {
    let world = World::new().await;
    let clinic = world
        .facility("北診療所", tsumugi_client::models::FacilityKind::Clinic)
        .await;
    let nurse = world.person("nurse", "nurse", clinic).await;
    let temporary = CreateTemporaryCode::new("認証端末の故障", 30);
    let accounts = world.administrator.client.accounts();
    let temporary = accounts
        .create_temporary_code(nurse.account, &temporary)
        .await
        .unwrap()
        .code;
    for code in [nurse.recovery_codes[3].clone(), temporary] {
        let new = CreateSession::new(&nurse.login, PASSWORD).code(code);
        world.anyone.sessions().create(&new).await.unwrap();
        let again = world.anyone.sessions().create(&new).await;
        refused(again, 401, "code_used");
        // It is this person's.
        let of_another = CreateSession {
            login: world.administrator.login.clone(),
            ..new
        };
        let of_another = world.anyone.sessions().create(&of_another).await;
        refused(of_another, 401, "invalid_credentials");
    }
    let left = nurse.client.factors().find().await.unwrap();
    assert_eq!(left.recovery_codes_left, 9);
    // New ones take the place of the old.
    let new = nurse
        .client
        .factors()
        .create_recovery_codes()
        .await
        .unwrap();
    assert_eq!(new.codes.len(), 10);
    let old = CreateSession::new(&nurse.login, PASSWORD).code(nurse.recovery_codes[4].clone());
    refused(world.anyone.sessions().create(&old).await, 401, "code_used");
    let good = CreateSession::new(&nurse.login, PASSWORD).code(new.codes[0].clone());
    world.anyone.sessions().create(&good).await.unwrap();
}

async fn phc(world: &World, who: &Person) -> String {
    let sql = "SELECT password_phc FROM accounts WHERE id = $1";
    let row = world.db.admin.query_one(sql, &[&who.account]).await;
    row.unwrap().get(0)
}

#[actix_web::test]
async fn an_06_passwords_are_hashed_with_argon2id_and_again_when_more_is_usual() {
    // What is usual where nobody says otherwise.
    let usual = config::value("TSUMUGI_PASSWORD_MEMORY_KIB").unwrap();
    assert!(usual.parse::<u32>().unwrap() >= 65536);
    let hash = Passwords::new(65536).unwrap().hash_blocking("x").unwrap();
    assert!(
        hash.starts_with("$argon2id$v=19$m=65536,t=3,p=1$"),
        "{hash}"
    );

    let world = World::new().await;
    let who = &world.administrator;
    assert!(
        phc(&world, who)
            .await
            .starts_with("$argon2id$v=19$m=64,t=3,p=1$")
    );
    let old = Passwords::new(16).unwrap().hash_blocking(PASSWORD).unwrap();
    let sql = "UPDATE accounts SET password_phc = $1 WHERE id = $2";
    let changed = world.db.admin.execute(sql, &[&old, &who.account]).await;
    assert_eq!(changed.unwrap(), 1);
    // Who guesses wrong changes nothing.
    let wrong = CreateSession::new(&who.login, "wrong").code(who.code());
    let wrong = world.anyone.sessions().create(&wrong).await;
    refused(wrong, 401, "invalid_credentials");
    assert_eq!(phc(&world, who).await, old);
    who.session().await;
    let renewed = phc(&world, who).await;
    assert!(
        renewed.starts_with("$argon2id$v=19$m=64,t=3,p=1$"),
        "{renewed}"
    );
    who.session().await;
    assert_eq!(phc(&world, who).await, renewed);
}

#[actix_web::test]
async fn an_06_many_who_sign_in_at_once_leave_room_for_others() {
    let world = World::with(|config| config.password_memory_kib = 19456).await;
    let crowd = (0..300).map(|number| {
        let new = CreateSession::new(format!("nobody-{number}@kita"), "wrong");
        let anyone = world.anyone.clone();
        async move { anyone.sessions().create(&new).await }
    });
    let others = async {
        let mut longest = std::time::Duration::ZERO;
        for _ in 0..20 {
            let begun = std::time::Instant::now();
            world.administrator.client.sessions().me().await.unwrap();
            longest = longest.max(begun.elapsed());
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        longest
    };
    let (crowd, longest) = futures_util::join!(futures_util::future::join_all(crowd), others);
    // Whoever waits for a connection waits five seconds and is then told to come back.
    assert!(longest < std::time::Duration::from_secs(4), "{longest:?}");
    let mut told: BTreeMap<String, usize> = BTreeMap::new();
    for refusal in crowd {
        let error = refusal.unwrap_err();
        *told
            .entry(error.code().unwrap_or("none").to_owned())
            .or_default() += 1;
    }
    let known = ["invalid_credentials", "too_many_attempts", "unavailable"];
    assert!(
        told.keys().all(|code| known.contains(&code.as_str())),
        "{told:?}"
    );
    assert!(told.contains_key("unavailable"), "{told:?}");
}
