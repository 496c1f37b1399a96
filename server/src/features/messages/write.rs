//! Saying something, amending it, taking it back.

use actix_web::{post, web::Path};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    files,
    findable::make_findable,
    model::{Content, check, next_version, said},
    policy::{self, Amend, Create, Retract},
    queries::{self, NewMessage},
    tell::{self, Concerned},
    view::{self, MessageView},
};
use crate::{
    Error, Result,
    ctx::{Ctx, Tx},
    error::{FieldError, Problem},
    features::{events, notices, rooms::Entered},
    spine::{
        access::{Verb, members_of},
        audit::Entry,
        input::{Check, Input},
        reply::{Answer, Reply},
        text,
    },
};

/// A message to be written.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CreateMessage {
    /// Identifier, chosen by the author's device.
    id: Uuid,
    /// Text, up to 10,000 characters; may be left out when files say it all. Not about a patient: that belongs on the
    /// patient's timeline.
    #[serde(default)]
    body: String,
    /// The message that it answers, in the same room.
    #[serde(default)]
    reply_to: Option<Uuid>,
    /// Who is mentioned: up to 50 people who are in the room.
    #[serde(default)]
    mentions: Vec<Uuid>,
    /// Whether everybody of the room is mentioned.
    #[serde(default)]
    mentions_everyone: bool,
    /// Who is asked to acknowledge it.
    #[serde(default)]
    acknowledgement: Option<AskMessageAcknowledgement>,
    /// Up to 20 files that the author has sent for this room, in their order.
    #[serde(default)]
    attachment_ids: Vec<Uuid>,
}

/// A request to acknowledge.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AskMessageAcknowledgement {
    /// People who are in the room, up to 200; everybody else who is in it at that moment when left out.
    #[serde(default)]
    staff_member_ids: Vec<Uuid>,
    /// By when.
    #[serde(default)]
    due_at: Option<DateTime<Utc>>,
}

/// A new version.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AmendMessage {
    /// The whole new text; may be left out when files are named that say it all.
    #[serde(default)]
    body: String,
    /// Who is mentioned.
    #[serde(default)]
    mentions: Vec<Uuid>,
    /// Whether everybody of the room is mentioned.
    #[serde(default)]
    mentions_everyone: bool,
    /// All files, in their order; those of the version before when left out.
    #[serde(default)]
    attachment_ids: Option<Vec<Uuid>>,
}

/// A retraction.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RetractMessage {
    /// Why, up to 500 characters.
    #[serde(default)]
    reason: Option<String>,
}

impl Check for CreateMessage {
    fn check(&self, errors: &mut Vec<FieldError>) {
        check(&self.body, &self.mentions, &self.attachment_ids, errors);
        let asked = self.acknowledgement.as_ref();
        if asked.is_some_and(|ask| ask.staff_member_ids.len() > 200) {
            let field = "acknowledgement.staff_member_ids";
            errors.push(FieldError::new(field, "out_of_range", "up to 200 people"));
        }
    }
}

impl Check for AmendMessage {
    fn check(&self, errors: &mut Vec<FieldError>) {
        let files = self.attachment_ids.as_deref().unwrap_or_default();
        check(&self.body, &self.mentions, files, errors);
    }
}

impl Check for RetractMessage {
    fn check(&self, errors: &mut Vec<FieldError>) {
        text::check_optional("reason", self.reason.as_deref(), 500, errors);
    }
}

/// Write a message.
#[utoipa::path(
    tag = "messages",
    request_body = CreateMessage,
    responses((status = 201, body = MessageView), (status = "4XX", body = Problem)),
)]
#[post("/v1/rooms/{room_id}/messages")]
pub(super) async fn create_message(
    ctx: Ctx,
    room_id: Path<Uuid>,
    input: Input<CreateMessage>,
) -> Result<Answer> {
    let new = &input.value;
    ctx.write(&input.digest, async |tx| {
        let (entered, permit) = policy::may_enter::<Create>(tx, *room_id).await?;
        policy::check_open(&entered)?;
        check_reply(tx, &entered, new.reply_to).await?;
        let members = others_in(tx, *room_id).await?;
        check_mentions(&members, &new.mentions)?;
        let asked = asked(&members, new.acknowledgement.as_ref())?;
        let message = NewMessage {
            id: new.id,
            room_id: *room_id,
            reply_to: new.reply_to,
            content: Content {
                body: said(&new.body),
                mentions: &new.mentions,
                mentions_everyone: new.mentions_everyone,
                attachment_ids: Some(&new.attachment_ids),
            },
            acknowledge_by: new.acknowledgement.as_ref().and_then(|ask| ask.due_at),
            asked: &asked,
        };
        queries::insert(tx, permit, &message).await?;
        files::link(tx, *room_id, (new.id, 1), &new.attachment_ids).await?;
        make_findable(tx, new.id, tx.actor.ids().1).await?;
        let concerned = Concerned {
            others: &members,
            asked: &asked,
            mentioned: &new.mentions,
            everyone: new.mentions_everyone,
        };
        tell::of_message(tx, new.id, &concerned).await?;
        tx.record(
            Entry::new("message.create")
                .on("message", new.id)
                .version(1),
        );
        events::enqueue_message(tx, events::MESSAGE_CREATED, *room_id, new.id).await?;
        Ok(Reply::created(made(tx, &entered, new.id).await?).version(1))
    })
    .await
}

