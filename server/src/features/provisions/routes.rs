use actix_web::{
    HttpResponse, get,
    http::header,
    web::{Json, Path},
};
use chrono::{DateTime, Months, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::{
    export,
    model::{Provision, kind_ja},
    policy, queries,
};
use crate::{
    Error, Result,
    ctx::{Ctx, Tx},
    error::Problem,
    features::{consents, facilities::FacilityRef, patients},
    spine::{
        audit::Entry,
        input::Query,
        page::{self, Page},
    },
};

/// Registers the operations.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(list_provisions).service(export_provisions);
}

/// One day on which one facility was shown one kind of information that another had recorded.
#[derive(Debug, Serialize, ToSchema)]
struct ProvisionView {
    /// Day, in Japan.
    provided_on: NaiveDate,
    /// The facility that had recorded it.
    source_facility: FacilityRef,
    /// The facility that was shown it.
    recipient_facility: FacilityRef,
    /// Whoever there was shown it first that day.
    recipient: String,
    /// Code of the kind of information.
    kind: String,
    /// The kind in Japanese.
    kind_ja: String,
    /// `consent` or `emergency`.
    basis: String,
    /// The consent, when that was the ground.
    consent_id: Option<Uuid>,
}

/// The place in the list after a row: when, giver, kind, receiver.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Place(
    pub(super) DateTime<Utc>,
    pub(super) Uuid,
    pub(super) String,
    pub(super) Uuid,
);

/// Which days, and which page.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct ListProvisions {
    /// First day; three years ago when left out, which is how long records are kept.
    from: Option<NaiveDate>,
    /// Last day; today when left out.
    to: Option<NaiveDate>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// 1 to 100; 50 when left out.
    limit: Option<i64>,
}

/// Which days.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct ExportProvisions {
    /// First day; three years ago when left out, which is how long records are kept.
    from: Option<NaiveDate>,
    /// Last day; today when left out.
    to: Option<NaiveDate>,
}

/// The days asked for.
fn span(
    tx: &Tx<'_>,
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
) -> Result<(NaiveDate, NaiveDate)> {
    let to = to.unwrap_or_else(|| tx.today());
    // 個人情報の保護に関する法律施行規則 21 条・25 条: three years.
    let from = from
        .or_else(|| to.checked_sub_months(Months::new(36)))
        .unwrap_or(to);
    if from > to {
        return Err(Error::invalid("from", "out_of_range", "not after `to`"));
    }
    Ok((from, to))
}

/// List what of a patient was shown to other facilities, newest first: one row for each day, giver, receiver and kind of
/// information (第三者提供記録).
#[utoipa::path(
    tag = "provisions",
    params(ListProvisions),
    responses((status = 200, body = Page<ProvisionView>), (status = "4XX", body = Problem)),
)]
#[get("/v1/patients/{patient_id}/provisions")]
async fn list_provisions(
    ctx: Ctx,
    patient_id: Path<Uuid>,
    query: Query<ListProvisions>,
) -> Result<Json<Page<ProvisionView>>> {
    let ListProvisions {
        from,
        to,
        cursor,
        limit,
    } = query.0;
    let after: Option<Place> = page::parse(cursor.as_deref())?;
    let limit = page::limit(limit)?;
    let rows = ctx
        .read(async |tx| {
            let (_, permit) = policy::may_read(tx, *patient_id).await?;
            let days = span(tx, from, to)?;
            let rows =
                queries::page(tx, permit, *patient_id, days, after.clone(), Some(limit)).await?;
            tx.record(
                Entry::new("provisions.list")
                    .of_patient(*patient_id)
                    .listing(rows.len()),
            );
            Ok(rows)
        })
        .await?;
    let key = |row: &Provision| {
        Place(
            row.first_at,
            row.source.id,
            row.kind.clone(),
            row.recipient.id,
        )
    };
    Ok(Json(page::page(rows, limit, key, ProvisionView::from)))
}

/// Get the same as a spreadsheet (CSV in UTF-8 with a byte order mark), to be handed to the patient (開示).
#[utoipa::path(
    tag = "provisions",
    extensions(("x-step-up" = json!(true))),
    params(ExportProvisions),
    responses(
        (status = 200, content_type = "text/csv", body = String),
        (status = "4XX", body = Problem),
    ),
)]
#[get("/v1/patients/{patient_id}/provisions.csv")]
async fn export_provisions(
    ctx: Ctx,
    patient_id: Path<Uuid>,
    query: Query<ExportProvisions>,
) -> Result<HttpResponse> {
    let ExportProvisions { from, to } = query.0;
    let bytes = ctx
        .read(async |tx| {
            let (_, permit) = policy::may_export(tx, *patient_id).await?;
            let days = span(tx, from, to)?;
            let rows = queries::page(tx, permit, *patient_id, days, None, None).await?;
            let mut ids: Vec<Uuid> = rows.iter().filter_map(|row| row.consent_id).collect();
            ids.sort_unstable();
            ids.dedup();
            let grounds = consents::grounds(tx, &ids).await?;
            let patient = patients::find(tx, *patient_id).await?;
            let patient = patient.ok_or(Error::NotFound)?;
            tx.record(
                Entry::new("provisions.export")
                    .of_patient(*patient_id)
                    .listing(rows.len()),
            );
            export::csv(&patient.name, &rows, &grounds)
        })
        .await?;
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header((
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"provisions.csv\"",
        ))
        .body(bytes))
}

impl From<Provision> for ProvisionView {
    fn from(row: Provision) -> Self {
        Self {
            kind_ja: kind_ja(&row.kind).to_owned(),
            provided_on: row.provided_on,
            source_facility: row.source,
            recipient_facility: row.recipient,
            recipient: row.recipient_name,
            kind: row.kind,
            basis: row.basis,
            consent_id: row.consent_id,
        }
    }
}
