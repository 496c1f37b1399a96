//! What holds for every log: the order of entries says nothing, more of them take nothing away, thresholds only narrow,
//! and looking at them in parts as they come is the same as looking at all of them.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use proptest::{prelude::*, sample::subsequence};
use uuid::Uuid;

use super::*;

const PEOPLE: u128 = 4;
const PATIENTS: u128 = 8;

fn start() -> DateTime<Utc> {
    "2026-11-20T10:00:00Z".parse().unwrap()
}

fn post(number: u128) -> Uuid {
    Uuid::from_u128(100 + number)
}

fn patient(number: u128) -> Uuid {
    Uuid::from_u128(200 + number)
}

/// People and patients, some of whom have something to do with each other.
fn world() -> Facts {
    let first: NaiveDate = "2026-01-01".parse().unwrap();
    let mut facts = Facts::default();
    for number in 0..PEOPLE {
        let person = PersonFacts {
            name: format!("姓{} 名{number}", number % 3),
            kana: format!(
                "セイ{} メイ",
                ["ア", "イ", "ウ"][usize::try_from(number % 3).unwrap()]
            ),
            home: (number == 1).then_some([1; 32]),
            posts: vec![post(number)],
        };
        facts.people.insert(Uuid::from_u128(number), person);
        let post_facts = PostFacts {
            person: Uuid::from_u128(number),
            facility: Uuid::from_u128(number),
            facility_kind: if number == 2 { "hospital" } else { "clinic" }.to_owned(),
            is_relative: false,
        };
        facts.posts.insert(post(number), post_facts);
    }
    for number in 0..PATIENTS {
        let watch = Watch {
            starts_on: first,
            ends_on: None,
            ended_at: None,
        };
        let patient_facts = PatientFacts {
            name: format!("姓{} 患者", number % 5),
            kana: "カンジャ カンジャ".to_owned(),
            home: (number == 1).then_some([1; 32]),
            watches: if number == 2 { vec![watch] } else { Vec::new() },
            ..PatientFacts::default()
        };
        facts.patients.insert(patient(number), patient_facts);
        let membership = Membership {
            starts_on: first,
            ends_on: (number == 3).then(|| first + TimeDelta::days(100)),
            created_at: start() - TimeDelta::days(300),
        };
        let tie = (post(number % PEOPLE), patient(number));
        facts.memberships.insert(tie, vec![membership]);
    }
    facts
}

/// Any entry within a few hours.
fn entry() -> impl Strategy<Value = Seen> {
    let who = prop_oneof![
        6 => (0..PEOPLE).prop_map(|number| (Some(post(number)), None)),
        1 => Just((None, Some(Uuid::from_u128(300)))),
        2 => Just((None, None)),
    ];
    let whom = proptest::option::of((0..PATIENTS).prop_map(patient));
    let account =
        proptest::option::of((0_u128..3).prop_map(|number| Uuid::from_u128(400 + number)));
    (
        who,
        whom,
        account,
        0_i64..20_000,
        any::<u64>(),
        any::<bool>(),
        0_u8..3,
    )
        .prop_map(
            |((post, client), patient, account, seconds, id, denied, source)| Seen {
                id: Uuid::from_u128(u128::from(id)),
                at: start() + TimeDelta::seconds(seconds),
                post,
                client,
                source: Some(format!("203.0.113.{source}")),
                action: "timeline.list".to_owned(),
                denied: denied || post.is_none(),
                purpose: "TREAT".to_owned(),
                ground: None,
                patient: patient.filter(|_| post.is_some()),
                named: Vec::new(),
                account: account.filter(|_| post.is_none() && client.is_none()),
            },
        )
}

fn log() -> impl Strategy<Value = Vec<Seen>> {
    proptest::collection::vec(entry(), 0..120).prop_map(|entries| {
        let by_id: BTreeMap<Uuid, Seen> = entries.into_iter().map(|seen| (seen.id, seen)).collect();
        by_id.into_values().collect()
    })
}

/// Rules that speak about little.
fn low() -> FindingRules {
    let json = serde_json::json!({
        "many_patients": { "patients": 3 },
        "repeated_denials": { "count": 4, "minutes": 10, "sign_in_count": 3, "sign_in_minutes": 20 },
    });
    serde_json::from_value(json).unwrap()
}

