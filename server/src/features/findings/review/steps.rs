//! What auditors do about findings. Every step is written down and changes the version.

use actix_web::{post, web::Path};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    super::{
        model::{
            Conclusion, NewStep, Refused, State, StepKind, after_assigning, after_reopening,
            is_unfinished,
        },
        policy::{self, Review},
        rules::{Rule, SEARCHES},
    },
    asking::end_requests,
    list::unknown,
    queries::{self, ByHand, Change, Row},
    view::{self, FindingDetailView},
};
use crate::{
    Error, Result,
    ctx::{Ctx, Tx},
    error::{FieldError, Problem},
    spine::{
        access::Permit,
        audit::{self, Entry, Stored},
        clock::japanese_day,
        input::{Check, Input},
        reply::{Answer, Reply},
        text,
    },
};

/// Most entries of a finding that is opened by hand.
const MOST_ENTRIES: usize = 100;

/// A finding to be opened.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct CreateFinding {
    /// Identifier, chosen by the caller.
    id: Uuid,
    /// The entries of the access log that it rests on, 1 to 100, of one person or of none.
    entries: Vec<Uuid>,
    /// Why it is to be looked at, 1 to 2,000 characters.
    note: String,
}

impl Check for CreateFinding {
    fn check(&self, errors: &mut Vec<FieldError>) {
        text::check("note", &self.note, 2000, true, errors);
        if !(1..=MOST_ENTRIES).contains(&self.entries.len()) {
            errors.push(FieldError::new("entries", "out_of_range", "1 to 100"));
        }
        // Those of this version follow from what the rules find.
        if self.id.get_version_num() == 8 {
            errors.push(FieldError::new("id", "not_allowed", "a new identifier"));
        }
    }
}

/// To whom a finding is given.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct AssignFinding {
    /// The post of an auditor.
    auditor_id: Uuid,
}

impl Check for AssignFinding {
    fn check(&self, _: &mut Vec<FieldError>) {}
}

/// What a review came to.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct CloseFinding {
    /// The conclusion.
    conclusion: Conclusion,
    /// The grounds, 1 to 2,000 characters.
    note: String,
}

impl Check for CloseFinding {
    fn check(&self, errors: &mut Vec<FieldError>) {
        text::check("note", &self.note, 2000, true, errors);
    }
}

/// Why a finding is opened again.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct ReopenFinding {
    /// Why, 1 to 2,000 characters.
    note: String,
}

impl Check for ReopenFinding {
    fn check(&self, errors: &mut Vec<FieldError>) {
        text::check("note", &self.note, 2000, true, errors);
    }
}

/// A finding about which a step is taken, in the version that the caller has seen.
pub(super) struct Taken {
    pub(super) row: Row,
    pub(super) permit: Permit<Review>,
}

impl Taken {
    /// How the finding changes: nothing but its version, to begin with.
    pub(super) fn change(&self) -> Change {
        Change {
            state: self.state().code(),
            version: self.row.version.saturating_add(1),
            assigned_to: self.row.assigned_to,
            conclusion: None,
            closed_at: None,
        }
    }

    /// The state of the finding.
    pub(super) fn state(&self) -> State {
        State::parse(&self.row.state)
    }

    /// The entry of the access log for a step.
    pub(super) fn entry(&self, action: &'static str, change: &Change) -> Entry {
        let entry = Entry::new(action)
            .on("finding", self.row.id)
            .version(change.version);
        match self.row.patient_id {
            Some(patient) => entry.of_patient(patient),
            None => entry,
        }
    }

    /// Writes the step down; answers with the finding as it is now.
    pub(super) async fn save(
        self,
        tx: &Tx<'_>,
        change: &Change,
        step: &NewStep,
    ) -> Result<Reply<FindingDetailView>> {
        let id = self.row.id;
        queries::take_step(tx, self.permit, id, change, step).await?;
        let row = queries::find(tx, id).await?.ok_or(Error::NotFound)?;
        let version = row.version;
        Ok(Reply::ok(view::detail(tx, row).await?).version(version))
    }
}

