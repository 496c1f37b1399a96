use actix_web::{
    get, post,
    web::{Json, Path},
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::{
    model::{self, LicenceStatus, Method, NewLicence},
    policy,
    queries::{self, Licence},
};
use crate::{
    Error, Result,
    ctx::{Ctx, Tx},
    error::{FieldError, Problem},
    features::staff_members,
    spine::{
        audit::Entry,
        input::{Check, Input, Nothing},
        page::Page,
        professions,
        reply::{Answer, Reply},
        text,
    },
};

/// Registers the operations.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(list_licences)
        .service(create_licence)
        .service(revoke_licence);
}

/// A licence.
#[derive(Debug, Serialize, ToSchema)]
struct LicenceView {
    /// Identifier.
    id: Uuid,
    /// Code of the profession.
    profession: String,
    /// Registration number.
    number: String,
    /// Day on which it was seen.
    verified_on: NaiveDate,
    /// Name of whoever saw it.
    verified_by: String,
    /// What was seen: `original`, `copy`, `register` or `hpki`.
    method: String,
    /// Last day; null for a licence that does not expire.
    valid_until: Option<NaiveDate>,
    /// When it was entered.
    created_at: DateTime<Utc>,
    /// Since when it does not count: revoked, or replaced by a later row of the same number.
    revoked_at: Option<DateTime<Utc>>,
    /// What it is worth today, for itself: `verified`, `expired`, or `unverified` when it was revoked.
    status: LicenceStatus,
}

fn view(tx: &Tx<'_>, (row, verified_by): (Licence, String)) -> LicenceView {
    let counts = row.revoked_at.is_none().then_some(row.valid_until);
    LicenceView {
        id: row.id,
        profession: row.profession,
        number: row.number,
        verified_on: row.verified_on,
        verified_by,
        method: row.method,
        valid_until: row.valid_until,
        created_at: row.created_at,
        revoked_at: row.revoked_at,
        status: model::worth(counts, tx.today()),
    }
}

/// A licence to be entered.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CreateLicence {
    /// Identifier, chosen by the caller.
    id: Uuid,
    /// Code of the profession, one of the register with which a licence goes.
    profession: String,
    /// Registration number, up to 50 characters.
    number: String,
    /// Day on which it was seen, not in the future.
    verified_on: NaiveDate,
    /// What was seen.
    method: Method,
    /// Last day, for licences that expire.
    #[serde(default)]
    valid_until: Option<NaiveDate>,
}

impl Check for CreateLicence {
    fn check(&self, errors: &mut Vec<FieldError>) {
        text::check("number", &self.number, 50, false, errors);
        if !professions::find(&self.profession).is_some_and(|found| found.licensed) {
            errors.push(FieldError::new(
                "profession",
                "not_allowed",
                "not a profession of the register with which a licence goes",
            ));
        }
        if self.valid_until.is_some_and(|last| last < self.verified_on) {
            errors.push(FieldError::new(
                "valid_until",
                "out_of_range",
                "not before verified_on",
            ));
        }
    }
}

/// List the licences of the person who holds a post, newest first, with those revoked.
#[utoipa::path(
    tag = "licences",
    responses((status = 200, body = Page<LicenceView>), (status = "4XX", body = Problem)),
)]
#[get("/v1/staff-members/{staff_member_id}/licences")]
async fn list_licences(ctx: Ctx, staff_member_id: Path<Uuid>) -> Result<Json<Page<LicenceView>>> {
    let items = ctx.read(async |tx| {
        let permit = policy::may_list(tx)?;
        let person = staff_members::find_person(tx, *staff_member_id).await?;
        let rows = queries::list(tx, permit, person.ok_or(Error::NotFound)?).await?;
        tx.record(
            Entry::new("licences.list")
                .on("staff_member", *staff_member_id)
                .listing(rows.len()),
        );
        Ok(rows.into_iter().map(|row| view(tx, row)).collect())
    });
    Ok(Json(Page {
        items: items.await?,
        next: None,
    }))
}

/// Enter a licence that was verified, for the person who holds a post. The same number of the same person replaces the
/// earlier entry. Network administrators only.
#[utoipa::path(
    tag = "licences",
    request_body = CreateLicence,
    extensions(("x-step-up" = json!(true))),
    responses((status = 201, body = LicenceView), (status = "4XX", body = Problem)),
)]
#[post("/v1/staff-members/{staff_member_id}/licences")]
async fn create_licence(
    ctx: Ctx,
    staff_member_id: Path<Uuid>,
    input: Input<CreateLicence>,
) -> Result<Answer> {
    let new = &input.value;
    ctx.write(&input.digest, async |tx| {
        let permit = policy::may_write(tx)?;
        let person = staff_members::find_person(tx, *staff_member_id).await?;
        if new.verified_on > tx.today() {
            return Err(Error::invalid(
                "verified_on",
                "out_of_range",
                "not in the future",
            ));
        }
        let licence = NewLicence {
            id: new.id,
            person_id: person.ok_or(Error::NotFound)?,
            profession: &new.profession,
            number: &model::number(&new.number),
            verified_on: new.verified_on,
            method: new.method,
            valid_until: new.valid_until,
        };
        queries::insert(tx, permit, &licence).await?;
        tx.record(Entry::new("licence.create").on("licence", new.id));
        let made = queries::find(tx, new.id).await?.ok_or(Error::NotFound)?;
        Ok(Reply::created(view(tx, made)))
    })
    .await
}

/// Revoke a licence: it does not count from now on. Network administrators only.
#[utoipa::path(
    tag = "licences",
    request_body = Nothing,
    extensions(("x-step-up" = json!(true))),
    responses((status = 200, body = LicenceView), (status = "4XX", body = Problem)),
)]
#[post("/v1/licences/{licence_id}/revoke")]
async fn revoke_licence(ctx: Ctx, licence_id: Path<Uuid>, input: Input<Nothing>) -> Result<Answer> {
    ctx.write(&input.digest, async |tx| {
        let permit = policy::may_write(tx)?;
        if queries::find(tx, *licence_id).await?.is_none() {
            return Err(Error::NotFound);
        }
        if !queries::revoke(tx, permit, *licence_id).await? {
            let message = "the licence was revoked or replaced before";
            return Err(Error::Conflict("licence_revoked", message));
        }
        tx.record(Entry::new("licence.revoke").on("licence", *licence_id));
        let row = queries::find(tx, *licence_id)
            .await?
            .ok_or(Error::NotFound)?;
        Ok(Reply::ok(view(tx, row)))
    })
    .await
}
