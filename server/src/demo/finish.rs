//! Turns drafts into posts: order, identifiers, acknowledgements, corrections, read marks.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use uuid::{Builder, Uuid};

use super::circle::Member;
use super::dice::Dice;
use super::model::{DemoAckRequest, DemoAmendment, DemoPost, DemoRetraction, DemoStaff};
use super::moment;
use super::plot::Part;
use super::stories::common;
use super::timeline::Draft;

/// An identifier of version 7 whose time is that of the thing.
pub(super) fn id(at: DateTime<Utc>, dice: &mut Dice) -> Uuid {
    let millis = u64::try_from(at.timestamp_millis()).unwrap_or(0);
    Builder::from_unix_timestamp_millis(millis, &dice.bytes()).into_uuid()
}

/// What finishing needs to know about the patient.
pub(super) struct Finish<'a> {
    pub(super) staff: &'a [DemoStaff],
    pub(super) members: &'a [Member],
    pub(super) now: DateTime<Utc>,
    /// Silence happens only where the script says so.
    pub(super) scripted: bool,
    /// The family member named in texts.
    pub(super) key_person: &'a str,
}

impl Finish<'_> {
    fn staff_id(&self, position: usize) -> Uuid {
        self.staff
            .get(position)
            .map(|staff| staff.id)
            .unwrap_or_default()
    }

    /// Posts by `recorded_at`, which no two of them share.
    pub(super) fn posts(&self, drafts: Vec<Draft>, dice: &mut Dice) -> Vec<DemoPost> {
        let mut drafts: Vec<(usize, Draft)> = drafts
            .into_iter()
            .enumerate()
            .filter(|(_, draft)| draft.recorded < self.now)
            .collect();
        drafts.sort_by_key(|(index, draft)| (draft.recorded, *index));
        let mut last = DateTime::<Utc>::MIN_UTC;
        let mut ids: BTreeMap<usize, (Uuid, DateTime<Utc>)> = BTreeMap::new();
        for (index, draft) in &mut drafts {
            // Whole minutes would look made up.
            draft.recorded += TimeDelta::milliseconds(i64::from(dice.between(1_000, 58_000)));
            draft.recorded = draft
                .recorded
                .min(self.now)
                .max(last + TimeDelta::milliseconds(1_700));
            draft.observed = draft.observed.min(draft.recorded);
            last = draft.recorded;
            ids.insert(*index, (id(draft.recorded, dice), draft.recorded));
        }
        let answers: Vec<(usize, usize, DateTime<Utc>)> = drafts
            .iter()
            .filter_map(|(_, draft)| {
                draft
                    .reply_to
                    .map(|to| (to, draft.author.staff, draft.recorded))
            })
            .collect();
        let mut posts = Vec::with_capacity(drafts.len());
        let mut before = String::new();
        for (index, draft) in drafts {
            let Some((post_id, _)) = ids.get(&index).copied() else {
                continue;
            };
            let answered = answers.iter().any(|(to, ..)| *to == index);
            if draft.body == before && !answered && draft.asked.is_empty() {
                continue;
            }
            before.clone_from(&draft.body);
            let acknowledgements = self.acknowledgements(index, &draft, &answers, dice);
            posts.push(self.post(post_id, draft, &ids, acknowledgements, dice));
        }
        posts
    }

    fn post(
        &self,
        id: Uuid,
        draft: Draft,
        ids: &BTreeMap<usize, (Uuid, DateTime<Utc>)>,
        acknowledgements: Vec<(Uuid, DateTime<Utc>)>,
        dice: &mut Dice,
    ) -> DemoPost {
        let asked: Vec<Uuid> = draft
            .asked
            .iter()
            .map(|member| self.staff_id(member.staff))
            .collect();
        let mut post = DemoPost {
            id,
            kind: if draft.vitals.is_some() {
                "vitals"
            } else {
                "note"
            },
            channel: if draft.medical { "medical" } else { "team" },
            author: self.staff_id(draft.author.staff),
            body: Some(draft.body).filter(|body| !body.is_empty()),
            vitals: draft.vitals,
            observed_at: draft.observed,
            recorded_at: draft.recorded,
            reply_to: draft
                .reply_to
                .and_then(|to| ids.get(&to))
                .map(|(id, _)| *id),
            ack_request: (!asked.is_empty()).then_some(DemoAckRequest {
                due_at: draft.due,
                asked,
            }),
            acknowledgements,
            amendments: Vec::new(),
            retraction: None,
        };
        let soon = draft.recorded + TimeDelta::seconds(i64::from(dice.between(150, 2_900)));
        if soon > self.now {
            return post;
        }
        if draft.misplaced {
            post.retraction = Some(DemoRetraction {
                at: soon,
                reason: "別の利用者様の内容を誤って投稿したため",
            });
        } else if post.ack_request.is_none() && dice.chance(2) {
            self.amend(&mut post, draft.author.part, soon, dice);
        }
        post
    }

    /// The people who have acknowledged, in order.
    fn acknowledgements(
        &self,
        index: usize,
        draft: &Draft,
        answers: &[(usize, usize, DateTime<Utc>)],
        dice: &mut Dice,
    ) -> Vec<(Uuid, DateTime<Utc>)> {
        let mut done = Vec::new();
        let recent = self.now - draft.recorded < TimeDelta::days(6);
        for member in &draft.asked {
            let reply = answers
                .iter()
                .find(|(to, staff, _)| *to == index && *staff == member.staff);
            let forgets = recent && !self.scripted && dice.chance(35);
            let at = match reply {
                Some((_, _, at)) => {
                    (*at - TimeDelta::seconds(95)).max(draft.recorded + TimeDelta::seconds(20))
                }
                None if draft.silent.contains(&member.staff) || forgets => continue,
                None => Self::usual_delay(draft.recorded, member.part, dice),
            };
            if at <= self.now && member.on(moment::day_of(at)) {
                done.push((self.staff_id(member.staff), at));
            }
        }
        // Some acknowledge without being asked.
        if !draft.asked.is_empty() && !self.scripted && dice.chance(15) {
            let other = dice.below(self.members.len());
            if let Some(member) = self.members.get(other) {
                let at = Self::usual_delay(draft.recorded, member.part, dice);
                let id = self.staff_id(member.staff);
                let new = member.staff != draft.author.staff
                    && done.iter().all(|(staff, _)| *staff != id);
                let asked = draft.asked.iter().any(|asked| asked.staff == member.staff);
                let may = !draft.medical || member.medical();
                if new && !asked && may && at <= self.now && member.on(moment::day_of(at)) {
                    done.push((id, at));
                }
            }
        }
        done.sort_by_key(|(staff, at)| (*at, *staff));
        done
    }

    /// Physicians answer between visits and in the evening, helpers the next morning.
    fn usual_delay(from: DateTime<Utc>, part: Part, dice: &mut Dice) -> DateTime<Utc> {
        let (low, high) = match part {
            Part::Physician | Part::HospitalDoctor => (45, 420),
            Part::Helper | Part::SecondHelper => (60, 900),
            Part::DayCare => (30, 700),
            _ => (6, 210),
        };
        let time = from + TimeDelta::seconds(i64::from(dice.between(low * 60, high * 60)));
        moment::awake(time, dice)
    }

    /// A slip of the finger in a number, or something that was forgotten.
    fn amend(&self, post: &mut DemoPost, part: Part, at: DateTime<Utc>, dice: &mut Dice) {
        let clean = post
            .body
            .as_deref()
            .is_none_or(|body| !body.contains(['/', '℃', '%', '度']));
        if let (Some(right), true) = (post.vitals, clean) {
            let mut wrong = right;
            let reason = if right.weight.is_some() {
                wrong.weight = right.weight.map(|weight| weight + 10.0);
                "体重の入力誤り"
            } else {
                wrong.pulse = right.pulse.map(|pulse| pulse + 100);
                "脈拍の入力誤り(桁違い)"
            };
            post.vitals = Some(wrong);
            post.amendments.push(DemoAmendment {
                body: post.body.clone(),
                vitals: Some(right),
                reason,
                at,
            });
        } else if let (Some(body), Part::Nurse | Part::SecondNurse | Part::Helper) =
            (&post.body, part)
        {
            let day = moment::day_of(at);
            let addition = dice
                .pick(common::ADDITIONS)
                .replace("{key}", self.key_person);
            let addition = addition.replace("{d+3}", &moment::written(day, 3));
            post.amendments.push(DemoAmendment {
                body: Some(format!("{body}\n{addition}")),
                vitals: post.vitals,
                reason: dice.pick(&["追記", "書き漏れがあったため", "内容の追加"]),
                at,
            });
        }
    }

    /// How far everybody has read. The scripted patient is read up to yesterday at best.
    pub(super) fn read_marks(&self, posts: &[DemoPost], dice: &mut Dice) -> Vec<(Uuid, Uuid)> {
        let mut marks = Vec::new();
        for member in self.members {
            let hours = if self.scripted {
                dice.between(14, 44)
            } else {
                dice.between(0, 60)
            };
            let until = self.now - TimeDelta::hours(i64::from(hours));
            let day = moment::day_of(until);
            if !member.on(day)
                || marks
                    .iter()
                    .any(|(staff, _)| *staff == self.staff_id(member.staff))
            {
                continue;
            }
            let open = |post: &&DemoPost| {
                post.recorded_at <= until && (post.channel == "team" || member.medical())
            };
            if let Some(post) = posts.iter().rev().find(open) {
                marks.push((self.staff_id(member.staff), post.id));
            }
        }
        marks
    }
}
