//! What happens, as it happens.

use std::collections::VecDeque;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use futures_util::stream::{self, BoxStream, Stream, StreamExt};
use serde::Deserialize;
use uuid::Uuid;

use super::sse::{Block, Parser};
use crate::client::Client;
use crate::error::{Error, Result};
use crate::models::{Event, EventKind};
use crate::request::{Request, read};

/// The server writes something every 15 seconds; three times that without a byte is a dead line.
const LONGEST_SILENCE: Duration = Duration::from_secs(45);

/// Calls about events.
#[derive(Clone, Copy, Debug)]
pub struct Events<'a>(pub(crate) &'a Client);

impl Events<'_> {
    /// Opens the caller's stream of events, beginning now or after the event `last_event_id`.
    ///
    /// Returns when the server has begun to answer: nothing that happens later is missed. When
    /// the connection breaks the stream reconnects and continues after the last event it gave.
    /// It ends with an error when the server refuses, or cannot be reached for all attempts of
    /// the client's [`RetryPolicy`](crate::RetryPolicy).
    pub async fn stream(&self, last_event_id: Option<&str>) -> Result<EventStream> {
        let mut line = Line {
            client: self.0.clone(),
            response: None,
            parser: Parser::default(),
            blocks: VecDeque::new(),
            last_event_id: last_event_id.map(str::to_owned),
        };
        line.reconnect().await?;
        let events = stream::try_unfold(line, |mut line| async move {
            let event = line.next_event().await?;
            Ok(Some((event, line)))
        });
        Ok(EventStream(events.boxed()))
    }
}

/// Events as they happen; got from [`Events::stream`]. Never ends but with an error.
pub struct EventStream(BoxStream<'static, Result<Event>>);

impl Stream for EventStream {
    type Item = Result<Event>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_next_unpin(context)
    }
}

impl std::fmt::Debug for EventStream {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("EventStream")
    }
}

/// A connection that is opened again when it breaks.
struct Line {
    client: Client,
    response: Option<reqwest::Response>,
    parser: Parser,
    blocks: VecDeque<Block>,
    last_event_id: Option<String>,
}

#[derive(Deserialize)]
#[expect(
    clippy::struct_field_names,
    reason = "the names are those of the interface"
)]
struct Subject {
    patient_id: Option<Uuid>,
    post_id: Option<Uuid>,
    room_id: Option<Uuid>,
    message_id: Option<Uuid>,
    announcement_id: Option<Uuid>,
}

impl Line {
    async fn next_event(&mut self) -> Result<Event> {
        loop {
            if let Some(block) = self.blocks.pop_front() {
                self.last_event_id.clone_from(&block.id);
                return to_event(block);
            }
            match self.next_piece().await {
                Some(piece) => self.parser.read(&piece, &mut self.blocks)?,
                None => self.reconnect().await?,
            }
        }
    }

    /// More bytes, or `None` when the connection has ended, broken or fallen silent.
    async fn next_piece(&mut self) -> Option<bytes::Bytes> {
        let response = self.response.as_mut()?;
        let piece = tokio::time::timeout(LONGEST_SILENCE, response.chunk()).await;
        piece.ok()?.ok()?
    }

    async fn reconnect(&mut self) -> Result<()> {
        let policy = self.client.transport.retry.clone();
        if self.response.take().is_some() {
            // Nobody asked for the next connection, so it is not the person's activity.
            self.client = self.client.unattended();
            // A server that ends every connection at once must not be asked in a tight loop.
            let asked = self.parser.retry.unwrap_or_default();
            tokio::time::sleep(asked.min(LONGEST_SILENCE) + policy.back_off(1)).await;
        }
        self.parser = Parser::default();
        let mut made = 0;
        loop {
            let error = match self.connect().await {
                Ok(response) => {
                    self.response = Some(response);
                    return Ok(());
                }
                Err(error) => error,
            };
            made += 1;
            match policy.wait_after(made, &error) {
                Some(wait) => tokio::time::sleep(wait).await,
                None => return Err(error),
            }
        }
    }

    async fn connect(&self) -> Result<reqwest::Response> {
        let mut request =
            Request::get("stream_events", "/v1/events").header("accept", "text/event-stream");
        if let Some(id) = &self.last_event_id {
            request = request.header("last-event-id", id);
        }
        let opening = self.client.open(&request, None);
        let response = tokio::time::timeout(self.client.transport.timeout, opening)
            .await
            .map_err(|_| Error::transport("the server did not answer in time"))???;
        if response.status().is_success() {
            return Ok(response);
        }
        Err(Error::refused(&read(response).await?))
    }
}

fn to_event(block: Block) -> Result<Event> {
    let refused = |error: serde_json::Error| Error::Decode {
        operation: "stream_events",
        status: 200,
        message: format!("an event's data: {:?} error", error.classify()),
    };
    let data: serde_json::Value = serde_json::from_str(&block.data).map_err(refused)?;
    let subject = Subject::deserialize(&data).map_err(refused)?;
    Ok(Event {
        id: block.id,
        kind: EventKind::from(block.name.as_str()),
        patient_id: subject.patient_id,
        post_id: subject.post_id,
        room_id: subject.room_id,
        message_id: subject.message_id,
        announcement_id: subject.announcement_id,
        data,
    })
}
