//! The rules as a network has tuned them: every change is a version with its author and reason.

mod queries;

use actix_web::{get, put, web::Json};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use self::queries::Version;
use super::{
    compute,
    policy::{self, KeepRules, ReadRules},
    rules::FindingRules,
};
use crate::{
    Error, Result,
    ctx::{Ctx, Tx},
    error::{FieldError, Problem},
    spine::{
        audit::Entry,
        input::{Check, Input, Query},
        page::{self, Page},
        reply::{Answer, Reply},
        text,
    },
};

/// The rules in force.
#[derive(Debug, Serialize, ToSchema)]
struct FindingRulesView {
    /// Number of the version; 0 for the usual rules, which nobody has changed yet.
    version: i32,
    /// The rules.
    rules: FindingRules,
    /// Why they were changed last; null for the usual ones.
    reason: Option<String>,
    /// When they were changed.
    changed_at: Option<DateTime<Utc>>,
    /// Name of the auditor who changed them.
    changed_by: Option<String>,
    /// Whether the log is still being looked through by them.
    computing: bool,
}

/// A version of the rules.
#[derive(Debug, Serialize, ToSchema)]
struct FindingRuleVersionView {
    /// Number of the version.
    version: i32,
    /// The rules.
    rules: FindingRules,
    /// Why they were changed.
    reason: String,
    /// When.
    changed_at: DateTime<Utc>,
    /// Name of the auditor who changed them.
    changed_by: String,
}

/// New rules.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct UpdateFindingRules {
    /// The rules.
    rules: FindingRules,
    /// Why, 1 to 500 characters.
    reason: String,
}

impl Check for UpdateFindingRules {
    fn check(&self, errors: &mut Vec<FieldError>) {
        self.rules.check(errors);
        text::check("reason", &self.reason, 500, true, errors);
    }
}

/// Which page.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct ListFindingRuleVersions {
    /// `next` of the page before.
    cursor: Option<String>,
    /// 1 to 100; 50 when left out.
    limit: Option<i64>,
}

/// The newest version, with the rules.
pub(super) async fn newest(tx: &Tx<'_>) -> Result<(i32, FindingRules)> {
    match queries::newest(tx).await? {
        Some(row) => Ok((row.number, read(&row)?)),
        None => Ok((0, FindingRules::default())),
    }
}

/// The rules of a version.
pub(super) async fn rules(tx: &Tx<'_>, version: i32) -> Result<FindingRules> {
    match queries::find(tx, version).await? {
        Some(row) => read(&row),
        None => Ok(FindingRules::default()),
    }
}

fn read(row: &Version) -> Result<FindingRules> {
    serde_json::from_value(row.rules.clone()).map_err(Error::internal)
}

async fn view(tx: &Tx<'_>) -> Result<FindingRulesView> {
    let row = queries::newest(tx).await?;
    let computing = queries::is_computing(tx).await?;
    let rules = row.as_ref().map(read).transpose()?;
    Ok(FindingRulesView {
        version: row.as_ref().map_or(0, |row| row.number),
        rules: rules.unwrap_or_default(),
        changed_at: row.as_ref().map(|row| row.created_at),
        reason: row.as_ref().map(|row| row.reason.clone()),
        changed_by: row.map(|row| row.author),
        computing,
    })
}

/// Read the rules by which the access log is looked through. Auditors only.
#[utoipa::path(
    tag = "findings",
    responses((status = 200, body = FindingRulesView), (status = "4XX", body = Problem)),
)]
#[get("/v1/finding-rules")]
pub(super) async fn find_finding_rules(ctx: Ctx) -> Result<Json<FindingRulesView>> {
    let found = ctx
        .read_log(async |tx| {
            let _permit = policy::may::<ReadRules>(tx)?;
            tx.record(Entry::new("finding_rules.find"));
            view(tx).await
        })
        .await?;
    Ok(Json(found))
}

/// Change the rules by which the access log is looked through: a new version, by which everything is looked at anew.
/// `If-Match` is the version that was read, `"0"` for the usual rules. Auditors only.
#[utoipa::path(
    tag = "findings",
    request_body = UpdateFindingRules,
    extensions(("x-step-up" = json!(true))),
    params(("If-Match" = String, Header, description = "The version that was read")),
    responses((status = 200, body = FindingRulesView), (status = "4XX", body = Problem)),
)]
#[put("/v1/finding-rules")]
pub(super) async fn update_finding_rules(
    ctx: Ctx,
    input: Input<UpdateFindingRules>,
) -> Result<Answer> {
    let UpdateFindingRules { rules, reason } = &input.value;
    ctx.write_log(&input.digest, async |tx| {
        let permit = policy::may::<KeepRules>(tx)?;
        let expected = tx.expected_version()?;
        let (version, _) = newest(tx).await?;
        if version != expected {
            return Err(Error::Stale);
        }
        let version = version.saturating_add(1);
        let value = serde_json::to_value(rules).map_err(Error::internal)?;
        if !queries::insert(tx, permit, version, value, reason).await? {
            return Err(Error::Stale);
        }
        compute::want_everything(tx).await?;
        tx.record(Entry::new("finding_rules.update").version(version));
        Ok(Reply::ok(view(tx).await?).version(version))
    })
    .await
}

/// List the versions of the rules, newest first. Auditors only.
#[utoipa::path(
    tag = "findings",
    params(ListFindingRuleVersions),
    responses((status = 200, body = Page<FindingRuleVersionView>), (status = "4XX", body = Problem)),
)]
#[get("/v1/finding-rules/versions")]
pub(super) async fn list_finding_rule_versions(
    ctx: Ctx,
    query: Query<ListFindingRuleVersions>,
) -> Result<Json<Page<FindingRuleVersionView>>> {
    let before: Option<i32> = page::parse(query.0.cursor.as_deref())?;
    let limit = page::limit(query.0.limit)?;
    let rows = ctx
        .read_log(async |tx| {
            let permit = policy::may::<ReadRules>(tx)?;
            let rows = queries::page(tx, permit, before, limit).await?;
            tx.record(Entry::new("finding_rules.list").listing(rows.len()));
            rows.into_iter()
                .map(|row| Ok((read(&row)?, row)))
                .collect::<Result<Vec<_>>>()
        })
        .await?;
    Ok(Json(page::page(
        rows,
        limit,
        |(_, row)| row.number,
        |(rules, row)| FindingRuleVersionView {
            version: row.number,
            rules,
            reason: row.reason,
            changed_at: row.created_at,
            changed_by: row.author,
        },
    )))
}
