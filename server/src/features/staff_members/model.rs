//! Rows of staff members.

use chrono::{NaiveDate, TimeDelta};
use diesel::prelude::*;
use serde::Serialize;
use tsumugi_schema::tables::staff_members;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    error::FieldError,
    features::{facilities::FacilityRef, licences::LicenceStatus},
    spine::{auth::Role, text},
};

/// Professions of accounts that belong to a patient: no colleagues, and not in the directory.
pub(super) const RELATIVES: [&str; 2] = ["patient", "family"];

/// For how long somebody of the vendor or operator is let in at a time.
const SUPPORT_LASTS: TimeDelta = TimeDelta::days(7);

/// What an account is for follows from the profession of its post.
pub fn role_of(profession: &str) -> Role {
    match profession {
        "administrator" => Role::NetworkAdministrator,
        "auditor" => Role::Auditor,
        "support" => Role::Support,
        "patient" => Role::Patient,
        "family" => Role::Family,
        _ => Role::Staff,
    }
}

/// Checks that somebody of the vendor or operator (`support`) comes with a last day, at most seven days ahead.
pub fn check_support_period(
    profession: &str,
    ends_on: Option<NaiveDate>,
    today: NaiveDate,
    errors: &mut Vec<FieldError>,
) {
    if role_of(profession) != Role::Support {
        return;
    }
    match ends_on {
        None => errors.push(FieldError::new("ends_on", "required", "for support")),
        Some(last) if last > today + SUPPORT_LASTS => errors.push(FieldError::new(
            "ends_on",
            "out_of_range",
            "at most seven days ahead for support",
        )),
        Some(_) => {}
    }
}

/// Checks that somebody of the vendor or operator (`support`), and nobody else, comes with the number of a work plan, so
/// that what was done can be held against it (AU-16).
pub(super) fn check_work_plan(
    profession: &str,
    work_plan: Option<&str>,
    errors: &mut Vec<FieldError>,
) {
    match (role_of(profession), work_plan) {
        (Role::Support, None) => {
            errors.push(FieldError::new("work_plan", "required", "for support"));
        }
        (Role::Support, Some(plan)) => text::check("work_plan", plan, 100, false, errors),
        (_, Some(_)) => {
            errors.push(FieldError::new(
                "work_plan",
                "not_allowed",
                "for support only",
            ));
        }
        (_, None) => {}
    }
}

/// Checks a sign-in name: the part before the @.
pub fn check_login_name(field: &str, name: &str, errors: &mut Vec<FieldError>) {
    let is_letter = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    let usable = |b: u8| is_letter(b) || matches!(b, b'.' | b'-' | b'_');
    let starts_well = name.bytes().next().is_some_and(is_letter);
    if !(2..=63).contains(&name.len()) || !starts_well || !name.bytes().all(usable) {
        errors.push(FieldError::new(
            field,
            "not_allowed",
            "a-z, 0-9, . - _; 2 to 63",
        ));
    }
}

/// A staff member as it is kept, without the facility.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = staff_members, check_for_backend(diesel::pg::Pg))]
pub struct StaffMember {
    /// Identifier.
    pub id: Uuid,
    /// Name in kanji.
    pub name: String,
    /// Name in katakana.
    pub kana: String,
    /// Sorting form of the kana.
    pub sort_key: String,
    /// Code of the profession.
    pub profession: String,
}

/// A staff member.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct StaffMemberView {
    /// Identifier.
    pub id: Uuid,
    /// Name in kanji.
    pub name: String,
    /// Name in katakana.
    pub kana: String,
    /// Code of the profession.
    pub profession: String,
    /// Where the person works.
    pub facility: FacilityRef,
}

impl From<(StaffMember, FacilityRef)> for StaffMemberView {
    fn from((row, facility): (StaffMember, FacilityRef)) -> Self {
        Self {
            id: row.id,
            name: row.name,
            kana: row.kana,
            profession: row.profession,
            facility,
        }
    }
}

/// A post as the directory shows it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct DirectoryEntryView {
    /// Identifier of the post.
    id: Uuid,
    /// The person who holds it: the same for every post of one person.
    person_id: Uuid,
    /// Name in kanji.
    name: String,
    /// Name in katakana.
    kana: String,
    /// Code of the profession.
    profession: String,
    /// Where the person works.
    facility: FacilityRef,
    /// First day.
    starts_on: NaiveDate,
    /// Last day, when it is known.
    ends_on: Option<NaiveDate>,
    /// Whether the licence for the profession was verified.
    licence: LicenceStatus,
    /// The work plan for which somebody of the vendor or operator was let in.
    work_plan: Option<String>,
}

/// A post as the directory reads it.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = staff_members, check_for_backend(diesel::pg::Pg))]
pub(super) struct DirectoryEntry {
    pub(super) id: Uuid,
    pub(super) person_id: Uuid,
    name: String,
    kana: String,
    pub(super) sort_key: String,
    pub(super) profession: String,
    starts_on: NaiveDate,
    ends_on: Option<NaiveDate>,
    work_plan: Option<String>,
}

impl From<((DirectoryEntry, FacilityRef), LicenceStatus)> for DirectoryEntryView {
    fn from(((row, facility), licence): ((DirectoryEntry, FacilityRef), LicenceStatus)) -> Self {
        Self {
            id: row.id,
            person_id: row.person_id,
            name: row.name,
            kana: row.kana,
            profession: row.profession,
            facility,
            starts_on: row.starts_on,
            ends_on: row.ends_on,
            licence,
            work_plan: row.work_plan,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn support_comes_for_a_week_at_most() {
        let today: NaiveDate = "2026-11-20".parse().unwrap();
        let codes = |profession: &str, ends_on: Option<&str>| {
            let mut errors = Vec::new();
            let ends_on = ends_on.map(|day| day.parse().unwrap());
            check_support_period(profession, ends_on, today, &mut errors);
            errors.iter().map(|e| e.code).collect::<Vec<_>>()
        };
        assert_eq!(codes("support", None), ["required"]);
        assert_eq!(codes("support", Some("2026-11-28")), ["out_of_range"]);
        assert!(codes("support", Some("2026-11-27")).is_empty());
        assert!(codes("nurse", None).is_empty());
    }

    #[test]
    fn support_comes_with_a_plan_and_nobody_else_does() {
        let codes = |profession: &str, plan: Option<&str>| {
            let mut errors = Vec::new();
            check_work_plan(profession, plan, &mut errors);
            errors.iter().map(|e| e.code).collect::<Vec<_>>()
        };
        assert_eq!(codes("support", None), ["required"]);
        assert_eq!(codes("support", Some(" ")), ["required"]);
        assert!(codes("support", Some("保守-2026-014")).is_empty());
        assert_eq!(codes("nurse", Some("保守-2026-014")), ["not_allowed"]);
        assert!(codes("nurse", None).is_empty());
    }

    #[test]
    fn sign_in_names_are_plain() {
        for (name, good) in [
            ("sato.misaki", true),
            ("s1", true),
            ("s", false),
            (".sato", false),
            ("Sato", false),
            ("sato misaki", false),
            ("佐藤", false),
        ] {
            let mut errors = Vec::new();
            check_login_name("login_name", name, &mut errors);
            assert_eq!(errors.is_empty(), good, "{name}");
        }
    }
}
