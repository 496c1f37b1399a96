//! Findings as they are shown: with the names of people, patients and facilities, and without anything clinical.

mod queries;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use self::queries::{Evidence, Names, Step};
use super::{
    super::{policy, rules::Rule},
    asking::Request,
    queries::Row,
};
use crate::{Result, ctx::Tx, spine::sealing};

pub(super) use queries::patients as patient_names;

/// The person concerned.
#[derive(Debug, Serialize, ToSchema)]
struct FindingPersonView {
    /// The person.
    person_id: Uuid,
    /// The post that the person acted for first.
    staff_member_id: Option<Uuid>,
    /// Name.
    name: String,
    /// Code of the profession of that post.
    profession: Option<String>,
    /// Facility of that post.
    facility_name: Option<String>,
}

/// The patient concerned.
#[derive(Debug, Serialize, ToSchema)]
struct FindingPatientView {
    /// Identifier.
    id: Uuid,
    /// Name in kanji.
    name: String,
    /// Name in kana; null in lists of entries.
    kana: Option<String>,
}

/// An account at which somebody tried to sign in.
#[derive(Debug, Serialize, ToSchema)]
struct FindingAccountView {
    /// The account.
    account_id: Uuid,
    /// Sign-in name, before the @.
    login_name: String,
    /// Name of its owner.
    name: String,
}

/// A system.
#[derive(Debug, Serialize, ToSchema)]
struct FindingSystemView {
    /// Identifier.
    id: Uuid,
    /// Name.
    name: String,
}

/// The emergency access that a finding is about. Administrators and auditors review it where it is listed.
#[derive(Debug, Serialize, ToSchema)]
struct FindingEmergencyView {
    /// Identifier.
    id: Uuid,
    /// When it began.
    started_at: DateTime<Utc>,
    /// When it was reviewed.
    reviewed_at: Option<DateTime<Utc>>,
    /// What the review found: `justified` or `not_justified`.
    finding: Option<String>,
}

/// An auditor.
#[derive(Debug, Serialize, ToSchema)]
struct FindingAuditorView {
    /// The post.
    staff_member_id: Uuid,
    /// Name.
    name: String,
}

/// The last question to the person concerned.
#[derive(Debug, Serialize, ToSchema)]
struct FindingQuestionView {
    /// Identifier.
    id: Uuid,
    /// When it was asked.
    asked_at: DateTime<Utc>,
    /// By when an answer is wanted.
    due_at: DateTime<Utc>,
    /// When it was answered.
    answered_at: Option<DateTime<Utc>>,
    /// Whether the answer is missing and should be there.
    overdue: bool,
}

/// Something that the rules found in the access log, or an auditor by hand.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct FindingView {
    /// Identifier.
    pub(super) id: Uuid,
    /// Code of the rule that found it, as in `FindingRule`.
    rule: String,
    /// The day in Japan that it is about.
    day: NaiveDate,
    /// What made the rule speak: `kanji`, `kana` (surname), `address`, `relative`, `patient` (own family), `watched`,
    /// `allowed`, `refused` (no relation), `unreviewed`, `hour`, `patients`, `membership`, `consent` (ended), `person`,
    /// `system`, `account`, `source` (refusals).
    reasons: Vec<String>,
    /// `open`, `assigned`, `asked`, `answered`, `closed` or `superseded`.
    state: String,
    /// Version, for `If-Match`.
    version: i32,
    /// The person concerned.
    person: Option<FindingPersonView>,
    /// The patient concerned, when it is about one.
    patient: Option<FindingPatientView>,
    /// The account at which somebody tried to sign in.
    account: Option<FindingAccountView>,
    /// The system concerned.
    system: Option<FindingSystemView>,
    /// The address that attempts came from.
    source_ip: Option<String>,
    /// The emergency access that nobody reviewed.
    emergency_access: Option<FindingEmergencyView>,
    /// How many entries it rests on.
    entries: i64,
    /// The first of them.
    first_at: DateTime<Utc>,
    /// The last of them.
    last_at: DateTime<Utc>,
    /// When it was found first.
    found_at: DateTime<Utc>,
    /// The version of the rules that it was found with first; 0 for the usual ones.
    found_version: i32,
    /// The version of the rules that it was found with last.
    rule_version: i32,
    /// The auditor who reviews it.
    assigned_to: Option<FindingAuditorView>,
    /// `justified`, `not_justified`, `unclear` or `duplicate`.
    conclusion: Option<String>,
    /// When it was closed.
    closed_at: Option<DateTime<Utc>>,
    /// The last question to the person concerned.
    question: Option<FindingQuestionView>,
    /// Whether it is about the caller, who then may not review it.
    about_caller: bool,
}

