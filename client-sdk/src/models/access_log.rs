//! The access log: who looked at what, who was refused, and by which rule.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

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
    /// Who.
    pub actor: Actor,
    /// What, such as `timeline.list`.
    pub action: String,
    /// How it ended.
    pub outcome: AccessOutcome,
    /// Error code of an access that did not succeed.
    pub code: Option<String>,
    /// For what purpose.
    pub purpose: Option<String>,
    /// The patient concerned.
    pub patient: Option<AccessPatient>,
    /// Type of the thing accessed.
    pub resource_type: Option<String>,
    /// Id of the thing accessed.
    pub resource_id: Option<Uuid>,
    /// How many things a list answered with.
    pub count: Option<u32>,
    /// The rules that decided.
    #[serde(default)]
    pub rules: Vec<AccessRule>,
    /// The request.
    pub request_id: Option<String>,
    /// Where the request came from.
    pub source_ip: Option<String>,
}

/// Who made an access.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Actor {
    /// A person, a program, or nobody known.
    pub kind: ActorKind,
    /// The staff member or system client.
    pub id: Option<Uuid>,
    /// Its name.
    pub name: Option<String>,
    /// Profession of a person.
    pub profession: Option<Profession>,
    /// Where the actor works.
    pub facility_name: Option<String>,
    /// The program that acted for the person, when one did.
    pub through: Option<String>,
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

/// Which access records to list, newest first.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ListAccessLog {
    /// Only accesses to this patient.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub patient_id: Option<Uuid>,
    /// Only accesses of this person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub staff_member_id: Option<Uuid>,
    /// Only accesses from this facility.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub facility_id: Option<Uuid>,
    /// Only this action, such as `timeline.list`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub action: Option<String>,
    /// Only accesses that ended so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<AccessOutcome>,
    /// At or after.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<DateTime<Utc>>,
    /// Before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<DateTime<Utc>>,
    /// Where the page starts: `next` of the page before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// Rows per page, 1 to 100 (50 when absent).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}
