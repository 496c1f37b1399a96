//! The rules of access, asked everything that can be told apart, held against reviewed sheets.
//!
//! `decision-matrix.txt` says for one profession of each column of the matrix who may do what on which ground;
//! `access-matrix.txt` says for every profession what it may do with every kind of information. Both are compared by
//! equality, and nothing accepts a change but changing the sheet by hand.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
};

use tsumugi_server::spine::{
    access::{
        Asker, Cover, Engine, Ground, Narrowing, PostFacts, Purpose, Question, Resource, SENSITIVE,
        Standing, action_group, scope_for,
    },
    auth::{Actor, Role},
    professions,
};

use crate::support::questions::{
    NETWORK, OTHER_FACILITY, OTHER_NETWORK, PLAIN, SOMEBODY_ELSE, THING, actions, asker, askers,
    grounds, person, posts, questions, resources, usual,
};

#[test]
fn the_groups_of_acts_are_those_of_the_schema() {
    for action in actions() {
        assert_eq!(
            action_group(&action.name),
            action.group.as_deref(),
            "{}",
            action.name
        );
    }
}

#[test]
fn az_05_a_list_holds_exactly_what_could_be_opened_one_by_one() {
    let engine = Engine::new().unwrap();
    let mut readable = 0;
    for (who, asker) in askers() {
        let Asker::Person { role, standing, .. } = &asker else {
            continue;
        };
        let actor = Actor::Person(person(*role, standing.clone()));
        for (on, ground, purpose) in grounds() {
            let purpose = purpose.unwrap_or_else(|| usual(&asker));
            let scope = scope_for(&engine, &actor, NETWORK, ground, purpose);
            for (what, resource) in posts() {
                let Resource::Post(post) = &resource else {
                    panic!("{what} is no post")
                };
                let class = (&*post.channel, &*post.kind, post.sensitivity.as_deref());
                let opened = engine.decide(&Question {
                    asker: asker.clone(),
                    tenant: NETWORK,
                    action: "post.read".to_owned(),
                    resource: resource.clone(),
                    ground: Some(ground),
                    purpose,
                });
                assert_eq!(
                    scope.covers_post(class, post.facility, post.recipient),
                    opened.allowed,
                    "{who} {on} {what}"
                );
                readable += usize::from(opened.allowed);
            }
        }
    }
    assert!(readable > 100);
}

#[test]
fn az_04_rules_about_other_acts_change_no_answer() {
    let engine = Engine::new().unwrap();
    let every = Engine::new().unwrap().looking_at_every_rule();
    for network in [NETWORK, OTHER_NETWORK] {
        // Every fifth: all of them take minutes, and what stands beside a question falls under the same rules.
        for asked in questions(&askers(), network).into_iter().step_by(5) {
            let (one, other) = (
                engine.decide(&asked.question),
                every.decide(&asked.question),
            );
            assert_eq!(one, other, "{:?}", asked.question);
        }
    }
}

#[test]
fn az_08_nothing_of_another_network_is_allowed_to_anybody() {
    let engine = Engine::new().unwrap();
    let asked = questions(&askers(), OTHER_NETWORK);
    assert!(asked.len() > 10_000);
    let allowed: Vec<String> = asked
        .into_iter()
        .filter(|asked| engine.decide(&asked.question).allowed)
        .map(|asked| format!("{} {}", asked.who, asked.question.action))
        .collect();
    assert_eq!(allowed, [""; 0]);
}

