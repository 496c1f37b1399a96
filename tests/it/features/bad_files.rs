//! Bad files: refused or made harmless, with a code that says why, and nothing half-stored.

use std::{fs, os::unix::fs::PermissionsExt};

use bytes::Bytes;
use image::ImageFormat;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tsumugi_client::{
    Client,
    models::{Attachment, AttachmentState, Channel, CreatePost, Media, NewAttachment, Rendition},
};
use tsumugi_server::config::ScannerAt;

use super::attachments::{left, send, settled, stored};
use crate::support::{Team, bad_files, refused};

async fn attempt(
    client: &Client,
    team: &Team,
    name: &str,
    bytes: Vec<u8>,
) -> Result<Attachment, tsumugi_client::Error> {
    let file = NewAttachment::named(name, bytes.len() as u64);
    client
        .attachments()
        .send(team.patient, &file, Bytes::from(bytes))
        .await
}

/// Sends a file; answers with the code of its refusal, at once or after the check, or with nothing when it was taken.
async fn refusal(team: &Team, name: &str, bytes: Vec<u8>) -> Option<String> {
    match attempt(&team.nurse.client, team, name, bytes).await {
        Err(error) => Some(error.code().unwrap().to_owned()),
        Ok(file) => {
            let settled = settled(team, &team.nurse, file.id).await;
            settled.refusal.map(|refusal| refusal.code)
        }
    }
}

/// What is left of files that are not taken: nothing in the store, no part, no picture.
async fn nothing_is_left(team: &Team) {
    left(team, 0).await;
    for table in ["attachment_parts", "attachment_files", "attachment_texts"] {
        let count: i64 = team
            .world
            .db
            .one(&format!("SELECT count(*) FROM {table}"))
            .await;
        assert_eq!(count, 0, "{table}");
    }
}

#[actix_web::test]
async fn what_is_not_a_photo_video_sound_or_pdf_is_refused_by_its_bytes() {
    let team = Team::new().await;
    let not_allowed = Some("attachment_type_not_allowed".to_owned());
    for (name, bytes) in [
        ("gif-and-script.jpg", bad_files::gif_and_script()),
        ("drawing.svg", bad_files::drawing_with_script()),
        ("archive.jpg", bad_files::zip_bomb()),
        (
            "page.png",
            b"<!DOCTYPE html><script>alert(1)</script>".to_vec(),
        ),
        ("program.jpg", b"MZ\x90\0\x03\0\0\0\x04\0".to_vec()),
        ("words.pdf", b"just words".to_vec()),
        (
            "early.pdf",
            [&b"PK\x03\x04"[..], &bad_files::pdf("x")].concat(),
        ),
        ("one.jpg", b"\xff".to_vec()),
    ] {
        assert_eq!(refusal(&team, name, bytes).await, not_allowed, "{name}");
    }
    let heic = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic".to_vec();
    let code = refusal(&team, "a.heic", heic).await;
    assert_eq!(code.as_deref(), Some("attachment_heic_not_supported"));
    nothing_is_left(&team).await;
}

#[actix_web::test]
async fn a_wrong_ending_changes_nothing() {
    let team = Team::new().await;
    let png = bad_files::photo(30, 20, ImageFormat::Png);
    let file = send(&team.nurse, team.patient, "report.pdf", png).await;
    let file = settled(&team, &team.nurse, file.id).await;
    assert_eq!(
        (file.state, file.media),
        (AttachmentState::Ready, Some(Media::Photo))
    );
    let bytes = team
        .nurse
        .client
        .attachments()
        .download(file.id, Rendition::Full)
        .await
        .unwrap();
    assert!(bytes.starts_with(&[0xff, 0xd8, 0xff]));
}

