//! Counting what a leak has touched. No database, no clock.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use crate::{
    features::accesses::{self, Subject},
    spine::clock::{day_begins, japanese_day, japanese_month, month_after},
};

/// By what the information went out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// The key of a system, or a program through which people act.
    Client(Uuid),
    /// Somebody's account.
    Account(Uuid),
    /// One session.
    Session(Uuid),
    /// A registered device.
    Device(Uuid),
    /// An address of the network.
    SourceIp(String),
}

impl Source {
    /// What kind of source it is, in the interface.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Client(_) => "client",
            Self::Account(_) => "account",
            Self::Session(_) => "session",
            Self::Device(_) => "device",
            Self::SourceIp(_) => "source_ip",
        }
    }

    /// The same in Japanese.
    pub(super) fn kind_ja(&self) -> &'static str {
        match self {
            Self::Client(_) => "連携システムの鍵",
            Self::Account(_) => "アカウント",
            Self::Session(_) => "セッション",
            Self::Device(_) => "登録端末",
            Self::SourceIp(_) => "接続元アドレス",
        }
    }

    /// Its identifier; nothing for an address.
    pub(super) fn id(&self) -> Option<Uuid> {
        match self {
            Self::Client(id) | Self::Account(id) | Self::Session(id) | Self::Device(id) => {
                Some(*id)
            }
            Self::SourceIp(_) => None,
        }
    }

    /// As it is written.
    pub(super) fn value(&self) -> String {
        match self {
            Self::SourceIp(address) => address.clone(),
            _ => self.id().unwrap_or_default().to_string(),
        }
    }
}

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// By what.
    pub source: Source,
    /// From.
    pub from: DateTime<Utc>,
    /// Until, not including.
    pub to: DateTime<Utc>,
    /// Day on which the leak became known, for the days by which it has to be reported.
    pub known_on: Option<NaiveDate>,
}

impl Asked {
    /// The months of the time that is asked about, as far as it reaches: each is looked at by itself, because each is one
    /// part of the log.
    pub(super) fn windows(&self) -> Vec<(DateTime<Utc>, DateTime<Utc>)> {
        let (mut found, mut first) = (Vec::new(), japanese_month(self.from));
        while day_begins(first) < self.to {
            let next = month_after(first);
            found.push((
                day_begins(first).max(self.from),
                day_begins(next).min(self.to),
            ));
            if next <= first {
                break;
            }
            first = next;
        }
        found
    }
}

/// An entry, as far as it is counted.
#[derive(Debug, Clone)]
pub(super) struct Access {
    pub(super) id: Uuid,
    pub(super) at: DateTime<Utc>,
    pub(super) action: String,
    pub(super) allowed: bool,
    pub(super) patient_id: Option<Uuid>,
    pub(super) facility_id: Option<Uuid>,
}

/// Days, one bit each: ten years are 456 bytes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Days(Vec<u64>);

impl Days {
    fn place(first: NaiveDate, day: NaiveDate) -> Option<(usize, u64)> {
        let days = usize::try_from((day - first).num_days()).ok()?;
        Some((days / 64, 1 << (days % 64)))
    }

    fn add(&mut self, first: NaiveDate, day: NaiveDate) {
        let Some((word, bit)) = Self::place(first, day) else {
            return;
        };
        if self.0.len() <= word {
            self.0.resize(word + 1, 0);
        }
        if let Some(bits) = self.0.get_mut(word) {
            *bits |= bit;
        }
    }

    pub(super) fn has(&self, first: NaiveDate, day: NaiveDate) -> bool {
        Self::place(first, day)
            .is_some_and(|(word, bit)| self.0.get(word).is_some_and(|bits| bits & bit != 0))
    }
}

/// What went out about one person.
#[derive(Debug, Clone)]
pub(super) struct Affected {
    pub(super) first_at: DateTime<Utc>,
    pub(super) last_at: DateTime<Utc>,
    /// Accesses to content.
    pub(super) contents: u64,
    /// Lists and searches that named the person.
    pub(super) lists: u64,
    /// Accesses by the information that they were about.
    pub(super) subjects: BTreeMap<&'static str, u64>,
    /// The days on which content was accessed.
    pub(super) days: Days,
    /// The days on which a list named the person.
    pub(super) listed_on: Days,
}

impl Affected {
    /// Whether a record of a provision of this day is concerned: any on a day of content, what lists show on a day of
    /// lists.
    pub(super) fn concerns(&self, first: NaiveDate, day: NaiveDate, kind: &str) -> bool {
        self.days.has(first, day) || kind == "basic" && self.listed_on.has(first, day)
    }
}

