//! Emergency access that nobody reviewed in time. It depends on the time and not on an entry, so that it is looked for
//! with every round; and it is over when somebody has reviewed it.

use chrono::TimeDelta;

use super::{
    super::{
        model::{NewStep, StepKind},
        rules::{FindingRules, Key, Rule},
    },
    Entries, Scope, Writing, queries,
    queries::{Known, NewEvidence, NewFinding, Unreviewed},
};
use crate::{Result, ctx::Tx, spine::clock::japanese_day};

/// Finds what is overdue, and closes what was reviewed.
pub(in super::super) async fn watch_emergencies(
    tx: &Tx<'_>,
    scope: &Scope,
    rules: &FindingRules,
) -> Result<()> {
    close_reviewed(tx).await?;
    let rule = &rules.emergency_unreviewed;
    if !rule.enabled {
        return Ok(());
    }
    let before = tx.now - TimeDelta::hours(rule.hours.into());
    for emergency in queries::unreviewed(tx, scope.since, before).await? {
        find(tx, scope, &emergency).await?;
    }
    Ok(())
}

async fn find(tx: &Tx<'_>, scope: &Scope, emergency: &Unreviewed) -> Result<()> {
    let key = Key {
        person: Some(emergency.person),
        patient: Some(emergency.patient),
        emergency: Some(emergency.id),
        ..Key::on(
            Rule::EmergencyUnreviewed,
            japanese_day(emergency.started_at),
        )
    };
    let key_id = key.id(tx.tenant_id);
    let known = queries::find_for_update(tx, &[key_id]).await?;
    let last = known.iter().max_by_key(|known| known.part);
    let is_settled = |known: &Known| known.is_closed() || known.run == scope.run;
    if last.is_some_and(is_settled) {
        return Ok(());
    }
    let part = last.map_or(1, |known| known.part);
    let id = last.map_or_else(|| super::part_id(key_id, part), |known| known.id);
    let end = emergency.ended_at.unwrap_or(emergency.expires_at);
    let span = (emergency.started_at, end);
    let mut finding = NewFinding::new(tx, id, (key_id, &key, part), span, scope);
    finding.staff_member_id = Some(emergency.post);
    finding.reasons = vec!["unreviewed".to_owned()];
    if let Some(known) = last {
        finding.join(known, scope);
    }
    let mut writing = Writing::default();
    writing.note_step(tx, last, &mut finding, scope);
    writing.findings.push(finding);
    let entries: Entries = queries::entries_of(tx, scope.tree, emergency)
        .await?
        .into_iter()
        .map(|place| (place, Some(emergency.post)))
        .collect();
    writing.evidence = entries
        .keys()
        .map(|(at, event)| NewEvidence {
            tenant_id: tx.tenant_id,
            finding_id: id,
            event_id: *event,
            event_at: *at,
            run: scope.run,
        })
        .collect();
    super::write(tx, writing).await
}

/// A finding ends with the review that was missing.
async fn close_reviewed(tx: &Tx<'_>) -> Result<()> {
    let mut steps = Vec::new();
    let mut closed = Vec::new();
    for (id, version, conclusion) in queries::reviewed_meanwhile(tx).await? {
        let version = version.saturating_add(1);
        queries::close(tx, id, version, &conclusion).await?;
        let mut step = NewStep::by_server(tx, id, version, StepKind::Closed);
        step.conclusion = Some(conclusion);
        steps.push(step);
        closed.push(id);
    }
    queries::insert_steps(tx, &steps).await?;
    queries::end_requests(tx, &closed).await
}
