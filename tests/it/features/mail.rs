//! Mail: what is written in a transaction arrives, even if the mail server is away for a while.

use chrono::TimeDelta;
use tsumugi_server::{
    ctx::Door,
    spine::{
        auth::Actor,
        http::RequestInfo,
        mail::{self, Mail},
    },
    worker,
};
use uuid::Uuid;

use crate::support::{
    World,
    smtp::{MailServer, Received},
};

const SUBJECT: &str = "つむぎ 利用登録のご案内（とても長い件名でも、途中で文字が壊れないこと）";
const BODY: &str = "佐藤 様\n\n次のリンクを開いてください。\n.\nhttps://localhost/enrol#abc\n";

/// A world whose mail goes to `server`.
async fn world(server: &MailServer) -> World {
    let url = server.url();
    let world = World::with(|config| {
        config.mailbox = false;
        config.smtp_url = Some(tsumugi_server::config::Secret(url));
    })
    .await;
    // What administrators are told when they enrol is not of these tests.
    let waiting = "SELECT count(*) FROM mails WHERE sent_at IS NULL";
    world
        .eventually(async || {
            let row = world.db.admin.query_one(waiting, &[]).await.unwrap();
            (row.get::<_, i64>(0) == 0).then_some(())
        })
        .await;
    server.forget();
    world
}

async fn network(world: &World) -> Uuid {
    let sql = "SELECT tenant_id FROM tenants WHERE slug = 'kita'";
    let id: String = world
        .db
        .one(&sql.replace("tenant_id", "tenant_id::text"))
        .await;
    id.parse().unwrap()
}

/// What was sent to the person of these tests; administrators get mail of their own.
fn to_sato(server: &MailServer) -> Vec<Received> {
    let mut received = server.received();
    received.retain(|mail| mail.to.contains("sato@example.jp"));
    received
}

async fn write(world: &World, tenant_id: Uuid) {
    let door = Door {
        app: world.app.clone(),
        request: RequestInfo::internal("test"),
    };
    door.within(tenant_id, Actor::Worker, async |tx| {
        let mail = Mail {
            account_id: None,
            recipient: "sato@example.jp",
            subject: SUBJECT,
            body: BODY,
        };
        mail::enqueue(tx, &mail).await
    })
    .await
    .unwrap();
}

/// Attempts, whether sent, whether given up, whether the text is still there.
async fn row(world: &World) -> (i32, bool, bool, bool) {
    let sql =
        "SELECT attempts, sent_at IS NOT NULL, failed_at IS NOT NULL, body IS NOT NULL FROM mails
         WHERE recipient = 'sato@example.jp'";
    let row = world.db.admin.query_one(sql, &[]).await.unwrap();
    (row.get(0), row.get(1), row.get(2), row.get(3))
}

/// Waits until the mail server has been asked so often, whoever asked it.
async fn settled(world: &World, tried: usize, server: &MailServer) {
    world
        .eventually(async || (server.tried() == tried).then_some(()))
        .await;
}

#[actix_web::test]
async fn a_mail_arrives_once_as_it_was_written_and_its_text_is_forgotten() {
    let server = MailServer::start();
    let world = world(&server).await;
    let tenant = network(&world).await;
    write(&world, tenant).await;
    // The worker is nudged by the commit.
    world
        .eventually(async || row(&world).await.1.then_some(()))
        .await;
    assert_eq!(worker::deliver(&world.app, tenant).await.unwrap(), 0);
    let received = to_sato(&server);
    assert_eq!(received.len(), 1);
    let mail = &received[0];
    assert_eq!(mail.to, "<sato@example.jp>");
    assert!(
        mail.from.starts_with("<no-reply@localhost>"),
        "{}",
        mail.from
    );
    assert_eq!(mail.subject(), SUBJECT);
    assert_eq!(mail.text().replace("\r\n", "\n"), BODY);
    assert_eq!(mail.header("Auto-Submitted"), "auto-generated");
    assert!(mail.header("Message-ID").ends_with("@localhost>"));
    assert_eq!(row(&world).await, (1, true, false, false));
}

