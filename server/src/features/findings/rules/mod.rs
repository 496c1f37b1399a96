//! The rules: from entries of the access log and facts to what is to be looked at. Pure, without database or clock.
//!
//! A rule marks entries; what it finds is the marks about one thing: a person, a patient, a day in Japan. So it does not
//! matter in which order or in how many parts entries are looked at, more entries never take a finding away, and looking
//! at them twice changes nothing.

mod each;
mod facts;
mod settings;
mod windows;

#[cfg(test)]
mod property_tests;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::spine::{clock::japanese_day, ids};

pub(super) use each::each;
pub(super) use facts::{
    Consent, Facts, Membership, PatientFacts, PersonFacts, PostFacts, Relative, StandIn, Watch,
};
pub(super) use settings::FindingRules;
pub(super) use windows::Windows;

/// A rule.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
#[schema(as = FindingRule)]
pub(super) enum Rule {
    /// 姓が同じ
    SameSurname,
    /// 住所が同じ
    SameAddress,
    /// 本人・家族
    OwnFamily,
    /// 注視対象の患者
    WatchedPatient,
    /// ケアチームとの関係がない
    NoRelation,
    /// 緊急時アクセスの確認が済んでいない
    EmergencyUnreviewed,
    /// 通常でない時間帯
    UnusualHour,
    /// 短時間に多数の患者
    ManyPatients,
    /// 担当が終わった後
    AfterMembership,
    /// 拒否の繰り返し
    RepeatedDenials,
    /// 監査者が開いたもの
    ByHand,
}

impl Rule {
    /// All of them, in the order in which they are shown.
    pub(super) const ALL: [Self; 11] = [
        Self::SameSurname,
        Self::SameAddress,
        Self::OwnFamily,
        Self::WatchedPatient,
        Self::NoRelation,
        Self::EmergencyUnreviewed,
        Self::UnusualHour,
        Self::ManyPatients,
        Self::AfterMembership,
        Self::RepeatedDenials,
        Self::ByHand,
    ];

    /// The code in the database and the interface.
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::SameSurname => "same_surname",
            Self::SameAddress => "same_address",
            Self::OwnFamily => "own_family",
            Self::WatchedPatient => "watched_patient",
            Self::NoRelation => "no_relation",
            Self::EmergencyUnreviewed => "emergency_unreviewed",
            Self::UnusualHour => "unusual_hour",
            Self::ManyPatients => "many_patients",
            Self::AfterMembership => "after_membership",
            Self::RepeatedDenials => "repeated_denials",
            Self::ByHand => "by_hand",
        }
    }

    /// What it finds, in Japanese.
    fn finds_ja(self) -> &'static str {
        match self {
            Self::SameSurname => "同じ姓の患者へのアクセス",
            Self::SameAddress => "同じ住所の患者へのアクセス",
            Self::OwnFamily => "本人・家族の記録へのアクセス",
            Self::WatchedPatient => "注視対象の患者へのアクセス",
            Self::NoRelation => "関わりのない患者へのアクセス",
            Self::EmergencyUnreviewed => "確認の済んでいない緊急時アクセス",
            Self::UnusualHour => "通常でない時間帯のアクセス",
            Self::ManyPatients => "短時間に多数の患者へのアクセス",
            Self::AfterMembership => "担当が終わった後のアクセス",
            Self::RepeatedDenials => "拒否の繰り返し",
            Self::ByHand => "監査者が取り上げたもの",
        }
    }

    /// The rule with this code.
    pub(super) fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rule| rule.code() == code)
    }
}

/// The rules by code, with what they find as reports call it, in the order in which they are shown.
pub fn rule_names() -> [(&'static str, &'static str); 11] {
    Rule::ALL.map(|rule| (rule.code(), rule.finds_ja()))
}

