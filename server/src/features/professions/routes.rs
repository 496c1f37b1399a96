use std::collections::BTreeMap;

use actix_web::{get, post, web::Json};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    model::{self, Known},
    policy, queries,
};
use crate::{
    Error, Result,
    ctx::Ctx,
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
    config.service(list_professions).service(create_profession);
}

/// A profession.
#[derive(Debug, Serialize, ToSchema)]
struct ProfessionView {
    /// Code.
    code: String,
    /// Name in Japanese.
    ja: String,
    /// Name in English.
    en: String,
    /// Group of professions.
    group: String,
    /// Whether a licence or registration goes with it.
    licensed: bool,
    /// The profession of the register whose rights it has; null for one of the register.
    based_on: Option<String>,
    /// What it may do by default, by kind of information.
    kinds: BTreeMap<String, Vec<String>>,
}

impl From<Known> for ProfessionView {
    fn from(known: Known) -> Self {
        Self {
            based_on: known.is_added().then(|| known.base.code.clone()),
            group: known.base.group.clone(),
            licensed: known.base.licensed,
            kinds: model::kinds(known.base),
            code: known.code,
            ja: known.ja,
            en: known.en,
        }
    }
}

/// A profession to be added.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CreateProfession {
    /// Code: a–z, then a–z, 0–9 and underscore; 2 to 41 characters. Not one of the register.
    pub(super) code: String,
    /// Name in Japanese, up to 50 characters.
    pub(super) ja: String,
    /// Name in English, up to 100 characters.
    pub(super) en: String,
    /// Code of the profession of the register whose rights it has.
    pub(super) based_on: String,
}

impl Check for CreateProfession {
    fn check(&self, errors: &mut Vec<FieldError>) {
        let mut bytes = self.code.bytes();
        let first = bytes.next().is_some_and(|b| b.is_ascii_lowercase());
        let rest = bytes.all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
        if !(2..=41).contains(&self.code.len()) || !first || !rest {
            errors.push(FieldError::new(
                "code",
                "not_allowed",
                "a-z, then a-z, 0-9, _; 2 to 41",
            ));
        }
        text::check("ja", &self.ja, 50, false, errors);
        text::check("en", &self.en, 100, false, errors);
        if professions::find(&self.based_on).is_none() || model::makes_role(&self.based_on) {
            errors.push(FieldError::new(
                "based_on",
                "not_allowed",
                "not a profession of care in the register",
            ));
        }
    }
}

/// List the professions of the register and of the network.
#[utoipa::path(
    tag = "professions",
    responses((status = 200, body = Page<ProfessionView>), (status = "4XX", body = Problem)),
)]
#[get("/v1/professions")]
async fn list_professions(ctx: Ctx) -> Result<Json<Page<ProfessionView>>> {
    let all = ctx.read(async |tx| {
        let _permit = policy::may_list(tx)?;
        let all = queries::known(tx).await?;
        tx.record(Entry::new("professions.list").listing(all.len()));
        Ok(all)
    });
    let items = all.await?.into_iter().map(ProfessionView::from).collect();
    Ok(Json(Page { items, next: None }))
}

/// Add a profession to those of the network, with the rights of one of the register. Network administrators only.
#[utoipa::path(
    tag = "professions",
    request_body = CreateProfession,
    extensions(("x-step-up" = json!(true))),
    responses((status = 201, body = ProfessionView), (status = "4XX", body = Problem)),
)]
#[post("/v1/professions")]
async fn create_profession(ctx: Ctx, input: Input<CreateProfession>) -> Result<Answer> {
    let new = &input.value;
    ctx.write(&input.digest, async |tx| {
        let permit = policy::may_create(tx)?;
        let same_name = |known: &Known| text::fold(&known.ja) == text::fold(&new.ja);
        let all = queries::known(tx).await?;
        if professions::find(&new.code).is_some() || all.iter().any(same_name) {
            let message = "another profession has this code or name";
            return Err(Error::Conflict("profession_exists", message));
        }
        queries::insert(tx, permit, new).await?;
        tx.record(Entry::new("profession.create"));
        let made = queries::resolve(tx, &new.code).await?;
        Ok(Reply::created(ProfessionView::from(
            made.ok_or(Error::NotFound)?,
        )))
    })
    .await
}
