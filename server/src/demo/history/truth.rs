//! What is true of people and patients of the demonstration, told from the stories alone.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use uuid::Uuid;

use super::{DemoSeeded, Teller, is_night};
use crate::demo::{
    model::{DemoPatient, DemoStaff},
    moment,
};

/// Whether somebody is on the team of a patient on a day.
pub(super) fn is_member(patient: &DemoPatient, staff: Uuid, day: NaiveDate) -> bool {
    // Memberships are entered when the patient is registered.
    moment::day_of(patient.registered_at) < day
        && patient.team.iter().any(|member| {
            member.staff_id == staff
                && member.starts_on <= day
                && member.ends_on.is_none_or(|last| last >= day)
        })
}

/// The last day of somebody on the team of a patient, when that was before a day.
pub(super) fn left_on(patient: &DemoPatient, staff: Uuid, day: NaiveDate) -> Option<NaiveDate> {
    let own = patient
        .team
        .iter()
        .filter(|member| member.staff_id == staff);
    own.filter_map(|member| member.ends_on.filter(|last| *last < day))
        .max()
}

/// Whether somebody was never on the team of a patient.
pub(super) fn is_stranger(patient: &DemoPatient, staff: Uuid) -> bool {
    patient.team.iter().all(|member| member.staff_id != staff)
}

/// Whether somebody has the surname of a patient, as it is written or as it sounds.
pub(super) fn shares_surname(patient: &DemoPatient, staff: &DemoStaff) -> bool {
    let surname = |name: &str| name.split(' ').next().unwrap_or_default().to_owned();
    surname(&patient.name) == surname(staff.name) || surname(&patient.kana) == surname(staff.kana)
}

impl Teller<'_> {
    /// Notes what is to be found about somebody and a patient on a day.
    pub(super) fn seed(
        &mut self,
        rule: &'static str,
        at: DateTime<Utc>,
        staff: Uuid,
        patient: Option<Uuid>,
    ) {
        self.history.seeded.push(DemoSeeded {
            rule,
            day: moment::day_of(at),
            staff: Some(staff),
            patient,
            account: None,
            source: None,
        });
    }

    /// Notes everything that is to be found when somebody has to do with a patient at that moment.
    pub(super) fn judge(
        &mut self,
        at: DateTime<Utc>,
        staff: &DemoStaff,
        patient: &DemoPatient,
        emergency: bool,
    ) {
        let day = moment::day_of(at);
        let tied = is_member(patient, staff.id, day);
        let left = left_on(patient, staff.id, day);
        let history = &self.history;
        let lives_there = |(who, address): &(Uuid, String)| {
            *who == staff.id && address.contains(&house_of(&patient.address))
        };
        let is_family = |relative: &super::DemoRelative| {
            relative.patient == patient.id && relative.name == staff.name
        };
        let is_watched = history
            .watched
            .iter()
            .any(|watch| watch.patient == patient.id && moment::day_of(watch.since) <= day);
        let found = [
            ("same_surname", !tied && shares_surname(patient, staff)),
            ("same_address", history.homes.iter().any(lives_there)),
            ("own_family", history.relatives.iter().any(is_family)),
            ("watched_patient", !tied && is_watched),
            ("no_relation", !tied && left.is_none() && !emergency),
            (
                "after_membership",
                !tied && left.is_some_and(|last| day - last > TimeDelta::days(1)),
            ),
        ];
        for (rule, is_true) in found {
            if is_true {
                self.seed(rule, at, staff.id, Some(patient.id));
            }
        }
        if is_night(at) && !self.works_around_the_clock(staff) && !self.is_on_call(staff.id, at) {
            self.seed("unusual_hour", at, staff.id, None);
        }
    }
}

/// Town and number of an address of the demonstration, as somebody who lives there writes them.
pub(super) fn house_of(address: &str) -> String {
    let town = address.split_once('市').map_or(address, |(_, town)| town);
    town.replace("番地の", "-").replace("番地", "")
}
