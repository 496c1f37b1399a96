//! The life of a consent, as a machine of states held against a second telling of it (AZ-14).

use chrono::{DateTime, NaiveDate};
use proptest::prelude::*;
use uuid::Uuid;

use super::model::{Consent, GrantedBy, Period, Standing};

const START: &str = "2026-04-01";

fn start() -> NaiveDate {
    START.parse().unwrap()
}

fn day(offset: i64) -> NaiveDate {
    start() + chrono::TimeDelta::days(offset)
}

/// What may happen to the consents of a patient.
#[derive(Debug, Clone)]
enum Event {
    /// A consent given so many days ago, good for so many days from now.
    Grant {
        by: GrantedBy,
        ago: i64,
        days: Option<i64>,
    },
    /// Somebody withdraws one of them.
    Withdraw(usize),
    /// Days go by.
    Wait(i64),
}

fn event() -> impl Strategy<Value = Event> {
    let by = prop_oneof![
        Just(GrantedBy::Patient),
        Just(GrantedBy::Proxy),
        Just(GrantedBy::Emergency)
    ];
    prop_oneof![
        (by, -2..20i64, proptest::option::of(-2..40i64)).prop_map(|(by, ago, days)| Event::Grant {
            by,
            ago,
            days
        }),
        (0..6usize).prop_map(Event::Withdraw),
        (0..25i64).prop_map(Event::Wait),
    ]
}

/// The same told another way: each consent is a list of the days on which it is good.
struct Ledger(Vec<Vec<i64>>);

impl Ledger {
    fn grant(&mut self, by: GrantedBy, now: i64, ago: i64, days: Option<i64>) -> bool {
        let first = now - ago;
        let last = match (by, days) {
            (GrantedBy::Emergency, None) => first + 14,
            (_, None) => 10_000,
            (_, Some(days)) => now + days,
        };
        let sound = ago >= 0
            && last >= now
            && last >= first
            && (by != GrantedBy::Emergency || last - first <= 14);
        if sound {
            self.0.push((first..=last).collect());
        }
        sound
    }

    fn stands(&self, which: usize, on: i64) -> bool {
        self.0[which].contains(&on)
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn az_14_a_consent_stands_from_its_first_to_its_last_day_until_it_is_withdrawn(
        events in proptest::collection::vec(event(), 1..30)
    ) {
        let mut now = 0;
        let mut kept: Vec<Period> = Vec::new();
        let mut ledger = Ledger(Vec::new());
        for event in events {
            match event {
                Event::Wait(days) => now += days,
                Event::Grant { by, ago, days } => {
                    let made = Period::of_new(by, day(now - ago), days.map(|d| day(now + d)), day(now));
                    prop_assert_eq!(made.is_ok(), ledger.grant(by, now, ago, days));
                    kept.extend(made.ok());
                }
                Event::Withdraw(which) => {
                    if let Some(period) = kept.get_mut(which) {
                        period.withdrawn = true;
                        ledger.0[which].clear();
                    }
                }
            }
            for (which, period) in kept.iter().enumerate() {
                for on in [now, now + 1, now + 400] {
                    prop_assert_eq!(period.standing(day(on)) == Standing::Stands, ledger.stands(which, on));
                }
            }
        }
    }

    #[test]
    fn az_14_what_is_over_never_stands_again(
        ago in 0..20i64, length in 0..40i64, later in 0..200i64, withdrawn: bool
    ) {
        let period = Period {
            granted_on: day(-ago),
            valid_until: Some(day(length)),
            withdrawn,
        };
        let now = period.standing(day(later));
        if matches!(now, Standing::Expired | Standing::Withdrawn) {
            prop_assert_eq!(period.standing(day(later + 1)), now);
        }
    }
}

fn consent() -> Consent {
    Consent {
        id: Uuid::nil(),
        granted_on: start(),
        granted_by: "patient".into(),
        proxy_name: None,
        proxy_relation: None,
        method: "paper".into(),
        note: None,
        recorded_at: DateTime::UNIX_EPOCH,
        recorded_by: Uuid::nil(),
        withdrawn_at: None,
        withdrawn_by: None,
        withdrawal_reason: None,
        facilities: None,
        profession_groups: None,
        kinds: None,
        sensitive: Vec::new(),
        separate: Vec::new(),
        valid_until: None,
    }
}

#[test]
fn a_consent_covers_what_it_names_and_without_names_everything() {
    let (here, there) = (Uuid::from_u128(1), Uuid::from_u128(2));
    assert!(consent().covers(here, "NS", "note"));
    let narrow = Consent {
        facilities: Some(vec![here]),
        profession_groups: Some(vec!["NS".into()]),
        kinds: Some(vec!["note".into()]),
        separate: vec!["FM".into()],
        ..consent()
    };
    assert!(narrow.covers(here, "NS", "note"));
    assert!(narrow.covers(here, "FM", "note"));
    assert!(!narrow.covers(there, "NS", "note"));
    assert!(!narrow.covers(here, "HH", "note"));
    assert!(!narrow.covers(here, "NS", "document"));
}