#[actix_web::test]
async fn what_is_two_things_at_once_is_one_afterwards() {
    let team = Team::new().await;
    let both = bad_files::photo_and_page();
    let file = send(&team.nurse, team.patient, "a.jpg", both).await;
    assert_eq!(
        settled(&team, &team.nurse, file.id).await.state,
        AttachmentState::Ready
    );
    for rendition in [Rendition::Full, Rendition::Medium, Rendition::Small] {
        let bytes = team
            .nurse
            .client
            .attachments()
            .download(file.id, rendition)
            .await
            .unwrap();
        for word in ["PAGE-CANARY", "<script", "<html"] {
            assert!(
                !bytes
                    .windows(word.len())
                    .any(|window| window == word.as_bytes())
            );
        }
        assert!(bytes.ends_with(&[0xff, 0xd9]));
    }
    let code = refusal(&team, "a.pdf", bad_files::pdf_and_zip()).await;
    assert_eq!(code.as_deref(), Some("attachment_ambiguous"));
}

#[actix_web::test]
async fn what_is_made_to_break_a_reader_breaks_nothing() {
    let team = Team::new().await;
    for (name, bytes, codes) in [
        (
            "huge.png",
            bad_files::huge_png(),
            &["attachment_too_many_pixels"][..],
        ),
        (
            "bomb.pdf",
            bad_files::pdf_bomb(),
            &["attachment_too_costly"],
        ),
    ] {
        let code = refusal(&team, name, bytes).await.unwrap_or_default();
        assert!(codes.contains(&code.as_str()), "{name}: {code}");
    }
    nothing_is_left(&team).await;
    // A text that unpacks to 200 MB is left out or refused.
    match refusal(&team, "bomb.png", bad_files::png_bomb()).await {
        None => assert!(stored(&team).iter().all(|(_, bytes)| bytes.len() < 10_000)),
        Some(code) => assert!(code.starts_with("attachment_"), "{code}"),
    }
}

#[actix_web::test]
async fn what_is_cut_off_is_refused() {
    // The program is not asked about a video whose boxes are cut off.
    let team = Team::with(|config| config.files.ffmpeg = Some("/usr/bin/ffmpeg".into())).await;
    let jpeg = bad_files::photo(200, 150, ImageFormat::Jpeg);
    let png = bad_files::photo(200, 150, ImageFormat::Png);
    let webp = bad_files::photo(200, 150, ImageFormat::WebP);
    let pdf = bad_files::pdf("Hello");
    let half = |bytes: &[u8]| bytes[..bytes.len() / 2].to_vec();
    for (name, bytes) in [
        ("a.jpg", half(&jpeg)),
        ("b.jpg", jpeg[..jpeg.len() - 2].to_vec()),
        ("a.png", half(&png)),
        ("b.png", png[..png.len() - 12].to_vec()),
        ("a.webp", half(&webp)),
        ("a.pdf", half(&pdf)),
        ("a.mp4", bad_files::cut_off_video()),
    ] {
        let code = refusal(&team, name, bytes).await;
        assert_eq!(code.as_deref(), Some("attachment_damaged"), "{name}");
    }
    nothing_is_left(&team).await;
}

#[actix_web::test]
async fn a_pdf_that_does_something_is_refused() {
    let team = Team::new().await;
    for (number, bytes) in bad_files::acting_pdfs().into_iter().enumerate() {
        let code = refusal(&team, "a.pdf", bytes).await;
        assert_eq!(code.as_deref(), Some("attachment_pdf_active"), "{number}");
    }
    nothing_is_left(&team).await;
}

