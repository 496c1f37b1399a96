//! The hospital push.

use actix_web::{FromRequest, HttpRequest, dev::Payload, post, web::Bytes};
use chrono::Utc;
use futures_util::future::LocalBoxFuture;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    model::{Document, is_same_person},
    policy,
    queries::{self, NewDocument},
};
use crate::{
    Error, Result,
    ctx::{Ctx, Tx},
    features::{patients, timeline},
    fhir::{self, IncomingDocument, Issue, IssueKind, Severity},
    spine::{
        audit::Entry,
        auth::{Actor, System},
        ids,
        input::limited,
        reply::{Answer, Reply},
    },
};

/// Largest Bundle, in bytes.
const LARGEST_BUNDLE: usize = 5 * 1024 * 1024;

/// A Bundle as it came, and what was read from it.
pub(super) struct Received {
    bytes: Bytes,
    read: IncomingDocument,
}

impl FromRequest for Received {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        // Who is not known is told so before anything is read.
        let known = Ctx::extract(request);
        let bytes = limited(
            request,
            payload,
            &["application/fhir+json", "application/json"],
            LARGEST_BUNDLE,
        );
        Box::pin(async move {
            known.await?;
            let bytes = bytes.await?;
            // Reading takes milliseconds of a core: not on a thread that serves others.
            let for_reading = bytes.clone();
            let read = actix_web::web::block(move || fhir::read_bundle(&for_reading))
                .await
                .map_err(Error::internal)?;
            Ok(Self {
                bytes,
                read: read.map_err(Error::Bundle)?,
            })
        })
    }
}

/// What became of a document.
enum Outcome {
    Posted,
    Replaced,
    Waiting,
}

/// Receive a document or CLINS Bundle from a hospital's system: kept as it came, and placed on the patient's timeline
/// when the patient is known by a number of the sending facility. Otherwise it waits there for somebody to name the
/// patient. Sending the same bytes again changes nothing. Systems only.
#[utoipa::path(
    tag = "documents",
    request_body(content = Value, content_type = "application/fhir+json"),
    responses(
        (status = 201, description = "Parameters: posted, replaced or waiting", content_type = "application/fhir+json",
         body = Value),
        (status = 200, description = "Parameters: already-received", content_type = "application/fhir+json",
         body = Value),
        (status = "4XX", description = "OperationOutcome", content_type = "application/fhir+json", body = Value),
    ),
)]
#[post("/fhir/r4/Bundle/$receive")]
pub(super) async fn receive_bundle(ctx: Ctx, received: Received) -> Result<Answer> {
    let digest = ids::digest(&received.bytes);
    let Received { bytes, read } = &received;
    refuse_unstorable(read)?;
    ctx.write(&digest, async |tx| {
        let permit = policy::may_receive(tx)?;
        let Actor::System(system) = tx.actor else {
            return Err(Error::internal("only systems are allowed to receive"));
        };
        if let Some(known) = queries::find_by_digest(tx, system.client_id, &digest).await? {
            tx.record(received_entry(&known));
            let message = "同じ内容の文書をすでに受け取っています。";
            return Ok(Reply::ok(parameters("already-received", &known, message)).fhir());
        }
        let earlier = match &read.identifier {
            Some(identifier) => {
                queries::find_by_identifier(tx, system.client_id, identifier).await?
            }
            None => None,
        };
        let new = NewDocument {
            id: ids::new_id(),
            client_id: system.client_id,
            facility_id: system.facility_id,
            digest: &digest,
            original: bytes,
            read,
            replaces: earlier.as_ref().map(|document| document.id),
        };
        queries::insert(tx, permit, &new).await?;
        let outcome = place(tx, system, new.id, read, earlier.as_ref()).await?;
        let kept = queries::find(tx, new.id).await?.ok_or(Error::NotFound)?;
        tx.record(received_entry(&kept));
        let (code, message) = outcome.told();
        Ok(Reply::created(parameters(code, &kept, message)).fhir())
    })
    .await
}

