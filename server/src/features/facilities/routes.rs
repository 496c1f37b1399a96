use actix_web::{get, post, web::Json};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::{
    model::{Facility, FacilityKind},
    policy, queries,
};
use crate::{
    Result,
    ctx::Ctx,
    error::{FieldError, Problem},
    spine::{
        audit::Entry,
        input::{Check, Input, Query},
        page::{self, Page, TextKey},
        reply::{Answer, Reply},
        text,
    },
};

/// Registers the operations.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(list_facilities).service(create_facility);
}

/// A facility.
#[derive(Debug, Serialize, ToSchema)]
struct FacilityView {
    /// Identifier.
    id: Uuid,
    /// Official name.
    name: String,
    /// Kind.
    kind: String,
    /// Ten-digit medical institution code, when it has one.
    institution_code: Option<String>,
}

/// A facility to be registered.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CreateFacility {
    /// Identifier, chosen by the caller.
    pub(super) id: Uuid,
    /// Official name, up to 200 characters.
    pub(super) name: String,
    /// Kind.
    pub(super) kind: FacilityKind,
    /// Ten-digit medical institution code, when it has one.
    pub(super) institution_code: Option<String>,
}

impl Check for CreateFacility {
    fn check(&self, errors: &mut Vec<FieldError>) {
        text::check("name", &self.name, 200, false, errors);
        // The check digit is not held against anybody: official examples have wrong ones.
        if self
            .institution_code
            .as_ref()
            .is_some_and(|code| code.len() != 10 || !code.bytes().all(|b| b.is_ascii_digit()))
        {
            errors.push(FieldError::new(
                "institution_code",
                "not_allowed",
                "ten digits",
            ));
        }
    }
}

/// Which page.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct ListFacilities {
    /// `next` of the page before.
    cursor: Option<String>,
    /// 1 to 100; 50 when left out.
    limit: Option<i64>,
}

/// List the facilities of the network, by name.
#[utoipa::path(
    tag = "facilities",
    params(ListFacilities),
    responses((status = 200, body = Page<FacilityView>), (status = "4XX", body = Problem)),
)]
#[get("/v1/facilities")]
async fn list_facilities(
    ctx: Ctx,
    query: Query<ListFacilities>,
) -> Result<Json<Page<FacilityView>>> {
    let after: Option<TextKey> = page::parse(query.0.cursor.as_deref())?;
    let limit = page::limit(query.0.limit)?;
    let rows = ctx
        .read(async |tx| {
            let rows = queries::page(tx, policy::may_list(tx)?, after.clone(), limit).await?;
            tx.record(Entry::new("facilities.list").listing(rows.len()));
            Ok(rows)
        })
        .await?;
    Ok(Json(page::page(
        rows,
        limit,
        |row| TextKey(row.name.clone(), row.id),
        FacilityView::from,
    )))
}

/// Register a facility. Network administrators only.
#[utoipa::path(
    tag = "facilities",
    request_body = CreateFacility,
    responses((status = 201, body = FacilityView), (status = "4XX", body = Problem)),
)]
#[post("/v1/facilities")]
async fn create_facility(ctx: Ctx, input: Input<CreateFacility>) -> Result<Answer> {
    let new = &input.value;
    ctx.write(&input.digest, async |tx| {
        queries::insert(tx, policy::may_create(tx)?, new).await?;
        tx.record(Entry::new("facility.create").on("facility", new.id));
        Ok(Reply::created(FacilityView {
            id: new.id,
            name: new.name.clone(),
            kind: new.kind.code().to_owned(),
            institution_code: new.institution_code.clone(),
        }))
    })
    .await
}

impl From<Facility> for FacilityView {
    fn from(row: Facility) -> Self {
        Self {
            id: row.id,
            name: row.name,
            kind: row.kind,
            institution_code: row.institution_code,
        }
    }
}
