//! Gathers the facts of a report.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{
    counts::{self, Counts},
    happened::{self, Happened},
    model::Period,
    policy::Read,
    sealed,
};
use crate::{
    Result,
    ctx::Tx,
    features::staff_members,
    print::{AuditReport, Picture},
    spine::{access::Permit, audit::Entry},
};

/// Patients that one entry of the log names.
const NAMED: usize = 100;

/// A report to be printed.
#[derive(Debug)]
pub(super) struct Made {
    pub(super) report: AuditReport,
    /// When it was made.
    pub(super) at: DateTime<Utc>,
    /// Name of the network.
    pub(super) network: String,
    /// Its short name.
    pub(super) slug: String,
    /// The checkpoint as a QR code, when something was signed.
    pub(super) pictures: Vec<Picture>,
}

/// Gathers everything in one snapshot, and records whom the report names.
pub(super) async fn make(tx: &Tx<'_>, permit: &Permit<Read>, period: &Period) -> Result<Made> {
    let (network, slug) = counts::network(tx).await?;
    let counts = counts::of(tx, permit, period).await?;
    let sealed = sealed::of(tx, permit, period, counts.allowed + counts.denied).await?;
    let happened = happened::of(tx, permit, period).await?;
    record(tx, &happened.patients);
    Ok(Made {
        at: tx.now,
        network,
        slug,
        pictures: sealed.checkpoint.into_iter().collect(),
        report: join(period, made_by(tx).await?, sealed.log, counts, happened),
    })
}

fn join(
    period: &Period,
    made_by: String,
    log: crate::print::Log,
    counts: Counts,
    happened: Happened,
) -> AuditReport {
    AuditReport {
        month: period.month(),
        as_of: period.as_of(),
        made_by,
        log,
        allowed: counts.allowed,
        denied: counts.denied,
        people: counts.people,
        patients: counts.patients,
        by_place: counts.by_place,
        by_purpose: counts.by_purpose,
        by_action: counts.by_action,
        hours: counts.hours,
        emergency_counts: happened.emergency_counts,
        emergencies: happened.emergencies,
        findings: happened.findings,
        reviewed: happened.reviewed,
        maintenance: happened.maintenance,
        legal_holds: happened.legal_holds,
        left_out: happened.left_out,
    }
}

/// The auditor, by name.
async fn made_by(tx: &Tx<'_>) -> Result<String> {
    let id = tx.actor.ids().0;
    let mut names = staff_members::names(tx, &[id]).await?;
    let name = names.remove(&id).unwrap_or_default();
    Ok(format!("{name}（監査者）"))
}

/// Writes down that the report was made, and whom it names: so many in each entry.
fn record(tx: &Tx<'_>, patients: &[Uuid]) {
    let entry = || Entry::new("audit_report.export");
    if patients.is_empty() {
        tx.record(entry().listing(0));
    }
    for part in patients.chunks(NAMED) {
        tx.record(entry().listing(part.len()).naming(part.iter().copied()));
    }
}
