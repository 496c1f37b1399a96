//! Attached files: sending them bit by bit, showing them in posts, looking at them by links, and how they lie in the store.

use std::{fs, path::Path};

use bytes::Bytes;
use chrono::TimeDelta;
use image::ImageFormat;
use tsumugi_client::{
    Client, RawAnswer,
    models::{
        AmendPost, Attachment, AttachmentState, Channel, CreateAttachmentLinks, CreateConsent,
        CreatePost, Media, NewAttachment, RelationKind, Rendition, RetractPost, WantedLink,
    },
    new_id,
};
use tsumugi_server::features::attachments;
use uuid::Uuid;

use crate::support::{Person, Team, bad_files, refused, team::today};

/// Sends a file.
pub async fn send(person: &Person, patient: Uuid, name: &str, bytes: Vec<u8>) -> Attachment {
    let file = NewAttachment::named(name, bytes.len() as u64);
    let files = person.client.attachments();
    files
        .send(patient, &file, Bytes::from(bytes))
        .await
        .unwrap()
}

/// Waits until a file is settled.
pub async fn settled(team: &Team, by: &Person, id: Uuid) -> Attachment {
    let look = async || {
        let found = by.client.attachments().find(id).await.unwrap();
        let open = [AttachmentState::Uploading, AttachmentState::Checking];
        (!open.contains(&found.state)).then_some(found)
    };
    team.world.eventually(look).await
}

/// Every file of the store, below the folder of the test.
pub fn stored(team: &Team) -> Vec<(String, Vec<u8>)> {
    fn walk(folder: &Path, found: &mut Vec<(String, Vec<u8>)>) {
        for entry in fs::read_dir(folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, found);
            } else {
                found.push((path.display().to_string(), fs::read(&path).unwrap()));
            }
        }
    }
    let mut found = Vec::new();
    walk(&team.world.app.config.data_dir.join("files"), &mut found);
    found
}

/// Waits until so many objects are left in the store: what was sent goes a moment after the file is settled.
pub async fn left(team: &Team, count: usize) {
    let look = async || (stored(team).len() == count).then_some(());
    team.world.eventually(look).await;
}

async fn parts(team: &Team) -> i64 {
    team.world
        .db
        .one("SELECT count(*) FROM attachment_parts")
        .await
}

/// A request of the protocol, exactly so.
async fn raw(
    client: &Client,
    method: &str,
    id: Uuid,
    headers: &[(&str, &str)],
    body: &[u8],
) -> RawAnswer {
    let path = format!("/v1/attachments/{id}/upload");
    let mut all = vec![("tus-resumable", "1.0.0")];
    all.extend_from_slice(headers);
    client
        .send_raw(method, &path, &all, body.to_vec())
        .await
        .unwrap()
}

async fn append(client: &Client, id: Uuid, offset: usize, body: &[u8]) -> RawAnswer {
    let offset = offset.to_string();
    let headers = [
        ("content-type", "application/offset+octet-stream"),
        ("upload-offset", offset.as_str()),
    ];
    raw(client, "PATCH", id, &headers, body).await
}

fn code(answer: &RawAnswer) -> (u16, String) {
    let body: serde_json::Value = answer.json().unwrap_or_default();
    (
        answer.status,
        body["code"].as_str().unwrap_or_default().to_owned(),
    )
}

