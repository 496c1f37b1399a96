//! Reactions: answers with one touch, of a small set that means something in care. They are shown with names. A reaction
//! is no acknowledgement (確認): nobody is relieved of anything by it.

mod queries;

use actix_web::{post, web::Path};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

pub(super) use self::queries::{ReactionRow, list_reactions};
use super::{
    policy::{self, React},
    view::{self, PostView},
};
use crate::{
    Error, Result,
    ctx::Ctx,
    error::{FieldError, Problem},
    features::events,
    spine::{
        audit::Entry,
        input::{Check, Input},
        reply::{Answer, Reply},
    },
};

/// What can be said with one touch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Reaction {
    /// 了解しました
    Noted,
    /// ありがとうございます
    Thanks,
    /// 訪問します
    WillVisit,
    /// 電話します
    WillCall,
    /// 対応します
    WillHandle,
}

/// All of them, in the order in which they are shown.
pub(super) const ALL: [Reaction; 5] = [
    Reaction::Noted,
    Reaction::Thanks,
    Reaction::WillVisit,
    Reaction::WillCall,
    Reaction::WillHandle,
];

impl Reaction {
    /// The code in the database and the interface.
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Noted => "noted",
            Self::Thanks => "thanks",
            Self::WillVisit => "will_visit",
            Self::WillCall => "will_call",
            Self::WillHandle => "will_handle",
        }
    }
}

/// A reaction to a post.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ReactToPost {
    /// Which.
    reaction: Reaction,
}

impl Check for ReactToPost {
    fn check(&self, _: &mut Vec<FieldError>) {}
}

/// React to a post. Doing so again changes nothing. It does not acknowledge the post.
#[utoipa::path(
    tag = "timeline",
    request_body = ReactToPost,
    responses((status = 200, body = PostView), (status = "4XX", body = Problem)),
)]
#[post("/v1/posts/{post_id}/reactions")]
pub(super) async fn set_post_reaction(
    ctx: Ctx,
    post_id: Path<Uuid>,
    input: Input<ReactToPost>,
) -> Result<Answer> {
    react(&ctx, *post_id, &input, true).await
}

/// Take a reaction back. Nothing changes when there is none.
#[utoipa::path(
    tag = "timeline",
    request_body = ReactToPost,
    responses((status = 200, body = PostView), (status = "4XX", body = Problem)),
)]
#[post("/v1/posts/{post_id}/reactions/remove")]
pub(super) async fn remove_post_reaction(
    ctx: Ctx,
    post_id: Path<Uuid>,
    input: Input<ReactToPost>,
) -> Result<Answer> {
    react(&ctx, *post_id, &input, false).await
}

async fn react(
    ctx: &Ctx,
    post_id: Uuid,
    input: &Input<ReactToPost>,
    is_set: bool,
) -> Result<Answer> {
    let reaction = input.value.reaction.code();
    ctx.write(&input.digest, async |tx| {
        let (post, ground, permit) = policy::may::<React>(tx, post_id).await?;
        if post.retracted {
            return Err(Error::Conflict(
                "post_retracted",
                "the post has been taken back",
            ));
        }
        let (version, patient_id) = (post.version, post.patient_id);
        let (changed, action) = if is_set {
            let changed = queries::insert(tx, permit, post_id, reaction).await?;
            (changed, "post.react")
        } else {
            let changed = queries::delete(tx, permit, post_id, reaction).await?;
            (changed, "post.unreact")
        };
        if changed {
            events::enqueue_post(tx, events::POST_CHANGED, patient_id, post_id).await?;
        }
        tx.record(
            Entry::new(action)
                .of_patient(patient_id)
                .on("post", post_id)
                .version(version),
        );
        let view = view::post(tx, post, ground).await?;
        Ok(Reply::ok(view).version(version).of_patient(patient_id))
    })
    .await
}