/// Takes up a finding for a step.
pub(super) async fn take(tx: &Tx<'_>, id: Uuid) -> Result<Taken> {
    let _permit = policy::may::<Review>(tx)?;
    let expected = tx.expected_version()?;
    let row = queries::find_for_update(tx, id).await?;
    let row = row.ok_or_else(|| unknown(id))?;
    let permit = policy::may_review(tx, id, row.person_id)?;
    if row.version != expected {
        return Err(Error::Stale);
    }
    Ok(Taken { row, permit })
}

/// Open a finding by hand, about entries of the access log that no rule has found. Auditors only.
#[utoipa::path(
    tag = "findings",
    request_body = CreateFinding,
    responses((status = 201, body = FindingDetailView), (status = "4XX", body = Problem)),
)]
#[post("/v1/findings")]
pub(in super::super) async fn create_finding(
    ctx: Ctx,
    input: Input<CreateFinding>,
) -> Result<Answer> {
    let new = &input.value;
    ctx.write_log(&input.digest, async |tx| {
        let _permit = policy::may::<Review>(tx)?;
        let by_hand = by_hand(tx, new).await?;
        let permit = policy::may_review(tx, new.id, by_hand.person_id)?;
        let span = (by_hand.entries.first(), by_hand.entries.last());
        let (Some((first, _)), Some((last, _))) = span else {
            return Err(Error::NotFound);
        };
        let mut step = NewStep::new(tx, new.id, 1, StepKind::Opened);
        step.note = Some(new.note.clone());
        let what = (Rule::ByHand.code(), &step);
        queries::insert(tx, permit, &by_hand, (*first, *last), what).await?;
        let entry = Entry::new("finding.create").on("finding", new.id);
        tx.record(match by_hand.patient_id {
            Some(patient) => entry.of_patient(patient),
            None => entry,
        });
        let row = queries::find(tx, new.id).await?.ok_or(Error::NotFound)?;
        Ok(Reply::created(view::detail(tx, row).await?).version(1))
    })
    .await
}

/// Whom and what the named entries are about.
async fn by_hand(tx: &Tx<'_>, new: &CreateFinding) -> Result<ByHand> {
    let mut rows: Vec<Stored> = Vec::with_capacity(new.entries.len());
    for id in &new.entries {
        let wrong = || Error::invalid("entries", "not_allowed", "no such entry");
        rows.push(audit::find(tx, *id).await?.ok_or_else(wrong)?);
    }
    rows.sort_by_key(|row| (row.at, row.id));
    rows.dedup_by_key(|row| row.id);
    let posts: Vec<Uuid> = rows.iter().filter_map(|row| row.staff_member_id).collect();
    let people = queries::people_of(tx, &posts).await?;
    let person_of = |row: &Stored| {
        row.staff_member_id
            .and_then(|post| people.get(&post).copied())
    };
    let first = rows.first().ok_or(Error::NotFound)?;
    let person_id = person_of(first);
    if rows.iter().any(|row| person_of(row) != person_id) {
        let message = "of several people: open one for each";
        return Err(Error::invalid("entries", "not_allowed", message));
    }
    let patient_id = first.patient_id;
    let same_patient = rows.iter().all(|row| row.patient_id == patient_id);
    // A search names patients without being about one.
    let is_search = SEARCHES.contains(&first.action.as_str());
    let patient_id = patient_id.filter(|_| same_patient && !is_search);
    let known = super::view::patient_names(tx, &Vec::from_iter(patient_id)).await?;
    Ok(ByHand {
        id: new.id,
        person_id,
        staff_member_id: first.staff_member_id.filter(|_| person_id.is_some()),
        patient_id: patient_id.filter(|id| known.contains_key(id)),
        day: japanese_day(first.at),
        entries: rows.iter().map(|row| (row.at, row.id)).collect(),
    })
}

