//! Taking note: acknowledgement (確認), which is responsibility, and the reading mark (既読), which is not.

use actix_web::{post, put, web::Path};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    policy::{self, Acknowledge, Read, ReadPatient},
    queries,
    view::{self, PostView},
};
use crate::{
    Error, Result,
    ctx::Ctx,
    error::{FieldError, Problem},
    features::{acknowledgements, events},
    spine::{
        audit::Entry,
        input::{Check, Input, Nothing},
        reply::{Answer, Reply},
    },
};

/// How far the caller has read.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct UpdateReadMark {
    /// The newest post that the caller has seen.
    post_id: Uuid,
}

impl Check for UpdateReadMark {
    fn check(&self, _: &mut Vec<FieldError>) {}
}

/// The mark.
#[derive(Debug, Serialize, ToSchema)]
struct ReadMarkView {
    /// Everything recorded up to here has been read.
    read_until: DateTime<Utc>,
}

/// Acknowledge a post: "I have read it and take it". Doing so again changes nothing.
#[utoipa::path(
    tag = "timeline",
    request_body = Nothing,
    responses((status = 200, body = PostView), (status = "4XX", body = Problem)),
)]
#[post("/v1/posts/{post_id}/acknowledge")]
pub(super) async fn acknowledge_post(
    ctx: Ctx,
    post_id: Path<Uuid>,
    input: Input<Nothing>,
) -> Result<Answer> {
    ctx.write(&input.digest, async |tx| {
        let (post, ground, permit) = policy::may::<Acknowledge>(tx, *post_id).await?;
        if post.retracted {
            return Err(Error::Conflict(
                "post_retracted",
                "the post has been taken back",
            ));
        }
        let (version, patient_id) = (post.version, post.patient_id);
        let first = queries::insert_acknowledgement(tx, permit, *post_id).await?;
        // Somebody may be asked again for what was acknowledged before.
        let closed = acknowledgements::acknowledged(tx, *post_id).await?;
        if first || closed {
            events::enqueue_post(tx, events::POST_ACKNOWLEDGED, patient_id, *post_id).await?;
        }
        tx.record(
            Entry::new("post.acknowledge")
                .of_patient(patient_id)
                .on("post", *post_id)
                .version(version),
        );
        let view = view::post(tx, post, ground).await?;
        Ok(Reply::ok(view).version(version).of_patient(patient_id))
    })
    .await
}

/// Mark a patient's timeline as read up to a post. The mark only moves forward.
#[utoipa::path(
    tag = "timeline",
    request_body = UpdateReadMark,
    responses((status = 200, body = ReadMarkView), (status = "4XX", body = Problem)),
)]
#[put("/v1/patients/{patient_id}/read-mark")]
pub(super) async fn update_read_mark(
    ctx: Ctx,
    patient_id: Path<Uuid>,
    input: Input<UpdateReadMark>,
) -> Result<Answer> {
    ctx.write(&input.digest, async |tx| {
        let (access, permit) = tx.open::<ReadPatient>(*patient_id).await?;
        let (post, _, _read) = policy::may::<Read>(tx, input.value.post_id).await?;
        if post.patient_id != *patient_id {
            return Err(Error::invalid(
                "post_id",
                "not_allowed",
                "no such post on this timeline",
            ));
        }
        let read_until = queries::move_read_mark(tx, &access, permit, post.recorded_at).await?;
        events::enqueue_for(
            tx,
            events::READ_MARK_MOVED,
            Some(*patient_id),
            &[tx.actor.ids().0],
        )
        .await?;
        tx.record(
            Entry::new("read_mark.update")
                .of_patient(*patient_id)
                .on("post", post.id),
        );
        Ok(Reply::ok(ReadMarkView { read_until }).of_patient(*patient_id))
    })
    .await
}