#[actix_web::test]
async fn what_is_empty_or_too_large_is_not_begun() {
    let team = Team::with(|config| {
        config.files.photo = 10_000;
        config.files.pdf = 20_000;
        config.files.video = 20_000;
        config.files.audio = 20_000;
    })
    .await;
    let files = team.nurse.client.attachments();
    let of = |length| NewAttachment::named("a.jpg", length);
    refused(
        files.create(team.patient, &of(0)).await,
        422,
        "attachment_empty",
    );
    refused(
        files.create(team.patient, &of(20_001)).await,
        413,
        "attachment_too_large",
    );
    let photo = NewAttachment {
        media_type: Some("image/jpeg".to_owned()),
        ..of(10_001)
    };
    refused(
        files.create(team.patient, &photo).await,
        413,
        "attachment_too_large",
    );
    let heic = NewAttachment {
        media_type: Some("image/heic".to_owned()),
        ..of(100)
    };
    refused(
        files.create(team.patient, &heic).await,
        415,
        "attachment_heic_not_supported",
    );
    // What says that it is a PDF and begins as a photo is held to the limit of photos.
    let mut photo = bad_files::photo(10, 10, ImageFormat::Jpeg);
    photo.resize(15_000, 0);
    let code = refusal(&team, "a.pdf", photo).await;
    assert_eq!(code.as_deref(), Some("attachment_too_large"));
    // Without the program that converts it, video is not taken, declared or not.
    let video = NewAttachment {
        media_type: Some("video/mp4".to_owned()),
        ..of(100)
    };
    refused(
        files.create(team.patient, &video).await,
        415,
        "attachment_video_not_configured",
    );
    let code = refusal(&team, "a.jpg", bad_files::video()).await;
    assert_eq!(code.as_deref(), Some("attachment_video_not_configured"));
    nothing_is_left(&team).await;
}

#[actix_web::test]
async fn a_name_leads_nowhere() {
    let team = Team::new().await;
    for (name, kept) in [
        ("../../../etc/passwd", "passwd"),
        ("C:\\Windows\\傷.jpg", "傷.jpg"),
        ("\u{202e}gpj.exe", "gpj.exe"),
        ("a\r\nSet-Cookie: b.jpg", "aSet-Cookie_ b.jpg"),
        ("", "file"),
        ("..", "file"),
    ] {
        let file = NewAttachment::named(name, 10);
        let (made, _) = team
            .nurse
            .client
            .attachments()
            .create(team.patient, &file)
            .await
            .unwrap();
        assert_eq!(made.name, kept);
    }
    let long = NewAttachment::named(format!("{}.jpg", "長".repeat(800)), 10);
    let (made, _) = team
        .nurse
        .client
        .attachments()
        .create(team.patient, &long)
        .await
        .unwrap();
    assert_eq!(
        (
            made.name.chars().count(),
            made.name.rsplit_once('.').map(|(_, end)| end)
        ),
        (120, Some("jpg"))
    );
}

/// A scanner that finds something in whatever holds a word, on this machine.
async fn scanner() -> (ScannerAt, tokio::net::TcpListener) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    (ScannerAt::Port(listener.local_addr().unwrap()), listener)
}

async fn scan_for_ever(listener: tokio::net::TcpListener) {
    loop {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut command = [0; 10];
        stream.read_exact(&mut command).await.unwrap();
        assert_eq!(&command, b"zINSTREAM\0");
        let mut file = Vec::new();
        loop {
            let length = stream.read_u32().await.unwrap();
            if length == 0 {
                break;
            }
            let mut chunk = vec![0; length as usize];
            stream.read_exact(&mut chunk).await.unwrap();
            file.extend(chunk);
        }
        let word = b"PAGE-CANARY";
        let found = file.windows(word.len()).any(|window| window == word);
        let says: &[u8] = if found {
            b"stream: Test-Signature FOUND\0"
        } else {
            b"stream: OK\0"
        };
        stream.write_all(says).await.unwrap();
    }
}

