//! What is to be looked at in the access log, and how it is reviewed.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::access_log::AccessOutcome;
use super::open_enum::open_enum;

open_enum! {
    /// A rule by which the access log is looked through.
    pub enum FindingRule {
        /// 姓が同じ
        SameSurname = "same_surname",
        /// 住所が同じ
        SameAddress = "same_address",
        /// 本人・家族
        OwnFamily = "own_family",
        /// 注視対象の患者
        WatchedPatient = "watched_patient",
        /// ケアチームとの関係がない
        NoRelation = "no_relation",
        /// 緊急時アクセスの確認が済んでいない
        EmergencyUnreviewed = "emergency_unreviewed",
        /// 通常でない時間帯
        UnusualHour = "unusual_hour",
        /// 短時間に多数の患者
        ManyPatients = "many_patients",
        /// 担当が終わった後
        AfterMembership = "after_membership",
        /// 拒否の繰り返し
        RepeatedDenials = "repeated_denials",
        /// 監査者が開いたもの
        ByHand = "by_hand",
    }
}

open_enum! {
    /// How far the review of a finding is.
    pub enum FindingState {
        /// In a filter: those in which there is something to do.
        Unfinished = "unfinished",
        /// 未着手
        Open = "open",
        /// 担当者あり
        Assigned = "assigned",
        /// 本人に照会中
        Asked = "asked",
        /// 本人から回答あり
        Answered = "answered",
        /// 終了
        Closed = "closed",
        /// 現在のルールでは該当しない
        Superseded = "superseded",
    }
}

open_enum! {
    /// What a review came to.
    pub enum FindingConclusion {
        /// 正当
        Justified = "justified",
        /// 不適切
        NotJustified = "not_justified",
        /// 判断できず
        Unclear = "unclear",
        /// 重複
        Duplicate = "duplicate",
    }
}

/// Something that the rules found in the access log, or an auditor by hand.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Finding {
    /// The finding's id.
    pub id: Uuid,
    /// The rule that found it.
    pub rule: FindingRule,
    /// The day in Japan that it is about.
    pub day: NaiveDate,
    /// What made the rule speak, in fixed words such as `kanji` or `refused`.
    pub reasons: Vec<String>,
    /// How far the review is.
    pub state: FindingState,
    /// Version, which steps of the review name.
    pub version: i64,
    /// The person concerned.
    pub person: Option<FindingPerson>,
    /// The patient concerned.
    pub patient: Option<FindingPatient>,
    /// The account at which somebody tried to sign in.
    pub account: Option<FindingAccount>,
    /// The system concerned.
    pub system: Option<FindingSystem>,
    /// The address that attempts came from.
    pub source_ip: Option<String>,
    /// The emergency access that nobody reviewed.
    pub emergency_access: Option<FindingEmergency>,
    /// How many entries it rests on.
    pub entries: u64,
    /// The first of them.
    pub first_at: DateTime<Utc>,
    /// The last of them.
    pub last_at: DateTime<Utc>,
    /// When it was found first.
    pub found_at: DateTime<Utc>,
    /// The version of the rules that it was found with first; 0 for the usual ones.
    pub found_version: i64,
    /// The version of the rules that it was found with last.
    pub rule_version: i64,
    /// The auditor who reviews it.
    pub assigned_to: Option<FindingAuditor>,
    /// What the review came to.
    pub conclusion: Option<FindingConclusion>,
    /// When it was closed.
    pub closed_at: Option<DateTime<Utc>>,
    /// The last question to the person concerned.
    pub question: Option<FindingQuestion>,
    /// Whether it is about the caller, who then may not review it.
    pub about_caller: bool,
}

/// The person whom a finding is about.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct FindingPerson {
    /// The person.
    pub person_id: Uuid,
    /// The post that the person acted for first.
    pub staff_member_id: Option<Uuid>,
    /// Name.
    pub name: String,
    /// Code of the profession of that post.
    pub profession: Option<String>,
    /// Facility of that post.
    pub facility_name: Option<String>,
}

/// The patient whom a finding is about.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct FindingPatient {
    /// The patient's id.
    pub id: Uuid,
    /// Name.
    pub name: String,
    /// Name in kana; absent in lists of entries.
    pub kana: Option<String>,
}

/// An account at which somebody tried to sign in.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct FindingAccount {
    /// The account's id.
    pub account_id: Uuid,
    /// Sign-in name, before the @.
    pub login_name: String,
    /// Name of its owner.
    pub name: String,
}

/// A system that a finding is about.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct FindingSystem {
    /// The system's id.
    pub id: Uuid,
    /// Name.
    pub name: String,
}

/// The emergency access that a finding is about.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct FindingEmergency {
    /// The access's id.
    pub id: Uuid,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// When it was reviewed.
    pub reviewed_at: Option<DateTime<Utc>>,
    /// What the review found.
    pub finding: Option<String>,
}

/// The auditor who reviews a finding.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct FindingAuditor {
    /// The post.
    pub staff_member_id: Uuid,
    /// Name.
    pub name: String,
}

/// The last question about a finding.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct FindingQuestion {
    /// The question's id.
    pub id: Uuid,
    /// When it was asked.
    pub asked_at: DateTime<Utc>,
    /// By when an answer is wanted.
    pub due_at: DateTime<Utc>,
    /// When it was answered.
    pub answered_at: Option<DateTime<Utc>>,
    /// Whether the answer is missing and should be there.
    pub overdue: bool,
}

