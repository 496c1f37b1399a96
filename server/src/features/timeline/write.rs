//! Writing to the timeline: a new post, a new version, a retraction.

use actix_web::{post, web::Path};
use chrono::{DateTime, Utc};
use futures_util::future::try_join;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    alert::{self, Recorded},
    findable,
    model::{
        Channel, Content, Post, Refused, Sensitivity, WrittenKind, is_plausible_observation,
        next_version,
    },
    people,
    policy::{self, Amend, Retract},
    queries::{self, Beside, NewPost},
    tell::{Mention, tell},
    view::{self, PostView},
    wounds::Wound,
};
use crate::{
    Error, Result,
    ctx::{Ctx, Tx},
    error::{FieldError, Problem},
    features::{
        acknowledgements::{self, Asked, NewAsk},
        attachments, events,
        vital_signs::VitalSigns,
    },
    spine::{
        access::{Ground, Verb, scope_of},
        audit::Entry,
        input::{Check, Input},
        reply::{Answer, Reply},
        text,
    },
};

/// A post to be written.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CreatePost {
    /// Identifier, chosen by the author's device.
    id: Uuid,
    /// Kind.
    kind: WrittenKind,
    /// Whom it is for.
    channel: Channel,
    /// What makes it sensitive. Required on, and only on, the sensitive channel.
    #[serde(default)]
    sensitivity: Option<Sensitivity>,
    /// Text, up to 10,000 characters. Required for a note.
    #[serde(default)]
    body: Option<String>,
    /// Vital signs. Required for, and only for, kind `vitals`.
    #[serde(default)]
    vitals: Option<VitalSigns>,
    /// When what it tells was seen or measured; now when left out. Not in the future.
    #[serde(default)]
    observed_at: Option<DateTime<Utc>>,
    /// The post that it answers, on the same timeline and channel.
    #[serde(default)]
    reply_to: Option<Uuid>,
    /// Who is asked to acknowledge or to answer it.
    #[serde(default)]
    acknowledgement: Option<NewAsk>,
    /// Who may read it beside its author: on, and only on, the channel for named people, 1 to 30 members of the care team.
    /// An answer leaves it out: it goes to the people of what it answers.
    #[serde(default)]
    recipient_ids: Vec<Uuid>,
    /// Whom it mentions.
    #[serde(default)]
    mentions: Mention,
    /// For whom it is entered, when that is not its author (代行入力): that person approves or returns it.
    #[serde(default)]
    on_behalf_of: Option<Uuid>,
    /// The wound that it is about; only in a post of kind `wound`.
    #[serde(default)]
    wound: Option<Wound>,
    /// Up to 20 files that the author has sent for this patient, in their order.
    #[serde(default)]
    attachment_ids: Vec<Uuid>,
}

/// A new version.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AmendPost {
    /// The whole new text.
    #[serde(default)]
    body: Option<String>,
    /// All vital signs, as they should have been.
    #[serde(default)]
    vitals: Option<VitalSigns>,
    /// All files, in their order; those of the version before when left out.
    #[serde(default)]
    attachment_ids: Option<Vec<Uuid>>,
    /// Why, up to 500 characters.
    reason: String,
}

/// A retraction.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RetractPost {
    /// Why, up to 500 characters.
    reason: String,
}

impl CreatePost {
    fn class(&self) -> (&'static str, &'static str, Option<&'static str>) {
        let sensitivity = self.sensitivity.map(Sensitivity::code);
        (self.channel.code(), self.kind.information(), sensitivity)
    }

    /// What it says of people, with the readers of what it answers.
    fn asked<'a>(&'a self, patient_id: Uuid, answered: Option<&'a Answered>) -> people::Asked<'a> {
        people::Asked {
            patient_id,
            post_id: self.id,
            class: self.class(),
            recipients: answered.map_or(&self.recipient_ids, |answered| &answered.people),
            inherited: answered.is_some(),
            mentioned_staff: &self.mentions.staff_member_ids,
            mentioned_professions: &self.mentions.professions,
            on_behalf_of: self.on_behalf_of,
        }
    }

