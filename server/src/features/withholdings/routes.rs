use std::collections::HashMap;

use actix_web::{
    get, post,
    web::{Json, Path},
};
use chrono::{DateTime, Months, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::{
    policy,
    queries::{self, Withholding},
};
use crate::{
    Error, Result,
    ctx::{Ctx, Tx},
    error::{FieldError, Problem},
    features::{patients, staff_members},
    spine::{
        audit::Entry,
        input::{Check, Input, Nothing, Query},
        page::{self, Page, TimeKey},
        reply::{Answer, Reply},
        text,
    },
};

/// Shortest legal basis, in characters: a word is not one.
const SHORTEST_BASIS: usize = 10;
/// A withholding lasts this many months at most; whoever needs more decides again.
const LONGEST: u32 = 12;

/// Registers the operations.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(list_withholdings)
        .service(create_withholding)
        .service(end_withholding);
}

/// From whom entries are withheld.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = WithholdingAudience)]
pub(super) enum Audience {
    /// 本人・家族・代理人
    #[default]
    Everyone,
    /// 家族・代理人のみ
    Family,
}

impl Audience {
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Everyone => "everyone",
            Self::Family => "family",
        }
    }
}

/// Entries that a patient is not to see for a while.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CreateWithholding {
    /// Identifier, chosen by the caller.
    pub(super) id: Uuid,
    /// The patient.
    pub(super) patient_id: Uuid,
    /// First day whose entries are withheld.
    pub(super) from_on: NaiveDate,
    /// Last day whose entries are withheld; may be to come.
    pub(super) to_on: NaiveDate,
    /// From whom: `everyone` (when left out) or `family`.
    #[serde(default)]
    pub(super) audience: Audience,
    /// Which law or order says so, 10 to 1,000 characters.
    pub(super) legal_basis: String,
    /// Who decided it, by office and name, up to 200 characters.
    pub(super) decided_by: String,
    /// Last day of withholding, at most a year from today.
    pub(super) until_on: NaiveDate,
}

impl Check for CreateWithholding {
    fn check(&self, errors: &mut Vec<FieldError>) {
        text::check("legal_basis", &self.legal_basis, 1000, true, errors);
        if self.legal_basis.trim().chars().count() < SHORTEST_BASIS {
            let message = "at least 10 characters";
            errors.push(FieldError::new("legal_basis", "too_short", message));
        }
        text::check("decided_by", &self.decided_by, 200, false, errors);
        if self.to_on < self.from_on {
            let message = "not before from_on";
            errors.push(FieldError::new("to_on", "out_of_range", message));
        }
    }
}

/// Entries that a patient does not see for a while, and why.
#[derive(Debug, Serialize, ToSchema)]
struct WithholdingView {
    /// Identifier.
    id: Uuid,
    /// The patient.
    patient_id: Uuid,
    /// First day whose entries are withheld.
    from_on: NaiveDate,
    /// Last day whose entries are withheld.
    to_on: NaiveDate,
    /// From whom: `everyone` or `family`.
    audience: String,
    /// Which law or order says so.
    legal_basis: String,
    /// Who decided it.
    decided_by: String,
    /// Last day of withholding.
    until_on: NaiveDate,
    /// Whether it is in force.
    in_force: bool,
    /// When it was recorded.
    created_at: DateTime<Utc>,
    /// Name of whoever recorded it.
    created_by: String,
    /// When it was ended before its time.
    ended_at: Option<DateTime<Utc>>,
    /// Name of whoever ended it.
    ended_by: Option<String>,
}

/// What to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct ListWithholdings {
    /// Only of this patient.
    patient_id: Option<Uuid>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// 1 to 100; 50 when left out.
    limit: Option<i64>,
}

/// List what is or was withheld from patients, newest first. Network administrators and auditors only.
#[utoipa::path(
    tag = "withholdings",
    params(ListWithholdings),
    responses((status = 200, body = Page<WithholdingView>), (status = "4XX", body = Problem)),
)]
#[get("/v1/withholdings")]
async fn list_withholdings(
    ctx: Ctx,
    query: Query<ListWithholdings>,
) -> Result<Json<Page<WithholdingView>>> {
    let before: Option<TimeKey> = page::parse(query.0.cursor.as_deref())?;
    let limit = page::limit(query.0.limit)?;
    let page = ctx.read(async |tx| {
        let permit = policy::may_read(tx)?;
        let mut rows = queries::page(tx, permit, query.0.patient_id, before, limit).await?;
        let next = page::cut(&mut rows, limit, |row| TimeKey(row.created_at, row.id));
        tx.record(Entry::new("withholdings.list").listing(rows.len()));
        let items = views(tx, rows).await?;
        Ok(Page { items, next })
    });
    Ok(Json(page.await?))
}

