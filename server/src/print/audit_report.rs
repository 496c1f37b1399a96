//! What the auditor's monthly report (監査月次報告書) tells of one network and one month.
//!
//! The words of the report are in the template; here are its facts. Names of facilities, people and rules come as they
//! are to be read. The report holds no content of a record: a patient is named by what the auditor sees on the screen.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::japanese::{self, Month};

/// The report of one network and month.
#[derive(Debug, Clone, Serialize)]
pub struct AuditReport {
    /// The month.
    pub month: Month,
    /// The moment up to which it tells, when the month was not over (月の途中).
    #[serde(serialize_with = "japanese::maybe_at")]
    pub as_of: Option<DateTime<Utc>>,
    /// Who made the report: name, and what the person is.
    pub made_by: String,
    /// The access log and whether it can be trusted.
    pub log: Log,
    /// Acts that the rules allowed.
    pub allowed: u64,
    /// Acts that the rules refused.
    pub denied: u64,
    /// People who did something.
    pub people: u64,
    /// Patients on whose records something was done.
    pub patients: u64,
    /// Accesses by facility and profession; rows of a facility follow each other.
    pub by_place: Vec<AccessRow>,
    /// Accesses by purpose of use.
    pub by_purpose: Vec<Counted>,
    /// Accesses by group of acts.
    pub by_action: Vec<Counted>,
    /// Accesses by weekday and hour.
    pub hours: WeekHours,
    /// Uses of emergency access, counted; all of them, where the list has not all.
    pub emergency_counts: EmergencyCounts,
    /// Uses of emergency access (緊急時アクセス), the first of the month first.
    pub emergencies: Vec<Emergency>,
    /// What the rules of the audit found, by rule.
    pub findings: Vec<FindingRow>,
    /// Findings whose review ended in this month.
    pub reviewed: Vec<ReviewedFinding>,
    /// Sessions in which operators worked on the system.
    pub maintenance: Vec<MaintenanceSession>,
    /// Records that must not be removed, because of a dispute or an inquiry.
    pub legal_holds: Vec<LegalHold>,
    /// How many rows the lists do not show, because paper ends.
    pub left_out: LeftOut,
}

/// How many rows the lists of a report do not show.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct LeftOut {
    /// Uses of emergency access.
    pub emergencies: u64,
    /// Findings whose review ended.
    pub reviewed: u64,
    /// Sessions of operators.
    pub maintenance: u64,
    /// Legal holds.
    pub legal_holds: u64,
}

/// Uses of emergency access, counted.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct EmergencyCounts {
    /// All that began in the month.
    pub all: u64,
    /// Of these, not reviewed.
    pub waiting: u64,
    /// Of these, not reviewed in time.
    pub overdue: u64,
}

/// The access log at the end of the month.
#[derive(Debug, Clone, Serialize)]
pub struct Log {
    /// Entries of the month.
    pub entries: u64,
    /// All entries since the beginning.
    pub size: u64,
    /// Places of the first and the last entry of the month, from 0; nothing when there is none.
    pub range: Option<(u64, u64)>,
    /// Entries of the month for which nothing signed stands yet.
    pub waiting: u64,
    /// The latest signed summary of the log.
    pub checkpoint: Option<Checkpoint>,
    /// Whether the entries agree with it.
    pub verification: Verification,
    /// Who keeps a copy of the summary outside the network.
    pub witnesses: Vec<Witness>,
}

/// A signed summary of the log. Its text goes on the sheet as a QR code, the picture `checkpoint`, so that paper is a
/// witness too.
#[derive(Debug, Clone, Serialize)]
pub struct Checkpoint {
    /// The name of the log.
    pub origin: String,
    /// Entries that it covers.
    pub size: u64,
    /// The root of the tree of these entries, in hexadecimal.
    pub root: String,
    /// When it was signed.
    #[serde(serialize_with = "japanese::at")]
    pub at: DateTime<Utc>,
}

/// What recomputing the entries of the month, and the tree up to the latest checkpoint, found.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Verification {
    /// Nothing was altered, removed or added.
    Sound {
        /// When it was recomputed.
        #[serde(serialize_with = "japanese::at")]
        at: DateTime<Utc>,
        /// Entries that were recomputed.
        checked: u64,
    },
    /// What was recomputed is sound, and it was not everything.
    Partly {
        /// When it was recomputed.
        #[serde(serialize_with = "japanese::at")]
        at: DateTime<Utc>,
        /// Entries that were recomputed.
        checked: u64,
        /// What was not, to be read by people.
        rest: String,
    },
    /// It does not agree.
    NotSound {
        /// When it was recomputed.
        #[serde(serialize_with = "japanese::at")]
        at: DateTime<Utc>,
        /// The place of the first entry that does not agree, where it has one.
        first: Option<u64>,
        /// What was found, to be read by people.
        what: String,
    },
    /// It cannot be told, because something is missing.
    Incomplete {
        /// When it was tried.
        #[serde(serialize_with = "japanese::at")]
        at: DateTime<Utc>,
        /// What is missing, to be read by people.
        what: String,
    },
    /// Nothing signed stands for an entry of the month.
    Nothing,
    /// It has not been recomputed.
    NotChecked,
}