/// An entry of the access log that a finding rests on.
#[derive(Debug, Serialize, ToSchema)]
struct FindingEntryView {
    /// The entry.
    id: Uuid,
    /// When.
    at: DateTime<Utc>,
    /// What: `feature.verb`.
    action: String,
    /// `allowed` or `denied`.
    outcome: String,
    /// Error code, when it was denied.
    code: Option<String>,
    /// Purpose of use (HL7 v3 PurposeOfUse).
    purpose: String,
    /// What tied the caller to the patient, in one word.
    ground: Option<String>,
    /// Profession at that moment.
    profession: Option<String>,
    /// Facility at that moment.
    facility_name: Option<String>,
    /// The patient.
    patient: Option<FindingPatientView>,
    /// Kind of the thing concerned.
    resource_type: Option<String>,
    /// The thing concerned.
    resource_id: Option<Uuid>,
    /// The session.
    session_id: Option<Uuid>,
    /// The registered device.
    device_id: Option<Uuid>,
    /// Where it came from.
    source_ip: Option<String>,
    /// Its place in the sealed log.
    leaf_index: Option<i64>,
}

/// Something that was done about a finding.
#[derive(Debug, Serialize, ToSchema)]
struct FindingStepView {
    /// Number, from 1.
    number: i32,
    /// `found`, `opened`, `assigned`, `asked`, `answered`, `reminded`, `closed`, `reopened`, `superseded`, `found_again`.
    kind: String,
    /// When.
    at: DateTime<Utc>,
    /// Name of whoever did it; null for the server itself.
    by: Option<String>,
    /// Name of the auditor to whom it was given.
    assigned_to: Option<String>,
    /// The question that it was about.
    request_id: Option<Uuid>,
    /// What the review came to.
    conclusion: Option<String>,
    /// Remarks.
    note: Option<String>,
    /// The version of the rules, for what the rules did.
    rule_version: Option<i32>,
}

/// A question to the person concerned, with its answer.
#[derive(Debug, Serialize, ToSchema)]
struct FindingJustificationView {
    /// Identifier.
    id: Uuid,
    /// What was asked.
    question: String,
    /// When.
    asked_at: DateTime<Utc>,
    /// Name of the auditor who asked.
    asked_by: String,
    /// By when an answer is wanted.
    due_at: DateTime<Utc>,
    /// When it was answered.
    answered_at: Option<DateTime<Utc>>,
    /// The answer.
    answer: Option<String>,
    /// When no answer was wanted any more.
    ended_at: Option<DateTime<Utc>>,
    /// Whether the answer is missing and should be there.
    overdue: bool,
}

/// A finding with its evidence and everything that was done about it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct FindingDetailView {
    /// The finding.
    #[serde(flatten)]
    finding: FindingView,
    /// The entries that it rests on, in order; at most 500 of them.
    evidence: Vec<FindingEntryView>,
    /// Everything that was done about it, in order.
    steps: Vec<FindingStepView>,
    /// What the person concerned was asked, and answered.
    justifications: Vec<FindingJustificationView>,
}

/// Findings with names.
pub(super) async fn findings(tx: &Tx<'_>, rows: Vec<Row>) -> Result<Vec<FindingView>> {
    let names = queries::names(tx, &rows).await?;
    Ok(rows
        .into_iter()
        .map(|row| finding(tx, row, &names))
        .collect())
}

/// A finding with everything that belongs to it.
pub(super) async fn detail(tx: &Tx<'_>, row: Row) -> Result<FindingDetailView> {
    let tree = sealing::current(tx).await?.map_or(0, |head| head.tree);
    let evidence = queries::list_evidence(tx, &row, tree).await?;
    let steps = queries::list_steps(tx, row.id).await?;
    let mut names = queries::names(tx, std::slice::from_ref(&row)).await?;
    let asked = names.asked.get(&row.id).cloned().unwrap_or_default();
    let people: Vec<Uuid> = steps
        .iter()
        .flat_map(|step| [step.staff_member_id, step.assigned_to])
        .flatten()
        .chain(asked.iter().map(|one| one.asked_by))
        .collect();
    names.posts.extend(queries::posts(tx, &people).await?);
    Ok(FindingDetailView {
        evidence: evidence.into_iter().map(entry).collect(),
        steps: steps.into_iter().map(|one| step(one, &names)).collect(),
        justifications: asked
            .into_iter()
            .map(|one| justification(tx, one, &names))
            .collect(),
        finding: finding(tx, row, &names),
    })
}