/// Looks at entries as the worker does: each part by itself, with what was looked at before as far as its windows reach.
fn in_parts(parts: &[Vec<Seen>], facts: &Facts, rules: &FindingRules) -> Found {
    let longest = Windows::longest(rules);
    let mut found = Found::default();
    let mut sealed: Vec<&Seen> = Vec::new();
    for part in parts.iter().filter(|part| !part.is_empty()) {
        // What is looked at once more is in the log only once.
        let known: BTreeSet<Uuid> = sealed.iter().map(|seen| seen.id).collect();
        sealed.extend(part.iter().filter(|seen| !known.contains(&seen.id)));
        for seen in part {
            each(seen, facts, rules, &mut found);
        }
        let first = part.iter().map(|seen| seen.at).min().unwrap() - longest;
        let last = part.iter().map(|seen| seen.at).max().unwrap() + longest;
        let posts: BTreeSet<Uuid> = part.iter().filter_map(|seen| seen.post).collect();
        let others = part.iter().any(|seen| seen.post.is_none());
        let mut around: Vec<&Seen> = sealed
            .iter()
            .copied()
            .filter(|seen| (first..=last).contains(&seen.at))
            .filter(|seen| seen.post.map_or(others, |post| posts.contains(&post)))
            .collect();
        around.sort_by_key(|seen| seen.place());
        let mut windows = Windows::new(rules);
        for seen in around {
            windows.push(seen, facts, &mut found);
        }
    }
    found
}

/// Whether everything that is in `less` is in `more`.
fn holds(more: &Found, less: &Found) -> bool {
    less.0.iter().all(|(key, marks)| {
        more.0.get(key).is_some_and(|own| {
            marks
                .entries
                .keys()
                .all(|place| own.entries.contains_key(place))
                && marks.reasons.is_subset(&own.reasons)
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn the_order_of_entries_says_nothing(log in log(), seed in any::<u64>()) {
        let facts = world();
        let mut shuffled = log.clone();
        shuffled.sort_by_key(|seen| {
            let mixed = u64::try_from(seen.id.as_u128()).unwrap_or(0) ^ seed;
            mixed.wrapping_mul(0x9E37_79B9_7F4A_7C15)
        });
        prop_assert_eq!(look(&log, &facts, &low()), look(&shuffled, &facts, &low()));
    }

    #[test]
    fn more_entries_take_nothing_away(
        (all, some) in log().prop_flat_map(|log| {
            let count = log.len();
            (Just(log.clone()), subsequence(log, 0..=count))
        })
    ) {
        let facts = world();
        prop_assert!(holds(&look(&all, &facts, &low()), &look(&some, &facts, &low())));
    }

    #[test]
    fn higher_thresholds_find_no_more(
        log in log(),
        patients in 1..8,
        count in 2..8,
        minutes in 1..60,
        more in 0..8,
    ) {
        let facts = world();
        let with = |patients: i32, count: i32, minutes: i32| {
            let json = serde_json::json!({
                "many_patients": { "patients": patients },
                "repeated_denials": {
                    "count": count, "minutes": minutes, "sign_in_count": count, "sign_in_minutes": minutes
                },
            });
            let rules: FindingRules = serde_json::from_value(json).unwrap();
            look(&log, &facts, &rules)
        };
        let narrow = with(patients + more, count + more, minutes);
        prop_assert!(holds(&with(patients, count, minutes), &narrow));
        prop_assert!(holds(&with(patients, count, minutes + more), &with(patients, count, minutes)));
    }

    #[test]
    fn looking_in_parts_is_looking_at_everything(
        log in log(),
        cuts in proptest::collection::vec(0_usize..5, 120),
    ) {
        let facts = world();
        // Entries come in any order, and in parts of any size.
        let mut parts = vec![Vec::new(); 5];
        for (seen, part) in log.iter().zip(&cuts) {
            parts[*part].push(seen.clone());
        }
        prop_assert_eq!(in_parts(&parts, &facts, &low()), look(&log, &facts, &low()));
        // Looking at them once more changes nothing.
        let twice: Vec<_> = parts.iter().chain(&parts).cloned().collect();
        prop_assert_eq!(in_parts(&twice, &facts, &low()), look(&log, &facts, &low()));
    }

    #[test]
    fn what_is_found_apart_joins(log in log()) {
        let facts = world();
        let rules = low();
        let mut joined = Found::default();
        for seen in &log {
            let mut own = Found::default();
            each(seen, &facts, &rules, &mut own);
            joined.join(own);
        }
        prop_assert!(holds(&look(&log, &facts, &rules), &joined));
    }

    #[test]
    fn many_patients_is_what_counting_by_hand_finds(log in log()) {
        let facts = world();
        let rules = low();
        let found = look(&log, &facts, &rules);
        let hour = TimeDelta::hours(1);
        for seen in log.iter().filter(|seen| seen.post.is_some() && seen.patient.is_some()) {
            let of_person: Vec<&Seen> = log
                .iter()
                .filter(|other| other.post == seen.post && other.patient.is_some())
                .collect();
            let is_marked = of_person.iter().any(|first| {
                let within: Vec<&&Seen> = of_person
                    .iter()
                    .filter(|other| other.at >= first.at && other.at < first.at + hour)
                    .collect();
                let patients: BTreeSet<_> = within.iter().map(|other| other.patient).collect();
                patients.len() > 3 && within.iter().any(|other| other.id == seen.id)
            });
            let marked = found.0.iter().any(|(key, marks)| {
                key.rule == Rule::ManyPatients && marks.entries.contains_key(&seen.place())
            });
            prop_assert_eq!(marked, is_marked);
        }
    }
}
