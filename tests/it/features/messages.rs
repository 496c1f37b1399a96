//! Messages: written, amended, acknowledged, and moved to the timeline of a patient.

use tsumugi_client::models::{
    AmendMessage, Channel, CreateMessage, CreateRoom, ListMessages, Message, MessageState,
    MoveMessage, RoomKind,
};
use uuid::Uuid;

use crate::support::{Person, Team, refused};

/// A room of the nurse's, with the physician, the helper and somebody who is not on the care team.
async fn room(team: &Team) -> Uuid {
    let with = [team.physician.id, team.helper.id, team.outsider.id];
    let new = CreateRoom::new(RoomKind::Free, "勉強会").with(with);
    team.nurse
        .client
        .rooms()
        .create(&new)
        .await
        .unwrap()
        .room
        .id
}

async fn says(person: &Person, room: Uuid, new: CreateMessage) -> Message {
    person.client.messages().create(room, &new).await.unwrap()
}

async fn seen(person: &Person, id: Uuid) -> Message {
    person.client.messages().find(id).await.unwrap()
}

#[actix_web::test]
async fn pages_are_in_the_order_in_which_the_server_took_messages_in() {
    let team = Team::new().await;
    let room = room(&team).await;
    for number in 0..7 {
        let person = [&team.nurse, &team.physician][number % 2];
        says(person, room, CreateMessage::new(format!("{number}"))).await;
    }
    let mut query = ListMessages {
        limit: Some(3),
        ..ListMessages::default()
    };
    let mut all = Vec::new();
    loop {
        let page = team
            .helper
            .client
            .messages()
            .list(room, &query)
            .await
            .unwrap();
        all.extend(
            page.items
                .iter()
                .map(|message| (message.seq, message.body.clone().unwrap())),
        );
        query.cursor = page.next;
        if query.cursor.is_none() {
            break;
        }
    }
    let expected: Vec<(i64, String)> = (0..7).rev().map(|n| (n + 1, n.to_string())).collect();
    assert_eq!(all, expected);
}

#[actix_web::test]
async fn many_who_write_at_once_get_a_number_each() {
    let team = Team::new().await;
    let room = room(&team).await;
    let new: Vec<CreateMessage> = (0..12).map(|n| CreateMessage::new(n.to_string())).collect();
    let messages = team.nurse.client.messages();
    let sent = futures_util::future::join_all(new.iter().map(|new| messages.create(room, new)));
    let mut numbers: Vec<i64> = sent
        .await
        .into_iter()
        .map(|sent| sent.unwrap().seq)
        .collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=12).collect::<Vec<i64>>());
}

#[actix_web::test]
async fn a_message_is_amended_and_taken_back_by_its_author_and_keeps_its_history() {
    let team = Team::new().await;
    let room = room(&team).await;
    let message = says(&team.nurse, room, CreateMessage::new("金曜です")).await;
    let amendment = AmendMessage {
        body: "木曜です".into(),
        mentions: vec![team.physician.id],
        ..AmendMessage::default()
    };
    let other = team.physician.client.messages();
    refused(
        other.amend(message.id, 1, &amendment).await,
        403,
        "forbidden",
    );
    let messages = team.nurse.client.messages();
    let amended = messages.amend(message.id, 1, &amendment).await.unwrap();
    assert_eq!(
        (amended.version, amended.body.as_deref()),
        (2, Some("木曜です"))
    );
    refused(
        messages.amend(message.id, 1, &amendment).await,
        412,
        "stale_version",
    );
    assert!(seen(&team.physician, message.id).await.mentions_me);
    messages
        .retract(message.id, 2, Some("日程の誤り"))
        .await
        .unwrap();
    let found = seen(&team.helper, message.id).await;
    assert_eq!((found.state, found.body), (MessageState::Retracted, None));
    assert_eq!(found.ended.unwrap().reason.as_deref(), Some("日程の誤り"));
    let versions = other.versions(message.id).await.unwrap().items;
    let bodies: Vec<Option<&str>> = versions.iter().map(|v| v.body.as_deref()).collect();
    assert_eq!(bodies, [Some("金曜です"), Some("木曜です"), None]);
    refused(
        messages.amend(message.id, 3, &amendment).await,
        409,
        "message_retracted",
    );
    refused(
        other.acknowledge(message.id).await,
        409,
        "message_retracted",
    );
}