#[actix_web::test]
async fn what_the_scanner_finds_is_refused_and_without_it_nothing_is_let_through() {
    let (at, listener) = scanner().await;
    let team = Team::with(|config| config.files.scanner = Some(at)).await;
    // It listens but does not answer yet: the post shows that the file is being checked.
    drop(listener);
    let good = bad_files::photo(20, 20, ImageFormat::Jpeg);
    let file = send(&team.nurse, team.patient, "a.jpg", good).await;
    let waits = async || {
        let found = team.nurse.client.attachments().find(file.id).await.unwrap();
        (found.waits_for.as_deref() == Some("scanner")).then_some(found.state)
    };
    assert_eq!(
        team.world.eventually(waits).await,
        AttachmentState::Checking
    );
    let early = team
        .nurse
        .client
        .attachments()
        .download(file.id, Rendition::Full)
        .await;
    refused(early, 409, "attachment_not_ready");
    let bad = send(
        &team.nurse,
        team.patient,
        "b.jpg",
        bad_files::photo_and_page(),
    )
    .await;
    let new = CreatePost::note(Channel::Team, "写真").showing(vec![bad.id]);
    team.nurse
        .client
        .timeline()
        .create_post(team.patient, &new)
        .await
        .unwrap();
    let ScannerAt::Port(port) = team.world.app.config.files.scanner.clone().unwrap() else {
        panic!("a port");
    };
    let listener = tokio::net::TcpListener::bind(port).await.unwrap();
    drop(actix_web::rt::spawn(scan_for_ever(listener)));
    let at_once = "UPDATE attachments SET check_at = now()";
    let tenant = team
        .world
        .db
        .one("SELECT tenant_id FROM attachments LIMIT 1")
        .await;
    team.world.db.admin.execute(at_once, &[]).await.unwrap();
    team.world.app.unchecked.add(tenant);
    assert_eq!(
        settled(&team, &team.nurse, file.id).await.state,
        AttachmentState::Ready
    );
    let found = settled(&team, &team.physician, bad.id).await;
    assert_eq!(found.refusal.unwrap().code, "attachment_infected");
    refused(
        team.physician
            .client
            .attachments()
            .download(bad.id, Rendition::Full)
            .await,
        422,
        "attachment_infected",
    );
    let sql = "SELECT count(*) FROM audit_events WHERE action = 'attachment.refuse' AND code = 'attachment_infected'";
    let entries: i64 = team.world.db.one(sql).await;
    assert_eq!(entries, 1);
}

/// A program in the place of ffmpeg and ffprobe.
fn program(folder: &std::path::Path, name: &str, script: &str) {
    let path = folder.join(name);
    fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
}

#[actix_web::test]
async fn a_video_becomes_what_the_program_made_of_it_and_nothing_of_what_was_sent() {
    let folder = tempfile::tempdir().unwrap();
    let says = r#"{"streams":[{"codec_type":"video","width":640,"height":480}],"format":{"duration":"2.5"}}"#;
    program(folder.path(), "ffprobe", &format!("echo '{says}'"));
    // The last argument is what is to be written.
    let still = folder.path().join("still.png");
    fs::write(&still, bad_files::photo(64, 48, ImageFormat::Png)).unwrap();
    let script = format!(
        "for last; do :; done\ncase \"$last\" in *.png) cp '{}' \"$last\";; *) echo MADE > \"$last\";; esac",
        still.display()
    );
    program(folder.path(), "ffmpeg", &script);
    let ffmpeg = folder.path().join("ffmpeg");
    let team = Team::with(|config| config.files.ffmpeg = Some(ffmpeg)).await;
    let file = send(&team.nurse, team.patient, "a.mp4", bad_files::video()).await;
    let ready = settled(&team, &team.nurse, file.id).await;
    assert_eq!(
        (ready.media, ready.milliseconds),
        (Some(Media::Video), Some(2500)),
        "{:?}",
        ready.refusal
    );
    let files = team.nurse.client.attachments();
    let bytes = files.download(file.id, Rendition::Full).await.unwrap();
    assert_eq!(&bytes[..], b"MADE\n");
    let poster = files.download(file.id, Rendition::Small).await.unwrap();
    assert!(poster.starts_with(&[0xff, 0xd8]));
    // One that fails makes a refusal.
    program(folder.path(), "ffmpeg", "exit 1");
    let code = refusal(&team, "b.mp4", bad_files::video()).await;
    assert_eq!(code.as_deref(), Some("attachment_damaged"));
    left(&team, 3).await;
}
