//! The ground of a decision: what ties somebody to a patient at this moment, and how far the patient's consent goes.

use serde::{Deserialize, Serialize};

use super::question::{Question, Resource};
use crate::spine::professions;

/// Subjects that a consent has to name (機微情報).
pub const SENSITIVE: [&str; 5] = ["psychiatry", "hiv", "abuse", "violence", "finances"];

/// How far the consents that stand go for one facility and one group of professions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Cover {
    /// Kinds of information, by their places.
    pub kinds: u32,
    /// Whether it has a word of its own for the group.
    pub separate: bool,
    /// Sensitive subjects, by their places in [`SENSITIVE`].
    pub sensitive: u8,
}

/// The ground on which somebody may see a patient, read in the transaction of the data.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact of its own that the rules ask for"
)]
pub struct Ground {
    /// On the care team today.
    pub member: bool,
    /// Stands in for a member at this moment.
    pub substitute: bool,
    /// Emergency access runs.
    pub emergency: bool,
    /// Is the patient.
    pub patient: bool,
    /// Is family or proxy.
    pub family: bool,
    /// The patient has a number of the caller's facility.
    pub registered: bool,
    /// The caller's facility registered the patient, or (looked at only without consent) recorded something.
    pub own_patient: bool,
    /// How far consent goes for the caller.
    pub cover: Cover,
}

impl Ground {
    /// Whether consent covers a kind of information.
    pub fn consents_to(&self, kind: &str) -> bool {
        professions::place(kind).is_some_and(|place| self.cover.kinds & (1 << place) != 0)
    }

    /// Whether consent names a sensitive subject.
    pub fn names(&self, subject: &str) -> bool {
        let place = SENSITIVE.iter().position(|known| *known == subject);
        place.is_some_and(|place| self.cover.sensitive & (1 << place) != 0)
    }

    /// What ties the caller to the patient, in one word; the strongest first.
    pub fn word(&self) -> &'static str {
        match self {
            _ if self.member => "member",
            _ if self.substitute => "substitute",
            _ if self.patient => "self",
            _ if self.family => "family",
            _ if self.emergency => "emergency",
            _ => "none",
        }
    }
}

/// A consent that stands today, as far as decisions look at it.
#[derive(Debug, Clone, Default)]
pub struct StandingConsent {
    /// Facilities that it covers; all when empty.
    pub facilities: Option<Vec<uuid::Uuid>>,
    /// Groups of professions that it covers; all when empty.
    pub profession_groups: Option<Vec<String>>,
    /// Kinds of information that it covers; all when empty.
    pub kinds: Option<Vec<String>>,
    /// Sensitive subjects that it names.
    pub sensitive: Vec<String>,
    /// Groups for which it has a word of its own.
    pub separate: Vec<String>,
}

/// What all consents together cover for somebody of this group at this facility.
pub fn cover(consents: &[StandingConsent], facility: uuid::Uuid, group: &str) -> Cover {
    let mut sum = Cover::default();
    for consent in consents {
        let facility_in = |list: &Vec<uuid::Uuid>| list.contains(&facility);
        let group_in = |list: &Vec<String>| list.iter().any(|g| g == group);
        // The patient and the family belong to no facility.
        let outside = group == "PT" || group == "FM";
        if !outside && !consent.facilities.as_ref().is_none_or(facility_in) {
            continue;
        }
        let named_group = consent.separate.iter().any(|g| g == group);
        if !outside && !named_group && !consent.profession_groups.as_ref().is_none_or(group_in) {
            continue;
        }
        sum.kinds |= match &consent.kinds {
            None => u32::MAX,
            Some(kinds) => kinds
                .iter()
                .filter_map(|kind| professions::place(kind))
                .fold(0, |bits, place| bits | 1 << place),
        };
        sum.separate |= named_group;
        for (place, subject) in SENSITIVE.iter().enumerate() {
            if consent.sensitive.iter().any(|named| named == subject) {
                sum.sensitive |= 1 << place;
            }
        }
    }
    sum
}

/// The facts of the ground that the rules ask for, for one question.
pub(super) struct Facts {
    pub(super) consented: bool,
    pub(super) separate: bool,
    pub(super) named: bool,
    pub(super) own: bool,
}

pub(super) fn facts(question: &Question, ground: &Ground, facility: uuid::Uuid) -> Facts {
    let (kind, _) = question.kinds();
    let own = match &question.resource {
        Resource::Post(post) => post.facility == facility,
        Resource::Record { facility: of, .. } => *of == facility,
        Resource::Patient { .. } => ground.own_patient || ground.registered,
        Resource::Network
        | Resource::IncomingDocument { .. }
        | Resource::Room(_)
        | Resource::Announcement(_) => false,
    };
    let subject = match &question.resource {
        Resource::Post(post) => post.sensitivity.as_deref().unwrap_or(""),
        _ => "",
    };
    // Emergency access and naming a patient are about the whole patient.
    let kind = if kind.is_empty() { "basic" } else { kind };
    Facts {
        consented: ground.consents_to(kind),
        separate: ground.cover.separate,
        named: ground.names(subject),
        own,
    }
}
