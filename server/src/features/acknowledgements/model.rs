//! Where a request stands and what comes next: rules that need nothing but its row.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::error::FieldError;

/// Longest deadline.
const LONGEST: TimeDelta = TimeDelta::days(366);

/// Where a request stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// It was asked.
    Asked,
    /// People were reminded.
    Reminded,
    /// It went on to somebody else.
    Escalated,
    /// Somebody takes it.
    Acknowledged,
    /// Somebody has answered.
    Answered,
    /// Whoever asked took it back, or the post was taken back.
    Withdrawn,
}

/// What can happen to a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Happening {
    /// People are reminded.
    Remind,
    /// It goes on to somebody else.
    Escalate,
    /// Somebody who may acknowledges the post.
    Acknowledge,
    /// Somebody who may replies to the post.
    Answer,
    /// It is taken back.
    Withdraw,
}

impl State {
    /// The code in the database and the interface.
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Reminded => "reminded",
            Self::Escalated => "escalated",
            Self::Acknowledged => "acknowledged",
            Self::Answered => "answered",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// The state with this code; what nobody knows is not open.
    pub(super) fn parse(code: &str) -> Self {
        match code {
            "asked" => Self::Asked,
            "reminded" => Self::Reminded,
            "escalated" => Self::Escalated,
            "acknowledged" => Self::Acknowledged,
            "answered" => Self::Answered,
            _ => Self::Withdrawn,
        }
    }

    /// Whether somebody is still asked.
    pub(super) fn is_open(self) -> bool {
        matches!(self, Self::Asked | Self::Reminded | Self::Escalated)
    }

    /// Where it stands afterwards; nothing when this changes nothing. `answer` is whether a reply is asked for: then
    /// acknowledging the post is not enough.
    pub(super) fn after(self, happening: Happening, answer: bool) -> Option<Self> {
        match (self, happening) {
            _ if !self.is_open() => None,
            (Self::Asked, Happening::Remind) => Some(Self::Reminded),
            (_, Happening::Remind) => None,
            (_, Happening::Escalate) => Some(Self::Escalated),
            (_, Happening::Acknowledge) => (!answer).then_some(Self::Acknowledged),
            (_, Happening::Answer) => answer.then_some(Self::Answered),
            (_, Happening::Withdraw) => Some(Self::Withdrawn),
        }
    }
}

/// When what is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Schedule {
    /// When it was asked.
    pub(super) asked_at: DateTime<Utc>,
    /// By when.
    pub(super) due_at: DateTime<Utc>,
    /// Whether it is urgent.
    pub(super) urgent: bool,
}

/// What is to be done next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// Remind.
    Remind,
    /// Turn to the deputy.
    Deputy,
    /// Turn to the duty contact of the facility.
    Duty,
}

impl Step {
    /// The step with this number; nothing when all were taken.
    pub(super) fn numbered(number: i16) -> Option<Self> {
        match number {
            0 => Some(Self::Remind),
            1 => Some(Self::Deputy),
            2 => Some(Self::Duty),
            _ => None,
        }
    }

    /// Its number.
    pub(super) fn number(self) -> i16 {
        match self {
            Self::Remind => 0,
            Self::Deputy => 1,
            Self::Duty => 2,
        }
    }
}

impl Schedule {
    /// How long somebody new has before it goes on.
    pub(super) fn patience(&self) -> TimeDelta {
        TimeDelta::minutes(if self.urgent { 10 } else { 30 })
    }

    /// From when silence counts: the deadline, but what was written without signal and arrives after it leaves people
    /// time.
    pub(super) fn silent_from(&self) -> DateTime<Utc> {
        if self.due_at > self.asked_at {
            self.due_at
        } else {
            self.asked_at + self.patience()
        }
    }

    /// When people are reminded: in the last quarter of the time, two hours before at most, and never before half of it.
    pub(super) fn remind_at(&self) -> DateTime<Utc> {
        let whole = self.silent_from() - self.asked_at;
        let before = (whole / 4).clamp(TimeDelta::minutes(5), TimeDelta::hours(2));
        self.silent_from() - before.min(whole / 2)
    }

    /// What is to be done at this moment, when `step` was to be next: who was down meanwhile does not remind people of
    /// a deadline that has passed.
    pub(super) fn due_step(&self, step: Step, now: DateTime<Utc>) -> Step {
        match step {
            Step::Remind if now >= self.silent_from() => Step::Deputy,
            other => other,
        }
    }
}

/// Of a profession or a facility, who is asked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum AskFrom {
    /// One of them is enough.
    #[default]
    Any,
    /// Everybody for himself or herself.
    Each,
}

