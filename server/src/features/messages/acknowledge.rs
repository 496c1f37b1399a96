//! Acknowledging a message (確認), and who has and has not.

use actix_web::{
    get, post,
    web::{Json, Path},
};
use chrono::{DateTime, Utc};
use futures_util::future::try_join3;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    model::next_version,
    policy::{self, Acknowledge, Read},
    queries,
    view::{self, MessageView},
};
use crate::{
    Result,
    ctx::Ctx,
    error::Problem,
    features::{
        events, notices,
        rooms::{self, RoomPersonView},
    },
    spine::{
        access::members_of,
        audit::Entry,
        input::{Input, Nothing},
        page::Page,
        reply::{Answer, Reply},
    },
};

/// Somebody who was asked to acknowledge a message, or did so.
#[derive(Debug, Serialize, ToSchema)]
struct MessageAcknowledgerView {
    /// Who.
    #[serde(flatten)]
    person: RoomPersonView,
    /// Whether it was asked for.
    asked: bool,
    /// When; null as long as it has not been.
    acknowledged_at: Option<DateTime<Utc>>,
    /// Whether the person is not in the room any more.
    left: bool,
}

/// Acknowledge a message: "I have read it and take it". Doing so again changes nothing.
#[utoipa::path(
    tag = "messages",
    request_body = Nothing,
    responses((status = 200, body = MessageView), (status = "4XX", body = Problem)),
)]
#[post("/v1/messages/{message_id}/acknowledge")]
pub(super) async fn acknowledge_message(
    ctx: Ctx,
    message_id: Path<Uuid>,
    input: Input<Nothing>,
) -> Result<Answer> {
    ctx.write(&input.digest, async |tx| {
        let (message, entered, permit) = policy::may::<Acknowledge>(tx, *message_id).await?;
        let (room_id, version) = (message.room_id, message.version);
        // What was taken back or moved is acknowledged by nobody, as nobody writes a version of it.
        next_version(version, &message.state, version)?;
        if queries::insert_acknowledgement(tx, permit, *message_id).await? {
            events::enqueue_message(tx, events::MESSAGE_CHANGED, room_id, *message_id).await?;
            notices::finish_own(tx, *message_id).await?;
        }
        tx.record(
            Entry::new("message.acknowledge")
                .on("message", *message_id)
                .version(version),
        );
        let view = view::message(tx, &entered, message).await?;
        Ok(Reply::ok(view).version(version))
    })
    .await
}

/// See who has acknowledged a message and who has not: those who were asked first, in the order of their answers.
#[utoipa::path(
    tag = "messages",
    responses((status = 200, body = Page<MessageAcknowledgerView>), (status = "4XX", body = Problem)),
)]
#[get("/v1/messages/{message_id}/acknowledgements")]
pub(super) async fn list_message_acknowledgements(
    ctx: Ctx,
    message_id: Path<Uuid>,
) -> Result<Json<Page<MessageAcknowledgerView>>> {
    let items = ctx
        .read(async |tx| {
            let (message, _, _permit) = policy::may::<Read>(tx, *message_id).await?;
            let (ids, room) = ([message.id], [message.room_id]);
            let (asked, given, members) = try_join3(
                queries::list_asked(tx, &ids),
                queries::list_acknowledged(tx, &ids),
                members_of(tx, &room),
            )
            .await?;
            let unasked = given
                .into_iter()
                .filter(|(_, who, _)| !asked.iter().any(|(_, other, _)| other == who))
                .map(|(_, who, at)| (who, Some(at), false));
            let mut rows: Vec<_> = asked
                .iter()
                .map(|(_, who, at)| (*who, *at, true))
                .chain(unasked)
                .collect();
            rows.sort_by_key(|(who, at, asked)| (!asked, at.is_none(), *at, *who));
            let people = rooms::named(tx, rows.iter().map(|(who, ..)| *who)).await?;
            tx.record(
                Entry::new("message.acknowledgements")
                    .on("message", message.id)
                    .listing(rows.len()),
            );
            let view = |(who, acknowledged_at, asked)| MessageAcknowledgerView {
                person: people.get(&who).cloned().unwrap_or_default(),
                asked,
                acknowledged_at,
                left: !members.iter().any(|member| member.staff_member_id == who),
            };
            Ok(rows.into_iter().map(view).collect())
        })
        .await?;
    Ok(Json(Page { items, next: None }))
}
