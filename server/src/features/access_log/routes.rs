use std::collections::HashMap;

use actix_web::{get, web::Json};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::{
    policy,
    queries::{self, Row},
};
use crate::{
    Result,
    ctx::Ctx,
    error::Problem,
    spine::{
        access::Rule,
        audit::Entry,
        input::Query,
        page::{self, Page, TimeKey},
    },
};

/// Registers the operations.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(list_access_log);
}

/// An entry of the access log.
#[derive(Debug, Serialize, ToSchema)]
struct AccessLogEntryView {
    /// Identifier.
    id: Uuid,
    /// When.
    at: DateTime<Utc>,
    /// Who.
    actor: LogActorView,
    /// What: `feature.verb`.
    action: String,
    /// `allowed` or `denied`.
    outcome: String,
    /// Error code, when it was denied.
    code: Option<String>,
    /// Purpose of use (HL7 v3 PurposeOfUse).
    purpose: String,
    /// The patient concerned.
    patient: Option<LogPatientView>,
    /// Kind of the thing concerned.
    resource_type: Option<String>,
    /// The thing concerned.
    resource_id: Option<Uuid>,
    /// How many things a list answered with.
    count: Option<i32>,
    /// The access rules that decided.
    rules: Vec<LogRuleView>,
    /// The request.
    request_id: String,
    /// Where it came from.
    source_ip: Option<String>,
}

/// Who did something.
#[derive(Debug, Serialize, ToSchema)]
struct LogActorView {
    /// `staff`, `system` or `anonymous`.
    kind: String,
    /// The staff member or client.
    id: Option<Uuid>,
    /// Name.
    name: Option<String>,
    /// Profession at that moment.
    profession: Option<String>,
    /// Facility at that moment.
    facility_name: Option<String>,
    /// The program that acted for the person, when one did.
    through: Option<String>,
}

/// A patient in the log.
#[derive(Debug, Serialize, ToSchema)]
struct LogPatientView {
    /// Identifier.
    id: Uuid,
    /// Name; null when there is no such patient.
    name: Option<String>,
}

/// A rule that decided.
#[derive(Debug, Serialize, ToSchema)]
struct LogRuleView {
    /// Id of the rule.
    id: String,
    /// Its reason in Japanese.
    reason_ja: String,
    /// Its reason in English.
    reason_en: String,
}

/// What to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct ListAccessLog {
    /// Only about this patient, lists that named the patient among them.
    pub(super) patient_id: Option<Uuid>,
    /// Only by this staff member.
    pub(super) staff_member_id: Option<Uuid>,
    /// Only by people and systems of this facility.
    pub(super) facility_id: Option<Uuid>,
    /// Only this action.
    pub(super) action: Option<String>,
    /// Only this outcome.
    #[param(inline)]
    pub(super) outcome: Option<Outcome>,
    /// Not before.
    pub(super) from: Option<DateTime<Utc>>,
    /// Not after.
    pub(super) to: Option<DateTime<Utc>>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// 1 to 100; 50 when left out.
    limit: Option<i64>,
}

/// How it ended.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Outcome {
    /// 許可
    Allowed,
    /// 拒否
    Denied,
}

impl Outcome {
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Allowed => "allowed",
            Self::Denied => "denied",
        }
    }
}

/// Read the access log, newest first. Auditors only; reading it is recorded too.
#[utoipa::path(
    tag = "access_log",
    params(ListAccessLog),
    responses((status = 200, body = Page<AccessLogEntryView>), (status = "4XX", body = Problem)),
)]
#[get("/v1/access-log")]
async fn list_access_log(
    ctx: Ctx,
    query: Query<ListAccessLog>,
) -> Result<Json<Page<AccessLogEntryView>>> {
    let before: Option<TimeKey> = page::parse(query.0.cursor.as_deref())?;
    let limit = page::limit(query.0.limit)?;
    let rows = ctx
        .read_log(async |tx| {
            let rows = queries::page(tx, policy::may_list(tx)?, &query.0, before, limit).await?;
            let entry = Entry::new("access_log.list").listing(rows.len());
            tx.record(
                query
                    .0
                    .patient_id
                    .map_or(entry.clone(), |patient| entry.of_patient(patient)),
            );
            Ok(rows)
        })
        .await?;
    let rules: HashMap<&str, &Rule> = ctx
        .app()
        .access
        .rules()
        .map(|rule| (rule.id.as_str(), rule))
        .collect();
    Ok(Json(page::page(
        rows,
        limit,
        |row| TimeKey(row.event.at, row.event.id),
        |row| view(row, &rules),
    )))
}

fn view(row: Row, rules: &HashMap<&str, &Rule>) -> AccessLogEntryView {
    let Row {
        event,
        staff_name,
        client_name,
        facility_name,
        patient_name,
    } = row;
    let explained = event.rules.into_iter().map(|id| {
        let rule = rules.get(id.as_str());
        LogRuleView {
            reason_ja: rule.map(|rule| rule.reason_ja.clone()).unwrap_or_default(),
            reason_en: rule.map(|rule| rule.reason_en.clone()).unwrap_or_default(),
            id,
        }
    });
    AccessLogEntryView {
        id: event.id,
        at: event.at,
        actor: LogActorView {
            kind: event.actor_kind,
            id: event.staff_member_id.or(event.client_id),
            through: client_name
                .clone()
                .filter(|_| event.staff_member_id.is_some()),
            name: staff_name.or(client_name),
            profession: event.profession,
            facility_name,
        },
        action: event.action,
        outcome: event.outcome,
        code: event.code,
        purpose: event.purpose,
        patient: event.patient_id.map(|id| LogPatientView {
            id,
            name: patient_name,
        }),
        resource_type: event.resource_type,
        resource_id: event.resource_id,
        count: event.count,
        rules: explained.collect(),
        request_id: event.request_id,
        source_ip: event.source_ip,
    }
}