#[actix_web::test]
async fn a_mail_that_is_refused_for_now_is_sent_later() {
    let server = MailServer::start();
    let world = world(&server).await;
    let tenant = network(&world).await;
    server.refuse(Some("451 try again later"));
    write(&world, tenant).await;
    world
        .eventually(async || (row(&world).await.0 == 1).then_some(()))
        .await;
    // Not before a minute has passed.
    assert_eq!(worker::deliver(&world.app, tenant).await.unwrap(), 0);
    assert_eq!(server.tried(), 1);
    // From here on the worker may look as well: it is one attempt all the same.
    world.app.clock.advance(TimeDelta::seconds(61));
    worker::deliver(&world.app, tenant).await.unwrap();
    settled(&world, 2, &server).await;
    assert_eq!(row(&world).await, (2, false, false, true));
    server.refuse(None);
    // The second wait is longer.
    world.app.clock.advance(TimeDelta::seconds(61));
    worker::deliver(&world.app, tenant).await.unwrap();
    assert_eq!(row(&world).await, (2, false, false, true));
    world.app.clock.advance(TimeDelta::minutes(5));
    worker::deliver(&world.app, tenant).await.unwrap();
    world
        .eventually(async || row(&world).await.1.then_some(()))
        .await;
    assert_eq!(row(&world).await, (3, true, false, false));
    assert_eq!(to_sato(&server).len(), 1);
}

#[actix_web::test]
async fn a_mail_that_nobody_takes_for_a_day_is_given_up_without_its_text() {
    let server = MailServer::start();
    let world = world(&server).await;
    let tenant = network(&world).await;
    server.refuse(Some("550 no such person"));
    write(&world, tenant).await;
    world
        .eventually(async || (row(&world).await.0 == 1).then_some(()))
        .await;
    for _ in 0..30 {
        world.app.clock.advance(TimeDelta::minutes(61));
        worker::deliver(&world.app, tenant).await.unwrap();
    }
    world
        .eventually(async || row(&world).await.2.then_some(()))
        .await;
    let (attempts, sent, failed, text) = row(&world).await;
    assert!(!sent && failed && !text);
    assert!((20..=26).contains(&attempts), "{attempts} attempts");
    assert_eq!(server.tried(), usize::try_from(attempts).unwrap());
    assert!(to_sato(&server).is_empty());
}

#[actix_web::test]
async fn two_nodes_do_not_send_the_same_mail() {
    let server = MailServer::start();
    let world = world(&server).await;
    let tenant = network(&world).await;
    for _ in 0..10 {
        write(&world, tenant).await;
    }
    let (one, other) = futures_util::join!(
        worker::deliver(&world.app, tenant),
        worker::deliver(&world.app, tenant)
    );
    assert!(one.unwrap() + other.unwrap() <= 10);
    world
        .eventually(async || (to_sato(&server).len() >= 10).then_some(()))
        .await;
    worker::deliver(&world.app, tenant).await.unwrap();
    let received = to_sato(&server);
    let mut ids: Vec<String> = received
        .iter()
        .map(|mail| mail.header("Message-ID"))
        .collect();
    ids.sort();
    ids.dedup();
    assert_eq!((ids.len(), received.len()), (10, 10));
}

#[actix_web::test]
async fn the_mailbox_is_there_in_the_demonstration_only() {
    let world = World::new().await;
    write(&world, network(&world).await).await;
    let shown = world
        .anyone
        .send_raw("GET", "/v1/mailbox", &[], "")
        .await
        .unwrap();
    assert_eq!(shown.status, 200, "{}", shown.text());
    let page: serde_json::Value = shown.json().unwrap();
    let mails = page["items"].as_array().unwrap();
    let mail = mails
        .iter()
        .find(|mail| mail["subject"] == SUBJECT)
        .unwrap();
    assert_eq!(
        (&mail["recipient"], &mail["body"]),
        (&"sato@example.jp".into(), &BODY.into())
    );

    let server = MailServer::start();
    let real = self::world(&server).await;
    let hidden = real
        .anyone
        .send_raw("GET", "/v1/mailbox", &[], "")
        .await
        .unwrap();
    assert_eq!(hidden.status, 404, "{}", hidden.text());
}
