//! Checkpoints for people: the newest with the state of the log, the list, and proofs of growth.

use futures_util::TryStreamExt;
use tsumugi_client::models::{Checkpoint, ClockQuality, FindConsistencyProof, ListCheckpoints};
use tsumugi_server::{
    ledger::{
        checkpoint::Signed,
        note::Verifier,
        signer::Head,
        tree::{Hash, verify_consistency},
    },
    spine::ids,
};

use crate::support::{
    Team,
    log::{network, seal},
    refused,
};

fn hash(base64: &str) -> Hash {
    let plain = base64
        .trim_end_matches('=')
        .replace('+', "-")
        .replace('/', "_");
    Hash::from_slice(&ids::from_base64(&plain).unwrap()).unwrap()
}

fn head(checkpoint: &Checkpoint) -> Head {
    Head {
        size: checkpoint.size,
        root: hash(&checkpoint.root),
    }
}

#[actix_web::test]
async fn the_state_of_the_log_is_shown_with_a_code_to_print() {
    let team = Team::new().await;
    let kita = network(&team.world, "kita").await;
    seal(&team.world, kita).await;
    for person in [&team.auditor, &team.world.administrator] {
        let state = person.client.checkpoints().find().await.unwrap();
        let log = state.log.unwrap();
        assert_eq!(log.origin, format!("localhost/access-log/{kita}/1"));
        assert_eq!((log.tree, log.rejected, &log.halted), (1, 0, &None));
        assert!(log.size > 30 && log.lag_seconds < 10.0);
        let verifier = Verifier::parse(&log.public_key).unwrap();
        let checkpoint = log.checkpoint.unwrap();
        for text in [&checkpoint.note, &checkpoint.code] {
            let signed = Signed::read(text, &verifier).unwrap();
            assert_eq!(signed.checkpoint.size, checkpoint.size);
            assert_eq!(signed.checkpoint.root, hash(&checkpoint.root));
        }
        assert!(checkpoint.code.len() < checkpoint.note.len());
        // Room enough in one code with a good reserve against dirt.
        assert!(checkpoint.code.len() < 400, "{}", checkpoint.code);
        assert!(state.witnesses.is_empty() && state.copies.is_none());
        assert_eq!(state.clock.quality, ClockQuality::Unchecked);
        assert!(state.clock.database_offset_seconds.unwrap().abs() < 1.0);
        assert_eq!(state.own_witness.url, "http://localhost/v1/witness/kita");
        let witness = Verifier::parse(&state.own_witness.public_key).unwrap();
        assert_eq!(witness.name(), format!("localhost/witness/{kita}"));
        assert_ne!(
            witness.to_string().rsplit('+').next(),
            log.public_key.rsplit('+').next()
        );
    }
    refused(
        team.nurse.client.checkpoints().find().await,
        403,
        "forbidden",
    );
    // Every network has a key of its own as a witness.
    let other = team
        .world
        .other_administrator
        .client
        .checkpoints()
        .find()
        .await
        .unwrap();
    let mine = team.auditor.client.checkpoints().find().await.unwrap();
    let key = |text: &str| text.rsplit('+').next().unwrap().to_owned();
    assert_ne!(
        key(&other.own_witness.public_key),
        key(&mine.own_witness.public_key)
    );
}

#[actix_web::test]
async fn what_has_no_place_yet_and_what_was_put_there_is_counted() {
    let team = Team::new().await;
    let kita = network(&team.world, "kita").await;
    seal(&team.world, kita).await;
    let forge = "INSERT INTO audit_events SELECT (jsonb_populate_record(e, jsonb_build_object('id', gen_random_uuid(), 'xid', log_xid()))).*
        FROM audit_events e WHERE action = 'patient.create' LIMIT 1";
    team.world.db.admin.batch_execute(forge).await.unwrap();
    team.nurse.notes(team.patient, "訪問しました。").await;
    let rejected = team
        .world
        .eventually(async || {
            let state = team.auditor.client.checkpoints().find().await.unwrap();
            state.log.filter(|log| log.rejected > 0)
        })
        .await;
    assert_eq!(rejected.rejected, 1);
    // While nothing is sealed, it shows.
    let stop = "REVOKE INSERT ON audit_leaves FROM tsumugi_log";
    team.world.db.admin.batch_execute(stop).await.unwrap();
    team.nurse.notes(team.patient, "再訪しました。").await;
    let state = team.auditor.client.checkpoints().find().await.unwrap();
    assert!(state.log.unwrap().unsealed > 0);
}

#[actix_web::test]
async fn kept_checkpoints_are_listed_and_each_grew_from_the_one_before() {
    let team = Team::new().await;
    let kita = network(&team.world, "kita").await;
    for n in 0..5 {
        team.nurse.notes(team.patient, &format!("訪問 {n}")).await;
        seal(&team.world, kita).await;
        team.world.app.clock.advance(chrono::TimeDelta::seconds(40));
    }
    team.nurse.notes(team.patient, "最後").await;
    seal(&team.world, kita).await;
    let checkpoints = team.auditor.client.checkpoints();
    let paged = ListCheckpoints {
        limit: Some(2),
        ..ListCheckpoints::default()
    };
    let all: Vec<Checkpoint> = checkpoints.stream(paged).try_collect().await.unwrap();
    assert!(all.len() >= 3, "{}", all.len());
    for pair in all.windows(2) {
        let (newer, older) = (&pair[0], &pair[1]);
        assert!(newer.signed_at > older.signed_at && newer.size >= older.size);
        let sizes = FindConsistencyProof {
            from: older.size,
            to: newer.size,
            tree: None,
        };
        let answer = checkpoints.prove(&sizes).await.unwrap();
        let proof: Vec<Hash> = answer.proof.iter().map(|text| hash(text)).collect();
        let (old, new) = (head(older), head(newer));
        assert!(verify_consistency(
            (old.size, old.root),
            (new.size, new.root),
            &proof
        ));
    }
    let size = all[0].size;
    for (from, to, tree, status) in [
        (2, 1, None, 422),
        (1, size + 1000, None, 422),
        (1, 2, Some(2), 404),
        (1, 2, Some(1), 200),
    ] {
        let path = format!(
            "/v1/access-log/consistency?from={from}&to={to}{}",
            tree.map_or(String::new(), |tree: i16| format!("&tree={tree}"))
        );
        let answer = team.auditor.raw("GET", &path, "").await;
        assert_eq!(answer.status, status, "{path}: {}", answer.text());
    }
    refused(
        team.nurse
            .client
            .checkpoints()
            .list(&ListCheckpoints::default())
            .await,
        403,
        "forbidden",
    );
}
