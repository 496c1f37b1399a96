//! What is passed round, and who has confirmed it.

use chrono::TimeDelta;
use futures_util::StreamExt;
use tsumugi_client::models::{
    AnnouncementDirection, Audience, CreateAnnouncement, EventKind, ListAnnouncements,
};
use tsumugi_server::worker;
use uuid::Uuid;

use crate::support::{Person, Team, refused};

fn nurses() -> Audience {
    Audience {
        profession: Some("nurse".into()),
        ..Audience::default()
    }
}

async fn waiting(person: &Person) -> i64 {
    let query = ListAnnouncements::default();
    person
        .client
        .announcements()
        .list(&query)
        .await
        .unwrap()
        .waiting
}

#[actix_web::test]
async fn an_announcement_is_confirmed_by_those_whom_it_was_sent_to() {
    let team = Team::new().await;
    let sender = team.world.administrator.client.announcements();
    let new = CreateAnnouncement::new("感染対策", "マスクの着用をお願いします。", nurses());
    let sent = sender.create(&new).await.unwrap();
    assert_eq!(
        (sent.sent_to, sent.confirmed, sent.mine, sent.to_me),
        (3, 0, true, false)
    );
    for nurse in [&team.nurse, &team.outsider, &team.hospital_nurse] {
        assert_eq!(waiting(nurse).await, 1);
    }
    assert_eq!(waiting(&team.physician).await, 0);
    refused(
        team.physician.client.announcements().find(sent.id).await,
        404,
        "not_found",
    );
    refused(
        team.stranger.client.announcements().find(sent.id).await,
        404,
        "not_found",
    );
    let nurse = team.nurse.client.announcements();
    assert_eq!(
        nurse.find(sent.id).await.unwrap().body.as_deref(),
        Some(new.body.as_str())
    );
    nurse.confirm(sent.id).await.unwrap();
    let first = nurse.find(sent.id).await.unwrap().confirmed_at;
    nurse.confirm(sent.id).await.unwrap();
    assert_eq!(nurse.find(sent.id).await.unwrap().confirmed_at, first);
    assert_eq!(waiting(&team.nurse).await, 0);
    // Only the sender sees by name who has and who has not.
    refused(nurse.recipients(sent.id).await, 403, "forbidden");
    refused(nurse.export(sent.id).await, 403, "forbidden");
    let list = sender.recipients(sent.id).await.unwrap().items;
    let done: Vec<Uuid> = list
        .iter()
        .filter(|r| r.confirmed_at.is_some())
        .map(|r| r.person.id)
        .collect();
    assert_eq!((list.len(), done), (3, vec![team.nurse.id]));
    let csv = String::from_utf8(sender.export(sent.id).await.unwrap().to_vec()).unwrap();
    assert!(
        csv.starts_with('\u{feff}') && csv.contains("氏名,職種"),
        "{csv}"
    );
    assert_eq!(csv.matches("確認済み").count(), 1);
    assert_eq!(csv.matches("看護師").count(), 3);
    let query = ListAnnouncements {
        direction: Some(AnnouncementDirection::Sent),
        ..ListAnnouncements::default()
    };
    assert_eq!(sender.list(&query).await.unwrap().items[0].confirmed, 1);
}

#[actix_web::test]
async fn beyond_the_own_facility_only_the_network_announces() {
    let team = Team::new().await;
    let nurse = team.nurse.client.announcements();
    let to = |audience| CreateAnnouncement::new("お知らせ", "本文", audience);
    refused(nurse.create(&to(nurses())).await, 403, "forbidden");
    refused(
        nurse.create(&to(Audience::default())).await,
        403,
        "forbidden",
    );
    let me = team.nurse.client.sessions().me().await.unwrap();
    let facility = me.staff_member.unwrap().facility.id;
    let own = Audience {
        facility_id: Some(facility),
        ..Audience::default()
    };
    // Nobody else works there yet.
    refused(nurse.create(&to(own.clone())).await, 422, "invalid_input");
    let colleague = team.world.person("colleague", "nurse", facility).await;
    assert_eq!(nurse.create(&to(own)).await.unwrap().sent_to, 1);
    assert_eq!(waiting(&colleague).await, 1);
    let coordinator = team
        .world
        .person("coordinator", "regional_coordinator", facility)
        .await;
    coordinator
        .client
        .announcements()
        .create(&to(Audience::default()))
        .await
        .unwrap();
    let room = Audience {
        room_id: Some(tsumugi_client::new_id()),
        ..Audience::default()
    };
    refused(nurse.create(&to(room)).await, 422, "invalid_input");
}

#[actix_web::test]
async fn who_has_not_confirmed_is_reminded_and_a_withdrawn_one_is_read_no_more() {
    let team = Team::new().await;
    let sender = team.world.administrator.client.announcements();
    // Whoever has not confirmed is reminded a day before: in a few seconds, by this worker or that of the server.
    let due = team.world.app.clock.now() + TimeDelta::hours(24) + TimeDelta::seconds(5);
    let mut new = CreateAnnouncement::new("調査", "ご回答ください。", nurses());
    new.confirm_by = Some(due);
    let sent = sender.create(&new).await.unwrap();
    team.nurse
        .client
        .announcements()
        .confirm(sent.id)
        .await
        .unwrap();
    let mut outsider = team.outsider.client.events().stream(None).await.unwrap();
    let mut nurse = team.nurse.client.events().stream(None).await.unwrap();
    tokio::time::sleep(std::time::Duration::from_secs(6)).await;
    let network: String = team
        .world
        .db
        .one("SELECT tenant_id::text FROM tenants WHERE slug = 'kita'")
        .await;
    worker::watch(&team.world.app, network.parse().unwrap())
        .await
        .unwrap();
    let event = loop {
        let event = tokio::time::timeout(std::time::Duration::from_secs(40), outsider.next());
        let event = event.await.unwrap().unwrap().unwrap();
        if event.kind == EventKind::AnnouncementReminded {
            break event;
        }
    };
    assert_eq!(event.announcement_id, Some(sent.id));
    while let Ok(Some(Ok(event))) =
        tokio::time::timeout(std::time::Duration::from_millis(300), nurse.next()).await
    {
        assert_ne!(event.kind, EventKind::AnnouncementReminded);
    }
    assert!(sender.find(sent.id).await.unwrap().reminded_at.is_some());
    sender.remind(sent.id).await.unwrap();
    sender.withdraw(sent.id, "内容の誤り").await.unwrap();
    let found = team
        .outsider
        .client
        .announcements()
        .find(sent.id)
        .await
        .unwrap();
    assert!(found.withdrawn_at.is_some() && found.body.is_none());
    assert_eq!(waiting(&team.outsider).await, 0);
    let late = team.outsider.client.announcements().confirm(sent.id).await;
    refused(late, 409, "announcement_withdrawn");
    refused(sender.remind(sent.id).await, 409, "announcement_withdrawn");
}
