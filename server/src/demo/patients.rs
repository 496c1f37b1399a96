//! Invents the patients of a network and has their stories told.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::circle::{self, Calendar, Member, Rhythm};
use super::dice::Dice;
use super::facts::{self, Ground};
use super::finish::{Finish, id};
use super::model::{DemoConsent, DemoFacility, DemoMembership, DemoPatient, DemoStaff};
use super::moment;
use super::people::{MEN, Region, WOMEN};
use super::plot::{DAYS, Home, Part, Story};
use super::stories;
use super::timeline::Teller;

/// Everything about a network that its patients need.
pub(super) struct Setting<'a> {
    pub(super) region: &'static Region,
    pub(super) facilities: &'a [DemoFacility],
    pub(super) staff: &'a [DemoStaff],
    pub(super) now: DateTime<Utc>,
    pub(super) habits: Dice,
}

/// Who a patient is.
struct Profile {
    name: String,
    kana: String,
    female: bool,
    birth_date: NaiveDate,
    address: String,
    phone: Option<String>,
    key_person: &'static str,
    hospital_number: String,
}

/// All patients of a network; the main patient is the first of the first network.
pub(super) fn all(setting: &Setting<'_>, dice: &Dice) -> Vec<DemoPatient> {
    let mut taken = BTreeSet::new();
    let main = setting.region.slug == "izumo";
    (0..setting.region.patients)
        .map(|number| {
            let mut dice = dice.fork(u64::try_from(number).unwrap_or(0) + 100);
            if main && number == 0 {
                patient(setting, kazuko(), &stories::main::STORY, true, &mut dice)
            } else {
                let story = stories::ALL
                    .get(number % stories::ALL.len())
                    .copied()
                    .unwrap_or(&stories::main::STORY);
                let person = invent(setting, story, &mut taken, &mut dice);
                patient(setting, person, story, false, &mut dice)
            }
        })
        .collect()
}

/// The fixed main patient.
fn kazuko() -> Profile {
    Profile {
        name: "出雲 和子".to_owned(),
        kana: "イズモ カズコ".to_owned(),
        female: true,
        birth_date: NaiveDate::from_ymd_opt(1943, 5, 12).unwrap_or_default(),
        address: "島根県出雲市つむぎ町1204番地".to_owned(),
        phone: Some("0853-00-1204".to_owned()),
        key_person: "長女",
        hospital_number: "0012345".to_owned(),
    }
}

fn invent(
    setting: &Setting<'_>,
    story: &Story,
    taken: &mut BTreeSet<(&'static str, &'static str)>,
    dice: &mut Dice,
) -> Profile {
    let region = setting.region;
    let female = dice.chance(60);
    let given = if female { WOMEN } else { MEN };
    let mut full = (dice.pick(region.surnames), dice.pick(given));
    // Surnames stay rare enough that colleagues could speak of a patient by surname.
    for _ in 0..200 {
        if taken
            .iter()
            .filter(|(surname, _)| *surname == full.0.0)
            .count()
            < 2
            && !taken.contains(&(full.0.0, full.1.0))
        {
            break;
        }
        full = (dice.pick(region.surnames), dice.pick(given));
    }
    let ((surname, surname_kana), (name, name_kana)) = full;
    taken.insert((surname, name));
    let old = if dice.chance(85) {
        dice.between(77, 96)
    } else {
        dice.between(66, 76)
    };
    let birth_date =
        moment::day_of(setting.now) - TimeDelta::days(i64::from(old * 365 + dice.between(20, 380)));
    let spouse = if female { "夫" } else { "妻" };
    let key_person = match story.home {
        Home::Couple => spouse,
        Home::Alone => dice.pick(&["長男", "長女", "次男", "姪", "次女"]),
        Home::Any => dice.pick(&["長女", "長男", "長男の妻", spouse, spouse, "次女", "長男"]),
    };
    let phone = dice.chance(90).then(|| {
        if dice.chance(70) {
            format!("{}{:04}", region.phone, dice.between(100, 9_899))
        } else {
            format!("090-0000-{:04}", dice.between(100, 9_899))
        }
    });
    Profile {
        name: format!("{surname} {name}"),
        kana: format!("{surname_kana} {name_kana}"),
        female,
        birth_date,
        address: format!(
            "{}{}{}番地{}",
            region.city,
            dice.pick(region.towns),
            dice.between(12, 980),
            house(dice)
        ),
        phone,
        key_person,
        hospital_number: format!("{:07}", dice.between(20_000, 899_999)),
    }
}