#[test]
fn az_19_what_cannot_be_asked_is_refused() {
    let engine = Engine::new().unwrap();
    let (_, full, _) = grounds().swap_remove(5);
    let good = Question {
        asker: asker(Role::Staff, Standing::of("nurse")),
        tenant: NETWORK,
        action: "patient.read".to_owned(),
        resource: Resource::patient(THING),
        ground: Some(full),
        purpose: Purpose::Treatment,
    };
    assert!(engine.decide(&good).allowed);
    for unknown in [
        "patient.reads",
        "patient",
        "",
        "*",
        "Patient.read",
        "patient.read\"",
        "read",
    ] {
        let question = Question {
            action: unknown.to_owned(),
            ..good.clone()
        };
        assert!(!engine.decide(&question).allowed, "{unknown:?}");
    }
    for unknown in ["", "Nurse", "nurse ", "surgeon"] {
        for asked in questions(
            &[(
                unknown.to_owned(),
                asker(Role::Staff, Standing::of(unknown)),
            )],
            NETWORK,
        ) {
            assert!(
                !engine.decide(&asked.question).allowed,
                "{unknown:?} {}",
                asked.question.action
            );
        }
    }
    // A kind, a channel or a subject that nobody knows is nobody's.
    let strange = |kind: &str, channel: &str| {
        Resource::Post(PostFacts {
            id: THING,
            kind: kind.to_owned(),
            channel: channel.to_owned(),
            sensitivity: Some("gossip".to_owned()),
            author: SOMEBODY_ELSE,
            facility: OTHER_FACILITY,
            recipient: true,
            on_behalf_of: None,
        })
    };
    for resource in [
        strange("notes", "team"),
        strange("note", "everybody"),
        strange("note", "sensitive"),
        strange("note", "Named"),
        Resource::Record {
            kind: "secrets".to_owned(),
            facility: OTHER_FACILITY,
        },
    ] {
        let action = if matches!(resource, Resource::Post(_)) {
            "post.read"
        } else {
            "record.read"
        };
        let question = Question {
            action: action.to_owned(),
            resource,
            ..good.clone()
        };
        assert!(!engine.decide(&question).allowed, "{:?}", question.resource);
    }
    for (who, asker) in askers() {
        for action in actions().into_iter().filter(|action| action.needs_ground) {
            for (what, resource) in resources(&action.resource) {
                let question = Question {
                    asker: asker.clone(),
                    action: action.name.clone(),
                    resource,
                    ground: None,
                    ..good.clone()
                };
                assert!(
                    !engine.decide(&question).allowed,
                    "{who} {} {what} without a ground",
                    action.name
                );
            }
        }
    }
}

#[test]
fn az_19_a_rule_that_fails_refuses() {
    let poisoned = format!(
        "{}\n@id(\"poison\") @reason_ja(\"ど\") @reason_en(\"p\") forbid (principal is Account, action, resource) when {{ context has ground && 9223372036854775807 + 1 == 0 }};",
        tsumugi_schema::POLICIES
    );
    let engine = Engine::with_rules(&poisoned).unwrap();
    let (_, full, _) = grounds().swap_remove(5);
    let question = Question {
        asker: asker(Role::Staff, Standing::of("nurse")),
        tenant: NETWORK,
        action: "patient.read".to_owned(),
        resource: Resource::patient(THING),
        ground: Some(full),
        purpose: Purpose::Treatment,
    };
    assert!(Engine::new().unwrap().decide(&question).allowed);
    assert!(!engine.decide(&question).allowed);
}

#[test]
fn every_rule_has_an_id_and_a_reason_in_both_languages() {
    let engine = Engine::new().unwrap();
    let written = statements().len();
    let ids: BTreeSet<&str> = engine.rules().map(|rule| rule.id.as_str()).collect();
    assert_eq!(ids.len(), written);
    for rule in engine.rules() {
        assert!(
            rule.id.len() > 3 && rule.id.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'),
            "{}",
            rule.id
        );
        assert!(
            rule.reason_ja.chars().any(|c| ('ぁ'..='ん').contains(&c)),
            "{}",
            rule.id
        );
        assert!(
            rule.reason_en.is_ascii() && rule.reason_en.contains(' '),
            "{}",
            rule.id
        );
    }
}

/// The rules, one text each.
fn statements() -> Vec<&'static str> {
    tsumugi_schema::POLICIES.split("@id(").skip(1).collect()
}

