//! Sealing the access log: every committed entry gets its place, once, and the tree is signed.

use tsumugi_server::{
    ctx::Door,
    ledger::{
        checkpoint::Signed,
        note::Note,
        tree::{Hash, root_of},
    },
    spine::{http::RequestInfo, sealing},
};
use uuid::Uuid;

use crate::support::{Team, World};

/// Seals a network to its end, as the worker does.
async fn seal(world: &World, network: Uuid) {
    let door = Door {
        app: world.app.clone(),
        request: RequestInfo::internal("test"),
    };
    // The worker may be at it as well.
    for _ in 0..100 {
        sealing::seal(&door, network).await.unwrap();
        let waiting: i64 = world
            .db
            .one("SELECT (SELECT count(*) FROM audit_events) - (SELECT count(*) FROM audit_leaves)")
            .await;
        if waiting == 0 {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("the log does not come to rest");
}

async fn network(world: &World, slug: &str) -> Uuid {
    let sql = format!("SELECT tenant_id FROM tenants WHERE slug = '{slug}'");
    world.db.one(&sql).await
}

#[actix_web::test]
async fn au_06_every_entry_has_its_place_and_the_tree_is_signed() {
    let team = Team::new().await;
    team.nurse.notes(team.patient, "訪問しました。").await;
    let db = &team.world.db;
    for slug in ["kita", "minami"] {
        let network = network(&team.world, slug).await;
        seal(&team.world, network).await;
        let sql = format!(
            "SELECT hash FROM audit_leaves WHERE tenant_id = '{network}' ORDER BY leaf_index"
        );
        let rows = db.admin.query(&sql, &[]).await.unwrap();
        let leaves: Vec<Hash> = rows
            .iter()
            .map(|row| Hash::from_slice(row.get(0)).unwrap())
            .collect();
        let tree = "SELECT origin, size, note, halted FROM audit_trees WHERE tenant_id = $1";
        let row = db.admin.query_one(tree, &[&network]).await.unwrap();
        let (origin, size, note): (String, i64, String) = (row.get(0), row.get(1), row.get(2));
        assert_eq!(row.get::<_, Option<String>>(3), None);
        assert_eq!(origin, format!("localhost/access-log/{network}/1"));
        assert_eq!(size, i64::try_from(leaves.len()).unwrap());
        assert!(slug == "minami" || size > 30);
        let verifier = team.world.app.signer.verifier(&origin).await.unwrap();
        let signed = Signed::read(&note, &verifier).unwrap();
        assert_eq!(signed.checkpoint.root, root_of(leaves));
        assert_eq!(Note::parse(&note), Some(signed.note));
    }
}
