//! What a write answers with: made inside the transaction, sent after its commit, kept for a repeated request.

use actix_web::{
    HttpRequest, HttpResponse, Responder,
    body::BoxBody,
    http::{StatusCode, header},
};
use serde::Serialize;
use uuid::Uuid;

use super::{
    access::{self, Question},
    audit::Entry,
    auth::Actor,
};
use crate::{Error, Result, ctx::Tx};

/// An answer to be made.
#[derive(Debug)]
pub struct Reply<T> {
    status: StatusCode,
    body: T,
    version: Option<i32>,
    patient_id: Option<Uuid>,
    content_type: &'static str,
    once: bool,
}

impl<T: Serialize> Reply<T> {
    /// Done: 200.
    pub fn ok(body: T) -> Self {
        Self {
            status: StatusCode::OK,
            body,
            version: None,
            patient_id: None,
            content_type: "application/json",
            once: false,
        }
    }

    /// Done, with nothing to say: 204.
    pub fn done(body: T) -> Self {
        Self {
            status: StatusCode::NO_CONTENT,
            ..Self::ok(body)
        }
    }

    /// Made: 201.
    pub fn created(body: T) -> Self {
        Self {
            status: StatusCode::CREATED,
            ..Self::ok(body)
        }
    }

    /// The thing has this version (`ETag`).
    #[must_use]
    pub fn version(mut self, version: i32) -> Self {
        self.version = Some(version);
        self
    }

    /// The answer tells of this patient: it is repeated only to who would still be allowed the act.
    #[must_use]
    pub fn of_patient(mut self, patient_id: Uuid) -> Self {
        self.patient_id = Some(patient_id);
        self
    }

    /// The answer holds a secret: it is given once and not kept for a repetition.
    #[must_use]
    pub fn once(mut self) -> Self {
        self.once = true;
        self
    }

    /// The answer is FHIR.
    #[must_use]
    pub fn fhir(mut self) -> Self {
        self.content_type = "application/fhir+json";
        self
    }

    pub(crate) fn render(self) -> Result<Answer> {
        Ok(Answer {
            status: self.status.as_u16(),
            body: if self.status == StatusCode::NO_CONTENT {
                Vec::new()
            } else {
                serde_json::to_vec(&self.body).map_err(Error::internal)?
            },
            etag: self.version.map(etag),
            patient_id: self.patient_id,
            content_type: self.content_type,
            once: self.once,
            replayed: false,
        })
    }
}

/// The `ETag` of a version.
pub fn etag(version: i32) -> String {
    format!("\"{version}\"")
}

/// An answer as bytes.
#[derive(Debug)]
pub struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
    pub(crate) etag: Option<String>,
    pub(crate) patient_id: Option<Uuid>,
    pub(crate) content_type: &'static str,
    pub(crate) once: bool,
    pub(crate) replayed: bool,
}

impl Answer {
    /// Refuses to repeat an answer for an act that the caller would not be allowed any more.
    pub(crate) async fn still_allowed(&self, tx: &Tx<'_>, asked: Option<Question>) -> Result<()> {
        let mut entry = Entry::new("request.repeat");
        if let (Some(asked), Actor::Person(_)) = (asked, tx.actor) {
            access::ask_again(tx, asked, self.patient_id).await?;
        }
        if let Some(patient_id) = self.patient_id {
            entry = entry.of_patient(patient_id);
        }
        tx.record(entry);
        Ok(())
    }
}

impl Responder for Answer {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::OK);
        let mut answer = HttpResponse::build(status);
        answer.content_type(self.content_type);
        if let Some(etag) = self.etag {
            answer.insert_header((header::ETAG, etag));
        }
        if self.replayed {
            answer.insert_header(("Idempotency-Replayed", "true"));
        }
        answer.body(self.body)
    }
}
