//! Rules that need one entry only.

use chrono::{TimeDelta, Timelike};
use uuid::Uuid;

use super::{
    Facts, Found, Key, Rule, SEARCHES, Seen,
    facts::{PatientFacts, PersonFacts, PostFacts, plain_name, surname},
    settings::{FindingRules, UnusualHourRule},
};
use crate::spine::clock::japanese_time;

/// How a relation to a patient begins: registering one, or taking a card from whoever presents it.
const BEGINNINGS: [&str; 3] = [
    "patient.create",
    "registration_card.read",
    "registration_card.link",
];

/// Somebody who had to do with a patient, as an entry says.
struct Access<'a> {
    seen: &'a Seen,
    rules: &'a FindingRules,
    facts: &'a Facts,
    person_id: Uuid,
    post: &'a PostFacts,
    person: &'a PersonFacts,
    patient_id: Uuid,
    patient: &'a PatientFacts,
    /// Whether the person was on the team or stood in.
    tied: bool,
}

/// Marks an entry for every rule that speaks about it alone.
pub(in super::super) fn each(seen: &Seen, facts: &Facts, rules: &FindingRules, found: &mut Found) {
    let Some((person_id, post, person)) = seen.post.and_then(|post| facts.person_of(post)) else {
        return;
    };
    if post.is_relative || !seen.is_care() {
        return;
    }
    let searched = seen
        .named
        .iter()
        .filter(|_| SEARCHES.contains(&seen.action.as_str()));
    for patient_id in seen.patient.iter().chain(searched) {
        let Some(patient) = facts.patients.get(patient_id) else {
            continue;
        };
        let by_ground = matches!(seen.ground.as_deref(), Some("member" | "substitute"));
        let access = Access {
            seen,
            rules,
            facts,
            person_id,
            post,
            person,
            patient_id: *patient_id,
            patient,
            tied: by_ground || facts.is_tied(person, *patient_id, seen.at),
        };
        access.mark(found);
    }
    if seen.patient.is_some() && is_unusual(seen, facts, post, person, &rules.unusual_hour) {
        let key = Key {
            person: Some(person_id),
            ..Key::on(Rule::UnusualHour, seen.day())
        };
        found.mark(key, seen, "hour");
    }
}

impl Access<'_> {
    fn mark(&self, found: &mut Found) {
        let marks = [
            (Rule::SameSurname, self.same_surname()),
            (Rule::SameAddress, self.same_address()),
            (Rule::OwnFamily, self.own_family()),
            (Rule::WatchedPatient, self.watched()),
            (Rule::NoRelation, self.no_relation()),
            (Rule::AfterMembership, self.after_membership()),
        ];
        for (rule, reasons) in marks {
            for reason in reasons.into_iter().flatten() {
                let key = Key {
                    person: Some(self.person_id),
                    patient: Some(self.patient_id),
                    ..Key::on(rule, self.seen.day())
                };
                found.mark(key, self.seen, reason);
            }
        }
    }

    fn same_surname(&self) -> [Option<&'static str>; 2] {
        let rule = &self.rules.same_surname;
        if !rule.enabled || self.tied && !rule.on_team_too {
            return [None, None];
        }
        let is_ignored = |name: &str| rule.ignored.iter().any(|word| plain_name(word) == name);
        let same = |one: &str, other: &str| {
            let (one, other) = (surname(one), surname(other));
            one.is_some_and(|one| other.as_ref() == Some(&one) && !is_ignored(&one))
        };
        let kanji = same(&self.person.name, &self.patient.name);
        let kana = rule.by_kana && same(&self.person.kana, &self.patient.kana);
        // Whatever is too common in kanji is so however it sounds.
        let common = surname(&self.person.name).is_some_and(|name| is_ignored(&name));
        [
            kanji.then_some("kanji"),
            (kana && !common).then_some("kana"),
        ]
    }

    fn same_address(&self) -> [Option<&'static str>; 2] {
        let rule = &self.rules.same_address;
        let same = self.person.home.is_some() && self.person.home == self.patient.home;
        let speaks = rule.enabled && same && (!self.tied || rule.on_team_too);
        [speaks.then_some("address"), None]
    }

    fn own_family(&self) -> [Option<&'static str>; 2] {
        let rule = &self.rules.own_family;
        if !rule.enabled || self.tied && !rule.on_team_too {
            return [None, None];
        }
        let same_name = |name: &str, kana: &str| {
            plain_name(name) == plain_name(&self.person.name)
                && plain_name(kana) == plain_name(&self.person.kana)
        };
        let relatives = &self.patient.relatives;
        let registered = relatives
            .iter()
            .any(|one| one.person == self.person_id || same_name(&one.name, &one.kana));
        let is_patient = same_name(&self.patient.name, &self.patient.kana);
        [
            registered.then_some("relative"),
            is_patient.then_some("patient"),
        ]
    }

    fn watched(&self) -> [Option<&'static str>; 2] {
        let rule = &self.rules.watched_patient;
        let watched = self
            .patient
            .watches
            .iter()
            .any(|one| one.holds(self.seen.at));
        let speaks = rule.enabled && watched && (!self.tied || rule.on_team_too);
        [speaks.then_some("watched"), None]
    }

    fn no_relation(&self) -> [Option<&'static str>; 2] {
        let rule = &self.rules.no_relation;
        let action = self.seen.action.as_str();
        // Emergency access is looked at by its own rule.
        let is_emergency = self.seen.ground.as_deref() == Some("emergency")
            || action.starts_with("emergency_access.");
        if !rule.enabled || self.tied || is_emergency || BEGINNINGS.contains(&action) {
            return [None, None];
        }
        // Whoever was on the team is looked at by another rule.
        let left = self
            .facts
            .left_on(self.person, self.patient_id, self.seen.day());
        if self.rules.after_membership.enabled && left.is_some() {
            return [None, None];
        }
        [
            (!self.seen.denied).then_some("allowed"),
            (self.seen.denied && rule.attempts_too).then_some("refused"),
        ]
    }

    fn after_membership(&self) -> [Option<&'static str>; 2] {
        let rule = &self.rules.after_membership;
        if !rule.enabled {
            return [None, None];
        }
        let day = self.seen.day();
        let grace = TimeDelta::days(rule.grace_days.into());
        let left = (!self.tied)
            .then(|| self.facts.left_on(self.person, self.patient_id, day))
            .flatten();
        // What the own facility recorded stays open to it without consent.
        let consent = (self.seen.denied && self.post.facility != self.patient.facility)
            .then(|| self.patient.consent_ended_on(day))
            .flatten()
            .filter(|_| self.tied || left.is_some());
        let over = |ended: Option<chrono::NaiveDate>| ended.is_some_and(|last| day - last > grace);
        [
            over(left).then_some("membership"),
            over(consent).then_some("consent"),
        ]
    }
}

fn is_unusual(
    seen: &Seen,
    facts: &Facts,
    post: &PostFacts,
    person: &PersonFacts,
    rule: &UnusualHourRule,
) -> bool {
    let hour = i32::try_from(japanese_time(seen.at).time().hour()).unwrap_or(0);
    let (from, until) = (rule.from_hour, rule.until_hour);
    let at_night = if from <= until {
        (from..until).contains(&hour)
    } else {
        hour >= from || hour < until
    };
    rule.enabled
        && at_night
        && !rule.around_the_clock.contains(&post.facility_kind)
        && !facts.is_on_call(person, seen.at)
}