/// Without any one rule the sheets would not be what they are: the rule changes the answer to a question of the sheet.
#[test]
fn az_04_every_rule_decides_something_alone() {
    let whole = Engine::new().unwrap();
    let mut by_rule: BTreeMap<String, Vec<Question>> = BTreeMap::new();
    let other: Vec<_> = askers().into_iter().take(4).collect();
    let asked = questions(&askers(), NETWORK)
        .into_iter()
        .chain(questions(&other, OTHER_NETWORK));
    for asked in asked {
        let decision = whole.decide(&asked.question);
        for rule in decision.rules {
            by_rule
                .entry(rule)
                .or_default()
                .push(asked.question.clone());
        }
    }
    let head = tsumugi_schema::POLICIES.split("@id(").next().unwrap();
    let statements = statements();
    let mut idle = Vec::new();
    for (at, statement) in statements.iter().enumerate() {
        let id = statement.trim_start_matches('"').split('"').next().unwrap();
        let rest = statements
            .iter()
            .enumerate()
            .filter(|(place, _)| *place != at)
            .map(|(_, text)| format!("@id({text}"));
        let text: String = std::iter::once(head.to_owned()).chain(rest).collect();
        let without = Engine::with_rules(&text).unwrap();
        let questions = by_rule.remove(id).unwrap_or_default();
        let changes = |question: &Question| {
            whole.decide(question).allowed != without.decide(question).allowed
        };
        if !questions.iter().any(changes) {
            idle.push(id.to_owned());
        }
    }
    assert_eq!(
        idle, [""; 0],
        "rules that change nothing when they are removed"
    );
}

/// Everything that is allowed, in a form that people can read; what is not there is refused.
fn decision_sheet(engine: &Engine) -> String {
    let mut order: Vec<String> = Vec::new();
    // Who, act and rules, grounds: what.
    let mut lines: BTreeMap<(String, String, String), BTreeMap<String, Vec<&'static str>>> =
        BTreeMap::new();
    for asked in questions(&askers(), NETWORK) {
        if !order.contains(&asked.who) {
            order.push(asked.who.clone());
        }
        let decision = engine.decide(&asked.question);
        if decision.allowed {
            lines
                .entry((asked.who, asked.question.action, decision.rules.join(" ")))
                .or_default()
                .entry(asked.what)
                .or_default()
                .push(asked.on);
        }
    }
    let mut text = String::from(
        "# Who may do what on which ground, by which rule. What is not here is refused. Posts: mine, of the own facility,\n\
         # of another facility. See access-matrix.txt for all professions and kinds of information.\n",
    );
    for who in order {
        writeln!(text, "{who}").unwrap();
        for ((_, action, rules), whats) in lines.iter().filter(|((of, ..), _)| *of == who) {
            let mut grouped: BTreeMap<String, Vec<String>> = BTreeMap::new();
            for (what, on) in whats {
                grouped.entry(on.join(" ")).or_default().push(what.clone());
            }
            for (on, whats) in grouped {
                writeln!(text, "    {action} {} | {on} | {rules}", whats.join(" ")).unwrap();
            }
        }
    }
    text
}

/// What every profession may do with every kind of information, by relation.
fn access_sheet(engine: &Engine) -> String {
    let mut text = String::from(
        "# What every profession may do with every kind of information: R read, r summary only, W write, S sign.\n\
         # relation/consent: plain, with a word of its own for the group (separate). What is not here is refused.\n",
    );
    let relations: [(&str, Ground, Option<Purpose>); 8] = {
        let all: BTreeMap<&str, _> = grounds()
            .into_iter()
            .map(|(name, ground, purpose)| (name, (ground, purpose)))
            .collect();
        [
            "nothing",
            "consent",
            "member",
            "member+consent",
            "member+separate",
            "substitute+consent",
            "emergency+ETREAT",
            "family+separate",
        ]
        .map(|name| (name, all[name].0, all[name].1))
    };
    for profession in professions::all() {
        let role = match profession.code.as_str() {
            "patient" => Role::Patient,
            "family" => Role::Family,
            "administrator" => Role::NetworkAdministrator,
            "auditor" => Role::Auditor,
            "support" => Role::Support,
            _ => Role::Staff,
        };
        let asker = asker(role, Standing::of(&profession.code));
        writeln!(text, "{} {}", profession.code, profession.ja).unwrap();
        for (relation, ground, purpose) in relations {
            let ground = if role == Role::Patient && ground.family {
                Ground {
                    patient: true,
                    family: false,
                    ..ground
                }
            } else {
                ground
            };
            let mut cells = Vec::new();
            for kind in professions::kinds() {
                let may = |action: &str| {
                    let resource = Resource::Record {
                        kind: kind.code.clone(),
                        facility: OTHER_FACILITY,
                    };
                    engine
                        .decide(&Question {
                            asker: asker.clone(),
                            tenant: NETWORK,
                            action: action.to_owned(),
                            resource,
                            ground: Some(ground),
                            purpose: purpose.unwrap_or_else(|| usual(&asker)),
                        })
                        .allowed
                };
                let letters: String = [
                    (may("record.read"), 'R'),
                    (!may("record.read") && may("record.summary"), 'r'),
                    (may("record.write"), 'W'),
                    (may("record.sign"), 'S'),
                ]
                .into_iter()
                .filter_map(|(yes, letter)| yes.then_some(letter))
                .collect();
                if !letters.is_empty() {
                    cells.push(format!("{}:{letters}", kind.code));
                }
            }
            if !cells.is_empty() {
                writeln!(text, "    {relation:<20} {}", cells.join(" ")).unwrap();
            }
        }
    }
    text
}

