//! Each rule, with what it speaks about and what it passes over.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use uuid::Uuid;

use super::*;

const NURSE: Uuid = Uuid::from_u128(1);
const SECOND_POST: Uuid = Uuid::from_u128(2);
const COLLEAGUE: Uuid = Uuid::from_u128(3);
const DAUGHTER: Uuid = Uuid::from_u128(4);
const PERSON: Uuid = Uuid::from_u128(11);
const OTHER_PERSON: Uuid = Uuid::from_u128(12);
const DAUGHTER_PERSON: Uuid = Uuid::from_u128(13);
const STATION: Uuid = Uuid::from_u128(21);
const OFFICE: Uuid = Uuid::from_u128(22);
const PATIENT: Uuid = Uuid::from_u128(100);

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Somebody opens the patient at noon in Japan.
fn access() -> Seen {
    Seen {
        id: Uuid::from_u128(0xE000),
        at: at("2026-11-20T03:00:00Z"),
        post: Some(NURSE),
        client: None,
        source: Some("203.0.113.7".to_owned()),
        action: "timeline.list".to_owned(),
        denied: false,
        purpose: "TREAT".to_owned(),
        ground: Some("member".to_owned()),
        patient: Some(PATIENT),
        named: Vec::new(),
        account: None,
    }
}

/// The same refused, because nothing ties the person to the patient.
fn attempt() -> Seen {
    Seen {
        denied: true,
        ground: Some("none".to_owned()),
        ..access()
    }
}

/// So many of them, some seconds apart.
fn many(seen: &Seen, count: u128, apart: TimeDelta) -> Vec<Seen> {
    (0..count)
        .map(|number| Seen {
            id: Uuid::from_u128(0xF000 + number),
            at: seen.at + apart * i32::try_from(number).unwrap(),
            ..seen.clone()
        })
        .collect()
}

fn facts() -> Facts {
    let mut facts = Facts::default();
    let person = |name: &str, kana: &str, posts: &[Uuid]| PersonFacts {
        name: name.to_owned(),
        kana: kana.to_owned(),
        home: None,
        posts: posts.to_vec(),
    };
    let nurse = person("佐藤 由美", "サトウ ユミ", &[NURSE, SECOND_POST]);
    facts.people.insert(PERSON, nurse);
    let colleague = person("高橋 理恵", "タカハシ リエ", &[COLLEAGUE]);
    facts.people.insert(OTHER_PERSON, colleague);
    let daughter = person("出雲 花子", "イズモ ハナコ", &[DAUGHTER]);
    facts.people.insert(DAUGHTER_PERSON, daughter);
    for (post, person, is_relative) in [
        (NURSE, PERSON, false),
        (SECOND_POST, PERSON, false),
        (COLLEAGUE, OTHER_PERSON, false),
        (DAUGHTER, DAUGHTER_PERSON, true),
    ] {
        let post_facts = PostFacts {
            person,
            facility: STATION,
            facility_kind: "visiting_nursing_station".to_owned(),
            is_relative,
        };
        facts.posts.insert(post, post_facts);
    }
    let patient = PatientFacts {
        name: "出雲 和子".to_owned(),
        kana: "イズモ カズコ".to_owned(),
        facility: OFFICE,
        ..PatientFacts::default()
    };
    facts.patients.insert(PATIENT, patient);
    facts
}

fn member(facts: &mut Facts, post: Uuid, starts_on: &str, ends_on: Option<&str>) {
    let membership = Membership {
        starts_on: day(starts_on),
        ends_on: ends_on.map(day),
        created_at: at("2026-01-01T00:00:00Z"),
    };
    let held = facts.memberships.entry((post, PATIENT)).or_default();
    held.push(membership);
}

fn rules_of(entries: &[Seen], facts: &Facts, rules: &FindingRules) -> Vec<Rule> {
    let found = look(entries, facts, rules);
    let all: BTreeSet<Rule> = found.0.keys().map(|key| key.rule).collect();
    all.into_iter().collect()
}

#[track_caller]
fn expect(entries: &[Seen], facts: &Facts, expected: &[Rule]) {
    assert_eq!(rules_of(entries, facts, &FindingRules::default()), expected);
}

