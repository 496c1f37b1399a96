//! Calls about attached files; that for a room is with the calls about rooms. What the protocol of uploads says in headers is in [`headers`].

use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use image::ImageFormat;
use serde_json::json;
use tsumugi_client::{
    models::{Channel, CreatePost, NewAttachment},
    new_id,
};
use uuid::Uuid;

use super::{Person, Team, World, bad_files, calls::Call};

/// Files that the calls are about.
pub struct Files {
    /// A photo that a post to the team shows.
    pub shown: Uuid,
    /// A file that the nurse is sending.
    pub upload: Uuid,
}

impl Files {
    /// Photographs that somebody shows in the story of a patient, and one whose sending has begun.
    pub async fn of(world: &World, by: &Person, patient: Uuid) -> Self {
        let files = by.client.attachments();
        let photo = bad_files::photo(8, 8, ImageFormat::Jpeg);
        let new = NewAttachment::named("CANARY.jpg", photo.len() as u64);
        files.send(patient, &new, Bytes::from(photo)).await.unwrap();
        let post = CreatePost::note(Channel::Team, "CANARY 写真").showing(vec![new.id]);
        let timeline = by.client.timeline();
        timeline.create_post(patient, &post).await.unwrap();
        let ready = async || {
            let found = files.find(new.id).await.unwrap();
            (!found.renditions.is_empty()).then_some(())
        };
        world.eventually(ready).await;
        let upload = NewAttachment::named("CANARY.pdf", 10);
        files.create(patient, &upload).await.unwrap();
        Self {
            shown: new.id,
            upload: upload.id,
        }
    }
}

/// What goes with the calls of the protocol.
pub fn headers(operation: &str) -> Vec<(&'static str, String)> {
    let tus = ("tus-resumable", "1.0.0".to_owned());
    match operation {
        "find_upload" | "end_upload" => vec![tus],
        "append_upload" => vec![tus, ("upload-offset", "0".to_owned())],
        "create_attachment" | "create_room_attachment" => {
            let id = STANDARD.encode(new_id().to_string());
            let length = ("upload-length", "10".to_owned());
            vec![tus, length, ("upload-metadata", format!("id {id}"))]
        }
        _ => Vec::new(),
    }
}

/// Every call, in an order in which the later ones still find what they need.
pub fn attachments(team: &Team, files: &Files) -> Vec<Call> {
    let call = |operation, method, path: String| Call {
        operation,
        method,
        path,
        body: None,
        content_type: "application/json",
        if_match: None,
    };
    let upload = || format!("/v1/attachments/{}/upload", files.upload);
    let wanted = json!({ "items": [{ "attachment_id": files.shown, "rendition": "small" }] });
    vec![
        call("find_attachment_rules", "OPTIONS", "/v1/attachments".into()),
        call(
            "create_attachment",
            "POST",
            format!("/v1/patients/{}/attachments", team.patient),
        ),
        call("find_upload", "HEAD", upload()),
        Call {
            body: Some("%PDF-".to_owned()),
            content_type: "application/offset+octet-stream",
            ..call("append_upload", "PATCH", upload())
        },
        call("end_upload", "DELETE", upload()),
        call(
            "find_attachment",
            "GET",
            format!("/v1/attachments/{}", files.shown),
        ),
        Call {
            body: Some(wanted.to_string()),
            ..call(
                "create_attachment_links",
                "POST",
                "/v1/attachment-links".into(),
            )
        },
        call(
            "find_attachment_content",
            "GET",
            "/v1/attachment-links/forged".into(),
        ),
    ]
}
