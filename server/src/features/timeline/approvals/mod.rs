//! Entry on behalf of somebody (代行入力): whoever enters uses their own account, the person for whom it was entered
//! approves it or gives it back with a reason, and until then everybody sees that it waits. What is said counts for the
//! version that was seen; a newer version waits again. Nobody approves what they entered themselves.

mod queries;

use actix_web::{
    get, post,
    web::{Json, Path},
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

pub(super) use self::queries::{ApprovalRow, list_approvals_of};
use super::{
    model::{Post, Standing},
    policy::{self, Approve, MayList},
    queries::list,
    view::{self, PostView},
};
use crate::{
    Error, Result,
    ctx::{Ctx, Tx},
    error::{FieldError, Problem},
    features::events,
    spine::{
        access::{self, scope_of},
        audit::Entry,
        ids,
        input::{Check, Input, Nothing, Query},
        page::{self, Page, TimeKey},
        reply::{Answer, Reply},
        text,
    },
};

/// Whose part the caller asks about.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Part {
    /// What was entered on the caller's behalf and waits.
    #[default]
    Approver,
    /// What the caller entered for others and was not approved yet: what waits, and what was returned.
    Author,
}

/// Which approvals.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct ListApprovals {
    /// `approver` (when left out) or `author`.
    #[param(inline)]
    #[serde(default)]
    part: Part,
    /// `next` of the page before.
    cursor: Option<String>,
    /// 1 to 100; 50 when left out.
    limit: Option<i64>,
}

/// A post that was entered on behalf of somebody.
#[derive(Debug, Serialize, ToSchema)]
struct ApprovalView {
    /// Name of the patient.
    patient_name: String,
    /// The post.
    post: PostView,
}

/// Why a post is given back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ReturnPost {
    /// What is to be changed, up to 500 characters.
    reason: String,
}

impl Check for ReturnPost {
    fn check(&self, errors: &mut Vec<FieldError>) {
        text::check("reason", &self.reason, 500, true, errors);
    }
}

/// List what was entered on one's behalf and waits for one's approval, or what one entered for others and is not approved
/// yet; newest first.
#[utoipa::path(
    tag = "timeline",
    params(ListApprovals),
    responses((status = 200, body = Page<ApprovalView>), (status = "4XX", body = Problem)),
)]
#[get("/v1/approvals")]
pub(super) async fn list_approvals(
    ctx: Ctx,
    query: Query<ListApprovals>,
) -> Result<Json<Page<ApprovalView>>> {
    let before: Option<TimeKey> = page::parse(query.0.cursor.as_deref())?;
    let limit = page::limit(query.0.limit)?;
    let as_author = query.0.part == Part::Author;
    let page = ctx.read(async |tx| {
        let permit = access::on_network::<MayList>(tx)?;
        let mut keys = queries::page(tx, permit, as_author, before, limit).await?;
        let next = page::cut(&mut keys, limit, |key| TimeKey(key.1, key.0));
        let ids: Vec<Uuid> = keys.iter().map(|(id, _)| *id).collect();
        let mut items = of_patients(tx, list(tx, &ids).await?).await?;
        items.sort_by_key(|item| ids.iter().position(|id| *id == item.post.id));
        let mut patients: Vec<Uuid> = items.iter().map(|item| item.post.patient_id).collect();
        patients.sort_unstable();
        patients.dedup();
        tx.record(
            Entry::new("approvals.list")
                .listing(items.len())
                .naming(patients),
        );
        Ok(Page { items, next })
    });
    Ok(Json(page.await?))
}