#[test]
fn the_daily_work_of_the_team_is_passed_over() {
    let mut facts = facts();
    member(&mut facts, NURSE, "2026-01-01", None);
    expect(&[access()], &facts, &[]);
}

#[test]
fn nothing_ties_somebody_to_the_patient() {
    let facts = facts();
    expect(&[attempt()], &facts, &[Rule::NoRelation]);
    let allowed = Seen {
        denied: false,
        ..attempt()
    };
    expect(&[allowed], &facts, &[Rule::NoRelation]);
    let mut calm = FindingRules::default();
    calm.no_relation.attempts_too = false;
    assert!(rules_of(&[attempt()], &facts, &calm).is_empty());
    for (action, purpose) in [
        ("patient.create", "TREAT"),
        ("registration_card.read", "TREAT"),
        ("emergency_access.start", "ETREAT"),
        ("consents.list", "HCOMPL"),
    ] {
        let passed_over = Seen {
            action: action.to_owned(),
            purpose: purpose.to_owned(),
            ..attempt()
        };
        expect(&[passed_over], &facts, &[]);
    }
    // A patient who does not exist is nobody's.
    let guess = Seen {
        patient: None,
        ..attempt()
    };
    expect(&[guess], &facts, &[]);
}

#[test]
fn a_membership_entered_afterwards_does_not_excuse() {
    let mut facts = facts();
    member(&mut facts, NURSE, "2026-01-01", None);
    expect(&[attempt()], &facts, &[]);
    for held in facts.memberships.values_mut().flatten() {
        held.created_at = at("2026-11-20T04:00:00Z");
    }
    expect(&[attempt()], &facts, &[Rule::NoRelation]);
}

#[test]
fn another_post_of_the_same_person_ties_as_well() {
    let mut facts = facts();
    member(&mut facts, SECOND_POST, "2026-01-01", None);
    expect(&[attempt()], &facts, &[]);
}

#[test]
fn whoever_stands_in_is_tied() {
    let mut facts = facts();
    member(&mut facts, COLLEAGUE, "2026-01-01", None);
    expect(&[attempt()], &facts, &[Rule::NoRelation]);
    let stand_in = StandIn {
        absent: COLLEAGUE,
        patient: None,
        on_call: false,
        starts_at: at("2026-11-20T00:00:00Z"),
        ends_at: at("2026-11-21T00:00:00Z"),
    };
    facts.stand_ins.insert(NURSE, vec![stand_in]);
    expect(&[attempt()], &facts, &[]);
    for one in facts.stand_ins.values_mut().flatten() {
        one.patient = Some(Uuid::from_u128(101));
    }
    expect(&[attempt()], &facts, &[Rule::NoRelation]);
}

#[test]
fn a_namesake_outside_the_team_is_looked_at() {
    let mut facts = facts();
    member(&mut facts, NURSE, "2026-01-01", None);
    let patient = facts.patients.get_mut(&PATIENT).unwrap();
    patient.name = "佐藤　ハツエ".to_owned();
    patient.kana = "ｻﾄｳ ﾊﾂｴ".to_owned();
    expect(&[access()], &facts, &[]);
    let mut rules = FindingRules::default();
    rules.same_surname.on_team_too = true;
    assert_eq!(rules_of(&[access()], &facts, &rules), [Rule::SameSurname]);
    facts.memberships.clear();
    expect(&[attempt()], &facts, &[Rule::SameSurname, Rule::NoRelation]);
    rules.same_surname.ignored = vec!["佐藤".to_owned()];
    assert_eq!(rules_of(&[attempt()], &facts, &rules), [Rule::NoRelation]);
}

#[test]
fn surnames_that_only_sound_the_same_are_looked_at_if_wanted() {
    let mut facts = facts();
    let patient = facts.patients.get_mut(&PATIENT).unwrap();
    patient.name = "左藤 ハツエ".to_owned();
    patient.kana = "サトウ ハツエ".to_owned();
    expect(&[attempt()], &facts, &[Rule::SameSurname, Rule::NoRelation]);
    let mut rules = FindingRules::default();
    rules.same_surname.by_kana = false;
    assert_eq!(rules_of(&[attempt()], &facts, &rules), [Rule::NoRelation]);
    // Whoever writes no space says nothing about the surname.
    let patient = facts.patients.get_mut(&PATIENT).unwrap();
    patient.name = "佐藤ハツエ".to_owned();
    patient.kana = "サトウハツエ".to_owned();
    expect(&[attempt()], &facts, &[Rule::NoRelation]);
}

