//! Tells one patient's story day by day, as drafts in which people are positions in the staff list.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, TimeDelta, Utc};

use super::circle::{Calendar, Member, Rhythm};
use super::dice::Dice;
use super::measure;
use super::model::DemoVitals;
use super::moment;
use super::plot::{At, Cadence, DAYS, Due, Part, Scene, Story, Voice};
use super::stories::{common, everyday};

/// A post before it has identifiers.
#[derive(Debug, Clone)]
pub(super) struct Draft {
    pub(super) observed: DateTime<Utc>,
    pub(super) recorded: DateTime<Utc>,
    pub(super) author: Member,
    pub(super) medical: bool,
    pub(super) body: String,
    pub(super) vitals: Option<DemoVitals>,
    /// Position of the answered draft.
    pub(super) reply_to: Option<usize>,
    pub(super) asked: Vec<Member>,
    pub(super) silent: Vec<usize>,
    pub(super) due: Option<DateTime<Utc>>,
    /// Was meant for another patient, and is taken back.
    pub(super) misplaced: bool,
}

/// One patient's story, told.
pub(super) struct Teller<'a> {
    pub(super) story: &'a Story,
    pub(super) calendar: Calendar,
    pub(super) members: Vec<Member>,
    pub(super) rhythm: Rhythm,
    /// Names of people and places, by slot.
    pub(super) names: BTreeMap<&'static str, String>,
    /// How far the patient's usual values are from the story's.
    pub(super) offset: [i32; 5],
    pub(super) now: DateTime<Utc>,
    /// Dice for the habits of writers, the same for the whole network.
    pub(super) habits: Dice,
    pub(super) dice: Dice,
    /// Scenes keep their minute, and nothing is left to chance about who answers.
    pub(super) scripted: bool,
    /// Lines not yet used, by the first line of their pool.
    pub(super) bags: BTreeMap<&'static str, Vec<&'static str>>,
    /// The lines used last, by the same key.
    pub(super) recent: BTreeMap<&'static str, Vec<&'static str>>,
    /// Day of the last regular visit.
    heard: BTreeMap<Part, i32>,
    drafts: Vec<Draft>,
}

