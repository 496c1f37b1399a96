//! SE-09: what is dangerous asks for factors shown within the last five minutes.

use chrono::TimeDelta;
use serde_json::json;

use crate::support::{
    Team, Wire, World,
    calls::{self, Call, Things},
    wire::code,
};

/// Operations that ask for fresh factors. Kept by hand: what is added or taken away is a decision.
const EXPECTED: &str = include_str!("step-up-operations.txt");

/// Every published operation that says that it asks for fresh factors.
async fn published(world: &World) -> Vec<String> {
    let nobody = Wire::nobody(&world.anyone);
    let document = Wire::done(nobody.get("/v1/openapi.json").await);
    let mut found = Vec::new();
    for methods in document["paths"].as_object().unwrap().values() {
        for operation in methods.as_object().unwrap().values() {
            if operation["x-step-up"] == true {
                found.push(operation["operationId"].as_str().unwrap().to_owned());
            }
        }
    }
    found.sort();
    found
}

#[actix_web::test]
async fn se_09_what_is_dangerous_asks_for_fresh_factors() {
    let team = Team::new().await;
    let things = Things::of(&team).await;
    let published = published(&team.world).await;
    assert_eq!(published, EXPECTED.lines().collect::<Vec<_>>());
    let mut calls: Vec<Call> = calls::all(&team, &things);
    // One of each kind of people who may do something.
    let mut people = Vec::new();
    for person in [
        &team.world.administrator,
        &team.care_manager,
        &team.physician,
        &team.nurse,
        &team.outsider,
        &team.auditor,
    ] {
        people.push(Wire::sign_in(person).await);
    }
    // What hides from whoever may not know of it has to exist before anything is asked.
    let relative = calls
        .iter()
        .find(|call| call.operation == "create_relative");
    let relative = relative.unwrap().clone();
    let made = people[1]
        .send_as("POST", &relative.path, relative.content_type, relative.body)
        .await;
    let made = Wire::done(made)["relative"]["id"].clone();
    let end = calls
        .iter_mut()
        .find(|call| call.operation == "end_relative");
    end.unwrap().path = format!("/v1/relatives/{}/end", made.as_str().unwrap());
    let moment = TimeDelta::minutes(5) + TimeDelta::seconds(1);
    team.world.app.clock.advance(moment);
    for person in &mut people {
        person.renew().await;
    }
    let mut unasked = Vec::new();
    for operation in published {
        let call = calls.iter().find(|call| call.operation == operation);
        let call = call.unwrap_or_else(|| panic!("{operation} has no sensible call"));
        let mut codes = Vec::new();
        for person in &people {
            let (status, body) = person
                .send_as(
                    call.method,
                    &call.path,
                    call.content_type,
                    call.body.clone(),
                )
                .await;
            assert!(
                !(200..300).contains(&status),
                "{operation}: {status} {body}"
            );
            codes.push(code(&body));
        }
        if !codes.iter().any(|code| code == "step_up_required") {
            unasked.push(format!("{operation}: {codes:?}"));
        }
    }
    assert!(unasked.is_empty(), "{unasked:#?}");
    // Fresh factors open it, as far as the rules do.
    let fresh = Wire::sign_in(&team.world.administrator).await;
    let opened = fresh.post("/v1/me/passkeys/challenge", json!({})).await;
    assert_eq!(opened.0, 201, "{opened:?}");
}
