//! What other features know of the coming days: devices to be exchanged, and until when people are to answer. It is asked
//! for whenever a calendar is read and kept nowhere else, so that nobody sees more of it here than there.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{model::Span, policy, queries, view::PatientView};
use crate::{
    Result,
    ctx::Tx,
    features::{
        acknowledgements::{self, DueAnswer},
        facts::{self, DueExchange},
    },
    spine::clock::japanese_day,
};

/// Something that is due on a day and is no appointment.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AppointmentDue)]
pub(super) struct DueView {
    /// `device_exchange`, or `answer`: a post that is to be acknowledged or answered.
    kind: &'static str,
    /// Whom it is about; null where the caller may not see the patient's calendar.
    patient: Option<PatientView>,
    /// What is exchanged, in Japanese, such as 尿道留置カテーテル; null for an answer.
    what: Option<String>,
    /// Kind of the post; null for an exchange.
    post_kind: Option<String>,
    /// Whether a reply to the post is asked for; otherwise acknowledging it is enough.
    reply: bool,
    /// The day in Japan.
    on: NaiveDate,
    /// By when on that day; null for an exchange.
    at: Option<DateTime<Utc>>,
    /// Whether it should have been done by now.
    overdue: bool,
    /// The fact that says so; null for an answer.
    fact_id: Option<Uuid>,
    /// The post; null for an exchange.
    post_id: Option<Uuid>,
}

impl DueView {
    /// The patient whom it names.
    pub(super) fn patient_id(&self) -> Option<Uuid> {
        self.patient.as_ref().map(|patient| patient.id)
    }
}

/// A day or a time at which something is due, without what it is and whose: for a calendar outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deadline {
    /// The fact or the post.
    pub id: Uuid,
    /// Whole days for an exchange, a moment for an answer.
    pub span: Span,
    /// The version of what says so.
    pub version: i32,
    /// When that was written.
    pub written_at: DateTime<Utc>,
}

/// What is due, as far as the caller may know.
pub(super) struct Due {
    exchanges: Vec<DueExchange>,
    answers: Vec<DueAnswer>,
}

impl Due {
    /// About one patient, from one day to another.
    pub(super) async fn of_patient(
        tx: &Tx<'_>,
        patient_id: Uuid,
        days: (NaiveDate, NaiveDate),
    ) -> Result<Self> {
        let patients = policy::known(tx, &[patient_id]).await?;
        Ok(Self {
            exchanges: facts::due_exchanges(tx, &patients, days).await?,
            answers: acknowledgements::due_of_patient(tx, patient_id, days).await?,
        })
    }

    /// Of the caller, from one day to another: exchanges of all patients with whom the caller has to do, and what the
    /// caller is asked for.
    pub(super) async fn of_caller(tx: &Tx<'_>, days: (NaiveDate, NaiveDate)) -> Result<Self> {
        let patients = facts::patients_with_exchanges(tx, days.1).await?;
        let patients = policy::known(tx, &patients).await?;
        Ok(Self {
            exchanges: facts::due_exchanges(tx, &patients, days).await?,
            answers: acknowledgements::due_of_caller(tx, days).await?,
        })
    }

    /// As a list shows it, in the order of time.
    pub(super) async fn views(self, tx: &Tx<'_>) -> Result<Vec<DueView>> {
        let exchanges = self.exchanges.iter().map(|due| due.patient_id);
        let answers = self.answers.iter().map(|due| due.patient_id);
        let mut patients: Vec<Uuid> = exchanges.chain(answers).collect();
        patients.sort_unstable();
        patients.dedup();
        let seen = policy::seen(tx, &patients).await?;
        let seen: Vec<Uuid> = seen.into_iter().map(|(id, _)| id).collect();
        let names = queries::list_patients(tx, &seen).await?;
        let exchanges = self.exchanges.into_iter().map(|due| exchange(due, &names));
        let answers = self.answers.into_iter().map(|due| answer(due, &names));
        let mut views: Vec<DueView> = exchanges.chain(answers).collect();
        views.sort_by_key(|view| (view.on, view.at));
        Ok(views)
    }
}

fn named(id: Uuid, names: &HashMap<Uuid, String>) -> Option<PatientView> {
    let name = names.get(&id)?.clone();
    Some(PatientView { id, name })
}

fn exchange(due: DueExchange, names: &HashMap<Uuid, String>) -> DueView {
    DueView {
        kind: "device_exchange",
        patient: named(due.patient_id, names),
        what: Some(due.what),
        post_kind: None,
        reply: false,
        on: due.on,
        at: None,
        overdue: due.overdue,
        fact_id: Some(due.fact_id),
        post_id: None,
    }
}

fn answer(due: DueAnswer, names: &HashMap<Uuid, String>) -> DueView {
    DueView {
        kind: "answer",
        patient: named(due.patient_id, names),
        what: None,
        post_kind: Some(due.post_kind),
        reply: due.reply,
        on: japanese_day(due.due_at),
        at: Some(due.due_at),
        overdue: due.overdue,
        fact_id: None,
        post_id: Some(due.post_id),
    }
}

/// What is due for the caller from one day to another, without what it is and whose: for the calendar feed.
pub async fn deadlines(tx: &Tx<'_>, days: (NaiveDate, NaiveDate)) -> Result<Vec<Deadline>> {
    let due = Due::of_caller(tx, days).await?;
    let exchanges = due.exchanges.into_iter().map(|due| Deadline {
        id: due.fact_id,
        span: Span::Days(due.on, due.on),
        version: due.version,
        written_at: due.written_at,
    });
    let answers = due.answers.into_iter().map(|due| Deadline {
        id: due.post_id,
        span: Span::Timed(due.due_at, due.due_at),
        version: 1,
        written_at: due.asked_at,
    });
    Ok(exchanges.chain(answers).collect())
}
