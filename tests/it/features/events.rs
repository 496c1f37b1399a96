//! Open pages are told of changes, and only those who may know.

use std::time::Duration;

use futures_util::StreamExt;
use tsumugi_client::models::{Channel, CreatePost, EventKind};

use crate::support::{Team, refused};

#[actix_web::test]
async fn a_change_reaches_the_team_within_a_moment_and_nobody_else() {
    let team = Team::new().await;
    let mut manager = team
        .care_manager
        .client
        .events()
        .stream(None)
        .await
        .unwrap();
    let mut outsider = team.outsider.client.events().stream(None).await.unwrap();
    let medical = CreatePost::note(Channel::Medical, "医療職のみ");
    team.nurse
        .client
        .timeline()
        .create_post(team.patient, &medical)
        .await
        .unwrap();
    let post = team.nurse.notes(team.patient, "全員へ").await;
    let event = loop {
        let event = tokio::time::timeout(Duration::from_secs(10), manager.next())
            .await
            .unwrap()
            .unwrap()
            .unwrap();
        if event.kind == EventKind::PostCreated {
            break event;
        }
    };
    // The first post that the care manager hears of is the second: the first is not for her.
    assert_eq!(
        (event.patient_id, event.post_id),
        (Some(team.patient), Some(post.id))
    );
    let nothing = tokio::time::timeout(Duration::from_millis(300), outsider.next()).await;
    assert!(nothing.is_err(), "{nothing:?}");
}

#[actix_web::test]
async fn a_stream_resumes_where_it_broke_off() {
    let team = Team::new().await;
    let mut stream = team.physician.client.events().stream(None).await.unwrap();
    let first = team.nurse.notes(team.patient, "一つめ").await;
    let last = loop {
        let event = tokio::time::timeout(Duration::from_secs(10), stream.next())
            .await
            .unwrap()
            .unwrap()
            .unwrap();
        if event.post_id == Some(first.id) {
            break event.id.unwrap();
        }
    };
    drop(stream);
    let missed = team.nurse.notes(team.patient, "二つめ").await;
    let written = async || {
        let count = "SELECT count(*) FROM events WHERE post_id = $1";
        let row = team
            .world
            .db
            .admin
            .query_one(count, &[&missed.id])
            .await
            .unwrap();
        (row.get::<_, i64>(0) == 1).then_some(())
    };
    team.world.eventually(written).await;
    let mut stream = team
        .physician
        .client
        .events()
        .stream(Some(&last))
        .await
        .unwrap();
    let event = tokio::time::timeout(Duration::from_secs(10), stream.next())
        .await
        .unwrap()
        .unwrap()
        .unwrap();
    assert_eq!(event.post_id, Some(missed.id));
}

#[actix_web::test]
async fn signing_out_closes_the_stream() {
    let team = Team::new().await;
    let session = team.nurse.again().await;
    let token = session.access_token().await.unwrap().unwrap();
    let before = team.world.app.hub.count();
    let mut stream = session.events().stream(None).await.unwrap();
    let poll = async || (team.world.app.hub.count() == before + 1).then_some(());
    team.world.eventually(poll).await;
    team.world
        .anyone
        .with_token(token)
        .sessions()
        .delete()
        .await
        .unwrap();
    assert_eq!(team.world.app.hub.count(), before);
    // What was on its way may still come; then it is over.
    let over = async { while let Some(Ok(_)) = stream.next().await {} };
    tokio::time::timeout(Duration::from_secs(5), over)
        .await
        .expect("the stream ends");
    refused(
        team.world
            .administrator
            .client
            .events()
            .stream(None)
            .await
            .map(|_| ()),
        403,
        "forbidden",
    );
}

#[actix_web::test]
async fn work_that_fails_is_put_off_and_done_later() {
    let team = Team::new().await;
    let bad = "INSERT INTO outbox (tenant_id, id, kind, payload, created_at, available_at, attempts)
               SELECT tenant_id, gen_random_uuid(), 'no such work', '{}', now(), now(), 0 FROM tenants WHERE slug = 'kita'";
    team.world.db.admin.batch_execute(bad).await.unwrap();
    let tenant = "SELECT tenant_id FROM tenants WHERE slug = 'kita'";
    let tenant = team.world.db.admin.query_one(tenant, &[]).await.unwrap();
    team.world.app.due.add(tenant.get(0));
    let put_off = async || {
        let row =
            "SELECT attempts FROM outbox WHERE kind = 'no such work' AND available_at > now()";
        team.world
            .db
            .admin
            .query_opt(row, &[])
            .await
            .unwrap()
            .map(|row| row.get::<_, i32>(0))
    };
    assert_eq!(team.world.eventually(put_off).await, 1);
    // It stands in nobody's way.
    let post = team.nurse.notes(team.patient, "後の仕事").await;
    let announced = async || {
        let count = "SELECT count(*) FROM events WHERE post_id = $1";
        (team
            .world
            .db
            .admin
            .query_one(count, &[&post.id])
            .await
            .unwrap()
            .get::<_, i64>(0)
            == 1)
            .then_some(())
    };
    team.world.eventually(announced).await;
}
