//! Reading appointments: of a patient, one's own, one with its history.

use actix_web::{
    HttpResponse, get,
    http::header,
    post,
    web::{Json, Path},
};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{
    due::{Due, DueView},
    model::{Exception, Plan, occurrences},
    overlaps::{self, OverlapView},
    own,
    policy::{self, Detail, Own},
    queries::{self, Appointment},
    view::{self, AppointmentView, OccurrenceView, Shown},
};
use crate::{
    Error, Result,
    ctx::{Ctx, Tx},
    error::{FieldError, Problem},
    spine::{
        access,
        audit::Entry,
        input::{Check, Input, Query},
        page::Page,
        reply::etag,
    },
};

/// Most days of one list.
const LONGEST: i64 = 62;

/// Which days, as they are counted in Japan.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct ListAppointments {
    /// The first; today when left out.
    from: Option<NaiveDate>,
    /// The last, at most 61 days later; 13 days after the first when left out.
    to: Option<NaiveDate>,
}

impl ListAppointments {
    fn days(&self, tx: &Tx<'_>) -> Result<(NaiveDate, NaiveDate)> {
        let from = self.from.unwrap_or_else(|| tx.today());
        let to = match self.to {
            Some(to) => to,
            None => from.checked_add_signed(TimeDelta::days(13)).unwrap_or(from),
        };
        let known = |day: NaiveDate| (1990..=2110).contains(&chrono::Datelike::year(&day));
        if to < from || (to - from).num_days() >= LONGEST || !known(from) || !known(to) {
            let message = "not before from, at most 62 days";
            return Err(Error::invalid("to", "out_of_range", message));
        }
        Ok((from, to))
    }
}

/// The appointments of some days, and what else is due then.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AppointmentCalendar)]
pub(super) struct CalendarView {
    /// Appointments, in the order of time.
    items: Vec<OccurrenceView>,
    /// Exchanges of devices and deadlines for answers, as far as the caller may know of them, in the order of time. When
    /// today is one of the days, those that are overdue as well.
    due: Vec<DueView>,
    /// Always null: all days come at once.
    next: Option<String>,
}

/// List a patient's appointments in the order of time, and what else is due: exchanges of devices, and until when
/// somebody is to acknowledge or answer. The patient and the family see what is marked for them.
#[utoipa::path(
    tag = "appointments",
    params(ListAppointments),
    responses((status = 200, body = CalendarView), (status = "4XX", body = Problem)),
)]
#[get("/v1/patients/{patient_id}/appointments")]
pub(super) async fn list_patient_appointments(
    ctx: Ctx,
    patient_id: Path<Uuid>,
    query: Query<ListAppointments>,
) -> Result<Json<CalendarView>> {
    let patient_id = *patient_id;
    let view = ctx.read(async |tx| {
        let detail = policy::may_list(tx, patient_id).await?;
        let days = query.0.days(tx)?;
        let items = of_patient(tx, patient_id, detail, days).await?;
        let due = Due::of_patient(tx, patient_id, days).await?;
        let due = due.views(tx).await?;
        tx.record(
            Entry::new("appointments.list")
                .of_patient(patient_id)
                .listing(items.len() + due.len()),
        );
        Ok(CalendarView {
            items,
            due,
            next: None,
        })
    });
    Ok(Json(view.await?))
}

async fn of_patient(
    tx: &Tx<'_>,
    patient_id: Uuid,
    detail: Detail,
    (from, to): (NaiveDate, NaiveDate),
) -> Result<Vec<OccurrenceView>> {
    let found = queries::list_of_patient(tx, patient_id, (from, to)).await?;
    let of: Vec<&Appointment> = found.iter().collect();
    let shown = Shown::load(tx, &of, &[(patient_id, detail)]).await?;
    let mut times = Vec::new();
    for appointment in &found {
        let all = occurrences(&appointment.plan, &appointment.exceptions, from, to);
        let open = all
            .into_iter()
            .filter(|one| detail == Detail::Full || one.plan.for_family);
        times.extend(open.map(|one| (appointment, one)));
    }
    times.sort_by_key(|(_, one)| (one.span.first_day(), one.plan.starts_at));
    let view = |(of, one)| shown.occurrence(of, one);
    Ok(times.into_iter().map(view).collect())
}

/// List one's own appointments, of all patients and of none, in the order of time, and what else is due: exchanges of
/// devices of one's patients, and until when one is to acknowledge or answer. Where the caller may not see the patient,
/// kind and time only.
#[utoipa::path(
    tag = "appointments",
    params(ListAppointments),
    responses((status = 200, body = CalendarView), (status = "4XX", body = Problem)),
)]
#[get("/v1/appointments")]
pub(super) async fn list_own_appointments(
    ctx: Ctx,
    query: Query<ListAppointments>,
) -> Result<Json<CalendarView>> {
    let view = ctx.read(async |tx| {
        let _permit = access::on_network::<Own>(tx)?;
        let days = query.0.days(tx)?;
        let items = of_caller(tx, days).await?;
        let due = Due::of_caller(tx, days).await?;
        let due = due.views(tx).await?;
        let mut named: Vec<Uuid> = items
            .iter()
            .filter_map(OccurrenceView::patient_id)
            .chain(due.iter().filter_map(DueView::patient_id))
            .collect();
        named.sort_unstable();
        named.dedup();
        tx.record(
            Entry::new("appointments.list")
                .listing(items.len() + due.len())
                .naming(named),
        );
        Ok(CalendarView {
            items,
            due,
            next: None,
        })
    });
    Ok(Json(view.await?))
}

