//! What was looked at in the month: emergency accesses, findings, maintenance, and what is held.

mod queries;
mod rows;

use std::collections::{BTreeSet, HashMap};

use uuid::Uuid;

use super::{model::Period, policy::Read};
use crate::{
    Result,
    ctx::Tx,
    features::staff_members,
    print::{
        Emergency, EmergencyCounts, FindingRow, LeftOut, LegalHold, MaintenanceSession,
        ReviewedFinding,
    },
    spine::access::Permit,
};

/// Rows of a list on paper.
const ROWS: i64 = 300;

/// What happened, and whom it names.
#[derive(Debug)]
pub(super) struct Happened {
    pub(super) emergency_counts: EmergencyCounts,
    pub(super) emergencies: Vec<Emergency>,
    pub(super) findings: Vec<FindingRow>,
    pub(super) reviewed: Vec<ReviewedFinding>,
    pub(super) maintenance: Vec<MaintenanceSession>,
    pub(super) legal_holds: Vec<LegalHold>,
    pub(super) left_out: LeftOut,
    /// The patients whom the lists name.
    pub(super) patients: Vec<Uuid>,
}

/// Everything, each list up to so many rows.
pub(super) async fn of(tx: &Tx<'_>, permit: &Permit<Read>, period: &Period) -> Result<Happened> {
    let span = period.span();
    let emergencies = queries::list_emergencies(tx, permit, span, ROWS).await?;
    let reviewed = queries::list_reviewed(tx, permit, span, ROWS).await?;
    let sessions = queries::list_sessions(tx, permit, span, ROWS).await?;
    let holds = queries::list_holds(tx, permit, span, ROWS).await?;
    let emergency_counts = queries::count_emergencies(tx, permit, span).await?;
    let findings = rows::findings(&queries::count_findings(tx, permit, span).await?);
    let closed: u64 = findings
        .iter()
        .map(|row| row.justified + row.not_justified + row.other)
        .sum();
    let all_sessions = queries::count_sessions(tx, permit, span).await?;
    let all_holds = queries::count_holds(tx, permit, span).await?;
    let left_out = LeftOut {
        emergencies: beyond(emergency_counts.all, emergencies.len()),
        reviewed: beyond(closed, reviewed.len()),
        maintenance: beyond(all_sessions, sessions.len()),
        legal_holds: beyond(all_holds, holds.len()),
    };
    let patients: BTreeSet<Uuid> = emergencies
        .iter()
        .map(|row| row.patient_id)
        .chain(reviewed.iter().filter_map(|row| row.patient_id))
        .chain(holds.iter().filter_map(|row| row.patient_id))
        .collect();
    let names = names(tx, &emergencies, &reviewed, &holds).await?;
    let overdue_after = crate::features::emergency_access::REVIEW_DUE;
    Ok(Happened {
        emergency_counts,
        emergencies: emergencies
            .into_iter()
            .map(|row| row.print(tx.now, overdue_after, &names))
            .collect(),
        findings,
        reviewed: reviewed.into_iter().map(|row| row.print(&names)).collect(),
        maintenance: maintenance(tx, permit, sessions, span).await?,
        legal_holds: holds.into_iter().map(|row| row.print(&names)).collect(),
        left_out,
        patients: patients.into_iter().collect(),
    })
}

fn beyond(all: u64, shown: usize) -> u64 {
    all.saturating_sub(u64::try_from(shown).unwrap_or(u64::MAX))
}

/// The names of those who reviewed and held.
async fn names(
    tx: &Tx<'_>,
    emergencies: &[queries::Emergency],
    reviewed: &[queries::Reviewed],
    holds: &[queries::Hold],
) -> Result<HashMap<Uuid, String>> {
    let ids: BTreeSet<Uuid> = emergencies
        .iter()
        .filter_map(|row| row.reviewed_by)
        .chain(reviewed.iter().filter_map(|row| row.closed_by))
        .chain(holds.iter().map(|row| row.created_by))
        .chain(holds.iter().filter_map(|row| row.staff_member_id))
        .collect();
    let ids: Vec<Uuid> = ids.into_iter().collect();
    staff_members::names(tx, &ids).await
}

/// Sessions with what was done in them, and who had let the person in: as the log says.
async fn maintenance(
    tx: &Tx<'_>,
    permit: &Permit<Read>,
    sessions: Vec<queries::Session>,
    span: queries::Span,
) -> Result<Vec<MaintenanceSession>> {
    let ids: Vec<Uuid> = sessions.iter().map(|row| row.id).collect();
    let posts: Vec<Uuid> = sessions.iter().map(|row| row.post_id).collect();
    let acts = queries::count_acts(tx, permit, &ids, span).await?;
    let approvers = queries::list_approvers(tx, permit, &posts).await?;
    Ok(sessions
        .into_iter()
        .map(|row| {
            let done = acts.get(&row.id).copied().unwrap_or_default();
            let by = approvers.get(&row.post_id).cloned();
            row.print(tx.now, done, by)
        })
        .collect())
}
