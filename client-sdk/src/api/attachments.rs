//! Attached files.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::client::Client;
use crate::error::{Error, Result};
use crate::models::{
    Attachment, AttachmentLinks, AttachmentRules, CreateAttachmentLinks, NewAttachment, Rendition,
    WantedLink,
};
use crate::request::{Answer, Request};

const TUS: &str = "tus-resumable";
const VERSION: &str = "1.0.0";

/// Bytes that [`Attachments::send`] sends with one request.
const STEP: usize = 4 * 1024 * 1024;

/// Calls about attached files.
#[derive(Clone, Copy, Debug)]
pub struct Attachments<'a>(pub(crate) &'a Client);

impl Attachments<'_> {
    /// What is taken.
    pub async fn rules(&self) -> Result<AttachmentRules> {
        let request = Request::options("find_attachment_rules", "/v1/attachments");
        self.0.call(request).await
    }

    /// Begins to send a file for a patient, or finds the upload that was begun with this id. Answers with how many bytes
    /// have arrived, too.
    pub async fn create(
        &self,
        patient_id: Uuid,
        file: &NewAttachment,
    ) -> Result<(Attachment, u64)> {
        let path = format!("/v1/patients/{patient_id}/attachments");
        self.begin("create_attachment", path, file).await
    }

    /// The same for a room.
    pub async fn create_for_room(
        &self,
        room_id: Uuid,
        file: &NewAttachment,
    ) -> Result<(Attachment, u64)> {
        let path = format!("/v1/rooms/{room_id}/attachments");
        self.begin("create_room_attachment", path, file).await
    }

    async fn begin(
        &self,
        operation: &'static str,
        path: String,
        file: &NewAttachment,
    ) -> Result<(Attachment, u64)> {
        let mut said = vec![
            format!("id {}", STANDARD.encode(file.id.to_string())),
            format!("filename {}", STANDARD.encode(&file.name)),
        ];
        if let Some(media_type) = &file.media_type {
            said.push(format!("filetype {}", STANDARD.encode(media_type)));
        }
        if let Some(origin) = file.derived_from {
            said.push(format!(
                "derived_from {}",
                STANDARD.encode(origin.to_string())
            ));
        }
        // The id is what makes it happen once.
        let request = Request::post(operation, path)
            .unkeyed()
            .harmless()
            .header(TUS, VERSION)
            .header("upload-length", &file.length.to_string())
            .header("upload-metadata", &said.join(","));
        let answer = self.0.execute(request).await?;
        let offset = offset(&answer)?;
        let view = crate::error::decode(operation, answer.status.as_u16(), &answer.body)?;
        Ok((view, offset))
    }

    /// How many bytes of an upload have arrived.
    pub async fn progress(&self, attachment_id: Uuid) -> Result<u64> {
        let path = format!("/v1/attachments/{attachment_id}/upload");
        let request = Request::head("find_upload", path).header(TUS, VERSION);
        offset(&self.0.execute(request).await?)
    }

    /// Sends bytes on from `offset`, with their checksum. Answers with how many have arrived.
    pub async fn append(&self, attachment_id: Uuid, offset_: u64, bytes: Bytes) -> Result<u64> {
        let path = format!("/v1/attachments/{attachment_id}/upload");
        let digest = STANDARD.encode(Sha256::digest(&bytes));
        let request = Request::patch("append_upload", path)
            .header(TUS, VERSION)
            .header("upload-offset", &offset_.to_string())
            .header("upload-checksum", &format!("sha256 {digest}"))
            .body("application/offset+octet-stream", bytes);
        offset(&self.0.execute(request).await?)
    }

    /// Sends a whole file, or the rest of it: begins it or finds it, and sends what is missing.
    pub async fn send(
        &self,
        patient_id: Uuid,
        file: &NewAttachment,
        bytes: Bytes,
    ) -> Result<Attachment> {
        let (_, arrived) = self.create(patient_id, file).await?;
        self.send_rest(file, arrived, bytes).await
    }

    /// The same for a room.
    pub async fn send_to_room(
        &self,
        room_id: Uuid,
        file: &NewAttachment,
        bytes: Bytes,
    ) -> Result<Attachment> {
        let (_, arrived) = self.create_for_room(room_id, file).await?;
        self.send_rest(file, arrived, bytes).await
    }

    async fn send_rest(
        &self,
        file: &NewAttachment,
        mut arrived: u64,
        bytes: Bytes,
    ) -> Result<Attachment> {
        let length = bytes.len() as u64;
        while arrived < length {
            let from = usize::try_from(arrived)
                .unwrap_or(usize::MAX)
                .min(bytes.len());
            let until = from.saturating_add(STEP).min(bytes.len());
            arrived = self
                .append(file.id, arrived, bytes.slice(from..until))
                .await?;
        }
        self.find(file.id).await
    }

    /// Gives an upload up.
    pub async fn end_upload(&self, attachment_id: Uuid) -> Result<()> {
        let path = format!("/v1/attachments/{attachment_id}/upload");
        let request = Request::delete("end_upload", path).header(TUS, VERSION);
        self.0.execute(request).await.map(|_| ())
    }

    /// What is known of a file.
    pub async fn find(&self, attachment_id: Uuid) -> Result<Attachment> {
        let path = format!("/v1/attachments/{attachment_id}");
        self.0.call(Request::get("find_attachment", path)).await
    }

    /// Links to look at files. They live for minutes.
    pub async fn create_links(&self, wanted: &CreateAttachmentLinks) -> Result<AttachmentLinks> {
        let request = Request::post("create_attachment_links", "/v1/attachment-links").unkeyed();
        self.0.call(request.json(wanted)?).await
    }

    /// The bytes behind a link.
    pub async fn find_content(&self, url: &str) -> Result<Bytes> {
        let request = Request::get("find_attachment_content", url)
            .anonymous()
            .header("accept", "*/*");
        Ok(self.0.execute(request).await?.body)
    }

    /// The bytes of a file in one rendition.
    pub async fn download(&self, attachment_id: Uuid, rendition: Rendition) -> Result<Bytes> {
        let items = vec![WantedLink {
            attachment_id,
            rendition,
        }];
        let links = self.create_links(&CreateAttachmentLinks { items }).await?;
        match links.items.first() {
            Some(link) => self.find_content(&link.url).await,
            None => Err(missing("a link")),
        }
    }
}

fn offset(answer: &Answer) -> Result<u64> {
    let said = answer
        .header("upload-offset")
        .and_then(|text| text.parse().ok());
    said.ok_or_else(|| missing("Upload-Offset"))
}

fn missing(what: &str) -> Error {
    Error::Transport {
        message: format!("the answer is without {what}"),
        temporary: false,
        source: None,
    }
}
