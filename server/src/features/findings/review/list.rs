//! Looking at findings.

use std::collections::BTreeMap;

use actix_web::{
    get,
    web::{Json, Path},
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{
    super::{
        model::{Conclusion, State},
        policy::{self, Read},
        rules::Rule,
    },
    queries::{self, Filter},
    view::{self, FindingDetailView, FindingView},
};
use crate::{
    Error, Result,
    ctx::Ctx,
    error::Problem,
    spine::{
        access::Verb as _,
        audit::{Denial, Entry},
        clock::{month_after, month_of_input},
        input::Query,
        page::{self, Page, TimeKey},
    },
};

/// Which states.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = FindingStateFilter)]
enum StateFilter {
    /// Those in which there is something to do.
    Unfinished,
    /// 未着手
    Open,
    /// 担当者あり
    Assigned,
    /// 本人に照会中
    Asked,
    /// 本人から回答あり
    Answered,
    /// 終了
    Closed,
    /// 現在のルールでは該当しない
    Superseded,
}

impl StateFilter {
    fn states(self) -> Vec<&'static str> {
        match self {
            Self::Unfinished => State::UNFINISHED.map(State::code).to_vec(),
            Self::Open => vec![State::Open.code()],
            Self::Assigned => vec![State::Assigned.code()],
            Self::Asked => vec![State::Asked.code()],
            Self::Answered => vec![State::Answered.code()],
            Self::Closed => vec![State::Closed.code()],
            Self::Superseded => vec![State::Superseded.code()],
        }
    }
}

/// What to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct ListFindings {
    /// Only in this state.
    #[param(inline)]
    state: Option<StateFilter>,
    /// Only of this rule.
    #[param(inline)]
    rule: Option<Rule>,
    /// Only about this person.
    person_id: Option<Uuid>,
    /// Only about this patient.
    patient_id: Option<Uuid>,
    /// Only those that this auditor reviews.
    assigned_to: Option<Uuid>,
    /// Not about days before.
    from: Option<NaiveDate>,
    /// Not about days after.
    to: Option<NaiveDate>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// 1 to 100; 50 when left out.
    limit: Option<i64>,
}

/// List what was found in the access log, the newest entries first. Auditors only.
#[utoipa::path(
    tag = "findings",
    params(ListFindings),
    responses((status = 200, body = Page<FindingView>), (status = "4XX", body = Problem)),
)]
#[get("/v1/findings")]
pub(in super::super) async fn list_findings(
    ctx: Ctx,
    query: Query<ListFindings>,
) -> Result<Json<Page<FindingView>>> {
    let asked = query.0;
    let filter = Filter {
        states: asked.state.map(StateFilter::states).unwrap_or_default(),
        rule: asked.rule.map(Rule::code),
        person_id: asked.person_id,
        patient_id: asked.patient_id,
        assigned_to: asked.assigned_to,
        from: asked.from,
        to: asked.to,
        before: page::parse::<TimeKey>(asked.cursor.as_deref())?,
        limit: page::limit(asked.limit)?,
    };
    let found = ctx.read_log(async |tx| {
        let permit = policy::may::<Read>(tx)?;
        let mut rows = queries::page(tx, permit, &filter).await?;
        let next = page::cut(&mut rows, filter.limit, |row| TimeKey(row.last_at, row.id));
        tx.record(
            Entry::new("findings.list")
                .listing(rows.len())
                .naming(rows.iter().filter_map(|row| row.patient_id)),
        );
        let items = view::findings(tx, rows).await?;
        Ok(Page { items, next })
    });
    Ok(Json(found.await?))
}

/// Read a finding with its evidence and everything that was done about it. Auditors only.
#[utoipa::path(
    tag = "findings",
    responses((status = 200, body = FindingDetailView), (status = "4XX", body = Problem)),
)]
#[get("/v1/findings/{finding_id}")]
pub(in super::super) async fn find_finding(
    ctx: Ctx,
    finding_id: Path<Uuid>,
) -> Result<Json<FindingDetailView>> {
    let id = *finding_id;
    let found = ctx.read_log(async |tx| {
        let _permit = policy::may::<Read>(tx)?;
        let row = queries::find(tx, id).await?.ok_or_else(|| unknown(id))?;
        let entry = Entry::new("finding.read").on("finding", id);
        tx.record(match row.patient_id {
            Some(patient) => entry.of_patient(patient),
            None => entry,
        });
        view::detail(tx, row).await
    });
    Ok(Json(found.await?))
}

/// As if there were no such finding.
pub(super) fn unknown(id: Uuid) -> Error {
    let denial = Denial::hidden(Read::ACTION).on("finding", id);
    Error::Denied(Box::new(denial))
}

/// Which month.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct FindFindingSummary {
    /// Month in Japan, such as `2026-11`.
    month: String,
}