/// PostgreSQL keeps no NUL in a text.
fn refuse_unstorable(read: &IncomingDocument) -> Result<()> {
    let whole = serde_json::to_string(read).map_err(Error::internal)?;
    if !whole.contains("\\u0000") {
        return Ok(());
    }
    let ja = "文字として使えない文字（NUL）が含まれています。".to_owned();
    let en = "It contains a character (NUL) that no text may hold.".to_owned();
    Err(Error::Bundle(vec![Issue {
        severity: Severity::Error,
        kind: IssueKind::Value,
        code: "invalid_value",
        expression: Some("Bundle".to_owned()),
        message_ja: ja,
        message_en: en,
    }]))
}

fn received_entry(document: &Document) -> Entry {
    let entry = Entry::new("document.receive").on("document", document.id);
    document
        .patient_id
        .map_or(entry.clone(), |patient| entry.of_patient(patient))
}

/// Puts the document on the timeline of its patient, if the patient is known beyond doubt.
async fn place(
    tx: &Tx<'_>,
    system: &System,
    id: Uuid,
    read: &IncomingDocument,
    earlier: Option<&Document>,
) -> Result<Outcome> {
    let mut known = Vec::new();
    for identifier in &read.patient.identifiers {
        known
            .extend(patients::find_by_identifier(tx, &identifier.system, &identifier.value).await?);
    }
    known.sort_unstable();
    known.dedup();
    // Two numbers of two people: somebody has to look.
    let [patient_id] = *known.as_slice() else {
        return Ok(Outcome::Waiting);
    };
    let Some(patient) = patients::find(tx, patient_id).await? else {
        return Ok(Outcome::Waiting);
    };
    if !is_same_person(&read.patient, &patient) {
        return Ok(Outcome::Waiting);
    }
    let Some(permit) = policy::may_post(tx, patient_id).await? else {
        return Ok(Outcome::Waiting);
    };
    let post_of_earlier = earlier
        .filter(|earlier| earlier.patient_id == Some(patient_id))
        .and_then(|e| e.post_id);
    if let Some(post_id) = post_of_earlier {
        timeline::replace_document(tx, permit, post_id, id, system.client_id).await?;
        queries::place(tx, id, patient_id, post_id, None).await?;
        return Ok(Outcome::Replaced);
    }
    let document = (id, read.authored_at.with_timezone(&Utc));
    let post_id = timeline::publish_document(
        tx,
        permit,
        patient_id,
        document,
        (system.client_id, system.facility_id),
    )
    .await?;
    queries::place(tx, id, patient_id, post_id, None).await?;
    Ok(Outcome::Posted)
}

impl Outcome {
    fn told(&self) -> (&'static str, &'static str) {
        match self {
            Self::Posted => ("posted", "患者のタイムラインに掲載しました。"),
            Self::Replaced => ("replaced", "以前の文書を差し替えました。"),
            Self::Waiting => (
                "waiting",
                "患者を特定できないため、送信元の施設で患者の確定を待っています。",
            ),
        }
    }
}

fn parameters(outcome: &str, document: &Document, message: &str) -> Value {
    let mut list = vec![
        json!({ "name": "outcome", "valueCode": outcome }),
        json!({ "name": "document", "valueUuid": format!("urn:uuid:{}", document.id) }),
    ];
    if let (Some(post), Some(patient)) = (document.post_id, document.patient_id) {
        list.push(json!({ "name": "post", "valueUuid": format!("urn:uuid:{post}") }));
        list.push(json!({ "name": "patient", "valueUuid": format!("urn:uuid:{patient}") }));
    }
    list.push(json!({ "name": "title", "valueString": document.title }));
    list.push(json!({
        "name": "type",
        "valueCoding": { "code": document.type_code, "display": document.type_label },
    }));
    list.push(json!({ "name": "message", "valueString": message }));
    json!({ "resourceType": "Parameters", "parameter": list })
}
