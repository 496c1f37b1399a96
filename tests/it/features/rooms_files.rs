//! Files in messages of rooms: who sees them, where they may be shown, and what becomes of them.

use bytes::Bytes;
use futures_util::StreamExt;
use image::ImageFormat;
use tsumugi_client::models::{
    AmendMessage, Attachment, AttachmentState, Channel, CreateMessage, CreatePost, CreateRoom,
    EventKind, Message, MoveMessage, NewAttachment, Rendition, RoomKind,
};
use uuid::Uuid;

use super::attachments;
use crate::support::{Person, Team, bad_files, refused};

/// A room of the nurse's, with the physician and somebody who is not on the care team.
async fn room(team: &Team) -> Uuid {
    let new =
        CreateRoom::new(RoomKind::Free, "褥瘡の勉強会").with([team.physician.id, team.outsider.id]);
    let rooms = team.nurse.client.rooms();
    rooms.create(&new).await.unwrap().room.id
}

/// Sends a photo for a room.
async fn send(person: &Person, room: Uuid, name: &str) -> Attachment {
    let photo = bad_files::photo(40, 40, ImageFormat::Png);
    let file = NewAttachment::named(name, photo.len() as u64);
    let files = person.client.attachments();
    files
        .send_to_room(room, &file, Bytes::from(photo))
        .await
        .unwrap()
}

async fn says(person: &Person, room: Uuid, new: CreateMessage) -> Message {
    person.client.messages().create(room, &new).await.unwrap()
}

fn ids(files: &[Attachment]) -> Vec<Uuid> {
    files.iter().map(|file| file.id).collect()
}

async fn hidden_from(people: &[&Person], file: Uuid) {
    for person in people {
        let found = person.client.attachments().find(file).await;
        refused(found, 404, "not_found");
    }
}

#[actix_web::test]
async fn a_photo_is_seen_by_who_is_in_the_room_and_by_nobody_else() {
    let team = Team::new().await;
    let room = room(&team).await;
    let strangers = [
        &team.helper,
        &team.stranger,
        &team.auditor,
        &team.world.administrator,
    ];
    // Who is not in the room sends nothing there.
    let new = NewAttachment::named("a.png", 10);
    for person in strangers {
        let begun = person
            .client
            .attachments()
            .create_for_room(room, &new)
            .await;
        refused(begun, 404, "not_found");
    }
    let file = send(&team.nurse, room, "a.png").await;
    assert_eq!((file.room_id, file.patient_id), (Some(room), None));
    let ready = attachments::settled(&team, &team.nurse, file.id).await;
    assert_eq!(ready.state, AttachmentState::Ready);
    // Until a message shows it, who sent it is alone with it.
    hidden_from(&[&team.physician, &team.outsider], file.id).await;
    hidden_from(&strangers, file.id).await;
    // A photo may say it all.
    let new = CreateMessage::new("").showing(vec![file.id]);
    let message = says(&team.nurse, room, new).await;
    assert_eq!(
        (message.body, ids(&message.attachments)),
        (None, vec![file.id])
    );
    for member in [&team.physician, &team.outsider] {
        let seen = member.client.messages().find(message.id).await.unwrap();
        assert_eq!(ids(&seen.attachments), [file.id]);
        let files = member.client.attachments();
        assert_eq!(files.find(file.id).await.unwrap().id, file.id);
        files.download(file.id, Rendition::Small).await.unwrap();
    }
    hidden_from(&strangers, file.id).await;
    // Who leaves the room has nothing of it any more.
    team.physician.client.rooms().leave(room).await.unwrap();
    hidden_from(&[&team.physician], file.id).await;
    // Taken back, nobody sees it.
    let messages = team.nurse.client.messages();
    let retracted = messages.retract(message.id, 1, None).await.unwrap();
    assert!(retracted.attachments.is_empty());
    hidden_from(&[&team.nurse, &team.outsider], file.id).await;
    let versions = messages.versions(message.id).await.unwrap().items;
    assert!(
        versions
            .iter()
            .all(|version| version.attachments.is_empty())
    );
}