    /// Adds what is wrong with the people, as far as that shows without knowing them.
    fn check_people(&self, errors: &mut Vec<FieldError>) {
        people::check_list("recipient_ids", &self.recipient_ids, errors);
        people::check_list(
            "mentions.staff_member_ids",
            &self.mentions.staff_member_ids,
            errors,
        );
        people::check_professions("mentions.professions", &self.mentions.professions, errors);
        let asks_for_names = self.channel == Channel::Named && self.reply_to.is_none();
        if asks_for_names && self.recipient_ids.is_empty() {
            let message = "required on the channel for named people";
            errors.push(FieldError::new("recipient_ids", "required", message));
        }
        if !asks_for_names && !self.recipient_ids.is_empty() {
            let message = "only on the channel for named people, and not for an answer";
            errors.push(FieldError::new("recipient_ids", "not_allowed", message));
        }
        match &self.wound {
            Some(_) if self.kind != WrittenKind::Wound => {
                let message = "only in a post of kind wound";
                errors.push(FieldError::new("wound", "not_allowed", message));
            }
            Some(wound) => wound.check(errors),
            None => {}
        }
    }

    fn post(
        &self,
        patient_id: Uuid,
        observed_at: DateTime<Utc>,
        thread_id: Option<Uuid>,
    ) -> NewPost<'_> {
        NewPost {
            id: self.id,
            patient_id,
            kind: self.kind.code(),
            channel: self.channel.code(),
            sensitivity: self.sensitivity.map(Sensitivity::code),
            reply_to: self.reply_to,
            observed_at,
            content: self.content(),
            by_system: None,
            automatic: false,
            beside: Beside {
                thread_id,
                on_behalf_of: self.on_behalf_of,
                mentioned_staff: &self.mentions.staff_member_ids,
                mentioned_professions: &self.mentions.professions,
                wound: self.wound.as_ref().map(Wound::parts),
            },
        }
    }

    fn content(&self) -> Content {
        Content {
            body: self.body.clone(),
            vitals: self.vitals,
            document_id: None,
            attachment_ids: Some(self.attachment_ids.clone()),
        }
    }
}

impl Check for CreatePost {
    fn check(&self, errors: &mut Vec<FieldError>) {
        self.content().check(self.kind, errors);
        attachments::check_ids(&self.attachment_ids, errors);
        self.check_people(errors);
        let sensitive = self.channel == Channel::Sensitive;
        if sensitive && self.sensitivity.is_none() {
            let message = "required on the sensitive channel";
            errors.push(FieldError::new("sensitivity", "required", message));
        }
        if !sensitive && self.sensitivity.is_some() {
            let message = "only on the sensitive channel";
            errors.push(FieldError::new("sensitivity", "not_allowed", message));
        }
        if let Some(ask) = &self.acknowledgement {
            ask.check("acknowledgement.", errors);
        }
    }
}

impl Check for AmendPost {
    fn check(&self, errors: &mut Vec<FieldError>) {
        attachments::check_ids(self.attachment_ids.as_deref().unwrap_or_default(), errors);
        text::check("reason", &self.reason, 500, true, errors);
    }
}

impl Check for RetractPost {
    fn check(&self, errors: &mut Vec<FieldError>) {
        text::check("reason", &self.reason, 500, true, errors);
    }
}

