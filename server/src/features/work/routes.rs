use actix_web::{get, web::Json};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::{
    Result,
    ctx::Ctx,
    error::Problem,
    features::{
        acknowledgements::{self, DutyView},
        notices::{self, WaitingView},
        patients,
    },
    spine::{
        access::{self, Permit, Verb},
        audit::Entry,
    },
};

/// Registers the operations.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(find_work).service(find_work_counts);
}

struct Own;
impl Verb for Own {
    const ACTION: &'static str = "patient.list";
}

/// What waits for the caller.
#[derive(Debug, Serialize, ToSchema)]
struct WorkView {
    /// What the caller is asked to acknowledge or to answer, the nearest deadline first.
    asked: Vec<DutyView>,
    /// What came to the caller because somebody else did not answer.
    escalated: Vec<DutyView>,
    /// Approvals that are asked of the caller.
    approvals: Vec<WaitingView>,
    /// Mentions of the caller, answers, messages, announcements and so on, newest first.
    notices: Vec<WaitingView>,
}

/// How much a patient has that is new.
#[derive(Debug, Serialize, ToSchema)]
struct UnreadView {
    /// The patient.
    patient_id: Uuid,
    /// Posts that the caller has not read.
    unread: i64,
}

/// The numbers beside My work and the list of patients.
#[derive(Debug, Serialize, ToSchema)]
struct WorkCountsView {
    /// Requests to acknowledge or to answer, with those that came from others.
    asked: usize,
    /// Other notices.
    notices: usize,
    /// All posts that the caller has not read.
    unread: i64,
    /// The same by patient, where there are any.
    patients: Vec<UnreadView>,
}

/// See what waits for oneself, over all patients.
#[utoipa::path(tag = "work", responses((status = 200, body = WorkView), (status = "4XX", body = Problem)))]
#[get("/v1/work")]
async fn find_work(ctx: Ctx) -> Result<Json<WorkView>> {
    let view = ctx.read(async |tx| {
        let _permit: Permit<Own> = access::on_network(tx)?;
        let duty = acknowledgements::duties(tx).await?;
        let waiting = notices::waiting(tx).await?;
        let mut patients = duty.patients;
        patients.extend(waiting.patients);
        patients.sort_unstable();
        patients.dedup();
        let count = duty.items.len() + waiting.items.len();
        tx.record(Entry::new("work.read").listing(count).naming(patients));
        let (asked, escalated) = duty
            .items
            .into_iter()
            .partition(|duty| duty.part() == "asked");
        let (approvals, notices) = waiting
            .items
            .into_iter()
            .partition(|notice| notice.kind() == "approval");
        Ok(WorkView {
            asked,
            escalated,
            approvals,
            notices,
        })
    });
    Ok(Json(view.await?))
}

/// See how much waits for oneself: for the numbers in the navigation and on the icon of the app.
#[utoipa::path(tag = "work", responses((status = 200, body = WorkCountsView), (status = "4XX", body = Problem)))]
#[get("/v1/work/counts")]
async fn find_work_counts(ctx: Ctx) -> Result<Json<WorkCountsView>> {
    let view = ctx.read(async |tx| {
        let _permit: Permit<Own> = access::on_network(tx)?;
        let asked = acknowledgements::count_open(tx).await?;
        let notices = notices::count_waiting(tx).await?;
        let unread = patients::unread(tx).await?;
        tx.record(Entry::new("work.count").listing(asked + notices));
        Ok(WorkCountsView {
            asked,
            notices,
            unread: unread.iter().map(|(_, count)| count).sum(),
            patients: unread
                .into_iter()
                .map(|(patient_id, unread)| UnreadView { patient_id, unread })
                .collect(),
        })
    });
    Ok(Json(view.await?))
}
