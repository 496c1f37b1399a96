//! Steps, what follows from them, and what contradicts what.

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    catalogue,
    model::{Head, Holding, Refused, Step, contradictions},
    value::Said,
};

fn at(minutes: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 0).unwrap() + TimeDelta::minutes(minutes)
}

fn person(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

fn said(value: Value) -> Said {
    match value {
        Value::Object(said) => said,
        other => panic!("{other}"),
    }
}

/// The ids of what contradicts, for facts of one kind in their order.
fn against(kind: &str, values: &[Value]) -> Vec<(u128, u128)> {
    let all: Vec<Said> = values.iter().cloned().map(said).collect();
    let facts: Vec<Holding<'_>> = (1..)
        .zip(&all)
        .map(|(number, said)| Holding {
            id: person(number),
            kind: catalogue::find(kind).unwrap(),
            said,
        })
        .collect();
    let found = contradictions(&facts).into_iter();
    found.map(|(a, b)| (a.as_u128(), b.as_u128())).collect()
}

#[test]
fn two_states_of_what_has_only_one_contradict_each_other() {
    let b2 = json!({ "grade": "B2" });
    assert_eq!(
        against("disability_level", &[b2.clone(), json!({ "grade": "C1" })]),
        [(1, 2)]
    );
    assert!(against("disability_level", &[b2.clone(), b2]).is_empty());
}

#[test]
fn something_and_nothing_contradict_each_other() {
    let egg = json!({ "state": "present", "substance": "卵" });
    let milk = json!({ "state": "present", "substance": "牛乳" });
    let none = json!({ "state": "none" });
    assert_eq!(
        against("allergy", &[egg.clone(), milk.clone(), none]),
        [(1, 3), (2, 3)]
    );
    let worse = json!({ "state": "present", "substance": "ﾀﾏｺﾞ", "severity": "severe" });
    let egg_in_kana = json!({ "state": "present", "substance": "たまご" });
    assert_eq!(against("allergy", &[egg_in_kana, milk, worse]), [(1, 3)]);
}

#[test]
fn different_things_about_the_same_medicine_contradict_each_other() {
    let morning = json!({ "name": "アムロジピン錠5mg", "usage": "1日1回 朝食後" });
    let evening = json!({ "name": "アムロジピン錠５ｍｇ", "usage": "1日1回 夕食後" });
    let other = json!({ "name": "酸化マグネシウム錠330mg" });
    assert_eq!(against("medicine", &[morning, other, evening]), [(1, 3)]);
}

#[test]
fn services_of_several_providers_do_not_contradict_each_other() {
    let on =
        |days: &[&str]| json!({ "service": "visiting_nursing", "provider": "北", "days": days });
    assert!(against("service", &[on(&["mon"]), on(&["thu"])]).is_empty());
}

#[derive(Debug, Clone)]
struct Tried {
    step: Step,
    /// How many steps behind the newest its author is.
    behind: i32,
    at: i64,
    by: u128,
}

fn tries() -> impl Strategy<Value = Vec<Tried>> {
    let step = prop_oneof![
        4 => Just(Step::Say(None)),
        4 => (0..400u64).prop_map(|days| {
            let day = at(0).date_naive() + chrono::Days::new(days);
            Step::Say(Some(day))
        }),
        6 => Just(Step::Confirm),
        1 => Just(Step::End),
    ];
    let tried = (
        step,
        prop_oneof![5 => Just(0), 1 => 1..3i32],
        -600..600i64,
        1..5u128,
    );
    prop::collection::vec(
        tried.prop_map(|(step, behind, at, by)| Tried {
            step,
            behind,
            at,
            by,
        }),
        0..30,
    )
}

proptest! {
    /// What holds now is what the whole history says, told in another way.
    #[test]
    fn what_holds_is_what_the_history_says(tries in tries()) {
        let mut head = Head::first(None, at(0), person(9));
        let mut history = vec![(Step::Say(None), at(0), person(9))];
        for tried in tries {
            let (moment, by) = (at(tried.at), person(tried.by));
            match head.accepts(head.version - tried.behind) {
                Ok(()) => {
                    head = head.after(tried.step, moment, by);
                    history.push((tried.step, moment, by));
                }
                Err(Refused::Stale) => prop_assert!(tried.behind != 0),
                Err(Refused::Ended) => prop_assert!(history.iter().any(|(step, ..)| *step == Step::End)),
            }
        }
        prop_assert_eq!(usize::try_from(head.version).unwrap(), history.len());
        let last_said = history.iter().rposition(|(step, ..)| matches!(step, Step::Say(_))).unwrap();
        prop_assert_eq!(usize::try_from(head.said_version).unwrap(), last_said + 1);
        let (Step::Say(next), said_at, _) = history[last_said] else { unreachable!() };
        prop_assert_eq!(head.next_on, next);
        let newest = history[last_said..]
            .iter()
            .filter(|(step, ..)| *step == Step::Confirm)
            .map(|(_, at, _)| *at)
            .fold(said_at, std::cmp::max);
        prop_assert_eq!(head.confirmed_at, newest);
        let ends: Vec<usize> = (0..history.len()).filter(|at| history[*at].0 == Step::End).collect();
        prop_assert_eq!(head.ended, !ends.is_empty());
        // Nothing follows an end.
        prop_assert!(ends.iter().all(|end| *end == history.len() - 1));
    }
}
