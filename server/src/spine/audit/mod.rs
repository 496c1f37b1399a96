//! The access log: a row in the same transaction as what it records, reads and refusals too.
//!
//! A request cannot end well without an entry ([`crate::ctx`] sees to it), and nothing is answered before the entry is
//! committed. Entries hold ids and codes, never text that a person wrote; what was searched for is there as a keyed digest
//! only. Each entry carries a keyed digest of itself that the database alone cannot make, until it is sealed
//! ([`super::sealing`]).

mod rows;
pub(crate) mod tally;
mod write;

pub use rows::{Stored, archived, find, patients_of};
pub(in crate::spine) use write::MAC;
pub use write::seal_of;
pub(crate) use write::{search_digest, write, write_by_owner, write_many_by_owner};

use uuid::Uuid;

use super::text;

/// What happened, as the feature tells it. Who, when and from where is added by the transaction.
#[derive(Debug, Clone, Default)]
pub struct Entry {
    action: &'static str,
    patient_id: Option<Uuid>,
    resource: Option<(&'static str, Uuid)>,
    count: Option<i32>,
    patients: Vec<Uuid>,
    code: Option<&'static str>,
    version: Option<i32>,
    on_behalf_of: Option<Uuid>,
    searched: Option<String>,
    operation: Option<&'static str>,
    file: Option<String>,
}

impl Entry {
    /// `action` was done: `feature.verb`.
    pub fn new(action: &'static str) -> Self {
        Self {
            action,
            ..Self::default()
        }
    }

    /// It concerned this patient.
    #[must_use]
    pub fn of_patient(mut self, patient_id: Uuid) -> Self {
        self.patient_id = Some(patient_id);
        self
    }

    /// It concerned this thing.
    #[must_use]
    pub fn on(mut self, kind: &'static str, id: Uuid) -> Self {
        self.resource = Some((kind, id));
        self
    }

    /// It concerned this version of the thing.
    #[must_use]
    pub fn version(mut self, version: i32) -> Self {
        self.version = Some(version);
        self
    }

    /// It was done in the place of this staff member.
    #[must_use]
    pub fn on_behalf_of(mut self, staff_member_id: Uuid) -> Self {
        self.on_behalf_of = Some(staff_member_id);
        self
    }

    /// It was searched for these words; only a keyed digest of them is kept.
    #[must_use]
    pub fn searching(mut self, words: &str) -> Self {
        self.searched = Some(text::fold(words));
        self
    }

    /// It was searched for these words, if for any.
    #[must_use]
    pub fn searching_for(self, words: Option<&str>) -> Self {
        match words.map(str::trim).filter(|words| !words.is_empty()) {
            Some(words) => self.searching(words),
            None => self,
        }
    }

    /// It was the refusal of a request to this operation.
    #[must_use]
    pub(crate) fn of_operation(mut self, operation: &'static str) -> Self {
        self.operation = Some(operation);
        self
    }

    /// What was given out has this SHA-256, in hexadecimal digits.
    #[must_use]
    pub fn giving(mut self, digest: &str) -> Self {
        self.file = Some(format!("sha256:{digest}"));
        self
    }

    /// The answer was a list of so many things.
    #[must_use]
    pub fn listing(mut self, count: usize) -> Self {
        self.count = i32::try_from(count).ok();
        self
    }

    /// It was refused with this code, in a transaction that is kept: what counts attempts must not be taken back.
    #[must_use]
    pub fn refused(mut self, code: &'static str) -> Self {
        self.code = Some(code);
        self
    }

    /// The answer named these patients.
    #[must_use]
    pub fn naming(mut self, patients: impl IntoIterator<Item = Uuid>) -> Self {
        self.patients = patients.into_iter().collect();
        self
    }
}

/// A refusal, to be recorded after the transaction was taken back.
#[derive(Debug, Clone)]
pub struct Denial {
    /// What was tried.
    pub action: &'static str,
    /// The patient concerned.
    pub patient_id: Option<Uuid>,
    /// The thing concerned.
    pub resource: Option<(&'static str, Uuid)>,
    /// Whether the caller may know that the thing exists.
    pub visible: bool,
}

impl Denial {
    /// A refusal that looks like "not found".
    pub fn hidden(action: &'static str) -> Self {
        Self {
            action,
            patient_id: None,
            resource: None,
            visible: false,
        }
    }

    /// It concerned this patient.
    #[must_use]
    pub fn of_patient(mut self, patient_id: Uuid) -> Self {
        self.patient_id = Some(patient_id);
        self
    }

    /// It concerned this thing.
    #[must_use]
    pub fn on(mut self, kind: &'static str, id: Uuid) -> Self {
        self.resource = Some((kind, id));
        self
    }
}

impl From<Denial> for Entry {
    fn from(denial: Denial) -> Self {
        Self {
            action: denial.action,
            patient_id: denial.patient_id,
            resource: denial.resource,
            ..Self::default()
        }
    }
}