/// The posts that the caller may read by now, each with its patient.
async fn of_patients(tx: &Tx<'_>, rows: Vec<Post>) -> Result<Vec<ApprovalView>> {
    let mut patients: Vec<Uuid> = rows.iter().map(|row| row.patient_id).collect();
    patients.sort_unstable();
    patients.dedup();
    let grounds = access::grounds(tx, &patients).await?;
    let names = queries::list_names(tx, &patients).await?;
    let mut items = Vec::new();
    for (patient_id, patient_name) in names {
        let Some(ground) = grounds.get(&patient_id) else {
            continue;
        };
        let scope = scope_of(tx, *ground);
        // The caller is author or principal of each, and so one of the people of a post for named people.
        let is_open = |row: &&Post| {
            row.patient_id == patient_id && scope.covers_post(row.class(), row.facility_id, true)
        };
        let open: Vec<Post> = rows.iter().filter(is_open).cloned().collect();
        let views = view::posts(tx, open, &scope, *ground, Some(tx.now)).await?;
        items.extend(views.into_iter().map(|post| ApprovalView {
            patient_name: patient_name.clone(),
            post,
        }));
    }
    Ok(items)
}

/// Approve what was entered on one's behalf, as one has seen it.
#[utoipa::path(
    tag = "timeline",
    params(("If-Match" = String, Header, description = "The version that is approved")),
    request_body = Nothing,
    responses((status = 200, body = PostView), (status = "4XX", body = Problem)),
)]
#[post("/v1/posts/{post_id}/approve")]
pub(super) async fn approve_post(
    ctx: Ctx,
    post_id: Path<Uuid>,
    input: Input<Nothing>,
) -> Result<Answer> {
    ctx.write(&input.digest, async |tx| decide(tx, *post_id, None).await)
        .await
}

/// Give back what was entered on one's behalf, with what is to be changed. Whoever entered it amends it or takes it back.
#[utoipa::path(
    tag = "timeline",
    params(("If-Match" = String, Header, description = "The version that is given back")),
    request_body = ReturnPost,
    responses((status = 200, body = PostView), (status = "4XX", body = Problem)),
)]
#[post("/v1/posts/{post_id}/return")]
pub(super) async fn return_post(
    ctx: Ctx,
    post_id: Path<Uuid>,
    input: Input<ReturnPost>,
) -> Result<Answer> {
    let reason = input.value.reason.as_str();
    ctx.write(&input.digest, async |tx| {
        decide(tx, *post_id, Some(reason)).await
    })
    .await
}

/// Writes what the caller says to the newest version: approval, or with a reason the return.
async fn decide(tx: &Tx<'_>, post_id: Uuid, reason: Option<&str>) -> Result<Reply<PostView>> {
    let (post, ground, permit) = policy::may::<Approve>(tx, post_id).await?;
    if tx.expected_version()? != post.version {
        return Err(Error::Stale);
    }
    if post.retracted {
        return Err(Error::Conflict(
            "post_retracted",
            "the post has been taken back",
        ));
    }
    let said = queries::find_approval(tx, post_id, post.version).await?;
    if Standing::of(post.version, said) != Standing::Waiting {
        return Err(Error::Conflict(
            "approval_decided",
            "this version has been approved or returned",
        ));
    }
    let (version, patient_id) = (post.version, post.patient_id);
    let said = queries::Said {
        post_id,
        version,
        reason,
        digest: ids::digest(what_it_says(&post).as_bytes()).to_vec(),
    };
    queries::insert(tx, permit, &said).await?;
    let action = match reason {
        None => "post.approve",
        Some(_) => "post.return",
    };
    tx.record(
        Entry::new(action)
            .of_patient(patient_id)
            .on("post", post_id)
            .version(version),
    );
    events::enqueue_post(tx, events::POST_CHANGED, patient_id, post_id).await?;
    let view = view::post(tx, post, ground).await?;
    Ok(Reply::ok(view).version(version).of_patient(patient_id))
}

/// What a version says, in a form of which the digest is kept as evidence of what was seen.
fn what_it_says(post: &Post) -> String {
    let observed: DateTime<Utc> = post.observed_at;
    serde_json::json!({
        "post_id": post.id,
        "version": post.version,
        "kind": post.kind,
        "observed_at": observed,
        "body": post.body,
        "vitals": post.vitals,
    })
    .to_string()
}
