use actix_web::{
    get, post, put,
    web::{Json, Path},
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::{
    built_in::{self, BuiltIn},
    policy,
    queries::{self, Template, Which},
};
use crate::{
    Error, Result,
    ctx::{Ctx, Tx},
    error::{FieldError, Problem},
    features::timeline::WrittenKind,
    spine::{
        audit::{Denial, Entry},
        auth::Actor,
        input::{Check, Input, Nothing, Query},
        page::Page,
        professions,
        reply::{Answer, Reply},
        text,
    },
};

/// Registers the operations.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(list_post_templates)
        .service(create_post_template)
        .service(update_post_template)
        .service(remove_post_template);
}

/// Which templates.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct ListPostTemplates {
    /// `true`: those that the caller keeps, instead of those that the caller uses.
    #[serde(default)]
    kept: bool,
}

/// A template to be kept.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CreatePostTemplate {
    /// Identifier, chosen by the caller.
    pub(super) id: Uuid,
    /// The facility whose people use it; null: everybody of the network.
    #[serde(default)]
    pub(super) facility_id: Option<Uuid>,
    /// Code of the profession that it is for; null: every one.
    #[serde(default)]
    pub(super) profession: Option<String>,
    /// The kind of post that it begins.
    pub(super) kind: WrittenKind,
    /// What it is called, up to 60 characters.
    pub(super) title: String,
    /// The text, up to 4,000 characters. Without anything about a patient.
    pub(super) body: String,
}

/// What a template should be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct UpdatePostTemplate {
    /// Code of the profession that it is for; null: every one.
    #[serde(default)]
    pub(super) profession: Option<String>,
    /// The kind of post that it begins.
    pub(super) kind: WrittenKind,
    /// What it is called, up to 60 characters.
    pub(super) title: String,
    /// The text, up to 4,000 characters. Without anything about a patient.
    pub(super) body: String,
}

impl Check for CreatePostTemplate {
    fn check(&self, errors: &mut Vec<FieldError>) {
        check_words(&self.title, &self.body, errors);
    }
}

impl Check for UpdatePostTemplate {
    fn check(&self, errors: &mut Vec<FieldError>) {
        check_words(&self.title, &self.body, errors);
    }
}

fn check_words(title: &str, body: &str, errors: &mut Vec<FieldError>) {
    text::check("title", title, 60, false, errors);
    text::check("body", body, 4000, true, errors);
}

/// A template.
#[derive(Debug, Serialize, ToSchema)]
struct PostTemplateView {
    /// Identifier; null for a built-in one.
    id: Option<Uuid>,
    /// Code of a built-in one; null for others.
    built_in: Option<String>,
    /// The facility whose people use it; null: everybody of the network.
    facility_id: Option<Uuid>,
    /// Its name.
    facility_name: Option<String>,
    /// Code of the profession that it is for; null: every one, or by group for a built-in one.
    profession: Option<String>,
    /// The kind of post that it begins.
    kind: String,
    /// What it is called.
    title: String,
    /// The text.
    body: String,
    /// Counts the changes from 1, for `If-Match`; 0 for a built-in one.
    version: i32,
    /// Who wrote or changed it last.
    kept_by_name: Option<String>,
    /// When.
    kept_at: Option<DateTime<Utc>>,
}

impl From<Template> for PostTemplateView {
    fn from(row: Template) -> Self {
        Self {
            id: Some(row.id),
            built_in: None,
            facility_id: row.facility_id,
            facility_name: row.facility_name,
            profession: row.profession,
            kind: row.kind,
            title: row.title,
            body: row.body,
            version: row.version,
            kept_by_name: Some(row.kept_by_name),
            kept_at: Some(row.kept_at),
        }
    }
}

impl From<&BuiltIn> for PostTemplateView {
    fn from(one: &BuiltIn) -> Self {
        Self {
            id: None,
            built_in: Some(one.code.clone()),
            facility_id: None,
            facility_name: None,
            profession: None,
            kind: one.kind.clone(),
            title: one.title.clone(),
            body: one.body.clone(),
            version: 0,
            kept_by_name: None,
            kept_at: None,
        }
    }
}

/// List the templates that the caller uses: those of the own facility and of the network for the own profession, by title,
/// then the built-in ones. Or those that the caller keeps, as an administrator of the network or of a facility.
#[utoipa::path(
    tag = "post_templates",
    params(ListPostTemplates),
    responses((status = 200, body = Page<PostTemplateView>), (status = "4XX", body = Problem)),
)]
#[get("/v1/post-templates")]
async fn list_post_templates(
    ctx: Ctx,
    query: Query<ListPostTemplates>,
) -> Result<Json<Page<PostTemplateView>>> {
    let kept = query.0.kept;
    let items = ctx.read(async |tx| {
        let permit = policy::may_list(tx)?;
        let (_, facility) = tx.actor.ids();
        let (which, group) = if kept {
            let _permit = policy::may_keep(tx, Some(facility))?;
            let which = if policy::keeps_all(tx) {
                Which::All
            } else {
                Which::Of(facility)
            };
            (which, None)
        } else {
            let profession = queries::own_profession(tx).await?;
            (Which::UsedBy(facility, profession), Some(group_of(tx)))
        };
        let rows = queries::list(tx, permit, which).await?;
        tx.record(Entry::new("post_templates.list").listing(rows.len()));
        let mut items: Vec<PostTemplateView> = rows.into_iter().map(Into::into).collect();
        items.extend(
            group
                .into_iter()
                .flat_map(built_in::of_group)
                .map(Into::into),
        );
        Ok(items)
    });
    Ok(Json(Page {
        items: items.await?,
        next: None,
    }))
}

