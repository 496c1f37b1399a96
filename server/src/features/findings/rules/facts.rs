//! What is known of people and patients, as of each moment.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use crate::spine::{clock::japanese_day, text};

/// Everything that rules may ask. What is not in it is not known, and no rule speaks about it.
#[derive(Debug, Clone, Default)]
pub(in super::super) struct Facts {
    /// Posts.
    pub(in super::super) posts: HashMap<Uuid, PostFacts>,
    /// The people who hold them.
    pub(in super::super) people: HashMap<Uuid, PersonFacts>,
    /// Patients.
    pub(in super::super) patients: HashMap<Uuid, PatientFacts>,
    /// Memberships of care teams, by post and patient.
    pub(in super::super) memberships: HashMap<(Uuid, Uuid), Vec<Membership>>,
    /// Who stands in for whom, by the post that stands in.
    pub(in super::super) stand_ins: HashMap<Uuid, Vec<StandIn>>,
}

/// A post.
#[derive(Debug, Clone)]
pub(in super::super) struct PostFacts {
    /// Who holds it.
    pub(in super::super) person: Uuid,
    /// Where.
    pub(in super::super) facility: Uuid,
    /// Kind of the facility.
    pub(in super::super) facility_kind: String,
    /// Whether it is an account of a patient or of the family.
    pub(in super::super) is_relative: bool,
}

/// Somebody who works here.
#[derive(Debug, Clone, Default)]
pub(in super::super) struct PersonFacts {
    /// Name in kanji.
    pub(in super::super) name: String,
    /// Name in kana.
    pub(in super::super) kana: String,
    /// Digest of the home address.
    pub(in super::super) home: Option<[u8; 32]>,
    /// All posts of the person.
    pub(in super::super) posts: Vec<Uuid>,
}

/// A patient.
#[derive(Debug, Clone, Default)]
pub(in super::super) struct PatientFacts {
    /// Name in kanji.
    pub(in super::super) name: String,
    /// Name in kana.
    pub(in super::super) kana: String,
    /// Digest of the address.
    pub(in super::super) home: Option<[u8; 32]>,
    /// The facility that registered the patient.
    pub(in super::super) facility: Uuid,
    /// Those who have an account for the patient.
    pub(in super::super) relatives: Vec<Relative>,
    /// When the patient is watched.
    pub(in super::super) watches: Vec<Watch>,
    /// Consents, those that have ended too.
    pub(in super::super) consents: Vec<Consent>,
}

/// Somebody who has an account for a patient.
#[derive(Debug, Clone)]
pub(in super::super) struct Relative {
    /// The person.
    pub(in super::super) person: Uuid,
    /// Name in kanji.
    pub(in super::super) name: String,
    /// Name in kana.
    pub(in super::super) kana: String,
}

/// A time for which a patient is watched.
#[derive(Debug, Clone, Copy)]
pub(in super::super) struct Watch {
    /// First day.
    pub(in super::super) starts_on: NaiveDate,
    /// Last day.
    pub(in super::super) ends_on: Option<NaiveDate>,
    /// When it was ended before.
    pub(in super::super) ended_at: Option<DateTime<Utc>>,
}

/// A consent.
#[derive(Debug, Clone, Copy)]
pub(in super::super) struct Consent {
    /// First day.
    pub(in super::super) granted_on: NaiveDate,
    /// Last day.
    pub(in super::super) valid_until: Option<NaiveDate>,
    /// When it was withdrawn.
    pub(in super::super) withdrawn_at: Option<DateTime<Utc>>,
}

/// A membership of a care team.
#[derive(Debug, Clone, Copy)]
pub(in super::super) struct Membership {
    /// First day.
    pub(in super::super) starts_on: NaiveDate,
    /// Last day.
    pub(in super::super) ends_on: Option<NaiveDate>,
    /// When it was entered: before that it was not known, whatever its first day says.
    pub(in super::super) created_at: DateTime<Utc>,
}

/// Standing in for a member of care teams.
#[derive(Debug, Clone, Copy)]
pub(in super::super) struct StandIn {
    /// The post of the absent.
    pub(in super::super) absent: Uuid,
    /// For one patient; for all of them when empty.
    pub(in super::super) patient: Option<Uuid>,
    /// Whether it is being on call (当番).
    pub(in super::super) on_call: bool,
    /// From.
    pub(in super::super) starts_at: DateTime<Utc>,
    /// Until.
    pub(in super::super) ends_at: DateTime<Utc>,
}