impl<'a> Teller<'a> {
    #[expect(
        clippy::too_many_arguments,
        reason = "called once, with everything known about a patient"
    )]
    pub(super) fn new(
        story: &'a Story,
        calendar: Calendar,
        members: Vec<Member>,
        rhythm: Rhythm,
        names: BTreeMap<&'static str, String>,
        now: DateTime<Utc>,
        habits: Dice,
        mut dice: Dice,
        scripted: bool,
    ) -> Self {
        let spread = if scripted { [0; 5] } else { [9, 5, 6, 1, 60] };
        let offset = spread.map(|spread| dice.wobble(spread));
        Self {
            story,
            calendar,
            members,
            rhythm,
            names,
            offset,
            now,
            habits,
            dice,
            scripted,
            bags: BTreeMap::new(),
            recent: BTreeMap::new(),
            heard: BTreeMap::new(),
            drafts: Vec::new(),
        }
    }

    /// Everything that was written up to now, in no particular order.
    pub(super) fn tell(mut self) -> (Vec<Draft>, Vec<Member>) {
        // On the day of registration nobody has anything to tell yet.
        for day in (self.calendar.registered + 1).max(0)..DAYS {
            let (phase, _, _) = self.calendar.phase(day);
            // What must be told in order comes first: a profession reports once a day.
            let (ordered, other): (Vec<&Voice>, Vec<&Voice>) =
                self.story.voices.iter().partition(|voice| voice.ordered);
            for voice in ordered.into_iter().chain(other) {
                if (voice.first..=voice.last).contains(&phase) {
                    self.hear(voice, day);
                }
            }
        }
        for scene in self.story.scenes {
            let day = self.calendar.day(scene.at);
            self.play(scene, day);
        }
        if !self.scripted {
            self.everyday();
        }
        (self.drafts, self.members)
    }

    /// What the year brings to everybody: requests, notices, and the occasional slip.
    fn everyday(&mut self) {
        for notice in everyday::NOTICES {
            let day = self.dice.between(3, DAYS - 6);
            let day = self.weekday_from(day);
            let month = self.calendar.date(day).month();
            let fits = notice.months.is_empty() || notice.months.contains(&month);
            if fits && !self.apart(day) && self.dice.chance(notice.chance) {
                self.play(&notice.scene, day);
            }
        }
        if !self.apart(DAYS - 1) && self.dice.chance(45) {
            let recent = everyday::RECENT;
            if let Some(scene) = recent.get(self.dice.below(recent.len())) {
                let day = self.calendar.day(scene.at);
                self.play(scene, day);
            }
        }
        if self.dice.chance(22) {
            let day = self.dice.between(5, DAYS - 10);
            let day = self.weekday_from(day);
            let template = self.draw(common::MISPLACED);
            if day <= self.calendar.registered {
                return;
            }
            if let Some(author) = self
                .present(Part::Helper, day)
                .or(self.present(Part::CareManager, day))
            {
                let minute = 600 + i64::from(self.dice.between(0, 400));
                let time = moment::at(self.calendar.date(day), minute);
                let body = self.write(template, &author, time, None);
                self.push(author, time, time, body, None);
                if let Some(draft) = self.drafts.last_mut() {
                    draft.misplaced = true;
                }
            }
        }
    }

    fn apart(&self, day: i32) -> bool {
        let (phase, _, _) = self.calendar.phase(day);
        self.story
            .phases
            .get(phase)
            .is_some_and(|phase| phase.apart)
    }

    /// Offices are closed at weekends; homes and wards are not.
    fn office_day(&self, part: Part, day: i32) -> i32 {
        if matches!(
            part,
            Part::Nurse | Part::SecondNurse | Part::Helper | Part::SecondHelper | Part::WardNurse
        ) {
            return day;
        }
        match moment::weekday(self.calendar.date(day)) {
            5 => day - 1,
            6 => day + 1,
            _ => day,
        }
    }

    fn weekday_from(&self, day: i32) -> i32 {
        match moment::weekday(self.calendar.date(day)) {
            5 => day + 2,
            6 => day + 1,
            _ => day,
        }
    }

    /// A regular visit, if this is a day for it.
    fn hear(&mut self, voice: &Voice, day: i32) {
        let date = self.calendar.date(day);
        let (days, minute) = self.rhythm.slot(voice.part);
        let weekday = moment::weekday(date);
        let due = match voice.cadence {
            Cadence::Weekly(times) => days.iter().take(times).any(|d| *d == weekday),
            Cadence::Every(weeks) => {
                let week = date.num_days_from_ce().div_euclid(7)
                    + self.offset.first().copied().unwrap_or(0);
                days.first() == Some(&weekday) && week.rem_euclid(weeks) == 0
            }
        };
        if !due || !self.dice.chance(voice.chance) {
            return;
        }
        if self.heard.get(&voice.part) == Some(&day) {
            return;
        }
        let Some(author) = self.writer(voice.part, day) else {
            return;
        };
        let observed = moment::at(date, minute + i64::from(self.dice.wobble(18)));
        let recorded = self.later(observed, voice.part);
        let Some(mut lines) = self.lines(voice) else {
            return;
        };
        self.heard.insert(voice.part, day);
        let vitals = measure::take(self, voice.measure, day, None);
        let body = self.compose(&mut lines, voice.plain, &author, observed, vitals.as_ref());
        self.push(author, observed, recorded, body, vitals);
        if author.part != Part::WardNurse && self.dice.chance(6) {
            self.answer(day);
        }
    }

    /// Someone else on the team answers the last post.
    fn answer(&mut self, day: i32) {
        let Some(index) = self.drafts.len().checked_sub(1) else {
            return;
        };
        let Some((author, recorded)) = self.drafts.last().map(|d| (d.author, d.recorded)) else {
            return;
        };
        let part = match author.part {
            Part::Helper | Part::SecondHelper | Part::DayCare => self
                .dice
                .pick_or(&[Part::Nurse, Part::CareManager], Part::CareManager),
            Part::Nurse | Part::SecondNurse => self
                .dice
                .pick_or(&[Part::Physician, Part::CareManager], Part::CareManager),
            _ => self.dice.pick_or(
                &[Part::Nurse, Part::CareManager, Part::Helper],
                Part::CareManager,
            ),
        };
        if part == author.part {
            return;
        }
        let Some(who) = self.present(part, day) else {
            return;
        };
        let delay = TimeDelta::minutes(i64::from(self.dice.between(25, 420)));
        let time = moment::awake(recorded + delay, &mut self.dice);
        let template = self.draw(common::answers(part));
        let body = self.write(template, &who, time, None);
        if who.on(moment::day_of(time)) {
            self.push(who, time, time, body, None);
            if let Some(draft) = self.drafts.last_mut() {
                draft.reply_to = Some(index);
            }
        }
    }

    /// A post of the plot with its answers.
    fn play(&mut self, scene: &Scene, day: i32) {
        let day = if scene.at == At::Ago(0) || scene.at == At::Ago(1) || scene.at == At::Ago(2) {
            day
        } else {
            self.office_day(scene.part, day)
        };
        let date = self.calendar.date(day);
        let Some(author) = self.present(scene.part, day) else {
            return;
        };
        if day <= self.calendar.registered {
            return;
        }
        let jitter = if self.scripted {
            0
        } else {
            i64::from(self.dice.wobble(20))
        };
        let recorded = moment::at(date, scene.hour * 60 + scene.minute + jitter);
        let vitals = measure::take(self, scene.measure, day, Some(scene.extra));
        let observed = if vitals.is_some() {
            recorded - TimeDelta::minutes(i64::from(self.dice.between(8, 35)))
        } else {
            recorded
        };
        let body = self.write(scene.text, &author, recorded, vitals.as_ref());
        self.push(author, observed, recorded, body, vitals);
        let asked: Vec<Member> = scene
            .asks
            .iter()
            .filter_map(|part| self.present(*part, day))
            .filter(|member| member.staff != author.staff && (!scene.medical || member.medical()))
            .collect();
        let silent: Vec<usize> = scene
            .silent
            .iter()
            .filter_map(|part| self.present(*part, day))
            .map(|member| member.staff)
            .collect();
        let due = match scene.due {
            Due::Open => None,
            Due::Hours(hours) => Some(recorded + TimeDelta::hours(hours)),
            Due::Soon => Some(moment::awake(
                self.now + TimeDelta::hours(4),
                &mut self.dice,
            )),
        };
        let medical = scene.medical;
        if let Some(draft) = self.drafts.last_mut() {
            draft.medical = medical;
            draft.due = due.filter(|_| !asked.is_empty());
            draft.asked = asked;
            draft.silent = silent;
        }
        let index = self.drafts.len().saturating_sub(1);
        for reply in scene.replies {
            let Some(who) = self.present(reply.part, day) else {
                continue;
            };
            let late = if self.scripted {
                0
            } else {
                i64::from(self.dice.between(0, 25))
            };
            let time = moment::awake(
                recorded + TimeDelta::minutes(reply.minutes + late),
                &mut self.dice,
            );
            if !who.on(moment::day_of(time)) || (medical && !who.medical()) {
                continue;
            }
            let body = self.write(reply.text, &who, time, None);
            self.push(who, time, time, body, None);
            if let Some(draft) = self.drafts.last_mut() {
                draft.reply_to = Some(index);
                draft.medical = medical;
            }
        }
    }

    fn push(
        &mut self,
        author: Member,
        observed: DateTime<Utc>,
        recorded: DateTime<Utc>,
        body: String,
        vitals: Option<DemoVitals>,
    ) {
        self.drafts.push(Draft {
            observed,
            recorded,
            author,
            medical: false,
            body,
            vitals,
            reply_to: None,
            asked: Vec::new(),
            silent: Vec::new(),
            due: None,
            misplaced: false,
        });
    }

    /// The one who plays a part on a day.
    fn present(&self, part: Part, day: i32) -> Option<Member> {
        let date = self.calendar.date(day);
        self.members
            .iter()
            .copied()
            .find(|member| member.part == part && member.on(date))
    }

    /// Colleagues of one office take turns.
    fn writer(&mut self, part: Part, day: i32) -> Option<Member> {
        let second = match part {
            Part::Nurse => Some(Part::SecondNurse),
            Part::Helper => Some(Part::SecondHelper),
            _ => None,
        };
        let turn = self.dice.chance(34);
        second
            .filter(|_| turn)
            .and_then(|part| self.present(part, day))
            .or_else(|| self.present(part, day))
    }

    /// Most write within the hour, some in the evening at the office.
    fn later(&mut self, observed: DateTime<Utc>, part: Part) -> DateTime<Utc> {
        let minutes = i64::from(self.dice.between(22, 68));
        if part != Part::DayCare && self.dice.chance(14) {
            let evening = moment::at(
                moment::day_of(observed),
                i64::from(self.dice.between(1040, 1130)),
            );
            return evening.max(observed + TimeDelta::minutes(minutes));
        }
        observed + TimeDelta::minutes(minutes)
    }

    /// The patient's usual values today: systolic, diastolic, pulse, SpO2, weight in tenths.
    pub(super) fn usual(&self) -> [i32; 5] {
        let (systolic, diastolic, pulse, spo2, weight) = self.story.usual;
        let mut usual = [systolic, diastolic, pulse, spo2, weight];
        for (value, offset) in usual.iter_mut().zip(self.offset) {
            *value += offset;
        }
        usual
    }
}