/// Somebody who countersigns summaries of the log.
#[derive(Debug, Clone, Serialize)]
pub struct Witness {
    /// Name.
    pub name: String,
    /// The latest countersignature; nothing when there is none in this month.
    #[serde(serialize_with = "japanese::maybe_at")]
    pub at: Option<DateTime<Utc>>,
    /// Entries covered by it.
    pub size: Option<u64>,
}

/// Accesses of one profession of one facility.
#[derive(Debug, Clone, Serialize)]
pub struct AccessRow {
    /// Name of the facility.
    pub facility: String,
    /// Name of the profession.
    pub profession: String,
    /// People who did something.
    pub people: u64,
    /// Acts allowed.
    pub allowed: u64,
    /// Acts refused.
    pub denied: u64,
}

/// Accesses of one kind.
#[derive(Debug, Clone, Serialize)]
pub struct Counted {
    /// What is counted.
    pub name: String,
    /// Acts allowed.
    pub allowed: u64,
    /// Acts refused.
    pub denied: u64,
}

/// Accesses by weekday, Monday first, and by the hour in Japan.
#[derive(Debug, Clone, Default, Serialize)]
pub struct WeekHours(pub [[u64; 24]; 7]);

/// One use of emergency access.
#[derive(Debug, Clone, Serialize)]
pub struct Emergency {
    /// When it began.
    #[serde(serialize_with = "japanese::at")]
    pub at: DateTime<Utc>,
    /// When it ended.
    #[serde(serialize_with = "japanese::maybe_at")]
    pub ended_at: Option<DateTime<Utc>>,
    /// Who used it.
    pub person: String,
    /// In which profession.
    pub profession: String,
    /// At which facility.
    pub facility: String,
    /// For which patient.
    pub patient: String,
    /// The reason that was given.
    pub reason: String,
    /// What came of the review.
    pub review: Review,
}

/// What came of a review.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Review {
    /// Nobody has looked at it.
    Waiting {
        /// Whether the time for it has passed.
        overdue: bool,
    },
    /// It was right (妥当).
    Justified {
        /// Who says so.
        by: String,
        /// When.
        #[serde(serialize_with = "japanese::at")]
        at: DateTime<Utc>,
        /// Why.
        note: String,
    },
    /// It was not right (妥当でない).
    NotJustified {
        /// Who says so.
        by: String,
        /// When.
        #[serde(serialize_with = "japanese::at")]
        at: DateTime<Utc>,
        /// Why, and what follows.
        note: String,
    },
    /// It could not be told (判断できず), or it is one with another (重複).
    Other {
        /// What came of it, to be read by people.
        what: &'static str,
        /// Who says so.
        by: String,
        /// When.
        #[serde(serialize_with = "japanese::at")]
        at: DateTime<Utc>,
        /// Why.
        note: String,
    },
}

/// What one rule of the audit found.
#[derive(Debug, Clone, Serialize)]
pub struct FindingRow {
    /// Name of the rule.
    pub rule: String,
    /// Found in this month.
    pub found: u64,
    /// Not reviewed yet, older ones too.
    pub open: u64,
    /// Closed in this month as justified.
    pub justified: u64,
    /// Closed in this month as not justified.
    pub not_justified: u64,
    /// Closed in this month as one that could not be judged, or as the same as another.
    pub other: u64,
}

/// A finding whose review has ended.
#[derive(Debug, Clone, Serialize)]
pub struct ReviewedFinding {
    /// Name of the rule.
    pub rule: String,
    /// Who or what was found.
    pub subject: String,
    /// What came of it.
    pub review: Review,
}

/// A session in which an operator worked on the system.
#[derive(Debug, Clone, Serialize)]
pub struct MaintenanceSession {
    /// When it began.
    #[serde(serialize_with = "japanese::at")]
    pub at: DateTime<Utc>,
    /// When it ended.
    #[serde(serialize_with = "japanese::maybe_at")]
    pub ended_at: Option<DateTime<Utc>>,
    /// Who worked.
    pub person: String,
    /// Who had agreed to it.
    pub approved_by: String,
    /// What for.
    pub reason: String,
    /// Acts recorded meanwhile.
    pub acts: u64,
}

/// Records that must not be removed.
#[derive(Debug, Clone, Serialize)]
pub struct LegalHold {
    /// Which records.
    pub subject: String,
    /// Why.
    pub reason: String,
    /// Since when.
    #[serde(serialize_with = "japanese::at")]
    pub at: DateTime<Utc>,
    /// By whose order.
    pub by: String,
    /// When it was lifted.
    #[serde(serialize_with = "japanese::maybe_at")]
    pub lifted_at: Option<DateTime<Utc>>,
}
