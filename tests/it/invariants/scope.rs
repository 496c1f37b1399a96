//! The access rules themselves, asked without a database: what a list may hold is what may be opened one by one, what
//! cannot be asked is refused, and the whole of what is allowed is written down in `decision-matrix.txt`.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
};

use tsumugi_server::spine::{
    access::{CHANNELS, Decision, Engine, Ground, KINDS, PostFacts, Resource, scope_for},
    auth::{Actor, Person, Role, System},
    professions,
};
use uuid::Uuid;

const NETWORK: Uuid = Uuid::from_u128(1);
const OTHER_NETWORK: Uuid = Uuid::from_u128(2);
const STAFF_MEMBER: Uuid = Uuid::from_u128(3);
const SOMEBODY_ELSE: Uuid = Uuid::from_u128(4);
const FACILITY: Uuid = Uuid::from_u128(5);
const OTHER_FACILITY: Uuid = Uuid::from_u128(6);
const THING: Uuid = Uuid::from_u128(7);
const ACCOUNT: Uuid = Uuid::from_u128(8);
const ROLES: [Role; 3] = [Role::Staff, Role::NetworkAdministrator, Role::Auditor];

fn person(profession: &str, role: Role) -> Actor {
    Actor::Person(Person {
        tenant_id: NETWORK,
        account_id: ACCOUNT,
        session_id: THING,
        person_id: STAFF_MEMBER,
        staff_member_id: STAFF_MEMBER,
        facility_id: FACILITY,
        profession: profession.to_owned(),
        role,
        authenticated_at: chrono::DateTime::UNIX_EPOCH,
        device_id: None,
        via: None,
    })
}

fn system() -> Actor {
    Actor::System(System {
        tenant_id: NETWORK,
        client_id: ACCOUNT,
        facility_id: FACILITY,
    })
}

/// Everybody that there can be, with a name for the matrix.
fn actors() -> Vec<(String, Actor)> {
    let mut found = vec![
        ("nobody".to_owned(), Actor::Anonymous),
        ("the worker".to_owned(), Actor::Worker),
        ("a system".to_owned(), system()),
    ];
    for role in ROLES {
        for profession in professions::all() {
            found.push((
                format!("{} {}", role.code(), profession.code),
                person(&profession.code, role),
            ));
        }
    }
    found
}

/// Two that may much: enough to see that a rule holds for another network.
fn powerful() -> Vec<(String, Actor)> {
    let named = |name: &String| ["a system", "staff nurse"].contains(&name.as_str());
    actors()
        .into_iter()
        .filter(|(name, _)| named(name))
        .collect()
}

/// Every ground, in the order of the matrix.
fn grounds() -> Vec<Ground> {
    let bits = [false, true];
    let mut found = Vec::new();
    for member in bits {
        for consented in bits {
            found.extend(bits.map(|registered| Ground {
                member,
                consented,
                registered,
            }));
        }
    }
    found
}

/// `m` on the team, `c` consented, `r` registered with the facility.
fn letters(ground: Ground) -> String {
    let pairs = [
        (ground.member, 'm'),
        (ground.consented, 'c'),
        (ground.registered, 'r'),
    ];
    pairs
        .iter()
        .map(|(there, letter)| if *there { *letter } else { '-' })
        .collect()
}

/// An action of the rules' schema, with what it is done to and whether it needs a ground.
#[derive(Debug)]
struct Action {
    name: String,
    resource: String,
    needs_ground: bool,
}

/// Every action that the schema of the rules declares.
fn actions() -> Vec<Action> {
    let text: String = tsumugi_schema::POLICY_SCHEMA
        .lines()
        .map(|line| line.split("//").next().unwrap())
        .collect();
    let declared = text
        .split("action ")
        .skip(1)
        .filter_map(|part| part.split_once("appliesTo"));
    let mut found = Vec::new();
    for (names, applies) in declared {
        let applies = applies.split(';').next().unwrap();
        let (_, resource) = applies.split_once("resource:").unwrap();
        let resource = resource.split(',').next().unwrap().trim().to_owned();
        let needs_ground = applies.contains("ground: Ground");
        let action = |name: &str| Action {
            name: name.to_owned(),
            resource: resource.clone(),
            needs_ground,
        };
        found.extend(names.split('"').skip(1).step_by(2).map(action));
    }
    assert_eq!(
        found.len(),
        tsumugi_schema::POLICY_SCHEMA.matches('"').count() / 2
    );
    found
}

/// Everything of a type that the rules can tell apart, with a name for the matrix.
fn resources(kind: &str) -> Vec<(String, Resource<'static>)> {
    match kind {
        "Network" => vec![(String::new(), Resource::Network)],
        "Patient" => vec![(String::new(), Resource::Patient(THING))],
        "IncomingDocument" => vec![
            (
                "of the own facility".to_owned(),
                Resource::IncomingDocument(FACILITY),
            ),
            (
                "of another facility".to_owned(),
                Resource::IncomingDocument(OTHER_FACILITY),
            ),
        ],
        "Post" => {
            let mut found = Vec::new();
            for channel in CHANNELS {
                for kind in KINDS {
                    for (whose, author) in [("own", STAFF_MEMBER), ("other", SOMEBODY_ELSE)] {
                        let post = PostFacts {
                            id: THING,
                            kind,
                            channel,
                            author,
                        };
                        found.push((format!("{channel}/{kind}/{whose}"), Resource::Post(post)));
                    }
                }
            }
            found
        }
        other => panic!("the matrix does not know what a {other} is"),
    }
}

