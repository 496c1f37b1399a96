//! Rules that need the entries around an entry: many patients, and many refusals, within a while.
//!
//! An entry is marked when some window of the right length holds it and enough others. Entries are given in the order of
//! time; only those of the last window are kept.

use std::collections::{HashMap, VecDeque};

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::{Facts, Found, Key, Rule, Seen, settings::FindingRules};

/// Within which many patients are many.
const HOUR: TimeDelta = TimeDelta::hours(1);
/// Entries between two looks at whose windows are empty by now.
const SWEEP: usize = 10_000;

/// Whose entries are counted together.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Subject {
    /// Patients of a person.
    Patients(Uuid),
    /// Refusals of a person.
    Person(Uuid),
    /// Refusals of a system.
    Client(Uuid),
    /// Failures to sign in at an account.
    Account(Uuid),
    /// Failures to sign in from an address, at several accounts or at names that do not exist.
    Source(String),
}

/// What is told apart: patients, or accounts.
type Thing = Option<Uuid>;

/// The entries of the last while, for everybody.
#[derive(Debug)]
pub(in super::super) struct Windows {
    rules: FindingRules,
    open: HashMap<Subject, Window>,
    pushed: usize,
}

#[derive(Debug, Default)]
struct Window {
    /// Each with whether it is marked.
    entries: VecDeque<(Seen, Thing, bool)>,
    things: HashMap<Thing, usize>,
}

/// When a window is full.
struct Limit {
    length: TimeDelta,
    /// Entries.
    entries: usize,
    /// Things that can be told apart.
    things: usize,
}

impl Windows {
    /// Nothing yet.
    pub(in super::super) fn new(rules: &FindingRules) -> Self {
        Self {
            rules: rules.clone(),
            open: HashMap::new(),
            pushed: 0,
        }
    }

    /// How long the longest window is: so much before and after an entry has to be looked at.
    pub(in super::super) fn longest(rules: &FindingRules) -> TimeDelta {
        let denials = &rules.repeated_denials;
        let minutes = denials.minutes.max(denials.sign_in_minutes);
        HOUR.max(TimeDelta::minutes(minutes.into()))
    }

    /// The next entry in the order of time.
    pub(in super::super) fn push(&mut self, seen: &Seen, facts: &Facts, found: &mut Found) {
        for (subject, thing) in self.subjects(seen, facts) {
            let limit = self.limit(&subject);
            let window = self.open.entry(subject.clone()).or_default();
            window.push(seen, thing, &limit);
            if window.is_full(&subject, &limit) {
                window.mark(&subject, found);
            }
        }
        self.pushed += 1;
        if self.pushed.is_multiple_of(SWEEP) {
            let since = seen.at - Self::longest(&self.rules);
            self.open.retain(|_, window| window.is_open(since));
        }
    }

    /// With whom the entry is counted.
    fn subjects(&self, seen: &Seen, facts: &Facts) -> Vec<(Subject, Thing)> {
        let mut subjects = Vec::new();
        let known = seen.post.and_then(|post| facts.person_of(post));
        if let Some((person, post, _)) = known
            && self.rules.many_patients.enabled
            && !post.is_relative
            && seen.is_care()
            && seen.patient.is_some()
        {
            subjects.push((Subject::Patients(person), seen.patient));
        }
        if !self.rules.repeated_denials.enabled || !seen.is_attempt() {
            return subjects;
        }
        match (known, seen.client) {
            (Some((person, ..)), _) => subjects.push((Subject::Person(person), None)),
            (None, Some(client)) => subjects.push((Subject::Client(client), None)),
            (None, None) if seen.post.is_none() => {
                if let Some(account) = seen.account {
                    subjects.push((Subject::Account(account), None));
                }
                if let Some(source) = &seen.source {
                    subjects.push((Subject::Source(source.clone()), seen.account));
                }
            }
            (None, None) => {}
        }
        subjects
    }

    fn limit(&self, subject: &Subject) -> Limit {
        let count = |number: i32| usize::try_from(number).unwrap_or(usize::MAX);
        let denials = &self.rules.repeated_denials;
        match subject {
            Subject::Patients(_) => Limit {
                length: HOUR,
                entries: 0,
                things: count(self.rules.many_patients.patients).saturating_add(1),
            },
            Subject::Person(_) | Subject::Client(_) => Limit {
                length: TimeDelta::minutes(denials.minutes.into()),
                entries: count(denials.count),
                things: 0,
            },
            Subject::Account(_) | Subject::Source(_) => Limit {
                length: TimeDelta::minutes(denials.sign_in_minutes.into()),
                entries: count(denials.sign_in_count),
                things: 0,
            },
        }
    }
}

impl Window {
    fn push(&mut self, seen: &Seen, thing: Thing, limit: &Limit) {
        while let Some((first, ..)) = self.entries.front()
            && seen.at - first.at >= limit.length
        {
            if let Some((_, gone, _)) = self.entries.pop_front()
                && let Some(count) = self.things.get_mut(&gone)
            {
                *count -= 1;
                if *count == 0 {
                    self.things.remove(&gone);
                }
            }
        }
        self.entries.push_back((seen.clone(), thing, false));
        *self.things.entry(thing).or_default() += 1;
    }

    fn is_full(&self, subject: &Subject, limit: &Limit) -> bool {
        // One address that fails at one account is told of by the account; names that do not exist are several.
        let several = !matches!(subject, Subject::Source(_))
            || self.things.len() > 1
            || self.things.contains_key(&None);
        several && self.entries.len() >= limit.entries && self.things.len() >= limit.things
    }

    fn mark(&mut self, subject: &Subject, found: &mut Found) {
        // Those that are marked already are the oldest ones.
        for (seen, _, marked) in self.entries.iter_mut().rev() {
            if *marked {
                break;
            }
            *marked = true;
            let (key, reason) = subject.key(seen);
            found.mark(key, seen, reason);
        }
    }

    fn is_open(&self, since: DateTime<Utc>) -> bool {
        self.entries
            .back()
            .is_some_and(|(last, ..)| last.at >= since)
    }
}

impl Subject {
    fn key(&self, seen: &Seen) -> (Key, &'static str) {
        let on = |rule| Key::on(rule, seen.day());
        match self {
            Self::Patients(person) => {
                let mut key = on(Rule::ManyPatients);
                key.person = Some(*person);
                (key, "patients")
            }
            Self::Person(person) => {
                let mut key = on(Rule::RepeatedDenials);
                key.person = Some(*person);
                (key, "person")
            }
            Self::Client(client) => {
                let mut key = on(Rule::RepeatedDenials);
                key.client = Some(*client);
                (key, "system")
            }
            Self::Account(account) => {
                let mut key = on(Rule::RepeatedDenials);
                key.account = Some(*account);
                (key, "account")
            }
            Self::Source(source) => {
                let mut key = on(Rule::RepeatedDenials);
                key.source = Some(source.clone());
                (key, "source")
            }
        }
    }
}