fn house(dice: &mut Dice) -> String {
    if dice.chance(40) {
        format!("の{}", dice.between(1, 12))
    } else {
        String::new()
    }
}

/// When the story of a patient runs, and the day of it on which the patient is registered: that of the main patient is
/// fixed, the others are moved.
fn calendar(setting: &Setting<'_>, story: &Story, main: bool, dice: &mut Dice) -> (Calendar, i32) {
    let today = moment::day_of(setting.now);
    let first = today - TimeDelta::days(i64::from(DAYS - 1));
    let before = if main { 412 } else { dice.between(30, 900) };
    let mut shift = if main { 0 } else { dice.between(-13, 13) };
    if !main {
        // Phases begin on a Monday, so that the days of the plot keep to working days.
        let begin = first
            + TimeDelta::days(i64::from(
                story.phases.first().map_or(0, |phase| phase.days) + shift,
            ));
        shift -= i32::try_from(moment::weekday(begin)).unwrap_or(0);
    }
    let registered = story.begins.map_or(-before, |day| (day + shift).max(0));
    (Calendar::new(story, first, shift, registered), registered)
}

fn patient(
    setting: &Setting<'_>,
    person: Profile,
    story: &Story,
    main: bool,
    dice: &mut Dice,
) -> DemoPatient {
    let (calendar, registered) = calendar(setting, story, main, dice);
    let members = circle::cast(
        story.seats,
        setting.region.people,
        &calendar,
        main.then_some(0),
        dice,
    );
    let manager = members
        .iter()
        .find(|member| member.part == Part::CareManager);
    let registrar = manager.or(members.first()).map_or(0, |member| member.staff);
    let names = names(setting, &person, &members);
    let rhythm = Rhythm::new(story.seats, dice);
    let teller = Teller::new(
        story,
        calendar.clone(),
        members,
        rhythm,
        names,
        setting.now,
        setting.habits.clone(),
        dice.fork(1),
        main,
    );
    let (drafts, members) = teller.tell();
    let finish = Finish {
        staff: setting.staff,
        members: &members,
        now: setting.now,
        scripted: main,
        key_person: person.key_person,
    };
    let posts = finish.posts(drafts, &mut dice.fork(2));
    let read_marks = finish.read_marks(&posts, &mut dice.fork(3));
    let minute = i64::from(dice.between(540, 1_000));
    let registered_at = moment::at(calendar.date(registered), minute);
    let recorded_by = setting
        .staff
        .get(registrar)
        .map(|staff| staff.id)
        .unwrap_or_default();
    let ground = Ground {
        story,
        main,
        key_person: person.key_person,
        surname: person.name.split(' ').next().unwrap_or_default().to_owned(),
        registered_at,
        now: setting.now,
        staff: setting.staff,
        members: &members,
        posts: &posts,
    };
    let facts = facts::facts(&ground, &mut dice.fork(4));
    DemoPatient {
        facts,
        id: id(registered_at, dice),
        consent: consent(&person, story, registered_at, recorded_by, main, dice),
        identifiers: identifiers(setting, &person),
        team: memberships(setting, &members, registered_at, dice),
        name: person.name,
        kana: person.kana,
        birth_date: person.birth_date,
        sex: if person.female { "female" } else { "male" },
        address: person.address,
        phone: person.phone,
        registered_by: recorded_by,
        registered_at,
        posts,
        read_marks,
    }
}

