//! Turns lines of the tables into the text of a post, in the manner of its writer.

use chrono::{DateTime, Datelike, NaiveDate, Utc};

use super::circle::{Hand, Member};
use super::measure;
use super::model::DemoVitals;
use super::moment;
use super::plot::{Part, Voice};
use super::stories::common;
use super::text;
use super::timeline::Teller;

impl Teller<'_> {
    /// What the voice says this time; none if it has told all it had to tell.
    pub(super) fn lines(&mut self, voice: &Voice) -> Option<Vec<&'static str>> {
        let mut lines = Vec::new();
        for pool in voice.pools {
            lines.push(if voice.ordered {
                self.next(pool)?
            } else {
                self.draw(pool)
            });
        }
        if lines.iter().all(|line| line.is_empty()) {
            let work = common::general(voice.part, self.story.frail).first()?;
            lines.push(self.draw(work));
        }
        Some(lines)
    }

    pub(super) fn compose(
        &mut self,
        told: &mut Vec<&'static str>,
        plain: bool,
        author: &Member,
        at: DateTime<Utc>,
        vitals: Option<&DemoVitals>,
    ) -> String {
        let hand = Hand::of(author.staff, &self.habits);
        let openings = common::openings(author.part);
        let usual = openings
            .get(hand.opening.min(openings.len().saturating_sub(1)))
            .copied();
        let opening = if self.dice.chance(70) {
            usual.unwrap_or_default()
        } else {
            self.dice.pick(openings)
        };
        let mut lines = Vec::new();
        let numbers = vitals.is_some()
            && hand.repeats
            && matches!(author.part, Part::Nurse | Part::SecondNurse);
        lines.push(if numbers {
            format!("{opening}{{v}}。")
        } else {
            opening.to_owned()
        });
        lines.extend(told.drain(..).map(str::to_owned));
        let general = common::general(author.part, self.story.frail);
        for (pool, chance) in general.iter().zip([72, 45]) {
            if !plain && self.dice.chance(chance) {
                lines.push(self.draw(pool).to_owned());
            }
        }
        if self.dice.chance(34) {
            lines.push(self.draw(common::closings(author.part)).to_owned());
        }
        let lines: Vec<String> = lines
            .iter()
            .map(|line| self.write(line, author, at, vitals))
            .filter(|line| !line.is_empty())
            .collect();
        join(&lines, author.part, hand.layout)
    }

    /// The next line of a pool that is told in order.
    fn next(&mut self, pool: &'static [&'static str]) -> Option<&'static str> {
        let key = pool.first()?;
        let bag = self
            .bags
            .entry(key)
            .or_insert_with(|| pool.iter().rev().copied().collect());
        bag.pop()
    }

    /// A line that this patient has not seen lately.
    pub(super) fn draw(&mut self, pool: &'static [&'static str]) -> &'static str {
        let key = pool.first().copied().unwrap_or_default();
        let bag = self.bags.entry(key).or_default();
        let recent = self.recent.entry(key).or_default();
        if bag.is_empty() {
            let mut fresh: Vec<&str> = pool
                .iter()
                .copied()
                .filter(|line| !recent.contains(line))
                .collect();
            self.dice.shuffle(&mut fresh);
            self.dice.shuffle(recent);
            // The bag is emptied from its end: what was used last comes last.
            bag.append(recent);
            bag.append(&mut fresh);
        }
        let line = bag.pop().unwrap_or_default();
        if !line.is_empty() && bag.len() < pool.len() / 2 {
            recent.push(line);
        }
        line
    }

    pub(super) fn write(
        &mut self,
        template: &str,
        author: &Member,
        at: DateTime<Utc>,
        vitals: Option<&DemoVitals>,
    ) -> String {
        let date = moment::day_of(at);
        let season = if template.contains("{season}") {
            self.draw(common::season(date.month()))
        } else {
            ""
        };
        let dish = if template.contains("{dish}") {
            self.draw(common::dishes(date.month()))
        } else {
            ""
        };
        let hand = Hand::of(author.staff, &self.habits);
        let names = &self.names;
        let oxygen = self.story.oxygen;
        let slot = |name: &str| -> Option<String> {
            match name {
                "season" => Some(season.to_owned()),
                "dish" => Some(dish.to_owned()),
                "me" => Some(author.surname().to_owned()),
                "name" => names
                    .get("name")
                    .map(|surname| format!("{surname}{}", hand.honorific)),
                "time" => {
                    let minute = moment::minute_of(at) / 10 * 10;
                    Some(format!("{}:{:02}", minute / 60, minute % 60))
                }
                _ => later(name, date)
                    .or_else(|| {
                        vitals
                            .and_then(|vitals| measure::spelled(name, vitals, hand.numbers, oxygen))
                    })
                    .or_else(|| names.get(name).cloned()),
            }
        };
        polite(&text::fill(template, &mut self.dice, &slot))
    }
}

/// Nobody says 妻様.
fn polite(text: &str) -> String {
    text.replace("妻様", "奥様")
        .replace("夫様", "ご主人様")
        .replace("妻さん", "奥様")
        .replace("夫さん", "ご主人")
}

/// `d+3` is a working day about three days later.
fn later(name: &str, date: NaiveDate) -> Option<String> {
    name.strip_prefix("d+")?
        .parse()
        .ok()
        .map(|days| moment::written(date, days))
}

fn join(lines: &[String], part: Part, layout: usize) -> String {
    match (part, layout) {
        (Part::CareManager, _)
        | (Part::DayCare | Part::Helper | Part::SecondHelper | Part::Pharmacist, 1 | 2) => {
            lines.join("\n")
        }
        (Part::Nurse | Part::SecondNurse | Part::WardNurse | Part::Therapist, 2) => {
            lines.join(if lines.len() > 2 { "\n・" } else { "" })
        }
        (Part::Nurse | Part::SecondNurse, 1) => lines.join("\n"),
        _ => lines.concat(),
    }
}