/// Write a post.
#[utoipa::path(
    tag = "timeline",
    request_body = CreatePost,
    responses((status = 201, body = PostView), (status = "4XX", body = Problem)),
)]
#[post("/v1/patients/{patient_id}/timeline")]
pub(super) async fn create_post(
    ctx: Ctx,
    patient_id: Path<Uuid>,
    input: Input<CreatePost>,
) -> Result<Answer> {
    let new = &input.value;
    let patient_id = *patient_id;
    ctx.write(&input.digest, async |tx| {
        let (ground, permit) =
            policy::may_create(tx, patient_id, new.id, new.class(), new.on_behalf_of).await?;
        let observed_at = new.observed_at.unwrap_or(tx.now);
        if !is_plausible_observation(observed_at, tx.now) {
            return Err(Error::invalid(
                "observed_at",
                "out_of_range",
                "in the past five years, not in the future",
            ));
        }
        check_self(tx, new)?;
        let answered = check_reply(tx, patient_id, new, ground).await?;
        let named = new.asked(patient_id, answered.as_ref());
        people::check(tx, &named).await?;
        let thread_id = answered.as_ref().map(|answered| answered.thread_id);
        queries::insert(tx, permit, &new.post(patient_id, observed_at, thread_id)).await?;
        people::name(tx, new.id, named.recipients).await?;
        attachments::link_to_post(tx, patient_id, new.id, 1, &new.attachment_ids).await?;
        if let Some(ask) = &new.acknowledgement {
            let asked = Asked {
                post_id: new.id,
                patient_id,
                urgent: new.kind == WrittenKind::Urgent,
            };
            acknowledgements::ask(tx, &asked, ask, "acknowledgement.").await?;
        }
        if let Some(parent) = new.reply_to {
            acknowledgements::replied(tx, parent, new.id).await?;
        }
        let new_post = (patient_id, new.id);
        tell(tx, new_post, &new.mentions, new.on_behalf_of).await?;
        tx.record(
            Entry::new("post.create")
                .of_patient(patient_id)
                .on("post", new.id)
                .version(1),
        );
        if let Some(signs) = &new.vitals {
            let recorded = Recorded {
                id: new.id,
                patient_id,
                channel: new.channel.code(),
                sensitivity: new.sensitivity.map(Sensitivity::code),
                observed_at,
                thread_id: thread_id.unwrap_or(new.id),
            };
            alert::raise(tx, &recorded, None, signs).await?;
        }
        let announced = events::enqueue_post(tx, events::POST_CREATED, patient_id, new.id);
        let ((), made) = try_join(announced, queries::find(tx, new.id)).await?;
        let made = made.ok_or(Error::NotFound)?;
        if !new.attachment_ids.is_empty() {
            findable::files(tx, &made, &new.attachment_ids).await?;
        }
        let view = view::post(tx, made, ground).await?;
        Ok(Reply::created(view).version(1).of_patient(patient_id))
    })
    .await
}

/// Nobody names oneself as a reader, or enters on one's own behalf.
fn check_self(tx: &Tx<'_>, new: &CreatePost) -> Result<()> {
    let me = tx.actor.ids().0;
    let message = "somebody else than oneself";
    if new.recipient_ids.contains(&me) {
        return Err(Error::invalid("recipient_ids", "not_allowed", message));
    }
    if new.on_behalf_of == Some(me) {
        return Err(Error::invalid("on_behalf_of", "not_allowed", message));
    }
    Ok(())
}

/// What an answer takes from what it answers.
struct Answered {
    thread_id: Uuid,
    people: Vec<Uuid>,
}

/// A reply answers a post of the same timeline and channel that its author may read; on the channel for named people it
/// goes to the same people.
async fn check_reply(
    tx: &Tx<'_>,
    patient_id: Uuid,
    new: &CreatePost,
    ground: Ground,
) -> Result<Option<Answered>> {
    let Some(parent_id) = new.reply_to else {
        return Ok(None);
    };
    let unknown = || Error::invalid("reply_to", "not_allowed", "no such post on this timeline");
    let parent = queries::find(tx, parent_id)
        .await?
        .filter(|post| post.patient_id == patient_id);
    let parent = parent.ok_or_else(unknown)?;
    let recipient = people::is_recipient(tx, &parent).await?;
    if !scope_of(tx, ground).covers_post(parent.class(), parent.facility_id, recipient) {
        return Err(unknown());
    }
    if parent.channel != new.channel.code()
        || parent.sensitivity.as_deref() != new.sensitivity.map(Sensitivity::code)
    {
        return Err(Error::invalid(
            "channel",
            "not_allowed",
            "a reply stays on the channel of what it answers",
        ));
    }
    Ok(Some(Answered {
        thread_id: parent.thread(),
        people: people::people_of_answer(tx, &parent).await?,
    }))
}

