//! The witness's side of c2sp.org/tlog-witness. Nobody signs in: what a log submits carries its signature, and what is
//! answered tells nobody more than whether this very log is witnessed here.

use actix_web::{
    FromRequest, HttpRequest, HttpResponse, dev::Payload, get, http::header, post, web::Path,
};
use futures_util::future::LocalBoxFuture;
use uuid::Uuid;

use super::{
    cosign::{self, Outcome},
    queries,
};
use crate::{
    Error, Result,
    ctx::{Door, Tx},
    error::Problem,
    ledger::witness::{LARGEST, SIZE_TYPE, Submission},
    spine::{audit::Entry, auth::Actor, ids, input::limited},
};

const TEXT: &str = "text/plain; charset=utf-8";

/// A submission as it came, of whatever type it says it is.
pub(super) struct Text(String);

impl FromRequest for Text {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let bytes = limited(request, payload, &[], LARGEST);
        Box::pin(async move {
            let bytes = bytes.await?.to_vec();
            let text = String::from_utf8(bytes).map_err(|_| Error::CheckpointMalformed)?;
            Ok(Self(text))
        })
    }
}

/// Have a checkpoint of one's log cosigned (c2sp.org/tlog-witness, add-checkpoint). For servers whose log the network
/// witnesses; the checkpoint is believed by its signature.
///
/// The body is `old <size>`, the lines of the consistency proof, an empty line, and the checkpoint. Answers with lines of
/// cosignatures; with 409 and the size that was cosigned last when the proof begins elsewhere; with 404 when the log is
/// not witnessed, 403 when its key did not sign, 422 when it does not grow from what was cosigned, 400 when it is none of
/// this.
#[utoipa::path(
    tag = "witnessed_logs",
    security(()),
    request_body(content = String, content_type = "text/plain"),
    responses(
        (status = 200, body = String, content_type = "text/plain"),
        (status = 409, body = String, content_type = "text/x.tlog.size"),
        (status = "4XX", body = Problem),
    ),
)]
#[post("/v1/witness/{network}/add-checkpoint")]
pub(super) async fn cosign_checkpoint(
    door: Door,
    network: Path<String>,
    text: Text,
) -> Result<HttpResponse> {
    count(&door)?;
    let submission = Submission::parse(&text.0).ok_or(Error::CheckpointMalformed)?;
    let checkpoint = submission.checkpoint();
    let checkpoint = checkpoint.ok_or(Error::CheckpointMalformed)?;
    let tenant_id = find_network(&door, &network).await?;
    let outcome = door
        .within(tenant_id, Actor::Worker, async |tx| {
            cosign::witness(tx, &submission, &checkpoint).await
        })
        .await?;
    match outcome {
        Outcome::Cosigned(line) => Ok(HttpResponse::Ok().content_type(TEXT).body(line.to_string())),
        Outcome::Elsewhere(size) => Ok(HttpResponse::Conflict()
            .insert_header((header::CONTENT_TYPE, SIZE_TYPE))
            .body(format!("{size}\n"))),
        Outcome::Unknown => Err(Error::NotFound),
        Outcome::Unsigned => Err(Error::CheckpointUnsigned),
        Outcome::Malformed => Err(Error::CheckpointMalformed),
        Outcome::Inconsistent => Err(Error::CheckpointInconsistent),
    }
}

/// Get the newest checkpoint of a log that the network has cosigned (c2sp.org/tlog-witness).
#[utoipa::path(
    tag = "witnessed_logs",
    security(()),
    responses(
        (status = 200, body = String, content_type = "text/plain"),
        (status = "4XX", body = Problem),
    ),
)]
#[get("/v1/witness/{network}/{origin_hash}/checkpoint")]
pub(super) async fn find_cosigned_checkpoint(
    door: Door,
    path: Path<(String, String)>,
) -> Result<HttpResponse> {
    count(&door)?;
    let (network, hash) = path.into_inner();
    let tenant_id = find_network(&door, &network).await?;
    let found = door
        .within(tenant_id, Actor::Worker, async |tx| {
            tx.acts_as(Actor::Anonymous);
            let all = queries::list_cosigned(tx).await?;
            let found = all
                .into_iter()
                .find(|(_, origin, _)| ids::hex_digest(origin.as_bytes()) == hash);
            if let Some((id, ..)) = &found {
                tx.record(Entry::new("witnessed_log.read").on("witnessed_log", *id));
            }
            Ok(found.map(|(.., note)| note))
        })
        .await?;
    let note = found.ok_or(Error::NotFound)?;
    Ok(HttpResponse::Ok().content_type(TEXT).body(note))
}

fn count(door: &Door) -> Result<()> {
    let now = door.app.clock.now();
    door.app.submissions.count(door.request.ip.as_deref(), now)
}

async fn find_network(door: &Door, slug: &str) -> Result<Uuid> {
    let find = async |tx: &Tx<'_>| queries::find_tenant(tx, slug).await;
    let found = door.look_up(Uuid::nil(), find).await?;
    found.ok_or(Error::NotFound)
}
