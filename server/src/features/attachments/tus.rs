//! The headers of the tus protocol, version 1.0.

use actix_web::{
    HttpRequest, HttpResponse, HttpResponseBuilder,
    http::{StatusCode, header::HeaderName},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use sha1::Sha1;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{Error, Result};

pub(super) const VERSION: &str = "1.0.0";
pub(super) const EXTENSIONS: &str = "creation,expiration,termination,checksum";
pub(super) const ALGORITHMS: &str = "sha1,sha256";
pub(super) const BODY: &str = "application/offset+octet-stream";

pub(super) const RESUMABLE: HeaderName = HeaderName::from_static("tus-resumable");
pub(super) const LENGTH: HeaderName = HeaderName::from_static("upload-length");
pub(super) const OFFSET: HeaderName = HeaderName::from_static("upload-offset");
pub(super) const METADATA: HeaderName = HeaderName::from_static("upload-metadata");
pub(super) const CHECKSUM: HeaderName = HeaderName::from_static("upload-checksum");
pub(super) const EXPIRES: HeaderName = HeaderName::from_static("upload-expires");

fn text(request: &HttpRequest, name: &HeaderName) -> Option<String> {
    let value = request.headers().get(name)?.to_str().ok()?;
    Some(value.trim().to_owned())
}

/// Refuses another version of the protocol, and none.
pub(super) fn check_version(request: &HttpRequest) -> Result<()> {
    if text(request, &RESUMABLE).as_deref() == Some(VERSION) {
        return Ok(());
    }
    Err(Error::Upload(
        "tus_version_not_supported",
        "Tus-Resumable must be 1.0.0",
        StatusCode::PRECONDITION_FAILED,
    ))
}

/// A number in a header.
pub(super) fn number(request: &HttpRequest, name: &HeaderName, field: &str) -> Result<u64> {
    let must = || Error::invalid(field, "not_allowed", "a number of bytes");
    let given = text(request, name).ok_or_else(must)?;
    if !given.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(must());
    }
    given.parse().map_err(|_| must())
}

/// How long the body says that it is.
pub(super) fn content_length(request: &HttpRequest) -> Option<u64> {
    text(request, &actix_web::http::header::CONTENT_LENGTH)?
        .parse()
        .ok()
}

/// What is said of a file when it is begun.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Metadata {
    pub(super) id: Option<Uuid>,
    pub(super) name: String,
    pub(super) media_type: String,
    pub(super) derived_from: Option<Uuid>,
}

/// Reads `Upload-Metadata`: names with base64 values.
pub(super) fn metadata(request: &HttpRequest) -> Result<Metadata> {
    read_metadata(&text(request, &METADATA).unwrap_or_default())
}

fn read_metadata(header: &str) -> Result<Metadata> {
    let wrong = || Error::invalid("Upload-Metadata", "not_allowed", "names with base64 values");
    let mut found = Metadata::default();
    for pair in header
        .split(',')
        .map(str::trim)
        .filter(|pair| !pair.is_empty())
    {
        let (name, value) = pair.split_once(' ').unwrap_or((pair, ""));
        let bytes = STANDARD.decode(value.trim()).map_err(|_| wrong())?;
        let id = || {
            let text = std::str::from_utf8(&bytes).ok()?;
            text.parse::<Uuid>().ok()
        };
        match name {
            "id" => found.id = Some(id().ok_or_else(wrong)?),
            "derived_from" => found.derived_from = Some(id().ok_or_else(wrong)?),
            "filename" | "name" => found.name = String::from_utf8_lossy(&bytes).into_owned(),
            "filetype" | "type" => {
                found.media_type = String::from_utf8_lossy(&bytes).to_ascii_lowercase();
            }
            _ => {}
        }
    }
    Ok(found)
}

/// A checksum of the bytes of one request.
pub(super) enum Checksum {
    Sha1(Sha1, Vec<u8>),
    Sha256(Sha256, Vec<u8>),
}

impl Checksum {
    /// The one that the request announces.
    pub(super) fn of(request: &HttpRequest) -> Result<Option<Self>> {
        let Some(header) = text(request, &CHECKSUM) else {
            return Ok(None);
        };
        let unknown = Error::Upload(
            "attachment_checksum_not_supported",
            "sha1 or sha256, and the digest in base64",
            StatusCode::BAD_REQUEST,
        );
        let Some((name, value)) = header.split_once(' ') else {
            return Err(unknown);
        };
        let Ok(expected) = STANDARD.decode(value.trim()) else {
            return Err(unknown);
        };
        match name {
            "sha1" => Ok(Some(Self::Sha1(Sha1::new(), expected))),
            "sha256" => Ok(Some(Self::Sha256(Sha256::new(), expected))),
            _ => Err(unknown),
        }
    }

    pub(super) fn update(&mut self, bytes: &[u8]) {
        match self {
            Self::Sha1(hash, _) => hash.update(bytes),
            Self::Sha256(hash, _) => hash.update(bytes),
        }
    }

    /// Whether the bytes are those that were announced.
    pub(super) fn holds(self) -> bool {
        match self {
            Self::Sha1(hash, expected) => hash.finalize().as_slice() == expected.as_slice(),
            Self::Sha256(hash, expected) => hash.finalize().as_slice() == expected.as_slice(),
        }
    }
}

/// An answer of the protocol.
pub(super) fn answer(status: StatusCode) -> HttpResponseBuilder {
    let mut answer = HttpResponse::build(status);
    answer.insert_header((RESUMABLE, VERSION));
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metadata_is_read_strictly_where_it_counts() {
        let id = Uuid::nil();
        let encoded = STANDARD.encode(id.to_string());
        let read = read_metadata(&format!(
            "filename {}, filetype {},id {encoded},relativePath",
            STANDARD.encode("褥瘡.jpg"),
            STANDARD.encode("image/JPEG"),
        ));
        let read = read.unwrap();
        assert_eq!((read.id, read.name.as_str()), (Some(id), "褥瘡.jpg"));
        assert_eq!(read.media_type, "image/jpeg");
        assert!(read_metadata("id bm90LWFuLWlk").is_err());
        assert!(read_metadata("filename ***").is_err());
        assert_eq!(read_metadata("").unwrap(), Metadata::default());
    }
}
