//! Every row against the rules, the file and the network. Pure: the same for a dry run and for the real one.

use std::collections::HashSet;

use chrono::{NaiveDate, TimeDelta};
use unicode_normalization::UnicodeNormalization;
use uuid::Uuid;

use super::{
    super::{
        home,
        model::{check_login_name, check_support_period},
    },
    cells,
    queries::{Network, both_names},
    read::Line,
};
use crate::{
    error::FieldError,
    features::{
        licences,
        professions::{Known, makes_role},
    },
    spine::{mail, text},
};

/// How far ahead somebody may be registered.
const AHEAD: TimeDelta = TimeDelta::days(366);

/// A person to be registered.
#[derive(Debug, Clone)]
pub(super) struct NewPerson {
    pub(super) name: String,
    pub(super) kana: String,
    pub(super) profession: String,
    /// The profession of the register that it stands on.
    pub(super) base: &'static str,
    pub(super) facility_id: Uuid,
    /// Sign-in name and address.
    pub(super) login: Option<(String, String)>,
    pub(super) starts_on: NaiveDate,
    pub(super) ends_on: Option<NaiveDate>,
    /// Number and last day.
    pub(super) licence: Option<(String, Option<NaiveDate>)>,
    /// Where the person lives.
    pub(super) home_address: Option<String>,
}

/// What is to be done for a row, if nothing is wrong.
#[derive(Debug, Clone)]
pub(super) enum Plan {
    /// Nothing: the staff member is there.
    Unchanged,
    /// This is registered.
    Create(Box<NewPerson>),
}

/// A row with what was found.
#[derive(Debug, Clone)]
pub(super) struct Checked {
    pub(super) row: u64,
    pub(super) name: String,
    pub(super) errors: Vec<FieldError>,
    pub(super) plan: Plan,
}

impl Checked {
    /// Findings about the file as a whole.
    pub(super) fn whole_file(errors: Vec<FieldError>) -> Self {
        Self {
            row: 1,
            name: String::new(),
            errors,
            plan: Plan::Unchanged,
        }
    }
}

/// What earlier rows of the file have used up.
#[derive(Default)]
struct Taken {
    logins: HashSet<String>,
    posts: HashSet<(String, String, Uuid)>,
    licences: HashSet<(String, String)>,
}

/// Checks every row.
pub(super) fn check(lines: &[Line], network: &Network, today: NaiveDate) -> Vec<Checked> {
    let mut taken = Taken::default();
    lines
        .iter()
        .map(|line| row(line, network, today, &mut taken))
        .collect()
}

fn row(line: &Line, network: &Network, today: NaiveDate, taken: &mut Taken) -> Checked {
    let mut errors = Vec::new();
    check_names(line, &mut errors);
    if line.has_more {
        errors.push(FieldError::new(
            "file",
            "unknown_field",
            "a cell beyond the last column",
        ));
    }
    let profession = profession(line.cell("profession"), network, &mut errors);
    let facility = facility(line.cell("facility"), network, &mut errors);
    let login = login(line, &mut errors);
    let (starts_on, ends_on) = period(line, today, &mut errors);
    let licence = licence(line, profession, &mut errors);
    let home_address = Some(line.cell("home_address")).filter(|cell| !cell.is_empty());
    home::check(home_address, &mut errors);
    let mut plan = Plan::Unchanged;
    if let (Some(known), Some(facility_id)) = (profession, facility) {
        check_support_period(&known.code, ends_on, today, &mut errors);
        let new = NewPerson {
            name: line.cell("name").to_owned(),
            kana: cells::kana(line.cell("kana")),
            profession: known.code.clone(),
            base: &known.base.code,
            facility_id,
            login,
            starts_on,
            ends_on,
            licence,
            home_address: home_address.map(str::to_owned),
        };
        if !is_there(line, &new, network, taken, &mut errors) {
            check_licence_is_free(&new, network, taken, &mut errors);
            plan = Plan::Create(Box::new(new));
        }
    }
    Checked {
        row: line.row,
        name: text::excerpt(line.cell("name"), 100),
        errors,
        plan,
    }
}

fn check_names(line: &Line, errors: &mut Vec<FieldError>) {
    text::check("name", line.cell("name"), 100, false, errors);
    cells::check_formula("name", line.cell("name"), errors);
    text::check_kana("kana", &cells::kana(line.cell("kana")), errors);
    cells::check_formula("kana", line.cell("kana"), errors);
}

/// By name in Japanese or by code.
fn profession<'a>(
    cell: &str,
    network: &'a Network,
    errors: &mut Vec<FieldError>,
) -> Option<&'a Known> {
    if cell.is_empty() {
        errors.push(FieldError::new(
            "profession",
            "required",
            "must not be empty",
        ));
        return None;
    }
    let folded = text::fold(cell);
    let found = network
        .professions
        .iter()
        .find(|known| known.code == folded || text::fold(&known.ja) == folded)
        .filter(|known| !makes_role(&known.code));
    if found.is_none() {
        errors.push(FieldError::new(
            "profession",
            "not_allowed",
            "no such profession of care",
        ));
    }
    found
}