/// The group of the caller's profession.
fn group_of(tx: &Tx<'_>) -> &'static str {
    match tx.actor {
        Actor::Person(person) => person.standing.group(),
        _ => "",
    }
}

/// Keep a new template: for the own facility, or as administrator of the network for all or any.
#[utoipa::path(
    tag = "post_templates",
    request_body = CreatePostTemplate,
    responses((status = 201, body = PostTemplateView), (status = "4XX", body = Problem)),
)]
#[post("/v1/post-templates")]
async fn create_post_template(ctx: Ctx, input: Input<CreatePostTemplate>) -> Result<Answer> {
    let new = &input.value;
    ctx.write(&input.digest, async |tx| {
        let permit = policy::may_keep(tx, new.facility_id)?;
        check_profession(tx, new.profession.as_deref()).await?;
        if let Some(facility) = new.facility_id
            && !queries::is_facility(tx, facility).await?
        {
            return Err(Error::invalid(
                "facility_id",
                "not_allowed",
                "no such facility",
            ));
        }
        queries::insert(tx, permit, new).await?;
        tx.record(
            Entry::new("post_template.create")
                .on("post_template", new.id)
                .version(1),
        );
        let made = queries::find(tx, new.id).await?.ok_or(Error::NotFound)?;
        Ok(Reply::created(PostTemplateView::from(made)).version(1))
    })
    .await
}

/// Change a template. What was written with it stays as it is.
#[utoipa::path(
    tag = "post_templates",
    params(("If-Match" = String, Header, description = "The version that the caller has seen")),
    request_body = UpdatePostTemplate,
    responses((status = 200, body = PostTemplateView), (status = "4XX", body = Problem)),
)]
#[put("/v1/post-templates/{post_template_id}")]
async fn update_post_template(
    ctx: Ctx,
    post_template_id: Path<Uuid>,
    input: Input<UpdatePostTemplate>,
) -> Result<Answer> {
    let id = *post_template_id;
    ctx.write(&input.digest, async |tx| {
        let found = find(tx, id).await?;
        let permit = policy::may_keep(tx, found.facility_id)?;
        if tx.expected_version()? != found.version {
            return Err(Error::Stale);
        }
        check_profession(tx, input.value.profession.as_deref()).await?;
        let version = found.version + 1;
        queries::update(tx, permit, id, version, &input.value).await?;
        tx.record(
            Entry::new("post_template.update")
                .on("post_template", id)
                .version(version),
        );
        let view = PostTemplateView::from(find(tx, id).await?);
        Ok(Reply::ok(view).version(version))
    })
    .await
}

/// Take a template out of use. What was written with it stays as it is.
#[utoipa::path(
    tag = "post_templates",
    request_body = Nothing,
    responses((status = 200, body = PostTemplateView), (status = "4XX", body = Problem)),
)]
#[post("/v1/post-templates/{post_template_id}/remove")]
async fn remove_post_template(
    ctx: Ctx,
    post_template_id: Path<Uuid>,
    input: Input<Nothing>,
) -> Result<Answer> {
    let id = *post_template_id;
    ctx.write(&input.digest, async |tx| {
        let found = find(tx, id).await?;
        let permit = policy::may_keep(tx, found.facility_id)?;
        queries::remove(tx, permit, id).await?;
        tx.record(Entry::new("post_template.remove").on("post_template", id));
        Ok(Reply::ok(PostTemplateView::from(found)))
    })
    .await
}

/// The template; to whoever keeps none there is none.
async fn find(tx: &Tx<'_>, id: Uuid) -> Result<Template> {
    if !policy::keeps_some(tx) {
        let _permit = policy::may_keep(tx, None)?;
    }
    let unknown = || {
        Error::Denied(Box::new(
            Denial::hidden("post_template.keep").on("post_template", id),
        ))
    };
    queries::find(tx, id).await?.ok_or_else(unknown)
}

/// The profession is one that there is.
async fn check_profession(tx: &Tx<'_>, code: Option<&str>) -> Result<()> {
    let Some(code) = code else {
        return Ok(());
    };
    if professions::find(code).is_some() || queries::is_added_profession(tx, code).await? {
        return Ok(());
    }
    Err(Error::invalid(
        "profession",
        "not_allowed",
        "no such profession",
    ))
}
