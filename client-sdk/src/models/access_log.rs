//! The access log: who looked at what, who was refused, and by which rule.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::facility::FacilityReference;
use super::open_enum::open_enum;
use super::staff_member::Profession;

open_enum! {
    /// How an access ended.
    pub enum AccessOutcome {
        /// It was granted.
        Allowed = "allowed",
        /// It was refused.
        Denied = "denied",
        /// It was granted and then failed.
        Failed = "failed",
    }
}

open_enum! {
    /// Who made an access.
    pub enum ActorKind {
        /// A person who signed in.
        Staff = "staff",
        /// A program of a facility.
        System = "system",
        /// Nobody the server knows.
        Anonymous = "anonymous",
    }
}

/// One access.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct AccessRecord {
    /// The record's id.
    pub id: Uuid,
    /// When.
    pub at: DateTime<Utc>,
    /// How good the clock was: `checked`, `unchecked` or `off`.
    pub clock: Option<String>,
    /// Who.
    pub actor: Actor,
    /// What, such as `timeline.list`.
    pub action: String,
    /// The same in Japanese.
    #[serde(default)]
    pub action_ja: String,
    /// How it ended.
    pub outcome: AccessOutcome,
    /// Error code of an access that did not succeed.
    pub code: Option<String>,
    /// For what purpose.
    pub purpose: Option<String>,
    /// What tied the actor to the patient, such as `member` or `emergency`.
    pub ground: Option<String>,
    /// The patient concerned.
    pub patient: Option<AccessPatient>,
    /// The patients that the answer named.
    #[serde(default)]
    pub named: Vec<AccessPatient>,
    /// Type of the thing accessed; for `request.refuse` the operation.
    pub resource_type: Option<String>,
    /// Id of the thing accessed.
    pub resource_id: Option<Uuid>,
    /// Its version.
    pub resource_version: Option<i32>,
    /// How many things a list answered with.
    pub count: Option<u32>,
    /// The rules that decided.
    #[serde(default)]
    pub rules: Vec<AccessRule>,
    /// Keyed digest of what was searched for, or `sha256:` and the digest of a file.
    pub digest: Option<String>,
    /// The request.
    pub request_id: Option<String>,
    /// The session.
    pub session_id: Option<Uuid>,
    /// The registered device.
    pub device: Option<AccessThing>,
    /// Where the request came from.
    pub source_ip: Option<String>,
    /// The place in the sealed log; `None` while it has none.
    pub sealed: Option<AccessPlace>,
}

/// Something with a name in an access record.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct AccessThing {
    /// Its id.
    pub id: Uuid,
    /// Its name.
    pub name: Option<String>,
}

/// A place in the sealed log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct AccessPlace {
    /// Which tree of the network.
    pub tree: u16,
    /// The place, from 0.
    pub index: u64,
}

/// Who made an access.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Actor {
    /// A person, a program, or nobody known.
    pub kind: ActorKind,
    /// The staff member or system client.
    pub id: Option<Uuid>,
    /// The account of a person.
    pub account_id: Option<Uuid>,
    /// Its name.
    pub name: Option<String>,
    /// Profession of a person.
    pub profession: Option<Profession>,
    /// Where the actor works.
    pub facility_id: Option<Uuid>,
    /// Where the actor works, by name.
    pub facility_name: Option<String>,
    /// The program that acted for the person, when one did.
    pub through: Option<String>,
    /// The staff member in whose place it was entered.
    pub on_behalf_of: Option<AccessThing>,
}

/// The patient of an access record.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct AccessPatient {
    /// The patient's id.
    pub id: Uuid,
    /// The patient's name, as far as the auditor needs it.
    pub name: Option<String>,
}

/// A rule that decided about an access.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct AccessRule {
    /// The rule's id in the policy.
    pub id: String,
    /// What it says, in Japanese.
    pub reason_ja: String,
    /// What it says, in English.
    pub reason_en: String,
}

