//! SE-01, SE-02, SE-13: how long a session lasts, by the server's clock and whatever happens to that.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::support::{Wire, World, wire::refused};

/// The settings of a network, with something changed.
fn settings(change: &[(&str, Value)]) -> Value {
    let mut settings = json!({
        "password_composition": true,
        "password_rotation_days": null,
        "idle_minutes_personal": 30,
        "idle_minutes_shared": 15,
        "session_hours": 12,
        "registered_devices_only": false,
        "licence_required": false,
        "show_names_to_patients": false,
    });
    for (name, value) in change {
        settings[*name] = value.clone();
    }
    settings
}

#[actix_web::test]
async fn se_01_a_session_ends_after_inactivity_without_help_of_the_client() {
    let world = World::new().await;
    let mut wire = Wire::sign_in(&world.administrator).await;
    // Whoever does something stays.
    for _ in 0..2 {
        world.app.clock.advance(TimeDelta::minutes(29));
        wire.renew().await;
        assert_eq!(wire.look().await.0, 200);
    }
    // Neither a renewal nor a request of the app's own is somebody who does something.
    for _ in 0..2 {
        world.app.clock.advance(TimeDelta::minutes(14));
        wire.renew().await;
        assert_eq!(wire.unattended().look().await.0, 200);
    }
    world.app.clock.advance(TimeDelta::seconds(90));
    wire.renew().await;
    world.app.clock.advance(TimeDelta::seconds(30));
    // The token itself would be good for minutes; the session is over for it, and for a renewal.
    assert_eq!(wire.look().await, (401, "token_expired".to_owned()));
    refused(&wire.try_renew().await, 401, "token_expired");
    let listed = Wire::sign_in(&world.administrator).await;
    let listed = Wire::done(listed.get("/v1/me/sessions").await);
    assert_eq!(listed["items"].as_array().unwrap().len(), 1, "{listed}");
}

#[actix_web::test]
async fn se_01_activity_is_written_once_a_minute_at_most() {
    let world = World::new().await;
    let wire = Wire::sign_in(&world.administrator).await;
    let seen = async || -> DateTime<Utc> {
        let query = "SELECT max(last_seen_at)::text FROM sessions";
        let row = world.db.admin.query_one(query, &[]).await.unwrap();
        let text: String = row.get(0);
        DateTime::parse_from_str(&text, "%Y-%m-%d %H:%M:%S%.f%#z")
            .unwrap()
            .to_utc()
    };
    let first = seen().await;
    world.app.clock.advance(TimeDelta::seconds(50));
    assert_eq!(wire.look().await.0, 200);
    assert_eq!(seen().await, first);
    world.app.clock.advance(TimeDelta::seconds(10));
    // Many at once do not stand in each other's way.
    let looks = (0..8).map(|_| wire.look());
    for (status, _) in futures_util::future::join_all(looks).await {
        assert_eq!(status, 200);
    }
    assert!(seen().await - first >= TimeDelta::minutes(1));
    // A refusal is activity as well: somebody sits there.
    world.app.clock.advance(TimeDelta::minutes(2));
    let before = seen().await;
    let outcome = wire.get("/v1/access-log").await;
    refused(&outcome, 403, "forbidden");
    assert!(seen().await > before);
}

#[actix_web::test]
async fn se_01_a_network_may_only_shorten_the_time() {
    let world = World::new().await;
    let wire = Wire::sign_in(&world.administrator).await;
    for (field, value) in [
        ("idle_minutes_personal", 31),
        ("idle_minutes_personal", 0),
        ("idle_minutes_shared", 16),
        ("session_hours", 13),
        ("password_rotation_days", 29),
    ] {
        let body = settings(&[(field, value.into())]);
        let (status, body) = wire.put("/v1/settings", body).await;
        assert_eq!(status, 422, "{body}");
        assert_eq!(
            (&body["fields"][0]["field"], &body["fields"][0]["code"]),
            (&field.into(), &"out_of_range".into())
        );
    }
    let found = Wire::done(wire.get("/v1/settings").await);
    assert_eq!(found, settings(&[]));
    // Shorter counts at once, for sessions that last already; the other network keeps its own.
    let other = Wire::sign_in(&world.other_administrator).await;
    let shorter = settings(&[("idle_minutes_personal", 3.into())]);
    assert_eq!(
        Wire::done(wire.put("/v1/settings", shorter.clone()).await),
        shorter
    );
    world.app.clock.advance(TimeDelta::minutes(3));
    assert_eq!(wire.look().await, (401, "token_expired".to_owned()));
    assert_eq!(other.look().await.0, 200);
    assert_eq!(
        Wire::done(other.get("/v1/settings").await)["idle_minutes_personal"],
        30
    );
}

#[actix_web::test]
async fn se_02_a_session_ends_after_twelve_hours_or_sooner() {
    let world = World::new().await;
    let mut wire = Wire::sign_in(&world.administrator).await;
    let shorter = settings(&[("session_hours", 1.into())]);
    Wire::done(wire.put("/v1/settings", shorter).await);
    let mut short = Wire::sign_in(&world.administrator).await;
    for quarter in 1..48 {
        world.app.clock.advance(TimeDelta::minutes(15));
        wire.renew().await;
        assert_eq!(wire.look().await.0, 200);
        if quarter < 4 {
            short.renew().await;
            assert_eq!(short.look().await.0, 200);
        } else {
            refused(&short.try_renew().await, 401, "token_expired");
        }
    }
    world.app.clock.advance(TimeDelta::minutes(13));
    wire.renew().await;
    assert_eq!(wire.look().await.0, 200);
    world.app.clock.advance(TimeDelta::minutes(2));
    assert_eq!(wire.look().await, (401, "token_expired".to_owned()));
    refused(&wire.try_renew().await, 401, "token_expired");
}

#[actix_web::test]
async fn se_13_a_clock_that_is_set_back_revives_nothing() {
    let world = World::new().await;
    let mut wire = Wire::sign_in(&world.administrator).await;
    let old = wire.clone();
    world.app.clock.advance(TimeDelta::minutes(6));
    assert_eq!(old.look().await, (401, "token_expired".to_owned()));
    // While the server runs …
    world.app.clock.advance(TimeDelta::hours(-1));
    assert_eq!(old.look().await, (401, "token_expired".to_owned()));
    wire.renew().await;
    assert_eq!(wire.look().await.0, 200);
    // … and when it starts again, with a clock that is behind what the session has seen.
    let node = world.second_node();
    let behind = node.app.clock.now();
    assert!(behind < world.app.clock.now() - TimeDelta::minutes(5));
    let there = Wire {
        anyone: node.anyone.clone(),
        ..old.clone()
    };
    assert_eq!(there.look().await, (401, "token_expired".to_owned()));
    // What has ended stays ended there too.
    let ended = "UPDATE sessions SET expires_at = last_seen_at - interval '1 second'";
    world.db.admin.batch_execute(ended).await.unwrap();
    let there = Wire {
        anyone: node.anyone.clone(),
        ..wire.clone()
    };
    refused(&there.try_renew().await, 401, "token_expired");
}