/// One question to the rules and their answer.
struct Asked {
    actor: String,
    action: String,
    ground: Option<Ground>,
    resource: String,
    decision: Decision,
}

/// Asks everything that `actors` can ask about things of `network`.
fn ask_everything(engine: &Engine, actors: &[(String, Actor)], network: Uuid) -> Vec<Asked> {
    let mut found = Vec::new();
    for (actor_name, actor) in actors {
        for action in actions() {
            let grounds: Vec<Option<Ground>> = if action.needs_ground {
                grounds().into_iter().map(Some).collect()
            } else {
                vec![None]
            };
            for (resource_name, resource) in resources(&action.resource) {
                for ground in &grounds {
                    found.push(Asked {
                        actor: actor_name.clone(),
                        action: action.name.clone(),
                        ground: *ground,
                        resource: resource_name.clone(),
                        decision: engine.decide(actor, network, &action.name, &resource, *ground),
                    });
                }
            }
        }
    }
    found
}

#[test]
fn a_list_holds_exactly_what_could_be_opened_one_by_one() {
    let engine = Engine::new().unwrap();
    let mut readable = 0;
    for (name, actor) in actors() {
        for ground in grounds() {
            let scope = scope_for(&engine, &actor, NETWORK, ground);
            for (what, resource) in resources("Post") {
                let Resource::Post(post) = resource else {
                    panic!("{what} is no post")
                };
                let opened = engine
                    .decide(&actor, NETWORK, "post.read", &resource, Some(ground))
                    .allowed;
                let context = format!("{name} {} {what}", letters(ground));
                assert_eq!(scope.covers(post.kind, post.channel), opened, "{context}");
                assert_eq!(
                    scope.kinds(post.channel).contains(&post.kind),
                    opened,
                    "{context}"
                );
                readable += usize::from(opened);
            }
        }
    }
    assert!(readable > 0);
}

#[test]
fn nothing_of_another_network_is_allowed_to_anybody() {
    let engine = Engine::new().unwrap();
    let asked = ask_everything(&engine, &actors(), OTHER_NETWORK);
    let own = engine.decide(
        &system(),
        NETWORK,
        "document.receive",
        &Resource::Network,
        None,
    );
    assert!(own.allowed && asked.len() > 10_000);
    let allowed = asked.iter().filter(|asked| asked.decision.allowed);
    let allowed: Vec<String> = allowed
        .map(|asked| format!("{} {}", asked.actor, asked.action))
        .collect();
    assert_eq!(allowed, [""; 0]);
}

#[test]
fn what_cannot_be_asked_is_refused() {
    let engine = Engine::new().unwrap();
    let good = Some(Ground {
        member: true,
        consented: true,
        registered: true,
    });
    let nurse = person("nurse", Role::Staff);
    assert!(
        engine
            .decide(
                &nurse,
                NETWORK,
                "patient.read",
                &Resource::Patient(THING),
                good
            )
            .allowed
    );
    for unknown in [
        "patient.reads",
        "patient",
        "",
        "*",
        "Patient.read",
        "patient.read\"",
    ] {
        assert!(
            !engine
                .decide(&nurse, NETWORK, unknown, &Resource::Patient(THING), good)
                .allowed,
            "{unknown:?}"
        );
    }
    for unknown in ["", "Nurse", "nurse ", "surgeon"] {
        for action in actions() {
            for (what, resource) in resources(&action.resource) {
                let decision = engine.decide(
                    &person(unknown, Role::Staff),
                    NETWORK,
                    &action.name,
                    &resource,
                    good,
                );
                assert!(!decision.allowed, "{unknown:?} {} {what}", action.name);
            }
        }
    }
    for (name, actor) in actors() {
        for action in actions() {
            let others = ["Network", "Patient", "Post", "IncomingDocument"].into_iter();
            for resource in others
                .filter(|kind| *kind != action.resource)
                .flat_map(resources)
            {
                let decision = engine.decide(&actor, NETWORK, &action.name, &resource.1, good);
                assert!(!decision.allowed, "{name} {} {:?}", action.name, resource.1);
            }
            for (what, resource) in resources(&action.resource)
                .into_iter()
                .filter(|_| action.needs_ground)
            {
                let decision = engine.decide(&actor, NETWORK, &action.name, &resource, None);
                assert!(
                    !decision.allowed,
                    "{name} {} {what} without a ground",
                    action.name
                );
            }
        }
    }
}