/// Slots of the texts that stay the same for a patient.
fn names(
    setting: &Setting<'_>,
    person: &Profile,
    members: &[Member],
) -> BTreeMap<&'static str, String> {
    let surname = person.name.split(' ').next().unwrap_or_default().to_owned();
    let spouse = if person.female { "夫" } else { "妻" };
    let mut names = BTreeMap::from([
        ("name", surname),
        ("key", person.key_person.to_owned()),
        ("spouse", spouse.to_owned()),
        ("town", setting.region.city.to_owned()),
    ]);
    let of = |part: Part| members.iter().find(|member| member.part == part);
    let place = |part: Part| {
        let key = of(part).map(|member| member.person.place)?;
        setting
            .region
            .places
            .iter()
            .find(|place| place.key == key)
            .map(|place| place.short.to_owned())
    };
    for (slot, part, title) in [
        ("dr", Part::Physician, "先生"),
        ("hdr", Part::HospitalDoctor, "先生"),
        ("ns", Part::Nurse, "さん"),
        ("cm", Part::CareManager, "さん"),
        ("ph", Part::Pharmacist, "さん"),
        ("pt", Part::Therapist, "さん"),
        ("hp", Part::Helper, "さん"),
        ("wn", Part::WardNurse, "さん"),
    ] {
        let name = of(part).map_or(title.to_owned(), |member| {
            format!("{}{title}", member.surname())
        });
        names.insert(slot, name);
    }
    for (slot, part, other) in [
        ("hosp", Part::WardNurse, "病院"),
        ("st", Part::Nurse, "訪看"),
        ("day", Part::DayCare, "デイ"),
        ("clinic", Part::Physician, "クリニック"),
    ] {
        names.insert(slot, place(part).unwrap_or_else(|| other.to_owned()));
    }
    names
}

fn identifiers(
    setting: &Setting<'_>,
    person: &Profile,
) -> Vec<(String, String, Option<uuid::Uuid>)> {
    let hospital = setting
        .facilities
        .iter()
        .find(|facility| facility.kind == "hospital");
    let code = hospital
        .and_then(|hospital| hospital.institution_code.as_deref())
        .unwrap_or_default();
    vec![(
        format!("urn:oid:1.2.392.100495.20.3.51.1{code}"),
        person.hospital_number.clone(),
        hospital.map(|hospital| hospital.id),
    )]
}

fn consent(
    person: &Profile,
    story: &Story,
    registered_at: DateTime<Utc>,
    recorded_by: uuid::Uuid,
    main: bool,
    dice: &mut Dice,
) -> DemoConsent {
    let proxy = !main && (story.proxy || dice.chance(10));
    let surname = person.name.split(' ').next().unwrap_or_default();
    let given = if matches!(person.key_person, "夫" | "長男" | "次男") {
        "誠一"
    } else {
        "由紀子"
    };
    DemoConsent {
        id: id(registered_at, dice),
        granted_on: moment::day_of(registered_at),
        granted_by: if proxy { "proxy" } else { "patient" },
        proxy_name: proxy.then(|| format!("{surname} {given}")),
        proxy_relation: proxy.then(|| person.key_person.to_owned()),
        method: if main {
            "paper"
        } else {
            dice.pick(&["paper", "paper", "paper", "on_screen", "card"])
        },
        note: main.then(|| "ご自宅で説明し、長女同席のうえ署名をいただいた。".to_owned()),
        recorded_by,
        recorded_at: registered_at + TimeDelta::minutes(4),
    }
}

fn memberships(
    setting: &Setting<'_>,
    members: &[Member],
    registered_at: DateTime<Utc>,
    dice: &mut Dice,
) -> Vec<DemoMembership> {
    members
        .iter()
        .filter_map(|member| {
            Some(DemoMembership {
                id: id(registered_at, dice),
                staff_id: setting.staff.get(member.staff)?.id,
                duty: Some(member.duty).filter(|duty| !duty.is_empty()),
                starts_on: member.starts_on,
                ends_on: member.ends_on,
            })
        })
        .collect()
}