/// What went out altogether.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) people: BTreeMap<Uuid, Affected>,
    /// Accesses that were allowed and concerned somebody.
    pub(super) accesses: u64,
    /// Attempts at somebody's information that were refused.
    pub(super) refused: u64,
    pub(super) facilities: BTreeSet<Uuid>,
    /// Information that was concerned: in Japanese and English, persons and accesses are counted from `people`.
    pub(super) subjects: BTreeMap<&'static str, &'static str>,
    first_day: Option<NaiveDate>,
}

impl Tally {
    /// Counts in days from this one on.
    pub(super) fn from(first: DateTime<Utc>) -> Self {
        Self {
            first_day: Some(japanese_day(first)),
            ..Self::default()
        }
    }

    /// The day from which days are counted.
    pub(super) fn first_day(&self) -> NaiveDate {
        self.first_day.unwrap_or_default()
    }

    /// Counts an entry with the patients that its answer named.
    pub(super) fn count(&mut self, access: &Access, listed: &[Uuid]) {
        let named: BTreeSet<Uuid> = listed.iter().copied().chain(access.patient_id).collect();
        if named.is_empty() {
            return;
        }
        if !access.allowed {
            self.refused += 1;
            return;
        }
        self.accesses += 1;
        self.facilities.extend(access.facility_id);
        let about = accesses::subject(&access.action);
        for patient in named {
            // Whoever was only named among others was on a list, whatever the act was about.
            let subject = if access.patient_id == Some(patient) {
                about
            } else {
                accesses::subject("patients.list")
            };
            self.add(patient, access.at, subject);
        }
    }

    fn add(&mut self, patient: Uuid, at: DateTime<Utc>, subject: Subject) {
        self.subjects.insert(subject.ja, subject.en);
        let first_day = self.first_day();
        let person = self.people.entry(patient).or_insert_with(|| Affected {
            first_at: at,
            last_at: at,
            contents: 0,
            lists: 0,
            subjects: BTreeMap::new(),
            days: Days::default(),
            listed_on: Days::default(),
        });
        person.first_at = person.first_at.min(at);
        person.last_at = person.last_at.max(at);
        *person.subjects.entry(subject.ja).or_default() += 1;
        if subject.listed {
            person.lists += 1;
            person.listed_on.add(first_day, japanese_day(at));
        } else {
            person.contents += 1;
            person.days.add(first_day, japanese_day(at));
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use proptest::prelude::*;

    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn asked(from: &str, to: &str) -> Asked {
        Asked {
            source: Source::SourceIp("192.0.2.1".to_owned()),
            from: at(from),
            to: at(to),
            known_on: None,
        }
    }

    #[test]
    fn a_time_is_looked_at_month_by_month_without_gaps() {
        let asked = asked("2026-01-15T00:00:00Z", "2026-03-01T00:00:00Z");
        let windows = asked.windows();
        assert_eq!(
            windows,
            [
                (asked.from, at("2026-01-31T15:00:00Z")),
                (at("2026-01-31T15:00:00Z"), at("2026-02-28T15:00:00Z")),
                (at("2026-02-28T15:00:00Z"), asked.to),
            ]
        );
    }

    proptest! {
        #[test]
        fn days_are_remembered_and_no_others(days in prop::collection::btree_set(0_i64..4000, 0..60)) {
            let first = NaiveDate::from_ymd_opt(2016, 2, 28).unwrap();
            let mut kept = Days::default();
            for day in &days {
                kept.add(first, first + TimeDelta::days(*day));
            }
            for day in 0..4000 {
                prop_assert_eq!(kept.has(first, first + TimeDelta::days(day)), days.contains(&day));
            }
            prop_assert!(!kept.has(first, first - TimeDelta::days(1)));
        }
    }

    #[test]
    fn content_and_lists_are_told_apart() {
        let (one, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let mut tally = Tally::from(at("2026-01-01T00:00:00Z"));
        let access = |action: &str, allowed, patient_id| Access {
            id: Uuid::nil(),
            at: at("2026-01-02T00:00:00Z"),
            action: action.to_owned(),
            allowed,
            patient_id,
            facility_id: Some(Uuid::from_u128(9)),
        };
        tally.count(&access("timeline.list", true, Some(one)), &[]);
        tally.count(&access("patients.list", true, None), &[one, other]);
        tally.count(&access("patient.read", false, Some(other)), &[]);
        tally.count(&access("me.find", true, None), &[]);
        assert_eq!((tally.accesses, tally.refused), (2, 1));
        let counted = |id| {
            let person = &tally.people[&id];
            (person.contents, person.lists)
        };
        assert_eq!((counted(one), counted(other)), ((1, 1), (0, 1)));
        let day = NaiveDate::from_ymd_opt(2026, 1, 2).unwrap();
        let first = tally.first_day();
        assert!(tally.people[&one].concerns(first, day, "note"));
        assert!(!tally.people[&other].concerns(first, day, "note"));
        assert!(tally.people[&other].concerns(first, day, "basic"));
    }
}
