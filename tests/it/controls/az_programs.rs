//! AZ-21: a program that acts for a person has the person's rights and no others.

use serde_json::{Value, json};
use tsumugi_client::{
    Client,
    models::{CreateSystemClient, CreatedSystemClient, ListAccessLog},
};
use uuid::Uuid;

use crate::support::{
    Person, Team,
    calls::{self, Call, Things},
    refused,
};

/// What asks for fresh factors.
const DANGEROUS: &str = include_str!("step-up-operations.txt");
/// What needs no session.
const OPEN: &str = include_str!("../invariants/operations-without-session.txt");
const SUMMARY: &str = include_str!("../../fixtures/fhir/discharge-summary-01.json");
const EXCHANGE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
const ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";

async fn facility_of(person: &Person) -> Uuid {
    let me = person.client.sessions().me().await.unwrap();
    me.staff_member.unwrap().facility.id
}

/// A program of the person's facility that may act for its people.
async fn program_at(team: &Team, person: &Person) -> CreatedSystemClient {
    let facility = facility_of(person).await;
    let new = CreateSystemClient::new(facility, "介護記録ソフト").for_people();
    team.world.program(&new).await
}

async fn token_of(person: &Person) -> String {
    let token = person.client.access_token().await.unwrap().unwrap();
    token.expose().to_owned()
}

/// Asks for a token in exchange for another: status and answer.
async fn exchange(team: &Team, made: &CreatedSystemClient, subject: &str) -> (u16, Value) {
    let id = made.client_id.replace('@', "%40");
    let secret = made.client_secret.expose();
    let form = format!(
        "grant_type={EXCHANGE}&client_id={id}&client_secret={secret}&subject_token={subject}&subject_token_type={ACCESS_TOKEN}"
    );
    let headers = [("content-type", "application/x-www-form-urlencoded")];
    let answer = team
        .world
        .anyone
        .send_raw("POST", "/oauth/token", &headers, form)
        .await
        .unwrap();
    (answer.status, answer.json().unwrap())
}

async fn acting_for(team: &Team, made: &CreatedSystemClient, person: &Person) -> Client {
    let (status, answer) = exchange(team, made, &token_of(person).await).await;
    assert_eq!(status, 200, "{answer}");
    assert_eq!(answer["issued_token_type"], ACCESS_TOKEN);
    let token = answer["access_token"].as_str().unwrap().to_owned();
    team.world.anyone.with_token(token)
}

/// Whether a call is about the person's own session and factors.
fn is_in_person(call: &Call) -> bool {
    call.path.starts_with("/v1/sessions") || call.path.starts_with("/v1/me/")
}

#[actix_web::test]
async fn az_21_a_program_reads_what_its_person_reads_and_nothing_else() {
    let team = Team::new().await;
    let things = Things::of(&team).await;
    let reads: Vec<Call> = calls::all(&team, &things)
        .into_iter()
        .filter(|call| call.method == "GET" && call.operation != "stream_events")
        .collect();
    assert!(reads.len() > 30);
    let (mut open, mut closed) = (0, 0);
    for person in [
        &team.helper,
        &team.nurse,
        &team.hospital_nurse,
        &team.outsider,
    ] {
        let made = program_at(&team, person).await;
        let program = acting_for(&team, &made, person).await;
        for call in &reads {
            let alone = calls::make(&person.client, call).await;
            let through = calls::make(&program, call).await;
            let name = call.operation;
            if is_in_person(call) {
                assert_eq!(through.status, 403, "{name}");
                continue;
            }
            if DANGEROUS.lines().any(|line| line == name) {
                // Closed to the program, if it is not hidden from the person anyway.
                let expected = if alone.status == 200 {
                    403
                } else {
                    alone.status
                };
                assert_eq!(through.status, expected, "{name}");
                continue;
            }
            assert_eq!(through.status, alone.status, "{name}");
            if alone.status == 200 {
                open += 1;
            } else {
                closed += 1;
            }
        }
        // What the system may do by itself, it may not do for the person.
        let sent = program.bundles().receive(SUMMARY).await;
        refused(sent, 403, "forbidden");
    }
    assert!(open > 40 && closed > 20, "{open} {closed}");
}