#[actix_web::test]
async fn a_photo_is_shown_in_a_post_and_is_not_the_bytes_that_were_sent() {
    let team = Team::new().await;
    let sent = bad_files::photo_with_location();
    let file = send(&team.nurse, team.patient, "../傷\u{202e}.jpg", sent).await;
    assert_eq!((file.name.as_str(), file.received), ("傷.jpg", file.length));
    // The post may be written before the photo was looked at.
    let new = CreatePost::note(Channel::Team, "右踵の写真です。").showing(vec![file.id]);
    let post = team
        .nurse
        .client
        .timeline()
        .create_post(team.patient, &new)
        .await
        .unwrap();
    assert_eq!(post.attachments.len(), 1);
    let ready = settled(&team, &team.physician, file.id).await;
    assert_eq!(
        (ready.state, ready.media),
        (AttachmentState::Ready, Some(Media::Photo))
    );
    let full = ready
        .renditions
        .iter()
        .find(|r| r.rendition == Rendition::Full)
        .unwrap();
    // It lay on its side: 60 by 40 stands upright now.
    assert_eq!((full.width, full.height), (Some(40), Some(60)));
    for rendition in [Rendition::Full, Rendition::Medium, Rendition::Small] {
        let bytes = team
            .physician
            .client
            .attachments()
            .download(file.id, rendition)
            .await
            .unwrap();
        assert!(bytes.starts_with(&[0xff, 0xd8]));
        let has = |word: &[u8]| bytes.windows(word.len()).any(|window| window == word);
        assert!(!has(b"Exif") && !has(b"GPS-CANARY"));
    }
    let shown = &team.physician.timeline(team.patient).await[0];
    assert_eq!(
        shown.attachments,
        [team
            .physician
            .client
            .attachments()
            .find(file.id)
            .await
            .unwrap()]
    );
    // Three pictures lie in the store, and nothing of what was sent.
    left(&team, 3).await;
    assert_eq!(parts(&team).await, 0);
}

#[actix_web::test]
async fn a_file_is_seen_by_who_sent_it_and_then_by_who_may_read_the_post() {
    let team = Team::new().await;
    let photo = bad_files::photo(40, 40, ImageFormat::Png);
    let file = send(&team.nurse, team.patient, "a.png", photo).await;
    settled(&team, &team.nurse, file.id).await;
    for other in [
        &team.physician,
        &team.helper,
        &team.outsider,
        &team.stranger,
        &team.auditor,
    ] {
        refused(
            other.client.attachments().find(file.id).await,
            404,
            "not_found",
        );
        let answer = raw(&other.client, "HEAD", file.id, &[], b"").await;
        assert_eq!(answer.status, 404);
    }
    let new = CreatePost::note(Channel::Medical, "医療職へ").showing(vec![file.id]);
    let post = team
        .nurse
        .client
        .timeline()
        .create_post(team.patient, &new)
        .await
        .unwrap();
    team.physician
        .client
        .attachments()
        .download(file.id, Rendition::Small)
        .await
        .unwrap();
    for other in [&team.helper, &team.outsider, &team.stranger, &team.auditor] {
        refused(
            other.client.attachments().find(file.id).await,
            404,
            "not_found",
        );
        let asked = other
            .client
            .attachments()
            .download(file.id, Rendition::Full)
            .await;
        refused(asked, 404, "not_found");
    }
    // Nobody shows it to others by another post, not even who sent it.
    for (by, channel) in [
        (&team.nurse, Channel::Team),
        (&team.physician, Channel::Medical),
    ] {
        let again = CreatePost::note(channel, "もう一度").showing(vec![file.id]);
        let outcome = by.client.timeline().create_post(team.patient, &again).await;
        refused(outcome, 422, "invalid_input");
    }
    // What is taken back is not shown, and stays in the history.
    let why = RetractPost {
        reason: "誤り".to_owned(),
    };
    let taken = team
        .nurse
        .client
        .timeline()
        .retract_post(post.id, 1, &why)
        .await
        .unwrap();
    assert!(taken.attachments.is_empty());
    let versions = team
        .physician
        .client
        .timeline()
        .list_post_versions(post.id)
        .await
        .unwrap();
    assert_eq!(versions.items[0].attachments.len(), 1);
}