#[test]
fn variants_of_a_character_are_one_surname() {
    let mut facts = facts();
    let patient = facts.patients.get_mut(&PATIENT).unwrap();
    patient.name = "髙橋 ハツエ".to_owned();
    patient.kana = "コウキョウ ハツエ".to_owned();
    let seen = Seen {
        post: Some(COLLEAGUE),
        ..attempt()
    };
    expect(&[seen], &facts, &[Rule::SameSurname, Rule::NoRelation]);
}

#[test]
fn the_same_house_is_looked_at_on_the_team_too() {
    let mut facts = facts();
    member(&mut facts, NURSE, "2026-01-01", None);
    facts.people.get_mut(&PERSON).unwrap().home = Some([7; 32]);
    expect(&[access()], &facts, &[]);
    facts.patients.get_mut(&PATIENT).unwrap().home = Some([7; 32]);
    expect(&[access()], &facts, &[Rule::SameAddress]);
    facts.patients.get_mut(&PATIENT).unwrap().home = Some([8; 32]);
    expect(&[access()], &facts, &[]);
    // Two unknown addresses are not the same.
    facts.people.get_mut(&PERSON).unwrap().home = None;
    facts.patients.get_mut(&PATIENT).unwrap().home = None;
    expect(&[access()], &facts, &[]);
}

#[test]
fn the_own_family_is_looked_at_however_it_is_known() {
    let mut facts = facts();
    member(&mut facts, NURSE, "2026-01-01", None);
    let relative = |person, name: &str, kana: &str| Relative {
        person,
        name: name.to_owned(),
        kana: kana.to_owned(),
    };
    let mut with = |relatives: Vec<Relative>| {
        facts.patients.get_mut(&PATIENT).unwrap().relatives = relatives;
        rules_of(&[access()], &facts, &FindingRules::default())
    };
    assert_eq!(
        with(vec![relative(PERSON, "別名", "ベツメイ")]),
        [Rule::OwnFamily]
    );
    let by_name = relative(DAUGHTER_PERSON, "佐藤　由美", "さとう　ゆみ");
    assert_eq!(with(vec![by_name]), [Rule::OwnFamily]);
    let namesake = relative(DAUGHTER_PERSON, "佐藤 由美", "サトウ ヨシミ");
    assert!(with(vec![namesake]).is_empty());
    let patient = facts.patients.get_mut(&PATIENT).unwrap();
    patient.name = "佐藤 由美".to_owned();
    patient.kana = "サトウ ユミ".to_owned();
    patient.relatives.clear();
    expect(&[access()], &facts, &[Rule::OwnFamily]);
}

#[test]
fn patients_and_families_look_at_what_is_theirs() {
    let facts = facts();
    let own = Seen {
        post: Some(DAUGHTER),
        purpose: "FAMRQT".to_owned(),
        ground: Some("family".to_owned()),
        at: at("2026-11-20T18:00:00Z"),
        ..access()
    };
    expect(&[own], &facts, &[]);
}

#[test]
fn a_watched_patient_is_looked_at_while_watched() {
    let mut facts = facts();
    member(&mut facts, NURSE, "2026-01-01", None);
    let watch = |starts_on: &str, ends_on: Option<&str>, ended_at: Option<&str>| Watch {
        starts_on: day(starts_on),
        ends_on: ends_on.map(day),
        ended_at: ended_at.map(at),
    };
    let mut rules = FindingRules::default();
    rules.watched_patient.on_team_too = true;
    let mut with = |watch: Watch| {
        facts.patients.get_mut(&PATIENT).unwrap().watches = vec![watch];
        rules_of(&[access()], &facts, &rules)
    };
    assert_eq!(
        with(watch("2026-11-20", None, None)),
        [Rule::WatchedPatient]
    );
    assert_eq!(
        with(watch("2026-11-01", Some("2026-11-20"), None)),
        [Rule::WatchedPatient]
    );
    assert!(with(watch("2026-11-21", None, None)).is_empty());
    assert!(with(watch("2026-11-01", Some("2026-11-19"), None)).is_empty());
    assert!(with(watch("2026-11-01", None, Some("2026-11-20T02:00:00Z"))).is_empty());
    // The team goes on with its work.
    facts.patients.get_mut(&PATIENT).unwrap().watches = vec![watch("2026-11-01", None, None)];
    expect(&[access()], &facts, &[]);
    expect(
        &[Seen {
            post: Some(COLLEAGUE),
            ..attempt()
        }],
        &facts,
        &[Rule::WatchedPatient, Rule::NoRelation],
    );
}