/// Everything by which the log can be narrowed, with what a call adds.
macro_rules! log_query {
    ($(#[$about:meta])* $name:ident { $($(#[$says:meta])* $field:ident: $kind:ty,)* }) => {
        $(#[$about])*
        #[derive(Clone, Debug, Default, Serialize)]
        pub struct $name {
            /// Only accesses to this patient, lists that named the patient among them.
            #[serde(skip_serializing_if = "Option::is_none")]
            pub patient_id: Option<Uuid>,
            /// Only accesses of this person, acting for this post.
            #[serde(skip_serializing_if = "Option::is_none")]
            pub staff_member_id: Option<Uuid>,
            /// Only by this account, or about it.
            #[serde(skip_serializing_if = "Option::is_none")]
            pub account_id: Option<Uuid>,
            /// Only accesses from this facility.
            #[serde(skip_serializing_if = "Option::is_none")]
            pub facility_id: Option<Uuid>,
            /// Only by this profession.
            #[serde(skip_serializing_if = "Option::is_none")]
            pub profession: Option<Profession>,
            /// Only this action, such as `timeline.list`, or all of a group: `timeline.*`.
            #[serde(skip_serializing_if = "Option::is_none")]
            pub action: Option<String>,
            /// Only for this purpose of use.
            #[serde(skip_serializing_if = "Option::is_none")]
            pub purpose: Option<String>,
            /// Only on this ground.
            #[serde(skip_serializing_if = "Option::is_none")]
            pub ground: Option<String>,
            /// Only accesses that ended so.
            #[serde(skip_serializing_if = "Option::is_none")]
            pub outcome: Option<AccessOutcome>,
            /// Only refusals with this code.
            #[serde(skip_serializing_if = "Option::is_none")]
            pub code: Option<String>,
            /// Only people, systems, or callers who had not signed in.
            #[serde(skip_serializing_if = "Option::is_none")]
            pub actor: Option<ActorKind>,
            /// Only by this system, or by people through this program.
            #[serde(skip_serializing_if = "Option::is_none")]
            pub client_id: Option<Uuid>,
            /// Only from this registered device.
            #[serde(skip_serializing_if = "Option::is_none")]
            pub device_id: Option<Uuid>,
            /// Only in this session.
            #[serde(skip_serializing_if = "Option::is_none")]
            pub session_id: Option<Uuid>,
            /// Only from this network address.
            #[serde(skip_serializing_if = "Option::is_none")]
            pub source_ip: Option<String>,
            /// Only what has to do with emergency access.
            #[serde(skip_serializing_if = "Option::is_none")]
            pub emergency: Option<bool>,
            /// Only searches for exactly these words.
            #[serde(skip_serializing_if = "Option::is_none")]
            pub searched: Option<String>,
            /// At or after.
            #[serde(skip_serializing_if = "Option::is_none")]
            pub from: Option<DateTime<Utc>>,
            /// At or before.
            #[serde(skip_serializing_if = "Option::is_none")]
            pub to: Option<DateTime<Utc>>,
            $($(#[$says])* #[serde(skip_serializing_if = "Option::is_none")] pub $field: Option<$kind>,)*
        }
    };
}

log_query! {
    /// Which access records to list, newest first.
    ListAccessLog {
        /// Where the page starts: `next` of the page before.
        cursor: String,
        /// Rows per page, 1 to 100 (50 when absent).
        limit: u32,
    }
}

log_query! {
    /// Which access records to count: of the last 30 days when `from` is absent.
    CountAccessLog {}
}

log_query! {
    /// Which access records to export.
    ExportAccessLog {
        /// In which form; a spreadsheet when absent.
        format: LogFormat,
    }
}

open_enum! {
    /// In which form the log is exported.
    pub enum LogFormat {
        /// A spreadsheet with Japanese headings.
        Csv = "csv",
        /// A Bundle of AuditEvents (FHIR R4, IHE BALP).
        Fhir = "fhir",
    }
}

/// The log in numbers.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct AccessLogSummary {
    /// From when.
    pub from: DateTime<Utc>,
    /// Until when; `None` for all up to now.
    pub until: Option<DateTime<Utc>>,
    /// How many records.
    pub total: u64,
    /// By profession, most first.
    pub professions: Vec<LogCount>,
    /// By facility, most first.
    pub facilities: Vec<LogFacilityCount>,
    /// By purpose of use, most first.
    pub purposes: Vec<LogCount>,
    /// By action, most first.
    pub actions: Vec<LogActionCount>,
    /// Allowed and denied.
    pub outcomes: Vec<LogCount>,
    /// By day in Japan.
    pub days: Vec<LogDayCount>,
}

/// How often something is in the log.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct LogCount {
    /// Its code.
    pub code: Option<String>,
    /// How often.
    pub count: u64,
}

/// How often an action is in the log.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct LogActionCount {
    /// The action.
    pub code: String,
    /// Its name in Japanese.
    pub name_ja: String,
    /// How often.
    pub count: u64,
}

/// How often a facility is in the log.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct LogFacilityCount {
    /// The facility.
    pub id: Option<Uuid>,
    /// Its name.
    pub name: Option<String>,
    /// How often.
    pub count: u64,
}

