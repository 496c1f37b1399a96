//! One entry of the access log, proven; and the log as AuditEvents.

use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use tsumugi_client::models::{ListAccessLog, SearchAuditEvents};
use tsumugi_server::ledger::{
    checkpoint::Signed,
    entry::{Canonical, Opened},
    note::Verifier,
    tree::{Hash, leaf_hash, verify_inclusion},
};
use uuid::Uuid;

use super::access_log_console::{busy, list};
use crate::support::{Team, refused};

#[actix_web::test]
async fn an_entry_is_proven_with_nothing_but_the_answer_and_the_key() {
    let team = Team::new().await;
    busy(&team).await;
    let auditor = &team.auditor.client;
    let query = || ListAccessLog {
        action: Some("patients.list".to_owned()),
        ..Default::default()
    };
    team.world
        .eventually(async || {
            let rows = list(auditor, query()).await;
            rows.iter().all(|row| row.sealed.is_some()).then_some(())
        })
        .await;
    let row = list(auditor, query()).await.remove(0);
    let proof = team
        .world
        .eventually(async || auditor.access_log().proof(row.id).await.ok())
        .await;
    let verifier = Verifier::parse(&proof.key).unwrap();
    assert_eq!(
        verifier,
        team.world.app.signer.verifier(&proof.origin).await.unwrap()
    );
    let signed = Signed::read(&proof.checkpoint, &verifier).unwrap();
    assert_eq!(signed.checkpoint.size, proof.size);
    let hash = |text: &String| Hash::from_slice(&STANDARD.decode(text).unwrap()).unwrap();
    let hashes: Vec<Hash> = proof.hashes.iter().map(hash).collect();
    let leaf = leaf_hash(proof.entry.as_bytes());
    let root = signed.checkpoint.root;
    assert!(verify_inclusion(
        leaf,
        proof.index,
        proof.size,
        &hashes,
        root
    ));
    assert!(!verify_inclusion(
        leaf,
        proof.index + 1,
        proof.size,
        &hashes,
        root
    ));
    // Everything that the entry commits to is opened, and belongs to it.
    let entry: Canonical = serde_json::from_str(&proof.entry).unwrap();
    assert_eq!((entry.id, entry.action.as_str()), (row.id, "patients.list"));
    let opened: Vec<Opened> = proof
        .opened
        .iter()
        .map(|one| Opened {
            name: one.name.clone(),
            salt: one.salt.clone(),
            value: one.value.clone(),
        })
        .collect();
    assert!(opened.iter().all(|one| one.belongs_to(&entry)));
    let value = |name: &str| {
        opened
            .iter()
            .filter(|one| one.name == name)
            .map(|one| one.value.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(value("patient"), [team.patient.to_string()]);
    assert!(value("who")[0].contains(&team.nurse.account.to_string()));
    // The same as a text that other programs read.
    let text = proof
        .proof
        .strip_prefix("c2sp.org/tlog-proof@v1\nextra ")
        .unwrap();
    let (extra, rest) = text.split_once('\n').unwrap();
    let extra: Value = serde_json::from_slice(&STANDARD.decode(extra).unwrap()).unwrap();
    assert_eq!(extra["entry"], proof.entry);
    let (head, checkpoint) = rest.split_once("\n\n").unwrap();
    assert_eq!(checkpoint, proof.checkpoint);
    assert_eq!(
        head.lines().next(),
        Some(format!("index {}", proof.index).as_str())
    );
    assert_eq!(head.lines().skip(1).collect::<Vec<_>>(), proof.hashes);
    let path = format!("/v1/access-log/{}/proof?format=tlog", row.id);
    let plain = team.auditor.raw("GET", &path, "").await;
    assert_eq!(
        plain.header("content-type"),
        Some("text/plain; charset=utf-8")
    );
    assert!(plain.text().starts_with("c2sp.org/tlog-proof@v1\n"));
    // Nobody else, and not of what is not there.
    refused(
        team.nurse.client.access_log().proof(row.id).await,
        403,
        "forbidden",
    );
    refused(
        auditor.access_log().proof(Uuid::nil()).await,
        404,
        "not_found",
    );
}

#[actix_web::test]
async fn the_log_is_searched_as_audit_events() {
    let team = Team::new().await;
    busy(&team).await;
    let log = team.auditor.client.access_log();
    let query = SearchAuditEvents {
        patient: Some(team.patient),
        count: Some(5),
        ..Default::default()
    };
    let mut bundle = log.search_audit_events(&query).await.unwrap();
    let mut seen = Vec::new();
    loop {
        assert_eq!(
            (&bundle["resourceType"], &bundle["type"]),
            (&json!("Bundle"), &json!("searchset"))
        );
        for entry in bundle["entry"].as_array().unwrap() {
            assert_eq!(entry["search"]["mode"], "match");
            let entities = entry["resource"]["entity"].as_array().unwrap();
            let of_patient = |entity: &&Value| entity["what"]["type"] == "Patient";
            let patients: Vec<&Value> = entities.iter().filter(of_patient).collect();
            // An entry that named others as well shows nothing of them here.
            assert_eq!(patients.len(), 1);
            assert_eq!(
                patients[0]["what"]["identifier"]["value"],
                team.patient.to_string()
            );
            seen.push(entry["resource"]["id"].as_str().unwrap().to_owned());
        }
        let links = bundle["link"].as_array().unwrap();
        assert_eq!(links[0]["relation"], "self");
        let Some(next) = links.iter().find(|link| link["relation"] == "next") else {
            break;
        };
        let path = next["url"]
            .as_str()
            .unwrap()
            .strip_prefix("http://localhost")
            .unwrap();
        bundle = team.auditor.raw("GET", path, "").await.json().unwrap();
    }
    let mut once = seen.clone();
    once.sort();
    once.dedup();
    assert_eq!(once.len(), seen.len());
    let rows = list(
        &team.auditor.client,
        ListAccessLog {
            patient_id: Some(team.patient),
            ..Default::default()
        },
    )
    .await;
    // Looking at pages is recorded as well, one entry each.
    assert!(
        rows.len() > seen.len() && seen.len() > 10,
        "{} {}",
        rows.len(),
        seen.len()
    );
    let tomorrow: DateTime<Utc> = Utc::now() + TimeDelta::days(1);
    let later = SearchAuditEvents {
        date: Some(format!("ge{}", tomorrow.format("%Y-%m-%dT%H:%M:%SZ"))),
        ..Default::default()
    };
    assert_eq!(
        log.search_audit_events(&later).await.unwrap()["entry"],
        Value::Null
    );
    let refusal = team.nurse.raw("GET", "/fhir/r4/AuditEvent", "").await;
    assert_eq!(refusal.status, 403);
    assert_eq!(
        refusal.json::<Value>().unwrap()["resourceType"],
        "OperationOutcome"
    );
}
