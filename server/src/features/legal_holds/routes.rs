use actix_web::{
    get, post,
    web::{Json, Path},
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::{
    policy,
    queries::{self, LegalHold},
};
use crate::{
    Error, Result,
    ctx::{Ctx, Tx},
    error::{FieldError, Problem},
    features::staff_members,
    spine::{
        audit::Entry,
        clock::{day_begins, japanese_month},
        input::{Check, Input, Query},
        page::{self, Page, TimeKey},
        reply::{Answer, Reply},
        text,
    },
};

/// Registers the operations.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(list_legal_holds)
        .service(create_legal_hold)
        .service(release_legal_hold);
}

/// A time of the access log to be held.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CreateLegalHold {
    /// Identifier, chosen by the caller.
    pub(super) id: Uuid,
    /// First day.
    pub(super) from_on: NaiveDate,
    /// Last day; may be to come.
    pub(super) to_on: NaiveDate,
    /// The patient whom it is about, when one.
    #[serde(default)]
    pub(super) patient_id: Option<Uuid>,
    /// The staff member whom it is about, when one.
    #[serde(default)]
    pub(super) staff_member_id: Option<Uuid>,
    /// Why, up to 1,000 characters.
    pub(super) reason: String,
}

impl Check for CreateLegalHold {
    fn check(&self, errors: &mut Vec<FieldError>) {
        text::check("reason", &self.reason, 1000, true, errors);
        if self.to_on < self.from_on {
            let message = "not before from_on";
            errors.push(FieldError::new("to_on", "out_of_range", message));
        }
    }
}

/// The end of a legal hold.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ReleaseLegalHold {
    /// Why, up to 1,000 characters.
    reason: String,
}

impl Check for ReleaseLegalHold {
    fn check(&self, errors: &mut Vec<FieldError>) {
        text::check("reason", &self.reason, 1000, true, errors);
    }
}

/// A time of the access log that stays in the database.
#[derive(Debug, Serialize, ToSchema)]
struct LegalHoldView {
    /// Identifier.
    id: Uuid,
    /// First day.
    from_on: NaiveDate,
    /// Last day.
    to_on: NaiveDate,
    /// The patient whom it is about; the whole months are held all the same.
    patient_id: Option<Uuid>,
    /// The staff member whom it is about.
    staff_member_id: Option<Uuid>,
    /// Why.
    reason: String,
    /// When it began.
    created_at: DateTime<Utc>,
    /// Name of whoever began it.
    created_by: String,
    /// When it was released.
    released_at: Option<DateTime<Utc>>,
    /// Name of whoever released it.
    released_by: Option<String>,
    /// Why it was released.
    release_reason: Option<String>,
    /// Archive files in which months of this time are: they have to be kept by whoever keeps the files.
    archive_files: Vec<String>,
}

/// What to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct ListLegalHolds {
    /// `next` of the page before.
    cursor: Option<String>,
    /// 1 to 100; 50 when left out.
    limit: Option<i64>,
}

/// List legal holds, released ones too, newest first. Auditors and network administrators only.
#[utoipa::path(
    tag = "legal_holds",
    params(ListLegalHolds),
    responses((status = 200, body = Page<LegalHoldView>), (status = "4XX", body = Problem)),
)]
#[get("/v1/legal-holds")]
async fn list_legal_holds(
    ctx: Ctx,
    query: Query<ListLegalHolds>,
) -> Result<Json<Page<LegalHoldView>>> {
    let before: Option<TimeKey> = page::parse(query.0.cursor.as_deref())?;
    let limit = page::limit(query.0.limit)?;
    let page = ctx.read_log(async |tx| {
        let mut rows = queries::page(tx, policy::may(tx)?, before, limit).await?;
        let next = page::cut(&mut rows, limit, |row| TimeKey(row.created_at, row.id));
        tx.record(Entry::new("legal_holds.list").listing(rows.len()));
        let items = views(tx, rows).await?;
        Ok(Page { items, next })
    });
    Ok(Json(page.await?))
}