async fn made(tx: &Tx<'_>, entered: &Entered, id: Uuid) -> Result<MessageView> {
    let message = queries::find(tx, id).await?.ok_or(Error::NotFound)?;
    view::message(tx, entered, message).await
}

/// Everybody in a room but the caller.
async fn others_in(tx: &Tx<'_>, room_id: Uuid) -> Result<Vec<Uuid>> {
    let me = tx.actor.ids().0;
    let members = members_of(tx, &[room_id]).await?.into_iter();
    Ok(members
        .map(|member| member.staff_member_id)
        .filter(|who| *who != me)
        .collect())
}

/// A reply answers a message of the same room that its author may read.
async fn check_reply(tx: &Tx<'_>, entered: &Entered, reply_to: Option<Uuid>) -> Result<()> {
    let Some(parent) = reply_to else {
        return Ok(());
    };
    let parent = queries::find(tx, parent).await?.filter(|parent| {
        parent.room_id == entered.facts.id && parent.recorded_at >= entered.readable_from
    });
    if parent.is_some() {
        return Ok(());
    }
    let message = "no such message in this room";
    Err(Error::invalid("reply_to", "not_allowed", message))
}

fn check_mentions(members: &[Uuid], mentions: &[Uuid]) -> Result<()> {
    if mentions.iter().all(|who| members.contains(who)) {
        return Ok(());
    }
    let message = "not in the room, or oneself";
    Err(Error::invalid("mentions", "not_allowed", message))
}

/// Who is asked to acknowledge: whoever is named, or everybody who is in the room at this moment.
fn asked(members: &[Uuid], ask: Option<&AskMessageAcknowledgement>) -> Result<Vec<Uuid>> {
    let Some(ask) = ask else {
        return Ok(Vec::new());
    };
    let mut asked = ask.staff_member_ids.clone();
    asked.sort_unstable();
    asked.dedup();
    if asked.is_empty() {
        asked = members.to_vec();
    }
    if asked.is_empty() || !asked.iter().all(|who| members.contains(who)) {
        let message = "not in the room, or oneself";
        let field = "acknowledgement.staff_member_ids";
        return Err(Error::invalid(field, "not_allowed", message));
    }
    Ok(asked)
}

/// Amend one's own message: a new version. The earlier ones stay readable.
#[utoipa::path(
    tag = "messages",
    params(("If-Match" = String, Header, description = "The version that the author has seen")),
    request_body = AmendMessage,
    responses((status = 200, body = MessageView), (status = "4XX", body = Problem)),
)]
#[post("/v1/messages/{message_id}/amend")]
pub(super) async fn amend_message(
    ctx: Ctx,
    message_id: Path<Uuid>,
    input: Input<AmendMessage>,
) -> Result<Answer> {
    let new = &input.value;
    ctx.write(&input.digest, async |tx| {
        let content = Content {
            body: said(&new.body),
            mentions: &new.mentions,
            mentions_everyone: new.mentions_everyone,
            attachment_ids: new.attachment_ids.as_deref(),
        };
        let state = ("kept", "message.amend");
        new_version::<Amend>(tx, *message_id, &content, state, None).await
    })
    .await
}

/// Take one's own message back. It stays in the history.
#[utoipa::path(
    tag = "messages",
    params(("If-Match" = String, Header, description = "The version that the author has seen")),
    request_body = RetractMessage,
    responses((status = 200, body = MessageView), (status = "4XX", body = Problem)),
)]
#[post("/v1/messages/{message_id}/retract")]
pub(super) async fn retract_message(
    ctx: Ctx,
    message_id: Path<Uuid>,
    input: Input<RetractMessage>,
) -> Result<Answer> {
    let reason = input.value.reason.as_deref();
    ctx.write(&input.digest, async |tx| {
        let state = ("retracted", "message.retract");
        new_version::<Retract>(tx, *message_id, &Content::default(), state, reason).await
    })
    .await
}

async fn new_version<V: Verb>(
    tx: &Tx<'_>,
    message_id: Uuid,
    content: &Content<'_>,
    (state, action): (&'static str, &'static str),
    reason: Option<&str>,
) -> Result<Reply<MessageView>> {
    let (message, entered, permit) = policy::may::<V>(tx, message_id).await?;
    policy::check_open(&entered)?;
    let version = next_version(message.version, &message.state, tx.expected_version()?)?;
    // Whoever was mentioned before and has left meanwhile stays mentioned.
    let known = &message.mentions;
    let added: Vec<Uuid> = content
        .mentions
        .iter()
        .filter(|who| !known.contains(who))
        .copied()
        .collect();
    let others = others_in(tx, message.room_id).await?;
    check_mentions(&others, &added)?;
    let place = (message_id, version);
    queries::insert_version(tx, permit, place, content, state, reason).await?;
    if state == "kept" {
        let shown = match content.attachment_ids {
            Some(ids) => ids.to_vec(),
            None => files::of_version(tx, message_id, message.version).await?,
        };
        files::link(tx, message.room_id, place, &shown).await?;
    } else {
        notices::finish(tx, message_id, &others).await?;
    }
    make_findable(tx, message_id, tx.actor.ids().1).await?;
    tx.record(
        Entry::new(action)
            .on("message", message_id)
            .version(version),
    );
    events::enqueue_message(tx, events::MESSAGE_CHANGED, message.room_id, message_id).await?;
    Ok(Reply::ok(made(tx, &entered, message_id).await?).version(version))
}