/// An entry of the access log, as far as rules look at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Seen {
    /// The entry.
    pub(super) id: Uuid,
    /// When.
    pub(super) at: DateTime<Utc>,
    /// The post that a person acted for.
    pub(super) post: Option<Uuid>,
    /// The system.
    pub(super) client: Option<Uuid>,
    /// Where it came from.
    pub(super) source: Option<String>,
    /// What was done.
    pub(super) action: String,
    /// Whether it was refused.
    pub(super) denied: bool,
    /// For what purpose.
    pub(super) purpose: String,
    /// What tied the caller to the patient, in one word.
    pub(super) ground: Option<String>,
    /// The patient that it was about, when there is such a patient.
    pub(super) patient: Option<Uuid>,
    /// The patients that a search named.
    pub(super) named: Vec<Uuid>,
    /// The account at which somebody tried to sign in.
    pub(super) account: Option<Uuid>,
}

/// Searches for somebody whom the searcher has nothing to do with: their answers count like the patients themselves.
pub(super) const SEARCHES: [&str; 1] = ["emergency_access.search"];
/// What is not the caller's doing: an app that goes on with a session that has ended.
pub(super) const NOT_AN_ATTEMPT: [&str; 1] = ["session.use"];

impl Seen {
    /// The day in Japan.
    pub(super) fn day(&self) -> NaiveDate {
        japanese_day(self.at)
    }

    /// Its place among others.
    pub(super) fn place(&self) -> (DateTime<Utc>, Uuid) {
        (self.at, self.id)
    }

    /// Whether it was refused and somebody had tried.
    pub(super) fn is_attempt(&self) -> bool {
        self.denied && !NOT_AN_ATTEMPT.contains(&self.action.as_str())
    }

    /// Whether it was said to be for care: oversight, administration and the patients themselves are not.
    pub(super) fn is_care(&self) -> bool {
        matches!(self.purpose.as_str(), "TREAT" | "CAREMGT" | "ETREAT")
    }
}

/// What a finding is about: the same for the same, however often it is found.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(super) struct Key {
    pub(super) rule: Rule,
    pub(super) day: NaiveDate,
    pub(super) person: Option<Uuid>,
    pub(super) patient: Option<Uuid>,
    pub(super) account: Option<Uuid>,
    pub(super) client: Option<Uuid>,
    pub(super) source: Option<String>,
    pub(super) emergency: Option<Uuid>,
}

impl Key {
    /// About nothing but a day, to be completed.
    pub(super) fn on(rule: Rule, day: NaiveDate) -> Self {
        Self {
            rule,
            day,
            person: None,
            patient: None,
            account: None,
            client: None,
            source: None,
            emergency: None,
        }
    }

    /// The identifier of what it is about, in a network.
    pub(super) fn id(&self, tenant_id: Uuid) -> Uuid {
        let about = (
            self.rule.code(),
            self.day.to_string(),
            [self.person, self.patient, self.account, self.client],
            (&self.source, self.emergency),
        );
        let text = serde_json::to_vec(&(tenant_id, about)).unwrap_or_default();
        ids::derived_id(&text)
    }
}

/// The entries that speak for a finding, and why.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Marks {
    /// Each with the post that the person acted for.
    pub(super) entries: BTreeMap<(DateTime<Utc>, Uuid), Option<Uuid>>,
    /// In fixed words.
    pub(super) reasons: BTreeSet<&'static str>,
}

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Found(pub(super) BTreeMap<Key, Marks>);

impl Found {
    /// Marks an entry.
    pub(super) fn mark(&mut self, key: Key, seen: &Seen, reason: &'static str) {
        let marks = self.0.entry(key).or_default();
        marks.entries.insert(seen.place(), seen.post);
        marks.reasons.insert(reason);
    }

    /// Adds what was found elsewhere.
    #[cfg(test)]
    pub(super) fn join(&mut self, other: Self) {
        for (key, marks) in other.0 {
            let own = self.0.entry(key).or_default();
            own.entries.extend(marks.entries);
            own.reasons.extend(marks.reasons);
        }
    }
}

/// Looks at all of these entries, in whatever order they come.
#[cfg(test)]
pub(super) fn look(entries: &[Seen], facts: &Facts, rules: &FindingRules) -> Found {
    let mut found = Found::default();
    let mut sorted: Vec<&Seen> = entries.iter().collect();
    sorted.sort_by_key(|seen| seen.place());
    let mut windows = Windows::new(rules);
    for seen in sorted {
        each(seen, facts, rules, &mut found);
        windows.push(seen, facts, &mut found);
    }
    found
}