/// Hold a time of the access log: its months are not taken out of the database, however old they get, until the hold is
/// released. Auditors only.
#[utoipa::path(
    tag = "legal_holds",
    request_body = CreateLegalHold,
    responses((status = 201, body = LegalHoldView), (status = "4XX", body = Problem)),
)]
#[post("/v1/legal-holds")]
async fn create_legal_hold(ctx: Ctx, input: Input<CreateLegalHold>) -> Result<Answer> {
    let new = &input.value;
    ctx.write_log(&input.digest, async |tx| {
        let permit = policy::may(tx)?;
        if let Some(patient_id) = new.patient_id
            && !queries::has_patient(tx, patient_id).await?
        {
            return Err(unknown("patient_id"));
        }
        if let Some(staff_member_id) = new.staff_member_id
            && !staff_members::exists(tx, staff_member_id).await?
        {
            return Err(unknown("staff_member_id"));
        }
        queries::insert(tx, permit, new).await?;
        tx.record(Entry::new("legal_hold.create").on("legal_hold", new.id));
        Ok(Reply::created(view(tx, new.id).await?))
    })
    .await
}

/// Release a legal hold, with a reason. Auditors only.
#[utoipa::path(
    tag = "legal_holds",
    request_body = ReleaseLegalHold,
    extensions(("x-step-up" = json!(true))),
    responses((status = 200, body = LegalHoldView), (status = "4XX", body = Problem)),
)]
#[post("/v1/legal-holds/{legal_hold_id}/release")]
async fn release_legal_hold(
    ctx: Ctx,
    legal_hold_id: Path<Uuid>,
    input: Input<ReleaseLegalHold>,
) -> Result<Answer> {
    let id = *legal_hold_id;
    ctx.write_log(&input.digest, async |tx| {
        let permit = policy::may(tx)?;
        queries::find(tx, id).await?.ok_or(Error::NotFound)?;
        if !queries::release(tx, permit, id, &input.value.reason).await? {
            let message = "the legal hold has been released";
            return Err(Error::Conflict("legal_hold_released", message));
        }
        tx.record(Entry::new("legal_hold.release").on("legal_hold", id));
        Ok(Reply::ok(view(tx, id).await?))
    })
    .await
}

fn unknown(field: &str) -> Error {
    Error::invalid(field, "not_allowed", "there is none with this id")
}

async fn view(tx: &Tx<'_>, id: Uuid) -> Result<LegalHoldView> {
    let row = queries::find(tx, id).await?;
    let views = views(tx, row.into_iter().collect()).await?;
    views.into_iter().next().ok_or(Error::NotFound)
}

async fn views(tx: &Tx<'_>, rows: Vec<LegalHold>) -> Result<Vec<LegalHoldView>> {
    let by = |row: &LegalHold| [Some(row.created_by), row.released_by];
    let ids: Vec<Uuid> = rows.iter().flat_map(by).flatten().collect();
    let names = staff_members::names(tx, &ids).await?;
    let name = |id: Uuid| names.get(&id).cloned().unwrap_or_default();
    let months = |row: &LegalHold| (month_of(row.from_on), month_of(row.to_on));
    let first = rows.iter().map(|row| months(row).0).min();
    let last = rows.iter().map(|row| months(row).1).max();
    let archives = match first.zip(last) {
        Some((first, last)) => queries::list_archives(tx, first, last).await?,
        None => Vec::new(),
    };
    let view = |row: LegalHold| {
        let (first, last) = months(&row);
        let within = |(month, _): &&(NaiveDate, String)| (first..=last).contains(month);
        LegalHoldView {
            archive_files: archives
                .iter()
                .filter(within)
                .map(|(_, file)| file.clone())
                .collect(),
            id: row.id,
            from_on: row.from_on,
            to_on: row.to_on,
            patient_id: row.patient_id,
            staff_member_id: row.staff_member_id,
            reason: row.reason,
            created_at: row.created_at,
            created_by: name(row.created_by),
            released_at: row.released_at,
            released_by: row.released_by.map(name),
            release_reason: row.release_reason,
        }
    };
    Ok(rows.into_iter().map(view).collect())
}

/// First day of the month of a day.
fn month_of(day: NaiveDate) -> NaiveDate {
    japanese_month(day_begins(day))
}