async fn of_caller(tx: &Tx<'_>, days: (NaiveDate, NaiveDate)) -> Result<Vec<OccurrenceView>> {
    let found = own::taken(tx, tx.actor.ids().0, days).await?;
    let of: Vec<&Appointment> = found.iter().map(|(appointment, _)| appointment).collect();
    let mut patients: Vec<Uuid> = of.iter().filter_map(|one| one.patient_id).collect();
    patients.sort_unstable();
    patients.dedup();
    let details = policy::seen(tx, &patients).await?;
    let shown = Shown::load(tx, &of, &details).await?;
    let views = found.iter().enumerate().map(|(at, (appointment, one))| {
        let mut others = found.iter().enumerate().filter(|(other, _)| *other != at);
        let overlaps = others.any(|(_, (_, other))| other.span.overlaps(one.span));
        shown
            .occurrence(appointment, one.clone())
            .overlapping(overlaps)
    });
    Ok(views.collect())
}

/// An appointment that somebody is about to enter.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct FindOverlaps {
    /// What it would say.
    plan: Plan,
    /// The appointment that it would replace.
    #[serde(default)]
    appointment_id: Option<Uuid>,
}

impl Check for FindOverlaps {
    fn check(&self, errors: &mut Vec<FieldError>) {
        self.plan.check("plan", errors);
    }
}

/// Ask at which times the staff of an appointment have something else, within eight weeks; changes nothing.
#[utoipa::path(
    tag = "appointments",
    request_body = FindOverlaps,
    responses((status = 200, body = Page<OverlapView>), (status = "4XX", body = Problem)),
)]
#[post("/v1/appointments/overlaps")]
pub(super) async fn find_appointment_overlaps(
    ctx: Ctx,
    input: Input<FindOverlaps>,
) -> Result<Json<Page<OverlapView>>> {
    let items = ctx.read(async |tx| {
        let _permit = access::on_network::<Own>(tx)?;
        let found = overlaps::find(tx, &input.value.plan, input.value.appointment_id).await?;
        tx.record(Entry::new("appointments.compare").listing(found.len()));
        Ok(found)
    });
    Ok(Json(Page {
        items: items.await?,
        next: None,
    }))
}

/// Finds an appointment that the caller sees in full.
pub(super) async fn find_whole(tx: &Tx<'_>, id: Uuid) -> Result<Appointment> {
    let found = queries::find(tx, id)
        .await?
        .ok_or_else(|| policy::hidden(id))?;
    if let Some(patient_id) = found.patient_id {
        policy::may_read(tx, id, patient_id).await?;
    } else {
        let _permit = access::on_network::<Own>(tx)?;
        let me = tx.actor.ids().0;
        if !found.involves(me) && found.created_by != Some(me) {
            return Err(policy::hidden(id));
        }
    }
    Ok(found)
}

/// What happened to an appointment, for the log.
pub(super) fn entry(action: &'static str, of: &Appointment) -> Entry {
    let entry = Entry::new(action).on("appointment", of.id);
    match of.patient_id {
        Some(patient_id) => entry.of_patient(patient_id),
        None => entry,
    }
}

/// Read an appointment, with all days on which it differs.
#[utoipa::path(
    tag = "appointments",
    responses((status = 200, body = AppointmentView), (status = "4XX", body = Problem)),
)]
#[get("/v1/appointments/{appointment_id}")]
pub(super) async fn find_appointment(ctx: Ctx, appointment_id: Path<Uuid>) -> Result<HttpResponse> {
    let view = ctx
        .read(async |tx| {
            let found = find_whole(tx, *appointment_id).await?;
            tx.record(entry("appointment.read", &found).version(found.version));
            view::whole(tx, found).await
        })
        .await?;
    Ok(HttpResponse::Ok()
        .insert_header((header::ETAG, etag(view.version)))
        .json(view))
}

/// A version of an appointment.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AppointmentVersion)]
pub(super) struct VersionView {
    /// Counts from 1.
    version: i32,
    /// `create`, `amend`, `amend_one`, `amend_following`, `cancel`, `cancel_one` or `cancel_following`.
    change: String,
    /// Why.
    reason: Option<String>,
    /// What it said.
    plan: Plan,
    /// The days on which it was not, or was otherwise.
    exceptions: Vec<Exception>,
    /// Whether it was called off.
    cancelled: bool,
    /// Who wrote it; null when the server did.
    written_by_name: Option<String>,
    /// When.
    written_at: DateTime<Utc>,
}

/// List every version of an appointment, oldest first.
#[utoipa::path(
    tag = "appointments",
    responses((status = 200, body = Page<VersionView>), (status = "4XX", body = Problem)),
)]
#[get("/v1/appointments/{appointment_id}/versions")]
pub(super) async fn list_appointment_versions(
    ctx: Ctx,
    appointment_id: Path<Uuid>,
) -> Result<Json<Page<VersionView>>> {
    let items = ctx.read(async |tx| {
        let found = find_whole(tx, *appointment_id).await?;
        let rows = queries::list_versions(tx, found.id).await?;
        tx.record(entry("appointment.versions", &found).listing(rows.len()));
        rows.into_iter().map(version).collect()
    });
    Ok(Json(Page {
        items: items.await?,
        next: None,
    }))
}

fn version(row: queries::VersionRow) -> Result<VersionView> {
    Ok(VersionView {
        version: row.version,
        change: row.change,
        reason: row.reason,
        plan: serde_json::from_value(row.plan).map_err(Error::internal)?,
        exceptions: serde_json::from_value(row.exceptions).map_err(Error::internal)?,
        cancelled: row.cancelled,
        written_by_name: row.written_by_name,
        written_at: row.written_at,
    })
}
