//! Every operation, called by every kind of caller, held against a reviewed sheet.
//!
//! `operation-matrix.txt` is compared by equality; there is no flag that accepts a change. Whoever changes who may do
//! what changes the sheet by hand, and a reviewer sees it.

use std::{collections::BTreeSet, fmt::Write};

use tsumugi_client::{Client, models::RelationKind};

use crate::support::{
    Team,
    calls::{self, Things},
};

const SHEET: &str = include_str!("operation-matrix.txt");

/// The operations that anybody may call, one on each line.
const OPEN: &str = include_str!("operations-without-session.txt");

/// A test for each kind of caller, and the list of them.
macro_rules! callers {
    ($($test:ident: $caller:literal,)+) => {
        const CALLERS: &[&str] = &[$($caller),+];
        $(
            #[actix_web::test]
            async fn $test() {
                answers_as_the_sheet_says($caller).await;
            }
        )+
    };
}

callers! {
    az_01_az_02_nobody: "nobody",
    az_01_az_02_forged: "forged",
    az_01_az_02_stranger: "stranger",
    az_01_az_02_outsider: "outsider",
    az_01_az_02_physician: "physician",
    az_01_az_02_nurse: "nurse",
    az_01_az_02_care_manager: "care manager",
    az_01_az_02_helper: "helper",
    az_01_az_02_hospital_nurse: "hospital nurse",
    az_01_az_02_patient: "patient",
    az_01_az_02_family: "family",
    az_01_az_02_administrator: "administrator",
    az_01_az_02_auditor: "auditor",
    az_01_az_02_support: "support",
    az_01_az_02_system: "system",
    az_01_az_02_program: "program",
}

/// Width of the first column of the sheet, and of the others.
const WIDTHS: (usize, usize) = (32, 15);

/// What is about the patient anyway.
const KNOW_THE_PATIENT: [&str; 8] = [
    "physician",
    "nurse",
    "care manager",
    "helper",
    "hospital nurse",
    "patient",
    "family",
    "program",
];

async fn client_of(team: &Team, caller: &str) -> Client {
    match caller {
        "nobody" => team.world.anyone.clone(),
        "forged" => team.world.anyone.with_token("forged".to_owned()),
        "stranger" => team.stranger.client.clone(),
        "outsider" => team.outsider.client.clone(),
        "physician" => team.physician.client.clone(),
        "nurse" => team.nurse.client.clone(),
        "care manager" => team.care_manager.client.clone(),
        "helper" => team.helper.client.clone(),
        "hospital nurse" => team.hospital_nurse.client.clone(),
        "patient" => team.relative("izumo", RelationKind::Patient).await,
        "family" => team.relative("hanako", RelationKind::Family).await,
        "administrator" => team.world.administrator.client.clone(),
        "auditor" => team.auditor.client.clone(),
        "support" => team.support().await.client,
        "system" => team.hospital.clone(),
        "program" => team.program_for(&team.nurse).await,
        unknown => panic!("{unknown}"),
    }
}

/// The column of the sheet, written as the sheet is.
fn column(rows: &[(String, String)]) -> String {
    let (first, width) = WIDTHS;
    rows.iter().fold(String::new(), |mut text, (name, status)| {
        writeln!(text, "{name:<first$}{status:>width$}").unwrap();
        text
    })
}

/// The same column as it stands in the sheet.
fn written(caller: &str) -> Vec<(String, String)> {
    let (first, width) = WIDTHS;
    let place = CALLERS.iter().position(|known| *known == caller).unwrap();
    SHEET
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| {
            let from = first + place * width;
            let cell = line.get(from..from + width).unwrap_or_default();
            let name = line.get(..first).unwrap_or_default();
            (name.trim().to_owned(), cell.trim().to_owned())
        })
        .collect()
}

async fn answers_as_the_sheet_says(caller: &str) {
    let team = Team::new().await;
    let things = Things::of(&team).await;
    let client = client_of(&team, caller).await;
    let mut rows = vec![("operation".to_owned(), caller.to_owned())];
    for call in calls::all(&team, &things) {
        let answer = calls::make(&client, &call).await;
        let said = format!("{caller} {}: {}", call.operation, answer.text());
        assert!(answer.status < 500, "{said}");
        let shows_names = matches!(
            (caller, call.operation),
            (
                "auditor",
                "list_access_log"
                    | "export_access_log"
                    | "search_audit_events"
                    | "list_provisions"
                    | "list_findings"
                    | "create_watched_patient"
                    | "list_watched_patients"
                    | "export_incident_report"
            )
                | ("system", "receive_bundle")
                // In an emergency whoever knows name and birth date hears that there is such a patient.
                | ("outsider", "search_emergency_patient")
        );
        if !KNOW_THE_PATIENT.contains(&caller) && !shows_names {
            assert!(!said.contains("CANARY") && !said.contains("出雲"), "{said}");
        }
        rows.push((call.operation.to_owned(), answer.status.to_string()));
    }
    assert!(
        rows == written(caller),
        "the column should be:\n{}",
        column(&rows)
    );
}

#[test]
fn az_01_the_sheet_has_every_operation_and_every_kind_of_caller() {
    let rows = written(CALLERS[0]);
    let listed: BTreeSet<String> = rows.into_iter().skip(1).map(|(name, _)| name).collect();
    assert_eq!(listed, published(false));
    let header = SHEET.lines().find(|line| !line.starts_with('#')).unwrap();
    let (first, width) = WIDTHS;
    assert_eq!(header.chars().count(), first + CALLERS.len() * width);
}

/// Ids of the published operations, or only of those that anybody may call.
fn published(open_only: bool) -> BTreeSet<String> {
    tsumugi_server::openapi::operations(&tsumugi_server::openapi::document())
        .into_iter()
        .filter(|(_, _, operation)| !open_only || operation.security.is_some())
        .filter_map(|(_, _, operation)| operation.operation_id.clone())
        .collect()
}

#[actix_web::test]
async fn az_02_what_needs_no_session_is_on_the_list_and_nothing_else_is_open() {
    let open: BTreeSet<String> = OPEN.lines().map(str::to_owned).collect();
    assert_eq!(published(true), open);
    let team = Team::new().await;
    let things = Things::of(&team).await;
    for call in calls::all(&team, &things) {
        let answer = calls::make(&team.world.anyone, &call).await;
        // An answer to HEAD has no body.
        let asks_who = answer.text().contains("\"unauthenticated\"")
            || (call.method == "HEAD" && answer.status == 401);
        let name = call.operation;
        // A refresh token that is not good is answered like an access token that is not.
        let is_closed = !open.contains(name) || name == "refresh_session";
        assert_eq!(asks_who, is_closed, "{name}: {}", answer.text());
    }
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