#[actix_web::test]
async fn an_amendment_keeps_the_files_unless_it_says_others() {
    let team = Team::new().await;
    let timeline = team.nurse.client.timeline();
    let one = send(
        &team.nurse,
        team.patient,
        "1.png",
        bad_files::photo(9, 9, ImageFormat::Png),
    )
    .await;
    let two = send(
        &team.nurse,
        team.patient,
        "2.png",
        bad_files::photo(8, 8, ImageFormat::Png),
    )
    .await;
    // A photo may say it all.
    let new = CreatePost {
        body: None,
        ..CreatePost::note(Channel::Team, "").showing(vec![one.id, two.id])
    };
    let post = timeline.create_post(team.patient, &new).await.unwrap();
    let ids = |files: &[Attachment]| files.iter().map(|file| file.id).collect::<Vec<_>>();
    assert_eq!(ids(&post.attachments), [one.id, two.id]);
    let words = AmendPost {
        body: Some("説明".to_owned()),
        reason: "追記".to_owned(),
        ..AmendPost::default()
    };
    let post = timeline.amend_post(post.id, 1, &words).await.unwrap();
    assert_eq!(ids(&post.attachments), [one.id, two.id]);
    let fewer = AmendPost {
        attachment_ids: Some(vec![two.id]),
        ..words
    };
    let post = timeline.amend_post(post.id, 2, &fewer).await.unwrap();
    assert_eq!(ids(&post.attachments), [two.id]);
    let versions = team
        .physician
        .client
        .timeline()
        .list_post_versions(post.id)
        .await
        .unwrap();
    let shown: Vec<usize> = versions
        .items
        .iter()
        .map(|version| version.attachments.len())
        .collect();
    assert_eq!(shown, [2, 2, 1]);
}

#[actix_web::test]
async fn an_upload_is_resumed_where_it_was_and_never_counts_twice() {
    let team = Team::new().await;
    let files = team.nurse.client.attachments();
    let bytes = bad_files::photo(300, 300, ImageFormat::Png);
    let file = NewAttachment::named("a.png", bytes.len() as u64);
    let (_, arrived) = files.create(team.patient, &file).await.unwrap();
    assert_eq!(arrived, 0);
    let half = bytes.len() / 2;
    assert_eq!(
        append(&team.nurse.client, file.id, 0, &bytes[..half])
            .await
            .status,
        204
    );
    // Begun a second time it is the same; the same part a second time is refused.
    let (_, arrived) = files.create(team.patient, &file).await.unwrap();
    assert_eq!(arrived, half as u64);
    for offset in [0, half - 1, half + 1, bytes.len()] {
        let answer = append(&team.nurse.client, file.id, offset, b"x").await;
        assert_eq!(
            code(&answer),
            (409, "attachment_offset_mismatch".to_owned())
        );
    }
    assert_eq!(files.progress(file.id).await.unwrap(), half as u64);
    let long = [&bytes[half..], b"x"].concat();
    let answer = append(&team.nurse.client, file.id, half, &long).await;
    assert_eq!(code(&answer), (413, "attachment_too_long".to_owned()));
    files
        .send(team.patient, &file, Bytes::from(bytes.clone()))
        .await
        .unwrap();
    let ready = settled(&team, &team.nurse, file.id).await;
    assert_eq!(ready.state, AttachmentState::Ready);
    // Sent again from the beginning, nothing happens.
    files
        .send(team.patient, &file, Bytes::from(bytes))
        .await
        .unwrap();
    let other = NewAttachment {
        length: 5,
        ..file.clone()
    };
    refused(
        files.create(team.patient, &other).await,
        409,
        "attachment_exists",
    );
    let count: i64 = team.world.db.one("SELECT count(*) FROM attachments").await;
    assert_eq!(count, 1);
    left(&team, 3).await;
}

#[actix_web::test]
async fn one_request_at_a_time_sends() {
    let team = Team::new().await;
    let bytes = bad_files::photo(200, 200, ImageFormat::Png);
    let file = NewAttachment::named("a.png", bytes.len() as u64);
    team.nurse
        .client
        .attachments()
        .create(team.patient, &file)
        .await
        .unwrap();
    // Another request holds it, and brings nothing yet.
    let hold = "UPDATE attachments SET held_by = gen_random_uuid(), held_until = now() + interval '1 minute'";
    team.world.db.admin.execute(hold, &[]).await.unwrap();
    let answer = append(&team.nurse.client, file.id, 0, &bytes).await;
    assert_eq!(code(&answer), (423, "attachment_locked".to_owned()));
    let free = "UPDATE attachments SET held_until = now() - interval '1 minute'";
    team.world.db.admin.execute(free, &[]).await.unwrap();
    // Ten at once: one is taken.
    let client = &team.nurse.client;
    let all = futures_util::future::join_all((0..10).map(|_| append(client, file.id, 0, &bytes)));
    let mut answers: Vec<u16> = all.await.iter().map(|answer| answer.status).collect();
    answers.sort_unstable();
    assert_eq!(answers[0], 204);
    assert!(
        answers[1..]
            .iter()
            .all(|status| [409, 423].contains(status)),
        "{answers:?}"
    );
    assert_eq!(
        settled(&team, &team.nurse, file.id).await.state,
        AttachmentState::Ready
    );
    left(&team, 3).await;
}