/// How many findings a rule has, about the days of a month.
#[derive(Debug, Default, Serialize, ToSchema)]
struct FindingCountView {
    /// Code of the rule, as in `FindingRule`.
    rule: String,
    /// All of them but those that are superseded.
    found: i64,
    /// Nobody has taken it up.
    open: i64,
    /// An auditor has it.
    assigned: i64,
    /// The person concerned was asked.
    asked: i64,
    /// The person concerned has answered.
    answered: i64,
    /// Closed as justified.
    justified: i64,
    /// Closed as not justified.
    not_justified: i64,
    /// Closed without being able to tell.
    unclear: i64,
    /// Closed because another one is about the same.
    duplicate: i64,
    /// Not found any more by the rules as they are now.
    superseded: i64,
}

/// Findings about the days of a month, counted for the monthly report.
#[derive(Debug, Serialize, ToSchema)]
pub(in super::super) struct FindingSummaryView {
    /// The month.
    month: String,
    /// A line for each rule, in the order in which rules are shown.
    rules: Vec<FindingCountView>,
    /// How many questions wait for their answers too long, at this moment.
    overdue_justifications: i64,
}

/// Count what was found about the days of a month, by rule and state. Auditors only.
#[utoipa::path(
    tag = "findings",
    params(FindFindingSummary),
    responses((status = 200, body = FindingSummaryView), (status = "4XX", body = Problem)),
)]
#[get("/v1/findings/summary")]
pub(in super::super) async fn find_finding_summary(
    ctx: Ctx,
    query: Query<FindFindingSummary>,
) -> Result<Json<FindingSummaryView>> {
    let month = query.0.month;
    let days = days_of(&month)?;
    let found = ctx.read_log(async |tx| {
        let permit = policy::may::<Read>(tx)?;
        let counted = queries::count(tx, permit, days).await?;
        tx.record(Entry::new("findings.summary"));
        Ok(FindingSummaryView {
            month: month.clone(),
            rules: lines(counted),
            overdue_justifications: queries::count_overdue(tx).await?,
        })
    });
    Ok(Json(found.await?))
}

/// First and last day of a month.
fn days_of(month: &str) -> Result<(NaiveDate, NaiveDate)> {
    let first = month_of_input(month)?;
    let last = month_after(first).pred_opt();
    Ok((first, last.unwrap_or(first)))
}

/// A line for each rule.
fn lines(counted: Vec<(String, String, Option<String>, i64)>) -> Vec<FindingCountView> {
    let mut by_rule: BTreeMap<String, FindingCountView> = BTreeMap::new();
    for (rule, state, conclusion, count) in counted {
        let line = by_rule.entry(rule).or_default();
        let conclusion = conclusion.as_deref().and_then(Conclusion::parse);
        let cell = match (state.as_str(), conclusion) {
            (_, Some(Conclusion::Justified)) => &mut line.justified,
            (_, Some(Conclusion::NotJustified)) => &mut line.not_justified,
            (_, Some(Conclusion::Unclear)) => &mut line.unclear,
            (_, Some(Conclusion::Duplicate)) => &mut line.duplicate,
            ("assigned", None) => &mut line.assigned,
            ("asked", None) => &mut line.asked,
            ("answered", None) => &mut line.answered,
            ("superseded", None) => &mut line.superseded,
            (_, None) => &mut line.open,
        };
        *cell += count;
        if state != State::Superseded.code() {
            line.found += count;
        }
    }
    let line = |rule: Rule| FindingCountView {
        rule: rule.code().to_owned(),
        ..by_rule.remove(rule.code()).unwrap_or_default()
    };
    Rule::ALL.map(line).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_has_its_own_days() {
        let days = |month| {
            days_of(month)
                .ok()
                .map(|(first, last)| format!("{first} {last}"))
        };
        assert_eq!(days("2026-02").unwrap(), "2026-02-01 2026-02-28");
        assert_eq!(days("2028-02").unwrap(), "2028-02-01 2028-02-29");
        for wrong in ["2026", "2026-13", "2026-2", "26-11-0", ""] {
            assert_eq!(days(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn every_rule_has_a_line() {
        let counted = [
            ("no_relation", "open", None, 2),
            ("no_relation", "closed", Some("justified"), 3),
            ("no_relation", "superseded", None, 4),
        ];
        let counted = counted.map(|(rule, state, conclusion, count)| {
            let conclusion = conclusion.map(str::to_owned);
            (rule.to_owned(), state.to_owned(), conclusion, count)
        });
        let lines = lines(counted.into());
        assert_eq!(lines.len(), Rule::ALL.len());
        let line = lines
            .iter()
            .find(|line| line.rule == "no_relation")
            .unwrap();
        let numbers = (line.found, line.open, line.justified, line.superseded);
        assert_eq!(numbers, (5, 2, 3, 4));
        assert!(
            lines
                .iter()
                .all(|line| line.found == 0 || line.rule == "no_relation")
        );
    }
}
