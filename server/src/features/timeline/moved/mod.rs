//! What was said in a room and is about a patient: it becomes a post of whoever said it, put there by somebody who may
//! write to the timeline.

mod queries;

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    findable,
    model::{Channel, Content, Sensitivity, WrittenKind},
    policy,
};
use crate::{
    Result,
    ctx::Tx,
    error::FieldError,
    features::events,
    spine::{
        access::{grounds, scope_of},
        audit::Entry,
    },
};

/// What kind of post a message becomes, and for whom.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = MovedTo)]
pub struct Place {
    /// Kind: any that is written in words.
    kind: WrittenKind,
    /// Whom it is for.
    channel: Channel,
    /// What makes it sensitive. Required on, and only on, the sensitive channel.
    #[serde(default)]
    sensitivity: Option<Sensitivity>,
}

impl Place {
    /// Adds what is wrong with it.
    pub fn check(&self, field: &str, errors: &mut Vec<FieldError>) {
        if self.kind == WrittenKind::Vitals {
            let message = "a kind that is written in words";
            errors.push(FieldError::new(
                format!("{field}.kind"),
                "not_allowed",
                message,
            ));
        }
        if self.channel == Channel::Named {
            let message = "a channel that names no people";
            errors.push(FieldError::new(
                format!("{field}.channel"),
                "not_allowed",
                message,
            ));
        }
        if (self.channel == Channel::Sensitive) != self.sensitivity.is_some() {
            let message = "on, and only on, the sensitive channel";
            let field = format!("{field}.sensitivity");
            errors.push(FieldError::new(field, "not_allowed", message));
        }
    }
}

/// A message that becomes a post.
#[derive(Debug)]
pub struct MovedPost<'a> {
    /// The post.
    pub id: Uuid,
    /// Whose timeline it is put on.
    pub patient_id: Uuid,
    /// Kind and channel.
    pub place: &'a Place,
    /// Who said it.
    pub author: Uuid,
    /// When it was said.
    pub said_at: DateTime<Utc>,
    /// What was said.
    pub body: &'a str,
}

/// How a post came from a room.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = PostMove)]
pub(super) struct MoveView {
    /// Who put it here.
    by_name: String,
    /// When.
    at: DateTime<Utc>,
    /// Whether it was said in a room; the only source today.
    from: &'static str,
}

/// Puts a message on a timeline, if the caller may write there: in the name of whoever said it.
pub async fn publish_moved(tx: &Tx<'_>, new: &MovedPost<'_>) -> Result<()> {
    let place = new.place;
    let sensitivity = place.sensitivity.map(Sensitivity::code);
    let class = (place.channel.code(), place.kind.information(), sensitivity);
    let (_ground, permit) = policy::may_create(tx, new.patient_id, new.id, class, None).await?;
    queries::insert(
        tx,
        permit,
        new,
        (place.kind.code(), place.channel.code(), sensitivity),
    )
    .await?;
    if let Some(post) = super::queries::find(tx, new.id).await? {
        let content = Content {
            body: Some(new.body.to_owned()),
            ..Content::default()
        };
        findable::change(tx, &post, Some(&content)).await?;
    }
    tx.record(
        Entry::new("post.create")
            .of_patient(new.patient_id)
            .on("post", new.id)
            .on_behalf_of(new.author)
            .version(1),
    );
    events::enqueue_post(tx, events::POST_CREATED, new.patient_id, new.id).await
}

/// Those of these posts that the caller may read, with their patients.
pub async fn readable(tx: &Tx<'_>, posts: &[Uuid]) -> Result<HashMap<Uuid, Uuid>> {
    if posts.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = queries::list_classes(tx, posts).await?;
    let mut patients: Vec<Uuid> = rows.iter().map(|row| row.patient_id).collect();
    patients.sort_unstable();
    patients.dedup();
    let grounds = grounds(tx, &patients).await?;
    let may_read = |row: &queries::ClassRow| {
        let class = (&*row.channel, &*row.information, row.sensitivity.as_deref());
        grounds
            .get(&row.patient_id)
            .is_some_and(|ground| scope_of(tx, *ground).covers(class, row.facility_id))
    };
    Ok(rows
        .iter()
        .filter(|row| may_read(row))
        .map(|row| (row.id, row.patient_id))
        .collect())
}

/// Which of these posts came from a room, by whom and when.
pub(super) async fn moves(tx: &Tx<'_>, posts: &[Uuid]) -> Result<HashMap<Uuid, MoveView>> {
    let rows = queries::list_moves(tx, posts).await?;
    let view = |(post, by_name, at)| {
        let from = "room";
        (post, MoveView { by_name, at, from })
    };
    Ok(rows.into_iter().map(view).collect())
}