#[actix_web::test]
async fn who_is_asked_to_acknowledge_is_told_apart_from_who_has() {
    let team = Team::new().await;
    let room = room(&team).await;
    let due = team.world.app.clock.now() + chrono::TimeDelta::hours(4);
    let ask = CreateMessage::new("全員確認してください").asking([], Some(due));
    let message = says(&team.nurse, room, ask).await;
    let asked = &message.acknowledgement;
    assert_eq!(
        (asked.asked, asked.acknowledged, asked.mine.as_str()),
        (3, 0, "none")
    );
    assert_eq!(
        seen(&team.physician, message.id).await.acknowledgement.mine,
        "asked"
    );
    let messages = team.physician.client.messages();
    messages.acknowledge(message.id).await.unwrap();
    let again = messages.acknowledge(message.id).await.unwrap();
    assert_eq!(
        (
            again.acknowledgement.acknowledged,
            again.acknowledgement.mine.as_str()
        ),
        (1, "done")
    );
    team.helper.client.rooms().leave(room).await.unwrap();
    let list = messages.acknowledgements(message.id).await.unwrap().items;
    let state = |who: Uuid| {
        let row = list.iter().find(|row| row.person.id == who).unwrap();
        (row.asked, row.acknowledged_at.is_some(), row.left)
    };
    assert_eq!(state(team.physician.id), (true, true, false));
    assert_eq!(state(team.outsider.id), (true, false, false));
    assert_eq!(state(team.helper.id), (true, false, true));
    // Only who is in the room can be asked or mentioned.
    let ask = CreateMessage::new("確認を").asking([team.care_manager.id], None);
    let messages = team.nurse.client.messages();
    refused(messages.create(room, &ask).await, 422, "invalid_input");
    let mention = CreateMessage::new("確認を").mentioning([team.care_manager.id]);
    refused(messages.create(room, &mention).await, 422, "invalid_input");
}

#[actix_web::test]
async fn what_is_about_a_patient_is_moved_to_the_timeline_and_leaves_a_trace_without_a_name() {
    let team = Team::new().await;
    let room = room(&team).await;
    let about = CreateMessage::new("出雲さんが昨夜から食べられていません");
    let message = says(&team.helper, room, about).await;
    let reply = CreateMessage::new("見てきます").reply_to(message.id);
    let reply = says(&team.physician, room, reply).await;
    let to = MoveMessage::note(team.patient, Channel::Team);
    // Not by a member who may not write to that timeline, and not by who is not in the room.
    let outsider = team.outsider.client.messages();
    refused(
        outsider.relocate(message.id, 1, &to).await,
        404,
        "not_found",
    );
    let manager = team.care_manager.client.messages();
    refused(manager.relocate(message.id, 1, &to).await, 404, "not_found");
    let moved = team
        .nurse
        .client
        .messages()
        .relocate(message.id, 1, &to)
        .await
        .unwrap();
    assert_eq!((moved.state, moved.body), (MessageState::Moved, None));
    // The post is the author's, and says who moved it.
    let posts = team.physician.timeline(team.patient).await;
    let post = posts.iter().find(|post| post.id == to.post_id).unwrap();
    assert_eq!(post.author.id, team.helper.id);
    assert_eq!(
        post.body.as_deref(),
        Some("出雲さんが昨夜から食べられていません")
    );
    assert_eq!(post.observed_at, message.recorded_at);
    assert_eq!(post.moved.as_ref().unwrap().by_name, "試験 nurse");
    // In the room, whoever may see the patient finds the post; nobody reads the text any more.
    let found = seen(&team.physician, message.id).await.ended.unwrap();
    assert_eq!(
        (found.post_id, found.patient_id),
        (Some(to.post_id), Some(team.patient))
    );
    let found = seen(&team.outsider, message.id).await;
    let trace = found.ended.unwrap();
    assert_eq!((trace.post_id, trace.patient_id), (None, None));
    for person in [&team.outsider, &team.helper, &team.physician] {
        let path = format!("/v1/rooms/{room}/messages");
        let said = person.raw("GET", &path, "").await;
        assert!(!said.text().contains("食べられて"), "{}", said.text());
        let path = format!("/v1/messages/{}/versions", message.id);
        let said = person.raw("GET", &path, "").await;
        assert_eq!(said.status, 200);
        assert!(!said.text().contains("食べられて"), "{}", said.text());
    }
    let quoted = seen(&team.physician, reply.id).await.reply_to.unwrap();
    assert_eq!(quoted.excerpt, None);
    let rooms = team.outsider.client.rooms().list().await.unwrap().items;
    assert!(
        rooms
            .iter()
            .all(|room| !format!("{room:?}").contains("食べられて"))
    );
    // The rows stay.
    let kept: i64 = team
        .world
        .db
        .one("SELECT count(*) FROM message_versions WHERE body LIKE '%食べられて%'")
        .await;
    assert_eq!(kept, 1);
    let again = MoveMessage::note(team.patient, Channel::Team);
    let messages = team.nurse.client.messages();
    refused(
        messages.relocate(message.id, 2, &again).await,
        409,
        "message_moved",
    );
}