#[actix_web::test]
async fn what_does_not_match_its_checksum_is_not_kept() {
    let team = Team::new().await;
    let file = NewAttachment::named("a.png", 1000);
    team.nurse
        .client
        .attachments()
        .create(team.patient, &file)
        .await
        .unwrap();
    let headers = [
        ("content-type", "application/offset+octet-stream"),
        ("upload-offset", "0"),
        ("upload-checksum", "sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0="),
    ];
    let answer = raw(
        &team.nurse.client,
        "PATCH",
        file.id,
        &headers,
        b"hello worlt",
    )
    .await;
    assert_eq!(
        code(&answer),
        (460, "attachment_checksum_mismatch".to_owned())
    );
    assert_eq!((stored(&team).len(), parts(&team).await), (0, 0));
    let answer = raw(
        &team.nurse.client,
        "PATCH",
        file.id,
        &headers,
        b"hello world",
    )
    .await;
    assert_eq!(
        (answer.status, answer.header("upload-offset")),
        (204, Some("11"))
    );
    let unknown = [
        headers[0],
        ("upload-offset", "11"),
        ("upload-checksum", "crc32 AAAA"),
    ];
    let answer = raw(&team.nurse.client, "PATCH", file.id, &unknown, b"x").await;
    assert_eq!(
        code(&answer),
        (400, "attachment_checksum_not_supported".to_owned())
    );
}

#[actix_web::test]
async fn the_protocol_is_spoken_as_it_is_written() {
    let team = Team::new().await;
    let client = &team.nurse.client;
    let rules = client
        .send_raw("OPTIONS", "/v1/attachments", &[], "")
        .await
        .unwrap();
    assert_eq!(rules.header("tus-version"), Some("1.0.0"));
    assert_eq!(
        rules.header("tus-extension"),
        Some("creation,expiration,termination,checksum")
    );
    let file = NewAttachment::named("a.png", 1000);
    client
        .attachments()
        .create(team.patient, &file)
        .await
        .unwrap();
    let path = format!("/v1/attachments/{}/upload", file.id);
    for headers in [&[][..], &[("tus-resumable", "0.2.2")]] {
        let answer = client.send_raw("PATCH", &path, headers, "x").await.unwrap();
        assert_eq!(code(&answer), (412, "tus_version_not_supported".to_owned()));
    }
    let head = raw(client, "HEAD", file.id, &[], b"").await;
    assert_eq!(
        (head.header("upload-offset"), head.header("upload-length")),
        (Some("0"), Some("1000"))
    );
    assert_eq!(head.header("tus-resumable"), Some("1.0.0"));
    assert!(head.header("upload-expires").unwrap().ends_with("GMT"));
    let wrong = raw(client, "PATCH", file.id, &[("upload-offset", "0")], b"x").await;
    assert_eq!(wrong.status, 415);
    // Given up, it is gone.
    client.attachments().end_upload(file.id).await.unwrap();
    assert_eq!(raw(client, "HEAD", file.id, &[], b"").await.status, 404);
}