#[track_caller]
fn is_the_sheet(found: &str, written: &str, name: &str) {
    if found != written {
        let file = std::env::temp_dir().join(name);
        std::fs::write(&file, found).unwrap();
        let first = found.lines().zip(written.lines()).find(|(a, b)| a != b);
        panic!(
            "{name} is not what the rules say: {first:?}; the whole is in {}",
            file.display()
        );
    }
}

#[test]
fn az_04_everything_that_is_allowed_is_written_down() {
    let found = decision_sheet(&Engine::new().unwrap());
    is_the_sheet(
        &found,
        include_str!("decision-matrix.txt"),
        "decision-matrix.txt",
    );
}

#[test]
fn az_04_every_profession_and_kind_of_information_is_written_down() {
    let found = access_sheet(&Engine::new().unwrap());
    is_the_sheet(
        &found,
        include_str!("access-matrix.txt"),
        "access-matrix.txt",
    );
}

/// Whatever a network takes away, nobody gains by it.
#[test]
fn az_04_a_network_can_only_narrow() {
    let engine = Engine::new().unwrap();
    let standing = |narrowing| Standing {
        narrowing,
        ..Standing::of("nurse")
    };
    let plain = [(
        "nurse".to_owned(),
        asker(Role::Staff, standing(Narrowing::default())),
    )];
    for bits in [1_u32, 2, 8, 0x155, 0x2aa, u32::MAX] {
        for narrowing in [
            Narrowing {
                read: bits,
                write: 0,
            },
            Narrowing {
                read: 0,
                write: bits,
            },
            Narrowing {
                read: bits,
                write: !bits,
            },
        ] {
            for asked in questions(&plain, NETWORK) {
                let narrowed = Question {
                    asker: asker(Role::Staff, standing(narrowing)),
                    ..asked.question.clone()
                };
                assert!(
                    !engine.decide(&narrowed).allowed || engine.decide(&asked.question).allowed,
                    "{narrowing:?} {} {}",
                    asked.question.action,
                    asked.what
                );
            }
        }
    }
}

/// A question survives the access log, and so does its answer.
#[test]
fn a_question_of_the_log_is_answered_the_same_again() {
    let engine = Engine::new().unwrap();
    for asked in questions(&askers(), NETWORK)
        .into_iter()
        .step_by(3)
        .take(10_000)
    {
        let kept = serde_json::to_string(&asked.question).unwrap();
        let again: Question = serde_json::from_str(&kept).unwrap();
        assert_eq!(
            engine.decide(&again),
            engine.decide(&asked.question),
            "{kept}"
        );
    }
}

#[test]
fn sensitive_subjects_are_told_apart() {
    let engine = Engine::new().unwrap();
    let asker = asker(Role::Staff, Standing::of("nurse"));
    for (place, named) in SENSITIVE.iter().enumerate() {
        let ground = Ground {
            member: true,
            cover: Cover {
                sensitive: 1 << place,
                ..PLAIN
            },
            ..Ground::default()
        };
        for subject in SENSITIVE {
            let post = PostFacts {
                id: THING,
                kind: "note".to_owned(),
                channel: "sensitive".to_owned(),
                sensitivity: Some(subject.to_owned()),
                author: SOMEBODY_ELSE,
                facility: OTHER_FACILITY,
                recipient: false,
                on_behalf_of: None,
            };
            let question = Question {
                asker: asker.clone(),
                tenant: NETWORK,
                action: "post.read".to_owned(),
                resource: Resource::Post(post),
                ground: Some(ground),
                purpose: Purpose::Treatment,
            };
            assert_eq!(
                engine.decide(&question).allowed,
                subject == *named,
                "{subject} with {named}"
            );
        }
    }
}