/// Amend one's own post: a new version. The earlier ones stay readable.
#[utoipa::path(
    tag = "timeline",
    params(("If-Match" = String, Header, description = "The version that the author has seen")),
    request_body = AmendPost,
    responses((status = 200, body = PostView), (status = "4XX", body = Problem)),
)]
#[post("/v1/posts/{post_id}/amend")]
pub(super) async fn amend_post(
    ctx: Ctx,
    post_id: Path<Uuid>,
    input: Input<AmendPost>,
) -> Result<Answer> {
    let AmendPost {
        body,
        vitals,
        attachment_ids,
        reason,
    } = &input.value;
    ctx.write(&input.digest, async |tx| {
        let content = Content {
            body: body.clone(),
            vitals: *vitals,
            document_id: None,
            attachment_ids: attachment_ids.clone(),
        };
        new_version::<Amend>(tx, *post_id, Some(&content), reason, "post.amend").await
    })
    .await
}

/// Take one's own post back. It stays in the history.
#[utoipa::path(
    tag = "timeline",
    params(("If-Match" = String, Header, description = "The version that the author has seen")),
    request_body = RetractPost,
    responses((status = 200, body = PostView), (status = "4XX", body = Problem)),
)]
#[post("/v1/posts/{post_id}/retract")]
pub(super) async fn retract_post(
    ctx: Ctx,
    post_id: Path<Uuid>,
    input: Input<RetractPost>,
) -> Result<Answer> {
    ctx.write(&input.digest, async |tx| {
        new_version::<Retract>(tx, *post_id, None, &input.value.reason, "post.retract").await
    })
    .await
}

/// Writes the next version of a post; without content, the one that takes it back.
async fn new_version<V: Verb>(
    tx: &Tx<'_>,
    post_id: Uuid,
    content: Option<&Content>,
    reason: &str,
    action: &'static str,
) -> Result<Reply<PostView>> {
    let (post, ground, permit) = policy::may::<V>(tx, post_id).await?;
    let version = next_version(post.version, post.retracted, tx.expected_version()?)?;
    if let Some(content) = content {
        check_amendment(&post, content)?;
    }
    let nothing = Content::default();
    let content_or_nothing = content.unwrap_or(&nothing);
    queries::insert_version(
        tx,
        permit,
        post_id,
        version,
        content_or_nothing,
        reason,
        content.is_none(),
    )
    .await?;
    findable::change(tx, &post, content).await?;
    if let Some(content) = content {
        let shown = match &content.attachment_ids {
            Some(ids) => ids.clone(),
            None => attachments::latest_of(tx, post_id, post.version).await?,
        };
        attachments::link_to_post(tx, post.patient_id, post_id, version, &shown).await?;
        findable::files(tx, &post, &shown).await?;
    }
    tx.record(
        Entry::new(action)
            .of_patient(post.patient_id)
            .on("post", post_id)
            .version(version),
    );
    if let Some(signs) = content.and_then(|content| content.vitals) {
        let recorded = Recorded {
            id: post_id,
            patient_id: post.patient_id,
            channel: &post.channel,
            sensitivity: post.sensitivity.as_deref(),
            observed_at: post.observed_at,
            thread_id: post.thread(),
        };
        let before = post.vitals.clone().map(serde_json::from_value).transpose();
        let before: Option<VitalSigns> = before.map_err(Error::internal)?;
        alert::raise(tx, &recorded, before.as_ref(), &signs).await?;
    }
    if content.is_none() {
        acknowledgements::withdraw_all(tx, post_id).await?;
    }
    events::enqueue_post(tx, events::POST_CHANGED, post.patient_id, post_id).await?;
    let changed = queries::find(tx, post_id).await?.ok_or(Error::NotFound)?;
    let view = view::post(tx, changed, ground).await?;
    Ok(Reply::ok(view).version(version).of_patient(post.patient_id))
}

/// What a version says must be right for the kind of the post.
fn check_amendment(post: &Post, content: &Content) -> Result<()> {
    let kind = if post.kind == "vitals" {
        WrittenKind::Vitals
    } else {
        WrittenKind::Note
    };
    let mut errors = Vec::new();
    content.check(kind, &mut errors);
    if errors.is_empty() {
        Ok(())
    } else {
        Err(Error::Invalid(errors))
    }
}

impl From<Refused> for Error {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Retracted => Self::Conflict("post_retracted", "the post has been taken back"),
            Refused::Stale => Self::Stale,
        }
    }
}