#[actix_web::test]
async fn an_upload_that_is_never_finished_is_swept() {
    let team = Team::new().await;
    let file = NewAttachment::named("a.png", 9000);
    let files = team.nurse.client.attachments();
    files.create(team.patient, &file).await.unwrap();
    let begin = &bad_files::photo(300, 300, ImageFormat::Png)[..500];
    assert_eq!(
        append(&team.nurse.client, file.id, 0, begin).await.status,
        204
    );
    assert_eq!((stored(&team).len(), parts(&team).await), (1, 1));
    let new = CreatePost::note(Channel::Team, "まだ").showing(vec![file.id]);
    let early = team
        .nurse
        .client
        .timeline()
        .create_post(team.patient, &new)
        .await;
    refused(early, 409, "attachment_not_arrived");
    let tenant = team.world.db.one("SELECT tenant_id FROM attachments").await;
    assert_eq!(
        attachments::forget_unfinished(&team.world.app, tenant)
            .await
            .unwrap(),
        0
    );
    let past = "UPDATE attachments SET expires_at = now() - interval '1 hour'";
    team.world.db.admin.execute(past, &[]).await.unwrap();
    let late = append(&team.nurse.client, file.id, 500, b"x").await;
    assert_eq!(code(&late), (410, "attachment_expired".to_owned()));
    assert_eq!(
        attachments::forget_unfinished(&team.world.app, tenant)
            .await
            .unwrap(),
        1
    );
    assert_eq!((stored(&team).len(), parts(&team).await), (0, 0));
    refused(files.find(file.id).await, 404, "not_found");
}

#[actix_web::test]
async fn nothing_lies_in_the_clear_and_nothing_opens_without_its_key() {
    let team = Team::new().await;
    let words = "PDF-CANARY";
    let file = send(&team.nurse, team.patient, "a.pdf", bad_files::pdf(words)).await;
    let ready = settled(&team, &team.nurse, file.id).await;
    assert_eq!((ready.media, ready.pages), (Some(Media::Pdf), Some(1)));
    let text: String = team.world.db.one("SELECT body FROM attachment_texts").await;
    assert!(text.contains(words), "{text}");
    for (path, bytes) in stored(&team) {
        let clear = ["%PDF", "JFIF", words];
        let shows = clear
            .iter()
            .any(|word| bytes.windows(word.len()).any(|w| w == word.as_bytes()));
        assert!(!shows, "{path}");
    }
    let files = team.nurse.client.attachments();
    let bytes = files.download(file.id, Rendition::Full).await.unwrap();
    assert!(bytes.starts_with(b"%PDF-"));
    files.download(file.id, Rendition::Small).await.unwrap();
    // Another patient's file has another key.
    let sealed: i64 = team.world.db.one("SELECT count(*) FROM file_keys").await;
    assert_eq!(sealed, 1);
    let gone = "UPDATE file_keys SET sealed = NULL, destroyed_at = now()";
    team.world.db.admin.execute(gone, &[]).await.unwrap();
    refused(
        files.download(file.id, Rendition::Full).await,
        409,
        "attachment_destroyed",
    );
}

