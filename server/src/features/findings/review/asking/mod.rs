//! Asking the person concerned why, and the answer. The person sees the question, when and what was looked at, and the
//! patient if still allowed to; nothing of the rules, and no other finding.

mod queries;

use actix_web::{
    get, post,
    web::{Json, Path},
};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{
    super::{
        keep,
        model::{NewStep, Refused, State, StepKind, is_unfinished},
        policy::{self, Answer as AnswerOwn},
        tuning,
    },
    queries as findings,
    steps::{Taken, take},
    view::{self, FindingDetailView},
};
use crate::{
    Error, Result,
    ctx::{Ctx, Tx},
    error::{FieldError, Problem},
    spine::{
        access::{self, Verb as _},
        audit::{Denial, Entry},
        input::{Check, Input, Query},
        page::{self, Page, TimeKey},
        reply::{Answer, Reply},
        text,
    },
};

pub(super) use queries::{Request, end_requests};

/// A question to the person concerned.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct AskFinding {
    /// Identifier of the question, chosen by the caller.
    id: Uuid,
    /// What is asked, 1 to 1,000 characters. The person concerned reads it.
    question: String,
}

impl Check for AskFinding {
    fn check(&self, errors: &mut Vec<FieldError>) {
        text::check("question", &self.question, 1000, true, errors);
    }
}

/// An answer.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct AnswerJustificationRequest {
    /// Why, 1 to 2,000 characters. It cannot be changed afterwards.
    answer: String,
}

impl Check for AnswerJustificationRequest {
    fn check(&self, errors: &mut Vec<FieldError>) {
        text::check("answer", &self.answer, 2000, true, errors);
    }
}

/// Which questions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = JustificationRequestState)]
enum Which {
    /// Those that wait for an answer.
    #[default]
    Open,
    /// All of them.
    All,
}

/// What to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct ListJustificationRequests {
    /// Which; `open` when left out.
    #[serde(default)]
    #[param(inline)]
    state: Which,
    /// `next` of the page before.
    cursor: Option<String>,
    /// 1 to 100; 50 when left out.
    limit: Option<i64>,
}

/// A patient about whom somebody is asked.
#[derive(Debug, Serialize, ToSchema)]
struct JustificationPatientView {
    /// Identifier.
    id: Uuid,
    /// Name.
    name: String,
}

/// An access about which somebody is asked.
#[derive(Debug, Serialize, ToSchema)]
struct JustificationAccessView {
    /// When.
    at: DateTime<Utc>,
    /// What: `feature.verb`.
    action: String,
    /// `allowed` or `denied`.
    outcome: String,
}

/// A question that an auditor has asked the caller.
#[derive(Debug, Serialize, ToSchema)]
pub(in super::super) struct JustificationRequestView {
    /// Identifier.
    id: Uuid,
    /// What is asked.
    question: String,
    /// When it was asked.
    asked_at: DateTime<Utc>,
    /// By when an answer is wanted.
    due_at: DateTime<Utc>,
    /// Whether the answer is missing and should be there.
    overdue: bool,
    /// When it was answered.
    answered_at: Option<DateTime<Utc>>,
    /// The answer.
    answer: Option<String>,
    /// Whether no answer is wanted any more.
    ended: bool,
    /// The patient, when it is about one whom the caller may still see.
    patient: Option<JustificationPatientView>,
    /// Whether it is about a patient whom the caller may not see any more.
    patient_hidden: bool,
    /// What was done, in order; at most 100.
    accesses: Vec<JustificationAccessView>,
}

/// Ask the person concerned for a justification. The person is told by mail, and sees the question, when and what was
/// looked at, and the patient if still allowed to.
#[utoipa::path(
    tag = "findings",
    request_body = AskFinding,
    params(("If-Match" = String, Header, description = "The version that the auditor has seen")),
    responses((status = 200, body = FindingDetailView), (status = "4XX", body = Problem)),
)]
#[post("/v1/findings/{finding_id}/ask")]
pub(in super::super) async fn ask_finding(
    ctx: Ctx,
    finding_id: Path<Uuid>,
    input: Input<AskFinding>,
) -> Result<Answer> {
    let AskFinding { id, question } = &input.value;
    ctx.write_log(&input.digest, async |tx| {
        let taken = take(tx, *finding_id).await?;
        is_unfinished(taken.state())?;
        let person = whom(tx, &taken).await?;
        let mut change = taken.change();
        change.state = State::Asked.code();
        let (_, rules) = tuning::newest(tx).await?;
        let due_at = tx.now + TimeDelta::days(rules.answer_days.into());
        queries::insert_request(tx, (*id, taken.row.id, person), question, due_at).await?;
        let mut step = NewStep::new(tx, taken.row.id, change.version, StepKind::Asked);
        step.request_id = Some(*id);
        keep::ask_by_mail(tx, person).await?;
        tx.record(taken.entry("finding.ask", &change));
        taken.save(tx, &change, &step).await
    })
    .await
}

/// Whom a finding can be asked about.
async fn whom(tx: &Tx<'_>, taken: &Taken) -> Result<Uuid> {
    let person = taken.row.person_id.ok_or(Refused::NobodyToAsk)?;
    if !queries::can_answer(tx, person).await? {
        return Err(Refused::NobodyToAsk.into());
    }
    if queries::is_asked(tx, taken.row.id).await? {
        return Err(Refused::Asked.into());
    }
    Ok(person)
}

