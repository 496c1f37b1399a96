//! Every operation, called by every kind of caller, held against a reviewed sheet.
//!
//! `operation-matrix.txt` is compared by equality; there is no flag that accepts a change. Whoever changes who may do
//! what changes the sheet by hand, and a reviewer sees it.

use std::{collections::BTreeSet, fmt::Write};

use crate::support::{
    Team,
    calls::{self, Things},
};

const SHEET: &str = include_str!("operation-matrix.txt");

#[actix_web::test]
async fn az_01_az_02_every_operation_answers_every_kind_of_caller_as_the_sheet_says() {
    let mut sheet = String::from(
        "# Status of a sensible call of each operation. nobody: no token; forged: a bad token; stranger: a nurse of another\n\
         # network; outsider: a nurse of the network without relation to the patient; system: a hospital's system.\n",
    );
    let callers = [
        "nobody",
        "forged",
        "stranger",
        "outsider",
        "physician",
        "nurse",
        "care manager",
        "helper",
        "hospital nurse",
        "administrator",
        "auditor",
        "system",
    ];
    writeln!(
        sheet,
        "{:<28}{}",
        "operation",
        callers.map(|c| format!("{c:>15}")).concat()
    )
    .unwrap();
    let count = {
        let team = Team::new().await;
        let things = Things::of(&team).await;
        calls::all(&team, &things).len()
    };
    let mut rows: Vec<(String, Vec<String>)> = vec![(String::new(), Vec::new()); count];
    for caller in callers {
        // A world for each caller, so that what one does changes nothing for the next.
        let team = Team::new().await;
        let things = Things::of(&team).await;
        let client = match caller {
            "nobody" => team.world.anyone.clone(),
            "forged" => team.world.anyone.with_token("forged".to_owned()),
            "stranger" => team.stranger.client.clone(),
            "outsider" => team.outsider.client.clone(),
            "physician" => team.physician.client.clone(),
            "nurse" => team.nurse.client.clone(),
            "care manager" => team.care_manager.client.clone(),
            "helper" => team.helper.client.clone(),
            "hospital nurse" => team.hospital_nurse.client.clone(),
            "administrator" => team.world.administrator.client.clone(),
            "auditor" => team.auditor.client.clone(),
            _ => team.hospital.clone(),
        };
        let known_to_caller = matches!(
            caller,
            "physician" | "nurse" | "care manager" | "helper" | "hospital nurse"
        );
        for (call, row) in calls::all(&team, &things).into_iter().zip(&mut rows) {
            let answer = calls::make(&client, &call).await;
            assert!(
                answer.status < 500,
                "{caller} {}: {}",
                call.operation,
                answer.text()
            );
            let shows_names = matches!(
                (caller, call.operation),
                ("auditor", "list_access_log")
                    | ("auditor", "list_provisions")
                    | ("system", "receive_bundle")
                    // In an emergency whoever knows name and birth date hears that there is such a patient.
                    | ("outsider", "search_emergency_patient")
            );
            if !known_to_caller && !shows_names {
                let told = answer.text();
                assert!(
                    !told.contains("CANARY") && !told.contains("出雲"),
                    "{caller} {}: {told}",
                    call.operation
                );
            }
            row.0 = call.operation.to_owned();
            row.1.push(answer.status.to_string());
        }
    }
    for (operation, statuses) in &rows {
        writeln!(
            sheet,
            "{operation:<28}{}",
            statuses
                .iter()
                .map(|s| format!("{s:>15}"))
                .collect::<String>()
        )
        .unwrap();
    }
    assert!(sheet == SHEET, "the sheet should be:\n{sheet}");

    let published: BTreeSet<String> =
        tsumugi_server::openapi::operations(&tsumugi_server::openapi::document())
            .into_iter()
            .filter_map(|(_, _, operation)| operation.operation_id.clone())
            .collect();
    let called: BTreeSet<String> = rows.into_iter().map(|(operation, _)| operation).collect();
    assert_eq!(called, published, "every published operation has a call");
}

#[actix_web::test]
async fn what_is_hidden_and_what_does_not_exist_answer_alike() {
    let team = Team::new().await;
    let things = Things::of(&team).await;
    let same = [
        ("x-request-id", "same"),
        ("content-type", "application/json"),
    ];
    for (real, other) in [
        (
            format!("/v1/patients/{}", team.patient),
            format!("/v1/patients/{}", things.post),
        ),
        (
            format!("/v1/posts/{}", things.post),
            format!("/v1/posts/{}", team.patient),
        ),
        (
            format!("/v1/documents/{}", things.document),
            format!("/v1/documents/{}", team.patient),
        ),
        (
            format!("/v1/patients/{}/timeline", team.patient),
            format!("/v1/patients/{}/timeline", things.post),
        ),
    ] {
        let hidden = team
            .outsider
            .client
            .send_raw("GET", &real, &same, "")
            .await
            .unwrap();
        let unknown = team
            .outsider
            .client
            .send_raw("GET", &other, &same, "")
            .await
            .unwrap();
        assert_eq!(
            (hidden.status, hidden.text()),
            (unknown.status, unknown.text()),
            "{real}"
        );
        let headers = |answer: &tsumugi_client::RawAnswer| {
            let mut all: Vec<_> = answer
                .headers
                .iter()
                .filter(|(name, _)| name != "date")
                .cloned()
                .collect();
            all.sort();
            all
        };
        assert_eq!(headers(&hidden), headers(&unknown), "{real}");
    }
}