#[actix_web::test]
async fn a_link_lives_for_minutes_and_no_longer_than_its_session_may_see() {
    let team = Team::new().await;
    let photo = bad_files::photo(900, 700, ImageFormat::Jpeg);
    let file = send(&team.nurse, team.patient, "a.jpg", photo).await;
    let new = CreatePost::note(Channel::Team, "写真").showing(vec![file.id]);
    team.nurse
        .client
        .timeline()
        .create_post(team.patient, &new)
        .await
        .unwrap();
    settled(&team, &team.helper, file.id).await;
    let wanted = CreateAttachmentLinks {
        items: vec![WantedLink {
            attachment_id: file.id,
            rendition: Rendition::Full,
        }],
    };
    let link = async || {
        let links = team
            .helper
            .client
            .attachments()
            .create_links(&wanted)
            .await
            .unwrap();
        links.items[0].url.clone()
    };
    let url = link().await;
    assert!(!url.contains(&file.id.to_string()) && !url.contains(&team.patient.to_string()));
    let anyone = &team.world.anyone;
    let whole = anyone.send_raw("GET", &url, &[], "").await.unwrap();
    assert_eq!(whole.status, 200);
    let says = |name: &str| whole.header(name).unwrap_or_default().to_owned();
    assert_eq!(says("content-type"), "image/jpeg");
    assert_eq!(says("x-content-type-options"), "nosniff");
    assert!(says("cache-control").contains("no-store"));
    assert!(says("content-security-policy").contains("sandbox"));
    assert_eq!(says("cross-origin-resource-policy"), "same-origin");
    assert!(says("content-disposition").starts_with("inline"));
    // Parts of it, as a player asks for them.
    let part = anyone
        .send_raw("GET", &url, &[("range", "bytes=100-299")], "")
        .await
        .unwrap();
    assert_eq!((part.status, &part.body[..]), (206, &whole.body[100..300]));
    let total = whole.body.len();
    assert_eq!(
        part.header("content-range"),
        Some(format!("bytes 100-299/{total}").as_str())
    );
    let last = anyone
        .send_raw("GET", &url, &[("range", "bytes=-7")], "")
        .await
        .unwrap();
    assert_eq!(
        (last.status, &last.body[..]),
        (206, &whole.body[total - 7..])
    );
    let beyond = anyone
        .send_raw("GET", &url, &[("range", "bytes=99999999-")], "")
        .await
        .unwrap();
    assert_eq!(beyond.status, 416);
    // Bent it opens nothing; old it says so; off the team it opens nothing either.
    let bent = format!("{}A", &url[..url.len() - 1]);
    let bent = anyone.send_raw("GET", &bent, &[], "").await.unwrap();
    assert!([404, 200].contains(&bent.status) && (bent.status == 404 || url.ends_with('A')));
    team.world.app.clock.advance(TimeDelta::minutes(4));
    let old = anyone.send_raw("GET", &url, &[], "").await.unwrap();
    assert_eq!(code(&old), (410, "attachment_link_expired".to_owned()));
    let url = link().await;
    team.helper.client.sessions().delete().await.unwrap();
    let ended = anyone.send_raw("GET", &url, &[], "").await.unwrap();
    assert_eq!(ended.status, 401);
    let looks: i64 = team
        .world
        .db
        .one("SELECT count(*) FROM audit_events WHERE action = 'attachment.look' AND outcome = 'allowed'")
        .await;
    assert_eq!(looks, 4);
}

#[actix_web::test]
async fn a_drawing_is_a_new_file_beside_the_photo() {
    let team = Team::new().await;
    let photo = bad_files::photo(90, 70, ImageFormat::Jpeg);
    let origin = send(&team.nurse, team.patient, "a.jpg", photo.clone()).await;
    settled(&team, &team.nurse, origin.id).await;
    let drawn = NewAttachment {
        derived_from: Some(origin.id),
        ..NewAttachment::named("a.jpg", photo.len() as u64)
    };
    let made = team
        .nurse
        .client
        .attachments()
        .send(team.patient, &drawn, Bytes::from(photo.clone()))
        .await;
    assert_eq!(made.unwrap().derived_from, Some(origin.id));
    // What one may not see cannot be drawn on.
    let other = NewAttachment {
        id: new_id(),
        ..drawn
    };
    let outcome = team
        .physician
        .client
        .attachments()
        .create(team.patient, &other)
        .await;
    refused(outcome, 422, "invalid_input");
}

#[actix_web::test]
async fn the_family_sends_a_photo_to_the_team() {
    let team = Team::new().await;
    let family = team.relative("hanako", RelationKind::Family).await;
    // What the family may is for the patient to say.
    let mut consent = CreateConsent::on_paper(today());
    consent.separate = vec!["FM".to_owned()];
    let consents = team.care_manager.client.consents();
    consents.create(team.patient, &consent).await.unwrap();
    let photo = bad_files::photo(30, 20, ImageFormat::Jpeg);
    let new = NewAttachment::named("夕食.jpg", photo.len() as u64);
    let files = family.attachments();
    let sent = files.send(team.patient, &new, Bytes::from(photo)).await;
    let sent = sent.unwrap();
    let post = CreatePost::note(Channel::Family, "夕食は半分食べました").showing(vec![sent.id]);
    let timeline = family.timeline();
    timeline.create_post(team.patient, &post).await.unwrap();
    let seen = settled(&team, &team.helper, sent.id).await;
    assert_eq!(seen.state, AttachmentState::Ready);
}
