//! Who is around a patient: the parts of a story cast with the people of a network.

use std::collections::BTreeMap;

use chrono::{NaiveDate, TimeDelta};

use super::dice::Dice;
use super::people::Person;
use super::plot::{At, DAYS, Part, Seat, Story};

/// A person in the care team, by position in the network's staff list.
#[derive(Debug, Clone, Copy)]
pub(super) struct Member {
    pub(super) staff: usize,
    pub(super) part: Part,
    pub(super) person: Person,
    pub(super) duty: &'static str,
    pub(super) starts_on: NaiveDate,
    pub(super) ends_on: Option<NaiveDate>,
}

impl Member {
    /// Whether the person belongs to the team on that day.
    pub(super) fn on(&self, day: NaiveDate) -> bool {
        self.starts_on <= day && self.ends_on.is_none_or(|end| day <= end)
    }

    /// Family name.
    pub(super) fn surname(&self) -> &'static str {
        self.person.name.split(' ').next().unwrap_or_default()
    }

    /// Whether posts for the medical professions are open to this person.
    pub(super) fn medical(&self) -> bool {
        MEDICAL.contains(&self.person.profession)
    }
}

/// Professions that write and read the channel for medical professions.
pub(super) const MEDICAL: &[&str] = &[
    "physician",
    "dentist",
    "pharmacist",
    "nurse",
    "assistant_nurse",
    "public_health_nurse",
    "physical_therapist",
    "occupational_therapist",
    "speech_therapist",
    "dietitian",
    "dental_hygienist",
    "social_worker",
    "medical_social_worker",
];

/// The days of one patient's story.
#[derive(Debug, Clone)]
pub(super) struct Calendar {
    /// Day 0 of the story.
    pub(super) first: NaiveDate,
    /// First day of each phase; the first one has always been running.
    pub(super) starts: Vec<i32>,
    /// Day of registration, by the story's count.
    pub(super) registered: i32,
}

impl Calendar {
    pub(super) fn new(story: &Story, first: NaiveDate, shift: i32, registered: i32) -> Self {
        let mut starts = Vec::new();
        let mut day = 0;
        for phase in story.phases {
            starts.push(day + shift);
            day += phase.days;
        }
        Self {
            first,
            starts,
            registered,
        }
    }

    pub(super) fn day(&self, at: At) -> i32 {
        match at {
            At::In(phase, day) => self.starts.get(phase).copied().unwrap_or(DAYS) + day,
            At::Ago(days) => DAYS - 1 - days,
        }
    }

    pub(super) fn date(&self, day: i32) -> NaiveDate {
        self.first + TimeDelta::days(i64::from(day))
    }

    /// The phase of a day, with the part of it that has passed, as `(phase, passed, length)`.
    pub(super) fn phase(&self, day: i32) -> (usize, i32, i32) {
        let index = self
            .starts
            .iter()
            .rposition(|start| *start <= day)
            .unwrap_or(0);
        let start = self.starts.get(index).copied().unwrap_or(0);
        let end = self.starts.get(index + 1).copied().unwrap_or(DAYS);
        (index, day - start + 1, (end - start).max(1))
    }
}

/// Casts the seats of a story. `lane` 0 takes the first of everybody, which is the fixed cast.
pub(super) fn cast(
    seats: &[Seat],
    people: &'static [Person],
    calendar: &Calendar,
    lane: Option<usize>,
    dice: &mut Dice,
) -> Vec<Member> {
    let mut members: Vec<Member> = Vec::new();
    for seat in seats {
        let beside = match seat.part {
            Part::SecondNurse => place_of(&members, Part::Nurse),
            Part::SecondHelper => place_of(&members, Part::Helper),
            _ => None,
        };
        let able: Vec<(usize, Person)> = people
            .iter()
            .copied()
            .enumerate()
            .filter(|(_, person)| person.part == Some(seat.part))
            .filter(|(_, person)| beside.is_none_or(|place| person.place == place))
            .collect();
        let chosen = lane.unwrap_or_else(|| dice.below(able.len()));
        let Some((staff, person)) = able.get(chosen).or(able.first()).copied() else {
            continue;
        };
        members.push(Member {
            staff,
            part: seat.part,
            person,
            duty: seat.duty,
            starts_on: calendar.date(seat.joins.map_or(calendar.registered, |at| {
                calendar.day(at).max(calendar.registered)
            })),
            ends_on: seat
                .leaves
                .map(|at| calendar.date(calendar.day(at)))
                .filter(|end| *end <= calendar.date(DAYS - 1)),
        });
    }
    members
}

fn place_of(members: &[Member], part: Part) -> Option<&'static str> {
    members
        .iter()
        .find(|member| member.part == part)
        .map(|member| member.person.place)
}

/// The habits of a writer, the same wherever they write.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hand {
    /// How vital signs are noted down.
    pub(super) numbers: usize,
    /// Whether they are repeated in the text at all.
    pub(super) repeats: bool,
    /// 0 runs on, 1 breaks lines, 2 uses bullets.
    pub(super) layout: usize,
    /// さん or 様.
    pub(super) honorific: &'static str,
    /// Favourite opening.
    pub(super) opening: usize,
}

impl Hand {
    pub(super) fn of(staff: usize, dice: &Dice) -> Self {
        let mut dice = dice.fork(7_000 + u64::try_from(staff).unwrap_or(0));
        Self {
            numbers: dice.below(5),
            repeats: dice.chance(60),
            layout: dice.below(4).min(2),
            honorific: dice.pick(&["さん", "様"]),
            opening: dice.below(4),
        }
    }
}

/// The habits at home and the regular visiting times of one patient.
#[derive(Debug, Clone)]
pub(super) struct Rhythm {
    slots: BTreeMap<Part, (Vec<usize>, i64)>,
}

impl Rhythm {
    pub(super) fn new(seats: &[Seat], dice: &mut Dice) -> Self {
        let mut slots = BTreeMap::new();
        for seat in seats {
            let mut days = vec![0, 1, 2, 3, 4];
            dice.shuffle(&mut days);
            days.extend(if dice.chance(50) { [5, 6] } else { [6, 5] });
            // A short stay is reported on the day of going home, a Sunday.
            if seat.part == Part::CareWorker {
                days.insert(0, 6);
            }
            let (from, to) = hours(seat.part);
            slots.insert(seat.part, (days, i64::from(dice.between(from, to)) * 30));
        }
        Self { slots }
    }

    /// Days of the week in order of preference, and the usual minute of the day.
    pub(super) fn slot(&self, part: Part) -> (&[usize], i64) {
        self.slots
            .get(&part)
            .map_or((&[], 600), |(days, minute)| (days, *minute))
    }
}

/// First and last half-hour of the day at which a profession usually comes.
const fn hours(part: Part) -> (i32, i32) {
    match part {
        Part::Helper | Part::SecondHelper => (21, 25),
        Part::DayCare => (30, 32),
        Part::Physician => (26, 33),
        Part::Pharmacist => (28, 35),
        Part::WardNurse | Part::HospitalDoctor => (20, 32),
        _ => (18, 31),
    }
}
