//! Calls about checkpoints and witnesses: what is sent, and that the answer is read.

use serde_json::json;
use tsumugi_client::models::{
    ClockQuality, CreateWitness, CreateWitnessedLog, FindConsistencyProof, ListCheckpoints,
    WitnessKind,
};
use uuid::Uuid;
use wiremock::{MockServer, ResponseTemplate};

use crate::support::{answer, arrived, client, header, json_answer, problem};

const ID: Uuid = Uuid::from_u128(0x0193_a0c0_0000_7000_8000_0000_0000_00aa);
const AT: &str = "2026-11-21T03:04:05.123456Z";

fn witness() -> serde_json::Value {
    json!({"id": ID, "kind": "server", "name": "南部", "url": "https://minami.example.jp/v1/witness/minami",
        "public_key": "minami+00000000+AAAA", "address": null, "created_at": AT, "created_by": "管理 花子",
        "ended_at": null, "witnessed": {"tree": 1, "size": 12, "at": AT, "note": "note"}, "late": false,
        "failures": 0, "failure": null, "next_at": AT, "disputed_at": AT, "dispute": "ahead"})
}

fn checkpoint() -> serde_json::Value {
    json!({"tree": 1, "size": 12, "root": "AAAA", "signed_at": AT, "note": "note", "code": "code"})
}

#[tokio::test]
async fn state_of_the_log_is_read() {
    let server = MockServer::start().await;
    let state = json!({"log": {"origin": "o", "tree": 1, "public_key": "k", "size": 12, "unsealed": 1,
            "lag_seconds": 0.5, "rejected": 0, "halted": null, "checkpoint": checkpoint()},
        "witnesses": [witness()],
        "copies": {"size": 12, "signed_at": AT, "copied_at": AT, "late": false, "failures": 0, "failure": null},
        "clock": {"quality": "better_than_ever", "offset_seconds": 0.1, "checked_at": AT, "database_offset_seconds": null},
        "own_witness": {"url": "u", "public_key": "k"}});
    answer(
        &server,
        "GET",
        "/v1/access-log/checkpoint",
        [json_answer(200, &state)],
    )
    .await;
    let page = json!({"items": [checkpoint()], "next": null});
    answer(
        &server,
        "GET",
        "/v1/access-log/checkpoints",
        [json_answer(200, &page)],
    )
    .await;
    let proof = json!({"tree": 1, "from": 3, "to": 12, "proof": ["AAAA"]});
    answer(
        &server,
        "GET",
        "/v1/access-log/consistency",
        [json_answer(200, &proof)],
    )
    .await;

    let auditor = client(&server).with_token("t");
    let checkpoints = auditor.checkpoints();
    let found = checkpoints.find().await.unwrap();
    let listed = checkpoints.list(&ListCheckpoints::default()).await.unwrap();
    let sizes = FindConsistencyProof {
        from: 3,
        to: 12,
        tree: None,
    };
    let proven = checkpoints.prove(&sizes).await.unwrap();

    assert_eq!(
        found.clock.quality,
        ClockQuality::Unknown("better_than_ever".into())
    );
    assert_eq!(found.witnesses[0].kind, WitnessKind::Server);
    assert_eq!(
        found.log.unwrap().checkpoint,
        listed.items.into_iter().next()
    );
    assert_eq!(proven.proof, ["AAAA"]);
    let requests = arrived(&server, "/v1/access-log/consistency").await;
    assert_eq!(requests[0].url.query(), Some("from=3&to=12"));
}

#[tokio::test]
async fn witnesses_and_logs_are_kept() {
    let server = MockServer::start().await;
    let log = json!({"id": ID, "name": "南部", "origin": "o", "public_key": "k", "created_at": AT,
        "created_by": "管理 花子", "ended_at": null,
        "cosigned": {"size": 12, "root": "AAAA", "at": AT, "note": "note"},
        "conflict_at": AT, "conflict_note": "note", "forged_at": null, "forged": 0});
    for (path, row) in [("/v1/witnesses", witness()), ("/v1/witnessed-logs", log)] {
        let page = json!({"items": [row], "next": null});
        answer(&server, "GET", path, [json_answer(200, &page)]).await;
        answer(&server, "POST", path, [json_answer(201, &row)]).await;
        let end = format!("{path}/{ID}/end");
        answer(&server, "POST", &end, [json_answer(200, &row)]).await;
    }

    let administrator = client(&server).with_token("t");
    let new = CreateWitness::server("南部", "https://minami.example.jp", "k");
    administrator.witnesses().create(&new).await.unwrap();
    administrator.witnesses().list().await.unwrap();
    administrator.witnesses().end(ID).await.unwrap();
    let log = CreateWitnessedLog::new("南部", "k");
    administrator.witnessed_logs().create(&log).await.unwrap();
    administrator.witnessed_logs().list().await.unwrap();
    administrator.witnessed_logs().end(ID).await.unwrap();

    let sent = arrived(&server, "/v1/witnesses").await;
    let body: serde_json::Value = serde_json::from_slice(&sent[0].body).unwrap();
    assert_eq!(
        body,
        json!({"id": new.id, "kind": "server", "name": "南部", "url": "https://minami.example.jp", "public_key": "k"})
    );
    assert!(header(&sent[0], "idempotency-key").is_some());
    let mail = serde_json::to_value(CreateWitness::mail("安全 太郎", "anzen@example.jp")).unwrap();
    assert_eq!(mail["address"], "anzen@example.jp");
    assert!(mail.get("url").is_none());
}

#[tokio::test]
async fn submission_goes_without_a_token_and_is_not_repeated() {
    let server = MockServer::start().await;
    let path = "/v1/witness/kita/add-checkpoint";
    let line = ResponseTemplate::new(200).set_body_raw("— w AAAA\n", "text/plain; charset=utf-8");
    answer(&server, "POST", path, [line, problem(503, "unavailable")]).await;
    let cosigned = format!("/v1/witness/kita/{}/checkpoint", "0".repeat(64));
    let note = ResponseTemplate::new(200).set_body_raw("note\n", "text/plain; charset=utf-8");
    answer(&server, "GET", &cosigned, [note]).await;

    let somebody = client(&server).with_token("t");
    let logs = somebody.witnessed_logs();
    assert_eq!(
        logs.cosign("kita", "old 0\n\n").await.unwrap(),
        "— w AAAA\n"
    );
    let refused = logs.cosign("kita", "old 0\n\n").await.unwrap_err();
    assert_eq!(refused.code(), Some("unavailable"));
    let found = logs.find_cosigned("kita", &"0".repeat(64)).await.unwrap();
    assert_eq!(found, "note\n");

    let requests = arrived(&server, path).await;
    assert_eq!(requests.len(), 2);
    assert_eq!(header(&requests[0], "authorization"), None);
    assert_eq!(header(&requests[0], "content-type"), Some("text/plain"));
    assert_eq!(requests[0].body, b"old 0\n\n");
}