#[test]
fn a_search_counts_for_those_whom_it_named() {
    let mut facts = facts();
    facts.patients.get_mut(&PATIENT).unwrap().relatives = vec![Relative {
        person: PERSON,
        name: "佐藤 由美".to_owned(),
        kana: "サトウ ユミ".to_owned(),
    }];
    let search = Seen {
        action: "emergency_access.search".to_owned(),
        ground: None,
        patient: None,
        named: vec![PATIENT],
        ..access()
    };
    expect(std::slice::from_ref(&search), &facts, &[Rule::OwnFamily]);
    let list = Seen {
        action: "patients.list".to_owned(),
        ..search
    };
    expect(&[list], &facts, &[]);
}

#[test]
fn nights_are_unusual_but_for_those_who_work_then() {
    let mut facts = facts();
    member(&mut facts, NURSE, "2026-01-01", None);
    let seen = |text: &str| Seen {
        at: at(text),
        ..access()
    };
    // 22:00, 4:59 and 5:00 in Japan.
    expect(
        &[seen("2026-11-20T13:00:00Z")],
        &facts,
        &[Rule::UnusualHour],
    );
    expect(
        &[seen("2026-11-20T19:59:59Z")],
        &facts,
        &[Rule::UnusualHour],
    );
    expect(&[seen("2026-11-20T20:00:00Z")], &facts, &[]);
    let on_call = StandIn {
        absent: COLLEAGUE,
        patient: None,
        on_call: true,
        starts_at: at("2026-11-20T12:00:00Z"),
        ends_at: at("2026-11-20T22:00:00Z"),
    };
    facts.stand_ins.insert(SECOND_POST, vec![on_call]);
    expect(&[seen("2026-11-20T13:00:00Z")], &facts, &[]);
    facts.stand_ins.clear();
    facts.posts.get_mut(&NURSE).unwrap().facility_kind = "hospital".to_owned();
    expect(&[seen("2026-11-20T13:00:00Z")], &facts, &[]);
    let mut rules = FindingRules::default();
    rules.unusual_hour.from_hour = 9;
    rules.unusual_hour.until_hour = 17;
    rules.unusual_hour.around_the_clock.clear();
    assert_eq!(rules_of(&[access()], &facts, &rules), [Rule::UnusualHour]);
    assert!(rules_of(&[seen("2026-11-20T13:00:00Z")], &facts, &rules).is_empty());
}

#[test]
fn many_patients_within_an_hour_are_many() {
    let mut facts = facts();
    let mut round = Vec::new();
    for (number, seen) in (0_u128..).zip(many(&access(), 21, TimeDelta::minutes(2))) {
        let patient = Uuid::from_u128(1000 + number);
        let known = facts.patients[&PATIENT].clone();
        facts.patients.insert(patient, known);
        round.push(Seen {
            patient: Some(patient),
            ..seen
        });
    }
    expect(&round, &facts, &[Rule::ManyPatients]);
    expect(&round[..20], &facts, &[]);
    let found = look(&round, &facts, &FindingRules::default());
    assert_eq!(found.0.values().next().unwrap().entries.len(), 21);
    // The same ones again and again are not many.
    let same: Vec<Seen> = round
        .iter()
        .map(|seen| Seen {
            patient: Some(PATIENT),
            ..seen.clone()
        })
        .collect();
    expect(&same, &facts, &[]);
    // Slower is usual.
    let slow: Vec<Seen> = (0..)
        .zip(&round)
        .map(|(number, seen)| Seen {
            at: access().at + TimeDelta::minutes(3) * number,
            ..seen.clone()
        })
        .collect();
    expect(&slow, &facts, &[]);
}

