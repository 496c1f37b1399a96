//! Patients whose accesses are looked at more closely (注視対象): well-known people, relatives of staff, and whoever asked
//! for it. Kept by auditors and administrators, with a reason and a time.

mod queries;

use actix_web::{
    get, post,
    web::{Json, Path},
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use self::queries::Row;
use super::{
    compute,
    policy::{self, KeepWatched, Read, ReadWatched},
};
use crate::{
    Error, Result,
    ctx::{Ctx, Tx},
    error::{FieldError, Problem},
    spine::{
        access::{self, Verb as _},
        audit::{Denial, Entry},
        input::{Check, Input, Nothing, Query},
        page::{self, Page, TimeKey},
        reply::{Answer, Reply},
        text,
    },
};

/// A patient who is watched.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct WatchedPatientView {
    /// Identifier.
    id: Uuid,
    /// The patient.
    patient_id: Uuid,
    /// Name of the patient; null for administrators, who see no patients.
    patient_name: Option<String>,
    /// Why.
    reason: String,
    /// First day.
    starts_on: NaiveDate,
    /// Last day, when it is known.
    ends_on: Option<NaiveDate>,
    /// When it was asked for.
    created_at: DateTime<Utc>,
    /// Name of whoever asked for it.
    created_by: String,
    /// When it was ended before its last day.
    ended_at: Option<DateTime<Utc>>,
    /// Whether the patient is watched at this moment.
    active: bool,
}

/// A patient to be watched.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CreateWatchedPatient {
    /// Identifier, chosen by the caller.
    pub(super) id: Uuid,
    /// The patient.
    pub(super) patient_id: Uuid,
    /// Why, 1 to 500 characters.
    pub(super) reason: String,
    /// First day; today when left out. A day in the past has the log looked through from then on.
    #[serde(default)]
    pub(super) starts_on: Option<NaiveDate>,
    /// Last day, if it is known.
    #[serde(default)]
    pub(super) ends_on: Option<NaiveDate>,
}

impl Check for CreateWatchedPatient {
    fn check(&self, errors: &mut Vec<FieldError>) {
        text::check("reason", &self.reason, 500, true, errors);
    }
}

/// Which to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct ListWatchedPatients {
    /// Those that are over, too; false when left out.
    over_too: Option<bool>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// 1 to 100; 50 when left out.
    limit: Option<i64>,
}

impl WatchedPatientView {
    fn of(tx: &Tx<'_>, row: Row) -> Self {
        let today = tx.today();
        Self {
            active: row.ended_at.is_none()
                && row.starts_on <= today
                && row.ends_on.is_none_or(|last| last >= today),
            id: row.id,
            patient_id: row.patient_id,
            patient_name: access::offers_on_network::<Read>(tx).then_some(row.patient_name),
            reason: row.reason,
            starts_on: row.starts_on,
            ends_on: row.ends_on,
            created_at: row.created_at,
            created_by: row.created_by,
            ended_at: row.ended_at,
        }
    }
}

/// List the patients whose accesses are looked at more closely, newest first. Auditors and administrators only.
#[utoipa::path(
    tag = "findings",
    params(ListWatchedPatients),
    responses((status = 200, body = Page<WatchedPatientView>), (status = "4XX", body = Problem)),
)]
#[get("/v1/watched-patients")]
pub(super) async fn list_watched_patients(
    ctx: Ctx,
    query: Query<ListWatchedPatients>,
) -> Result<Json<Page<WatchedPatientView>>> {
    let before: Option<TimeKey> = page::parse(query.0.cursor.as_deref())?;
    let limit = page::limit(query.0.limit)?;
    let over_too = query.0.over_too.unwrap_or(false);
    let found = ctx
        .read_log(async |tx| {
            let permit = policy::may::<ReadWatched>(tx)?;
            let mut rows = queries::page(tx, permit, over_too, before, limit).await?;
            let next = page::cut(&mut rows, limit, |row| TimeKey(row.created_at, row.id));
            tx.record(
                Entry::new("watched_patients.list")
                    .listing(rows.len())
                    .naming(rows.iter().map(|row| row.patient_id)),
            );
            let items = rows.into_iter().map(|row| WatchedPatientView::of(tx, row));
            Ok(Page {
                items: items.collect(),
                next,
            })
        })
        .await?;
    Ok(Json(found))
}

/// Have accesses to a patient looked at more closely. Auditors and administrators only.
#[utoipa::path(
    tag = "findings",
    request_body = CreateWatchedPatient,
    responses((status = 201, body = WatchedPatientView), (status = "4XX", body = Problem)),
)]
#[post("/v1/watched-patients")]
pub(super) async fn create_watched_patient(
    ctx: Ctx,
    input: Input<CreateWatchedPatient>,
) -> Result<Answer> {
    let new = &input.value;
    ctx.write_log(&input.digest, async |tx| {
        let permit = policy::may::<KeepWatched>(tx)?;
        let starts_on = new.starts_on.unwrap_or(tx.today());
        if new
            .ends_on
            .is_some_and(|last| last < starts_on || last < tx.today())
        {
            let message = "not before the first day, nor in the past";
            return Err(Error::invalid("ends_on", "out_of_range", message));
        }
        if !queries::patient_exists(tx, new.patient_id).await? {
            return Err(Error::invalid(
                "patient_id",
                "not_allowed",
                "no such patient",
            ));
        }
        queries::insert(tx, permit, new, starts_on).await?;
        if starts_on < tx.today() {
            compute::want_everything(tx).await?;
        }
        tx.record(
            Entry::new("watched_patient.create")
                .of_patient(new.patient_id)
                .on("watched_patient", new.id),
        );
        Ok(Reply::created(view(tx, new.id).await?))
    })
    .await
}

/// Stop looking at accesses to a patient more closely. What was found stays. Auditors and administrators only.
#[utoipa::path(
    tag = "findings",
    request_body = Nothing,
    responses((status = 200, body = WatchedPatientView), (status = "4XX", body = Problem)),
)]
#[post("/v1/watched-patients/{watched_patient_id}/end")]
pub(super) async fn end_watched_patient(
    ctx: Ctx,
    watched_patient_id: Path<Uuid>,
    input: Input<Nothing>,
) -> Result<Answer> {
    let id = *watched_patient_id;
    ctx.write_log(&input.digest, async |tx| {
        let permit = policy::may::<KeepWatched>(tx)?;
        let Some(row) = queries::find(tx, id).await? else {
            let denial = Denial::hidden(KeepWatched::ACTION).on("watched_patient", id);
            return Err(Error::Denied(Box::new(denial)));
        };
        if !queries::end(tx, permit, id).await? {
            let message = "it has ended";
            return Err(Error::Conflict("watched_patient_ended", message));
        }
        tx.record(
            Entry::new("watched_patient.end")
                .of_patient(row.patient_id)
                .on("watched_patient", id),
        );
        Ok(Reply::ok(view(tx, id).await?))
    })
    .await
}

async fn view(tx: &Tx<'_>, id: Uuid) -> Result<WatchedPatientView> {
    let row = queries::find(tx, id).await?.ok_or(Error::NotFound)?;
    Ok(WatchedPatientView::of(tx, row))
}