/// Withhold entries of the access log from a patient for a while, because a law says so. Nothing tells the patient that
/// something is missing. Network administrators only; auditors see it.
#[utoipa::path(
    tag = "withholdings",
    request_body = CreateWithholding,
    extensions(("x-step-up" = json!(true))),
    responses((status = 201, body = WithholdingView), (status = "4XX", body = Problem)),
)]
#[post("/v1/withholdings")]
async fn create_withholding(ctx: Ctx, input: Input<CreateWithholding>) -> Result<Answer> {
    let new = &input.value;
    ctx.write(&input.digest, async |tx| {
        let permit = policy::may_keep(tx)?;
        let latest = tx.today().checked_add_months(Months::new(LONGEST));
        if new.until_on < tx.today() || latest.is_some_and(|latest| new.until_on > latest) {
            let message = "from today to a year from today";
            return Err(Error::invalid("until_on", "out_of_range", message));
        }
        let patient = patients::find(tx, new.patient_id).await?;
        patient.ok_or(Error::NotFound)?;
        queries::insert(tx, permit, new).await?;
        tx.record(
            Entry::new("withholding.create")
                .of_patient(new.patient_id)
                .on("withholding", new.id),
        );
        Ok(Reply::created(view(tx, new.id).await?))
    })
    .await
}

/// End a withholding before its last day: the patient sees the entries from now on.
#[utoipa::path(
    tag = "withholdings",
    request_body = Nothing,
    extensions(("x-step-up" = json!(true))),
    responses((status = 200, body = WithholdingView), (status = "4XX", body = Problem)),
)]
#[post("/v1/withholdings/{withholding_id}/end")]
async fn end_withholding(
    ctx: Ctx,
    withholding_id: Path<Uuid>,
    input: Input<Nothing>,
) -> Result<Answer> {
    let id = *withholding_id;
    ctx.write(&input.digest, async |tx| {
        let permit = policy::may_keep(tx)?;
        let found = queries::find(tx, id).await?.ok_or(Error::NotFound)?;
        if !queries::end(tx, permit, id).await? {
            let message = "the withholding is over";
            return Err(Error::Conflict("withholding_ended", message));
        }
        tx.record(
            Entry::new("withholding.end")
                .of_patient(found.patient_id)
                .on("withholding", id),
        );
        Ok(Reply::ok(view(tx, id).await?))
    })
    .await
}

async fn view(tx: &Tx<'_>, id: Uuid) -> Result<WithholdingView> {
    let row = queries::find(tx, id).await?;
    let views = views(tx, row.into_iter().collect()).await?;
    views.into_iter().next().ok_or(Error::NotFound)
}

async fn views(tx: &Tx<'_>, rows: Vec<Withholding>) -> Result<Vec<WithholdingView>> {
    let by = |row: &Withholding| [Some(row.created_by), row.ended_by];
    let ids: Vec<Uuid> = rows.iter().flat_map(by).flatten().collect();
    let names = staff_members::names(tx, &ids).await?;
    let today = tx.today();
    let view = |row| WithholdingView::of(row, &names, today);
    Ok(rows.into_iter().map(view).collect())
}

impl WithholdingView {
    fn of(row: Withholding, names: &HashMap<Uuid, String>, today: NaiveDate) -> Self {
        let name = |id: Uuid| names.get(&id).cloned().unwrap_or_default();
        Self {
            in_force: row.ended_at.is_none() && row.until_on >= today,
            id: row.id,
            patient_id: row.patient_id,
            from_on: row.from_on,
            to_on: row.to_on,
            audience: row.audience,
            legal_basis: row.legal_basis,
            decided_by: row.decided_by,
            until_on: row.until_on,
            created_at: row.created_at,
            created_by: name(row.created_by),
            ended_at: row.ended_at,
            ended_by: row.ended_by.map(name),
        }
    }
}
