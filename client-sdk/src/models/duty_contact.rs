//! Whom a facility lets be turned to when somebody there does not answer (施設の当番).

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::staff_member::Profession;

/// A duty contact to be entered.
#[derive(Clone, Debug, Serialize)]
pub struct NewDutyContact {
    /// Somebody of the facility.
    pub staff_member_id: Uuid,
    /// Days of the week: Monday is 1, Sunday 7.
    pub weekdays: Vec<u8>,
    /// From when, by the clock in Japan: `08:30`.
    pub from: String,
    /// Until when; on the next day when not after `from`.
    pub to: String,
}

impl NewDutyContact {
    /// Somebody who is turned to at any hour.
    pub fn always(staff_member_id: Uuid) -> Self {
        Self {
            staff_member_id,
            weekdays: (1..=7).collect(),
            from: "00:00".to_owned(),
            to: "24:00".to_owned(),
        }
    }
}

/// The duty contacts of a facility as they are to be.
#[derive(Clone, Debug, Default, Serialize)]
pub struct SetDutyContacts {
    /// Whoever is turned to first is first.
    pub contacts: Vec<NewDutyContact>,
}

/// A duty contact.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct DutyContact {
    /// Who.
    pub staff_member_id: Uuid,
    /// Name.
    pub name: String,
    /// Profession.
    pub profession: Profession,
    /// Days of the week: Monday is 1, Sunday 7.
    pub weekdays: Vec<u8>,
    /// From when.
    pub from: String,
    /// Until when.
    pub to: String,
    /// Whether the contact is on duty at this moment.
    pub on_duty: bool,
}

/// The duty contacts of a facility.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct DutyContacts {
    /// Whoever is turned to first is first.
    pub contacts: Vec<DutyContact>,
    /// Whether the caller may change them.
    pub may_keep: bool,
}
