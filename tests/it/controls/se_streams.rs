//! SE-12: an event stream closes within two seconds of the end of its session, at whichever node that is noticed.

use std::time::{Duration, Instant};

use chrono::TimeDelta;
use serde_json::json;
use tsumugi_client::models::FacilityKind;

use crate::support::{Wire, World, world::Node};

/// A nurse with a session at one node and a stream at the other.
struct Scene {
    world: World,
    node: Node,
    administrator: Wire,
    nurse: Wire,
}

impl Scene {
    async fn new() -> Self {
        let world = World::new().await;
        let station = world
            .facility("北訪問看護", FacilityKind::VisitingNursingStation)
            .await;
        let nurse = world.person("nurse", "nurse", station).await;
        let node = world.second_node();
        let administrator = Wire::sign_in(&world.administrator).await;
        let nurse = Wire::sign_in(&nurse).await;
        Self {
            world,
            node,
            administrator,
            nurse,
        }
    }

    /// Opens the stream at the second node, does something, and insists that the stream ends in time.
    async fn closes(&self, act: impl AsyncFnOnce(&Self)) {
        let there = Wire {
            anyone: self.node.anyone.clone(),
            ..self.nurse.clone()
        };
        // Not through the client library, which would come back: this is answered when the stream ends.
        let mut stream = std::pin::pin!(there.get("/v1/events"));
        // It stays while nothing happens.
        let nothing = tokio::time::timeout(Duration::from_millis(2500), &mut stream).await;
        assert!(nothing.is_err(), "{nothing:?}");
        assert_eq!(self.node.app.hub.count(), 1);
        act(self).await;
        let done = Instant::now();
        let ended = tokio::time::timeout(Duration::from_secs(5), stream).await;
        assert_eq!(ended.expect("the stream ends").0, 200);
        assert!(
            done.elapsed() < Duration::from_secs(2),
            "{:?}",
            done.elapsed()
        );
        assert_eq!(self.node.app.hub.count(), 0);
    }

    async fn sql(&self, statement: &str) {
        self.world.db.admin.batch_execute(statement).await.unwrap();
    }
}

#[actix_web::test]
async fn se_12_a_stream_closes_when_somebody_signs_out_at_another_node() {
    let scene = Scene::new().await;
    let sign_out = async |scene: &Scene| {
        assert_eq!(scene.nurse.delete("/v1/sessions/current").await.0, 204);
    };
    scene.closes(sign_out).await;
}

#[actix_web::test]
async fn se_12_a_stream_closes_when_an_administrator_ends_the_sessions() {
    let scene = Scene::new().await;
    let end = async |scene: &Scene| {
        let path = format!("/v1/accounts/{}/end-sessions", scene.nurse.account());
        Wire::done(scene.administrator.post(&path, json!({})).await);
    };
    scene.closes(end).await;
}

#[actix_web::test]
async fn se_12_a_stream_closes_when_the_session_idles_and_does_not_keep_it() {
    let scene = Scene::new().await;
    let idle = async |scene: &Scene| scene.node.app.clock.advance(TimeDelta::minutes(31));
    scene.closes(idle).await;
}

#[actix_web::test]
async fn se_12_a_stream_closes_when_the_session_is_over() {
    let scene = Scene::new().await;
    let over = async |scene: &Scene| {
        scene.sql("UPDATE sessions SET expires_at = now()").await;
    };
    scene.closes(over).await;
}

#[actix_web::test]
async fn se_12_a_stream_closes_when_the_role_changes() {
    let scene = Scene::new().await;
    let change = async |scene: &Scene| {
        scene
            .sql("UPDATE accounts SET role = 'auditor' WHERE login_name = 'nurse'")
            .await;
    };
    scene.closes(change).await;
}

#[actix_web::test]
async fn se_12_a_stream_closes_when_the_post_changes() {
    let scene = Scene::new().await;
    let post = uuid::Uuid::from_u128(0x0199_0000_0000_7000_8000_0000_0000_0001);
    let second = "INSERT INTO staff_members (tenant_id, id, person_id, facility_id, name, kana, search_text, sort_key,
                        profession, starts_on, created_at)
                  SELECT tenant_id, $1, person_id, facility_id, name, kana, search_text, sort_key, 'public_health_nurse',
                        starts_on, created_at
                  FROM staff_members WHERE id = (SELECT staff_member_id FROM accounts WHERE login_name = 'nurse')";
    let inserted = scene.world.db.admin.execute(second, &[&post]).await;
    assert_eq!(inserted.unwrap(), 1);
    let change = async |scene: &Scene| {
        let body = json!({ "staff_member_id": post });
        let (status, session) = scene.nurse.post("/v1/sessions/current/post", body).await;
        assert_eq!(status, 200, "{session}");
        let nurse = scene.nurse.with_session(session.clone());
        assert_eq!(nurse.session["me"]["staff_member"]["id"], json!(post));
        assert_eq!(
            nurse.session["me"]["staff_member"]["profession"],
            "public_health_nurse"
        );
        assert_eq!(session["cache_key"], scene.nurse.session["cache_key"]);
        // It is the session that acts for another post, whichever token is used; the refresh token is replaced.
        let mut renewed = nurse.clone();
        renewed.renew().await;
        assert_eq!(renewed.session["me"]["staff_member"]["id"], json!(post));
    };
    scene.closes(change).await;
    let foreign = json!({ "staff_member_id": scene.world.administrator.id });
    let (status, body) = scene.nurse.post("/v1/sessions/current/post", foreign).await;
    assert_eq!(
        (status, &body["fields"][0]["code"]),
        (422, &json!("not_allowed"))
    );
}