#[test]
fn a_burst_over_midnight_is_about_both_days() {
    let mut facts = facts();
    let mut round = Vec::new();
    let late = Seen {
        at: at("2026-11-20T14:40:00Z"),
        ..access()
    };
    for (number, seen) in (0_u128..).zip(many(&late, 30, TimeDelta::minutes(1))) {
        let patient = Uuid::from_u128(1000 + number);
        let known = facts.patients[&PATIENT].clone();
        facts.patients.insert(patient, known);
        round.push(Seen {
            patient: Some(patient),
            ..seen
        });
    }
    let mut rules = FindingRules::default();
    rules.unusual_hour.enabled = false;
    let found = look(&round, &facts, &rules);
    let days: Vec<_> = found.0.keys().map(|key| key.day.to_string()).collect();
    assert_eq!(days, ["2026-11-20", "2026-11-21"]);
}

#[test]
fn whoever_left_the_team_is_looked_at_after_a_day_of_grace() {
    let mut facts = facts();
    member(&mut facts, NURSE, "2026-01-01", Some("2026-11-18"));
    expect(&[attempt()], &facts, &[Rule::AfterMembership]);
    facts.memberships.clear();
    member(&mut facts, NURSE, "2026-01-01", Some("2026-11-19"));
    expect(&[attempt()], &facts, &[]);
    let mut strict = FindingRules::default();
    strict.after_membership.grace_days = 0;
    assert_eq!(
        rules_of(&[attempt()], &facts, &strict),
        [Rule::AfterMembership]
    );
    strict.after_membership.enabled = false;
    assert_eq!(rules_of(&[attempt()], &facts, &strict), [Rule::NoRelation]);
    // Whoever came back is on the team.
    member(&mut facts, SECOND_POST, "2026-11-20", None);
    expect(&[attempt()], &facts, &[]);
}

#[test]
fn consent_that_ended_ends_the_tie() {
    let mut facts = facts();
    member(&mut facts, NURSE, "2026-01-01", None);
    let consent = Consent {
        granted_on: day("2026-01-01"),
        valid_until: None,
        withdrawn_at: Some(at("2026-11-10T03:00:00Z")),
    };
    facts.patients.get_mut(&PATIENT).unwrap().consents = vec![consent];
    let refused = Seen {
        denied: true,
        ..access()
    };
    expect(
        std::slice::from_ref(&refused),
        &facts,
        &[Rule::AfterMembership],
    );
    // Reading what the own facility recorded is allowed.
    expect(&[access()], &facts, &[]);
    facts.patients.get_mut(&PATIENT).unwrap().facility = STATION;
    expect(std::slice::from_ref(&refused), &facts, &[]);
    facts.patients.get_mut(&PATIENT).unwrap().facility = OFFICE;
    let stands = Consent {
        withdrawn_at: None,
        ..consent
    };
    let patient = facts.patients.get_mut(&PATIENT).unwrap();
    patient.consents.push(stands);
    expect(&[refused], &facts, &[]);
}

#[test]
fn refusals_that_repeat_are_looked_at() {
    let facts = facts();
    let unknown = Seen {
        patient: None,
        ..attempt()
    };
    let ten = many(&unknown, 10, TimeDelta::seconds(30));
    expect(&ten, &facts, &[Rule::RepeatedDenials]);
    expect(&ten[..9], &facts, &[]);
    expect(&many(&unknown, 10, TimeDelta::minutes(2)), &facts, &[]);
    // An app that goes on with a session that has ended is no attempt.
    let ended = Seen {
        action: "session.use".to_owned(),
        ..unknown.clone()
    };
    expect(&many(&ended, 10, TimeDelta::seconds(1)), &facts, &[]);
    let system = Seen {
        post: None,
        client: Some(Uuid::from_u128(500)),
        ..unknown
    };
    let found = look(
        &many(&system, 10, TimeDelta::seconds(1)),
        &facts,
        &FindingRules::default(),
    );
    let (key, marks) = found.0.first_key_value().unwrap();
    assert_eq!(key.client, Some(Uuid::from_u128(500)));
    assert_eq!(marks.reasons, BTreeSet::from(["system"]));
}

