use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    actions,
    queries::{Names, Row},
};
use crate::{app::App, spine::access::Rule};

/// An entry of the access log.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AccessLogEntryView {
    /// Identifier.
    id: Uuid,
    /// When.
    at: DateTime<Utc>,
    /// How good the clock was: `checked`, `unchecked`, or `off` by more than a second.
    clock: String,
    /// Who.
    actor: LogActorView,
    /// What: `feature.verb`.
    action: String,
    /// The same in Japanese; the code again for one without a name.
    action_ja: String,
    /// `allowed` or `denied`.
    outcome: String,
    /// Error code, when it was denied.
    code: Option<String>,
    /// Purpose of use (HL7 v3 PurposeOfUse).
    purpose: String,
    /// What tied the caller to the patient: `member`, `substitute`, `self`, `family`, `emergency`, `none`; null when no
    /// patient was concerned.
    ground: Option<String>,
    /// The patient concerned.
    patient: Option<LogPatientView>,
    /// The patients that the answer named, or that a refusal told something of.
    named: Vec<LogPatientView>,
    /// Kind of the thing concerned; for `request.refuse` the operation.
    resource_type: Option<String>,
    /// The thing concerned.
    resource_id: Option<Uuid>,
    /// Its version.
    resource_version: Option<i32>,
    /// How many things a list answered with, or how many refusals the entry stands for.
    count: Option<i32>,
    /// The access rules that decided.
    rules: Vec<LogRuleView>,
    /// Keyed digest of what was searched for, or `sha256:` and the digest of a file that was given out.
    digest: Option<String>,
    /// The request.
    request_id: String,
    /// The session.
    session_id: Option<Uuid>,
    /// The registered device.
    device: Option<LogThingView>,
    /// Where it came from.
    source_ip: Option<String>,
    /// The place in the sealed log; null while it has none yet.
    sealed: Option<LogPlaceView>,
}

/// Who did something.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct LogActorView {
    /// `staff`, `system` or `anonymous`.
    kind: String,
    /// The staff member or client.
    id: Option<Uuid>,
    /// The account, for people.
    account_id: Option<Uuid>,
    /// Name.
    name: Option<String>,
    /// Profession at that moment.
    profession: Option<String>,
    /// Facility at that moment.
    facility_id: Option<Uuid>,
    /// Its name.
    facility_name: Option<String>,
    /// The program that acted for the person, when one did.
    through: Option<String>,
    /// The staff member in whose place it was entered (代行入力).
    on_behalf_of: Option<LogThingView>,
}

/// A patient in the log.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct LogPatientView {
    /// Identifier.
    id: Uuid,
    /// Name; null when there is no such patient.
    name: Option<String>,
}

/// Something with a name in the log.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct LogThingView {
    /// Identifier.
    pub(super) id: Uuid,
    /// Name; null when there is no such thing any more.
    pub(super) name: Option<String>,
}

/// A place in the sealed log.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub(super) struct LogPlaceView {
    /// Which tree of the network.
    pub(super) tree: i16,
    /// The place, from 0.
    pub(super) index: i64,
}

/// A rule that decided.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct LogRuleView {
    /// Id of the rule.
    id: String,
    /// Its reason in Japanese.
    reason_ja: String,
    /// Its reason in English.
    reason_en: String,
}

/// Entries as they are shown.
pub(super) fn entries(app: &App, rows: Vec<Row>, names: &Names) -> Vec<AccessLogEntryView> {
    let known = app.access.rules();
    let rules: HashMap<&str, &Rule> = known.map(|rule| (rule.id.as_str(), rule)).collect();
    rows.into_iter()
        .map(|row| entry(row, names, &rules))
        .collect()
}

fn entry(row: Row, names: &Names, rules: &HashMap<&str, &Rule>) -> AccessLogEntryView {
    let actor = actor(&row, names);
    let Row {
        event,
        listed,
        leaf,
    } = row;
    let patient = |id: Uuid| LogPatientView {
        id,
        name: names.patients.get(&id).cloned(),
    };
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
        clock: event.clock,
        actor,
        action_ja: actions::find(&event.action)
            .map_or(event.action.as_str(), |action| action.ja)
            .to_owned(),
        action: event.action,
        outcome: event.outcome,
        code: event.code,
        purpose: event.purpose,
        ground: event.ground,
        patient: event.patient_id.map(patient),
        named: listed.into_iter().map(patient).collect(),
        resource_type: event.resource_type,
        resource_id: event.resource_id,
        resource_version: event.resource_version,
        count: event.count,
        rules: explained.collect(),
        digest: event.query_digest,
        request_id: event.request_id,
        session_id: event.session_id,
        device: event.device_id.map(|id| LogThingView {
            id,
            name: names.devices.get(&id).cloned(),
        }),
        source_ip: event.source_ip,
        sealed: leaf.map(|(tree, index)| LogPlaceView { tree, index }),
    }
}

fn actor(row: &Row, names: &Names) -> LogActorView {
    let event = &row.event;
    let staff_name = event.staff_member_id.and_then(|id| names.staff.get(&id));
    let client_name = event.client_id.and_then(|id| names.clients.get(&id));
    LogActorView {
        kind: event.actor_kind.clone(),
        id: event.staff_member_id.or(event.client_id),
        account_id: event.account_id,
        name: staff_name.or(client_name).cloned(),
        profession: event.profession.clone(),
        facility_id: event.facility_id,
        facility_name: event
            .facility_id
            .and_then(|id| names.facilities.get(&id).cloned()),
        through: client_name
            .filter(|_| event.staff_member_id.is_some())
            .cloned(),
        on_behalf_of: event.on_behalf_of.map(|id| LogThingView {
            id,
            name: names.staff.get(&id).cloned(),
        }),
    }
}