/// How many records a day has.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct LogDayCount {
    /// The day in Japan.
    pub day: NaiveDate,
    /// How many.
    pub count: u64,
}

/// Records by weekday and hour in Japan.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct HeatMap {
    /// From when.
    pub from: DateTime<Utc>,
    /// Until when; `None` for all up to now.
    pub until: Option<DateTime<Utc>>,
    /// How many records.
    pub total: u64,
    /// Seven rows from Monday, each with 24 counts.
    pub cells: Vec<Vec<u64>>,
}

/// A record with the proof that it is in the sealed log.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct AccessProof {
    /// The record.
    pub id: Uuid,
    /// Name of the log.
    pub origin: String,
    /// Public key of the log.
    pub key: String,
    /// The place of the record.
    pub index: u64,
    /// How many records the checkpoint stands for.
    pub size: u64,
    /// The bytes that are in the log.
    pub entry: String,
    /// What the commitments in them stand for.
    pub opened: Vec<OpenedCommitment>,
    /// Hashes from the neighbour up to the root, in base64.
    pub hashes: Vec<String>,
    /// The signed checkpoint.
    pub checkpoint: String,
    /// All of it as one text (c2sp.org/tlog-proof).
    pub proof: String,
}

/// What a commitment stands for.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct OpenedCommitment {
    /// `who`, `where`, `what` or `patient`.
    pub name: String,
    /// 32 hexadecimal digits.
    pub salt: String,
    /// The value.
    pub value: String,
}

/// Which maintenance to list.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ListMaintenance {
    /// Only for this work plan.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub work_plan: Option<String>,
    /// Only what lasts to this day or longer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<NaiveDate>,
    /// Only what begins on this day or before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<NaiveDate>,
    /// Where the page starts: `next` of the page before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// 1 to 100 (20 when absent).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// Somebody of the vendor or operator who was let in, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Maintenance {
    /// The post under which the person was let in.
    pub staff_member_id: Uuid,
    /// The account.
    pub account_id: Option<Uuid>,
    /// Name of the person.
    pub name: String,
    /// The facility that the person was let in at.
    pub facility: FacilityReference,
    /// Number of the work plan.
    pub work_plan: Option<String>,
    /// First day.
    pub starts_on: NaiveDate,
    /// Last day.
    pub ends_on: Option<NaiveDate>,
    /// Sessions, oldest first.
    pub sessions: Vec<MaintenanceSession>,
    /// How many records the access log has of it.
    pub operations: u64,
    /// How many of them are refusals.
    pub denied: u64,
    /// Records by action, most first.
    pub actions: Vec<MaintenanceAction>,
    /// The newest 100 records.
    pub entries: Vec<AccessRecord>,
}

/// A session of somebody of the vendor or operator.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct MaintenanceSession {
    /// The session.
    pub id: Uuid,
    /// When it was opened.
    pub started_at: DateTime<Utc>,
    /// When something was last done in it.
    pub last_seen_at: DateTime<Utc>,
    /// When it was ended.
    pub ended_at: Option<DateTime<Utc>>,
    /// When it runs out.
    pub expires_at: DateTime<Utc>,
    /// Where it was opened from.
    pub source_ip: Option<String>,
    /// The registered device.
    pub device: Option<AccessThing>,
}

/// How often something was done during maintenance.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct MaintenanceAction {
    /// The action.
    pub code: String,
    /// Its name in Japanese.
    pub name_ja: String,
    /// How often.
    pub count: u64,
    /// How often it was refused.
    pub denied: u64,
}

/// What to search for as AuditEvents (FHIR).
#[derive(Clone, Debug, Default, Serialize)]
pub struct SearchAuditEvents {
    /// Only about this patient.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub patient: Option<Uuid>,
    /// A day or a time with `ge`, `gt`, `le`, `lt` or nothing before it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// Records on a page, 1 to 100.
    #[serde(rename = "_count", skip_serializing_if = "Option::is_none")]
    pub count: Option<u32>,
}