/// A request to acknowledge or to answer.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AskAcknowledgement)]
pub struct NewAsk {
    /// People who have to do with the patient and may read the post: each for himself or herself. At most 50.
    #[serde(default)]
    pub(super) staff_member_ids: Vec<Uuid>,
    /// Codes of professions, of the people who may read the post. At most 10.
    #[serde(default)]
    pub(super) professions: Vec<String>,
    /// Facilities, of the people who may read the post. At most 10.
    #[serde(default)]
    pub(super) facility_ids: Vec<Uuid>,
    /// Whether one of a profession or facility is enough, or each is asked. People who are named are asked each.
    #[serde(default)]
    pub(super) from: AskFrom,
    /// Whether a reply to the post is asked for; otherwise acknowledging it is enough.
    #[serde(default)]
    pub(super) answer: bool,
    /// Whether people are told even in their quiet hours.
    #[serde(default)]
    pub(super) urgent: bool,
    /// By when, at most a year from now. Without it nobody is reminded.
    #[serde(default)]
    pub(super) due_at: Option<DateTime<Utc>>,
}

impl NewAsk {
    /// People by name, with a deadline.
    pub fn of_people(staff_member_ids: Vec<Uuid>, due_at: Option<DateTime<Utc>>) -> Self {
        Self {
            staff_member_ids,
            due_at,
            ..Self::default()
        }
    }

    /// Adds what is wrong with it, as the field `within`.
    pub fn check(&self, within: &str, errors: &mut Vec<FieldError>) {
        let mut wrong = |field: &str, message: &'static str| {
            let field = format!("{within}{field}");
            errors.push(FieldError::new(field, "out_of_range", message));
        };
        let nobody = self.professions.is_empty() && self.facility_ids.is_empty();
        let people = &self.staff_member_ids;
        if people.len() > 50 || people.is_empty() && nobody || !distinct(people) {
            wrong("staff_member_ids", "1 to 50 different people");
        }
        if self.professions.len() > 10 || !distinct(&self.professions) {
            wrong("professions", "at most 10 different professions");
        }
        if self.facility_ids.len() > 10 || !distinct(&self.facility_ids) {
            wrong("facility_ids", "at most 10 different facilities");
        }
    }

    /// Whether the deadline is one that can be kept in mind.
    pub(super) fn is_due_within_reach(&self, now: DateTime<Utc>) -> bool {
        self.due_at
            .is_none_or(|due_at| due_at <= now + LONGEST && due_at >= now - LONGEST)
    }
}

fn distinct<T: Ord>(all: &[T]) -> bool {
    let mut sorted: Vec<&T> = all.iter().collect();
    sorted.sort_unstable();
    sorted.windows(2).all(|pair| pair.first() != pair.last())
}

/// A request.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = tsumugi_schema::tables::acknowledgement_asks, check_for_backend(diesel::pg::Pg))]
pub(super) struct Ask {
    pub(super) id: Uuid,
    pub(super) post_id: Uuid,
    pub(super) patient_id: Uuid,
    pub(super) asked_by: Uuid,
    pub(super) asked_at: DateTime<Utc>,
    pub(super) due_at: Option<DateTime<Utc>>,
    pub(super) staff_member_id: Option<Uuid>,
    pub(super) profession: Option<String>,
    pub(super) facility_id: Option<Uuid>,
    pub(super) answer: bool,
    pub(super) urgent: bool,
    pub(super) state: String,
    pub(super) step: i16,
    pub(super) reminded_at: Option<DateTime<Utc>>,
    pub(super) closed_at: Option<DateTime<Utc>>,
    pub(super) closed_by: Option<Uuid>,
    pub(super) answer_post_id: Option<Uuid>,
}

impl Ask {
    /// Where it stands.
    pub(super) fn standing(&self) -> State {
        State::parse(&self.state)
    }

    /// When what is due; nothing without a deadline.
    pub(super) fn schedule(&self) -> Option<Schedule> {
        self.due_at.map(|due_at| Schedule {
            asked_at: self.asked_at,
            due_at,
            urgent: self.urgent,
        })
    }

    /// Whether somebody of this profession and facility is among those of whom any one is enough.
    pub(super) fn asks_any(&self, profession: &str, facility: Uuid) -> bool {
        self.staff_member_id.is_none()
            && self
                .profession
                .as_ref()
                .is_none_or(|asked| asked == profession)
            && self.facility_id.is_none_or(|asked| asked == facility)
    }
}

/// What part somebody has in a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// Asked at first.
    Asked,
    /// As deputy.
    Deputy,
    /// As duty contact of the facility.
    Duty,
    /// As a duty contact who may not read the post: to find whoever was asked.
    Told,
}

impl Part {
    /// The code in the database and the interface.
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Deputy => "deputy",
            Self::Duty => "duty",
            Self::Told => "told",
        }
    }
}
