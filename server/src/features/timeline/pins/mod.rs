//! Posts that stay on top of a timeline (固定): put there and taken down by whoever writes on their channel, with name and
//! time. A reader sees those that the reader may read, and no more of them are put there than fit on a screen.

mod queries;

use actix_web::{
    get, post,
    web::{Json, Path},
};
use uuid::Uuid;

pub(super) use self::queries::{PinRow, list_pins_of};
use super::{
    policy,
    queries::{find_read_mark, list_in_order},
    view::{self, PostView},
};
use crate::{
    Error, Result,
    ctx::Ctx,
    error::Problem,
    features::events,
    spine::{
        access::scope_of,
        audit::Entry,
        input::{Input, Nothing},
        page::Page,
        reply::{Answer, Reply},
    },
};

/// How many posts somebody sees on top before nobody can add one.
const MOST: usize = 10;

/// List the posts that stay on top of a timeline, the last put there first.
#[utoipa::path(tag = "timeline", responses((status = 200, body = Page<PostView>), (status = "4XX", body = Problem)))]
#[get("/v1/patients/{patient_id}/pins")]
pub(super) async fn list_post_pins(
    ctx: Ctx,
    patient_id: Path<Uuid>,
) -> Result<Json<Page<PostView>>> {
    let items = ctx.read(async |tx| {
        let (access, scope) = policy::may_list(tx, *patient_id).await?;
        let ids = queries::list_pins(tx, *patient_id, &scope).await?;
        let rows = list_in_order(tx, &ids).await?;
        tx.record(
            Entry::new("pins.list")
                .of_patient(*patient_id)
                .listing(rows.len()),
        );
        let read_until = find_read_mark(tx, *patient_id).await?;
        view::posts(tx, rows, &scope, access.ground(), read_until).await
    });
    Ok(Json(Page {
        items: items.await?,
        next: None,
    }))
}

/// Keep a post on top of its timeline. Doing so again changes nothing.
#[utoipa::path(
    tag = "timeline",
    request_body = Nothing,
    responses((status = 200, body = PostView), (status = "4XX", body = Problem)),
)]
#[post("/v1/posts/{post_id}/pin")]
pub(super) async fn set_post_pin(
    ctx: Ctx,
    post_id: Path<Uuid>,
    input: Input<Nothing>,
) -> Result<Answer> {
    let post_id = *post_id;
    ctx.write(&input.digest, async |tx| {
        let (post, ground, permit) = policy::may_pin(tx, post_id).await?;
        if post.retracted {
            return Err(Error::Conflict(
                "post_retracted",
                "the post has been taken back",
            ));
        }
        let (version, patient_id) = (post.version, post.patient_id);
        let pinned = queries::list_pins(tx, patient_id, &scope_of(tx, ground)).await?;
        if !pinned.contains(&post_id) {
            if pinned.len() >= MOST {
                return Err(Error::Conflict(
                    "pins_full",
                    "as many posts are on top as can be; take one down first",
                ));
            }
            queries::insert(tx, permit, patient_id, post_id).await?;
            events::enqueue_post(tx, events::POST_CHANGED, patient_id, post_id).await?;
        }
        tx.record(
            Entry::new("post.pin")
                .of_patient(patient_id)
                .on("post", post_id)
                .version(version),
        );
        let view = view::post(tx, post, ground).await?;
        Ok(Reply::ok(view).version(version).of_patient(patient_id))
    })
    .await
}

/// Take a post down from the top of its timeline. Nothing changes when it is not there.
#[utoipa::path(
    tag = "timeline",
    request_body = Nothing,
    responses((status = 200, body = PostView), (status = "4XX", body = Problem)),
)]
#[post("/v1/posts/{post_id}/unpin")]
pub(super) async fn remove_post_pin(
    ctx: Ctx,
    post_id: Path<Uuid>,
    input: Input<Nothing>,
) -> Result<Answer> {
    let post_id = *post_id;
    ctx.write(&input.digest, async |tx| {
        let (post, ground, permit) = policy::may_pin(tx, post_id).await?;
        let (version, patient_id) = (post.version, post.patient_id);
        if queries::end(tx, permit, post_id).await? {
            events::enqueue_post(tx, events::POST_CHANGED, patient_id, post_id).await?;
        }
        tx.record(
            Entry::new("post.unpin")
                .of_patient(patient_id)
                .on("post", post_id)
                .version(version),
        );
        let view = view::post(tx, post, ground).await?;
        Ok(Reply::ok(view).version(version).of_patient(patient_id))
    })
    .await
}
