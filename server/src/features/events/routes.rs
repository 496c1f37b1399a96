use std::time::Duration;

use actix_web::{HttpRequest, HttpResponse, get, http::header, web::Bytes};
use futures_util::stream;
use tokio::sync::mpsc;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::queries;
use crate::{
    Error, Result,
    ctx::Ctx,
    error::Problem,
    spine::{
        access::{self, Permit, Verb},
        audit::Entry,
        auth::Actor,
    },
};

/// How often an idle stream shows that it lives.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// Registers the operations.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(stream_events);
}

struct Stream;
impl Verb for Stream {
    const ACTION: &'static str = "event.stream";
}

/// Be told of changes as they happen (server-sent events): `post_created`, `post_changed`, `post_acknowledged`,
/// `care_team_changed`, `facts_changed`, `work_changed` (what waits for the caller), `read_mark_moved` (the caller has read a
/// timeline on another device), each with `{patient_id, post_id}`; `message_created`, `message_changed`, `room_changed`, each
/// with `{room_id, message_id}`; `announcement_created`, `announcement_changed`, `announcement_reminded`, each with
/// `{announcement_id}`. `Last-Event-ID` resumes where a stream broke off.
#[utoipa::path(
    tag = "events",
    params(("Last-Event-ID" = Option<String>, Header, description = "The last event that was received")),
    responses(
        (status = 200, content_type = "text/event-stream", body = String),
        (status = "4XX", body = Problem),
    ),
)]
#[get("/v1/events")]
async fn stream_events(ctx: Ctx, request: HttpRequest) -> Result<HttpResponse> {
    let last = request
        .headers()
        .get("last-event-id")
        .and_then(|value| value.to_str().ok());
    let last: Option<Uuid> = last
        .map(str::parse)
        .transpose()
        .map_err(|_| Error::invalid("Last-Event-ID", "not_allowed", "the id of an event"))?;
    let (receiver, missed) = ctx
        .read(async |tx| {
            let _permit: Permit<Stream> = access::on_network(tx)?;
            let Actor::Person(person) = tx.actor else {
                return Err(Error::NotFound);
            };
            tx.record(Entry::new("event.stream"));
            // Opened before what was missed is read, so that nothing falls between; clients know events by their ids.
            let receiver = tx.app().hub.open(person.clone());
            let missed = match last {
                Some(last) => queries::list_missed(tx, last).await?,
                None => Vec::new(),
            };
            Ok((receiver, missed))
        })
        .await?;
    let mut first = String::from(": welcome\nretry: 2000\n\n");
    for event in missed {
        first.push_str(&String::from_utf8_lossy(&event.frame()));
    }
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "text/event-stream"))
        .insert_header(("X-Accel-Buffering", "no"))
        .streaming(frames(receiver, first.into())))
}

/// The frames of one stream: what was missed, what happens, and a heartbeat. It ends when the hub closes it, which looks
/// after every session once a second.
fn frames(
    receiver: mpsc::Receiver<Bytes>,
    first: Bytes,
) -> impl futures_util::Stream<Item = Result<Bytes, Error>> {
    stream::unfold((receiver, Some(first)), async |(mut receiver, first)| {
        if let Some(first) = first {
            return Some((Ok(first), (receiver, None)));
        }
        let frame = match tokio::time::timeout(HEARTBEAT, receiver.recv()).await {
            Ok(Some(frame)) => frame,
            Ok(None) => return None,
            Err(_) => Bytes::from_static(b": alive\n\n"),
        };
        Some((Ok(frame), (receiver, None)))
    })
}