#[test]
fn every_rule_has_an_id_and_a_reason_in_both_languages() {
    let engine = Engine::new().unwrap();
    let statement = |line: &&str| line.starts_with("permit") || line.starts_with("forbid");
    let written = tsumugi_schema::POLICIES.lines().filter(statement).count();
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
            "{}: {}",
            rule.id,
            rule.reason_ja
        );
        assert!(
            rule.reason_en.is_ascii() && rule.reason_en.contains(' '),
            "{}: {}",
            rule.id,
            rule.reason_en
        );
    }
}

/// A rule that permits is the only one that allows something; a rule that forbids is the only one that refuses what is
/// allowed as soon as what it asks for is there. So none can go without a change of the matrix.
#[test]
fn every_rule_decides_something_alone() {
    let engine = Engine::new().unwrap();
    let (own, other) = (
        ask_everything(&engine, &actors(), NETWORK),
        ask_everything(&engine, &powerful(), OTHER_NETWORK),
    );
    let key = |asked: &Asked| {
        (
            asked.actor.clone(),
            asked.action.clone(),
            asked.resource.clone(),
            asked.ground.map(letters),
        )
    };
    let allowed: BTreeSet<_> = own
        .iter()
        .filter(|asked| asked.decision.allowed)
        .map(key)
        .collect();
    let mut deciding: BTreeSet<&str> = BTreeSet::new();
    for (asked, is_own) in own
        .iter()
        .map(|asked| (asked, true))
        .chain(other.iter().map(|asked| (asked, false)))
    {
        let [rule] = asked.decision.rules.as_slice() else {
            continue;
        };
        let counterpart = match (is_own, asked.ground) {
            // The same of the own network.
            (false, _) => key(asked),
            // The same with consent.
            (true, Some(ground)) => {
                let ground = Some(letters(Ground {
                    consented: true,
                    ..ground
                }));
                (
                    asked.actor.clone(),
                    asked.action.clone(),
                    asked.resource.clone(),
                    ground,
                )
            }
            (true, None) => key(asked),
        };
        if asked.decision.allowed || allowed.contains(&counterpart) {
            deciding.insert(rule);
        }
    }
    let rules: BTreeSet<&str> = engine.rules().map(|rule| rule.id.as_str()).collect();
    assert_eq!(deciding, rules);
}

/// Everything that is allowed, in a form that people can read; what is not there is refused.
fn matrix(engine: &Engine) -> String {
    let mut lines: BTreeMap<(String, String, String, String), BTreeSet<String>> = BTreeMap::new();
    let mut order: Vec<String> = Vec::new();
    let own = ask_everything(engine, &actors(), NETWORK);
    let other = ask_everything(engine, &powerful(), OTHER_NETWORK);
    let own = own.into_iter().map(|asked| (asked.actor.clone(), asked));
    let other = other
        .into_iter()
        .map(|asked| (format!("{} in another network", asked.actor), asked));
    for (heading, asked) in own.chain(other) {
        if !order.contains(&heading) {
            order.push(heading.clone());
        }
        if asked.decision.allowed {
            let key = (
                heading,
                asked.action,
                asked.resource,
                asked.decision.rules.join(" "),
            );
            lines
                .entry(key)
                .or_default()
                .insert(asked.ground.map_or_else(|| "any".to_owned(), letters));
        }
    }
    let mut text = String::new();
    for heading in order {
        let mut grouped: BTreeMap<(String, String, String), Vec<String>> = BTreeMap::new();
        for ((_, action, resource, rules), grounds) in
            lines.iter().filter(|((of, ..), _)| *of == heading)
        {
            let grounds: Vec<&str> = grounds.iter().map(String::as_str).collect();
            let key = (action.clone(), grounds.join(" "), rules.clone());
            grouped.entry(key).or_default().push(resource.clone());
        }
        writeln!(
            text,
            "{heading}{}",
            if grouped.is_empty() { ": nothing" } else { "" }
        )
        .unwrap();
        for ((action, grounds, rules), resources) in grouped {
            let mut what = action;
            for resource in &resources {
                // A post of whomever is written once.
                match (
                    resource.strip_suffix("/own"),
                    resource.strip_suffix("/other"),
                ) {
                    (Some(post), _) if resources.contains(&format!("{post}/other")) => {}
                    (_, Some(post)) if resources.contains(&format!("{post}/own")) => {
                        write!(what, " {post}").unwrap();
                    }
                    _ if resource.is_empty() => {}
                    _ => write!(what, " {resource}").unwrap(),
                }
            }
            writeln!(text, "    {what} | {grounds} | {rules}").unwrap();
        }
    }
    text
}

#[test]
fn everything_that_is_allowed_is_written_down() {
    let found = matrix(&Engine::new().unwrap());
    let written = include_str!("decision-matrix.txt");
    let (found, written): (Vec<&str>, Vec<&str>) =
        (found.lines().collect(), written.lines().collect());
    let first = found.iter().zip(&written).position(|(a, b)| a != b);
    let here = |lines: &[&str]| first.and_then(|at| lines.get(at).map(|line| (*line).to_owned()));
    assert_eq!(
        (here(&found), found.len()),
        (here(&written), written.len()),
        "the first line that differs, and how many"
    );
}
