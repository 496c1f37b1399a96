use actix_web::{
    get, post,
    web::{Json, Path},
};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::{
    answer::happen,
    ask::{self, Asked},
    list::{self, DutyView},
    model::{Happening, NewAsk},
    policy, queries,
    view::{self, AskView},
};
use crate::{
    Error, Result,
    ctx::Ctx,
    error::{FieldError, Problem},
    features::events,
    spine::{
        audit::Entry,
        input::{Check, Input, Nothing, Query},
        page::{self, Page, TimeKey},
        reply::{Answer, Reply},
    },
};

/// Registers the operations.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(ask_acknowledgement)
        .service(withdraw_acknowledgement)
        .service(list_acknowledgements);
}

impl Check for NewAsk {
    fn check(&self, errors: &mut Vec<FieldError>) {
        self.check("", errors);
    }
}

/// Whose requests.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Asker {
    /// What is asked of the caller and open, the nearest deadline first.
    OfMe,
    /// What the caller has asked, newest first.
    ByMe,
}

/// What to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct ListAcknowledgements {
    /// `of_me` or `by_me`.
    #[param(inline)]
    asked: Asker,
    /// Of what the caller has asked, only what is open.
    #[serde(default)]
    open: bool,
    /// `next` of the page before, of what the caller has asked.
    cursor: Option<String>,
    /// 1 to 100; 50 when left out.
    limit: Option<i64>,
}

/// Ask people, professions or facilities to acknowledge a post, or to answer it, after it was written. Whoever may write
/// to its channel may ask; whoever is asked may read it.
#[utoipa::path(
    tag = "acknowledgements",
    request_body = NewAsk,
    responses((status = 201, body = Page<AskView>), (status = "4XX", body = Problem)),
)]
#[post("/v1/posts/{post_id}/acknowledgements")]
async fn ask_acknowledgement(
    ctx: Ctx,
    post_id: Path<Uuid>,
    input: Input<NewAsk>,
) -> Result<Answer> {
    ctx.write(&input.digest, async |tx| {
        let (post, _permit) = policy::may_ask(tx, *post_id).await?;
        if post.retracted {
            let message = "the post has been taken back";
            return Err(Error::Conflict("post_retracted", message));
        }
        let about = Asked {
            post_id: post.id,
            patient_id: post.patient_id,
            urgent: post.kind == "urgent",
        };
        ask::ask(tx, &about, &input.value, "").await?;
        let patient_id = post.patient_id;
        events::enqueue_post(tx, events::POST_ACKNOWLEDGED, patient_id, post.id).await?;
        tx.record(
            Entry::new("acknowledgement.ask")
                .of_patient(patient_id)
                .on("post", post.id),
        );
        let items = view::asks_of(tx, &[post.id]).await?.remove(&post.id);
        let items = items.unwrap_or_default();
        Ok(Reply::created(Page { items, next: None }).of_patient(patient_id))
    })
    .await
}

/// Take a request of one's own back. Doing so again changes nothing; what was acknowledged or answered stays.
#[utoipa::path(
    tag = "acknowledgements",
    request_body = Nothing,
    responses((status = 200, body = AskView), (status = "4XX", body = Problem)),
)]
#[post("/v1/acknowledgements/{ask_id}/withdraw")]
async fn withdraw_acknowledgement(
    ctx: Ctx,
    ask_id: Path<Uuid>,
    input: Input<Nothing>,
) -> Result<Answer> {
    ctx.write(&input.digest, async |tx| {
        let (ask, _permit) = policy::may_withdraw(tx, *ask_id).await?;
        let (patient_id, post_id) = (ask.patient_id, ask.post_id);
        let open = queries::list_open(tx, post_id).await?;
        if let Some(ask) = open.iter().find(|open| open.id == ask.id) {
            happen(tx, ask, Happening::Withdraw, None).await?;
            events::enqueue_post(tx, events::POST_ACKNOWLEDGED, patient_id, post_id).await?;
        }
        tx.record(
            Entry::new("acknowledgement.withdraw")
                .of_patient(patient_id)
                .on("post", post_id),
        );
        let now = queries::find(tx, ask.id).await?.ok_or(Error::NotFound)?;
        let view = view::views(tx, vec![now]).await?.pop();
        let view = view.ok_or(Error::NotFound)?;
        Ok(Reply::ok(view).of_patient(patient_id))
    })
    .await
}

/// List what is asked of the caller, or what the caller has asked, over all patients.
#[utoipa::path(
    tag = "acknowledgements",
    params(ListAcknowledgements),
    responses((status = 200, body = Page<DutyView>), (status = "4XX", body = Problem)),
)]
#[get("/v1/acknowledgements")]
async fn list_acknowledgements(
    ctx: Ctx,
    query: Query<ListAcknowledgements>,
) -> Result<Json<Page<DutyView>>> {
    let ListAcknowledgements {
        asked,
        open,
        cursor,
        limit,
    } = query.0;
    let before: Option<TimeKey> = page::parse(cursor.as_deref())?;
    let limit = page::limit(limit)?;
    let page = ctx.read(async |tx| {
        let _permit = policy::may_list(tx)?;
        let (found, next) = match asked {
            Asker::OfMe => (list::duties(tx).await?, None),
            Asker::ByMe => {
                let mut rows = queries::page_by_me(tx, open, before, limit).await?;
                let next = page::cut(&mut rows, limit, |ask| TimeKey(ask.asked_at, ask.id));
                let rows = rows.into_iter().map(|ask| ("asker".to_owned(), ask));
                (list::views(tx, rows.collect()).await?, next)
            }
        };
        let count = found.items.len();
        tx.record(
            Entry::new("acknowledgements.list")
                .listing(count)
                .naming(found.patients),
        );
        Ok(Page {
            items: found.items,
            next,
        })
    });
    Ok(Json(page.await?))
}