/// By exact name or by institution code.
fn facility(cell: &str, network: &Network, errors: &mut Vec<FieldError>) -> Option<Uuid> {
    let code: String = cell.nfkc().collect();
    let mut found = network
        .facilities
        .iter()
        .filter(|(_, name, own)| name == cell || own.as_ref().is_some_and(|own| *own == code))
        .map(|(id, _, _)| *id);
    let (one, other) = (found.next(), found.next());
    if cell.is_empty() {
        errors.push(FieldError::new("facility", "required", "must not be empty"));
    } else if one.is_none() {
        errors.push(FieldError::new(
            "facility",
            "not_allowed",
            "no facility has this name or institution code",
        ));
    } else if other.is_some() {
        errors.push(FieldError::new(
            "facility",
            "ambiguous",
            "several facilities have this name: write the institution code",
        ));
    }
    one.filter(|_| other.is_none())
}

/// Sign-in name and address come together or not at all.
fn login(line: &Line, errors: &mut Vec<FieldError>) -> Option<(String, String)> {
    let (login, email) = (line.cell("login_name"), line.cell("email"));
    if login.is_empty() && email.is_empty() {
        return None;
    }
    if login.is_empty() {
        errors.push(FieldError::new("login_name", "required", "for the address"));
    } else {
        check_login_name("login_name", login, errors);
    }
    if email.is_empty() {
        errors.push(FieldError::new("email", "required", "for the invitation"));
    } else {
        mail::check_address("email", email, errors);
    }
    Some((login.to_owned(), email.to_owned()))
}

/// The day in a cell, if there is one.
fn day(line: &Line, field: &str, errors: &mut Vec<FieldError>) -> Option<NaiveDate> {
    let cell = line.cell(field);
    let day = cells::day(cell);
    if day.is_none() && !cell.is_empty() {
        let message = "a day such as 2026-04-01, 2026/4/1 or 令和8年4月1日";
        errors.push(FieldError::new(field, "wrong_type", message));
    }
    day
}

fn period(
    line: &Line,
    today: NaiveDate,
    errors: &mut Vec<FieldError>,
) -> (NaiveDate, Option<NaiveDate>) {
    let starts_on = day(line, "starts_on", errors).unwrap_or(today);
    let ends_on = day(line, "ends_on", errors);
    if starts_on > today + AHEAD {
        errors.push(FieldError::new(
            "starts_on",
            "out_of_range",
            "at most one year ahead",
        ));
    }
    if ends_on.is_some_and(|last| last < starts_on || last < today) {
        errors.push(FieldError::new(
            "ends_on",
            "out_of_range",
            "not before the first day, nor in the past",
        ));
    }
    (starts_on, ends_on)
}

fn licence(
    line: &Line,
    profession: Option<&Known>,
    errors: &mut Vec<FieldError>,
) -> Option<(String, Option<NaiveDate>)> {
    let number = line.cell("licence_number");
    let valid_until = day(line, "licence_valid_until", errors);
    if number.is_empty() {
        if !line.cell("licence_valid_until").is_empty() {
            errors.push(FieldError::new(
                "licence_number",
                "required",
                "for the last day of the licence",
            ));
        }
        return None;
    }
    text::check("licence_number", number, 50, false, errors);
    cells::check_formula("licence_number", number, errors);
    if profession.is_some_and(|known| !known.base.licensed) {
        errors.push(FieldError::new(
            "licence_number",
            "not_allowed",
            "no licence goes with the profession",
        ));
    }
    Some((licences::number(number), valid_until))
}

/// Whether the network has the staff member of this row. What stands in the way of making one is added to `errors`.
fn is_there(
    line: &Line,
    new: &NewPerson,
    network: &Network,
    taken: &mut Taken,
    errors: &mut Vec<FieldError>,
) -> bool {
    let post = (both_names(line), new.profession.clone(), new.facility_id);
    let Some((login, _)) = &new.login else {
        if network.posts.contains(&post) {
            return true;
        }
        if !taken.posts.insert(post) {
            errors.push(FieldError::new(
                "name",
                "duplicate",
                "an earlier row registers the same person",
            ));
        }
        return false;
    };
    if !taken.logins.insert(login.clone()) {
        errors.push(FieldError::new(
            "login_name",
            "duplicate",
            "an earlier row has the same sign-in name",
        ));
        return false;
    }
    let Some(held) = network.accounts.get(login) else {
        if network.posts.contains(&post) {
            let message = "somebody of this name is there without this sign-in name";
            errors.push(FieldError::new("name", "taken", message));
        }
        return false;
    };
    let same = (
        text::fold(&new.name),
        new.profession.clone(),
        new.facility_id,
    );
    if held.contains(&same) {
        return true;
    }
    errors.push(FieldError::new(
        "login_name",
        "taken",
        "another account has this sign-in name",
    ));
    false
}

fn check_licence_is_free(
    new: &NewPerson,
    network: &Network,
    taken: &mut Taken,
    errors: &mut Vec<FieldError>,
) {
    let Some((number, _)) = &new.licence else {
        return;
    };
    let key = (new.base.to_owned(), number.clone());
    if network.licences.contains(&key) {
        let message = "somebody has this number";
        errors.push(FieldError::new("licence_number", "taken", message));
    } else if !taken.licences.insert(key) {
        let message = "an earlier row has the same number";
        errors.push(FieldError::new("licence_number", "duplicate", message));
    }
}