/// Give a finding to an auditor, oneself or another. Not to the person concerned.
#[utoipa::path(
    tag = "findings",
    request_body = AssignFinding,
    params(("If-Match" = String, Header, description = "The version that the auditor has seen")),
    responses((status = 200, body = FindingDetailView), (status = "4XX", body = Problem)),
)]
#[post("/v1/findings/{finding_id}/assign")]
pub(in super::super) async fn assign_finding(
    ctx: Ctx,
    finding_id: Path<Uuid>,
    input: Input<AssignFinding>,
) -> Result<Answer> {
    let auditor = input.value.auditor_id;
    ctx.write_log(&input.digest, async |tx| {
        let taken = take(tx, *finding_id).await?;
        is_unfinished(taken.state())?;
        let person = queries::find_auditor(tx, auditor).await?;
        if person.is_none() || person == taken.row.person_id {
            let message = "an auditor whom it is not about";
            return Err(Error::invalid("auditor_id", "not_allowed", message));
        }
        let mut change = taken.change();
        change.state = after_assigning(taken.state()).code();
        change.assigned_to = Some(auditor);
        let mut step = NewStep::new(tx, taken.row.id, change.version, StepKind::Assigned);
        step.assigned_to = Some(auditor);
        tx.record(taken.entry("finding.assign", &change));
        taken.save(tx, &change, &step).await
    })
    .await
}

/// Close a finding with a conclusion. What the person concerned was asked need not be answered any more.
#[utoipa::path(
    tag = "findings",
    request_body = CloseFinding,
    params(("If-Match" = String, Header, description = "The version that the auditor has seen")),
    responses((status = 200, body = FindingDetailView), (status = "4XX", body = Problem)),
)]
#[post("/v1/findings/{finding_id}/close")]
pub(in super::super) async fn close_finding(
    ctx: Ctx,
    finding_id: Path<Uuid>,
    input: Input<CloseFinding>,
) -> Result<Answer> {
    let CloseFinding { conclusion, note } = &input.value;
    ctx.write_log(&input.digest, async |tx| {
        let taken = take(tx, *finding_id).await?;
        is_unfinished(taken.state())?;
        // Whoever reviews the emergency access closes it.
        if taken.row.rule == Rule::EmergencyUnreviewed.code() {
            return Err(Refused::NeedsReview.into());
        }
        let mut change = taken.change();
        change.state = State::Closed.code();
        change.conclusion = Some(conclusion.code().to_owned());
        change.closed_at = Some(tx.now);
        let mut step = NewStep::new(tx, taken.row.id, change.version, StepKind::Closed);
        step.conclusion = Some(conclusion.code().to_owned());
        step.note = Some(note.clone());
        end_requests(tx, taken.row.id).await?;
        tx.record(taken.entry("finding.close", &change));
        taken.save(tx, &change, &step).await
    })
    .await
}

/// Open a closed finding again. What was concluded before stays on record.
#[utoipa::path(
    tag = "findings",
    request_body = ReopenFinding,
    params(("If-Match" = String, Header, description = "The version that the auditor has seen")),
    responses((status = 200, body = FindingDetailView), (status = "4XX", body = Problem)),
)]
#[post("/v1/findings/{finding_id}/reopen")]
pub(in super::super) async fn reopen_finding(
    ctx: Ctx,
    finding_id: Path<Uuid>,
    input: Input<ReopenFinding>,
) -> Result<Answer> {
    let note = &input.value.note;
    ctx.write_log(&input.digest, async |tx| {
        let taken = take(tx, *finding_id).await?;
        if taken.state() != State::Closed {
            return Err(Refused::NotClosed.into());
        }
        let mut change = taken.change();
        change.state = after_reopening(taken.row.assigned_to.is_some()).code();
        let mut step = NewStep::new(tx, taken.row.id, change.version, StepKind::Reopened);
        step.note = Some(note.clone());
        tx.record(taken.entry("finding.reopen", &change));
        taken.save(tx, &change, &step).await
    })
    .await
}
