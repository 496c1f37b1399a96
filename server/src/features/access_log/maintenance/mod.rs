//! What whoever runs or built the installation did, to be held against the work plans for which they were let in (AU-16).

mod queries;

use std::collections::HashMap;

use actix_web::{get, web::Json};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use self::queries::{Grant, MaintenanceSession};
use super::{
    actions, policy,
    view::{self, AccessLogEntryView, LogThingView},
};
use crate::{
    Error, Result,
    ctx::{Ctx, Tx},
    error::Problem,
    features::facilities::FacilityRef,
    spine::{
        audit::Entry,
        input::Query,
        page::{self, Page},
    },
};

/// Entries that are shown of each grant.
const ENTRIES: i64 = 100;
/// Grants of a page, when the caller does not say.
const GRANTS: i64 = 20;

/// Which grants.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct ListMaintenance {
    /// Only for this work plan.
    work_plan: Option<String>,
    /// Only grants that last to this day or longer.
    from: Option<NaiveDate>,
    /// Only grants that begin on this day or before.
    to: Option<NaiveDate>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// 1 to 100; 20 when left out.
    limit: Option<i64>,
}

/// The place in the list after a grant: its first day and its id.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(super) struct Place(NaiveDate, Uuid);

/// Somebody of the vendor or operator who was let in, and what came of it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct MaintenanceView {
    /// The post under which the person was let in.
    staff_member_id: Uuid,
    /// The account, if there is one.
    account_id: Option<Uuid>,
    /// Name of the person.
    name: String,
    /// The facility that the person was let in at.
    facility: FacilityRef,
    /// Number of the work plan (作業計画番号); null for grants from before it had to be given.
    work_plan: Option<String>,
    /// First day.
    starts_on: NaiveDate,
    /// Last day.
    ends_on: Option<NaiveDate>,
    /// Sessions, oldest first.
    sessions: Vec<MaintenanceSessionView>,
    /// How many entries the access log has of it.
    operations: i64,
    /// How many of them are refusals.
    denied: i64,
    /// Entries by action, most first.
    actions: Vec<MaintenanceActionView>,
    /// The newest 100 entries. For all: `list_access_log` with `staff_member_id`.
    entries: Vec<AccessLogEntryView>,
}

/// A session of somebody of the vendor or operator.
#[derive(Debug, Serialize, ToSchema)]
struct MaintenanceSessionView {
    /// Identifier.
    id: Uuid,
    /// When it was opened.
    started_at: DateTime<Utc>,
    /// When something was last done in it.
    last_seen_at: DateTime<Utc>,
    /// When it was ended; null for one that runs or ran out.
    ended_at: Option<DateTime<Utc>>,
    /// When it runs out, or ran out.
    expires_at: DateTime<Utc>,
    /// Where it was opened from.
    source_ip: Option<String>,
    /// The registered device.
    device: Option<LogThingView>,
}

/// How often something was done.
#[derive(Debug, Serialize, ToSchema)]
struct MaintenanceActionView {
    /// The action.
    code: String,
    /// Its name in Japanese.
    name_ja: String,
    /// How often.
    count: i64,
    /// How often it was refused.
    denied: i64,
}

/// List whom of the vendor or operator the network let in, for which work plan, and what they did: to be held against the
/// plan (リモートメンテナンスの突合), newest first. Auditors and network administrators.
#[utoipa::path(
    tag = "access_log",
    params(ListMaintenance),
    responses((status = 200, body = Page<MaintenanceView>), (status = "4XX", body = Problem)),
)]
#[get("/v1/access-log/maintenance")]
pub(super) async fn list_maintenance(
    ctx: Ctx,
    query: Query<ListMaintenance>,
) -> Result<Json<Page<MaintenanceView>>> {
    let asked = query.0;
    let after: Option<Place> = page::parse(asked.cursor.as_deref())?;
    let limit = page::limit(asked.limit.or(Some(GRANTS)))?;
    if asked
        .work_plan
        .as_ref()
        .is_some_and(|plan| plan.contains('\0'))
    {
        return Err(Error::invalid(
            "work_plan",
            "not_allowed",
            "not a number of a plan",
        ));
    }
    let page = ctx.read_log(async |tx| {
        let permit = policy::may_read_maintenance(tx)?;
        let mut grants = queries::page(tx, permit, &asked, after, limit).await?;
        let next = page::cut(&mut grants, limit, |grant| Place(grant.starts_on, grant.id));
        let mut items = Vec::with_capacity(grants.len());
        for grant in grants {
            items.push(view(tx, grant).await?);
        }
        tx.record(Entry::new("maintenance.list").listing(items.len()));
        Ok(Page { items, next })
    });
    Ok(Json(page.await?))
}

async fn view(tx: &Tx<'_>, grant: Grant) -> Result<MaintenanceView> {
    let sessions = queries::list_sessions(tx, grant.id).await?;
    let counts = queries::count_actions(tx, grant.id).await?;
    let rows = queries::list_entries(tx, grant.id, ENTRIES).await?;
    let names = super::queries::names(tx, &rows).await?;
    let sum = |only_denied: bool| {
        let counted = counts
            .iter()
            .filter(|(_, outcome, _)| !only_denied || outcome == "denied");
        counted.map(|(.., count)| count).sum()
    };
    Ok(MaintenanceView {
        staff_member_id: grant.id,
        account_id: grant.account_id,
        name: grant.name,
        facility: grant.facility,
        work_plan: grant.work_plan,
        starts_on: grant.starts_on,
        ends_on: grant.ends_on,
        sessions: sessions
            .into_iter()
            .map(MaintenanceSessionView::from)
            .collect(),
        operations: sum(false),
        denied: sum(true),
        actions: by_action(counts),
        entries: view::entries(tx.app(), rows, &names),
    })
}

/// Counts of acts with the refusals among them, most first.
fn by_action(counts: Vec<(String, String, i64)>) -> Vec<MaintenanceActionView> {
    let mut sums: HashMap<String, (i64, i64)> = HashMap::new();
    for (action, outcome, count) in counts {
        let (all, denied) = sums.entry(action).or_default();
        *all += count;
        *denied += if outcome == "denied" { count } else { 0 };
    }
    let view = |(code, (count, denied)): (String, (i64, i64))| MaintenanceActionView {
        name_ja: actions::find(&code).map_or_else(|| code.clone(), |action| action.ja.to_owned()),
        code,
        count,
        denied,
    };
    let mut views: Vec<_> = sums.into_iter().map(view).collect();
    views.sort_by(|a, b| (b.count, &a.code).cmp(&(a.count, &b.code)));
    views
}

impl From<MaintenanceSession> for MaintenanceSessionView {
    fn from(row: MaintenanceSession) -> Self {
        Self {
            id: row.id,
            started_at: row.created_at,
            last_seen_at: row.last_seen_at,
            ended_at: row.revoked_at,
            expires_at: row.expires_at,
            source_ip: row.source_ip,
            device: row.device_id.map(|id| LogThingView {
                id,
                name: row.device_name,
            }),
        }
    }
}