#[actix_web::test]
async fn a_file_is_shown_in_one_message_of_its_own_room() {
    let team = Team::new().await;
    let here = room(&team).await;
    let there = room(&team).await;
    let file = send(&team.nurse, here, "a.png").await;
    let messages = team.nurse.client.messages();
    let showing = |id: Uuid| CreateMessage::new("写真です").showing(vec![id]);
    refused(
        messages.create(there, &showing(file.id)).await,
        422,
        "invalid_input",
    );
    let post = CreatePost::note(Channel::Team, "写真です").showing(vec![file.id]);
    let timeline = team.nurse.client.timeline();
    refused(
        timeline.create_post(team.patient, &post).await,
        422,
        "invalid_input",
    );
    // Nor is a file of a patient shown in a room, or what somebody else has sent.
    let photo = bad_files::photo(30, 30, ImageFormat::Png);
    let of_patient = attachments::send(&team.nurse, team.patient, "b.png", photo).await;
    refused(
        messages.create(here, &showing(of_patient.id)).await,
        422,
        "invalid_input",
    );
    let other = team.physician.client.messages();
    refused(
        other.create(here, &showing(file.id)).await,
        422,
        "invalid_input",
    );
    says(&team.nurse, here, showing(file.id)).await;
    refused(
        messages.create(here, &showing(file.id)).await,
        422,
        "invalid_input",
    );
    // A message without words and without files says nothing.
    refused(
        messages.create(here, &CreateMessage::new("")).await,
        422,
        "invalid_input",
    );
}

#[actix_web::test]
async fn files_stay_when_words_are_amended_and_go_when_they_are_taken_out() {
    let team = Team::new().await;
    let room = room(&team).await;
    let one = send(&team.nurse, room, "1.png").await;
    let two = send(&team.nurse, room, "2.png").await;
    let new = CreateMessage::new("写真です").showing(vec![one.id, two.id]);
    let message = says(&team.nurse, room, new).await;
    let messages = team.nurse.client.messages();
    let words = AmendMessage {
        body: "右踵の写真です".to_owned(),
        ..AmendMessage::default()
    };
    let amended = messages.amend(message.id, 1, &words).await.unwrap();
    assert_eq!(ids(&amended.attachments), [one.id, two.id]);
    let fewer = AmendMessage {
        attachment_ids: Some(vec![two.id]),
        ..words
    };
    let amended = messages.amend(message.id, 2, &fewer).await.unwrap();
    assert_eq!(ids(&amended.attachments), [two.id]);
    hidden_from(&[&team.physician, &team.nurse], one.id).await;
    let versions = team.physician.client.messages();
    let versions = versions.versions(message.id).await.unwrap().items;
    let shown: Vec<Vec<Uuid>> = versions
        .iter()
        .map(|version| ids(&version.attachments))
        .collect();
    assert_eq!(shown, [vec![two.id], vec![two.id], vec![two.id]]);
    // They lie under the key of the room, and do not go to a timeline.
    let to = MoveMessage::note(team.patient, Channel::Team);
    refused(
        messages.relocate(message.id, 3, &to).await,
        409,
        "message_has_attachments",
    );
    assert!(
        team.nurse
            .timeline(team.patient)
            .await
            .iter()
            .all(|post| post.id != to.post_id)
    );
}

#[actix_web::test]
async fn who_looks_at_the_room_hears_when_a_file_can_be_looked_at() {
    let team = Team::new().await;
    let room = room(&team).await;
    let mut stream = team.physician.client.events().stream(None).await.unwrap();
    let file = send(&team.nurse, room, "a.png").await;
    let new = CreateMessage::new("写真です").showing(vec![file.id]);
    let message = says(&team.nurse, room, new).await;
    let messages = team.physician.client.messages();
    // It may have been checked before the message was written; then its first event is enough.
    loop {
        let event = tokio::time::timeout(std::time::Duration::from_secs(20), stream.next());
        let event = event.await.unwrap().unwrap().unwrap();
        let kinds = [EventKind::MessageCreated, EventKind::MessageChanged];
        if !kinds.contains(&event.kind) {
            continue;
        }
        assert_eq!(
            (event.room_id, event.message_id),
            (Some(room), Some(message.id))
        );
        let seen = messages.find(message.id).await.unwrap();
        if seen.attachments[0].state == AttachmentState::Ready {
            break;
        }
    }
}

#[actix_web::test]
async fn nothing_is_sent_to_a_room_that_is_closed() {
    let team = Team::new().await;
    let room = room(&team).await;
    team.nurse.client.rooms().close(room).await.unwrap();
    let new = NewAttachment::named("a.png", 10);
    let files = team.nurse.client.attachments();
    refused(files.create_for_room(room, &new).await, 409, "room_closed");
}