fn name_of(names: &Names, post: Uuid) -> String {
    names
        .posts
        .get(&post)
        .map(|(name, ..)| name.clone())
        .unwrap_or_default()
}

fn person(row: &Row, names: &Names) -> Option<FindingPersonView> {
    let person_id = row.person_id?;
    let post = row.staff_member_id.and_then(|post| names.posts.get(&post));
    Some(FindingPersonView {
        person_id,
        staff_member_id: row.staff_member_id,
        name: names.people.get(&person_id).cloned().unwrap_or_default(),
        profession: post.map(|(_, profession, _)| profession.clone()),
        facility_name: post.map(|(.., facility)| facility.clone()),
    })
}

fn finding(tx: &Tx<'_>, row: Row, names: &Names) -> FindingView {
    let about_caller = row.person_id.is_some() && row.person_id == policy::own_person(tx);
    let question = names.asked.get(&row.id).and_then(|asked| asked.last());
    FindingView {
        person: person(&row, names),
        patient: row.patient_id.map(|id| {
            let (name, kana) = names.patients.get(&id).cloned().unwrap_or_default();
            FindingPatientView {
                id,
                name,
                kana: Some(kana),
            }
        }),
        account: row.account_id.map(|account_id| {
            let (login_name, name) = names.accounts.get(&account_id).cloned().unwrap_or_default();
            FindingAccountView {
                account_id,
                login_name,
                name,
            }
        }),
        system: row.client_id.map(|id| FindingSystemView {
            id,
            name: names.clients.get(&id).cloned().unwrap_or_default(),
        }),
        emergency_access: row.emergency_access_id.and_then(|id| {
            let (started_at, reviewed_at, finding) = names.emergencies.get(&id).cloned()?;
            Some(FindingEmergencyView {
                id,
                started_at,
                reviewed_at,
                finding,
            })
        }),
        entries: names.entries.get(&row.id).copied().unwrap_or(0),
        assigned_to: row.assigned_to.map(|post| FindingAuditorView {
            staff_member_id: post,
            name: name_of(names, post),
        }),
        question: question.map(|asked| FindingQuestionView {
            id: asked.id,
            asked_at: asked.asked_at,
            due_at: asked.due_at,
            answered_at: asked.answered_at,
            overdue: asked.is_overdue(tx.now),
        }),
        about_caller,
        id: row.id,
        rule: Rule::parse(&row.rule).map_or(row.rule, |rule| rule.code().to_owned()),
        day: row.day,
        reasons: row.reasons,
        state: row.state,
        version: row.version,
        source_ip: row.source_ip,
        first_at: row.first_at,
        last_at: row.last_at,
        found_at: row.found_at,
        found_version: row.found_version,
        rule_version: row.rule_version,
        conclusion: row.conclusion,
        closed_at: row.closed_at,
    }
}

fn entry(row: Evidence) -> FindingEntryView {
    let (id, at, action, outcome, code) = row.entry;
    let (purpose, ground, profession) = row.why;
    let (resource_type, resource_id) = row.thing;
    let (session_id, device_id, source_ip) = row.place;
    FindingEntryView {
        id,
        at,
        action,
        outcome,
        code,
        purpose,
        ground,
        profession,
        facility_name: row.facility,
        patient: row.patient.map(|(id, name)| FindingPatientView {
            id,
            name,
            kana: None,
        }),
        resource_type,
        resource_id,
        session_id,
        device_id,
        source_ip,
        leaf_index: row.index,
    }
}

fn step(row: Step, names: &Names) -> FindingStepView {
    FindingStepView {
        number: row.number,
        kind: row.kind,
        at: row.at,
        by: row.staff_member_id.map(|post| name_of(names, post)),
        assigned_to: row.assigned_to.map(|post| name_of(names, post)),
        request_id: row.request_id,
        conclusion: row.conclusion,
        note: row.note,
        rule_version: row.rule_version,
    }
}

fn justification(tx: &Tx<'_>, asked: Request, names: &Names) -> FindingJustificationView {
    FindingJustificationView {
        overdue: asked.is_overdue(tx.now),
        id: asked.id,
        question: asked.question,
        asked_at: asked.asked_at,
        asked_by: name_of(names, asked.asked_by),
        due_at: asked.due_at,
        answered_at: asked.answered_at,
        answer: asked.answer,
        ended_at: asked.ended_at,
    }
}
