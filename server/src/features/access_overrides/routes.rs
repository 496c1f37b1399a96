use actix_web::{
    get, post,
    web::{Json, Path},
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::{
    policy,
    queries::{self, Override},
};
use crate::{
    Error, Result,
    ctx::{Ctx, Tx},
    error::{FieldError, Problem},
    spine::{
        audit::Entry,
        input::{Check, Input},
        page::Page,
        professions,
        reply::{Answer, Reply},
        text,
    },
};

/// Registers the operations.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(list_access_overrides)
        .service(create_access_override)
        .service(remove_access_override);
}

/// A right that can be taken away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Takes {
    /// Reading, the summary with it.
    Read,
    /// Writing, signing with it.
    Write,
    /// Signing, writing with it.
    Sign,
}

impl Takes {
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Sign => "sign",
        }
    }
}

/// A right to be taken away.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CreateAccessOverride {
    /// Identifier, chosen by the caller.
    pub(super) id: Uuid,
    /// Code of the profession, of the register or of the network.
    pub(super) profession: String,
    /// Code of the kind of information.
    pub(super) kind: String,
    /// Which right.
    pub(super) takes: Takes,
    /// Why, up to 500 characters.
    pub(super) reason: String,
}

impl Check for CreateAccessOverride {
    fn check(&self, errors: &mut Vec<FieldError>) {
        text::check("reason", &self.reason, 500, true, errors);
        if professions::place(&self.kind).is_none() {
            let message = "not a kind of the matrix";
            errors.push(FieldError::new("kind", "not_allowed", message));
        }
    }
}

/// Nothing to say.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RemoveAccessOverride {}

impl Check for RemoveAccessOverride {
    fn check(&self, _: &mut Vec<FieldError>) {}
}

/// A right that was taken away.
#[derive(Debug, Serialize, ToSchema)]
struct AccessOverrideView {
    /// Identifier.
    id: Uuid,
    /// Code of the profession.
    profession: String,
    /// Code of the kind of information.
    kind: String,
    /// `read`, `write` or `sign`.
    takes: String,
    /// Why.
    reason: String,
    /// When it was decided.
    created_at: DateTime<Utc>,
    /// By whom.
    created_by: String,
    /// When it was taken back.
    removed_at: Option<DateTime<Utc>>,
}

/// List what the network takes away from professions, with what was taken back.
#[utoipa::path(tag = "access_rules", responses((status = 200, body = Page<AccessOverrideView>), (status = "4XX", body = Problem)))]
#[get("/v1/access-overrides")]
async fn list_access_overrides(ctx: Ctx) -> Result<Json<Page<AccessOverrideView>>> {
    let items = ctx.read(async |tx| {
        let permit = policy::may_list(tx)?;
        let rows = queries::list(tx, &permit).await?;
        tx.record(Entry::new("access_overrides.list").listing(rows.len()));
        Ok(rows)
    });
    Ok(Json(page(items.await?)))
}

/// Take a right away from a profession. It counts with the next request.
#[utoipa::path(
    tag = "access_rules",
    extensions(("x-step-up" = json!(true))),
    request_body = CreateAccessOverride,
    responses((status = 201, body = AccessOverrideView), (status = "4XX", body = Problem)),
)]
#[post("/v1/access-overrides")]
async fn create_access_override(ctx: Ctx, input: Input<CreateAccessOverride>) -> Result<Answer> {
    let new = &input.value;
    ctx.write(&input.digest, async |tx| {
        let permit = policy::may_keep(tx)?;
        if professions::find(&new.profession).is_none()
            && !queries::is_own_profession(tx, &new.profession).await?
        {
            let message = "not a profession of the register or the network";
            return Err(Error::invalid("profession", "not_allowed", message));
        }
        queries::insert(tx, permit, new).await?;
        tx.record(Entry::new("access_override.create").on("access_override", new.id));
        Ok(Reply::created(one(tx, new.id).await?))
    })
    .await
}

/// Take an override back: the profession has its default right again.
#[utoipa::path(
    tag = "access_rules",
    extensions(("x-step-up" = json!(true))),
    request_body = RemoveAccessOverride,
    responses((status = 200, body = AccessOverrideView), (status = "4XX", body = Problem)),
)]
#[post("/v1/access-overrides/{access_override_id}/remove")]
async fn remove_access_override(
    ctx: Ctx,
    access_override_id: Path<Uuid>,
    input: Input<RemoveAccessOverride>,
) -> Result<Answer> {
    let id = *access_override_id;
    ctx.write(&input.digest, async |tx| {
        let permit = policy::may_keep(tx)?;
        if !queries::remove(tx, permit, id).await? {
            return Err(Error::NotFound);
        }
        tx.record(Entry::new("access_override.remove").on("access_override", id));
        Ok(Reply::ok(one(tx, id).await?))
    })
    .await
}

async fn one(tx: &Tx<'_>, id: Uuid) -> Result<AccessOverrideView> {
    let rows = queries::rows(tx).await?;
    let found = rows.into_iter().find(|row| row.id == id);
    found.map(AccessOverrideView::from).ok_or(Error::NotFound)
}

impl From<Override> for AccessOverrideView {
    fn from(row: Override) -> Self {
        Self {
            id: row.id,
            profession: row.profession,
            kind: row.kind,
            takes: row.takes,
            reason: row.reason,
            created_at: row.created_at,
            created_by: row.created_by,
            removed_at: row.removed_at,
        }
    }
}

fn page(rows: Vec<Override>) -> Page<AccessOverrideView> {
    Page {
        items: rows.into_iter().map(AccessOverrideView::from).collect(),
        next: None,
    }
}