impl Membership {
    fn holds(&self, at: DateTime<Utc>) -> bool {
        let day = japanese_day(at);
        self.created_at <= at
            && self.starts_on <= day
            && self.ends_on.is_none_or(|last| last >= day)
    }
}

impl StandIn {
    fn holds(&self, at: DateTime<Utc>) -> bool {
        self.starts_at <= at && at < self.ends_at
    }
}

impl Watch {
    pub(super) fn holds(&self, at: DateTime<Utc>) -> bool {
        let day = japanese_day(at);
        self.starts_on <= day
            && self.ends_on.is_none_or(|last| last >= day)
            && self.ended_at.is_none_or(|ended| at < ended)
    }
}

impl Consent {
    /// The last day on which it stood.
    fn last_day(&self) -> Option<NaiveDate> {
        let withdrawn = self.withdrawn_at.map(japanese_day);
        match (self.valid_until, withdrawn) {
            (Some(until), Some(withdrawn)) => Some(until.min(withdrawn)),
            (until, withdrawn) => until.or(withdrawn),
        }
    }
}

impl PatientFacts {
    /// The last day on which any consent stood, when on `day` none stands any more.
    pub(super) fn consent_ended_on(&self, day: NaiveDate) -> Option<NaiveDate> {
        let begun = || self.consents.iter().filter(|one| one.granted_on <= day);
        let ended = |one: &Consent| one.last_day().filter(|last| *last < day);
        begun()
            .map(ended)
            .collect::<Option<Vec<_>>>()?
            .into_iter()
            .max()
    }
}

impl Facts {
    /// Who holds a post.
    pub(super) fn person_of(&self, post: Uuid) -> Option<(Uuid, &PostFacts, &PersonFacts)> {
        let facts = self.posts.get(&post)?;
        Some((facts.person, facts, self.people.get(&facts.person)?))
    }

    fn of(&self, post: Uuid, patient: Uuid) -> &[Membership] {
        self.memberships
            .get(&(post, patient))
            .map_or(&[], Vec::as_slice)
    }

    fn stands_in(&self, post: Uuid) -> &[StandIn] {
        self.stand_ins.get(&post).map_or(&[], Vec::as_slice)
    }

    /// Whether a post of the person was on the team of the patient at that moment, or stood in for a member.
    pub(super) fn is_tied(&self, person: &PersonFacts, patient: Uuid, at: DateTime<Utc>) -> bool {
        let member = |post: Uuid| self.of(post, patient).iter().any(|one| one.holds(at));
        let stands_in = |post: &Uuid| {
            self.stands_in(*post).iter().any(|one| {
                one.holds(at)
                    && one.patient.is_none_or(|only| only == patient)
                    && member(one.absent)
            })
        };
        person
            .posts
            .iter()
            .any(|post| member(*post) || stands_in(post))
    }

    /// The last day of the person's memberships of the team, when all of them had ended before `day`.
    pub(super) fn left_on(
        &self,
        person: &PersonFacts,
        patient: Uuid,
        day: NaiveDate,
    ) -> Option<NaiveDate> {
        let all = person.posts.iter().flat_map(|post| self.of(*post, patient));
        all.filter_map(|one| {
            one.ends_on
                .filter(|last| *last < day && one.starts_on <= *last)
        })
        .max()
    }

    /// Whether the person was on call at that moment.
    pub(super) fn is_on_call(&self, person: &PersonFacts, at: DateTime<Utc>) -> bool {
        let mut all = person.posts.iter().flat_map(|post| self.stands_in(*post));
        all.any(|one| one.on_call && one.holds(at))
    }
}

/// A name without what is written or left out at will.
pub(in super::super) fn plain_name(name: &str) -> String {
    text::fold(name).replace(['・', '-'], "")
}

/// The surname of a name that is written with a space after it.
pub(super) fn surname(name: &str) -> Option<String> {
    let (surname, given) = name.trim().split_once(char::is_whitespace)?;
    let surname = plain_name(surname);
    (!surname.is_empty() && !given.trim().is_empty()).then_some(surname)
}