/// List the questions that auditors have asked the caller, the newest first.
#[utoipa::path(
    tag = "findings",
    params(ListJustificationRequests),
    responses((status = 200, body = Page<JustificationRequestView>), (status = "4XX", body = Problem)),
)]
#[get("/v1/justification-requests")]
pub(in super::super) async fn list_justification_requests(
    ctx: Ctx,
    query: Query<ListJustificationRequests>,
) -> Result<Json<Page<JustificationRequestView>>> {
    let ListJustificationRequests {
        state,
        cursor,
        limit,
    } = query.0;
    let before: Option<TimeKey> = page::parse(cursor.as_deref())?;
    let limit = page::limit(limit)?;
    let found = ctx.read_log(async |tx| {
        let permit = policy::may::<AnswerOwn>(tx)?;
        let person = policy::own_person(tx).unwrap_or_default();
        let open_only = state == Which::Open;
        let mut rows =
            queries::page_requests(tx, permit, person, open_only, (before, limit)).await?;
        let next = page::cut(&mut rows, limit, |row| TimeKey(row.asked_at, row.id));
        let mut items = Vec::with_capacity(rows.len());
        for row in rows {
            items.push(request(tx, row).await?);
        }
        tx.record(
            Entry::new("justification_requests.list")
                .listing(items.len())
                .naming(
                    items
                        .iter()
                        .filter_map(|item| Some(item.patient.as_ref()?.id)),
                ),
        );
        Ok(Page { items, next })
    });
    Ok(Json(found.await?))
}

/// Answer a question of an auditor, once.
#[utoipa::path(
    tag = "findings",
    request_body = AnswerJustificationRequest,
    responses((status = 200, body = JustificationRequestView), (status = "4XX", body = Problem)),
)]
#[post("/v1/justification-requests/{justification_request_id}/answer")]
pub(in super::super) async fn answer_justification_request(
    ctx: Ctx,
    justification_request_id: Path<Uuid>,
    input: Input<AnswerJustificationRequest>,
) -> Result<Answer> {
    let id = *justification_request_id;
    ctx.write_log(&input.digest, async |tx| {
        let permit = policy::may::<AnswerOwn>(tx)?;
        let own = |asked: &Request| Some(asked.person_id) == policy::own_person(tx);
        let unknown = || {
            let denial = Denial::hidden(AnswerOwn::ACTION).on("justification_request", id);
            Error::Denied(Box::new(denial))
        };
        // The finding first, as whoever reviews it does, so that nobody waits for the other.
        let asked = queries::find_request(tx, id).await?;
        let asked = asked.filter(own).ok_or_else(unknown)?;
        let finding = findings::find_for_update(tx, asked.finding_id).await?;
        let finding = finding.ok_or(Error::NotFound)?;
        let asked = queries::find_request(tx, id)
            .await?
            .ok_or(Error::NotFound)?;
        insist_open(&asked)?;
        let taken_up = findings::Change {
            state: State::Answered.code(),
            version: finding.version.saturating_add(1),
            assigned_to: finding.assigned_to,
            conclusion: None,
            closed_at: None,
        };
        let mut step = NewStep::new(tx, finding.id, taken_up.version, StepKind::Answered);
        step.request_id = Some(id);
        let text = &input.value.answer;
        queries::answer(tx, permit, &asked, text, (&taken_up, &step)).await?;
        tx.record(Entry::new("justification_request.answer").on("justification_request", id));
        let asked = queries::find_request(tx, id)
            .await?
            .ok_or(Error::NotFound)?;
        Ok(Reply::ok(request(tx, asked).await?))
    })
    .await
}

fn insist_open(asked: &Request) -> Result<()> {
    if asked.answered_at.is_some() {
        let message = "it has been answered";
        return Err(Error::Conflict("justification_answered", message));
    }
    if asked.ended_at.is_some() {
        let message = "no answer is wanted any more";
        return Err(Error::Conflict("justification_ended", message));
    }
    Ok(())
}

/// A question as the person concerned sees it.
async fn request(tx: &Tx<'_>, asked: Request) -> Result<JustificationRequestView> {
    let finding = findings::find(tx, asked.finding_id).await?;
    let finding = finding.ok_or(Error::NotFound)?;
    let patient = match finding.patient_id {
        Some(id) => visible_patient(tx, id).await?,
        None => None,
    };
    let accesses = queries::list_accesses(tx, finding.id, finding.run).await?;
    let access = |(at, action, outcome)| JustificationAccessView {
        at,
        action,
        outcome,
    };
    Ok(JustificationRequestView {
        overdue: asked.is_overdue(tx.now),
        ended: asked.ended_at.is_some(),
        patient_hidden: finding.patient_id.is_some() && patient.is_none(),
        patient,
        accesses: accesses.into_iter().map(access).collect(),
        id: asked.id,
        question: asked.question,
        asked_at: asked.asked_at,
        due_at: asked.due_at,
        answered_at: asked.answered_at,
        answer: asked.answer,
    })
}

/// The patient, if whoever acts may know that there is such a patient.
async fn visible_patient(tx: &Tx<'_>, id: Uuid) -> Result<Option<JustificationPatientView>> {
    let ground = access::ground(tx, id).await?;
    if !ground.is_some_and(|ground| access::is_visible(tx, id, ground)) {
        return Ok(None);
    }
    let name = view::patient_names(tx, &[id]).await?.remove(&id);
    Ok(name.map(|(name, _)| JustificationPatientView { id, name }))
}