#[actix_web::test]
async fn az_21_a_narrow_person_stays_narrow_and_the_log_names_the_program() {
    let team = Team::new().await;
    let note = team.physician.notes(team.patient, "病状の説明").await;
    let made = program_at(&team, &team.helper).await;
    let secret = made.client_secret.clone();
    let token = team.helper.client.access_token().await.unwrap().unwrap();
    // With tokens that are bound to the program's key as well.
    let program = team
        .world
        .anyone
        .acting_for(token, made.client_id.clone(), secret)
        .unwrap();
    let alone = team.helper.client.timeline().find_post(note.id).await;
    let through = program.timeline().find_post(note.id).await;
    assert_eq!(alone.is_ok(), through.is_ok());
    program.patients().find(team.patient).await.unwrap();
    let filter = ListAccessLog {
        patient_id: Some(team.patient),
        ..ListAccessLog::default()
    };
    let log = team.auditor.client.access_log();
    let entries = log.list(&filter).await.unwrap().items;
    let entry = entries
        .iter()
        .find(|entry| entry.action == "patient.read")
        .unwrap();
    assert_eq!(entry.actor.id, Some(team.helper.id));
    assert_eq!(entry.actor.through.as_deref(), Some("介護記録ソフト"));
    // In person there is no program between.
    team.helper
        .client
        .patients()
        .find(team.patient)
        .await
        .unwrap();
    let entries = log.list(&filter).await.unwrap().items;
    assert_eq!(entries[0].actor.through, None);
}

#[actix_web::test]
async fn az_21_what_asks_for_the_person_is_closed_to_a_program() {
    let team = Team::new().await;
    let things = Things::of(&team).await;
    let administrator = &team.world.administrator;
    let made = program_at(&team, administrator).await;
    let program = acting_for(&team, &made, administrator).await;
    let mut seen = 0;
    let open: Vec<&str> = OPEN.lines().collect();
    for call in calls::all(&team, &things) {
        if open.contains(&call.operation)
            || !is_in_person(&call) && !DANGEROUS.lines().any(|line| line == call.operation)
        {
            continue;
        }
        let answer = calls::make(&program, &call).await;
        let said = format!("{} {} {}", call.operation, answer.status, answer.text());
        assert!(
            [400, 401, 403, 404, 409, 415, 422].contains(&answer.status),
            "{said}"
        );
        seen += 1;
    }
    assert!(seen > 30, "{seen}");
    // The session is untouched by all of that.
    administrator.client.sessions().me().await.unwrap();
}

#[actix_web::test]
async fn az_21_no_token_is_exchanged_for_others() {
    let team = Team::new().await;
    let made = program_at(&team, &team.helper).await;
    let token = token_of(&team.helper).await;
    let refuses = async |made: &CreatedSystemClient, subject: &str, code: &str| {
        let (status, answer) = exchange(&team, made, subject).await;
        assert_eq!((status, &answer["error"]), (400, &json!(code)), "{answer}");
    };
    // A system that sends documents does not act for people.
    let facility = facility_of(&team.helper).await;
    let sender = team
        .world
        .program(&CreateSystemClient::new(facility, "送信"))
        .await;
    refuses(&sender, &token, "unauthorized_client").await;
    // People of another facility and of another network, systems, nobody, and a token that was exchanged before.
    refuses(&made, &token_of(&team.nurse).await, "invalid_request").await;
    refuses(&made, &token_of(&team.stranger).await, "invalid_request").await;
    let system = team.hospital.access_token().await.unwrap().unwrap();
    refuses(&made, system.expose(), "invalid_request").await;
    refuses(&made, "nothing", "invalid_request").await;
    let (_, answer) = exchange(&team, &made, &token).await;
    let exchanged = answer["access_token"].as_str().unwrap().to_owned();
    refuses(&made, &exchanged, "invalid_request").await;
    // With the session, what was exchanged for it ends.
    let program = team.world.anyone.with_token(exchanged);
    program.sessions().me().await.unwrap();
    team.helper.client.sessions().delete().await.unwrap();
    refused(program.sessions().me().await, 401, "session_ended");
    refuses(&made, &token, "invalid_request").await;
}
