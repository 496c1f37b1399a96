//! Moving a message that is about a patient to that patient's timeline.

use actix_web::{post, web::Path};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    files,
    model::{Message, next_version},
    policy::{self, Move},
    queries,
    view::{self, MessageView},
};
use crate::{
    Error, Result,
    ctx::{Ctx, Tx},
    error::{FieldError, Problem},
    features::{
        events, notices,
        search::{self, Source},
        timeline::{self, MovedPost},
    },
    spine::{
        audit::Entry,
        input::{Check, Input},
        reply::{Answer, Reply},
    },
};

/// Where a message is to be moved.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct MoveMessage {
    /// Identifier of the post that it becomes, chosen by the caller's device.
    post_id: Uuid,
    /// The patient.
    patient_id: Uuid,
    /// Kind and channel of the post.
    to: timeline::Place,
}

impl Check for MoveMessage {
    fn check(&self, errors: &mut Vec<FieldError>) {
        self.to.check("to", errors);
    }
}

/// Move a message to the timeline of a patient: by its author, or by any member of the room who may write there. It
/// becomes a post of the same author that says who moved it; in the room a trace stays, without the patient's name for
/// those who may not see the patient. A message with files stays where it is.
#[utoipa::path(
    tag = "messages",
    params(("If-Match" = String, Header, description = "The version that the caller has seen")),
    request_body = MoveMessage,
    responses((status = 200, body = MessageView), (status = "4XX", body = Problem)),
)]
#[post("/v1/messages/{message_id}/move")]
pub(super) async fn move_message(
    ctx: Ctx,
    message_id: Path<Uuid>,
    input: Input<MoveMessage>,
) -> Result<Answer> {
    let MoveMessage {
        post_id,
        patient_id,
        to: place,
    } = &input.value;
    ctx.write(&input.digest, async |tx| {
        let (message, entered, permit) = policy::may::<Move>(tx, *message_id).await?;
        let version = next_version(message.version, &message.state, tx.expected_version()?)?;
        check_without_files(tx, &message).await?;
        let body = message.body.as_deref().ok_or(Error::NotFound)?;
        let post = MovedPost {
            id: *post_id,
            patient_id: *patient_id,
            place,
            author: message.author_id,
            said_at: message.recorded_at,
            body,
        };
        timeline::publish_moved(tx, &post).await?;
        let became = (*post_id, *patient_id);
        queries::insert_move(tx, permit, (message.id, version), became).await?;
        search::remove(tx, Source::Message, message.id).await?;
        notices::finish(tx, message.id, &[]).await?;
        tx.record(
            Entry::new("message.move")
                .of_patient(*patient_id)
                .on("message", message.id)
                .version(version),
        );
        events::enqueue_message(tx, events::MESSAGE_CHANGED, message.room_id, message.id).await?;
        let moved = queries::find(tx, message.id)
            .await?
            .ok_or(Error::NotFound)?;
        let view = view::message(tx, &entered, moved).await?;
        Ok(Reply::ok(view).version(version).of_patient(*patient_id))
    })
    .await
}

/// Files lie under the key of the room, and cannot go along.
async fn check_without_files(tx: &Tx<'_>, message: &Message) -> Result<()> {
    let shown = files::of_version(tx, message.id, message.version).await?;
    if shown.is_empty() {
        return Ok(());
    }
    Err(Error::Conflict(
        "message_has_attachments",
        "the message shows files, which stay in the room: write a post on the timeline instead",
    ))
}