#[test]
fn guessing_is_told_of_once() {
    let facts = facts();
    let failure = |account: Option<u128>, source: &str| Seen {
        post: None,
        patient: None,
        action: "session.create".to_owned(),
        account: account.map(Uuid::from_u128),
        source: Some(source.to_owned()),
        ..attempt()
    };
    let subjects = |entries: &[Seen]| -> Vec<String> {
        let found = look(entries, &facts, &FindingRules::default());
        let subject = |key: &Key| match (&key.account, &key.source) {
            (Some(_), _) => "account".to_owned(),
            (_, Some(source)) => source.clone(),
            _ => panic!("{key:?}"),
        };
        found.0.keys().map(subject).collect()
    };
    let apart = TimeDelta::minutes(1);
    // One address at one account: the account tells of it.
    let one = many(&failure(Some(900), "203.0.113.9"), 5, apart);
    assert_eq!(subjects(&one), ["account"]);
    assert!(subjects(&one[..4]).is_empty());
    // Many addresses at one account.
    let from_everywhere: Vec<Seen> = (0..)
        .zip(&one)
        .map(|(number, seen): (u8, _)| Seen {
            source: Some(format!("203.0.113.{number}")),
            ..seen.clone()
        })
        .collect();
    assert_eq!(subjects(&from_everywhere), ["account"]);
    // One address at many accounts, and at names that do not exist.
    let at_everybody: Vec<Seen> = (900..)
        .zip(&one)
        .map(|(number, seen)| Seen {
            account: Some(Uuid::from_u128(number)),
            ..seen.clone()
        })
        .collect();
    assert_eq!(subjects(&at_everybody), ["203.0.113.9"]);
    let nobody = many(&failure(None, "203.0.113.9"), 5, apart);
    assert_eq!(subjects(&nobody), ["203.0.113.9"]);
}

#[test]
fn the_same_is_known_by_the_same_id() {
    let network = Uuid::from_u128(1);
    let key = Key {
        person: Some(PERSON),
        ..Key::on(Rule::NoRelation, day("2026-11-20"))
    };
    assert_eq!(key.id(network), key.clone().id(network));
    let others = [
        key.id(Uuid::from_u128(2)),
        Key {
            rule: Rule::OwnFamily,
            ..key.clone()
        }
        .id(network),
        Key {
            day: day("2026-11-21"),
            ..key.clone()
        }
        .id(network),
        Key {
            person: None,
            patient: Some(PERSON),
            ..key.clone()
        }
        .id(network),
        Key {
            person: Some(OTHER_PERSON),
            ..key.clone()
        }
        .id(network),
        Key {
            source: Some(String::new()),
            ..key.clone()
        }
        .id(network),
    ];
    let distinct: BTreeSet<Uuid> = others.into_iter().chain([key.id(network)]).collect();
    assert_eq!(distinct.len(), 7);
    assert_eq!(key.id(network).get_version_num(), 8);
}

#[test]
fn usual_rules_are_within_their_own_limits() {
    let mut errors = Vec::new();
    FindingRules::default().check(&mut errors);
    assert!(errors.is_empty(), "{errors:?}");
    let mut wrong = FindingRules::default();
    wrong.unusual_hour.from_hour = 24;
    wrong.many_patients.patients = 0;
    wrong.same_surname.ignored = vec![String::new()];
    wrong.check(&mut errors);
    let fields: Vec<_> = errors.iter().map(|error| error.field.as_str()).collect();
    let expected = [
        "rules.unusual_hour.from_hour",
        "rules.many_patients.patients",
        "rules.same_surname.ignored",
    ];
    assert_eq!(fields, expected);
    let read: FindingRules = serde_json::from_str("{}").unwrap();
    assert_eq!(read, FindingRules::default());
    for rule in Rule::ALL {
        assert_eq!(Rule::parse(rule.code()), Some(rule));
        assert_eq!(serde_json::to_value(rule).unwrap(), rule.code());
    }
}
