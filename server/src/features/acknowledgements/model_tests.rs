use proptest::prelude::*;

use super::model::*;
use chrono::{DateTime, TimeDelta};

fn happening() -> impl Strategy<Value = Happening> {
    prop_oneof![
        Just(Happening::Remind),
        Just(Happening::Escalate),
        Just(Happening::Acknowledge),
        Just(Happening::Answer),
        Just(Happening::Withdraw),
    ]
}

/// How far a request has come; what is closed is the end.
fn rank(state: State) -> u8 {
    match state {
        State::Asked => 0,
        State::Reminded => 1,
        State::Escalated => 2,
        State::Acknowledged | State::Answered | State::Withdrawn => 3,
    }
}

fn schedule(minutes: i64, urgent: bool) -> Schedule {
    let asked_at = DateTime::UNIX_EPOCH + TimeDelta::days(20_000);
    let due_at = asked_at + TimeDelta::minutes(minutes);
    Schedule {
        asked_at,
        due_at,
        urgent,
    }
}

proptest! {
    #[test]
    fn a_request_only_goes_on_and_what_is_closed_stays(
        answer: bool,
        happenings in proptest::collection::vec(happening(), 0..40),
    ) {
        let mut state = State::Asked;
        let mut closed = None;
        let mut reminded = 0;
        for happening in happenings {
            let Some(next) = state.after(happening, answer) else {
                // Nothing happens to what is closed, nobody is reminded twice, and the wrong reaction does not close.
                let wrong = match happening {
                    Happening::Acknowledge => answer,
                    Happening::Answer => !answer,
                    Happening::Remind => state != State::Asked,
                    Happening::Escalate | Happening::Withdraw => false,
                };
                prop_assert!(!state.is_open() || wrong);
                continue;
            };
            prop_assert!(state.is_open() && rank(next) >= rank(state) && closed.is_none());
            match next {
                State::Reminded => reminded += 1,
                State::Acknowledged => prop_assert!(!answer && happening == Happening::Acknowledge),
                State::Answered => prop_assert!(answer && happening == Happening::Answer),
                State::Withdrawn => prop_assert_eq!(happening, Happening::Withdraw),
                State::Asked => prop_assert!(false, "nothing is asked anew"),
                State::Escalated => {}
            }
            if !next.is_open() {
                closed = Some(next);
            }
            state = next;
            prop_assert_eq!(State::parse(state.code()), state);
        }
        prop_assert!(reminded <= 1);
        prop_assert_eq!(closed.is_some(), !state.is_open());
    }

    #[test]
    fn people_are_reminded_between_the_middle_and_the_end(minutes in -10_000..600_000i64, urgent: bool) {
        let plan = schedule(minutes, urgent);
        let whole = plan.silent_from() - plan.asked_at;
        prop_assert!(whole > TimeDelta::zero());
        prop_assert!(plan.remind_at() < plan.silent_from());
        prop_assert!(plan.remind_at() >= plan.asked_at + whole / 2);
        prop_assert!(plan.silent_from() - plan.remind_at() <= TimeDelta::hours(2));
    }

    #[test]
    fn nobody_is_reminded_of_what_has_passed(minutes in 1..100_000i64, later in -100_000..100_000i64, urgent: bool) {
        let plan = schedule(minutes, urgent);
        let now = plan.silent_from() + TimeDelta::minutes(later);
        let step = plan.due_step(Step::Remind, now);
        prop_assert_eq!(step == Step::Remind, later < 0);
        for step in [Step::Deputy, Step::Duty] {
            prop_assert_eq!(plan.due_step(step, now), step);
            prop_assert_eq!(Step::numbered(step.number()), Some(step));
        }
    }
}
