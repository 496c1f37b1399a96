//! States, conclusions and steps of a review.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use tsumugi_schema::tables::finding_steps;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{Error, ctx::Tx, spine::auth::Actor};

/// How far the review of a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = FindingState)]
pub(super) enum State {
    /// 未着手
    Open,
    /// 担当者あり
    Assigned,
    /// 本人に照会中
    Asked,
    /// 本人から回答あり
    Answered,
    /// 終了
    Closed,
    /// 現在のルールでは該当しない
    Superseded,
}

impl State {
    /// Those in which there is something to do.
    pub(super) const UNFINISHED: [Self; 4] =
        [Self::Open, Self::Assigned, Self::Asked, Self::Answered];

    /// All of them.
    const ALL: [Self; 6] = [
        Self::Open,
        Self::Assigned,
        Self::Asked,
        Self::Answered,
        Self::Closed,
        Self::Superseded,
    ];

    /// The state with this code. The table has no other; one that is not known takes no step.
    pub(super) fn parse(code: &str) -> Self {
        let known = Self::ALL.into_iter().find(|known| known.code() == code);
        known.unwrap_or(Self::Superseded)
    }

    /// The code in the database and the interface.
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Assigned => "assigned",
            Self::Asked => "asked",
            Self::Answered => "answered",
            Self::Closed => "closed",
            Self::Superseded => "superseded",
        }
    }
}

/// The codes of the states in which there is something to do.
pub fn unfinished() -> [&'static str; 4] {
    State::UNFINISHED.map(State::code)
}

/// What a review came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = FindingConclusion)]
pub(super) enum Conclusion {
    /// 正当
    Justified,
    /// 不適切
    NotJustified,
    /// 判断できず
    Unclear,
    /// 重複
    Duplicate,
}

impl Conclusion {
    /// All of them.
    pub(super) const ALL: [Self; 4] = [
        Self::Justified,
        Self::NotJustified,
        Self::Unclear,
        Self::Duplicate,
    ];

    /// The code in the database and the interface.
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Justified => "justified",
            Self::NotJustified => "not_justified",
            Self::Unclear => "unclear",
            Self::Duplicate => "duplicate",
        }
    }

    /// The conclusion with this code.
    pub(super) fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.code() == code)
    }
}

/// What was done about a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum StepKind {
    /// A rule found it.
    Found,
    /// An auditor opened it.
    Opened,
    /// It was given to an auditor.
    Assigned,
    /// The person concerned was asked.
    Asked,
    /// The person has answered.
    Answered,
    /// The person was reminded.
    Reminded,
    /// It was closed.
    Closed,
    /// It was opened again.
    Reopened,
    /// Its rule did not find it any more.
    Superseded,
    /// Its rule found it again.
    FoundAgain,
}

impl StepKind {
    /// The code in the database and the interface.
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Found => "found",
            Self::Opened => "opened",
            Self::Assigned => "assigned",
            Self::Asked => "asked",
            Self::Answered => "answered",
            Self::Reminded => "reminded",
            Self::Closed => "closed",
            Self::Reopened => "reopened",
            Self::Superseded => "superseded",
            Self::FoundAgain => "found_again",
        }
    }
}

/// A step to be written down.
#[derive(Debug, Insertable)]
#[diesel(table_name = finding_steps, treat_none_as_default_value = false)]
pub(super) struct NewStep {
    tenant_id: Uuid,
    finding_id: Uuid,
    number: i32,
    kind: &'static str,
    at: DateTime<Utc>,
    staff_member_id: Option<Uuid>,
    pub(super) assigned_to: Option<Uuid>,
    pub(super) request_id: Option<Uuid>,
    pub(super) conclusion: Option<String>,
    pub(super) note: Option<String>,
    pub(super) rule_version: Option<i32>,
}

impl NewStep {
    /// A step of the server itself.
    pub(super) fn by_server(tx: &Tx<'_>, finding_id: Uuid, number: i32, kind: StepKind) -> Self {
        Self {
            tenant_id: tx.tenant_id,
            finding_id,
            number,
            kind: kind.code(),
            at: tx.now,
            staff_member_id: None,
            assigned_to: None,
            request_id: None,
            conclusion: None,
            note: None,
            rule_version: None,
        }
    }

    /// A step of whoever acts.
    pub(super) fn new(tx: &Tx<'_>, finding_id: Uuid, number: i32, kind: StepKind) -> Self {
        let post = match tx.actor {
            Actor::Person(person) => Some(person.staff_member_id),
            _ => None,
        };
        Self {
            staff_member_id: post,
            ..Self::by_server(tx, finding_id, number, kind)
        }
    }
}

/// Why a step cannot be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refused {
    /// It is closed.
    Closed,
    /// It is not closed.
    NotClosed,
    /// Its rule does not find it any more.
    Superseded,
    /// It is about nobody who could be asked.
    NobodyToAsk,
    /// A question waits for its answer.
    Asked,
    /// It ends with the review of the emergency access.
    NeedsReview,
}

impl From<Refused> for Error {
    fn from(refused: Refused) -> Self {
        let (code, message) = match refused {
            Refused::Closed => ("finding_closed", "the finding is closed"),
            Refused::NotClosed => ("finding_not_closed", "the finding is not closed"),
            Refused::Superseded => (
                "finding_superseded",
                "the rules do not find it any more: open one by hand",
            ),
            Refused::NobodyToAsk => (
                "finding_without_person",
                "the finding is about nobody who works here",
            ),
            Refused::Asked => (
                "justification_pending",
                "the person has been asked and has not answered",
            ),
            Refused::NeedsReview => (
                "emergency_review_pending",
                "it ends with the review of the emergency access",
            ),
        };
        Self::Conflict(code, message)
    }
}

/// Whether something may be done about a finding in this state.
pub(super) fn is_unfinished(state: State) -> Result<(), Refused> {
    match state {
        State::Closed => Err(Refused::Closed),
        State::Superseded => Err(Refused::Superseded),
        State::Open | State::Assigned | State::Asked | State::Answered => Ok(()),
    }
}

/// The state after it was given to somebody: how far the person concerned has been asked does not change.
pub(super) fn after_assigning(state: State) -> State {
    match state {
        State::Open => State::Assigned,
        other => other,
    }
}

/// The state after it was opened again.
pub(super) fn after_reopening(assigned: bool) -> State {
    if assigned {
        State::Assigned
    } else {
        State::Open
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_finished_takes_no_step() {
        assert_eq!(is_unfinished(State::Closed), Err(Refused::Closed));
        assert_eq!(is_unfinished(State::Superseded), Err(Refused::Superseded));
        for state in State::UNFINISHED {
            assert_eq!(is_unfinished(state), Ok(()));
        }
    }

    #[test]
    fn giving_it_to_somebody_else_does_not_undo_the_question() {
        assert_eq!(after_assigning(State::Open), State::Assigned);
        assert_eq!(after_assigning(State::Asked), State::Asked);
        assert_eq!(after_reopening(true), State::Assigned);
        assert_eq!(after_reopening(false), State::Open);
    }

    #[test]
    fn codes_are_read_back() {
        for conclusion in Conclusion::ALL {
            assert_eq!(Conclusion::parse(conclusion.code()), Some(conclusion));
        }
        assert_eq!(Conclusion::parse("fine"), None);
        for state in State::ALL {
            assert_eq!(State::parse(state.code()), state);
        }
    }
}