/// A finding with its evidence and everything that was done about it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct FindingDetail {
    /// The finding.
    #[serde(flatten)]
    pub finding: Finding,
    /// The entries that it rests on, in order; at most 500 of them.
    pub evidence: Vec<FindingEntry>,
    /// Everything that was done about it, in order.
    pub steps: Vec<FindingStep>,
    /// What the person concerned was asked, and answered.
    pub justifications: Vec<FindingJustification>,
}

/// An entry of the access log that a finding rests on.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct FindingEntry {
    /// The entry's id.
    pub id: Uuid,
    /// When.
    pub at: DateTime<Utc>,
    /// What, such as `timeline.list`.
    pub action: String,
    /// How it ended.
    pub outcome: AccessOutcome,
    /// Error code of an access that did not succeed.
    pub code: Option<String>,
    /// For what purpose.
    pub purpose: String,
    /// What tied the person to the patient, in one word.
    pub ground: Option<String>,
    /// Profession at that moment.
    pub profession: Option<String>,
    /// Facility at that moment.
    pub facility_name: Option<String>,
    /// The patient.
    pub patient: Option<FindingPatient>,
    /// Type of the thing accessed.
    pub resource_type: Option<String>,
    /// Id of the thing accessed.
    pub resource_id: Option<Uuid>,
    /// The session.
    pub session_id: Option<Uuid>,
    /// The registered device.
    pub device_id: Option<Uuid>,
    /// Where the request came from.
    pub source_ip: Option<String>,
    /// Its place in the sealed log.
    pub leaf_index: Option<u64>,
}

/// Something that was done about a finding.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct FindingStep {
    /// Number, from 1.
    pub number: i64,
    /// What, such as `found`, `asked` or `closed`.
    pub kind: String,
    /// When.
    pub at: DateTime<Utc>,
    /// Name of whoever did it; absent for the server itself.
    pub by: Option<String>,
    /// Name of the auditor to whom it was given.
    pub assigned_to: Option<String>,
    /// The question that it was about.
    pub request_id: Option<Uuid>,
    /// What the review came to.
    pub conclusion: Option<FindingConclusion>,
    /// Remarks.
    pub note: Option<String>,
    /// The version of the rules, for what the rules did.
    pub rule_version: Option<i64>,
}

/// A question to the person concerned, with its answer.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct FindingJustification {
    /// The question's id.
    pub id: Uuid,
    /// What was asked.
    pub question: String,
    /// When.
    pub asked_at: DateTime<Utc>,
    /// Name of the auditor who asked.
    pub asked_by: String,
    /// By when an answer is wanted.
    pub due_at: DateTime<Utc>,
    /// When it was answered.
    pub answered_at: Option<DateTime<Utc>>,
    /// The answer.
    pub answer: Option<String>,
    /// When no answer was wanted any more.
    pub ended_at: Option<DateTime<Utc>>,
    /// Whether the answer is missing and should be there.
    pub overdue: bool,
}

/// Which findings to list, the newest entries first.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ListFindings {
    /// Only in this state.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<FindingState>,
    /// Only of this rule.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<FindingRule>,
    /// Only about this person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person_id: Option<Uuid>,
    /// Only about this patient.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub patient_id: Option<Uuid>,
    /// Only those that this auditor reviews.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assigned_to: Option<Uuid>,
    /// Not about days before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<NaiveDate>,
    /// Not about days after.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<NaiveDate>,
    /// Where the page starts: `next` of the page before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// Rows per page, 1 to 100 (50 when absent).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// Opening a finding by hand.
#[derive(Clone, Debug, Serialize)]
pub struct CreateFinding {
    /// The new finding's id, chosen by the caller.
    pub id: Uuid,
    /// The entries of the access log that it rests on.
    pub entries: Vec<Uuid>,
    /// Why it is to be looked at.
    pub note: String,
}

impl CreateFinding {
    /// A finding about these entries, with a new id.
    pub fn new(entries: Vec<Uuid>, note: impl Into<String>) -> Self {
        Self {
            id: crate::new_id(),
            entries,
            note: note.into(),
        }
    }
}

/// Findings about the days of a month, counted.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct FindingSummary {
    /// The month, such as `2026-11`.
    pub month: String,
    /// A line for each rule.
    pub rules: Vec<FindingCount>,
    /// How many questions wait for their answers too long.
    pub overdue_justifications: u64,
}

/// How many findings a rule has.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct FindingCount {
    /// The rule.
    pub rule: FindingRule,
    /// All of them but those that are superseded.
    pub found: u64,
    /// Nobody has taken it up.
    pub open: u64,
    /// An auditor has it.
    pub assigned: u64,
    /// The person concerned was asked.
    pub asked: u64,
    /// The person concerned has answered.
    pub answered: u64,
    /// Closed as justified.
    pub justified: u64,
    /// Closed as not justified.
    pub not_justified: u64,
    /// Closed without being able to tell.
    pub unclear: u64,
    /// Closed because another one is about the same.
    pub duplicate: u64,
    /// Not found any more by the rules as they are now.
    pub superseded: u64,
}

/// The rules by which the access log is looked through.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct FindingRules {
    /// Number of the version; 0 for the usual rules.
    pub version: i64,
    /// The rules by name, with their thresholds, as the interface describes them.
    pub rules: BTreeMap<String, Value>,
    /// Why they were changed last.
    pub reason: Option<String>,
    /// When they were changed.
    pub changed_at: Option<DateTime<Utc>>,
    /// Name of the auditor who changed them.
    pub changed_by: Option<String>,
    /// Whether the log is still being looked through by them; absent in lists of versions.
    #[serde(default)]
    pub computing: bool,
}

/// What is known of where somebody lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct HomeAddress {
    /// Whether a digest of the address is kept. The address itself is not.
    pub known: bool,
}
